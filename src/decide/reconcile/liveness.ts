/**
 * Whether a copy hangs. Liveness is progress, not an answering port: a copy hangs when it says nothing, when
 * it has work and finishes no step, or when it does not come up in time. Only time in which the observer itself
 * was awake counts.
 */
import { CopyState } from '../../domain/copy.js';
import type { ObservedCopy, ReconcileLimits } from './observed.js';

export interface Patience {
  /** When it will be taken for hung, if nothing is heard until then; null = never in this state. */
  readonly until: number | null;
  /** Milliseconds it may go without what it lacks. */
  readonly limitMs: number;
  /** What it lacks, continued from "the copy ". */
  readonly complaint: string;
}

/** How long a copy may go on as it is. */
export function patienceWith(copy: ObservedCopy, observedSince: number, limits: ReconcileLimits): Patience {
  const from = (time: number, limitMs: number, complaint: string): Patience => ({
    until: Math.max(time, observedSince) + limitMs,
    limitMs,
    complaint,
  });
  switch (copy.state) {
    case CopyState.Starting:
      return from(copy.since, limits.answerMsMax, 'has not answered since it was started');
    case CopyState.Loading:
      return from(copy.since, limits.loadMsMax, 'has not finished loading its model');
    case CopyState.Ready:
    case CopyState.Draining: {
      const silence = from(copy.heardAt, limits.silenceMsMax, 'says nothing');
      const hasWork = copy.report !== null && copy.report.running + copy.report.waiting > 0;
      if (!hasWork) return silence;
      const limitMs = standstillMs(copy.report?.slowestStepMs ?? 0, limits);
      const standstill = from(copy.progressAt, limitMs, 'has requests and finishes no step');
      return standstill.until! < silence.until! ? standstill : silence;
    }
    case CopyState.Exited:
      return { until: null, limitMs: 0, complaint: '' };
    default:
      return copy.state satisfies never;
  }
}

/** How long a copy with work may go without a step: by its own steps, once it has made some. */
function standstillMs(slowestStepMs: number, limits: ReconcileLimits): number {
  if (slowestStepMs === 0) return limits.progressMsMax;
  const bySteps = Math.max(limits.progressMsMin, limits.progressStepsMax * slowestStepMs);
  return Math.min(limits.progressMsMax, bySteps);
}
