/** Small JSON files: written whole or not at all; one that cannot be read counts as not there. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

const textBytesMax = 16 * 1024 * 1024;
let written = 0;

/** The value, or null when there is none of this shape. */
export function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | null {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > textBytesMax) return null;
    const checked = schema.safeParse(JSON.parse(text));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

export function writeJson(file: string, value: object): void {
  const temporary = `${file}.${process.pid}.${++written}.new`;
  try {
    writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
