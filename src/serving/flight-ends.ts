/** How flights end: the outcome that an error means, and what is kept of each. */
import { type ErrorData, Fault, StowageError } from '../domain/errors.js';
import type { Clock } from '../contracts/clock.js';
import type { JournalEntry } from '../contracts/request-journal.js';
import type { InferenceComponent } from '../domain/component.js';
import { Outcome } from '../domain/inference.js';
import type { Flight } from './flight.js';

/** Its answer has begun and cannot go on. */
export function strandedError({ copy }: Flight): StowageError {
  const reason = 'no other copy of its generation is left to go on with the answer';
  return StowageError.of('RUN-301', { copy: copy?.copy.id ?? '', reason });
}

/** A component that was there a moment ago. */
export function removedError(name: string): StowageError {
  return StowageError.of('NAME-404', { name, suggestion: 'it was just removed' });
}

/** True of an error that says that there is no copy; `refusal`: why the component has none. */
export function wantsCopies({ code }: StowageError, refusal: ErrorData | null): boolean {
  return code === 'COLD-501' || code === 'COLD-502' || code === 'COLD-504' || code === refusal?.code;
}

/** The outcome that an error means. */
export function outcomeOf(error: StowageError): Exclude<Outcome, 'completed'> {
  if (error.code === 'RUN-306' || error.code === 'COLD-502') return Outcome.Expired;
  switch (error.row.fault) {
    case Fault.Caller:
    case Fault.Access:
    case Fault.Missing:
    case Fault.Capacity:
      return Outcome.Refused;
    case Fault.Model:
    case Fault.Host:
    case Fault.Stowage:
      return Outcome.Failed;
    default:
      return error.row.fault satisfies never;
  }
}

/** What the journal keeps of one. */
export function entryOf(
  { arrivedAt, firstTokenAt, usage, request }: Flight,
  { endpoint, name }: InferenceComponent,
  clock: Clock,
  outcome: Outcome,
  error: StowageError | null,
): JournalEntry {
  const totalMs = clock.now() - arrivedAt;
  return {
    at: Math.round(clock.wallNow() - totalMs),
    endpoint,
    component: name,
    key: request.caller?.key ?? null,
    promptTokens: usage.promptTokens,
    generatedTokens: usage.completionTokens,
    cachedTokens: usage.cachedTokens,
    firstTokenMs: firstTokenAt === null ? null : firstTokenAt - arrivedAt,
    totalMs,
    outcome,
    code: error?.code ?? null,
  };
}
