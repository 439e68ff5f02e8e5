/**
 * The listener: sockets in, exchanges out. It bounds heads, bodies, waits and the number of open
 * requests, names the caller, and gives each request to the dialect whose address it carries.
 *
 * Bare `node:http`, because this is the hot path: one closure-free object per request, no middleware.
 * Nothing a caller sends may throw past `#receive`; malformed HTTP is answered with 400 and closed.
 */
import http from 'node:http';
import https from 'node:https';
import { chmod, unlink } from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import type { Clock } from '../../contracts/clock.js';
import type { Authenticator, Principal } from '../../contracts/identity.js';
import type { Random } from '../../contracts/random.js';
import type { Log } from '../../contracts/telemetry.js';
import { StowageError } from '../../domain/errors.js';
import { checkAddress, listenProblem } from './address.js';
import type { FrontEnd, Route } from './exchange.js';
import { HttpExchange, type ListenerState } from './http-exchange.js';
import { OpenList } from './open-exchanges.js';
import { defaultListenerLimits, type ListenerLimits } from './limits.js';
import { FlushQueue } from './stream-writer.js';

/** Throws KEY-403 when the principal may not do `action` on `resource` (the path as received). */
export type Authorize = (principal: Principal, action: string, resource: string) => void;

export interface ListenerParts {
  /** Asked in this order; errors of addresses that are nobody's are encoded by the first. */
  readonly frontEnds: readonly [FrontEnd, ...FrontEnd[]];
  readonly authenticator: Authenticator;
  readonly authorize: Authorize;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<ListenerLimits>;
  /** PEM texts; needed for addresses other than this machine's loopback. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface RunningListener {
  /** The port that is listened on, also when 0 was asked for; 0 on a Unix domain socket. */
  readonly port: number;
  /**
   * Takes no new connections, lets open requests end for `graceMs` milliseconds, then cuts them off.
   * New requests on kept connections are refused with COLD-503. Resolves when all is closed.
   */
  close(graceMs: number): Promise<void>;
}

export interface Listener {
  /** Rejects with HOST-604 when the address cannot be used, or needs TLS and has none. Port 0 = any. */
  start(host: string, port: number): Promise<RunningListener>;
  /**
   * On a Unix domain socket, for other processes of this user. Whatever lies at the path is replaced. Rejects with
   * HOST-604.
   */
  startOnSocket(path: string): Promise<RunningListener>;
}

/** A listener over those dialects; nothing is opened before `start`. */
export function createListener(parts: ListenerParts): Listener {
  return {
    start: async (host, port) => {
      checkAddress(host, parts.tls !== undefined);
      const server = new HttpListener(parts);
      await server.listen({ host, port, backlog: 1024 }, `${host}:${port}`);
      return server;
    },
    startOnSocket: async (path) => {
      const server = new HttpListener(parts);
      if (!path.startsWith('\\\\')) await unlink(path).catch(() => undefined);
      await server.listen({ path, backlog: 1024 }, 'the socket for control calls');
      if (!path.startsWith('\\\\')) await chmod(path, 0o600).catch(() => undefined);
      return server;
    },
  };
}

/** A caller's own request id, when it is one that may stand in a log and a header. */
const callerIdPattern = /^[\w.-]{1,64}$/;

