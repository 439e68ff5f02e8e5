/**
 * A component's way from one specification to the next, by batches of copies. Each call takes one step or none; the
 * record holds everything, so a deployment goes on after a restart where it was.
 *
 *   Provisioning -> Baking -> (next batch) … -> Terminating -> done
 *        \___________\-> RollingBack -> done with the old generation
 *
 * Without a configuration all new copies are asked for at once, and each that is ready lets an old one go: as many at
 * a time as there is room for. Old copies go only when as many new ones are ready. In a rollback the new copies that
 * serve stay until the old ones are back; when these cannot come back, or not in time, it ends all the same, so that the
 * component can be updated again, and the new ones serve on until there are others.
 */
import type { ComponentDeploymentConfig, Deployment } from '../../domain/deployment.js';
import { DeploymentPhase } from '../../domain/deployment.js';
import type { ComponentGeneration, ComponentRecord } from '../../domain/inference-component.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { batchSize, oldCountBackward, oldCountForward } from './batches.js';
import { alarmText, executionSecondsDefault, failureText, lateText, type Step } from './step.js';

export interface ComponentView {
  /** Copies by component generation: that are ready, and that exist. */
  readonly ready: ReadonlyMap<number, number>;
  readonly total: ReadonlyMap<number, number>;
  /** Why the newest generation cannot come up; null = it can. */
  readonly problem: string | null;
  /** Why more copies of the generation it comes from cannot come up; null = they can. */
  readonly problemBack: string | null;
  /** Names of the deployment's alarms that are in ALARM. */
  readonly alarmsRinging: readonly string[];
}

/**
 * Adds the new specification and its deployment. The component is not in the middle of another one. One that failed
 * has nothing to go back to: it begins anew with the new specification alone.
 */
export function beginComponentDeployment(
  component: ComponentRecord,
  next: ComponentGeneration,
  config: ComponentDeploymentConfig | null,
  now: number,
): ComponentRecord {
  const settled = {
    ...component,
    modifiedAt: now,
    failureReason: null,
    failures: null,
    deploymentConfig: config,
  };
  const from = component.generations[0];
  if (from === undefined) {
    return { ...settled, status: ComponentStatus.Creating, generations: [next], deployment: null };
  }
  if (component.status === ComponentStatus.Failed) {
    return { ...settled, status: ComponentStatus.Updating, generations: [next], deployment: null };
  }
  return {
    ...settled,
    status: ComponentStatus.Updating,
    generations: [from, next],
    deployment: {
      from: from.id,
      to: next.id,
      phase: DeploymentPhase.Provisioning,
      step: 0,
      target: config === null ? component.copyCount : forwardBatch(config, component.copyCount),
      since: now,
      startedAt: now,
      deadlineAt: now + executionMs(config, component.copyCount),
      reason: `updating to generation ${next.id}`,
    },
  };
}

/** The next step that this view allows; null = nothing to do before something changes or more time passes. */
export function advanceComponent(
  component: ComponentRecord,
  view: ComponentView,
  now: number,
): Step<ComponentRecord> | null {
  const { deployment, deploymentConfig: config } = component;
  if (deployment === null) return null;
  if (deployment.phase === DeploymentPhase.RollingBack) return rollBack(component, deployment, view, now);
  if (deployment.phase === DeploymentPhase.Terminating) return finish(component, deployment, view, now);
  const trouble = troubleOf(deployment, view, now);
  if (trouble !== null) return startRollback(component, deployment, trouble, now);
  if (config === null) return replaceReady(component, deployment, view, now);
  if (readyOf(view, deployment.to) < newCount(component, deployment)) return null;
  if (deployment.phase === DeploymentPhase.Baking) return endBake(component, deployment, config, now);
  const reason = `${deployment.target} copies of generation ${deployment.to} are ready`;
  const change = { phase: DeploymentPhase.Baking, since: now, reason };
  return { record: moved(component, change), event: 'batch-readied', reason };
}

/** Copies each component generation should have now, in each group of the endpoint's generations; newest last. */
export function copyTargets(
  component: ComponentRecord,
): readonly { readonly generation: number; readonly count: number }[] {
  const { deployment, generations, copyCount } = component;
  if (deployment === null) {
    const newest = generations.at(-1);
    return newest === undefined ? [] : [{ generation: newest.id, count: copyCount }];
  }
  return [
    { generation: deployment.from, count: oldCount(component, deployment) },
    { generation: deployment.to, count: newCount(component, deployment) },
  ];
}

function newCount({ copyCount }: ComponentRecord, { target, phase }: Deployment): number {
  return phase === DeploymentPhase.Terminating ? copyCount : Math.min(copyCount, target);
}

function oldCount(component: ComponentRecord, deployment: Deployment): number {
  const { copyCount } = component;
  switch (deployment.phase) {
    case DeploymentPhase.Provisioning:
    case DeploymentPhase.Baking:
      return oldCountForward(copyCount, copyCount, bakedCount(component, deployment));
    case DeploymentPhase.Terminating:
      return 0;
    case DeploymentPhase.RollingBack:
      return oldCountBackward(copyCount, Math.min(copyCount, deployment.target), backwardBatch(component));
    default:
      return deployment.phase satisfies never;
  }
}

/** New copies that have baked; without a configuration those that were ready, one by one. */
function bakedCount({ copyCount, deploymentConfig }: ComponentRecord, { step }: Deployment): number {
  const batch = deploymentConfig === null ? 1 : forwardBatch(deploymentConfig, copyCount);
  return Math.min(copyCount, step * batch);
}

function forwardBatch({ rollingUpdatePolicy }: ComponentDeploymentConfig, copyCount: number): number {
  return batchSize(rollingUpdatePolicy.maximumBatchSize, copyCount);
}

