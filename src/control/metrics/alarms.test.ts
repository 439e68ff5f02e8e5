import { describe, expect, it } from 'vitest';
import type { LoadReport } from '../../contracts/load-reports.js';
import { type AlarmRecord, AlarmState } from '../../domain/alarm.js';
import { createMemoryMetricStore } from '../../adapters/metrics/memory/metric-store.js';
import { createMemoryStore } from '../../adapters/store/memory/store.js';
import { State } from '../state.js';
import { createAlarmEvaluator } from './alarms.js';
import { LoadPublisher } from './publish-load.js';

const bucketMs = 10_000;

const scope = { account: '111122223333', region: 'us-east-1' };
const quiet = { count: 0, sumMicroseconds: 0, minMicroseconds: 0, maxMicroseconds: 0, buckets: [] };
const alarm: AlarmRecord = {
  kind: 'alarm',
  scope,
  name: 'errors',
  createdAt: 0,
  modifiedAt: 0,
  tags: [],
  definition: {
    namespace: 'AWS/SageMaker',
    metricName: 'Invocation5XXErrors',
    dimensions: [{ name: 'InferenceComponentName', value: 'c' }],
    statistic: 'Sum',
    period: 10,
    evaluationPeriods: 1,
    threshold: 0,
    comparisonOperator: 'GreaterThanThreshold',
    treatMissingData: 'notBreaching',
  },
  state: AlarmState.Ok,
  stateReason: '',
  stateReasonData: null,
  stateUpdatedAt: 0,
};

class Stage {
  readonly state = new State(createMemoryStore());
  private report: (report: LoadReport) => void = () => undefined;
  private readonly metrics = createMemoryMetricStore();
  private readonly publisher = new LoadPublisher(
    {
      onReport: (listener) => {
        this.report = listener;
        return () => undefined;
      },
    },
    this.state,
    this.metrics,
  );
  private evaluator = createAlarmEvaluator(this.metrics);

  constructor() {
    this.put({});
  }

  put(change: Partial<AlarmRecord>): void {
    this.state.put({ ...alarm, ...change }, 'alarm-changed', 'said so');
    this.state.flush(0);
  }

  /** A second with an error in it, or without; then one turn. */
  pass(at: number, errors5xx: number): void {
    const one = { scope, endpoint: 'e', variant: 'v', component: 'c', invocations: 1 };
    const counts = { errors4xx: 0, errors5xx, modelErrors: 0, noCapacity: 0 };
    const latency = { modelLatency: quiet, overheadLatency: quiet, firstTokenLatency: quiet };
    const open = { concurrencyMin: 0, concurrencyMax: 0, inFlight: 0, queued: 0, held: 0, callers: [] };
    const rest = { ...latency, ...open, promptTokens: 0, cachedTokens: 0, generatedTokens: 0 };
    this.report({ at, series: [{ ...one, ...counts, ...rest }] });
    this.publisher.tick(at, { at, hosts: [], copies: [] });
    for (const { value, event, reason } of this.evaluator.evaluate(this.state, at)) {
      this.state.put(value!, event, reason);
    }
    this.state.flush(at);
  }

  passAll(from: number, seconds: number, errors5xx: number): void {
    for (let second = 0; second < seconds; second++) this.pass(from + second * 1_000, errors5xx);
  }

  /** Another control process, with what the store has. */
  restart(): void {
    this.evaluator = createAlarmEvaluator(this.metrics);
  }

  get now(): AlarmState {
    return this.state.alarm(scope, alarm.name)!.value.state;
  }
}

describe('alarms', () => {
  const start = 1_000_000 * bucketMs;

  it('ring when a period has ended, and fall silent again', () => {
    const stage = new Stage();
    stage.passAll(start, 25, 1);
    expect(stage.now).toBe(AlarmState.Alarm);
    stage.passAll(start + 25_000, 25, 0);
    expect(stage.now).toBe(AlarmState.Ok);
  });

  it('keep a state that was forced until a period that began after it has ended', () => {
    const stage = new Stage();
    stage.passAll(start, 30, 0);
    stage.put({ state: AlarmState.Alarm, stateUpdatedAt: start + 30_500 });
    stage.passAll(start + 31_000, 10, 0);
    expect(stage.now).toBe(AlarmState.Alarm);
    stage.passAll(start + 41_000, 12, 0);
    expect(stage.now).toBe(AlarmState.Ok);
  });

  it('count on after control has begun anew', () => {
    const stage = new Stage();
    stage.put({ definition: { ...alarm.definition, evaluationPeriods: 3 } });
    stage.passAll(start, 22, 1);
    expect(stage.now).toBe(AlarmState.Ok);
    stage.restart();
    stage.passAll(start + 22_000, 11, 1);
    expect(stage.now).toBe(AlarmState.Alarm);
  });

  it('have no data in another unit than that of the metric', () => {
    const stage = new Stage();
    const { treatMissingData: _, ...definition } = alarm.definition;
    stage.put({ definition: { ...definition, unit: 'Count' } });
    stage.passAll(start, 25, 1);
    expect(stage.now).toBe(AlarmState.Alarm);
    stage.put({ definition: { ...definition, unit: 'Seconds' } });
    stage.passAll(start + 25_000, 25, 1);
    expect(stage.now).toBe(AlarmState.InsufficientData);
  });

  it('go on ringing when somebody sets the clock back', () => {
    const stage = new Stage();
    stage.passAll(start, 30, 0);
    stage.put({ stateUpdatedAt: start + 30_000 });
    stage.passAll(start + 30_000, 2, 0);
    stage.passAll(start - 3_600_000, 30, 1);
    expect(stage.now).toBe(AlarmState.Alarm);
  });
});
