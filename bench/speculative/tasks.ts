/** What the speculative bench asks: held-out tasks of the shipped models, copying, and noise. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sample } from '../../models/corpus/samples.js';

export interface Task {
  readonly prompt: string | readonly number[];
  readonly newTokensMax: number;
  /** Noise goes on past the end of an answer, so that every request has as many tokens. */
  readonly isEndIgnored: boolean;
  /** The answer, where the request allows no other; null = the model's own. */
  readonly prescribed: string | null;
}

const answerTokensMax = 200;
/** Files that fit twice into what the model was trained for, in characters. */
const fileCharsMin = 500;
const fileCharsMax = 1000;
/** How much of the second copy of a file is there already. */
const copiedShare = 0.2;
const noiseTokens = 64;

/** Statements from a sentence, or a flow: nothing to copy from. */
export function plainTasks(root: string, kind: 'block' | 'flow', count: number): readonly Task[] {
  return heldOut(root, kind)
    .slice(0, count)
    .map(({ prompt }) => task(`<|${kind}|>${prompt}<|out|>`));
}

/** What stands at the cursor of a file. */
export function completionTasks(root: string, count: number): readonly Task[] {
  return heldOut(root, 'inline')
    .slice(0, count)
    .map(({ prefix, suffix }) => task(`<|fim_suffix|>${suffix}<|fim_prefix|>${prefix}<|fim_middle|>`));
}

/**
 * A file, and the beginning of the same file again; the answer is the rest. It is prescribed, because a model that completes
 * the statement at a cursor ends after it, and copies nothing.
 */
export function copyTasks(root: string, count: number): readonly Task[] {
  return heldOut(root, 'inline')
    .map(({ file, answer }) => file.before + answer + file.after)
    .filter((text) => text.length >= fileCharsMin && text.length <= fileCharsMax)
    .slice(0, count)
    .map((text) => {
      const lines = text.split('\n');
      const begun = lines.slice(0, Math.max(2, Math.floor(lines.length * copiedShare))).join('\n');
      const prompt = `<|fim_suffix|><|fim_prefix|>${text}\n${begun}\n<|fim_middle|>`;
      return { ...task(prompt), prescribed: text.slice(begun.length + 1) };
    });
}

/** Tokens without sense, the same in every run. */
export function noiseTasks(count: number, newTokens: number): readonly Task[] {
  let state = 2_463_534_242;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 300 + (state % 1700);
  };
  return Array.from({ length: count }, () => ({
    prompt: Array.from({ length: noiseTokens }, next),
    newTokensMax: newTokens,
    isEndIgnored: true,
    prescribed: null,
  }));
}

function task(prompt: string): Task {
  return { prompt, newTokensMax: answerTokensMax, isEndIgnored: false, prescribed: null };
}

function heldOut<Kind extends Sample['task']>(
  root: string,
  kind: Kind,
): readonly Extract<Sample, { readonly task: Kind }>[] {
  const file = path.join(root, 'models', 'prompts', `test-${kind}.jsonl`);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Extract<Sample, { readonly task: Kind }>);
}
