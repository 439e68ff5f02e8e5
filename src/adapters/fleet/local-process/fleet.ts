/**
 * Copies as processes of this machine. Each is started with its assignment on standard input and watched over
 * a link of our own. It owns the processes: what it started it ends, and a server that dies leaves workers that
 * end themselves after `orphanMsMax`.
 *
 * Never: a throw because of what a worker does; a process that is forgotten before it has ended.
 */
import { availableParallelism } from 'node:os';
import type { Clock } from '../../../contracts/clock.js';
import type { Fleet } from '../../../contracts/fleet.js';
import type { Log } from '../../../contracts/telemetry.js';
import type { WorkerDialer } from '../../../contracts/worker-link.js';
import type { InferenceComponent } from '../../../domain/component.js';
import { componentKey } from '../../../domain/component.js';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey } from '../../../domain/copy.js';
import { workerEnvironment } from './environment.js';
import type { SocketFolder } from './sockets.js';
import { openSocketFolder } from './sockets.js';
import { WorkerProcess } from './worker-process.js';

/** A worker without any connection ends itself after this long, milliseconds. */
const orphanMsMax = 10_000;

export interface LocalProcessFleetParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dialer: WorkerDialer;
  /** The worker program: absolute path of a script for this Node.js. */
  readonly workerPath: string;
  /** Sockets live below it, if its path is short enough. */
  readonly dataFolder: string;
  /** Most compute threads of one copy; the machine's cores by default. */
  readonly threadsMax?: number;
  /** For a worker's environment; this process' own by default. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface LocalProcessFleet extends Fleet {
  /** Ends all processes and resolves when they are gone. Nothing can be applied afterwards. */
  close(): Promise<void>;
}

export function createLocalProcessFleet(parts: LocalProcessFleetParts): LocalProcessFleet {
  return new Processes(parts);
}

class Processes implements LocalProcessFleet {
  readonly placement = 'ours';
  private readonly processes = new Map<string, WorkerProcess>();
  private readonly listeners = new Set<() => void>();
  private readonly sockets: SocketFolder;
  private onEmpty: (() => void) | null = null;
  private isClosed = false;

  constructor(private readonly parts: LocalProcessFleetParts) {
    this.sockets = openSocketFolder(parts.dataFolder, process.platform);
  }

  apply(copy: CopyRef, component: InferenceComponent, threads: number): void {
    const key = copyKey(copy);
    const existing = this.processes.get(key);
    if (existing !== undefined) return existing.setThreads(threads);
    if (this.isClosed) return;
    const address = this.sockets.next(copy.incarnation);
    const started = new WorkerProcess(
      copy,
      component,
      {
        copy,
        component: componentKey(component),
        engine: component.engine,
        modelPath: component.model.path,
        modelSha256: component.model.sha256 ?? null,
        options: component.options,
        memoryBytesMax: component.resources.memoryBytesMax,
        threads,
        threadsMax: this.parts.threadsMax ?? availableParallelism(),
        address,
        orphanMsMax,
      },
      {
        ...this.parts,
        command: [process.execPath, this.parts.workerPath],
        environment: workerEnvironment(this.parts.environment ?? process.env),
        onChange: () => this.changed(),
        onExit: () => {
          this.sockets.forget(address);
          if (started.isForgotten) this.forget(key);
        },
      },
    );
    this.processes.set(key, started);
    this.changed();
  }

  observe() {
    const copies = [...this.processes.values()].map((worker) => worker.observation());
    return { at: this.parts.clock.now(), copies };
  }

  drain(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.drain();
  }

  remove(copy: CopyRef): void {
    const key = copyKey(copy);
    const worker = this.processes.get(key);
    if (worker === undefined) return;
    worker.isForgotten = true;
    if (worker.hasExited) this.forget(key);
    else worker.kill();
  }

  setThreads(copy: CopyRef, count: number): void {
    this.processes.get(copyKey(copy))?.setThreads(count);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const worker of [...this.processes.values()]) this.remove(worker.copy);
    if (this.processes.size > 0) await new Promise<void>((resolve) => (this.onEmpty = resolve));
    this.sockets.close();
  }

  private forget(key: string): void {
    this.processes.delete(key);
    if (this.processes.size === 0) this.onEmpty?.();
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
