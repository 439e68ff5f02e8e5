/** The few largest of many numbers, without sorting the many. */

/**
 * Ids of the `count` largest values that are at least `floor`, largest first, ties by lower id.
 * A binary heap of the best so far: O(n log count), no allocation per value.
 */
export function largest(values: Float32Array, count: number, floor = -Infinity): number[] {
  const heap: number[] = [];
  const worse = (a: number, b: number) => values[a]! < values[b]! || (values[a] === values[b] && a > b);
  for (let id = 0; id < values.length; id++) {
    const value = values[id]!;
    if (!(value >= floor)) continue;
    if (heap.length < count) {
      heap.push(id);
      siftUp(heap, worse);
    } else if (count > 0 && value > values[heap[0]!]!) {
      heap[0] = id;
      siftDown(heap, worse);
    }
  }
  return heap.sort((a, b) => values[b]! - values[a]! || a - b);
}

function siftUp(heap: number[], worse: (a: number, b: number) => boolean): void {
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!worse(heap[child]!, heap[parent]!)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function siftDown(heap: number[], worse: (a: number, b: number) => boolean): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    const right = left + 1;
    let worst = parent;
    if (left < heap.length && worse(heap[left]!, heap[worst]!)) worst = left;
    if (right < heap.length && worse(heap[right]!, heap[worst]!)) worst = right;
    if (worst === parent) return;
    swap(heap, parent, worst);
    parent = worst;
  }
}

function swap(heap: number[], a: number, b: number): void {
  const kept = heap[a]!;
  heap[a] = heap[b]!;
  heap[b] = kept;
}
