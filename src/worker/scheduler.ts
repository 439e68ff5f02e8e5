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
import { pickAdapter } from '../decide/batching/pick-adapter.js';
import { planStep, prefillTokensMin } from '../decide/batching/plan-step.js';
import type { ComponentOptions } from '../domain/component-options.js';
import type { RunnerCounts, RunnerEvents } from './runner.js';
import type { Sequence } from './sequence.js';
import type { Speculator } from './speculator.js';

export interface SchedulerParts {
  readonly engine: Engine;
  readonly options: ComponentOptions;
  readonly clock: Clock;
  readonly speculator: Speculator | null;
  /** Sequences come to `onProgress` in order of admission. */
  readonly events: RunnerEvents;
}

export type SchedulerCounts = Omit<RunnerCounts, 'kvCellsTotal'>;

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
  /** Mode: awake, or asleep with nothing active; the next admission wakes it. */
  private isAsleep = false;
  /** It has had nothing to do for so long that it shall sleep. */
  private sleepDue = false;
  private adapter: number | null = null;
  private readonly engine: Engine;
  private readonly speculator: Speculator | null;
  private readonly clock: Clock;
  private readonly events: RunnerEvents;

  constructor(private readonly parts: SchedulerParts) {
    const { engine, speculator, clock, events } = parts;
    this.engine = engine;
    this.speculator = speculator;
    this.clock = clock;
    this.events = events;
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
      isAsleep: this.isAsleep,
      ...(this.speculator === null ? {} : { speculation: this.speculator.counts() }),
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
        if (this.isAsleep && this.waiting.length > 0) await this.wakeUp();
        this.admit();
        if (this.active.length > 0) {
          await this.step();
          continue;
        }
        this.publish();
        if (this.sleepDue) await this.fallAsleep();
        await this.idle();
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

  private async step(): Promise<void> {
    this.applyThreads();
    const group = this.pickGroup();
    await this.propose(group);
    const shares = this.fillBatch(group);
    const beganAt = this.clock.now();
    const computing = this.engine.step();
    this.publish();
    await computing;
    const milliseconds = this.clock.now() - beganAt;
    this.slowestStepMs = Math.max(milliseconds, this.slowestStepMs * slowestStepFade);
    this.observe(shares, milliseconds);
    this.collect(shares);
  }

  /** The sequences that one step may compute: those of one adapter. */
  private pickGroup(): readonly Sequence[] {
    if (this.engine.info.adapters.length === 0) return this.active;
    const adapter = pickAdapter(this.active);
    if (adapter !== this.adapter) this.engine.useAdapter(adapter);
    this.adapter = adapter;
    return this.active.filter((sequence) => sequence.adapter === adapter);
  }

  private async propose(group: readonly Sequence[]): Promise<void> {
    if (this.speculator === null) return;
    const decoding = group.filter(({ prefillRemaining }) => prefillRemaining === 0);
    const rowsMax = this.engine.info.stepTokensMax - decoding.length - prefillTokensMin;
    if (decoding.length > 0 && rowsMax > 0) await this.speculator.propose(decoding, rowsMax);
  }

  private observe(shares: readonly Share[], milliseconds: number): void {
    if (this.speculator === null) return;
    let decodingRows = 0;
    let promptRows = 0;
    for (const { sequence, count } of shares) {
      if (sequence.prefillRemaining === 0) decodingRows += count;
      else promptRows += count;
    }
    this.speculator.observeStep(decodingRows, promptRows, milliseconds);
  }

  private applyThreads(): void {
    if (this.threads === null) return;
    this.engine.setThreads(this.threads);
    this.speculator?.setThreads(this.threads);
    this.threads = null;
  }

  private async fallAsleep(): Promise<void> {
    this.sleepDue = false;
    if (this.waiting.length > 0 || this.isAsleep) return;
    await this.engine.sleep();
    await this.speculator?.sleep();
    this.isAsleep = true;
  }

  private async wakeUp(): Promise<void> {
    await this.engine.wake();
    this.isAsleep = false;
  }

  private nudge(): void {
    this.wake?.();
    this.wake = null;
  }

  private async idle(): Promise<void> {
    if (this.waiting.length > 0 || this.closed) return;
    this.events.onActivity();
    const { sleepAfterSeconds } = this.parts.options;
    const stopTimer =
      sleepAfterSeconds === 0 || this.isAsleep
        ? () => {}
        : this.clock.after(sleepAfterSeconds * 1000, () => {
            this.sleepDue = true;
            this.nudge();
          });
    await new Promise<void>((resolve) => (this.wake = resolve));
    stopTimer();
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
  private fillBatch(group: readonly Sequence[]): readonly Share[] {
    const plannable = group.map(({ prefillRemaining, proposal }) => {
      return { prefillRemaining, proposed: proposal.length };
    });
    const taken = planStep(plannable, this.parts.options.stepTokensMax);
    const shares = group
      .map((sequence, index) => ({ sequence, count: taken[index]! }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.sequence.slot - b.sequence.slot);
    const { batch } = this.engine;
    let row = 0;
    for (const { sequence, count } of shares) {
      const lastKnown = sequence.length - 1;
      for (let offset = 0; offset < count; offset++, row++) {
        const position = sequence.computed + offset;
        batch.tokens[row] = sequence.tokenAt(position);
        batch.positions[row] = position;
        batch.sequences[row] = sequence.slot;
        batch.outputs[row] = position >= lastKnown ? 1 : 0;
      }
    }
    batch.length = row;
    return shares;
  }

  private collect(shares: readonly Share[]): void {
    this.steps++;
    let firstRow = 0;
    for (const { sequence, count } of shares) {
      this.collectShare(sequence, firstRow, count);
      firstRow += count;
    }
    this.active = this.active.filter((sequence) => sequence.slot >= 0);
  }

  private collectShare(sequence: Sequence, firstRow: number, count: number): void {
    const { proposal } = sequence;
    const promptBefore = Math.min(sequence.computed, sequence.promptLength);
    sequence.lastStep = this.steps;
    sequence.proposal = [];
    sequence.computed += count - proposal.length;
    this.promptTokens += Math.min(sequence.computed, sequence.promptLength) - promptBefore;
    const row = firstRow + count - 1 - proposal.length;
    if (this.engine.batch.outputs[row] === 0 || sequence.cancelled) return;
    const accepted = this.choose(sequence, row, proposal);
    if (proposal.length > 0) this.speculator?.observe(sequence, proposal.length, accepted);
    this.unpublished.push(sequence);
    if (sequence.isEnded) this.release(sequence);
    else if (accepted < proposal.length) this.engine.forget(sequence.slot, sequence.computed);
  }

  /** Chooses a token, and goes on as long as it is the proposed one. Returns how many proposed ones were kept. */
  private choose(sequence: Sequence, row: number, proposal: readonly number[]): number {
    for (let accepted = 0; ; accepted++) {
      const token = sequence.advance(this.engine.logits(row + accepted));
      this.generatedTokens++;
      if (sequence.isEnded || accepted === proposal.length || token !== proposal[accepted]) return accepted;
      sequence.computed++;
    }
  }

  private release(sequence: Sequence): void {
    this.speculator?.release(sequence);
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
