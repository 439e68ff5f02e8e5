/** The steps of a turn that carry deployments on, and say how endpoints and components are. */
import { componentStatus, endpointStatus, shortageReason } from '../decide/reconcile/statuses.js';
import { advanceComponent } from '../decide/rollout/component.js';
import { advanceEndpoint } from '../decide/rollout/endpoint.js';
import { componentKey, WorkloadKind } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import { EndpointStatus } from '../domain/endpoint.js';
import { baseOf, type ComponentRecord, ComponentStatus } from '../domain/inference-component.js';
import { stepAdapterStatus } from './adapters.js';
import { endpointKey, endpointKeyOf, keyOfComponent } from './agenda.js';
import type { Desk, Turn } from './desk.js';
import { componentFacts, componentView, endpointFacts, endpointView } from './facts.js';
import { withoutFailures } from './failures-of.js';
import { endpointByKey } from './step-instances.js';

/** Deployments, and what is not as it was asked for, are looked at again after so long, milliseconds. */
const restlessLookMs = 500;

export function stepComponentStatus(desk: Desk, turn: Turn, key: string): void {
  const component = desk.state.componentByKey(key);
  if (component === undefined) return;
  if (baseOf(component) !== null) return stepAdapterStatus(desk, turn, component);
  const healed = forgetFailures(desk, turn, component);
  const isResting = component.status === ComponentStatus.InService && component.deployment === null;
  if (isResting) return tellShortage(desk, turn, healed);
  desk.agenda.workloads.markAt(key, turn.now + restlessLookMs);
  if (healed.deployment !== null) {
    const step = advanceComponent(healed, componentView(desk, turn, healed), turn.wall);
    if (step === null) return;
    desk.log.info({ component: key, phase: step.record.deployment?.phase }, `${key}: ${step.reason}`);
    return desk.state.put(step.record, `component-${step.event}`, step.reason);
  }
  const step = componentStatus(healed, componentFacts(desk, turn, healed), desk.limits);
  if (step === null) return;
  const { status, failureReason, isGone, reason } = step;
  desk.log.info(
    { component: key, status, failureReason },
    `${key} is ${isGone ? 'gone' : status}: ${reason}`,
  );
  if (isGone) {
    desk.held.delete(key);
    desk.telemetry.componentGone(key);
    return desk.state.drop(healed, 'component-gone', reason);
  }
  const event = status === ComponentStatus.Failed ? 'component-failed' : 'component-in-service';
  desk.state.put({ ...healed, status, failureReason, modifiedAt: turn.wall }, event, reason);
}

/** A component in service says why copies of it are missing for which there is no room. */
function tellShortage(desk: Desk, turn: Turn, component: ComponentRecord): void {
  // Most have none, and are not looked at any closer.
  if (component.failureReason === null && !desk.held.has(keyOfComponent(component))) return;
  const failureReason = shortageReason(component, componentFacts(desk, turn, component), desk.limits);
  if (failureReason === component.failureReason) return;
  const changed = { ...component, failureReason, modifiedAt: turn.wall };
  if (failureReason !== null) return desk.state.put(changed, 'component-short', failureReason);
  desk.state.put(changed, 'component-complete', 'no copies are missing any more');
}

/** Failures are forgotten once every copy has been ready for a while. */
function forgetFailures(desk: Desk, turn: Turn, component: ComponentRecord): ComponentRecord {
  const { failures, generations } = component;
  if (failures === null) return component;
  const key = keyOfComponent(component);
  const isOld = !generations.some(({ id }) => id === failures.generation);
  const wait = isOld ? 0 : readyIn(desk, turn, key, failures.generation);
  if (wait === null) return component;
  if (wait > 0) {
    desk.agenda.workloads.markAt(key, turn.now + wait);
    return component;
  }
  const healed = { ...component, failures: null };
  const reason = isOld ? 'what failed has been replaced' : 'its copies have been ready for a while';
  desk.state.put(healed, 'component-recovered', reason);
  return healed;
}

/** Milliseconds until all copies of a generation have been ready for long enough; null = one is not, or none is there. */
function readyIn(desk: Desk, turn: Turn, key: string, generation: number): number | null {
  const copies = desk.state.copiesOf(key).filter(({ value }) => value.generation === generation);
  if (copies.length === 0 || desk.held.has(key)) return null;
  let wait = 0;
  for (const { value } of copies) {
    if (value.state !== CopyState.Ready || value.wish !== 'run') return null;
    wait = Math.max(wait, value.since + desk.limits.healthyMs - turn.wall);
  }
  return wait;
}

export function stepEndpointStatus(desk: Desk, turn: Turn, key: string): void {
  const found = endpointByKey(desk, key);
  if (found === undefined) return;
  const endpoint = forgetModelFailures(desk, turn, found);
  const settled: readonly EndpointStatus[] = [
    EndpointStatus.InService,
    EndpointStatus.Failed,
    EndpointStatus.UpdateRollbackFailed,
  ];
  if (settled.includes(endpoint.status) && endpoint.deployment === null) return;
  desk.agenda.endpoints.markAt(key, turn.now + restlessLookMs);
  if (endpoint.deployment !== null && endpoint.status !== EndpointStatus.Deleting) {
    const step = advanceEndpoint(endpoint, endpointView(desk, turn, endpoint), turn.wall);
    if (step === null) return;
    desk.log.info({ endpoint: key, phase: step.record.deployment?.phase }, `${key}: ${step.reason}`);
    return desk.state.put(step.record, `endpoint-${step.event}`, step.reason);
  }
  const step = endpointStatus(endpoint, endpointFacts(desk, turn, endpoint));
  if (step === null) return;
  const { status, failureReason, isGone, reason } = step;
  desk.log.info({ endpoint: key, status, failureReason }, `${key} is ${isGone ? 'gone' : status}: ${reason}`);
  if (isGone) {
    desk.shortfalls.delete(key);
    forgetModels(desk, key);
    return desk.state.drop(endpoint, 'endpoint-gone', reason);
  }
  const event = status === EndpointStatus.Failed ? 'endpoint-failed' : 'endpoint-in-service';
  desk.state.put({ ...endpoint, status, failureReason, modifiedAt: turn.wall }, event, reason);
}

/** As with components; those of generations that are gone are forgotten at once. */
function forgetModelFailures(desk: Desk, turn: Turn, endpoint: EndpointRecord): EndpointRecord {
  const { scope, name: endpointName, modelFailures, generations } = endpoint;
  const over = Object.entries(modelFailures).flatMap(([name, { generation }]) => {
    if (!generations.some(({ id }) => id === generation)) return [name];
    const key = componentKey({ scope, endpoint: endpointName, name, kind: WorkloadKind.Variant });
    const wait = readyIn(desk, turn, key, generation);
    if (wait === null || wait <= 0) return wait === null ? [] : [name];
    desk.agenda.endpoints.markAt(endpointKey(scope, endpointName), turn.now + wait);
    return [];
  });
  if (over.length === 0) return endpoint;
  const healed = withoutFailures(endpoint, over);
  desk.state.put(healed, 'endpoint-recovered', `${over.join(', ')}: no failure lately`);
  return healed;
}

/** An endpoint of the same name begins anew. */
function forgetModels(desk: Desk, endpoint: string): void {
  for (const key of desk.held.keys()) if (endpointKeyOf(key) === endpoint) desk.held.delete(key);
}
