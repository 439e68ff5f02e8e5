/** What front ends may ask of serving: find what a caller means, and have a request answered into a sink. */
import type { InferenceComponent } from '../domain/component.js';
import type {
  Caller,
  ComputationResult,
  InferenceEnd,
  InferenceRequest,
  TokenChunk,
} from '../domain/inference.js';
import type { Scope } from '../domain/scope.js';
import type { RoutingExplanation } from './route-record.js';
import type { OpenedSession } from './sessions.js';

export type { RouteCandidate, RouteRecord, RoutingExplanation } from './route-record.js';
export type { OpenedSession } from './sessions.js';

/**
 * Where an answer goes. Called synchronously and never after `onEnd`, which is called exactly once.
 * A sink never blocks: one that cannot pass text on keeps it until it can (bounded by the answer's length).
 */
export interface AnswerSink {
  /** The prompt was accepted by a copy; called before the first chunk, once even if the request is resumed. */
  onStart(promptTokens: number): void;
  onChunk(chunk: TokenChunk): void;
  /** What a computation came to; called once, before `onEnd`. Only sinks of computations need it. */
  onResult?(result: ComputationResult): void;
  onEnd(end: InferenceEnd): void;
  /** Which copy got it; called at each hand-over of a request with `isExplained`. */
  onRouted?(copy: string): void;
}

export interface AnswerHandle {
  /** The caller is gone or wants no more; ends with Outcome.Cancelled unless it already ended. */
  cancel(): void;
}

/** What is left of a caller's budget: of its key's or its account's, whichever has less. */
export interface BudgetState {
  readonly tokensPerMinuteMax: number;
  /** ≥ 0. */
  readonly remaining: number;
  /** Until the budget is whole again, milliseconds. */
  readonly resetMs: number;
}

export interface BudgetDesk {
  /** Null = the caller has no budget. */
  budgetOf(caller: Caller): BudgetState | null;
}

export interface Serving {
  /**
   * What a caller of that scope can name, from the current route table: inference components and the own models of
   * production variants, in the table's order.
   */
  components(scope: Scope): readonly InferenceComponent[];
  /**
   * What a call of that scope means. Nothing of another scope is found or told of, but the regions in which the same
   * account has the endpoint or component.
   *
   * - `endpoint` null: `name` is a component's, an endpoint's or `endpoint/name`.
   * - `endpoint` given: `name` is a component's, that of a variant with its own model, or the endpoint's own.
   * - No component named: one of the production variants with their own models, chosen by weight; where there is
   *   none, the endpoint's only component.
   * - `variant` given: that production variant and no other.
   * - `name:adapter`: that one with its adapter; an adapter's name alone where only one component has one of that name.
   *
   * Throws NAME-404, NAME-405, NAME-407 or NAME-412.
   */
  resolve(
    scope: Scope,
    endpoint: string | null,
    name: string | null,
    variant: string | null,
  ): InferenceComponent;
  /** Takes the request; refusals arrive at the sink as an end, never as a throw. */
  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle;
  /**
   * True when everything that callers can name has a ready copy, is to have none, or has none for a reason that
   * somebody must mend. Once that was so, what is new does not count before it was ready for the first time.
   */
  isReady(): boolean;
}

/** What SageMaker's dialect asks beside answers. */
export interface SessionDesk {
  /**
   * A session whose calls go to the same copy; `key`: the public id of its caller's. Throws NAME-404, or CAP-112 when
   * there are too many or the key has its share of them.
   */
  openSession(component: InferenceComponent, key: string): OpenedSession;
  /** Ends a session of that component. Throws NAME-404, or NAME-415 when there is none of that id. */
  closeSession(component: InferenceComponent, id: string): void;
}

/** What the addresses of administrators ask. */
export interface RoutingDesk {
  /** How a component's requests find their copies. Throws NAME-404. */
  explainRouting(component: InferenceComponent): RoutingExplanation;
}
