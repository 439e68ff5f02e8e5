/** One suite for every fleet: processes of this machine, and the simulation. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createLocalProcessFleet } from '../../src/adapters/fleet/local-process/fleet.js';
import { createSimulatedFleet } from '../../src/adapters/fleet/simulated/fleet.js';
import { createMemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { createSocketDialer } from '../../src/adapters/link/unix-socket/dialer.js';
import type { CopyObservation, Fleet } from '../../src/contracts/fleet.js';
import type { WorkerDialer, WorkerLink } from '../../src/contracts/worker-link.js';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import type { CopyRef } from '../../src/domain/copy.js';
import { CopyState, sameCopy } from '../../src/domain/copy.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { madeUpComponent } from './made-up-component.js';
import type { LogLine } from './quiet-log.js';
import { rememberingLog } from './quiet-log.js';
import { fatalRequestId, startStubWorker, StubConduct } from './stub-worker.js';

interface Bed {
  readonly fleet: Fleet & { close(): Promise<void> };
  readonly dialer: WorkerDialer;
  now(): number;
  /** Lets a little time pass. */
  pass(): Promise<void>;
  hang(seen: CopyObservation): void;
  readonly lines: readonly LogLine[];
}

const scratch = mkdtempSync(join(tmpdir(), 'fleet-test-'));
const workerPath = join(scratch, 'stub-worker.mjs');
const stepMs = 10;
const waitMsMax = 10_000;

function processBed(): Bed {
  const log = rememberingLog();
  const dialer = createSocketDialer({ clock: systemClock });
  const environment = { ...process.env, STOWAGE_SECRET: 'hidden' };
  const parts = { clock: systemClock, log, dialer, workerPath, dataFolder: scratch, environment };
  return {
    fleet: createLocalProcessFleet(parts),
    dialer,
    now: () => systemClock.now(),
    pass: () => new Promise((resolve) => systemClock.after(stepMs, resolve)),
    hang: (seen) => void process.kill(seen.pid!, 'SIGSTOP'),
    lines: log.lines,
  };
}

