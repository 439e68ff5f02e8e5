/**
 * An endpoint's way from one generation to the next. Each call takes one step or none; the record holds everything,
 * so a deployment goes on after a restart where it was.
 *
 *   Provisioning -> Baking -> (next batch or traffic step) … -> Terminating -> done
 *        \___________\______________________________________________/
 *                     `-> RollingBack -> done with the old generation, or UpdateRollbackFailed
 *
 * Blue/green brings the whole new side up and then moves the traffic, rolling does both batch by batch. Until the old
 * side is given up at the end, a problem of the new one, an alarm or the deadline leads back. Traffic sums to 100
 * always; instances that serve go only when as many others are ready.
 */
import type { DeploymentConfig } from '../../domain/deployment.js';
import { DeploymentPhase } from '../../domain/deployment.js';
import type { EndpointGeneration, EndpointRecord } from '../../domain/endpoint.js';
import { EndpointStatus } from '../../domain/endpoint.js';
import {
  backwardBatch,
  bakedCount,
  bakeMs,
  blueGreenPercent,
  executionMs,
  forwardBatch,
  instancesOf,
  instanceTargets,
  isOldGivenUp,
  rollingPercent,
  type Rollout,
  rolloutOf,
  terminationWaitMs,
  withTraffic,
} from './endpoint-plan.js';
import { alarmText, failureText, lateText, type Step } from './step.js';

export type { Step } from './step.js';
export { copiesByGeneration, copyGroups, instanceTargets } from './endpoint-plan.js';

export interface EndpointView {
  /** By generation id: instances that are ready, and that exist. */
  readonly instances: ReadonlyMap<number, { readonly ready: number; readonly total: number }>;
  /** By generation id: copies that are ready there, that should be there now, and that exist. */
  readonly copies: ReadonlyMap<
    number,
    { readonly ready: number; readonly wanted: number; readonly total: number }
  >;
  /** Why the newest generation cannot come up; null = it can. */
  readonly problem: string | null;
  /** Why the generations it comes from cannot have all their instances again; null = they can. */
  readonly problemBack: string | null;
  /** Names of the deployment's alarms that are in ALARM. */
  readonly alarmsRinging: readonly string[];
}

/**
 * Adds the new generation and its deployment. The endpoint serves, or its last rollback failed: then what it has is
 * the old side as it is, in parts of several generations.
 */
export function beginEndpointDeployment(
  endpoint: EndpointRecord,
  next: EndpointGeneration,
  config: DeploymentConfig | null,
  now: number,
): EndpointRecord {
  const settled = { ...endpoint, modifiedAt: now, failureReason: null, deploymentConfig: config };
  const [from] = endpoint.generations;
  if (from === undefined) {
    const generations = [{ ...next, traffic: 100 }];
    return { ...settled, status: EndpointStatus.Creating, generations, deployment: null };
  }
  const begun: EndpointRecord = {
    ...settled,
    status: EndpointStatus.Updating,
    generations: [...endpoint.generations, { ...next, traffic: 0 }],
    deployment: {
      from: from.id,
      to: next.id,
      phase: DeploymentPhase.Provisioning,
      step: 0,
      target: instancesOf(next),
      since: now,
      startedAt: now,
      deadlineAt: now + executionMs(config ?? {}, instancesOf(next)),
      reason: `updating to ${next.configName}`,
    },
  };
  const rollout = rolloutOf(begun);
  return rollout?.isRolling === true ? moved(rollout, { target: forwardBatch(rollout) }) : begun;
}

/** The next step that this view allows; null = nothing to do before something changes or more time passes. */
export function advanceEndpoint(
  endpoint: EndpointRecord,
  view: EndpointView,
  now: number,
): Step<EndpointRecord> | null {
  const rollout = rolloutOf(endpoint);
  if (rollout === null) return null;
  const { phase } = rollout.deployment;
  if (phase === DeploymentPhase.RollingBack) return rollBack(rollout, view, now);
  if (isOldGivenUp(rollout)) return finish(rollout, view, now);
  const trouble = troubleOf(rollout, view, now);
  if (trouble !== null) return startRollback(rollout, trouble, now);
  if (!isUp([rollout.next], rollout, view)) return null;
  switch (phase) {
    case DeploymentPhase.Provisioning:
      return shiftTraffic(rollout, rollout.deployment.step, now);
    case DeploymentPhase.Baking:
      return endBake(rollout, now);
    case DeploymentPhase.Terminating:
      return now < rollout.deployment.since + terminationWaitMs(rollout) ? null : giveUpOld(rollout, now);
    default:
      return phase satisfies never;
  }
}

