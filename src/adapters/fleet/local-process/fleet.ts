/**
 * Copies as processes of this machine. Each run is written down before its process is started, and the process
 * outlives this one: whoever opens the same data folder next adopts what still runs, under the same incarnation. A
 * worker that nobody is connected to ends itself after `orphanMsMax`.
 *
 * One fleet at a time may hold a data folder; who builds it sees to that.
 *
 * Never: a throw because of what a worker does; two processes for one run; a process that is forgotten before it has
 * ended.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type LibrarySettings, variablesOfLibrary } from '../../../contracts/artifacts.js';
import type { Clock } from '../../../contracts/clock.js';
import type { CopyAssignment, Fleet, FleetSnapshot } from '../../../contracts/fleet.js';
import type { Log } from '../../../contracts/telemetry.js';
import { type OutsideSettings, variablesOfProgram } from '../../../contracts/outside-engine.js';
import type { WorkerDialer } from '../../../contracts/worker-link.js';
import { componentKey } from '../../../domain/component.js';
import type { AdapterSource } from '../../../domain/adapter.js';
import type { CopyRef } from '../../../domain/copy.js';
import { copyKey, CopyState } from '../../../domain/copy.js';
import { workerEnvironment } from './environment.js';
import { LocalHost } from './host.js';
import { findRunOf, killRunOf } from './process-table.js';
import { forgetSocketFolder, RunFolder } from './run-folder.js';
import { readRunRecord, type RunRecord, runRecordsIn, writeRunRecord } from './run-record.js';
import { WorkerLogs } from './worker-log.js';
import { WorkerProcess } from './worker-process.js';

const orphanMsDefault = 10_000;
/** Adopted workers have this long to say how they are, milliseconds. */
const adoptionMsMax = 2_000;

export interface LocalProcessFleetParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dialer: WorkerDialer;
  /** The worker program: absolute path of a script for this Node.js. */
  readonly workerPath: string;
  /** Runs and logs are kept in it, and sockets if its path is short enough. */
  readonly dataFolder: string;
  readonly library: LibrarySettings;
  /** How programs of others are started; as usual by default. */
  readonly engines?: OutsideSettings;
  /** Most compute threads of one copy; the machine's cores by default. */
  readonly threadsMax?: number;
  /** For a worker's environment; this process' own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** A worker without any connection ends itself after this long, milliseconds; 10 s by default. */
  readonly orphanMsMax?: number;
}

export interface LocalProcessFleet extends Fleet {
  /** Resolves when the machine is measured and every adopted worker said how it is, or had its time to. */
  adopted(): Promise<void>;
  /** Ends all processes and resolves when they are gone. Nothing can be applied afterwards. */
  close(): Promise<void>;
  /** Lets go of all processes: they go on, for whoever adopts them. Nothing can be applied afterwards. */
  leave(): void;
}

/** Adopts what runs already. Throws HOST-605 when the data folder cannot be used. */
export function createLocalProcessFleet(parts: LocalProcessFleetParts): LocalProcessFleet {
  return new Processes(parts);
}

class Processes implements LocalProcessFleet {
  readonly placement = 'ours';
  private readonly processes = new Map<string, WorkerProcess>();
  private readonly listeners = new Set<() => void>();
  private readonly folder: RunFolder;
  private readonly logFiles: WorkerLogs;
  private readonly host: LocalHost;
  private onEmpty: (() => void) | null = null;
  private isClosed = false;

  constructor(private readonly parts: LocalProcessFleetParts) {
    this.folder = new RunFolder(parts.dataFolder);
    this.logFiles = new WorkerLogs(parts.dataFolder);
    this.host = new LocalHost(parts.clock);
    for (const file of runRecordsIn(this.folder.folder)) this.adopt(file);
  }

  apply(wish: CopyAssignment): void {
    const { copy } = wish;
    const existing = this.processes.get(copyKey(copy));
    if (existing !== undefined) {
      existing.setAdapters(wish.adapters ?? []);
      return existing.setThreads(wish.threads);
    }
    if (this.isClosed) return;
    const { record, address } = this.folder.pathsOf(copy);
    const run = this.runOf(wish, address);
    try {
      writeRunRecord(record, run);
    } catch (err) {
      // Without the record a process could be lost; the caller asks again.
      this.parts.log.error({ err, copy: copy.id }, 'a run cannot be written down, so it is not begun');
      return;
    }
    this.add(
      copy,
      (parts) => WorkerProcess.start(record, run, parts),
      variablesOfProgram(run.assignment.program),
      wish.accelerators.map(({ index }) => index),
    );
  }

