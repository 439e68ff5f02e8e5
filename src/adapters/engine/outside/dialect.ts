/**
 * Where programs that speak OpenAI's protocol differ in what they are asked: health, keys, the fields that OpenAI does
 * not have. Differences are declared here; nobody else asks which program it is.
 */
import { EngineKind } from '../../../domain/component.js';
import { StowageError } from '../../../domain/errors.js';
import type { Constraint, SamplingParameters } from '../../../domain/inference.js';
import type { LaunchedEngine } from './option-flags.js';

export type Fields = Readonly<Record<string, unknown>>;

export const WithoutLimit = {
  /** Nothing: it generates as many tokens as fit. */
  Omitted: 'omitted',
  /** `null`: left out means a few. */
  Null: 'null',
  /** As many as fit, by its own count of the prompt at `/tokenize`: it takes both for a few. */
  Counted: 'counted',
} as const;
export type WithoutLimit = (typeof WithoutLimit)[keyof typeof WithoutLimit];

export interface Dialect {
  readonly healthPath: string;
  /** The environment variable that gives it the key it asks of callers; null = it takes none that way. */
  readonly keyVariable: string | null;
  /** Fields that make it say the numbers of generated tokens. */
  readonly tokenFields: Fields;
  /** The field that cuts a text to so many tokens before it is embedded or scored; null = it cannot. */
  readonly truncationField: string | null;
  /** What it is told where the caller names no limit, at `/v1/completions`. */
  readonly withoutLimit: WithoutLimit;
  /** Fields of sampling that OpenAI does not have. `contextTokens`: what a sequence can hold, 0 = not known. */
  sampling(sampling: SamplingParameters, contextTokens: number): Fields;
  /** Throws REQ-212 for a constraint that it does not know. */
  constraint(constraint: Constraint): Fields;
  /** The adapter a request means, by its name and its place among the component's. */
  adapter(name: string, index: number): Fields;
  /** Alternatives beside each token, ≥ 0, at `/v1/completions`. */
  completionLogprobs(count: number): Fields;
}

const { LlamaServer, VLlm, SgLang, TensorRtLlm } = EngineKind;

/** Seeds of llama.cpp have 32 bits, and the largest means "any". */
const llamaSeeds = 0xffff_ffff;
/** A penalty that looks at everything must be told how much that is. */
const penaltyTokensMax = 65_536;

const llamaServer: Dialect = {
  healthPath: '/health',
  keyVariable: 'LLAMA_API_KEY',
  tokenFields: { verbose: true },
  truncationField: null,
  withoutLimit: WithoutLimit.Omitted,
  sampling: ({ topK, minP, repetitionPenalty, presencePenalty, frequencyPenalty, seed }, contextTokens) => {
    const isPenalized = repetitionPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0;
    const repeated = Math.min(penaltyTokensMax, contextTokens === 0 ? penaltyTokensMax : contextTokens);
    return {
      ...{ top_k: topK, min_p: minP, repeat_penalty: repetitionPenalty, seed: seed % llamaSeeds },
      ...(isPenalized ? { repeat_last_n: repeated } : {}),
      reasoning_format: 'none',
    };
  },
  constraint: (constraint) => {
    switch (constraint.kind) {
      case 'json-object':
        return { json_schema: { type: 'object' } };
      case 'json-schema':
        return { json_schema: JSON.parse(constraint.schema) as unknown };
      case 'grammar':
        return { grammar: constraint.grammar };
      case 'choice':
        return { grammar: `root ::= ${constraint.choices.map((one) => JSON.stringify(one)).join(' | ')}` };
      case 'regex':
        throw unknownConstraint(constraint, 'llama-server takes JSON Schema, choices and grammars');
      case 'tool-calls':
        throw unknownConstraint(constraint, 'tool calls are not passed to programs of others');
      default:
        return constraint satisfies never;
    }
  },
  adapter: (_name, index) => ({ lora: [{ id: index, scale: 1 }] }),
  completionLogprobs: (count) => ({ n_probs: Math.max(1, count) }),
};

