/** What is remembered about copies that failed in a row: how often, why, and when the next start is due. */
import type { ErrorCode, ErrorData } from '../../domain/errors.js';
import { errorTable } from '../../domain/errors.js';
import type { ComponentFailures } from '../../domain/inference-component.js';
import type { ReconcileLimits } from './limits.js';

/**
 * Milliseconds to the next start after `failures` in a row (≥ 1): none after the first, then `restartMsMin`
 * doubling up to `restartMsMax`. `chance` in [0, 1) takes up to a fifth off, so that copies that fell together
 * do not rise together.
 */
export function restartDelayMs(failures: number, chance: number, limits: ReconcileLimits): number {
  if (failures <= 1) return 0;
  const doubled = limits.restartMsMin * 2 ** Math.min(failures - 2, 30);
  return Math.min(doubled, limits.restartMsMax) * (1 - chance / 5);
}

/** A copy that failed. */
export interface CopyFailure {
  /** Of its workload. */
  readonly generation: number;
  readonly incarnation: number;
  /** The newest that was given out so far. */
  readonly incarnationNewest: number;
  readonly error: ErrorData;
}

/**
 * With one more failure. Copies that ran at the last failure fell with it and count no more; failures of an older
 * generation only make its next start wait a little.
 */
export function withFailure(
  before: ComponentFailures | null,
  { generation, incarnation, incarnationNewest, error }: CopyFailure,
  now: number,
  chance: number,
  limits: ReconcileLimits,
): ComponentFailures {
  if (before !== null && before.generation > generation) {
    return { ...before, restartAt: Math.max(before.restartAt, now + limits.restartMsMin) };
  }
  const earlier = before?.generation === generation ? before : null;
  if (earlier !== null && incarnation <= earlier.incarnation) {
    return isForPeople(earlier.error) ? earlier : { ...earlier, error };
  }
  const count = (earlier?.count ?? 0) + 1;
  const restartAt = Math.round(now + restartDelayMs(count, chance, limits));
  return { generation, count, incarnation: incarnationNewest, restartAt, error };
}

/** True when trying again is not expected to help: something that never came up has failed. */
export function isHopeless(failures: ComponentFailures, limits: ReconcileLimits): boolean {
  if (failures.count >= limits.failuresMax) return true;
  return isForPeople(failures.error) || ['RUN-311', 'MODEL-036'].includes(failures.error.code);
}

/** True when only a person can mend it. */
export function isForPeople(error: ErrorData): boolean {
  return !errorTable[error.code].retryable;
}

/** SageMaker's bound on FailureReason, characters. */
const failureReasonLengthMax = 1024;

/** What callers read as FailureReason: what happened, and the mend to the letter, so that a command can be pasted. */
export function failureReasonOf({ message, mend }: ErrorData): string {
  return `${message.replace(/\.$/, '')}. Mend: ${mend}`.slice(0, failureReasonLengthMax);
}

/** True when a FailureReason was made from an error of that code. */
export function isReasonOf(code: ErrorCode, failureReason: string): boolean {
  const parts = errorTable[code].message.split(/\{\w+\}/);
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const at = failureReason.indexOf(part, from);
    if (at < 0 || (index === 0 && at > 0)) return false;
    from = at + part.length;
  }
  return true;
}
