/** `stowage plan` and `stowage apply`: the difference between a file and what there is, shown and made. */
import { basename } from 'node:path';
import type { Configuration } from '../../api/configuration/read-configuration.js';
import { applyFile } from './apply/apply-file.js';
import type { ApplyOutcome } from './apply/apply-file.js';
import { readCatalogue } from './apply/catalogue.js';
import { confirmAll } from './apply/confirm.js';
import type { ConfirmFlags } from './apply/confirm.js';
import { memoryNeeds } from './apply/memory-needs.js';
import { planFile } from './apply/plan-file.js';
import type { FilePlan, PlanOptions } from './apply/plan-file.js';
import { hasChanges, planValue, renderPlan } from './apply/render-plan.js';
import { storeFileOf } from './apply/store-file.js';
import { shellWord } from './call-examples.js';
import { readConfigurationFile } from './configuration-file.js';
import { connectionOf } from './control-api/connection.js';
import type { ConnectionFlags } from './control-api/connection.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { forecastPlan, type PlanForecast, showPlanForecast } from './plan-trace.js';
import { openProgress } from './progress.js';
import { OutputFormat, renderValue } from './render.js';
import type { Session } from './session.js';
import type { TraceFlags } from './simulate-input.js';

export interface PlanFlags extends ConnectionFlags {
  readonly file: string;
  readonly prune?: boolean;
  readonly parallel?: boolean;
  readonly all?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `plan` alone can forecast; the flags of a trace have their defaults whether or not there is one. */
export interface PlanTraceFlags extends PlanFlags, Omit<TraceFlags, 'trace'> {
  readonly trace?: string;
}

export interface ApplyFlags extends PlanFlags, ConfirmFlags {
  readonly wait: boolean;
  readonly timeout: number;
}

export async function plan(flags: PlanTraceFlags, session: Session): Promise<ExitCode> {
  const options = await planOptions(flags, session);
  const planned = await planFile(options);
  planned.close();
  const forecast = await forecastOf(planned, options, flags, session);
  showPlan(planned, flags, session, forecast);
  if (session.terminal.isLive) {
    for (const need of await memoryNeeds(options.configuration.endpoints)) session.terminal.say(need);
  }
  return flags.detailedExitcode === true && hasChanges(planned.regions) ? ExitCode.ChangesFound : ExitCode.Ok;
}

async function forecastOf(
  planned: FilePlan,
  { configuration, catalogue }: PlanOptions,
  flags: PlanTraceFlags,
  session: Session,
): Promise<PlanForecast | null> {
  const { trace } = flags;
  if (trace === undefined) return null;
  return forecastPlan(planned, configuration.endpoints, catalogue, { ...flags, trace }, session);
}

export async function apply(flags: ApplyFlags, session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const options = await planOptions(flags, session);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  const line = openProgress(terminal, () => performance.now());
  const inRegion = flags.region === undefined ? '' : ` --region ${shellWord(flags.region)}`;
  const command = `stowage apply -f ${shellWord(flags.file)}${inRegion}`;
  let regions: FilePlan['regions'] = [];
  try {
    const outcome = await applyFile({
      ...options,
      waits: flags.wait,
      waitSecondsMax: flags.timeout,
      onPlan: (planned) => {
        regions = planned.regions;
        showPlan(planned, flags, session);
      },
      confirm: (needed) =>
        confirmAll(
          needed.map(({ change: { kind, name, confirmation } }) => ({ kind, name, why: confirmation ?? '' })),
          flags,
          command,
          session,
        ),
      onProgress: (state) => line.update(state),
      signal: interruption.signal,
    });
    line.clear();
    return showOutcome(outcome, regions, command, session);
  } catch (thrown) {
    line.clear();
    if (!interruption.signal.aborted) throw thrown;
    terminal.say(`what was asked for goes on; \`${command}\` sees it through`);
    return ExitCode.Interrupted;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function planOptions(flags: PlanFlags, session: Session): Promise<PlanOptions> {
  const connection = connectionOf(flags, session);
  const catalogue = readCatalogue(connection.localDataFolder);
  // Another machine's server, or AWS, may have types that are not in this machine's catalogue.
  const types = connection.localDataFolder === null ? null : [...catalogue.keys()];
  const configuration = await readConfigurationFile(flags.file, session, connection.region, types);
  sayNotices(configuration, session);
  return {
    configuration,
    fileName: flags.file === '-' ? 'standard input' : basename(flags.file),
    connection,
    catalogue,
    prune: flags.prune ?? false,
    isParallel: flags.parallel ?? false,
    storeFile: connection.localDataFolder === null ? null : storeFileOf(connection.localDataFolder),
    onNews: (news) => session.terminal.isLive && session.terminal.say(news),
  };
}

function sayNotices({ notices }: Configuration, { terminal }: Session): void {
  for (const { message, location } of notices) terminal.warn(message, location);
}

function showPlan(
  { regions }: FilePlan,
  flags: PlanFlags,
  session: Session,
  forecast: PlanForecast | null = null,
): void {
  const { terminal, format } = session;
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    const value = planValue(regions);
    terminal.write(renderValue(forecast === null ? value : { ...value, forecast }, format));
    return;
  }
  const paint = (...styled: Parameters<typeof terminal.paintData>) => terminal.paintData(...styled);
  terminal.write(renderPlan(regions, { paint, all: flags.all ?? false }));
  if (forecast !== null) showPlanForecast(forecast, session);
}

function showOutcome(
  { changes, pending, failures }: ApplyOutcome,
  regions: FilePlan['regions'],
  command: string,
  { terminal }: Session,
): ExitCode {
  for (const failure of failures) terminal.fail(failure);
  const [first] = failures;
  if (first !== undefined) return exitCodeOf(first);
  if (pending.length > 0) {
    terminal.say(`still under way: ${pending.join(', ')}; \`${command}\` waits for it`);
    terminal.say(`why: \`stowage explain ${pending[0]}${regionFlagOf(pending[0] ?? '', regions)}\``);
    return ExitCode.Pending;
  }
  if (changes > 0) terminal.say('done');
  return ExitCode.Ok;
}

/** ` --region NAME` for a thing, `kind/name`, that is planned in a region other commands do not mean by themselves. */
function regionFlagOf(thing: string, regions: FilePlan['regions']): string {
  const home = regions.find(({ endpoints }) =>
    endpoints.some(
      ({ desired }) =>
        thing === `endpoint/${desired.name}` ||
        desired.components.some(({ name }) => thing === `component/${name}`),
    ),
  );
  return home?.api.regionFlag ?? '';
}
