/** A data folder belongs to one server: who holds it keeps others out until it ends, however it ends. */
import { mkdirSync } from 'node:fs';
import { systemClock } from '../../adapters/clock/system.js';
import { StowageError } from '../../domain/errors.js';
import { withLock } from '../../library/process-lock.js';

/** Between two looks, milliseconds. */
const pollMs = 20;

/**
 * Waits for `waitMsMax` milliseconds at most; the result gives it back. Throws HOST-605 when somebody else holds it.
 * `run` is the folder for what only matters while a server runs, `role` what may be there once.
 */
export async function holdFolder(run: string, role: string, waitMsMax: number): Promise<() => void> {
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const giveUp = new AbortController();
  const stopTimer = systemClock.after(waitMsMax, () => giveUp.abort(new Error('held')));
  return new Promise<() => void>((resolve, reject) => {
    const hold = () => {
      stopTimer();
      return new Promise<void>((release) => resolve(release));
    };
    const lock = { folder: run, clock: systemClock };
    withLock(lock, `${role}-lock`, { pollMs, signal: giveUp.signal }, hold).catch((cause: unknown) => {
      if (!giveUp.signal.aborted) return reject(cause instanceof Error ? cause : new Error(String(cause)));
      const problem = 'another server uses it';
      const suggestion =
        'end that one (`kill` takes the `supervisor` in run/processes.json), or --data-dir FOLDER';
      reject(StowageError.of('HOST-605', { problem, suggestion }, { cause }));
    });
  });
}
