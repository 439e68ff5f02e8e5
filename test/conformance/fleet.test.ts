/** One suite for every fleet: processes of this machine, and the simulation. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import {
  createLocalProcessFleet,
  type LocalProcessFleet,
  type LocalProcessFleetParts,
} from '../../src/adapters/fleet/local-process/fleet.js';
import { createSimulatedFleet } from '../../src/adapters/fleet/simulated/fleet.js';
import { SimulatedMachine } from '../../src/adapters/fleet/simulated/machine.js';
import { createMemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { createSocketDialer } from '../../src/adapters/link/unix-socket/dialer.js';
import type { LibrarySettings } from '../../src/contracts/artifacts.js';
import type { CopyObservation, Fleet } from '../../src/contracts/fleet.js';
import type { WorkerDialer, WorkerLink } from '../../src/contracts/worker-link.js';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import { componentKey } from '../../src/domain/component.js';
import type { CopyRef } from '../../src/domain/copy.js';
import { CopyState, sameCopy } from '../../src/domain/copy.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { madeUpAssignment, madeUpComponent } from './made-up-component.js';
import type { LogLine } from './quiet-log.js';
import { rememberingLog } from './quiet-log.js';
import { fatalRequestId, startStubWorker, StubConduct } from './stub-worker.js';

interface Bed {
  fleet: Fleet & { close(): Promise<void>; leave(): void };
  /** Another fleet over the same machine, as after a restart. */
  open(): Bed['fleet'];
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
const library: LibrarySettings = {
  ...{
    folder: scratch,
    bytesMax: 0,
    downloadBytesMax: 0,
    allowHosts: [],
    objectServers: [],
    huggingFace: null,
  },
};
const waitMsMax = 10_000;

function processBed(): Bed {
  const log = rememberingLog();
  const dialer = createSocketDialer({ clock: systemClock });
  const environment = { ...process.env, STOWAGE_SECRET: 'hidden' };
  const open = () => openProcesses({ log, environment });
  return {
    fleet: open(),
    open,
    dialer,
    now: () => systemClock.now(),
    pass: () => new Promise((resolve) => systemClock.after(stepMs, resolve)),
    hang: (seen) => void process.kill(seen.pid!, 'SIGSTOP'),
    lines: log.lines,
  };
}

function openProcesses(parts: Partial<LocalProcessFleetParts>): LocalProcessFleet {
  const dialer = createSocketDialer({ clock: systemClock });
  const log = rememberingLog();
  const common = { clock: systemClock, dialer, log, workerPath, dataFolder: scratch, library };
  return createLocalProcessFleet({ ...common, ...parts });
}

