import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { place } from '../../placement/place.js';
import { decideInstances } from './decide-instances.js';
import type { InstanceRoom, InstanceSituation, ManagedScaling, MovableWorkload } from './situation.js';

const gibibyte = 1024 ** 3;
const capacity = { cpus: 4, memoryBytes: 8 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };

function resident(workload: string, cpus: number) {
  return { workload, cpus, memoryBytes: gibibyte / 4, accelerators: [] };
}

function movable(workload: string, cpus: number, maxImbalance: number | null = null): MovableWorkload {
  return {
    workload,
    requirements: [
      { instanceType: null, cpus, memoryBytes: gibibyte / 4, accelerators: 0, acceleratorMemoryBytes: 0 },
    ],
    strategy: 'SPREAD',
    zoneBalance: maxImbalance === null ? null : { maxImbalance },
    memoryBytesMax: gibibyte / 4,
  };
}

function room(number: number, loads: readonly (readonly [string, number])[], zone = 'a'): InstanceRoom {
  const residents = loads.map(([workload, cpus]) => resident(workload, cpus));
  return {
    instance: `i-${number}`,
    host: 'h-1',
    zone,
    type: 'local.small',
    capacity,
    residents,
    emptySince: loads.length === 0 ? 0 : null,
  };
}

const scaling: ManagedScaling = {
  min: 0,
  max: 10,
  strategy: 'CONSOLIDATION',
  stepMax: 1,
  cooldownMs: 300_000,
  idleMs: 60_000,
};

function situation(change: Partial<InstanceSituation> = {}): InstanceSituation {
  const rooms = change.rooms ?? [];
  return {
    now: 1_000_000,
    scaling,
    capacity: rooms.length,
    changedAt: 0,
    rooms,
    missing: [],
    offers: Array.from({ length: 10 }, () => ({ type: 'local.small', zone: 'a', capacity })),
    isSettled: true,
    movable: new Map(),
    hostFreeBytes: new Map(),
    ...change,
  };
}

describe('decideInstances', () => {
  it('asks for as many instances as the copies without room need, and for none that helps nobody', () => {
    const missing = (cpus: number, count: number) => [{ ...movable('one', cpus), count }];
    expect(decideInstances(situation({ missing: missing(2, 5) })).capacity).toBe(3);
    expect(decideInstances(situation({ missing: missing(5, 1) })).capacity).toBe(0);
    const few = { ...scaling, max: 2 };
    expect(decideInstances(situation({ missing: missing(2, 9), scaling: few })).capacity).toBe(2);
    expect(decideInstances(situation({ missing: missing(2, 9), offers: [] })).capacity).toBe(0);
  });

  it('counts instances that are on their way', () => {
    const missing = [{ ...movable('one', 4), count: 2 }];
    expect(decideInstances(situation({ missing, capacity: 2 })).capacity).toBe(2);
    expect(decideInstances(situation({ missing, capacity: 1 })).capacity).toBe(2);
  });

  it('releases what has been empty for long enough, down to the minimum', () => {
    const rooms = [room(1, []), room(2, [['one', 1]]), room(10, []), { ...room(3, []), emptySince: 990_000 }];
    const released = decideInstances(situation({ rooms, isSettled: false }));
    expect(released).toMatchObject({ capacity: 2, retire: ['i-10', 'i-1'] });
    const kept = { ...scaling, min: 3 };
    expect(decideInstances(situation({ rooms, scaling: kept })).retire).toEqual(['i-10']);
  });

  it.each([
    ['before its cooldown is over', { changedAt: 900_000 }],
    ['while copies move', { isSettled: false }],
    ['of a copy that may not be moved', { movable: new Map() }],
    ['without memory for both of a copy', { hostFreeBytes: new Map([['h-1', 1]]) }],
    ['below the minimum', { scaling: { ...scaling, min: 2 } }],
    ['with IDLE_RELEASE', { scaling: { ...scaling, strategy: 'IDLE_RELEASE' as const } }],
  ])('consolidates nothing %s', (_name, change) => {
    const rooms = [room(1, [['one', 1]]), room(2, [['two', 1]])];
    const both = new Map([
      ['one', movable('one', 1)],
      ['two', movable('two', 1)],
    ]);
    expect(decideInstances(situation({ rooms, movable: both })).retire).toEqual(['i-2']);
    expect(decideInstances(situation({ rooms, movable: both, ...change })).retire).toEqual([]);
  });

  it('keeps zones as even as a workload asks for', () => {
    const rooms = [room(1, [['one', 1]], 'a'), room(2, [['one', 1]], 'b')];
    const even = new Map([['one', movable('one', 1, 0)]]);
    expect(decideInstances(situation({ rooms, movable: even })).retire).toEqual([]);
    const loose = new Map([['one', movable('one', 1, 2)]]);
    expect(decideInstances(situation({ rooms, movable: loose })).retire).toHaveLength(1);
  });

  it('never leaves its bounds, and what it consolidates fits', () => {
    const anyRooms = fc.array(fc.array(fc.constantFrom('one', 'two', 'six'), { maxLength: 4 }), {
      maxLength: 6,
    });
    const sizes: Readonly<Record<string, number>> = { one: 0.5, two: 1, six: 1 };
    fc.assert(
      fc.property(anyRooms, fc.nat(3), fc.integer({ min: 1, max: 4 }), (loads, min, stepMax) => {
        const rooms = loads.map((load, index) =>
          room(
            index + 1,
            load.map((name) => [name, sizes[name]!] as const),
          ),
        );
        const moves = new Map(Object.entries(sizes).map(([name, cpus]) => [name, movable(name, cpus)]));
        const bounded = { ...scaling, min, stepMax };
        const decision = decideInstances(situation({ rooms, scaling: bounded, movable: moves }));
        expect(decision.capacity).toBeGreaterThanOrEqual(min);
        expect(decision.capacity).toBeLessThanOrEqual(Math.max(min, rooms.length));
        if (decision.retire.length === 0) return;
        expect(decision.capacity).toBe(rooms.length - decision.retire.length);
        const gone = rooms.filter(({ instance }) => decision.retire.includes(instance));
        const staying = rooms.filter((one) => !gone.includes(one));
        const moving = gone.flatMap(({ residents }) => residents);
        const requests = [...moves.values()].map((one) => ({
          ...one,
          count: moving.filter(({ workload }) => workload === one.workload).length,
        }));
        expect(place(requests, staying).unplaced).toEqual([]);
        if (moving.length > 0) expect(decision.retire.length).toBeLessThanOrEqual(stepMax);
      }),
    );
  });
});
