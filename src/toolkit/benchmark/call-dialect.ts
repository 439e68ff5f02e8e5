/**
 * The two wires a load can speak: OpenAI's completions (plain or chat) and SageMaker's invocations with the
 * large-model containers' bodies. Encodes calls and reads answers; the reading takes whichever of the known
 * shapes comes, because servers differ in what they put on the same address. Pure.
 */
import { signatureHeaders } from './request-signing.js';
import type { SigningKey } from './request-signing.js';

export const WireApi = {
  /** `POST /v1/completions` or `/v1/chat/completions`. */
  OpenAi: 'openai',
  /** `POST /endpoints/NAME/invocations[-response-stream]`. */
  SageMaker: 'sagemaker',
} as const;
export type WireApi = (typeof WireApi)[keyof typeof WireApi];

export type CallCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly key: string }
  | { readonly kind: 'signature'; readonly key: SigningKey };

export interface CallTarget {
  /** `http(s)://host[:port][/path]`; a path that ends in `/v1` is taken as OpenAI's base address. */
  readonly url: string;
  readonly api: WireApi;
  /** OpenAI's `model`, SageMaker's inference component; null = the server's or endpoint's only one. */
  readonly model: string | null;
  /** SageMaker's endpoint; unused by OpenAI's wire. */
  readonly endpoint: string | null;
  /** Send the prompt as one user message instead of as text. */
  readonly chat: boolean;
  readonly credentials: CallCredentials;
}

export interface CallRequest {
  readonly prompt: string;
  readonly suffix: string | null;
  /** null = what the server does when nothing is said. */
  readonly newTokensMax: number | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly endTokensIgnored: boolean;
  readonly stream: boolean;
}

export interface EncodedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The HTTP request of a call. `at`: milliseconds since 1970, for the signature. */
export function encodeCall(target: CallTarget, request: CallRequest, at: number): EncodedCall {
  const encoded =
    target.api === WireApi.OpenAi ? openAiCall(target, request) : sageMakerCall(target, request);
  const base = new URL(target.url);
  const headers = { 'content-type': 'application/json', ...encoded.headers };
  return {
    ...encoded,
    headers: {
      ...headers,
      ...credentialHeaders(target.credentials, { ...encoded, headers, host: base.host, at }),
    },
  };
}

function credentialHeaders(
  credentials: CallCredentials,
  call: EncodedCall & { readonly host: string; readonly at: number },
): Record<string, string> {
  switch (credentials.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { authorization: `Bearer ${credentials.key}` };
    case 'signature':
      return signatureHeaders({ method: 'POST', ...call }, credentials.key);
    default:
      return credentials satisfies never;
  }
}

function openAiCall(target: CallTarget, request: CallRequest): EncodedCall {
  const body = {
    ...(target.model === null ? {} : { model: target.model }),
    ...(target.chat ? { messages: [{ role: 'user', content: request.prompt }] } : { prompt: request.prompt }),
    ...(request.suffix === null ? {} : { suffix: request.suffix }),
    ...(request.newTokensMax === null ? {} : { max_tokens: request.newTokensMax }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.endTokensIgnored ? { ignore_eos: true } : {}),
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  const path = target.chat ? '/chat/completions' : '/completions';
  return { path: `${versionedPath(target.url)}${path}`, headers: {}, body: JSON.stringify(body) };
}

/** The path of OpenAI's base address; `/v1` is added to bare hosts, as `/v1` is what most bases end in. */
export function versionedPath(url: string): string {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  return /\/v\d+$/.test(path) ? path : `${path}/v1`;
}

function sageMakerCall(target: CallTarget, request: CallRequest): EncodedCall {
  const body = {
    inputs: request.prompt,
    ...(request.suffix === null ? {} : { suffix: request.suffix }),
    parameters: {
      ...(request.newTokensMax === null ? {} : { max_new_tokens: request.newTokensMax }),
      ...(request.temperature === null
        ? {}
        : request.temperature === 0
          ? { do_sample: false }
          : { do_sample: true, temperature: request.temperature }),
      ...(request.seed === null ? {} : { seed: request.seed }),
      ...(request.endTokensIgnored ? { ignore_eos: true } : {}),
      details: true,
    },
    ...(request.stream ? { stream: true } : {}),
  };
  const base = new URL(target.url).pathname.replace(/\/+$/, '');
  const operation = request.stream ? 'invocations-response-stream' : 'invocations';
  return {
    path: `${base}/endpoints/${encodeURIComponent(target.endpoint ?? '')}/${operation}`,
    headers: target.model === null ? {} : { 'x-amzn-sagemaker-inference-component': target.model },
    body: JSON.stringify(body),
  };
}

/** What one JSON object of an answer says; null where it says nothing of it. */
export interface AnswerPiece {
  readonly text: string;
  /** Why the answer ended, in the server's word. */
  readonly finishReason: string | null;
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  readonly error: { readonly code: string | null; readonly message: string } | null;
}

/** One JSON object of an answer, of a stream or whole. Throws SyntaxError when it is not JSON. */
export function readPiece(text: string): AnswerPiece {
  const parsed: unknown = JSON.parse(text);
  const value = objectOf(Array.isArray(parsed) ? parsed[0] : parsed);
  const choices: unknown = value['choices'];
  const choice = objectOf(Array.isArray(choices) ? choices[0] : undefined);
  const usage = objectOf(value['usage']);
  const details = objectOf(value['details']);
  const token = objectOf(value['token']);
  return {
    text:
      textOf(choice['text']) ??
      textOf(objectOf(choice['delta'])['content']) ??
      textOf(objectOf(choice['message'])['content']) ??
      // A container's last line repeats the whole text beside its last token.
      (value['token'] === undefined ? textOf(value['generated_text']) : textOf(token['text'])) ??
      '',
    finishReason:
      textOf(choice['finish_reason']) ??
      textOf(details['finish_reason']) ??
      (typeof value['generated_text'] === 'string' ? 'stop' : null),
    promptTokens:
      countOf(usage['prompt_tokens']) ??
      countOf(details['prompt_tokens']) ??
      countOf(details['input_tokens']),
    outputTokens: countOf(usage['completion_tokens']) ?? countOf(details['generated_tokens']),
    error: errorOf(value),
  };
}

/** The error of an answer's body, in any of the shapes servers use. */
function errorOf(value: Record<string, unknown>): AnswerPiece['error'] {
  const error = value['error'];
  if (typeof error === 'string') return { code: textOf(value['error_type']), message: error };
  const inner = objectOf(error);
  const message = textOf(inner['message']) ?? textOf(value['Message']) ?? textOf(value['message']);
  if (message === null) return null;
  return { code: textOf(inner['code']) ?? textOf(value['ErrorCode']) ?? textOf(value['__type']), message };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
