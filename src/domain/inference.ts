/** One inference request, its answer in tokens, and how it can end. No wire's field names are here. */
import type { ComponentRef } from './component.js';
import type { ErrorData } from './errors.js';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  /** Of an assistant: the functions that it called. */
  readonly toolCalls?: readonly ToolCall[];
  /** Of a tool: which call this is the result of. */
  readonly toolCallId?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As JSON text. */
  readonly arguments: string;
}

/** A function that the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments, as JSON text. */
  readonly parameters: string;
}

/** What the model is asked. The component's template turns it into tokens, in the worker. */
export type PromptInput =
  | { readonly kind: 'text'; readonly prompt: string; readonly suffix: string | null }
  | {
      readonly kind: 'chat';
      readonly messages: readonly ChatMessage[];
      /** Functions that the model is told of. */
      readonly tools?: readonly ToolDefinition[];
    }
  | { readonly kind: 'tokens'; readonly tokens: readonly number[] };

/** How the next token is chosen. The neutral value of each switches it off. */
export interface SamplingParameters {
  /** ≥ 0; 0 = greedy. */
  readonly temperature: number;
  /** Keep the k likeliest; 0 = all. */
  readonly topK: number;
  /** Keep the smallest set with this probability, (0, 1]; 1 = all. */
  readonly topP: number;
  /** Keep tokens at least this likely relative to the likeliest, [0, 1); 0 = all. */
  readonly minP: number;
  /** Divides (multiplies, if negative) logits of seen tokens, > 0; 1 = off. */
  readonly repetitionPenalty: number;
  /** Subtracted once from logits of generated tokens, -2..2; 0 = off. */
  readonly presencePenalty: number;
  /** Subtracted per occurrence in the generated text, -2..2; 0 = off. */
  readonly frequencyPenalty: number;
  /** Token id and what is added to its logit, at most 1024 pairs. */
  readonly logitBias: readonly (readonly [token: number, bias: number])[];
  /** 0..2^53-1. The choice at a position is a function of the seed and that position. */
  readonly seed: number;
}

export const greedySampling: SamplingParameters = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  logitBias: [],
  seed: 0,
};

/** What an answer's text must be an instance of. `field`: what the caller calls it, for messages. */
export type Constraint = ConstraintShape & { readonly field: string };

type ConstraintShape =
  /** Any JSON object. */
  | { readonly kind: 'json-object' }
  /** JSON Schema as JSON text. */
  | { readonly kind: 'json-schema'; readonly schema: string }
  /** Of the whole answer. */
  | { readonly kind: 'regex'; readonly pattern: string }
  /** One of these texts. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** GBNF or EBNF with the rule `root`. */
  | { readonly kind: 'grammar'; readonly grammar: string }
  /** One call of one of these functions, or several, in the words that the model knows for it. */
  | {
      readonly kind: 'tool-calls';
      readonly tools: readonly ToolDefinition[];
      readonly isParallel: boolean;
    };

/** Who asked: for fairness, budgets and the bill. */
export interface Caller {
  readonly account: string;
  /** The key's public id. */
  readonly key: string;
  /** Its share when there is not enough for all, > 0; 1 unless its owner said otherwise. */
  readonly weight: number;
  /** Tokens a minute, prompt and answer together; null = as many as there are. */
  readonly tokensPerMinuteMax: number | null;
  /** The account's share among accounts, and the budget that its keys have together. */
  readonly accountWeight: number;
  readonly accountTokensPerMinuteMax: number | null;
  /** Of its requests that ask for none, and the highest they may ask for. */
  readonly priority: number;
  readonly priorityMax: number;
}

/** Whose tokens are counted. */
export type BudgetOwner = 'key' | 'account';

/** Bounds of a share's weight and of a priority. */
export const weightMin = 0.01;
export const weightMax = 1000;
export const priorityMin = -100;
export const priorityMax = 100;

interface RequestIdentity {
  /** Unique; travels to the worker and into every log line about it. */
  readonly id: string;
  readonly component: ComponentRef;
  /** Absent: a call of our own, which counts for nobody. */
  readonly caller?: Caller;
  /** Higher goes first, -100..100; absent = 0. */
  readonly priority?: number;
  /** Calls of one session go to the copy that had the one before. */
  readonly session?: string;
  /** Callers' own name for what their prompts have in common (`Prefix-Aware-Id`). */
  readonly prefixId?: string;
  /** Its way to a copy is recorded, and its caller told of it. */
  readonly isExplained?: boolean;
  /** Refused at once where there is no copy, instead of held until there is one. */
  readonly isStrict?: boolean;
}

