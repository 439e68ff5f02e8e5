import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusePickle } from './pickle.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stowage-pickle-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code of the refusal, or null. */
async function judged(bytes: Uint8Array): Promise<string | null> {
  const file = path.join(folder, 'file.gguf');
  writeFileSync(file, bytes);
  const handle = await open(file, 'r');
  try {
    await refusePickle(handle, bytes.length, 'file.gguf');
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await handle.close();
  }
}

/** What CPython's pickle.dumps gave, by protocol, for a call of os.system and for an OrderedDict. */
const recorded: readonly (readonly [string, string])[] = [
  ['a call, protocol 0', 'Y3Bvc2l4CnN5c3RlbQpwMAooVmlkCnAxCnRwMgpScDMKLg=='],
  ['a call, protocol 1', 'Y3Bvc2l4CnN5c3RlbQpxAChYAgAAAGlkcQF0cQJScQMu'],
  ['a call, protocol 2', 'gAJjcG9zaXgKc3lzdGVtCnEAWAIAAABpZHEBhXECUnEDLg=='],
  ['a call, protocol 3', 'gANjcG9zaXgKc3lzdGVtCnEAWAIAAABpZHEBhXECUnEDLg=='],
  ['a call, protocol 4', 'gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg=='],
  ['a call, protocol 5', 'gAWVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg=='],
  [
    'a dictionary, protocol 0',
    'Y2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnAwCih0UnAxClZ3CnAyCihscDMKRjEuNQphSTIKYXMu',
  ],
  [
    'a dictionary, protocol 1',
    'Y2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEAKVJxAVgBAAAAd3ECXXEDKEc/+AAAAAAAAEsCZXMu',
  ],
];

/** A zip archive with empty members, stored, as PyTorch writes them; `before` stands in front of it. */
function zipOf(names: readonly string[], before: Buffer = Buffer.alloc(0)): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const central = Buffer.alloc(46 + name.length);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    central.write(name, 46);
    parts.push(local);
    directory.push(central);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([before, ...parts, list, end]);
}

function safetensors(headerBytes: number): Buffer {
  const file = Buffer.alloc(8 + headerBytes, ' ');
  file.writeBigUInt64LE(BigInt(headerBytes), 0);
  file.write('{"__metadata__":{}}', 8);
  return file;
}

describe('refused as MODEL-031, under the name of a GGUF file', () => {
  test.each(recorded)('%s', async (_, text) => {
    expect(await judged(Buffer.from(text, 'base64'))).toBe('MODEL-031');
  });

  test('an old exploit, written by hand', async () => {
    expect(await judged(Buffer.from("cos\nsystem\n(S'id'\ntR."))).toBe('MODEL-031');
  });

  test('PyTorch’s archive', async () => {
    expect(await judged(zipOf(['archive/data.pkl', 'archive/data/0', 'archive/version']))).toBe('MODEL-031');
  });

  test('an archive in which the pickle is not the first', async () => {
    expect(await judged(zipOf(['model/data/0', 'model/data.pkl']))).toBe('MODEL-031');
  });

  test('an archive behind the magic of GGUF', async () => {
    const front = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100_000, 1)]);
    expect(await judged(zipOf(['a/data.pkl'], front))).toBe('MODEL-031');
  });

  test('a NumPy array of objects', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    expect(
      await judged(Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(header)])),
    ).toBe('MODEL-031');
  });
});

describe('taken', () => {
  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['GGUF', Buffer.concat([Buffer.from('GGUF\x03\0\0\0'), Buffer.alloc(100)])],
    ['JSON', Buffer.from('{"architectures":["LlamaForCausalLM"]}')],
    ['a list of words that begins like a call', Buffer.from('cat\ndog\npig\nbird\n')],
    ['words that are instructions', Buffer.from('car\nbus\ntram\n.\n')],
    ['one word', Buffer.from('c')],
    ['an archive without a pickle', zipOf(['model.onnx', 'weights.bin'])],
    [
      'a NumPy array of numbers',
      Buffer.from(
        "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (10,), }\n",
        'latin1',
      ),
    ],
    ['safetensors', safetensors(100)],
    ['safetensors whose length begins as protocol 2 does', safetensors(0x280)],
    ['safetensors whose length begins as protocol 4 does', safetensors(0x20480)],
  ])('%s', async (_, bytes) => {
    expect(await judged(bytes)).toBeNull();
  });

  test('safetensors of any header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 300_000 }), async (bytes) => {
        expect(await judged(safetensors(bytes))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });
});

test('any bytes are judged without failing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      expect([null, 'MODEL-031']).toContain(await judged(bytes));
    }),
  );
});
