/** What a bench is given and what it is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Children } from './children.js';
import type { Row } from './report.js';

export interface BenchContext {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Few and short rounds; all must end within two minutes. */
  readonly isQuick: boolean;
  /** Only the parts whose names begin so; null = all. */
  readonly only: string | null;
  /** A file of requests for benches that replay one; null = the bench knows where. */
  readonly trace: string | null;
  readonly children: Children;
  /** A line of progress, to standard error. */
  say(line: string): void;
}

export interface Bench {
  readonly name: string;
  /** One sentence. */
  readonly measures: string;
  run(context: BenchContext): Promise<readonly Row[]>;
}

/** Made by benches: models, peers. Kept between runs. */
export function cacheFolder({ root }: BenchContext): string {
  return path.join(root, '.cache', 'bench');
}

const temporaryFolders: string[] = [];
process.on('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder that is removed when the bench ends, however it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-bench-'));
  temporaryFolders.push(folder);
  return folder;
}

/** A bundled program of a bench: `gateway/stub-worker` for bench/gateway/stub-worker-process.ts. */
export function programFile({ root }: BenchContext, name: string): string {
  return path.join(root, 'dist', 'bench', `${name}-process.js`);
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
