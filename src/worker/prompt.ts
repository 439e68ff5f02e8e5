/**
 * From what a caller asks to the tokens the model reads.
 *
 * Templates are Jinja over `prompt`, `suffix`, `messages` and `tools`. Control tokens come from the template only: the
 * spelling of one inside a caller's text stays text. To that end a marker character is put into that text before
 * the template runs: at its start, and behind every character that a spelling may begin with, so that no
 * spelling can begin in a caller's text or reach into it. Control tokens are cut out of the template's result,
 * and the marker is taken out of the plain text between them. The text between two control tokens is
 * tokenized as one piece, so the tokens are those of the whole string.
 */
import { Template } from '@huggingface/jinja';
import type { Engine } from '../contracts/engine.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import type { ChatMessage, PromptInput } from '../domain/inference.js';
import { plainFields, speaksOfTools, type TextGuard, toolFields } from './chat-fields.js';

/** A prompt longer than this many characters per token of room cannot fit, and is not even tokenized. */
export const charactersPerTokenMax = 128;
/** Tokenizers with regular expressions recurse once per character of a run of one kind. */
export const runCharactersMax = 16_384;
export const longRun = new RegExp(
  ['\\p{L}', '\\p{N}', '\\s', '[^\\p{L}\\p{N}\\s]']
    .map((kind) => `${kind}{${runCharactersMax + 1},}`)
    .join('|'),
  'u',
);

export class PromptBuilder {
  private readonly template: Template | null;
  private readonly chatTemplate: Template | null;
  private readonly special: RegExp | null;
  /** Characters that a control token's spelling may begin with, in any case. */
  private readonly firstCharacters: RegExp | null;
  private readonly takesSuffix: boolean;

  constructor(
    private readonly engine: Engine,
    private readonly component: string,
    private readonly options: ComponentOptions,
  ) {
    this.template = options.promptTemplate === null ? null : this.compile(options.promptTemplate);
    const own = engine.info.chatTemplate;
    this.chatTemplate = own === null ? null : this.compile(own);
    const spellings = [...engine.specialTokens.keys()].filter((spelling) => spelling.length > 1);
    this.special = spellingsPattern(spellings);
    this.firstCharacters = firstCharactersPattern(spellings);
    this.takesSuffix = usesVariable(options.promptTemplate, 'suffix');
  }

  /** The prompt's tokens. Throws CTX-201, CTX-202 or REQ-213. */
  build(input: PromptInput): number[] {
    const tokens = input.kind === 'tokens' ? this.checked(input.tokens) : this.tokenize(this.render(input));
    if (tokens.length === 0) throw StowageError.of('CTX-201', {});
    const limit = this.engine.info.sequenceTokensMax - 1;
    if (tokens.length > limit) throw StowageError.of('CTX-202', { tokens: tokens.length, limit });
    return tokens;
  }

