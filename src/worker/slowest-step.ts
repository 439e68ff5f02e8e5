/**
 * The longest of the recent steps, by which liveness judges how long the next one may take. What was slow is forgotten
 * with time, not with steps: after many short ones a long prompt is as slow as the last long prompt was. The step under
 * way counts as what is expected of it.
 */

/** A slow step counts half after so long, milliseconds. */
const halfLifeMs = 10 * 60_000;

export class SlowestStep {
  private milliseconds = 0;
  private observedAt = 0;
  private expectedMs = 0;

  /** The step that begins now will take about so long. */
  expect(milliseconds: number): void {
    this.expectedMs = milliseconds;
  }

  /** It has ended, after so long. */
  observe(milliseconds: number, now: number): void {
    const remembered = this.remembered(now);
    this.expectedMs = 0;
    if (milliseconds < remembered) return;
    this.milliseconds = milliseconds;
    this.observedAt = now;
  }

  /** Milliseconds; 0 before the first. */
  at(now: number): number {
    return Math.max(this.expectedMs, this.remembered(now));
  }

  private remembered(now: number): number {
    return this.milliseconds * 2 ** (-Math.max(0, now - this.observedAt) / halfLifeMs);
  }
}
