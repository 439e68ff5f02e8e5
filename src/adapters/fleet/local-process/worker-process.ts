/**
 * One worker process: started by us, or found running and adopted. Either way it is a group of its own that outlives
 * this process, prints into its copy's log, and is watched over a link; its end is its process' end.
 *
 * Modes: running → gone. One that is adopted before its process number was written down is looked for a while.
 *
 * Never: a second process for a run; a signal to a process that is not the run; an end without a reason.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Clock } from '../../../contracts/clock.js';
import { CopyWatch } from '../../../contracts/copy-watch.js';
import type { CopyObservation } from '../../../contracts/fleet.js';
import type { Log } from '../../../contracts/telemetry.js';
import type { WorkerDialer } from '../../../contracts/worker-link.js';
import type { AdapterSource } from '../../../domain/adapter.js';
import type { CopyRef } from '../../../domain/copy.js';
import { findRunOf, isRunOf, killRunOf } from './process-table.js';
import { type RunRecord, writeRunRecord } from './run-record.js';
import type { WorkerLogs } from './worker-log.js';

/** Linux ends processes with a higher score first when memory runs out: a worker before its server. */
const outOfMemoryScore = 500;
/** How often an adopted process is looked at, and how soon after its link broke, milliseconds. */
const lookMs = 200;
const lostLookMs = 10;
/** How often the size of its log is looked at, milliseconds. */
const logLookMs = 5_000;
/** A run without a process number is looked for this long, milliseconds. */
const findMsMax = 2_000;
/** A worker that nobody was connected to ends itself with this code. */
const exitOrphaned = 5;
const orphanWords = 'it ended itself because nobody was connected to it';
/** Lines of a worker's log that go into the server's when it ends. */
const lastLinesMax = 20;

export interface WorkerProcessParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dialer: WorkerDialer;
  readonly logs: WorkerLogs;
  /** The program and its arguments; the run's record is added. */
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  /** An observation would differ. */
  readonly onChange: () => void;
  /** The process is gone; called once, after the observation says so. */
  readonly onExit: () => void;
}

export class WorkerProcess {
  /** Its owner wants to hear no more of it than that it has ended. */
  isForgotten = false;
  readonly copy: CopyRef;
  private readonly watch: CopyWatch;
  private pid: number | null;
  private isLetGo = false;
  private readonly begunAt: number;
  private stopLook: () => void = () => undefined;
  private stopLogLook: () => void = () => undefined;

  /** A run whose record is written and which has no process yet. */
  static start(file: string, run: RunRecord, parts: WorkerProcessParts): WorkerProcess {
    const started = new WorkerProcess(file, run, parts, false);
    started.spawn();
    return started;
  }

  /** A run that somebody began before: its process lives, or it is observed as ended. */
  static adopt(file: string, run: RunRecord, parts: WorkerProcessParts): WorkerProcess {
    const adopted = new WorkerProcess(file, run, parts, true);
    adopted.look();
    return adopted;
  }

  private constructor(
    private readonly file: string,
    private readonly run: RunRecord,
    private readonly parts: WorkerProcessParts,
    isAdopted: boolean,
  ) {
    const { clock, dialer, onChange } = parts;
    const { component, instance, assignment } = run;
    const { copy, address, threads, adapters } = assignment;
    this.copy = copy;
    this.pid = run.pid;
    this.begunAt = clock.now();
    this.watch = new CopyWatch({
      ...{ clock, dialer, copy, component, instance, address, threads, adapters, isAdopted, onChange },
      onOverLimit: () => this.kill(),
      onLost: () => {
        if (isAdopted) this.lookAfter(lostLookMs);
      },
    });
    this.lookAtLog();
  }

  observation(): CopyObservation {
    return this.watch.observation(this.pid);
  }

  get hasExited(): boolean {
    return this.watch.hasExited;
  }

  drain(): void {
    this.watch.drain();
  }

  setAdapters(adapters: readonly AdapterSource[]): void {
    this.watch.setAdapters(adapters);
  }

  sleep(): void {
    this.watch.sleep();
  }

