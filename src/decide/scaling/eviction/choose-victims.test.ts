import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseVictims } from './choose-victims.js';
import { copyValue } from './copy-value.js';
import { type EvictableCopy, evictionLimits, type EvictionSituation } from './situation.js';

const gibibyte = 1024 ** 3;
const capacity = { cpus: 8, memoryBytes: 8 * gibibyte, accelerators: 0, acceleratorMemoryBytes: 0 };

function copy(id: string, change: Partial<EvictableCopy> & { readonly gib?: number } = {}): EvictableCopy {
  const { gib = 2, ...rest } = change;
  return {
    id,
    workload: `of-${id}`,
    instance: 'i-1',
    host: 'h-1',
    placed: { workload: `of-${id}`, cpus: 1, memoryBytes: gib * gibibyte, accelerators: [] },
    memoryBytes: gib * gibibyte,
    priority: 50,
    cost: 2,
    coldStartMs: 2_000,
    readyMs: 100_000,
    idleMs: 30_000,
    waiting: 0,
    isAsleep: false,
    ...rest,
  };
}

/** Needs so many GiB; the room is exactly as large as its copies. */
function situation(copies: readonly EvictableCopy[], gib = 2, priority = 50): EvictionSituation {
  const residents = copies.map(({ placed }) => placed);
  const memoryBytes = residents.reduce((sum, one) => sum + one.memoryBytes, 0);
  return {
    need: {
      request: {
        workload: 'needy',
        count: 1,
        requirements: [
          {
            instanceType: null,
            cpus: 1,
            memoryBytes: gib * gibibyte,
            accelerators: 0,
            acceleratorMemoryBytes: 0,
          },
        ],
        strategy: 'SPREAD',
        zoneBalance: null,
      },
      priority,
      waitedMs: 1_000,
      waiting: 1,
      memoryBytes: gib * gibibyte,
    },
    rooms: [
      {
        instance: 'i-1',
        host: 'h-1',
        zone: 'a',
        type: 't',
        capacity: { ...capacity, cpus: copies.length + 1, memoryBytes },
        residents,
      },
    ],
    copies,
    hostFreeBytes: new Map([['h-1', 0]]),
    limits: evictionLimits,
  };
}

const ids = (one: EvictionSituation) => chooseVictims(one).victims.map(({ id, kind }) => `${kind} ${id}`);

describe('chooseVictims', () => {
  it.each([
    ['the lower priority', { priority: 80 }, { priority: 20 }],
    ['the one that was idle longer', { idleMs: 5_000 }, { idleMs: 500_000 }],
    ['the one that is cheaper to bring back', { cost: 60 }, { cost: 1 }],
    ['the one nobody waits for', { waiting: 9 }, { waiting: 0 }],
  ])('takes %s', (_name, stays, goes) => {
    expect(ids(situation([copy('a', stays), copy('b', goes)]))).toEqual(['evict b']);
  });

  it('takes one that suffices rather than two, and no more than are needed', () => {
    const small = [copy('a', { gib: 1, priority: 1 }), copy('b', { gib: 1, priority: 2 })];
    expect(ids(situation([...small, copy('c', { gib: 2, priority: 40 })]))).toEqual(['evict c']);
    expect(ids(situation([...small, copy('c', { gib: 1, priority: 3 })], 2))).toEqual(['evict a', 'evict b']);
  });

  it('takes idle ones before a busy one, which is asked to finish', () => {
    const busy = copy('a', { idleMs: 0, priority: 1 });
    expect(ids(situation([busy, copy('b', { priority: 90, idleMs: 100_000 })]))).toEqual(['evict b']);
    expect(ids(situation([busy]))).toEqual(['yield a']);
  });

  it.each([
    ['a busy one of a higher priority', copy('a', { idleMs: 0, priority: 51 }), null],
    ['an idle one of a higher priority that was busy lately', copy('a', { priority: 51 }), 30_000],
    ['a busy one before its quantum', copy('a', { idleMs: 0, readyMs: 19_000 }), 1_000],
    ['an idle one before its cold start has paid', copy('a', { readyMs: 9_000 }), 1_000],
    ['its own copies', copy('a', { workload: 'needy' }), null],
    ['what does not make enough room', copy('a', { gib: 1 }), null],
  ])('spares %s', (_name, spared, againMs) => {
    expect(chooseVictims(situation([spared]))).toMatchObject({ victims: [], againMs });
  });

  it('chooses sets from which nothing can be left out, whatever there is', () => {
    const anyCopy = fc.record({
      gib: fc.integer({ min: 1, max: 4 }),
      priority: fc.nat(100),
      idleMs: fc.nat(200_000),
      readyMs: fc.nat(200_000),
    });
    fc.assert(
      fc.property(
        fc.array(anyCopy, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 8 }),
        (all, gib) => {
          const copies = all.map((one, index) => copy(`c${index}`, one));
          const { victims } = chooseVictims(situation(copies, gib));
          const chosen = copies.filter(({ id }) => victims.some((victim) => victim.id === id));
          const freed = (some: readonly EvictableCopy[]) =>
            some.reduce((sum, one) => sum + one.memoryBytes, 0);
          if (victims.length > 0) expect(freed(chosen)).toBeGreaterThanOrEqual(gib * gibibyte);
          for (const one of chosen) {
            expect(freed(chosen) - one.memoryBytes).toBeLessThan(gib * gibibyte);
            expect(one.readyMs).toBeGreaterThanOrEqual(one.idleMs > 0 ? 10_000 : 20_000);
            if (one.idleMs === 0) expect(one.priority).toBeLessThanOrEqual(50);
          }
        },
      ),
    );
  });

  it('values lie between 0 and 1', () => {
    const any = fc.record({
      priority: fc.nat(100),
      cost: fc.nat(1_000_000),
      idleMs: fc.nat(),
      waiting: fc.nat(),
    });
    fc.assert(
      fc.property(any, (change) => {
        const value = copyValue(copy('a', change));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});
