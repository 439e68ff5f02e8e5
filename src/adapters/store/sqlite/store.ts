/**
 * The control plane's records in one SQLite file: WAL, synchronous FULL, so that a commit that returned is on the
 * disk. One writer: a second one that slipped in is found by the revisions and by the ledger's sequence.
 *
 * The ledger is bounded: when it is longer than `ledgerRowsMax`, its oldest rows are folded into `ledger_base`.
 */
import { chmodSync } from 'node:fs';
import Database from 'libsql';
import type { Change, LedgerEntry, LedgerQuery, Store, StoredRecord } from '../../../contracts/store.js';
import { StowageError } from '../../../domain/errors.js';
import type { RecordKind, StowageRecord } from '../../../domain/record.js';
import { migrate } from './schema.js';

/** Rows of the ledger that are kept by default. */
const ledgerRowsMaxDefault = 1_000_000;
/** Rows folded at once, when that many are too much. */
const ledgerRowsFolded = 10_000;
/** Entries one query gives at most. */
const queryRowsMax = 10_000;
/** Another process' lock is waited for so long, milliseconds. */
const lockMsMax = 5_000;

interface RecordRow {
  readonly key: string;
  readonly revision: number;
  readonly value: string;
}

interface LedgerRow {
  readonly sequence: number;
  readonly at: number;
  readonly key: string;
  readonly revision: number;
  readonly event: string;
  readonly reason: string;
  readonly value: string | null;
}

export interface SqliteStoreOptions {
  /** ≥ 1; a million by default. */
  readonly ledgerRowsMax?: number;
}

/**
 * Opens or makes the file, readable by this user only. Throws STATE-702 when it cannot be opened, STATE-704 when a
 * newer program wrote it.
 */
export function createSqliteStore(path: string, options: SqliteStoreOptions = {}): Store {
  return guarded(() => new SqliteStore(path, options.ledgerRowsMax ?? ledgerRowsMaxDefault));
}

class SqliteStore implements Store {
  private readonly database: Database.Database;
  private readonly statements: Statements;
  private sequence: number;
  private oldest: number;

  constructor(
    path: string,
    private readonly ledgerRowsMax: number,
  ) {
    this.database = new Database(path);
    chmodSync(path, 0o600);
    this.database.pragma('journal_mode = WAL');
    this.database.pragma('synchronous = FULL');
    this.database.pragma(`busy_timeout = ${lockMsMax}`);
    migrate(this.database, path);
    this.statements = prepareAll(this.database);
    const { newest, oldest } = this.statements.ends.get() as { newest: number | null; oldest: number | null };
    this.sequence = newest ?? 0;
    this.oldest = oldest ?? 1;
  }

  load(): readonly StoredRecord[] {
    return guarded(() => (this.statements.all.all() as RecordRow[]).map(storedOf));
  }

  commit(changes: readonly Change[], at: number): readonly StoredRecord[] {
    if (changes.length === 0) return [];
    const written: StoredRecord[] = [];
    let sequence = this.sequence;
    guarded(() =>
      this.database.transaction(() => {
        for (const change of changes) {
          const stored = this.write(change, ++sequence, at);
          if (stored !== null) written.push(stored);
        }
      })(),
    );
    this.sequence = sequence;
    if (this.sequence - this.oldest >= this.ledgerRowsMax + ledgerRowsFolded) this.foldOldest();
    return written;
  }

  ledger(query: LedgerQuery): readonly LedgerEntry[] {
    const { keys, keyPrefix, afterSequence = 0, isNewestFirst = false } = query;
    const limit = Math.min(Math.max(1, query.limit), queryRowsMax);
    const conditions = ['sequence > ?'];
    const values: (string | number)[] = [afterSequence];
    if (keys !== undefined) {
      conditions.push('key IN (SELECT value FROM json_each(?))');
      values.push(JSON.stringify(keys));
    }
    if (keyPrefix !== undefined) {
      conditions.push('substr(key, 1, length(?)) = ?');
      values.push(keyPrefix, keyPrefix);
    }
    const order = isNewestFirst ? 'DESC' : 'ASC';
    const text = `SELECT * FROM ledger WHERE ${conditions.join(' AND ')} ORDER BY sequence ${order} LIMIT ?`;
    return guarded(() =>
      (this.database.prepare(text).all(...values, limit) as LedgerRow[]).map((row) => ({
        sequence: row.sequence,
        at: row.at,
        key: row.key,
        kind: kindOf(row.key),
        revision: row.revision,
        event: row.event,
        reason: row.reason,
        value: row.value === null ? null : (JSON.parse(row.value) as StowageRecord),
      })),
    );
  }

