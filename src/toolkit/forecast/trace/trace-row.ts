/** A request as a trace tells it, whatever the trace's format. */
import { StowageError } from '../../../domain/errors.js';

export interface TraceRow {
  /** Milliseconds; counted from anywhere, the reader makes them count from the first row. */
  readonly at: number;
  /** The endpoint that it was sent to, where the trace says that. */
  readonly endpoint?: string;
  /** Whom it was for; of a variant's own model the variant's name; null = the trace does not say. */
  readonly component: string | null;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number | null;
  readonly prefixBlocks: readonly number[] | null;
}

/** In the place of a row: a request that was not answered to its end, so that nobody knows how long it would have been. */
export const unfinished = 'unfinished';

/** Reads one line; null = it is a heading. `location`: `FILE:LINE:1`. Throws FILE-012. */
export type RowReader = (line: string, location: string) => TraceRow | typeof unfinished | null;

/** A row that is not as its format says. */
export function badRow(location: string, problem: string, suggestion: string): StowageError {
  return StowageError.of('FILE-012', { key: 'row', problem, suggestion }, { location });
}

/** A JSON object of one line. */
export function objectOf(
  line: string,
  location: string,
  suggestion: string,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw badRow(location, 'this is no JSON', suggestion);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRow(location, 'expected a JSON object', suggestion);
  return value as Readonly<Record<string, unknown>>;
}

/** A whole number ≥ 0 under a key; `absent` where it is left out, null = it must be there. */
export function countOf(
  row: Readonly<Record<string, unknown>>,
  key: string,
  location: string,
  suggestion: string,
  absent: number | null = null,
): number {
  const value = row[key] ?? absent;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const found = value === null || value === undefined ? 'it is missing' : `found ${JSON.stringify(value)}`;
  throw badRow(location, `\`${key}\` is no whole number from 0 on: ${found}`, suggestion);
}
