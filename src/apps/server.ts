/**
 * The server as its owner sees it: a supervisor that starts the serving process and the control process, keeps both
 * running, and ends them in order. It does no work itself, so that there is little that could end it; each of the two
 * may die and come back alone.
 *
 * When the supervisor dies, serving finishes what it has and ends, control lets go of its workers and ends, and the
 * workers end by themselves unless the next server adopts them.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { systemClock } from '../adapters/clock/system.js';
import { KeyStore } from '../adapters/identity/key-file/key-store.js';
import type { Log } from '../contracts/telemetry.js';
import { holdFolder } from './server/hold-folder.js';
import { KeptProcess } from './server/kept-process.js';
import { type ServerPaths, serverPaths } from './server/paths.js';
import type { ControlSettings, ServingSettings } from './server/process-messages.js';
import type { RunningServer, RunServer, ServerOptions } from './server-options.js';

/** A server that ends has this long to give the folder back, milliseconds. */
const folderMsMax = 1_000;
/** Serving ends itself by its longest `predict_timeout`, at most an hour; then it is killed, milliseconds. */
const servingMsMax = 3_660_000;
/** Control drains and ends its copies within this time, or is killed, milliseconds. */
const controlMsMax = 30_000;
/** A serving process that is started again may wait so long for its port, milliseconds. */
const portMsMax = 3_000;
/** What is ended at once has this long, milliseconds. */
const immediateMsMax = 5_000;

export const runServer: RunServer = async (options) => {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const paths = serverPaths(options.dataDir);
  const release = await holdFolder(paths.run, 'server', folderMsMax);
  try {
    const { first } = KeyStore.open(options.dataDir, systemClock);
    const supervisor = new Supervisor(options, paths, release);
    try {
      return await supervisor.start(first);
    } catch (error) {
      if (first !== null)
        options.out.say('first keys were made; they are in the data folder: api-key, credentials');
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
};

class Supervisor implements RunningServer {
  port = 0;
  keys: RunningServer['keys'] = null;
  readonly closed: Promise<void>;
  private settleClosed: () => void = () => undefined;
  private readonly serving: KeptProcess<ServingSettings>;
  private readonly control: KeptProcess<ControlSettings>;
  private readonly pids: Record<'supervisor' | 'control' | 'serving', number | null> = {
    supervisor: process.pid,
    control: null,
    serving: null,
  };
  private readonly log: Log;
  private closing: Promise<void> | null = null;

  constructor(
    options: ServerOptions,
    private readonly paths: ServerPaths,
    private readonly release: () => void,
  ) {
    this.closed = new Promise((resolve) => (this.settleClosed = resolve));
    const { dataDir, homeRegion, logLevel, library, engines, instanceTypes, host, port, tls } = options;
    this.log = pino(
      { level: logLevel, base: { process: 'supervisor' } },
      pino.destination({ fd: 2, sync: true }),
    );
    const common = { clock: systemClock, log: this.log, label: dataDir };
    this.serving = new KeptProcess<ServingSettings>({
      ...common,
      name: 'serving',
      program: programPath('serving-main.js'),
      settings: (bound) => ({
        ...{ dataDir, homeRegion, logLevel, host, tls },
        port: bound ?? port,
        portMsMax: bound === null ? 0 : portMsMax,
        requestLog: options.requestLog ?? null,
      }),
      onProcess: (pid) => this.note('serving', pid),
    });
    this.control = new KeptProcess<ControlSettings>({
      ...common,
      name: 'control',
      program: programPath('control-main.js'),
      settings: () => ({ dataDir, homeRegion, logLevel, library, engines, instanceTypes }),
      onProcess: (pid) => this.note('control', pid),
    });
  }

  async start(keys: RunningServer['keys']): Promise<RunningServer> {
    this.keys = keys;
    const starts = [this.serving.start(), this.control.start()];
    try {
      [this.port = 0] = await Promise.all(starts);
      return this;
    } catch (error) {
      await Promise.allSettled([
        this.serving.close(true, immediateMsMax),
        this.control.close(true, immediateMsMax),
      ]);
      this.forgetProcesses();
      throw error;
    }
  }

  async close(immediate = false): Promise<void> {
    if (immediate && this.closing !== null) {
      // What is still there of the two; the close that waits for them goes on by itself.
      void this.serving.close(true, immediateMsMax);
      void this.control.close(true, immediateMsMax);
    }
    this.closing ??= this.end(immediate);
    await this.closing;
  }

  /** Control outlives serving: it knows the copies that serving still uses. */
  private async end(isImmediate: boolean): Promise<void> {
    await this.serving.close(isImmediate, isImmediate ? immediateMsMax : servingMsMax);
    await this.control.close(isImmediate, isImmediate ? immediateMsMax : controlMsMax);
    this.forgetProcesses();
    this.release();
    this.settleClosed();
  }

  private note(name: 'control' | 'serving', pid: number | null): void {
    this.pids[name] = pid;
    const temporary = `${this.paths.processes}.new`;
    try {
      writeFileSync(temporary, JSON.stringify(this.pids), { mode: 0o600 });
      renameSync(temporary, this.paths.processes);
    } catch (err) {
      this.log.warn({ err }, 'the process numbers cannot be written down');
    }
  }

  private forgetProcesses(): void {
    rmSync(this.paths.processes, { force: true });
  }
}

function programPath(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}
