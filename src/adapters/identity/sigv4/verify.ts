/** Decides whether a SigV4 request was signed by the holder of a key it names. */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../contracts/clock.js';
import type { CredentialedRequest } from '../../../contracts/identity.js';
import { StowageError } from '../../../domain/errors.js';
import {
  canonicalRequest,
  parseAuthorization,
  signature,
  signingKey,
  type SignedScope,
} from './canonical-request.js';

/** A request signed longer ago, or further ahead, than this is refused, as AWS does. */
export const signatureAgeMsMax = 5 * 60 * 1000;
/** Services whose signatures are taken: those whose wires we speak. */
const services: ReadonlySet<string> = new Set(['sagemaker', 'application-autoscaling', 'monitoring']);
const cachedKeysMax = 1024;

export class SignatureVerifier {
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly clock: Clock) {}

  /**
   * Returns when the signature is right. `secretOf` gives the secret of an access key id or throws KEY-401
   * or KEY-402. Throws KEY-404, KEY-405 or KEY-406.
   */
  verify(header: string, request: CredentialedRequest, secretOf: (accessKeyId: string) => string): void {
    const scope = parseAuthorization(header);
    if (scope === null)
      throw incomplete('the Authorization header is not a complete AWS4-HMAC-SHA256 header');
    const secret = secretOf(scope.accessKeyId);
    if (!services.has(scope.service)) throw mismatch(`it is scoped to the service \`${scope.service}\``);
    if (!scope.signedHeaders.includes('host')) throw incomplete('the host header is not signed');
    const date = this.checkedDate(request, scope);
    const canonical = canonicalRequest(request, scope.signedHeaders);
    const expected = signature(this.keyFor(secret, scope), canonical, date, scope);
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(scope.signature))) {
      throw mismatch('the request differs from what was signed, or the secret is another');
    }
  }

  private checkedDate(request: CredentialedRequest, scope: SignedScope): string {
    const date = request.headers['x-amz-date'];
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(typeof date === 'string' ? date : '');
    if (parts === null || typeof date !== 'string') throw incomplete('X-Amz-Date is missing or malformed');
    if (!scope.signedHeaders.includes('x-amz-date')) throw incomplete('X-Amz-Date is not signed');
    if (!date.startsWith(scope.day)) throw mismatch('its scope names another day than X-Amz-Date');
    const [, year, month, day, hour, minute, second] = parts.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const signedAt = Date.UTC(year, month - 1, day, hour, minute, second);
    const distance = Math.abs(this.clock.wallNow() - signedAt);
    if (distance > signatureAgeMsMax) {
      throw StowageError.of('KEY-405', { date, minutes: Math.round(distance / 60_000) });
    }
    return date;
  }

  private keyFor(secret: string, scope: SignedScope): Buffer {
    const id = `${scope.accessKeyId}/${scope.day}/${scope.region}/${scope.service}/${secret}`;
    const known = this.keys.get(id);
    if (known !== undefined) return known;
    if (this.keys.size >= cachedKeysMax) this.keys.clear();
    const key = signingKey(secret, scope);
    this.keys.set(id, key);
    return key;
  }
}

function incomplete(problem: string): StowageError {
  return StowageError.of('KEY-406', { problem });
}

function mismatch(problem: string): StowageError {
  return StowageError.of('KEY-404', { problem });
}
