/**
 * A budget of tokens a minute: a bucket that holds a minute's tokens and fills steadily. Tokens are taken when a request
 * is admitted, by an estimate; what it really took is settled when it has ended, and a bucket that is below nothing
 * admits no one until it has filled again. Over any stretch of time it gives what the stretch fills and one bucket,
 * and no more than the estimates of the requests that are open were short by.
 */

export interface TokenBucket {
  /** Tokens a minute, > 0; also the most it holds. */
  readonly perMinute: number;
  /** Below 0 where requests took more than was estimated. */
  readonly level: number;
  /** When the level was right, milliseconds. */
  readonly at: number;
}

export function fullBucket(perMinute: number, now: number): TokenBucket {
  return { perMinute, level: perMinute, at: now };
}

/** The bucket at a later time. */
export function refilled(bucket: TokenBucket, now: number): TokenBucket {
  const { perMinute, level, at } = bucket;
  return { perMinute, level: Math.min(perMinute, level + ((now - at) / 60_000) * perMinute), at: now };
}

/**
 * The bucket of a budget that its owner changed: what was taken stays taken. A smaller one does not make more than a
 * minute's debt of it: nobody is locked out for what was allowed when it was taken.
 */
export function resized(bucket: TokenBucket, perMinute: number): TokenBucket {
  const kept = bucket.level + perMinute - bucket.perMinute;
  const level = Math.min(perMinute, Math.max(kept, Math.min(bucket.level, -perMinute)));
  return { ...bucket, perMinute, level };
}

/** A request of more than a minute's tokens waits for a full bucket, and leaves it empty or below. */
export function reservation(bucket: TokenBucket, tokens: number): number {
  return Math.min(tokens, bucket.perMinute);
}

/** Milliseconds until so many tokens can be taken, if nobody else takes any; 0 = now. */
export function msUntil(bucket: TokenBucket, tokens: number): number {
  const missing = reservation(bucket, tokens) - bucket.level;
  // A hair's breadth below is rounding, not debt.
  return missing <= 1e-6 ? 0 : (missing / bucket.perMinute) * 60_000;
}

/** Tokens taken; of a negative number, given back. */
export function taken(bucket: TokenBucket, tokens: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.perMinute, bucket.level - tokens) };
}
