/**
 * The keys of a data folder. `keys.json` holds what is needed to check them; `api-key` and `credentials` hold
 * the plain form of the first two, for the people and programs of this machine. Every file is 0600.
 *
 * One writer: each change reads, changes and replaces the file whole. Readers see a change within a second.
 */
import { hash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../contracts/clock.js';
import { StowageError } from '../../../domain/errors.js';
import {
  type AccountRecord,
  accountsMax,
  keyFileSchema,
  KeyKind,
  keysMax,
  type KeyRecord,
} from './key-record.js';
import { makePrivateFolder, readPrivateFile, unusable, writePrivateFile } from './private-files.js';
import { newSealKey, seal, unseal } from './seal.js';

export const defaultAccount = '000000000000';
export const bearerPrefix = 'sk-stowage-';
const accessPrefix = 'AKST';

/** What a key's requests get where there is not enough for all; what is left out stays, or is as usual. */
export interface KeyTerms {
  readonly weight?: number;
  /** Null = no budget. */
  readonly tokensPerMinute?: number | null;
  readonly priority?: number;
  /** Never below `priority`. */
  readonly priorityMax?: number;
}

export interface NewKeyOptions extends KeyTerms {
  readonly name?: string;
  readonly account?: string;
  readonly actions?: readonly string[];
  /** ISO 8601. */
  readonly expiresAt?: string | null;
}

/** A key with its secret: shown once, when it is made. */
export interface NewKey {
  readonly record: KeyRecord;
  readonly secret: string;
}

export interface FirstKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bearer: string;
}

export class KeyStore {
  private readonly file: string;
  private sealKey: string;
  private records: readonly KeyRecord[] = [];
  private accountRecords: readonly AccountRecord[] = [];
  private stamp = '';

  private constructor(
    readonly folder: string,
    private readonly clock: Clock,
  ) {
    this.file = join(folder, 'keys.json');
    this.sealKey = '';
  }

  /** Opens the folder, makes it and the first two keys if there are none. Throws HOST-605. */
  static open(folder: string, clock: Clock): { store: KeyStore; first: FirstKeys | null } {
    makePrivateFolder(folder);
    const store = new KeyStore(folder, clock);
    const hasKeys = readPrivateFile(store.file) !== null;
    store.sealKey = store.readSealKey(hasKeys);
    if (hasKeys) {
      store.reload();
      return { store, first: null };
    }
    return { store, first: store.makeFirst() };
  }

  /** All keys, oldest first; no secrets in them. */
  list(): readonly KeyRecord[] {
    return this.records;
  }

  /** Accounts that are not as accounts are by default, by their digits. */
  accounts(): readonly AccountRecord[] {
    return this.accountRecords;
  }

  /** Other terms for a key. Throws USE-640 when there is none of that id. */
  change(id: string, terms: KeyTerms): KeyRecord {
    this.reload();
    const old = this.find(id);
    const changed = { ...old, ...termsOf(terms, old) };
    this.replace(this.records.map((record) => (record === old ? changed : record)));
    return changed;
  }

  /** Other terms for an account, whether or not it has keys. Throws HOST-605 when there are too many. */
  changeAccount(
    account: string,
    { weight, tokensPerMinute }: Pick<KeyTerms, 'weight' | 'tokensPerMinute'>,
  ): AccountRecord {
    this.reload();
    const old = this.accountRecords.find((record) => record.account === account);
    if (old === undefined && this.accountRecords.length >= accountsMax) {
      throw unusable(`there are ${accountsMax} accounts already`, 'stowage accounts list');
    }
    const changed = {
      account,
      weight: weight ?? old?.weight ?? 1,
      tokensPerMinute: tokensPerMinute === undefined ? (old?.tokensPerMinute ?? null) : tokensPerMinute,
    };
    const others = this.accountRecords.filter((record) => record !== old);
    const accounts = [...others, changed].sort((one, other) => (one.account < other.account ? -1 : 1));
    this.replace(this.records, accounts);
    return changed;
  }

  /** A new key. Throws HOST-605 when there are too many or the file cannot be written. */
  create(kind: KeyKind, options: NewKeyOptions = {}): NewKey {
    this.reload();
    if (this.records.length >= keysMax) {
      throw unusable(`there are ${keysMax} keys already`, 'stowage keys revoke ID');
    }
    const made = this.make(kind, options, false);
    this.replace([...this.records, made.record]);
    return made;
  }

  /**
   * A new key in the place of an old one, with the old one's rights and, from now, its lifetime; the old one
   * stops working. `api-key` or `credentials` is rewritten when the old one stood there. Throws USE-640.
   */
  rotate(id: string): NewKey {
    this.reload();
    const old = this.find(id);
    const { name, account, actions } = old;
    const { weight, tokensPerMinute, priority, priorityMax } = old;
    const terms = { weight, tokensPerMinute, priority, priorityMax };
    const options = { name, account, actions, ...terms, expiresAt: this.expiryLike(old) };
    const made = this.make(old.kind, options, old.isDefault);
    this.replace([...this.records.filter((record) => record !== old), made.record]);
    if (old.isDefault) this.writePlain(made);
    return made;
  }

  /** The key stops working. Throws USE-640 when there is none of that id. */
  revoke(id: string): void {
    this.reload();
    const old = this.find(id);
    this.replace(this.records.filter((record) => record !== old));
  }

