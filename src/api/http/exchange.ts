/**
 * One HTTP request and its answer, as the dialects see it: already bounded, already authenticated.
 * The listener owns the sockets; a dialect answers each exchange exactly once.
 */
import type { Principal } from '../../contracts/identity.js';

/** By lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface Exchange {
  /** Unique; sent back as `x-request-id`, logged, and passed on to the worker. */
  readonly id: string;
  readonly method: string;
  /** Path as received, without the query, still percent-encoded. */
  readonly path: string;
  /** Path and query as received. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  readonly principal: Principal;
  /** Milliseconds of the listener's clock when the request's head had arrived. */
  readonly arrivedAt: number;
  respond(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): void;
  /** Sends the head now and returns the writer of the body. */
  openStream(status: number, headers: Readonly<Record<string, string>>): StreamWriter;
  /** Called at most once, if the caller goes away before the answer is complete. */
  onClientGone(listener: () => void): void;
}

export interface StreamWriter {
  /** True while the reader has not taken what was written; then keep further text and merge it. */
  readonly isBehind: boolean;
  write(data: string | Uint8Array): void;
  /** Called each time the reader has caught up. */
  onCaughtUp(listener: () => void): void;
  end(data?: string | Uint8Array): void;
}

/** A dialect: says which requests are its own and answers them. */
export interface FrontEnd {
  readonly name: string;
  /**
   * Undefined when the address is not this dialect's; the listener answers NAME-406 if it is nobody's. The headers are
   * for dialects that share an address and are told apart by one of them.
   */
  route(method: string, path: string, headers: RequestHeaders): Route | undefined;
  /** Any error of the table in this dialect's shape; for errors that happen before the handler (access, limits). */
  encodeError(error: unknown, requestId: string): EncodedAnswer;
}

export interface Route {
  /** What access is asked for, e.g. `sagemaker:InvokeEndpoint`; null = no credentials needed. */
  readonly action: string | null;
  /** Asked for instead of `action` where only the body says what is wanted; may throw rows of the table. */
  readonly actionOf?: (exchange: Exchange) => string;
  /** Body limit in bytes. */
  readonly bodyBytesMax: number;
  handle(exchange: Exchange): void | Promise<void>;
}

export interface EncodedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Of dialects whose errors are texts. */
export interface EncodedError extends EncodedAnswer {
  readonly body: string;
}
