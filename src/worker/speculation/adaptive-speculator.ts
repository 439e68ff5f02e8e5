/**
 * Proposes what pays: looked up in the sequence's own text, or drafted by a small model where there is one. How much,
 * is decided before each step from what steps cost, how often proposals were kept, and how many sequences decode; it
 * is nothing as long as nothing would pay, but for a trial now and then, and nothing while the allowance for losses is used up.
 *
 * Modes of the allowance: open, or spent until enough was earned.
 */
import { chanceOf, componentPrior, noteTrials, type Trials } from '../../decide/speculation/acceptance.js';
import { type Allowance, earn, firstAllowance, isFull, settle } from '../../decide/speculation/allowance.js';
import {
  type Candidate,
  chooseDepths,
  mayPay,
  type StepPrices,
} from '../../decide/speculation/choose-depths.js';
import { isDraftWorthIt } from '../../decide/speculation/draft-worth.js';
import {
  afterAnswer,
  afterProposals,
  afterStep,
  firstRhythm,
  turnOf,
} from '../../decide/speculation/rhythm.js';
import { type StepCost, withoutPause } from '../../decide/speculation/step-cost.js';
import type { SpeculationCounts } from '../../domain/copy.js';
import type { Sequence } from '../sequence.js';
import type { Speculator } from '../speculator.js';
import type { Drafter } from './drafter.js';
import { type LookupProposal, Lookups } from './lookups.js';

export interface AdaptiveParts {
  /** What the model's steps cost. */
  readonly cost: StepCost;
  /** Tokens proposed of a sequence at once at most. */
  readonly tokensMax: number;
  /** Null = only look-ups. */
  readonly drafter: Drafter | null;
}

/** What one sequence may be proposed, from the better source. */
interface Offer extends Candidate {
  readonly sequence: Sequence;
  readonly lookup: LookupProposal | null;
}

/** The step that is under way. */
interface Attempt {
  readonly decoding: number;
  /** At other prices than are believed. */
  hasTried: boolean;
  proposed: number;
  kept: number;
  /** Of the step itself: as believed, then, where it computed no prompt, as measured, but for pauses. */
  checkMs: number;
  draftMs: number;
}

/** Answers that the mean length of answers looks back on, about. */
const answersRemembered = 16;
const answerTokensFirst = 64;
/** Tokens of a step that tries, at other prices than are believed, and rows that a draft model may have to catch up with there. */
const triedTokens = 4;
const triedLagMax = 128;
/** Sequences that may decode there: where many do, a row costs nearly what a token does, and several would have to be caught up with. */
const triedDecodingMax = 4;
/** Steps with proposals that follow each other, about; fewer than most often. */
const runSteps = 4;
/** As if rows and drafts cost nothing, and only catching up did. */
const triedPrices: StepPrices = {
  checking: () => 1,
  drafting: (rows) => (rows > triedLagMax ? Infinity : 0),
};
/** A look-up costs nothing, so it is taken where it promises at least this share of the tokens of a draft. */
const lookupShareMin = 0.6;
const untried: Trials = { kept: 0, refused: 0 };

export class AdaptiveSpeculator implements Speculator {
  private readonly lookups = new Lookups();
  private readonly draftTrials = new Map<Sequence, Trials>();
  private readonly drafted = new Set<Sequence>();
  private componentTrials: Trials = componentPrior;
  private allowance: Allowance;
  private attempt: Attempt | null = null;
  private answerTokens = answerTokensFirst;
  private proposedTokens = 0;
  private acceptedTokens = 0;
  private steps = 0;
  private rhythm = firstRhythm;

  constructor(private readonly parts: AdaptiveParts) {
    this.allowance = firstAllowance(parts.cost.at(1));
  }

