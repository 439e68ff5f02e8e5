/** One suite for everything that keeps metrics; and what a file of them goes through. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryMetricStore } from '../../src/adapters/metrics/memory/metric-store.js';
import { createSqliteMetricStore } from '../../src/adapters/metrics/sqlite/metric-store.js';
import { MemoryLog } from './memory-log.js';
import type { MetricStore } from '../../src/contracts/metric-store.js';
import { statisticOf } from '../../src/decide/metrics/statistics.js';
import { constantValue, type MetricIdentity } from '../../src/domain/metric.js';
import { VirtualClock } from '../simulation/virtual-clock.js';

const scratch = mkdtempSync(join(tmpdir(), 'metrics-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(scratch, `metrics-${files++}.db`);
const scope = { account: '111122223333', region: 'us-east-1' };
const day = 86_400_000;

function metric(metricName: string, dimensions: MetricIdentity['dimensions'] = []): MetricIdentity {
  return { scope, namespace: 'Shop', metricName, dimensions };
}

class Bed {
  readonly clock = new VirtualClock();
  readonly log = new MemoryLog();
  path = newFile();
  store: MetricStore;

  constructor(
    readonly kind: 'memory' | 'sqlite',
    private readonly bounds: {
      readonly seriesMax?: number;
      readonly seriesPerAccountMax?: number;
      readonly rowsMax?: number;
    } = {},
  ) {
    this.store = this.open();
  }

  get now(): number {
    return this.clock.wallNow();
  }

  open(): MetricStore {
    const { clock, log, path, kind, bounds } = this;
    return kind === 'memory'
      ? createMemoryMetricStore(bounds)
      : createSqliteMetricStore({ path, clock, log, ...bounds });
  }

  put(name: string, at: number, value: number, count = 1): void {
    this.store.put([{ metric: metric(name), at, unit: 'Count', values: constantValue(value, count) }]);
  }

  read(name: string, from: number, to: number, periodSeconds: number) {
    return this.store.read(metric(name), from, to, periodSeconds);
  }

  /** The next process, on the disk as this one leaves it when it ends or is killed; in memory nothing happens. */
  restart(isKilled: boolean): void {
    if (this.kind === 'memory') return;
    if (isKilled) {
      this.store.flush();
      const before = this.path;
      this.path = newFile();
      for (const end of ['', '-wal']) cpSync(before + end, this.path + end);
    } else {
      this.store.close();
    }
    this.store = this.open();
  }
}

type Step =
  | {
      readonly do: 'put';
      readonly name: string;
      readonly value: number;
      readonly lateMs: number;
      readonly count: number;
    }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restart'; readonly isKilled: boolean }
  | { readonly do: 'idle'; readonly name: string; readonly periods: number };

const name = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      name,
      value: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e6, noNaN: true })),
      lateMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 9_000_000 }),
      ),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('idle' as const),
      name,
      periods: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), isKilled: fc.boolean() }) },
);

describe.each(['memory', 'sqlite'] as const)('metrics in %s', (kind) => {
  it('are in every period what they were: sums exactly, percentiles within 1 %', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bed = new Bed(kind);
        const begun = bed.now;
        const seen: { readonly name: string; readonly at: number; readonly value: number }[] = [];
        const put = (one: string, at: number, value: number, count: number) => {
          bed.put(one, at, value, count);
          for (let index = 0; index < count; index++) seen.push({ name: one, at, value });
        };
        for (const one of steps) {
          if (one.do === 'put') put(one.name, Math.max(begun, bed.now - one.lateMs), one.value, one.count);
          else if (one.do === 'wait') bed.clock.advance(one.ms);
          else if (one.do === 'restart') bed.restart(one.isKilled);
          else {
            for (let index = 0; index < one.periods; index++) {
              put(one.name, bed.now, 0, 1);
              bed.clock.advance(10_000);
            }
          }
        }
        for (const periodSeconds of [10, 60, 300, 600, 3600]) {
          for (const one of ['a', 'b']) checkPeriods(bed, one, seen, begun, periodSeconds);
        }
        bed.store.close();
      }),
      { numRuns: kind === 'memory' ? 40 : 80 },
    );
  });

  it('are kept as long as their resolution says', () => {
    const bed = new Bed(kind);
    const begin = bed.now;
    bed.put('a', begin, 5);
    const whole = (periodSeconds: number) => bed.read('a', begin - day, bed.now + day, periodSeconds).length;
    const pass = (ms: number) => {
      bed.clock.stall(ms);
      bed.clock.advance(120_000);
      bed.put('b', bed.now, 1);
    };
    expect([whole(10), whole(60), whole(300), whole(3600)]).toEqual([1, 1, 1, 1]);
    pass(4 * 3_600_000);
    expect([whole(10), whole(60), whole(300), whole(3600)]).toEqual([0, 1, 1, 1]);
    pass(16 * day);
    expect([whole(10), whole(60), whole(300), whole(3600)]).toEqual([0, 0, 1, 1]);
    pass(50 * day);
    expect([whole(10), whole(60), whole(300), whole(3600)]).toEqual([0, 0, 0, 1]);
    bed.store.close();
  });

  it('are found by scope, namespace and name, while they are written', () => {
    const bed = new Bed(kind);
    const { now } = bed;
    const other = { ...metric('a'), scope: { ...scope, account: '444455556666' } };
    const apart = metric('a', [{ name: 'Shelf', value: 'x|y=z' }]);
    for (const one of [metric('a'), metric('b'), apart, other, { ...metric('a'), namespace: 'Yard' }]) {
      bed.store.put([{ metric: one, at: now, unit: 'Bytes', values: constantValue(1) }]);
    }
    const list = (query: object) => bed.store.list({ scope, ...query }, bed.now).map((one) => one.metric);
    bed.restart(false);
    expect(list({})).toEqual([metric('a'), apart, metric('b'), { ...metric('a'), namespace: 'Yard' }]);
    expect(list({ namespace: 'Shop', metricName: 'a' })).toEqual([metric('a'), apart]);
    expect(bed.store.find(apart)).toEqual({ metric: apart, unit: 'Bytes', lastAt: now });
    bed.clock.stall(15 * day);
    bed.put('fresh', bed.now, 1);
    expect(list({})).toEqual([metric('fresh')]);
    expect(bed.store.find(apart)).toBeNull();
    bed.store.close();
  });
});

