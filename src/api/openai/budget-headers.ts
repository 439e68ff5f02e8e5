/**
 * What callers with a budget of tokens are told of it with each answer, under OpenAI's names:
 * `x-ratelimit-limit-tokens`, `x-ratelimit-remaining-tokens` and `x-ratelimit-reset-tokens` (when the whole budget is
 * there again, such as `6m0s` or `120ms`).
 */
import type { Caller } from '../../domain/inference.js';
import type { BudgetDesk, BudgetState } from '../../serving/facade.js';
import type { Exchange } from '../http/exchange.js';
import { withHeaders } from '../http/with-headers.js';

/** The exchange, whose answers tell of the budget as it is when their head is written; the same where there is none. */
export function budgetedExchange(
  exchange: Exchange,
  caller: Caller,
  budgets: BudgetDesk | undefined,
): Exchange {
  const { tokensPerMinuteMax, accountTokensPerMinuteMax } = caller;
  if (budgets === undefined) return exchange;
  if (tokensPerMinuteMax === null && accountTokensPerMinuteMax === null) return exchange;
  return withHeaders(exchange, (headers) => {
    const state = budgets.budgetOf(caller);
    return state === null ? headers : { ...headers, ...headersOf(state) };
  });
}

function headersOf({ tokensPerMinuteMax, remaining, resetMs }: BudgetState): Record<string, string> {
  return {
    'x-ratelimit-limit-tokens': String(tokensPerMinuteMax),
    'x-ratelimit-remaining-tokens': String(Math.floor(remaining)),
    'x-ratelimit-reset-tokens': durationText(resetMs),
  };
}

/** As OpenAI writes them: `120ms`, `7.66s`, `6m0s`. */
export function durationText(milliseconds: number): string {
  const whole = Math.ceil(milliseconds);
  if (whole < 1000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = String(Math.round(whole % 60_000) / 1000);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
