import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileTable, runList } from './model-files.js';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'model-files-'));
  folder = path.join(root, 'models');
  mkdirSync(folder);
  for (const name of ['b.onnx', 'a.gguf', 'tokenizer.json']) writeFileSync(path.join(folder, name), 'abc');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

test('model files are listed in the order of their names, with bytes and digest, and nothing else is', () => {
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, B.1
  const [, , ...rows] = fileTable(folder).split('\n');
  expect(rows).toEqual([`| \`a.gguf\` | 3 | \`${digest}\` |`, `| \`b.onnx\` | 3 | \`${digest}\` |`]);
});

test('the table of a repository is printed, and goes into its README only when that is asked for', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const readme = path.join(folder, 'README.md');
  const around = ['# Models\n\n<!-- files:begin -->\n', '<!-- files:end -->\n\nMore.\n'] as const;
  writeFileSync(readme, around.join('| old |\n'));
  expect(await runList([], root)).toBe(0);
  expect(readFileSync(readme, 'utf8')).toBe(around.join('| old |\n'));
  expect(await runList(['--write'], root)).toBe(0);
  expect(readFileSync(readme, 'utf8')).toBe(around.join(`\n${fileTable(folder)}\n\n`));
  expect(log.mock.calls).toEqual([[fileTable(folder)], [fileTable(folder)]]);
});
