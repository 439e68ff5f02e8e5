import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceCapacity } from '../../domain/instance.js';
import {
  place,
  type PlacedCopy,
  type Placement,
  type PlacementRequest,
  type PlacementRequirement,
  type PlacementRoom,
} from './place.js';

const gibibyte = 2 ** 30;
const standard: InstanceCapacity = {
  cpus: 8,
  memoryBytes: 16 * gibibyte,
  accelerators: 2,
  acceleratorMemoryBytes: 24 * gibibyte,
};

function room(instance: string, changes: Partial<PlacementRoom> = {}): PlacementRoom {
  return { instance, zone: 'a', type: 't', capacity: standard, residents: [], ...changes };
}

function needs(changes: Partial<PlacementRequirement> = {}): PlacementRequirement {
  return {
    instanceType: null,
    cpus: 1,
    memoryBytes: gibibyte,
    accelerators: 0,
    acceleratorMemoryBytes: 0,
    ...changes,
  };
}

function request(workload: string, count: number, changes: Partial<PlacementRequest> = {}): PlacementRequest {
  return { workload, count, requirements: [needs()], strategy: 'SPREAD', zoneBalance: null, ...changes };
}

function resident(workload: string, changes: Partial<PlacedCopy> = {}): PlacedCopy {
  return { workload, cpus: 1, memoryBytes: gibibyte, accelerators: [], ...changes };
}

function instancesOf(placements: readonly Placement[]): string {
  return placements.map(({ instance }) => instance).join(' ');
}

describe('spreading', () => {
  it('takes the instance with the fewest copies of the workload, then the emptiest, then the first', () => {
    const rooms = [
      room('i1', { residents: [resident('w')] }),
      room('i2', { residents: [resident('x', { cpus: 4 })] }),
      room('i3'),
      room('i4'),
    ];
    const { placements } = place([request('w', 6)], rooms);
    expect(instancesOf(placements)).toBe('i3 i4 i2 i1 i3 i4');
    expect(placements[0]!.reason).toBe('i3 is the emptiest of the instances with no copy');
    expect(placements[3]!.reason).toBe('i1 is the emptiest of the instances with the fewest copies (1)');
  });
});

describe('packing', () => {
  it('takes the fullest instance that has room', () => {
    const rooms = [
      room('i1'),
      room('i2', { residents: [resident('x', { cpus: 5 })] }),
      room('i3', { residents: [resident('x', { cpus: 7.5 })] }),
    ];
    const { placements } = place([request('w', 5, { strategy: 'BINPACK' })], rooms);
    expect(instancesOf(placements)).toBe('i2 i2 i2 i1 i1');
    expect(placements[0]!.reason).toBe('i2 is the fullest instance with room for it');
    expect(placements[3]!.reason).toBe('i1 is the next empty instance');
  });

  it('puts together what needs different things', () => {
    const rooms = Array.from({ length: 20 }, (_, index) => room(`i${index + 10}`));
    const computing = request('c', 10, { strategy: 'BINPACK', requirements: [needs({ cpus: 7 })] });
    const remembering = request('r', 10, {
      strategy: 'BINPACK',
      requirements: [needs({ memoryBytes: 15 * gibibyte })],
    });
    const { placements } = place([computing, remembering], rooms);
    expect(new Set(placements.map(({ instance }) => instance)).size).toBe(10);
  });
});

describe('zones', () => {
  const rooms = ['a', 'b', 'c'].flatMap((zone) => [1, 2].map((one) => room(`${zone}${one}`, { zone })));
  const zonesOf = (placements: readonly Placement[]) =>
    placements.map(({ instance }) => instance[0]).join('');

  it('are kept even before the strategy is asked', () => {
    const packed = request('w', 6, { strategy: 'BINPACK', zoneBalance: { maxImbalance: 0 } });
    expect(instancesOf(place([packed], rooms).placements)).toBe('a1 b1 c1 a1 b1 c1');
    const spread = request('w', 6, { zoneBalance: { maxImbalance: 0 } });
    expect(instancesOf(place([spread], rooms).placements)).toBe('a1 b1 c1 a2 b2 c2');
  });

  it('may differ by as much as is allowed', () => {
    const packed = request('w', 6, { strategy: 'BINPACK', zoneBalance: { maxImbalance: 3 } });
    expect(zonesOf(place([packed], rooms).placements)).toBe('aaabbb');
  });

  it('are mended by a step that makes the difference smaller', () => {
    const uneven = rooms.map((one) =>
      one.zone === 'a' ? { ...one, residents: [resident('w'), resident('w')] } : one,
    );
    const packed = request('w', 3, { strategy: 'BINPACK', zoneBalance: { maxImbalance: 0 } });
    const { placements } = place([packed], uneven);
    expect(zonesOf(placements)).toBe('bcb');
  });

  it('that are full do not stop the others', () => {
    const full = rooms.map((one) =>
      one.zone === 'c' ? { ...one, residents: [resident('x', { cpus: 8 })] } : one,
    );
    const { placements, unplaced } = place([request('w', 5, { zoneBalance: { maxImbalance: 0 } })], full);
    expect(zonesOf(placements)).toBe('ababa');
    expect(placements[2]!.reason).toBe(
      'zone a has 1 copy and no zone that would keep the balance has room; a2 is the emptiest of the instances with no copy',
    );
    expect(unplaced).toEqual([]);
  });
});

