/**
 * Whose adapter computes the next step, and what changing it costs. It owns the memory that the choice needs: whose
 * turn it is, when the others had theirs, and the times of steps with and without a change.
 */
import { type AdaptedSequence, pickAdapter, turnStepsMax } from '../decide/batching/pick-adapter.js';

/** How much a new time counts against what is known. */
const newShare = 0.2;

export class AdapterTurns {
  private adapter: number | null = null;
  private steps = 0;
  /** Of the turn so far. */
  private milliseconds = 0;
  private turns = 0;
  private adapters = 1;
  private hasChanged = false;
  private readonly lastTurns = new Map<number | null, number>();
  /** Milliseconds of a step in the middle of a turn, and of one that begins it; 0 = not known yet. */
  private stepMs = 0;
  private firstStepMs = 0;

  /** Steps that began with another adapter than the one before. */
  get changes(): number {
    return this.turns;
  }

  /** The adapter of the next step. */
  next(sequences: readonly AdaptedSequence[]): number | null {
    const used = new Set(sequences.map(({ adapter }) => adapter));
    this.note(used);
    const { adapter, steps, milliseconds, lastTurns, stepMs } = this;
    const switchMs = Math.max(0, this.firstStepMs - stepMs);
    const stepsMax = turnStepsMax({ switchMs, stepMs, adapters: used.size });
    const next = pickAdapter(sequences, { adapter, steps, stepsMax, milliseconds, lastTurns });
    this.hasChanged = next !== adapter;
    if (this.hasChanged) {
      this.steps = 0;
      this.milliseconds = 0;
      this.turns++;
    }
    this.adapter = next;
    this.steps++;
    lastTurns.set(next, this.turns);
    return next;
  }

  /** The step that `next` was asked for took so long; one that computed prompts only counts as a part of the turn. */
  observe(milliseconds: number, isDecodeOnly: boolean): void {
    this.milliseconds += milliseconds;
    if (!isDecodeOnly || this.adapters < 2) return;
    if (this.hasChanged) this.firstStepMs = blend(this.firstStepMs, milliseconds);
    else this.stepMs = blend(this.stepMs, milliseconds);
    // With turns of one step there is none without a change: then a few longer ones are tried.
    if (this.stepMs === 0 && this.firstStepMs > 0) this.stepMs = this.firstStepMs / 2;
  }

  /** One that comes queues up behind those who wait already; one that nobody uses any more is forgotten. */
  private note(used: ReadonlySet<number | null>): void {
    this.adapters = used.size;
    for (const adapter of this.lastTurns.keys()) if (!used.has(adapter)) this.lastTurns.delete(adapter);
    for (const adapter of used) {
      if (!this.lastTurns.has(adapter)) this.lastTurns.set(adapter, this.turns - 0.5);
    }
  }
}

function blend(known: number, news: number): number {
  return known === 0 ? news : known * (1 - newShare) + news * newShare;
}
