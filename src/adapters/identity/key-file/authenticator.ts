/**
 * Names the caller from the keys of the data folder: bearer keys by their hash, SigV4 signatures by the access
 * key they name. Nothing is answered without one of the two.
 */
import type { Clock } from '../../../contracts/clock.js';
import type { Authenticator, CredentialedRequest, Principal } from '../../../contracts/identity.js';
import type { Log } from '../../../contracts/telemetry.js';
import { StowageError } from '../../../domain/errors.js';
import { KeyKind, type KeyRecord } from './key-record.js';
import { hashOf, type KeyStore } from './key-store.js';

/** How often the key file is looked at, milliseconds. */
const reloadMs = 1000;
const bearerLengthMax = 512;
/** Hashes remembered, so that a key that is used again costs no hashing. */
const rememberedMax = 1024;

/** Checks what an Authorization header of Signature Version 4 claims. */
export interface SignatureCheck {
  /** Returns when the signature is right; `secretOf` gives an access key's secret or throws KEY-402. */
  verify(header: string, request: CredentialedRequest, secretOf: (accessKeyId: string) => string): void;
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
  readonly expiresAt: number;
}

class StoreAuthenticator implements KeyAuthenticator {
  private byHash = new Map<string, KnownKey>();
  private byId = new Map<string, KnownKey>();
  private remembered = new Map<string, KnownKey>();
  private stop: () => void = () => {};

  constructor(private readonly parts: KeyAuthenticatorParts) {
    this.index();
    this.watch();
  }

  authenticate(request: CredentialedRequest): Principal {
    const header = request.headers['authorization'];
    if (typeof header !== 'string' || header === '') {
      throw StowageError.of('KEY-400', { problem: 'the Authorization header is missing' });
    }
    if (header.startsWith('Bearer ')) return this.checked(this.bearer(header.slice(7).trim()));
    if (!header.startsWith('AWS4-')) {
      throw StowageError.of('KEY-400', { problem: 'the Authorization header is neither Bearer nor AWS4' });
    }
    let known: KnownKey | undefined;
    this.parts.signatures.verify(header, request, (accessKeyId) => {
      known = this.byId.get(accessKeyId);
      if (known?.record.kind !== KeyKind.Access) throw StowageError.of('KEY-402', {});
      return this.parts.store.secretOf(known.record);
    });
    return this.checked(known!);
  }

  actionsOf(principal: Principal): readonly string[] {
    return this.byId.get(principal.keyId)?.record.actions ?? [];
  }

  close(): void {
    this.stop();
  }

  private bearer(secret: string): KnownKey {
    const remembered = this.remembered.get(secret);
    if (remembered !== undefined) return remembered;
    const known = secret.length <= bearerLengthMax ? this.byHash.get(hashOf(secret)) : undefined;
    if (known === undefined) throw StowageError.of('KEY-402', {});
    if (this.remembered.size >= rememberedMax) this.remembered.clear();
    this.remembered.set(secret, known);
    return known;
  }

  private checked({ record, principal, expiresAt }: KnownKey): Principal {
    if (this.parts.clock.wallNow() < expiresAt) return principal;
    throw StowageError.of('KEY-401', { key: record.id, when: record.expiresAt ?? '' });
  }

  private index(): void {
    const known = this.parts.store.list().map((record) => ({
      record,
      principal: { keyId: record.id, account: record.account },
      expiresAt: record.expiresAt === null ? Infinity : Date.parse(record.expiresAt),
    }));
    this.byId = new Map(known.map((key) => [key.record.id, key]));
    this.byHash = new Map(
      known.flatMap((key) => (key.record.kind === KeyKind.Bearer ? [[key.record.sha256, key]] : [])),
    );
    this.remembered.clear();
  }

  private watch(): void {
    this.stop = this.parts.clock.after(reloadMs, () => {
      try {
        if (this.parts.store.reload()) this.index();
      } catch (error) {
        this.parts.log.error({ err: error }, 'the key file cannot be read; the keys known before stay');
      }
      this.watch();
    });
  }
}
