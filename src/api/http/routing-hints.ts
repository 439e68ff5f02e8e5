/**
 * What a call says of the copy that should answer it, and what its caller is told of that copy. Hints ride on every
 * request that is made of the call; a call without any costs nothing.
 */
import type { InferenceRequest } from '../../domain/inference.js';
import type { AnswerSink, Serving } from '../../serving/facade.js';
import type { Exchange, RequestHeaders } from './exchange.js';

/** Filled while the call is read; looked at when its requests are made. */
export interface RoutingHints {
  session?: string;
  prefixId?: string;
  isExplained?: true;
  isStrict?: true;
}

/** As long as SageMaker's. Longer ones are cut: they are only compared. */
const sessionCharactersMax = 256;
const prefixIdCharactersMax = 64;

/**
 * `Prefix-Aware-Id`, and `X-Stowage-Explain-Route: 1`, which asks for the header `X-Stowage-Routed-To` in the answer and
 * for a record of the choice. `X-Stowage-No-Capacity: refuse` asks for SageMaker's refusal where no copy takes requests,
 * instead of being held until one does.
 */
export function hintsOf(headers: RequestHeaders): RoutingHints {
  const hints: RoutingHints = {};
  const prefixId = headers['prefix-aware-id'] ?? headers['x-amzn-sagemaker-prefix-aware-id'];
  if (typeof prefixId === 'string' && prefixId !== '')
    hints.prefixId = prefixId.slice(0, prefixIdCharactersMax);
  if (headers['x-stowage-explain-route'] === '1') hints.isExplained = true;
  if (headers['x-stowage-no-capacity'] === 'refuse') hints.isStrict = true;
  return hints;
}

/**
 * The session of a call with OpenAI's body, for affinity only: the header `X-Session-Id`, else the body's
 * `prompt_cache_key`, else its `user`. The three never mean the same session.
 */
export function sessionHintOf(
  headers: RequestHeaders,
  body: { readonly [field: string]: unknown },
): string | undefined {
  const named = headers['x-session-id'];
  if (typeof named === 'string' && named !== '') return named.slice(0, sessionCharactersMax);
  const { prompt_cache_key: key, user } = body;
  if (typeof key === 'string' && key !== '') return `cache:${key.slice(0, sessionCharactersMax)}`;
  if (typeof user === 'string' && user !== '') return `user:${user.slice(0, sessionCharactersMax)}`;
  return undefined;
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
  const told = (headers: Readonly<Record<string, string>>) =>
    routedTo.size === 0 ? headers : { ...headers, 'x-stowage-routed-to': [...routedTo].join(', ') };
  return {
    id: exchange.id,
    method: exchange.method,
    path: exchange.path,
    target: exchange.target,
    query: exchange.query,
    headers: exchange.headers,
    body: exchange.body,
    principal: exchange.principal,
    arrivedAt: exchange.arrivedAt,
    respond: (status, headers, body) => exchange.respond(status, told(headers), body),
    openStream: (status, headers) => exchange.openStream(status, told(headers)),
    onClientGone: (listener) => exchange.onClientGone(listener),
  };
}

/** What a call is answered with and to: both as they are when it gives no hint. */
export function hintedCall(
  serving: Serving,
  exchange: Exchange,
  hints: RoutingHints,
): { readonly serving: Serving; readonly exchange: Exchange } {
  if (Object.values(hints).every((hint) => hint === undefined)) return { serving, exchange };
  const { isExplained } = hints;
  const routedTo = new Set<string>();
  return {
    serving: hintedServing(serving, hints, routedTo),
    exchange: isExplained === true ? explainedExchange(exchange, routedTo) : exchange,
  };
}