const vllm: Dialect = {
  healthPath: '/health',
  keyVariable: 'VLLM_API_KEY',
  tokenFields: { return_token_ids: true },
  truncationField: 'truncate_prompt_tokens',
  withoutLimit: WithoutLimit.Counted,
  sampling: ({ topK, minP, repetitionPenalty, seed }) => ({
    ...{ top_k: topK === 0 ? -1 : topK, min_p: minP, repetition_penalty: repetitionPenalty, seed },
    skip_special_tokens: true,
  }),
  constraint: (constraint) => {
    switch (constraint.kind) {
      case 'json-object':
        return { structured_outputs: { json_object: true } };
      case 'json-schema':
        return { structured_outputs: { json: JSON.parse(constraint.schema) as unknown } };
      case 'regex':
        return { structured_outputs: { regex: constraint.pattern } };
      case 'choice':
        return { structured_outputs: { choice: constraint.choices } };
      case 'grammar':
        return { structured_outputs: { grammar: constraint.grammar } };
      case 'tool-calls':
        throw unknownConstraint(constraint, 'tool calls are not passed to programs of others');
      default:
        return constraint satisfies never;
    }
  },
  adapter: (name) => ({ model: name }),
  completionLogprobs: (count) => ({ logprobs: count }),
};

const sglang: Dialect = {
  healthPath: '/health',
  keyVariable: null,
  tokenFields: {},
  truncationField: null,
  withoutLimit: WithoutLimit.Null,
  sampling: ({ topK, minP, repetitionPenalty, seed }) => ({
    ...{ top_k: topK === 0 ? -1 : topK, min_p: minP, repetition_penalty: repetitionPenalty, seed },
  }),
  constraint: (constraint) => {
    switch (constraint.kind) {
      case 'json-object':
        return { json_schema: '{"type":"object"}' };
      case 'json-schema':
        return { json_schema: constraint.schema };
      case 'regex':
        return { regex: constraint.pattern };
      case 'choice':
        return { regex: `(${constraint.choices.map(escapePattern).join('|')})` };
      case 'grammar':
        return { ebnf: constraint.grammar };
      case 'tool-calls':
        throw unknownConstraint(constraint, 'tool calls are not passed to programs of others');
      default:
        return constraint satisfies never;
    }
  },
  adapter: (name) => ({ lora_path: name }),
  completionLogprobs: (count) => ({ logprobs: Math.max(1, count) }),
};

const tensorRtLlm: Dialect = {
  healthPath: '/health',
  keyVariable: null,
  tokenFields: {},
  truncationField: null,
  withoutLimit: WithoutLimit.Null,
  sampling: ({ topK, minP, repetitionPenalty, seed }) => ({
    ...{ top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty, seed },
  }),
  constraint: (constraint) => {
    switch (constraint.kind) {
      case 'json-object':
        return { response_format: { type: 'json_object' } };
      case 'json-schema':
        return { response_format: { type: 'json', schema: JSON.parse(constraint.schema) as unknown } };
      case 'regex':
        return { response_format: { type: 'regex', regex: constraint.pattern } };
      case 'choice':
        return {
          response_format: { type: 'regex', regex: `(${constraint.choices.map(escapePattern).join('|')})` },
        };
      case 'grammar':
        return { response_format: { type: 'ebnf', ebnf: constraint.grammar } };
      case 'tool-calls':
        throw unknownConstraint(constraint, 'tool calls are not passed to programs of others');
      default:
        return constraint satisfies never;
    }
  },
  adapter: () => {
    throw StowageError.of('REQ-212', {
      field: 'model',
      problem: 'TensorRT-LLM is started without adapters here',
    });
  },
  completionLogprobs: (count) => ({ logprobs: count }),
};

export const dialects: Readonly<Record<LaunchedEngine, Dialect>> = {
  [LlamaServer]: llamaServer,
  [VLlm]: vllm,
  [SgLang]: sglang,
  [TensorRtLlm]: tensorRtLlm,
};

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function unknownConstraint({ field }: Constraint, problem: string): StowageError {
  return StowageError.of('REQ-212', { field, problem });
}
