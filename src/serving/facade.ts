/** What front ends may ask of serving: find a component, and have a request answered into a sink. */
import type { ComponentRef, InferenceComponent } from '../domain/component.js';
import type { InferenceEnd, InferenceRequest, TokenChunk } from '../domain/inference.js';

/**
 * Where an answer goes. Called synchronously and never after `onEnd`, which is called exactly once.
 * A sink never blocks: one that cannot pass text on keeps it until it can (bounded by the answer's length).
 */
export interface AnswerSink {
  /** The prompt was accepted by a copy; called before the first chunk, once even if the request is resumed. */
  onStart(promptTokens: number): void;
  onChunk(chunk: TokenChunk): void;
  onEnd(end: InferenceEnd): void;
}

export interface AnswerHandle {
  /** The caller is gone or wants no more; ends with Outcome.Cancelled unless it already ended. */
  cancel(): void;
}

export interface Serving {
  /** Endpoints and their components, from the current route table. */
  components(): readonly InferenceComponent[];
  /**
   * The component a caller means. `endpoint` null = any endpoint; `name` null = the endpoint's only one;
   * `name` may be `endpoint/name`. Throws NAME-404, NAME-405 or NAME-407.
   */
  resolve(endpoint: string | null, name: string | null): ComponentRef;
  /** Takes the request; refusals arrive at the sink as an end, never as a throw. */
  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle;
  /** True when every component has a ready copy. */
  isReady(): boolean;
}
