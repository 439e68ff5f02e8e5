/**
 * Why a copy has no place, for people: what it needs, how much of that the best instance has free, and who holds the
 * rest. Told about the instance that comes closest, because that is where room is to be made.
 */
import type { FreeRoom } from './free-room.js';
import { type Need, needOn, wholeCore, wholeDevice } from './needs.js';
import type { PlacedCopy, PlacementRequest } from './placement.js';

/** Holders that are named. */
const holdersMax = 3;

interface Candidate {
  readonly room: FreeRoom;
  readonly need: Need;
}

/** One thing that a copy needs of an instance. */
interface Measure {
  /** In the measure's own unit; 0 = not needed. */
  needed(need: Need): number;
  /** The largest block that one copy could have. */
  free(room: FreeRoom, need: Need): number;
  capacity(room: FreeRoom): number;
  held(copy: PlacedCopy): number;
  /** `2 accelerators`, `1.5 GiB of memory`. */
  text(amount: number): string;
}

/** `rooms` are as full as they were when no place was found. */
export function shortageOf(request: PlacementRequest, rooms: readonly FreeRoom[]): string {
  if (rooms.length === 0) return 'There is no instance that takes copies.';
  const candidates = rooms.flatMap((room) => {
    const need = needOn(request, room.kind);
    return need === null ? [] : [{ room, need }];
  });
  if (candidates.length === 0) return wrongTypes(request, rooms);
  const [closest] = candidates
    .map((candidate) => ({ candidate, missing: missingOf(candidate) }))
    .sort((a, b) => a.missing.length - b.missing.length || worst(a) - worst(b));
  const { candidate, missing } = closest!;
  const clauses = missing.map((measure) => clauseOf(measure, candidate, candidates));
  return `It ${clauses.join('; it ')}.`;
}

function wrongTypes({ requirements }: PlacementRequest, rooms: readonly FreeRoom[]): string {
  const named = requirements.map(({ instanceType }) => instanceType).join(', ');
  const there = [...new Set(rooms.map(({ kind }) => kind.type))].join(', ');
  return `It is specified for ${named}, and there are only instances of ${there}.`;
}

/** How little of what is scarcest is free, as a part of what is needed; smaller = closer to enough. */
function worst({ candidate, missing }: { candidate: Candidate; missing: readonly Measure[] }): number {
  const { room, need } = candidate;
  return -Math.min(...missing.map((measure) => measure.free(room, need) / measure.needed(need)));
}

function missingOf({ room, need }: Candidate): readonly Measure[] {
  return measures.filter((measure) => measure.needed(need) > measure.free(room, need));
}

function clauseOf(measure: Measure, closest: Candidate, candidates: readonly Candidate[]): string {
  const needs = `needs ${measure.text(measure.needed(closest.need))}`;
  const largest = Math.max(...candidates.map(({ room }) => measure.capacity(room)));
  const isImpossible = candidates.every(({ room, need }) => measure.needed(need) > measure.capacity(room));
  if (isImpossible) return `${needs}; the largest instance has ${amountText(measure, largest)}`;
  const { room, need } = candidates.reduce((best, one) =>
    measure.free(one.room, one.need) > measure.free(best.room, best.need) ? one : best,
  );
  const isElsewhere = measure.free(room, need) >= measure.needed(need);
  const shown = isElsewhere ? closest : { room, need };
  const free = Math.max(0, measure.free(shown.room, shown.need));
  const where = isElsewhere
    ? `where all else fits, ${shown.room.room.instance}, has`
    : 'the largest free block is';
  return `${needs}; ${where} ${amountText(measure, free)}${holdersText(measure, shown.room)}`;
}

function holdersText(measure: Measure, { room }: FreeRoom): string {
  const held = new Map<string, number>();
  for (const copy of room.residents) {
    held.set(copy.workload, (held.get(copy.workload) ?? 0) + measure.held(copy));
  }
  const holders = [...held].filter(([, amount]) => amount > 0).sort(([, a], [, b]) => b - a);
  if (holders.length === 0) return ', the rest is taken by copies that are placed with it';
  const named = holders
    .slice(0, holdersMax)
    .map(([workload, amount]) => `\`${shortName(workload)}\` holds ${amountText(measure, amount)}`);
  const more = holders.length > holdersMax ? `, ${holders.length - holdersMax} more the rest` : '';
  return `; on ${room.instance} ${named.join(', ')}${more}`;
}

/** The name without account, region and endpoint. */
function shortName(workload: string): string {
  return workload.slice(workload.lastIndexOf('/') + 1);
}

/** The amount without its noun, where the noun has just been said. */
function amountText(measure: Measure, amount: number): string {
  return measure.text(amount).replace(/ (of|accelerators?|cores?)\b.*$/, '');
}

function bytesText(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  if (gibibytes < 1) return `${Math.round(bytes / 2 ** 20)} MiB`;
  return `${Number(gibibytes.toFixed(2))} GiB`;
}

function countText(amount: number, noun: string): string {
  const shown = Number(amount.toFixed(2));
  return `${shown} ${noun}${shown === 1 ? '' : 's'}`;
}

const measures: readonly Measure[] = [
  {
    needed: ({ cpus }) => cpus,
    free: (room) => room.cpus,
    capacity: ({ kind }) => kind.capacity.cpus * wholeCore,
    held: ({ cpus }) => cpus * wholeCore,
    text: (amount) => countText(amount / wholeCore, 'core'),
  },
  {
    needed: ({ memoryBytes }) => memoryBytes,
    free: (room) => room.memoryBytes,
    capacity: ({ kind }) => kind.capacity.memoryBytes,
    held: ({ memoryBytes }) => memoryBytes,
    text: (bytes) => `${bytesText(bytes)} of memory`,
  },
  {
    needed: ({ devices }) => devices,
    free: (room) => room.devices,
    capacity: ({ kind }) => kind.capacity.accelerators,
    held: ({ accelerators }) => accelerators.length,
    text: (amount) => countText(amount, 'accelerator'),
  },
  {
    needed: ({ share }) => share,
    free: (room) => Math.max(0, room.shareMax),
    capacity: ({ kind }) => (kind.capacity.accelerators > 0 ? wholeDevice : 0),
    held: ({ accelerators }) => accelerators.reduce((sum, { share }) => sum + share * wholeDevice, 0),
    text: (amount) => `${Number((amount / wholeDevice).toFixed(3))} of an accelerator`,
  },
  {
    needed: ({ deviceBytes }) => deviceBytes,
    free: (room, { share }) => room.deviceBytesFreeBeside(share),
    capacity: ({ kind }) => kind.capacity.acceleratorMemoryBytes,
    held: ({ accelerators }) => accelerators.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    text: (bytes) => `${bytesText(bytes)} of accelerator memory`,
  },
];