function simulatedBed(): Bed {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latencyMs: 1 });
  const machine = new SimulatedMachine({
    clock,
    network,
    startWorker: (assignment, host) => startStubWorker(assignment, { ...host, clock }),
  });
  const open = () => createSimulatedFleet(machine);
  return {
    fleet: open(),
    open,
    dialer: network.dialer,
    now: () => clock.now(),
    pass: () => clock.pass(stepMs),
    hang: (seen) => machine.hang(seen.copy),
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
  let copy: CopyRef;
  let incarnation = 4;
  const key = componentKey(madeUpComponent());
  let bed: Bed;
  let links: WorkerLink[];

  beforeEach(() => {
    bed = makeBed();
    links = [];
    // No incarnation is ever used twice, also not by two tests that share a data folder.
    copy = { id: 'inline-1', incarnation: ++incarnation };
  });
  afterEach(async () => {
    for (const link of links) link.close();
    await bed.fleet.close();
  });

  const find = (ref = copy) => bed.fleet.observe().copies.find((seen) => sameCopy(seen.copy, ref));
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
    bed.fleet.apply(madeUpAssignment(copy, madeUpComponent({ generation: 3 })));
    expect(find()).toMatchObject({ state: CopyState.Starting, address: null, exit: null });
    const seen = await untilState(CopyState.Ready);
    expect(seen).toMatchObject({
      component: key,
      generation: 3,
      instance: 'i-1',
      info: { architecture: 'stub' },
    });
    expect(seen.address).toEqual(expect.any(String));
    expect(seen.pid).toBeGreaterThan(0);
  });

  it('tells what a copy is loading', async () => {
    bed.fleet.apply(madeUpAssignment(copy));
    const seen = await until(() => (find()?.loading ? find() : null));
    expect(seen).toMatchObject({ state: CopyState.Loading, loading: { phase: 'loading', fraction: 0.5 } });
  });

  it('may be told everything twice', async () => {
    bed.fleet.apply(madeUpAssignment(copy));
    bed.fleet.apply(madeUpAssignment(copy));
    const { pid } = await untilState(CopyState.Ready);
    bed.fleet.apply(madeUpAssignment(copy));
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
    bed.fleet.apply(madeUpAssignment(copy));
    const { address } = await untilState(CopyState.Ready);
    bed.fleet.drain(copy);
    expect(find()).toMatchObject({ state: CopyState.Draining, address });
    const { report } = find()!;
    await until(() => find()!.report !== report);
    expect(find()!.state).toBe(CopyState.Draining);
  });

  it('passes on thread counts, also those given before the copy could hear them', async () => {
    bed.fleet.apply(madeUpAssignment(copy));
    bed.fleet.setThreads(copy, 3);
    await until(() => find()!.report?.threads === 3);
    bed.fleet.setThreads(copy, 2);
    await until(() => find()!.report?.threads === 2);
  });

  it('hints when a copy becomes ready, busy and idle', async () => {
    let hints = 0;
    const stop = bed.fleet.onChange(() => hints++);
    bed.fleet.apply(madeUpAssignment(copy));
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
    bed.fleet.apply(madeUpAssignment(copy));
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
    bed.fleet.apply(madeUpAssignment(copy));
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
    bed.fleet.apply(madeUpAssignment(copy, madeUpComponent({ modelPath, memoryBytesMax: 1024 ** 3 })));
    const { exit } = await untilState(CopyState.Exited);
    expect(exit!.code).toBe(code);
    expect(exit!.message).toMatch(words);
  });

  it('runs two incarnations of one id beside each other', async () => {
    const next = { ...copy, incarnation: ++incarnation };
    bed.fleet.apply(madeUpAssignment(copy));
    bed.fleet.apply(madeUpAssignment(next, madeUpComponent({ generation: 2 })));
    const first = await untilState(CopyState.Ready);
    const second = await untilState(CopyState.Ready, next);
    expect(first.address).not.toBe(second.address);
    bed.fleet.remove(copy);
    await until(() => find() === undefined);
    expect(find(next)!.state).toBe(CopyState.Ready);
  });

  it('keeps its address from a caller that means another incarnation', async () => {
    bed.fleet.apply(madeUpAssignment(copy));
    const seen = await untilState(CopyState.Ready);
    let reason: string | null = null;
    let isOpen = false;
    links.push(
      bed.dialer.dial(
        seen.address!,
        { ...copy, incarnation: copy.incarnation - 1 },
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

  it('shows its hosts, with the memory there is and the memory that can be taken', () => {
    const [host] = bed.fleet.observe().hosts;
    expect(host).toMatchObject({ id: 'local', cpus: expect.any(Number) as number });
    expect(host!.memoryBytesAvailable).toBeGreaterThan(0);
    expect(host!.memoryBytesAvailable).toBeLessThanOrEqual(host!.memoryBytesTotal);
  });

  describe('opened anew', () => {
    const reopen = () => {
      bed.fleet.leave();
      bed.fleet = bed.open();
    };

    it('adopts what runs, with its incarnation, its process and its address', async () => {
      bed.fleet.apply(madeUpAssignment(copy, madeUpComponent({ generation: 3 })));
      const before = await untilState(CopyState.Ready);
      reopen();
      expect(bed.fleet.observe().copies.map((seen) => [seen.copy, seen.pid])).toEqual([[copy, before.pid]]);
      const after = await untilState(CopyState.Ready);
      const { address, component, generation, instance, pid, info } = before;
      expect(after).toMatchObject({ address, component, generation, instance, pid, info });
    });

    it('starts nothing a second time, and passes on what an adopted copy is told', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      reopen();
      bed.fleet.apply(madeUpAssignment(copy, madeUpComponent(), 3));
      await until(() => find()?.report?.threads === 3);
      bed.fleet.drain(copy);
      expect(bed.fleet.observe().copies.map((seen) => [seen.state, seen.pid])).toEqual([
        [CopyState.Draining, pid],
      ]);
    });

    it('disturbs no caller of an adopted copy', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      let closed: string | null = null;
      const { address } = await untilState(CopyState.Ready);
      const events = { onOpen: () => {}, onMessage: () => {}, onClose: (why: string) => (closed = why) };
      links.push(bed.dialer.dial(address!, copy, events));
      reopen();
      await untilState(CopyState.Ready);
      await until(() => find()!.report !== null);
      expect(closed).toBeNull();
    });

    it('observes that an adopted copy ends, and can remove it', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { address } = await untilState(CopyState.Ready);
      reopen();
      await submit({ ...(await untilState(CopyState.Ready)), address }, fatalRequestId);
      const seen = await untilState(CopyState.Exited);
      expect(seen.exit).toMatchObject({ code: 'RUN-301' });
      expect(seen.exit!.message).toMatch(/code 7/);
      bed.fleet.remove(copy);
      expect(find()).toBeUndefined();
    });

    it('observes what ended while nobody looked, until it is removed', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const link = await submit(await untilState(CopyState.Ready), 'one');
      bed.fleet.leave();
      link.send({ type: 'submit', streams: [{ stream: 2, requestId: fatalRequestId } as SubmittedStream] });
      for (let step = 0; step < 20; step++) await bed.pass();
      bed.fleet = bed.open();
      const seen = await untilState(CopyState.Exited);
      expect(seen.exit!.message).toMatch(/code 7/);
      bed.fleet.remove(copy);
      expect(find()).toBeUndefined();
      bed.fleet.leave();
      bed.fleet = bed.open();
      expect(bed.fleet.observe().copies).toEqual([]);
    });

    it('ends an adopted copy that is removed, and remembers no copy that is gone', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      await untilState(CopyState.Ready);
      reopen();
      bed.fleet.remove(copy);
      await until(() => find() === undefined);
      reopen();
      expect(bed.fleet.observe().copies).toEqual([]);
    });
  });

  it('leaves nothing behind when it is closed', async () => {
    bed.fleet.apply(madeUpAssignment(copy));
    const { pid } = await untilState(CopyState.Ready);
    await bed.fleet.close();
    expect(bed.fleet.observe().copies).toEqual([]);
    if (kind === 'local-process') expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/);
  });

  if (kind !== 'local-process') return;
  describe('as real processes', () => {
    it('keeps what the workers of a copy print, and its last lines go into the log', async () => {
      bed.fleet.apply(madeUpAssignment(copy, madeUpComponent({ modelPath: StubConduct.Failing })));
      await untilState(CopyState.Exited);
      bed.fleet.remove(copy);
      const lines = await bed.fleet.logs(copy.id, 1);
      expect(lines).toEqual(['error ends with 9']);
      const ended = bed.lines.find((line) => line.message.startsWith('a worker process ended'));
      expect(ended!.facts['lastLines']).toContain('error ends with 9');
      expect(await bed.fleet.logs('unknown', 5)).toEqual([]);
    });

    it('gives a worker one thread for files, and none of the server’s secrets', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      await untilState(CopyState.Ready);
      const lines = await bed.fleet.logs(copy.id, 100);
      const names = lines.findLast((line) => line.startsWith('environment'))!.split(' ');
      expect(names).toEqual(expect.arrayContaining(['PATH', 'UV_THREADPOOL_SIZE']));
      expect(names.join()).not.toContain('STOWAGE');
    });

    it('starts workers in process groups of their own, out of reach of a terminal’s signals', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      const group = spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
      expect(Number(group)).toBe(pid);
    });

    it('keeps its sockets in a folder that only this user may enter', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { address } = await untilState(CopyState.Ready);
      expect(statSync(dirname(address!)).mode & 0o777).toBe(0o700);
      expect(statSync(address!).mode & 0o777).toBe(0o600);
    });

    it('finds a short folder for sockets when the data folder is deep, and finds it again', async () => {
      const dataFolder = join(scratch, 'deep'.repeat(30));
      const seenBy = async (fleet: LocalProcessFleet) => {
        await fleet.adopted();
        return until(() => fleet.observe().copies.find((one) => one.address !== null));
      };
      const first = openProcesses({ dataFolder });
      first.apply(madeUpAssignment(copy));
      const { address, pid } = await seenBy(first);
      expect(Buffer.byteLength(address!)).toBeLessThanOrEqual(103);
      first.leave();
      const second = openProcesses({ dataFolder });
      expect(await seenBy(second)).toMatchObject({ address, pid });
      await second.close();
      expect(() => statSync(address!)).toThrow(/ENOENT/);
    });

    it('finds a process whose number was not written down', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      bed.fleet.leave();
      rewriteRun((run) => ({ ...run, pid: null }));
      bed.fleet = bed.open();
      expect(await untilState(CopyState.Ready)).toMatchObject({ pid });
    });

    it('gives up a run that was never begun', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      bed.fleet.leave();
      process.kill(pid!, 'SIGKILL');
      rewriteRun((run) => ({ ...run, pid: null }));
      bed.fleet = bed.open();
      expect((await untilState(CopyState.Exited)).exit!.message).toMatch(/never started/);
    });

    it('takes no other process for a run, and signals none', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      bed.fleet.leave();
      process.kill(pid!, 'SIGKILL');
      const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
      rewriteRun((run) => ({ ...run, pid: stranger.pid }));
      bed.fleet = bed.open();
      await untilState(CopyState.Exited);
      bed.fleet.remove(copy);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      stranger.kill('SIGKILL');
    });

    it('ends a worker that another version of the protocol began', async () => {
      bed.fleet.apply(madeUpAssignment(copy));
      const { pid } = await untilState(CopyState.Ready);
      bed.fleet.leave();
      rewriteRun((run) => ({ ...run, protocol: 1 }));
      bed.fleet = bed.open();
      expect(bed.fleet.observe().copies).toEqual([]);
      await until(() => !isAlive(pid!));
    });

    it('observes a worker program that cannot be run', async () => {
      const fleet = openProcesses({ workerPath: join(scratch, 'missing.mjs') });
      fleet.apply(madeUpAssignment(copy));
      const seen = await until(() => fleet.observe().copies.find((one) => one.state === CopyState.Exited));
      expect(seen.exit).toMatchObject({ code: 'RUN-304' });
      expect(seen.exit!.message).not.toContain(scratch);
      await fleet.close();
    });
  });
});

/** Changes the only run's record. */
function rewriteRun(change: (run: object) => object): void {
  const folder = join(scratch, 'run');
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.json'));
  const file = join(folder, name!);
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as object)));
}

function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
}
