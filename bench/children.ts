/**
 * The programs a bench starts. Each is the leader of a process group of its own, so that what it starts ends
 * with it; every group is ended by its id when the bench is done, breaks or is interrupted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A child that was asked to end has this long, milliseconds. */
const endMsMax = 10_000;
/** Kept of what a child says, for when it fails. */
const tailCharsMax = 4000;

export interface StartOptions {
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Opens a channel for messages to a Node.js program. */
  readonly channel?: boolean;
}

export interface Child {
  readonly pid: number;
  readonly handle: ChildProcess;
  /** True until it has ended. */
  readonly isRunning: boolean;
  /** Settles when it has ended and its output is complete; never rejects. */
  readonly ended: Promise<void>;
  /** The last lines it wrote, to standard output and error together. */
  tail(): string;
  /** Asks it to end, makes it end after a while, and resolves when it has. */
  end(): Promise<void>;
}

export class Children {
  private readonly running = new Set<ManagedChild>();

  constructor() {
    process.on('exit', () => this.killAll());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.killAll();
        process.exit(signal === 'SIGINT' ? 130 : 143);
      });
    }
  }

  start(program: string, programArguments: readonly string[], options: StartOptions = {}): Child {
    const { channel = false, env, cwd } = options;
    const started = spawn(program, programArguments, {
      stdio: channel ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    const child = new ManagedChild(started, program);
    this.running.add(child);
    child.ended.finally(() => this.running.delete(child)).catch(() => undefined);
    return child;
  }

  /** What a program writes to standard output until it ends; rejects when it fails or takes longer than `msMax`. */
  async run(
    program: string,
    programArguments: readonly string[],
    options: StartOptions & { readonly msMax: number },
  ): Promise<string> {
    const child = this.start(program, programArguments, options);
    const pieces: Buffer[] = [];
    child.handle.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    const timer = setTimeout(() => void child.end(), options.msMax);
    await child.ended;
    clearTimeout(timer);
    if (child.handle.exitCode !== 0) throw new Error(child.tail());
    return Buffer.concat(pieces).toString();
  }

  /** Ends all that still run, the youngest first. */
  async endAll(): Promise<void> {
    for (const child of [...this.running].reverse()) await child.end();
  }

  private killAll(): void {
    for (const child of this.running) child.killGroup();
  }
}

class ManagedChild implements Child {
  readonly ended: Promise<void>;
  isRunning = true;
  private output = '';

  constructor(
    readonly handle: ChildProcess,
    program: string,
  ) {
    const keep = (data: Buffer) => {
      this.output = (this.output + data.toString()).slice(-tailCharsMax);
    };
    handle.stdout?.on('data', keep);
    handle.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => {
      handle.on('exit', () => {
        this.killGroup(); // what it left behind, or its output stays open
        this.isRunning = false;
      });
      handle.on('close', (code, signal) => {
        this.output += `\n${program} ended with ${code ?? signal}`;
        resolve();
      });
      handle.on('error', (error) => {
        this.output += `\n${error.message}`;
        if (handle.pid !== undefined) return;
        this.isRunning = false;
        resolve();
      });
    });
  }

  get pid(): number {
    return this.handle.pid ?? 0;
  }

  tail(): string {
    return this.output.trim();
  }

  async end(): Promise<void> {
    if (!this.isRunning) return;
    this.handle.kill('SIGTERM');
    const timer = setTimeout(() => this.killGroup(), endMsMax);
    await this.ended;
    clearTimeout(timer);
  }

  killGroup(): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // the group is gone already
    }
  }
}

/** The next message of a child with a channel; rejects when it ends first. */
export async function nextMessage(child: Child): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    const message = once(child.handle, 'message', { signal }).then(([value]) => value as unknown);
    const end = once(child.handle, 'exit', { signal }).then(() => {
      throw new Error(`a program of the bench ended early:\n${child.tail()}`);
    });
    end.catch(() => undefined);
    message.catch(() => undefined);
    return await Promise.race([message, end]);
  } finally {
    stop.abort();
  }
}
