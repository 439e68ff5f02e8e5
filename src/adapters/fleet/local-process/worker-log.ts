/**
 * What the workers of one copy print, in a file that outlives them all: every incarnation appends to it. Bounded in
 * size, and so is the number of files: the ones that were not written to for longest go first.
 *
 * Lines that are JSON with a `level` and a `message` are the worker's own; others are taken as they are.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CopyRef } from '../../../domain/copy.js';
import { type ErrorData, errorTable } from '../../../domain/errors.js';

/** A file that grew past this is cut, its end kept beside it. */
const logBytesMax = 16 * 1024 * 1024;
/** Of a file that is cut, so much of its end is kept. */
const keptBytesMax = 1024 * 1024;
/** Read from the end of a file at most. */
const tailBytesMax = 4 * 1024 * 1024;
const filesMax = 500;
/** Characters of one line that are shown. */
const lineLengthMax = 2_000;

/** What a worker said about its own end. */
export interface LastWords {
  readonly exitCode: number | null;
  readonly error: ErrorData | null;
}

interface WorkerLine {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly time?: unknown;
  readonly incarnation?: unknown;
  readonly exitCode?: unknown;
  readonly error?: unknown;
}

export class WorkerLogs {
  private readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'logs');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Opens the file of a copy for a process to append to; the caller closes it. */
  open(copyId: string): number {
    this.bound(copyId);
    this.removeOldest();
    return openSync(this.fileOf(copyId), 'a', 0o600);
  }

  /** Cuts the file when it is too large; its process goes on appending. */
  bound(copyId: string): void {
    const file = this.fileOf(copyId);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= logBytesMax) return;
    writeFileSync(`${file}.1`, endOf(file, keptBytesMax), { mode: 0o600 });
    truncateSync(file, 0);
  }

  /** The last lines as people read them, oldest first. */
  lines(copyId: string, linesMax: number): readonly string[] {
    const file = this.fileOf(copyId);
    let lines = linesIn(endOf(file, tailBytesMax));
    if (lines.length < linesMax) lines = [...linesIn(endOf(`${file}.1`, tailBytesMax)), ...lines];
    return lines.slice(-linesMax).map(shown);
  }

  /** What that incarnation said about its end; nulls when it said nothing. */
  lastWords(copy: CopyRef): LastWords {
    let exitCode: number | null = null;
    let error: ErrorData | null = null;
    for (const line of linesIn(endOf(this.fileOf(copy.id), tailBytesMax))) {
      const said = parsed(line);
      if (said?.incarnation !== copy.incarnation) continue;
      if (typeof said.exitCode === 'number') exitCode = said.exitCode;
      if (isErrorData(said.error)) error = said.error;
    }
    return { exitCode, error };
  }

  private fileOf(copyId: string): string {
    const plain = copyId.replace(/[^\w.-]/g, '_').slice(0, 100);
    const hash = createHash('sha256').update(copyId).digest('hex').slice(0, 8);
    return join(this.folder, plain === copyId ? `${plain}.log` : `${plain}-${hash}.log`);
  }

  private removeOldest(): void {
    const names = readdirSync(this.folder);
    if (names.length < filesMax) return;
    const aged = names.map((name) => {
      const file = join(this.folder, name);
      return { file, at: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    });
    aged.sort((a, b) => a.at - b.at || (a.file < b.file ? -1 : 1));
    for (const { file } of aged.slice(0, names.length - filesMax + 1)) rmSync(file, { force: true });
  }
}

function endOf(file: string, bytesMax: number): string {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, bytesMax));
    const read = readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, read);
    return size > bytesMax ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(handle);
  }
}

function linesIn(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function parsed(line: string): WorkerLine | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as WorkerLine;
  } catch {
    return null;
  }
}

function shown(line: string): string {
  const said = parsed(line);
  const isOurs = typeof said?.level === 'string' && typeof said.message === 'string';
  const text = isOurs
    ? [said.time, said.level, said.message].filter((part) => typeof part === 'string').join(' ')
    : line;
  return text.slice(0, lineLengthMax);
}

function isErrorData(value: unknown): value is ErrorData {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, mend } = value as Partial<ErrorData>;
  return Object.hasOwn(errorTable, String(code)) && typeof message === 'string' && typeof mend === 'string';
}
