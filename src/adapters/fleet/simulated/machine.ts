/**
 * What outlives a fleet: hosts, and the processes on them. A fleet that is opened later finds what runs and what has
 * ended, as after a restart of the control plane. Faults are by script, or by hand.
 *
 * Never: an effect within the call that asked for it, as with real processes.
 */
import type { CopyAssignment, HostObservation } from '../../../contracts/fleet.js';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey } from '../../../domain/copy.js';
import { type CallScript, everyCallDone, faultless, type FaultScript } from './faults.js';
import { type ProcessParts, SimulatedProcess } from './process.js';

const firstPid = 10_000;
const gibibyte = 1024 ** 3;

export interface SimulatedHostFacts {
  readonly id: string;
  readonly zone: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** GPUs, each with so much memory; none by default. */
  readonly accelerators?: number;
  readonly acceleratorMemoryBytes?: number;
}

export interface SimulatedMachineParts extends ProcessParts {
  /** Of processes; none by default. */
  readonly faults?: FaultScript;
  /** Of calls; none by default. */
  readonly calls?: CallScript;
  /** One of 8 cores and 64 GiB by default. */
  readonly hosts?: readonly SimulatedHostFacts[];
  /** Bytes that a process takes; what is reserved for it by default. */
  readonly memoryOf?: (wish: CopyAssignment) => number;
}

const onlyHost: SimulatedHostFacts = { id: 'local', zone: 'local', cpus: 8, memoryBytes: 64 * gibibyte };

export class SimulatedMachine {
  /** By `copyKey`; those that ended stay until a fleet removes them. */
  readonly processes = new Map<string, SimulatedProcess>();
  private readonly hosts: readonly SimulatedHostFacts[];
  private readonly lost = new Set<string>();
  private readonly takenBytes = new Map<string, number>();
  private nextPid = firstPid;

  constructor(readonly parts: SimulatedMachineParts) {
    this.hosts = parts.hosts ?? [onlyHost];
  }

  get calls(): CallScript {
    return this.parts.calls ?? everyCallDone;
  }

  /** One of no host that is there ends at once. */
  start(wish: CopyAssignment): SimulatedProcess {
    const fault = (this.parts.faults ?? faultless)(wish.copy);
    const started = new SimulatedProcess(wish, this.nextPid++, fault, this.parts);
    this.processes.set(copyKey(wish.copy), started);
    if (!this.isThere(wish.host)) this.parts.clock.after(0, () => started.end('its host is gone'));
    return started;
  }

  /** The copy's process ends at this moment. */
  crash(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.end('it was killed (SIGKILL)');
  }

  /** The copy's process stands still until it is thawed or removed. */
  hang(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.hang();
  }

  thaw(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.thaw();
  }

  /** The host is gone, and every process on it. */
  loseHost(id: string): void {
    this.lost.add(id);
    for (const process of this.processes.values())
      if (process.wish.host === id) process.end('its host is gone');
  }

  /** It comes back, empty. */
  restoreHost(id: string): void {
    this.lost.delete(id);
  }

  /** Other programs take so many bytes of the host's memory. */
  takeMemory(id: string, bytes: number): void {
    this.takenBytes.set(id, bytes);
  }

  observeHosts(): readonly HostObservation[] {
    return this.hosts.filter(({ id }) => this.isThere(id)).map((host) => this.observeHost(host));
  }

  /** Everything ends and is forgotten. */
  close(): void {
    for (const process of this.processes.values()) process.end('it was killed (SIGKILL)');
    this.processes.clear();
  }

  private isThere(host: string): boolean {
    return !this.lost.has(host) && this.hosts.some(({ id }) => id === host);
  }

  private observeHost(host: SimulatedHostFacts): HostObservation {
    const { id, zone, cpus, memoryBytes, accelerators = 0, acceleratorMemoryBytes = 0 } = host;
    const memoryOf = this.parts.memoryOf ?? (({ component }) => component.resources.memoryBytesMin);
    const used = [...this.processes.values()]
      .filter((process) => process.wish.host === id && process.exitReason === null)
      .reduce((sum, { wish }) => sum + memoryOf(wish), this.takenBytes.get(id) ?? 0);
    return {
      ...{ id, zone, cpus },
      memoryBytesTotal: memoryBytes,
      memoryBytesAvailable: Math.max(0, memoryBytes - used),
      accelerators: Array.from({ length: accelerators }, () => ({
        memoryBytesTotal: acceleratorMemoryBytes,
        memoryBytesAvailable: acceleratorMemoryBytes,
      })),
    };
  }
}
