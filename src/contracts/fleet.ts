/**
 * Who runs copies: this machine's processes now, other schedulers later. Level-triggered: say what should
 * run, look at whole snapshots. Every call may be repeated: `apply` of a copy that runs and `remove` of a
 * copy that is gone succeed.
 */
import type { CopyRef, CopyReport, CopyState } from '../domain/copy.js';
import type { InferenceComponent } from '../domain/component.js';
import type { EngineInfo } from './engine.js';
import type { ErrorData } from '../domain/errors.js';

export interface CopyObservation {
  readonly copy: CopyRef;
  /** `endpoint/name` and generation it was started for. */
  readonly component: string;
  readonly generation: number;
  readonly state: CopyState;
  /** When it entered that state, by the fleet's clock. */
  readonly since: number;
  /** Where serving reaches it; present when ready or draining. */
  readonly address: string | null;
  readonly info: EngineInfo | null;
  readonly loading: { readonly phase: string; readonly fraction: number } | null;
  readonly report: CopyReport | null;
  /** When the last message came, and when `report.steps` last rose or nothing was in flight. */
  readonly heardAt: number;
  readonly progressAt: number;
  readonly pid: number | null;
  /** Why it ended, when it has. */
  readonly exit: ErrorData | null;
}

export interface FleetSnapshot {
  readonly at: number;
  readonly copies: readonly CopyObservation[];
}

export interface Fleet {
  /** `ours`: we say which copies run; `engine`: the fleet places by itself. */
  readonly placement: 'ours' | 'engine';
  /** Makes that copy exist with `threads` compute threads; returns before it is ready. */
  apply(copy: CopyRef, component: InferenceComponent, threads: number): void;
  observe(): FleetSnapshot;
  /** Takes nothing new, finishes what it has; the caller removes it later. */
  drain(copy: CopyRef): void;
  /** Ends the process at once and forgets it; repeat until the snapshot no longer has it. */
  remove(copy: CopyRef): void;
  setThreads(copy: CopyRef, count: number): void;
  /** Calls back when a snapshot would differ; only a hint. The result unsubscribes. */
  onChange(listener: () => void): () => void;
}
