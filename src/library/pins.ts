/**
 * Who uses what: one empty file per use, named after the process, so that the pins of a process that died mean
 * nothing. Taken and judged under the store's lock; given back at any time.
 */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import type { Layout } from './layout.js';
import { isProcessAlive, ownProcessName } from './process-identity.js';

let taken = 0;

/** Pins `id` for this process; the result gives it back and may be repeated. */
export function takePin(layout: Layout, id: string): () => void {
  const folder = path.join(layout.pins, id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${ownProcessName()}-${++taken}-${Math.trunc(performance.now() * 1000)}`);
  closeSync(openSync(file, 'wx', 0o600));
  return () => {
    rmSync(file, { force: true });
    removeEmpty(folder);
  };
}

/** Numbers of the living processes that use `id`, rising; pins of dead ones are removed. */
export function pinnedBy(layout: Layout, id: string): readonly number[] {
  const folder = path.join(layout.pins, id);
  const pids = new Set<number>();
  for (const file of listed(folder)) {
    const [pid = '', start = ''] = file.split('-');
    if (isProcessAlive(`${pid}-${start}`)) pids.add(Number(pid));
    else rmSync(path.join(folder, file), { force: true });
  }
  if (pids.size === 0) removeEmpty(folder);
  return [...pids].sort((a, b) => a - b);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // somebody else uses it, or it is gone
  }
}
