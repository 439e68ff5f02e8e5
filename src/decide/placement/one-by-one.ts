/**
 * Places the copies of one workload one after the other: zones first, then the strategy's best room. Balance is
 * permissive: when no zone that keeps it has room, a copy goes to the zone with the fewest that has.
 */
import { isBetter, type Offer, offerOf } from './offers.js';
import { needOn } from './needs.js';
import type { Placement, PlacementRequest } from './placement.js';
import type { Shelf } from './shelf.js';
import { ZoneBalance } from './zones.js';

/** As many placements as there is room for, `request.count` at most. */
export function placeOneByOne(request: PlacementRequest, shelves: readonly Shelf[]): readonly Placement[] {
  const offers = shelves.flatMap((shelf) => {
    const need = needOn(request, shelf.kind);
    return need === null ? [] : [offerOf(request, shelf, need)];
  });
  const zones =
    request.zoneBalance === null ? null : zonesOf(request, offers, request.zoneBalance.maxImbalance);
  const placements: Placement[] = [];
  while (placements.length < request.count) {
    const even = zones === null ? offers : offers.filter(({ shelf }) => zones.isEven(shelf.zone));
    const offer = bestOf(request, even) ?? (zones === null ? null : leastUneven(request, offers, zones));
    if (offer === null) break;
    const reason = reasonOf(request, offer, zones, even.includes(offer));
    zones?.add(offer.shelf.zone);
    const { instance } = offer.best!.room;
    const { requirement } = offer.need;
    const accelerators = offer.take();
    placements.push({ workload: request.workload, instance, requirement, accelerators, reason });
  }
  return placements;
}

function zonesOf(request: PlacementRequest, offers: readonly Offer[], maxImbalance: number): ZoneBalance {
  const counts = new Map<string, number>();
  for (const { shelf } of offers) {
    const copies = shelf.rooms.reduce((sum, room) => sum + (room.copies.get(request.workload) ?? 0), 0);
    counts.set(shelf.zone, (counts.get(shelf.zone) ?? 0) + copies);
  }
  return new ZoneBalance(counts, maxImbalance);
}

function bestOf(request: PlacementRequest, offers: readonly Offer[]): Offer | null {
  let best: Offer | null = null;
  for (const offer of offers) {
    if (offer.best === null) continue;
    if (best === null || isBetter(request, offer.best, best.best!)) best = offer;
  }
  return best;
}

function leastUneven(request: PlacementRequest, offers: readonly Offer[], zones: ZoneBalance): Offer | null {
  const open = offers.filter((offer) => offer.best !== null);
  const fewest = Math.min(...open.map(({ shelf }) => zones.countOf(shelf.zone)));
  return bestOf(
    request,
    open.filter(({ shelf }) => zones.countOf(shelf.zone) === fewest),
  );
}

function reasonOf(
  request: PlacementRequest,
  { best, shelf }: Offer,
  zones: ZoneBalance | null,
  isEven: boolean,
): string {
  const copies = best!.copies.get(request.workload) ?? 0;
  const inZone = zones === null ? '' : `zone ${shelf.zone} has ${copiesText(zones.countOf(shelf.zone))}`;
  const zone =
    zones === null
      ? ''
      : isEven
        ? `${inZone} and keeps the balance; `
        : `${inZone} and no zone that would keep the balance has room; `;
  const room =
    request.strategy === 'BINPACK'
      ? 'the fullest instance with room for it'
      : `the emptiest of the instances with ${copies === 0 ? 'no copy' : `the fewest copies (${copies})`}`;
  return `${zone}${best!.room.instance} is ${room}`;
}

function copiesText(count: number): string {
  return count === 1 ? '1 copy' : `${count} copies`;
}
