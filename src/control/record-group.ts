/** Records that are looked up together, in the order of their keys. Adding, changing and listing again are cheap. */
import type { StoredRecord } from '../contracts/store.js';

export class RecordGroup {
  private readonly byKey = new Map<string, StoredRecord>();
  /** In order. */
  private readonly keys: string[] = [];
  /** The list as it was asked for last; null after a change. */
  private listed: readonly StoredRecord[] | null = null;

  get size(): number {
    return this.byKey.size;
  }

  set(record: StoredRecord): void {
    if (!this.byKey.has(record.key)) this.keys.splice(this.placeOf(record.key), 0, record.key);
    this.byKey.set(record.key, record);
    this.listed = null;
  }

  delete(key: string): void {
    if (!this.byKey.delete(key)) return;
    this.keys.splice(this.placeOf(key), 1);
    this.listed = null;
  }

  list(): readonly StoredRecord[] {
    this.listed ??= this.keys.map((key) => this.byKey.get(key)!);
    return this.listed;
  }

  /** The first index whose key is not below `key`. */
  private placeOf(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
