/** How far endpoints and components are: what statuses and deployments are decided by. */
import { failureReasonOf, isHopeless } from '../decide/reconcile/failures.js';
import { type ComponentFacts, type EndpointFacts, roomCodes } from '../decide/reconcile/statuses.js';
import { type ComponentView, copyTargets } from '../decide/rollout/component.js';
import { type EndpointView, instanceTargets } from '../decide/rollout/endpoint.js';
import { AlarmState } from '../domain/alarm.js';
import { CopyState } from '../domain/copy.js';
import type { AutoRollbackConfiguration } from '../domain/deployment.js';
import { type EndpointRecord, EndpointStatus } from '../domain/endpoint.js';
import type { ErrorData } from '../domain/errors.js';
import { StowageError } from '../domain/errors.js';
import type { ComponentFailures, ComponentRecord } from '../domain/inference-component.js';
import { ComponentStatus } from '../domain/inference-component.js';
import { InstanceState } from '../domain/instance.js';
import type { CopyRecord } from '../domain/record.js';
import type { Scope } from '../domain/scope.js';
import { variantsOf } from '../decide/reconcile/runnable.js';
import { endpointKey, keyOfComponent, modelKeysOf } from './agenda.js';
import type { Desk, Held, Turn } from './desk.js';
import { failuresOf } from './failures-of.js';
import { wishesOf } from './workloads.js';

export function componentFacts(desk: Desk, turn: Turn, component: ComponentRecord): ComponentFacts {
  const key = keyOfComponent(component);
  const copies = desk.state.copiesOf(key);
  const endpoint = desk.state.endpoint(component.scope, component.endpointName)?.value;
  const targets = copyTargets(component);
  const wishes = endpoint === undefined ? [] : wishesOf(endpoint, targets);
  let wanted = 0;
  let ready = 0;
  for (const { endpointGeneration, counts } of wishes) {
    for (const [generation, count] of counts) {
      const mine = copies.filter(
        ({ value }) => value.endpointGeneration === endpointGeneration && value.generation === generation,
      );
      wanted += count;
      ready += Math.min(count, mine.filter(({ value }) => isServing(value)).length);
    }
  }
  const living = copies.filter(({ value }) => value.wish === 'run').length;
  const held = desk.held.get(key) ?? [];
  const defect = held.find((one) => one.error !== null && one.until === null && !isRoom(one))?.error ?? null;
  return {
    // What nobody can place is not complete.
    wanted: endpoint === undefined ? Math.max(wanted, component.copyCount) : wanted,
    ready,
    total: copies.length,
    surplus: Math.max(0, living - wanted),
    // While the endpoint waits for its instances, so do its components; what wakes may stand in line for room.
    blocked: endpoint?.status === EndpointStatus.Creating ? null : patiently(desk, turn, component, held),
    defect,
  };
}

/** What was in service before and scales may stand in line for room for a while. */
function patiently(
  desk: Desk,
  turn: Turn,
  component: ComponentRecord,
  held: readonly Held[],
): ComponentFacts['blocked'] {
  const blocked = blockedOf(held, turn);
  const isInLine = component.status === ComponentStatus.Updating && desk.state.wakes(component);
  return isInLine && blocked !== null && blocked.forMs < desk.limits.lineMsMax ? null : blocked;
}

export function componentView(desk: Desk, turn: Turn, component: ComponentRecord): ComponentView {
  const key = keyOfComponent(component);
  const ready = new Map<number, number>();
  const total = new Map<number, number>();
  for (const { value } of desk.state.copiesOf(key)) {
    raise(total, value.generation, 1);
    if (isServing(value)) raise(ready, value.generation, 1);
  }
  const { deployment } = component;
  return {
    ready: byGroups(desk, component, ready),
    total,
    problem: generationProblem(desk, turn, component, deployment?.to),
    problemBack: generationProblem(desk, turn, component, deployment?.from),
    alarmsRinging: alarmsRinging(
      desk,
      component.scope,
      component.deploymentConfig?.autoRollbackConfiguration,
    ),
  };
}

/** Why copies of one generation cannot come up, and the mend; null = they can. */
function generationProblem(
  desk: Desk,
  turn: Turn,
  component: ComponentRecord,
  generation: number | undefined,
): string | null {
  const held = (desk.held.get(keyOfComponent(component)) ?? []).filter(
    (one) => one.generation === generation,
  );
  const defect = held.find((one) => one.error !== null && one.until === null && !isRoom(one));
  const blocked = blockedOf(held, turn);
  const isBlocked = blocked !== null && blocked.forMs >= desk.limits.placementMsMax;
  const error =
    defect?.error ?? failureOf(desk, component.failures, generation) ?? (isBlocked ? blocked.error : null);
  return error === null ? null : failureReasonOf(error);
}

