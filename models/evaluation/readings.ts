/** What is read of a model: its own answer, how likely it finds a given one, and what it proposes for another's answer. */
import type { Engine } from '../../src/contracts/engine.js';
import { likeliest, sequenceTokensMax, type Reading, type Wanted } from './drive.js';

export interface Answer {
  readonly tokens: readonly number[];
  readonly text: string;
  /** It ended by itself, not at the limit. */
  readonly isEnded: boolean;
}

/** The greedy answer to a prompt. */
export class AnswerReading implements Reading {
  readonly first: Wanted;
  private readonly tokens: number[] = [];
  private isEnded = false;

  constructor(
    private readonly engine: Engine,
    private readonly prompt: readonly number[],
  ) {
    this.first = { kept: 0, tokens: prompt, logitsFrom: prompt.length - 1 };
  }

  next(logitsOf: (index: number) => Float32Array): Wanted | null {
    const { engine, prompt, tokens } = this;
    const token = likeliest(logitsOf(tokens.length === 0 ? prompt.length - 1 : 0));
    this.isEnded = engine.isEndOfGeneration(token);
    if (this.isEnded) return null;
    tokens.push(token);
    const kept = prompt.length + tokens.length - 1;
    return kept + 1 >= sequenceTokensMax ? null : { kept, tokens: [token], logitsFrom: 0 };
  }

  answer(): Answer {
    const bytes = Buffer.concat(this.tokens.map((token) => this.engine.piece(token)));
    return { tokens: this.tokens, text: bytes.toString('utf8'), isEnded: this.isEnded };
  }
}

/** The sum of the negative log-likelihoods of an answer's tokens, each given all before it. */
export class LikelihoodReading implements Reading {
  readonly first: Wanted;
  negativeLogLikelihood = 0;

  constructor(
    promptLength: number,
    private readonly tokens: readonly number[],
  ) {
    this.first = { kept: 0, tokens: tokens.slice(0, -1), logitsFrom: promptLength - 1 };
  }

  next(logitsOf: (index: number) => Float32Array): null {
    for (let index = this.first.logitsFrom; index < this.tokens.length - 1; index++) {
      this.negativeLogLikelihood -= logProbability(logitsOf(index), this.tokens[index + 1]!);
    }
    return null;
  }
}

function logProbability(logits: Float32Array, token: number): number {
  const highest = logits[likeliest(logits)]!;
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return logits[token]! - highest - Math.log(sum);
}

/** Tokens that a draft model proposes ahead. */
export const proposedMax = 4;

/**
 * A draft model beside a target whose greedy tokens are known: it proposes some ahead, those that the target would have
 * chosen stay, the target adds one of its own, and so on to the end.
 */
export class ProposalReading implements Reading {
  readonly first: Wanted;
  /** Of each position: how often it was proposed behind right ones, and how often it was right itself. */
  readonly tried = new Array<number>(proposedMax).fill(0);
  readonly right = new Array<number>(proposedMax).fill(0);
  proposed = 0;
  targetPasses = 0;
  /** So many of `chosen` are in the answer. */
  private settled = 0;
  private readonly proposals: number[] = [];
  /** Index of the row under way whose logits propose. */
  private asked: number;

  /** `chosen`: the target's tokens, with the end token where it ended. Behind an end token, and where the sequence is full, nothing is proposed. */
  constructor(
    private readonly prompt: readonly number[],
    private readonly chosen: readonly number[],
    private readonly endToken: number,
  ) {
    this.first = { kept: 0, tokens: prompt, logitsFrom: prompt.length - 1 };
    this.asked = prompt.length - 1;
  }

  next(logitsOf: (index: number) => Float32Array): Wanted | null {
    const { prompt, proposals } = this;
    proposals.push(likeliest(logitsOf(this.asked)));
    const kept = prompt.length + this.settled + proposals.length - 1;
    const isLast = proposals.length === proposedMax || proposals.at(-1) === this.endToken;
    if (!isLast && kept < sequenceTokensMax) {
      return this.want({ kept, tokens: proposals.slice(-1), logitsFrom: 0 });
    }
    return this.settle();
  }

  private settle(): Wanted | null {
    const { prompt, chosen, proposals } = this;
    let accepted = 0;
    for (; accepted < proposals.length; accepted++) {
      this.tried[accepted]!++;
      if (proposals[accepted] !== chosen[this.settled + accepted]) break;
      this.right[accepted]!++;
    }
    this.proposed += proposals.length;
    this.targetPasses++;
    // The last proposal was never computed itself.
    const seen = this.settled + Math.min(accepted, proposals.length - 1);
    this.settled += accepted + 1;
    proposals.length = 0;
    if (this.settled >= chosen.length) return null;
    const tokens = chosen.slice(seen, this.settled);
    return this.want({ kept: prompt.length + seen, tokens, logitsFrom: tokens.length - 1 });
  }

  private want(wanted: Wanted): Wanted {
    this.asked = wanted.logitsFrom;
    return wanted;
  }
}
