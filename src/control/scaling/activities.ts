/**
 * What scaling did to each target and why: an activity begins when a capacity is set and ends when it is there, when
 * another one takes its place, when there is no room for it, or when it fails. What was not done is an activity too,
 * once for each reason.
 *
 * Bounded: the oldest of a target go, and the oldest of an account. Never: two open activities of one target.
 */
import type { CapacityDecision } from '../../decide/scaling/situation.js';
import type { ErrorData } from '../../domain/errors.js';
import {
  ActivityStatus,
  ScalableDimension,
  type ScalableTargetRecord,
  type ScalingActivityRecord,
} from '../../domain/scaling.js';
import { type Scope, scopeKey } from '../../domain/scope.js';
import type { StowageRecord } from '../../domain/record.js';
import type { Desk, Turn } from '../desk.js';

/** Activities that are kept of one target, and of one account in one region. */
const activitiesPerTargetMax = 100;
const activitiesPerScopeMax = 10_000;
/** When there are too many of an account, so many go at once. */
const activitiesDropped = 500;

/** How far the capacity that was set has come. */
export interface Progress {
  /** As it is wanted now. */
  readonly wanted: number;
  readonly ready: number;
  /** There in any state, those that go included. */
  readonly total: number;
  /** Why there is no room for some, and for how long, milliseconds; null = nothing waits for room. */
  readonly blocked: {
    readonly error: ErrorData | null;
    readonly reason: string;
    readonly forMs: number;
  } | null;
  /** Why it never came up; null = it did, or is on its way. */
  readonly failure: string | null;
  /** Room may be missing for so long, milliseconds. */
  readonly blockedMsMax: number;
}

export class Activities {
  /** Open activities by their target's resource, `SCOPE/resourceId`. */
  private readonly open = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly endedCounts = new Map<string, number>();

  constructor(private readonly desk: Desk) {
    for (const { value } of desk.state.allScalableTargets()) {
      for (const { value: activity } of desk.state.activitiesOf(value.scope, value.name)) {
        this.note(null, activity);
      }
    }
  }

  /** A record changed. */
  note(before: StowageRecord | null, after: StowageRecord | null): void {
    const record = after ?? before;
    if (record?.kind !== 'scaling-activity') return;
    const key = keyOf(record.scope, record.resourceId);
    const scope = scopeKey(record.scope);
    const change = (after === null ? 0 : 1) - (before === null ? 0 : 1);
    this.counts.set(scope, Math.max(0, (this.counts.get(scope) ?? 0) + change));
    const ended = this.endedCounts.get(scope) ?? 0;
    this.endedCounts.set(scope, Math.max(0, ended + endedCount(after) - endedCount(before)));
    if (after !== null && record.endedAt === null) this.open.set(key, record.name);
    else if (this.open.get(key) === record.name) this.open.delete(key);
  }

  isOpen(scope: Scope, resourceId: string): boolean {
    return this.open.has(keyOf(scope, resourceId));
  }

  /** A capacity was set: what was under way before is overridden. */
  begin(turn: Turn, target: ScalableTargetRecord, { capacity, cause, details }: CapacityDecision): void {
    const open = this.openOf(target);
    if (open !== null) {
      const message = `Another activity set the ${wordOf(target)} to ${capacity} before it was fulfilled.`;
      this.end(turn, open, ActivityStatus.Overridden, message);
    }
    const word = wordOf(target);
    this.put(turn, target, {
      description: `Setting ${word} to ${capacity}.`,
      cause,
      details: details ?? null,
      status: ActivityStatus.InProgress,
      statusMessage: `Successfully set ${word} to ${capacity}. Waiting for change to be fulfilled by sagemaker.`,
      endedAt: null,
      capacity,
    });
  }

  /** Something was done or tried that ended at once. */
  tell(
    turn: Turn,
    target: ScalableTargetRecord,
    told: Pick<ScalingActivityRecord, 'description' | 'cause' | 'status' | 'statusMessage'>,
  ): void {
    this.put(turn, target, { ...told, details: null, endedAt: turn.wall, capacity: null });
  }

  /** Less was done than was wished; said once, until there is something else to say. */
  refuse(turn: Turn, target: ScalableTargetRecord, { cause, details, notScaled }: CapacityDecision): void {
    if (notScaled.length === 0) return;
    const last = this.newestOf(target);
    if (last !== null && JSON.stringify(last.notScaled) === JSON.stringify(notScaled)) return;
    this.put(turn, target, {
      description: 'Attempting to scale due to alarm triggered',
      cause,
      details: details ?? null,
      status: ActivityStatus.Failed,
      statusMessage: `Not scaled: ${notScaled.map(({ code }) => code).join(', ')}.`,
      endedAt: turn.wall,
      capacity: null,
      notScaled,
    });
  }

