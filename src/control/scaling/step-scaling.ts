/**
 * The step of a turn that brings the capacity of scalable targets to what their policies wish. It writes the capacity
 * into the component or the endpoint, and what it did, or why it did nothing, as an activity.
 *
 * A target is looked at when ten seconds of its metrics have ended, when an alarm that calls one of its policies
 * changes, when requests are held for it, when a scheduled action is due, and when it or what it scales was changed;
 * not every turn. The looks of a round of ten seconds are spread over the turns after it.
 *
 * Never: a capacity set in the middle of a deployment; a component at zero left there while requests wait for it.
 */
import { decideCapacity } from '../../decide/scaling/decide-capacity.js';
import { managedScalingOf } from '../../decide/scaling/instances/managed.js';
import type { CapacityDecision, ScalingSituation } from '../../decide/scaling/situation.js';
import { type AlarmRecord, AlarmState } from '../../domain/alarm.js';
import { componentKey, parseComponentKey, WorkloadKind } from '../../domain/component.js';
import { servingGeneration } from '../../domain/endpoint.js';
import { type StowageRecord, resourceKey } from '../../domain/record.js';
import {
  componentResource,
  parsePolicyArn,
  policyKey,
  type PolicyName,
  ScalableDimension,
  type ScalableTargetRecord,
  type ScalingPolicyRecord,
  variantResource,
} from '../../domain/scaling.js';
import { type Scope, scopeKey } from '../../domain/scope.js';
import { endpointKeyOf, keyOfComponent } from '../agenda.js';
import type { Desk, Turn } from '../desk.js';
import type { StoredOf } from '../state-view.js';
import { Activities } from './activities.js';
import type { LoadBoard } from './load-board.js';
import { valueLagMs } from '../metrics/measured-values.js';
import { policySituation, type PolicyView } from './policy-situations.js';
import { type ScaledResource, scaledResource } from './scaled-resource.js';
import { ScheduledRuns } from './scheduled-runs.js';
import { ServiceEstimates } from './service-estimate.js';

/** Points of metrics end so often, milliseconds. */
const roundMs = 10_000;
/** So much later they are looked at: everybody has put down theirs by then, milliseconds. */
const roundLagMs = valueLagMs + 500;
/** Objectives with open requests are looked at so often, milliseconds: a wait counts in seconds there. */
const objectiveMs = 1_000;
/** A round is through after so many turns, half of it. */
const roundTurns = 10;

export class Scaling {
  /** Keys of targets that are looked at in the next turn. */
  private readonly marked = new Set<string>();
  /** Those of this round that have not been looked at. */
  private waiting: string[] = [];
  private perTurn = 0;
  private round: number | null = null;
  /** Keys of targets that an objective scales and that had open requests at the last look; and when they were marked. */
  private readonly watched = new Set<string>();
  private watchedAt = 0;
  /** Names of alarms that call a policy, by the policy's key. */
  private readonly callers = new Map<string, Set<string>>();
  private readonly activities: Activities;
  private readonly schedules: ScheduledRuns;
  private readonly estimates = new ServiceEstimates();
  /** Since when somebody has watched what is missing, wall clock. */
  private readonly watchedSince: number;

  constructor(
    private readonly desk: Desk,
    private readonly board: LoadBoard,
  ) {
    const { state } = desk;
    this.watchedSince = desk.clock.wallNow();
    this.activities = new Activities(desk);
    this.schedules = new ScheduledRuns(desk, this.activities);
    for (const { value } of state.allAlarms()) this.noteAlarm(null, value);
    for (const { key, value } of state.allScalableTargets()) {
      this.marked.add(key);
      for (const action of state.scheduledActionsOf(value.scope, value.name))
        this.schedules.note(action.value);
    }
  }

  /** Requests wait for a workload that has no copy. */
  held(workload: string): void {
    this.markWorkload(workload);
  }

