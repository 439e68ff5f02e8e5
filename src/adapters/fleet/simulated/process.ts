/** One simulated process: what a run is on a real machine. It does not know who watches it. */
import type { LibrarySettings } from '../../../contracts/artifacts.js';
import type { Clock } from '../../../contracts/clock.js';
import type { CopyAssignment } from '../../../contracts/fleet.js';
import type { WorkerDialer, WorkerListener } from '../../../contracts/worker-link.js';
import type { WorkerAssignment } from '../../../contracts/worker-protocol.js';
import { componentKey } from '../../../domain/component.js';
import type { Fault } from './faults.js';

/** From the kill of a process to its observed end, milliseconds. */
const exitDelayMs = 5;
const orphanMsMax = 10_000;

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

export interface ProcessParts {
  readonly clock: Clock;
  readonly network: SimulatedNetwork;
  readonly startWorker: (assignment: WorkerAssignment, host: SimulatedHost) => SimulatedWorker;
  readonly threadsMax?: number;
}

/** Simulated workers fetch nothing. */
const simulatedLibrary: LibrarySettings = {
  folder: '/none',
  bytesMax: 0,
  downloadBytesMax: 0,
  allowHosts: [],
  objectServers: [],
  huggingFace: null,
};

export class SimulatedProcess {
  readonly address: string;
  /** How it ended; null while it lives. */
  exitReason: string | null = null;
  private worker: SimulatedWorker | null = null;
  private readonly timers: (() => void)[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly wish: CopyAssignment,
    readonly pid: number,
    fault: Fault,
    private readonly parts: ProcessParts,
  ) {
    this.address = `memory:${pid}`;
    this.after(fault.startDelayMs, () => this.begin(fault));
  }

  /** Calls back when it has ended; the result unsubscribes. */
  onExit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
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
    if (this.exitReason !== null) return;
    this.exitReason = reason;
    for (const stop of this.timers) stop();
    this.worker?.stop();
    this.parts.network.cut(this.address);
    this.parts.network.thaw(this.address);
    for (const listener of [...this.listeners]) listener();
  }

  private begin(fault: Fault): void {
    if (fault.isStartFailing) return this.end('it ended with code 1');
    this.worker = this.parts.startWorker(this.assignment(), {
      listener: this.parts.network.listener,
      exit: (code) => this.end(`it ended with code ${code}`),
    });
    if (fault.crashAfterMs !== null)
      this.after(fault.crashAfterMs, () => this.end('it was ended by SIGSEGV'));
    if (fault.hangAfterMs !== null) this.after(fault.hangAfterMs, () => this.hang());
  }

  private after(delayMs: number, task: () => void): void {
    this.timers.push(this.parts.clock.after(delayMs, task));
  }

  private assignment(): WorkerAssignment {
    const { copy, component, threads, adapters } = this.wish;
    return {
      ...{ copy, threads, address: this.address, orphanMsMax },
      component: componentKey(component),
      engine: component.engine,
      source: component.model,
      library: simulatedLibrary,
      startup: component.startup,
      options: component.options,
      ...(adapters === undefined ? {} : { adapters }),
      threadsMax: this.parts.threadsMax ?? 4,
      memoryBytesMax: 0,
    };
  }
}
