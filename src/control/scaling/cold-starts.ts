/**
 * How long copies take from being asked for to taking requests, by workload: from their records, as the loop sees them.
 * A copy for which an instance must come first has no record until then: it is asked for when one more is wanted.
 * In memory; what was measured is lost with the process, and the next start measures it again.
 */
import { CopyState, copyKey } from '../../domain/copy.js';
import type { CopyRecord } from '../../domain/record.js';

/** Starts that are remembered of one workload. */
const startsMax = 8;
/** Workloads that are remembered; the one that was asked for longest ago goes first. */
const workloadsMax = 20_000;
/** Before the first start: a process, weights from a disk, a context. */
const unknownMs = 5_000;

interface Entry {
  /** When copies that are not ready yet were seen first, wall clock, by `copyKey`. */
  readonly starting: Map<string, number>;
  /** Since when fewer copies have a record than are wanted, wall clock; null = all have. */
  missingSince: number | null;
  /** Milliseconds, the newest last. */
  readonly took: number[];
}

export class ColdStarts {
  /** By `componentKey`. */
  private readonly entries = new Map<string, Entry>();

  /** Looks at all copies of a workload, of which `wanted` should be. `now`: wall clock. */
  observe(component: string, copies: readonly CopyRecord[], wanted: number, now: number): void {
    const entry: Entry = this.entries.get(component) ?? { starting: new Map(), missingSince: null, took: [] };
    this.entries.delete(component);
    this.entries.set(component, entry);
    const present = new Set<string>();
    for (const { copy, state, since, wish } of copies) {
      const key = copyKey(copy);
      present.add(key);
      const isStarting = wish === 'run' && (state === CopyState.Starting || state === CopyState.Loading);
      if (isStarting) {
        if (!entry.starting.has(key))
          entry.starting.set(key, Math.min(now, since, entry.missingSince ?? now));
      } else {
        const startedAt = entry.starting.get(key);
        entry.starting.delete(key);
        // A copy that never became ready says nothing.
        if (startedAt !== undefined && state === CopyState.Ready) add(entry.took, since - startedAt);
      }
    }
    const living = copies.filter(({ wish }) => wish === 'run').length;
    entry.missingSince = living < wanted ? (entry.missingSince ?? now) : null;
    for (const key of entry.starting.keys()) if (!present.has(key)) entry.starting.delete(key);
    if (this.entries.size > workloadsMax) this.entries.delete(this.entries.keys().next().value!);
  }

  /**
   * What the next start is expected to take, milliseconds: the second longest of the last ones, since one may have been
   * an accident; `unknownMs` before the first.
   */
  expectedMs(component: string): number {
    const took = this.entries.get(component)?.took ?? [];
    if (took.length === 0) return unknownMs;
    const sorted = [...took].sort((a, b) => b - a);
    return sorted[Math.min(1, sorted.length - 1)]!;
  }
}

function add(took: number[], ms: number): void {
  took.push(Math.max(0, ms));
  if (took.length > startsMax) took.shift();
}
