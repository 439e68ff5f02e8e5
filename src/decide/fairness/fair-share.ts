/**
 * Who goes next when there is not room for all. Strictly by priority, but for turns that classes behind get so that none
 * starves; within a class start-time fair queuing (Goyal, Vin and Cheng, 1996) by account and then by key: a share that
 * was served has a start tag that is ahead by what it cost over its weight, and the smallest start tag goes next.
 */

/**
 * A class that was passed over so many times in a row goes next. So a class that waits gets at least one of every
 * 16 hand-overs, plus one for each class more that waits as well: that is the bound of how long a low priority can be
 * kept waiting.
 */
export const passedOverMax = 15;

/** Requests of one priority that wait. */
export interface WaitingClass {
  /** Higher goes first. */
  readonly priority: number;
  /** Hand-overs to others since one of this class was handed over or began to wait. */
  readonly passedOver: number;
}

/** Which class goes next; classes that nobody waits in are not among them. Null when there is none. */
export function nextClass<Class extends WaitingClass>(classes: Iterable<Class>): Class | null {
  let best: Class | null = null;
  for (const one of classes) if (best === null || goesBefore(one, best)) best = one;
  return best;
}

function goesBefore(one: WaitingClass, other: WaitingClass): boolean {
  const isDue = one.passedOver >= passedOverMax;
  const isOtherDue = other.passedOver >= passedOverMax;
  if (isDue !== isOtherDue) return isDue;
  if (isDue && one.passedOver !== other.passedOver) return one.passedOver > other.passedOver;
  return one.priority > other.priority;
}

/** The start tag of a share that begins to wait: it has no claim to the time in which it asked for nothing. */
export function startTag(virtualTime: number, finishBefore: number): number {
  return Math.max(virtualTime, finishBefore);
}

/** The tag after a hand-over of `cost` tokens; what a hand-over turned out to cost more or less is added alike. */
export function finishTag(start: number, cost: number, weight: number): number {
  return start + cost / weight;
}

/** How much of a queue a share holds for its weight. */
export function occupancy(waiting: number, weight: number): number {
  return waiting / weight;
}

/** What a share holds of a full queue. */
export interface Holding {
  readonly waiting: number;
  readonly weight: number;
}

/**
 * True when one that holds much gives a place to one that holds little: afterwards the newcomer holds no more for its
 * weight than the other, so that no two push each other out in turn.
 */
export function givesWay(holder: Holding, newcomer: Holding): boolean {
  return occupancy(newcomer.waiting + 1, newcomer.weight) <= occupancy(holder.waiting - 1, holder.weight);
}
