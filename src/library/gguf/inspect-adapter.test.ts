import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type MetadataValue, TensorType, writeGguf } from '../../../bench/models/gguf-writer.js';
import { ensureRandomLora } from '../../../bench/models/random-lora.js';
import { StowageError } from '../../domain/errors.js';
import { inspectGguf } from './inspect-gguf.js';
import { inspectAdapter } from './inspect-adapter.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-adapter-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sound = readFileSync(ensureRandomLora(folder, { shape: 'apex', seed: 1, rank: 4 }));

const inspect = (bytes: Uint8Array) =>
  inspectAdapter((offset, length) => bytes.subarray(offset, offset + length), bytes.length, 'it.gguf');

const text = (value: string): MetadataValue => ({ type: 'text', value });
const keys: ReadonlyMap<string, MetadataValue> = new Map<string, MetadataValue>([
  ['general.architecture', text('llama')],
  ['general.type', text('adapter')],
  ['adapter.type', text('lora')],
  ['adapter.lora.alpha', { type: 'float32', value: 8 }],
]);
type Tensors = Readonly<Record<string, readonly number[]>>;
const pair: Tensors = { 'blk.0.attn_q.weight.lora_a': [16, 4], 'blk.0.attn_q.weight.lora_b': [4, 16] };

function written(metadata: ReadonlyMap<string, MetadataValue>, tensors: Tensors): Uint8Array {
  const file = path.join(folder, 'written.gguf');
  const descriptions = Object.entries(tensors).map(([name, shape]) => {
    const pieces = () => [new Uint8Array(4 * shape.reduce((product, one) => product * one, 1))];
    return { name, shape, type: TensorType.Float32, pieces };
  });
  writeGguf(file, metadata, descriptions);
  return readFileSync(file);
}

describe('inspectAdapter', () => {
  it('reads what an adapter says of itself', async () => {
    expect(await inspect(sound)).toEqual({
      architecture: 'llama',
      name: 'random apex 1',
      rank: 4,
      pairCount: 11 * 7,
      tensorBytes: expect.any(Number) as number,
    });
  });

  it.each<[why: string, keys: readonly [string, MetadataValue][], tensors: Tensors, error: string]>([
    ['a model', [['general.type', text('model')]], pair, 'MODEL-020'],
    ['another kind of adapter', [['adapter.type', text('ia3')]], pair, 'MODEL-020'],
    ['a type that is a number', [['general.type', { type: 'uint32', value: 1 }]], pair, 'MODEL-020'],
    ['an alpha of another type', [['adapter.lora.alpha', { type: 'uint32', value: 8 }]], pair, 'MODEL-022'],
    ['half a pair', [], { 'x.weight.lora_a': [16, 4] }, 'MODEL-022'],
    ['another tensor', [], { ...pair, 'x.weight': [16] }, 'MODEL-022'],
    ['two ranks', [], { 'x.weight.lora_a': [16, 4], 'x.weight.lora_b': [8, 16] }, 'MODEL-022'],
    ['nothing', [], { 'blk.0.attn_norm.weight': [16] }, 'MODEL-022'],
  ])('refuses %s', async (_, changed, tensors, code) => {
    await expect(inspect(written(new Map([...keys, ...changed]), tensors))).rejects.toMatchObject({ code });
  });

  it('refuses every file that is cut off, and never throws anything else, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), async (length) => {
        await expect(inspect(sound.subarray(0, length))).rejects.toBeInstanceOf(StowageError);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(4000), fc.nat(255), async (at, value) => {
        const changed = Uint8Array.from(sound);
        changed[at] = value;
        await inspect(changed).catch((error: unknown) => expect(error).toBeInstanceOf(StowageError));
      }),
      { numRuns: 200 },
    );
  });

  it('is no model for those that look for one', async () => {
    const read = (offset: number, length: number) => sound.subarray(offset, offset + length);
    await expect(inspectGguf(read, sound.length)).rejects.toMatchObject({ code: 'MODEL-020' });
  });
});
