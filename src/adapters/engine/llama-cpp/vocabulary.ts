/** Text and tokens of one model, through llama.cpp's own tokenizer. */
import { StowageError } from '../../../domain/errors.js';
import type { LlamaFunctions } from './binding.js';

/** Bits of `llama_token_attr` (llama.h). */
const attributeUnknown = 1 << 0;
const attributeControl = 1 << 3;

export class Vocabulary {
  readonly size: number;
  /** Control tokens by their spelling. */
  readonly specialTokens: ReadonlyMap<string, number>;
  readonly beginTokenAdded: number | null;
  readonly beginText: string;
  readonly endText: string;
  private readonly vocab: unknown;
  private readonly pieces: (Uint8Array | undefined)[];
  private readonly ends: ReadonlySet<number>;
  private readonly buffer = Buffer.alloc(4096);

  constructor(
    private readonly functions: LlamaFunctions,
    model: unknown,
  ) {
    this.vocab = functions.llama_model_get_vocab(model);
    this.size = Number(functions.llama_vocab_n_tokens(this.vocab));
    this.pieces = new Array<Uint8Array | undefined>(this.size);
    const special = new Map<string, number>();
    const ends = new Set<number>();
    for (let token = 0; token < this.size; token++) {
      const attributes = Number(functions.llama_vocab_get_attr(this.vocab, token));
      if ((attributes & (attributeControl | attributeUnknown)) !== 0)
        special.set(this.spelling(token), token);
      if (functions.llama_vocab_is_eog(this.vocab, token) === true) ends.add(token);
    }
    this.specialTokens = special;
    this.ends = ends;
    const begin = Number(functions.llama_vocab_bos(this.vocab));
    const end = Number(functions.llama_vocab_eos(this.vocab));
    this.beginTokenAdded =
      functions.llama_vocab_get_add_bos(this.vocab) === true && begin >= 0 ? begin : null;
    this.beginText = begin < 0 ? '' : this.spelling(begin);
    this.endText = end < 0 ? '' : this.spelling(end);
  }

  /** Tokens of plain text: neither begin tokens nor control tokens are made of it. */
  tokenize(text: string): number[] {
    return this.tokensOf(text, false);
  }

  /** The control tokens that the model wants around every text: beginning, separator, end, as its file says. */
  textFrame(): { readonly before: readonly number[]; readonly after: readonly number[] } {
    const text = 'a';
    const plain = this.tokensOf(text, false);
    const framed = this.tokensOf(text, true);
    const beforeCount = framed.findIndex((_, start) =>
      plain.every((token, index) => framed[start + index] === token),
    );
    return { before: framed.slice(0, beforeCount), after: framed.slice(beforeCount + plain.length) };
  }

  private tokensOf(text: string, isFramed: boolean): number[] {
    const bytes = Buffer.from(text, 'utf8');
    let tokens = new Int32Array(bytes.length + 8);
    let count = this.toTokens(bytes, tokens, isFramed);
    if (count < 0) {
      tokens = new Int32Array(-count);
      count = this.toTokens(bytes, tokens, isFramed);
    }
    if (count < 0) throw StowageError.of('RUN-308', { reason: 'the tokenizer refused a text' });
    return Array.from(tokens.subarray(0, count));
  }

  /** Tokens written, or the negative of how many there would be (llama.h, llama_tokenize). */
  private toTokens(bytes: Buffer, tokens: Int32Array, isFramed: boolean): number {
    const { functions, vocab } = this;
    const { length } = bytes;
    return Number(functions.llama_tokenize(vocab, bytes, length, tokens, tokens.length, isFramed, false));
  }

  /** A token's bytes; none for control tokens. */
  piece(token: number): Uint8Array {
    return (this.pieces[token] ??= this.readPiece(token));
  }

  isEndOfGeneration(token: number): boolean {
    return this.ends.has(token);
  }

  private readPiece(token: number): Uint8Array {
    let buffer = this.buffer;
    let length = this.toPiece(token, buffer);
    if (length < 0) {
      buffer = Buffer.alloc(-length);
      length = this.toPiece(token, buffer);
    }
    return Uint8Array.from(buffer.subarray(0, Math.max(length, 0)));
  }

  private toPiece(token: number, buffer: Buffer): number {
    return Number(this.functions.llama_token_to_piece(this.vocab, token, buffer, buffer.length, 0, false));
  }

  private spelling(token: number): string {
    return String(this.functions.llama_vocab_get_text(this.vocab, token));
  }
}
