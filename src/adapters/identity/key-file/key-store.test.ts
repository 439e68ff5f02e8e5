import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../contracts/clock.js';
import { KeyKind } from './key-record.js';
import { hashOf, KeyStore } from './key-store.js';

let wallMs = Date.parse('2026-01-01T00:00:00Z');
const clock: Clock = { now: () => 0, wallNow: () => wallMs, after: () => () => undefined };
const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-keys-'));
  wallMs = Date.parse('2026-01-01T00:00:00Z');
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(fileOf(name), 'utf8');
const refusedWith = (problem: string, mend = ''): unknown =>
  expect.objectContaining({
    code: 'HOST-605',
    message: expect.stringContaining(problem) as string,
    mend: expect.stringContaining(mend) as string,
  });

describe('a new data folder', () => {
  it('gets one access key and one bearer key, in AWS’s and OpenAI’s shapes', () => {
    const { store, first } = KeyStore.open(folder, clock);
    expect(first?.accessKeyId).toMatch(/^AKST[A-Z2-7]{16}$/);
    expect(first?.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(first?.bearer).toMatch(/^sk-stowage-[A-Za-z0-9_-]{43}$/);
    expect(
      store.list().map(({ kind, account, actions, expiresAt }) => [kind, account, actions, expiresAt]),
    ).toEqual([
      ['access', '000000000000', ['*'], null],
      ['bearer', '000000000000', ['*'], null],
    ]);
  });

  it('is left with private files only, and nothing half-written', () => {
    KeyStore.open(folder, clock);
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['api-key', 'credentials', 'keys.json', 'seal.key']);
    for (const name of names) expect(statSync(fileOf(name)).mode & 0o777).toBe(0o600);
  });

  it('shows its first keys only once, and knows them when it is opened again', () => {
    const { first } = KeyStore.open(folder, clock);
    const again = KeyStore.open(folder, clock);
    expect(again.first).toBeNull();
    const [access, bearer] = again.store.list();
    expect(access?.kind === KeyKind.Access && again.store.secretOf(access)).toBe(first?.secretAccessKey);
    expect(bearer?.kind === KeyKind.Bearer && bearer.sha256).toBe(hashOf(first!.bearer));
  });

  it('gets its first keys anew when it was left before keys.json was there', () => {
    const interrupted = KeyStore.open(folder, clock).first!;
    rmSync(fileOf('keys.json'));
    const { store, first } = KeyStore.open(folder, clock);
    expect(first?.bearer).not.toBe(interrupted.bearer);
    expect(read('api-key')).toBe(`${first?.bearer}\n`);
    expect(store.list()).toHaveLength(2);
  });
});

describe('the keys of a folder', () => {
  it('come with the options they were made with, and never with their secret', () => {
    const { store } = KeyStore.open(folder, clock);
    const options = {
      name: 'ci',
      account: '123456789012',
      actions: ['sagemaker:Invoke*'],
      expiresAt: '2026-02-01T00:00:00.000Z',
    };
    for (const kind of [KeyKind.Access, KeyKind.Bearer]) {
      const made = store.create(kind, options);
      expect(made.record).toMatchObject({ kind, ...options, isDefault: false });
      expect(JSON.stringify(store.list()) + read('keys.json')).not.toContain(made.secret);
    }
  });

  it('keep rights and lifetime when they are rotated, and the old one is gone', () => {
    const { store } = KeyStore.open(folder, clock);
    const old = store.create(KeyKind.Bearer, { actions: ['a'], expiresAt: '2026-01-31T00:00:00.000Z' });
    wallMs = Date.parse('2026-03-01T00:00:00Z');
    const made = store.rotate(old.record.id);
    expect(made.record).toMatchObject({ actions: ['a'], expiresAt: '2026-03-31T00:00:00.000Z' });
    expect(made.secret).not.toBe(old.secret);
    expect(store.list().map(({ id }) => id)).not.toContain(old.record.id);
  });

  it('are written where programs look when the default ones are rotated', () => {
    const { store, first } = KeyStore.open(folder, clock);
    const access = store.rotate(first!.accessKeyId);
    expect(read('credentials')).toBe(
      `[default]\naws_access_key_id = ${access.record.id}\naws_secret_access_key = ${access.secret}\n`,
    );
    const bearer = store.rotate(store.list().find(({ kind }) => kind === KeyKind.Bearer)!.id);
    expect(read('api-key')).toBe(`${bearer.secret}\n`);
    store.rotate(store.create(KeyKind.Bearer).record.id);
    expect(read('api-key')).toBe(`${bearer.secret}\n`);
  });

  it('are seen by another program that has the folder open', () => {
    const { store } = KeyStore.open(folder, clock);
    const other = KeyStore.open(folder, clock).store;
    const made = store.create(KeyKind.Bearer);
    expect(other.reload()).toBe(true);
    expect(other.list()).toContainEqual(made.record);
    expect(other.reload()).toBe(false);
    const kept = other.create(KeyKind.Bearer);
    store.revoke(made.record.id);
    expect(store.list()).toContainEqual(kept.record);
  });

  it('that are not there cannot be rotated or revoked', () => {
    const { store } = KeyStore.open(folder, clock);
    const refused: unknown = expect.objectContaining({ code: 'USE-640' });
    expect(() => store.rotate('key-nobody')).toThrow(refused);
    expect(() => store.revoke('key-nobody')).toThrow(refused);
  });
});

