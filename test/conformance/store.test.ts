/** One suite for everything that keeps the control plane's records, and a disk that is pulled out under one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import * as fc from 'fast-check';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/adapters/store/memory/store.js';
import { createSqliteStore } from '../../src/adapters/store/sqlite/store.js';
import type { Change, Store, StoredRecord } from '../../src/contracts/store.js';
import { foldLedger } from '../../src/decide/replay/fold-ledger.js';
import { StowageError } from '../../src/domain/errors.js';
import type { CounterRecord } from '../../src/domain/record.js';

const scratch = mkdtempSync(join(tmpdir(), 'store-test-'));
const committer = join(process.cwd(), '.cache', `store-committer-${process.pid}.mjs`);
beforeAll(() =>
  buildSync({
    entryPoints: ['test/conformance/store-committer.ts'],
    outfile: committer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
);
afterAll(() => rmSync(committer, { force: true }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(scratch, `state-${files++}.db`);

interface Bed {
  readonly store: Store;
  /** What the next process finds. */
  reopen(): Store;
}

const beds: Readonly<Record<string, () => Bed>> = {
  memory: () => {
    const store = createMemoryStore();
    return { store, reopen: () => store.reopen() };
  },
  sqlite: () => {
    const file = newFile();
    const store = createSqliteStore(file);
    return {
      store,
      reopen: () => {
        store.close();
        return createSqliteStore(file);
      },
    };
  },
};

const keyOf = (name: string) => `counter:${name}`;
const counter = (name: string, value: number): CounterRecord => ({ kind: 'counter', name, value });
const put = (name: string, expectedRevision: number, value: number): Change => ({
  key: keyOf(name),
  expectedRevision,
  value: counter(name, value),
  event: 'counter-set',
  reason: `it is ${value} now`,
});
const drop = (name: string, expectedRevision: number): Change => ({
  ...put(name, expectedRevision, 0),
  value: null,
  event: 'counter-deleted',
});
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof StowageError ? error.code : String(error);
  }
  return 'nothing was thrown';
};
const byKey = (records: readonly StoredRecord[]) =>
  new Map(records.map(({ key, revision, value }) => [key, { revision, value }]));

