/**
 * One caller of an inference server over kept connections: sends a call, times every piece of its answer.
 *
 * `call` never rejects; whatever goes wrong is in the outcome. The answer's text is passed on and not
 * kept, so that thousands of calls cost only their times.
 */
import http from 'node:http';
import https from 'node:https';
import { encodeCall, readPiece } from './call-dialect.js';
import type { AnswerPiece, CallRequest, CallTarget, EncodedCall } from './call-dialect.js';
import type { CallRecord } from './load-report.js';
import { frameParser, itemBytesMax, lineParser } from './stream-parsing.js';
import type { ByteParser } from './stream-parsing.js';

/** Why a call did not complete. */
export interface CallFailure {
  /** Fit to count by: `CAP-101`, `HTTP 503`, `ECONNRESET`, `timeout`, `aborted`, `truncated`. */
  readonly kind: string;
  readonly status: number | null;
  /** In the server's words, or the network's. */
  readonly message: string;
  /** From `Retry-After`, seconds. */
  readonly retryAfterSeconds: number | null;
}

export interface CallOutcome {
  readonly record: CallRecord;
  readonly finishReason: string | null;
  readonly failure: CallFailure | null;
}

export interface InferenceClient {
  /** `onText` gets each piece of the answer as it comes. */
  call(request: CallRequest, onText?: (text: string) => void, signal?: AbortSignal): Promise<CallOutcome>;
  /** Closes the kept connections. */
  close(): void;
}

/** `callMsMax`: milliseconds from a call's start to its end, then it counts as `timeout`. */
export function openClient(target: CallTarget, callMsMax: number): InferenceClient {
  const url = new URL(target.url);
  const isTls = url.protocol === 'https:';
  const transport = isTls ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: Infinity, noDelay: true });
  const connection = {
    transport,
    agent,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
  };
  return {
    call: (request, onText, signal) => {
      const encoded = encodeCall(target, request, Date.now());
      return new Promise((resolve) =>
        new OpenCall(connection, encoded, callMsMax, onText, signal, resolve).send(),
      );
    },
    close: () => agent.destroy(),
  };
}

interface Connection {
  readonly transport: typeof http | typeof https;
  readonly agent: http.Agent;
  readonly hostname: string;
  readonly port: number;
}

/** A call from its start to its one outcome. */
class OpenCall {
  readonly #startedAt = performance.now();
  readonly #arrivals: number[] = [];
  #promptTokens: number | null = null;
  #outputTokens: number | null = null;
  #finishReason: string | null = null;
  #isComplete = false;
  #failure: CallFailure | null = null;
  #isSettled = false;
  #isRetried = false;
  #request: http.ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #abort = () => this.#fail('aborted', 'the call was given up');

  constructor(
    readonly connection: Connection,
    readonly encoded: EncodedCall,
    readonly msMax: number,
    readonly onText: ((text: string) => void) | undefined,
    readonly signal: AbortSignal | undefined,
    readonly resolve: (outcome: CallOutcome) => void,
  ) {}

