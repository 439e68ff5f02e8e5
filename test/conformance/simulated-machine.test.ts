/** What only the simulation can do: hosts that go, calls that are lost or come twice, memory that others take. */
import { afterEach, expect, it } from 'vitest';
import { CallFate } from '../../src/adapters/fleet/simulated/faults.js';
import type { SimulatedMachineParts } from '../../src/adapters/fleet/simulated/machine.js';
import { CopyState } from '../../src/domain/copy.js';
import { Bed, simulatedMachine } from './fleet-bed.js';
import { madeUpAssignment, madeUpComponent } from './made-up-component.js';

const gibibyte = 1024 ** 3;
const hosts = [
  { id: 'h1', zone: 'a', cpus: 4, memoryBytes: 8 * gibibyte },
  { id: 'h2', zone: 'b', cpus: 8, memoryBytes: 16 * gibibyte, accelerators: 2, acceleratorMemoryBytes: 7 },
];

let bed: Bed;
afterEach(() => bed.close());

function machineWith(wishes: Partial<SimulatedMachineParts>) {
  const made = simulatedMachine({ hosts, ...wishes });
  bed = new Bed(made);
  return made.machine;
}

const assignmentOn = (host: string) => ({ ...madeUpAssignment(bed.copy), host });

it('shows its hosts with what they have, and what is left of their memory', async () => {
  const machine = machineWith({ memoryOf: () => 3 * gibibyte });
  expect(bed.fleet.observe().hosts).toMatchObject([
    { id: 'h1', zone: 'a', cpus: 4, memoryBytesAvailable: 8 * gibibyte, accelerators: [] },
    { id: 'h2', zone: 'b', cpus: 8, accelerators: [{ memoryBytesTotal: 7 }, { memoryBytesTotal: 7 }] },
  ]);
  bed.fleet.apply(assignmentOn('h1'));
  machine.takeMemory('h1', gibibyte);
  expect(bed.fleet.observe().hosts[0]!.memoryBytesAvailable).toBe(4 * gibibyte);
  bed.fleet.remove(bed.copy);
  await bed.until(() => bed.find() === undefined);
  expect(bed.fleet.observe().hosts[0]!.memoryBytesAvailable).toBe(7 * gibibyte);
});

it('loses a host with every copy on it; nothing starts there before it is back', async () => {
  const machine = machineWith({});
  bed.fleet.apply(assignmentOn('h1'));
  await bed.untilState(CopyState.Ready);
  machine.loseHost('h1');
  expect(bed.fleet.observe().hosts.map(({ id }) => id)).toEqual(['h2']);
  expect((await bed.untilState(CopyState.Exited)).exit!.message).toMatch(/its host is gone/);
  const next = { ...bed.copy, incarnation: bed.copy.incarnation + 1 };
  bed.fleet.apply({ ...assignmentOn('h1'), copy: next });
  await bed.untilState(CopyState.Exited, next);
  machine.restoreHost('h1');
  const last = { ...next, incarnation: next.incarnation + 1 };
  bed.fleet.apply({ ...assignmentOn('h1'), copy: last });
  await bed.untilState(CopyState.Ready, last);
});

it('starts slowly, when the script says so', async () => {
  const none = { isStartFailing: false, crashAfterMs: null, hangAfterMs: null };
  machineWith({ faults: () => ({ ...none, startDelayMs: 5_000 }) });
  const startedAt = bed.machine.now();
  bed.fleet.apply(assignmentOn('h1'));
  await bed.untilState(CopyState.Ready);
  expect(bed.machine.now() - startedAt).toBeGreaterThanOrEqual(5_000);
});

it('loses calls: the caller has to say it again', () => {
  const fates = [CallFate.Lost, CallFate.Done];
  machineWith({ calls: () => fates.shift() ?? CallFate.Done });
  bed.fleet.apply(assignmentOn('h1'));
  expect(bed.find()).toBeUndefined();
  bed.fleet.apply(assignmentOn('h1'));
  expect(bed.find()).toMatchObject({ state: CopyState.Starting });
});

it('doubles calls: one that comes again after its copy was removed brings the copy back', async () => {
  const fates = [CallFate.Doubled];
  const none = { isStartFailing: true, startDelayMs: 0, crashAfterMs: null, hangAfterMs: null };
  machineWith({ calls: () => fates.shift() ?? CallFate.Done, faults: () => none });
  bed.fleet.apply({ ...assignmentOn('h1'), component: madeUpComponent() });
  await bed.untilState(CopyState.Exited);
  bed.fleet.remove(bed.copy);
  expect(bed.find()).toBeUndefined();
  await bed.until(() => bed.find());
});
