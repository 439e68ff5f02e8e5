/**
 * Where the last few tokens of a text stood before, and what followed there. Tokens come one by one; each costs a
 * bounded number of comparisons, however long the text is.
 *
 * Places with the same last `matchMin` tokens are chained, the latest first, as in LZ77; the longest match wins, of
 * equal ones the latest.
 */

export interface LookupMatch {
  /** Where the text went on after the earlier place: the position of the token that is proposed first. */
  readonly position: number;
  /** How many tokens before it equal the last ones, `matchMin`..`matchMax`. */
  readonly length: number;
}

/** Tokens that must be equal before anything is proposed. */
export const matchMin = 2;
/** A longer match says no more. */
export const matchMax = 32;
/** Earlier places that are compared. */
const placesMax = 16;
const headBits = 12;

export class TokenLookup {
  private tokens: Int32Array = new Int32Array(256);
  /** The place before with the same hash, or -1; a place is the position after its `matchMin` tokens. */
  private previous: Int32Array = new Int32Array(256);
  private readonly latest: Int32Array = new Int32Array(1 << headBits).fill(-1);
  private count = 0;

  /** How many tokens it knows. */
  get length(): number {
    return this.count;
  }

  push(token: number): void {
    if (this.count === this.tokens.length) this.grow();
    this.tokens[this.count++] = token;
    if (this.count < matchMin) return;
    const hash = this.hashOfLast();
    this.previous[this.count - 1] = this.latest[hash]!;
    this.latest[hash] = this.count;
  }

  /** The earlier place that is most like the end of the text; null when there is none. */
  find(): LookupMatch | null {
    if (this.count < matchMin) return null;
    let best: LookupMatch | null = null;
    let place = this.previous[this.count - 1]!;
    for (let looked = 0; place >= 0 && looked < placesMax; looked++) {
      const length = this.matchLength(place);
      if (length >= matchMin && length > (best?.length ?? 0)) best = { position: place, length };
      if (length === matchMax) break;
      place = this.previous[place - 1]!;
    }
    return best;
  }

  /** What followed the match, `count` tokens; it may go on into itself, and so repeat. */
  continuation(match: LookupMatch, count: number): number[] {
    const out: number[] = [];
    for (let position = match.position; out.length < count; position++) {
      out.push(position < this.count ? this.tokens[position]! : out[position - this.count]!);
    }
    return out;
  }

  private matchLength(place: number): number {
    const longest = Math.min(matchMax, place);
    let length = 0;
    while (length < longest && this.tokens[place - 1 - length] === this.tokens[this.count - 1 - length]) {
      length++;
    }
    return length;
  }

  private hashOfLast(): number {
    let hash = 0;
    for (let back = matchMin; back > 0; back--) {
      hash = Math.imul(hash ^ this.tokens[this.count - back]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash & ((1 << headBits) - 1);
  }

  private grow(): void {
    const size = this.tokens.length * 2;
    const [tokens, previous] = [new Int32Array(size), new Int32Array(size)];
    tokens.set(this.tokens);
    previous.set(this.previous);
    this.tokens = tokens;
    this.previous = previous;
  }
}
