/** The three tasks as the builder sees them: how samples are drawn, told apart and checked. */
import { drawBlock } from '../blocks/index.js';
import { decorated } from '../decorate.js';
import type { Draw } from '../draw.js';
import { drawFlow } from '../flows/index.js';
import { drawInline } from '../inline/index.js';
import { parseErrors } from '../parses.js';
import type { Sample } from '../samples.js';

export const tasks = ['inline', 'block', 'flow'] as const;
export type Task = (typeof tasks)[number];

/** Of one draw: several cuts of a file, one block or flow with its prompt decorated; empty = draw again. */
export function drawSamples(task: Task, draw: Draw): readonly Sample[] {
  if (task === 'inline') return drawInline(draw);
  const sample = task === 'block' ? drawBlock(draw) : drawFlow(draw);
  return sample === null
    ? []
    : [{ ...sample, prompt: decorated(draw.random, sample.prompt, task, draw.kept) }];
}

/** Samples of one task with the same key ask the same: case and punctuation at the ends tell nothing apart. */
export function promptKey(sample: Sample): string {
  if (sample.task === 'inline') return `inline ${sample.suffix}\0${sample.prefix}`;
  const words = sample.prompt.toLowerCase().replace(/^[\s/]+|[\s.!?:]+$/g, '');
  return `${sample.task} ${words}`;
}

/** What is wrong with the answer's form; empty = nothing. */
export function answerErrors(sample: Sample): readonly string[] {
  switch (sample.task) {
    case 'block':
      return parseErrors(sample.shape, sample.given, sample.answer);
    case 'inline':
      return parseErrors(sample.file.shape, '', sample.file.before + sample.answer + sample.file.after);
    case 'flow':
      return jsonErrors(sample.answer);
    default:
      return sample satisfies never;
  }
}

function jsonErrors(text: string): string[] {
  try {
    return JSON.stringify(JSON.parse(text)) === text ? [] : ['not compact'];
  } catch (error) {
    return [String(error)];
  }
}

/** Whether it may stay; ends the run unless wrong ones are dropped: a generator that makes one makes thousands. */
export function isRight(sample: Sample, seed: string, dropsWrong: boolean): boolean {
  const errors = answerErrors(sample);
  if (errors.length === 0) return true;
  const text = `a sample is wrong (${seed})\n${errors.join('\n')}\n${JSON.stringify(sample, null, 2)}`;
  if (!dropsWrong) throw new Error(text);
  return false;
}
