/**
 * Copies that are objects of this process, in time that the test owns: the same contract as real processes, over a
 * `SimulatedMachine` that may be handed from one fleet to the next. What a worker does is the real worker's code or
 * a stand-in, handed in.
 */
import { CopyWatch } from '../../../contracts/copy-watch.js';
import type { CopyAssignment, CopyObservation, Fleet, FleetSnapshot } from '../../../contracts/fleet.js';
import type { AdapterSource } from '../../../domain/adapter.js';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey } from '../../../domain/copy.js';
import { CallFate } from './faults.js';
import { SimulatedMachine, type SimulatedMachineParts } from './machine.js';
import type { SimulatedProcess } from './process.js';

/** A doubled call arrives again so much later, milliseconds. */
const doubleDelayMs = 20;

export interface SimulatedFleet extends Fleet {
  readonly machine: SimulatedMachine;
  /** `SimulatedMachine`'s of the same name. */
  crash(copy: CopyRef): void;
  hang(copy: CopyRef): void;
  thaw(copy: CopyRef): void;
  /** Ends every process of the machine. */
  close(): Promise<void>;
  /** Lets go of all processes: they go on, for the next fleet over the same machine. */
  leave(): void;
}

/** Over a machine of its own, or over one that others used before. */
export function createSimulatedFleet(on: SimulatedMachineParts | SimulatedMachine): SimulatedFleet {
  return new Simulation(on instanceof SimulatedMachine ? on : new SimulatedMachine(on));
}

class Simulation implements SimulatedFleet {
  readonly placement = 'ours';
  private readonly watched = new Map<string, WatchedProcess>();
  private readonly listeners = new Set<() => void>();
  private hasLeft = false;

  constructor(readonly machine: SimulatedMachine) {
    for (const process of machine.processes.values()) this.watch(process, true);
  }

  apply(wish: CopyAssignment): void {
    this.call(() => {
      const existing = this.watched.get(copyKey(wish.copy));
      if (existing !== undefined) {
        existing.watch.setAdapters(wish.adapters ?? []);
        return existing.watch.setThreads(wish.threads);
      }
      this.watch(this.machine.start(wish), false);
      this.changed();
    });
  }

  observe(): FleetSnapshot {
    const copies = [...this.watched.values()].map((process) => process.observation());
    return { at: this.machine.parts.clock.now(), hosts: this.machine.observeHosts(), copies };
  }

  drain(copy: CopyRef): void {
    this.call(() => this.watched.get(copyKey(copy))?.watch.drain());
  }

  remove(copy: CopyRef): void {
    this.call(() => {
      const process = this.watched.get(copyKey(copy));
      if (process === undefined) return;
      process.isForgotten = true;
      if (process.watch.hasExited) this.forget(process);
      else process.process.kill();
    });
  }

  sleep(copy: CopyRef): void {
    this.call(() => this.watched.get(copyKey(copy))?.watch.sleep());
  }

  setThreads(copy: CopyRef, count: number): void {
    this.call(() => this.watched.get(copyKey(copy))?.watch.setThreads(count));
  }

  setAdapters(copy: CopyRef, adapters: readonly AdapterSource[]): void {
    this.call(() => this.watched.get(copyKey(copy))?.watch.setAdapters(adapters));
  }

  /** Simulated workers print nothing; their ends are all there is to tell. */
  async logs(copyId: string, linesMax: number): Promise<readonly string[]> {
    return [...this.machine.processes.values()]
      .filter(({ wish, exitReason }) => wish.copy.id === copyId && exitReason !== null)
      .map(({ exitReason }) => exitReason!)
      .slice(-linesMax);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  crash(copy: CopyRef): void {
    this.machine.crash(copy);
  }

  hang(copy: CopyRef): void {
    this.machine.hang(copy);
  }

  thaw(copy: CopyRef): void {
    this.machine.thaw(copy);
  }

  async close(): Promise<void> {
    for (const process of this.watched.values()) process.isForgotten = true;
    this.machine.close();
    this.watched.clear();
  }

  leave(): void {
    this.hasLeft = true;
    for (const process of this.watched.values()) process.letGo();
    this.watched.clear();
    this.listeners.clear();
  }

  /** Carries a call out as the script wants it. */
  private call(task: () => void): void {
    const fate = this.machine.calls();
    if (this.hasLeft || fate === CallFate.Lost) return;
    task();
    if (fate !== CallFate.Doubled) return;
    this.machine.parts.clock.after(doubleDelayMs, () => {
      if (!this.hasLeft) task();
    });
  }

  private watch(process: SimulatedProcess, isAdopted: boolean): void {
    const watched: WatchedProcess = new WatchedProcess(process, this.machine, isAdopted, {
      onChange: () => this.changed(),
      onExit: () => {
        if (watched.isForgotten) this.forget(watched);
      },
    });
    this.watched.set(copyKey(process.wish.copy), watched);
  }

  private forget(watched: WatchedProcess): void {
    const key = copyKey(watched.process.wish.copy);
    this.watched.delete(key);
    this.machine.processes.delete(key);
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

interface ProcessEvents {
  readonly onChange: () => void;
  readonly onExit: () => void;
}

/** A process as this fleet sees it. */
class WatchedProcess {
  isForgotten = false;
  readonly watch: CopyWatch;
  private readonly stopExit: () => void;

  constructor(
    readonly process: SimulatedProcess,
    machine: SimulatedMachine,
    isAdopted: boolean,
    events: ProcessEvents,
  ) {
    const { clock, network } = machine.parts;
    const { copy, component, instance, threads, adapters } = process.wish;
    const { address } = process;
    const { dialer } = network;
    const { onChange } = events;
    const onOverLimit = () => process.kill();
    this.watch = new CopyWatch({
      ...{ clock, dialer, copy, component, instance, address, threads, adapters },
      ...{ isAdopted, onChange, onOverLimit },
    });
    if (process.exitReason !== null) this.watch.exited(process.exitReason);
    this.stopExit = process.onExit(() => {
      this.watch.exited(process.exitReason ?? 'it ended');
      events.onExit();
    });
  }

  observation(): CopyObservation {
    return this.watch.observation(this.process.pid);
  }

  letGo(): void {
    this.stopExit();
    this.watch.letGo();
  }
}
