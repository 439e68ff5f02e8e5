/** Requests that boto3 1.43 signed, recorded on loopback: what it sent, less its unsigned headers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../contracts/clock.js';
import type { CredentialedRequest } from '../../../contracts/identity.js';
import { StowageError } from '../../../domain/errors.js';
import recordedRequests from './boto3-requests.json' with { type: 'json' };
import { SignatureVerifier } from './verify.js';

const accessKeyId = 'AKSTAAAABBBBCCCCDDDD';
const secret = 'recordedSecretRecordedSecretRecordedSec1';
const recordedAt = Date.parse('2026-11-21T05:16:49Z');

const recorded: readonly CredentialedRequest[] = recordedRequests.map(({ body, headers, ...request }) => ({
  ...request,
  headers: headers as unknown as Record<string, string>,
  body: Buffer.from(body, 'base64'),
}));

function clockAt(wallMs: number): Clock {
  return { now: () => 0, wallNow: () => wallMs, after: () => () => undefined };
}

const verifier = new SignatureVerifier(clockAt(recordedAt));

function verify(request: CredentialedRequest, by = verifier, secretNow = secret): void {
  by.verify(String(request.headers['authorization']), request, (asked) => {
    if (asked === accessKeyId) return secretNow;
    throw StowageError.of('KEY-402', {});
  });
}

/** The code that verifying ends with; null = the signature is right. */
function refusalOf(request: CredentialedRequest, by = verifier, secretNow = secret): string | null {
  try {
    verify(request, by, secretNow);
    return null;
  } catch (error) {
    if (error instanceof StowageError) return error.code;
    throw error;
  }
}

function signedHeadersOf(request: CredentialedRequest): readonly string[] {
  const list = /SignedHeaders=([^,]+)/.exec(String(request.headers['authorization']))?.[1] ?? '';
  return list.split(';');
}

function withHeader(request: CredentialedRequest, name: string, value: string): CredentialedRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function changedAt(text: string, position: number): string {
  const at = position % text.length;
  return text.slice(0, at) + (text[at] === 'q' ? 'Q' : 'q') + text.slice(at + 1);
}

describe('signatures of boto3', () => {
  it.each(recorded.map((request, index) => [index, request] as const))(
    'number %i is right: runtime, control, session token, scaling and gzipped metrics',
    (_, request) => {
      expect(refusalOf(request)).toBeNull();
    },
  );

  it('stay right when they come again, and only for the secret that made them', () => {
    const [request] = recorded;
    expect(refusalOf(request!)).toBeNull();
    expect(refusalOf(request!)).toBeNull();
    expect(refusalOf(request!, verifier, `${secret.slice(0, -1)}2`)).toBe('KEY-404');
    expect(refusalOf(request!)).toBeNull();
  });

  it('are refused from a key that is not known', () => {
    const [request] = recorded;
    const header = String(request!.headers['authorization']).replace(accessKeyId, 'AKSTAAAABBBBCCCCDDDE');
    expect(refusalOf(withHeader(request!, 'authorization', header))).toBe('KEY-402');
  });

  it('are refused for services that are not spoken here', () => {
    const [request] = recorded;
    const header = String(request!.headers['authorization']).replace('/sagemaker/', '/s3/');
    expect(refusalOf(withHeader(request!, 'authorization', header))).toBe('KEY-404');
  });

  it.each([
    [-300, null],
    [300, null],
    [-301, 'KEY-405'],
    [301, 'KEY-405'],
  ])('%i seconds from the server’s clock: %s', (seconds, expected) => {
    const [request] = recorded;
    expect(refusalOf(request!, new SignatureVerifier(clockAt(recordedAt + seconds * 1000)))).toBe(expected);
  });

  it.each([
    ['', 'KEY-406'],
    ['now', 'KEY-406'],
    ['20261121T995099Z', 'KEY-406'],
    ['20261120T051649Z', 'KEY-404'],
  ])('with the date `%s`: %s', (date, expected) => {
    const [request] = recorded;
    expect(refusalOf(withHeader(request!, 'x-amz-date', date))).toBe(expected);
  });

  it('are refused when a header of the wire is put in that they do not cover', () => {
    const [, request] = recorded;
    expect(refusalOf(withHeader(request!, 'x-amzn-sagemaker-inference-component', 'other'))).toBe('KEY-406');
  });

  it('are refused from the headers alone as with the body, but for what only the body can tell', () => {
    const [request] = recorded;
    const precheck = (headers: CredentialedRequest['headers'], asked: string[] = []): void =>
      verifier.precheck(String(headers['authorization']), headers, (id) => {
        asked.push(id);
        if (id === accessKeyId) return 'another secret';
        throw StowageError.of('KEY-402', {});
      });
    const { headers } = request!;
    const header = String(headers['authorization']);
    const asked: string[] = [];
    precheck(headers, asked);
    expect(asked).toEqual([accessKeyId]);
    const refused = (change: Readonly<Record<string, string>>, code: string): void =>
      expect(() => precheck({ ...headers, ...change })).toThrow(expect.objectContaining({ code }));
    refused({ authorization: 'AWS4-HMAC-SHA256 Credential=x' }, 'KEY-406');
    refused({ authorization: header.replace(accessKeyId, 'AKSTNOBODY') }, 'KEY-402');
    refused({ authorization: header.replace('/sagemaker/', '/s3/') }, 'KEY-404');
    refused({ 'x-amz-date': '20261121T050000Z' }, 'KEY-405');
    refused({ 'x-amz-target': 'other' }, 'KEY-406');
  });

  it('are refused when any byte of what they cover is another', () => {
    const tampered = fc.constantFrom(...recorded).chain((request) => {
      const name = fc.constantFrom(...signedHeadersOf(request));
      return fc.oneof(
        fc.nat(3).map((at) => ({ ...request, method: changedAt(request.method, at) })),
        fc.nat().map((at) => ({ ...request, target: changedAt(request.target, at) })),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }).map((text) => ({
          ...request,
          target: `${request.target}?q${encodeURIComponent(text)}`,
        })),
        fc
          .tuple(name, fc.nat())
          .map(([header, at]) => withHeader(request, header, changedAt(String(request.headers[header]), at))),
        fc.tuple(fc.nat(request.body.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
          const body = Buffer.from(request.body);
          body[at] = body[at]! ^ bits;
          return { ...request, body };
        }),
        fc.nat(63).map((at) => {
          const header = String(request.headers['authorization']);
          const position = header.length - 1 - at;
          const digit = header[position] === '0' ? '1' : '0';
          const changed = header.slice(0, position) + digit + header.slice(position + 1);
          return withHeader(request, 'authorization', changed);
        }),
      );
    });
    fc.assert(
      fc.property(tampered, (request) => {
        expect(refusalOf(request)).toMatch(/^KEY-40[456]$/);
      }),
      { numRuns: 500 },
    );
  });
});
