/** Events in the order of their times; those of one time in the order in which they were put. */

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Calling it takes the event back; nothing happens when it has run. */
export type Cancel = () => void;

export class EventQueue {
  private readonly heap: Event[] = [];
  private orders = 0;
  private time = 0;

  /** Milliseconds; the time of the event that runs. */
  get now(): number {
    return this.time;
  }

  /** `at` in the past means now. */
  put(at: number, run: () => void): Cancel {
    const event = { at: Math.max(at, this.time), order: this.orders++, run, isCancelled: false };
    this.raise(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs the next event; false when there is none. */
  next(): boolean {
    for (;;) {
      const event = this.takeFirst();
      if (event === null) return false;
      if (event.isCancelled) continue;
      this.time = event.at;
      event.run();
      return true;
    }
  }

  private raise(event: Event): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isBefore(heap[parent]!, event)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = event;
  }

  private takeFirst(): Event | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
