/** How long a component took to have more copies when it was last given some: what a request at zero waits. */

/** As much of an activity as is looked at. */
export interface SeenActivity {
  /** Wall clock, milliseconds; null = it is not over. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly isSuccessful: boolean;
  /** The capacity it set; null = it set none. */
  readonly capacity: number | null;
}

/** Milliseconds; null = none was seen. `activities`: newest first. */
export function seenColdStartMs(activities: readonly SeenActivity[]): number | null {
  const set = activities.filter(({ capacity }) => capacity !== null);
  for (const [index, { startedAt, endedAt, isSuccessful, capacity }] of set.entries()) {
    const before = set[index + 1]?.capacity ?? 0;
    if (isSuccessful && endedAt !== null && (capacity ?? 0) > before) return endedAt - startedAt;
  }
  return null;
}
