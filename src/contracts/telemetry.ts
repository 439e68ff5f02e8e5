/** What the loops measure, by meaning; the adapters know the names and formats. `component` is a `componentKey`. */
import type { BudgetOwner, Outcome } from '../domain/inference.js';
import type { CopyReport } from '../domain/copy.js';

export interface Telemetry {
  /** A request ended. Durations in seconds from its arrival; null when it never got there. */
  requestEnded(component: string, outcome: Outcome, facts: RequestFacts): void;
  /** Seconds between two updates of one answer. */
  tokenGap(component: string, seconds: number): void;
  /** Requests held in the serving queue, and requests handed to copies. */
  load(component: string, waiting: number, running: number): void;
  /** A copy's own report; null when it is gone. */
  copyReport(component: string, copyId: string, report: CopyReport | null): void;
  copyEnded(component: string, reason: string): void;
  requestResumed(component: string): void;
  /** A request was handed to a copy for the first time, so many seconds after its arrival. */
  waited(component: string, priority: number, seconds: number): void;
  /** A request gave its place in a full queue to that of a caller that held less. */
  requestPushedOut(component: string): void;
  /** A request was refused because the tokens of its key or its account were used up. */
  budgetRefused(component: string, owner: BudgetOwner): void;
  /** Nothing more comes of it: what was measured of its requests may be forgotten. */
  componentGone(component: string): void;
}

export interface RequestFacts {
  readonly seconds: number;
  readonly firstTokenSeconds: number | null;
  readonly queueSeconds: number | null;
  readonly promptTokens: number;
  readonly generatedTokens: number;
}

/** Structured log lines; pino's shape. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