describe.each(['memory', 'sqlite'] as const)('when metrics in %s are full,', (kind) => {
  const own = (component: string): MetricIdentity => ({
    scope,
    namespace: 'AWS/SageMaker',
    metricName: 'Invocations',
    dimensions: [{ name: 'InferenceComponentName', value: component }],
  });
  const putOf = (bed: Bed, one: MetricIdentity) =>
    bed.store.put([{ metric: one, at: bed.now, unit: 'Count', values: constantValue(1) }]);
  const names = (bed: Bed) =>
    bed.store.list({ scope }, bed.now).map(({ metric: one }) => one.dimensions[0]?.value ?? one.metricName);
  const hour = 3_600_000;

  it('the longest silent goes, with its values, and nothing that was written within the hour', () => {
    const bed = new Bed(kind, { seriesMax: 4 });
    for (const [index, name] of ['c0', 'c1', 'c2', 'c3'].entries()) {
      if (index > 0) bed.clock.stall(hour);
      putOf(bed, own(name));
    }
    const begin = bed.now - 3 * hour;
    bed.clock.stall(60_000);
    putOf(bed, own('c4'));
    expect(names(bed)).toEqual(['c1', 'c2', 'c3', 'c4']);
    for (const name of ['c5', 'c6', 'c7']) putOf(bed, own(name));
    expect(names(bed)).toEqual(['c3', 'c4', 'c5', 'c6']);
    bed.restart(false);
    expect(names(bed)).toEqual(['c3', 'c4', 'c5', 'c6']);
    expect(bed.store.read(own('c0'), begin, bed.now, 3600)).toEqual([]);
    expect(bed.store.read(own('c3'), begin, bed.now, 3600)).toHaveLength(1);
    bed.store.close();
  });

  it("callers' own give way to Stowage's, and have a share for each account", () => {
    const bed = new Bed(kind, { seriesMax: 8, seriesPerAccountMax: 3 });
    expect(bed.store.room(scope.account, bed.now)).toBe(3);
    for (let index = 0; index < 5; index++) bed.put(`m${index}`, bed.now, 1);
    expect(names(bed)).toEqual(['m0', 'm1', 'm2']);
    expect(bed.store.room(scope.account, bed.now)).toBe(0);
    const other = { ...metric('x'), scope: { ...scope, account: '444455556666' } };
    putOf(bed, other);
    putOf(bed, { ...other, metricName: 'y' });
    // Half of the room is for callers.
    expect(bed.store.find({ ...other, metricName: 'y' })).toBeNull();
    expect(bed.store.room('444455556666', bed.now)).toBe(0);
    for (let index = 0; index < 7; index++) putOf(bed, own(`c${index}`));
    expect(names(bed).filter((name) => name.startsWith('c'))).toHaveLength(7);
    // What is not listed any more makes room.
    bed.clock.stall(15 * day);
    putOf(bed, own('c0'));
    expect(bed.store.room(scope.account, bed.now)).toBe(3);
    bed.store.close();
  });

  it('a list goes on after any metric, also when metrics come and go', () => {
    const bed = new Bed(kind);
    const all = Array.from({ length: 40 }, (_, index) => metric(`m${String(index).padStart(2, '0')}`));
    for (const one of all.toReversed()) putOf(bed, one);
    const seen: string[] = [];
    for (let after: MetricIdentity | undefined; ;) {
      const query = { scope, namespace: 'Shop', countMax: 7, ...(after === undefined ? {} : { after }) };
      const some = bed.store.list(query, bed.now);
      seen.push(...some.map(({ metric: one }) => one.metricName));
      if (some.length < 7) break;
      after = some.at(-1)!.metric;
      putOf(bed, metric(`a${seen.length}`));
    }
    expect(seen).toEqual(all.map(({ metricName }) => metricName));
    bed.store.close();
  });
});

