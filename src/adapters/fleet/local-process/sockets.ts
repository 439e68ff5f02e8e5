/**
 * Where workers listen: short names in a folder that only this user may enter. The path of a Unix domain
 * socket holds 107 bytes on Linux and 103 elsewhere; a data folder too deep for that gets a folder in the
 * system's temporary one.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Portable bound of `sun_path` without its final zero. */
const socketPathBytesMax = 103;
/** Room for a slash, the sequence number, the incarnation in base 36 and `.sock`. */
const socketNameBytesMax = 32;

export interface SocketFolder {
  /** An address never given before. */
  next(incarnation: number): string;
  /** Removes a socket that its dead process left; never throws. */
  forget(address: string): void;
  close(): void;
}

/** Makes a private folder inside `dataFolder`, or in the temporary folder if that path is too long. */
export function openSocketFolder(dataFolder: string, system: NodeJS.Platform): SocketFolder {
  let sequence = 0;
  const nameOf = (incarnation: number) => `${(sequence++).toString(36)}-${incarnation.toString(36)}`;
  if (system === 'win32') {
    const prefix = `\\\\.\\pipe\\stowage-${process.pid}-`;
    return { next: (incarnation) => prefix + nameOf(incarnation), forget: () => {}, close: () => {} };
  }
  const folder = makeFolder(dataFolder);
  return {
    next: (incarnation) => join(folder, `${nameOf(incarnation)}.sock`),
    forget: (address) => rmSync(address, { force: true }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function makeFolder(dataFolder: string): string {
  const parent = join(dataFolder, 'run');
  const prefix = join(parent, `${process.pid}-`);
  const bytes = Buffer.byteLength(`${prefix}XXXXXX`) + socketNameBytesMax;
  if (bytes > socketPathBytesMax) return mkdtempSync(join(tmpdir(), 'stowage-'));
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  chmodSync(parent, 0o700);
  removeLeftovers(parent);
  return mkdtempSync(prefix);
}

/** Folders of servers that were killed: each is named by its process. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1] ?? NaN);
    if (pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
