/** What a copy is worth where it is, in [0, 1]: the least valuable one goes first. */
import type { EvictableCopy } from './situation.js';

/** The declared priority counts for more than all that is measured together. */
const weights = { priority: 0.55, recency: 0.2, cost: 0.15, waiting: 0.1 } as const;
/** A copy that was used so long ago is half as recent, milliseconds. */
const halfIdleMs = 60_000;
/** A cost of so much counts half. */
const halfCost = 10;
/** So many requests that wait count half. */
const halfWaiting = 4;

export function copyValue({ priority, cost, idleMs, waiting }: EvictableCopy): number {
  return (
    weights.priority * (priority / 100) +
    weights.recency * (halfIdleMs / (halfIdleMs + idleMs)) +
    weights.cost * (cost / (halfCost + cost)) +
    weights.waiting * (waiting / (halfWaiting + waiting))
  );
}
