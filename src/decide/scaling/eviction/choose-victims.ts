/**
 * Which copies give their room to one that requests wait for: filter by what may go, score by what it is worth, pick
 * the least valuable set that suffices and is no larger than it must be. Idle copies come before busy ones.
 *
 * No thrashing: a copy that goes has been ready for `quantumColdStarts` times its cold start, so that swaps take at most
 * one part in `1 + quantumColdStarts` of the time; a busy one for `quantumMsMin` at least as well.
 *
 * Never: a busy copy of a higher priority than the need; a set that does not make enough room.
 */
import { place } from '../../placement/place.js';
import { copyValue } from './copy-value.js';
import type {
  EvictableCopy,
  EvictionDecision,
  EvictionLimits,
  EvictionNeed,
  EvictionSituation,
  Victim,
} from './situation.js';

export function chooseVictims(situation: EvictionSituation): EvictionDecision {
  const { need, copies, limits } = situation;
  const spared = new Map<string, string>();
  const idle: EvictableCopy[] = [];
  const all: EvictableCopy[] = [];
  let againMs: number | null = null;
  for (const copy of byValue(copies)) {
    if (copy.workload === need.request.workload) continue;
    const stay = whyStays(copy, need, limits);
    if (stay === null) {
      all.push(copy);
      if (copy.idleMs > 0) idle.push(copy);
      continue;
    }
    spared.set(copy.id, stay.reason);
    if (stay.againMs !== null) againMs = Math.min(againMs ?? Infinity, stay.againMs);
  }
  const chosen = smallestSet(situation, idle) ?? smallestSet(situation, all);
  if (chosen === null) return { victims: [], spared, againMs };
  return { victims: chosen.map((copy) => victimOf(copy, need)), spared, againMs: null };
}

/** How long a copy is left in peace after it became ready, milliseconds. */
export function quantumMs(
  copy: Pick<EvictableCopy, 'idleMs' | 'coldStartMs'>,
  limits: EvictionLimits,
): number {
  const { quantumColdStarts, quantumMsMin, swapMs } = limits;
  if (copy.idleMs > 0) return quantumColdStarts * copy.coldStartMs;
  return Math.max(quantumMsMin, quantumColdStarts * (copy.coldStartMs + swapMs));
}

function whyStays(
  copy: EvictableCopy,
  need: EvictionNeed,
  limits: EvictionLimits,
): { readonly reason: string; readonly againMs: number | null } | null {
  const isHigher = copy.priority > need.priority;
  if (isHigher && copy.idleMs === 0) {
    return { reason: `it is busy and has priority ${copy.priority}`, againMs: null };
  }
  const leftMs = quantumMs(copy, limits) - copy.readyMs;
  if (leftMs > 0) return { reason: `it has its turn for ${Math.ceil(leftMs)} ms more`, againMs: leftMs };
  const idleLeftMs = limits.higherPriorityIdleMs - copy.idleMs;
  if (isHigher && idleLeftMs > 0) {
    return { reason: `it has priority ${copy.priority} and was busy lately`, againMs: idleLeftMs };
  }
  return null;
}

function byValue(copies: readonly EvictableCopy[]): readonly EvictableCopy[] {
  const values = new Map(copies.map((copy) => [copy, copyValue(copy)]));
  return [...copies].sort((a, b) => values.get(a)! - values.get(b)! || (a.id < b.id ? -1 : 1));
}

/** The least valuable copy that suffices alone, or the least valuable ones together without any that is not needed. */
function smallestSet(
  situation: EvictionSituation,
  candidates: readonly EvictableCopy[],
): readonly EvictableCopy[] | null {
  const alone = candidates.find((copy) => isEnough(situation, [copy]));
  if (alone !== undefined) return [alone];
  if (!isEnough(situation, candidates)) return null;
  // The most valuable ones are spared first.
  return [...candidates].reverse().reduce<readonly EvictableCopy[]>((kept, copy) => {
    const without = kept.filter((other) => other !== copy);
    return isEnough(situation, without) ? without : kept;
  }, candidates);
}

/** True when the copy has room, and memory on the host of that room, once these have gone. */
function isEnough(
  { need, rooms, hostFreeBytes }: EvictionSituation,
  gone: readonly EvictableCopy[],
): boolean {
  const emptied = rooms.map((room) => {
    const going = gone.filter(({ instance }) => instance === room.instance).map(({ placed }) => placed);
    return { ...room, residents: room.residents.filter((resident) => !going.includes(resident)) };
  });
  const withMemory = emptied.filter(({ host }) => {
    const freed = gone.filter((copy) => copy.host === host).reduce((sum, one) => sum + one.memoryBytes, 0);
    return (hostFreeBytes.get(host) ?? Infinity) + freed >= need.memoryBytes;
  });
  return place([{ ...need.request, count: 1 }], withMemory).placements.length > 0;
}

function victimOf(copy: EvictableCopy, need: EvictionNeed): Victim {
  const waits = `${need.waiting} requests wait for ${need.request.workload}`;
  if (copy.idleMs > 0) {
    const idle = `it was idle for ${Math.round(copy.idleMs / 1000)} s, priority ${copy.priority}`;
    return { id: copy.id, kind: 'evict', reason: `${waits}, and ${idle}` };
  }
  return { id: copy.id, kind: 'yield', reason: `${waits}, and it has had its turn` };
}
