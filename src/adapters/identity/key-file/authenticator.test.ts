import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../contracts/clock.js';
import type { CredentialedRequest } from '../../../contracts/identity.js';
import type { Log } from '../../../contracts/telemetry.js';
import { createKeyAuthenticator, type KeyAuthenticator, type SignatureCheck } from './authenticator.js';
import { KeyKind } from './key-record.js';
import { type FirstKeys, KeyStore } from './key-store.js';

/** Takes `AWS4- ID SECRET` for a signature, so that only the keys are looked at here. */
const plainSignatures: SignatureCheck = {
  precheck: (header, _, secretOf) => void secretOf(header.split(' ')[1] ?? ''),
  verify: (header, _, secretOf) => {
    const [, id = '', secret] = header.split(' ');
    if (secretOf(id) !== secret) throw new Error('another secret');
    return 'eu-west-1';
  },
};

let wallMs: number;
let tasks: (() => void)[];
const clock: Clock = {
  now: () => 0,
  wallNow: () => wallMs,
  after: (_, task) => {
    tasks.push(task);
    return () => (tasks = tasks.filter((one) => one !== task));
  },
};
let errors: string[];
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: (_, message) => errors.push(message) };

let folder: string;
let store: KeyStore;
let first: FirstKeys;
let authenticator: KeyAuthenticator;

beforeEach(() => {
  wallMs = Date.parse('2026-01-01T00:00:00Z');
  tasks = [];
  errors = [];
  folder = mkdtempSync(join(tmpdir(), 'stowage-keys-'));
  first = KeyStore.open(folder, clock).first!;
  ({ store } = KeyStore.open(folder, clock));
  authenticator = createKeyAuthenticator({ store, signatures: plainSignatures, clock, log });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A second passes. */
function tick(): void {
  const due = tasks;
  tasks = [];
  for (const task of due) task();
}

function callWith(authorization: string | undefined): CredentialedRequest {
  return { method: 'GET', target: '/', headers: { authorization }, body: new Uint8Array(0) };
}

const callerOf = (authorization: string | undefined): string =>
  authenticator.authenticate(callWith(authorization)).keyId;
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('credentials', () => {
  it('name the key they belong to and its account', () => {
    const made = store.create(KeyKind.Bearer, { account: '123456789012' });
    tick();
    authenticator = createKeyAuthenticator({ store, signatures: plainSignatures, clock, log });
    expect(authenticator.authenticate(callWith(`Bearer ${made.secret}`))).toMatchObject({
      keyId: made.record.id,
      account: '123456789012',
      region: null,
    });
    const signed = `AWS4- ${first.accessKeyId} ${first.secretAccessKey}`;
    expect(authenticator.authenticate(callWith(signed)).region).toBe('eu-west-1');
    expect(callerOf(`AWS4- ${first.accessKeyId} ${first.secretAccessKey}`)).toBe(first.accessKeyId);
    expect(callerOf(`bearer  ${first.bearer} `)).toMatch(/^key-/);
  });

  it.each([
    [undefined, 'KEY-400'],
    ['', 'KEY-400'],
    ['Basic YTpi', 'KEY-400'],
    ['Bearer', 'KEY-400'],
    ['Bearer ', 'KEY-402'],
    ['Bearer sk-stowage-x', 'KEY-402'],
    [`Bearer ${'x'.repeat(10_000)}`, 'KEY-402'],
    ['AWS4- AKSTNOBODY secret', 'KEY-402'],
  ])('that are `%s` are refused with %s', (authorization, expected) => {
    expect(() => callerOf(authorization)).toThrow(code(expected));
  });

  it('of a bearer key do not sign, and a secret access key is no bearer key', () => {
    const bearer = store.list().find(({ kind }) => kind === KeyKind.Bearer)!;
    expect(() => callerOf(`AWS4- ${bearer.id} ${first.bearer}`)).toThrow(code('KEY-402'));
    expect(() => callerOf(`Bearer ${first.secretAccessKey}`)).toThrow(code('KEY-402'));
  });

  it('that a check accepts without asking for a secret name nobody', () => {
    const careless: SignatureCheck = { precheck: () => undefined, verify: () => 'us-east-1' };
    const trusting = createKeyAuthenticator({ store, signatures: careless, clock, log });
    expect(() => trusting.authenticate(callWith('AWS4- x'))).toThrow(code('KEY-402'));
  });

  it('are of no use once they expired, to the millisecond', () => {
    const expiresAt = '2026-01-02T00:00:00.000Z';
    const bearer = store.create(KeyKind.Bearer, { expiresAt });
    const access = store.create(KeyKind.Access, { expiresAt });
    authenticator = createKeyAuthenticator({ store, signatures: plainSignatures, clock, log });
    for (const header of [`Bearer ${bearer.secret}`, `AWS4- ${access.record.id} ${access.secret}`]) {
      wallMs = Date.parse(expiresAt) - 1;
      callerOf(header);
      wallMs += 1;
      expect(() => callerOf(header)).toThrow(code('KEY-401'));
    }
  });

  it('are refused from the headers alone, but for what only the signature can tell', () => {
    const expiresAt = '2025-12-31T00:00:00.000Z';
    const bearer = store.create(KeyKind.Bearer, { expiresAt });
    const access = store.create(KeyKind.Access, { expiresAt });
    authenticator = createKeyAuthenticator({ store, signatures: plainSignatures, clock, log });
    const refusals: readonly (readonly [string | undefined, string | null])[] = [
      [undefined, 'KEY-400'],
      ['Basic YTpi', 'KEY-400'],
      ['Bearer sk-stowage-x', 'KEY-402'],
      [`Bearer ${bearer.secret}`, 'KEY-401'],
      ['AWS4- AKSTNOBODY secret', 'KEY-402'],
      [`AWS4- ${access.record.id} ${access.secret}`, null],
      [`AWS4- ${first.accessKeyId} another secret`, null],
      [`Bearer ${first.bearer}`, null],
    ];
    for (const [authorization, expected] of refusals) {
      const check = (): void => authenticator.precheck?.({ authorization });
      if (expected === null) expect(check, authorization).not.toThrow();
      else expect(check, authorization).toThrow(code(expected));
    }
  });

  it('that are any text are refused as access errors', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'Bearer ', 'AWS4- '),
        fc.string({ unit: 'binary-ascii' }),
        (scheme, text) => {
          expect(() => callerOf(scheme + text)).toThrow(
            expect.objectContaining({ code: expect.stringMatching(/^KEY-40[02]$/) as string }),
          );
        },
      ),
    );
  });
});

