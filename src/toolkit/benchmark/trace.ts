/** Request traces: when calls arrive and how long they are. Pure. */
import { StowageError } from '../../domain/errors.js';

export interface TraceArrival {
  /** Milliseconds after the first arrival. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

export const arrivalsMax = 1_000_000;

/**
 * The Azure LLM inference traces' CSV: a header, then `TIMESTAMP,ContextTokens,GeneratedTokens` with
 * timestamps such as `2023-11-16 18:17:03.9799600` (UTC). Rows come back in order of time.
 *
 * @throws FILE-012 with the line of a row that is not like that, FILE-013 when there is none
 */
export function parseTrace(text: string, file: string): TraceArrival[] {
  const rows: { at: number; promptTokens: number; outputTokens: number }[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || (index === 0 && /^\s*timestamp/i.test(line))) continue;
    rows.push(parseRow(line, `${file}:${index + 1}:1`));
    if (rows.length >= arrivalsMax) break;
  }
  rows.sort((a, b) => a.at - b.at);
  const start = rows[0]?.at;
  if (start === undefined) throw StowageError.of('FILE-013', { file, problem: 'it holds no arrival' });
  return rows.map(({ at, promptTokens, outputTokens }) => ({ atMs: at - start, promptTokens, outputTokens }));
}

/** One row; `at` in milliseconds since 1970. `location`: for people. Throws FILE-012. */
export function parseRow(
  line: string,
  location: string,
): { readonly at: number; readonly promptTokens: number; readonly outputTokens: number } {
  const [stamp = '', context = '', generated = ''] = line.split(',').map((cell) => cell.trim());
  const at = millisecondsOf(stamp);
  const promptTokens = Number(context);
  const outputTokens = Number(generated);
  const sound =
    context !== '' &&
    generated !== '' &&
    at !== null &&
    Number.isSafeInteger(promptTokens) &&
    Number.isSafeInteger(outputTokens) &&
    promptTokens >= 0 &&
    outputTokens >= 0;
  if (!sound) {
    throw StowageError.of(
      'FILE-012',
      {
        key: 'row',
        problem: 'expected `TIMESTAMP,ContextTokens,GeneratedTokens`',
        suggestion: 'write rows such as 2023-11-16 18:17:03.9799600,4808,10',
      },
      { location },
    );
  }
  return { at, promptTokens, outputTokens };
}

/** Dates keep their fraction of a millisecond: the traces count in units of 100 ns. */
function millisecondsOf(stamp: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?(?:Z|\+00:?00)?$/.exec(stamp);
  if (match === null) return null;
  const whole = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(whole) ? null : whole + Number(match[3] ?? 0) * 1000;
}
