/** How many requests of each workload were open, second by second, for the stretches of ten seconds that are not put down yet. */
import type { LoadSeries } from '../../contracts/load-reports.js';
import { addDistributions, constantValue, type Distribution } from '../../domain/metric.js';

/** Length of a stretch, milliseconds: CloudWatch's high resolution. */
export const stretchMs = 10_000;
/** Samples in a stretch. */
const samplesMax = 10;
/** Workloads that are sampled; those above are not. */
const workloadsMax = 50_000;
/** Stretches kept of one workload. */
const stretchesMax = 4;

/** Of one stretch: in all, those waiting for room, and those waiting for a copy. */
export interface OpenRequests {
  readonly open: Distribution;
  readonly queued: Distribution;
  readonly held: Distribution;
}

const zeros = constantValue(0, samplesMax);
/** Of a workload that nobody called. */
const nothingOpen: OpenRequests = { open: zeros, queued: zeros, held: zeros };

interface Stretch {
  readonly at: number;
  readonly values: OpenRequests;
}

export class OpenSamples {
  private readonly workloads = new Map<string, readonly Stretch[]>();

  /** What one series of a report says; `at`: the report's time. One between two seconds only raises the most. */
  take(key: string, series: LoadSeries, at: number, isBetween: boolean): void {
    const stretches = this.workloads.get(key) ?? [];
    if (stretches.length === 0 && this.workloads.size >= workloadsMax) return;
    const begin = Math.floor(at / stretchMs) * stretchMs;
    const before = stretches.find((one) => one.at === begin)?.values ?? null;
    const values = added(before, series, isBetween);
    const others = stretches.filter((one) => one.at !== begin);
    this.workloads.set(key, [...others, { at: begin, values }].slice(-stretchesMax));
  }

  /** Of the stretch from `at`: a second that nothing was said of had nothing open. */
  of(key: string, at: number): OpenRequests {
    const values = this.workloads.get(key)?.find((one) => one.at === at)?.values;
    if (values === undefined) return nothingOpen;
    const { open, queued, held } = values;
    return { open: filled(open), queued: filled(queued), held: filled(held) };
  }

  /** What began before is forgotten. */
  forgetBefore(at: number): void {
    for (const [key, stretches] of this.workloads) {
      const kept = stretches.filter((one) => one.at >= at);
      if (kept.length === 0) this.workloads.delete(key);
      else if (kept.length < stretches.length) this.workloads.set(key, kept);
    }
  }
}

function added(before: OpenRequests | null, series: LoadSeries, isBetween: boolean): OpenRequests {
  const { inFlight, queued, held, concurrencyMin, concurrencyMax } = series;
  const now = inFlight + queued + held;
  const sample = constantValue(now, isBetween && before !== null ? 0 : 1);
  const open = sum(before?.open, sample);
  return {
    open: { ...open, min: Math.min(open.min, concurrencyMin), max: Math.max(open.max, concurrencyMax) },
    queued: sum(before?.queued, constantValue(queued, sample.count)),
    held: sum(before?.held, constantValue(held, sample.count)),
  };
}

function sum(before: Distribution | undefined, sample: Distribution): Distribution {
  return before === undefined ? sample : addDistributions(before, sample);
}

function filled(values: Distribution): Distribution {
  const missing = samplesMax - values.count;
  return missing > 0 ? addDistributions(values, constantValue(0, missing)) : values;
}