/** With two fleets of the endpoint a component has its copies in both: what counts is the fleet that has fewer. */
function byGroups(
  desk: Desk,
  component: ComponentRecord,
  ready: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const endpoint = desk.state.endpoint(component.scope, component.endpointName)?.value;
  if (endpoint === undefined || endpoint.deployment === null) return ready;
  const wishes = wishesOf(endpoint, copyTargets(component));
  const copies = desk.state.copiesOf(keyOfComponent(component));
  return new Map(
    copyTargets(component).map(({ generation, count }) => {
      let fewest = Infinity;
      for (const { endpointGeneration, counts } of wishes) {
        const wanted = counts.get(generation) ?? 0;
        const there = copies.filter(
          ({ value }) =>
            isServing(value) &&
            value.generation === generation &&
            value.endpointGeneration === endpointGeneration,
        ).length;
        if (wanted > 0) fewest = Math.min(fewest, Math.max(0, count - Math.max(0, wanted - there)));
      }
      return [generation, fewest === Infinity ? (ready.get(generation) ?? 0) : fewest];
    }),
  );
}

export function endpointFacts(desk: Desk, turn: Turn, endpoint: EndpointRecord): EndpointFacts {
  const { state } = desk;
  const instances = state.instancesOf(endpoint.scope, endpoint.name);
  const targets = instanceTargets(endpoint);
  const keys = modelKeysOf(endpoint);
  const models = keys.flatMap((key) => state.copiesOf(key));
  const areInstancesReady = [...targets].every(([generation, variants]) =>
    [...variants].every(([variant, count]) => {
      const living = instances.filter(
        ({ value }) =>
          value.generation === generation &&
          value.variant === variant &&
          value.state !== InstanceState.Retiring,
      );
      return living.length === count && living.every(({ value }) => value.state === InstanceState.Ready);
    }),
  );
  const readyOn = new Set(models.filter(({ value }) => isServing(value)).map(({ value }) => value.instance));
  const areModelsReady = instances.every(({ value }) => {
    const generation = endpoint.generations.find(({ id }) => id === value.generation);
    const hasModel = generation?.models[value.variant] !== undefined;
    return !hasModel || value.state === InstanceState.Retiring || readyOn.has(value.id);
  });
  return {
    isComplete: areInstancesReady && areModelsReady,
    remains: instances.length + models.length + state.componentsOf(endpoint.scope, endpoint.name).length,
    problem: shortageOf(desk, turn, endpoint, null) ?? modelProblem(desk, turn, keys, null),
  };
}

export function endpointView(desk: Desk, turn: Turn, endpoint: EndpointRecord): EndpointView {
  const { state } = desk;
  const { scope, name, generations, deployment } = endpoint;
  const instances = new Map(generations.map(({ id }) => [id, { ready: 0, total: 0 }]));
  for (const { value } of state.instancesOf(scope, name)) {
    const counts = instances.get(value.generation);
    if (counts === undefined) continue;
    counts.total++;
    if (value.state === InstanceState.Ready) counts.ready++;
  }
  const copies = new Map(generations.map(({ id }) => [id, { ready: 0, wanted: 0, total: 0 }]));
  const keys = modelKeysOf(endpoint);
  for (const key of keys) for (const { value } of state.copiesOf(key)) countCopy(copies, value);
  countModels(endpoint, copies);
  const hindrances = state
    .componentsOf(scope, name)
    .flatMap(({ value }) => countComponent(desk, turn, endpoint, value, copies));
  const to = deployment?.to ?? null;
  const error =
    shortageOf(desk, turn, endpoint, to) ??
    modelProblem(desk, turn, keys, to) ??
    hindrances.find(({ generation }) => generation === to)?.error ??
    null;
  const errorBack = problemOfOlds(desk, turn, endpoint, instances, hindrances);
  return {
    instances,
    copies,
    problem: error === null ? null : failureReasonOf(error),
    problemBack: errorBack === null ? null : failureReasonOf(errorBack),
    alarmsRinging: alarmsRinging(desk, scope, endpoint.deploymentConfig?.autoRollbackConfiguration),
  };
}

type CopyCounts = Map<number, { ready: number; wanted: number; total: number }>;

/** Why a component has fewer copies on the instances of a generation than it has elsewhere, and will not have more. */
interface Hindrance {
  readonly generation: number;
  readonly error: ErrorData;
}