  setThreads(count: number): void {
    this.watch.setThreads(count);
  }

  /** Ends the process at once; its exit is observed later. */
  kill(): void {
    if (this.hasExited) return;
    this.pid ??= findRunOf(this.file);
    if (this.pid !== null) killRunOf(this.pid, this.file);
  }

  /** Nothing of the run is left; only after its process is gone. */
  removeFiles(): void {
    rmSync(this.run.assignment.address, { force: true });
    rmSync(this.file, { force: true });
  }

  /** Watches no longer; the process goes on. */
  letGo(): void {
    this.isLetGo = true;
    this.stopLook();
    this.stopLogLook();
    this.watch.letGo();
  }

  private spawn(): void {
    const [program, ...parameters] = this.parts.command;
    const output = this.openLog();
    const child: ChildProcess = spawn(program, [...parameters, this.file], {
      env: this.parts.environment,
      stdio: ['ignore', output, output],
      detached: true,
      windowsHide: true,
    });
    if (output !== 'ignore') closeSync(output);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) this.ended(`the program cannot be run (${error.code ?? 'unknown'})`);
    });
    child.on('exit', (code, signal) => this.ended(exitWords(code, signal)));
    child.unref();
    if (child.pid === undefined) return; // `error` follows
    this.pid = child.pid;
    this.noteProcess(child.pid);
    if (process.platform === 'linux') {
      writeFile(`/proc/${child.pid}/oom_score_adj`, String(outOfMemoryScore)).catch(() => undefined);
    }
  }

  /** A copy without a log is better than none. */
  private openLog(): number | 'ignore' {
    try {
      return this.parts.logs.open(this.copy.id);
    } catch (err) {
      this.parts.log.error({ err, copy: this.copy.id }, 'the log of a copy cannot be written');
      return 'ignore';
    }
  }

  private noteProcess(pid: number): void {
    try {
      writeRunRecord(this.file, { ...this.run, pid });
    } catch (err) {
      // It is found by its command line, which names the record.
      this.parts.log.warn({ err, copy: this.copy.id }, 'a process number cannot be written down');
    }
  }

  /** Of an adopted process nobody tells the end. */
  private look(): void {
    if (this.hasExited) return;
    this.pid ??= findRunOf(this.file);
    const isRunning = this.pid !== null && isRunOf(this.pid, this.file);
    const mayCome = this.pid === null && this.parts.clock.now() - this.begunAt < findMsMax;
    if (isRunning || mayCome) this.lookAfter(lookMs);
    else this.ended(this.farewell());
  }

  private lookAfter(delayMs: number): void {
    this.stopLook();
    this.stopLook = this.parts.clock.after(delayMs, () => this.look());
  }

  private farewell(): string {
    const { exitCode } = this.parts.logs.lastWords(this.copy);
    if (exitCode !== null) return exitWords(exitCode, null);
    return this.pid === null ? 'it was never started' : 'it was killed, perhaps because memory ran out';
  }

  private lookAtLog(): void {
    this.stopLogLook = this.parts.clock.after(logLookMs, () => {
      this.parts.logs.bound(this.copy.id);
      this.lookAtLog();
    });
  }

  private ended(words: string): void {
    if (this.hasExited || this.isLetGo) return;
    this.stopLook();
    this.stopLogLook();
    const { clock, logs, log, onExit } = this.parts;
    const seconds = Math.round((clock.wallNow() - this.run.startedAt) / 100) / 10;
    const reason = `${words} after ${seconds} s`;
    const facts = { copy: this.copy.id, pid: this.pid, lastLines: logs.lines(this.copy.id, lastLinesMax) };
    const level = this.isForgotten ? 'debug' : words === orphanWords ? 'info' : 'warn';
    log[level](facts, `a worker process ended: ${reason}`);
    this.watch.exited(reason, logs.lastWords(this.copy).error);
    onExit();
  }
}

function exitWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL; perhaps the machine ran out of memory)';
  if (signal !== null) return `it was ended by ${signal}`;
  return code === exitOrphaned ? orphanWords : `it ended with code ${code ?? 'unknown'}`;
}
