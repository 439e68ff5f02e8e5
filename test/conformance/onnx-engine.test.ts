/** ONNX Runtime on its thread, with models that are in the repository. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphCache } from '../../src/adapters/engine/onnxruntime/graph-cache.js';
import { openOnnxEngine, type OnnxEngine } from '../../src/adapters/engine/onnxruntime/engine.js';
import { findOnnxFiles } from '../../src/adapters/engine/onnxruntime/model-files.js';
import type { NumericType, Tensor } from '../../src/domain/tensor.js';
import { VirtualClock } from '../simulation/virtual-clock.js';

const repository = path.resolve(import.meta.dirname, '../..');
const models = path.join(repository, 'test', 'fixtures', 'onnx');
const engines: OnnxEngine[] = [];
const clock = new VirtualClock();
let folder: string;
let threadProgram: URL;

beforeAll(() => {
  // Within the repository, where the thread finds the library.
  const cache = path.join(repository, '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(path.join(cache, 'onnx-test-'));
  const outfile = path.join(folder, 'tensor-main.mjs');
  const entry = path.join(repository, 'src', 'apps', 'tensor-main.ts');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  threadProgram = pathToFileURL(outfile);
});

afterAll(() => {
  for (const engine of engines) engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(
  modelPath: string,
  graphFolder: string | null = null,
  modelDigest = modelPath,
): Promise<OnnxEngine> {
  const modelLabel = path.basename(modelPath);
  const request = { modelPath, modelLabel, modelBytes: 1000, modelDigest, graphFolder, threads: 1 };
  const engine = await openOnnxEngine({ threadProgram, open: request, clock });
  engines.push(engine);
  return engine;
}

function model(name: string): string {
  return path.join(models, name);
}

const arrays = {
  float32: Float32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  bool: Uint8Array,
} as const;

function tensor(
  type: keyof typeof arrays,
  shape: readonly number[],
  values: readonly (number | bigint)[],
): Tensor {
  const numbers = new arrays[type](values as never);
  return { type: type as NumericType, shape, bytes: new Uint8Array(numbers.buffer) };
}

function floats(result: Tensor | undefined): readonly number[] {
  if (result?.type !== 'float32') throw new Error('these are no floats');
  return [...new Float32Array(result.bytes.buffer, result.bytes.byteOffset, result.bytes.length / 4)];
}

describe('computing', () => {
  it('says what a model takes and gives', async () => {
    const { inputs, outputs, info } = await open(model('tokens.onnx'));
    expect(inputs).toEqual([
      { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] },
      { name: 'attention_mask', type: 'int64', shape: ['batch', 'sequence'] },
    ]);
    expect(outputs).toEqual([{ name: 'pooled', type: 'float32', shape: ['batch', 8] }]);
    expect(info).toMatchObject({ abilities: ['invoke'], device: 'cpu', libraryVersion: '1.30.0' });
  });

  it('gives every output of a model with two inputs', async () => {
    const engine = await open(model('two-inputs.onnx'));
    const outputs = await engine.run(
      new Map([
        ['left', tensor('float32', [2, 2], [1, 2, 3, 4])],
        ['right', tensor('float32', [2, 2], [5, 6, 7, 8])],
      ]),
    );
    expect(floats(outputs.get('sum'))).toEqual([6, 8, 10, 12]);
    expect(floats(outputs.get('product'))).toEqual([5, 12, 21, 32]);
    expect(outputs.get('sum')?.shape).toEqual([2, 2]);
  });

  it('passes half-precision numbers, flags and texts through', async () => {
    const engine = await open(model('kinds.onnx'));
    const half = tensor('float16', [2], [0x3c00, 0xc000]);
    const flag = tensor('bool', [2], [1, 0]);
    const word: Tensor = { type: 'string', shape: [2], strings: ['é', ''] };
    const outputs = await engine.run(
      new Map([
        ['half', half],
        ['flag', flag],
        ['word', word],
      ]),
    );
    expect(outputs.get('half_out')).toEqual(half);
    expect(outputs.get('flag_out')).toEqual(flag);
    expect(outputs.get('word_out')).toEqual(word);
  });

  it('leaves its inputs as they were', async () => {
    const engine = await open(model('fixed-batch.onnx'));
    const x = tensor('float32', [1, 3], [1, 2, 3]);
    await engine.run(new Map([['x', x]]));
    expect(floats(x)).toEqual([1, 2, 3]);
  });

  it('finds weights in the file beside the model', async () => {
    const place = { path: model('external'), name: 'external', isFolder: true };
    const files = findOnnxFiles(place, 'here');
    expect(files).toMatchObject({ modelLabel: 'model.onnx', bytes: 16384 + 180 });
    const engine = await open(files.modelPath);
    const outputs = await engine.run(
      new Map([['x', tensor('float32', [1, 64], new Array(64).fill(2) as number[])]]),
    );
    expect(floats(outputs.get('y'))).toEqual(new Array(64).fill(6));
  });

  it('goes on after an error, which says what happened and not where in the library', async () => {
    const engine = await open(model('tokens.onnx'));
    const ids = tensor('int64', [1, 2], [1n, 2n]);
    const wrong = engine.run(
      new Map([
        ['input_ids', ids],
        ['attention_mask', tensor('int64', [1, 3], [1n, 1n, 1n])],
      ]),
    );
    await expect(wrong).rejects.toMatchObject({
      code: 'RUN-308',
      message: expect.not.stringMatching(/_src|\.h:/),
    });
    const right = await engine.run(
      new Map([
        ['input_ids', ids],
        ['attention_mask', tensor('int64', [1, 2], [1n, 1n])],
      ]),
    );
    expect(right.get('pooled')?.shape).toEqual([1, 8]);
    expect(engine.isGone).toBe(false);
  });

  it('leaves the event loop free while it computes', async () => {
    const engine = await open(model('external/model.onnx'));
    const rows = 200_000;
    const x = tensor('float32', [rows, 64], new Array(rows * 64).fill(1) as number[]);
    let turns = 0;
    const running = engine.run(new Map([['x', x]]));
    let isDone = false;
    void running.then(() => (isDone = true));
    for (; !isDone; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeGreaterThan(10);
  });

  it('takes another number of threads for its next session, and opens sessions seldom', async () => {
    const engine = await open(model('fixed-batch.onnx'));
    const inputs = new Map([['x', tensor('float32', [1, 3], [1, 2, 3])]]);
    const threadsAfter = async (passedMs: number, wanted: number) => {
      clock.advance(passedMs);
      engine.setThreads(wanted);
      expect(floats((await engine.run(inputs)).get('y'))).toEqual([2, 4, 6]);
      return engine.sessionThreads;
    };
    expect(await threadsAfter(1000, 2)).toBe(1);
    expect(await threadsAfter(10_000, 2)).toBe(2);
    expect(await threadsAfter(1000, 1)).toBe(2);
  });

  it('fails what is asked of it once its thread has ended', async () => {
    const engine = await open(model('fixed-batch.onnx'));
    engine.close();
    const x = tensor('float32', [1, 3], [1, 2, 3]);
    await expect(engine.run(new Map([['x', x]]))).rejects.toMatchObject({ code: 'RUN-308' });
    expect(engine.isGone).toBe(true);
  });
});

describe('opening', () => {
  it('says how to install the library where it is not', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'stowage-onnx-'));
    const lonely = path.join(elsewhere, 'tensor-main.mjs');
    copyFileSync(threadProgram, lonely);
    // Nearer than any that may be in the folders above, and empty.
    const remains = path.join(elsewhere, 'node_modules', 'onnxruntime-node');
    mkdirSync(remains, { recursive: true });
    writeFileSync(path.join(remains, 'package.json'), '{ "name": "onnxruntime-node", "main": "gone.js" }');
    const request = { modelPath: model('classifier.onnx'), modelLabel: 'm', modelBytes: 1, modelDigest: 'm' };
    const opening = openOnnxEngine({
      threadProgram: pathToFileURL(lonely),
      open: { ...request, graphFolder: null, threads: 1 },
      clock,
    });
    await expect(opening).rejects.toMatchObject({
      code: 'HOST-601',
      message: 'the engine library onnxruntime-node cannot be loaded: it is not installed',
      mend: 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
    });
    rmSync(elsewhere, { recursive: true });
  });

  it('refuses a file that is no model, and calls it by its name only', async () => {
    const opening = open(path.join(models, 'make-models.py'));
    await expect(opening).rejects.toMatchObject({
      code: 'MODEL-024',
      message: expect.stringMatching(/^the engine could not load make-models\.py: /),
    });
    await expect(opening).rejects.not.toThrow(models);
  });

  it.each([
    ['no model', () => [], /none of its files ends in \.onnx/],
    ['two models', () => ['a.onnx', 'b.onnx'], /it has 2 ONNX files \(a\.onnx, b\.onnx\)/],
  ])('refuses a folder with %s', (_, names, words) => {
    const place = mkdtempSync(path.join(folder, 'models-'));
    for (const name of names()) mkdirSync(path.join(place, name));
    expect(() => findOnnxFiles({ path: place, name: 'x', isFolder: true }, 'here')).toThrow(words);
  });

  it('optimizes a graph once, and the second start computes the same with it', async () => {
    const graphs = path.join(folder, 'graphs');
    const x = tensor('float32', [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
    const results: (readonly number[])[] = [];
    for (const isGraphReused of [false, true]) {
      const engine = await open(model('classifier.onnx'), graphs);
      expect(engine.facts).toMatchObject({ isGraphReused });
      results.push(floats((await engine.run(new Map([['features', x]]))).get('probabilities')));
    }
    expect(results[1]).toEqual(results[0]);
    expect(readdirSync(graphs)).toHaveLength(1);
    expect((await open(model('classifier.onnx'), graphs, 'other bytes')).facts.isGraphReused).toBe(false);
  });

  it('makes a damaged graph again', async () => {
    const graphs = path.join(folder, 'damaged');
    await open(model('classifier.onnx'), graphs);
    truncateSync(path.join(graphs, readdirSync(graphs)[0] ?? ''), 20);
    expect((await open(model('classifier.onnx'), graphs)).facts.isGraphReused).toBe(false);
    expect((await open(model('classifier.onnx'), graphs)).facts.isGraphReused).toBe(true);
  });
});

it('opens a model all the same where its graph cannot be kept', async () => {
  const file = path.join(folder, 'a file');
  writeFileSync(file, '');
  expect((await open(model('classifier.onnx'), path.join(file, 'graphs'))).facts.isGraphReused).toBe(false);
  const graphs = path.join(folder, 'not for writing');
  const { libraryVersion } = (await open(model('classifier.onnx'))).facts;
  mkdirSync(new GraphCache(graphs).placeFor(['bytes', libraryVersion, 'all']));
  expect((await open(model('classifier.onnx'), graphs, 'bytes')).facts.isGraphReused).toBe(false);
  expect(readdirSync(graphs)).toHaveLength(1);
});

it('keeps graphs up to a number of bytes, and lets the least recently used go', async () => {
  const graphs = path.join(folder, 'bounded');
  await open(model('classifier.onnx'), graphs, 'first');
  const [first = ''] = readdirSync(graphs);
  utimesSync(path.join(graphs, first), 1000, 1000);
  await open(model('classifier.onnx'), graphs, 'second');
  expect(readdirSync(graphs)).toHaveLength(2);
  const cache = new GraphCache(graphs, 1);
  const place = cache.placeFor(['third']);
  writeFileSync(place, 'a graph');
  cache.keep(['third']);
  expect(existsSync(path.join(graphs, first))).toBe(false);
  expect(readdirSync(graphs)).toHaveLength(1);
  expect(cache.find(['third'])).not.toBeNull();
});
