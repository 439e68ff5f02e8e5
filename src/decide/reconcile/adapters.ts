/**
 * How an adapter component is: in service when its base is and every copy of that which takes requests has loaded it,
 * and there is such a copy unless the base wants none. A new file is loaded beside the old one; only then callers get it,
 * and the old one goes. When it cannot be loaded the old one stays.
 *
 * One in service fails when copies refuse it and none has it.
 */
import type { ErrorData } from '../../domain/errors.js';
import type { ComponentGeneration, ComponentRecord } from '../../domain/inference-component.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { failureReasonOf } from './failures.js';

/** What a copy of the base says of the adapter's generations; of one that it does not mention it knows nothing yet. */
export type AdapterReport = ReadonlyMap<number, ErrorData | null>;

export interface AdapterFacts {
  /** Null: there is no such component. */
  readonly baseStatus: ComponentStatus | null;
  /** Copies that the base wants. */
  readonly copiesWanted: number;
  /** One for each copy of the base that takes requests. */
  readonly copies: readonly AdapterReport[];
}

export interface AdapterStep {
  readonly status: ComponentStatus;
  readonly failureReason: string | null;
  readonly generations: readonly ComponentGeneration[];
  /** The record is deleted. */
  readonly isGone: boolean;
  readonly reason: string;
}

/** Null = it stays as it is. */
export function adapterStep(component: ComponentRecord, facts: AdapterFacts): AdapterStep | null {
  const { status, generations } = component;
  const newest = generations.at(-1);
  switch (status) {
    case ComponentStatus.Deleting: {
      const isKept = facts.copies.some((report) => generations.some(({ id }) => report.get(id) === null));
      const reason = 'no copy of its base has it';
      return isKept ? null : { status, failureReason: null, generations, isGone: true, reason };
    }
    case ComponentStatus.InService:
      return newest === undefined ? null : outOfService(generations, newest, facts.copies);
    case ComponentStatus.Creating:
    case ComponentStatus.Updating:
    case ComponentStatus.Failed:
      return newest === undefined ? null : towardsService(component, newest, facts);
    default:
      return status satisfies never;
  }
}

/** Copies that came later may not get it. */
function outOfService(
  generations: readonly ComponentGeneration[],
  newest: ComponentGeneration,
  copies: readonly AdapterReport[],
): AdapterStep | null {
  const error = copies.flatMap((report) => report.get(newest.id) ?? [])[0] ?? null;
  if (error === null || copies.some((report) => report.get(newest.id) === null)) return null;
  const failureReason = failureReasonOf(error);
  return { status: ComponentStatus.Failed, failureReason, generations, isGone: false, reason: error.message };
}

function towardsService(
  { status, generations, failureReason: told }: ComponentRecord,
  newest: ComponentGeneration,
  { baseStatus, copiesWanted, copies }: AdapterFacts,
): AdapterStep | null {
  const error = copies.flatMap((report) => report.get(newest.id) ?? [])[0] ?? null;
  if (error !== null) {
    const before = generations.slice(0, -1);
    const failureReason = failureReasonOf(error);
    const reason = error.message;
    if (before.length > 0) {
      return { status: ComponentStatus.InService, failureReason, generations: before, isGone: false, reason };
    }
    if (status === ComponentStatus.Failed && told === failureReason) return null;
    return { status: ComponentStatus.Failed, failureReason, generations, isGone: false, reason };
  }
  const isBaseUp = baseStatus === ComponentStatus.InService || baseStatus === ComponentStatus.Updating;
  if (copies.length === 0 && copiesWanted > 0) return null;
  if (!isBaseUp || !copies.every((report) => report.get(newest.id) === null)) return null;
  return {
    status: ComponentStatus.InService,
    failureReason: null,
    generations: [newest],
    isGone: false,
    reason: `${copies.length} copies of its base have loaded it`,
  };
}
