/**
 * `npm run models -- COMMAND …`: the tools of the models. What they say goes to standard output, progress to standard
 * error; exit codes: 0 = done, 1 = broke, 64 = wrong usage.
 */
import path from 'node:path';
import { listUsage, runList } from './model-files.js';
import { corpusUsage, runCorpus } from './corpus/build/command.js';
import { runTextEval, textEvalUsage } from './corpus/build/text-eval.js';
import { convertUsage, runConvert } from './evaluation/convert.js';
import { evaluationUsage, runEvaluation } from './evaluation/command.js';

interface Command {
  readonly usage: string;
  readonly run: (commandArguments: readonly string[], programs: string) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  list: { usage: listUsage, run: runList },
  corpus: { usage: corpusUsage, run: runCorpus },
  'text-eval': { usage: textEvalUsage, run: runTextEval },
  eval: { usage: evaluationUsage, run: runEvaluation },
  convert: { usage: convertUsage, run: runConvert },
};

/** `root` is the repository; its dist/models holds the bundled programs. */
export async function runModels(commandArguments: readonly string[], root: string): Promise<number> {
  const [name = '', ...rest] = commandArguments;
  const command = commands[name];
  if (command === undefined) {
    console.error(
      Object.values(commands)
        .map(({ usage }) => usage)
        .join('\n\n'),
    );
    return 64;
  }
  try {
    return await command.run(rest, path.join(root, 'dist', 'models'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}
