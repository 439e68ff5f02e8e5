/**
 * Which KV sequence a request gets. llama.cpp computes together only sequences whose numbers follow each other, so the
 * first concern is that those in use stay one group; then what is kept in the free ones.
 */
import { type KeptPrefix, prefixValue } from './keep-prefix.js';

/** A slot is in use, or free and keeps a prefix of 0 tokens or more. */
export interface SlotView extends KeptPrefix {
  readonly isUsed: boolean;
}

/** A prefix that is found in a free slot; null = none, or it is elsewhere. */
export interface FoundPrefix {
  readonly slot: number;
  readonly tokens: number;
}

/**
 * Of the free slots the one that leaves the fewest groups; among those the one that has the prefix, unless more than
 * half of what it keeps would be lost; then one that keeps nothing, then the one that keeps the least value, then the
 * lowest. -1 when none is free.
 */
export function chooseSlot(slots: readonly SlotView[], found: FoundPrefix | null, now: number): number {
  let best = -1;
  let bestRank: readonly number[] = [];
  slots.forEach((slot, index) => {
    if (slot.isUsed) return;
    const isInPlace = found?.slot === index && found.tokens * 2 >= slot.tokens;
    const lost = isInPlace ? -1 : prefixValue(slot, now);
    const rank = [groupsAdded(slots, index), lost];
    if (best >= 0 && !isLess(rank, bestRank)) return;
    best = index;
    bestRank = rank;
  });
  return best;
}

/** A sequence that moves: from the highest slot in use to the lowest gap below it; null when there is no gap. */
export function findMove(isUsed: readonly boolean[]): { readonly from: number; readonly to: number } | null {
  const from = isUsed.lastIndexOf(true);
  const first = isUsed.indexOf(true);
  const to = isUsed.indexOf(false, first);
  return first < 0 || to < 0 || to > from ? null : { from, to };
}

/** What moving a sequence would cost, and how long it will go on. */
export interface MoveCost {
  /** Milliseconds. */
  readonly copyMs: number;
  readonly tokensLeft: number;
  /** Milliseconds of a step. */
  readonly decodeMs: number;
}

/** What a gap adds to a step's time at least: the weights are read once more. */
const gapShareMin = 0.1;
/** Nobody knows how soon an answer ends. */
const tokensAheadMax = 64;

export function isMoveWorthIt({ copyMs, tokensLeft, decodeMs }: MoveCost): boolean {
  return copyMs <= Math.min(tokensLeft, tokensAheadMax) * decodeMs * gapShareMin;
}

/** -1 when it joins two groups of used slots, 0 when it continues one or is the first, 1 when it stands alone. */
function groupsAdded(slots: readonly SlotView[], index: number): number {
  if (!slots.some(({ isUsed }) => isUsed)) return 0;
  const before = slots[index - 1]?.isUsed === true ? 1 : 0;
  const after = slots[index + 1]?.isUsed === true ? 1 : 0;
  return 1 - before - after;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const differs = a.findIndex((value, place) => value !== b[place]);
  return differs >= 0 && a[differs]! < b[differs]!;
}
