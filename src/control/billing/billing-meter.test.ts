import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Desk as TestDesk, home } from '../../../test/control/desk.js';
import type { LoadReport, LoadSeries } from '../../contracts/load-reports.js';
import type { CopyObservation } from '../../contracts/fleet.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { type InstanceRecord, InstanceState, type InstanceType } from '../../domain/instance.js';
import { Namespace } from '../../domain/metric.js';
import type { CopyRecord } from '../../domain/record.js';
import { type Desk, keyOfCopy, type Turn } from '../desk.js';
import { BillingMeter } from './billing-meter.js';

const type: InstanceType = {
  name: 'local.gpu',
  cpus: 8,
  memoryBytes: 2 ** 34,
  accelerators: 4,
  acceleratorMemoryBytes: 0,
  zones: ['a'],
  pricePerHour: 36,
  countMax: 10,
};
const startedAt = 1_700_000_000_000;

/** A meter on records that the test writes, and the seconds that it must come to. */
class Bed {
  readonly desk = new TestDesk();
  readonly seen = new Map<string, CopyObservation>();
  now = startedAt;
  readonly meter: BillingMeter;
  private tell: (report: LoadReport) => void = () => undefined;

  constructor() {
    const reports = {
      onReport: (listener: (report: LoadReport) => void) => {
        this.tell = listener;
        return () => undefined;
      },
    };
    this.meter = new BillingMeter(reports, this.desk.metrics);
  }

  instance(id: string, since = this.now): InstanceRecord {
    const { cpus, memoryBytes, accelerators, acceleratorMemoryBytes } = type;
    return {
      kind: 'instance',
      id,
      scope: home,
      endpoint: 'shop',
      variant: 'main',
      generation: 1,
      type: type.name,
      zone: 'a',
      host: 'h',
      capacity: { cpus, memoryBytes, accelerators, acceleratorMemoryBytes },
      state: InstanceState.Ready,
      since,
      reason: 'the test says so',
    };
  }

  copy(instance: string, component: string, state: CopyState, running = 0): void {
    const copy = { id: `${component}-${instance}`, incarnation: 1 };
    const resources = {
      cpus: 1,
      memoryBytesMin: 0,
      memoryBytesMax: 0,
      accelerators: 1,
      acceleratorMemoryBytes: 0,
    };
    const record: CopyRecord = {
      kind: 'copy',
      copy,
      component: componentKey({
        scope: home,
        endpoint: 'shop',
        name: component,
        kind: WorkloadKind.Component,
      }),
      generation: 1,
      instance,
      endpointGeneration: 1,
      resources,
      accelerators: [],
      state,
      since: this.now,
      wish: 'run',
      reason: 'the test says so',
    };
    this.desk.put(record);
    this.seen.set(keyOfCopy(copy), { report: { running, waiting: 0 } } as CopyObservation);
  }

  report(component: string, times: Readonly<Record<string, number>>): void {
    const callers = Object.entries(times).map(([key, copyMs]) => {
      return { account: home.account, key, requests: 0, promptTokens: 0, generatedTokens: 0, copyMs };
    });
    const series = { scope: home, endpoint: 'shop', variant: 'main', component, callers };
    this.tell({ at: this.now, series: [series as unknown as LoadSeries] });
  }

  pass(ms: number): void {
    this.now += ms;
    const desk = { state: this.desk.state, catalogue: new Map([[type.name, type]]) } as unknown as Desk;
    this.meter.note(desk, { wall: this.now, seen: this.seen } as unknown as Turn);
  }

  sum(metricName: string, ...values: readonly (readonly [string, string])[]): number {
    const dimensions = values.map(([name, value]) => ({ name, value }));
    const metric = { scope: home, namespace: Namespace.Billing, metricName, dimensions };
    const from = startedAt - (startedAt % 60_000);
    const periods = this.desk.metrics.read(metric, from, this.now + 60_000, 60);
    return periods.reduce((total, period) => total + period.values.sum, 0);
  }

  sumsBy(metricName: string, dimension: string): number {
    const known = this.desk.metrics.list({ scope: home, namespace: Namespace.Billing, metricName }, this.now);
    const of = known.filter(({ metric }) => metric.dimensions.some(({ name }) => name === dimension));
    return of.reduce((total, { metric }) => {
      const values = metric.dimensions.map(({ name, value }) => [name, value] as const);
      return total + this.sum(metricName, ...values);
    }, 0);
  }
}

it('tells whose the time of an instance was, by component, key and state', () => {
  const bed = new Bed();
  bed.pass(0);
  bed.desk.put(bed.instance('i'));
  bed.copy('i', 'busy', CopyState.Ready, 1);
  bed.copy('i', 'idle', CopyState.Ready);
  bed.copy('i', 'waking', CopyState.Loading);
  for (let second = 0; second < 20; second++) {
    bed.report('busy', { k1: 750, k2: 250 });
    bed.pass(1000);
  }
  bed.meter.close();
  const of = (name: string, state: string) =>
    bed.sum('AcceleratorSeconds', ['InferenceComponentName', name], ['State', state]);
  expect([of('busy', 'Busy'), of('idle', 'Idle'), of('waking', 'Waking')]).toEqual([20, 20, 20]);
  expect(of('(unassigned)', 'Idle')).toBe(20);
  expect(bed.sum('AcceleratorSeconds', ['Key', 'k1'], ['State', 'Busy'])).toBeCloseTo(15);
  expect(bed.sum('AcceleratorSeconds', ['Key', '(unassigned)'], ['State', 'Idle'])).toBeCloseTo(40);
  expect(bed.sum('Cost')).toBeCloseTo((36 * 20) / 3600);
});

it('adds up to the time of the fleet within 1 %, over any history of instances and copies', () => {
  const step = fc.record({
    ms: fc.integer({ min: 100, max: 3000 }),
    kind: fc.constantFrom('none', 'none', 'none', 'come', 'go', 'copy'),
    which: fc.nat(3),
    state: fc.constantFrom(...Object.values(CopyState)),
    running: fc.nat(1),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), (steps) => {
      const bed = new Bed();
      bed.pass(0);
      const there = new Map<string, number>();
      let [accelerators, comings] = [0, 0];
      const leave = (id: string) => {
        accelerators += (4 * (bed.now - there.get(id)!)) / 1000;
        there.delete(id);
      };
      for (const { ms, kind, which, state, running } of steps) {
        const id = [...there.keys()][which];
        if (kind === 'come' && there.size < 4) {
          const made = `i${comings++}`;
          bed.desk.put(bed.instance(made));
          there.set(made, bed.now);
        } else if (kind === 'go' && id !== undefined && bed.now - there.get(id)! > 60_000) {
          bed.desk.state.drop(bed.instance(id), 'test-dropped', 'the test says so');
          bed.desk.state.flush(bed.now);
          leave(id);
        } else if (kind === 'copy' && id !== undefined) {
          bed.copy(id, `c${which}`, state, running);
          bed.report(`c${which}`, { k1: 10, k2: 20 });
        }
        bed.pass(ms);
      }
      bed.pass(1000);
      for (const id of [...there.keys()]) leave(id);
      bed.meter.close();
      for (const dimension of ['InferenceComponentName', 'Account', 'Key']) {
        const sum = bed.sumsBy('AcceleratorSeconds', dimension);
        expect(sum).toBeCloseTo(bed.sum('AcceleratorSeconds'), 6);
        // An instance that goes is billed until it was seen last.
        expect(Math.abs(sum - accelerators)).toBeLessThanOrEqual(0.01 * accelerators);
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
});
