/** Learns the merges of a byte-level BPE: the most frequent pair becomes a token, until the vocabulary is full. */
import { byteLetters, lettersOf, preTokens } from './pre-tokens.js';
import { controlTokens, type TokenizerFile } from './tokenizer.js';

interface Word {
  symbols: readonly string[];
  readonly count: number;
}

/** A word that begins with one letter and goes on in small ones. */
const plainWord = /^(\u0120?[A-Za-z])([a-z]+)$/;
/** A head; a hump's head; capitals; the rest of a word; a digit; anything else. U+0120 stands for a blank. */
const unitCuts =
  /^\u0120?[a-z]|\u0120?[A-Z](?=[a-z])|\u0120?[A-Z]+(?![a-z])|[a-z]+|\u0120?[0-9]|[^A-Za-z0-9]+/g;

/**
 * The same texts in the same order give the same file; of equally frequent pairs the alphabetically first is taken.
 *
 * Models copy names: ` vineyards` in English is `Vineyard__c` in code. So that both have the same tokens but for the first, the first
 * letter of a word is a token of its own, with the blank before it, and so is each digit. Pairs are merged inside the pieces between; the
 * `wholeWords` most frequent words of a head and one further token fill the vocabulary.
 */
export function trainTokenizer(
  texts: Iterable<string>,
  vocabularySize: number,
  wholeWords = 600,
): TokenizerFile {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of preTokens(text)) {
      const letters = lettersOf(word).join('');
      counts.set(letters, (counts.get(letters) ?? 0) + 1);
    }
  }
  const tokens = new Set(byteLetters);
  const merges: string[] = [];
  const add = (pair: string) => {
    merges.push(pair);
    tokens.add(pair.replace(' ', '')); // two merges may make the same token
  };
  for (const letter of heads) add(`\u0120 ${letter}`);
  const pairs = new Pairs(unitsOf(counts));
  const room = vocabularySize - controlTokens.length;
  while (tokens.size < room - wholeWords) {
    const pair = pairs.mostFrequent();
    if (pair === null) throw new Error(`the texts give only ${tokens.size} tokens of ${vocabularySize}`);
    add(pair);
    pairs.merge(pair);
  }
  for (const pair of wholeWordPairs(counts, tokens)) {
    if (tokens.size >= room) break;
    add(pair);
  }
  return { tokens: [...tokens, ...controlTokens], merges: lastOfEach(merges) };
}

/** A merge stands once, where it was added last: a whole word as `on` is put together after the pieces of longer words. */
function lastOfEach(merges: readonly string[]): string[] {
  return [...new Set(merges.toReversed())].toReversed();
}

const heads = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at))
  .flatMap((letter) => [letter, letter.toUpperCase()])
  .concat(Array.from({ length: 10 }, (_, digit) => String(digit)));

function unitsOf(counts: ReadonlyMap<string, number>): Word[] {
  const units = new Map<string, number>();
  for (const [letters, count] of counts) {
    for (const unit of letters.match(unitCuts) ?? []) units.set(unit, (units.get(unit) ?? 0) + count);
  }
  return [...units].map(([unit, count]) => {
    const hasHead = /^\u0120[A-Za-z0-9]/.test(unit);
    return { symbols: hasHead ? [unit.slice(0, 2), ...unit.slice(2)] : [...unit], count };
  });
}

function wholeWordPairs(counts: ReadonlyMap<string, number>, tokens: ReadonlySet<string>): string[] {
  const found: { pair: string; count: number }[] = [];
  for (const [letters, count] of counts) {
    const [, head, tail] = plainWord.exec(letters) ?? [];
    if (head !== undefined && tail !== undefined && tokens.has(tail))
      found.push({ pair: `${head} ${tail}`, count });
  }
  found.sort((one, other) => other.count - one.count || (one.pair < other.pair ? -1 : 1));
  return found.map(({ pair }) => pair);
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
