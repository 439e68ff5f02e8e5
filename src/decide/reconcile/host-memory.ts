/**
 * Memory of hosts, as it is spoken for: a copy is started only when the memory that is measured to be free, less what
 * copies that start have been promised and not yet taken, holds it, and when all reservations together fit the host.
 */
import type { Resources } from '../../domain/component.js';

/** One host, before anything is decided in this turn. Bytes. */
export interface HostMemory {
  readonly id: string;
  readonly totalBytes: number;
  /** Measured. */
  readonly availableBytes: number;
  /** Of copies that start: what they will take and have not yet. */
  readonly promisedBytes: number;
  /** Of all copies there. */
  readonly reservedBytes: number;
}

/** What a copy may grow to, bytes: its limit, or where it has none its reservation. */
export function memoryNeeded(resources: Resources): number {
  return Math.max(resources.memoryBytesMin, resources.memoryBytesMax);
}

/** Keeps count while a turn is decided. */
export class MemoryBook {
  private readonly hosts: Map<string, { free: number; unreserved: number }>;

  constructor(hosts: Iterable<HostMemory>) {
    this.hosts = new Map();
    for (const { id, totalBytes, availableBytes, promisedBytes, reservedBytes } of hosts) {
      this.hosts.set(id, { free: availableBytes - promisedBytes, unreserved: totalBytes - reservedBytes });
    }
  }

  /** Bytes that a new copy may need at most. */
  freeOn(host: string): number {
    const known = this.hosts.get(host);
    return known === undefined ? 0 : Math.max(0, Math.min(known.free, known.unreserved));
  }

  /** Promises memory to a copy; false when there is too little. */
  take(host: string, resources: Resources): boolean {
    const known = this.hosts.get(host);
    const needed = memoryNeeded(resources);
    if (known === undefined || known.free < needed || known.unreserved < needed) return false;
    known.free -= needed;
    known.unreserved -= needed;
    return true;
  }
}
