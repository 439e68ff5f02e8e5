/**
 * Signature Version 4, the receiving side: from a request as it arrived to the signature its sender must have
 * computed. The rules are AWS's "Create a signed AWS API request" as seen on the wire from the JavaScript SDK
 * and boto3: path segments encoded twice, the query sorted by name and value, header values trimmed and inner
 * runs of white space folded, the hash taken over the body as received.
 */
import { createHash, createHmac } from 'node:crypto';
import type { CredentialedRequest } from '../../../contracts/identity.js';

/** What the Authorization header says. */
export interface SignedScope {
  readonly accessKeyId: string;
  /** yyyymmdd */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** Lower-case, as listed by the sender. */
  readonly signedHeaders: readonly string[];
  /** 64 hex digits. */
  readonly signature: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const signedHeadersMax = 64;
const authorizationLengthMax = 4096;

/** Takes the header apart; null when it is not a complete SigV4 header. */
export function parseAuthorization(header: string): SignedScope | null {
  if (!header.startsWith(`${algorithm} `) || header.length > authorizationLengthMax) return null;
  const fields = new Map<string, string>();
  for (const part of header.slice(algorithm.length + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const scope = (fields.get('Credential') ?? '').split('/');
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';').filter((name) => name !== '');
  const signature = fields.get('Signature') ?? '';
  const [accessKeyId, day, region, service, terminator] = scope;
  if (scope.length !== 5 || terminator !== 'aws4_request') return null;
  if (!accessKeyId || !region || !service || !/^\d{8}$/.test(day ?? '')) return null;
  if (!/^[0-9a-f]{64}$/.test(signature) || signedHeaders.length === 0) return null;
  if (signedHeaders.length > signedHeadersMax) return null;
  return { accessKeyId, day: day!, region, service, signedHeaders, signature };
}

/**
 * The first header that is there, must be signed, and is not; null when all are. Besides `host`, these are the
 * headers by which our wires tell what is wanted: an unsigned one could have been put there by anybody.
 */
export function unsignedHeader(
  headers: CredentialedRequest['headers'],
  signedHeaders: readonly string[],
): string | null {
  const signed = new Set(signedHeaders);
  if (!signed.has('host')) return 'host';
  for (const name in headers) {
    if (mustBeSigned.test(name) && !signed.has(name)) return name;
  }
  return null;
}

const mustBeSigned = /^x-amz-|^x-amzn-sagemaker-/;

/** The text whose hash is signed. */
export function canonicalRequest(request: CredentialedRequest, signedHeaders: readonly string[]): string {
  const question = request.target.indexOf('?');
  const path = question < 0 ? request.target : request.target.slice(0, question);
  const query = question < 0 ? '' : request.target.slice(question + 1);
  const names = [...signedHeaders].sort();
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    names.map((name) => `${name}:${headerValue(request.headers[name])}\n`).join(''),
    names.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
}

/** The signature of a canonical request, 64 hex digits. `date` is the X-Amz-Date, yyyymmddThhmmssZ. */
export function signature(key: Buffer, canonical: string, date: string, scope: SignedScope): string {
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = `${algorithm}\n${date}\n${scope.day}/${scope.region}/${scope.service}/aws4_request\n${hash}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

/** The key that signs for one day, region and service. */
export function signingKey(secret: string, scope: SignedScope): Buffer {
  const chain = [scope.day, scope.region, scope.service, 'aws4_request'];
  return chain.reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}

function headerValue(value: string | string[] | undefined): string {
  const whole = Array.isArray(value) ? value.join(',') : (value ?? '');
  return whole.trim().replace(/\s+/g, ' ');
}

/** Each segment, as received and so already encoded once, is encoded again. */
function canonicalPath(path: string): string {
  return path.split('/').map(encode).join('/') || '/';
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      const value = equals < 0 ? '' : pair.slice(equals + 1);
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By name first: sorted as whole pairs, `a-b=` would stand before `a=`. */
function byNameThenValue(a: readonly [string, string], b: readonly [string, string]): number {
  const [left, right] = a[0] === b[0] ? [a[1], b[1]] : [a[0], b[0]];
  return left < right ? -1 : left > right ? 1 : 0;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
