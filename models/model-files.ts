/** `npm run models -- list [--write]`: the model files with their bytes and digests, as models/README.md has them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const listUsage = `list [--write]
  --write                into models/README.md`;

const beginMark = '<!-- files:begin -->';
const endMark = '<!-- files:end -->';

export async function runList(commandArguments: readonly string[], programs: string): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: { write: { type: 'boolean', default: false } },
  });
  const folder = path.join(path.dirname(path.dirname(programs)), 'models');
  const table = fileTable(folder);
  console.log(table);
  if (values.write) {
    const readme = path.join(folder, 'README.md');
    writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), table));
  }
  return 0;
}

/** A Markdown table of the folder's model files, in the order of their names. */
export function fileTable(folder: string): string {
  const names = readdirSync(folder).filter((name) => /\.(?:gguf|onnx)$/.test(name));
  const rows = names.sort().map((name) => {
    const content = readFileSync(path.join(folder, name));
    const digest = createHash('sha256').update(content).digest('hex');
    return `| \`${name}\` | ${content.byteLength} | \`${digest}\` |`;
  });
  return ['| file | bytes | SHA-256 |', '|---|---|---|', ...rows].join('\n');
}

/** The text with the table between its marks. */
export function withTable(text: string, table: string): string {
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)];
  if (begin < 0 || end < begin) throw new Error(`${beginMark} and ${endMark} are missing`);
  return `${text.slice(0, begin)}${beginMark}\n${table}\n${text.slice(end)}`;
}
