/**
 * Continuous batching. The loop admits, asks the plan which tokens come next, lets the engine compute them,
 * and chooses one token for every row that asked for it; sequences join and leave between steps.
 *
 * It is the one writer of its sequences and of the engine. While the engine computes, the news of the step
 * before goes out, so that formatting and sockets cost the engine nothing.
 *
 * Requests come in in order of arrival. One that has a long beginning in common with another that is just being
 * computed stands aside until that part is there, once, and lets others pass meanwhile.
 *
 * Never: two steps at once; a sequence changed during a step; a cancelled sequence in a step that begins
 * after its cancel was heard.
 */
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import { hasRoom } from '../decide/batching/admit.js';
import { planStep, prefillTokensMin } from '../decide/batching/plan-step.js';
import {
  decodeMsOf,
  expectedMs,
  observeStepTime,
  promptRowsMax,
  type StepTimes,
  unknownStepTimes,
} from '../decide/batching/prompt-rows.js';
import { isMoveWorthIt } from '../decide/prefix/choose-slot.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { AdapterTurns } from './adapter-turns.js';
import type { RunnerCounts, RunnerEvents } from './runner.js';
import type { Sequence } from './sequence.js';
import { SlowestStep } from './slowest-step.js';
import { type Leader, SlotTable } from './slots.js';
import type { Speculator } from './speculator.js';
import { rowsOf, type Share, type StepRows, writeRows } from './step-shares.js';

export interface SchedulerParts {
  readonly engine: Engine;
  readonly options: ComponentOptions;
  readonly clock: Clock;
  readonly speculator: Speculator | null;
  /** Sequences come to `onProgress` in order of admission. */
  readonly events: RunnerEvents;
}

export type SchedulerCounts = Omit<RunnerCounts, 'kvCellsTotal'>;

/** Waiting requests that are looked at before a step; those that stand aside are among them. */
const lookedAtMax = 256;

export class Scheduler {
  private waiting: Sequence[] = [];
  private active: Sequence[] = [];
  private readonly slots: SlotTable;
  /** Whom a waiting request stands aside for; null = it was found that for nobody. */
  private readonly leaders = new WeakMap<Sequence, Leader | null>();
  private cellsFree: number;
  private times: StepTimes = unknownStepTimes;
  private steps = 0;
  private readonly slowest = new SlowestStep();
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
  private readonly turns = new AdapterTurns();
  private readonly engine: Engine;
  private readonly speculator: Speculator | null;
  private readonly clock: Clock;
  private readonly events: RunnerEvents;

  constructor(private readonly parts: SchedulerParts) {
    const { engine, speculator, clock, events, options } = parts;
    this.engine = engine;
    this.speculator = speculator;
    this.clock = clock;
    this.events = events;
    this.slots = new SlotTable({
      engine,
      clock,
      isCaching: options.prefixCaching && engine.isCuttable,
      ramBytesMax: options.prefixCacheRamMiB * 2 ** 20,
    });
    this.cellsFree = engine.info.kvCellsTotal;
  }

  counts(): SchedulerCounts {
    const prefixCache = this.slots.counts();
    return {
      running: this.active.length,
      waiting: this.waiting.length,
      steps: this.steps,
      slowestStepMs: Math.round(this.slowest.at(this.clock.now())),
      kvCellsUsed: this.active.reduce((sum, sequence) => sum + sequence.computed, 0),
      promptTokens: this.promptTokens,
      generatedTokens: this.generatedTokens,
      isAsleep: this.isAsleep,
      ...(prefixCache === null ? {} : { prefixCache }),
      ...this.adapterCounts(),
      ...(this.speculator === null ? {} : { speculation: this.speculator.counts() }),
    };
  }

  private adapterCounts(): Pick<SchedulerCounts, 'adapters'> {
    const { adapters } = this.engine.info;
    if (adapters.length === 0) return {};
    return {
      adapters: { loaded: adapters.filter((name) => name !== '').length, changes: this.turns.changes },
    };
  }

  submit(sequence: Sequence): void {
    this.waiting.push(sequence);
    this.nudge();
  }