  async propose(decoding: readonly Sequence[], rowsMax: number): Promise<void> {
    this.settle();
    const count = decoding.length;
    const prices = this.pricesFor(count);
    const attempt: Attempt = {
      ...{ decoding: count, hasTried: false, proposed: 0, kept: 0 },
      ...{ checkMs: prices.checking(count), draftMs: 0 },
    };
    this.attempt = attempt;
    const { proposes, tries } = turnOf(this.rhythm);
    if (proposes)
      await this.proposeAt(prices, decoding, Math.min(rowsMax, count * this.parts.tokensMax), attempt);
    const isIdle = attempt.draftMs === 0 && decoding.every(({ proposal }) => proposal.length === 0);
    if (tries && isIdle && count <= triedDecodingMax) {
      attempt.hasTried = true;
      await this.proposeAt(triedPrices, decoding, Math.min(rowsMax, triedTokens), attempt);
    }
    for (const { proposal } of decoding) attempt.proposed += proposal.length;
    attempt.checkMs = prices.checking(count + attempt.proposed);
    if (attempt.proposed > 0) this.steps++;
    this.proposedTokens += attempt.proposed;
    this.rhythm = afterStep(this.rhythm, {
      hasProposed: attempt.proposed > 0,
      hasTried: attempt.hasTried,
    });
  }

  /** As many as pay at these prices, at most `rows` in all. */
  private async proposeAt(
    prices: StepPrices,
    decoding: readonly Sequence[],
    rows: number,
    attempt: Attempt,
  ): Promise<void> {
    const count = decoding.length;
    if (this.allowance.isSpent || !mayPay(count, rows, prices)) return;
    if (isFull(this.allowance, this.parts.cost.at(1))) this.tryAgain();
    const offers = decoding.map((sequence) => this.offerFor(sequence, count, prices));
    const depths = chooseDepths(offers, rows, prices);
    for (const [index, { sequence, lookup }] of offers.entries()) {
      if (lookup === null || depths[index] === 0) continue;
      sequence.proposal = this.lookups.tokens(sequence, lookup.match, depths[index]!);
    }
    await this.draft(offers, depths, attempt);
  }

  observe(sequence: Sequence, proposed: number, accepted: number): void {
    this.acceptedTokens += accepted;
    if (this.attempt !== null) this.attempt.kept += accepted;
    if (!this.drafted.delete(sequence)) return;
    const isOneRefused = accepted < proposed && !sequence.isEnded;
    const before = this.draftTrials.get(sequence) ?? untried;
    this.draftTrials.set(sequence, noteTrials(before, accepted, isOneRefused, 'sequence'));
    this.componentTrials = noteTrials(this.componentTrials, accepted, isOneRefused, 'component');
  }

  observeStep(decodingRows: number, promptRows: number, milliseconds: number): void {
    const { cost } = this.parts;
    if (promptRows > 0 || decodingRows === 0) {
      cost.lastRows = 0;
      return;
    }
    if (this.attempt !== null) this.attempt.checkMs = withoutPause(milliseconds, this.attempt.checkMs);
    cost.observe({ rows: decodingRows, milliseconds });
  }

  release(sequence: Sequence): void {
    if (sequence.isEnded) {
      this.answerTokens += (sequence.generatedCount - this.answerTokens) / answersRemembered;
    }
    this.rhythm = afterAnswer(this.rhythm);
    if (this.attempt !== null) this.attempt.hasTried = false;
    this.lookups.forget(sequence);
    this.draftTrials.delete(sequence);
    this.drafted.delete(sequence);
    this.parts.drafter?.release(sequence);
  }

  counts(): SpeculationCounts {
    const { drafter } = this.parts;
    return {
      ...(drafter === null ? {} : { draftSteps: drafter.steps }),
      proposedTokens: this.proposedTokens,
      acceptedTokens: this.acceptedTokens,
      steps: this.steps,
    };
  }

  setThreads(count: number): void {
    this.parts.drafter?.setThreads(count);
  }

  async sleep(): Promise<void> {
    await this.parts.drafter?.sleep();
  }

  /** Enough was saved up to believe in the draft model once more. */
  private tryAgain(): void {
    if (this.parts.drafter === null) return;
    const seen = this.componentTrials;
    if (chanceOf(seen, untried) < chanceOf(componentPrior, untried)) this.componentTrials = componentPrior;
  }

