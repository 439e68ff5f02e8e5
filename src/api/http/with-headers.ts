import type { Exchange } from './exchange.js';

type Headers = Readonly<Record<string, string>>;

/** The exchange, whose answer's headers are those that `told` makes of them when the answer's head is written. */
export function withHeaders(exchange: Exchange, told: (headers: Headers) => Headers): Exchange {
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
