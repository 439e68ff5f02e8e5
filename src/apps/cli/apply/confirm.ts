/** Asks a person, or the command line, whether something live may be ended. */
import { createInterface } from 'node:readline/promises';
import { StowageError } from '../../../domain/errors.js';
import type { Session } from '../session.js';

export interface ConfirmFlags {
  /** Names that were said yes to. */
  readonly confirm?: readonly string[];
  readonly yes?: boolean;
}

export interface Question {
  /** `component`. */
  readonly kind: string;
  readonly name: string;
  /** What happens to it. */
  readonly why: string;
}

/** Throws USE-640 unless there is a yes to every question. `command`: what to repeat with the flags added. */
export async function confirmAll(
  questions: readonly Question[],
  flags: ConfirmFlags,
  command: string,
  session: Session,
): Promise<void> {
  if (flags.yes === true) return;
  const given = new Set(flags.confirm ?? []);
  const open = questions.filter(({ kind, name }) => !given.has(name) && !given.has(`${kind}/${name}`));
  if (open.length === 0) return;
  if (session.mayAsk) {
    for (const question of open) await ask(question, session);
    return;
  }
  const added = [...new Set(open.map(({ name }) => `--confirm=${name}`))].join(' ');
  throw StowageError.of('USE-640', {
    problem: open.map(({ kind, name, why }) => `${kind}/${name}: ${why}`).join('; '),
    suggestion: `if that is meant: \`${command} ${added}\``,
  });
}

async function ask({ kind, name, why }: Question, { terminal }: Session): Promise<void> {
  terminal.say(`${kind}/${name}: ${why}`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`type ${name} to go on: `);
    if (answer.trim() === name) return;
  } finally {
    reader.close();
  }
  throw StowageError.of('USE-640', {
    problem: `nothing was done: there was no yes to ${kind}/${name}`,
    suggestion: `repeat it and type ${name}, or add --confirm=${name}`,
  });
}