  observe(): FleetSnapshot {
    const copies = [...this.processes.values()].map((worker) => worker.observation());
    return { at: this.parts.clock.now(), hosts: [this.host.observe()], copies };
  }

  drain(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.drain();
  }

  remove(copy: CopyRef): void {
    const worker = this.processes.get(copyKey(copy));
    if (worker === undefined) return;
    worker.isForgotten = true;
    if (worker.hasExited) this.forget(worker);
    else worker.kill();
  }

  sleep(copy: CopyRef): void {
    this.processes.get(copyKey(copy))?.sleep();
  }

  setThreads(copy: CopyRef, count: number): void {
    this.processes.get(copyKey(copy))?.setThreads(count);
  }

  setAdapters(copy: CopyRef, adapters: readonly AdapterSource[]): void {
    this.processes.get(copyKey(copy))?.setAdapters(adapters);
  }

  async logs(copyId: string, linesMax: number): Promise<readonly string[]> {
    return this.logFiles.lines(copyId, linesMax);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async adopted(): Promise<void> {
    const { clock } = this.parts;
    await this.host.asked;
    const isKnown = () => this.observe().copies.every(({ state }) => state !== CopyState.Starting);
    if (isKnown()) return;
    await new Promise<void>((resolve) => {
      const stopTimer = clock.after(adoptionMsMax, () => done());
      const stop = this.onChange(() => {
        if (isKnown()) done();
      });
      const done = () => {
        stopTimer();
        stop();
        resolve();
      };
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const worker of [...this.processes.values()]) this.remove(worker.copy);
    if (this.processes.size > 0) await new Promise<void>((resolve) => (this.onEmpty = resolve));
    this.host.close();
    forgetSocketFolder(this.parts.dataFolder);
  }

  leave(): void {
    this.isClosed = true;
    for (const worker of this.processes.values()) worker.letGo();
    this.processes.clear();
    this.host.close();
  }

  /** A record that cannot be read belongs to a worker that cannot be talked to: both go. */
  private adopt(file: string): void {
    const run = readRunRecord(file);
    if (run !== null) {
      this.add(run.assignment.copy, (parts) => WorkerProcess.adopt(file, run, parts));
      return;
    }
    const pid = findRunOf(file);
    if (pid !== null) killRunOf(pid, file);
    this.parts.log.warn({ pid }, 'a worker of another version of Stowage was ended');
    rmSync(file, { force: true });
  }

  private runOf(wish: CopyAssignment, address: string): RunRecord {
    const { copy, component, threads, instance, host } = wish;
    const { threadsMax = availableParallelism(), orphanMsMax = orphanMsDefault, library } = this.parts;
    const program = this.parts.engines?.[component.engine];
    const assignment = {
      ...{ copy, library, threads, threadsMax, address, orphanMsMax },
      component: componentKey(component),
      engine: component.engine,
      source: component.model,
      startup: component.startup,
      ...(program === undefined ? {} : { program }),
      ...(component.container === undefined ? {} : { container: component.container }),
      options: component.options,
      ...(wish.adapters === undefined ? {} : { adapters: wish.adapters }),
      memoryBytesMax: component.resources.memoryBytesMax,
    };
    return { component, instance, host, assignment, startedAt: this.parts.clock.wallNow(), pid: null };
  }

  private add(
    copy: CopyRef,
    make: (parts: ConstructorParts) => WorkerProcess,
    programVariables: readonly string[] = [],
    devices: readonly number[] = [],
  ): void {
    const { environment = process.env, library } = this.parts;
    const worker: WorkerProcess = make({
      ...this.parts,
      logs: this.logFiles,
      command: [process.execPath, this.parts.workerPath],
      environment: workerEnvironment(
        environment,
        [...variablesOfLibrary(library), ...programVariables],
        devices,
      ),
      onChange: () => this.changed(),
      onExit: () => {
        // An adopted run that has ended already says so before it is known here; nobody has forgotten it yet.
        if (this.processes.get(copyKey(copy))?.isForgotten === true) this.forget(worker);
      },
    });
    this.processes.set(copyKey(copy), worker);
    this.changed();
  }

  private forget(worker: WorkerProcess): void {
    worker.removeFiles();
    this.processes.delete(copyKey(worker.copy));
    if (this.processes.size === 0) this.onEmpty?.();
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

type ConstructorParts = Parameters<typeof WorkerProcess.start>[2];
