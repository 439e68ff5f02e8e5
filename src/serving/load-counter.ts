/**
 * What one lane counted since its last report. Counting is a few additions per request and allocates nothing; the
 * report's objects are made once a second, and only of lanes that have something to say.
 */
import { latencyBoundsMicroseconds, type LatencyCounts, type LoadSeries } from '../contracts/load-reports.js';
import { type InferenceComponent, WorkloadKind } from '../domain/component.js';
import { Fault } from '../domain/errors.js';
import type { Usage } from '../domain/inference.js';
import { binOf } from '../domain/metric.js';
import { CallerMeters } from './caller-meters.js';

/** How an answer that was not an answer counts. */
export type CountedFault = Fault | 'none' | 'cancelled';

class LatencyCounter {
  private count = 0;
  private sum = 0;
  private least = Infinity;
  private most = 0;
  private readonly buckets = new Array<number>(latencyBoundsMicroseconds.length + 1).fill(0);
  /** The highest bucket in use; -1 = none. */
  private last = -1;
  /** Values by `binOf`. */
  private readonly bins = new Map<number, number>();

  observe(milliseconds: number): void {
    const value = Math.max(0, Math.round(milliseconds * 1000));
    const bucket = bucketOf(value);
    this.buckets[bucket]!++;
    if (bucket > this.last) this.last = bucket;
    this.count++;
    this.sum += value;
    const bin = binOf(value);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
  }

  take(): LatencyCounts {
    const counts: LatencyCounts = {
      count: this.count,
      sumMicroseconds: this.sum,
      minMicroseconds: this.count === 0 ? 0 : this.least,
      maxMicroseconds: this.most,
      buckets: this.buckets.slice(0, this.last + 1),
      ...(this.count === 0 ? {} : { bins: [...this.bins].sort(([a], [b]) => a - b) }),
    };
    this.bins.clear();
    this.buckets.fill(0, 0, this.last + 1);
    this.count = 0;
    this.sum = 0;
    this.least = Infinity;
    this.most = 0;
    this.last = -1;
    return counts;
  }
}

/** The first bucket whose upper bound is not below the value; the last bucket has none. */
export function bucketOf(microseconds: number): number {
  let low = 0;
  let high = latencyBoundsMicroseconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (latencyBoundsMicroseconds[middle]! < microseconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Requests that are open, by what they wait for. */
export interface OpenRequests {
  readonly inFlight: number;
  readonly queued: number;
  readonly held: number;
}

export class LoadCounter {
  /** Requests in flight and queued. */
  private open = 0;
  private openMin = 0;
  private openMax = 0;
  readonly callers = new CallerMeters();
  private invocations = 0;
  private errors4xx = 0;
  private errors5xx = 0;
  private modelErrors = 0;
  private noCapacity = 0;
  private readonly modelLatency = new LatencyCounter();
  private readonly overheadLatency = new LatencyCounter();
  private readonly firstTokenLatency = new LatencyCounter();
  private promptTokens = 0;
  private cachedTokens = 0;
  private generatedTokens = 0;

  get openCount(): number {
    return this.open;
  }

  begin(): void {
    this.invocations++;
    this.open++;
    if (this.open > this.openMax) this.openMax = this.open;
  }

  /**
   * A request that began has ended. `modelMs` is from its hand-over to a copy to its end, null when it got to none;
   * requests that their callers ended count in no latency.
   */
  end(fault: CountedFault, isForWantOfCopies: boolean, totalMs: number, modelMs: number | null): void {
    this.open--;
    if (this.open < this.openMin) this.openMin = this.open;
    if (isForWantOfCopies) this.noCapacity++;
    this.countFault(fault);
    if (fault === 'cancelled') return;
    if (modelMs !== null) this.modelLatency.observe(modelMs);
    this.overheadLatency.observe(totalMs - (modelMs ?? 0));
  }

  /** What a request that ended had come to; `firstTokenMs` from its arrival, null = it had no token. */
  countAnswer({ promptTokens, cachedTokens, completionTokens }: Usage, firstTokenMs: number | null): void {
    this.promptTokens += promptTokens;
    this.cachedTokens += cachedTokens;
    this.generatedTokens += completionTokens;
    if (firstTokenMs !== null) this.firstTokenLatency.observe(firstTokenMs);
  }

  /** What was counted since the last call, or null when nothing happened and nothing is open. `now`: the lane's clock. */
  take(
    { scope, endpoint, variant, name, kind }: InferenceComponent,
    { inFlight, queued, held }: OpenRequests,
    now: number,
  ): LoadSeries | null {
    if (this.invocations === 0 && this.openMax === 0) return null;
    const series: LoadSeries = {
      scope,
      endpoint,
      variant,
      component: kind === WorkloadKind.Component ? name : null,
      invocations: this.invocations,
      errors4xx: this.errors4xx,
      errors5xx: this.errors5xx,
      modelErrors: this.modelErrors,
      noCapacity: this.noCapacity,
      modelLatency: this.modelLatency.take(),
      overheadLatency: this.overheadLatency.take(),
      concurrencyMin: this.openMin,
      concurrencyMax: this.openMax,
      inFlight,
      queued,
      held,
      promptTokens: this.promptTokens,
      cachedTokens: this.cachedTokens,
      generatedTokens: this.generatedTokens,
      firstTokenLatency: this.firstTokenLatency.take(),
      callers: this.callers.take(now),
    };
    this.invocations = 0;
    this.errors4xx = 0;
    this.errors5xx = 0;
    this.modelErrors = 0;
    this.noCapacity = 0;
    this.promptTokens = 0;
    this.cachedTokens = 0;
    this.generatedTokens = 0;
    this.openMin = this.open;
    this.openMax = this.open;
    return series;
  }

  private countFault(fault: CountedFault): void {
    switch (fault) {
      case 'none':
      case 'cancelled':
        return;
      case Fault.Caller:
      case Fault.Access:
      case Fault.Missing:
        this.errors4xx++;
        return;
      case Fault.Model:
        this.modelErrors++;
        this.errors5xx++;
        return;
      case Fault.Capacity:
      case Fault.Host:
      case Fault.Stowage:
        this.errors5xx++;
        return;
      default:
        fault satisfies never;
    }
  }
}
