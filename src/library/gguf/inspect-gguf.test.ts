import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { inspectGguf } from './inspect-gguf.js';
import type { GgufHeader } from './inspect-gguf.js';
import { keptStringBytesMax } from './limits.js';
import { ValueType } from './key-values.js';

const models = path.resolve(import.meta.dirname, '../../../models');

/** Little-endian parts of a header. */
const u32 = (value: number): Buffer => Buffer.from(new Uint32Array([value]).buffer);
const u64 = (value: number | bigint): Buffer => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const stringValue = (value: string): Buffer => Buffer.concat([u32(ValueType.String), text(value)]);
const numberValue = (value: number): Buffer => Buffer.concat([u32(ValueType.Uint32), u32(value)]);
const arrayValue = (type: number, length: number | bigint, elements: Buffer): Buffer =>
  Buffer.concat([u32(ValueType.Array), u32(type), u64(length), elements]);

interface SampleTensor {
  readonly name: string;
  readonly dimensions: readonly (number | bigint)[];
  readonly type: number;
  readonly offset: number | bigint;
}

interface Sample {
  readonly magic: string;
  readonly version: number;
  readonly tensorCount: number | bigint;
  readonly keyCount: number | bigint;
  readonly values: Readonly<Record<string, Buffer>>;
  readonly tensors: readonly SampleTensor[];
  readonly dataBytes: number;
}

const soundValues: Readonly<Record<string, Buffer>> = {
  'general.architecture': stringValue('llama'),
  'llama.block_count': numberValue(2),
  'llama.context_length': numberValue(64),
  'llama.embedding_length': numberValue(32),
  'llama.attention.head_count': numberValue(4),
  'tokenizer.ggml.tokens': arrayValue(ValueType.String, 2, Buffer.concat([text('a'), text('b')])),
};
const soundTensor: SampleTensor = { name: 'token_embd.weight', dimensions: [32, 2], type: 8, offset: 0 };

/** A small sound file, or one with the given parts replaced. */
function sampleFile(change: Partial<Sample> = {}): Buffer {
  const values = change.values ?? soundValues;
  const tensors = change.tensors ?? [soundTensor];
  const header = Buffer.concat([
    Buffer.from(change.magic ?? 'GGUF', 'latin1'),
    u32(change.version ?? 3),
    u64(change.tensorCount ?? tensors.length),
    u64(change.keyCount ?? Object.keys(values).length),
    ...Object.entries(values).flatMap(([key, value]) => [text(key), value]),
    ...tensors.flatMap((tensor) => [
      text(tensor.name),
      u32(tensor.dimensions.length),
      ...tensor.dimensions.map(u64),
      u32(tensor.type),
      u64(tensor.offset),
    ]),
  ]);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, Buffer.alloc(change.dataBytes ?? 68)]);
}

function withValues(change: Readonly<Record<string, Buffer | undefined>>): Buffer {
  const merged = Object.entries({ ...soundValues, ...change }).filter(([, value]) => value !== undefined);
  return sampleFile({ values: Object.fromEntries(merged) as Record<string, Buffer> });
}

function withTensor(change: Partial<SampleTensor>): Buffer {
  return sampleFile({ tensors: [{ ...soundTensor, ...change }] });
}

function inspect(file: Uint8Array): Promise<GgufHeader> {
  const read = (offset: number, length: number): Uint8Array => {
    expect(length).toBeLessThanOrEqual(keptStringBytesMax);
    return file.subarray(offset, offset + length);
  };
  return inspectGguf(read, file.byteLength, 'sample.gguf');
}