  send(): void {
    if (this.signal?.aborted === true) return this.#abort();
    if (this.#timer === undefined) {
      this.signal?.addEventListener('abort', this.#abort);
      this.#timer = setTimeout(
        () => this.#fail('timeout', `no end within ${this.msMax / 1000} s`),
        this.msMax,
      );
    }
    const { transport, agent, hostname, port } = this.connection;
    const { path, headers, body } = this.encoded;
    const request = transport.request({
      agent,
      hostname,
      port,
      path,
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    this.#request = request;
    request.on('response', (response) => this.#receive(response));
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the server closed just now: nothing was read, so ask again on a new one.
      if (request.reusedSocket && error.code === 'ECONNRESET' && !this.#isRetried && !this.#isSettled) {
        this.#isRetried = true;
        this.send();
      } else this.#fail(error.code ?? 'network', error.message);
    });
    request.end(body);
  }

  #receive(response: http.IncomingMessage): void {
    const status = response.statusCode ?? 0;
    response.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(error.code ?? 'network', error.message),
    );
    if (status >= 200 && status < 300) this.#receiveAnswer(response);
    else this.#receiveError(response, status);
  }

  #receiveAnswer(response: http.IncomingMessage): void {
    const type = response.headers['content-type'] ?? '';
    const parser = /vnd\.amazon\.eventstream/.test(type)
      ? this.#frames()
      : /event-stream|jsonl|json-lines|ndjson/.test(type)
        ? lineParser((text) => this.#take(text))
        : wholeParser((text) => this.#take(text));
    const guarded = (work: () => void) => {
      try {
        work();
      } catch (error) {
        this.#fail('malformed', error instanceof Error ? error.message : String(error));
      }
    };
    response.on('data', (bytes: Buffer) => guarded(() => parser.feed(bytes)));
    response.on('end', () => {
      guarded(() => parser.end());
      if (!this.#isComplete && this.#failure === null) {
        this.#failure = failureOf('truncated', 'the answer ended before it was complete');
      }
      this.#settle();
    });
  }

  /** The payloads of an event stream are cut anywhere; together they are lines. */
  #frames(): ByteParser {
    const lines = lineParser((text) => this.#take(text));
    const frames = frameParser(({ headers, payload }) => {
      if (headers[':message-type'] === 'event') lines.feed(payload);
      else {
        const message = readPiece(payload.toString('utf8')).error?.message ?? 'the stream broke';
        this.#fail(ownCode(message) ?? headers[':exception-type'] ?? 'exception', message);
      }
    });
    return {
      feed: (bytes) => frames.feed(bytes),
      end: () => {
        frames.end();
        lines.end();
      },
    };
  }

  #take(text: string): void {
    if (text === '[DONE]') {
      this.#isComplete = true;
      return;
    }
    const piece: AnswerPiece = readPiece(text);
    if (piece.error !== null) {
      this.#fail(ownCode(piece.error.message) ?? piece.error.code ?? 'error', piece.error.message);
      return;
    }
    this.#promptTokens = piece.promptTokens ?? this.#promptTokens;
    this.#outputTokens = piece.outputTokens ?? this.#outputTokens;
    if (piece.finishReason !== null) {
      this.#finishReason = piece.finishReason;
      this.#isComplete = true;
    }
    if (piece.text === '') return;
    this.#arrivals.push(performance.now());
    this.onText?.(piece.text);
  }

  #receiveError(response: http.IncomingMessage, status: number): void {
    const parser = wholeParser((text) => {
      let error: AnswerPiece['error'] = null;
      try {
        error = readPiece(text).error;
      } catch {
        // not JSON: the text itself is the message
      }
      const message = error?.message ?? text.trim().slice(0, 300);
      const ours = response.headers['x-stowage-error'];
      const kind = (typeof ours === 'string' ? ours : ownCode(message)) ?? `HTTP ${status}`;
      const retryAfter = Number(response.headers['retry-after'] ?? NaN);
      this.#failure = failureOf(kind, message, status, Number.isFinite(retryAfter) ? retryAfter : null);
    });
    response.on('data', (bytes: Buffer) => parser.feed(bytes));
    response.on('end', () => {
      parser.end();
      this.#settle();
    });
  }

  #fail(kind: string, message: string): void {
    if (this.#isSettled) return;
    this.#failure ??= failureOf(kind, message);
    this.#settle();
    this.#request?.destroy();
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.signal?.removeEventListener('abort', this.#abort);
    this.resolve({
      finishReason: this.#finishReason,
      failure: this.#failure,
      record: {
        startedAt: this.#startedAt,
        endedAt: performance.now(),
        arrivals: this.#arrivals,
        promptTokens: this.#promptTokens,
        outputTokens: this.#outputTokens ?? this.#arrivals.length,
        failure: this.#failure?.kind ?? null,
      },
    });
  }
}

function failureOf(
  kind: string,
  message: string,
  status: number | null = null,
  retryAfterSeconds: number | null = null,
): CallFailure {
  return { kind, status, message, retryAfterSeconds };
}

/** A code of our error table at the beginning of a message. */
function ownCode(message: string): string | null {
  return /^([A-Z]{2,5}-\d{3})\b/.exec(message)?.[1] ?? null;
}

/** Everything at once, when it is over. */
function wholeParser(onText: (text: string) => void): ByteParser {
  const parts: Buffer[] = [];
  let length = 0;
  return {
    feed(bytes) {
      length += bytes.length;
      if (length > itemBytesMax) throw new Error('the answer is too long');
      parts.push(bytes);
    },
    end: () => onText(Buffer.concat(parts).toString('utf8')),
  };
}
