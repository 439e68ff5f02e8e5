/** One sequence's own text as a source of proposals, and how often it was right. */
import {
  componentTrialsFirst,
  lookupChances,
  type LookupTrials,
  noteLookup,
  sequenceTrialsFirst,
} from '../../decide/speculation/lookup-chances.js';
import { type LookupMatch, TokenLookup } from '../../decide/speculation/token-lookup.js';
import type { Sequence } from '../sequence.js';

export interface LookupProposal {
  readonly match: LookupMatch;
  readonly chances: readonly number[];
}

interface Known {
  readonly lookup: TokenLookup;
  trials: LookupTrials;
}

/** Tokens of an answer that are judged by when it was not looked at for a while. */
const judgedMax = 32;

export class Lookups {
  private readonly known = new Map<Sequence, Known>();
  private component = componentTrialsFirst;

  /** What may follow, up to `count` tokens; null when nothing like the end of the text stood there before. */
  propose(sequence: Sequence, count: number): LookupProposal | null {
    const known = this.follow(sequence);
    const match = known.lookup.find();
    if (match === null) return null;
    const trials = { component: this.component, sequence: known.trials };
    return { match, chances: lookupChances(trials, match.length, count) };
  }

  /** The proposed tokens; of a match that was just found. */
  tokens(sequence: Sequence, match: LookupMatch, count: number): number[] {
    return this.known.get(sequence)!.lookup.continuation(match, count);
  }

  forget(sequence: Sequence): void {
    this.known.delete(sequence);
  }

  /** Reads what is new in the sequence, and judges by it what would have been proposed. */
  private follow(sequence: Sequence): Known {
    let known = this.known.get(sequence);
    if (known === undefined) {
      known = { lookup: new TokenLookup(), trials: sequenceTrialsFirst };
      this.known.set(sequence, known);
    }
    const { lookup } = known;
    const judgedFrom = Math.max(sequence.promptLength, sequence.length - judgedMax);
    while (lookup.length < sequence.length) {
      const token = sequence.tokenAt(lookup.length);
      if (lookup.length >= judgedFrom) this.judge(known, token);
      lookup.push(token);
    }
    return known;
  }

  private judge(known: Known, token: number): void {
    const match = known.lookup.find();
    if (match === null) return;
    const isRight = known.lookup.continuation(match, 1)[0] === token;
    const trials = { component: this.component, sequence: known.trials };
    const after = noteLookup(trials, match.length, isRight);
    this.component = after.component;
    known.trials = after.sequence;
  }
}
