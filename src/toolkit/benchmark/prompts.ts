/** What a load sends: prompts from a file's text, and made-up ones of a wanted length. Pure. */
import { StowageError } from '../../domain/errors.js';

export interface LoadPrompt {
  readonly prompt: string;
  readonly suffix: string | null;
  /** Tokens to generate for this one; null = what the run says. */
  readonly newTokensMax: number | null;
}

export const promptsMax = 1_000_000;

/**
 * One prompt per line: JSON with `prompt` and maybe `suffix`, or the large-model containers' `inputs`, or
 * a plain line of text. Empty lines are left out. `maxTokens`/`max_tokens` of a JSON line is kept.
 *
 * @throws FILE-012 with its line for JSON without a prompt, FILE-013 when there is none at all
 */
export function parsePrompts(text: string, file: string): LoadPrompt[] {
  const prompts: LoadPrompt[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() !== '') prompts.push(parseLine(line, `${file}:${index + 1}:1`));
    if (prompts.length >= promptsMax) break;
  }
  if (prompts.length === 0) throw StowageError.of('FILE-013', { file, problem: 'it holds no prompt' });
  return prompts;
}

function parseLine(line: string, location: string): LoadPrompt {
  const value = line.trimStart().startsWith('{') ? jsonOf(line) : undefined;
  if (value === undefined) return { prompt: line, suffix: null, newTokensMax: null };
  const prompt = value['prompt'] ?? value['inputs'];
  const suffix = value['suffix'];
  if (typeof prompt !== 'string' || (suffix !== undefined && suffix !== null && typeof suffix !== 'string')) {
    throw StowageError.of(
      'FILE-012',
      {
        key: 'prompt',
        problem: 'expected a text in `prompt` or `inputs`, and in `suffix` if there is one',
        suggestion: 'write lines such as {"prompt": "…", "suffix": "…"}, or plain text',
      },
      { location },
    );
  }
  return { prompt, suffix: suffix ?? null, newTokensMax: newTokensOf(value) };
}

function newTokensOf(value: Record<string, unknown>): number | null {
  const parameters = value['parameters'];
  const inner = typeof parameters === 'object' && parameters !== null ? parameters : {};
  const tokens = value['max_tokens'] ?? (inner as Record<string, unknown>)['max_new_tokens'];
  return Number.isSafeInteger(tokens) && (tokens as number) > 0 ? (tokens as number) : null;
}

/** The line as a JSON object; undefined when it is not one (then it is plain text, e.g. code). */
function jsonOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // not JSON
  }
  return undefined;
}

/** Common words that most vocabularies hold as one token each. */
const words =
  'the and for you with that this have from not are but all was his they one will can has more when out about up time then other some what there been who its new two may only now over such make even most'.split(
    ' ',
  );

/** A made-up text of about `tokens` tokens; the same `seed` gives the same text. */
export function synthesizePrompt(tokens: number, seed: number): string {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  const chosen: string[] = [];
  for (let index = 0; index < tokens; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes' generator
    chosen.push(words[(state >>> 16) % words.length] ?? 'the');
  }
  return chosen.join(' ');
}