describe('files that cannot be trusted', () => {
  it.each(['keys.json', 'seal.key'])(
    '%s open to others is refused with the command that mends it',
    (name) => {
      KeyStore.open(folder, clock);
      for (const mode of [0o640, 0o604, 0o660]) {
        chmodSync(fileOf(name), mode);
        const refused = refusedWith(name, `chmod 600 ${fileOf(name)}`);
        expect(() => KeyStore.open(folder, clock)).toThrow(refused);
      }
      chmodSync(fileOf(name), 0o600);
      expect(KeyStore.open(folder, clock).first).toBeNull();
    },
  );

  it.skipIf(!isRoot)('keys.json of another user is refused (needs root to make one)', () => {
    KeyStore.open(folder, clock);
    chownSync(fileOf('keys.json'), 65534, 65534);
    expect(() => KeyStore.open(folder, clock)).toThrow(refusedWith('another user', 'chown 0 '));
  });

  it.each([
    ['no JSON', 'x'],
    ['another version', '{"version":2,"keys":[]}'],
    ['a key without a hash', '{"version":1,"keys":[{"kind":"bearer","id":"key-1"}]}'],
    ['cut off', '{"version":1,"keys":['],
  ])('keys.json with %s is refused and stays as it is', (_, text) => {
    KeyStore.open(folder, clock);
    writeFileSync(fileOf('keys.json'), text);
    expect(() => KeyStore.open(folder, clock)).toThrow(refusedWith('damaged', 'backup'));
    expect(read('keys.json')).toBe(text);
  });

  it('a seal.key that is gone or no key is refused, and no new one takes its place', () => {
    KeyStore.open(folder, clock);
    writeFileSync(fileOf('seal.key'), 'short');
    expect(() => KeyStore.open(folder, clock)).toThrow(refusedWith('seal.key', 'backup'));
    rmSync(fileOf('seal.key'));
    expect(() => KeyStore.open(folder, clock)).toThrow(refusedWith('seal.key is gone', 'backup'));
    expect(readdirSync(folder)).not.toContain('seal.key');
  });

  it('a folder that cannot be made is refused', () => {
    writeFileSync(fileOf('file'), '');
    expect(() => KeyStore.open(fileOf('file/below'), clock)).toThrow(refusedWith('ENOTDIR', '--data-dir'));
  });
});

describe('what a key and its account get where there is not enough for all', () => {
  it('is as much as anybody, until somebody says otherwise; a rotated key keeps it', () => {
    const { store } = KeyStore.open(folder, clock);
    const made = store.create(KeyKind.Bearer, { tokensPerMinute: 600, priority: 10 });
    expect(made.record).toMatchObject({ weight: 1, tokensPerMinute: 600, priority: 10, priorityMax: 10 });
    store.change(made.record.id, { weight: 2.5, priority: -5 });
    const terms = { weight: 2.5, tokensPerMinute: 600, priority: -5, priorityMax: 10 };
    expect(store.rotate(made.record.id).record).toMatchObject(terms);
    store.changeAccount('123456789012', { weight: 3 });
    store.changeAccount('123456789012', { tokensPerMinute: 1000 });
    const opened = KeyStore.open(folder, clock).store;
    expect(opened.list().at(-1)).toMatchObject(terms);
    expect(opened.accounts()).toEqual([{ account: '123456789012', weight: 3, tokensPerMinute: 1000 }]);
    expect(() => store.change('key-none', { weight: 1 })).toThrow(
      expect.objectContaining({ code: 'USE-640' }),
    );
  });

  it('is as usual in a file of before', () => {
    KeyStore.open(folder, clock);
    const file = JSON.parse(read('keys.json')) as { keys: Record<string, unknown>[] };
    const keys = file.keys.map(({ weight, tokensPerMinute, priority, priorityMax, ...rest }) => {
      expect([weight, tokensPerMinute, priority, priorityMax]).toEqual([1, null, 0, 0]);
      return rest;
    });
    writeFileSync(fileOf('keys.json'), JSON.stringify({ version: 1, keys }), { mode: 0o600 });
    expect(KeyStore.open(folder, clock).store.list()[0]).toMatchObject({ weight: 1, priorityMax: 0 });
  });
});
