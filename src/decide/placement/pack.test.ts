import { describe, expect, it } from 'vitest';
import type { InstanceCapacity } from '../../domain/instance.js';
import { place, type PlacementRequest, type PlacementRequirement, type PlacementRoom } from './place.js';

const gibibyte = 2 ** 30;
const machine: InstanceCapacity = {
  cpus: 96,
  memoryBytes: 384 * gibibyte,
  accelerators: 4,
  acceleratorMemoryBytes: 24 * gibibyte,
};

function rooms(count: number, capacity = machine): readonly PlacementRoom[] {
  return Array.from({ length: count }, (_, index) => ({
    instance: `i${String(index).padStart(4, '0')}`,
    zone: 'abc'[index % 3]!,
    type: 't',
    capacity,
    residents: [],
  }));
}

function packed(
  workload: string,
  count: number,
  needs: Partial<PlacementRequirement>,
  zoneBalance: PlacementRequest['zoneBalance'] = null,
): PlacementRequest {
  const nothing = { instanceType: null, cpus: 0, memoryBytes: 0, accelerators: 0, acceleratorMemoryBytes: 0 };
  return { workload, count, strategy: 'BINPACK', zoneBalance, requirements: [{ ...nothing, ...needs }] };
}

/** Instances used; throws when a copy has no place. */
function usedBy(requests: readonly PlacementRequest[], fleet: readonly PlacementRoom[]): number {
  const { placements, unplaced } = place(requests, fleet);
  expect(unplaced).toEqual([]);
  return new Set(placements.map(({ instance }) => instance)).size;
}

describe('devices', () => {
  it('are shared by copies that need much of them and copies that need much of their memory', () => {
    const computing = packed('c', 40, { accelerators: 0.8, acceleratorMemoryBytes: 4 * gibibyte });
    const remembering = packed('r', 40, { accelerators: 0.2, acceleratorMemoryBytes: 20 * gibibyte });
    expect(usedBy([computing, remembering], rooms(30))).toBe(10);
  });

  it('are taken whole and shared in the same instances, when only those who share them need cores', () => {
    const whole = packed('w', 200, { cpus: 4, accelerators: 1 });
    const shared = packed('s', 400, { cpus: 20, accelerators: 0.5 });
    expect(usedBy([whole, shared], rooms(130))).toBe(100);
  });

  it('with memory that is drawn apart from their shares are packed within two hundredths of the bound', () => {
    const shapes = [0.1, 0.2, 0.3, 0.5].flatMap((accelerators) =>
      [2, 6, 8, 16].map((memory) => ({ accelerators, memory })),
    );
    const requests = [
      packed('whole', 800, { cpus: 8, accelerators: 1 }),
      ...shapes.map(({ accelerators, memory }, index) =>
        packed(`s${index}`, 200, {
          cpus: 2 + index,
          accelerators,
          acceleratorMemoryBytes: memory * gibibyte,
        }),
      ),
    ];
    const memory = 800 + shapes.reduce((sum, shape) => sum + (200 * shape.memory) / 24, 0);
    const used = usedBy(requests, rooms(600));
    expect(used / Math.ceil(memory / 4)).toBeLessThanOrEqual(1.02);
  });
});

describe('copies that are to be even over zones', () => {
  const shapes = [1, 2, 3, 4, 6].flatMap((cpus) => [1, 2, 5, 8].map((memory) => ({ cpus, memory })));
  const capacity = { cpus: 32, memoryBytes: 40 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };
  const requests = shapes.map(({ cpus, memory }, index) =>
    packed(`w${index}`, 250, { cpus, memoryBytes: memory * gibibyte }, { maxImbalance: 1 }),
  );
  const fleet = rooms(600, capacity);
  const zoneOf = new Map(fleet.map(({ instance, zone }) => [instance, zone]));

  it('are packed as tightly, each zone for itself', () => {
    const cpus = shapes.reduce((sum, shape) => sum + shape.cpus * 250, 0) / capacity.cpus;
    expect(usedBy(requests, fleet) / (3 * Math.ceil(cpus / 3))).toBeLessThanOrEqual(1.02);
  });

  it('are even, and told how many a zone may have', () => {
    const { placements } = place(requests, fleet);
    for (const { workload } of requests) {
      const mine = placements.filter((one) => one.workload === workload);
      const counts = ['a', 'b', 'c'].map(
        (zone) => mine.filter(({ instance }) => zoneOf.get(instance) === zone).length,
      );
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(placements[0]!.reason).toBe(
      'zone a may have 84 to keep the balance; i0000 is the next empty instance',
    );
  });

  it('go elsewhere when a zone is full', () => {
    const two = [
      packed('v', 6, { cpus: 4 }, { maxImbalance: 0 }),
      packed('w', 6, { cpus: 2 }, { maxImbalance: 0 }),
    ];
    const full = rooms(3, capacity).map((room) =>
      room.zone === 'c'
        ? { ...room, residents: [{ workload: 'x', cpus: 31, memoryBytes: 0, accelerators: [] }] }
        : room,
    );
    const { placements, unplaced } = place(two, full);
    expect(unplaced).toEqual([]);
    for (const workload of ['v', 'w']) {
      const mine = placements.filter((one) => one.workload === workload).map(({ instance }) => instance);
      expect(mine.filter((instance) => instance === 'i0000')).toHaveLength(3);
      expect(mine.filter((instance) => instance === 'i0001')).toHaveLength(3);
    }
  });
});
