/**
 * On which rung of the ladder an idle copy stands: the cheapest from which it still wakes within the objective, given
 * when it is expected to be used again.
 *
 * A rung costs the memory it holds for as long as nothing comes, and what the next request waits longer than it may:
 *
 *   cost(rung) = GiB held × price of a GiB-hour × hours until the next use
 *              + price of a second of work × wake time
 *              + price of a second too late × max(0, wake time − objective)
 *
 * Memory pressure multiplies the price of memory: at no pressure it costs what it is declared to, at full pressure a
 * copy that holds it keeps another one out.
 */

/** From the fastest to wake and dearest to keep, to the slowest and cheapest. */
export const Rung = {
  /** It has everything and computes at once. */
  Awake: 'awake',
  /** Its process keeps the weights and has given back the KV cache and the compute buffers. */
  Asleep: 'asleep',
  /** No process; the file is in the page cache as far as the kernel left it there. Nobody pins it. */
  PageCache: 'page-cache',
  /** No process; the file is on this machine's disk. */
  Disk: 'disk',
  /** The file has to be fetched again. */
  Remote: 'remote',
} as const;
export type Rung = (typeof Rung)[keyof typeof Rung];

/** What a rung means for one copy. */
export interface RungFacts {
  readonly rung: Rung;
  /** From a request to its first token, milliseconds, beyond that of a copy that is awake; measured. */
  readonly wakeMs: number;
  /** Memory held that others could use, bytes. Pages of the cache are not held. */
  readonly heldBytes: number;
}

export interface RungSituation {
  /** The rungs that this copy can stand on; at least one. */
  readonly rungs: readonly RungFacts[];
  /** Until the next request, milliseconds; null = nobody knows: as long again as it has been idle. */
  readonly expectedMs: number | null;
  readonly idleMs: number;
  /** Part of the memory that is spoken for, 0..1. */
  readonly pressure: number;
  /** What a first token may take more than on a copy that is awake, milliseconds. */
  readonly objectiveMs: number;
  readonly prices: RungPrices;
}

/** In any one currency. */
export interface RungPrices {
  /** A GiB of memory for an hour. */
  readonly memoryGibHour: number;
  /** A second in which a copy wakes and computes nothing. */
  readonly wakeSecond: number;
  /** A second that a request waits beyond its objective. */
  readonly lateSecond: number;
}

export interface RungDecision {
  readonly rung: Rung;
  readonly reason: string;
}

/** US dollars: memory as clouds sell it beside cores, and a late answer at a cent a second. */
export const rungPrices: RungPrices = { memoryGibHour: 0.005, wakeSecond: 0.0001, lateSecond: 0.01 };
const gibibyte = 1024 ** 3;
/** How much dearer memory is when none is left. */
const pressureFactor = 99;

export function chooseRung(situation: RungSituation): RungDecision {
  const { idleMs, expectedMs, rungs } = situation;
  const untilMs = expectedMs ?? idleMs;
  const priced = rungs.map((facts) => ({ facts, cost: costOf(facts, untilMs, situation) }));
  const best = priced.reduce((one, other) => (other.cost < one.cost ? other : one));
  const { rung, wakeMs } = best.facts;
  const when =
    expectedMs === null ? 'nobody knows when it is used again' : `it is used again in ${seconds(expectedMs)}`;
  return {
    rung,
    reason: `idle for ${seconds(idleMs)}, ${when}; from ${rung} it wakes in ${seconds(wakeMs)}`,
  };
}

function costOf(
  { wakeMs, heldBytes }: RungFacts,
  untilMs: number,
  { pressure, objectiveMs, prices }: RungSituation,
): number {
  const gibHours = (heldBytes / gibibyte) * (untilMs / 3_600_000);
  // Squared: memory that nobody asks for is cheap until little is left.
  const scarcity = 1 + pressureFactor * pressure ** 2;
  const lateSeconds = Math.max(0, wakeMs - objectiveMs) / 1000;
  return (
    gibHours * prices.memoryGibHour * scarcity +
    (wakeMs / 1000) * prices.wakeSecond +
    lateSeconds * prices.lateSecond
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
