/** `stowage simulate`: what a configuration would have done with a trace, by the real decisions, in seconds. */
import { writeFile } from 'node:fs/promises';
import { StowageError } from '../../domain/errors.js';
import { forecastPolicies } from '../../toolkit/forecast/compare.js';
import { forecastPage, type ForecastPageFacts } from '../../toolkit/forecast/page/page.js';
import { ForecastPolicy } from '../../toolkit/forecast/policies.js';
import { readCatalogue } from './apply/catalogue.js';
import { readConfigurationFile } from './configuration-file.js';
import { dataFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { openProgress } from './progress.js';
import { OutputFormat, renderList, renderValue } from './render.js';
import type { Session } from './session.js';
import { forecastColumns, policyNames } from './simulate-columns.js';
import {
  componentNames,
  fleetInput,
  policyOptions,
  prepareTrace,
  readProfiles,
  type TraceFlags,
} from './simulate-input.js';

export interface SimulateFlags extends TraceFlags {
  readonly file: string;
  readonly compare?: boolean;
  readonly html?: string;
  readonly dataDir?: string;
}

/** Without `--compare`; one endpoint per model is always there, so that the saving is seen. */
const policiesShown = [ForecastPolicy.Configured, ForecastPolicy.EndpointPerModel] as const;

export async function simulate(flags: SimulateFlags, session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const catalogue = readCatalogue(dataFolder(flags.dataDir, session.environment));
  const { endpoints } = await readConfigurationFile(flags.file, session, undefined, [...catalogue.keys()]);
  const names = componentNames(endpoints);
  const profiles = await readProfiles(flags.serviceProfile ?? [], names);
  const trace = await prepareTrace(flags, names);
  const { input, assumptions } = fleetInput(endpoints, catalogue, profiles, trace, names, flags.seed);
  for (const notice of trace.notices) terminal.warn(notice);
  const policies = flags.compare === true ? Object.values(ForecastPolicy) : policiesShown;
  const line = openProgress(terminal, () => performance.now());
  const forecasts = forecastPolicies(policies, input, policyOptions(flags), (policy, fraction) =>
    line.update({ phase: policyNames[policy], fraction, detail: `${input.requests.length} requests` }),
  );
  line.clear();
  const rows = forecasts.map(({ policy, result }) => ({ key: policy, name: policyNames[policy], result }));
  const requests = input.requests.length;
  if (flags.html !== undefined) {
    const page = { title: `Forecast: ${flags.file}`, facts: trace.facts, requests, rows, assumptions };
    await writePage(flags.html, page, session);
  }
  if (session.format === OutputFormat.Json || session.format === OutputFormat.Yaml) {
    const facts = { ...trace.facts, requests, durationMs: input.durationMs };
    const values = forecasts.map(({ policy, result }) => ({ policy, ...result }));
    terminal.write(renderValue({ trace: facts, assumptions, policies: values }, session.format));
    return ExitCode.Ok;
  }
  const listing = { rows, columns: forecastColumns, nameOf: ({ key }: { key: string }) => `policy/${key}` };
  terminal.write(renderList(listing, session.format ?? OutputFormat.Table));
  for (const assumption of assumptions) terminal.say(`assumed: ${assumption}`);
  return ExitCode.Ok;
}

async function writePage(file: string, page: ForecastPageFacts, { terminal }: Session): Promise<void> {
  try {
    await writeFile(file, forecastPage(page));
  } catch (cause) {
    throw StowageError.of(
      'USE-640',
      {
        problem: `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
        suggestion: 'name another file: `--html FILE`',
      },
      { cause },
    );
  }
  terminal.say(`wrote ${file}`);
}