describe('accelerators', () => {
  const on = (index: number, share: number, memory: number) => ({
    accelerators: [{ index, share, memoryBytes: memory * gibibyte }],
  });

  it('are shared in fractions that fill one device before another', () => {
    const fraction = request('w', 5, { requirements: [needs({ accelerators: 0.25 })] });
    const { placements } = place([fraction], [room('i1')]);
    expect(placements.map(({ accelerators }) => accelerators[0]!.index)).toEqual([0, 0, 0, 0, 1]);
    expect(placements[0]!.accelerators).toEqual([{ index: 0, share: 0.25, memoryBytes: 6 * gibibyte }]);
  });

  it('ten tenths make one', () => {
    const fraction = request('w', 21, {
      requirements: [needs({ cpus: 0, memoryBytes: 0, accelerators: 0.1 })],
    });
    const { placements, unplaced } = place([fraction], [room('i1')]);
    expect([placements.length, unplaced[0]!.count]).toEqual([20, 1]);
  });

  it('have memory that can run out before they do', () => {
    const fraction = request('w', 5, {
      requirements: [needs({ accelerators: 0.1, acceleratorMemoryBytes: 10 * gibibyte })],
    });
    const { placements, unplaced } = place([fraction], [room('i1')]);
    expect(placements.map(({ accelerators }) => accelerators[0]!.index)).toEqual([0, 0, 1, 1]);
    expect(unplaced[0]!.details).toBe(
      'It needs 10 GiB of accelerator memory; the largest free block is 4 GiB, the rest is taken by copies that are placed with it.',
    );
  });

  it('without memory of their own take any wish for it', () => {
    const slots = { ...standard, acceleratorMemoryBytes: 0 };
    const fraction = request('w', 1, {
      requirements: [needs({ accelerators: 0.5, acceleratorMemoryBytes: 10 * gibibyte })],
    });
    const { placements } = place([fraction], [room('i1', { capacity: slots })]);
    expect(placements[0]!.accelerators).toEqual([{ index: 0, share: 0.5, memoryBytes: 0 }]);
  });

  it('are whole or not at all from one on', () => {
    const whole = request('w', 1, { requirements: [needs({ accelerators: 1 })] });
    const rooms = [room('i1', { residents: [resident('x', on(0, 0.1, 2))] })];
    expect(place([whole], rooms).placements[0]!.accelerators).toEqual([
      { index: 1, share: 1, memoryBytes: 24 * gibibyte },
    ]);
  });

  it('that are missing are told, with who holds them', () => {
    const whole = request('acct/region/e/big', 1, { requirements: [needs({ accelerators: 2 })] });
    const rooms = [room('i1', { residents: [resident('acct/region/e/embed', on(0, 1, 24))] })];
    expect(place([whole], rooms).unplaced).toEqual([
      {
        workload: 'acct/region/e/big',
        count: 1,
        details: 'It needs 2 accelerators; the largest free block is 1; on i1 `embed` holds 1.',
      },
    ]);
  });
});

