/**
 * What computes inside a worker: tokens step by step, tensors batch by batch, or a program of others. The service
 * that talks to callers knows only this.
 */
import type { EngineInfo } from '../contracts/engine.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import type { CopyReport } from '../domain/copy.js';

/** One request that a runner has taken. */
export interface Task {
  readonly submitted: SubmittedStream;
  readonly isEnded: boolean;
  /** What is new since the last call; null when nothing is. Of one that has ended, once, with its end or error. */
  news(): StepUpdate | null;
}

export interface RunnerEvents {
  /** Tasks that may have news. */
  readonly onProgress: (tasks: readonly Task[]) => void;
  /** Work began or ran out. */
  readonly onActivity: () => void;
  /** What computes is broken for good. */
  readonly onFailure: (error: unknown) => void;
}

/** What a copy reports, but for what the process as a whole knows. */
export type RunnerCounts = Omit<CopyReport, 'memoryBytes' | 'threads'>;

export interface Runner {
  readonly info: EngineInfo;
  /** Works from now on; called once. */
  start(events: RunnerEvents): void;
  /** Takes work over; the task may have ended already. Throws a StowageError where it cannot. */
  take(submitted: SubmittedStream): Task;
  /** No more news of it; whatever it had is given back. */
  cancel(task: Task): void;
  counts(): RunnerCounts;
  /** Resident memory of processes beside this one, bytes; absent = there are none. */
  memoryBytes?(): number;
  /** Gives back what the next request can make anew, unless there is work; absent = it cannot. */
  sleep?(): void;
  /** Compute threads from now on, ≥ 1. */
  setThreads(count: number): void;
  close(): void;
}
