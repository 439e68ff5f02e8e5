/** The builder whole, with its threads: small corpora of all three tasks. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import type { Sample } from '../samples.js';
import { Tokenizer, type TokenizerFile } from '../tokenizer/tokenizer.js';
import { buildCorpus, type CorpusOptions } from './build-corpus.js';
import { keyOf } from './encoded.js';
import { answerErrors, drawSamples, tasks, type Task } from './tasks.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-corpus-'));
const tokenizerPath = path.resolve(import.meta.dirname, '../../tokenizer.json');
const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerPath, 'utf8')) as TokenizerFile);
const workerProgram = path.join(folder, 'shard-process.mjs');
const seed = 'seed of a test';
const sampleCount = 2200;
/** Parsing is slow at first, and other tests run beside these. */
const buildMsMax = 180_000;
const testCount = 12;
const devCount = 8;
const parseEvery = 200;
const shares = { inline: 40, block: 38, flow: 22 };

function options(name: string, workerCount: number): CorpusOptions {
  return {
    folder: path.join(folder, name),
    replaces: false,
    seed,
    sampleCount,
    shares,
    parseEvery,
    dropsWrong: false,
    tokenizerPath,
    testCount,
    devCount,
    workerCount,
    workerProgram,
    onProgress: () => {},
  };
}

beforeAll(async () => {
  await build({
    entryPoints: [path.join(import.meta.dirname, 'shard-process.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: workerProgram,
    logLevel: 'error',
  });
  for (const workerCount of [1, 2]) {
    await buildCorpus(options(`by-${workerCount}`, workerCount));
  }
}, buildMsMax);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string, workerCount = 1): Buffer {
  return readFileSync(path.join(folder, `by-${workerCount}`, name));
}

/** Samples of a set; throws when a sample has no frame. */
function samplesOf(
  set: string,
): { tokens: number; prompt: string; promptIds: readonly number[]; answer: string }[] {
  const [bin, idx] = [read(`${set}.bin`), read(`${set}.idx`)];
  return Array.from({ length: idx.length / 12 }, (_, at) => {
    const [start, length, promptLength] = [0, 4, 8].map((byte) => idx.readUInt32LE(12 * at + byte)) as [
      number,
      number,
      number,
    ];
    const ids = Array.from({ length }, (_, token) => bin.readUInt16LE(2 * (start + token)));
    expect(ids.at(-1)).toBe(tokenizer.control('<|endoftext|>'));
    expect(ids.indexOf(ids.at(-1)!)).toBe(length - 1);
    const promptIds = ids.slice(0, promptLength);
    const [prompt, answer] = [promptIds, ids.slice(promptLength)].map((part) => tokenizer.decode(part));
    return { tokens: length, prompt: prompt!, promptIds, answer: answer! };
  });
}

/** Keys of what the samples of training ask, read from their tokens. */
function trainingKeys(task: Task): Set<bigint> {
  return new Set(
    samplesOf(`train-${task}`).map(({ prompt, promptIds }) => {
      if (task !== 'inline') return keyOf({ task, prompt } as Sample);
      const middle = promptIds.indexOf(tokenizer.control('<|fim_prefix|>'));
      const [suffix, prefix] = [promptIds.slice(0, middle), promptIds.slice(middle)];
      return keyOf({ task, suffix: tokenizer.decode(suffix), prefix: tokenizer.decode(prefix) } as Sample);
    }),
  );
}

function testSet(task: Task): Sample[] {
  const lines = read(`test-${task}.jsonl`).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Sample);
}

describe('a corpus', () => {
  it('is the same to the byte by one thread and by two', () => {
    const names = readdirSync(path.join(folder, 'by-1')).sort();
    expect(names).toContain('train-flow.bin');
    expect(readdirSync(path.join(folder, 'by-2')).sort()).toEqual(names);
    for (const name of names) expect(read(name, 2).equals(read(name)), name).toBe(true);
  });

  it('has the shares by tokens that were asked for, and nearly all samples', () => {
    const counts = tasks.map((task) =>
      samplesOf(`train-${task}`).reduce((sum, { tokens }) => sum + tokens, 0),
    );
    const total = counts.reduce((sum, count) => sum + count, 0);
    for (const [at, task] of tasks.entries()) {
      expect(Math.abs(counts[at]! / total - shares[task] / 100)).toBeLessThan(0.04);
    }
    const samples = tasks.reduce((sum, task) => sum + samplesOf(`train-${task}`).length, 0);
    expect(samples).toBeGreaterThan(0.85 * sampleCount);
  });

  it('has no prompt twice', () => {
    for (const task of ['block', 'flow'] as const) {
      const prompts = samplesOf(`train-${task}`).map(({ prompt }) => prompt);
      expect(new Set(prompts).size).toBe(prompts.length);
    }
  });

  it('says what it was made of', () => {
    const manifest = JSON.parse(read('manifest.json').toString('utf8')) as object;
    expect(manifest).toMatchObject({
      ...{ seed, sampleCount, shares, parseEvery, dropsWrong: false, testCount, devCount },
      tokenizer: tokenizerPath,
    });
  });

  it('is not written over, and no folder beside it is left', async () => {
    await expect(buildCorpus(options('by-1', 1))).rejects.toThrow('holds a manifest.json already');
    expect(readdirSync(folder).sort()).toEqual(['by-1', 'by-2', 'shard-process.mjs']);
  });
});

/** Keys of what the first draws with these seeds ask, those with something held out apart. */
function drawnKeys(task: Task, seedOf: (number: number) => string): Record<'heldOut' | 'free', Set<bigint>> {
  const keys = { heldOut: new Set<bigint>(), free: new Set<bigint>() };
  for (let number = 0; number < 700; number++) {
    const draw = new Draw(new Random(seedOf(number)));
    for (const sample of drawSamples(task, draw)) {
      keys[draw.hasHeldOut ? 'heldOut' : 'free'].add(keyOf(sample));
    }
  }
  return keys;
}

describe.each(tasks)('what is held out of %s', (task) => {
  it('is in every sample of the test set', () => {
    const { heldOut, free } = drawnKeys(task, (number) => `test ${seed} ${task} ${number}`);
    for (const sample of testSet(task)) {
      expect(heldOut).toContain(keyOf(sample));
      expect(free).not.toContain(keyOf(sample));
    }
  });

  it('is in no sample of training', () => {
    const { heldOut, free } = drawnKeys(task, (number) => `train ${seed} 0 ${number}`);
    const keys = [...trainingKeys(task)];
    expect(heldOut.size).toBeGreaterThan(20);
    expect(keys.filter((key) => heldOut.has(key) && !free.has(key))).toEqual([]);
    expect(keys.filter((key) => free.has(key)).length).toBeGreaterThan(20); // the seeds are the builder's
  });
});

describe.each(tasks)('the test set of %s', (task) => {
  it('has right answers only, and no prompt of training', () => {
    const samples = testSet(task);
    expect(samples).toHaveLength(testCount);
    expect(new Set(samples.map(keyOf)).size).toBe(testCount);
    const training = trainingKeys(task);
    expect(training.size).toBeGreaterThan(100);
    for (const sample of samples) {
      expect(answerErrors(sample)).toEqual([]);
      expect(training).not.toContain(keyOf(sample));
    }
  });
});
