/** What the options of the corpus's commands say; whatever is wrong with one is a UsageError that names it. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../usage-error.js';
import { controlTokens, type TokenizerFile } from '../tokenizer/tokenizer.js';

/** `text` as a whole number from 1 to `max`. */
export function wholeNumber(option: string, text: string, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${option}: ${text} is no whole number above 0`);
  if (value > max) throw new UsageError(`${option}: ${text} is more than ${max}`);
  return value;
}

/** The value of an option that must be there. */
export function given(option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${option} is missing`);
  return value;
}

/** The tokenizer.json that `--tokenizer` names. */
export function readTokenizerFile(file: string): TokenizerFile {
  try {
    return checked(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--tokenizer: ${file} is no tokenizer.json (${why})`, { cause });
  }
}

/** `value` if it has what a tokenizer needs; throws else. */
function checked(value: unknown): TokenizerFile {
  const { tokens, merges } = (value ?? {}) as Partial<Record<keyof TokenizerFile, unknown>>;
  if (!areTexts(tokens) || !areTexts(merges)) throw new Error('tokens and merges must be lists of texts');
  if (controlTokens.some((token, at) => tokens[tokens.length - controlTokens.length + at] !== token))
    throw new Error(`its last tokens must be ${controlTokens.join(' ')}`);
  return value as TokenizerFile;
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
