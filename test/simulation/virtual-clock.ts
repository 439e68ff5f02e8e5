/**
 * Time that only moves when it is told to. Tasks run in the order of their due times, ties in the order they
 * were asked for, so the same schedule gives the same run.
 */
import type { Clock } from '../../src/contracts/clock.js';

interface Task {
  readonly dueAt: number;
  readonly order: number;
  /** Null once it ran or was cancelled. */
  run: (() => void) | null;
}

export class VirtualClock implements Clock {
  private time = 0;
  private order = 0;
  /** A binary heap, earliest first; cancelled tasks stay until they come up. */
  private readonly tasks: Task[] = [];

  constructor(private readonly wallStart = 1_700_000_000_000) {}

  now(): number {
    return this.time;
  }

  wallNow(): number {
    return this.wallStart + this.time;
  }

  after(delayMs: number, run: () => void): () => void {
    const task: Task = { dueAt: this.time + Math.max(0, delayMs), order: this.order++, run };
    this.push(task);
    return () => {
      task.run = null;
    };
  }

  /** Due time of the next task; null when there is none. */
  nextDueAt(): number | null {
    this.dropCancelled();
    return this.tasks[0]?.dueAt ?? null;
  }

  /** Lets `ms` pass without promises in between: for code that is synchronous between timers. */
  advance(ms: number): void {
    const until = this.time + ms;
    while (this.runNext(until));
    this.time = until;
  }

  /** Lets `ms` pass and, after each task, everything that promises have waiting. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    while (this.runNext(until)) await settle();
    this.time = until;
  }

  /** Moves the time without running what became due: the machine was asleep, or this process was stopped. */
  stall(ms: number): void {
    this.time += ms;
  }

  private runNext(until: number): boolean {
    const dueAt = this.nextDueAt();
    if (dueAt === null || dueAt > until) return false;
    const task = this.pop();
    this.time = Math.max(this.time, task.dueAt);
    const { run } = task;
    task.run = null;
    run?.();
    return true;
  }

  private dropCancelled(): void {
    while (this.tasks[0]?.run === null) this.pop();
  }

  private push(task: Task): void {
    this.tasks.push(task);
    let index = this.tasks.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isEarlier(this.tasks[index]!, this.tasks[parent]!)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private pop(): Task {
    const first = this.tasks[0]!;
    const last = this.tasks.pop()!;
    if (this.tasks.length === 0) return first;
    this.tasks[0] = last;
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.tasks.length && isEarlier(this.tasks[child]!, this.tasks[least]!)) least = child;
      }
      if (least === index) return first;
      this.swap(index, least);
      index = least;
    }
  }

  private swap(a: number, b: number): void {
    [this.tasks[a], this.tasks[b]] = [this.tasks[b]!, this.tasks[a]!];
  }
}

function isEarlier(a: Task, b: Task): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}

/** Lets every promise that can go on do so. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
