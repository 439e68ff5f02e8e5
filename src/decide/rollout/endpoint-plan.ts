/**
 * What an endpoint's deployment means at the moment: how many instances each generation should have, how copies and
 * traffic lie over the generations. Derived from the record alone, so that it is the same before and after a restart.
 *
 * The old side is every generation but the one deployed to: one, or several after a rollback that failed.
 */
import type { Deployment, DeploymentConfig } from '../../domain/deployment.js';
import { DeploymentPhase } from '../../domain/deployment.js';
import type { EndpointGeneration, EndpointRecord, VariantWish } from '../../domain/endpoint.js';
import { batchSize, fairPercent, oldCountBackward, oldCountForward, sizePercent } from './batches.js';
import { executionSecondsDefault } from './step.js';

/** A deployment that runs, with its two sides. */
export interface Rollout {
  readonly endpoint: EndpointRecord;
  readonly deployment: Deployment;
  readonly config: DeploymentConfig;
  readonly olds: readonly EndpointGeneration[];
  readonly next: EndpointGeneration;
  /** Instances that all old generations are to have when nothing is rolled out, and that the new one is to have. */
  readonly oldTotal: number;
  readonly nextTotal: number;
  readonly isRolling: boolean;
}

/** Null when no deployment runs. */
export function rolloutOf(endpoint: EndpointRecord): Rollout | null {
  const { deployment, generations } = endpoint;
  const next = generations.find((generation) => generation.id === deployment?.to);
  if (deployment === null || next === undefined) return null;
  const config = endpoint.deploymentConfig ?? {};
  const olds = generations.filter((generation) => generation.id !== next.id);
  return {
    endpoint,
    deployment,
    config,
    olds,
    next,
    oldTotal: olds.reduce((sum, generation) => sum + instancesOf(generation), 0),
    nextTotal: instancesOf(next),
    isRolling: config.rollingUpdatePolicy !== undefined,
  };
}

/** Instances of all its variants, as wished. */
export function instancesOf(generation: EndpointGeneration): number {
  return Object.values(generation.variants).reduce((sum, variant) => sum + variant.instanceCount, 0);
}

/** Instances of the new side that have baked; of a blue/green deployment it means nothing. */
export function bakedCount(rollout: Rollout): number {
  return Math.min(rollout.nextTotal, rollout.deployment.step * forwardBatch(rollout));
}

export function forwardBatch({ config, nextTotal }: Rollout): number {
  return batchSize(config.rollingUpdatePolicy?.maximumBatchSize, nextTotal);
}

export function backwardBatch({ config, oldTotal }: Rollout): number {
  return batchSize(config.rollingUpdatePolicy?.rollbackMaximumBatchSize, oldTotal);
}

/** Its old side has been given up: from here on there is no way back. */
export function isOldGivenUp({ deployment, oldTotal }: Rollout): boolean {
  return deployment.phase === DeploymentPhase.Terminating && oldTotal === 0;
}

/** Percent of the traffic that the new side has in a blue/green deployment after `step` steps have baked. */
export function blueGreenPercent({ config, nextTotal }: Rollout, step: number): number {
  const routing = config.blueGreenUpdatePolicy?.trafficRoutingConfiguration;
  if (routing === undefined) return 100;
  switch (routing.type) {
    case 'CANARY':
      return step === 0 ? sizePercent(routing.canarySize, nextTotal) : 100;
    case 'LINEAR':
      return Math.min(100, (step + 1) * sizePercent(routing.linearStepSize, nextTotal));
    case 'ALL_AT_ONCE':
      return 100;
    default:
      return routing.type satisfies never;
  }
}

/** Percent of the traffic that `count` instances of the new side get beside the old ones that are then left. */
export function rollingPercent({ oldTotal, nextTotal }: Rollout, count: number): number {
  return fairPercent(count, oldCountForward(oldTotal, nextTotal, count));
}

/** How long each step bakes, milliseconds. */
export function bakeMs({ config }: Rollout): number {
  const policy = config.rollingUpdatePolicy ?? config.blueGreenUpdatePolicy?.trafficRoutingConfiguration;
  return (policy?.waitIntervalInSeconds ?? 0) * 1000;
}

/** How long the old side is kept after the last step, milliseconds. */
export function terminationWaitMs({ config }: Rollout): number {
  return (config.blueGreenUpdatePolicy?.terminationWaitInSeconds ?? 0) * 1000;
}

/** How long the deployment, or its rollback, may take, milliseconds. */
export function executionMs(config: DeploymentConfig, nextTotal: number): number {
  const policy = config.rollingUpdatePolicy ?? config.blueGreenUpdatePolicy;
  if (policy?.maximumExecutionTimeoutInSeconds !== undefined) {
    return policy.maximumExecutionTimeoutInSeconds * 1000;
  }
  const routing = config.blueGreenUpdatePolicy?.trafficRoutingConfiguration;
  const stepsMax = config.rollingUpdatePolicy === undefined ? 100 : Math.max(1, nextTotal);
  const wait = (config.rollingUpdatePolicy ?? routing)?.waitIntervalInSeconds ?? 0;
  const termination = config.blueGreenUpdatePolicy?.terminationWaitInSeconds ?? 0;
  return (executionSecondsDefault + wait * stepsMax + termination) * 1000;
}

