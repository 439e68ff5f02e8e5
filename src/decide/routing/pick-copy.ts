/**
 * Which copy answers: filter, score, pick, first among groups of copies and then inside one.
 *
 * Groups without a copy with room fall out; one of the rest is chosen by its percent. A group of 0 percent is chosen
 * only while no group with a share has a copy at all, whether or not it has room: traffic that was not shifted yet
 * must not spill over. Inside the group copies without room fall out; the rest are scored by the endpoint's strategy;
 * the best wins, ties by chance for RANDOM and by id otherwise.
 *
 * This runs for every request: nothing is allocated here.
 */
import { RoutingStrategy } from '../../domain/component.js';
import { firstTokenScore, type FirstTokenTerms } from './first-token.js';
import { hashName, ownerScore } from './prefix-owner.js';

export interface RoutableCopy {
  readonly id: string;
  /** Requests handed to it and not yet ended. */
  readonly outstanding: number;
  /** Requests it may hold. */
  readonly capacity: number;
  /** `hashName` of its id, for PREFIX_AWARE; worked out for each choice when left out. */
  readonly idHash?: number;
  /** What FASTEST_FIRST_TOKEN goes by; a copy without it is expected to be immediate. */
  readonly firstToken?: FirstTokenTerms;
}

/** What a choice depends on beside the copies. */
export interface RoutingAsk {
  /** In [0, 1): which group, and which copy of RANDOM. */
  readonly chance: number;
  /** Of PREFIX_AWARE: `prefixKeyOf` the request. */
  readonly prefixKey: number;
  /** Of PREFIX_AWARE: a copy with so many requests in flight gets no more while another has fewer. */
  readonly concurrencyThreshold: number;
}

export interface RoutableGroup<Copy extends RoutableCopy> {
  /** 0..100. */
  readonly percent: number;
  /** Those that may be given requests. */
  readonly copies: readonly Copy[];
}

/** The chosen copy, or null when none has room. */
export function pickFromGroups<Copy extends RoutableCopy>(
  groups: readonly RoutableGroup<Copy>[],
  strategy: RoutingStrategy,
  ask: RoutingAsk,
): Copy | null {
  const { chance } = ask;
  if (groups.length === 1) return pickInside(groups[0]!, strategy, chance, ask);
  let sum = 0;
  let isShared = false;
  for (const group of groups) {
    if (group.percent <= 0 || group.copies.length === 0) continue;
    isShared = true;
    if (someHasRoom(group.copies)) sum += group.percent;
  }
  if (!isShared) return pickFromUnshared(groups, strategy, ask);
  let left = chance * sum;
  let last: RoutableGroup<Copy> | null = null;
  for (const group of groups) {
    if (group.percent <= 0 || !someHasRoom(group.copies)) continue;
    last = group;
    if (left < group.percent) return pickInside(group, strategy, left / group.percent, ask);
    left -= group.percent;
  }
  // Only rounding can lead here with a group in hand.
  return last === null ? null : pickInside(last, strategy, 0, ask);
}

/** No group with a share has a copy: the first that has one with room. */
function pickFromUnshared<Copy extends RoutableCopy>(
  groups: readonly RoutableGroup<Copy>[],
  strategy: RoutingStrategy,
  ask: RoutingAsk,
): Copy | null {
  for (const group of groups) {
    const picked = pickInside(group, strategy, ask.chance, ask);
    if (picked !== null) return picked;
  }
  return null;
}

function pickInside<Copy extends RoutableCopy>(
  { copies }: RoutableGroup<Copy>,
  strategy: RoutingStrategy,
  chance: number,
  ask: RoutingAsk,
): Copy | null {
  return copies[pickCopy(copies, strategy, chance, ask)] ?? null;
}

/** The index of the chosen copy, or -1 when none has room. `chance` in [0, 1) instead of that of `ask`. */
export function pickCopy(
  copies: readonly RoutableCopy[],
  strategy: RoutingStrategy,
  chance: number,
  ask: RoutingAsk,
): number {
  switch (strategy) {
    case RoutingStrategy.Random:
      return pickRandom(copies, chance);
    case RoutingStrategy.LeastOutstandingRequests:
      return pickLeastOutstanding(copies);
    case RoutingStrategy.PrefixAware:
      return pickOwner(copies, ask);
    case RoutingStrategy.FastestFirstToken:
      return pickFastest(copies);
    default:
      return strategy satisfies never;
  }
}

/** True when a choice may fall on it. */
export function hasRoom(copy: RoutableCopy): boolean {
  return copy.outstanding < copy.capacity;
}

function someHasRoom(copies: readonly RoutableCopy[]): boolean {
  for (const copy of copies) if (hasRoom(copy)) return true;
  return false;
}

function pickRandom(copies: readonly RoutableCopy[], chance: number): number {
  let withRoom = 0;
  for (const copy of copies) if (hasRoom(copy)) withRoom++;
  let skip = Math.floor(chance * withRoom);
  for (let index = 0; index < copies.length; index++) {
    if (hasRoom(copies[index]!) && skip-- === 0) return index;
  }
  return -1;
}

function pickLeastOutstanding(copies: readonly RoutableCopy[]): number {
  let best = -1;
  for (let index = 0; index < copies.length; index++) {
    const copy = copies[index]!;
    if (!hasRoom(copy)) continue;
    const chosen = copies[best];
    if (
      chosen === undefined ||
      copy.outstanding < chosen.outstanding ||
      (copy.outstanding === chosen.outstanding && copy.id < chosen.id)
    ) {
      best = index;
    }
  }
  return best;
}

/** The best owner of the prefix below the threshold; the one with the fewest requests when there is none below it. */
function pickOwner(copies: readonly RoutableCopy[], { prefixKey, concurrencyThreshold }: RoutingAsk): number {
  let best = -1;
  let bestScore = -1;
  for (let index = 0; index < copies.length; index++) {
    const copy = copies[index]!;
    if (!hasRoom(copy) || copy.outstanding >= concurrencyThreshold) continue;
    const score = ownerScore(prefixKey, copy.idHash ?? hashName(copy.id));
    if (score < bestScore || (score === bestScore && copy.id > copies[best]!.id)) continue;
    best = index;
    bestScore = score;
  }
  return best === -1 ? pickLeastOutstanding(copies) : best;
}

/** The highest score; of equals the one with the fewest requests. */
function pickFastest(copies: readonly RoutableCopy[]): number {
  let best = -1;
  let bestScore = -1;
  for (let index = 0; index < copies.length; index++) {
    const copy = copies[index]!;
    if (!hasRoom(copy)) continue;
    const score = copy.firstToken === undefined ? 1 : firstTokenScore(copy.firstToken, copy.outstanding);
    if (score < bestScore || (score === bestScore && !goesBefore(copy, copies[best]!))) continue;
    best = index;
    bestScore = score;
  }
  return best;
}

function goesBefore(copy: RoutableCopy, other: RoutableCopy): boolean {
  return (
    copy.outstanding < other.outstanding || (copy.outstanding === other.outstanding && copy.id < other.id)
  );
}
