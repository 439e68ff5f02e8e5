/** What a bench gives back, and how it is shown: rows, and the machine and commit they belong to. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** One measured fact. The keys are what `--json` writes. */
export interface Row {
  readonly measure: string;
  readonly unit: string;
  /** Null when it could not be measured here. */
  readonly ours: number | null;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** ours / peer. */
  readonly ratio: number | null;
  /** In words, such as `ratio >= 0.95`; null where nothing is aimed at. */
  readonly target: string | null;
  /** Null where nothing is aimed at, or what it takes could not be measured. */
  readonly met: boolean | null;
}

export interface Peer {
  readonly name: string;
  readonly value: number | null;
}

export const Comparison = {
  /** ours / peer is at least the limit. */
  RatioAtLeast: 'ratio >=',
  /** ours / peer is at most the limit. */
  RatioAtMost: 'ratio <=',
  /** ours / peer differs from 1 by at most the limit. */
  RatioWithin: 'ratio 1 ±',
  /** ours is below the limit. */
  Below: 'ours <',
  /** ours is the limit exactly. */
  Equal: 'ours =',
} as const;
export type Comparison = (typeof Comparison)[keyof typeof Comparison];

export interface Target {
  readonly comparison: Comparison;
  readonly limit: number;
}

/** A row, with its ratio and verdict worked out. */
export function makeRow(
  measure: string,
  unit: string,
  ours: number | null,
  peer: Peer | null = null,
  target: Target | null = null,
): Row {
  const peerValue = peer?.value ?? null;
  const ratio = ours === null || peerValue === null || peerValue === 0 ? null : ours / peerValue;
  return {
    measure,
    unit,
    ours,
    peer: peerValue,
    peerName: peer?.name ?? null,
    ratio,
    target: target === null ? null : `${target.comparison} ${target.limit}`,
    met: target === null ? null : isMet(target, ours, ratio),
  };
}

function isMet({ comparison, limit }: Target, ours: number | null, ratio: number | null): boolean | null {
  switch (comparison) {
    case Comparison.RatioAtLeast:
      return ratio === null ? null : ratio >= limit;
    case Comparison.RatioAtMost:
      return ratio === null ? null : ratio <= limit;
    case Comparison.RatioWithin:
      return ratio === null ? null : Math.abs(ratio - 1) <= limit;
    case Comparison.Below:
      return ours === null ? null : ours < limit;
    case Comparison.Equal:
      return ours === null ? null : ours === limit;
    default:
      return comparison satisfies never;
  }
}

const headings = ['measure', 'unit', 'ours', 'peer', 'peer is', 'ratio', 'target', 'met'];

/** The rows as a Markdown table, aligned for terminals. */
export function formatRows(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.measure,
    row.unit,
    formatNumber(row.ours),
    formatNumber(row.peer),
    row.peerName ?? '',
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.target ?? '',
    row.met === null ? '' : row.met ? 'yes' : 'NO',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((line) => line[column]!.length)),
  );
  const lineOf = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = lineOf(widths.map((width) => '-'.repeat(width)));
  return [lineOf(headings), rule, ...cells.map(lineOf)].join('\n');
}

function formatNumber(value: number | null): string {
  if (value === null) return '-';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Two lines: what ran where. */
export function describeRun(root: string, command: string): string {
  const memoryGib = (totalmem() / 2 ** 30).toFixed(0);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const machine = `${model}, ${availableParallelism()} cores, ${memoryGib} GiB, Node.js ${process.version}`;
  return `machine: ${machine}\ncommit: ${commitOf(root)}, command: ${command}`;
}

/** Hash of the commit; ` dirty` when the files differ from it, `unknown` outside of a repository. */
function commitOf(root: string): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' dirty');
  } catch {
    return 'unknown';
  }
}
