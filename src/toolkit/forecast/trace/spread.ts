/**
 * From a trace's rows to requests of components: which rows count, when, and whom they are for. Rows that name no
 * component are spread by a stated law, each by itself, from a seed.
 */
import { pickWeighted } from '../../../decide/routing/pick-weighted.js';
import type { ForecastRequest } from '../forecast-input.js';
import { seededChance } from '../seeded-chance.js';
import type { TraceRow } from './trace-row.js';

/** How rows that name no component are spread; in the order in which the configuration names the components. */
export type SpreadLaw =
  | { readonly kind: 'uniform' }
  /** The r-th component gets a share in proportion to 1 / r^exponent. */
  | { readonly kind: 'zipf'; readonly exponent: number }
  /** By name; those not named get nothing. */
  | { readonly kind: 'weights'; readonly weights: ReadonlyMap<string, number> };

export interface SpreadOptions {
  readonly law: SpreadLaw;
  /** Each row counts with this probability, (0, 1]. */
  readonly scale: number;
  /** Time runs so many times faster, > 0. */
  readonly speed: number;
  /** Rows after it, once time runs faster, are left out; milliseconds; null = all count. */
  readonly durationMsMax: number | null;
  readonly seed: number;
}

export interface SpreadTrace {
  readonly requests: readonly ForecastRequest[];
  /** From the first request to the last, or as long as was asked for; at least one millisecond. */
  readonly durationMs: number;
  /** Rows by the component they name, where there is no such component. */
  readonly unknown: ReadonlyMap<string, number>;
}

export function spreadTrace(
  rows: readonly TraceRow[],
  components: readonly string[],
  { law, scale, speed, durationMsMax, seed }: SpreadOptions,
): SpreadTrace {
  const weighted = components.map((name, index) => ({ weight: weightOf(law, name, index) }));
  const places = placesOf(components);
  const thinning = seededChance(seed);
  const choosing = seededChance(seed + 1);
  const unknown = new Map<string, number>();
  const requests: ForecastRequest[] = [];
  for (const row of rows) {
    const { endpoint = '', component: name, promptTokens, outputTokens, cachedTokens, prefixBlocks } = row;
    const atMs = row.at / speed;
    if (durationMsMax !== null && atMs >= durationMsMax) break;
    // Asked for each row, so that whom a row is for does not depend on which others count.
    const component =
      name === null
        ? pickWeighted(weighted, choosing())
        : (places.get(`${endpoint}/${name}`) ?? places.get(name) ?? -1);
    if (thinning() >= scale) continue;
    if (component < 0) unknown.set(name ?? '', (unknown.get(name ?? '') ?? 0) + 1);
    else requests.push({ atMs, component, promptTokens, outputTokens, cachedTokens, prefixBlocks });
  }
  const end = (rows.at(-1)?.at ?? 0) / speed;
  return { requests, durationMs: Math.max(1, Math.min(end + 1, durationMsMax ?? Infinity)), unknown };
}

/**
 * By name. A variant's own model is `ENDPOINT/VARIANT`; a row that names no endpoint, or another one, means it by the
 * variant alone where nothing else has that name.
 */
function placesOf(components: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map(components.map((name, index) => [name, index]));
  const variants = components.map((name) => name.split('/')[1] ?? null);
  for (const [index, variant] of variants.entries()) {
    if (variant === null || places.has(variant)) continue;
    if (variants.indexOf(variant) === variants.lastIndexOf(variant)) places.set(variant, index);
  }
  return places;
}

function weightOf(law: SpreadLaw, name: string, index: number): number {
  switch (law.kind) {
    case 'uniform':
      return 1;
    case 'zipf':
      return (index + 1) ** -law.exponent;
    case 'weights':
      return law.weights.get(name) ?? 0;
    default:
      return law satisfies never;
  }
}