/** The generations with `percent` of the traffic at the new one, and the rest at the old ones by their instances. */
export function withTraffic(rollout: Rollout, percent: number): readonly EndpointGeneration[] {
  const { olds, next, oldTotal } = rollout;
  let instances = 0;
  let given = 0;
  const shared = olds.map((generation, index) => {
    instances += instancesOf(generation);
    const isLast = index === olds.length - 1;
    const upTo = isLast || oldTotal === 0 ? 1 : instances / oldTotal;
    const traffic = Math.round((100 - percent) * upTo) - given;
    given += traffic;
    return { ...generation, traffic };
  });
  return [...shared, { ...next, traffic: 100 - given }];
}

/** Instances each generation should have now, by generation id and variant name. */
export function instanceTargets(endpoint: EndpointRecord): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const counts = instanceCounts(endpoint);
  return new Map(
    endpoint.generations.map((generation) => [
      generation.id,
      overVariants(generation, counts.get(generation.id) ?? 0),
    ]),
  );
}

/** Instances of all variants together, by generation id. */
function instanceCounts(endpoint: EndpointRecord): ReadonlyMap<number, number> {
  const wishes = endpoint.generations.map((generation) => [generation.id, instancesOf(generation)] as const);
  const rollout = rolloutOf(endpoint);
  if (rollout === null) return new Map(wishes);
  const { next, deployment, isRolling } = rollout;
  const isBack = deployment.phase === DeploymentPhase.RollingBack;
  if (!isRolling) return new Map([...wishes, [next.id, isBack ? 0 : rollout.nextTotal]]);
  const target = Math.min(rollout.nextTotal, deployment.target);
  return new Map([...oldCounts(rollout), [next.id, target]]);
}

/** Instances of the old generations in a rolling update; the oldest give first. */
function oldCounts(rollout: Rollout): [number, number][] {
  const { deployment, olds, oldTotal, nextTotal } = rollout;
  const isBack = deployment.phase === DeploymentPhase.RollingBack;
  const count = isBack
    ? oldCountBackward(oldTotal, Math.min(nextTotal, deployment.target), backwardBatch(rollout))
    : oldCountForward(oldTotal, nextTotal, bakedCount(rollout));
  let retired = oldTotal - count;
  return olds.map((generation) => {
    const wished = instancesOf(generation);
    const given = Math.min(wished, retired);
    retired -= given;
    return [generation.id, wished - given];
  });
}

/** Divides a generation's instances over its variants by their wishes, rounded up. */
function overVariants(generation: EndpointGeneration, count: number): ReadonlyMap<string, number> {
  const total = instancesOf(generation);
  const share = (wish: VariantWish) => (total === 0 ? 0 : Math.ceil((wish.instanceCount * count) / total));
  return new Map(Object.entries(generation.variants).map(([name, wish]) => [name, share(wish)]));
}

/**
 * Groups of generations: a component has its full number of copies in each group. Blue and green are a group each; in
 * a rolling update the two sides share one. A side that is on its way out is in none.
 */
export function copyGroups(endpoint: EndpointRecord): readonly (readonly number[])[] {
  const rollout = rolloutOf(endpoint);
  const ids = endpoint.generations.map((generation) => generation.id);
  if (rollout === null) return ids.length === 0 ? [] : [ids];
  const { olds, next, deployment } = rollout;
  const oldIds = olds.map((generation) => generation.id);
  if (isOldGivenUp(rollout)) return [[next.id]];
  if (deployment.phase === DeploymentPhase.RollingBack) {
    return rollout.isRolling && deployment.target > 0 ? [[...oldIds, next.id]] : [oldIds];
  }
  if (rollout.isRolling) return [[...oldIds, next.id]];
  return [oldIds, [next.id]];
}

/**
 * How many of a workload's `count` copies each generation should have now, by generation id. Within a group each side
 * has copies as its instances are to the instances of the smaller side, rounded up: never fewer than `count` together.
 */
export function copiesByGeneration(endpoint: EndpointRecord, count: number): ReadonlyMap<number, number> {
  const instances = instanceCounts(endpoint);
  const copies = new Map(endpoint.generations.map((generation) => [generation.id, 0]));
  for (const group of copyGroups(endpoint)) {
    for (const id of group) {
      const whole = wholeOf(endpoint, group, id, instances);
      const share = whole === 0 ? 1 : Math.min(1, (instances.get(id) ?? 0) / whole);
      copies.set(id, Math.ceil(count * share - 1e-9));
    }
  }
  return copies;
}

/** Instances that all copies belong on, of those that generation `id` has some of. */
function wholeOf(
  endpoint: EndpointRecord,
  group: readonly number[],
  id: number,
  instances: ReadonlyMap<number, number>,
): number {
  const rollout = rolloutOf(endpoint);
  if (rollout === null) return group.reduce((sum, other) => sum + (instances.get(other) ?? 0), 0);
  const { oldTotal, nextTotal, isRolling, next } = rollout;
  if (id !== next.id) return oldTotal;
  return isRolling ? Math.min(oldTotal, nextTotal) : nextTotal;
}