function backwardBatch({ copyCount, deploymentConfig }: ComponentRecord): number {
  return batchSize(deploymentConfig?.rollingUpdatePolicy.rollbackMaximumBatchSize, copyCount);
}

function executionMs(config: ComponentDeploymentConfig | null, copyCount: number): number {
  const policy = config?.rollingUpdatePolicy;
  const waits = (policy?.waitIntervalInSeconds ?? 0) * Math.max(1, copyCount);
  return (policy?.maximumExecutionTimeoutInSeconds ?? executionSecondsDefault + waits) * 1000;
}

/** What speaks against going on; null = nothing. */
function troubleOf(deployment: Deployment, view: ComponentView, now: number): string | null {
  if (view.problem !== null) return view.problem;
  const hasCopies = deployment.step > 0 || deployment.phase === DeploymentPhase.Baking;
  if (hasCopies && view.alarmsRinging.length > 0) return alarmText(view.alarmsRinging);
  return now >= deployment.deadlineAt ? lateText(deployment) : null;
}

/** Each new copy that is ready lets an old one go, which may make the room that the next one waits for. */
function replaceReady(
  component: ComponentRecord,
  deployment: Deployment,
  view: ComponentView,
  now: number,
): Step<ComponentRecord> | null {
  const { copyCount } = component;
  const step = Math.min(copyCount, readyOf(view, deployment.to));
  const reason = `${step} of ${copyCount} copies are ready`;
  if (step >= copyCount) {
    const change = { phase: DeploymentPhase.Terminating, step, target: copyCount, since: now, reason };
    return { record: moved(component, change), event: 'copies-replaced', reason };
  }
  if (step <= deployment.step) return null;
  return { record: moved(component, { step, target: copyCount, reason }), event: 'copies-replaced', reason };
}

function endBake(
  component: ComponentRecord,
  deployment: Deployment,
  config: ComponentDeploymentConfig,
  now: number,
): Step<ComponentRecord> | null {
  if (now < deployment.since + config.rollingUpdatePolicy.waitIntervalInSeconds * 1000) return null;
  const { copyCount } = component;
  const isLast = deployment.target >= copyCount;
  const reason = `${Math.min(copyCount, deployment.target)} of ${copyCount} copies have baked`;
  const target = Math.min(copyCount, deployment.target + forwardBatch(config, copyCount));
  const phase = isLast ? DeploymentPhase.Terminating : DeploymentPhase.Provisioning;
  const record = moved(component, { phase, step: deployment.step + 1, target, since: now, reason });
  return { record, event: 'batch-baked', reason };
}

function finish(
  component: ComponentRecord,
  deployment: Deployment,
  view: ComponentView,
  now: number,
): Step<ComponentRecord> | null {
  if (totalOf(view, deployment.from) > 0) return null;
  const record = settle(component, deployment.to, null, now);
  return { record, event: 'deployment-finished', reason: 'every copy is of the new generation' };
}

function startRollback(
  component: ComponentRecord,
  deployment: Deployment,
  problem: string,
  now: number,
): Step<ComponentRecord> {
  const target = bakedCount(component, deployment);
  const deadlineAt = now + executionMs(component.deploymentConfig, component.copyCount);
  const change = { phase: DeploymentPhase.RollingBack, step: 0, target, since: now, deadlineAt };
  const record = moved(component, { ...change, reason: problem });
  return { record, event: 'rollback-started', reason: problem };
}

/** The old generation takes over batch by batch; the new copies that are left stay until it has. */
function rollBack(
  component: ComponentRecord,
  deployment: Deployment,
  view: ComponentView,
  now: number,
): Step<ComponentRecord> | null {
  if (deployment.target === 0) {
    if (totalOf(view, deployment.to) > 0) return null;
    return endRollback(component, deployment.reason, readyOf(view, deployment.from), now);
  }
  const ready = readyOf(view, deployment.from);
  if (ready < oldCount(component, deployment)) {
    if (view.problemBack === null && now < deployment.deadlineAt) return null;
    const why = view.problemBack ?? 'their time is over';
    const reason = `${deployment.reason}; the old copies did not all come back: ${why}`;
    return endRollback(component, reason, ready + readyOf(view, deployment.to), now);
  }
  const target = Math.max(0, Math.min(component.copyCount, deployment.target) - backwardBatch(component));
  const record = moved(component, { step: deployment.step + 1, target, since: now });
  return { record, event: 'rollback-advanced', reason: `old copies are back, ${target} new ones stay` };
}

/** Back to the old generation; it has failed when nothing serves. */
function endRollback(
  component: ComponentRecord,
  reason: string,
  ready: number,
  now: number,
): Step<ComponentRecord> {
  const status = component.copyCount === 0 || ready > 0 ? ComponentStatus.InService : ComponentStatus.Failed;
  const settled = settle(component, component.deployment!.from, failureText(reason), now);
  return { record: { ...settled, status }, event: 'rollback-finished', reason };
}

function settle(
  component: ComponentRecord,
  generation: number,
  failureReason: string | null,
  now: number,
): ComponentRecord {
  return {
    ...component,
    modifiedAt: now,
    status: ComponentStatus.InService,
    failureReason,
    generations: component.generations.filter(({ id }) => id === generation),
    deployment: null,
  };
}

function moved(component: ComponentRecord, change: Partial<Deployment>): ComponentRecord {
  const { deployment } = component;
  return deployment === null ? component : { ...component, deployment: { ...deployment, ...change } };
}

function readyOf(view: ComponentView, generation: number): number {
  return view.ready.get(generation) ?? 0;
}

function totalOf(view: ComponentView, generation: number): number {
  return view.total.get(generation) ?? 0;
}
