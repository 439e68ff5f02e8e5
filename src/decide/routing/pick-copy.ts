/**
 * Which copy answers: filter, score, pick. Copies without room fall out; the rest are scored in [0, 1] by the
 * endpoint's strategy; the best wins, ties by chance for RANDOM and by id otherwise.
 */
import { RoutingStrategy } from '../../domain/component.js';

export interface RoutableCopy {
  readonly id: string;
  /** Requests handed to it and not yet ended. */
  readonly outstanding: number;
  /** Requests it may hold. */
  readonly capacity: number;
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

function pickRandom(copies: readonly RoutableCopy[], chance: number): number {
  let withRoom = 0;
  for (const copy of copies) if (hasRoom(copy)) withRoom++;
  let skip = Math.floor(chance * withRoom);
  return copies.findIndex((copy) => hasRoom(copy) && skip-- === 0);
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
