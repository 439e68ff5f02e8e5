/**
 * Budgets of tokens a minute, of keys and of accounts. A request's tokens are taken when it is admitted and settled when
 * it has ended, with what it really took; both of its buckets have room or it is refused.
 *
 * In memory, of one serving process: after a restart every budget is whole again.
 */
import type { Clock } from '../contracts/clock.js';
import {
  fullBucket,
  msUntil,
  refilled,
  reservation,
  resized,
  taken,
  type TokenBucket,
} from '../decide/fairness/token-bucket.js';
import { StowageError } from '../domain/errors.js';
import type { BudgetOwner, Caller } from '../domain/inference.js';
import type { BudgetDesk, BudgetState } from './facade.js';

/** Budgets that are remembered; beyond it those that are whole go, then those that were used longest ago. */
export const bucketsMax = 20_000;

/** Tokens taken for one request, until it is settled. */
export interface Reservation {
  readonly caller: Caller;
  /** Of the key's bucket and of the account's; less than was asked for where a bucket is smaller. */
  readonly ofKey: number;
  readonly ofAccount: number;
}

export interface BudgetRefusal {
  readonly owner: BudgetOwner;
  readonly error: StowageError;
}

export class Budgets implements BudgetDesk {
  /** By owner and id, the one used last at the end. */
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly clock: Clock) {}

  /** Takes the tokens, or says why not; null = the caller has no budget. */
  reserve(caller: Caller, tokens: number): Reservation | BudgetRefusal | null {
    if (!hasBudget(caller)) return null;
    const { tokensPerMinuteMax, accountTokensPerMinuteMax } = caller;
    const key = this.bucketOf('key', caller.key, tokensPerMinuteMax);
    const account = this.bucketOf('account', caller.account, accountTokensPerMinuteMax);
    const keyMs = key === null ? 0 : msUntil(key, tokens);
    const accountMs = account === null ? 0 : msUntil(account, tokens);
    if (keyMs > 0 || accountMs > 0) {
      const owner = keyMs >= accountMs ? 'key' : 'account';
      const bucket = (owner === 'key' ? key : account)!;
      return { owner, error: refusalOf(owner, caller, bucket, tokens, Math.max(keyMs, accountMs)) };
    }
    const ofKey = key === null ? 0 : reservation(key, tokens);
    const ofAccount = account === null ? 0 : reservation(account, tokens);
    if (key !== null) this.keep('key', caller.key, taken(key, ofKey));
    if (account !== null) this.keep('account', caller.account, taken(account, ofAccount));
    return { caller, ofKey, ofAccount };
  }

  /** The request has ended and took so many tokens in all. */
  settle({ caller, ofKey, ofAccount }: Reservation, tokens: number): void {
    const key = this.bucketOf('key', caller.key, caller.tokensPerMinuteMax);
    if (key !== null) this.keep('key', caller.key, taken(key, tokens - ofKey));
    const account = this.bucketOf('account', caller.account, caller.accountTokensPerMinuteMax);
    if (account !== null) this.keep('account', caller.account, taken(account, tokens - ofAccount));
  }

  budgetOf(caller: Caller): BudgetState | null {
    const states = [
      this.bucketOf('key', caller.key, caller.tokensPerMinuteMax),
      this.bucketOf('account', caller.account, caller.accountTokensPerMinuteMax),
    ].flatMap((bucket) => (bucket === null ? [] : [stateOf(bucket)]));
    if (states.length === 0) return null;
    return states.reduce((least, one) => (one.remaining < least.remaining ? one : least));
  }

  /** As it is now; null = there is no such budget. */
  private bucketOf(owner: BudgetOwner, id: string, perMinute: number | null): TokenBucket | null {
    if (perMinute === null) return null;
    const now = this.clock.now();
    const known = this.buckets.get(`${owner}:${id}`);
    if (known === undefined) return fullBucket(perMinute, now);
    const filled = refilled(known, now);
    return filled.perMinute === perMinute ? filled : resized(filled, perMinute);
  }

  private keep(owner: BudgetOwner, id: string, bucket: TokenBucket): void {
    const name = `${owner}:${id}`;
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    if (this.buckets.size > bucketsMax) this.forget();
  }

  private forget(): void {
    const now = this.clock.now();
    for (const [name, bucket] of this.buckets) {
      if (refilled(bucket, now).level >= bucket.perMinute) this.buckets.delete(name);
    }
    for (const name of this.buckets.keys()) {
      if (this.buckets.size <= bucketsMax) break;
      this.buckets.delete(name);
    }
  }
}

/** True when its key or its account has a budget. */
export function hasBudget({ tokensPerMinuteMax, accountTokensPerMinuteMax }: Caller): boolean {
  return tokensPerMinuteMax !== null || accountTokensPerMinuteMax !== null;
}

function stateOf(bucket: TokenBucket): BudgetState {
  return {
    tokensPerMinuteMax: bucket.perMinute,
    remaining: Math.max(0, bucket.level),
    resetMs: msUntil(bucket, bucket.perMinute),
  };
}

function refusalOf(
  owner: BudgetOwner,
  caller: Caller,
  bucket: TokenBucket,
  tokens: number,
  waitMs: number,
): StowageError {
  return StowageError.of(
    'LIMIT-720',
    {
      owner: owner === 'key' ? `key ${caller.key}` : `account ${caller.account}`,
      limit: bucket.perMinute,
      remaining: Math.floor(Math.max(0, bucket.level)),
      tokens,
    },
    { retryAfterSeconds: waitMs / 1000 },
  );
}