/** Why the generations that a deployment comes from cannot take over again; copies count once the instances are there. */
function problemOfOlds(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  instances: EndpointView['instances'],
  hindrances: readonly Hindrance[],
): ErrorData | null {
  const targets = instanceTargets(endpoint);
  const keys = modelKeysOf(endpoint);
  for (const { id } of endpoint.generations) {
    if (id === endpoint.deployment?.to) continue;
    const short = shortageOf(desk, turn, endpoint, id);
    if (short !== null) return short;
    const wanted = [...(targets.get(id)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    if ((instances.get(id)?.ready ?? 0) < wanted) continue;
    const hindrance = hindrances.find(({ generation }) => generation === id)?.error;
    const error = hindrance ?? modelProblem(desk, turn, keys, id);
    if (error !== null) return error;
  }
  return null;
}

/** Counts the copies of a component; returns what holds a deployment up for good. */
function countComponent(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  component: ComponentRecord,
  copies: CopyCounts,
): readonly Hindrance[] {
  const key = keyOfComponent(component);
  const records = desk.state.copiesOf(key);
  for (const { value } of records) countCopy(copies, value);
  if (component.status === ComponentStatus.Deleting) return [];
  const blocked = blockedOf(desk.held.get(key) ?? [], turn);
  const isBlocked = blocked !== null && blocked.forMs >= desk.limits.placementMsMax;
  const failures = component.failures;
  const isFailing = failures !== null && isHopeless(failures, desk.limits);
  const hindrances: Hindrance[] = [];
  for (const { endpointGeneration, counts: wishes } of wishesOf(endpoint, copyTargets(component))) {
    const counts = copies.get(endpointGeneration);
    if (counts === undefined) continue;
    const wanted = [...wishes.values()].reduce((sum, count) => sum + count, 0);
    const serving = records.filter(({ value }) => isServing(value));
    const here = serving.filter(({ value }) => value.endpointGeneration === endpointGeneration).length;
    const elsewhere = serving.length - here;
    // What had no room or did not come up before need not now; what served must.
    const isExcused = isBlocked || isFailing;
    counts.wanted += isExcused ? Math.min(wanted, Math.max(here, elsewhere)) : wanted;
    if (!isExcused || here >= Math.min(wanted, elsewhere)) continue;
    hindrances.push({ generation: endpointGeneration, error: isFailing ? failures.error : blocked!.error });
  }
  return hindrances;
}

function countCopy(copies: CopyCounts, copy: CopyRecord): void {
  const counts = copies.get(copy.endpointGeneration);
  if (counts === undefined) return;
  counts.total++;
  if (isServing(copy)) counts.ready++;
}

/** A variant's own model is wanted once on each instance that the variant should have. */
function countModels(endpoint: EndpointRecord, copies: CopyCounts): void {
  const targets = instanceTargets(endpoint);
  for (const generation of endpoint.generations) {
    for (const { variantName } of variantsOf(generation)) {
      if (generation.models[variantName] === undefined) continue;
      copies.get(generation.id)!.wanted += targets.get(generation.id)?.get(variantName) ?? 0;
    }
  }
}

/** Instances that could not be had within the variant's time; of one generation, or null = of any. */
function shortageOf(
  desk: Desk,
  turn: Turn,
  endpoint: EndpointRecord,
  generation: number | null,
): ErrorData | null {
  for (const short of desk.shortfalls.get(endpointKey(endpoint.scope, endpoint.name)) ?? []) {
    if (generation !== null && short.generation !== generation) continue;
    const config = endpoint.generations.find(({ id }) => id === short.generation);
    const variant = config && variantsOf(config).find((one) => one.variantName === short.variant);
    const seconds = variant?.variantInstanceProvisionTimeoutInSeconds ?? desk.limits.provisionSecondsMax;
    if (turn.now - short.since < seconds * 1000) continue;
    const parameters = { count: short.count, type: short.types.join(' or '), problem: short.details };
    return StowageError.of('CAP-107', parameters).toData();
  }
  return null;
}

function modelProblem(
  desk: Desk,
  turn: Turn,
  keys: readonly string[],
  generation: number | null,
): ErrorData | null {
  for (const key of keys) {
    const failures = failuresOf(desk, key);
    const isMine = generation === null || failures?.generation === generation;
    if (failures !== null && isMine && isHopeless(failures, desk.limits)) return failures.error;
    const held = desk.held.get(key) ?? [];
    const mine = held.filter((one) => generation === null || one.generation === generation);
    const defect = mine.find((one) => one.error !== null && one.until === null && !isRoom(one));
    if (defect !== undefined) return defect.error;
    const blocked = blockedOf(mine, turn);
    if (blocked !== null && blocked.forMs >= desk.limits.placementMsMax) return blocked.error;
  }
  return null;
}

function failureOf(
  desk: Desk,
  failures: ComponentFailures | null,
  generation: number | undefined,
): ErrorData | null {
  if (failures === null || failures.generation !== generation) return null;
  return isHopeless(failures, desk.limits) ? failures.error : null;
}

function alarmsRinging(
  desk: Desk,
  scope: Scope,
  config: AutoRollbackConfiguration | undefined,
): readonly string[] {
  return (config?.alarms ?? []).flatMap(({ alarmName = '' }) =>
    desk.state.alarm(scope, alarmName)?.value.state === AlarmState.Alarm ? [alarmName] : [],
  );
}

function blockedOf(held: readonly Held[], turn: Turn): ComponentFacts['blocked'] {
  const first = held.find(isRoom);
  return first === undefined ? null : { error: first.error!, forMs: turn.now - first.since };
}

function isRoom({ error }: Held): boolean {
  return error !== null && roomCodes.includes(error.code);
}

function isServing(copy: CopyRecord): boolean {
  return copy.wish === 'run' && copy.state === CopyState.Ready;
}

function raise(counts: Map<number, number>, key: number, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
