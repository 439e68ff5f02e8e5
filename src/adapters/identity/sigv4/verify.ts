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
  unsignedHeader,
} from './canonical-request.js';

/** A request signed longer ago, or further ahead, than this is refused, as AWS does. */
export const signatureAgeMsMax = 5 * 60 * 1000;
/** Services whose signatures are taken: those whose wires we speak. */
const services: ReadonlySet<string> = new Set(['sagemaker', 'application-autoscaling', 'monitoring']);
/** Signing keys kept, of signatures that were right; one per access key, day, region and service. */
const keysKeptMax = 1024;

interface KeptKey {
  readonly secret: string;
  readonly key: Buffer;
}

/** The secret of an access key id; throws KEY-401 or KEY-402. */
type SecretOf = (accessKeyId: string) => string;

/** What a request's headers claim about its signature. */
interface Claim {
  readonly scope: SignedScope;
  readonly secret: string;
  /** The X-Amz-Date. */
  readonly date: string;
}

export class SignatureVerifier {
  private readonly kept = new Map<string, KeptKey>();

  constructor(private readonly clock: Clock) {}

  /** Throws all that `verify` throws before it looks at the request's body: everything but a wrong signature. */
  precheck(header: string, headers: CredentialedRequest['headers'], secretOf: SecretOf): void {
    this.claimOf(header, headers, secretOf);
  }

  /**
   * Returns, when the signature is right, the region it was made for. `secretOf` gives the secret of an access key id
   * or throws KEY-401 or KEY-402. Throws KEY-404, KEY-405 or KEY-406.
   */
  verify(header: string, request: CredentialedRequest, secretOf: SecretOf): string {
    const { scope, secret, date } = this.claimOf(header, request.headers, secretOf);
    const canonical = canonicalRequest(request, scope.signedHeaders);
    const key = this.keyFor(secret, scope);
    const expected = signature(key, canonical, date, scope);
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(scope.signature))) {
      throw mismatch('the request differs from what was signed, or the secret is another');
    }
    this.keep(scope, { secret, key });
    return scope.region;
  }

  private claimOf(header: string, headers: CredentialedRequest['headers'], secretOf: SecretOf): Claim {
    const scope = parseAuthorization(header);
    if (scope === null)
      throw incomplete('the Authorization header is not a complete AWS4-HMAC-SHA256 header');
    const secret = secretOf(scope.accessKeyId);
    if (!services.has(scope.service)) throw mismatch(`it is scoped to the service \`${scope.service}\``);
    const unsigned = unsignedHeader(headers, scope.signedHeaders);
    if (unsigned !== null) throw incomplete(`the header ${unsigned} is not signed`);
    return { scope, secret, date: this.checkedDate(headers, scope) };
  }

  private checkedDate(headers: CredentialedRequest['headers'], scope: SignedScope): string {
    const date = headers['x-amz-date'];
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(typeof date === 'string' ? date : '');
    if (parts === null || typeof date !== 'string') throw incomplete('X-Amz-Date is missing or malformed');
    if (!date.startsWith(scope.day)) throw mismatch('its scope names another day than X-Amz-Date');
    const [, year, month, day, hour, minute, second] = parts;
    const distance = Math.abs(
      this.clock.wallNow() - Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    );
    if (Number.isNaN(distance)) throw incomplete('X-Amz-Date is not a date');
    if (distance > signatureAgeMsMax) {
      throw StowageError.of('KEY-405', { date, minutes: Math.round(distance / 60_000) });
    }
    return date;
  }

  private keyFor(secret: string, scope: SignedScope): Buffer {
    const kept = this.kept.get(keyNameOf(scope));
    return kept?.secret === secret ? kept.key : signingKey(secret, scope);
  }

  /** Only after a signature was right, so that nobody without a secret decides what is kept. */
  private keep(scope: SignedScope, kept: KeptKey): void {
    const name = keyNameOf(scope);
    if (this.kept.get(name)?.key === kept.key) return;
    if (this.kept.size >= keysKeptMax) this.kept.clear();
    this.kept.set(name, kept);
  }
}

function keyNameOf({ accessKeyId, day, region, service }: SignedScope): string {
  return `${accessKeyId}/${day}/${region}/${service}`;
}

function incomplete(problem: string): StowageError {
  return StowageError.of('KEY-406', { problem });
}

function mismatch(problem: string): StowageError {
  return StowageError.of('KEY-404', { problem });
}