describe.each(Object.entries(beds))('a store (%s)', (_, makeBed) => {
  it('has after a restart what was committed', () => {
    const bed = makeBed();
    bed.store.commit([put('a', 0, 1), put('b', 0, 2)], 10);
    bed.store.commit([put('a', 1, 3), drop('b', 1)], 20);
    const again = bed.reopen();
    expect(again.load()).toEqual([{ key: keyOf('a'), revision: 2, value: counter('a', 3) }]);
    again.close();
  });

  it('writes all changes of a commit or none', () => {
    const { store } = makeBed();
    store.commit([put('a', 0, 1)], 10);
    expect(codeOf(() => store.commit([put('b', 0, 1), put('a', 7, 2)], 20))).toBe('STATE-701');
    expect(store.load().map(({ key }) => key)).toEqual([keyOf('a')]);
    expect(store.ledger({ limit: 10 })).toHaveLength(1);
    store.close();
  });

  it.each([
    ['makes what is there already', put('a', 0, 2)],
    ['changes what is not there', put('b', 1, 2)],
    ['deletes what is not there', drop('b', 0)],
    ['was decided on an older revision', put('a', 1, 2)],
  ])('refuses a change that %s', (__, change) => {
    const { store } = makeBed();
    store.commit([put('a', 0, 1)], 1);
    store.commit([put('a', 1, 1)], 2);
    expect(codeOf(() => store.commit([change], 3))).toBe('STATE-701');
    store.close();
  });

  it('answers questions about its ledger', () => {
    const { store } = makeBed();
    store.commit([put('a', 0, 1), put('b', 0, 2)], 10);
    store.commit([put('a', 1, 3)], 20);
    const sequences = (query: Parameters<Store['ledger']>[0]) =>
      store.ledger(query).map((one) => one.sequence);
    expect(sequences({ limit: 2 })).toEqual([1, 2]);
    expect(sequences({ limit: 9, isNewestFirst: true })).toEqual([3, 2, 1]);
    expect(sequences({ limit: 9, keys: [keyOf('a')] })).toEqual([1, 3]);
    expect(sequences({ limit: 9, keyPrefix: 'counter:b' })).toEqual([2]);
    expect(sequences({ limit: 9, afterSequence: 2 })).toEqual([3]);
    expect(store.ledger({ limit: 1 })[0]).toEqual({
      sequence: 1,
      at: 10,
      key: keyOf('a'),
      kind: 'counter',
      revision: 1,
      event: 'counter-set',
      reason: 'it is 1 now',
      value: counter('a', 1),
    });
    store.close();
  });

  it('is what its ledger says, whatever was done', () => {
    const anyName = fc.constantFrom('a', 'b', 'c');
    const anyStep = fc.array(fc.record({ name: anyName, revision: fc.nat(3), isDrop: fc.boolean() }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
        const bed = makeBed();
        for (const [at, step] of steps.entries()) {
          const changes = step.map(({ name, revision, isDrop }) =>
            isDrop ? drop(name, revision) : put(name, revision, at),
          );
          expect(['nothing was thrown', 'STATE-701']).toContain(codeOf(() => bed.store.commit(changes, at)));
        }
        const again = bed.reopen();
        const entries = again.ledger({ limit: 10_000 });
        expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_entry, index) => index + 1));
        expect(foldLedger(again.base(), entries)).toEqual(byKey(again.load()));
        again.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('the SQLite file', () => {
  it('keeps a ledger of bounded length, on the base it starts from', () => {
    const store = createSqliteStore(newFile(), { ledgerRowsMax: 5 });
    for (let value = 0; value < 10_020; value++)
      store.commit([put(`n${value % 7}`, Math.floor(value / 7), value)], 1);
    const entries = store.ledger({ limit: 10_000 });
    expect(entries.length).toBeLessThan(100);
    expect(entries[0]!.sequence).toBe(10_001);
    expect(foldLedger(store.base(), entries)).toEqual(byKey(store.load()));
    store.close();
  });

  it('keeps a commit whose ledger could not be shortened, and shortens it later', () => {
    const store = createSqliteStore(newFile(), { ledgerRowsMax: 5 });
    const { database } = store as unknown as { database: Database.Database };
    database.exec(
      "CREATE TRIGGER full BEFORE INSERT ON ledger_base BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    const many = Array.from({ length: 10_010 }, (_, index) => put(`n${index}`, 0, index));
    store.commit(many, 1);
    expect(store.load()).toHaveLength(many.length);
    database.exec('DROP TRIGGER full');
    store.commit([put('last', 0, 1)], 1);
    expect(store.ledger({ limit: 1 })[0]!.sequence).toBe(10_001);
    expect(foldLedger(store.base(), ledgerOf(store))).toEqual(byKey(store.load()));
    store.close();
  });

  it('says that it is full, and goes on when there is room', () => {
    const file = newFile();
    const store = createSqliteStore(file);
    const database = (store as unknown as { database: Database.Database }).database;
    database.pragma('max_page_count = 20');
    const fill = () => {
      for (let value = 0; value < 1000; value++) store.commit([put('a'.repeat(900) + value, 0, 1)], 1);
    };
    expect(codeOf(fill)).toBe('STATE-702');
    database.pragma('max_page_count = 100000');
    const count = store.load().length;
    store.commit([put('b', 0, 1)], 1);
    expect(store.load()).toHaveLength(count + 1);
    store.close();
  });

  it('of a newer program is refused, and no state file too', () => {
    const newer = newFile();
    createSqliteStore(newer).close();
    const database = new Database(newer);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(codeOf(() => createSqliteStore(newer))).toBe('STATE-704');
    const other = newFile();
    writeFileSync(
      other,
      'this is a letter, and rather longer than the header of a database would be'.repeat(30),
    );
    expect(codeOf(() => createSqliteStore(other))).toBe('STATE-702');
    expect(codeOf(() => createSqliteStore(join(scratch, 'nowhere', 'state.db')))).toBe('STATE-702');
  });

  it('has after a kill every commit that was answered, whole, and at most one more', async () => {
    const file = newFile();
    for (let round = 0; round < 8; round++) {
      const answered = await committedUntilKilled(file, round);
      const store = createSqliteStore(file);
      const pair = store.load().map(({ value }) => (value as CounterRecord).value);
      expect(new Set(pair).size).toBe(1); // both records of a commit, or neither
      expect(pair[0]! - answered).toBeGreaterThanOrEqual(0);
      expect(pair[0]! - answered).toBeLessThanOrEqual(1);
      expect(foldLedger(store.base(), ledgerOf(store))).toEqual(byKey(store.load()));
      store.close();
    }
  });
});

/** All of it: a query gives 10,000 entries at most. */
function ledgerOf(store: Store) {
  const entries = [];
  for (let after = 0; ; after = entries.at(-1)!.sequence) {
    const more = store.ledger({ limit: 10_000, afterSequence: after });
    entries.push(...more);
    if (more.length < 10_000) return entries;
  }
}

/** A process that commits as fast as it can and says each number when its commit has returned; killed after some. */
async function committedUntilKilled(file: string, round: number): Promise<number> {
  const child = spawn(process.execPath, [committer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = 0;
  let text = '';
  const killAfter = 20 + round * 37;
  let seen = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      last = Number(line);
      if (++seen === killAfter) child.kill('SIGKILL');
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  return last;
}
