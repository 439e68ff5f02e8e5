/** The texts that the tokenizer learns from: a fixed slice of what training draws, prompts and answers. */
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import { drawSamples, tasks, type Task } from './tasks.js';

/** Draws per task; a draw of `inline` is a file. */
const sliceDraws: Readonly<Record<Task, number>> = { inline: 4000, block: 20_000, flow: 12_000 };

export function* tokenizerTexts(seed: string): Generator<string> {
  for (const task of tasks) {
    for (let number = 0; number < sliceDraws[task]; number++) {
      const draw = new Draw(new Random(`tokenizer ${seed} ${task} ${number}`));
      const samples = drawSamples(task, draw);
      if (draw.hasHeldOut) continue;
      for (const sample of samples.slice(0, 1)) {
        if (sample.task === 'inline') yield sample.file.before + sample.answer + sample.file.after;
        else yield* [sample.prompt, sample.answer];
      }
    }
  }
}
