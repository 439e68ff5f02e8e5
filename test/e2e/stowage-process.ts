/**
 * The real program for a test: built, started on a free port with a fresh data folder and perhaps a configuration,
 * watched until it is ready, and ended with everything it started, however the test goes.
 *
 * Never: a fixed sleep; a signal to a process that is not ours.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { isRunning, processesNaming, signal } from './process-table.js';

export const repository = path.resolve(import.meta.dirname, '../..');
export const modelsFolder = path.join(repository, 'models');
const program = path.join(repository, 'bin', 'stowage.js');
const workerProgram = 'worker-main.js';

/** Between two looks at something awaited, milliseconds. */
const lookMs = 20;
const readyMsMax = 60_000;
const stopMsMax = 20_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StowageProcess {
  readonly url: string;
  readonly port: number;
  /** The bearer key. */
  readonly key: string;
  readonly pid: number;
  readonly dataFolder: string;
  /** Pids of its living worker processes. */
  workers(): readonly number[];
  /** Pids of the living workers of a component, oldest copy first. */
  workersOf(component: string): readonly number[];
  /** Pid of the control process and of the serving process; null while there is none. */
  controlPid(): number | null;
  servingPid(): number | null;
  stdout(): string;
  stderr(): string;
  /** Settles when the process has ended. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, and what that came to. */
  stop(): Promise<Exit>;
}

export interface StartOptions {
  /** The text of the configuration; null = none is applied. */
  readonly yaml: string | null;
  /** A folder used before, for a second start; a fresh one by default. */
  readonly dataFolder?: string;
  /** Resolve once it listens, though not every component is served. */
  readonly listeningIsEnough?: boolean;
}

const running = new Set<ChildProcess>();
const foldersMade = new Set<string>();
/** Folders of servers, so that what those that died left is ended too. */
const foldersServed = new Set<string>();

/** Ends what is left, by pid. */
function endEverything(): void {
  for (const child of running) if (child.pid !== undefined) signal(child.pid, 'SIGKILL');
  for (const folder of foldersServed) {
    for (const pid of processesNaming(folder)) if (isRunning(pid, '-main.js')) signal(pid, 'SIGKILL');
  }
  running.clear();
  foldersServed.clear();
  for (const folder of foldersMade) rmSync(folder, { recursive: true, force: true });
  foldersMade.clear();
}

afterAll(endEverything);
process.once('exit', endEverything);

