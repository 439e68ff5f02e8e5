/**
 * What serving has learned of one incarnation of a copy: how fast it reads prompts, how long a step and a request take,
 * what it was given and has not answered yet, and which beginnings it had. Learned from the requests themselves and
 * forgotten with the connection; only requests with a `RequestPrefix` count, so that the other strategies pay nothing.
 *
 * All times are milliseconds of the clock that is passed in.
 */
import type { FirstTokenTerms } from '../decide/routing/first-token.js';
import { blockCharacters, type RequestPrefix } from '../decide/routing/request-prefix.js';
import { PrefixKnowledge } from './prefix-knowledge.js';

/** A new measurement counts for this part. */
const newShare = 0.1;
/** What was measured loses half its weight in this time, so that a copy that was slow once is tried again. */
const halfLifeMs = 60_000;
/** Weight of what the other copies do, in prompt tokens. */
const priorTokens = 256;
/** Before anything is known. */
const msPerTokenDefault = 1;
const stepMsDefault = 20;
const tokensPerCharacterDefault = 0.25;
/** Fewer say nothing about the rate. */
const tokensMin = 16;
/** A longer gap between two steps is a pause, not a step. */
const stepMsMax = 10_000;

/** Binary logarithms of distances that are told apart; farther ones count as the last. */
const distancesMax = 15;

/** What the copies of a lane have in common. */
export class PromptSizes {
  private perCharacter = tokensPerCharacterDefault;

  /** Expected tokens of that many characters. */
  tokensOf(characters: number): number {
    return characters * this.perCharacter;
  }

  learn(characters: number, tokens: number): void {
    if (characters < blockCharacters || tokens <= 0) return;
    this.perCharacter += (tokens / characters - this.perCharacter) * newShare;
  }
}

export class CopySpeed {
  /** Written anew by `estimate`. */
  readonly terms: FirstTokenTerms;
  private readonly knowledge = new PrefixKnowledge();
  /** By place; 0 = the place's request is not measured or has its first token. */
  private readonly tokensAt: Float64Array;
  private readonly aheadAt: Float64Array;
  private readonly givenAt: Float64Array;
  private readonly charactersAt: Float64Array;
  private readonly cachedAt: Float64Array;
  private readonly distanceAt: Uint8Array;
  private tokensAhead = 0;
  /** Fading sums: milliseconds and the prompt tokens computed in them. */
  private ms = 0;
  private tokens = 0;
  private measuredAt = 0;
  private stepMs = stepMsDefault;
  private lastStepAt = -Infinity;
  private requestMs = 0;
  /**
   * Part of what was believed to be cached that was, 0..1, by the binary logarithm of the requests since it was last
   * used. So nobody has to know how much the copy keeps.
   */
  private readonly trust = new Float64Array(distancesMax).fill(1);

  /** `placesMax`: requests it may hold; `places`: requests it computes at once. */
  constructor(
    placesMax: number,
    places: number,
    private readonly sizes: PromptSizes,
  ) {
    this.tokensAt = new Float64Array(placesMax);
    this.aheadAt = new Float64Array(placesMax);
    this.givenAt = new Float64Array(placesMax);
    this.charactersAt = new Float64Array(placesMax);
    this.cachedAt = new Float64Array(placesMax);
    this.distanceAt = new Uint8Array(placesMax);
    this.terms = { newTokens: 0, tokensAhead: 0, msPerToken: 1, stepMs: 0, places, requestMs: 0 };
  }

  /** Prompt tokens that count, now; 0 = nothing is known. */
  weight(now: number): number {
    return this.tokens * 0.5 ** ((now - this.measuredAt) / halfLifeMs);
  }

  /** Milliseconds for one prompt token; only where `weight` is above 0. */
  get ownMsPerToken(): number {
    return this.ms / this.tokens;
  }

