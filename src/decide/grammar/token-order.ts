/**
 * The tokens of a vocabulary in the order of their bytes: what a token shares with the one before it is walked once,
 * and what cannot begin is skipped with everything that begins so.
 */
import type { Automaton, AutomatonState } from './automaton.js';

export class TokenOrder {
  /** 1 for bytes that some token is made of alone. */
  readonly alphabet = new Uint8Array(256);
  private readonly tokens: Int32Array;
  private readonly bytes: Uint8Array;
  /** Where each token's bytes begin, in the order; one more for the end. */
  private readonly offsets: Int32Array;
  /** Bytes shared with the token before. */
  private readonly shared: Int32Array;
  private readonly lengthMax: number;

  /** `pieces`: the bytes of each token; tokens that are never written have none. */
  constructor(private readonly pieces: readonly Uint8Array[]) {
    const order = pieces.map((_, token) => token).filter((token) => pieces[token]!.length > 0);
    order.sort((a, b) => compareBytes(pieces[a]!, pieces[b]!) || a - b);
    this.tokens = Int32Array.from(order);
    this.offsets = new Int32Array(order.length + 1);
    this.shared = new Int32Array(order.length);
    let length = 0;
    let longest = 0;
    for (const [index, token] of order.entries()) {
      const piece = pieces[token]!;
      if (piece.length === 1) this.alphabet[piece[0]!] = 1;
      if (index > 0) this.shared[index] = sharedLength(pieces[order[index - 1]!]!, piece);
      length += piece.length;
      longest = Math.max(longest, piece.length);
      this.offsets[index + 1] = length;
    }
    this.lengthMax = longest;
    this.bytes = new Uint8Array(length);
    for (const [index, token] of order.entries()) this.bytes.set(pieces[token]!, this.offsets[index]);
  }

  /** Words of 32 bits that a set of tokens takes. */
  get wordCount(): number {
    return (this.pieces.length + 31) >>> 5;
  }

  /** The tokens that may come next, a bit each. Throws GrammarProblem when that is too much work. */
  allowedIn(automaton: Automaton, state: AutomatonState): Uint32Array {
    automaton.beginWork();
    const { tokens, bytes, offsets, shared } = this;
    const allowed = new Uint32Array(this.wordCount);
    const path = new Array<AutomatonState>(this.lengthMax + 1);
    path[0] = state;
    /** Bytes of the last token that could be walked. */
    let walked = 0;
    for (let index = 0; index < tokens.length; index += 1) {
      const offset = offsets[index]!;
      const length = offsets[index + 1]! - offset;
      const common = shared[index]!;
      // It begins with bytes at which the last one failed.
      if (common > walked) continue;
      walked = common;
      while (walked < length) {
        const next = automaton.step(path[walked]!, bytes[offset + walked]!);
        if (next === null) break;
        walked += 1;
        path[walked] = next;
      }
      if (walked < length) continue;
      const token = tokens[index]!;
      allowed[token >>> 5]! |= 1 << (token & 31);
    }
    return allowed;
  }

  /** The state after a token; null when it may not come. Throws GrammarProblem when that is too much work. */
  after(automaton: Automaton, state: AutomatonState, token: number): AutomatonState | null {
    automaton.beginWork();
    let next: AutomatonState | null = state;
    for (const byte of this.pieces[token] ?? []) {
      next = automaton.step(next, byte);
      if (next === null) return null;
    }
    return next;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = sharedLength(a, b);
  if (shared === a.length || shared === b.length) return a.length - b.length;
  return a[shared]! - b[shared]!;
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a[index] === b[index]) index += 1;
  return index;
}
