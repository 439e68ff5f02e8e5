/** Wrong usage as USE-640: what commander found wrong, in our words, with the nearest word it knows. */
import type { Command, CommanderError } from 'commander';
import { nearest } from '../../domain/nearest.js';
import { StowageError } from '../../domain/errors.js';

/** Commander ends help and version with an error too; those are no failures. */
export function isHelpEnd(error: CommanderError): boolean {
  return error.exitCode === 0;
}

/** `words`: what stood after `stowage` on the command line. */
export function usageError(error: CommanderError, program: Command, words: readonly string[]): StowageError {
  const command = commandOf(program, words);
  const help = `\`${fullName(command)} --help\` shows what is possible`;
  // `error: unknown option '--prot'` and, for choices and numbers, what was expected instead
  const problem = error.message
    .replace(/^error: /, '')
    .replaceAll("'", '`')
    .replace(/\.$/, '');
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const known =
    error.code === 'commander.unknownOption'
      ? flagsOf(command)
      : error.code === 'commander.unknownCommand' || error.code === 'commander.excessArguments'
        ? verbsOf(command)
        : [];
  const meant = nearest(word, known);
  const needsVerb = error.code === 'commander.help' || error.code === 'commander.helpDisplayed';
  return StowageError.of('USE-640', {
    problem: needsVerb ? `\`${fullName(command)}\` needs a verb: ${verbsOf(command).join(', ')}` : problem,
    suggestion: meant === null ? help : `did you mean \`${meant}\`?`,
  });
}

/** The command that the words lead to, flags left aside. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next !== undefined) command = next;
  }
  return command;
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function verbsOf(command: Command): string[] {
  return command.commands.map((child) => child.name()).filter((name) => name !== 'complete-names');
}

/** Long flags of the command and of those above it. */
export function flagsOf(command: Command): string[] {
  const own = command.options.flatMap((option) => (typeof option.long === 'string' ? [option.long] : []));
  return [...own, '--help', ...(command.parent === null ? [] : flagsOf(command.parent))];
}
