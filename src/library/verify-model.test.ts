import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyModelFile } from './verify-model.js';

const model = path.resolve(import.meta.dirname, '../../models/apex-blockgen-Q8_0.gguf');
const digest = createHash('sha256').update(readFileSync(model)).digest('hex');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stowage-verify-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a sound file with the expected digest is accepted, with progress that rises to 1', async () => {
  const heard: number[] = [];
  const header = await verifyModelFile(model, { sha256: digest.toUpperCase() }, (fraction) =>
    heard.push(fraction),
  );
  expect(header.architecture).toBe('llama');
  expect(heard.length).toBeGreaterThan(1);
  expect(heard).toEqual([...heard].sort((a, b) => a - b));
  expect(heard.at(-1)).toBe(1);
});

test('without an expected digest nothing is hashed', async () => {
  const heard: number[] = [];
  await verifyModelFile(model, {}, (fraction) => heard.push(fraction));
  expect(heard).toEqual([]);
});

test('one changed byte of the weights is found by the digest', async () => {
  const changed = path.join(folder, 'changed.gguf');
  const bytes = readFileSync(model);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(changed, bytes);
  await expect(verifyModelFile(changed)).resolves.toHaveProperty('name', 'apex-blockgen');
  await expect(verifyModelFile(changed, { sha256: digest })).rejects.toMatchObject({ code: 'MODEL-025' });
});

describe('what cannot be read is MODEL-020, named without its folder', () => {
  test.each([
    ['a file that is not there', 'missing.gguf', () => undefined, /no such file/],
    ['a folder', '.', () => undefined, /not a file/],
    ['a pipe nobody writes to', 'pipe.gguf', (file: string) => execFileSync('mkfifo', [file]), /not a file/],
    [
      'a way through a file',
      'a-file/x.gguf',
      (file: string) => writeFileSync(path.dirname(file), ''),
      /no such file/,
    ],
  ])('%s', async (_, name, make, problem) => {
    const file = path.join(folder, name);
    make(file);
    const error = (await verifyModelFile(file).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'MODEL-020' });
    expect(error.message).toMatch(problem);
    expect(error.message).not.toContain(folder + path.sep);
  });
});

test('a truncated file is damaged', async () => {
  const short = path.join(folder, 'short.gguf');
  writeFileSync(short, readFileSync(model).subarray(0, 1_000_000));
  await expect(verifyModelFile(short)).rejects.toMatchObject({ code: 'MODEL-022' });
});

test('an empty file is no GGUF file', async () => {
  const empty = path.join(folder, 'empty.gguf');
  writeFileSync(empty, '');
  await expect(verifyModelFile(empty, { sha256: digest })).rejects.toMatchObject({ code: 'MODEL-021' });
});
