/**
 * What must hold of processes: no instance and no host holds more than it has, no process runs twice, none runs that no
 * record asked for, and what is left over without a record goes soon. Looks at the processes themselves, not at what the
 * fleet tells.
 */
import type { SimulatedHostFacts, SimulatedMachine } from '../../../src/adapters/fleet/simulated/machine.js';
import type { SimulatedProcess } from '../../../src/adapters/fleet/simulated/process.js';
import type { CopyAssignment } from '../../../src/contracts/fleet.js';
import { memoryNeeded } from '../../../src/decide/reconcile/host-memory.js';
import { copyKey } from '../../../src/domain/copy.js';
import type { InstanceCapacity } from '../../../src/domain/instance.js';
import type { AcceleratorShare, CopyRecord } from '../../../src/domain/record.js';
import type { Resources } from '../../../src/domain/component.js';
import type { Records } from './check-records.js';

const slack = 1e-6;

interface Resident {
  readonly name: string;
  readonly resources: Resources;
  readonly accelerators: readonly AcceleratorShare[];
}

export class RoomChecker {
  constructor(
    private readonly machine: SimulatedMachine,
    private readonly records: Records,
    private readonly hosts: readonly SimulatedHostFacts[],
    private readonly complain: (problem: string) => void,
  ) {}

  /** A process is asked for: what is asked must be what was written down. */
  checkApply(wish: CopyAssignment): void {
    const key = copyKey(wish.copy);
    const record = this.records.copy(key);
    if (record === undefined) return this.complain(`${key} is started without a record`);
    if (record.wish !== 'run') this.complain(`${key} is started though it is to ${record.wish}`);
    if (record.instance !== wish.instance) this.complain(`${key} is started on ${wish.instance}`);
    const host = this.records.instanceEver(wish.instance)?.host;
    if (host !== wish.host) this.complain(`${key} is started on ${wish.host}, its instance is of ${host}`);
    if (JSON.stringify(record.resources) !== JSON.stringify(wish.component.resources)) {
      this.complain(`${key} is started with other resources than were reserved`);
    }
  }

  checkDrain(key: string): void {
    const record = this.records.copy(key);
    if (record?.wish !== 'drain')
      this.complain(`${key} is drained, its record says ${record?.wish ?? 'nothing'}`);
  }

  checkRemove(key: string): void {
    const record = this.records.copy(key);
    if (record !== undefined && record.wish !== 'end') {
      this.complain(`${key} is removed, its record says ${record.wish}`);
    }
  }

  /** All of it. */
  check(): void {
    this.checkRecords();
    this.checkProcesses();
  }

  private checkRecords(): void {
    const byInstance = new Map<string, CopyRecord[]>();
    for (const record of this.records.of('copy')) push(byInstance, record.instance, record);
    for (const [id, records] of byInstance) {
      const residents = records.map(({ copy, resources, accelerators }) => {
        return { name: copyKey(copy), resources, accelerators };
      });
      this.checkInstance(id, residents, 'records');
    }
  }

  private checkProcesses(): void {
    const byInstance = new Map<string, SimulatedProcess[]>();
    const byHost = new Map<string, SimulatedProcess[]>();
    for (const process of this.machine.processes.values()) {
      // Strays are nobody's: who started them is gone, or a late call did.
      if (process.exitReason !== null || this.records.copy(copyKey(process.wish.copy)) === undefined)
        continue;
      push(byInstance, process.wish.instance, process);
      push(byHost, process.wish.host, process);
    }
    for (const [id, processes] of byInstance) {
      const residents = processes.map(({ wish }) => {
        return {
          name: copyKey(wish.copy),
          resources: wish.component.resources,
          accelerators: wish.accelerators,
        };
      });
      this.checkInstance(id, residents, 'processes');
    }
    for (const [id, processes] of byHost) {
      const total = this.hosts.find((host) => host.id === id)?.memoryBytes ?? 0;
      const used = processes.reduce((sum, { wish }) => sum + memoryNeeded(wish.component.resources), 0);
      if (used > total) this.complain(`host ${id} has ${total} bytes, its copies may take ${used}`);
    }
  }

  private checkInstance(id: string, residents: readonly Resident[], what: string): void {
    const capacity = this.records.instanceEver(id)?.capacity;
    if (capacity === undefined) return this.complain(`${residents[0]!.name} is on ${id}, which never was`);
    const problem = oversubscription(capacity, residents);
    if (problem === null) return;
    this.complain(`${id} (${what}) ${problem}: ${residents.map(({ name }) => name).join(', ')}`);
  }
}

/** What there is too little of for these; null = they fit. */
export function oversubscription(
  capacity: InstanceCapacity,
  residents: readonly Pick<Resident, 'resources' | 'accelerators'>[],
): string | null {
  const sum = (read: (one: Resources) => number) =>
    residents.reduce((total, one) => total + read(one.resources), 0);
  const cpus = sum((one) => one.cpus);
  if (cpus > capacity.cpus + slack) return `has ${capacity.cpus} cores, ${cpus} are taken`;
  const memory = sum((one) => one.memoryBytesMin);
  if (memory > capacity.memoryBytes) return `has ${capacity.memoryBytes} bytes, ${memory} are taken`;
  for (let index = 0; index < capacity.accelerators; index++) {
    const mine = residents.flatMap((one) => one.accelerators.filter((part) => part.index === index));
    const share = mine.reduce((total, part) => total + part.share, 0);
    if (share > 1 + slack) return `gives ${share} of accelerator ${index}`;
    const bytes = mine.reduce((total, part) => total + part.memoryBytes, 0);
    if (bytes > capacity.acceleratorMemoryBytes) return `gives ${bytes} bytes of accelerator ${index}`;
  }
  const beyond = residents
    .flatMap((one) => one.accelerators)
    .find((part) => part.index >= capacity.accelerators);
  return beyond === undefined ? null : `has no accelerator ${beyond.index}`;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
