/** Learns the merges of a byte-level BPE: the most frequent pair becomes a token, until the vocabulary is full. */
import { byteLetters, lettersOf, preTokens } from './pre-tokens.js';
import { controlTokens, type TokenizerFile } from './tokenizer.js';

interface Word {
  symbols: readonly string[];
  readonly count: number;
}

/** The same texts in the same order give the same file; of equally frequent pairs the alphabetically first is taken. */
export function trainTokenizer(texts: Iterable<string>, vocabularySize: number): TokenizerFile {
  const pairs = new Pairs(wordsOf(texts));
  const tokens = new Set(byteLetters);
  const merges: string[] = [];
  while (tokens.size < vocabularySize - controlTokens.length) {
    const pair = pairs.mostFrequent();
    if (pair === null) throw new Error(`the texts give only ${tokens.size} tokens of ${vocabularySize}`);
    merges.push(pair);
    tokens.add(pair.replace(' ', '')); // two merges may make the same token
    pairs.merge(pair);
  }
  return { tokens: [...tokens, ...controlTokens], merges };
}

function wordsOf(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of preTokens(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({ symbols: lettersOf(word), count }));
}

/** How often each pair of neighbours (`a b`) occurs, and in which words. */
class Pairs {
  private readonly counts = new Map<string, number>();
  private readonly places = new Map<string, Set<Word>>();

  constructor(words: readonly Word[]) {
    for (const word of words) this.count(word, 1);
  }

  mostFrequent(): string | null {
    let best: string | null = null;
    let most = 1; // what occurs once is no pattern
    for (const [pair, count] of this.counts) {
      if (count > most || (count === most && best !== null && pair < best)) [best, most] = [pair, count];
    }
    return best;
  }

  merge(pair: string): void {
    const [left, right] = pair.split(' ') as [string, string];
    for (const word of this.places.get(pair) ?? []) {
      this.count(word, -1);
      word.symbols = joined(word.symbols, left, right);
      this.count(word, 1);
    }
    this.counts.delete(pair);
    this.places.delete(pair);
  }

  private place(pair: string): Set<Word> {
    const place = this.places.get(pair) ?? new Set();
    this.places.set(pair, place);
    return place;
  }

  /** A word stays among the places of a pair that it has lost; merging there changes nothing. */
  private count(word: Word, sign: 1 | -1): void {
    const { symbols, count } = word;
    for (let left = 0; left + 1 < symbols.length; left++) {
      const pair = `${symbols[left]!} ${symbols[left + 1]!}`;
      this.counts.set(pair, (this.counts.get(pair) ?? 0) + sign * count);
      if (sign === 1) this.place(pair).add(word);
    }
  }
}

function joined(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let at = 0; at < symbols.length; at++) {
    if (symbols[at] === left && symbols[at + 1] === right) {
      result.push(left + right);
      at++;
    } else {
      result.push(symbols[at]!);
    }
  }
  return result;
}
