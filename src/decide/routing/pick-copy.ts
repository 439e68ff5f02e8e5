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

export interface RoutableCopy {
  readonly id: string;
  /** Requests handed to it and not yet ended. */
  readonly outstanding: number;
  /** Requests it may hold. */
  readonly capacity: number;
}

export interface RoutableGroup<Copy extends RoutableCopy> {
  /** 0..100. */
  readonly percent: number;
  /** Those that may be given requests. */
  readonly copies: readonly Copy[];
}

/** The chosen copy, or null when none has room. `chance` in [0, 1). */
export function pickFromGroups<Copy extends RoutableCopy>(
  groups: readonly RoutableGroup<Copy>[],
  strategy: RoutingStrategy,
  chance: number,
): Copy | null {
  if (groups.length === 1) return pickInside(groups[0]!, strategy, chance);
  let sum = 0;
  let isShared = false;
  for (const group of groups) {
    if (group.percent <= 0 || group.copies.length === 0) continue;
    isShared = true;
    if (someHasRoom(group.copies)) sum += group.percent;
  }
  if (!isShared) return pickFromUnshared(groups, strategy, chance);
  let left = chance * sum;
  let last: RoutableGroup<Copy> | null = null;
  for (const group of groups) {
    if (group.percent <= 0 || !someHasRoom(group.copies)) continue;
    last = group;
    if (left < group.percent) return pickInside(group, strategy, left / group.percent);
    left -= group.percent;
  }
  // Only rounding can lead here with a group in hand.
  return last === null ? null : pickInside(last, strategy, 0);
}

/** No group with a share has a copy: the first that has one with room. */
function pickFromUnshared<Copy extends RoutableCopy>(
  groups: readonly RoutableGroup<Copy>[],
  strategy: RoutingStrategy,
  chance: number,
): Copy | null {
  for (const group of groups) {
    const picked = pickInside(group, strategy, chance);
    if (picked !== null) return picked;
  }
  return null;
}

function pickInside<Copy extends RoutableCopy>(
  { copies }: RoutableGroup<Copy>,
  strategy: RoutingStrategy,
  chance: number,
): Copy | null {
  return copies[pickCopy(copies, strategy, chance)] ?? null;
}

/**
 * The index of the chosen copy, or -1 when none has room.
 * `chance` in [0, 1) is used by RANDOM only.
 */
export function pickCopy(copies: readonly RoutableCopy[], strategy: RoutingStrategy, chance: number): number {
  switch (strategy) {
    case RoutingStrategy.Random:
      return pickRandom(copies, chance);
    case RoutingStrategy.LeastOutstandingRequests:
      return pickLeastOutstanding(copies);
    default:
      return strategy satisfies never;
  }
}

function hasRoom(copy: RoutableCopy): boolean {
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
