/**
 * Verifies a model file before any engine opens it: a regular file, a sound header of a known architecture,
 * all of its tensors there, and, where the configuration says one, its SHA-256. Reads only; keeps nothing.
 */
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { StowageError } from '../domain/errors.js';
import { type AdapterHeader, inspectAdapter } from './gguf/inspect-adapter.js';
import { inspectGguf } from './gguf/inspect-gguf.js';
import type { GgufHeader } from './gguf/inspect-gguf.js';
import { hashFile } from './hash-file.js';

export interface ModelExpectation {
  /** Hexadecimal, in either case. */
  readonly sha256?: string | undefined;
  /** What messages call the file; its own name when left out. */
  readonly shownName?: string;
}

/**
 * The header of the model file at `file`. `onProgress` hears the fraction of the file that is hashed, in
 * [0, 1] and rising. Throws MODEL-020 … MODEL-023, and MODEL-025 for another digest than expected; messages
 * name the file without its folder.
 */
export async function verifyModelFile(
  file: string,
  expectation: ModelExpectation = {},
  onProgress: (fraction: number) => void = () => undefined,
): Promise<GgufHeader> {
  const name = expectation.shownName ?? path.basename(file);
  return withFile(file, name, async (handle, bytes) => {
    const header = await inspectGguf((offset, length) => readRange(handle, offset, length), bytes, name);
    if (expectation.sha256 !== undefined) {
      await checkDigest(handle, name, bytes, expectation.sha256, onProgress);
    }
    return header;
  });
}

/**
 * The header of the LoRA adapter at `file`, which is to be for models of `architecture`. Throws MODEL-020 … MODEL-023;
 * messages name the file without its folder.
 */
export async function verifyAdapterFile(
  file: string,
  architecture: string,
  shownName = path.basename(file),
): Promise<AdapterHeader> {
  const header = await withFile(file, shownName, (handle, bytes) => {
    return inspectAdapter((offset, length) => readRange(handle, offset, length), bytes, shownName);
  });
  if (header.architecture === architecture) return header;
  const problem = `it is for models of the architecture \`${header.architecture}\`, not \`${architecture}\``;
  throw unreadable(shownName, problem);
}

/** Opens a regular file for reading. What the system says against it is MODEL-020, as is anything else unexpected. */
async function withFile<Result>(
  file: string,
  name: string,
  read: (handle: FileHandle, bytes: number) => Promise<Result>,
): Promise<Result> {
  let handle: FileHandle | undefined;
  try {
    const facts = await stat(file); // before open, which would wait at a pipe
    if (!facts.isFile()) throw unreadable(name, 'it is not a file');
    handle = await open(file, 'r');
    return await read(handle, facts.size);
  } catch (error) {
    if (error instanceof StowageError) throw error;
    throw unreadable(name, describeSystemError(error), error);
  } finally {
    await handle?.close();
  }
}

/**
 * Looks into a file that says by its name or its first bytes that it is GGUF, as `verifyModelFile` does; says nothing
 * of others. Throws MODEL-020 … MODEL-022: an architecture that no engine knows today may be known to the next.
 */
export async function refuseBrokenGguf(file: string): Promise<void> {
  if (!/\.gguf$/i.test(file) && !(await beginsAsGguf(file))) return;
  try {
    await verifyModelFile(file);
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    if (error.code === 'MODEL-023') return;
    if (error.code !== 'MODEL-020' || !(await isSoundAdapter(file))) throw error;
  }
}

/** Throws MODEL-022 for a damaged one. */
async function isSoundAdapter(file: string): Promise<boolean> {
  const name = path.basename(file);
  try {
    await withFile(file, name, (handle, bytes) =>
      inspectAdapter((offset, length) => readRange(handle, offset, length), bytes, name),
    );
    return true;
  } catch (error) {
    if (error instanceof StowageError && error.code === 'MODEL-020') return false;
    throw error;
  }
}

/** False also for what cannot be read. */
async function beginsAsGguf(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false;
    const handle = await open(file, 'r');
    try {
      return Buffer.from(await readRange(handle, 0, 4)).toString('latin1') === 'GGUF';
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

async function readRange(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function checkDigest(
  handle: FileHandle,
  name: string,
  fileBytes: number,
  expected: string,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const actual = await hashFile(handle, fileBytes, (bytes) => onProgress(Math.min(1, bytes / fileBytes)));
  if (actual !== expected.toLowerCase()) throw StowageError.of('MODEL-025', { file: name, actual, expected });
}

function unreadable(file: string, problem: string, cause?: unknown): StowageError {
  return StowageError.of('MODEL-020', { file, problem }, { cause });
}

/** Without the path that Node puts into its messages. */
export function describeSystemError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EACCES: 'the server may not read it',
    EPERM: 'the server may not read it',
    EISDIR: 'it is a folder',
    ELOOP: 'its symbolic links go in a circle',
  };
  return known[code] ?? `reading failed (${code})`;
}
