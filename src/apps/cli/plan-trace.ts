/** `stowage plan --trace`: what a change would cost or save, as a forecast of what is live beside one of the file. */
import type { Catalogue } from '../../decide/plan/capacity.js';
import { livePlan } from '../../decide/plan/live-plan.js';
import type { EndpointPlan } from '../../domain/endpoint-plan.js';
import { runForecast } from '../../toolkit/forecast/forecast.js';
import { ForecastPolicy, inputOf } from '../../toolkit/forecast/policies.js';
import type { FilePlan } from './apply/plan-file.js';
import { openProgress } from './progress.js';
import { OutputFormat, renderList } from './render.js';
import type { Session } from './session.js';
import { type ForecastRow, forecastColumns, policyNames } from './simulate-columns.js';
import {
  componentNames,
  fleetInput,
  policyOptions,
  prepareTrace,
  readProfiles,
  type TraceFlags,
} from './simulate-input.js';

export interface PlanForecast {
  readonly trace: object;
  readonly rows: readonly ForecastRow[];
  readonly assumptions: readonly string[];
}

/** The same requests, in the first region, on what is live and on what the file wants; one endpoint per model of the file is the last row. */
export async function forecastPlan(
  { regions }: Pick<FilePlan, 'regions'>,
  configured: readonly EndpointPlan[],
  catalogue: Catalogue,
  flags: TraceFlags,
  session: Session,
): Promise<PlanForecast> {
  const [first] = regions;
  const inFirst = first?.endpoints ?? [];
  if (regions.length > 1) {
    session.terminal.warn(`of ${regions.length} regions, the first is forecast: ${first?.region}`);
  }
  const names = new Set(inFirst.map(({ desired }) => desired.name));
  const wanted = configured.filter(({ name }) => names.has(name));
  const live = inFirst.flatMap(({ desired, observed }) => livePlan(desired.name, observed) ?? []);
  const components = [...new Set([...componentNames(wanted), ...componentNames(live)])];
  const profiles = await readProfiles(flags.serviceProfile ?? [], components);
  const trace = await prepareTrace(flags, components);
  for (const notice of trace.notices) session.terminal.warn(notice);
  const line = openProgress(session.terminal, () => performance.now());
  const states = [
    { key: 'live', name: 'as it is now', plans: live, policy: ForecastPolicy.Configured },
    { key: 'file', name: 'as the file wants', plans: wanted, policy: ForecastPolicy.Configured },
    {
      key: ForecastPolicy.EndpointPerModel,
      name: policyNames[ForecastPolicy.EndpointPerModel],
      plans: wanted,
      policy: ForecastPolicy.EndpointPerModel,
    },
  ].filter(({ plans }) => plans.length > 0);
  const assumptions = new Set<string>();
  const rows = states.map(({ key, name, plans, policy }, index): ForecastRow => {
    const fleet = fleetInput(plans, catalogue, profiles, trace, components, flags.seed);
    for (const assumption of fleet.assumptions) assumptions.add(assumption);
    const input = inputOf(policy, fleet.input, policyOptions(flags));
    const result = runForecast(input, (done) =>
      line.update({ phase: name, fraction: (index + done) / states.length, detail: '' }),
    );
    return { key, name, result: withMissing(result, fleet.missing) };
  });
  line.clear();
  return {
    trace: { ...trace.facts, requests: trace.spread.requests.length },
    rows,
    assumptions: [...assumptions],
  };
}

/** Who calls a component that is not there is refused. */
function withMissing(result: ForecastRow['result'], missing: number): ForecastRow['result'] {
  if (missing === 0) return result;
  const { requests } = result;
  const rejected = { ...requests.rejected, 'NAME-404': missing };
  return { ...result, requests: { ...requests, arrivals: requests.arrivals + missing, rejected } };
}

/** As text, and what the change comes to. */
export function showPlanForecast({ rows, assumptions }: PlanForecast, { terminal }: Session): void {
  terminal.write('\n');
  terminal.write(
    renderList(
      { rows, columns: forecastColumns, nameOf: ({ key }) => `forecast/${key}` },
      OutputFormat.Table,
    ),
  );
  const [before, after] = [rows.find(({ key }) => key === 'live'), rows.find(({ key }) => key === 'file')];
  if (before !== undefined && after !== undefined) {
    const change = after.result.cost - before.result.cost;
    const word = change > 0 ? 'costs' : 'saves';
    const hours = before.result.durationMs / 3_600_000;
    terminal.write(
      `the change ${word} $${Math.abs(change).toFixed(2)} in ${hours.toFixed(2)} h of this trace: ` +
        `$${before.result.cost.toFixed(2)} -> $${after.result.cost.toFixed(2)}\n`,
    );
  }
  for (const assumption of assumptions) terminal.say(`assumed: ${assumption}`);
}
