/**
 * What control remembers of the copies of this run beside their records: threads, whether they have work, since when
 * they load. All of it can be lost; whoever starts anew finds it out again.
 */
import type { CopyObservation } from '../contracts/fleet.js';
import { isFetchingPhase } from '../decide/reconcile/liveness.js';
import type { CopyReport } from '../domain/copy.js';
import { CopyState } from '../domain/copy.js';
import { recordKey, type CopyRecord } from '../domain/record.js';

export interface CopyNotes {
  /** 0 = never told. */
  threads: number;
  /** The report that was seen last, and passed on. */
  report: CopyReport | null;
  /** When it last had work. */
  busyAt: number;
  isBusy: boolean;
  /** While it loads: what it does, and since when. */
  isFetching: boolean;
  phaseSince: number;
  /** Asked of the fleet in this run, and when; null = it was not. */
  appliedAt: number | null;
  /** Where it was reachable at the last look; null = nowhere. */
  address: string | null;
  /** The fleet has shown it in this run. */
  wasSeen: boolean;
  /** Its process has lived in this run. */
  hasLived: boolean;
  /** It was created in this run: no process of it can be left from an earlier one. */
  readonly isNew: boolean;
}

export class CopyMemory {
  private readonly notes = new Map<string, CopyNotes>();

  /** The notes on a copy, by the key of its record. */
  of(key: string): CopyNotes {
    let notes = this.notes.get(key);
    if (notes === undefined) this.notes.set(key, (notes = blank(false)));
    return notes;
  }

  /** Keys and notes of all copies that there are notes on. */
  all(): Iterable<readonly [string, CopyNotes]> {
    return this.notes;
  }

  created(record: CopyRecord): void {
    this.notes.set(recordKey(record), blank(true));
  }

  forget(key: string): void {
    this.notes.delete(key);
  }

  /** Notes what is seen of a copy. */
  see(key: string, seen: CopyObservation): CopyNotes {
    const notes = this.of(key);
    notes.wasSeen = true;
    if (seen.state !== CopyState.Exited) notes.hasLived = true;
    if (seen.state !== CopyState.Loading) return notes;
    const isFetching = seen.loading !== null && isFetchingPhase(seen.loading.phase);
    if (notes.phaseSince < 0 || notes.isFetching !== isFetching) {
      notes.phaseSince = notes.phaseSince < 0 ? seen.since : seen.heardAt;
      notes.isFetching = isFetching;
    }
    return notes;
  }
}

function blank(isNew: boolean): CopyNotes {
  return {
    threads: 0,
    report: null,
    busyAt: -Infinity,
    isBusy: false,
    isFetching: false,
    phaseSince: -1,
    appliedAt: null,
    address: null,
    wasSeen: false,
    hasLived: false,
    isNew,
  };
}
