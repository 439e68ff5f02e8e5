/**
 * From the texts of an embedding or a ranking to the tokens that the model reads. Control tokens come from the model's
 * own frame or template: the spelling of one inside a caller's text stays text, unless the component allows it.
 */
import type { EmbeddingEngine } from '../contracts/embedding-engine.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import type { Computation, PromptInput } from '../domain/inference.js';
import { charactersPerTokenMax, longRun, runCharactersMax, spellingsPattern } from './prompt.js';

export type TextInput = Exclude<PromptInput, { kind: 'chat' }>;
export type TextComputation = Extract<Computation, { kind: 'embed' | 'rerank' }>;

type TextEngine = Pick<EmbeddingEngine, 'info' | 'specialTokens' | 'textFrame' | 'pairForm' | 'tokenize'>;

/** Texts that a computation consists of. */
export function textCountOf(computation: TextComputation): number {
  return computation.kind === 'embed' ? computation.inputs.length : computation.documents.length;
}

/** What the texts of one computation have in common: made with the first of them. */
export interface SharedTokens {
  /** Of the query, where it is tokenized by itself. */
  query: readonly number[] | null;
}

export class TextTokens {
  private readonly special: RegExp | null;

  constructor(
    private readonly engine: TextEngine,
    private readonly options: Pick<ComponentOptions, 'specialTokensAllowed'>,
  ) {
    const spellings = [...engine.specialTokens.keys()].filter((spelling) => spelling.length > 1);
    this.special = spellingsPattern(spellings);
  }

  /** Tokens of the text at that place; `shared` is the computation's own. Throws CTX-201, CTX-202, REQ-210 or REQ-212, which name the place. */
  build(computation: TextComputation, index: number, shared: SharedTokens): readonly number[] {
    const { textTokensMax } = computation;
    const tokensMax = Math.min(textTokensMax ?? Infinity, this.engine.info.sequenceTokensMax);
    const place: Place = { index, tokensMax, isCut: textTokensMax !== null };
    const tokens =
      computation.kind === 'embed'
        ? this.single(computation.inputs[index]!, place)
        : this.pair(computation.query, computation.documents[index]!, place, shared);
    if (tokens.length === 0) throw StowageError.of('CTX-201', {}, { reason: reasonOf(place) });
    if (tokens.length > tokensMax) throw tooLong(tokens.length, place);
    return tokens;
  }

  private single(input: TextInput, place: Place): readonly number[] {
    if (input.kind === 'tokens') {
      const tokens = this.checked(input.tokens, place);
      return place.isCut ? tokens.slice(0, place.tokensMax) : tokens;
    }
    const { before, after } = this.engine.textFrame;
    const own = this.tokensOf(input.prompt, place);
    const room = place.tokensMax - before.length - after.length;
    return [...before, ...(place.isCut ? own.slice(0, Math.max(0, room)) : own), ...after];
  }

  private pair(query: string, document: string, place: Place, shared: SharedTokens): readonly number[] {
    const form = this.engine.pairForm;
    if (form.kind === 'template') return this.fill(form.template, query, document, place);
    shared.query ??= this.tokensOf(query, place);
    const head = [...form.before, ...shared.query, ...form.between];
    const own = this.tokensOf(document, place);
    const room = place.tokensMax - head.length - form.after.length;
    return [...head, ...(place.isCut ? own.slice(0, Math.max(0, room)) : own), ...form.after];
  }

  /** Control tokens are those of the template; what stands between two of them is tokenized as one piece. */
  private fill(template: string, query: string, document: string, place: Place): readonly number[] {
    if (place.isCut) {
      const problem = 'the model joins query and document by a template, and texts in it are not cut';
      throw StowageError.of('REQ-212', { field: 'truncate_prompt_tokens', problem });
    }
    const texts: Readonly<Record<string, string>> = {
      '{query}': this.bounded(query, place),
      '{document}': this.bounded(document, place),
    };
    const fillIn = (part: string) =>
      part.replaceAll(/\{query\}|\{document\}/g, (placeholder) => texts[placeholder]!);
    return this.parse(template, fillIn);
  }

  private tokensOf(text: string, place: Place): readonly number[] {
    const bounded = this.bounded(text, place);
    if (this.options.specialTokensAllowed) return this.parse(bounded, (part) => part);
    return this.engine.tokenize(bounded);
  }

  /** Spellings of control tokens in `source` become those tokens; `change` is made to what stands between them. */
  private parse(source: string, change: (part: string) => string): readonly number[] {
    const tokens: number[] = [];
    const plain = (part: string) => {
      if (part === '') return;
      for (const token of this.engine.tokenize(change(part))) tokens.push(token);
    };
    let at = 0;
    for (const match of this.special === null ? [] : source.matchAll(this.special)) {
      plain(source.slice(at, match.index));
      tokens.push(this.engine.specialTokens.get(match[0])!);
      at = match.index + match[0].length;
    }
    plain(source.slice(at));
    return tokens;
  }

  private bounded(text: string, place: Place): string {
    const charactersMax = this.engine.info.sequenceTokensMax * charactersPerTokenMax;
    if (text.length > charactersMax && !place.isCut) {
      throw tooLong(`at least ${this.engine.info.sequenceTokensMax + 1}`, place);
    }
    const bounded = text.slice(0, charactersMax);
    if (bounded.length > runCharactersMax && longRun.test(bounded)) {
      const problem = `the text at index ${place.index} has a run of more than ${runCharactersMax} characters of one kind`;
      throw StowageError.of('REQ-210', { field: 'input', problem });
    }
    return bounded;
  }

  private checked(tokens: readonly number[], place: Place): readonly number[] {
    const size = this.engine.info.vocabularySize;
    const wrong = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= size);
    if (wrong === undefined) return tokens;
    const problem = `token ${wrong} at index ${place.index} is not in the vocabulary (0..${size - 1})`;
    throw StowageError.of('REQ-210', { field: 'input', problem });
  }
}

/** Which of the texts, and how long it may become. */
interface Place {
  readonly index: number;
  readonly tokensMax: number;
  readonly isCut: boolean;
}

function tooLong(tokens: number | string, place: Place): StowageError {
  return StowageError.of('CTX-202', { tokens, limit: place.tokensMax }, { reason: reasonOf(place) });
}

function reasonOf({ index }: Place): string {
  return `it is the text at index ${index}`;
}
