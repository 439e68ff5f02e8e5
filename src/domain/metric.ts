/**
 * Metrics: what is measured, of what, and how many values of a moment are kept together. A metric is named as
 * CloudWatch names it: namespace, name and dimensions.
 */
import type { Dimension } from './alarm.js';
import type { Scope } from './scope.js';

/** Namespaces that Stowage writes itself; callers may write into others. */
export const Namespace = {
  /** SageMaker's metrics of requests, by endpoint and variant or by inference component. */
  SageMaker: 'AWS/SageMaker',
  /** SageMaker's metrics of instances. */
  Endpoints: '/aws/sagemaker/Endpoints',
  /** SageMaker's metrics of components against what they reserved. */
  Components: '/aws/sagemaker/InferenceComponents',
  /** What only Stowage measures: times to first token, queues, tokens. */
  Stowage: 'Stowage',
  /** Accelerator time by component, key and account. */
  Billing: 'Stowage/Billing',
} as const;
export type Namespace = (typeof Namespace)[keyof typeof Namespace];

/** Whether Stowage writes there, and nobody else. */
export function isOwnNamespace(namespace: string): boolean {
  const own: readonly string[] = Object.values(Namespace);
  return namespace.startsWith('AWS/') || own.includes(namespace);
}

/** Units as CloudWatch spells them. */
export const metricUnits = [
  ...(['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'] as const),
  ...(['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'] as const),
  ...(['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'] as const),
  ...(['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second'] as const),
  ...(['Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second'] as const),
  ...(['Gigabits/Second', 'Terabits/Second'] as const),
] as const;
export type MetricUnit = (typeof metricUnits)[number];

export interface MetricIdentity {
  readonly scope: Scope;
  readonly namespace: string;
  readonly metricName: string;
  /** In the order of their names, each name once; at most 30. */
  readonly dimensions: readonly Dimension[];
}

/**
 * Values that were seen in one stretch of time. Percentiles come from `bins`: the number of values by
 * `binOf(value)`, bins in rising order, at most `binsMax`; a value is known to within 1 %, and less well where values
 * were so far apart that neighbouring bins were joined. Bins of fewer values than `count` say that not all are known
 * one by one: then there are no percentiles.
 */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly bins: readonly (readonly [bin: number, count: number])[];
}

/** Values of one metric at one time. */
export interface MetricPoint {
  readonly metric: MetricIdentity;
  /** Wall clock, milliseconds. */
  readonly at: number;
  readonly unit: MetricUnit;
  readonly values: Distribution;
}

/** Bins 1..∞ hold positive values, each 2 % wider than the one before; negative bins mirror them; 0 holds what is next to nothing. */
const growth = Math.log(1.02);
/** What is smaller counts as nothing. */
const smallest = 1e-9;

export function binOf(value: number): number {
  const size = Math.abs(value);
  if (!(size > smallest)) return 0;
  const bin = 1 + Math.floor(Math.log(size / smallest) / growth);
  return value < 0 ? -bin : bin;
}

/**
 * Bins of one distribution, so that no caller's values fill memory or disk: with bins 2 % wide, enough for every value
 * within a factor of 158. What is further apart comes in fewer, wider bins.
 */
export const binsMax = 256;

/** The same bins when there are few enough; otherwise neighbours joined, two by two, until there are. */
export function boundedBins(bins: Distribution['bins']): Distribution['bins'] {
  let bounded = bins;
  for (let width = 2; bounded.length > binsMax; width *= 2) {
    const joined: [bin: number, count: number][] = [];
    for (const [bin, count] of bounded) {
      const wide = wideBin(bin, width);
      const last = joined.at(-1);
      if (last?.[0] === wide) last[1] += count;
      else joined.push([wide, count]);
    }
    bounded = joined;
  }
  return bounded;
}

/** The bin in the middle of `width` of them, which are the same ones whichever of them is asked for. */
function wideBin(bin: number, width: number): number {
  if (bin === 0) return 0;
  const size = Math.floor((Math.abs(bin) - 1) / width) * width + width / 2 + 1;
  return bin < 0 ? -size : size;
}

/** The value that stands for a bin: its geometric middle. */
export function valueOfBin(bin: number): number {
  if (bin === 0) return 0;
  const size = smallest * Math.exp((Math.abs(bin) - 0.5) * growth);
  return bin < 0 ? -size : size;
}

/** A distribution of `count` times the same value. */
export function constantValue(value: number, count = 1): Distribution {
  return { count, sum: value * count, min: value, max: value, bins: [[binOf(value), count]] };
}

/** `account/region|namespace|name|dimension=value,…`: unique for an identity. */
export function metricKey({ scope, namespace, metricName, dimensions }: MetricIdentity): string {
  const parts = dimensions.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join(',');
  return `${scope.account}/${scope.region}|${encode(namespace)}|${encode(metricName)}|${parts}`;
}

/** What the keys begin with of all metrics of a scope, of a namespace, or of a name in it. */
export function metricKeyPrefix(scope: Scope, namespace?: string, metricName?: string): string {
  const parts = [namespace, metricName].filter((part) => part !== undefined);
  return [`${scope.account}/${scope.region}`, ...parts.map(encode), ''].join('|');
}

/** Dimension names and values may have any of the separators in them. */
function encode(text: string): string {
  return text.replace(/[%|=,]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** What was seen in one stretch and in another together. */
export function addDistributions(a: Distribution, b: Distribution): Distribution {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    bins: addBins(a.bins, b.bins),
  };
}

function addBins(a: Distribution['bins'], b: Distribution['bins']): Distribution['bins'] {
  const bins: (readonly [number, number])[] = [];
  let [left, right] = [0, 0];
  while (left < a.length && right < b.length) {
    const [one, other] = [a[left]!, b[right]!];
    if (one[0] === other[0]) bins.push([one[0], one[1] + other[1]]);
    else bins.push(one[0] < other[0] ? one : other);
    if (one[0] <= other[0]) left++;
    if (other[0] <= one[0]) right++;
  }
  for (; left < a.length; left++) bins.push(a[left]!);
  for (; right < b.length; right++) bins.push(b[right]!);
  return boundedBins(bins);
}
