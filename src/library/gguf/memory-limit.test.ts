/** The most expensive headers the limits allow, read inside a heap of 64 MiB. */
import { Worker } from 'node:worker_threads';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { headerBytesMax, keyBytesMax, keysMax } from './limits.js';

let program: string;

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [path.join(import.meta.dirname, 'inspect-gguf.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    logLevel: 'silent',
  });
  program = bundle.outputFiles[0]?.text ?? '';
});

/**
 * Makes a file on the fly: `head`, then the record `i` for every i, each of `recordBytes`; so the file
 * itself needs no memory. Resolves to the code of the refusal, or `out of memory`.
 */
function judge(head: string, record: string, recordBytes: number): Promise<string> {
  const script = `
    const { parentPort } = require('node:worker_threads');
    ${program}
    const head = ${head};
    const record = ${record};
    function read(offset, length) {
      const bytes = Buffer.alloc(length);
      for (let at = 0; at < length; ) {
        const place = offset + at;
        const isHead = place < head.length;
        const source = isHead ? head : record(Math.floor((place - head.length) / ${recordBytes}));
        const from = isHead ? place : (place - head.length) % ${recordBytes};
        at += source.copy(bytes, at, from);
      }
      return bytes;
    }
    module.exports.inspectGguf(read, 2 ** 40).then(
      () => parentPort.postMessage('accepted'),
      (error) => parentPort.postMessage(String(error.code) + ' ' + error.message),
    );`;
  return new Promise((resolve) => {
    const worker = new Worker(script, {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
    });
    worker.once('message', resolve);
    worker.once('error', (error) => resolve(`code` in error ? String(error.code) : error.message));
  });
}

const preamble = (tensors: string, keys: string): string =>
  `Buffer.concat([Buffer.from('GGUF\\x03\\0\\0\\0'), Buffer.from(new BigUint64Array([${tensors}, ${keys}]).buffer)])`;

test('as many and as long keys as there may be', async () => {
  const recordBytes = 8 + keyBytesMax + 4 + 8;
  const record = `(i) => {
    const bytes = Buffer.alloc(${recordBytes}, 'k');
    bytes.writeBigUInt64LE(${keyBytesMax}n, 0);
    bytes.write(String(i).padStart(8, '0'), 8);
    bytes.writeUInt32LE(10, ${8 + keyBytesMax});
    return bytes;
  }`;
  expect(await judge(preamble('1n', `${keysMax}n`), record, recordBytes)).toMatch(
    /general.architecture` is missing/,
  );
});

test('a vocabulary of empty strings up to the end of the largest header', async () => {
  const head = `Buffer.concat([${preamble('1n', '1n')}, Buffer.from(new BigUint64Array([1n]).buffer),
    Buffer.from('x\\x09\\0\\0\\0\\x08\\0\\0\\0'), Buffer.from(new BigUint64Array([1073741824n]).buffer)])`;
  const record = `((zeros) => () => zeros)(Buffer.alloc(65536))`;
  expect(await judge(head, record, 65_536)).toContain(`longer than ${headerBytesMax} bytes`);
});
