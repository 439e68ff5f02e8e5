/** A fleet without processes that does at once what it is told: what remains is the control plane's own time. */
import type { Clock } from '../../src/contracts/clock.js';
import type { CopyAssignment, CopyObservation, Fleet, FleetSnapshot } from '../../src/contracts/fleet.js';
import { componentKey } from '../../src/domain/component.js';
import { copyKey, type CopyRef, CopyState } from '../../src/domain/copy.js';

const gibibyte = 2 ** 30;
const host = {
  id: 'bench',
  zone: 'a',
  cpus: 100_000,
  memoryBytesTotal: 100_000 * gibibyte,
  memoryBytesAvailable: 100_000 * gibibyte,
  accelerators: [],
};

export class ObedientFleet implements Fleet {
  readonly placement = 'ours';
  readonly copies = new Map<string, CopyObservation>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  apply({ copy, component, instance }: CopyAssignment): void {
    const key = copyKey(copy);
    if (this.copies.has(key)) return;
    const now = this.clock.now();
    this.copies.set(key, {
      copy,
      component: componentKey(component),
      generation: component.generation,
      instance,
      state: CopyState.Ready,
      since: now,
      address: `bench:${key}`,
      info: null,
      loading: null,
      report: null,
      adapters: [],
      heardAt: now,
      progressAt: now,
      pid: null,
      exit: null,
    });
    this.changed();
  }

  observe(): FleetSnapshot {
    const now = this.clock.now();
    // Every copy has just said that it is well.
    const copies = [...this.copies.values()].map((copy) => ({ ...copy, heardAt: now, progressAt: now }));
    return { at: now, hosts: [host], copies };
  }

  drain(copy: CopyRef): void {
    this.remove(copy);
  }

  remove(copy: CopyRef): void {
    if (this.copies.delete(copyKey(copy))) this.changed();
  }

  sleep(): void {
    // nobody computes here
  }

  setThreads(): void {
    // nobody computes here
  }

  setAdapters(): void {
    // nobody computes here
  }

  async logs(): Promise<readonly string[]> {
    return [];
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
