/**
 * Names the caller from the keys of the data folder: bearer keys by their hash, SigV4 signatures by the access
 * key they name. Nothing is answered without one of the two.
 */
import type { Clock } from '../../../contracts/clock.js';
import type { Authenticator, CredentialedRequest, Principal } from '../../../contracts/identity.js';
import type { Log } from '../../../contracts/telemetry.js';
import { StowageError } from '../../../domain/errors.js';
import { type AccountRecord, KeyKind, type KeyRecord } from './key-record.js';
import { hashOf, type KeyStore } from './key-store.js';

/** How often the key file is looked at, milliseconds. */
const reloadMs = 1000;
/** Between two looks at the file because of keys that nobody knows, milliseconds. */
const lookMsMin = 100;
const bearerLengthMax = 512;
const bearerScheme = /^bearer +/i;

/** Checks what an Authorization header of Signature Version 4 claims. */
export interface SignatureCheck {
  /** The part of `verify` that needs no body: throws what it would throw, except for a wrong signature. */
  precheck(
    header: string,
    headers: CredentialedRequest['headers'],
    secretOf: (accessKeyId: string) => string,
  ): void;
  /**
   * Returns, when the signature is right, the region it was made for; `secretOf` gives an access key's secret or
   * throws KEY-402.
   */
  verify(header: string, request: CredentialedRequest, secretOf: (accessKeyId: string) => string): string;
}

export interface KeyAuthenticator extends Authenticator {
  /** The action patterns of a key that authenticated. */
  actionsOf(principal: Principal): readonly string[];
  close(): void;
}

export interface KeyAuthenticatorParts {
  readonly store: KeyStore;
  readonly signatures: SignatureCheck;
  readonly clock: Clock;
  readonly log: Log;
}

export function createKeyAuthenticator(parts: KeyAuthenticatorParts): KeyAuthenticator {
  return new StoreAuthenticator(parts);
}

interface KnownKey {
  readonly record: KeyRecord;
  readonly principal: Principal;
  /** Milliseconds since 1970; infinite = never. */
  readonly expiresAt: number;
  /** Of access keys, opened once; null of bearer keys, which are known by their hash alone. */
  readonly secret: string | null;
}

type AccessKey = KnownKey & { readonly secret: string };

function isAccessKey(key: KnownKey): key is AccessKey {
  return key.secret !== null;
}

/** The Authorization header, and the bearer key in it; null = it is a signature. Throws KEY-400. */
function credentialsIn(headers: CredentialedRequest['headers']): {
  readonly header: string;
  readonly bearer: string | null;
} {
  const header = headers['authorization'];
  if (typeof header !== 'string' || header === '') {
    throw StowageError.of('KEY-400', { problem: 'the Authorization header is missing' });
  }
  const scheme = bearerScheme.exec(header);
  if (scheme !== null) return { header, bearer: header.slice(scheme[0].length).trimEnd() };
  if (header.startsWith('AWS4-')) return { header, bearer: null };
  throw StowageError.of('KEY-400', { problem: 'the Authorization header is neither Bearer nor AWS4' });
}

function principalOf(record: KeyRecord, terms: AccountRecord | undefined): Principal {
  const { id, account, weight, tokensPerMinute, priority, priorityMax } = record;
  const caller = {
    account,
    key: id,
    weight,
    tokensPerMinuteMax: tokensPerMinute,
    accountWeight: terms?.weight ?? 1,
    accountTokensPerMinuteMax: terms?.tokensPerMinute ?? null,
    priority,
    priorityMax,
  };
  return { keyId: id, account, region: null, caller };
}

class StoreAuthenticator implements KeyAuthenticator {
  private byHash = new Map<string, KnownKey>();
  private byId = new Map<string, KnownKey>();
  private stop: () => void = () => {};
  private lookedAt = -Infinity;
  /** What was said of a key file that cannot be used. */
  private problem: string | null = null;

  constructor(private readonly parts: KeyAuthenticatorParts) {
    this.index();
    this.watch();
  }

  /** An access key that expired passes: when it did is told only to those who hold its secret. */
  precheck(headers: CredentialedRequest['headers']): void {
    const { header, bearer } = credentialsIn(headers);
    if (bearer !== null) this.checked(this.bearer(bearer));
    else this.parts.signatures.precheck(header, headers, (id) => this.accessKey(id).secret);
  }

  authenticate(request: CredentialedRequest): Principal {
    const { header, bearer } = credentialsIn(request.headers);
    if (bearer !== null) return this.checked(this.bearer(bearer));
    const { key, region } = this.signer(header, request);
    return { ...this.checked(key), region };
  }

  actionsOf(principal: Principal): readonly string[] {
    return this.byId.get(principal.keyId)?.record.actions ?? [];
  }

  close(): void {
    this.stop();
  }

  private bearer(secret: string): KnownKey {
    const hash = secret.length <= bearerLengthMax ? hashOf(secret) : '';
    const known = this.byHash.get(hash) ?? (this.looksAgain() ? this.byHash.get(hash) : undefined);
    if (known === undefined) throw StowageError.of('KEY-402', {});
    return known;
  }

  private signer(header: string, request: CredentialedRequest): { key: KnownKey; region: string } {
    let signer: AccessKey | undefined;
    const region = this.parts.signatures.verify(header, request, (accessKeyId) => {
      signer = this.accessKey(accessKeyId);
      return signer.secret;
    });
    // A check that never asked for a secret has checked nothing.
    if (signer === undefined) throw StowageError.of('KEY-402', {});
    return { key: signer, region };
  }

  private accessKey(id: string): AccessKey {
    const known = this.byId.get(id) ?? (this.looksAgain() ? this.byId.get(id) : undefined);
    if (known === undefined || !isAccessKey(known)) throw StowageError.of('KEY-402', {});
    return known;
  }

  private checked({ record, principal, expiresAt }: KnownKey): Principal {
    if (this.parts.clock.wallNow() < expiresAt) return principal;
    throw StowageError.of('KEY-401', { key: record.id, when: record.expiresAt ?? '' });
  }

  /** Throws HOST-605, and keeps what was known before, when a secret cannot be opened. */
  private index(): void {
    const accounts = new Map(this.parts.store.accounts().map((one) => [one.account, one]));
    const known = this.parts.store.list().map((record) => ({
      record,
      principal: principalOf(record, accounts.get(record.account)),
      expiresAt: record.expiresAt === null ? Infinity : Date.parse(record.expiresAt),
      secret: record.kind === KeyKind.Access ? this.parts.store.secretOf(record) : null,
    }));
    this.byId = new Map(known.map((key) => [key.record.id, key]));
    this.byHash = new Map(
      known.flatMap((key) => (key.record.kind === KeyKind.Bearer ? [[key.record.sha256, key]] : [])),
    );
  }

  private watch(): void {
    this.stop = this.parts.clock.after(reloadMs, () => {
      this.refresh();
      this.watch();
    });
  }

  /** An unknown key may have been made a moment ago; strangers make us look at the file ten times a second at most. */
  private looksAgain(): boolean {
    const now = this.parts.clock.now();
    if (now - this.lookedAt < lookMsMin) return false;
    this.lookedAt = now;
    this.refresh();
    return true;
  }

  /** A file that cannot be used changes nothing; that is said once, not every second. */
  private refresh(): void {
    try {
      if (this.parts.store.reload()) this.index();
      this.problem = null;
    } catch (error) {
      const { message } = error as Error;
      if (message === this.problem) return;
      this.problem = message;
      this.parts.log.error({ err: error }, 'the key file cannot be used; the keys known before stay');
    }
  }
}
