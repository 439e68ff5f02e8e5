/** What the ledger says that the records are: the proof that nothing changed without being written down. */
import type { StowageRecord } from '../../domain/record.js';

interface Revised {
  readonly key: string;
  readonly revision: number;
  readonly value: StowageRecord | null;
}

/** Records by key. */
export type Fold = ReadonlyMap<string, { readonly revision: number; readonly value: StowageRecord }>;

/**
 * Folds entries, oldest first, onto the records before them. A revision that does not follow the one before it is a
 * defect of the ledger: throws an Error that names the record. A record that was deleted begins again at 1.
 */
export function foldLedger(base: Iterable<Revised>, entries: Iterable<Revised>): Fold {
  const records = new Map<string, { revision: number; value: StowageRecord }>();
  for (const { key, revision, value } of base) if (value !== null) records.set(key, { revision, value });
  for (const { key, revision, value } of entries) {
    const before = records.get(key)?.revision ?? 0;
    if (revision !== before + 1) throw new Error(`${key}: revision ${revision} follows ${before}`);
    if (value === null) records.delete(key);
    else records.set(key, { revision, value });
  }
  return records;
}
