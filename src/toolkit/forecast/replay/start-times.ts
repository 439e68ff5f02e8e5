/** How long a component's copies took to come up, from being wanted: what the control loop expects of the next one. */

/** Starts that are remembered. */
const startsMax = 8;
/** Before the first start, milliseconds: as the control loop takes it. */
const unknownMs = 5_000;

export class StartTimes {
  private readonly took: number[] = [];
  /** Since when copies are wanted that have no place, milliseconds; null = all have one. */
  private missingSince: number | null = null;

  noteMissing(now: number, isMissing: boolean): void {
    this.missingSince = isMissing ? (this.missingSince ?? now) : null;
  }

  /** When a copy that is placed now was asked for. */
  askedAt(now: number): number {
    return this.missingSince ?? now;
  }

  note(ms: number): void {
    this.took.push(ms);
    if (this.took.length > startsMax) this.took.shift();
  }

  /** The second longest of the last ones, since one may have been an accident. */
  expectedMs(): number {
    const sorted = [...this.took].sort((a, b) => b - a);
    return sorted[Math.min(1, sorted.length - 1)] ?? unknownMs;
  }
}
