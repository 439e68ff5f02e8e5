/**
 * A process that is to run until it is told to end: started, started again when it ends by itself, and told to end.
 *
 * Modes: starting → running → (ended → starting …) → closing → closed. A restart comes at once; a process that ends
 * itself before it has started is tried again more and more rarely.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/telemetry.js';
import { StowageError } from '../../domain/errors.js';
import type { FromProcess, ToProcess } from './process-messages.js';

/** Pauses before a process that did not start is tried again, milliseconds. */
const pauseMsMin = 100;
const pauseMsMax = 5_000;

export interface KeptProcessParts<Settings> {
  readonly name: string;
  /** Absolute path of the program, a script for this Node.js. */
  readonly program: string;
  /** Stands in the list of processes, so that people can tell servers apart. */
  readonly label: string;
  /** Asked at each start; `port` is what it listened on before, or null. */
  readonly settings: (port: number | null) => Settings;
  readonly clock: Clock;
  readonly log: Log;
  /** The process number changed; null while there is none. */
  readonly onProcess: (pid: number | null) => void;
}

export class KeptProcess<Settings> {
  private child: ChildProcess | null = null;
  private port: number | null = null;
  private failures = 0;
  private isClosing = false;
  private stopPause: () => void = () => undefined;
  private settleFirst: { resolve(port: number): void; reject(error: Error): void } | null = null;
  private onGone: () => void = () => undefined;

  constructor(private readonly parts: KeptProcessParts<Settings>) {}

  /** Resolves with its port when it has started for the first time; rejects with why it cannot. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.settleFirst = { resolve, reject };
      this.launch();
    });
  }

  /** Resolves when it has ended; after `msMax` it is killed. May be repeated, also with `isImmediate`. */
  async close(isImmediate: boolean, msMax: number): Promise<void> {
    this.isClosing = true;
    this.stopPause();
    const { child } = this;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => {
      const before = this.onGone;
      this.onGone = () => {
        before();
        resolve();
      };
    });
    this.tell({ type: 'close', isImmediate });
    const stopTimer = this.parts.clock.after(msMax, () => child.kill('SIGKILL'));
    await gone;
    stopTimer();
  }

  private launch(): void {
    const { program, label, settings, onProcess } = this.parts;
    const child = spawn(process.execPath, [program, label], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    let hasStarted = false;
    child.on('message', (message: FromProcess) => {
      hasStarted ||= message.type === 'started';
      this.hear(message);
    });
    child.on('error', (err) => {
      this.parts.log.error({ err }, `${this.parts.name} cannot be run`);
      if (child.pid === undefined) this.ended(child, false, 'it cannot be run');
    });
    child.on('exit', (code, signal) =>
      this.ended(child, hasStarted || signal !== null, signal ?? `code ${code}`),
    );
    onProcess(child.pid ?? null);
    this.tell({ type: 'start', settings: settings(this.port) });
  }

  private hear(message: FromProcess): void {
    switch (message.type) {
      case 'started':
        this.port = message.port;
        this.failures = 0;
        this.settleFirst?.resolve(message.port);
        this.settleFirst = null;
        return;
      case 'failed': {
        const error = StowageError.fromData(message.error);
        const { code, mend } = error;
        if (this.settleFirst === null)
          this.parts.log.error({ code, mend }, `${this.parts.name}: ${error.message}`);
        this.settleFirst?.reject(error);
        this.settleFirst = null;
        this.isClosing ||= this.port === null;
        return;
      }
      default:
        message satisfies never;
    }
  }

  private ended(child: ChildProcess, isSound: boolean, how: string): void {
    if (this.child !== child) return;
    this.child = null;
    this.parts.onProcess(null);
    this.onGone();
    if (this.settleFirst !== null) {
      this.settleFirst.reject(new Error(`the ${this.parts.name} process ended before it started: ${how}`));
      this.settleFirst = null;
      return;
    }
    if (this.isClosing) return;
    this.failures = isSound ? 0 : this.failures + 1;
    const pauseMs = this.failures === 0 ? 0 : Math.min(pauseMsMax, pauseMsMin * 2 ** (this.failures - 1));
    this.parts.log.error({ how, pauseMs }, `the ${this.parts.name} process ended; it is started again`);
    this.stopPause = this.parts.clock.after(pauseMs, () => {
      if (!this.isClosing) this.launch();
    });
  }

  private tell(message: ToProcess<Settings>): void {
    // A channel that broke belongs to a process whose end is on its way here.
    if (this.child?.connected === true) this.child.send(message, () => undefined);
  }
}
