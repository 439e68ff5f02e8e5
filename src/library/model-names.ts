/** Names of the built-in bucket: `s3://stowage/NAME` and the SHA-256 each stands for. One small file per name. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './json-files.js';
import type { Layout } from './layout.js';

/** Letters, digits, `.`, `_`, `-`, and `/` between them. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const nameCharsMax = 128;
export const modelNameRule = `letters, digits, dots, dashes and slashes between them, 1 to ${nameCharsMax} characters`;

const recordSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Wall clock, milliseconds. */
  addedAt: z.number(),
});

export interface ModelName extends z.output<typeof recordSchema> {
  readonly name: string;
}

export function isModelName(name: string): boolean {
  return name.length <= nameCharsMax && namePattern.test(name);
}

export function readModelName(layout: Layout, name: string): ModelName | null {
  if (!isModelName(name)) return null;
  const record = readJson(fileOf(layout, name), recordSchema);
  return record === null ? null : { ...record, name };
}

export function writeModelName(layout: Layout, { name, sha256, addedAt }: ModelName): void {
  writeJson(fileOf(layout, name), { sha256, addedAt });
}

export function removeModelName(layout: Layout, name: string): void {
  rmSync(fileOf(layout, name), { force: true });
}

/** All names, sorted. */
export function listModelNames(layout: Layout): readonly ModelName[] {
  return readdirSync(layout.models)
    .flatMap((file) => nameIn(file) ?? [])
    .sort()
    .flatMap((name) => readModelName(layout, name) ?? []);
}

/** What a name stands for; it is the only copy there may be, so it is not evicted. */
export function namedDigests(layout: Layout): ReadonlySet<string> {
  return new Set(listModelNames(layout).map(({ sha256 }) => sha256));
}

function nameIn(file: string): string | null {
  try {
    return file.endsWith('.json') ? decodeURIComponent(file.slice(0, -'.json'.length)) : null;
  } catch {
    return null;
  }
}

function fileOf(layout: Layout, name: string): string {
  return path.join(layout.models, `${encodeURIComponent(name)}.json`);
}
