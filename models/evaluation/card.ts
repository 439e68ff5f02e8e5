/** Where the figures stand in the model card, and what they were measured with. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

const beginMark = '<!-- eval:begin -->';
const endMark = '<!-- eval:end -->';

export interface Circumstances {
  readonly command: string;
  readonly machine: string;
  readonly node: string;
  /** Empty outside a repository. */
  readonly commit: string;
}

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

export function circumstancesText({ command, machine, node, commit }: Circumstances): string {
  return `\`${command}\` on ${machine}, Node ${node}${commit === '' ? '' : `, commit ${commit}`}.`;
}

/** The card with `text` between its marks; at its end where it has none. */
export function withFigures(card: string, text: string): string {
  const block = `${beginMark}\n\n${text}\n\n${endMark}`;
  const [begin, end] = [card.indexOf(beginMark), card.indexOf(endMark)];
  if (begin < 0 || end < begin) return `${card.trimEnd()}\n\n${block}\n`;
  return card.slice(0, begin) + block + card.slice(end + endMark.length);
}
