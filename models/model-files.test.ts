import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileTable, withTable } from './model-files.js';

test('model files are listed in the order of their names, with bytes and digest, and nothing else is', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'model-files-'));
  for (const name of ['b.onnx', 'a.gguf', 'tokenizer.json']) writeFileSync(path.join(folder, name), 'abc');
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, B.1
  const [, , ...rows] = fileTable(folder).split('\n');
  rmSync(folder, { recursive: true });
  expect(rows).toEqual([`| \`a.gguf\` | 3 | \`${digest}\` |`, `| \`b.onnx\` | 3 | \`${digest}\` |`]);
});

test('a new table takes the place of the old one, and nothing around it changes', () => {
  const text = (table: string) => `# Models\n\n<!-- files:begin -->\n${table}\n<!-- files:end -->\n\nMore.\n`;
  expect(withTable(text('| old |'), '| new |')).toBe(text('| new |'));
  expect(() => withTable('# Models\n', '| new |')).toThrow(/files:begin/);
});