  /** Fills `terms` for a request; `others`: what the lane's copies need for a prompt token, null = unknown. */
  estimate(prefix: RequestPrefix, others: number | null, now: number): void {
    const { terms } = this;
    const weight = this.weight(now);
    const prior = others ?? msPerTokenDefault;
    const own = weight > 0 ? this.ownMsPerToken : prior;
    terms.newTokens = this.newTokensOf(prefix);
    terms.tokensAhead = this.tokensAhead;
    terms.msPerToken = (own * weight + prior * priorTokens) / (weight + priorTokens);
    terms.stepMs = this.stepMs;
    terms.requestMs = this.requestMs;
  }

  /** The copy gets a request at a place. */
  give(place: number, prefix: RequestPrefix, now: number): void {
    const tokens = Math.max(1, this.newTokensOf(prefix));
    const matched = this.knowledge.matched(prefix.blocks);
    this.tokensAt[place] = tokens;
    this.aheadAt[place] = this.tokensAhead;
    this.givenAt[place] = now;
    this.charactersAt[place] = prefix.characters;
    this.cachedAt[place] = this.sizes.tokensOf(matched * blockCharacters);
    this.distanceAt[place] = this.distanceOf(prefix, matched);
    this.tokensAhead += tokens;
    this.knowledge.note(prefix.blocks);
  }

  /** Its first token is there. `promptTokens` 0 = its program does not say. */
  firstToken(place: number, promptTokens: number, cachedTokens: number, now: number): void {
    const given = this.tokensAt[place]!;
    if (given === 0) return;
    const ms = Math.max(0, now - this.givenAt[place]! - this.stepMs);
    const computed = promptTokens > 0 ? Math.max(0, promptTokens - cachedTokens) : given;
    const work = this.aheadAt[place]! + computed;
    if (work >= tokensMin) this.learnRate(work, ms, now);
    if (promptTokens > 0) {
      this.sizes.learn(this.charactersAt[place]!, promptTokens);
      const believed = this.cachedAt[place]!;
      const distance = this.distanceAt[place]!;
      const trust = this.trust[distance]!;
      if (believed >= tokensMin) {
        this.trust[distance] = trust + (Math.min(1, cachedTokens / believed) - trust) * newShare * 2;
      }
    }
    this.forget(place);
  }

  /** It has left the place, with or without a first token. `isWhole`: its answer is complete. */
  leave(place: number, isWhole: boolean, now: number): void {
    this.forget(place);
    const givenAt = this.givenAt[place]!;
    if (isWhole && givenAt > 0) {
      const ms = now - givenAt;
      this.requestMs = this.requestMs === 0 ? ms : this.requestMs + (ms - this.requestMs) * newShare;
    }
    this.givenAt[place] = 0;
  }

  /** News of a step came. */
  step(now: number): void {
    const ms = now - this.lastStepAt;
    this.lastStepAt = now;
    if (ms < stepMsMax) this.stepMs += (ms - this.stepMs) * newShare;
  }

  /** There is nothing to compute any more: the next step is no measure of a step's time. */
  rest(): void {
    this.lastStepAt = -Infinity;
  }

  private newTokensOf(prefix: RequestPrefix): number {
    const matched = this.knowledge.matched(prefix.blocks);
    const trust = this.trust[this.distanceOf(prefix, matched)]!;
    return this.sizes.tokensOf(Math.max(0, prefix.characters - matched * blockCharacters * trust));
  }

  private distanceOf({ blocks }: RequestPrefix, matched: number): number {
    if (matched === 0) return 0;
    return Math.min(distancesMax - 1, 31 - Math.clz32(this.knowledge.distance(blocks, matched) + 1));
  }

  private learnRate(tokens: number, ms: number, now: number): void {
    const kept = (1 - newShare) * 0.5 ** ((now - this.measuredAt) / halfLifeMs);
    this.ms = this.ms * kept + ms;
    this.tokens = this.tokens * kept + tokens;
    this.measuredAt = now;
  }

  private forget(place: number): void {
    this.tokensAhead = Math.max(0, this.tokensAhead - this.tokensAt[place]!);
    this.tokensAt[place] = 0;
  }
}
