/**
 * Where the runs of workers are written down and where workers listen. Both names follow from the copy alone, so
 * whoever comes later finds them. The path of a Unix domain socket holds 107 bytes on Linux and 103 elsewhere; a
 * data folder too deep for that gets a folder of its own in the system's temporary one, the same at each start.
 */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey } from '../../../domain/copy.js';
import { StowageError } from '../../../domain/errors.js';

/** Portable bound of `sun_path` without its final zero. */
const socketPathBytesMax = 103;
/** Room for a slash and the longest name in the folder. */
const socketNameBytesMax = 32;

export interface RunPaths {
  readonly record: string;
  readonly address: string;
}

export class RunFolder {
  readonly folder: string;
  private readonly sockets: string;

  /** Makes the folders. Throws HOST-605. */
  constructor(dataFolder: string) {
    this.folder = runFolderOf(dataFolder);
    makePrivate(this.folder);
    this.sockets = socketFolder(dataFolder);
  }

  /** Of one incarnation of one copy, always the same. */
  pathsOf(copy: CopyRef): RunPaths {
    const name = createHash('sha256').update(copyKey(copy)).digest('hex').slice(0, 16);
    const address =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\stowage-${shortHash(this.folder)}-${name}`
        : join(this.sockets, `w-${name}.sock`);
    return { record: join(this.folder, `w-${name}.json`), address };
  }
}

/**
 * The folder for sockets of a data folder, made if it is not there: only this user may enter it. Names in it may
 * have 31 bytes. Throws HOST-605.
 */
export function socketFolder(dataFolder: string): string {
  const folder = socketFolderOf(dataFolder);
  makePrivate(folder);
  return folder;
}

/** Removes that folder again where it is one of its own and nothing is left in it; never throws. */
export function forgetSocketFolder(dataFolder: string): void {
  const folder = socketFolderOf(dataFolder);
  if (folder === runFolderOf(dataFolder)) return;
  try {
    rmdirSync(folder);
  } catch {
    // Somebody still listens there, or it is gone.
  }
}

/** Where the runs of a data folder are written down. */
export function runFolderOf(dataFolder: string): string {
  return join(resolve(dataFolder), 'run');
}

function socketFolderOf(dataFolder: string): string {
  const inside = runFolderOf(dataFolder);
  const fits = Buffer.byteLength(inside) + socketNameBytesMax <= socketPathBytesMax;
  return fits
    ? inside
    : join(tmpdir(), `stowage-${process.getuid?.() ?? 0}-${shortHash(resolve(dataFolder))}`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** The name may be guessed, so a folder that somebody else put there is refused. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const facts = lstatSync(folder);
    const user = process.getuid?.();
    if (!facts.isDirectory()) throw new Error('ENOTDIR');
    if (user !== undefined && facts.uid !== user) throw new Error('it belongs to another user');
    chmodSync(folder, 0o700);
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw StowageError.of(
      'HOST-605',
      { problem: `its folder for sockets: ${problem}`, suggestion: 'name another folder with --data-dir' },
      { cause },
    );
  }
}
