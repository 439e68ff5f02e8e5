/**
 * Load reports as metrics: what requests came to is put down with each report, how many were open with the end of each
 * ten seconds. Divisors (copies, instances) are those of the moment; where there is no copy, what waits counts as if
 * there were one.
 *
 * How many requests are open is sampled once a second: a second without a report had none. Components and variants that
 * nobody calls have ten samples of zero in each ten seconds while they exist, because alarms and scaling in need to see
 * that there is nothing; what waits is put down only where something is open.
 */
import type { FleetSnapshot } from '../../contracts/fleet.js';
import {
  latencyBoundsMicroseconds,
  type LatencyCounts,
  type LoadReport,
  type LoadReports,
  type LoadSeries,
} from '../../contracts/load-reports.js';
import type { MetricStore } from '../../contracts/metric-store.js';
import { dividedBy, ofHistogram, zerosAndOnes } from '../../decide/metrics/shapes.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import {
  constantValue,
  type Distribution,
  type MetricPoint,
  type MetricUnit,
  Namespace,
} from '../../domain/metric.js';
import type { StateView } from '../state-view.js';
import { hardwarePoints } from './publish-hardware.js';
import { measuredWorkloads, readyCopies, readyInstances } from './measured-workloads.js';
import { type Subject, Subjects } from './metric-names.js';
import { OpenSamples, stretchMs } from './open-samples.js';

/** Reports of a stretch may come so much later than its end, milliseconds. */
const reportLagMs = 1_500;
/** Stretches that are put down late, after a standstill; earlier ones are missing. */
const lateStretchesMax = 3;

export class LoadPublisher {
  private readonly subjects = new Subjects();
  private readonly samples = new OpenSamples();
  /** The end of the last stretch that was put down or let go, wall clock; null = none was. */
  private endedAt: number | null = null;
  readonly close: () => void;

  constructor(
    reports: LoadReports,
    private readonly state: StateView,
    private readonly metrics: MetricStore,
  ) {
    this.close = reports.onReport((report) => this.take(report));
  }

  /** Asked in each turn; puts down what was open when ten seconds have ended. `now`: wall clock. */
  tick(now: number, snapshot: FleetSnapshot): void {
    const end = Math.floor((now - reportLagMs) / stretchMs) * stretchMs;
    const last = this.endedAt;
    if (end === last) return;
    this.endedAt = end;
    // A process that has just begun has not watched the stretch that ended; a clock that was set back says nothing.
    if (last === null || end < last) return;
    const first = Math.max(last, end - lateStretchesMax * stretchMs);
    for (let at = first; at < end; at += stretchMs) this.putOpen(at);
    this.samples.forgetBefore(end);
    this.metrics.put(hardwarePoints(this.state, snapshot, this.subjects, end - stretchMs));
  }

  private take(report: LoadReport): void {
    const points: MetricPoint[] = [];
    const { at, isUrgent = false } = report;
    for (const series of report.series) {
      const { scope, endpoint, variant, component } = series;
      const key = keyOf(series);
      this.samples.take(key, series, at, isUrgent);
      const copies = readyCopies(this.state, key);
      const instances = readyInstances(this.state, scope, endpoint, variant);
      const divisors = { copies: Math.max(1, copies), instances: Math.max(1, instances) };
      putCounted(points, this.subjects.variant(scope, endpoint, variant), series, at, divisors);
      if (component !== null) {
        putCounted(points, this.subjects.component(scope, component), series, at, divisors);
      }
    }
    if (points.length > 0) this.metrics.put(points);
  }

  /** What was open in the stretch from `at`, of everything that exists. */
  private putOpen(at: number): void {
    const points: MetricPoint[] = [];
    const variants = new Map<Subject, VariantSum>();
    for (const { key, scope, endpoint, variant, component, wanted } of measuredWorkloads(this.state)) {
      const { open, queued, held } = this.samples.of(key, at);
      const ready = readyCopies(this.state, key);
      const whole = this.subjects.variant(scope, endpoint, variant);
      const subject = component === null ? whole : this.subjects.component(scope, component);
      const put = (namespace: string, name: string, values: Distribution) => {
        points.push({ metric: subject.metric(namespace, name), at, unit: 'Count', values });
      };
      if (open.max > 0) {
        put(Namespace.Stowage, 'QueuedRequests', queued);
        put(Namespace.Stowage, 'HeldRequests', held);
      }
      put(Namespace.Stowage, 'CopiesReady', constantValue(ready));
      put(Namespace.Stowage, 'CopiesWanted', constantValue(wanted));
      const values = dividedBy(open, Math.max(1, ready));
      put(Namespace.SageMaker, concurrencyOf(component), values);
      if (component === null) continue;
      const sum = variants.get(whole);
      variants.set(whole, {
        open: sum === undefined ? open : samplesTogether(sum.open, open),
        ready: (sum?.ready ?? 0) + ready,
      });
    }
    for (const [subject, { open, ready }] of variants) {
      const metric = subject.metric(Namespace.SageMaker, concurrencyOf(''));
      points.push({ metric, at, unit: 'Count', values: dividedBy(open, Math.max(1, ready)) });
    }
    if (points.length > 0) this.metrics.put(points);
  }
}

