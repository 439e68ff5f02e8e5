/**
 * The control plane's memory: every record of the store, mirrored and indexed. It is the one way to write. The loop
 * stages what it decided and flushes it in one commit; a command's changes are committed at once.
 *
 * Never: a mirror that differs from the store after a call has returned, unless changes are staged; work that grows
 * with the number of records where only a few of them are asked for.
 */
import type { Change, Store, StoredRecord } from '../contracts/store.js';
import type { AlarmRecord } from '../domain/alarm.js';
import type { EndpointConfigRecord, EndpointRecord } from '../domain/endpoint.js';
import type { ComponentRecord } from '../domain/inference-component.js';
import { componentKey, WorkloadKind } from '../domain/component.js';
import type { InstanceRecord } from '../domain/instance.js';
import type { ModelRecord } from '../domain/model.js';
import type { CopyRecord, CounterRecord, RecordKind, StowageRecord } from '../domain/record.js';
import { recordKey, resourceKey } from '../domain/record.js';
import {
  componentResource,
  type ScalableTargetRecord,
  type ScalingActivityRecord,
  type ScalingPolicyRecord,
  type ScheduledActionRecord,
} from '../domain/scaling.js';
import type { Scope } from '../domain/scope.js';
import { scopeKey } from '../domain/scope.js';
import { RecordGroup } from './record-group.js';
import type { StateView, StoredOf } from './state-view.js';

/** Told of every record that changes: as it was and as it is; null = there is none. */
export type RecordListener = (before: StowageRecord | null, after: StowageRecord | null) => void;

interface StagedChange {
  readonly before: StoredRecord | undefined;
  readonly event: string;
  readonly reason: string;
}

/** The store's bound on reasons, characters. */
const reasonLengthMax = 2_000;
const nothing = new RecordGroup();

export class State implements StateView {
  private readonly records = new Map<string, StoredRecord>();
  private readonly groups = new Map<string, RecordGroup>();
  private readonly instancesById = new Map<string, InstanceRecord>();
  /** Copies by id alone: an id is given out again only when none is left. */
  private readonly copyIds = new Map<string, number>();
  private readonly staged = new Map<string, StagedChange>();
  private readonly listeners: RecordListener[] = [];

  /** Loads everything. Throws what the store's `load` throws. */
  constructor(private readonly store: Store) {
    for (const stored of store.load()) this.mirror(stored.key, stored);
  }

  onRecord(listener: RecordListener): void {
    this.listeners.push(listener);
  }

  /** Writes a command's changes. Throws STATE-701 and STATE-702; then nothing has changed. */
  commit(changes: readonly Change[], at: number): void {
    if (changes.length === 0) return;
    for (const stored of this.store.commit(changes, at)) {
      if (stored.value !== null) this.mirror(stored.key, stored);
    }
    for (const { key, value } of changes) if (value === null) this.mirror(key, undefined);
  }

  /** From now on the record is so; durable with the next `flush`. Several changes of one record become one. */
  put(record: StowageRecord, event: string, reason: string): void {
    const key = recordKey(record);
    const before = this.stage(key, event, reason);
    this.mirror(key, { key, revision: (before?.revision ?? 0) + 1, value: record });
  }

  /** From now on there is no such record; durable with the next `flush`. */
  drop(record: StowageRecord, event: string, reason: string): void {
    const key = recordKey(record);
    this.stage(key, event, reason);
    this.mirror(key, undefined);
  }

  /** Writes what is staged in one commit and returns it. Throws STATE-702; then everything is as before staging. */
  flush(at: number): readonly Change[] {
    const changes: Change[] = [];
    for (const [key, { before, event, reason }] of this.staged) {
      const value = this.records.get(key)?.value ?? null;
      if (before === undefined && value === null) continue;
      changes.push({ key, expectedRevision: before?.revision ?? 0, value, event, reason });
    }
    try {
      if (changes.length > 0) this.store.commit(changes, at);
    } catch (error) {
      this.revert();
      throw error;
    }
    this.staged.clear();
    return changes;
  }

  /** Forgets what is staged. */
  revert(): void {
    for (const [key, { before }] of this.staged) this.mirror(key, before);
    this.staged.clear();
  }

  get(key: string): StoredRecord | undefined {
    return this.records.get(key);
  }

  model(scope: Scope, name: string) {
    return this.resource<ModelRecord>('model', scope, name);
  }

