/**
 * A lock shared by processes of one host, which a holder that dies gives back by dying.
 *
 * Lamport's bakery in a folder: who wants the lock says that it is choosing, takes a number above all that are
 * there, and waits for everyone with a smaller one. Each writes files of its own name only and nobody ever takes
 * over another's, so there is no moment in which two could believe they hold it. Files of dead processes do not
 * count and are removed by whoever sees them.
 *
 * A listing of a folder is not one moment: it can miss a file that comes up while another goes. So two listings in
 * a row must be free of rivals; a rival that was between its two files in the first has its number in the second.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../contracts/clock.js';
import { isProcessAlive, ownProcessName } from './process-identity.js';

const choosingMark = 'choosing';
const numberDigits = 12;

export interface LockParts {
  /** Folder of the tickets. */
  readonly folder: string;
  readonly clock: Clock;
}

export interface LockWait {
  /** Between two looks, milliseconds. */
  readonly pollMs: number;
  /** Called before each wait. */
  readonly onWait?: () => void;
  readonly signal?: AbortSignal | undefined;
}

interface Ticket {
  readonly file: string;
  /** null while its owner is choosing. */
  readonly number: number | null;
  /** Orders those with the same number. */
  readonly owner: string;
}

/** Runs `task` while no other holder of `key` runs, in any process. Throws what it throws, and the signal's reason. */
export async function withLock<Result>(
  parts: LockParts,
  key: string,
  wait: LockWait,
  task: () => Result | Promise<Result>,
): Promise<Result> {
  const owner = `${ownProcessName()}-${randomBytes(6).toString('hex')}`;
  const mine = takeTicket(parts.folder, key, owner);
  try {
    for (let clear = 0; clear < 2;) {
      wait.signal?.throwIfAborted();
      if (!hasRival(parts.folder, key, mine)) {
        clear += 1;
        continue;
      }
      clear = 0;
      wait.onWait?.();
      await pause(parts.clock, wait.pollMs, wait.signal);
    }
    return await task();
  } finally {
    rmSync(path.join(parts.folder, mine.file), { force: true });
  }
}

/** Whether somebody who lives holds or wants the lock. */
export function isLockWanted(folder: string, key: string): boolean {
  return ticketsOf(folder, key).length > 0;
}

/** Resolves after `ms`; rejects with the signal's reason when that comes first. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    function abort() {
      stop();
      reject(signal?.reason as Error);
    }
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function takeTicket(folder: string, key: string, owner: string): Ticket {
  const choosing = `${key}.${choosingMark}.${owner}`;
  make(folder, choosing);
  try {
    const number = 1 + Math.max(0, ...ticketsOf(folder, key).map((ticket) => ticket.number ?? 0));
    const file = `${key}.${String(number).padStart(numberDigits, '0')}.${owner}`;
    make(folder, file);
    return { file, number, owner };
  } finally {
    rmSync(path.join(folder, choosing), { force: true });
  }
}

function make(folder: string, file: string): void {
  closeSync(openSync(path.join(folder, file), 'wx', 0o600));
}

function hasRival(folder: string, key: string, mine: Ticket): boolean {
  return ticketsOf(folder, key).some(({ owner, number }) => {
    if (owner === mine.owner) return false;
    if (number === null) return true;
    return number < (mine.number ?? 0) || (number === mine.number && owner < mine.owner);
  });
}

/** Tickets of the living; those of the dead are removed. */
function ticketsOf(folder: string, key: string): Ticket[] {
  const tickets: Ticket[] = [];
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${key}.`)) continue;
    const [mark = '', owner = ''] = file.slice(key.length + 1).split('.');
    const holder = owner.split('-').slice(0, 2).join('-');
    if (!isProcessAlive(holder)) rmSync(path.join(folder, file), { force: true });
    else tickets.push({ file, number: mark === choosingMark ? null : Number(mark), owner });
  }
  return tickets;
}