  /** A record changed. */
  note(before: StowageRecord | null, after: StowageRecord | null): void {
    const record = after ?? before;
    switch (record?.kind) {
      case 'scalable-target':
        this.marked.add(resourceKey('scalable-target', record.scope, record.name));
        if (after === null) this.activities.forget(record.scope, record.name);
        return;
      case 'scaling-policy':
        return this.mark(record.scope, record.resourceId);
      case 'scheduled-action':
        if (after === null) this.schedules.forget(record);
        else this.schedules.note(record);
        return;
      case 'scaling-activity':
        return this.activities.note(before, after);
      case 'alarm':
        if (before === null || before.kind === 'alarm')
          this.noteAlarm(before, record === after ? record : null);
        return;
      case 'copy':
        return this.markWorkload(record.component);
      case 'inference-component':
        if (after === null) this.board.forget(keyOfComponent(record));
        else if (isSetToZero(before, after)) this.board.outdate(keyOfComponent(record));
        return this.mark(record.scope, componentResource(record.name));
      case 'endpoint': {
        const { variants = {} } = servingGeneration(record) ?? {};
        for (const name of Object.keys(variants)) this.mark(record.scope, variantResource(record.name, name));
        return;
      }
      case 'instance':
        return this.mark(record.scope, variantResource(record.endpoint, record.variant));
      default:
    }
  }

  step(turn: Turn): void {
    this.runSchedules(turn);
    this.beginRound(turn);
    for (const key of this.waiting.splice(0, this.perTurn)) this.marked.add(key);
    this.markWatched(turn.wall);
    if (this.marked.size === 0) return;
    const keys = [...this.marked];
    this.marked.clear();
    for (const key of keys) {
      const stored = this.desk.state.get(key);
      if (stored?.value.kind !== 'scalable-target') continue;
      this.tryLook(turn, stored as StoredOf<ScalableTargetRecord>);
    }
  }

  /** Nobody is scaled less because a schedule could not be run. */
  private runSchedules(turn: Turn): void {
    try {
      this.schedules.run(turn);
    } catch (err) {
      this.desk.log.error({ err }, 'scheduled actions could not be run; the next turn tries again');
    }
  }

  /** One target that cannot be looked at keeps no other waiting. */
  private tryLook(turn: Turn, stored: StoredOf<ScalableTargetRecord>): void {
    try {
      this.look(turn, stored.value);
    } catch (err) {
      this.desk.log.error(
        { err, target: stored.value.name },
        'a target could not be scaled; the next look tries again',
      );
    }
  }

  private mark(scope: Scope, resourceId: string): void {
    const key = resourceKey('scalable-target', scope, resourceId);
    if (this.desk.state.get(key) !== undefined) this.marked.add(key);
  }

  private markWatched(now: number): void {
    if (now - this.watchedAt < objectiveMs) return;
    this.watchedAt = now;
    for (const key of this.watched) this.marked.add(key);
    this.watched.clear();
  }

  private markWorkload(workload: string): void {
    const { scope, endpoint, name, kind } = parseComponentKey(workload);
    this.mark(
      scope,
      kind === WorkloadKind.Component ? componentResource(name) : variantResource(endpoint, name),
    );
  }

  private noteAlarm(before: AlarmRecord | null, after: AlarmRecord | null): void {
    for (const [record, isThere] of [
      [before, false],
      [after, true],
    ] as const) {
      for (const arn of record?.definition.alarmActions ?? []) {
        const policy = parsePolicyArn(arn);
        if (record === null || policy === null) continue;
        const key = callerKey(policy);
        const names = this.callers.get(key) ?? new Set();
        if (isThere) names.add(record.name);
        else names.delete(record.name);
        if (names.size > 0) this.callers.set(key, names);
        else this.callers.delete(key);
        this.mark(policy.scope, policy.resourceId);
      }
    }
  }

