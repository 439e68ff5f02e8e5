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
import { buildCorpus } from './build-corpus.js';
import { keyOf } from './encoded.js';
import { answerErrors, drawSamples, promptKey, tasks, type Task } from './tasks.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-corpus-'));
const tokenizerPath = path.resolve(import.meta.dirname, '../../tokenizer.json');
const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerPath, 'utf8')) as TokenizerFile);
const workerProgram = path.join(folder, 'shard-process.mjs');
const seed = 'seed of a test';
const sampleCount = 2200;
/** Parsing is slow at first, and other tests run beside these. */
const buildMsMax = 180_000;
const testCount = 12;
const shares = { inline: 40, block: 38, flow: 22 };

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
    await buildCorpus({
      folder: path.join(folder, `by-${workerCount}`),
      seed,
      sampleCount,
      shares,
      parseEvery: 200,
      dropsWrong: false,
      tokenizerPath,
      testCount,
      devCount: 8,
      workerCount,
      workerProgram,
      onProgress: () => {},
    });
  }
}, buildMsMax);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string, workerCount = 1): Buffer {
  return readFileSync(path.join(folder, `by-${workerCount}`, name));
}

/** Samples of a set as [prompt's text, answer's text]; throws when a sample has no frame. */
function samplesOf(set: string): { tokens: number; prompt: string; answer: string }[] {
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
    const prompt = tokenizer.decode(ids.slice(0, promptLength));
    return { tokens: length, prompt, answer: tokenizer.decode(ids.slice(promptLength)) };
  });
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
});

/** Prompts of the first draws with these seeds, those with something held out apart. */
function drawnPrompts(
  task: Task,
  seedOf: (number: number) => string,
): Record<'heldOut' | 'free', Set<string>> {
  const prompts = { heldOut: new Set<string>(), free: new Set<string>() };
  for (let number = 0; number < 700; number++) {
    const draw = new Draw(new Random(seedOf(number)));
    for (const sample of drawSamples(task, draw)) {
      prompts[draw.hasHeldOut ? 'heldOut' : 'free'].add(tokenizer.decode(tokenizer.promptOf(sample)));
    }
  }
  return prompts;
}

describe.each(tasks)('what is held out of %s', (task) => {
  it('is in every sample of the test set', () => {
    const { heldOut, free } = drawnPrompts(task, (number) => `test ${seed} ${task} ${number}`);
    for (const sample of testSet(task)) {
      const prompt = tokenizer.decode(tokenizer.promptOf(sample));
      expect(heldOut).toContain(prompt);
      expect(free).not.toContain(prompt);
    }
  });

  it('is in no sample of training', () => {
    const { heldOut, free } = drawnPrompts(task, (number) => `train ${seed} 0 ${number}`);
    const prompts = samplesOf(`train-${task}`).map(({ prompt }) => prompt);
    expect(heldOut.size).toBeGreaterThan(20);
    expect(prompts.filter((prompt) => heldOut.has(prompt) && !free.has(prompt))).toEqual([]);
    expect(prompts.filter((prompt) => free.has(prompt)).length).toBeGreaterThan(20); // the seeds are the builder's
  });
});

describe.each(tasks)('the test set of %s', (task) => {
  it('has right answers only, and no prompt of training', () => {
    const samples = testSet(task);
    expect(samples).toHaveLength(testCount);
    expect(new Set(samples.map(keyOf)).size).toBe(testCount);
    const training = new Set(samplesOf(`train-${task}`).map(({ prompt }) => prompt.toLowerCase()));
    for (const sample of samples) {
      expect(answerErrors(sample)).toEqual([]);
      expect(training).not.toContain(promptKey(sample).slice(task.length + 1));
      if (sample.task !== 'inline') expect(training).not.toContain(sample.prompt.toLowerCase());
    }
  });
});