  /** Looks at how far the open activity has come. */
  settle(turn: Turn, target: ScalableTargetRecord, progress: Progress): void {
    const open = this.openOf(target);
    if (open === null) return;
    const { wanted, ready, total, blocked, failure, blockedMsMax } = progress;
    const { capacity } = open;
    const word = wordOf(target);
    if (capacity !== wanted) {
      const message = `The ${word} was set to ${wanted} before it was fulfilled.`;
      return this.end(turn, open, ActivityStatus.Overridden, message);
    }
    // What was added is there when it takes requests; what was taken away, when it is gone.
    const isOut = target.lastOutAt !== null && target.lastOutAt >= open.startedAt;
    if (ready === capacity && (isOut || total === capacity)) {
      const message = `Successfully set ${word} to ${capacity}. Change successfully fulfilled by sagemaker.`;
      return this.end(turn, open, ActivityStatus.Successful, message);
    }
    if (failure !== null) {
      const message = `Failed to set ${word} to ${capacity}. Reason: ${failure}`;
      return this.end(turn, open, ActivityStatus.Failed, message);
    }
    if (blocked !== null && blocked.forMs >= blockedMsMax) {
      const message = `Only ${ready} of ${capacity} are there. Reason: ${blocked.error?.message ?? blocked.reason}`;
      this.end(turn, open, ActivityStatus.Unfulfilled, message);
    }
  }

  /** The target is gone: so are its activities. */
  forget(scope: Scope, resourceId: string): void {
    for (const { value } of this.desk.state.activitiesOf(scope, resourceId)) {
      this.desk.state.drop(value, 'activity-deleted', 'its target is gone');
    }
    this.open.delete(keyOf(scope, resourceId));
  }

  private openOf({ scope, name }: ScalableTargetRecord): ScalingActivityRecord | null {
    const id = this.open.get(keyOf(scope, name));
    if (id === undefined) return null;
    const found = this.desk.state.activitiesOf(scope, name).find(({ value }) => value.name === id);
    return found?.value ?? null;
  }

  private newestOf({ scope, name }: ScalableTargetRecord): ScalingActivityRecord | null {
    let newest: ScalingActivityRecord | null = null;
    for (const { value } of this.desk.state.activitiesOf(scope, name)) {
      if (newest === null || value.startedAt >= newest.startedAt) newest = value;
    }
    return newest;
  }

  private end(
    turn: Turn,
    activity: ScalingActivityRecord,
    status: ActivityStatus,
    statusMessage: string,
  ): void {
    const ended = { ...activity, endedAt: turn.wall, status, statusMessage };
    this.desk.state.put(ended, 'activity-ended', statusMessage);
  }

  private put(
    turn: Turn,
    { scope, name, dimension }: ScalableTargetRecord,
    rest: Pick<
      ScalingActivityRecord,
      'description' | 'cause' | 'details' | 'status' | 'statusMessage' | 'endedAt' | 'capacity'
    > & { readonly notScaled?: ScalingActivityRecord['notScaled'] },
  ): void {
    this.makeRoom(scope, name);
    const activity: ScalingActivityRecord = {
      kind: 'scaling-activity',
      scope,
      name: this.desk.random.id(),
      resourceId: name,
      dimension,
      startedAt: turn.wall,
      notScaled: [],
      ...rest,
    };
    const event = rest.endedAt === null ? 'activity-began' : 'activity-ended';
    this.desk.state.put(activity, event, `${rest.description} ${rest.cause}`);
  }

  private makeRoom(scope: Scope, resourceId: string): void {
    const { state } = this.desk;
    const mine = state.activitiesOf(scope, resourceId).map(({ value }) => value);
    const surplus = mine.length - activitiesPerTargetMax + 1;
    if (surplus > 0) this.dropOldest(mine, surplus, 'a target keeps its newest activities');
    const account = scopeKey(scope);
    if ((this.counts.get(account) ?? 0) < activitiesPerScopeMax) return;
    if ((this.endedCounts.get(account) ?? 0) === 0) return;
    const all = state.scalingActivities(scope).map(({ value }) => value);
    this.dropOldest(all, activitiesDropped, 'an account keeps its newest activities');
  }

  private dropOldest(activities: readonly ScalingActivityRecord[], count: number, reason: string): void {
    const ended = activities.filter(({ endedAt }) => endedAt !== null);
    ended.sort((a, b) => a.startedAt - b.startedAt);
    for (const one of ended.slice(0, count)) this.desk.state.drop(one, 'activity-deleted', reason);
  }
}

function endedCount(record: StowageRecord | null): number {
  return record?.kind === 'scaling-activity' && record.endedAt !== null ? 1 : 0;
}

function keyOf(scope: Scope, resourceId: string): string {
  return `${scopeKey(scope)}/${resourceId}`;
}

function wordOf({ dimension }: ScalableTargetRecord): string {
  switch (dimension) {
    case ScalableDimension.CopyCount:
      return 'desired copy count';
    case ScalableDimension.InstanceCount:
      return 'desired instance count';
    default:
      return dimension satisfies never;
  }
}
