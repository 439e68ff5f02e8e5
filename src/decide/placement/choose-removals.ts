/**
 * Which copies go when a workload gets fewer. Copies that are not ready go first, because nobody misses them; then the
 * fullest zone gives, and in it the fullest instance, so that what stays is as even as it can be. Ties: the younger id
 * goes, which is the longer one, or the later of two equally long ones.
 */

export interface RemovableCopy {
  readonly id: string;
  readonly instance: string;
  readonly zone: string;
  readonly isReady: boolean;
}

/** Ids of `count` copies in the order in which they go; all of them when there are fewer. */
export function chooseRemovals(copies: readonly RemovableCopy[], count: number): readonly string[] {
  const going = [...ranked(copies.filter((copy) => !copy.isReady))];
  if (going.length < count) going.push(...ranked(copies.filter((copy) => copy.isReady)));
  return going.slice(0, Math.max(0, count)).map(({ copy }) => copy.id);
}

interface Ranked {
  readonly copy: RemovableCopy;
  /** How many copies of its instance, and of its zone, stay longer than it. */
  readonly instanceRank: number;
  readonly zoneRank: number;
}

/**
 * First goes the copy that most others of its zone outlast: taking always from the fullest zone is the same as giving
 * each copy its place in its zone's queue and taking the last places first. In a zone the same holds for instances.
 */
function ranked(copies: readonly RemovableCopy[]): readonly Ranked[] {
  const onInstance = countUp([...copies].sort(byAge), (copy) => copy.instance);
  const inZone = countUp(
    onInstance.sort((a, b) => a.rank - b.rank || byAge(a.item, b.item)),
    ({ item }) => item.zone,
  );
  return inZone
    .map(({ item, rank }) => ({ copy: item.item, instanceRank: item.rank, zoneRank: rank }))
    .sort((a, b) => b.zoneRank - a.zoneRank || b.instanceRank - a.instanceRank || byAge(b.copy, a.copy));
}

/** Each item with the number of earlier items that have the same key. */
function countUp<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  const counts = new Map<string, number>();
  return items.map((item) => {
    const rank = counts.get(keyOf(item)) ?? 0;
    counts.set(keyOf(item), rank + 1);
    return { item, rank };
  });
}

/** Slots are numbers without leading zeros: of two ids of one workload the longer one is the later one. */
function byAge(a: RemovableCopy, b: RemovableCopy): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
