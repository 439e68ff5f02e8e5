/**
 * `npm run models -- COMMAND …`: the tools of the models. What they say goes to standard output, progress and errors to
 * standard error; exit codes: 0 = done, 1 = broke, 64 = wrong usage. `--help` shows the usage, of one command behind its
 * name.
 */
import { listUsage, runList } from './model-files.js';
import { corpusUsage, runCorpus } from './corpus/build/command.js';
import { runTextEval, textEvalUsage } from './corpus/build/text-eval.js';
import { convertUsage, runConvert } from './evaluation/convert.js';
import { evaluationUsage, runEvaluation } from './evaluation/command.js';
import { UsageError } from './usage-error.js';

interface Command {
  readonly usage: string;
  /** Gives the exit code; throws UsageError, or what parseArgs throws, for wrong usage, and any other error when it breaks. */
  readonly run: (commandArguments: readonly string[], root: string, programs: string) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  list: { usage: listUsage, run: runList },
  corpus: { usage: corpusUsage, run: (given, _root, programs) => runCorpus(given, programs) },
  'text-eval': { usage: textEvalUsage, run: runTextEval },
  eval: { usage: evaluationUsage, run: runEvaluation },
  convert: { usage: convertUsage, run: runConvert },
};

const wrongUsage = 64;

/** `root` is the folder of the repository, `programs` that of the bundled programs. Gives the exit code; never throws. */
export async function runModels(
  commandArguments: readonly string[],
  root: string,
  programs: string,
): Promise<number> {
  const [name = '', ...rest] = commandArguments;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (asksForHelp([name])) return shownHelp(everyUsage());
    return shownMistake(name === '' ? 'no command is named' : `there is no command ${name}`, everyUsage());
  }
  if (asksForHelp(rest)) return shownHelp(command.usage);
  try {
    return await command.run(rest, root, programs);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isWrongUsage(error)) return shownMistake(message, command.usage);
    console.error(message);
    return 1;
  }
}

function asksForHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h');
}

function everyUsage(): string {
  return Object.values(commands)
    .map(({ usage }) => usage)
    .join('\n\n');
}

function shownHelp(usage: string): number {
  console.log(usage);
  return 0;
}

function shownMistake(message: string, usage: string): number {
  console.error(`${message}\n\n${usage}`);
  return wrongUsage;
}

/** Also what parseArgs of node:util finds: unknown options, values that are missing or too many. */
function isWrongUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
}
