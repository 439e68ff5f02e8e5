/** Files that only their owner may read: written whole or not at all, refused when others could read them. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { StowageError } from '../../../domain/errors.js';

const privateMode = 0o600;
const fileBytesMax = 16 * 1024 * 1024;

/** Makes a folder for private files. Throws HOST-605. */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(problemOf(cause), 'name another folder with --data-dir or STOWAGE_DATA_DIR', cause);
  }
}

/** Replaces a file in one step, on disk before this returns. Throws HOST-605. */
export function writePrivateFile(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    const handle = openSync(temporary, 'w', privateMode);
    try {
      writeSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    const folder = openSync(dirname(file), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (cause) {
    throw unusable(
      `${basename(file)} cannot be written: ${problemOf(cause)}`,
      'free some space, or check the folder’s owner',
      cause,
    );
  }
}

/** The file's text, or null when it is not there. Throws HOST-605 when others may read it, or it is no small file. */
export function readPrivateFile(file: string): string | null {
  if (!existsSync(file)) return null;
  const name = basename(file);
  const facts = statSync(file);
  if (!facts.isFile() || facts.size > fileBytesMax) {
    throw unusable(`${name} is not a small plain file`, 'move it away; keys are made anew');
  }
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
    throw unusable(`${name} can be read by other users`, `chmod 600 DATA_DIR/${name}`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(
      `${name} cannot be read: ${problemOf(cause)}`,
      'run as the user who owns the data folder',
      cause,
    );
  }
}

/** HOST-605 with its mend. */
export function unusable(problem: string, suggestion: string, cause?: unknown): StowageError {
  return StowageError.of('HOST-605', { problem, suggestion }, { cause });
}

function problemOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code ?? 'unknown problem';
}