  private checked(tokens: readonly number[]): number[] {
    const size = this.engine.info.vocabularySize;
    const wrong = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= size);
    if (wrong !== undefined) {
      const problem = `token ${wrong} is not in the vocabulary (0..${size - 1})`;
      throw StowageError.of('REQ-210', { field: 'prompt', problem });
    }
    return [...tokens];
  }

  private render(input: Exclude<PromptInput, { kind: 'tokens' }>): MarkedText {
    const marker = unusedCharacter(input);
    const guard = (text: string) => this.guard(this.bounded(text), marker);
    const { promptKeepChars, suffixKeepChars } = this.options;
    const asText = input.kind === 'text' ? input : lastUserMessage(input.messages);
    if (asText.suffix !== null && asText.suffix !== '' && !this.takesSuffix) {
      throw this.cannotTake('`suffix`', 'it has no prompt_template that uses one');
    }
    const prompt = keepEnd(asText.prompt, promptKeepChars);
    if (this.template !== null) {
      const suffix = guard(keepStart(asText.suffix ?? '', suffixKeepChars));
      const chat = input.kind === 'chat' ? input : { messages: [{ role: 'user', content: prompt }] };
      const fields = this.chatFields(this.options.promptTemplate, chat, guard);
      return { text: this.run(this.template, { prompt: guard(prompt), suffix, ...fields }), marker };
    }
    if (input.kind === 'text') return { text: guard(prompt), marker };
    if (this.chatTemplate === null) {
      throw this.cannotTake('chat messages', 'neither the model nor its options have a template');
    }
    const fields = this.chatFields(this.engine.info.chatTemplate, input, guard);
    return { text: this.run(this.chatTemplate, fields), marker };
  }

  /** Messages and functions for a template, in the way that it knows them. */
  private chatFields(template: string | null, { messages, tools }: ChatInput, guard: TextGuard) {
    if (template === this.options.promptTemplate && !usesVariable(template, 'messages')) {
      if (tools === undefined || tools.length === 0) return { messages: [] };
      throw this.cannotTake('`tools`', 'its prompt_template uses neither `messages` nor `tools`');
    }
    const knowsTools = usesVariable(template, 'tools');
    const isPlain = !speaksOfTools(messages, tools ?? []);
    return (knowsTools || isPlain ? toolFields : plainFields)(messages, tools ?? [], guard);
  }

  private run(template: Template, fields: Record<string, unknown>): string {
    const { beginText, endText } = this.engine.info;
    try {
      return template.render({
        ...fields,
        add_generation_prompt: true,
        bos_token: beginText,
        eos_token: endText,
      });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw this.cannotTake('this request', `its template refuses it: ${problem}`);
    }
  }

  private tokenize({ text, marker }: MarkedText): number[] {
    const tokens: number[] = [];
    const plain = (part: string) => {
      const unmarked = part.replaceAll(marker, '');
      if (unmarked === '') return;
      for (const token of this.engine.tokenize(unmarked)) tokens.push(token);
    };
    let at = 0;
    for (const match of this.special === null ? [] : text.matchAll(this.special)) {
      plain(text.slice(at, match.index));
      tokens.push(this.engine.specialTokens.get(match[0])!);
      at = match.index + match[0].length;
    }
    plain(text.slice(at));
    const begin = this.engine.beginTokenAdded;
    if (begin !== null && tokens.length > 0 && tokens[0] !== begin) tokens.unshift(begin);
    return tokens;
  }

  /** Marks a caller's text, so that no control token can begin in it or reach into it. */
  private guard(text: string, marker: string): string {
    if (this.options.specialTokensAllowed || this.firstCharacters === null || text === '') return text;
    const marked = text.replace(this.firstCharacters, (character) => character + marker);
    const spaces = /^\s*/.exec(marked)![0].length;
    return marked.slice(0, spaces) + marker + marked.slice(spaces);
  }

  private bounded(text: string): string {
    const limit = this.engine.info.sequenceTokensMax;
    if (text.length > limit * charactersPerTokenMax) {
      throw StowageError.of('CTX-202', { tokens: `at least ${limit}`, limit: limit - 1 });
    }
    if (text.length > runCharactersMax && longRun.test(text)) {
      const problem = `the text has a run of more than ${runCharactersMax} characters of one kind`;
      throw StowageError.of('REQ-210', { field: 'prompt', problem });
    }
    return text;
  }

  private compile(source: string): Template {
    try {
      return new Template(source);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw this.cannotTake('any request', `its template does not parse: ${problem}`);
    }
  }

  private cannotTake(what: string, problem: string): StowageError {
    return StowageError.of('REQ-213', { component: this.component, what, problem });
  }
}

type ChatInput = Pick<PromptInput & { kind: 'chat' }, 'messages' | 'tools'>;

interface MarkedText {
  readonly text: string;
  readonly marker: string;
}

/** True when an expression or statement of the template names the variable. */
export function usesVariable(template: string | null, name: string): boolean {
  return new RegExp(`\\{[{%][^}]*\\b${name}\\b`).test(template ?? '');
}

/** The longest spelling first, so that one that begins another does not win. */
export function spellingsPattern(spellings: readonly string[]): RegExp | null {
  if (spellings.length === 0) return null;
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
}

function firstCharactersPattern(spellings: readonly string[]): RegExp | null {
  if (spellings.length === 0) return null;
  const first = new Set(spellings.map((spelling) => String.fromCodePoint(spelling.codePointAt(0)!)));
  return new RegExp([...first].map(escapePattern).join('|'), 'giu');
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A private-use character that the input does not have. Throws REQ-210 when it has all 256 we try. */
function unusedCharacter(input: PromptInput): string {
  const texts =
    input.kind === 'text'
      ? [input.prompt, input.suffix ?? '']
      : input.kind === 'chat'
        ? [...input.messages.map(({ content }) => content), JSON.stringify([input.messages, input.tools])]
        : [];
  for (let code = 0xe000; code < 0xe100; code++) {
    const character = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(character))) return character;
  }
  throw StowageError.of('REQ-210', {
    field: 'prompt',
    problem: 'the text uses too many different private-use characters',
  });
}

export function lastUserMessage(messages: readonly ChatMessage[]): { prompt: string; suffix: null } {
  const last = messages.findLast((message) => message.role === 'user') ?? messages.at(-1);
  return { prompt: last?.content ?? '', suffix: null };
}

/** The last `count` characters, from the first line start among them if there is one; 0 = all. */
export function keepEnd(text: string, count: number): string {
  if (count === 0 || text.length <= count) return text;
  const kept = text.slice(text.length - count).replace(/^[\udc00-\udfff]/, '');
  if (text[text.length - count - 1] === '\n') return kept;
  const lineStart = kept.indexOf('\n') + 1;
  return lineStart === 0 || lineStart === kept.length ? kept : kept.slice(lineStart);
}

/** The first `count` characters, up to the last line end among them if there is one; 0 = all. */
export function keepStart(text: string, count: number): string {
  if (count === 0 || text.length <= count) return text;
  const kept = text.slice(0, count).replace(/[\ud800-\udbff]$/, '');
  const lineEnd = kept.lastIndexOf('\n');
  return lineEnd <= 0 ? kept : kept.slice(0, lineEnd + 1);
}
