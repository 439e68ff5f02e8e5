/**
 * Which waiting requests get a sequence now: strictly in order of arrival, as long as a sequence is free and
 * the KV cache has room for all that the request may come to. The first that does not fit stops the rest,
 * so a long request is never overtaken for ever.
 */

export interface KvRoom {
  readonly sequencesFree: number;
  readonly cellsFree: number;
}

/** How many of the waiting, from the front, are admitted. `cellsNeeded` is per waiting request. */
export function admitCount(cellsNeeded: readonly number[], room: KvRoom): number {
  let cells = room.cellsFree;
  let admitted = 0;
  for (const needed of cellsNeeded) {
    if (admitted === room.sequencesFree || needed > cells) break;
    cells -= needed;
    admitted++;
  }
  return admitted;
}
