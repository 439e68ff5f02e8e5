/**
 * Who runs copies: this machine's processes now, other schedulers later. Level-triggered: say what should
 * run, look at whole snapshots. Every call may be repeated: `apply` of a copy that runs and `remove` of a
 * copy that is gone succeed. Copies outlive the caller: a fleet that is made anew finds those that still run and
 * shows them, with the same incarnation, instead of starting them again.
 */
import type { CopyRef, CopyReport, CopyState } from '../domain/copy.js';
import type { InferenceComponent } from '../domain/component.js';
import type { AcceleratorShare } from '../domain/record.js';
import type { EngineInfo } from './engine.js';
import type { ErrorData } from '../domain/errors.js';
import type { AdapterSource } from '../domain/adapter.js';
import type { AdapterState } from './worker-protocol.js';

/** One copy that should exist. */
export interface CopyAssignment {
  readonly copy: CopyRef;
  readonly component: InferenceComponent;
  /** Compute threads, ≥ 1. */
  readonly threads: number;
  /** The instance it is placed on, and the host that is a slice of. */
  readonly instance: string;
  readonly host: string;
  readonly accelerators: readonly AcceleratorShare[];
  /** LoRA adapters it should have from the start, beside those of its options; absent = none. */
  readonly adapters?: readonly AdapterSource[];
}

export interface CopyObservation {
  readonly copy: CopyRef;
  /** `componentKey` and generation it was started for. */
  readonly component: string;
  readonly generation: number;
  readonly instance: string;
  readonly state: CopyState;
  /** When it entered that state, by the fleet's clock (`Clock.now`); of an adopted copy, when it was adopted. */
  readonly since: number;
  /** Where serving reaches it; present when ready or draining. */
  readonly address: string | null;
  readonly info: EngineInfo | null;
  readonly loading: { readonly phase: string; readonly fraction: number } | null;
  readonly report: CopyReport | null;
  /** Of the adapters it was told of: those that are loaded or could not be. */
  readonly adapters: readonly AdapterState[];
  /** When the last message came, and when `report.steps` last rose or nothing was in flight. */
  readonly heardAt: number;
  readonly progressAt: number;
  readonly pid: number | null;
  /** Why it ended, when it has. */
  readonly exit: ErrorData | null;
}

/** One accelerator of a host, as measured. */
export interface AcceleratorObservation {
  readonly memoryBytesTotal: number;
  readonly memoryBytesAvailable: number;
}

/** A machine that instances are slices of. */
export interface HostObservation {
  readonly id: string;
  readonly zone: string;
  readonly cpus: number;
  readonly memoryBytesTotal: number;
  /** Measured: what processes could take now without anything being ended or swapped out. */
  readonly memoryBytesAvailable: number;
  /** GPUs; empty where there are none. */
  readonly accelerators: readonly AcceleratorObservation[];
}

export interface FleetSnapshot {
  readonly at: number;
  readonly hosts: readonly HostObservation[];
  readonly copies: readonly CopyObservation[];
}

export interface Fleet {
  /** `ours`: we say which copies run; `engine`: the fleet places by itself. */
  readonly placement: 'ours' | 'engine';
  /** Makes that copy exist; returns before it is ready. */
  apply(assignment: CopyAssignment): void;
  observe(): FleetSnapshot;
  /** Takes nothing new, finishes what it has; the caller removes it later. */
  drain(copy: CopyRef): void;
  /** Ends the process at once and forgets it; repeat until the snapshot no longer has it. */
  remove(copy: CopyRef): void;
  setThreads(copy: CopyRef, count: number): void;
  /**
   * Gives back the memory that its next request can make anew, and keeps the rest; that request wakes it by itself. A
   * copy with work, or that cannot, takes no notice.
   */
  sleep(copy: CopyRef): void;
  /** The LoRA adapters it should have now, beside those of its options. */
  setAdapters(copy: CopyRef, adapters: readonly AdapterSource[]): void;
  /** The last lines a copy printed, oldest first, of all its incarnations that are still known; [] = none. */
  logs(copyId: string, linesMax: number): Promise<readonly string[]>;
  /** Calls back when a snapshot would differ; only a hint. The result unsubscribes. */
  onChange(listener: () => void): () => void;
}
