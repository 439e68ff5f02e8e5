/** A trace of one service as the traffic of many models: each request is given to a model by a law of popularity. */
import type { TraceArrival } from '../../src/toolkit/benchmark/trace.js';
import { seededChance } from '../../src/toolkit/forecast/seeded-chance.js';
import type { ForecastRequest } from '../../src/toolkit/forecast/forecast-input.js';

/** Zipf's law with exponent 1: the model of rank k gets a part of the requests in proportion to 1/k. */
export function spread(arrivals: readonly TraceArrival[], models: number, seed: number): ForecastRequest[] {
  const chance = seededChance(seed);
  const weights = Array.from({ length: models }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return arrivals.map(({ atMs, promptTokens, outputTokens }) => {
    let left = chance() * total;
    let component = 0;
    while (component < models - 1 && left >= weights[component]!) left -= weights[component++]!;
    return { atMs, component, promptTokens, outputTokens, cachedTokens: null, prefixBlocks: null };
  });
}
