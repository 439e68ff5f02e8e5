/** Why things are as they are, put together from the records, what the fleet shows, what is held, and the ledger. */
import type { CopyObservation } from '../contracts/fleet.js';
import type { Store } from '../contracts/store.js';
import { copyTargets } from '../decide/rollout/component.js';
import { componentKey, parseComponentKey, WorkloadKind } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import { EndpointStatus } from '../domain/endpoint.js';
import { arnOf, ResourceKind, type Scope } from '../domain/scope.js';
import { type ErrorData, StowageError } from '../domain/errors.js';
import type { ComponentRecord } from '../domain/inference-component.js';
import { ComponentStatus } from '../domain/inference-component.js';
import { recordKey, resourceKey, type CopyRecord } from '../domain/record.js';
import { componentResource, variantResource } from '../domain/scaling.js';
import { endpointKey, keyOfComponent, modelKeysOf } from './agenda.js';
import { type Desk, type Held, keyOfCopy } from './desk.js';
import { failuresOf } from './failures-of.js';
import type { ComponentExplanation, CopyExplanation, EndpointExplanation } from './facade.js';
import { explainScaling } from './scaling/explain-scaling.js';
import { copyIdBase } from './step-copies.js';
import { wishesOf } from './workloads.js';

/** Entries of the ledger that an explanation shows. */
const historyLength = 20;

export class Explanations {
  constructor(
    private readonly desk: Desk,
    private readonly store: Store,
  ) {}

  endpoint(scope: Scope, name: string): EndpointExplanation {
    const { state } = this.desk;
    const endpoint = state.endpoint(scope, name)?.value;
    if (endpoint === undefined) throw missing(scope, ResourceKind.Endpoint, name);
    const seen = this.look();
    const instances = state.instancesOf(scope, name).map(({ value }) => value);
    const keys = [recordKey(endpoint), ...instances.map(recordKey)];
    const components = state.componentsOf(scope, name).map(({ value }) => this.ofComponent(value, seen));
    const models = modelKeysOf(endpoint).map((key) => this.ofModel(endpoint, key, seen));
    return {
      scope,
      name,
      status: endpoint.status,
      failureReason: endpoint.failureReason,
      deployment: this.deploymentOf(endpoint),
      instances,
      components: [...components, ...models],
      history: this.store.ledger({ keys, isNewestFirst: true, limit: historyLength }),
    };
  }

  component(scope: Scope, name: string): ComponentExplanation {
    const component = this.desk.state.component(scope, name)?.value;
    if (component === undefined) throw missing(scope, ResourceKind.InferenceComponent, name);
    return this.ofComponent(component, this.look());
  }

  all(scope: Scope): readonly ComponentExplanation[] {
    const seen = this.look();
    const { state } = this.desk;
    const components = state.components(scope).map(({ value }) => this.ofComponent(value, seen, false));
    const models = state
      .endpoints(scope)
      .flatMap(({ value }) => modelKeysOf(value).map((key) => this.ofModel(value, key, seen)));
    return [...components, ...models];
  }

  /** What a deployment does, or which instances are waited for. */
  private deploymentOf(endpoint: EndpointRecord): string | null {
    const { deployment } = endpoint;
    if (deployment !== null) {
      return `${deployment.phase}, step ${deployment.step + 1}: ${deployment.reason}`;
    }
    const short = this.desk.shortfalls.get(endpointKey(endpoint.scope, endpoint.name)) ?? [];
    if (short.length === 0) return null;
    return short.map((one) => `${one.variant} lacks ${one.count} instances: ${one.details}`).join('; ');
  }

  private look(): ReadonlyMap<string, CopyObservation> {
    return new Map(this.desk.fleet.observe().copies.map((seen) => [keyOfCopy(seen.copy), seen]));
  }

  private ofComponent(
    component: ComponentRecord,
    seen: ReadonlyMap<string, CopyObservation>,
    withHistory = true,
  ): ComponentExplanation {
    const key = keyOfComponent(component);
    const { scope, endpointName, name, status, failureReason } = component;
    const endpoint = this.desk.state.endpoint(scope, endpointName)?.value;
    const isWanted = status !== ComponentStatus.Deleting;
    const wishes = endpoint === undefined ? [] : wishesOf(endpoint, copyTargets(component));
    const counts = wishes.flatMap((wish) => [...wish.counts.values()]);
    const copies = this.copiesOf(key, seen);
    return {
      component: key,
      scope,
      endpoint: endpointName,
      name,
      status,
      failureReason,
      failure: this.failureOf(key),
      copiesWanted: isWanted
        ? Math.max(
            component.copyCount,
            counts.reduce((sum, one) => sum + one, 0),
          )
        : 0,
      copiesReady: copies.filter((copy) => copy.state === CopyState.Ready).length,
      copies,
      scaling: this.scalingOf(scope, componentResource(name)),
      history: withHistory ? this.historyOf([recordKey(component), ...this.copyKeysOf(key)]) : [],
    };
  }

