/**
 * What a call says of the copy that should answer it, and what its caller is told of that copy. Hints ride on every
 * request that is made of the call; a call without any costs nothing.
 */
import type { InferenceRequest } from '../../domain/inference.js';
import type { AnswerSink, Serving } from '../../serving/facade.js';
import type { Exchange, RequestHeaders } from './exchange.js';
import { withHeaders } from './with-headers.js';

/** What one call hints, at least one of them. */
interface RoutingHints {
  readonly session?: string;
  readonly prefixId?: string;
  readonly isExplained?: true;
  readonly isStrict?: true;
}

/** As long as SageMaker's. Longer ones are cut: they are only compared. */
const sessionCharactersMax = 256;
const prefixIdCharactersMax = 64;

/**
 * `Prefix-Aware-Id`, and `X-Stowage-Explain-Route: 1`, which asks for the header `X-Stowage-Routed-To` in the answer and
 * for a record of the choice. `X-Stowage-No-Capacity: refuse` asks for SageMaker's refusal where no copy takes requests,
 * instead of being held until one does. The session is the caller's to say, and a prefix's id that its dialect read.
 *
 * Null when the call hints nothing: most do not.
 */
export function hintsOf(
  headers: RequestHeaders,
  session: string | null,
  readPrefixId: string | null = null,
): RoutingHints | null {
  const prefixId = readPrefixId ?? prefixIdOf(headers);
  const isExplained = headers['x-stowage-explain-route'] === '1';
  const isStrict = headers['x-stowage-no-capacity'] === 'refuse';
  if (session === null && prefixId === null && !isExplained && !isStrict) return null;
  return {
    ...(session === null ? {} : { session }),
    ...(prefixId === null ? {} : { prefixId }),
    ...(isExplained ? { isExplained } : {}),
    ...(isStrict ? { isStrict } : {}),
  };
}

function prefixIdOf(headers: RequestHeaders): string | null {
  const prefixId = headers['prefix-aware-id'] ?? headers['x-amzn-sagemaker-prefix-aware-id'];
  return typeof prefixId === 'string' && prefixId !== '' ? prefixId.slice(0, prefixIdCharactersMax) : null;
}

/**
 * The session of a call with OpenAI's body, for affinity only: the header `X-Session-Id`, else the body's
 * `prompt_cache_key`, else its `user`; null = it names none. Each kind has its prefix: no two of them ever mean the same
 * session, whatever their callers write.
 */
export function sessionHintOf(
  headers: RequestHeaders,
  body: { readonly [field: string]: unknown },
): string | null {
  return (
    hintOf('header', headers['x-session-id']) ??
    hintOf('cache', body['prompt_cache_key']) ??
    hintOf('user', body['user'])
  );
}

function hintOf(kind: string, value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? `${kind}:${value.slice(0, sessionCharactersMax)}` : null;
}

/** Serving, asked with the hints on each request; `routedTo` gets the copies, each once. */
function hintedServing(serving: Serving, hints: RoutingHints, routedTo: Set<string>): Serving {
  return {
    components: (scope) => serving.components(scope),
    resolve: (scope, endpoint, name, variant) => serving.resolve(scope, endpoint, name, variant),
    isReady: () => serving.isReady(),
    answer: (request, sink) => {
      const hinted: InferenceRequest = { ...request, ...hints };
      return serving.answer(hinted, hints.isExplained === true ? toldSink(sink, routedTo) : sink);
    },
  };
}

function toldSink(sink: AnswerSink, routedTo: Set<string>): AnswerSink {
  return {
    onStart: (promptTokens) => sink.onStart(promptTokens),
    onChunk: (chunk) => sink.onChunk(chunk),
    onResult: (result) => sink.onResult?.(result),
    onEnd: (end) => sink.onEnd(end),
    onRouted: (copy) => routedTo.add(copy),
  };
}

/** An exchange whose answers say which copies worked on it until then. */
function explainedExchange(exchange: Exchange, routedTo: ReadonlySet<string>): Exchange {
  return withHeaders(exchange, (headers) =>
    routedTo.size === 0 ? headers : { ...headers, 'x-stowage-routed-to': [...routedTo].join(', ') },
  );
}

/** What a call is answered with and to: both as they are when it gives no hint. */
export function hintedCall(
  serving: Serving,
  exchange: Exchange,
  hints: RoutingHints | null,
): { readonly serving: Serving; readonly exchange: Exchange } {
  if (hints === null) return { serving, exchange };
  const routedTo = new Set<string>();
  return {
    serving: hintedServing(serving, hints, routedTo),
    exchange: hints.isExplained === true ? explainedExchange(exchange, routedTo) : exchange,
  };
}
