/**
 * OpenAI's bodies at SageMaker's addresses. This dialect says who answers and how the answer travels; what
 * is inside the body is the OpenAI dialect's. The two meet only in this seam, which apps ties together.
 */
import type { InferenceComponent } from '../../domain/component.js';
import type { StowageError } from '../../domain/errors.js';
import type { Serving } from '../../serving/facade.js';
import type { Exchange, StreamWriter } from '../http/exchange.js';
import type { JsonObject } from '../json-body/fields.js';

/** One invocation with an OpenAI body. */
export interface CarriedCall {
  readonly serving: Serving;
  /** Answers are given to this one; they may come out in another form than they were given in. */
  readonly exchange: Exchange;
  /** The invocation's body, parsed. */
  readonly body: JsonObject;
  /** Who answers. */
  readonly component: InferenceComponent;
  readonly failures: CarriedFailures;
}

/** Failures are told in this dialect's words. */
export interface CarriedFailures {
  /** Before anything of the answer was sent; called at most once and instead of an answer. */
  readonly refuse: (error: StowageError) => void;
  /** After a stream was opened, instead of its end; null = as OpenAI tells it, within the stream. */
  readonly breakOff: ((error: StowageError) => void) | null;
}

/** What the OpenAI dialect does for others. Both throw errors of the table for bodies that are not right. */
export interface OpenAiBodies {
  readonly completions: (call: CarriedCall) => void;
  readonly chat: (call: CarriedCall) => void;
  readonly embeddings: (call: CarriedCall) => void;
  readonly rerank: (call: CarriedCall) => void;
}

/** Which of OpenAI's bodies this is, by the field that only it has; null = none. */
export function openAiBodyOf(body: JsonObject): keyof OpenAiBodies | null {
  if (body['inputs'] !== undefined) return null;
  if (body['messages'] !== undefined) return 'chat';
  if (body['prompt'] !== undefined) return 'completions';
  if (body['input'] !== undefined) return 'embeddings';
  return body['query'] !== undefined && body['documents'] !== undefined ? 'rerank' : null;
}

/** How a carried answer travels. */
export interface Carriage {
  respond(status: number, contentType: string, body: string | Uint8Array): void;
  openStream(contentType: string): StreamWriter;
}

/** An exchange whose answers travel by that carriage. */
export function carriedExchange(exchange: Exchange, carriage: Carriage): Exchange {
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
    respond: (status, headers, body) => carriage.respond(status, typeOf(headers), body),
    openStream: (_, headers) => carriage.openStream(typeOf(headers)),
    onClientGone: (listener) => exchange.onClientGone(listener),
  };
}

function typeOf(headers: Readonly<Record<string, string>>): string {
  return headers['content-type'] ?? 'application/json';
}
