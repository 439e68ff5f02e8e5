/** Where serving notes each request that ended, for forecasts: when, for whom, how long. Never what it said. */
import type { Outcome } from '../domain/inference.js';

export interface JournalEntry {
  /** When it arrived, wall clock milliseconds. */
  readonly at: number;
  readonly endpoint: string;
  /** The component's name; of a variant's own model the variant's. */
  readonly component: string;
  /** The key's public id; null = not known. */
  readonly key: string | null;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly cachedTokens: number;
  /** Milliseconds from its arrival; null = it had no token. */
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
  readonly outcome: Outcome;
  /** Of the error that it ended with; null = it was answered. */
  readonly code: string | null;
}

export interface RequestJournal {
  /** Returns at once and never throws; what cannot be kept is dropped. */
  note(entry: JournalEntry): void;
}
