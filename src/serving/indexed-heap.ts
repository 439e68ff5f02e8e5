/** A binary heap whose entries know where they are: one in the middle can be moved or taken out in O(log n). */

export interface HeapEntry {
  /** -1 = in no heap. Only the heap writes it. An entry is in one heap at most. */
  heapIndex: number;
}

export class IndexedHeap<Entry extends HeapEntry> {
  private readonly entries: Entry[] = [];

  /** `isBefore` is an order without ties, so that the same history gives the same turns. */
  constructor(private readonly isBefore: (one: Entry, other: Entry) => boolean) {}

  get size(): number {
    return this.entries.length;
  }

  get top(): Entry | undefined {
    return this.entries[0];
  }

  push(entry: Entry): void {
    entry.heapIndex = this.entries.length;
    this.entries.push(entry);
    this.rise(entry);
  }

  /** What it is ordered by has changed. */
  moved(entry: Entry): void {
    this.rise(entry);
    this.sink(entry);
  }

  remove(entry: Entry): void {
    const index = entry.heapIndex;
    const last = this.entries.pop()!;
    entry.heapIndex = -1;
    if (last === entry) return;
    this.put(last, index);
    this.moved(last);
  }

  private rise(entry: Entry): void {
    let index = entry.heapIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.entries[parentIndex]!;
      if (!this.isBefore(entry, parent)) break;
      this.put(parent, index);
      index = parentIndex;
    }
    this.put(entry, index);
  }

  private sink(entry: Entry): void {
    const { entries } = this;
    let index = entry.heapIndex;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= entries.length) break;
      const right = entries[childIndex + 1];
      if (right !== undefined && this.isBefore(right, entries[childIndex]!)) childIndex++;
      const child = entries[childIndex]!;
      if (!this.isBefore(child, entry)) break;
      this.put(child, index);
      index = childIndex;
    }
    this.put(entry, index);
  }

  private put(entry: Entry, index: number): void {
    this.entries[index] = entry;
    entry.heapIndex = index;
  }
}