  private offerFor(sequence: Sequence, decoding: number, prices: StepPrices): Offer {
    const room = Math.min(this.parts.tokensMax, sequence.generatedMax - sequence.generatedCount - 1);
    const lookup = room > 0 ? this.lookups.propose(sequence, room) : null;
    const drafted = room > 0 ? this.draftChances(sequence, room, decoding, prices) : [];
    if (lookup !== null && expected(lookup.chances) >= lookupShareMin * expected(drafted)) {
      return { sequence, lookup, chances: lookup.chances, isDrafted: false };
    }
    return { sequence, lookup: null, chances: drafted, isDrafted: true };
  }

  /** None where the draft model knows too little of the sequence for what is left of it. */
  private draftChances(sequence: Sequence, room: number, decoding: number, prices: StepPrices): number[] {
    const { drafter } = this.parts;
    if (drafter === null) return [];
    const chance = chanceOf(this.componentTrials, this.draftTrials.get(sequence) ?? untried);
    const { generatedMax, generatedCount } = sequence;
    const likelyLeft = Math.max(this.answerTokens - generatedCount, this.answerTokens / 4);
    const situation = {
      chance,
      decoding,
      depthMax: room,
      tokensLeft: Math.min(generatedMax - generatedCount, likelyLeft),
      lag: drafter.lag(sequence),
    };
    if (!isDraftWorthIt(situation, prices)) return [];
    return Array.from({ length: room }, (_, level) => chance ** (level + 1));
  }

  private async draft(offers: readonly Offer[], depths: readonly number[], attempt: Attempt): Promise<void> {
    const { drafter } = this.parts;
    if (drafter === null) return;
    const requests = offers.flatMap(({ sequence, isDrafted }, index) =>
      isDrafted && depths[index]! > 0 ? [{ sequence, depth: depths[index]! }] : [],
    );
    if (requests.length === 0) return;
    const { tokens, milliseconds } = await drafter.draft(requests);
    attempt.draftMs = milliseconds;
    for (const [index, { sequence }] of requests.entries()) {
      sequence.proposal = tokens[index]!;
      if (tokens[index]!.length > 0) this.drafted.add(sequence);
    }
  }

  /**
   * What steps cost now, where so many sequences decode: one of other rows than the last costs more. A run of steps with
   * proposals, whose rows are often the same, costs that when it begins, where plain steps do not, and when it ends.
   */
  private pricesFor(decoding: number): StepPrices {
    const { cost, drafter } = this.parts;
    const { lastRows, switchMs } = cost;
    const isRunning = this.rhythm.run > 0 && lastRows > 0;
    const changes = lastRows === decoding ? 2 : 1;
    const changeMs = isRunning ? switchMs : (changes * switchMs) / runSteps;
    const isFree = (rows: number) => rows === decoding || (isRunning && rows === lastRows);
    return {
      checking: (rows) => cost.at(rows) + (isFree(rows) ? 0 : changeMs),
      drafting: (rows) => drafter?.cost.at(rows) ?? Infinity,
    };
  }

  /** What the last step saved or cost, by the tokens that it brought. */
  private settle(): void {
    const { attempt } = this;
    this.attempt = null;
    if (attempt === null) return;
    const { decoding, hasTried, proposed, kept, checkMs, draftMs } = attempt;
    const { cost } = this.parts;
    const plainMs = cost.at(decoding);
    if (proposed === 0 && draftMs === 0) {
      this.allowance = earn(this.allowance, plainMs, cost.at(1));
      return;
    }
    const endMs = this.rhythm.run === 1 ? cost.switchMs : 0; // of the run that it began
    const saved = (plainMs * (decoding + kept)) / decoding - checkMs - draftMs - endMs;
    this.rhythm = afterProposals(this.rhythm, { hasTried, proposed, kept, saved });
    this.allowance = settle(this.allowance, saved, cost.at(1));
  }
}

function expected(chances: readonly number[]): number {
  return chances.reduce((sum, chance) => sum + chance, 0);
}
