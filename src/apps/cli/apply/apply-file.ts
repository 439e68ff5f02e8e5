/**
 * Makes what a configuration says so, at any address that speaks the control API: plans, asks for what needs a yes,
 * calls, waits. Applying again changes nothing; applying after an interruption does what was left.
 */
import type { StowageError } from '../../../domain/errors.js';
import type { PlannedChange } from '../../../decide/plan/step.js';
import type { ProgressState } from '../progress.js';
import { execute } from './execute.js';
import { eachRegion, planFile } from './plan-file.js';
import type { FilePlan, PlanOptions, RegionPlan } from './plan-file.js';

export interface ApplyOptions extends PlanOptions {
  /** False: returns when everything that can be asked for now was asked for. */
  readonly waits: boolean;
  /** Seconds that are waited for one endpoint. */
  readonly waitSecondsMax: number;
  /** Called with what would be done, before anything is. */
  readonly onPlan: (plan: FilePlan) => void;
  /** Throws, or rejects, when nobody says yes to these; not called when there are none. */
  readonly confirm: (needed: readonly NeededConfirmation[]) => void | Promise<void>;
  readonly onProgress: (state: ProgressState) => void;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks; longer ones as time goes by. */
  readonly pollMs?: { readonly min: number; readonly max: number };
}

export interface NeededConfirmation {
  readonly region: string;
  readonly change: PlannedChange;
}

export interface ApplyOutcome {
  /** Things that were created, changed or deleted. */
  readonly changes: number;
  readonly unchanged: number;
  /** Names of what is still under way. */
  readonly pending: readonly string[];
  /** What was asked for and did not come up. */
  readonly failures: readonly StowageError[];
}

const pollMsDefault = { min: 200, max: 3_000 };

/** Throws rows of the error table for what was refused. Close to nothing was done then, or it can be repeated. */
export async function applyFile(options: ApplyOptions): Promise<ApplyOutcome> {
  const plan = await planFile(options);
  try {
    options.onPlan(plan);
    const differences = plan.regions.flatMap(({ region, endpoints }) =>
      endpoints.map(({ difference }) => ({ region, difference })),
    );
    const needed = differences.flatMap(({ region, difference }) =>
      difference.changes
        .filter(({ confirmation }) => confirmation !== null)
        .map((change) => ({ region, change })),
    );
    if (needed.length > 0) await options.confirm(needed);
    await plan.files.store();
    const settled = await eachRegion(plan.regions, options.isParallel, (region) =>
      applyRegion(region, options),
    );
    return {
      changes: differences.reduce((sum, { difference }) => sum + difference.changes.length, 0),
      unchanged: differences.reduce((sum, { difference }) => sum + difference.unchanged.length, 0),
      pending: settled.flatMap(({ pending }) => pending),
      failures: settled.flatMap(({ failures }) => failures),
    };
  } finally {
    plan.close();
  }
}

async function applyRegion({ api, region, endpoints }: RegionPlan, options: ApplyOptions) {
  const pending: string[] = [];
  const failures: StowageError[] = [];
  const { min, max } = options.pollMs ?? pollMsDefault;
  for (const endpoint of endpoints) {
    const settled = await execute(api, endpoint, {
      waits: options.waits,
      patience: {
        pollMsMin: min,
        pollMsMax: max,
        msMax: options.waitSecondsMax * 1000,
        onProgress: (state) => options.onProgress({ ...state, detail: `${state.detail} (${region})` }),
        signal: options.signal,
      },
    });
    pending.push(...settled.pending);
    failures.push(...settled.failures);
  }
  return { pending, failures };
}
