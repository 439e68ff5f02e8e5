/** `npm run models -- list [--write]`: the model files with their bytes and digests, as models/README.md has them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withMarkedBlock } from './marked-block.js';

export const listUsage = `list [--write]
  --write                into models/README.md`;

/** Prints the table of the repository `root`; gives the exit code. Throws what parseArgs throws, and where README.md has no marks. */
export async function runList(commandArguments: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: { write: { type: 'boolean', default: false } },
  });
  const folder = path.join(root, 'models');
  const table = fileTable(folder);
  console.log(table);
  if (values.write) {
    const readme = path.join(folder, 'README.md');
    writeFileSync(readme, withMarkedBlock(readFileSync(readme, 'utf8'), 'files', table));
  }
  return 0;
}

/** A Markdown table of the folder's .gguf and .onnx files in the order of their names: name, bytes, SHA-256. */
export function fileTable(folder: string): string {
  const names = readdirSync(folder).filter((name) => /\.(?:gguf|onnx)$/.test(name));
  const rows = names.sort().map((name) => {
    const content = readFileSync(path.join(folder, name));
    const digest = createHash('sha256').update(content).digest('hex');
    return `| \`${name}\` | ${content.byteLength} | \`${digest}\` |`;
  });
  return ['| file | bytes | SHA-256 |', '|---|---|---|', ...rows].join('\n');
}
