/**
 * One worker process: its start, what it prints, and its end. The process' end is what ends the copy; what
 * happens in between comes over the link that watches it.
 *
 * Never: a throw because the process ended at a bad moment; an end without a reason.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Clock } from '../../../contracts/clock.js';
import { CopyWatch } from '../../../contracts/copy-watch.js';
import type { CopyObservation } from '../../../contracts/fleet.js';
import type { Log } from '../../../contracts/telemetry.js';
import type { WorkerDialer } from '../../../contracts/worker-link.js';
import type { WorkerAssignment } from '../../../contracts/worker-protocol.js';
import type { InferenceComponent } from '../../../domain/component.js';
import type { CopyRef } from '../../../domain/copy.js';
import { WorkerOutput } from './worker-output.js';

/** Linux ends processes with a higher score first when memory runs out: a worker before its server. */
const outOfMemoryScore = 500;

export interface WorkerProcessParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly dialer: WorkerDialer;
  /** The program and its arguments. */
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
  private readonly child: ChildProcess;
  private readonly output: WorkerOutput;
  private readonly startedAt: number;
  private readonly watch: CopyWatch;

  constructor(
    readonly copy: CopyRef,
    component: InferenceComponent,
    assignment: WorkerAssignment,
    private readonly parts: WorkerProcessParts,
  ) {
    const { clock, log, dialer, onChange } = parts;
    const { address, threads } = assignment;
    this.startedAt = clock.now();
    this.output = new WorkerOutput({ copy: copy.id, component: assignment.component }, log);
    this.child = this.spawn(assignment);
    const onOverLimit = () => this.kill();
    this.watch = new CopyWatch({ clock, dialer, copy, component, address, threads, onChange, onOverLimit });
  }

  observation(): CopyObservation {
    return this.watch.observation(this.child.pid ?? null);
  }

  get hasExited(): boolean {
    return this.watch.hasExited;
  }

  drain(): void {
    this.watch.drain();
  }

  setThreads(count: number): void {
    this.watch.setThreads(count);
  }

  /** Ends the process at once; its exit is observed later. */
  kill(): void {
    if (!this.hasExited) this.child.kill('SIGKILL');
  }

  private spawn(assignment: WorkerAssignment): ChildProcess {
    const [program, ...parameters] = this.parts.command;
    const child: ChildProcess = spawn(program, parameters, {
      env: this.parts.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) this.ended(`the program cannot be run (${error.code ?? 'unknown'})`);
    });
    // `close`, not `exit`: by then the last lines have been read.
    child.on('close', (code, signal) => this.ended(exitWords(code, signal)));
    // There are no pipes when this process may open no more files; `error` follows.
    child.stdin?.on('error', () => undefined); // it ended before it read its assignment; its exit says more
    child.stdin?.end(JSON.stringify(assignment));
    if (child.stdout) this.output.attach(child.stdout, 'info');
    if (child.stderr) this.output.attach(child.stderr, 'warn');
    if (process.platform === 'linux' && child.pid !== undefined) {
      writeFile(`/proc/${child.pid}/oom_score_adj`, String(outOfMemoryScore)).catch(() => undefined);
    }
    return child;
  }

  private ended(words: string): void {
    if (this.hasExited) return;
    const seconds = Math.round((this.parts.clock.now() - this.startedAt) / 100) / 10;
    const reason = `${words} after ${seconds} s`;
    const facts = { copy: this.copy.id, pid: this.child.pid, lastLines: this.output.lastLines };
    this.parts.log[this.isForgotten ? 'debug' : 'warn'](facts, `a worker process ended: ${reason}`);
    this.watch.exited(reason);
    this.parts.onExit();
  }
}

function exitWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'it was killed (SIGKILL; perhaps the machine ran out of memory)';
  if (signal !== null) return `it was ended by ${signal}`;
  return `it ended with code ${code ?? 'unknown'}`;
}
