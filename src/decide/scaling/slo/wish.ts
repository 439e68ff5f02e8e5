/** How many copies hold the objective at least cost. */
import type { CapacityWish, SloSituation } from './situation.js';

/** Copies without a request go after so long, milliseconds. */
const idleMsMax = 60_000;

export function sloWish(situation: SloSituation): CapacityWish {
  const { copies, inFlight, queued, held, service, idleMs } = situation;
  const open = inFlight + queued + held;
  if (open === 0 && idleMs >= idleMsMax) return { capacity: 0, reason: `idle for ${idleMs} ms` };
  const needed = Math.ceil(open / Math.max(1, service.sequencesMax));
  return { capacity: Math.max(needed, open === 0 ? copies : 1), reason: `${open} requests are open` };
}
