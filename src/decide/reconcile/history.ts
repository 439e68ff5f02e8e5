/** What is remembered about slots whose copies failed: how often, why, and when the next start is due. */
import type { CopyRef, CopyState } from '../../domain/copy.js';
import { CopyState as State } from '../../domain/copy.js';
import type { ErrorData } from '../../domain/errors.js';
import type { History, ReconcileLimits, SlotHistory } from './observed.js';

export const emptyHistory: History = { slots: new Map(), observedSince: 0 };

/** A copy failed. */
export interface Failure {
  /** The slot. */
  readonly id: string;
  readonly generation: number;
  readonly error: ErrorData;
}

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

/** The history with one more failure; failures of generations already replaced do not count. */
export function recordFailure(
  history: History,
  failure: Failure,
  now: number,
  chance: number,
  limits: ReconcileLimits,
): History {
  const { id, generation, error } = failure;
  const before = history.slots.get(id);
  if (before !== undefined && before.generation > generation) return history;
  const failures = (before?.generation === generation ? before.failures : 0) + 1;
  const restartAt = now + restartDelayMs(failures, chance, limits);
  return { ...history, slots: new Map(history.slots).set(id, { generation, failures, restartAt, error }) };
}

interface LivingCopy {
  readonly copy: CopyRef;
  readonly generation: number;
  readonly state: CopyState;
  readonly since: number;
}

/**
 * The history without what no longer matters: slots that no component wants, and failures before a long
 * readiness. The same object when nothing changed.
 */
export function forgetOld(
  history: History,
  wanted: ReadonlySet<string>,
  copies: readonly LivingCopy[],
  now: number,
  limits: ReconcileLimits,
): History {
  const healthy = new Map<string, number>();
  for (const { copy, generation, state, since } of copies) {
    if (state === State.Ready && now - since >= limits.healthyMs) healthy.set(copy.id, generation);
  }
  const kept = new Map<string, SlotHistory>();
  for (const [id, slot] of history.slots) {
    if (wanted.has(id) && healthy.get(id) !== slot.generation) kept.set(id, slot);
  }
  return kept.size === history.slots.size ? history : { ...history, slots: kept };
}
