/** `npm run models -- convert MODEL PRECISION`: a file of the family in another precision, beside its Q8_0 file. */
import { copyFileSync, existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { fileOfPrecision, type Precision, precisions } from './precisions.js';

export const convertUsage = `convert MODEL PRECISION
  MODEL                  as apex-draft, whose Q8_0 file is in models/
  PRECISION              ${precisions.join(', ')}; f16 holds the weights of the Q8_0 file exactly`;

/** Prints the path of the file in the repository `root`; gives the exit code. Throws UsageError, and what the quantizer throws. */
export async function runConvert(commandArguments: readonly string[], root: string): Promise<number> {
  const { positionals } = parseArgs({ args: [...commandArguments], allowPositionals: true });
  const [model, precision, ...rest] = positionals;
  if (model === undefined || precision === undefined) throw new UsageError('MODEL or PRECISION is missing');
  if (rest.length > 0) throw new UsageError(`too many arguments: ${rest.join(' ')}`);
  if (!isPrecision(precision)) throw new UsageError(`there is no precision ${precision}`);
  const folder = path.join(root, 'models');
  const source = `${model}-Q8_0.gguf`;
  if (!existsSync(path.join(folder, source))) throw new UsageError(`models/${source} is not there`);
  const cacheFolder = path.join(root, '.cache', 'models');
  const file = fileOfPrecision({ folder, model, precision, cacheFolder, threads: availableParallelism() });
  const target = path.join(folder, `${model}-${precision}.gguf`);
  if (file !== target) copyFileSync(file, target);
  console.log(target);
  return 0;
}

function isPrecision(name: string): name is Precision {
  return (precisions as readonly string[]).includes(name);
}