/** What speaks against going on; null = nothing. */
function troubleOf({ next, deployment }: Rollout, view: EndpointView, now: number): string | null {
  if (view.problem !== null) return view.problem;
  if (next.traffic > 0 && view.alarmsRinging.length > 0) return alarmText(view.alarmsRinging);
  if (deployment.phase !== DeploymentPhase.Terminating && now >= deployment.deadlineAt) {
    return lateText(deployment);
  }
  return null;
}

/** The batch is up: it gets its traffic. */
function shiftTraffic(rollout: Rollout, step: number, now: number): Step<EndpointRecord> {
  const { deployment, isRolling, next } = rollout;
  const percent = isRolling ? rollingPercent(rollout, deployment.target) : blueGreenPercent(rollout, step);
  const reason = `${next.configName} is up and gets ${percent} % of the traffic`;
  const record = moved(rollout, { phase: DeploymentPhase.Baking, step, since: now, reason }, percent);
  return { record, event: 'traffic-shifted', reason };
}

function endBake(rollout: Rollout, now: number): Step<EndpointRecord> | null {
  const { deployment, isRolling, nextTotal } = rollout;
  if (now < deployment.since + bakeMs(rollout)) return null;
  const step = deployment.step + 1;
  if (isRolling && deployment.target < nextTotal) {
    const target = Math.min(nextTotal, deployment.target + forwardBatch(rollout));
    const reason = `${deployment.target} of ${nextTotal} new instances have baked`;
    const change = { phase: DeploymentPhase.Provisioning, step, target, since: now, reason };
    return { record: moved(rollout, change), event: 'batch-baked', reason };
  }
  if (!isRolling && blueGreenPercent(rollout, deployment.step) < 100) return shiftTraffic(rollout, step, now);
  if (isRolling) return giveUpOld(rollout, now);
  const reason = 'all traffic is on the new side and no alarm rang';
  const record = moved(rollout, { phase: DeploymentPhase.Terminating, step, since: now, reason }, 100);
  return { record, event: 'bake-ended', reason };
}

/** From here on there is no way back: the old generations wish for nothing more. */
function giveUpOld(rollout: Rollout, now: number): Step<EndpointRecord> {
  const reason = 'the old side is drained';
  const olds = rollout.olds.map((generation) => withCounts(generation, () => 0));
  const change = { phase: DeploymentPhase.Terminating, since: now, reason };
  const record = moved({ ...rollout, olds }, change, 100);
  return { record, event: 'fleet-retired', reason };
}

function finish(rollout: Rollout, view: EndpointView, now: number): Step<EndpointRecord> | null {
  if (!isGone(rollout.olds, view)) return null;
  const { endpoint, next } = rollout;
  const record: EndpointRecord = {
    ...endpoint,
    modifiedAt: now,
    status: EndpointStatus.InService,
    failureReason: null,
    generations: [{ ...next, traffic: 100 }],
    deployment: null,
  };
  return { record, event: 'deployment-finished', reason: `${next.configName} serves, the old side has gone` };
}

function startRollback(rollout: Rollout, problem: string, now: number): Step<EndpointRecord> {
  const { config, nextTotal, isRolling } = rollout;
  const kept = isRolling ? bakedCount(rollout) : 0;
  const change = {
    phase: DeploymentPhase.RollingBack,
    step: 0,
    target: kept,
    since: now,
    deadlineAt: now + executionMs(config, nextTotal),
    reason: problem,
  };
  const begun = moved(rollout, change, kept === 0 ? 0 : rollingPercent(rollout, kept));
  const record = { ...begun, status: EndpointStatus.RollingBack };
  return { record, event: 'rollback-started', reason: problem };
}

