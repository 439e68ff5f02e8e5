/** The held-out prompts that came with the models, and the models' own way from token ids to text. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { modelsFolder } from './stowage-process.js';

/** One line of models/prompts/test-*.jsonl; what else it has is the metrics' business. */
export type PromptRow =
  | { readonly task: 'block' | 'flow'; readonly prompt: string; readonly out: string }
  | { readonly task: 'inline'; readonly p: string; readonly s: string; readonly out: string };

export function promptRows(task: PromptRow['task']): readonly PromptRow[] {
  const text = readFileSync(path.join(modelsFolder, 'prompts', `test-${task}.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PromptRow);
}

interface Reference {
  /** The whole prompt of a row, control tokens included, as the card's figures were made with. */
  promptOf(row: PromptRow): string;
  encode(text: string): readonly number[];
  decode(tokens: readonly number[]): string;
}

/** The prompt formats and the tokenizer that the models were made with, in JavaScript and without llama.cpp. */
export async function referenceTokenizer(): Promise<Reference> {
  const file = pathToFileURL(path.join(modelsFolder, 'gen', 'bpe.mjs')).href;
  const { load, promptOf } = (await import(file)) as Pick<Reference, 'promptOf'> & {
    load: (tokenizerFile: string) => Pick<Reference, 'encode' | 'decode'>;
  };
  const tokenizer = load(path.join(modelsFolder, 'tokenizer.json'));
  return {
    promptOf,
    encode: (text) => tokenizer.encode(text),
    decode: (tokens) => tokenizer.decode(tokens),
  };
}

/** As the card says: the control tokens of each task. */
export const promptTemplates = {
  block: '<|block|>{{ prompt }}<|out|>',
  flow: '<|flow|>{{ prompt }}<|out|>',
  inline: '<|fim_suffix|>{{ suffix }}<|fim_prefix|>{{ prompt }}<|fim_middle|>',
} as const;

/** A model file as a configuration names it. */
export function modelFile(name: string): string {
  return path.join(modelsFolder, name);
}
