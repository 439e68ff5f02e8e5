/**
 * Requests that another process of this machine answers: sent on whole, with the caller's own headers, over a Unix
 * domain socket; the answer comes back whole. While nobody listens there a request waits, bounded.
 *
 * Never: a request that may have been carried out is sent again, unless repeating it does no harm.
 */
import http from 'node:http';
import type { Clock } from '../../contracts/clock.js';
import { StowageError } from '../../domain/errors.js';
import type { Exchange, FrontEnd, Route } from './exchange.js';

/** Between two attempts to connect, milliseconds. */
const retryDelayMs = 25;
/** How long a request waits for somebody to listen, milliseconds. */
const waitMsMax = 10_000;
/** How long an answer may take, milliseconds. */
const answerMsMax = 60_000;
const answerBytesMax = 64 * 1024 * 1024;

/** Nobody listens yet: the request has not been seen. */
const notYet: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN']);
/** About this connection, not about the request. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** The listener sets these itself. */
const listenersHeaders: ReadonlySet<string> = new Set([...ownHeaders, 'date', 'x-request-id']);

export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ForwarderParts {
  /** Where the other process listens. */
  readonly socketPath: string;
  readonly clock: Clock;
}

export interface ForwardLimits {
  readonly waitMsMax: number;
  readonly answerMsMax: number;
}

export class Forwarder {
  constructor(private readonly parts: ForwarderParts) {}

  /**
   * The other process' answer. `mayRepeat`: carrying the request out twice does no harm. Throws RUN-310 when there is
   * no answer in time, or nobody knows what became of the request.
   */
  async ask(
    exchange: Exchange,
    mayRepeat: boolean,
    limits: ForwardLimits = { waitMsMax, answerMsMax },
  ): Promise<ForwardedAnswer> {
    const { clock } = this.parts;
    const waitUntil = clock.now() + limits.waitMsMax;
    let isGone = false;
    exchange.onClientGone(() => (isGone = true));
    for (;;) {
      try {
        return await this.attempt(exchange, limits.answerMsMax);
      } catch (cause) {
        const mayWait = mayRepeat || notYet.has((cause as NodeJS.ErrnoException).code ?? '');
        if (!mayWait || isGone || clock.now() >= waitUntil) {
          throw StowageError.of('RUN-310', {}, { cause, retryAfterSeconds: 1 });
        }
        await new Promise<void>((resolve) => clock.after(retryDelayMs, resolve));
      }
    }
  }

  private attempt(exchange: Exchange, msMax: number): Promise<ForwardedAnswer> {
    const { method, target, body } = exchange;
    return new Promise((resolve, reject) => {
      const stopTimer = this.parts.clock.after(msMax, () => request.destroy(new Error('no answer in time')));
      const settle = (act: () => void) => {
        stopTimer();
        act();
      };
      const request = http.request({
        socketPath: this.parts.socketPath,
        method,
        path: target,
        headers: { ...without(exchange.headers, ownHeaders), 'content-length': body.length },
        // A connection of its own: one that was kept might belong to a process that is gone.
        agent: false,
      });
      request.on('error', (error) => settle(() => reject(error)));
      request.on('response', (response) => {
        collect(response).then(
          (answer) => settle(() => resolve(answer)),
          (error: Error) => {
            request.destroy();
            settle(() => reject(error));
          },
        );
      });
      request.end(body);
    });
  }
}

export interface ForwardFrontEndParts {
  readonly forwarder: Forwarder;
  /** What the caller must be; the other process decides what it may do. */
  readonly action: string;
  /** Of the dialect's requests: repeating it does no harm. */
  readonly mayRepeat: (exchange: Exchange) => boolean;
}

/** Takes what that dialect would take, and has the other process answer it; errors on the way are in its shape. */
export function createForwardFrontEnd(dialect: FrontEnd, parts: ForwardFrontEndParts): FrontEnd {
  const handle = async (exchange: Exchange): Promise<void> => {
    const { status, headers, body } = await parts.forwarder.ask(exchange, parts.mayRepeat(exchange));
    exchange.respond(status, headers, body);
  };
  return {
    name: dialect.name,
    encodeError: (error, requestId) => dialect.encodeError(error, requestId),
    route: (method, path, headers): Route | undefined => {
      const route = dialect.route(method, path, headers);
      if (route === undefined) return undefined;
      return { action: parts.action, bodyBytesMax: route.bodyBytesMax, handle };
    },
  };
}

async function collect(response: http.IncomingMessage): Promise<ForwardedAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('the answer was cut off');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(without(response.headers, listenersHeaders))) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: response.statusCode ?? 500, headers, body: Buffer.concat(chunks) };
}

function without(
  headers: Exchange['headers'],
  names: ReadonlySet<string>,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !names.has(name)) kept[name] = value;
  return kept;
}