describe('a key file that changes', () => {
  it('counts: keys that are made at once, keys that are revoked after a second', () => {
    const other = KeyStore.open(folder, clock).store;
    const made = other.create(KeyKind.Bearer);
    expect(callerOf(`Bearer ${made.secret}`)).toBe(made.record.id);
    expect(callerOf(`Bearer ${made.secret}`)).toBe(made.record.id);
    other.revoke(made.record.id);
    tick();
    expect(() => callerOf(`Bearer ${made.secret}`)).toThrow(code('KEY-402'));
  });

  it('is not read again and again because of strangers', () => {
    expect(() => callerOf('Bearer nobody')).toThrow(code('KEY-402'));
    const made = KeyStore.open(folder, clock).store.create(KeyKind.Bearer);
    expect(() => callerOf(`Bearer ${made.secret}`)).toThrow(code('KEY-402'));
    tick();
    expect(callerOf(`Bearer ${made.secret}`)).toBe(made.record.id);
  });

  it('and cannot be used leaves the known keys as they were, and is said once', () => {
    writeFileSync(join(folder, 'keys.json'), 'x');
    tick();
    tick();
    expect(callerOf(`Bearer ${first.bearer}`)).toMatch(/^key-/);
    expect(errors).toHaveLength(1);
    rmSync(join(folder, 'keys.json'));
    tick();
    expect(callerOf(`Bearer ${first.bearer}`)).toMatch(/^key-/);
    expect(errors).toHaveLength(2);
  });

  it('is not looked at any more once the authenticator is closed', () => {
    tick();
    expect(tasks).toHaveLength(1);
    authenticator.close();
    expect(tasks).toHaveLength(0);
  });
});

describe('the actions of a key', () => {
  it('are those it was made with; of nobody’s key none', () => {
    const made = store.create(KeyKind.Bearer, { actions: ['sagemaker:Invoke*'] });
    authenticator = createKeyAuthenticator({ store, signatures: plainSignatures, clock, log });
    const principal = authenticator.authenticate(callWith(`Bearer ${made.secret}`));
    expect(authenticator.actionsOf(principal)).toEqual(['sagemaker:Invoke*']);
    expect(authenticator.actionsOf({ keyId: 'key-nobody', account: '000000000000', region: null })).toEqual(
      [],
    );
  });
});
