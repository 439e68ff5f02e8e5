/** What the files that build the commands share: examples in the help, and flags that are numbers. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from './exit-code.js';
import type { Session } from './session.js';

export type OpenSession = () => Session;
export type Finish = (code: ExitCode) => void;

/** The help begins with an example. */
export function withExample(command: Command, ...examples: string[]): Command {
  return command.addHelpText('before', `${examples.map((example) => `  $ ${example}`).join('\n')}\n`);
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
  };
}

export function decimal(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a number from ${min} to ${max}`);
  };
}
