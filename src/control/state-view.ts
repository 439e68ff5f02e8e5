/**
 * What control remembers, to read: every record with its revision, found by name, by scope, by endpoint and by what it
 * is a copy of. A view is live: it shows the latest commit. Lists are fresh arrays, in the order of names or ids.
 */
import type { StoredRecord } from '../contracts/store.js';
import type { AlarmRecord } from '../domain/alarm.js';
import type { EndpointConfigRecord, EndpointRecord } from '../domain/endpoint.js';
import type { ComponentRecord } from '../domain/inference-component.js';
import type { InstanceRecord } from '../domain/instance.js';
import type { ModelRecord } from '../domain/model.js';
import type { CopyRecord, CounterRecord, StowageRecord } from '../domain/record.js';
import type {
  ScalableTargetRecord,
  ScalingActivityRecord,
  ScalingPolicyRecord,
  ScheduledActionRecord,
} from '../domain/scaling.js';
import type { Scope } from '../domain/scope.js';

/** A stored record of one kind. */
export type StoredOf<R extends StowageRecord> = StoredRecord & { readonly value: R };

export interface StateView {
  get(key: string): StoredRecord | undefined;

  model(scope: Scope, name: string): StoredOf<ModelRecord> | undefined;
  endpointConfig(scope: Scope, name: string): StoredOf<EndpointConfigRecord> | undefined;
  endpoint(scope: Scope, name: string): StoredOf<EndpointRecord> | undefined;
  component(scope: Scope, name: string): StoredOf<ComponentRecord> | undefined;
  alarm(scope: Scope, name: string): StoredOf<AlarmRecord> | undefined;
  scalableTarget(scope: Scope, resourceId: string): StoredOf<ScalableTargetRecord> | undefined;
  /** By `policyKey`. */
  scalingPolicy(scope: Scope, name: string): StoredOf<ScalingPolicyRecord> | undefined;
  scheduledAction(scope: Scope, name: string): StoredOf<ScheduledActionRecord> | undefined;
  counter(name: string): StoredOf<CounterRecord> | undefined;

  /** Of one scope, by name. */
  models(scope: Scope): readonly StoredOf<ModelRecord>[];
  endpointConfigs(scope: Scope): readonly StoredOf<EndpointConfigRecord>[];
  endpoints(scope: Scope): readonly StoredOf<EndpointRecord>[];
  components(scope: Scope): readonly StoredOf<ComponentRecord>[];
  alarms(scope: Scope): readonly StoredOf<AlarmRecord>[];
  scalableTargets(scope: Scope): readonly StoredOf<ScalableTargetRecord>[];
  scalingPolicies(scope: Scope): readonly StoredOf<ScalingPolicyRecord>[];
  scheduledActions(scope: Scope): readonly StoredOf<ScheduledActionRecord>[];
  scalingActivities(scope: Scope): readonly StoredOf<ScalingActivityRecord>[];

  /** Of one scalable target, by name. */
  policiesOf(scope: Scope, resourceId: string): readonly StoredOf<ScalingPolicyRecord>[];
  scheduledActionsOf(scope: Scope, resourceId: string): readonly StoredOf<ScheduledActionRecord>[];
  activitiesOf(scope: Scope, resourceId: string): readonly StoredOf<ScalingActivityRecord>[];

  /** Of one endpoint, by name or id. */
  componentsOf(scope: Scope, endpoint: string): readonly StoredOf<ComponentRecord>[];
  instancesOf(scope: Scope, endpoint: string): readonly StoredOf<InstanceRecord>[];
  /** Of one workload, by its `componentKey`. */
  copiesOf(component: string): readonly StoredOf<CopyRecord>[];

  /** Of all scopes, in the order of keys. */
  allEndpoints(): readonly StoredOf<EndpointRecord>[];
  allComponents(): readonly StoredOf<ComponentRecord>[];
  allAlarms(): readonly StoredOf<AlarmRecord>[];
  allScalableTargets(): readonly StoredOf<ScalableTargetRecord>[];
  instances(): readonly StoredOf<InstanceRecord>[];
  copies(): readonly StoredOf<CopyRecord>[];
}
