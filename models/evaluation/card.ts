/** What the figures of the model card were measured with. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

export interface Circumstances {
  /** As it was typed. */
  readonly command: string;
  /** Its processor and the number of its cores. */
  readonly machine: string;
  /** Node's version. */
  readonly node: string;
  /** Of the repository, and whether anything in it differs from it; empty outside a repository. */
  readonly commit: string;
}

/** Of this process in the repository `root`, started with `npm run models:eval` and these arguments. */
export function circumstancesOf(root: string, commandArguments: readonly string[]): Circumstances {
  const all = cpus();
  return {
    command: [
      'npm run models:eval',
      ...(commandArguments.length > 0 ? ['--', ...commandArguments] : []),
    ].join(' '),
    machine: `${all[0]?.model.trim() ?? 'unknown'}, ${all.length} cores`,
    node: process.version,
    commit: commitOf(root),
  };
}

function commitOf(root: string): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  try {
    const isChanged = git('status', '--porcelain') !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${isChanged ? ' with changes' : ''}`;
  } catch {
    return '';
  }
}

/** One sentence, Markdown. */
export function circumstancesText({ command, machine, node, commit }: Circumstances): string {
  return `\`${command}\` on ${machine}, Node ${node}${commit === '' ? '' : `, commit ${commit}`}.`;
}
