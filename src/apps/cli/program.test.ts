import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion.js';
import { buildProgram } from './program.js';

const program = buildProgram(
  () => expect.unreachable(),
  () => expect.unreachable(),
);

/** Every command with its path, the program itself first. */
function commandsOf(command: Command, path: string): [path: string, command: Command][] {
  const shown = command.commands.filter((child) => child.name() !== 'complete-names');
  return [[path, command], ...shown.flatMap((child) => commandsOf(child, `${path} ${child.name()}`))];
}

const commands = commandsOf(program, 'stowage');
const flags = commands.flatMap(([, command]) => command.options.map(({ long }) => long ?? ''));

describe('the commands', () => {
  it('all begin their help with an example of themselves', () => {
    for (const [path, command] of commands) {
      // Verbs of `keys` are shown in its help.
      if (path.split(' ').length > 2) continue;
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toMatch(new RegExp(`^ {2}\\$ (source <\\()?${path}`));
      if (path !== 'stowage') expect(help).toContain('-o FORMAT, --plain, --no-input, --debug');
    }
  });

  it('and their flags are all in docs/cli.md', () => {
    const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const verbs = commands.slice(1).map(([path]) => path.replace('stowage ', ''));
    expect(
      [...verbs.filter((verb) => verb !== 'keys'), ...flags].filter((word) => {
        return word !== '--version' && !page.includes(`\`${word}\``);
      }),
    ).toEqual([]);
  });

  it.each(['bash', 'zsh', 'fish'] as const)('and their flags are all in the completion of %s', (shell) => {
    const script = completionScript(shell, program);
    const missing = flags.filter((flag) => !script.includes(shell === 'fish' ? `-l ${flag.slice(2)}` : flag));
    expect(missing).toEqual([]);
    expect(script).toContain('stowage complete-names');
  });
});
