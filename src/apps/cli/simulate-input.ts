/** What `simulate` and `plan --trace` replay: a trace, spread over components. */
import { basename } from 'node:path';
import type { EndpointPlan } from '../../domain/endpoint-plan.js';
import { StowageError } from '../../domain/errors.js';
import type { InstanceType } from '../../domain/instance.js';
import { nearest } from '../../domain/nearest.js';
import type { ServiceProfile } from '../../domain/service-profile.js';
import type { ForecastInput } from '../../toolkit/forecast/forecast-input.js';
import { fleetOfPlan, variantKey } from '../../toolkit/forecast/input-of-plan.js';
import type { PolicyOptions } from '../../toolkit/forecast/policies.js';
import { parseServiceProfile } from '../../toolkit/forecast/profile-file.js';
import { readTrace } from '../../toolkit/forecast/trace/read-trace.js';
import { type SpreadLaw, type SpreadTrace, spreadTrace } from '../../toolkit/forecast/trace/spread.js';
import { readTextFile } from './configuration-file.js';

export interface TraceFlags {
  readonly trace: string;
  /** `uniform`, `zipf:EXPONENT` or `NAME=WEIGHT,…`. */
  readonly spread: string;
  readonly scale: number;
  readonly speed: number;
  /** Seconds. */
  readonly duration?: number;
  readonly seed: number;
  /** `FILE`, or `COMPONENT=FILE`. */
  readonly serviceProfile?: readonly string[];
  /** Milliseconds. */
  readonly objective: number;
  readonly target?: number;
}

/** A trace whose requests have their components. */
export interface PreparedTrace {
  readonly spread: SpreadTrace;
  /** Of the trace, for people: `file`, `spread` and so on. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** What of it does not count, and why. */
  readonly notices: readonly string[];
}

const profileBytesMax = 1024 * 1024;
/** Of the requests that shall have their first token within the objective. */
const objectiveShare = 0.95;

export function policyOptions({ objective, target }: TraceFlags): PolicyOptions {
  return { share: objectiveShare, firstTokenMs: objective, targetValue: target ?? null };
}

/** Throws FILE-012 and FILE-013 of the trace, USE-640 of the flags. */
export async function prepareTrace(flags: TraceFlags, components: readonly string[]): Promise<PreparedTrace> {
  const law = spreadLaw(flags.spread, components);
  const trace = await readTrace(flags.trace);
  const { scale, speed, seed, duration } = flags;
  const durationMsMax = duration === undefined ? null : duration * 1000;
  const spread = spreadTrace(trace.rows, components, { law, scale, speed, durationMsMax, seed });
  if (spread.requests.length === 0) {
    const problem = 'none of its requests is for a component there is, or --scale left none';
    throw StowageError.of('FILE-013', { file: flags.trace, problem });
  }
  const cut = trace.isCut ? [`only the first ${trace.rows.length} rows of ${flags.trace} were read`] : [];
  const left = [...spread.unknown].map(([name, count]) => {
    return `${count} requests for \`${name}\`, which is not there, are left out`;
  });
  const ended = trace.unfinishedCount;
  const open =
    ended === 0
      ? []
      : [`${ended} requests that were not answered to their end are left out: nobody knows their length`];
  const how = trace.format === 'request-log' ? 'as logged' : flags.spread;
  return {
    spread,
    facts: { file: basename(flags.trace), format: trace.format, spread: how, scale, speed, seed },
    notices: [...cut, ...open, ...left],
  };
}

export interface FleetInput {
  readonly input: ForecastInput;
  readonly assumptions: readonly string[];
  /** Requests of components that this fleet does not have. */
  readonly missing: number;
}

/** `components`: those that the trace was spread over. */
export function fleetInput(
  endpoints: readonly EndpointPlan[],
  catalogue: ReadonlyMap<string, InstanceType>,
  profiles: ReadonlyMap<string, ServiceProfile>,
  { spread }: PreparedTrace,
  components: readonly string[],
  seed: number,
): FleetInput {
  const fleet = fleetOfPlan(endpoints, { catalogue, profiles });
  const places = components.map((name) => fleet.components.findIndex((one) => one.name === name));
  const requests = spread.requests.flatMap((request) => {
    const component = places[request.component] ?? -1;
    return component < 0 ? [] : [{ ...request, component }];
  });
  return {
    input: {
      requests,
      components: fleet.components,
      pools: fleet.pools,
      durationMs: spread.durationMs,
      seed,
    },
    assumptions: fleet.assumptions,
    missing: spread.requests.length - requests.length,
  };
}

/** Names of everything that answers requests, in the order of the configuration; of own models `ENDPOINT/VARIANT`. */
export function componentNames(endpoints: readonly EndpointPlan[]): readonly string[] {
  return endpoints.flatMap(({ name: endpoint, variants, components }) => [
    ...variants
      .filter(({ model, isShadow }) => model !== null && !isShadow)
      .map(({ name }) => variantKey(endpoint, name)),
    ...components.map(({ name }) => name),
  ]);
}

/** Throws USE-640 for a component that is not there. */
export async function readProfiles(
  texts: readonly string[],
  components: readonly string[],
): Promise<ReadonlyMap<string, ServiceProfile>> {
  const profiles = new Map<string, ServiceProfile>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? '*' : text.slice(0, equals);
    const file = text.slice(equals + 1);
    if (name !== '*') refuseUnknown(name, components);
    profiles.set(name, parseServiceProfile(await readTextFile(file, profileBytesMax), file));
  }
  return profiles;
}

function spreadLaw(text: string, components: readonly string[]): SpreadLaw {
  if (text === 'uniform') return { kind: 'uniform' };
  const zipf = /^zipf(?::(\d+(?:\.\d+)?))?$/.exec(text);
  if (zipf !== null) return { kind: 'zipf', exponent: Number(zipf[1] ?? 1) };
  const weights = new Map(
    text.split(',').map((part): [string, number] => {
      const [, name = '', weight = ''] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
      if (weight === '') {
        throw StowageError.of('USE-640', {
          problem: `\`--spread ${text}\` is no law`,
          suggestion: 'write `--spread zipf:1.0`, `--spread uniform` or `--spread chat=3,embed=1`',
        });
      }
      return [name, Number(weight)];
    }),
  );
  for (const name of weights.keys()) refuseUnknown(name, components);
  return { kind: 'weights', weights };
}

function refuseUnknown(name: string, components: readonly string[]): void {
  if (components.includes(name)) return;
  const meant = nearest(name, components);
  const known = components.map((one) => `\`${one}\``).join(', ');
  throw StowageError.of('USE-640', {
    problem: `there is no component \`${name}\``,
    suggestion: meant === null ? `there are ${known}` : `did you mean \`${meant}\`?`,
  });
}