/** Text is generated, token by token. */
export interface GenerationRequest extends RequestIdentity {
  readonly kind: 'generation';
  readonly input: PromptInput;
  readonly sampling: SamplingParameters;
  /** Tokens to generate at most; null = the component's default, and never more than fit. */
  readonly newTokensMax: number | null;
  /** Generation ends before the first of these, at most 16 of at most 1,024 characters. */
  readonly stop: readonly string[];
  /** Alternatives reported beside each chosen token, 0..20; null = no log-probabilities at all. */
  readonly logprobs: number | null;
  /** Go on past the model's end-of-generation tokens (benches want a fixed length). */
  readonly endTokensIgnored: boolean;
  readonly constraint: Constraint | null;
  /** A LoRA adapter of the component by its name; null = the model alone. */
  readonly adapter: string | null;
}

/** Something is computed as a whole; there is an answer or there is none. */
export interface ComputationRequest extends RequestIdentity {
  readonly kind: 'computation';
  readonly computation: Computation;
}

export type InferenceRequest = GenerationRequest | ComputationRequest;

/** What is computed. Bytes travel as base64. */
export type Computation =
  /** A vector for each input. */
  | {
      readonly kind: 'embed';
      readonly inputs: readonly Exclude<PromptInput, { kind: 'chat' }>[];
      /** The first so many numbers of each vector, normalized again; null = all. */
      readonly dimensions: number | null;
      /** A longer text is cut to so many tokens, or to what the model takes; null = it is refused. */
      readonly textTokensMax: number | null;
    }
  /** How well each document answers the query. */
  | {
      readonly kind: 'rerank';
      readonly query: string;
      readonly documents: readonly string[];
      /** The same for a query and a document together: the document is cut. */
      readonly textTokensMax: number | null;
    }
  /** A body as the model's own program takes it, and the media types of it and of the answer. */
  | {
      readonly kind: 'invoke';
      readonly contentType: string;
      readonly accept: string;
      readonly body: string;
      /** `X-Amzn-SageMaker-Custom-Attributes`, as the caller sent it; null = none. */
      readonly customAttributes: string | null;
    };

export type ComputationResult =
  | {
      readonly kind: 'embed';
      /** Little-endian float32 numbers, in the order of the inputs. */
      readonly vectors: readonly string[];
      readonly promptTokens: number;
    }
  | { readonly kind: 'rerank'; readonly scores: readonly number[]; readonly promptTokens: number }
  | {
      readonly kind: 'invoke';
      /** 200..299. Failures of the model's program are errors of their own. */
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly customAttributes: string | null;
    };

/** ln p of a token under the model's own distribution (temperature 1, before penalties). */
export interface TokenLogprob {
  readonly token: number;
  readonly text: string;
  /** The token's own bytes; those of a part of a UTF-8 character are no text. */
  readonly bytes: readonly number[];
  readonly logprob: number;
  readonly top: readonly Omit<TokenLogprob, 'top'>[];
}

/** What one step added to one answer. */
export interface TokenChunk {
  /** The generated tokens, in order; text of them may be held back until it is whole. */
  readonly tokens: readonly number[];
  /** Text that is now certain: complete UTF-8, and not the beginning of a stop string. */
  readonly text: string;
  /** One per token, when asked for. */
  readonly logprobs?: readonly TokenLogprob[];
}

export const FinishReason = {
  /** The model said it is done, or a stop string came. */
  Stop: 'stop',
  /** The token limit or the model's length was reached. */
  Length: 'length',
} as const;
export type FinishReason = (typeof FinishReason)[keyof typeof FinishReason];

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Of the prompt: taken from a cache instead of computed. */
  readonly cachedTokens: number;
}

export const noUsage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

/** Every request ends once, in one of these. */
export const Outcome = {
  /** The answer is complete. */
  Completed: 'completed',
  /** The caller went away or asked to stop. */
  Cancelled: 'cancelled',
  /** It was turned away before any work was done for it. */
  Refused: 'refused',
  /** A time limit of ours passed. */
  Expired: 'expired',
  /** Something of ours broke and resuming did not help. */
  Failed: 'failed',
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

export type InferenceEnd =
  | {
      readonly outcome: typeof Outcome.Completed;
      readonly reason: FinishReason;
      /** The stop string that ended it, if one did. */
      readonly stop: string | null;
      readonly usage: Usage;
    }
  | {
      readonly outcome: Exclude<Outcome, typeof Outcome.Completed>;
      readonly error: ErrorData;
      readonly usage: Usage;
    };
