/**
 * What control remembers of the copies it started, beside what the fleet shows: what they were started with,
 * and what was said about them last. Written by the loop only.
 */
import type { CopyObservation } from '../contracts/fleet.js';
import type { ObservedCopy } from '../decide/reconcile/observed.js';
import type { InferenceComponent } from '../domain/component.js';
import type { CopyRef, CopyReport, CopyState } from '../domain/copy.js';
import { copyKey } from '../domain/copy.js';

export interface LedgerEntry {
  readonly copy: CopyRef;
  readonly component: InferenceComponent;
  /** The state that was logged last. */
  state: CopyState | null;
  /** Why it is as it is. */
  reason: string;
  threads: number;
  /** The report that was passed on last. */
  report: CopyReport | null;
  /** When it last had work. */
  busyAt: number;
  isDraining: boolean;
  isRemoving: boolean;
}

export class Ledger {
  private readonly entries = new Map<string, LedgerEntry>();
  private incarnation = 0;

  /** An incarnation above all before it, also those of earlier runs of this server. */
  nextIncarnation(wallNow: number): number {
    this.incarnation = Math.max(this.incarnation + 1, Math.floor(wallNow));
    return this.incarnation;
  }

  add(copy: CopyRef, component: InferenceComponent, threads: number, reason: string): void {
    this.entries.set(copyKey(copy), {
      copy,
      component,
      state: null,
      reason,
      threads,
      report: null,
      busyAt: -Infinity,
      isDraining: false,
      isRemoving: false,
    });
  }

  of(copy: CopyRef): LedgerEntry | undefined {
    return this.entries.get(copyKey(copy));
  }

  all(): readonly LedgerEntry[] {
    return [...this.entries.values()];
  }

  forget(copy: CopyRef): void {
    this.entries.delete(copyKey(copy));
  }

  /** The fleet's view of a copy and ours in one; `drainMsMax` null = what its component asks for. */
  observed(seen: CopyObservation, drainMsMax: number | null): ObservedCopy {
    const entry = this.of(seen.copy);
    const { copy, component, generation, state, since, report, heardAt, progressAt } = seen;
    return {
      copy,
      component,
      generation,
      state,
      since,
      report,
      heardAt,
      progressAt,
      memoryBytesMax: entry?.component.resources.memoryBytesMax ?? 0,
      drainMsMax: drainMsMax ?? (entry?.component.options.predictSecondsMax ?? 0) * 1000,
      isRemoving: entry?.isRemoving ?? false,
    };
  }
}