describe('a copy without a place', () => {
  const details = (requirement: Partial<PlacementRequirement>, rooms: readonly PlacementRoom[]) =>
    place([request('w', 1, { requirements: [needs(requirement)] })], rooms).unplaced[0]?.details;

  it('is told when there is nothing at all', () => {
    expect(details({}, [])).toBe('There is no instance that takes copies.');
    expect(details({ instanceType: 'u' }, [room('i1')])).toBe(
      'It is specified for u, and there are only instances of t.',
    );
  });

  it('is told when no instance could ever hold it', () => {
    expect(details({ cpus: 9, memoryBytes: 32 * gibibyte }, [room('i1')])).toBe(
      'It needs 9 cores; the largest instance has 8; it needs 32 GiB of memory; the largest instance has 16 GiB.',
    );
  });

  it('is told who holds the most', () => {
    const residents = [1, 2, 3, 4].map((cpus) =>
      resident(`e/w${cpus}`, { cpus: cpus / 2, memoryBytes: cpus * gibibyte }),
    );
    expect(details({ memoryBytes: 8 * gibibyte }, [room('i1', { residents })])).toBe(
      'It needs 8 GiB of memory; the largest free block is 6 GiB; on i1 `w4` holds 4 GiB, `w3` holds 3 GiB, `w2` holds 2 GiB, 1 more the rest.',
    );
  });

  it('is told when one instance has this and another that', () => {
    const rooms = [
      room('i1', { residents: [resident('cpu-hog', { cpus: 8 })] }),
      room('i2', { residents: [resident('memory-hog', { memoryBytes: 15 * gibibyte })] }),
    ];
    expect(details({ cpus: 2, memoryBytes: 2 * gibibyte }, rooms)).toBe(
      'It needs 2 GiB of memory; where all else fits, i2, has 1 GiB; on i2 `memory-hog` holds 15 GiB.',
    );
  });

  it('is not the first one of its workload while others get a second', () => {
    const big = request('big', 3, { requirements: [needs({ cpus: 4 })] });
    const small = request('small', 3);
    const { placements, unplaced } = place([big, small], [room('i1')]);
    expect(placements.filter(({ workload }) => workload === 'small')).not.toHaveLength(0);
    expect(unplaced.map(({ workload, count }) => [workload, count])).toEqual([['big', 2]]);
  });
});

it('the requirement of the instance’s type is used, else the one for any', () => {
  const requirements = [needs({ instanceType: 'u', cpus: 8 }), needs({ cpus: 2 })];
  const { placements } = place([request('w', 5, { requirements })], [room('i1'), room('i2', { type: 'u' })]);
  expect(
    placements.filter(({ instance }) => instance === 'i2').map(({ requirement }) => requirement),
  ).toEqual([0]);
  expect(
    placements.filter(({ instance }) => instance === 'i1').map(({ requirement }) => requirement),
  ).toEqual([1, 1, 1, 1]);
});

const anyNeeds = fc.record({
  instanceType: fc.constantFrom(null, null, 't', 'u'),
  cpus: fc.constantFrom(0, 0.25, 1, 2.5, 5),
  memoryBytes: fc.constantFrom(0, 0.5, 2, 7).map((size) => size * gibibyte),
  accelerators: fc.constantFrom(0, 0, 0.1, 0.3, 0.5, 1, 2),
  acceleratorMemoryBytes: fc.constantFrom(0, 0, 4, 13).map((size) => size * gibibyte),
});
const anyRequests = fc
  .array(
    fc.record({
      count: fc.integer({ min: 0, max: 12 }),
      requirements: fc.array(anyNeeds, { minLength: 1, maxLength: 3 }),
      strategy: fc.constantFrom('SPREAD' as const, 'BINPACK' as const),
      zoneBalance: fc.option(fc.record({ maxImbalance: fc.integer({ min: 0, max: 2 }) })),
    }),
    { maxLength: 6 },
  )
  .map((requests) => requests.map((one, index) => ({ ...one, workload: `w${index}` })));