class HttpListener implements RunningListener {
  readonly #parts: ListenerParts;
  readonly #limits: ListenerLimits;
  readonly #server: http.Server;
  readonly #state: ListenerState;
  readonly #idPrefix: string;
  #requestCount = 0;
  #stopSweep: (() => void) | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#limits = { ...defaultListenerLimits, ...parts.limits };
    this.#idPrefix = parts.random.id();
    this.#state = {
      clock: parts.clock,
      log: parts.log,
      limits: this.#limits,
      flushQueue: new FlushQueue(),
      open: new OpenList(),
      heldBytes: 0,
      isClosing: false,
      onEnded: () => undefined,
    };
    this.#server = this.#createServer();
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  #createServer(): http.Server {
    const options: http.ServerOptions = {
      noDelay: true,
      maxHeaderSize: this.#limits.headerBytesMax,
      headersTimeout: this.#limits.headersMsMax,
      requestTimeout: this.#limits.requestMsMax,
      keepAliveTimeout: this.#limits.keepAliveMsMax,
      connectionsCheckingInterval: Math.max(100, Math.min(5_000, this.#limits.headersMsMax / 2)),
    };
    const { tls } = this.#parts;
    const server =
      tls === undefined ? http.createServer(options) : https.createServer({ ...options, ...tls });
    server.on('request', this.#receive);
    server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.#receive(request, response, true);
    });
    server.on('checkExpectation', this.#refuseExpectation);
    server.on('clientError', this.#answerBrokenHead);
    return server;
  }

  /** `shown` names the address to people. */
  listen(where: net.ListenOptions, shown: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => reject(listenProblem(shown, error));
      this.#server.once('error', onError);
      this.#server.listen(where, () => {
        this.#server.off('error', onError);
        this.#server.on('error', (error) => this.#parts.log.error({ err: error }, 'listener-broke'));
        resolve();
      });
    });
  }

  close(graceMs: number): Promise<void> {
    const state = this.#state;
    state.isClosing = true;
    return new Promise((resolve) => {
      // Node's own http close ends connections whose answers are complete but not yet sent; net's does not.
      net.Server.prototype.close.call(this.#server, () => resolve());
      const finish = (): void => {
        stopTimer();
        state.onEnded = () => undefined;
        this.#stopSweep?.();
        this.#server.closeAllConnections();
        this.#server.close();
      };
      const stopTimer = this.#parts.clock.after(graceMs, finish);
      state.onEnded = () => {
        if (state.open.size === 0) finish();
      };
      state.onEnded();
    });
  }

  readonly #receive = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    expectsContinue = false,
  ): void => {
    const exchange = this.#open(request, response);
    try {
      const route = this.#route(exchange);
      this.#checkRoom();
      // Before the body: who only connected must not make the listener hold anything.
      if (route.action !== null) this.#parts.authenticator.precheck?.(exchange.headers);
      exchange.collect(route, expectsContinue, () => this.#handle(exchange, route));
    } catch (error) {
      exchange.refuse(
        error instanceof StowageError ? error : StowageError.of('INT-500', {}, { cause: error }),
      );
    }
  };

  #open(request: http.IncomingMessage, response: http.ServerResponse): HttpExchange {
    const exchange = new HttpExchange(
      this.#state,
      this.#newId(request.headers['x-request-id']),
      request,
      response,
      this.#parts.frontEnds[0],
    );
    this.#state.open.add(exchange);
    if (this.#stopSweep === undefined) this.#armSweep();
    return exchange;
  }

  /** Our own id is always unique; the caller's, if it is a proper one, follows after a dot. */
  #newId(callerId: string | string[] | undefined): string {
    this.#requestCount += 1;
    const own = `${this.#idPrefix}-${this.#requestCount.toString(36)}`;
    return typeof callerId === 'string' && callerIdPattern.test(callerId) ? `${own}.${callerId}` : own;
  }

  #route(exchange: HttpExchange): Route {
    for (const frontEnd of this.#parts.frontEnds) {
      exchange.frontEnd = frontEnd;
      const route = frontEnd.route(exchange.method, exchange.path, exchange.headers);
      if (route !== undefined) return route;
    }
    exchange.frontEnd = this.#parts.frontEnds[0];
    throw StowageError.of('NAME-406', { path: shownPath(exchange.path) });
  }

  #checkRoom(): void {
    if (this.#state.isClosing) throw StowageError.of('COLD-503', {}, { retryAfterSeconds: 1 });
    const limit = this.#limits.openRequestsMax;
    const open = this.#state.open.size;
    if (open > limit) throw StowageError.of('CAP-103', { open: open - 1, limit }, { retryAfterSeconds: 1 });
  }

  #handle(exchange: HttpExchange, route: Route): void {
    try {
      if (route.action !== null) {
        exchange.principal = this.#parts.authenticator.authenticate(exchange);
        const action = route.actionOf?.(exchange) ?? route.action;
        this.#parts.authorize(exchange.principal, action, exchange.path);
      }
      const working = route.handle(exchange);
      if (working !== undefined) working.catch((error: unknown) => exchange.fail(error));
    } catch (error) {
      exchange.fail(error);
    }
  }

  readonly #refuseExpectation = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const problem = 'only `Expect: 100-continue` is understood';
    this.#open(request, response).refuse(StowageError.of('REQ-210', { problem, field: 'Expect' }));
  };

  /** Not HTTP, or too large or too slow. Nothing is written into an answer that is already on its way. */
  readonly #answerBrokenHead = (error: NodeJS.ErrnoException, socket: Socket): void => {
    this.#parts.log.debug({ code: error.code }, 'malformed-request');
    const isAnswering = this.#state.open.all().some((exchange) => exchange.answersOn(socket));
    if (!isAnswering && socket.writable) {
      const status = brokenHeadStatus(error.code);
      const id = this.#newId(undefined);
      socket.end(
        `HTTP/1.1 ${status}\r\nx-request-id: ${id}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      );
    }
    socket.destroySoon();
  };

  #armSweep(): void {
    const { clock } = this.#parts;
    this.#stopSweep = clock.after(this.#limits.slowReaderMsMax / 4, () => {
      this.#stopSweep = undefined;
      const now = clock.now();
      for (const exchange of this.#state.open.all()) exchange.sweep(now);
      if (this.#state.open.size > 0) this.#armSweep();
    });
  }
}

function brokenHeadStatus(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    default:
      return '400 Bad Request';
  }
}

/** A path as it may stand in a message: bounded, printable ASCII. */
function shownPath(path: string): string {
  return path.slice(0, 120).replace(/[^\x20-\x7e]/g, '?');
}
