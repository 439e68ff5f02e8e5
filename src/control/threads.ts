/** Who computes, and how many threads each copy should have for it. */
import type { CopyObservation } from '../contracts/fleet.js';
import type { ThreadUser } from '../decide/placement/divide-threads.js';
import { divideThreads } from '../decide/placement/divide-threads.js';
import type { InferenceComponent } from '../domain/component.js';
import type { CopyRef } from '../domain/copy.js';
import { copyKey, CopyState } from '../domain/copy.js';
import type { Ledger } from './ledger.js';

/** A copy counts as busy until it was idle so long: pauses between requests move no threads. Milliseconds. */
const busyLingerMs = 1_000;

/** Notes which copies have work at this moment. */
export function noteBusy(seen: readonly CopyObservation[], ledger: Ledger, now: number): void {
  for (const { copy, report } of seen) {
    const entry = ledger.of(copy);
    if (entry !== undefined && report !== null && report.running + report.waiting > 0) entry.busyAt = now;
  }
}

/** Threads for each copy there is, by `id#incarnation`. */
export function threadShares(
  seen: readonly CopyObservation[],
  ledger: Ledger,
  now: number,
  cores: number,
): ReadonlyMap<string, number> {
  return divideThreads(usersOf(seen, ledger, now), cores);
}

/** Threads for a copy that is about to be started. */
export function threadsOfNewcomer(
  copy: CopyRef,
  component: InferenceComponent,
  seen: readonly CopyObservation[],
  ledger: Ledger,
  now: number,
  cores: number,
): number {
  const newcomer = { id: copyKey(copy), weight: component.resources.cpus, isBusy: false };
  return divideThreads([...usersOf(seen, ledger, now), newcomer], cores).get(newcomer.id) ?? 1;
}

function usersOf(seen: readonly CopyObservation[], ledger: Ledger, now: number): ThreadUser[] {
  return seen.flatMap(({ copy, state }) => {
    const entry = ledger.of(copy);
    if (entry === undefined || entry.isRemoving || state === CopyState.Exited) return [];
    const isBusy = now - entry.busyAt < busyLingerMs;
    return [{ id: copyKey(copy), weight: entry.component.resources.cpus, isBusy }];
  });
}
