/** What the gateway bench and its programs say to each other, over the channel between parent and child. */
import type { CopyRef } from '../../src/domain/copy.js';

/** One copy that the stub worker plays. */
export interface StubCopy {
  readonly address: string;
  readonly copy: CopyRef;
}

/** Requests for more new tokens than this are answered token by token, others at once. */
export const promptTokensMax = 16;
/** Between two tokens of an answer that comes token by token, milliseconds: 20 tokens per second. */
export const tokenMs = 50;
/** The text of every token: a byte that occurs nowhere else in an answer, so that tokens are counted exactly. */
export const tokenText = '~';

/** The answers of the stub's HTTP port: what the gateway was seen to answer. */
export interface StubAnswers {
  /** Body of a whole answer. */
  readonly whole: string;
  /** Event of one token, and the events after the last. */
  readonly event: string;
  readonly ending: string;
}

export interface StubReady {
  readonly httpPort: number;
}

export interface GatewayReady {
  readonly port: number;
  readonly key: string;
}

export interface Destination {
  readonly port: number;
  /** The bytes of the whole request, as text. */
  readonly request: string;
}

export type LoadJob =
  | {
      /** Requests leave at a fixed rate, whether or not earlier ones were answered. */
      readonly kind: 'open-loop';
      readonly destination: Destination;
      readonly requestsPerSecond: number;
      readonly seconds: number;
    }
  | {
      /** Each connection sends its next request when the last was answered. */
      readonly kind: 'closed-loop';
      readonly destination: Destination;
      readonly connections: number;
      readonly seconds: number;
    }
  | {
      /** That many streams at once, started over `rampMs`. */
      readonly kind: 'streams';
      readonly destination: Destination;
      readonly streams: number;
      readonly tokensPerStream: number;
      readonly rampMs: number;
    };

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface RequestsResult {
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  /** From the request's write to the answer's last byte. */
  readonly latency: Percentiles;
}

export interface StreamsResult {
  /** Streams that ended with `[DONE]` and had exactly their tokens. */
  readonly complete: number;
  /** Streams that were open at the same time. */
  readonly peak: number;
  readonly firstToken: Percentiles;
  readonly gap: Percentiles;
}

export type LoadResult = RequestsResult | StreamsResult;
