/**
 * A small model that goes ahead of the large one. It holds each sequence's tokens in a KV sequence of the same number,
 * catches up with what the large model chose, and forgets what was refused.
 *
 * It chooses with the request's own sampling and chance, so that where both models think alike they choose alike,
 * at any temperature.
 */
import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { argmax, chooseToken } from '../../decide/sampling/choose-token.js';
import { type StepCost, withoutPause } from '../../decide/speculation/step-cost.js';
import type { Sequence } from '../sequence.js';

export interface DraftRequest {
  readonly sequence: Sequence;
  /** Tokens wanted, ≥ 1. */
  readonly depth: number;
}

export interface Drafts {
  /** In the order of the requests; fewer tokens than wanted where the answer would end. */
  readonly tokens: readonly (readonly number[])[];
  /** What they cost: as measured, but for pauses. */
  readonly milliseconds: number;
}

/** What a KV sequence of the draft model holds. */
interface Held {
  owner: Sequence | null;
  readonly tokens: number[];
  /** So many of them are known to be the owner's. */
  sure: number;
}

interface Going {
  readonly sequence: Sequence;
  readonly held: Held;
  readonly depth: number;
  readonly drafted: number[];
}

/** Tokens behind, up to which a sequence catches up in the step that drafts. */
export const smallLagMax = 16;
const nothingSeen = { generated: new Map<number, number>(), prompt: new Set<number>() };

export class Drafter {
  private readonly held: Held[];
  private isAsleep = false;
  /** Finished since the start. */
  steps = 0;
  /** What the steps of the drafts under way were believed to take. */
  private believedMs = 0;
  private threads: number | null = null;

  /** The engine is awake, and nobody else uses it. */
  constructor(
    private readonly engine: Engine,
    private readonly clock: Clock,
    readonly cost: StepCost,
  ) {
    this.held = Array.from({ length: engine.info.sequencesMax }, () => ({
      owner: null,
      tokens: [],
      sure: 0,
    }));
  }

  /** Rows that it must compute before it can draft for a sequence, ≥ 1. */
  lag(sequence: Sequence): number {
    return sequence.length - this.align(sequence);
  }

  async draft(requests: readonly DraftRequest[]): Promise<Drafts> {
    if (this.isAsleep) await this.wake();
    const beganAt = this.clock.now();
    this.believedMs = 0;
    const going: Going[] = requests.map(({ sequence, depth }) => {
      this.align(sequence);
      const held = this.held[sequence.slot]!;
      return { sequence, held, depth, drafted: [] };
    });
    let next = [...going].sort((a, b) => a.sequence.slot - b.sequence.slot);
    for (const { sequence, held } of next) await this.catchUp(sequence, held);
    while (next.length > 0) {
      await this.computeKnown(next);
      next = next.filter((one, index) => this.choose(one, this.outputRows[index]!));
    }
    return {
      tokens: going.map(({ drafted }) => drafted),
      milliseconds: withoutPause(this.clock.now() - beganAt, this.believedMs),
    };
  }

  release(sequence: Sequence): void {
    const held = this.held[sequence.slot];
    if (held?.owner === sequence) held.owner = null;
  }

  setThreads(count: number): void {
    if (this.isAsleep) this.threads = count;
    else this.engine.setThreads(count);
  }

  async sleep(): Promise<void> {
    await this.engine.sleep();
    this.isAsleep = true;
    for (const held of this.held) this.empty(held);
  }

  private async wake(): Promise<void> {
    await this.engine.wake();
    this.isAsleep = false;
    if (this.threads !== null) this.engine.setThreads(this.threads);
    this.threads = null;
  }

  private empty(held: Held): void {
    held.owner = null;
    held.tokens.length = 0;
    held.sure = 0;
  }

  /** Keeps what the KV sequence and the sequence have in common, but for the last token; returns how much that is. */
  private align(sequence: Sequence): number {
    const held = this.held[sequence.slot]!;
    if (held.owner !== sequence) {
      held.owner = sequence;
      held.sure = 0;
    }
    const most = Math.min(held.tokens.length, sequence.length - 1);
    while (held.sure < most && held.tokens[held.sure] === sequence.tokenAt(held.sure)) held.sure++;
    if (held.tokens.length > held.sure) {
      held.tokens.length = held.sure;
      this.engine.forget(sequence.slot, held.sure);
    }
    return held.sure;
  }

  /** Until little is missing. */
  private async catchUp(sequence: Sequence, held: Held): Promise<void> {
    while (sequence.length - held.tokens.length > smallLagMax) {
      const missing = sequence.length - 1 - held.tokens.length;
      const rows = Math.min(missing, this.engine.info.stepTokensMax);
      this.engine.batch.length = 0;
      for (let row = 0; row < rows; row++) {
        this.addRow(held, sequence.slot, sequence.tokenAt(held.tokens.length), 0);
      }
      await this.step();
    }
  }

  private outputRows: number[] = [];

  /** Everything known of these, and what was drafted for them; logits of each one's last row. */
  private async computeKnown(going: readonly Going[]): Promise<void> {
    this.engine.batch.length = 0;
    this.outputRows = [];
    for (const { sequence, held, drafted } of going) {
      const length = sequence.length + drafted.length;
      while (held.tokens.length < length) {
        const position = held.tokens.length;
        const token =
          position < sequence.length ? sequence.tokenAt(position) : drafted[position - sequence.length]!;
        this.addRow(held, sequence.slot, token, position === length - 1 ? 1 : 0);
      }
      this.outputRows.push(this.engine.batch.length - 1);
    }
    await this.step();
  }

  private addRow(held: Held, slot: number, token: number, output: number): void {
    const { batch } = this.engine;
    const row = batch.length++;
    batch.tokens[row] = token;
    batch.positions[row] = held.tokens.length;
    batch.sequences[row] = slot;
    batch.outputs[row] = output;
    held.tokens.push(token);
  }

  private async step(): Promise<void> {
    const rows = this.engine.batch.length;
    this.believedMs += this.cost.at(rows);
    const beganAt = this.clock.now();
    await this.engine.step();
    this.steps++;
    this.cost.observe({ rows, milliseconds: this.clock.now() - beganAt });
  }

  /** Adds a token; false when no more is wanted. */
  private choose({ sequence, depth, drafted }: Going, row: number): boolean {
    const { sampling, endTokensIgnored } = sequence.submitted;
    const logits = this.engine.logits(row);
    const token =
      sampling.temperature === 0 && sampling.logitBias.length === 0
        ? argmax(logits)
        : chooseToken(
            logits,
            { ...sampling, repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0 },
            nothingSeen,
            sequence.generatedCount + drafted.length,
          );
    if (!endTokensIgnored && this.engine.isEndOfGeneration(token)) return false;
    drafted.push(token);
    return drafted.length < depth;
  }
}
