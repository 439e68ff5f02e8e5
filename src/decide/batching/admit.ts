/**
 * Whether a waiting request gets a sequence now: a sequence must be free and the KV cache must have room for all that
 * the request may come to. Requests are asked in order of arrival, and the first that has no room stops the rest, so a
 * long request is never overtaken for want of room.
 */

interface KvRoom {
  readonly sequencesFree: number;
  readonly cellsFree: number;
}

export function hasRoom(cellsNeeded: number, { sequencesFree, cellsFree }: KvRoom): boolean {
  return sequencesFree > 0 && cellsNeeded <= cellsFree;
}
