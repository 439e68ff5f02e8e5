/** Time, handed in, so that the simulator can own it. */
export interface Clock {
  /** Milliseconds that never go back; only differences mean something. */
  now(): number;
  /** Milliseconds since 1970 by the wall clock, for dates that people read or sign. */
  wallNow(): number;
  /** Calls `task` once, about `delayMs` from now; the result takes it back. */
  after(delayMs: number, task: () => void): () => void;
}
