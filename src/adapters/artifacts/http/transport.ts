/**
 * Model files from https:// servers, in parts where the server can. Redirects are followed, each like a new address:
 * never from TLS to plain HTTP, and credentials stay with the host they are for.
 */
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressGuard, ArtifactTransport, TransportAnswer } from '../../../contracts/artifacts.js';
import { TransportFailure } from '../../../contracts/artifacts.js';
import type { GuardedAgents } from './guarded-agents.js';

const redirectsMax = 5;
/** Without a byte, milliseconds. */
const silenceMsMax = 60_000;
const networkSuggestion = 'check the address and this machine’s network; what has arrived is kept';

export interface HttpTransportParts {
  readonly agents: GuardedAgents;
  readonly guard: AddressGuard;
  /** A bearer token for one origin; null = none. */
  readonly bearer: { readonly origin: string; readonly token: string } | null;
}

export function createHttpTransport(parts: HttpTransportParts): ArtifactTransport {
  return {
    async facts(url, signal) {
      const response = await follow(parts, 'HEAD', url, {}, signal);
      response.resume();
      if (response.statusCode !== 200) throw statusFailure(response.statusCode);
      return factsOf(response);
    },

    async open(url, range, signal) {
      const response = await follow(parts, 'GET', url, rangeHeaders(range.fromByte, range.version), signal);
      const answer = answerOf(response, range.fromByte, range.version, signal);
      if (answer !== null) return answer;
      // The server has no such part, or of another version: the whole is wanted.
      response.destroy();
      const whole = await follow(parts, 'GET', url, {}, signal);
      const complete = answerOf(whole, 0, null, signal);
      if (complete !== null) return complete;
      whole.destroy();
      throw statusFailure(whole.statusCode);
    },

    list() {
      return Promise.reject(
        new TransportFailure('https:// has no prefixes', {
          isPassing: false,
          isRefusal: true,
          suggestion: 'name a file or a .tar.gz archive, or use s3://',
        }),
      );
    },
  };
}

function rangeHeaders(fromByte: number, version: string | null): Record<string, string> {
  if (fromByte === 0) return {};
  const range = `bytes=${fromByte}-`;
  // Only a strong ETag may stand in If-Range; with another one the version is compared in the answer.
  return version !== null && version.startsWith('"')
    ? { Range: range, 'If-Range': version }
    : { Range: range };
}

/** The answer's bytes; null when it is not of the part and version asked for. Throws for refusals. */
function answerOf(
  response: IncomingMessage,
  fromByte: number,
  version: string | null,
  signal: AbortSignal,
): TransportAnswer | null {
  const facts = factsOf(response);
  const bytes = bytesOf(response, signal);
  switch (response.statusCode) {
    case 200:
      return { ...facts, fromByte: 0, bytes };
    case 206: {
      const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '') ?? [];
      if (from === undefined || Number(from) !== fromByte) return null;
      if (version !== null && facts.version !== version) return null;
      return { version: facts.version, totalBytes: Number(total), fromByte, bytes };
    }
    case 412:
    case 416:
      if (fromByte > 0) return null;
      break;
    default:
  }
  response.resume();
  throw statusFailure(response.statusCode);
}

function factsOf({ headers, statusCode }: IncomingMessage) {
  const length = statusCode === 200 ? headers['content-length'] : undefined;
  const isEncoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
  return {
    totalBytes: length === undefined || isEncoded ? null : Number(length),
    version:
      [headers.etag, headers['last-modified']].find((each) => each !== undefined && each !== '') ?? null,
  };
}

async function* bytesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw networkFailure(error);
  } finally {
    response.destroy();
  }
}

/** The answer after all redirects. */
async function follow(
  parts: HttpTransportParts,
  method: string,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let target = new URL(url);
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const response = await send(parts, method, target, headers, signal);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return response;
    response.destroy();
    target = nextTarget(parts.guard, target, location);
  }
  throw refusal('it redirects too often', 'use the address it leads to');
}

function nextTarget(guard: AddressGuard, from: URL, location: string): URL {
  let next: URL;
  try {
    next = new URL(location, from);
  } catch {
    throw refusal('it redirects to something that is no address', 'use the address it leads to');
  }
  const isPlain = next.protocol === 'http:' && guard.isNamed(next.hostname);
  if (next.protocol !== 'https:' && !isPlain) {
    throw refusal(`it redirects to ${next.protocol}//, which is not encrypted`, 'use an https:// address');
  }
  return next;
}

function send(
  { agents, bearer }: HttpTransportParts,
  method: string,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const authorization = bearer?.origin === url.origin ? { Authorization: `Bearer ${bearer.token}` } : {};
  return new Promise((resolve, reject) => {
    const options = {
      method,
      signal,
      headers: { 'User-Agent': 'stowage', 'Accept-Encoding': 'identity', ...headers, ...authorization },
    };
    const fail = (error: unknown) =>
      reject(signal.aborted ? (signal.reason as Error) : networkFailure(error));
    try {
      const request =
        url.protocol === 'https:'
          ? requestHttps(url, { ...options, agent: agents.https })
          : requestHttp(url, { ...options, agent: agents.http });
      request.setTimeout(silenceMsMax, () => {
        request.destroy(new Error(`nothing came for ${silenceMsMax / 1000} s`));
      });
      request.once('response', resolve);
      request.on('error', fail);
      request.end();
    } catch (error) {
      fail(error);
    }
  });
}

function statusFailure(status = 0): TransportFailure {
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500;
  const suggestions: Readonly<Record<number, string>> = {
    401: 'use an address that may be read without credentials, or a signed one',
    403: 'use an address that may be read without credentials, or a signed one that has not expired',
    404: 'correct the address',
    410: 'correct the address',
  };
  const suggestion = suggestions[status] ?? (isPassing ? 'try again later' : 'correct the address');
  return new TransportFailure(`the server answers ${status}`, { isPassing, suggestion });
}

function refusal(problem: string, suggestion: string): TransportFailure {
  return new TransportFailure(problem, { isPassing: false, isRefusal: true, suggestion });
}

/** What Node says of a connection, without addresses. */
function networkFailure(error: unknown): TransportFailure {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof TransportFailure) return each;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its host is not known',
    EAI_AGAIN: 'its host’s name cannot be resolved at the moment',
    ECONNREFUSED: 'its host refuses connections',
    ECONNRESET: 'the connection broke',
    ETIMEDOUT: 'its host does not answer',
    EPIPE: 'the connection broke',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host',
  };
  const isCertificate = /CERT|TLS|VERIFY/.test(code);
  const problem =
    known[code] ??
    (code === '' && error instanceof Error ? error.message : `the connection failed (${code})`);
  const suggestion = isCertificate
    ? 'mend the server’s certificate, or name its authority’s in NODE_EXTRA_CA_CERTS'
    : networkSuggestion;
  return new TransportFailure(
    problem,
    { isPassing: !isCertificate && code !== 'ENOTFOUND', suggestion },
    error,
  );
}
