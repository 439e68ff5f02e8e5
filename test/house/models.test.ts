import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { verifyModelFile } from '../../src/library/verify-model.js';

const folder = path.resolve(import.meta.dirname, '../../models');
const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
const listed = [...readme.matchAll(/^\| `(.+\.(?:gguf|onnx))` \| (\d+) \| `([0-9a-f]{64})` \|$/gm)].map(
  (row) => ({
    name: row[1] ?? '',
    bytes: Number(row[2]),
    sha256: row[3] ?? '',
  }),
);

test('models/README.md lists every model file (`npm run models -- list --write`)', () => {
  const present = readdirSync(folder).filter((name) => /\.(?:gguf|onnx)$/.test(name));
  expect(listed.map(({ name }) => name).sort()).toEqual(present.sort());
  expect(present.length).toBeGreaterThan(0);
});

test.each(listed)(
  '$name is the file that models/README.md lists, and sound',
  async ({ name, bytes, sha256 }) => {
    const file = path.join(folder, name);
    const content = readFileSync(file);
    expect(content.byteLength).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    if (name.endsWith('.gguf')) expect((await verifyModelFile(file)).architecture).toBe('llama');
  },
);
