/** What reconcile looks at: the copies there are, what is remembered about their slots, and the limits. */
import type { InferenceComponent } from '../../domain/component.js';
import type { CopyRef, CopyReport, CopyState } from '../../domain/copy.js';
import type { ErrorData } from '../../domain/errors.js';

/** One copy as the fleet sees it, and what it was started with. */
export interface ObservedCopy {
  readonly copy: CopyRef;
  /** `endpoint/name`. */
  readonly component: string;
  readonly generation: number;
  readonly state: CopyState;
  /** When it entered that state. */
  readonly since: number;
  readonly report: Pick<CopyReport, 'running' | 'waiting' | 'slowestStepMs'> | null;
  /** When the last message came, and when steps last rose or nothing was in flight. */
  readonly heardAt: number;
  readonly progressAt: number;
  /** Reserved for it; 0 = nothing. */
  readonly memoryBytesMax: number;
  /** A drain may last this long. */
  readonly drainMsMax: number;
  /** It was told to end already. */
  readonly isRemoving: boolean;
}

/** Why a slot has no copy, as long as its component's generation stays the same. */
export interface SlotHistory {
  readonly generation: number;
  /** Ends in a row without 60 s of readiness between. */
  readonly failures: number;
  readonly restartAt: number;
  readonly error: ErrorData;
}

export interface History {
  /** By slot id. */
  readonly slots: ReadonlyMap<string, SlotHistory>;
  /**
   * Since when the observer has looked regularly. Silence before that is the observer's own: it was stopped,
   * or its machine slept.
   */
  readonly observedSince: number;
}

export interface ReconcileLimits {
  /** A ready copy that said nothing for so long hangs, milliseconds. */
  readonly silenceMsMax: number;
  /** A copy with work that finished no step for so long hangs, milliseconds; of one that has not stepped yet. */
  readonly progressMsMax: number;
  /** The same once its steps are known: so many times the longest of the recent ones, and at least so long. */
  readonly progressStepsMax: number;
  readonly progressMsMin: number;
  /** From the start of a process to its first words, milliseconds. */
  readonly answerMsMax: number;
  /** From there to readiness, milliseconds. */
  readonly loadMsMax: number;
  /** A draining copy is not taken for idle before, because requests may be on their way to it, milliseconds. */
  readonly drainMsMin: number;
  /** The second restart in a row waits so long, each further one twice as long as the one before, milliseconds. */
  readonly restartMsMin: number;
  readonly restartMsMax: number;
  /** Readiness that makes earlier failures forgotten, milliseconds. */
  readonly healthyMs: number;
  /** Of the machine, for all copies; 0 = unknown, not checked. */
  readonly memoryBytesTotal: number;
}

export const reconcileLimits: ReconcileLimits = {
  silenceMsMax: 5_000,
  progressMsMax: 60_000,
  progressStepsMax: 20,
  progressMsMin: 8_000,
  answerMsMax: 30_000,
  loadMsMax: 600_000,
  drainMsMin: 1_500,
  restartMsMin: 500,
  restartMsMax: 30_000,
  healthyMs: 60_000,
  memoryBytesTotal: 0,
};

export type Action =
  | {
      readonly kind: 'start';
      /** The slot; the performer chooses the incarnation. */
      readonly id: string;
      readonly component: InferenceComponent;
      readonly reason: string;
    }
  | { readonly kind: 'drain'; readonly copy: CopyRef; readonly reason: string }
  | {
      readonly kind: 'remove';
      readonly copy: CopyRef;
      readonly reason: string;
      /** Set when the copy failed: it counts against its slot. */
      readonly error: ErrorData | null;
    };

/** A copy that should run and cannot be started yet. */
export interface HeldSlot {
  readonly id: string;
  readonly component: string;
  readonly reason: string;
  /** When it is tried again; null = when something else changes. */
  readonly until: number | null;
  readonly error: ErrorData | null;
}

export interface Decision {
  readonly actions: readonly Action[];
  readonly held: readonly HeldSlot[];
  /** When the same input would be decided otherwise only because time passed; null = never. */
  readonly lookAgainAt: number | null;
}
