/**
 * Whether a copy hangs. Liveness is progress, not an answering port: a copy hangs when it says nothing, when
 * it has work and finishes no step, or when it does not come up in time. Only time in which the observer itself
 * was awake counts.
 */
import type { StartupLimits } from '../../domain/component.js';
import type { CopyReport } from '../../domain/copy.js';
import { CopyState } from '../../domain/copy.js';
import type { ErrorData } from '../../domain/errors.js';
import { StowageError } from '../../domain/errors.js';
import type { ReconcileLimits } from './limits.js';

/** A copy as it was observed. Times are the observer's clock, milliseconds. */
export interface WatchedCopy {
  readonly id: string;
  readonly state: CopyState;
  /** When it entered that state. */
  readonly since: number;
  readonly report: Pick<CopyReport, 'running' | 'waiting' | 'slowestStepMs' | 'isAsleep'> | null;
  /** When the last message came, and when steps last rose or nothing was in flight. */
  readonly heardAt: number;
  readonly progressAt: number;
  /** While it loads: whether it fetches its model or loads it, and since when. */
  readonly isFetching: boolean;
  readonly phaseSince: number;
  readonly startup: StartupLimits;
}

/** Phases of loading in which the model's bytes are made present; the others are the engine's. */
const fetchingPhases = ['downloading', 'unpacking', 'verifying', 'waiting'];

export function isFetchingPhase(phase: string): boolean {
  return fetchingPhases.includes(phase);
}

/** Why a copy must be given up; null = it may go on. */
export function whyHung(
  copy: WatchedCopy,
  observedSince: number,
  now: number,
  limits: ReconcileLimits,
): ErrorData | null {
  const lasts = (since: number) => now - Math.max(since, observedSince);
  switch (copy.state) {
    case CopyState.Starting:
      if (lasts(copy.since) < limits.answerMsMax) return null;
      return unanswered(copy.id, limits.answerMsMax);
    case CopyState.Loading: {
      const { downloadSecondsMax, loadSecondsMax } = copy.startup;
      const seconds = copy.isFetching ? downloadSecondsMax : loadSecondsMax;
      if (lasts(copy.phaseSince) < seconds * 1000) return null;
      const limit = copy.isFetching
        ? 'ModelDataDownloadTimeoutInSeconds'
        : 'ContainerStartupHealthCheckTimeoutInSeconds';
      return StowageError.of('RUN-311', { copy: copy.id, seconds, limit }).toData();
    }
    case CopyState.Ready:
    case CopyState.Draining: {
      if (lasts(copy.heardAt) >= limits.silenceMsMax) return standsStill(copy.id, limits.silenceMsMax);
      const hasWork = copy.report !== null && copy.report.running + copy.report.waiting > 0;
      if (!hasWork) return null;
      const limitMs = standstillMs(copy, limits);
      return lasts(copy.progressAt) < limitMs ? null : standsStill(copy.id, limitMs);
    }
    case CopyState.Exited:
      return null;
    default:
      return copy.state satisfies never;
  }
}

/** How long a copy with work may go without a step: by its own steps, once it has made some; waking is loading. */
function standstillMs({ report, startup }: WatchedCopy, limits: ReconcileLimits): number {
  if (report?.isAsleep === true) return startup.loadSecondsMax * 1000;
  const slowestStepMs = report?.slowestStepMs ?? 0;
  if (slowestStepMs === 0) return limits.progressMsMax;
  const bySteps = Math.max(limits.progressMsMin, limits.progressStepsMax * slowestStepMs);
  return Math.min(limits.progressMsMax, bySteps);
}

function unanswered(copy: string, limitMs: number): ErrorData {
  const reason = `it has not answered for ${Math.round(limitMs / 1000)} s`;
  return StowageError.of('RUN-304', { copy, reason }).toData();
}

function standsStill(copy: string, limitMs: number): ErrorData {
  return StowageError.of('RUN-303', { copy, seconds: Math.round(limitMs / 1000) }).toData();
}

/** A copy that was told to drain. */
export interface DrainingCopy extends Pick<WatchedCopy, 'state' | 'since' | 'report' | 'heardAt'> {
  /** Its drain may last this long, milliseconds. */
  readonly drainMsMax: number;
}

/** Why a draining copy may be ended now; null = it has something to finish. */
export function whyDrained(copy: DrainingCopy, now: number, limits: ReconcileLimits): string | null {
  if (copy.state !== CopyState.Draining) return null;
  if (now >= copy.since + copy.drainMsMax) {
    return `its drain lasted ${Math.round(copy.drainMsMax / 1000)} s, the limit`;
  }
  const isIdle = copy.report !== null && copy.report.running + copy.report.waiting === 0;
  const isHeard = copy.heardAt >= copy.since;
  if (!isIdle || !isHeard || now < copy.since + limits.drainMsMin) return null;
  return 'it has finished what it had';
}
