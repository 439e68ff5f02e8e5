/** What only real processes can show: files, groups, numbers of processes, and what is left of those that died. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalProcessFleet } from '../../src/adapters/fleet/local-process/fleet.js';
import { CopyState } from '../../src/domain/copy.js';
import { Bed, ProcessFolder } from './fleet-bed.js';
import { madeUpAssignment, madeUpComponent } from './made-up-component.js';
import { StubConduct } from './stub-worker.js';

const folder = new ProcessFolder();
let bed: Bed<LocalProcessFleet>;
beforeEach(() => {
  bed = new Bed(folder.machine());
});
afterEach(() => bed.close());

it('keeps what the workers of a copy print, and its last lines go into the log', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy, madeUpComponent({ modelPath: StubConduct.Failing })));
  await bed.untilState(CopyState.Exited);
  bed.fleet.remove(bed.copy);
  const lines = await bed.fleet.logs(bed.copy.id, 1);
  expect(lines).toEqual(['error ends with 9']);
  const ended = folder.log.lines.find((line) => line.message.startsWith('a worker process ended'));
  expect(ended!.facts['lastLines']).toContain('error ends with 9');
  expect(await bed.fleet.logs('unknown', 5)).toEqual([]);
});

it('gives a worker one thread for files, and none of the server’s secrets', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  await bed.untilState(CopyState.Ready);
  const lines = await bed.fleet.logs(bed.copy.id, 100);
  const names = lines.findLast((line) => line.startsWith('environment'))!.split(' ');
  expect(names).toEqual(expect.arrayContaining(['PATH', 'UV_THREADPOOL_SIZE']));
  expect(names.join()).not.toContain('STOWAGE');
});

it('starts workers in process groups of their own, out of reach of a terminal’s signals', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { pid } = await bed.untilState(CopyState.Ready);
  const group = spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  expect(Number(group)).toBe(pid);
});

it('keeps its sockets in a folder that only this user may enter', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { address } = await bed.untilState(CopyState.Ready);
  expect(statSync(dirname(address!)).mode & 0o777).toBe(0o700);
  expect(statSync(address!).mode & 0o777).toBe(0o600);
});

it('finds a short folder for sockets when the data folder is deep, and finds it again', async () => {
  const dataFolder = join(folder.path, 'deep'.repeat(30));
  const seenBy = async (fleet: LocalProcessFleet) => {
    await fleet.adopted();
    return bed.until(() => fleet.observe().copies.find((one) => one.address !== null));
  };
  const first = folder.open({ dataFolder });
  first.apply(madeUpAssignment(bed.copy));
  const { address, pid } = await seenBy(first);
  expect(Buffer.byteLength(address!)).toBeLessThanOrEqual(103);
  first.leave();
  const second = folder.open({ dataFolder });
  expect(await seenBy(second)).toMatchObject({ address, pid });
  await second.close();
  expect(() => statSync(dirname(address!))).toThrow(/ENOENT/);
});

it('finds a process whose number was not written down', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { pid } = await bed.untilState(CopyState.Ready);
  bed.fleet.leave();
  rewriteRun((run) => ({ ...run, pid: null }));
  bed.fleet = bed.machine.open();
  expect(await bed.untilState(CopyState.Ready)).toMatchObject({ pid });
});

it('gives up a run that was never begun', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { pid } = await bed.untilState(CopyState.Ready);
  bed.fleet.leave();
  process.kill(pid!, 'SIGKILL');
  rewriteRun((run) => ({ ...run, pid: null }));
  bed.fleet = bed.machine.open();
  expect((await bed.untilState(CopyState.Exited)).exit!.message).toMatch(/never started/);
});

it('takes no other process for a run, and signals none', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { pid } = await bed.untilState(CopyState.Ready);
  bed.fleet.leave();
  process.kill(pid!, 'SIGKILL');
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  rewriteRun((run) => ({ ...run, pid: stranger.pid }));
  bed.fleet = bed.machine.open();
  await bed.untilState(CopyState.Exited);
  bed.fleet.remove(bed.copy);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill('SIGKILL');
});

it('ends a worker that another version of the protocol began', async () => {
  bed.fleet.apply(madeUpAssignment(bed.copy));
  const { pid } = await bed.untilState(CopyState.Ready);
  bed.fleet.leave();
  rewriteRun((run) => ({ ...run, protocol: 1 }));
  bed.fleet = bed.machine.open();
  expect(bed.fleet.observe().copies).toEqual([]);
  await bed.until(() => !isAlive(pid!));
});

it('observes a worker program that cannot be run', async () => {
  const fleet = folder.open({ workerPath: join(folder.path, 'missing.mjs') });
  fleet.apply(madeUpAssignment(bed.copy));
  const seen = await bed.until(() => fleet.observe().copies.find((one) => one.state === CopyState.Exited));
  expect(seen.exit).toMatchObject({ code: 'RUN-304' });
  expect(seen.exit!.message).not.toContain(folder.path);
  await fleet.close();
});

/** Changes the only run's record. */
function rewriteRun(change: (run: object) => object): void {
  const runs = join(folder.path, 'run');
  const [name] = readdirSync(runs).filter((one) => one.endsWith('.json'));
  const file = join(runs, name!);
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as object)));
}

function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
}
