/**
 * What an address gave the last time, and which version of it that was: so that an address without a digest is asked
 * for its version only. One small file per address.
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './json-files.js';
import type { Layout } from './layout.js';

const memorySchema = z.object({
  /** Of the entry that holds it now. */
  id: z.string(),
  /** As the transport tells it; of a prefix, a digest over all of its objects' versions. */
  version: z.string().nullable(),
});
export type SourceMemory = z.output<typeof memorySchema>;

export function recallSource(layout: Layout, key: string): SourceMemory | null {
  return readJson(fileOf(layout, key), memorySchema);
}

export function rememberSource(layout: Layout, key: string, memory: SourceMemory): void {
  writeJson(fileOf(layout, key), memory);
}

/** Forgets all addresses that gave the entry `id`. */
export function forgetSources(layout: Layout, id: string): void {
  for (const file of readdirSync(layout.sources)) {
    const key = path.basename(file, '.json');
    if (recallSource(layout, key)?.id === id) rmSync(fileOf(layout, key), { force: true });
  }
}

function fileOf(layout: Layout, key: string): string {
  return path.join(layout.sources, `${key}.json`);
}
