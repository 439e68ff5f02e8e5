/**
 * One real trace given to 24 models, and what it takes to serve it: an accelerator for each, target tracking as the
 * cloud does it, the policy that holds an objective, and the bound that no policy can beat. All but the bound are replays
 * by the forecast, which runs the decisions of the product; the objective is the 95th percentile that one endpoint per
 * model reaches. Hardware is a profile: measured here with `stowage bench --service-profile`, or assumed and marked so.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseTrace } from '../../src/toolkit/benchmark/trace.js';
import { runForecast } from '../../src/toolkit/forecast/forecast.js';
import type { ForecastResult } from '../../src/toolkit/forecast/forecast-result.js';
import { parseServiceProfile } from '../../src/toolkit/forecast/profile-file.js';
import type { Bench, BenchContext } from '../bench.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { oracleBound } from './oracle.js';
import { type Hardware, hardware, measuredSlot } from './profiles.js';
import { objective, oneEach, type Setting, trackingDefaults, trackingFast, type Way } from './rows.js';
import { spread } from './workload.js';

const models = 24;
const seed = 1;
const share = 0.95;
/** Aims: at most so much of one endpoint per model and of the bound, with a 95th percentile that is no worse. */
const costRatioMax = 1 / 8;
const boundRatioMax = 1.1;
const traceFile = 'azure-llm-code-2023.csv';
/** With `--quick`: the first ten minutes. */
const quickMs = 600_000;

export const scalingBench: Bench = {
  name: 'scaling',
  measures: 'Accelerator-hours and first tokens of 24 models on a trace, by ways to scale; --trace FILE.',
  run: (context) => Promise.resolve(run(context)),
};

function run(context: BenchContext): readonly Row[] {
  const file = context.trace ?? path.join(context.root, '..', 'shared', 'traces', traceFile);
  if (!existsSync(file)) {
    context.say(`there is no trace at ${file}: skipped`);
    return [];
  }
  const all = parseTrace(readFileSync(file, 'utf8'), file);
  const arrivals = context.isQuick ? all.filter(({ atMs }) => atMs < quickMs) : all;
  const requests = spread(arrivals, models, seed);
  const durationMs = (arrivals.at(-1)?.atMs ?? 0) + 1;
  const chosen = machines(context).filter(
    ({ name }) => context.only === null || name.startsWith(context.only),
  );
  return chosen.flatMap((one) => compare(context, { requests, models, durationMs, hardware: one }));
}

function machines({ root }: BenchContext): readonly Hardware[] {
  const file = path.join(root, 'bench', 'scaling', 'service-profile.json');
  if (!existsSync(file)) return hardware;
  return [measuredSlot(parseServiceProfile(readFileSync(file, 'utf8'), file)), ...hardware];
}

function compare(context: BenchContext, setting: Setting): readonly Row[] {
  const { profile } = setting.hardware;
  context.say(`${setting.hardware.name}: ${profile.name}${profile.source.isAssumed ? ' (assumed)' : ''}`);
  const each = replay(context, oneEach(setting));
  const firstTokenMs = each.requests.firstTokenMs?.p95 ?? 0;
  const bound = oracleBound({
    requests: setting.requests,
    durationMs: setting.durationMs,
    service: profile,
    firstTokenMs,
    share,
    instanceStartMs: setting.hardware.instanceStartMs,
  });
  context.say(
    `oracle: at least ${bound.hoursMin.toFixed(2)} h; ${bound.hoursFound.toFixed(2)} h with ${(bound.lateShare * 100).toFixed(1)} % late`,
  );
  const ways = [trackingDefaults(setting), trackingFast(setting), objective(setting, firstTokenMs)];
  return [
    ...rowsOf(setting, 'one endpoint per model', each, each, bound.hoursMin),
    ...ways.flatMap((way) => rowsOf(setting, way.name, replay(context, way), each, bound.hoursMin)),
    makeRow(`${setting.hardware.name}, oracle: accelerator-hours`, 'h', bound.hoursMin, {
      name: 'one endpoint per model',
      value: each.acceleratorHours,
    }),
  ];
}

function replay(context: BenchContext, { name, input }: Way): ForecastResult {
  const startedAt = performance.now();
  const result = runForecast(input);
  const { firstTokenMs } = result.requests;
  context.say(
    `${name.padEnd(34)} ${result.acceleratorHours.toFixed(2)} h, p95 ${(firstTokenMs?.p95 ?? NaN).toFixed(0)} ms, ` +
      `${result.coldStarts} cold starts (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
  return result;
}

function rowsOf(
  { hardware: { name: on } }: Setting,
  way: string,
  { acceleratorHours, cost, coldStarts, requests }: ForecastResult,
  each: ForecastResult,
  hoursMin: number,
): readonly Row[] {
  const one = 'one endpoint per model';
  const isAimed = way === 'objective';
  const aim = (limit: number) => (isAimed ? { comparison: Comparison.RatioAtMost, limit } : null);
  const refused = Object.values(requests.rejected).reduce((sum, count) => sum + count, 0);
  const { firstTokenMs } = requests;
  const p95 = { name: one, value: each.requests.firstTokenMs?.p95 ?? null };
  const measure = (what: string) => `${on}, ${way}: ${what}`;
  return [
    makeRow(
      measure('accelerator-hours'),
      'h',
      acceleratorHours,
      { name: one, value: each.acceleratorHours },
      aim(costRatioMax),
    ),
    makeRow(
      measure('accelerator-hours'),
      'h',
      acceleratorHours,
      { name: 'oracle', value: hoursMin },
      aim(boundRatioMax),
    ),
    makeRow(measure('first token p50'), 'ms', firstTokenMs?.p50 ?? null),
    makeRow(measure('first token p95'), 'ms', firstTokenMs?.p95 ?? null, p95, aim(1)),
    makeRow(measure('first token p99'), 'ms', firstTokenMs?.p99 ?? null),
    makeRow(measure('cold starts'), 'count', coldStarts),
    makeRow(measure('refused'), 'count', refused),
    makeRow(measure('price'), 'USD', cost),
  ];
}
