/**
 * The control plane's records in this process' memory, for tests and simulations. What is stored is plain text, as on
 * a disk, so that nobody shares an object with it. `reopen` gives what a fresh process would find.
 */
import type { Change, LedgerEntry, LedgerQuery, Store, StoredRecord } from '../../../contracts/store.js';
import { StowageError } from '../../../domain/errors.js';
import type { RecordKind, StowageRecord } from '../../../domain/record.js';

interface Disk {
  readonly records: Map<string, { revision: number; text: string }>;
  readonly ledger: { entry: Omit<LedgerEntry, 'value'>; text: string | null }[];
}

export interface MemoryStore extends Store {
  /** The same disk, seen by another process. */
  reopen(): MemoryStore;
  /** Called before each commit; what it throws is thrown and nothing is written: a full disk, a killed process. */
  onCommit: (changes: readonly Change[]) => void;
}

export function createMemoryStore(): MemoryStore {
  return openDisk({ records: new Map(), ledger: [] });
}

function openDisk(disk: Disk): MemoryStore {
  const store: MemoryStore = {
    onCommit: () => undefined,
    reopen: () => openDisk(disk),
    load: () => [...disk.records].map(([key, { revision, text }]) => ({ key, revision, value: read(text) })),
    commit(changes, at) {
      store.onCommit(changes);
      check(disk, changes);
      return changes.flatMap((change) => write(disk, change, at));
    },
    ledger: (query) => select(disk, query),
    base: () => [],
    close: () => undefined,
  };
  return store;
}

function check(disk: Disk, changes: readonly Change[]): void {
  const revisions = new Map<string, number>();
  for (const { key, expectedRevision, value } of changes) {
    const actual = revisions.get(key) ?? disk.records.get(key)?.revision ?? 0;
    if (actual !== expectedRevision || (actual === 0 && value === null)) {
      throw StowageError.of('STATE-701', { key, actual, expected: expectedRevision });
    }
    revisions.set(key, value === null ? 0 : actual + 1);
  }
}

function write(disk: Disk, change: Change, at: number): readonly StoredRecord[] {
  const { key, expectedRevision, value, event, reason } = change;
  const revision = expectedRevision + 1;
  const text = value === null ? null : JSON.stringify(value);
  const kind = key.slice(0, key.indexOf(':')) as RecordKind;
  const sequence = disk.ledger.length + 1;
  disk.ledger.push({ entry: { sequence, at, key, kind, revision, event, reason }, text });
  if (text === null) {
    disk.records.delete(key);
    return [];
  }
  disk.records.set(key, { revision, text });
  return [{ key, revision, value: read(text) }];
}

function select(disk: Disk, query: LedgerQuery): readonly LedgerEntry[] {
  const { keys, keyPrefix = '', afterSequence = 0, isNewestFirst = false, limit } = query;
  const wanted = keys === undefined ? null : new Set(keys);
  const found = disk.ledger.filter(
    ({ entry }) =>
      entry.sequence > afterSequence &&
      entry.key.startsWith(keyPrefix) &&
      (wanted === null || wanted.has(entry.key)),
  );
  if (isNewestFirst) found.reverse();
  return found
    .slice(0, limit)
    .map(({ entry, text }) => ({ ...entry, value: text === null ? null : read(text) }));
}

function read(text: string): StowageRecord {
  return JSON.parse(text) as StowageRecord;
}
