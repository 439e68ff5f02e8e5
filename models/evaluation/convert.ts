/** `npm run models -- convert MODEL PRECISION`: a file of the family in another precision, beside its Q8_0 file. */
import { copyFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileOfPrecision, type Precision, precisions } from './precisions.js';

export const convertUsage = `convert MODEL PRECISION
  MODEL                  as apex-draft, whose Q8_0 file is in models/
  PRECISION              ${precisions.join(', ')}; f16 is what was trained, to the bit`;

export function runConvert(commandArguments: readonly string[], programs: string): Promise<number> {
  const [model, precision, ...rest] = commandArguments;
  if (model === undefined || !precisions.includes(precision as Precision) || rest.length > 0) {
    console.error(convertUsage);
    return Promise.resolve(64);
  }
  const root = path.dirname(path.dirname(programs));
  const folder = path.join(root, 'models');
  const file = fileOfPrecision({
    folder,
    model,
    precision: precision as Precision,
    cacheFolder: path.join(root, '.cache', 'models'),
    threads: availableParallelism(),
  });
  const target = path.join(folder, `${model}-${precision}.gguf`);
  if (file !== target) copyFileSync(file, target);
  console.log(target);
  return Promise.resolve(0);
}
