/** The held-out prompts that came with the models, and the models' own way from token ids to text. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sample } from '../../models/corpus/samples.js';
import { Tokenizer, type TokenizerFile } from '../../models/corpus/tokenizer/tokenizer.js';
import { modelsFolder } from './stowage-process.js';

/** What models/prompts/test-*.jsonl holds of a task. */
export function heldOut<Task extends Sample['task']>(
  task: Task,
): readonly Extract<Sample, { readonly task: Task }>[] {
  const text = readFileSync(path.join(modelsFolder, 'prompts', `test-${task}.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Extract<Sample, { readonly task: Task }>);
}

/** The tokenizer that the models were made with, in JavaScript and without llama.cpp. */
export function readTokenizer(): Tokenizer {
  const text = readFileSync(path.join(modelsFolder, 'tokenizer.json'), 'utf8');
  return new Tokenizer(JSON.parse(text) as TokenizerFile);
}

/** As models/TASKS.md has it: the control tokens of each task. */
export const promptTemplates = {
  block: '<|block|>{{ prompt }}<|out|>',
  flow: '<|flow|>{{ prompt }}<|out|>',
  inline: '<|fim_suffix|>{{ suffix }}<|fim_prefix|>{{ prompt }}<|fim_middle|>',
} as const;

/** A model file as a configuration names it. */
export function modelFile(name: string): string {
  return path.join(modelsFolder, name);
}
