/**
 * What a prefix is worth, and which of them stay in RAM. A prefix is worth its tokens, the less the longer nobody asked
 * for it; one that comes may push out those that are worth less, and is refused where that would not be enough.
 */

export interface KeptPrefix {
  readonly tokens: number;
  /** Milliseconds of the clock that `now` is of. */
  readonly lastUsedAt: number;
}

export interface StoredPrefix extends KeptPrefix {
  readonly bytes: number;
}

export interface NewPrefix extends StoredPrefix {
  /** Its last tokens, which nobody else holds. */
  readonly unshared: number;
}

export interface RamLimits {
  readonly bytesMax: number;
  readonly prefixesMax: number;
}

export const Refusal = {
  TooLarge: 'it is larger than the whole RAM cache',
  HeldElsewhere: 'others hold it',
  MostlyHeldElsewhere: 'RAM is full, and others hold more than half of it',
  WorthLess: 'RAM is full of prefixes that are worth more',
} as const;
export type Refusal = (typeof Refusal)[keyof typeof Refusal];

export type KeepDecision =
  | { readonly isKept: true; readonly evicted: readonly number[] }
  | { readonly isKept: false; readonly reason: Refusal };

/** In tokens per second since its last use, where the first second counts whole. */
export function prefixValue({ tokens, lastUsedAt }: KeptPrefix, now: number): number {
  return tokens / (1 + Math.max(0, now - lastUsedAt) / 1000);
}

/** Whether a prefix is put into RAM; `evicted` are the places in `stored` of those that go for it. */
export function keepPrefix(
  added: NewPrefix,
  stored: readonly StoredPrefix[],
  { bytesMax, prefixesMax }: RamLimits,
  now: number,
): KeepDecision {
  if (added.bytes > bytesMax) return { isKept: false, reason: Refusal.TooLarge };
  if (added.unshared === 0) return { isKept: false, reason: Refusal.HeldElsewhere };
  let bytes = added.bytes;
  for (const entry of stored) bytes += entry.bytes;
  let count = stored.length + 1;
  const isFull = () => bytes > bytesMax || count > prefixesMax;
  if (!isFull()) return { isKept: true, evicted: [] };
  if (added.unshared * 2 < added.tokens) return { isKept: false, reason: Refusal.MostlyHeldElsewhere };
  const cheapestFirst = stored
    .map((entry, place) => ({ place, bytes: entry.bytes, value: prefixValue(entry, now) }))
    .sort((a, b) => a.value - b.value || a.place - b.place);
  const value = prefixValue(added, now);
  const evicted: number[] = [];
  for (const entry of cheapestFirst) {
    if (!isFull()) break;
    if (entry.value >= value) return { isKept: false, reason: Refusal.WorthLess };
    evicted.push(entry.place);
    bytes -= entry.bytes;
    count--;
  }
  return { isKept: true, evicted };
}
