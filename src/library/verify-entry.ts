/**
 * Compares what the library holds with the digests it was put there under. Reads only; what to do about a damaged
 * entry is the caller's.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { StowageError } from '../domain/errors.js';
import { hashFile } from './hash-file.js';
import { EntryKind } from './store.js';
import type { StoreEntry } from './store.js';
import { manifestFile, readManifest } from './tree.js';
import type { ManifestFile } from './tree.js';

/** Throws MODEL-025 for the first file that is not what it was, and the reason of `signal`. */
export async function verifyEntry(
  entry: StoreEntry,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let before = 0;
  for (const { file, name, sha256, bytes } of filesOf(entry)) {
    const hear = (done: number) => onProgress(Math.min(1, (before + done) / Math.max(1, entry.bytes)));
    const actual = await digestOf(file, bytes, hear, signal);
    if (actual !== sha256) throw StowageError.of('MODEL-025', { file: name, actual, expected: sha256 });
    before += bytes;
  }
}

function filesOf(entry: StoreEntry): (ManifestFile & { readonly file: string; readonly name: string })[] {
  const { kind, sha256, bytes } = entry;
  if (kind === EntryKind.Object) {
    return [{ file: entry.path, name: entry.name, path: entry.name, sha256, bytes }];
  }
  const manifest = readManifest(path.join(path.dirname(entry.path), manifestFile));
  return (manifest?.files ?? []).map((each) => ({
    ...each,
    file: path.join(entry.path, each.path),
    name: each.path,
  }));
}

/** Or in words why there is none. */
async function digestOf(
  file: string,
  bytes: number,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size !== bytes) return `unknown (it has ${size} bytes, not ${bytes})`;
      return await hashFile(handle, bytes, onBytes, signal);
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return `unknown (it cannot be read: ${String((error as NodeJS.ErrnoException).code ?? 'no code')})`;
  }
}