  /** True while a request is computed with that adapter, or waits for it. */
  uses(adapter: number): boolean {
    return [...this.waiting, ...this.active].some((sequence) => sequence.adapter === adapter);
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
        if (this.isAsleep && this.waiting.length > 0) {
          await this.wakeUp();
          continue;
        }
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

  /** Falls asleep as after `sleep_after`; with work to do it takes no notice. */
  sleep(): void {
    if (this.isAsleep || this.active.length + this.waiting.length > 0) return;
    this.sleepDue = true;
    this.nudge();
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
    this.closeGap();
    const picked = this.pickGroup();
    await this.propose(picked);
    const group = picked.filter(({ cancelled }) => !cancelled);
    if (group.length === 0) return;
    const shares = this.fillBatch(group);
    const beganAt = this.clock.now();
    const rows = rowsOf(shares);
    this.slowest.expect(expectedMs(this.times, rows.decodingRows, rows.promptRows));
    const computing = this.engine.step();
    this.publish();
    await computing;
    const milliseconds = this.clock.now() - beganAt;
    this.slowest.observe(milliseconds, this.clock.now());
    this.observe(rows, milliseconds);
    this.collect(shares);
  }

  /** The sequences that one step may compute: those of one adapter. */
  private pickGroup(): readonly Sequence[] {
    if (this.engine.info.adapters.length === 0) return this.active;
    const adapter = this.turns.next(this.active);
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

  private observe({ decodingRows, promptRows }: StepRows, milliseconds: number): void {
    this.turns.observe(milliseconds, promptRows === 0);
    this.times = observeStepTime(this.times, { decodingRows, promptRows, milliseconds });
    this.speculator?.observeStep(decodingRows, promptRows, milliseconds);
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
    this.slots.empty();
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
    const aside: Sequence[] = [];
    let place = 0;
    for (; place < Math.min(this.waiting.length, lookedAtMax); place++) {
      const sequence = this.waiting[place]!;
      if (!hasRoom(sequence.cellsNeeded, { sequencesFree: this.slots.freeCount, cellsFree: this.cellsFree }))
        break;
      if (this.isAside(sequence)) aside.push(sequence);
      else this.enter(sequence);
    }
    this.waiting = [...aside, ...this.waiting.slice(place)];
    this.slots.dropImages();
  }

  /** True while another computes what this one shall take over; it waits for one other, once. */
  private isAside(sequence: Sequence): boolean {
    let leader = this.leaders.get(sequence);
    if (leader === undefined) {
      leader = this.slots.leaderFor(sequence);
      this.leaders.set(sequence, leader);
    }
    return leader !== null && leader.sequence.slot >= 0 && leader.sequence.computed < leader.tokens;
  }

  private enter(sequence: Sequence): void {
    this.slots.admit(sequence);
    this.cellsFree -= sequence.cellsNeeded;
    this.active.push(sequence);
  }

  /** Sequences with neighbouring slots compute together; when nobody comes to fill a gap, one of them moves there. */
  private closeGap(): void {
    if (this.waiting.length > 0) return;
    const decodeMs = decodeMsOf(this.times, this.active.length);
    this.slots.closeGap(
      ({ computed, generatedMax, generatedCount }, copyMsPerCell) =>
        isMoveWorthIt({
          copyMs: copyMsPerCell * computed,
          tokensLeft: generatedMax - generatedCount,
          decodeMs,
        }),
      (sequence) => this.speculator?.release(sequence),
    );
  }

  /** Writes the step's rows in the order of the slots; returns whose they are. */
  private fillBatch(group: readonly Sequence[]): readonly Share[] {
    const plannable = group.map(({ prefillRemaining, proposal }) => {
      return { prefillRemaining, proposed: proposal.length };
    });
    const prefilling = plannable.filter(({ prefillRemaining }) => prefillRemaining > 0).length;
    // Those of other adapters wait for the end of this step, too.
    const decoding = this.active.filter(({ prefillRemaining }) => prefillRemaining === 0).length;
    const { stepTokensMax, stepMsTarget } = this.parts.options;
    const promptRows = promptRowsMax(this.times, {
      decoding,
      prefilling,
      msTarget: stepMsTarget,
      rowsMax: stepTokensMax,
    });
    const taken = planStep(plannable, stepTokensMax, promptRows);
    const shares = group
      .map((sequence, index) => ({ sequence, count: taken[index]! }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.sequence.slot - b.sequence.slot);
    writeRows(this.engine.batch, shares);
    return shares;
  }

  private collect(shares: readonly Share[]): void {
    this.steps++;
    let firstRow = 0;
    for (const { sequence, count } of shares) {
      this.collectShare(sequence, firstRow, count);
      if (sequence.slot >= 0) this.slots.note(sequence);
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
    this.slots.release(sequence);
    this.cellsFree += sequence.cellsNeeded;
  }

  private publish(): void {
    if (this.unpublished.length === 0) return;
    const sequences = this.unpublished.filter((sequence) => !sequence.cancelled);
    this.unpublished = [];
    this.events.onProgress(sequences);
  }
}