/** The old side takes over batch by batch; what is left of the new one stays until it has. */
function rollBack(rollout: Rollout, view: EndpointView, now: number): Step<EndpointRecord> | null {
  const { deployment, olds } = rollout;
  if (deployment.target === 0) return finishRollback(rollout, view, now);
  if (isUp(olds, rollout, view)) {
    const target = Math.max(0, deployment.target - backwardBatch(rollout));
    const percent = target === 0 ? 0 : rollingPercent(rollout, target);
    const record = moved(rollout, { step: deployment.step + 1, target, since: now }, percent);
    return { record, event: 'rollback-advanced', reason: `old instances are back, ${target} new ones stay` };
  }
  const isHopeful = view.problemBack === null && now < deployment.deadlineAt;
  return isHopeful ? null : failRollback(rollout, view, now);
}

function finishRollback(rollout: Rollout, view: EndpointView, now: number): Step<EndpointRecord> | null {
  const { endpoint, deployment, olds, next } = rollout;
  if (!isGone([next], view)) return null;
  const isWhole = olds.length === 1;
  const record: EndpointRecord = {
    ...endpoint,
    modifiedAt: now,
    status: isWhole ? EndpointStatus.InService : EndpointStatus.UpdateRollbackFailed,
    failureReason: failureText(deployment.reason),
    generations: withTraffic(rollout, 0).slice(0, -1),
    deployment: null,
  };
  return { record, event: 'rollback-finished', reason: deployment.reason };
}

/** Both sides stay as they are until somebody updates again: less would serve less. */
function failRollback(rollout: Rollout, view: EndpointView, now: number): Step<EndpointRecord> {
  const { endpoint, deployment, next } = rollout;
  const targets = instanceTargets(endpoint);
  const why = view.problemBack ?? 'their time is over';
  const reason = `${deployment.reason}; the old instances did not all come back: ${why}`;
  const kept = (generation: EndpointGeneration): EndpointGeneration => {
    const counts = targets.get(generation.id);
    if (generation.id === next.id) return withCounts(generation, (variant) => counts?.get(variant) ?? 0);
    let left = view.instances.get(generation.id)?.ready ?? 0;
    return withCounts(generation, (variant) => {
      const count = Math.min(left, counts?.get(variant) ?? 0);
      left -= count;
      return count;
    });
  };
  const record: EndpointRecord = {
    ...endpoint,
    modifiedAt: now,
    status: EndpointStatus.UpdateRollbackFailed,
    failureReason: failureText(reason),
    generations: endpoint.generations.map(kept),
    deployment: null,
  };
  return { record, event: 'rollback-failed', reason };
}

type DeploymentChange = Partial<NonNullable<EndpointRecord['deployment']>>;

/** The record with its deployment changed, and its traffic when `percent` for the new side is given. */
function moved(rollout: Rollout, change: DeploymentChange, percent: number | null = null): EndpointRecord {
  const { endpoint, deployment } = rollout;
  const generations = percent === null ? endpoint.generations : withTraffic(rollout, percent);
  return { ...endpoint, generations, deployment: { ...deployment, ...change } };
}

function withCounts(
  generation: EndpointGeneration,
  countOf: (variant: string) => number,
): EndpointGeneration {
  const variants = Object.entries(generation.variants).map(([name, wish]) => [
    name,
    { ...wish, instanceCount: countOf(name) },
  ]);
  return { ...generation, variants: Object.fromEntries(variants) as EndpointGeneration['variants'] };
}

/** The instances they should have are ready, and the copies on them. */
function isUp(generations: readonly EndpointGeneration[], rollout: Rollout, view: EndpointView): boolean {
  const targets = instanceTargets(rollout.endpoint);
  return generations.every(({ id }) => {
    const target = [...(targets.get(id)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    const copies = view.copies.get(id);
    const areCopiesReady = copies === undefined || copies.ready >= copies.wanted;
    return (view.instances.get(id)?.ready ?? 0) >= target && areCopiesReady;
  });
}

function isGone(generations: readonly EndpointGeneration[], view: EndpointView): boolean {
  return generations.every(
    ({ id }) => (view.instances.get(id)?.total ?? 0) === 0 && (view.copies.get(id)?.total ?? 0) === 0,
  );
}
