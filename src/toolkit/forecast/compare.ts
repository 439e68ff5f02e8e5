/** Several policies on one trace, one after the other. */
import { runForecast } from './forecast.js';
import type { ForecastInput } from './forecast-input.js';
import type { ForecastResult } from './forecast-result.js';
import { type ForecastPolicy, inputOf, type PolicyOptions } from './policies.js';

export interface PolicyForecast {
  readonly policy: ForecastPolicy;
  readonly result: ForecastResult;
}

/** `onProgress`: which policy runs, and what is done of all, 0..1. */
export function forecastPolicies(
  policies: readonly ForecastPolicy[],
  input: ForecastInput,
  options: PolicyOptions,
  onProgress: (policy: ForecastPolicy, done: number) => void,
): readonly PolicyForecast[] {
  return policies.map((policy, index) => {
    onProgress(policy, index / policies.length);
    const chosen = inputOf(policy, input, options);
    const result = runForecast(chosen, (done) => onProgress(policy, (index + done) / policies.length));
    return { policy, result };
  });
}