/** A fresh private folder, removed at the end. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-e2e-'));
  foldersMade.add(folder);
  return folder;
}

let isBuilt = false;

/** Builds the program when a source is newer than what was built; looks once per test file. */
function ensureBuilt(): void {
  if (isBuilt) return;
  const sources = readdirSync(path.join(repository, 'src'), { recursive: true, withFileTypes: true });
  const newestMs = Math.max(
    ...sources
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
  );
  const programs = ['cli.js', 'control-main.js', 'serving-main.js', workerProgram].map((name) =>
    path.join(repository, 'dist', 'apps', name),
  );
  const isFresh = programs.every(
    (file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newestMs,
  );
  isBuilt = isFresh;
  if (isFresh) return;
  const built = spawnSync(process.execPath, [path.join(repository, 'scripts', 'build.mjs')], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  isBuilt = true;
}

/** Runs the program to its end and returns what came of it. */
export async function runStowage(
  parameters: readonly string[],
  folder: string,
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  const { exited, stdout, stderr } = launch(parameters, folder);
  const exit = await exited;
  return { ...exit, stdout: stdout(), stderr: stderr() };
}

function launch(parameters: readonly string[], folder: string) {
  ensureBuilt();
  const { PATH, HOME } = process.env;
  foldersServed.add(folder);
  const child = spawn(process.execPath, [program, ...parameters], {
    cwd: repository,
    env: { PATH, HOME, STOWAGE_PORT: '0', STOWAGE_DATA_DIR: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, name) => {
      running.delete(child);
      resolve({ code, signal: name });
    });
  });
  return { child, exited, stdout: () => said.out, stderr: () => said.err };
}

/** Starts a server; rejects with what it said when it ends or is not ready in time. */
export async function startStowage(options: StartOptions): Promise<StowageProcess> {
  const dataFolder = options.dataFolder ?? freshFolder();
  mkdirSync(dataFolder, { recursive: true });
  const configuration = path.join(dataFolder, 'stowage.yaml');
  if (options.yaml !== null) writeFileSync(configuration, options.yaml);
  const file = options.yaml === null ? [] : ['-f', configuration];
  const { child, exited, stdout, stderr } = launch(['serve', ...file], dataFolder);
  const pid = child.pid!;
  const workers = () => processesNaming(path.join(dataFolder, 'run')).filter(isWorker);
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const alive = (): true => {
    if (hasExited) throw new Error(`stowage ended before it was ready:\n${stderr()}`);
    return true;
  };
  try {
    const port = await until(() => alive() && listeningPort(stderr()), 'the server to listen', readyMsMax);
    const url = `http://127.0.0.1:${port}`;
    if (options.listeningIsEnough !== true) {
      // What can be called is printed when all of it has come up.
      const isUp = async () =>
        alive() && (options.yaml === null || stdout() !== '') && (await isHealthy(url));
      await until(isUp, 'the server to be ready', readyMsMax);
    }
    const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
    const stop = async () => {
      signal(pid, 'SIGTERM');
      return within(exited, stopMsMax, 'the server to end');
    };
    const workersOf = (component: string) => workersRunning(dataFolder, component).filter(isWorker);
    const controlPid = () => processOf(dataFolder, 'control');
    const servingPid = () => processOf(dataFolder, 'serving');
    const pids = { pid, controlPid, servingPid, workers, workersOf };
    return { url, port, key, ...pids, dataFolder, stdout, stderr, exited, stop };
  } catch (error) {
    signal(pid, 'SIGKILL');
    throw new Error(`${String(error)}\n${stderr().slice(-4000)}`, { cause: error });
  }
}

function listeningPort(stderr: string): number | null {
  const port = /^listening at http:\/\/127\.0\.0\.1:(\d+)$/m.exec(stderr)?.[1];
  return port === undefined ? null : Number(port);
}

async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health`);
  await response.arrayBuffer();
  return response.ok;
}

function isWorker(pid: number): boolean {
  return isRunning(pid, workerProgram);
}

/** From the records of the runs: those of a component, in the order in which they were begun. */
function workersRunning(dataFolder: string, component: string): readonly number[] {
  const folder = path.join(dataFolder, 'run');
  const runs = readdirSync(folder)
    .filter((name) => name.startsWith('w-') && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Run)
    .filter(({ pid, assignment }) => pid !== null && assignment.component.endsWith(`/${component}`));
  return runs.sort((a, b) => a.startedAt - b.startedAt).map(({ pid }) => pid!);
}

interface Run {
  readonly pid: number | null;
  readonly startedAt: number;
  readonly assignment: { readonly component: string };
}

/** As the supervisor writes it down; null between two lives of the process. */
function processOf(dataFolder: string, name: 'control' | 'serving'): number | null {
  try {
    const text = readFileSync(path.join(dataFolder, 'run', 'processes.json'), 'utf8');
    return (JSON.parse(text) as Record<string, number | null>)[name] ?? null;
  } catch {
    return null;
  }
}

/** Looks again and again until it sees something that is neither false nor null. */
export async function until<T>(
  look: () => T | false | null | Promise<T | false | null>,
  what: string,
  msMax = 30_000,
): Promise<T> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${msMax / 1000} s for ${what}`);
    await pause(lookMs);
  }
}

async function within<T>(promise: Promise<T>, msMax: number, what: string): Promise<T> {
  const giveUp = new AbortController();
  const late = pause(msMax, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`waited ${msMax / 1000} s for ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    giveUp.abort();
    late.catch(() => undefined);
  }
}
