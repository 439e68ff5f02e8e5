/** Files that only their owner may read: written whole or not at all, refused when others could read them. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
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
    // One that was left behind might not be ours alone.
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, 'wx', privateMode);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    const folder = openSync(dirname(file), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw unusable(
      `${basename(file)} cannot be written: ${problemOf(cause)}`,
      'free some space, or check the folder’s owner',
      cause,
    );
  }
}

/**
 * The file's text, or null when it is not there. Throws HOST-605 when others may read or change it, it belongs
 * to somebody else, or it is no small plain file.
 */
export function readPrivateFile(file: string): string | null {
  const name = basename(file);
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    checkPrivate(file, fstatSync(handle));
    return readFileSync(handle, 'utf8');
  } catch (cause) {
    if (cause instanceof StowageError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(
      `${name} cannot be read: ${problemOf(cause)}`,
      'run as the user who owns the data folder',
      cause,
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Of the file that was opened, so that nobody can put another in its place in between. */
function checkPrivate(file: string, facts: Stats): void {
  const name = basename(file);
  if (!facts.isFile() || facts.size > fileBytesMax) {
    throw unusable(`${name} is not a small plain file`, `move it away and restore ${name} from a backup`);
  }
  // Windows has neither owners nor modes of this kind.
  const user = process.getuid?.();
  if (user === undefined) return;
  if (facts.uid !== user) {
    throw unusable(`${name} belongs to another user`, `chown ${user} ${shellWord(file)}`);
  }
  if ((facts.mode & 0o077) !== 0) {
    throw unusable(`${name} is open to other users`, `chmod 600 ${shellWord(file)}`);
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

/** The text as one word of a shell's command line. */
function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
