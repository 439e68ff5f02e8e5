/** What a configuration changes, in each of its regions: reads what there is and compares. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Configuration } from '../../../api/configuration/read-configuration.js';
import type { Catalogue } from '../../../decide/plan/capacity.js';
import { compare } from '../../../decide/plan/compare.js';
import { desiredEndpoint } from '../../../decide/plan/desired.js';
import type { DesiredEndpoint } from '../../../decide/plan/desired.js';
import type { Observed } from '../../../decide/plan/observed.js';
import type { Difference } from '../../../decide/plan/step.js';
import type { EndpointPlan } from '../../../domain/endpoint-plan.js';
import { StowageError } from '../../../domain/errors.js';
import type { Connection } from '../control-api/connection.js';
import { openControlApi } from '../control-api/control-api.js';
import type { ControlApi } from '../control-api/control-api.js';
import { readModelFiles } from './model-files.js';
import type { ModelFiles, StoreFile } from './model-files.js';
import { observe } from './observe.js';

export interface PlanOptions {
  readonly configuration: Configuration;
  /** What the file is called; becomes a tag of what is made. */
  readonly fileName: string;
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  readonly prune: boolean;
  /** Regions side by side instead of in turn. */
  readonly isParallel: boolean;
  /** Null = the server cannot be given files of this machine. */
  readonly storeFile: StoreFile | null;
  /** A line for people about what takes a while. */
  readonly onNews: (line: string) => void;
}

/** One endpoint in one region. */
export interface EndpointDifference {
  readonly desired: DesiredEndpoint;
  readonly observed: Observed;
  readonly difference: Difference;
}

export interface RegionPlan {
  readonly region: string;
  readonly api: ControlApi;
  /** In the order of the file. */
  readonly endpoints: readonly EndpointDifference[];
}

export interface FilePlan {
  /** In the order in which the file names them. */
  readonly regions: readonly RegionPlan[];
  readonly files: ModelFiles;
  close(): void;
}

/** Throws rows of the error table; NAME-411 when another endpoint has a component under a name of the file. */
export async function planFile(options: PlanOptions): Promise<FilePlan> {
  const { configuration, connection } = options;
  const byRegion = new Map<string, EndpointPlan[]>();
  for (const plan of configuration.endpoints) {
    for (const region of plan.regions.length === 0 ? [connection.region] : plan.regions) {
      byRegion.set(region, [...(byRegion.get(region) ?? []), plan]);
    }
  }
  const apis = [...byRegion.keys()].map((region) => openControlApi(connection, region));
  const close = () => {
    for (const api of apis) api.close();
  };
  try {
    const files = await readModelFiles(configuration.endpoints, {
      storeFile: options.storeFile,
      address: apis[0]?.address ?? '',
      onFile: (path) => options.onNews(`reading ${basename(path)}`),
    });
    const regions = await eachRegion(apis, options.isParallel, (api) =>
      planRegion(api, byRegion.get(api.region) ?? [], files, options),
    );
    return { regions, files, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

/** Runs for each region, side by side or in turn; results in order. */
export async function eachRegion<Region, Result>(
  regions: readonly Region[],
  isParallel: boolean,
  run: (region: Region) => Promise<Result>,
): Promise<Result[]> {
  if (isParallel) return Promise.all(regions.map(run));
  const results: Result[] = [];
  for (const region of regions) results.push(await run(region));
  return results;
}

async function planRegion(
  api: ControlApi,
  plans: readonly EndpointPlan[],
  files: ModelFiles,
  { fileName, prune, catalogue }: PlanOptions,
): Promise<RegionPlan> {
  const endpoints: EndpointDifference[] = [];
  for (const plan of plans) {
    const desired = desiredEndpoint(plan, { digest, resolve: (origin) => files.resolve(origin), fileName });
    const observed = await observe(api, desired, prune);
    const difference = compare(desired, observed, { prune, catalogue });
    const [conflict] = difference.conflicts;
    if (conflict !== undefined) {
      throw StowageError.of(
        'NAME-411',
        { kind: 'inference component', arn: conflict.name },
        { reason: `endpoint \`${conflict.endpoint}\` has it, and names are unique in a region` },
      );
    }
    endpoints.push({ desired, observed, difference });
  }
  return { region: api.region, api, endpoints };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
