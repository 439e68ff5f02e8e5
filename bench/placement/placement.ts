/**
 * How long a placement plan takes and how tight it is, as the fleet grows: all copies at once from empty instances, and
 * one workload that wants ten more copies of a full fleet. Pure computation in this process; nothing is started.
 */
import {
  place,
  type PlacedCopy,
  type Placement,
  type PlacementRequest,
  type PlacementRoom,
} from '../../src/decide/placement/place.js';
import { percentile } from '../../src/toolkit/benchmark/statistics.js';
import type { Bench, BenchContext } from '../bench.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { emptyRooms, evenZonesBound, type Mix, mixes, requestsOf, volumeBound } from './mixes.js';

const planMsMax = 100;
const overBoundMax = 1.02;
/** Instances beside the bound, so that a loose packing shows as more instances and not as copies without a place. */
const spareRooms = 1.1;
const copiesOfOneChange = 10;

interface Strategy extends Pick<PlacementRequest, 'strategy' | 'zoneBalance'> {
  readonly name: string;
}

const strategies: readonly Strategy[] = [
  { name: 'BINPACK', strategy: 'BINPACK', zoneBalance: null },
  { name: 'BINPACK, zones even', strategy: 'BINPACK', zoneBalance: { maxImbalance: 1 } },
  { name: 'SPREAD', strategy: 'SPREAD', zoneBalance: null },
  { name: 'SPREAD, zones even', strategy: 'SPREAD', zoneBalance: { maxImbalance: 1 } },
];

export const placementBench: Bench = {
  name: 'placement',
  measures:
    'Milliseconds of a placement plan and instances it uses, against the bound that no packing beats.',
  run: (context) => {
    const [first] = mixes;
    const rows = [
      ...mixes.flatMap((mix) => measure(context, mix, strategies[0]!, 10_000)),
      ...mixes.flatMap((mix) => measure(context, mix, strategies[1]!, 10_000)),
      ...strategies.slice(2).flatMap((strategy) => measure(context, first!, strategy, 10_000)),
      ...strategies.flatMap((strategy) => measure(context, first!, strategy, 1000)),
    ];
    return Promise.resolve(rows);
  },
};

function measure(context: BenchContext, mix: Mix, strategy: Strategy, copies: number): readonly Row[] {
  const requests = requestsOf(mix, copies, strategy);
  const bound = volumeBound(mix, requests);
  const rooms = emptyRooms(mix, Math.ceil(bound * spareRooms));
  const name = `${copies} on ${rooms.length}, ${strategy.name}, ${mix.name}`;
  context.say(name);
  const plan = place(requests, rooms);
  const full = withResidents(rooms, requests, plan.placements);
  const change = [{ ...requests[0]!, count: copiesOfOneChange }];
  return [
    ...timeRows(`${name}: all`, context.isQuick ? 10 : 60, () => place(requests, rooms)),
    ...timeRows(`${name}: one change`, context.isQuick ? 20 : 200, () => place(change, full)),
    makeRow(`${name}: without a place`, 'copies', copies - plan.placements.length),
    ...(strategy.strategy === 'BINPACK'
      ? tightnessRows(name, plan.placements, boundsOf(mix, strategy, requests))
      : []),
  ];
}

function timeRows(name: string, rounds: number, plan: () => unknown): readonly Row[] {
  const times = Array.from({ length: rounds + 2 }, () => {
    const startedAt = performance.now();
    plan();
    return performance.now() - startedAt;
  }).slice(2); // the first ones are compiled while they run
  const sorted = Float64Array.from(times).sort();
  const target = { comparison: Comparison.Below, limit: planMsMax };
  return [
    makeRow(`${name}, median`, 'ms', percentile(sorted, 0.5), null, target),
    makeRow(`${name}, p99`, 'ms', percentile(sorted, 0.99)),
  ];
}

interface Bound {
  readonly name: string;
  readonly instances: number;
  /** Whether packing is held to it. */
  readonly isAimedAt: boolean;
}

/** The volume bound knows nothing of zones, so packing that is even over zones is held to one that does. */
function boundsOf(
  mix: Mix,
  { zoneBalance }: Strategy,
  requests: readonly PlacementRequest[],
): readonly Bound[] {
  const volume = {
    name: 'volume bound',
    instances: volumeBound(mix, requests),
    isAimedAt: zoneBalance === null,
  };
  if (zoneBalance === null) return [volume];
  return [volume, { name: 'even zones bound', instances: evenZonesBound(mix, requests), isAimedAt: true }];
}

function tightnessRows(
  name: string,
  placements: readonly Placement[],
  bounds: readonly Bound[],
): readonly Row[] {
  const used = new Set(placements.map(({ instance }) => instance)).size;
  return bounds.flatMap((bound) => {
    const target = bound.isAimedAt ? { comparison: Comparison.Below, limit: overBoundMax } : null;
    const ratio = Math.round((used / bound.instances) * 1000) / 1000;
    return [
      makeRow(`${name}: instances used`, 'instances', used, { name: bound.name, value: bound.instances }),
      makeRow(`${name}: used / ${bound.name}`, 'times', ratio, null, target),
    ];
  });
}

/** The fleet once the plan has been carried out. */
function withResidents(
  rooms: readonly PlacementRoom[],
  requests: readonly PlacementRequest[],
  placements: readonly Placement[],
): readonly PlacementRoom[] {
  const needs = new Map(requests.map((request) => [request.workload, request.requirements[0]!]));
  const residents = new Map<string, PlacedCopy[]>(rooms.map((room) => [room.instance, []]));
  for (const { workload, instance, accelerators } of placements) {
    const { cpus, memoryBytes } = needs.get(workload)!;
    residents.get(instance)!.push({ workload, cpus, memoryBytes, accelerators });
  }
  return rooms.map((room) => ({ ...room, residents: residents.get(room.instance)! }));
}