interface VariantSum {
  readonly open: Distribution;
  readonly ready: number;
}

function keyOf({ scope, endpoint, variant, component }: LoadSeries): string {
  return component === null
    ? componentKey({ scope, endpoint, name: variant, kind: WorkloadKind.Variant })
    : componentKey({ scope, endpoint, name: component, kind: WorkloadKind.Component });
}

function concurrencyOf(component: string | null): string {
  return component === null ? 'ConcurrentRequestsPerModel' : 'ConcurrentRequestsPerCopy';
}

/**
 * Samples of two workloads taken at the same seconds, added: sums are exact; least, most and what is between are those
 * of the sums' bounds, because which sample met which is not kept.
 */
function samplesTogether(a: Distribution, b: Distribution): Distribution {
  if (a.max === 0) return b;
  if (b.max === 0) return a;
  const count = Math.max(a.count, b.count);
  const sum = a.sum + b.sum;
  const even = constantValue(sum / count, count);
  return { ...even, min: a.min + b.min, max: a.max + b.max };
}

interface Divisors {
  readonly copies: number;
  readonly instances: number;
}

/** What the requests of one second came to. */
function putCounted(
  points: MetricPoint[],
  subject: Subject,
  series: LoadSeries,
  at: number,
  { copies, instances }: Divisors,
): void {
  const put = (namespace: string, name: string, unit: MetricUnit, values: Distribution) => {
    if (values.count > 0) points.push({ metric: subject.metric(namespace, name), at, unit, values });
  };
  const { invocations, errors4xx, errors5xx, modelErrors, noCapacity } = series;
  const ended = Math.max(invocations, errors4xx + errors5xx);
  put(Namespace.SageMaker, 'Invocations', 'Count', constantValue(1, invocations));
  put(Namespace.SageMaker, 'InvocationsPerInstance', 'Count', constantValue(1 / instances, invocations));
  put(Namespace.SageMaker, 'InvocationsPerCopy', 'Count', constantValue(1 / copies, invocations));
  put(Namespace.SageMaker, 'Invocation4XXErrors', 'Count', zerosAndOnes(ended, errors4xx));
  put(Namespace.SageMaker, 'Invocation5XXErrors', 'Count', zerosAndOnes(ended, errors5xx));
  put(Namespace.SageMaker, 'InvocationModelErrors', 'Count', zerosAndOnes(ended, modelErrors));
  put(Namespace.SageMaker, 'NoCapacityInvocationFailures', 'Count', constantValue(1, noCapacity));
  put(Namespace.SageMaker, 'ModelLatency', 'Microseconds', latency(series.modelLatency, 1));
  put(Namespace.SageMaker, 'OverheadLatency', 'Microseconds', latency(series.overheadLatency, 1));
  put(Namespace.Stowage, 'TimeToFirstToken', 'Milliseconds', latency(series.firstTokenLatency, 1e-3));
  const { promptTokens, generatedTokens } = series;
  if (promptTokens > 0) put(Namespace.Stowage, 'PromptTokens', 'Count', constantValue(promptTokens));
  if (generatedTokens > 0) {
    put(Namespace.Stowage, 'GeneratedTokens', 'Count', constantValue(generatedTokens));
  }
}

function latency(counts: LatencyCounts, scale: number): Distribution {
  const { count, sumMicroseconds: sum, minMicroseconds: min, maxMicroseconds: max, buckets, bins } = counts;
  const known = bins === undefined ? {} : { bins };
  return ofHistogram(
    { count, sum, min, max, counts: buckets, bounds: latencyBoundsMicroseconds, ...known },
    scale,
  );
}
