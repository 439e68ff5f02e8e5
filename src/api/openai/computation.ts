/**
 * Calls that are computed as a whole, embeddings and rankings: one request to serving, one body as the answer. A caller
 * that goes away cancels it.
 */
import type { InferenceComponent } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import { type Computation, type ComputationResult, Outcome } from '../../domain/inference.js';
import type { Serving } from '../../serving/facade.js';
import type { Exchange } from '../http/exchange.js';
import type { Standing } from '../json-body/standing.js';
import type { Failures } from './answer.js';
import { encodeError } from './errors.js';

/** A decoded body. */
export interface ComputationCall {
  /** As the caller wrote it; null when absent or empty. */
  readonly model: string | null;
  readonly computation: Computation;
  /** The answer's body. */
  readonly encode: (result: ComputationResult, names: AnswerNames) => string;
}

export interface AnswerNames {
  /** The exchange's. */
  readonly id: string;
  /** As the caller named it. */
  readonly model: string;
}

export interface ComputationParts {
  readonly exchange: Exchange;
  readonly call: ComputationCall;
  readonly component: InferenceComponent;
  readonly failures: Failures;
  readonly standing: Standing;
}

/** Answers the exchange, now or when the result is there. Throws REQ-212 where an adapter was named. */
export function answerComputation(serving: Serving, parts: ComputationParts): void {
  const { exchange, call, component } = parts;
  const { id } = exchange;
  if (component.adapter !== undefined) {
    const problem = `the adapter \`${component.adapter.name}\` changes generated text; name the component alone`;
    throw StowageError.of('REQ-212', { field: 'model', problem });
  }
  let result: ComputationResult | null = null;
  const handle = serving.answer(
    { kind: 'computation', id, component, ...parts.standing, computation: call.computation },
    {
      onStart: () => undefined,
      onChunk: () => undefined,
      onResult: (computed) => (result = computed),
      onEnd: (end) => {
        if (end.outcome !== Outcome.Completed) refuse(parts, StowageError.fromData(end.error));
        else if (result === null) refuse(parts, StowageError.of('INT-500', {}));
        else {
          const body = call.encode(result, { id, model: call.model ?? component.name });
          exchange.respond(200, { 'content-type': 'application/json' }, body);
        }
      },
    },
  );
  exchange.onClientGone(() => handle.cancel());
}

function refuse({ exchange, failures }: ComputationParts, error: StowageError): void {
  if (failures.refuse !== null) {
    failures.refuse(error);
    return;
  }
  const encoded = encodeError(error);
  exchange.respond(encoded.status, encoded.headers, encoded.body);
}

/** Tokens of texts that were read; nothing is generated. */
export function textUsage(promptTokens: number): object {
  return { prompt_tokens: promptTokens, total_tokens: promptTokens };
}