  base(): readonly StoredRecord[] {
    return guarded(() => (this.statements.base.all() as RecordRow[]).map(storedOf));
  }

  close(): void {
    this.database.close();
  }

  private write(change: Change, sequence: number, at: number): StoredRecord | null {
    const { key, expectedRevision, value, event, reason } = change;
    const { insert, update, remove, revisionOf, append } = this.statements;
    const revision = expectedRevision + 1;
    const text = value === null ? null : JSON.stringify(value);
    const row = revisionOf.get(key) as { revision: number } | undefined;
    const actual = row?.revision ?? 0;
    if (actual !== expectedRevision || (text === null && actual === 0)) {
      throw StowageError.of('STATE-701', { key, actual, expected: expectedRevision });
    }
    if (text === null) remove.run(key);
    else if (actual === 0) insert.run(key, revision, text);
    else update.run(revision, text, key);
    append.run(sequence, at, key, revision, event, reason, text);
    return text === null ? null : { key, revision, value: JSON.parse(text) as StowageRecord };
  }

  /**
   * Keeps the ledger bounded; what it drops is remembered as the base it starts from. What cannot be folded now, on a
   * full disk, is folded later: the commit before it stands.
   */
  private foldOldest(): void {
    const last = this.oldest + ledgerRowsFolded - 1;
    const { oldRows, putBase, dropBase, dropOld } = this.statements;
    try {
      this.database.transaction(() => {
        for (const { key, revision, value } of oldRows.all(last) as LedgerRow[]) {
          if (value === null) dropBase.run(key);
          else putBase.run(key, revision, value);
        }
        dropOld.run(last);
      })();
    } catch {
      return;
    }
    this.oldest = last + 1;
  }
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(database: Database.Database) {
  const columns = 'sequence, at, key, revision, event, reason, value';
  return {
    all: database.prepare('SELECT key, revision, value FROM record ORDER BY key'),
    base: database.prepare('SELECT key, revision, value FROM ledger_base ORDER BY key'),
    ends: database.prepare('SELECT max(sequence) AS newest, min(sequence) AS oldest FROM ledger'),
    revisionOf: database.prepare('SELECT revision FROM record WHERE key = ?'),
    insert: database.prepare('INSERT INTO record (key, revision, value) VALUES (?, ?, ?)'),
    update: database.prepare('UPDATE record SET revision = ?, value = ? WHERE key = ?'),
    remove: database.prepare('DELETE FROM record WHERE key = ?'),
    append: database.prepare(`INSERT INTO ledger (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    oldRows: database.prepare(
      'SELECT key, revision, value FROM ledger WHERE sequence <= ? ORDER BY sequence',
    ),
    putBase: database.prepare('INSERT OR REPLACE INTO ledger_base (key, revision, value) VALUES (?, ?, ?)'),
    dropBase: database.prepare('DELETE FROM ledger_base WHERE key = ?'),
    dropOld: database.prepare('DELETE FROM ledger WHERE sequence <= ?'),
  };
}

function storedOf({ key, revision, value }: RecordRow): StoredRecord {
  return { key, revision, value: JSON.parse(value) as StowageRecord };
}

function kindOf(key: string): RecordKind {
  return key.slice(0, key.indexOf(':')) as RecordKind;
}

/** Runs what touches the file; what the file refuses becomes STATE-702. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof StowageError) throw cause;
    const code = (cause as { code?: unknown }).code;
    const problem = typeof code === 'string' ? (words[code] ?? code) : 'the file system refused';
    throw StowageError.of('STATE-702', { problem }, { cause });
  }
}

const words: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the file is read-only',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_NOTADB: 'the file is not a state file',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_BUSY: 'another process holds it',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'another process wrote to it',
};