  /** Ten seconds of metrics have ended: everything that may have to change is looked at, a part in each turn. */
  private beginRound(turn: Turn): void {
    const round = Math.floor((this.desk.clock.wallNow() - roundLagMs) / roundMs);
    if (round === this.round) return;
    this.round = round;
    const late = new Set(this.waiting);
    this.waiting = this.desk.state
      .allScalableTargets()
      .flatMap(({ key, value }) => (late.has(key) || !this.isResting(turn, value) ? [key] : []));
    this.perTurn = Math.ceil(this.waiting.length / roundTurns);
  }

  /** Nothing came for it, and it cannot have less: only news can change it, and those mark it. */
  private isResting({ wall: now }: Turn, target: ScalableTargetRecord): boolean {
    const component = this.desk.state.component(
      target.scope,
      target.name.slice(componentResource('').length),
    );
    if (component === undefined || !target.name.startsWith(componentResource(''))) return false;
    if (this.activities.isOpen(target.scope, target.name)) return false;
    const { copyCount, endpointName: endpoint, name, scope } = component.value;
    if (copyCount > Math.max(0, target.minCapacity)) return false;
    const workload = componentKey({ scope, endpoint, name, kind: WorkloadKind.Component });
    const { idleSince } = this.board.of(workload, now);
    return idleSince !== null && now - idleSince > 4 * roundMs && this.policiesRest(target);
  }

  /** Policies of a resting target that look at more than its own requests are asked all the same. */
  private policiesRest(target: ScalableTargetRecord): boolean {
    return this.desk.state.policiesOf(target.scope, target.name).every(({ value }) => {
      const { rule } = value;
      if (rule.type === 'StepScaling') {
        return this.alarmsOf(value).every(({ state }) => state !== AlarmState.Alarm);
      }
      return rule.configuration.predefinedMetricSpecification !== undefined;
    });
  }

  private look(turn: Turn, target: ScalableTargetRecord): void {
    const resource = scaledResource(this.desk, turn, target);
    if (resource === null) return;
    const situation = this.situationOf(turn, target, resource);
    if (situation.idleMs === 0 && situation.policies.some(({ kind }) => kind === 'slo')) {
      this.watched.add(resourceKey('scalable-target', target.scope, target.name));
    }
    const decision = decideCapacity(situation);
    if (decision.capacity === resource.capacity) {
      this.activities.settle(turn, target, resource.progress);
      return this.activities.refuse(turn, target, decision);
    }
    this.set(turn, target, resource, decision);
  }

  /** One copy fewer, because others need its room more; whoever says so has told the copy. */
  giveWay(turn: Turn, target: ScalableTargetRecord, cause: string): void {
    const resource = scaledResource(this.desk, turn, target);
    if (resource === null || resource.capacity <= target.minCapacity) return;
    const capacity = resource.capacity - 1;
    this.set(turn, target, resource, { capacity, policy: 'room', cause, notScaled: [] });
  }

  private set(
    turn: Turn,
    target: ScalableTargetRecord,
    resource: ScaledResource,
    decision: CapacityDecision,
  ): void {
    const { capacity, cause } = decision;
    const isOut = capacity > resource.capacity;
    this.desk.log.info({ target: target.name, from: resource.capacity, to: capacity, cause }, 'scaled');
    resource.set(capacity, `Setting desired capacity to ${capacity}. ${cause}`);
    const scaled: ScalableTargetRecord = {
      ...target,
      ...(isOut ? { lastOutAt: turn.wall, lastOutFrom: resource.capacity } : { lastInAt: turn.wall }),
    };
    this.desk.state.put(scaled, 'target-scaled', cause);
    this.activities.begin(turn, scaled, decision);
  }