/** The refusal; fails the test when the file is accepted or anything else is thrown. */
async function refusal(file: Uint8Array): Promise<StowageError> {
  const thrown: unknown = await inspect(file).then(
    () => 'accepted',
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(StowageError);
  return thrown as StowageError;
}

describe('a sound file', () => {
  const apexModel = {
    architecture: 'llama',
    parameters: 9_180_928,
    contextLength: 1024,
    blockCount: 11,
    embeddingLength: 256,
    feedForwardLength: 768,
    headCount: 4,
    headCountKv: 2,
    kvElementsPerToken: 11 * 2 * (64 + 64),
    vocabularySize: 2048,
    tensorCount: 101,
    tensorBytes: 9_772_032,
  };
  const apexDraft = {
    architecture: 'llama',
    name: 'apex-draft',
    parameters: 1_049_728,
    blockCount: 4,
    kvElementsPerToken: 4 * 2 * (32 + 32),
    tensorCount: 38,
  };

  test.each([
    ['apex-inline-Q8_0.gguf', { ...apexModel, name: 'apex-inline' }],
    ['apex-blockgen-Q8_0.gguf', { ...apexModel, name: 'apex-blockgen' }],
    ['apex-flow-Q8_0.gguf', { ...apexModel, name: 'apex-flow' }],
    ['apex-draft-f16.gguf', { ...apexDraft, tensorBytes: 2_101_760 }],
    ['apex-draft-Q8_0.gguf', { ...apexDraft, tensorBytes: 1_118_720 }],
  ])('%s says what it is', async (name, expected) => {
    const file = readFileSync(path.join(models, name));
    const header = await inspect(file);
    expect(header).toMatchObject(expected);
    expect(header.chatTemplate).toContain("{% if m.role == 'user' %}");
    expect(file.byteLength).toBeGreaterThan(header.tensorBytes + 60_000); // tokens and merges
  });

  test('the small sample the refusals are made from is accepted', async () => {
    expect(await inspect(sampleFile())).toMatchObject({
      architecture: 'llama',
      name: '',
      parameters: 64,
      headCountKv: 4,
      kvElementsPerToken: 2 * 4 * 16,
      vocabularySize: 2,
      tensorBytes: 68,
      chatTemplate: null,
    });
  });

  test('heads may be said per layer', async () => {
    const heads = arrayValue(ValueType.Int32, 2, Buffer.concat([u32(4), u32(4)]));
    const headsKv = arrayValue(ValueType.Int32, 2, Buffer.concat([u32(2), u32(0)]));
    const file = withValues({
      'llama.attention.head_count': heads,
      'llama.attention.head_count_kv': headsKv,
    });
    expect(await inspect(file)).toMatchObject({ headCount: 4, headCountKv: 2, kvElementsPerToken: 2 * 16 });
  });

  test('a model without attention needs no KV cache', async () => {
    const header = await inspect(withValues({ 'llama.attention.head_count': undefined }));
    expect(header).toMatchObject({ headCount: 0, kvElementsPerToken: 0 });
  });

  test('key and value lengths may differ from the embedding’s share, to either side', async () => {
    for (const [keyLength, valueLength] of [
      [4, 2],
      [64, 32],
    ] as const) {
      const file = withValues({
        'llama.attention.key_length': numberValue(keyLength),
        'llama.attention.value_length': numberValue(valueLength),
      });
      expect((await inspect(file)).kvElementsPerToken).toBe(2 * 4 * (keyLength + valueLength));
    }
  });
});

const absurd = 2n ** 63n - 1n;
const none = Buffer.alloc(0);

describe('refused', () => {
  test.each<[string, string, RegExp, Buffer]>([
    ['an empty file', 'MODEL-021', /it has 0 bytes/, none],
    ['another magic', 'MODEL-021', /begins with "PK\?\?"/, sampleFile({ magic: 'PK\x03\x04' })],
    ['version 1', 'MODEL-021', /version is 1,/, sampleFile({ version: 1 })],
    ['version 4', 'MODEL-021', /version is 4,/, sampleFile({ version: 4 })],
    ['a big-endian file', 'MODEL-021', /big-endian/, sampleFile({ version: 0x03000000 })],
    [
      'a negative tensor count',
      'MODEL-022',
      /number of tensors/,
      sampleFile({ tensorCount: 2n ** 64n - 1n }),
    ],
    [
      'an absurd tensor count',
      'MODEL-022',
      /claims 1000000000000 tensors/,
      sampleFile({ tensorCount: 10 ** 12 }),
    ],
    ['no tensors', 'MODEL-022', /claims 0 tensors/, sampleFile({ tensors: [] })],
    ['an absurd key count', 'MODEL-022', /claims 4294967296 keys/, sampleFile({ keyCount: 2 ** 32 })],
    ['fewer keys than claimed', 'MODEL-022', /./, sampleFile({ keyCount: 7 })],
    ['an empty key', 'MODEL-022', /key 6 is 0 bytes/, withValues({ '': numberValue(1) })],
    ['a long key', 'MODEL-022', /key 6 is 257 bytes/, withValues({ ['k'.repeat(257)]: numberValue(1) })],
    ['a key in no alphabet', 'MODEL-022', /not plain ASCII/, withValues({ 'a\u0007b': numberValue(1) })],
    ['an unknown value type', 'MODEL-022', /unknown type 13/, withValues({ x: u32(13) })],
    [
      'an array of arrays',
      'MODEL-022',
      /unknown type 9/,
      withValues({ x: arrayValue(ValueType.Array, 1, none) }),
    ],
    [
      'an absurd string',
      'MODEL-022',
      /`x` is 1099511627776/,
      withValues({ x: Buffer.concat([u32(8), u64(2 ** 40)]) }),
    ],
    [
      'an absurd array',
      'MODEL-022',
      /has 1073741825 elem/,
      withValues({ x: arrayValue(ValueType.Uint8, 2 ** 30 + 1, none) }),
    ],
    [
      'an array past the end',
      'MODEL-022',
      /cut off/,
      withValues({ x: arrayValue(ValueType.Float64, 2 ** 20, none) }),
    ],
    [
      'a list per layer that is absurd',
      'MODEL-022',
      /has 4096 elements/,
      withValues({ 'llama.feed_forward_length': arrayValue(ValueType.Uint8, 4096, Buffer.alloc(4096)) }),
    ],
    [
      'a list per layer that is short',
      'MODEL-022',
      /1 numbers for 2 layers/,
      withValues({ 'llama.attention.head_count': arrayValue(ValueType.Uint8, 1, Buffer.from([4])) }),
    ],
    ['an odd alignment', 'MODEL-022', /power of two/, withValues({ 'general.alignment': numberValue(48) })],
    ['no alignment at all', 'MODEL-022', /power of two/, withValues({ 'general.alignment': numberValue(0) })],
    [
      'an alignment in words',
      'MODEL-022',
      /power of two/,
      withValues({ 'general.alignment': arrayValue(ValueType.Uint8, 0, none) }),
    ],
    [
      'no architecture',
      'MODEL-022',
      /general.architecture` is missing/,
      withValues({ 'general.architecture': undefined }),
    ],
    [
      'another architecture',
      'MODEL-023',
      /`warp-drive`/,
      withValues({ 'general.architecture': stringValue('warp-drive') }),
    ],
    ['no layers', 'MODEL-022', /block_count` is missing/, withValues({ 'llama.block_count': undefined })],
    ['zero layers', 'MODEL-022', /block_count` is 0/, withValues({ 'llama.block_count': numberValue(0) })],
    [
      'too many layers',
      'MODEL-022',
      /block_count` is 513/,
      withValues({ 'llama.block_count': numberValue(513) }),
    ],
    [
      'no context',
      'MODEL-022',
      /context_length` is missing/,
      withValues({ 'llama.context_length': undefined }),
    ],
    [
      'no embedding',
      'MODEL-022',
      /embedding_length` is missing/,
      withValues({ 'llama.embedding_length': undefined }),
    ],
    [
      'heads that share unevenly',
      'MODEL-022',
      /4 attention heads/,
      withValues({ 'llama.attention.head_count_kv': numberValue(3) }),
    ],
    ['no vocabulary', 'MODEL-022', /tokens` is missing/, withValues({ 'tokenizer.ggml.tokens': undefined })],
    [
      'a vocabulary of numbers',
      'MODEL-022',
      /list of strings/,
      withValues({ 'tokenizer.ggml.tokens': arrayValue(ValueType.Uint8, 2, Buffer.alloc(2)) }),
    ],
    [
      'fewer scores than tokens',
      'MODEL-022',
      /scores` does not fit/,
      withValues({ 'tokenizer.ggml.scores': arrayValue(ValueType.Float32, 1, u32(0)) }),
    ],
    [
      'token types that are strings',
      'MODEL-022',
      /token_type` does not fit/,
      withValues({
        'tokenizer.ggml.token_type': arrayValue(ValueType.String, 2, Buffer.concat([text(''), text('')])),
      }),
    ],
    [
      'one part of a split model',
      'MODEL-020',
      /one of 3 parts/,
      withValues({ 'split.count': numberValue(3) }),
    ],
    ['an adapter', 'MODEL-020', /holds `adapter`/, withValues({ 'general.type': stringValue('adapter') })],
    ['five dimensions', 'MODEL-022', /5 dimensions/, withTensor({ dimensions: [32, 1, 1, 1, 1] })],
    ['an empty dimension', 'MODEL-022', /is empty/, withTensor({ dimensions: [32, 0] })],
    ['an absurd dimension', 'MODEL-022', /a dimension of tensor/, withTensor({ dimensions: [absurd] })],
    [
      'dimensions that overflow',
      'MODEL-022',
      /absurdly large/,
      withTensor({ dimensions: [2 ** 32, 2 ** 31] }),
    ],
    [
      'dimensions that wrap around to little',
      'MODEL-022',
      /absurdly large/,
      withTensor({ dimensions: [2 ** 32, 2 ** 32, 2 ** 32, 2 ** 32] }),
    ],
    ['broken blocks', 'MODEL-022', /whole blocks of Q8_0/, withTensor({ dimensions: [33, 2] })],
    ['a retired tensor type', 'MODEL-022', /unknown type/, withTensor({ type: 4 })],
    ['an absurd tensor type', 'MODEL-022', /unknown type/, withTensor({ type: 2 ** 32 - 1 })],
    ['a long tensor name', 'MODEL-022', /name of tensor 0 is 64 bytes/, withTensor({ name: 'n'.repeat(64) })],
    ['data that begins elsewhere', 'MODEL-022', /begins at 32, not at 0/, withTensor({ offset: 32 })],
    ['a tensor past the end', 'MODEL-022', /past the end/, withTensor({ dimensions: [32, 2 ** 30] })],
    ['data that is cut off', 'MODEL-022', /its tensors need/, sampleFile({ dataBytes: 67 })],
    [
      'tensors that overlap',
      'MODEL-022',
      /begins at 64, not at 96/,
      sampleFile({ tensors: [soundTensor, { ...soundTensor, name: 'b', offset: 64 }], dataBytes: 200 }),
    ],
    [
      'one tensor twice',
      'MODEL-022',
      /there twice/,
      sampleFile({ tensors: [soundTensor, { ...soundTensor, offset: 96 }], dataBytes: 200 }),
    ],
  ])('%s', async (_, code, problem, file) => {
    const error = await refusal(file);
    expect(error.message).toMatch(problem);
    expect(error.code).toBe(code);
    expect(error.message).toContain('sample.gguf');
  });

  test('a key that is there twice', async () => {
    const [first] = Object.entries(soundValues);
    const twice = Buffer.concat([text(first?.[0] ?? ''), first?.[1] ?? none]);
    const sound = sampleFile();
    const preamble = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(1), u64(7), twice]);
    expect((await refusal(Buffer.concat([preamble, sound.subarray(24)]))).message).toMatch(/there twice/);
  });
});

describe('hostile files', () => {
  const real = readFileSync(path.join(models, 'apex-draft-Q8_0.gguf'));
  /** With the padding behind it. */
  const headerBytes = real.byteLength - 1_118_720;

  /** Only a header or a refusal of this module may come out. */
  async function mustBeJudged(file: Uint8Array): Promise<GgufHeader | StowageError> {
    const judged = await inspect(file).catch((error: unknown) => error);
    if (judged instanceof StowageError) expect(judged.code).toMatch(/^MODEL-02[0-3]$/);
    else expect(judged).toHaveProperty('architecture');
    return judged as GgufHeader | StowageError;
  }

  test('wherever a file is cut, it is refused', async () => {
    const cut = fc.oneof(fc.nat(2000), fc.nat(headerBytes), fc.nat(real.byteLength - 1));
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        expect((await refusal(real.subarray(0, length))).code).toMatch(/^MODEL-02[12]$/);
      }),
      { numRuns: 500 },
    );
  });

  test('whatever bytes are changed, the file is judged and nothing else happens', async () => {
    // Lengths, counts and types lie in the first kilobyte and the last two; tokens fill the middle.
    const place = fc.oneof(
      fc.nat(1000),
      fc.integer({ min: headerBytes - 3000, max: headerBytes - 1 }),
      fc.nat(headerBytes),
    );
    const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255));
    const changes = fc.array(fc.tuple(place, byte), { minLength: 1, maxLength: 8 });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const file = Uint8Array.from(real);
        for (const [offset, value] of list) file[offset] = value;
        if ((await mustBeJudged(file)) instanceof StowageError) refused += 1;
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(200);
  });

  test('whatever follows the magic, the file is judged and nothing else happens', async () => {
    const noise = fc.uint8Array({ maxLength: 4096 });
    const counts = fc.tuple(fc.nat(70_000), fc.nat(70_000));
    await fc.assert(
      fc.asyncProperty(noise, counts, async (bytes, [tensors, keys]) => {
        await mustBeJudged(Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors), u64(keys), bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  test('an error while reading passes through unchanged', async () => {
    const broken = new Error('the disk is gone');
    await expect(inspectGguf(() => Promise.reject(broken), 1000)).rejects.toBe(broken);
  });

  test('a file that becomes shorter while it is read is refused', async () => {
    const read = (offset: number, length: number): Uint8Array =>
      real.subarray(offset, Math.min(offset + length, 5000));
    await expect(inspectGguf(read, real.byteLength)).rejects.toMatchObject({ code: 'MODEL-022' });
  });
});
