import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { StowageError } from '../../../domain/errors.js';
import { readTrace } from './read-trace.js';
import { spreadTrace } from './spread.js';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function fileOf(content: string | Buffer): string {
  const file = join(folder, String(files++));
  writeFileSync(file, content);
  return file;
}

const azure =
  'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:04.0319600,3180,8\n2023-11-16 18:17:03.9799600,4808,10\n';
const mooncake = '{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}\n';
const log =
  '{"at": 5, "endpoint": "team", "component": "chat", "promptTokens": 9, "generatedTokens": 4, "cachedTokens": 3}\n';

describe('a trace', () => {
  it.each([
    [
      'Azure’s',
      azure,
      { promptTokens: 4808, outputTokens: 10, component: null, cachedTokens: null, prefixBlocks: null },
    ],
    [
      'Mooncake’s',
      mooncake,
      { promptTokens: 6955, outputTokens: 52, component: null, cachedTokens: null, prefixBlocks: [46, 47] },
    ],
    [
      'a log',
      log,
      {
        ...{ promptTokens: 9, outputTokens: 4, endpoint: 'team', component: 'chat' },
        ...{ cachedTokens: 3, prefixBlocks: null },
      },
    ],
  ])('that is %s is read, packed or not, and counts from its first row', async (_, text, first) => {
    const plain = await readTrace(fileOf(text));
    expect(plain.rows[0]).toEqual({ at: 0, ...first });
    expect(await readTrace(fileOf(gzipSync(text)))).toEqual(plain);
  });

  it.each([
    [azure + 'x,1,2\n', 4],
    [`${mooncake}{"timestamp": 1, "input_length": -2, "output_length": 3}\n`, 2],
    [`${mooncake}\n{"timestamp": 1\n`, 3],
    [`${log}{"at": 5, "promptTokens": 9, "generatedTokens": 4}`, 2],
    [`${log}[]`, 2],
  ])('is refused at its bad line', async (text, line) => {
    const file = fileOf(text);
    await expect(readTrace(file)).rejects.toMatchObject({ code: 'FILE-012', location: `${file}:${line}:1` });
  });

  it('leaves out and counts requests that were not answered to their end', async () => {
    const lines = ['completed', 'refused', 'expired', 'cancelled', 'failed'].map((outcome) =>
      JSON.stringify({ at: 5, component: 'chat', promptTokens: 9, generatedTokens: 4, outcome }),
    );
    const trace = await readTrace(fileOf(`${log}${lines.join('\n')}\n`));
    expect([trace.rows.length, trace.unfinishedCount]).toEqual([2, 4]);
    await expect(readTrace(fileOf(lines[1]!))).rejects.toMatchObject({ code: 'FILE-013' });
  });

  it('is refused at a line of any length, however much gzip packed into it', async () => {
    const many = gzipSync(Buffer.concat([Buffer.from(azure), Buffer.alloc(32 * 2 ** 20, 'a')]));
    for (const packed of [many, gzipSync(`${azure}${'a'.repeat(300_000)}\n${azure}`)]) {
      const file = fileOf(packed);
      await expect(readTrace(file)).rejects.toMatchObject({ code: 'FILE-012', location: `${file}:4:1` });
    }
  });

  it.each([
    ['that is not there', join(folder, 'none')],
    ['that is a folder', folder],
    ['without a row', fileOf('\n\n')],
    ['that was cut off while it was packed', fileOf(gzipSync(azure.repeat(99)).subarray(0, 60))],
  ])('%s is refused', async (_, file) => {
    await expect(readTrace(file)).rejects.toMatchObject({ code: 'FILE-013' });
  });

  it('is read or refused, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((text) => Buffer.from(`{${text}`)),
        ),
        async (bytes) => {
          try {
            for (const { at } of (await readTrace(fileOf(Buffer.from(bytes)))).rows)
              expect(at).toBeGreaterThanOrEqual(0);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(StowageError);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('spreading', () => {
  const options = { scale: 1, speed: 1, durationMsMax: null, seed: 3 };
  const rows = Array.from({ length: 20_000 }, (_, at) => {
    return { at, component: null, promptTokens: 1, outputTokens: 1, cachedTokens: null, prefixBlocks: null };
  });
  const names = ['a', 'b', 'c'];

  it.each([
    ['zipf', { kind: 'zipf', exponent: 1 } as const, [6 / 11, 3 / 11, 2 / 11]],
    ['uniform', { kind: 'uniform' } as const, [1 / 3, 1 / 3, 1 / 3]],
    ['weights', { kind: 'weights', weights: new Map([['c', 2]]) } as const, [0, 0, 1]],
  ])('by %s gives each its share', (_, law, shares) => {
    const { requests } = spreadTrace(rows, names, { ...options, law });
    for (const [index, share] of shares.entries()) {
      const mine = requests.filter(({ component }) => component === index).length;
      expect(Math.abs(mine / rows.length - share)).toBeLessThan(0.015);
    }
  });

  it('thins out, runs faster, ends early, and keeps whom a row is for', () => {
    const law = { kind: 'uniform' } as const;
    const all = spreadTrace(rows, names, { ...options, law });
    const some = spreadTrace(rows, names, { ...options, law, scale: 0.1, speed: 2, durationMsMax: 5_000 });
    expect(some.durationMs).toBe(5_000);
    expect(Math.abs(some.requests.length - 1_000)).toBeLessThan(120);
    for (const { atMs, component } of some.requests.slice(0, 50))
      expect(all.requests[atMs * 2]!.component).toBe(component);
  });

  it('counts rows for components that are not there', () => {
    const named = rows.slice(0, 3).map((row, index) => ({ ...row, component: ['a', 'x', 'x'][index]! }));
    const { requests, unknown } = spreadTrace(named, names, { ...options, law: { kind: 'uniform' } });
    expect(requests.map(({ component }) => component)).toEqual([0]);
    expect([...unknown]).toEqual([['x', 2]]);
  });

  it('tells the models of variants of the same name apart by their endpoints', () => {
    const models = ['one/main', 'two/main', 'two/side', 'chat'];
    const asked = [
      ...[{ endpoint: 'two', component: 'main' }, { component: 'main' }, { component: 'side' }],
      ...[
        { endpoint: 'two', component: 'chat' },
        { endpoint: 'one', component: 'side' },
      ],
    ].map((one) => ({ ...rows[0]!, ...one }));
    const { requests, unknown } = spreadTrace(asked, models, { ...options, law: { kind: 'uniform' } });
    expect(requests.map(({ component }) => component)).toEqual([1, 2, 3, 2]);
    expect([...unknown]).toEqual([['main', 1]]);
  });
});
