/**
 * Where the control plane's records are kept: all of them, and an append-only ledger of every change with its reason.
 * One writer. A commit is atomic and durable when the call returns; calls are synchronous, because nothing may be
 * done before it is written down. Folding the ledger onto its base gives exactly the records.
 */
import type { RecordKind, StowageRecord } from '../domain/record.js';

export interface StoredRecord {
  readonly key: string;
  /** 1 when created; rises by 1 with each change. */
  readonly revision: number;
  readonly value: StowageRecord;
}

export interface Change {
  readonly key: string;
  /** The revision that this change was decided on; 0 = the record must not exist. */
  readonly expectedRevision: number;
  /** The record from now on; null = it is deleted. */
  readonly value: StowageRecord | null;
  /** `noun-verb`, e.g. `copy-ready`, `endpoint-updated`. */
  readonly event: string;
  /** Why, a phrase for people, at most 2,000 characters. */
  readonly reason: string;
}

export interface LedgerEntry {
  /** 1, 2, 3 … without gaps over all records. */
  readonly sequence: number;
  /** Wall clock, milliseconds. */
  readonly at: number;
  readonly key: string;
  readonly kind: RecordKind;
  /** The record's revision after the change. */
  readonly revision: number;
  readonly event: string;
  readonly reason: string;
  /** The record after the change; null = deleted. */
  readonly value: StowageRecord | null;
}

export interface LedgerQuery {
  /** Entries of these records only. */
  readonly keys?: readonly string[];
  /** Entries of records whose key begins so. */
  readonly keyPrefix?: string;
  readonly afterSequence?: number;
  /** Newest first instead of oldest first. */
  readonly isNewestFirst?: boolean;
  /** 1..10,000. */
  readonly limit: number;
}

export interface Store {
  /** Every record there is. */
  load(): readonly StoredRecord[];
  /**
   * Writes all changes and their ledger entries, or none. Throws STATE-701 when a revision is not the one expected,
   * STATE-702 when the file cannot be written (disk full …).
   */
  commit(changes: readonly Change[], at: number): readonly StoredRecord[];
  ledger(query: LedgerQuery): readonly LedgerEntry[];
  /** The records as they were before the oldest entry that the ledger still has; folding it onto them gives `load()`. */
  base(): readonly StoredRecord[];
  close(): void;
}
