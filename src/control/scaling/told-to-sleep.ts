/** Copies that were told to sleep lately: who does not sleep cannot, and is not told again at once. In memory. */

/** A copy is told again after so long, milliseconds. */
const againMs = 60_000;
/** What a sleep gives back is measured within this time, milliseconds. */
const settledMs = 3_000;

export class ToldToSleep {
  /** When, on the fleet's clock, by the key of the copy's record; the longest ago first. */
  private readonly toldAt = new Map<string, number>();

  note(copy: string, now: number): void {
    this.toldAt.delete(copy);
    this.toldAt.set(copy, now);
    for (const [key, at] of this.toldAt) {
      if (now - at <= againMs) break;
      this.toldAt.delete(key);
    }
  }

  /** It sleeps, so it can: once it is awake again it may be told again. */
  slept(copy: string, now: number): void {
    const at = this.toldAt.get(copy);
    if (at !== undefined && now - at >= settledMs) this.toldAt.delete(copy);
  }

  /** It was told, and is not to be told again yet. */
  has(copy: string, now: number): boolean {
    const at = this.toldAt.get(copy);
    return at !== undefined && now - at <= againMs;
  }

  /** What some sleep gives back has yet to be measured. */
  isSettling(now: number): boolean {
    return [...this.toldAt.values()].some((at) => now - at < settledMs);
  }
}
