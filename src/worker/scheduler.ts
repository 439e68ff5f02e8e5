/**
 * Continuous batching. The loop admits, asks the plan which tokens come next, lets the engine compute them,
 * and chooses one token for every row that asked for it; sequences join and leave between steps.
 *
 * It is the one writer of its sequences and of the engine. While the engine computes, the news of the step
 * before goes out, so that formatting and sockets cost the engine nothing.
 *
 * Never: two steps at once; a sequence changed during a step; a cancelled sequence in a step that begins
 * after its cancel was heard.
 */
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import { admitCount } from '../decide/batching/admit.js';
import { planStep } from '../decide/batching/plan-step.js';
import type { Sequence } from './sequence.js';

export interface SchedulerEvents {
  /** Sequences that were in a step, or ended; in order of admission. */
  readonly onProgress: (sequences: readonly Sequence[]) => void;
  /** Work began or ran out. */
  readonly onActivity: () => void;
  /** The engine broke; nothing is computed any more. */
  readonly onFailure: (error: unknown) => void;
}

export interface SchedulerCounts {
  readonly running: number;
  readonly waiting: number;
  readonly steps: number;
  readonly slowestStepMs: number;
  readonly kvCellsUsed: number;
  readonly promptTokens: number;
  readonly generatedTokens: number;
}

/** One sequence's rows of a step. */
interface Share {
  readonly sequence: Sequence;
  readonly count: number;
}

/** How fast the memory of a slow step fades: by this factor with every step. */
const slowestStepFade = 0.98;

export class Scheduler {
  private waiting: Sequence[] = [];
  private active: Sequence[] = [];
  /** Highest first, so that the lowest is taken next: sequences with neighbouring slots compute together. */
  private readonly freeSlots: number[];
  private cellsFree: number;
  private steps = 0;
  private slowestStepMs = 0;
  /** Compute threads that the next step shall have; null = as before. */
  private threads: number | null = null;
  private promptTokens = 0;
  private generatedTokens = 0;
  /** Sequences whose news has not been handed out. */
  private unpublished: Sequence[] = [];
  private wake: (() => void) | null = null;
  private closed = false;

  constructor(
    private readonly engine: Engine,
    private readonly stepTokensMax: number,
    private readonly clock: Clock,
    private readonly events: SchedulerEvents,
  ) {
    this.freeSlots = Array.from({ length: engine.info.sequencesMax }, (_, index) => index).reverse();
    this.cellsFree = engine.info.kvCellsTotal;
  }

  counts(): SchedulerCounts {
    return {
      running: this.active.length,
      waiting: this.waiting.length,
      steps: this.steps,
      slowestStepMs: Math.round(this.slowestStepMs),
      kvCellsUsed: this.active.reduce((sum, sequence) => sum + sequence.computed, 0),
      promptTokens: this.promptTokens,
      generatedTokens: this.generatedTokens,
    };
  }

  submit(sequence: Sequence): void {
    this.waiting.push(sequence);
    this.nudge();
  }

  /** It leaves before the next step; no more news of it. */
  cancel(sequence: Sequence): void {
    sequence.cancelled = true;
    this.nudge();
  }

  /** Runs until `close`. Never rejects: failures arrive at `onFailure`. */
  async run(): Promise<void> {
    try {
      while (!this.closed) {
        this.dropCancelled();
        this.admit();
        if (this.active.length === 0) {
          this.publish();
          await this.idle();
          continue;
        }
        const shares = this.fillBatch();
        this.applyThreads();
        const beganAt = this.clock.now();
        const computing = this.engine.step();
        this.publish();
        await computing;
        this.slowestStepMs = Math.max(this.clock.now() - beganAt, this.slowestStepMs * slowestStepFade);
        this.collect(shares);
      }
    } catch (error) {
      this.events.onFailure(error);
    }
  }

  /** Compute threads from the next step on; never changed while one is computed. */
  setThreads(count: number): void {
    this.threads = count;
  }

  close(): void {
    this.closed = true;
    this.nudge();
  }

  private applyThreads(): void {
    if (this.threads !== null) this.engine.setThreads(this.threads);
    this.threads = null;
  }

  private nudge(): void {
    this.wake?.();
    this.wake = null;
  }

  private async idle(): Promise<void> {
    if (this.waiting.length > 0 || this.closed) return;
    this.events.onActivity();
    await new Promise<void>((resolve) => (this.wake = resolve));
    if (!this.closed) this.events.onActivity();
  }

  private dropCancelled(): void {
    this.waiting = this.waiting.filter((sequence) => !sequence.cancelled);
    for (const sequence of this.active) if (sequence.cancelled) this.release(sequence);
    this.active = this.active.filter((sequence) => sequence.slot >= 0);
  }

  private admit(): void {
    if (this.waiting.length === 0) return;
    const room = { sequencesFree: this.freeSlots.length, cellsFree: this.cellsFree };
    const count = admitCount(
      this.waiting.slice(0, room.sequencesFree).map((sequence) => sequence.cellsNeeded),
      room,
    );
    for (const sequence of this.waiting.splice(0, count)) {
      sequence.slot = this.freeSlots.pop()!;
      this.cellsFree -= sequence.cellsNeeded;
      this.active.push(sequence);
    }
  }

  /** Writes the step's rows in the order of the slots; returns whose they are. */
  private fillBatch(): readonly Share[] {
    const taken = planStep(this.active, this.stepTokensMax);
    const shares = this.active
      .map((sequence, index) => ({ sequence, count: taken[index]! }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.sequence.slot - b.sequence.slot);
    const { batch } = this.engine;
    let row = 0;
    for (const { sequence, count } of shares) {
      const reachesEnd = sequence.computed + count === sequence.length;
      for (let offset = 0; offset < count; offset++, row++) {
        const position = sequence.computed + offset;
        batch.tokens[row] = sequence.tokenAt(position);
        batch.positions[row] = position;
        batch.sequences[row] = sequence.slot;
        batch.outputs[row] = reachesEnd && offset === count - 1 ? 1 : 0;
      }
    }
    batch.length = row;
    return shares;
  }

  private collect(shares: readonly Share[]): void {
    this.steps++;
    let row = 0;
    for (const { sequence, count } of shares) {
      row += count;
      const promptBefore = Math.min(sequence.computed, sequence.promptLength);
      sequence.computed += count;
      this.promptTokens += Math.min(sequence.computed, sequence.promptLength) - promptBefore;
      if (this.engine.batch.outputs[row - 1] === 0 || sequence.cancelled) continue;
      sequence.advance(this.engine.logits(row - 1));
      this.generatedTokens++;
      this.unpublished.push(sequence);
      if (sequence.isEnded) this.release(sequence);
    }
    this.active = this.active.filter((sequence) => sequence.slot >= 0);
  }

  private release(sequence: Sequence): void {
    this.engine.forget(sequence.slot, 0);
    this.freeSlots.push(sequence.slot);
    this.freeSlots.sort((a, b) => b - a);
    this.cellsFree += sequence.cellsNeeded;
    sequence.slot = -1;
  }

  private publish(): void {
    if (this.unpublished.length === 0) return;
    const sequences = this.unpublished.filter((sequence) => !sequence.cancelled);
    this.unpublished = [];
    this.events.onProgress(sequences);
  }
}
