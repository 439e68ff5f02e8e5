/**
 * One request on a socket, from its head to the last byte of its answer. It owns the collecting of the
 * body, the one answer, and the news that the caller is gone.
 *
 * Receiving → Handling (body complete) → Answering (head written) → Ended; any state → Ended when the
 * socket closes. The answer is given once: a second one is a defect, logged and ignored.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../contracts/clock.js';
import type { Principal } from '../../contracts/identity.js';
import type { Log } from '../../contracts/telemetry.js';
import { asStowageError, Fault, StowageError } from '../../domain/errors.js';
import type { EncodedAnswer, Exchange, FrontEnd, Route, StreamWriter } from './exchange.js';
import type { ListenerLimits } from './limits.js';
import type { OpenList } from './open-exchanges.js';
import { type FlushQueue, lengthOf, ResponseWriter } from './stream-writer.js';

/** What all exchanges of a listener share. */
export interface ListenerState {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ListenerLimits;
  readonly flushQueue: FlushQueue;
  readonly open: OpenList<HttpExchange>;
  /** Bytes of bodies held by open exchanges. */
  heldBytes: number;
  isClosing: boolean;
  /** Called after each exchange that ended. */
  onEnded: () => void;
}

const ExchangeState = {
  /** The body is on its way. */
  Receiving: 'receiving',
  /** The body is complete and the dialect has it. */
  Handling: 'handling',
  /** The head of the answer was written. */
  Answering: 'answering',
  /** Nothing more happens. */
  Ended: 'ended',
} as const;
type ExchangeState = (typeof ExchangeState)[keyof typeof ExchangeState];

/** Principal of requests that need no credentials. */
const nobody: Principal = { keyId: 'nobody', account: '', region: null };

export class HttpExchange implements Exchange {
  place = -1;
  readonly method: string;
  readonly path: string;
  readonly target: string;
  readonly arrivedAt: number;
  principal: Principal = nobody;
  body: Buffer = Buffer.alloc(0);
  #query: URLSearchParams | undefined;
  #state: ExchangeState = ExchangeState.Receiving;
  #frontEnd: FrontEnd;
  #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #answerIsComplete = false;
  /** Bytes of a whole answer's body; a streamed one counts its own. */
  #answerBytes = 0;
  #writer: ResponseWriter | undefined;
  #clientGoneListener: (() => void) | undefined;
  #untakenBytes = 0;
  #takenAt: number;

  constructor(
    private readonly shared: ListenerState,
    readonly id: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    frontEnd: FrontEnd,
  ) {
    this.#frontEnd = frontEnd;
    this.method = request.method ?? '';
    this.target = request.url ?? '';
    const queryAt = this.target.indexOf('?');
    this.path = queryAt === -1 ? this.target : this.target.slice(0, queryAt);
    this.arrivedAt = shared.clock.now();
    this.#takenAt = this.arrivedAt;
    response.on('close', this.#closed);
    // Errors of a request are always followed by the response's close.
    request.on('error', () => undefined);
  }

  get headers(): IncomingMessage['headers'] {
    return this.request.headers;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.target.slice(this.path.length));
    return this.#query;
  }

  set frontEnd(frontEnd: FrontEnd) {
    this.#frontEnd = frontEnd;
  }

