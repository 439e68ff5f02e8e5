/**
 * What copies of each workload are measured to do: fitted from the counts that their processes report once a second, by
 * stretches in which a copy always had something to compute. Asked for, and so measured, only of workloads that an
 * objective scales. In memory: a restart begins with the guess again.
 */
import type { CopyObservation } from '../../contracts/fleet.js';
import { fittedModel, learn, newFit, type ServiceFit } from '../../decide/scaling/slo/fit-service.js';
import type { SloSituation } from '../../decide/scaling/slo/situation.js';
import { copyKey, CopyState, type CopyReport } from '../../domain/copy.js';
import type { ServiceModel } from '../../domain/service-profile.js';
import type { CopyRecord } from '../../domain/record.js';
import { ColdStarts } from './cold-starts.js';
import { type LoadBoard, pointSeconds } from './load-board.js';

/** Before anything is measured: a small model on a few cores. Wrong by a factor for others, for some seconds. */
const unknownService: ServiceModel = {
  sequencesMax: 8,
  overheadMs: 5,
  promptTokensPerSecond: 1_000,
  stepMs: 20,
  stepMsPerSequence: 2,
};
/** Workloads and copies that are remembered; the one that was asked for longest ago goes first. */
const workloadsMax = 20_000;
/** Reports further apart than this are no stretch: something was lost between, milliseconds. */
const stretchMsMax = 5_000;
const stretchMsMin = 200;

interface Entry {
  fit: ServiceFit;
  sequencesMax: number;
  /** The last report of each copy, by `copyKey`. */
  readonly reports: Map<string, { readonly heardAt: number; readonly report: CopyReport }>;
}

/** One copy: what is written of it, and what the fleet saw of it. */
export interface SeenCopy {
  readonly record: CopyRecord;
  /** Null = it is not to be seen now. */
  readonly seen: CopyObservation | null;
}

/** What the policy is about. */
export interface SloQuestion {
  /** `componentKey`. */
  readonly component: string;
  /** Wall clock. */
  readonly now: number;
  readonly min: number;
  readonly max: number;
  /** Wanted now. */
  readonly copies: number;
  readonly share: number;
  readonly firstTokenMs: number;
  /** As `SloSituation.idleCostShare`. */
  readonly idleCostShare: number;
  readonly all: readonly SeenCopy[];
}

export class ServiceEstimates {
  /** By `componentKey`. */
  private readonly entries = new Map<string, Entry>();
  private readonly coldStarts = new ColdStarts();

  /** Learns from what is seen of the copies, and says what the policy has to know. */
  situation(board: LoadBoard, question: SloQuestion): SloSituation {
    const { component, now, min, max, copies, share, firstTokenMs, idleCostShare, all } = question;
    this.coldStarts.observe(
      component,
      all.map(({ record }) => record),
      copies,
      now,
    );
    const entry = this.observe(component, all);
    const { inFlight, queued, held, idleSince, points, overheadMs } = board.of(component, now);
    const fitted = fittedModel(entry.fit);
    return {
      now,
      min,
      max,
      copies,
      ready: all.filter(({ record }) => record.wish === 'run' && record.state === CopyState.Ready).length,
      share,
      firstTokenMs,
      points,
      pointSeconds,
      inFlight,
      queued,
      held,
      service: {
        ...fitted,
        sequencesMax: entry.sequencesMax,
        overheadMs: overheadMs ?? fitted.overheadMs,
      },
      coldStartMs: this.coldStarts.expectedMs(component),
      idleMs: idleSince === null ? 0 : Math.max(0, now - idleSince),
      idleCostShare,
    };
  }

  private observe(component: string, all: readonly SeenCopy[]): Entry {
    const entry = this.entries.get(component) ?? {
      fit: newFit(unknownService),
      sequencesMax: unknownService.sequencesMax,
      reports: new Map<string, { heardAt: number; report: CopyReport }>(),
    };
    this.entries.delete(component);
    this.entries.set(component, entry);
    const present = new Set<string>();
    for (const { seen } of all) {
      if (seen === null || seen.report === null) continue;
      const key = copyKey(seen.copy);
      present.add(key);
      entry.sequencesMax = Math.max(1, seen.info?.sequencesMax ?? entry.sequencesMax);
      const before = entry.reports.get(key);
      if (before !== undefined) entry.fit = learnFrom(entry.fit, before, seen.report, seen.heardAt);
      if (before?.heardAt !== seen.heardAt) {
        entry.reports.set(key, { heardAt: seen.heardAt, report: seen.report });
      }
    }
    for (const key of entry.reports.keys()) if (!present.has(key)) entry.reports.delete(key);
    if (this.entries.size > workloadsMax) this.entries.delete(this.entries.keys().next().value!);
    return entry;
  }
}

/** A copy that computes at both ends of a second is taken to have computed all through it. */
function learnFrom(
  fit: ServiceFit,
  before: { readonly heardAt: number; readonly report: CopyReport },
  report: CopyReport,
  heardAt: number,
): ServiceFit {
  const ms = heardAt - before.heardAt;
  const isStretch = ms >= stretchMsMin && ms <= stretchMsMax;
  if (!isStretch || before.report.running === 0 || report.running === 0) return fit;
  return learn(fit, {
    ms,
    promptTokens: Math.max(0, report.promptTokens - before.report.promptTokens),
    steps: Math.max(0, report.steps - before.report.steps),
    generatedTokens: Math.max(0, report.generatedTokens - before.report.generatedTokens),
  });
}
