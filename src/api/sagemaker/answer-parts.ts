/** One invocation with a large-model container's body, ready for serving. */
import type { InferenceComponent } from '../../domain/component.js';
import type { StowageError } from '../../domain/errors.js';
import type { GenerationRequest } from '../../domain/inference.js';
import type { Random } from '../../contracts/random.js';
import type { Serving } from '../../serving/facade.js';
import type { Exchange } from '../http/exchange.js';
import type { Standing } from '../json-body/standing.js';
import { type DecodedCall, inputOf } from './decode.js';

export interface AnswerParts {
  readonly serving: Serving;
  readonly exchange: Exchange;
  readonly call: DecodedCall;
  /** One for each prompt of the call. */
  readonly requests: readonly GenerationRequest[];
  /** Headers that every answer to this call carries. */
  readonly answerHeaders: Readonly<Record<string, string>>;
  /** Answers with an error; for failures before anything of an answer was sent. */
  readonly refuse: (error: StowageError) => void;
}

/**
 * One request for each prompt. A caller's seed is each prompt's own, so that a prompt's answer does not
 * depend on its place in the list; without one each prompt gets another.
 * `componentOf` says which component a prompt with that adapter is for.
 */
export function requestsOf(
  call: DecodedCall,
  componentOf: (adapter: string | null) => InferenceComponent,
  id: string,
  logprobs: number | null,
  random: Random,
  { caller, priority }: Standing,
): readonly GenerationRequest[] {
  return call.prompts.map((prompt, index) => requestOf(prompt, index));

  function requestOf(prompt: string, index: number): GenerationRequest {
    const component = componentOf(call.adapters[index] ?? null);
    return {
      kind: 'generation',
      id: call.prompts.length === 1 ? id : `${id}-${index}`,
      component,
      caller,
      priority,
      input: inputOf(call, prompt),
      sampling: { ...call.sampling, seed: call.seed ?? Math.floor(random.next() * 2 ** 53) },
      newTokensMax: call.newTokensMax,
      stop: call.stop,
      logprobs,
      endTokensIgnored: call.endTokensIgnored,
      constraint: call.constraint,
      adapter: component.adapter?.id ?? null,
    };
  }
}