  /** The plain secret of an access key. */
  secretOf(record: Extract<KeyRecord, { kind: 'access' }>): string {
    return unseal(this.sealKey, record.id, record.sealedSecret);
  }

  /** Reads the file again if it changed. Returns true when it did. Throws HOST-605. */
  reload(): boolean {
    const stamp = this.stampOf();
    if (stamp === this.stamp) return false;
    const text = readPrivateFile(this.file);
    if (text === null)
      throw unusable('keys.json is gone', 'restore it, or start anew with an empty data folder');
    const { keys, accounts } = parse(text);
    this.records = keys;
    this.accountRecords = accounts;
    this.stamp = stamp;
    return true;
  }

  /** `keys.json` comes last: before it is there, all of this is simply done again. */
  private makeFirst(): FirstKeys {
    const access = this.make(KeyKind.Access, { name: 'default' }, true);
    const bearer = this.make(KeyKind.Bearer, { name: 'default' }, true);
    this.writePlain(access);
    this.writePlain(bearer);
    this.replace([access.record, bearer.record]);
    return { accessKeyId: access.record.id, secretAccessKey: access.secret, bearer: bearer.secret };
  }

  private find(id: string): KeyRecord {
    const found = this.records.find((record) => record.id === id);
    if (found !== undefined) return found;
    throw StowageError.of('USE-640', { problem: `no key \`${id}\``, suggestion: 'stowage keys list' });
  }

  private expiryLike({ createdAt, expiresAt }: KeyRecord): string | null {
    if (expiresAt === null) return null;
    const lifetimeMs = Math.max(0, Date.parse(expiresAt) - Date.parse(createdAt));
    return new Date(this.clock.wallNow() + lifetimeMs).toISOString();
  }

  private make(kind: KeyKind, options: NewKeyOptions, isDefault: boolean): NewKey {
    const common = {
      name: options.name ?? '',
      account: options.account ?? defaultAccount,
      actions: [...(options.actions ?? ['*'])],
      createdAt: new Date(this.clock.wallNow()).toISOString(),
      expiresAt: options.expiresAt ?? null,
      isDefault,
      ...termsOf(options, { weight: 1, tokensPerMinute: null, priority: 0, priorityMax: 0 }),
    };
    if (kind === KeyKind.Bearer) {
      const secret = bearerPrefix + randomBytes(32).toString('base64url');
      const id = `key-${randomBytes(6).toString('hex')}`;
      return { record: { kind, id, ...common, sha256: hashOf(secret) }, secret };
    }
    const id = accessPrefix + randomLetters(16);
    const secret = randomBytes(30).toString('base64');
    return { record: { kind, id, ...common, sealedSecret: seal(this.sealKey, id, secret) }, secret };
  }

  private replace(records: readonly KeyRecord[], accounts = this.accountRecords): void {
    const content = { version: 1, keys: records, accounts };
    writePrivateFile(this.file, `${JSON.stringify(content, null, 2)}\n`);
    this.records = records;
    this.accountRecords = accounts;
    this.stamp = this.stampOf();
  }

  private writePlain({ record, secret }: NewKey): void {
    if (record.kind === KeyKind.Bearer) {
      writePrivateFile(join(this.folder, 'api-key'), `${secret}\n`);
      return;
    }
    const lines = ['[default]', `aws_access_key_id = ${record.id}`, `aws_secret_access_key = ${secret}`];
    writePrivateFile(join(this.folder, 'credentials'), `${lines.join('\n')}\n`);
  }

  private readSealKey(hasKeys: boolean): string {
    const file = join(this.folder, 'seal.key');
    const known = readPrivateFile(file)?.trim();
    if (known !== undefined) {
      if (Buffer.from(known, 'base64').length === 32) return known;
      throw unusable('seal.key is not a key of 32 bytes', 'restore it from a backup');
    }
    if (hasKeys) throw unusable('seal.key is gone, so keys.json cannot be used', 'restore it from a backup');
    const made = newSealKey();
    writePrivateFile(file, `${made}\n`);
    return made;
  }

  private stampOf(): string {
    try {
      const { mtimeMs, size, ino } = statSync(this.file);
      return `${mtimeMs}/${size}/${ino}`;
    } catch {
      return 'missing';
    }
  }
}

/** SHA-256 of a bearer key, hex: enough for a secret of 256 random bits. */
export function hashOf(secret: string): string {
  return hash('sha256', secret);
}

/** The terms with what is left out as it was; the most a key may ask for is never below what it has unasked. */
function termsOf(
  { weight, tokensPerMinute, priority, priorityMax }: KeyTerms,
  before: Required<KeyTerms>,
): Required<KeyTerms> {
  const usual = priority ?? Math.min(before.priority, priorityMax ?? before.priority);
  return {
    weight: weight ?? before.weight,
    tokensPerMinute: tokensPerMinute === undefined ? before.tokensPerMinute : tokensPerMinute,
    priority: usual,
    priorityMax: Math.max(usual, priorityMax ?? before.priorityMax),
  };
}

function parse(text: string) {
  try {
    return keyFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(
      'keys.json is damaged',
      'restore it from a backup, or start anew with an empty data folder',
      cause,
    );
  }
}

/** Letters and digits of AWS's access key ids. */
function randomLetters(count: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(randomBytes(count), (byte) => alphabet[byte % 32]).join('');
}
