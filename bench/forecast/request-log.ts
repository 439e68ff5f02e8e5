/** The lines of a server's request log. */
import { readFileSync } from 'node:fs';
import { pause } from '../bench.js';

export interface LoggedRequest {
  readonly at: number;
  readonly component: string;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
}

/** Lines are written together; all are there so long after their requests, milliseconds. */
const writtenMs = 1_500;

export function readLog(file: string): readonly LoggedRequest[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LoggedRequest);
}

/** Those that came since `from`, wall clock, of requests that have been answered. */
export async function logSince(file: string, from: number): Promise<readonly LoggedRequest[]> {
  await pause(writtenMs);
  return readLog(file).filter(({ at }) => at >= from);
}