  endpointConfig(scope: Scope, name: string) {
    return this.resource<EndpointConfigRecord>('endpoint-config', scope, name);
  }

  endpoint(scope: Scope, name: string) {
    return this.resource<EndpointRecord>('endpoint', scope, name);
  }

  component(scope: Scope, name: string) {
    return this.resource<ComponentRecord>('inference-component', scope, name);
  }

  alarm(scope: Scope, name: string) {
    return this.resource<AlarmRecord>('alarm', scope, name);
  }

  counter(name: string) {
    return this.records.get(`counter:${name}`) as StoredOf<CounterRecord> | undefined;
  }

  scalableTarget(scope: Scope, resourceId: string) {
    return this.resource<ScalableTargetRecord>('scalable-target', scope, resourceId);
  }

  /** True of a component that requests bring back from zero copies. */
  wakes({ scope, name }: Pick<ComponentRecord, 'scope' | 'name'>): boolean {
    const target = this.scalableTarget(scope, componentResource(name))?.value;
    return target !== undefined && target.maxCapacity > 0 && !target.suspended.dynamicScalingOutSuspended;
  }

  scalingPolicy(scope: Scope, name: string) {
    return this.resource<ScalingPolicyRecord>('scaling-policy', scope, name);
  }

  scheduledAction(scope: Scope, name: string) {
    return this.resource<ScheduledActionRecord>('scheduled-action', scope, name);
  }

  models(scope: Scope) {
    return this.list<ModelRecord>(`model@${scopeKey(scope)}`);
  }

  endpointConfigs(scope: Scope) {
    return this.list<EndpointConfigRecord>(`endpoint-config@${scopeKey(scope)}`);
  }

  endpoints(scope: Scope) {
    return this.list<EndpointRecord>(`endpoint@${scopeKey(scope)}`);
  }

  components(scope: Scope) {
    return this.list<ComponentRecord>(`inference-component@${scopeKey(scope)}`);
  }

  alarms(scope: Scope) {
    return this.list<AlarmRecord>(`alarm@${scopeKey(scope)}`);
  }

  scalableTargets(scope: Scope) {
    return this.list<ScalableTargetRecord>(`scalable-target@${scopeKey(scope)}`);
  }

  scalingPolicies(scope: Scope) {
    return this.list<ScalingPolicyRecord>(`scaling-policy@${scopeKey(scope)}`);
  }

  scheduledActions(scope: Scope) {
    return this.list<ScheduledActionRecord>(`scheduled-action@${scopeKey(scope)}`);
  }

  scalingActivities(scope: Scope) {
    return this.list<ScalingActivityRecord>(`scaling-activity@${scopeKey(scope)}`);
  }

  policiesOf(scope: Scope, resourceId: string) {
    return this.list<ScalingPolicyRecord>(`scaling-policy@${scopeKey(scope)}/${resourceId}`);
  }

  scheduledActionsOf(scope: Scope, resourceId: string) {
    return this.list<ScheduledActionRecord>(`scheduled-action@${scopeKey(scope)}/${resourceId}`);
  }

  activitiesOf(scope: Scope, resourceId: string) {
    return this.list<ScalingActivityRecord>(`scaling-activity@${scopeKey(scope)}/${resourceId}`);
  }

  allScalableTargets() {
    return this.list<ScalableTargetRecord>('scalable-target');
  }

  componentsOf(scope: Scope, endpoint: string) {
    return this.list<ComponentRecord>(`inference-component@${scopeKey(scope)}/${endpoint}`);
  }

  instancesOf(scope: Scope, endpoint: string) {
    return this.list<InstanceRecord>(`instance@${scopeKey(scope)}/${endpoint}`);
  }

  copiesOf(component: string) {
    return this.list<CopyRecord>(`copy@${component}`);
  }

  allEndpoints() {
    return this.list<EndpointRecord>('endpoint');
  }

  allComponents() {
    return this.list<ComponentRecord>('inference-component');
  }

  allAlarms() {
    return this.list<AlarmRecord>('alarm');
  }

  instances() {
    return this.list<InstanceRecord>('instance');
  }

  copies() {
    return this.list<CopyRecord>('copy');
  }

  instance(id: string): InstanceRecord | undefined {
    return this.instancesById.get(id);
  }

  /** The copies on one instance. */
  copiesOn(instance: string) {
    return this.list<CopyRecord>(`copy@instance/${instance}`);
  }

