import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { verifyModelFile } from '../../src/library/verify-model.js';

const folder = path.resolve(import.meta.dirname, '../../models');
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
const listed = [...readme.matchAll(/^\| `(.+\.gguf)` \| (\d+) \| `([0-9a-f]{64})` \|$/gm)].map((row) => ({
  name: row[1] ?? '',
  bytes: Number(row[2]),
  sha256: row[3] ?? '',
}));

test('models/README.md lists every model file', () => {
  const present = readdirSync(folder).filter((name) => name.endsWith('.gguf'));
  expect(listed.map(({ name }) => name).sort()).toEqual(present.sort());
});

test.each(listed)(
  '$name is the file that models/README.md lists, and sound',
  async ({ name, bytes, sha256 }) => {
    const file = path.join(folder, name);
    const header = await verifyModelFile(file, { sha256 });
    expect(readFileSync(file).byteLength).toBe(bytes);
    expect(header.architecture).toBe('llama');
  },
);