const anyRooms = fc
  .array(
    fc.record({
      zone: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom('t', 'u'),
      capacity: fc.constantFrom(
        standard,
        { ...standard, accelerators: 4, acceleratorMemoryBytes: 0 },
        { ...standard, cpus: 3, accelerators: 0, acceleratorMemoryBytes: 0 },
      ),
      residents: fc.array(
        fc.record({
          workload: fc.constantFrom('w0', 'w1', 'x'),
          cpus: fc.constantFrom(0.5, 2),
          memoryBytes: fc.constant(gibibyte),
          accelerators: fc.constantFrom([], [{ index: 0, share: 0.2, memoryBytes: 0 }]),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 8 },
  )
  .map((rooms) => rooms.map((one, index) => ({ ...one, instance: `i${index}` })));

/** The rooms with the placed copies in them; throws when one is told to hold more than it has. */
function filled(
  rooms: readonly PlacementRoom[],
  requests: readonly PlacementRequest[],
  placements: readonly Placement[],
): readonly PlacementRoom[] {
  return rooms.map((one) => {
    const mine = placements.filter(({ instance }) => instance === one.instance);
    const copies = mine.map((placement): PlacedCopy => {
      const asked = requests.find(({ workload }) => workload === placement.workload)!;
      const requirement = asked.requirements[placement.requirement]!;
      expect([one.type, null]).toContain(requirement.instanceType);
      const share = placement.accelerators.reduce((sum, device) => sum + device.share, 0);
      expect(share).toBeCloseTo(requirement.accelerators);
      return { ...requirement, workload: placement.workload, accelerators: placement.accelerators };
    });
    const residents = [...one.residents, ...copies];
    const sum = (amountOf: (copy: PlacedCopy) => number) =>
      residents.reduce((total, copy) => total + amountOf(copy), 0);
    expect(sum(({ cpus }) => cpus)).toBeLessThanOrEqual(Math.max(one.capacity.cpus, 4));
    if (copies.length > 0) expect(sum(({ cpus }) => cpus)).toBeLessThanOrEqual(one.capacity.cpus);
    expect(sum(({ memoryBytes }) => memoryBytes)).toBeLessThanOrEqual(one.capacity.memoryBytes);
    for (let index = 0; index < one.capacity.accelerators; index++) {
      const onDevice = residents.flatMap(({ accelerators }) =>
        accelerators.filter((share) => share.index === index),
      );
      expect(onDevice.reduce((total, { share }) => total + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
      const bytes = onDevice.reduce((total, { memoryBytes }) => total + memoryBytes, 0);
      expect(bytes).toBeLessThanOrEqual(one.capacity.acceleratorMemoryBytes);
    }
    return { ...one, residents };
  });
}

describe('any plan', () => {
  it('keeps within every instance, places all that fits, and is the same in any order', () => {
    fc.assert(
      fc.property(anyRequests, anyRooms, (requests, rooms) => {
        const plan = place(requests, rooms);
        for (const { workload, count } of requests) {
          const placed = plan.placements.filter((one) => one.workload === workload).length;
          const left = plan.unplaced.find((one) => one.workload === workload)?.count ?? 0;
          expect(placed + left).toBe(count);
        }
        const after = filled(rooms, requests, plan.placements);
        for (const { workload, details } of plan.unplaced) {
          const again = requests.find((one) => one.workload === workload)!;
          expect(place([{ ...again, count: 1 }], after).placements).toEqual([]);
          expect(details).toMatch(/^(It|There) .{10,}\.$/);
        }
        expect(place([...requests].reverse(), [...rooms].reverse())).toEqual(plan);
      }),
      { numRuns: 1000 },
    );
  });

  it('of one workload that is spread over equal instances is even', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 80 }), (count, copies) => {
        const rooms = Array.from({ length: count }, (_, index) => room(`i${index}`));
        const { placements } = place([request('w', copies)], rooms);
        const counts = rooms.map(
          ({ instance }) => placements.filter((one) => one.instance === instance).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it('ten thousand copies are packed within two hundredths of the bound', () => {
  const capacity = { cpus: 32, memoryBytes: 40 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };
  const shapes = [1, 2, 3, 4, 6].flatMap((cpus) =>
    [1, 2, 5, 8].map((memory) => needs({ cpus, memoryBytes: memory * gibibyte })),
  );
  const requests = shapes.map((shape, index) =>
    request(`w${index}`, 500, { strategy: 'BINPACK', requirements: [shape] }),
  );
  const rooms = Array.from({ length: 1100 }, (_, index) => room(`i${index}`, { capacity }));
  const { placements, unplaced } = place(requests, rooms);
  expect(unplaced).toEqual([]);
  const cpus = shapes.reduce((sum, shape) => sum + shape.cpus * 500, 0) / capacity.cpus;
  const memory = shapes.reduce((sum, shape) => sum + shape.memoryBytes * 500, 0) / capacity.memoryBytes;
  const used = new Set(placements.map(({ instance }) => instance)).size;
  expect(used / Math.ceil(Math.max(cpus, memory))).toBeLessThanOrEqual(1.02);
});