  /** The component that a `componentKey` names; undefined for variants' own models and what is gone. */
  componentByKey(component: string): ComponentRecord | undefined {
    return this.list<ComponentRecord>(`component@${component}`)[0]?.value;
  }

  /** True while a copy of that id has a record. */
  isCopyIdTaken(id: string): boolean {
    return this.copyIds.has(id);
  }

  /** The next number of a counter, ≥ 1; durable with the next `flush`. */
  nextNumber(name: string, reason: string): number {
    const value = (this.counter(name)?.value.value ?? 0) + 1;
    this.put({ kind: 'counter', name, value }, 'counter-raised', reason);
    return value;
  }

  private resource<R extends StowageRecord>(kind: RecordKind, scope: Scope, name: string) {
    return this.records.get(resourceKey(kind, scope, name)) as StoredOf<R> | undefined;
  }

  private list<R extends StowageRecord>(group: string): readonly StoredOf<R>[] {
    return (this.groups.get(group) ?? nothing).list() as readonly StoredOf<R>[];
  }

  private stage(key: string, event: string, reason: string): StoredRecord | undefined {
    const earlier = this.staged.get(key);
    const before = earlier === undefined ? this.records.get(key) : earlier.before;
    const isNews = earlier !== undefined && !earlier.reason.endsWith(reason);
    const whole = isNews ? `${earlier.reason}; ${reason}` : reason;
    this.staged.set(key, { before, event, reason: whole.slice(0, reasonLengthMax) });
    return before;
  }

  private mirror(key: string, stored: StoredRecord | undefined): void {
    const before = this.records.get(key);
    if (before !== undefined) {
      const kept = stored === undefined ? [] : groupsOf(stored.value);
      for (const group of groupsOf(before.value)) if (!kept.includes(group)) this.leave(group, key);
      if (stored === undefined) this.countCopyId(before.value, -1);
    }
    if (stored === undefined) this.records.delete(key);
    else {
      this.records.set(key, stored);
      for (const group of groupsOf(stored.value)) this.join(group, stored);
      if (before === undefined) this.countCopyId(stored.value, 1);
    }
    const instance = stored?.value ?? before?.value;
    if (instance?.kind === 'instance') {
      if (stored === undefined) this.instancesById.delete(instance.id);
      else this.instancesById.set(instance.id, instance);
    }
    for (const listener of this.listeners) listener(before?.value ?? null, stored?.value ?? null);
  }

  private join(name: string, stored: StoredRecord): void {
    let group = this.groups.get(name);
    if (group === undefined) this.groups.set(name, (group = new RecordGroup()));
    group.set(stored);
  }

  private leave(name: string, key: string): void {
    const group = this.groups.get(name);
    group?.delete(key);
    if (group?.size === 0) this.groups.delete(name);
  }

  private countCopyId(record: StowageRecord, change: number): void {
    if (record.kind !== 'copy') return;
    const count = (this.copyIds.get(record.copy.id) ?? 0) + change;
    if (count > 0) this.copyIds.set(record.copy.id, count);
    else this.copyIds.delete(record.copy.id);
  }
}

/** The lists a record is in. */
function groupsOf(record: StowageRecord): readonly string[] {
  switch (record.kind) {
    case 'copy':
      return ['copy', `copy@${record.component}`, `copy@instance/${record.instance}`];
    case 'instance':
      return ['instance', `instance@${scopeKey(record.scope)}/${record.endpoint}`];
    case 'inference-component': {
      const { scope, endpointName: endpoint, name } = record;
      const key = componentKey({ scope, endpoint, name, kind: WorkloadKind.Component });
      const scoped = `inference-component@${scopeKey(scope)}`;
      return ['inference-component', scoped, `${scoped}/${endpoint}`, `component@${key}`];
    }
    case 'model':
    case 'endpoint-config':
    case 'endpoint':
    case 'alarm':
    case 'scalable-target':
      return [record.kind, `${record.kind}@${scopeKey(record.scope)}`];
    case 'scaling-policy':
    case 'scheduled-action':
    case 'scaling-activity': {
      const scoped = `${record.kind}@${scopeKey(record.scope)}`;
      return [scoped, `${scoped}/${record.resourceId}`];
    }
    case 'counter':
      return [];
    default:
      return record satisfies never;
  }
}