function simulatedBed(): Bed {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latencyMs: 1 });
  const fleet = createSimulatedFleet({
    clock,
    network,
    startWorker: (assignment, host) => startStubWorker(assignment, { ...host, clock }),
  });
  return {
    fleet,
    dialer: network.dialer,
    now: () => clock.now(),
    pass: () => clock.pass(stepMs),
    hang: (seen) => fleet.hang(seen.copy),
    lines: [],
  };
}

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'stub-worker-main.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile: workerPath,
    logLevel: 'error',
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each([
  ['local-process', processBed],
  ['simulated', simulatedBed],
])('the %s fleet', (kind, makeBed) => {
  const copy: CopyRef = { id: 'inline-1', incarnation: 5 };
  let bed: Bed;
  let links: WorkerLink[];

  beforeEach(() => {
    bed = makeBed();
    links = [];
  });
  afterEach(async () => {
    for (const link of links) link.close();
    await bed.fleet.close();
  });

  const find = (ref: CopyRef = copy) => bed.fleet.observe().copies.find((seen) => sameCopy(seen.copy, ref));
  async function until<Value>(look: () => Value | null | undefined | false): Promise<Value> {
    const end = bed.now() + waitMsMax;
    for (;;) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      if (bed.now() > end) throw new Error(`still not so: ${JSON.stringify(bed.fleet.observe())}`);
      await bed.pass();
    }
  }
  const untilState = (state: CopyState, ref: CopyRef = copy) =>
    until(() => {
      const seen = find(ref);
      return seen?.state === state ? seen : null;
    });
  async function submit(seen: CopyObservation, requestId: string): Promise<WorkerLink> {
    let isOpen = false;
    const link = bed.dialer.dial(seen.address!, seen.copy, {
      onOpen: () => (isOpen = true),
      onMessage: () => undefined,
      onClose: () => undefined,
    });
    links.push(link);
    await until(() => isOpen);
    link.send({ type: 'submit', streams: [{ stream: 1, requestId } as SubmittedStream] });
    return link;
  }

  it('brings a copy from starting to ready, with where it is reached and what it computes', async () => {
    bed.fleet.apply(copy, madeUpComponent({ generation: 3 }), 1);
    expect(find()).toMatchObject({ state: CopyState.Starting, address: null, exit: null });
    const seen = await untilState(CopyState.Ready);
    expect(seen).toMatchObject({ component: 'apex/inline', generation: 3, info: { architecture: 'stub' } });
    expect(seen.address).toEqual(expect.any(String));
    expect(seen.pid).toBeGreaterThan(0);
  });

  it('tells what a copy is loading', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const seen = await until(() => (find()?.loading ? find() : null));
    expect(seen).toMatchObject({ state: CopyState.Loading, loading: { phase: 'loading', fraction: 0.5 } });
  });

  it('may be told everything twice', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const { pid } = await untilState(CopyState.Ready);
    bed.fleet.apply(copy, madeUpComponent(), 1);
    bed.fleet.drain(copy);
    bed.fleet.drain(copy);
    expect(bed.fleet.observe().copies.map((seen) => seen.pid)).toEqual([pid]);
    bed.fleet.remove(copy);
    bed.fleet.remove(copy);
    await until(() => find() === undefined);
    bed.fleet.remove(copy);
    bed.fleet.drain(copy);
    bed.fleet.setThreads(copy, 2);
    expect(bed.fleet.observe().copies).toEqual([]);
  });

  it('drains: the copy keeps its process and its address, and stays until it is removed', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const { address } = await untilState(CopyState.Ready);
    bed.fleet.drain(copy);
    expect(find()).toMatchObject({ state: CopyState.Draining, address });
    const { report } = find()!;
    await until(() => find()!.report !== report);
    expect(find()!.state).toBe(CopyState.Draining);
  });

  it('passes on thread counts, also those given before the copy could hear them', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    bed.fleet.setThreads(copy, 3);
    await until(() => find()!.report?.threads === 3);
    bed.fleet.setThreads(copy, 2);
    await until(() => find()!.report?.threads === 2);
  });

  it('hints when a copy becomes ready, busy and idle', async () => {
    let hints = 0;
    const stop = bed.fleet.onChange(() => hints++);
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const seen = await untilState(CopyState.Ready);
    await until(() => find()!.report !== null);
    const before = hints;
    expect(before).toBeGreaterThan(1);
    const link = await submit(seen, 'one');
    await until(() => find()!.report!.running === 1);
    expect(hints).toBe(before + 1);
    link.send({ type: 'cancel', streams: [1] });
    await until(() => find()!.report!.running === 0);
    expect(hints).toBe(before + 2);
    stop();
    bed.fleet.drain(copy);
    expect(hints).toBe(before + 2);
  });

  it('sees a copy hang by its silence and a standstill by its steps, and can still remove it', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const seen = await untilState(CopyState.Ready);
    await submit(seen, 'one');
    await until(() => find()!.report?.running === 1);
    const standstillFrom = find()!.progressAt;
    await until(() => find()!.heardAt > standstillFrom + 200);
    expect(find()!.progressAt).toBe(standstillFrom);
    bed.hang(find()!);
    const hungAt = bed.now();
    await until(() => bed.now() > hungAt + 300); // what was on the way has arrived
    const { heardAt } = find()!;
    await until(() => bed.now() > hungAt + 700);
    expect(find()!.heardAt).toBe(heardAt);
    bed.fleet.remove(copy);
    await until(() => find() === undefined);
  });

  it('observes the end of a ready copy as RUN-301, until it is removed', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    await submit(await untilState(CopyState.Ready), fatalRequestId);
    const seen = await untilState(CopyState.Exited);
    expect(seen).toMatchObject({ address: null, exit: { code: 'RUN-301' } });
    expect(seen.exit!.message).toMatch(/code 7/);
    bed.fleet.remove(copy);
    expect(find()).toBeUndefined();
  });

  it.each([
    ['that ends before it is ready', StubConduct.Failing, 'RUN-304', /code 9/],
    ['that says why it cannot start', StubConduct.Refusing, 'MODEL-022', /cut off/],
    ['that takes more memory than it may', StubConduct.Greedy, 'RUN-302', /its limit is 1024 MiB/],
  ])('observes the end of a copy %s', async (_name, modelPath, code, words) => {
    bed.fleet.apply(copy, madeUpComponent({ modelPath, memoryBytesMax: 1024 ** 3 }), 1);
    const { exit } = await untilState(CopyState.Exited);
    expect(exit!.code).toBe(code);
    expect(exit!.message).toMatch(words);
  });

  it('runs two incarnations of one id beside each other', async () => {
    const next = { ...copy, incarnation: 6 };
    bed.fleet.apply(copy, madeUpComponent(), 1);
    bed.fleet.apply(next, madeUpComponent({ generation: 2 }), 1);
    const first = await untilState(CopyState.Ready);
    const second = await untilState(CopyState.Ready, next);
    expect(first.address).not.toBe(second.address);
    bed.fleet.remove(copy);
    await until(() => find() === undefined);
    expect(find(next)!.state).toBe(CopyState.Ready);
  });

  it('keeps its address from a caller that means another incarnation', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const seen = await untilState(CopyState.Ready);
    let reason: string | null = null;
    let isOpen = false;
    links.push(
      bed.dialer.dial(
        seen.address!,
        { ...copy, incarnation: 4 },
        {
          onOpen: () => (isOpen = true),
          onMessage: () => undefined,
          onClose: (why) => (reason = why),
        },
      ),
    );
    expect(await until(() => reason)).toMatch(/another copy/);
    expect(isOpen).toBe(false);
  });

  it('leaves nothing behind when it is closed', async () => {
    bed.fleet.apply(copy, madeUpComponent(), 1);
    const { pid } = await untilState(CopyState.Ready);
    await bed.fleet.close();
    expect(bed.fleet.observe().copies).toEqual([]);
    if (kind === 'local-process') expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/);
  });

  if (kind !== 'local-process') return;
  describe('as real processes', () => {
    it('logs what a worker prints, line by line, with its copy and the level it names', async () => {
      bed.fleet.apply(copy, madeUpComponent({ modelPath: StubConduct.Failing }), 1);
      await untilState(CopyState.Exited);
      const said = bed.lines.find((line) => line.message === 'ends with 9');
      expect(said).toMatchObject({ level: 'error', facts: { copy: 'inline-1', component: 'apex/inline' } });
      expect(bed.lines.at(-1)!.facts['lastLines']).toContain('ends with 9');
    });

    it('gives a worker one thread for files, and none of the server’s secrets', async () => {
      bed.fleet.apply(copy, madeUpComponent(), 1);
      const { message } = await until(() => bed.lines.find((line) => line.message.startsWith('environment')));
      expect(message.split(' ')).toEqual(expect.arrayContaining(['PATH', 'UV_THREADPOOL_SIZE']));
      expect(message).not.toContain('STOWAGE');
    });

    it('keeps its sockets in a folder that only this user may enter', async () => {
      bed.fleet.apply(copy, madeUpComponent(), 1);
      const { address } = await untilState(CopyState.Ready);
      expect(statSync(dirname(address!)).mode & 0o777).toBe(0o700);
      expect(statSync(address!).mode & 0o777).toBe(0o600);
    });

    it('removes the sockets of servers that were killed, and no others', async () => {
      const dataFolder = join(scratch, 'kept');
      const ended = spawnSync(process.execPath, ['-e', '']).pid;
      const [dead, alive] = [ended, process.ppid].map((pid) => join(dataFolder, 'run', `${pid}-abcdef`));
      for (const folder of [dead!, alive!]) mkdirSync(folder, { recursive: true });
      const log = rememberingLog();
      const dialer = createSocketDialer({ clock: systemClock });
      const fleet = createLocalProcessFleet({ clock: systemClock, log, dialer, workerPath, dataFolder });
      expect(existsSync(dead!)).toBe(false);
      expect(existsSync(alive!)).toBe(true);
      await fleet.close();
    });

    it('finds a short folder for sockets when the data folder is deep', async () => {
      const dataFolder = join(scratch, 'deep'.repeat(30));
      const log = rememberingLog();
      const dialer = createSocketDialer({ clock: systemClock });
      const fleet = createLocalProcessFleet({ clock: systemClock, log, dialer, workerPath, dataFolder });
      fleet.apply(copy, madeUpComponent(), 1);
      const seen = await until(() => fleet.observe().copies.find((one) => one.address !== null));
      expect(Buffer.byteLength(seen.address!)).toBeLessThanOrEqual(103);
      const folder = dirname(seen.address!);
      await fleet.close();
      expect(() => statSync(folder)).toThrow(/ENOENT/);
    });

    it('observes a worker program that cannot be run', async () => {
      const log = rememberingLog();
      const dialer = createSocketDialer({ clock: systemClock });
      const missing = join(scratch, 'missing.mjs');
      const parts = { clock: systemClock, log, dialer, workerPath: missing, dataFolder: scratch };
      const fleet = createLocalProcessFleet(parts);
      fleet.apply(copy, madeUpComponent(), 1);
      const seen = await until(() => fleet.observe().copies.find((one) => one.state === CopyState.Exited));
      expect(seen.exit).toMatchObject({ code: 'RUN-304' });
      expect(seen.exit!.message).not.toContain(scratch);
      await fleet.close();
    });
  });
});
