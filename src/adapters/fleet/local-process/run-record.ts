/**
 * A run that was begun, on disk before its process is started: what it was told, and its process as soon as that is
 * known. Whoever comes after a crash reads it and knows which process is which copy.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { protocolVersion, type WorkerAssignment } from '../../../contracts/worker-protocol.js';
import type { InferenceComponent } from '../../../domain/component.js';
import { runFolderOf } from './run-folder.js';

const recordVersion = 1;
const recordName = /^w-[0-9a-f]+\.json$/;

export interface RunRecord {
  readonly component: InferenceComponent;
  readonly instance: string;
  readonly host: string;
  /** The worker reads this member. */
  readonly assignment: WorkerAssignment;
  /** Wall clock, milliseconds. */
  readonly startedAt: number;
  /** Null until it was started, and if whoever started it died in that moment. */
  readonly pid: number | null;
}

interface StoredRun extends RunRecord {
  readonly version: number;
  readonly protocol: number;
}

/** On disk when it returns. Throws what the system says. */
export function writeRunRecord(file: string, record: RunRecord): void {
  const stored: StoredRun = { version: recordVersion, protocol: protocolVersion, ...record };
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(handle, JSON.stringify(stored));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Null when the file is no record of this version: its worker cannot be talked to. */
export function readRunRecord(file: string): RunRecord | null {
  try {
    const { version, protocol, ...record } = JSON.parse(readFileSync(file, 'utf8')) as StoredRun;
    return version === recordVersion && protocol === protocolVersion ? record : null;
  } catch {
    return null;
  }
}

/** The files of all records in a folder, in order of names. */
export function runRecordsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => recordName.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The ids of the copies that a data folder's processes are, by process number; none where nothing was started yet. */
export function copiesByProcess(dataFolder: string): ReadonlyMap<number, string> {
  const folder = runFolderOf(dataFolder);
  const files = existsSync(folder) ? runRecordsIn(folder) : [];
  return new Map(
    files.flatMap((file) => {
      const run = readRunRecord(file);
      return run === null || run.pid === null ? [] : [[run.pid, run.assignment.copy.id] as const];
    }),
  );
}
