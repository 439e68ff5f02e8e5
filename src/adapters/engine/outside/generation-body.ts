/** What a program that speaks OpenAI's protocol is asked for one answer. */
import type { OutsideGeneration } from '../../../contracts/outside-engine.js';
import { StowageError } from '../../../domain/errors.js';
import { type Dialect, type Fields, WithoutLimit } from './dialect.js';

export interface BodyFacts {
  readonly servedName: string;
  /** The component's adapters by name, in the order in which the program was told them. */
  readonly adapters: readonly string[];
  /** Tokens a sequence can hold; 0 = not known. */
  readonly contextTokens: number;
  /** 0 = as many as fit. */
  readonly newTokensDefault: number;
}

export interface GenerationCall {
  readonly path: '/v1/completions' | '/v1/chat/completions';
  readonly body: Fields;
}

/** Throws REQ-212 for what the program does not know. */
export function generationCall(
  dialect: Dialect,
  request: OutsideGeneration,
  facts: BodyFacts,
): GenerationCall {
  const { prompt } = request;
  const isChat = prompt.kind === 'chat';
  const common = {
    model: facts.servedName,
    stream: true,
    stream_options: { include_usage: true },
    ...limitFields(dialect, request, facts),
    ...samplingFields(dialect, request, facts),
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...(request.endTokensIgnored ? { ignore_eos: true } : {}),
    ...(request.constraint === null ? {} : dialect.constraint(request.constraint)),
    ...adapterFields(dialect, request.adapter, facts.adapters),
  };
  if (isChat) {
    const { logprobs } = request;
    const wanted = logprobs === null ? {} : { logprobs: true, top_logprobs: logprobs };
    return { path: '/v1/chat/completions', body: { ...common, ...wanted, messages: prompt.messages } };
  }
  const asked = prompt.kind === 'text' ? prompt.prompt : prompt.tokens;
  const wanted = request.logprobs === null ? {} : dialect.completionLogprobs(request.logprobs);
  return {
    path: '/v1/completions',
    body: { ...common, ...dialect.tokenFields, ...wanted, prompt: asked },
  };
}

/**
 * Never more than a sequence can hold beside one token: programs refuse that instead of generating what fits. With a longer
 * prompt the program decides; only prompts of token numbers are counted here.
 */
function limitFields(
  dialect: Dialect,
  { newTokensMax, prompt }: OutsideGeneration,
  { newTokensDefault, contextTokens }: BodyFacts,
): Fields {
  const wanted = newTokensMax ?? (newTokensDefault === 0 ? null : newTokensDefault);
  if (wanted === null) return dialect.withoutLimit === WithoutLimit.Null ? { max_tokens: null } : {};
  const promptTokens = prompt.kind === 'tokens' ? prompt.tokens.length : 1;
  const room = Math.max(1, contextTokens - promptTokens);
  return { max_tokens: contextTokens > 1 ? Math.min(wanted, room) : wanted };
}

function samplingFields(
  dialect: Dialect,
  { sampling }: OutsideGeneration,
  { contextTokens }: BodyFacts,
): Fields {
  const { temperature, topP, presencePenalty, frequencyPenalty, logitBias } = sampling;
  return {
    ...{ temperature, top_p: topP },
    ...{ presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty },
    ...(logitBias.length === 0 ? {} : { logit_bias: Object.fromEntries(logitBias) }),
    ...dialect.sampling(sampling, contextTokens),
  };
}

function adapterFields(dialect: Dialect, name: string | null, adapters: readonly string[]): Fields {
  if (name === null) return {};
  const index = adapters.indexOf(name);
  if (index >= 0) return dialect.adapter(name, index);
  const problem = `the component has no adapter \`${name.slice(0, 100)}\``;
  throw StowageError.of('REQ-212', { field: 'model', problem });
}
