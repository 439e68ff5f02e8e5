/** Text and tokens: byte-level BPE with GPT-2's cuts, and the control tokens of models/TASKS.md. */
import type { Sample } from '../samples.js';
import { byteLetters, lettersOf, preTokens } from './pre-tokens.js';

export const vocabularySize = 2048;

/** They are the last of the vocabulary, in this order; no text encodes to one. */
export const controlTokens = [
  '<|endoftext|>',
  '<|pad|>',
  '<|fim_prefix|>',
  '<|fim_suffix|>',
  '<|fim_middle|>',
  '<|block|>',
  '<|flow|>',
  '<|out|>',
] as const;
export type ControlToken = (typeof controlTokens)[number];

/** tokenizer.json. Tokens are spelled with the letters of their bytes; a merge is two of them with a blank between. */
export interface TokenizerFile {
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
}

/** Words whose tokens are remembered. */
const wordsMax = 200_000;

export class Tokenizer {
  private readonly ids: ReadonlyMap<string, number>;
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly bytes: ReadonlyMap<string, number>;
  private readonly words = new Map<string, readonly number[]>();
  private readonly firstControl: number;

  constructor(private readonly file: TokenizerFile) {
    this.ids = new Map(file.tokens.map((token, id) => [token, id]));
    this.ranks = new Map(file.merges.map((merge, rank) => [merge, rank]));
    if (this.ranks.size < file.merges.length)
      throw new Error('a merge stands twice: which of the two counts is not settled');
    this.bytes = new Map(byteLetters.map((letter, byte) => [letter, byte]));
    this.firstControl = file.tokens.length - controlTokens.length;
  }

  control(token: ControlToken): number {
    return this.firstControl + controlTokens.indexOf(token);
  }

  /** Tokens of plain text; `<|out|>` in it is seven characters and no control token. */
  encode(text: string): number[] {
    const tokens: number[] = [];
    for (const word of preTokens(text)) tokens.push(...this.tokensOfWord(word));
    return tokens;
  }

  /** Control tokens have no text. */
  decode(tokens: readonly number[]): string {
    const bytes: number[] = [];
    for (const token of tokens) {
      if (token >= this.firstControl) continue;
      for (const letter of this.file.tokens[token]!) bytes.push(this.bytes.get(letter)!);
    }
    return Buffer.from(bytes).toString('utf8');
  }

  /** What a model is given to answer `sample`. */
  promptOf(sample: Sample): number[] {
    if (sample.task !== 'inline') {
      return [this.control(`<|${sample.task}|>`), ...this.encode(sample.prompt), this.control('<|out|>')];
    }
    return [
      this.control('<|fim_suffix|>'),
      ...this.encode(sample.suffix),
      this.control('<|fim_prefix|>'),
      ...this.encode(sample.prefix),
      this.control('<|fim_middle|>'),
    ];
  }

  private tokensOfWord(word: string): readonly number[] {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const tokens = this.merged(lettersOf(word)).map((symbol) => this.ids.get(symbol)!);
    if (this.words.size >= wordsMax) this.words.clear();
    this.words.set(word, tokens);
    return tokens;
  }

  /** The pair that was learnt first is merged first, the leftmost of equals. */
  private merged(symbols: string[]): string[] {
    for (;;) {
      let first = Infinity;
      let at = -1;
      for (let left = 0; left + 1 < symbols.length; left++) {
        const rank = this.ranks.get(`${symbols[left]!} ${symbols[left + 1]!}`) ?? Infinity;
        if (rank < first) [first, at] = [rank, left];
      }
      if (at < 0) return symbols;
      symbols.splice(at, 2, symbols[at]! + symbols[at + 1]!);
    }
  }
}