  /** Reads the body within the route's and the listener's bounds, then calls `onBody`, or refuses. */
  collect(route: Route, expectsContinue: boolean, onBody: () => void): void {
    const refusal = this.#refusalFor(route, Number(this.request.headers['content-length'] ?? 0));
    if (refusal !== undefined) {
      this.refuse(refusal);
      return;
    }
    if (expectsContinue) this.response.writeContinue();
    this.request.on('data', (chunk: Buffer) => this.#take(chunk, route));
    this.request.on('end', () => {
      if (this.#state !== ExchangeState.Receiving) return;
      this.#state = ExchangeState.Handling;
      const first = this.#chunks[0];
      if (first !== undefined) this.body = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
      this.#chunks = [];
      onBody();
    });
  }

  #take(chunk: Buffer, route: Route): void {
    if (this.#state !== ExchangeState.Receiving) return;
    this.#receivedBytes += chunk.length;
    this.shared.heldBytes += chunk.length;
    this.#chunks.push(chunk);
    const refusal = this.#refusalFor(route, this.#receivedBytes);
    if (refusal !== undefined) this.refuse(refusal);
  }

  #refusalFor(route: Route, bodyBytes: number): StowageError | undefined {
    if (bodyBytes > route.bodyBytesMax) return StowageError.of('REQ-211', { limit: route.bodyBytesMax });
    const { heldBytesMax } = this.shared.limits;
    if (this.shared.heldBytes > heldBytesMax) {
      return StowageError.of('CAP-104', { limit: heldBytesMax }, { retryAfterSeconds: 1 });
    }
    return undefined;
  }

  respond(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): void {
    if (!this.#mayAnswer()) return;
    const length = lengthOf(body);
    this.#answerIsComplete = true;
    if (!this.#writeHead(status, headers, length)) return;
    this.#answerBytes = length;
    this.response.end(body);
  }

  openStream(status: number, headers: Readonly<Record<string, string>>): StreamWriter {
    if (!this.#mayAnswer()) return closedWriter;
    if (!this.#writeHead(status, headers, null)) return closedWriter;
    this.#writer = new ResponseWriter(
      this.response,
      this.shared.flushQueue,
      this.shared.limits.streamBufferBytesMax,
      () => {
        this.#answerIsComplete = true;
      },
    );
    return this.#writer;
  }

  onClientGone(listener: () => void): void {
    this.#clientGoneListener = listener;
  }

  /** Answers with an error in the dialect's shape; one that comes after the head cuts the answer off. */
  fail(thrown: unknown): void {
    const error = asStowageError(thrown);
    if (error.row.fault === Fault.Stowage) {
      this.shared.log.error({ request: this.id, err: thrown }, 'request-broke');
    }
    if (this.#state === ExchangeState.Ended) return;
    if (this.#state === ExchangeState.Answering) {
      if (!this.#answerIsComplete) this.response.destroy();
      return;
    }
    const encoded = this.#encode(thrown);
    this.respond(encoded.status, encoded.headers, encoded.body);
  }

  /**
   * Answers with an error before the body was read. A short body is read and thrown away first, and the
   * connection is kept. A long one is thrown away after the answer, for a bounded time and length, before
   * the connection closes: closed at once, the caller would see a reset instead of the answer.
   */
  refuse(error: StowageError): void {
    if (this.#state !== ExchangeState.Receiving) return;
    this.#state = ExchangeState.Handling;
    this.#dropBody();
    if (declaredBytes(this.request) <= shortBodyBytesMax) {
      this.request.on('end', () => this.fail(error));
      this.request.resume();
      return;
    }
    const encoded = this.#encode(error);
    this.#answerIsComplete = true;
    const headers = { ...encoded.headers, connection: 'close' };
    const length = lengthOf(encoded.body);
    if (!this.#writeHead(encoded.status, headers, length)) return;
    this.#answerBytes = length;
    this.response.write(encoded.body);
    this.#discardThenEnd();
  }

  /** Cuts the caller off when it took nothing for too long while output waited; called by the sweep. */
  sweep(now: number): void {
    if (this.#state !== ExchangeState.Answering) return;
    const untaken = this.response.writableLength === 0 ? 0 : untakenBytesOf(this.response);
    if (untaken === 0 || untaken !== this.#untakenBytes) {
      this.#untakenBytes = untaken;
      this.#takenAt = now;
      return;
    }
    const waitedMs = now - this.#takenAt;
    if (waitedMs < this.shared.limits.slowReaderMsMax) return;
    const { code, message } = StowageError.of('RUN-307', { seconds: Math.round(waitedMs / 1000) });
    const key = this.principal.keyId;
    this.shared.log.warn(
      { request: this.id, key, code, problem: message, untakenBytes: untaken },
      'slow-reader-cut',
    );
    this.response.destroy();
  }

  destroy(): void {
    this.response.destroy();
  }

  /** True when bytes of this answer were written to that socket. */
  answersOn(socket: unknown): boolean {
    return this.#state === ExchangeState.Answering && this.request.socket === socket;
  }

  #encode(thrown: unknown): EncodedAnswer {
    try {
      return this.#frontEnd.encodeError(thrown, this.id);
    } catch (defect) {
      this.shared.log.error({ request: this.id, err: defect }, 'error-encoding-broke');
      return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'internal error\n' };
    }
  }

  #mayAnswer(): boolean {
    if (this.#state === ExchangeState.Ended) return false;
    if (this.#state !== ExchangeState.Answering) return true;
    this.shared.log.error({ request: this.id, path: this.path }, 'answered-twice');
    return false;
  }

  #writeHead(status: number, headers: Readonly<Record<string, string>>, length: number | null): boolean {
    this.#state = ExchangeState.Answering;
    const list = ['x-request-id', this.id];
    for (const name in headers) list.push(name, headers[name] ?? '');
    if (length !== null) list.push('content-length', String(length));
    if (this.shared.isClosing && headers['connection'] === undefined) list.push('connection', 'close');
    try {
      this.response.writeHead(status, list);
      return true;
    } catch (defect) {
      // A header's value was not one; nothing of the head was sent.
      this.shared.log.error({ request: this.id, err: defect }, 'answer-head-broke');
      this.#answerIsComplete = true;
      this.response.writeHead(500, ['x-request-id', this.id, 'content-length', '0']).end();
      return false;
    }
  }

  #dropBody(): void {
    this.shared.heldBytes -= this.#receivedBytes;
    this.#receivedBytes = 0;
    this.#chunks = [];
  }

  #discardThenEnd(): void {
    const { limits, clock } = this.shared;
    let discardedBytes = 0;
    const finish = (): void => {
      stopTimer();
      this.response.end();
    };
    const stopTimer = clock.after(limits.discardMsMax, finish);
    this.request.on('data', (chunk: Buffer) => {
      discardedBytes += chunk.length;
      if (discardedBytes > limits.discardBytesMax) finish();
    });
    this.request.on('end', finish);
    this.response.on('close', stopTimer);
  }

  readonly #closed = (): void => {
    if (this.#state === ExchangeState.Ended) return;
    const isGone = !this.#answerIsComplete;
    this.#state = ExchangeState.Ended;
    this.#dropBody();
    this.shared.open.remove(this);
    this.#logEnd(isGone);
    if (isGone) this.#tellClientGone();
    this.shared.onEnded();
  };

  /** The access log: one line per request, at info for answers that are refusals or failures. */
  #logEnd(isGone: boolean): void {
    const facts = {
      request: this.id,
      key: this.principal.keyId,
      method: this.method,
      path: this.path.slice(0, loggedPathCharsMax),
      status: isGone ? goneStatus : this.response.statusCode,
      ms: this.shared.clock.now() - this.arrivedAt,
      bytes: this.#writer?.sentBytes ?? this.#answerBytes,
    };
    const { log } = this.shared;
    if (isGone || facts.status < 400) log.debug(facts, 'request-ended');
    else log.info(facts, 'request-ended');
  }

  #tellClientGone(): void {
    try {
      this.#clientGoneListener?.();
    } catch (defect) {
      this.shared.log.error({ request: this.id, err: defect }, 'client-gone-handling-broke');
    }
  }
}

/** Characters of a path that are logged: callers without credentials are logged too. */
const loggedPathCharsMax = 200;
/** Logged, and never sent, for a caller that left before its answer was complete: no answer, so no refusal. */
const goneStatus = 499;
/** A refused body that is at most this long is read, so that the connection can be kept. */
const shortBodyBytesMax = 64 * 1024;

/** The length of the body as its head tells it; infinite when it does not, or may never come. */
function declaredBytes(request: IncomingMessage): number {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined || headers.expect !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}

/** Takes what is written to a caller that is gone. */
const closedWriter: StreamWriter = {
  isBehind: false,
  write: () => undefined,
  onCaughtUp: () => undefined,
  end: () => undefined,
};

/**
 * Bytes written and not yet taken by the kernel. The stream's own count only moves when a whole write is
 * done; the handle's queue also shows a reader that takes a large write piece by piece.
 */
function untakenBytesOf(response: ServerResponse): number {
  const handle = (response.socket as { _handle?: { writeQueueSize?: number } } | null)?._handle;
  return response.writableLength + (handle?.writeQueueSize ?? 0);
}
