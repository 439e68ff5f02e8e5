/** A request on its way through the replay. */
import type { ForecastRequest } from '../forecast-input.js';

export interface ReplayFlight {
  readonly request: ForecastRequest;
  /** What PREFIX_AWARE goes by, 32 bits. */
  readonly prefixKey: number;
  /** Prompt tokens that are not computed yet; set when a copy begins it. */
  prefillLeft: number;
  /** Tokens still to be generated. */
  outputLeft: number;
  cachedTokens: number;
  /** Milliseconds; null = not yet. */
  firstTokenAt: number | null;
  isEnded: boolean;
}

export function newFlight(request: ForecastRequest, prefixKey: number): ReplayFlight {
  return {
    request,
    prefixKey,
    prefillLeft: request.promptTokens,
    outputLeft: Math.max(1, request.outputTokens),
    cachedTokens: 0,
    firstTokenAt: null,
    isEnded: false,
  };
}
