/** The tables, and how files of earlier versions become those of this one. */
import type { Database } from 'libsql';
import { StowageError } from '../../../domain/errors.js';

/**
 * One step for each version, in order; version N is what N steps made. A step that was released is never changed.
 * `ledger_base` holds the records as they were before the oldest row of `ledger`.
 */
const steps: readonly string[] = [
  `CREATE TABLE record (
     key TEXT PRIMARY KEY, revision INTEGER NOT NULL, value TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE ledger (
     sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL,
     event TEXT NOT NULL, reason TEXT NOT NULL, value TEXT
   );
   CREATE INDEX ledger_of_record ON ledger (key, sequence);
   CREATE TABLE ledger_base (
     key TEXT PRIMARY KEY, revision INTEGER NOT NULL, value TEXT NOT NULL
   ) WITHOUT ROWID;`,
];

/** What this program writes. */
export const schemaVersion = steps.length;

/**
 * Brings a file to `schemaVersion`, each step in a transaction of its own. A file that has records is copied first, to
 * `PATH.vN`. Throws STATE-704 when a newer program wrote it.
 */
export function migrate(database: Database, path: string): void {
  const version = versionOf(database);
  if (version > schemaVersion) {
    throw StowageError.of('STATE-704', { actual: version, known: schemaVersion });
  }
  if (version > 0 && version < schemaVersion) {
    database.prepare('VACUUM INTO ?').run(`${path}.v${version}`);
  }
  for (let next = version; next < schemaVersion; next++) {
    database.transaction(() => {
      database.exec(steps[next]!);
      database.exec(`PRAGMA user_version = ${next + 1}`);
    })();
  }
}

function versionOf(database: Database): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}