  private situationOf(turn: Turn, target: ScalableTargetRecord, resource: ScaledResource): ScalingSituation {
    const { scope, name, minCapacity, maxCapacity: max, suspended } = target;
    const { lastOutAt, lastInAt, lastOutFrom, dimension } = target;
    const { workload, capacity, ready, isUnscalable, isFailed } = resource;
    const load = workload === null ? null : this.board.of(workload, turn.wall);
    const idleMs = load === null ? {} : { idleMs: load.idleSince === null ? 0 : turn.wall - load.idleSince };
    const policies = this.desk.state.policiesOf(scope, name);
    const view = policies.length === 0 ? null : this.viewOf(turn, target, resource);
    return {
      now: turn.wall,
      // Nothing is measured on no instance, so nothing would bring the first one back.
      min: dimension === ScalableDimension.InstanceCount ? Math.max(1, minCapacity) : minCapacity,
      max,
      suspended,
      capacity,
      ready,
      held: load?.held ?? 0,
      ...idleMs,
      lastOutAt,
      lastInAt,
      lastOutFrom: lastOutFrom ?? null,
      isUnscalable,
      isFailed,
      policies: view === null ? [] : policies.flatMap(({ value }) => policySituation(value, view) ?? []),
    };
  }

  private viewOf(turn: Turn, target: ScalableTargetRecord, resource: ScaledResource): PolicyView {
    const { desk } = this;
    const { workload, ready, readySince, capacity } = resource;
    return {
      metrics: desk.metrics,
      now: desk.clock.wallNow(),
      watchedSince: this.watchedSince,
      ready,
      readySince,
      alarmsOf: (policy) => this.alarmsOf(policy),
      isSilenced: ({ scope }, name) =>
        desk.state.alarm(scope, name)?.value.definition.actionsEnabled === false,
      sloOf: ({ share, firstTokenMs }) => {
        if (workload === null) return null;
        const records = desk.state.copiesOf(workload);
        return this.estimates.situation(this.board, {
          component: workload,
          now: turn.wall,
          min: target.minCapacity,
          max: target.maxCapacity,
          copies: capacity,
          share,
          firstTokenMs,
          idleCostShare: this.idleCostShare(workload),
          all: records.map(({ key, value }) => ({ record: value, seen: turn.seen.get(key) ?? null })),
        });
      },
    };
  }

  private alarmsOf(policy: ScalingPolicyRecord): readonly AlarmRecord[] {
    return [...(this.callers.get(callerKey(policy)) ?? [])].flatMap((name) => {
      const alarm = this.desk.state.alarm(policy.scope, name)?.value;
      return alarm === undefined || alarm.definition.actionsEnabled === false ? [] : [alarm];
    });
  }

  /** Where others wait for room, what idles keeps it from them; else it shares the instances with its neighbours. */
  private idleCostShare(workload: string): number {
    const endpoint = endpointKeyOf(workload);
    const { scope, endpoint: name } = parseComponentKey(workload);
    for (const key of this.desk.held.keys()) {
      if (key !== workload && endpointKeyOf(key) === endpoint) return 1;
    }
    if (this.mayRelease(scope, name)) return 1;
    return 1 / Math.max(1, this.desk.state.componentsOf(scope, name).length);
  }

  /** Copies that leave let instances go: an idle one costs what a starting one does. */
  private mayRelease(scope: Scope, endpointName: string): boolean {
    const endpoint = this.desk.state.endpoint(scope, endpointName)?.value;
    const generation = endpoint === undefined ? null : servingGeneration(endpoint);
    return (generation?.config.productionVariants ?? []).some((variant) => {
      const managed = managedScalingOf(variant, this.desk.limits);
      const count = generation?.variants[variant.variantName]?.instanceCount ?? 0;
      return managed !== null && count > managed.min;
    });
  }
}

function isSetToZero(before: StowageRecord | null, after: StowageRecord): boolean {
  if (before?.kind !== 'inference-component' || after.kind !== 'inference-component') return false;
  return before.copyCount > 0 && after.copyCount === 0;
}

function callerKey({ scope, resourceId, policyName }: PolicyName): string {
  return `${scopeKey(scope)}/${policyKey(resourceId, policyName)}`;
}