function checkPeriods(
  bed: Bed,
  name: string,
  seen: readonly { readonly name: string; readonly at: number; readonly value: number }[],
  begun: number,
  periodSeconds: number,
): void {
  const periodMs = periodSeconds * 1000;
  // What is older is no more in the finest resolution.
  const keptFrom =
    periodSeconds < 60 ? Math.ceil((bed.now - 3 * 3_600_000) / periodMs) * periodMs : -Infinity;
  const exact = new Map<number, number[]>();
  for (const one of seen) {
    const at = Math.floor(one.at / periodMs) * periodMs;
    // What came when it was already too old for the finest is in none of its periods.
    if (one.name === name && at >= keptFrom) exact.set(at, [...(exact.get(at) ?? []), one.value]);
  }
  const found = bed
    .read(name, begun - 3_600_000, bed.now + 3_600_000, periodSeconds)
    .filter(({ at }) => at >= keptFrom);
  expect(found.map(({ at, values }) => [at, values.count])).toEqual(
    [...exact].sort(([a], [b]) => a - b).map(([at, values]) => [at, values.length]),
  );
  for (const { at, values } of found) {
    const all = exact.get(at)!.sort((a, b) => a - b);
    const sum = all.reduce((one, other) => one + other, 0);
    expect(Math.abs(values.sum - sum)).toBeLessThanOrEqual(1e-9 * sum);
    expect([values.min, values.max]).toEqual([all[0], all.at(-1)]);
    for (const rank of [0.5, 0.9, 0.99]) {
      const wanted = all[Math.max(1, Math.ceil(rank * all.length)) - 1]!;
      const actual = statisticOf(values, { kind: 'percentile', rank })!;
      expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(0.01 * wanted);
    }
  }
}

describe('a file of metrics', () => {
  it('that is no file of metrics is put aside and begun anew', () => {
    const bed = new Bed('sqlite');
    bed.put('a', bed.now, 1);
    bed.store.close();
    for (const end of ['-wal', '-shm']) rmSync(bed.path + end, { force: true });
    writeFileSync(bed.path, 'this is no database, whatever its name says'.repeat(100));
    bed.store = bed.open();
    expect(bed.log.warnings).toHaveLength(1);
    bed.put('a', bed.now, 7);
    bed.restart(false);
    expect(bed.read('a', bed.now - day, bed.now + day, 60).map(({ values }) => values.sum)).toEqual([7]);
    expect(bed.log.warnings).toHaveLength(1);
    bed.store.close();
  });

  it('has what was there two minutes before the process was killed', () => {
    const bed = new Bed('sqlite');
    const begin = bed.now;
    for (let second = 0; second < 600; second++) {
      bed.put('busy', bed.now, second);
      if (second % 10 === 0) bed.put('idle', bed.now, 0);
      bed.clock.advance(1_000);
    }
    const copy = newFile();
    for (const end of ['', '-wal']) cpSync(bed.path + end, copy + end);
    const after = createSqliteMetricStore({ path: copy, clock: bed.clock, log: bed.log });
    for (const [name, lostMs] of [
      ['busy', 20_000],
      ['idle', 130_000],
    ] as const) {
      const last = after.read(metric(name), begin, bed.now, 10).at(-1)!.at;
      expect(bed.now - last).toBeLessThanOrEqual(lostMs);
    }
    after.close();
    bed.store.close();
  });

  it('has no more metrics and rows than it may', () => {
    const bed = new Bed('sqlite', { seriesMax: 6, rowsMax: 200 });
    for (let index = 0; index < 5; index++) bed.put(`m${index}`, bed.now, 1);
    expect(bed.store.list({ scope }, bed.now)).toHaveLength(3);
    expect(bed.log.warnings).toHaveLength(1);
    const begin = bed.now;
    for (let index = 0; index < 400; index++) {
      bed.put('m0', bed.now, index);
      bed.clock.advance(10_000);
    }
    bed.store.flush();
    bed.clock.advance(120_000);
    bed.restart(false);
    const periods = bed.read('m0', begin, bed.now, 10);
    expect(periods.length).toBeGreaterThan(50);
    expect(periods.length).toBeLessThanOrEqual(200);
    expect(
      bed.read('m0', begin - 3_600_000, bed.now, 3600).reduce((sum, { values }) => sum + values.count, 0),
    ).toBe(401);
    bed.store.close();
  });
});
