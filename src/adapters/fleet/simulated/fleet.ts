/**
 * Copies that are objects of this process, in time that the test owns: the same contract as real processes,
 * with faults by script or by hand. What a worker does is the real worker's code or a stand-in, handed in.
 *
 * Never: an effect within the call that asked for it, as with real processes.
 */
import type { Clock } from '../../../contracts/clock.js';
import { CopyWatch } from '../../../contracts/copy-watch.js';
import type { CopyObservation, Fleet } from '../../../contracts/fleet.js';
import type { WorkerDialer, WorkerListener } from '../../../contracts/worker-link.js';
import type { WorkerAssignment } from '../../../contracts/worker-protocol.js';
import type { InferenceComponent } from '../../../domain/component.js';
import { componentKey } from '../../../domain/component.js';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey } from '../../../domain/copy.js';
import type { FaultScript } from './faults.js';
import { faultless } from './faults.js';

/** From the kill of a process to its observed end, milliseconds. */
const exitDelayMs = 5;
const firstPid = 10_000;

/** What carries messages in the simulation. */
export interface SimulatedNetwork {
  readonly listener: WorkerListener;
  readonly dialer: WorkerDialer;
  cut(address: string): void;
  freeze(address: string): void;
  thaw(address: string): void;
}

export interface SimulatedWorker {
  /** It is gone, like a killed process: it must do and say nothing any more, and free its address. */
  stop(): void;
}

/** How a worker that runs can end itself. */
export interface SimulatedHost {
  readonly listener: WorkerListener;
  /** The process ends with this code. */
  exit(code: number): void;
}

export interface SimulatedFleetParts {
  readonly clock: Clock;
  readonly network: SimulatedNetwork;
  readonly startWorker: (assignment: WorkerAssignment, host: SimulatedHost) => SimulatedWorker;
  /** None by default. */
  readonly faults?: FaultScript;
  readonly threadsMax?: number;
}

export interface SimulatedFleet extends Fleet {
  /** The copy's process ends at this moment. */
  crash(copy: CopyRef): void;
  /** The copy's process stands still until it is thawed or removed. */
  hang(copy: CopyRef): void;
  thaw(copy: CopyRef): void;
  close(): Promise<void>;
}

export function createSimulatedFleet(parts: SimulatedFleetParts): SimulatedFleet {
  return new Simulation(parts);
}

class Simulation implements SimulatedFleet {
  readonly placement = 'ours';
  private readonly processes = new Map<string, SimulatedProcess>();
  private readonly listeners = new Set<() => void>();
  private nextPid = firstPid;

  constructor(private readonly parts: SimulatedFleetParts) {}

  apply(copy: CopyRef, component: InferenceComponent, threads: number): void {
    const key = copyKey(copy);
    const existing = this.processes.get(key);
    if (existing !== undefined) return existing.watch.setThreads(threads);
    const started = new SimulatedProcess(copy, component, threads, this.nextPid++, this.parts, {
      onChange: () => this.changed(),
      onExit: () => {
        if (started.isForgotten) this.forget(key);
      },
    });
    this.processes.set(key, started);
    this.changed();
  }

  observe() {
    const copies = [...this.processes.values()].map((process) => process.observation());
    return { at: this.parts.clock.now(), copies };
  }

  drain(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.watch.drain();
  }

  remove(copy: CopyRef): void {
    const key = copyKey(copy);
    const process = this.processes.get(key);
    if (process === undefined) return;
    process.isForgotten = true;
    if (process.watch.hasExited) this.forget(key);
    else process.kill();
  }

  setThreads(copy: CopyRef, count: number): void {
    this.processes.get(copyKey(copy))?.watch.setThreads(count);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  crash(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.end('it was killed (SIGKILL)');
  }

  hang(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.hang();
  }

  thaw(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.thaw();
  }

  async close(): Promise<void> {
    for (const process of [...this.processes.values()]) {
      process.isForgotten = true;
      process.end('it was killed (SIGKILL)');
    }
    this.processes.clear();
  }

  private forget(key: string): void {
    this.processes.delete(key);
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

class SimulatedProcess {
  isForgotten = false;
  readonly watch: CopyWatch;
  private readonly address: string;
  private worker: SimulatedWorker | null = null;
  private readonly timers: (() => void)[] = [];

  constructor(
    copy: CopyRef,
    private readonly component: InferenceComponent,
    private readonly threads: number,
    private readonly pid: number,
    private readonly parts: SimulatedFleetParts,
    private readonly events: ProcessEvents,
  ) {
    const { clock, network } = parts;
    this.address = `memory:${pid}`;
    const { address } = this;
    const { onChange } = events;
    const onOverLimit = () => this.kill();
    const { dialer } = network;
    this.watch = new CopyWatch({ clock, dialer, copy, component, address, threads, onChange, onOverLimit });
    const fault = (parts.faults ?? faultless)(copy);
    this.after(fault.startDelayMs, () => {
      if (fault.isStartFailing) return this.end('it ended with code 1');
      this.worker = parts.startWorker(this.assignment(copy), {
        listener: network.listener,
        exit: (code) => this.end(`it ended with code ${code}`),
      });
      if (fault.crashAfterMs !== null)
        this.after(fault.crashAfterMs, () => this.end('it was ended by SIGSEGV'));
      if (fault.hangAfterMs !== null) this.after(fault.hangAfterMs, () => this.hang());
    });
  }

  observation(): CopyObservation {
    return this.watch.observation(this.pid);
  }

  kill(): void {
    this.after(exitDelayMs, () => this.end('it was killed (SIGKILL)'));
  }

  hang(): void {
    this.parts.network.freeze(this.address);
  }

  thaw(): void {
    this.parts.network.thaw(this.address);
  }

  end(reason: string): void {
    if (this.watch.hasExited) return;
    for (const stop of this.timers) stop();
    this.worker?.stop();
    this.parts.network.cut(this.address);
    this.watch.exited(reason);
    this.events.onExit();
  }

  private after(delayMs: number, task: () => void): void {
    this.timers.push(this.parts.clock.after(delayMs, task));
  }

  private assignment(copy: CopyRef): WorkerAssignment {
    const { component, address, threads } = this;
    return {
      copy,
      component: componentKey(component),
      engine: component.engine,
      modelPath: component.model.path,
      modelSha256: component.model.sha256 ?? null,
      options: component.options,
      threads,
      threadsMax: this.parts.threadsMax ?? 4,
      address,
      memoryBytesMax: 0,
      orphanMsMax: 10_000,
    };
  }
}