  /** A variant's own model has its endpoint's status. */
  private ofModel(
    endpoint: EndpointRecord,
    key: string,
    seen: ReadonlyMap<string, CopyObservation>,
  ): ComponentExplanation {
    const { scope, name: endpointName, status, failureReason } = endpoint;
    const { name } = parseComponentKey(key);
    const wanted = endpoint.generations.reduce(
      (sum, generation) =>
        sum + (generation.models[name] === undefined ? 0 : (generation.variants[name]?.instanceCount ?? 0)),
      0,
    );
    const copies = this.copiesOf(key, seen);
    return {
      component: key,
      scope,
      endpoint: endpointName,
      name,
      status: statusOfModel(status),
      failureReason,
      failure: this.failureOf(key),
      copiesWanted: status === EndpointStatus.Deleting ? 0 : wanted,
      copiesReady: copies.filter((copy) => copy.state === CopyState.Ready).length,
      copies,
      scaling: this.scalingOf(scope, variantResource(endpointName, name)),
      history: this.historyOf([resourceKey('endpoint', scope, endpointName), ...this.copyKeysOf(key)]),
    };
  }

  private failureOf(component: string): ErrorData | null {
    return failuresOf(this.desk, component)?.error ?? null;
  }

  private scalingOf(scope: Scope, resourceId: string) {
    return explainScaling(this.desk.state, scope, resourceId, this.desk.clock.wallNow());
  }

  private copyKeysOf(component: string): readonly string[] {
    return this.desk.state.copiesOf(component).map(({ key }) => key);
  }

  private historyOf(keys: readonly string[]) {
    return this.store.ledger({ keys, isNewestFirst: true, limit: historyLength });
  }

  private copiesOf(
    component: string,
    seen: ReadonlyMap<string, CopyObservation>,
  ): readonly CopyExplanation[] {
    const { state, held } = this.desk;
    const records = state.copiesOf(component).map(({ value }) => value);
    const running = records.map((record) => this.ofCopy(record, seen.get(recordKey(record))));
    const taken = new Set(records.map((record) => record.copy.id));
    const waiting: CopyExplanation[] = [];
    for (const one of held.get(component) ?? []) {
      for (let number = 1, left = one.count; left > 0; number++) {
        const id = `${copyIdBase(this.desk, component)}-${number}`;
        if (taken.has(id)) continue;
        taken.add(id);
        left--;
        waiting.push(waitingCopy(id, one));
      }
    }
    return [...running, ...waiting].sort((a, b) => byNumber(a.id, b.id));
  }

  private ofCopy(record: CopyRecord, seen: CopyObservation | undefined): CopyExplanation {
    const notes = this.desk.copies.of(recordKey(record));
    return {
      id: record.copy.id,
      incarnation: record.copy.incarnation,
      generation: record.generation,
      state: record.state,
      since: record.since,
      reason: record.reason,
      nextAt: null,
      error: seen?.exit ?? null,
      loading: seen?.loading ?? null,
      instance: record.instance,
      threads: notes.threads > 0 ? notes.threads : null,
      pid: seen?.pid ?? null,
    };
  }
}

function waitingCopy(id: string, { generation, reason, until, error }: Held): CopyExplanation {
  return {
    id,
    incarnation: null,
    generation,
    state: 'waiting',
    since: null,
    reason,
    nextAt: until,
    error,
    loading: null,
    instance: null,
    threads: null,
    pid: null,
  };
}

function statusOfModel(status: EndpointStatus): ComponentStatus {
  switch (status) {
    case EndpointStatus.Creating:
      return ComponentStatus.Creating;
    case EndpointStatus.Updating:
    case EndpointStatus.RollingBack:
      return ComponentStatus.Updating;
    case EndpointStatus.InService:
    case EndpointStatus.UpdateRollbackFailed:
      return ComponentStatus.InService;
    case EndpointStatus.Failed:
      return ComponentStatus.Failed;
    case EndpointStatus.Deleting:
      return ComponentStatus.Deleting;
    default:
      return status satisfies never;
  }
}

function missing(scope: Scope, kind: ResourceKind, name: string): StowageError {
  return StowageError.of('NAME-410', { kind, arn: arnOf(scope, kind, name) });
}

/** `a-2` before `a-10`. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The component that a copy's id was made from; null when nothing in the scope has such copies. */
export function ownerOfCopy(desk: Desk, scope: Scope, copyId: string): string | null {
  const base = copyId.replace(/-\d+$/, '');
  for (const { value } of desk.state.components(scope)) {
    const key = keyOfComponent(value);
    if (copyIdBase(desk, key) === base) return key;
  }
  for (const { value } of desk.state.endpoints(scope)) {
    for (const key of modelKeysOf(value)) if (copyIdBase(desk, key) === base) return key;
  }
  const record = desk.state.copies().find(({ value }) => value.copy.id === copyId)?.value;
  if (record === undefined) return null;
  const owner = parseComponentKey(record.component);
  const isMine = owner.scope.account === scope.account && owner.scope.region === scope.region;
  return isMine ? componentKey({ ...owner, kind: owner.kind ?? WorkloadKind.Component }) : null;
}
