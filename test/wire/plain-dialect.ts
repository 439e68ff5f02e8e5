/** The smallest dialect, for tests of the listener itself. */
import type { Exchange, FrontEnd, StreamWriter } from '../../src/api/http/exchange.js';
import { asStowageError } from '../../src/domain/errors.js';

export type Handler = (exchange: Exchange) => void | Promise<void>;

export const bodyBytesMax = 200_000;

/** A dialect whose every address under `/` is answered by `handler`, without credentials. */
export function dialect(handler: Handler): FrontEnd {
  return {
    name: 'test',
    route: (_, path) =>
      path.startsWith('/nowhere') ? undefined : { action: null, bodyBytesMax, handle: handler },
    encodeError: (thrown) => {
      const error = asStowageError(thrown);
      const status = error.code === 'REQ-211' ? 413 : error.row.fault === 'caller' ? 400 : 503;
      return { status, headers: { 'content-type': 'text/plain' }, body: error.code };
    },
  };
}

export const echo: Handler = (exchange) => exchange.respond(200, {}, exchange.body);

/** Resolves with the exchange's writer as soon as a request has come. */
export function streaming(): {
  readonly handler: Handler;
  readonly opened: Promise<readonly [Exchange, StreamWriter]>;
} {
  let resolveOpened: (opened: readonly [Exchange, StreamWriter]) => void = () => undefined;
  const opened = new Promise<readonly [Exchange, StreamWriter]>((resolve) => {
    resolveOpened = resolve;
  });
  return { opened, handler: (exchange) => resolveOpened([exchange, exchange.openStream(200, {})]) };
}
