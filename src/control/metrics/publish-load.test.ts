import { expect, it } from 'vitest';
import { createMemoryMetricStore } from '../../adapters/metrics/memory/metric-store.js';
import { createMemoryStore } from '../../adapters/store/memory/store.js';
import type { LatencyCounts, LoadReport, LoadSeries } from '../../contracts/load-reports.js';
import { ComponentStatus, type ComponentRecord } from '../../domain/inference-component.js';
import { statisticOf } from '../../decide/metrics/statistics.js';
import { binOf } from '../../domain/metric.js';
import { State } from '../state.js';
import { LoadPublisher } from './publish-load.js';

const scope = { account: '111122223333', region: 'us-east-1' };
const start = 1_700_000_000_000;
const quiet: LatencyCounts = {
  count: 0,
  sumMicroseconds: 0,
  minMicroseconds: 0,
  maxMicroseconds: 0,
  buckets: [],
};
const nothing: LoadSeries = {
  scope,
  endpoint: 'e',
  variant: 'v',
  component: 'c',
  invocations: 0,
  errors4xx: 0,
  errors5xx: 0,
  modelErrors: 0,
  noCapacity: 0,
  modelLatency: quiet,
  overheadLatency: quiet,
  concurrencyMin: 0,
  concurrencyMax: 0,
  inFlight: 0,
  queued: 0,
  held: 0,
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  firstTokenLatency: quiet,
  callers: [],
};
const component: ComponentRecord = {
  kind: 'inference-component',
  scope,
  name: 'c',
  endpointName: 'e',
  variantName: 'v',
  createdAt: 0,
  modifiedAt: 0,
  tags: [],
  status: ComponentStatus.InService,
  failureReason: null,
  copyCount: 0,
  generations: [],
  deployment: null,
  deploymentConfig: null,
  failures: null,
};

class Stage {
  readonly metrics = createMemoryMetricStore();
  private readonly state = new State(createMemoryStore());
  private say: (report: LoadReport) => void = () => undefined;
  private readonly publisher: LoadPublisher;

  constructor() {
    this.state.put(component, 'component-created', 'the test says so');
    this.state.flush(start);
    const onReport = (listener: (report: LoadReport) => void) => {
      this.say = listener;
      return () => undefined;
    };
    this.publisher = new LoadPublisher({ onReport }, this.state, this.metrics);
    this.tick(start + 2_000);
  }

  report(at: number, change: Partial<LoadSeries>): void {
    this.say({ at, series: [{ ...nothing, ...change }] });
  }

  tick(now: number): void {
    this.publisher.tick(now, { at: now, hosts: [], copies: [] });
  }

  read(metricName: string, namespace = 'AWS/SageMaker') {
    const dimensions = [{ name: 'InferenceComponentName', value: 'c' }];
    return this.metrics.read({ scope, namespace, metricName, dimensions }, start, start + 60_000, 10);
  }
}

it('what nobody calls has ten zeros in each ten seconds', () => {
  const stage = new Stage();
  stage.tick(start + 11_400);
  expect(stage.read('ConcurrentRequestsPerCopy')).toEqual([]);
  stage.tick(start + 11_500);
  stage.tick(start + 12_000);
  stage.tick(start + 21_500);
  const zeros = { count: 10, sum: 0, min: 0, max: 0, bins: [[0, 10]] };
  expect(stage.read('ConcurrentRequestsPerCopy')).toEqual([
    { at: start, values: zeros },
    { at: start + 10_000, values: zeros },
  ]);
  expect(stage.read('HeldRequests', 'Stowage')).toEqual([]);
  expect(stage.read('CopiesWanted', 'Stowage').map(({ values }) => values.max)).toEqual([0, 0]);
});

it('held requests count as if there were a copy, sampled each second', () => {
  const stage = new Stage();
  stage.report(start + 3_000, { held: 4, concurrencyMax: 6, invocations: 6 });
  stage.report(start + 4_000, { held: 4, concurrencyMin: 4, concurrencyMax: 4 });
  stage.tick(start + 11_500);
  const [period] = stage.read('ConcurrentRequestsPerCopy');
  expect(period?.values).toMatchObject({ count: 10, sum: 8, min: 0, max: 6 });
  expect(stage.read('Invocations')[0]?.values.sum).toBe(6);
  expect(stage.read('HeldRequests', 'Stowage')[0]?.values).toMatchObject({ count: 10, sum: 8, max: 4 });
});

it('each request is one value, errors are ones among them', () => {
  const stage = new Stage();
  const buckets = Array.from({ length: 20 }, (_, index) => (index === 10 ? 3 : 0));
  const modelLatency = {
    count: 3,
    sumMicroseconds: 2_700,
    minMicroseconds: 850,
    maxMicroseconds: 930,
    buckets,
  };
  stage.report(start + 1_000, {
    invocations: 4,
    errors4xx: 1,
    modelLatency,
    firstTokenLatency: modelLatency,
  });
  expect(stage.read('Invocation4XXErrors')[0]?.values).toMatchObject({ count: 4, sum: 1, min: 0, max: 1 });
  expect(stage.read('ModelLatency')[0]?.values).toMatchObject({ count: 3, sum: 2_700, min: 850, max: 930 });
  expect(stage.read('TimeToFirstToken', 'Stowage')[0]?.values.sum).toBeCloseTo(2.7);
  expect(stage.read('NoCapacityInvocationFailures')).toEqual([]);
  const bins = [[binOf(850), 2] as const, [binOf(930), 1] as const];
  stage.report(start + 11_000, {
    modelLatency: { ...modelLatency, bins },
    firstTokenLatency: { ...modelLatency, bins },
  });
  const p50 = { kind: 'percentile', rank: 0.5 } as const;
  expect(statisticOf(stage.read('ModelLatency')[1]!.values, p50)! / 850).toBeCloseTo(1, 1);
  expect(statisticOf(stage.read('TimeToFirstToken', 'Stowage')[1]!.values, p50)! / 0.85).toBeCloseTo(1, 1);
});
