import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CredentialedRequest } from '../../../contracts/identity.js';
import {
  canonicalRequest,
  parseAuthorization,
  signature,
  signingKey,
  unsignedHeader,
} from './canonical-request.js';

/** The worked example of AWS's documentation, "Signature Version 4 signing process". */
const example = {
  scope: {
    accessKeyId: 'AKIDEXAMPLE',
    day: '20150830',
    region: 'us-east-1',
    service: 'iam',
    signedHeaders: ['content-type', 'host', 'x-amz-date'],
    signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  date: '20150830T123600Z',
  request: {
    method: 'GET',
    target: '/?Action=ListUsers&Version=2010-05-08',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host: 'iam.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
    },
    body: new Uint8Array(0),
  },
};

function requestFor(target: string, headers: CredentialedRequest['headers'] = {}): CredentialedRequest {
  return { method: 'POST', target, headers, body: new Uint8Array(0) };
}

/** The line of a canonical request: 0 method, 1 path, 2 query, 3 the first header. */
function lineOf(request: CredentialedRequest, line: number, signedHeaders: readonly string[] = []): string {
  return canonicalRequest(request, signedHeaders).split('\n')[line] ?? '';
}

describe('the worked example of the documentation', () => {
  it('has its canonical request, its signing key and its signature', () => {
    const { scope, secret, date, request } = example;
    const canonical = canonicalRequest(request, scope.signedHeaders);
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(
      'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59',
    );
    const key = signingKey(secret, scope);
    expect(key.toString('hex')).toBe('c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9');
    expect(signature(key, canonical, date, scope)).toBe(scope.signature);
  });
});

describe('a canonical request', () => {
  it.each([
    ['/', '/'],
    ['', '/'],
    ['/a%20b/c', '/a%2520b/c'],
    ["/it's(1)*", '/it%27s%281%29%2A'],
    ['/a-b._~', '/a-b._~'],
  ])('encodes the path %s once more to %s', (path, expected) => {
    expect(lineOf(requestFor(path), 1)).toBe(expected);
  });

  it.each([
    ['b=1&a=2', 'a=2&b=1'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a-b=1&a=1', 'a=1&a-b=1'],
    ['a&&b', 'a=&b='],
    ['a=x%2fy%20z', 'a=x%2Fy%20z'],
    ['a=%zz', 'a=%25zz'],
  ])('sorts and encodes the query %s to %s', (query, expected) => {
    expect(lineOf(requestFor(`/?${query}`), 2)).toBe(expected);
  });

  it('trims header values and folds white space inside them', () => {
    expect(lineOf(requestFor('/', { a: '  x \t  y  ' }), 3, ['a'])).toBe('a:x y');
  });
});

describe('an Authorization header', () => {
  const whole =
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
    `SignedHeaders=content-type;host;x-amz-date, Signature=${example.scope.signature}`;

  it('is taken apart with and without spaces between its parts', () => {
    expect(parseAuthorization(whole)).toEqual(example.scope);
    expect(parseAuthorization(whole.replaceAll(', ', ','))).toEqual(example.scope);
  });

  it.each([
    ['another algorithm', whole.replace('HMAC', 'ECDSA-P256')],
    ['no credential', whole.replace('Credential=', 'Other=')],
    ['another terminator', whole.replace('aws4_request', 'aws5_request')],
    ['no region', whole.replace('us-east-1', '')],
    ['a day that is none', whole.replace('20150830', '2015083x')],
    ['no signed headers', whole.replace('content-type;host;x-amz-date', '')],
    ['too many signed headers', whole.replace('host;', 'host;'.repeat(80))],
    ['a signature in capitals', whole.replace('5d672d', '5D672D')],
    ['a short signature', whole.slice(0, -1)],
    ['a long signature', `${whole}0`],
    ['endless text', whole.replace('us-east-1', 'r'.repeat(5000))],
  ])('with %s is not one', (_, header) => {
    expect(parseAuthorization(header)).toBeNull();
  });

  it('never throws, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(parseAuthorization(text)).toBeNull();
        expect(parseAuthorization(`AWS4-HMAC-SHA256 ${text}`)).toBeNull();
      }),
    );
  });
});

describe('headers that must be signed', () => {
  it.each([
    [{ host: 'h' }, [], 'host'],
    [{ host: 'h', 'x-amz-target': 't' }, ['host'], 'x-amz-target'],
    [
      { host: 'h', 'x-amzn-sagemaker-inference-component': 'c' },
      ['host'],
      'x-amzn-sagemaker-inference-component',
    ],
    [{ host: 'h', 'x-amz-date': 'd' }, ['host', 'x-amz-date'], null],
    [{ host: 'h', 'x-amzn-trace-id': 't', 'user-agent': 'u' }, ['host'], null],
  ])('of %j with %j signed: %s is missing', (headers, signed, expected) => {
    expect(unsignedHeader(requestFor('/', headers).headers, signed)).toBe(expected);
  });
});
