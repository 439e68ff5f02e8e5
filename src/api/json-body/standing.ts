/**
 * Who asks, and how urgently: what fairness, budgets and the bill go by. A request may ask for a priority with the header
 * `X-Stowage-Priority` (higher goes first), or in OpenAI's bodies with vLLM's field `priority` (there lower goes first:
 * `-5` is the header's `5`); the header counts where both are. Above what its key allows it is refused.
 */
import type { Principal } from '../../contracts/identity.js';
import { type Caller, priorityMax, priorityMin } from '../../domain/inference.js';
import type { Exchange } from '../http/exchange.js';
import { badField, Fields, type JsonObject } from './fields.js';

export interface Standing {
  readonly caller: Caller;
  /** Higher goes first. */
  readonly priority: number;
}

/** `body`: OpenAI's, parsed; null = of another schema. Throws REQ-210. */
export function standingOf(
  { principal, headers }: Pick<Exchange, 'principal' | 'headers'>,
  body: JsonObject | null,
): Standing {
  const caller = principal.caller ?? usualCaller(principal);
  const header = headers['x-stowage-priority'];
  if (header !== undefined) return { caller, priority: allowed(caller, headerPriority(header)) };
  const asked = body === null ? null : new Fields(body, '').integer('priority', -priorityMax, -priorityMin);
  if (asked === null) return { caller, priority: caller.priority };
  return { caller, priority: allowed(caller, -asked, true) };
}

/** A key that nothing was said of. */
function usualCaller({ account, keyId }: Principal): Caller {
  return {
    account,
    key: keyId,
    weight: 1,
    tokensPerMinuteMax: null,
    accountWeight: 1,
    accountTokensPerMinuteMax: null,
    priority: 0,
    priorityMax: 0,
  };
}

function headerPriority(header: string | string[]): number {
  const value = typeof header === 'string' && /^[+-]?\d{1,3}$/.test(header) ? Number(header) : NaN;
  if (value >= priorityMin && value <= priorityMax) return value;
  throw badField('X-Stowage-Priority', `must be a whole number from ${priorityMin} to ${priorityMax}`);
}

function allowed(caller: Caller, priority: number, inBody = false): number {
  if (priority <= caller.priorityMax) return priority === 0 ? 0 : priority;
  throw inBody
    ? badField('priority', `must be at least ${-caller.priorityMax || 0} with this key (lower goes first)`)
    : badField('X-Stowage-Priority', `must be at most ${caller.priorityMax} with this key`);
}
