/**
 * What must hold of scaling, seen at every write: capacity within its bounds, no copies taken by a policy within its
 * cooldown after it took some, few turns of direction, nothing taken that is suspended, activities that end once.
 */
import type { Change } from '../../../src/contracts/store.js';
import type { ComponentRecord } from '../../../src/domain/inference-component.js';
import type { CopyRecord, StowageRecord } from '../../../src/domain/record.js';
import type { ScalableTargetRecord, ScalingActivityRecord } from '../../../src/domain/scaling.js';

/** Activities kept of one target. */
const activitiesMax = 100;
/** Turns of direction that a policy may make in a minute. */
const turnsMax = 6;
const minuteMs = 60_000;

interface Scaled {
  readonly at: number;
  readonly direction: 1 | -1;
}

export class ScalingChecker {
  readonly records = new Map<string, StowageRecord>();
  private readonly scaled = new Map<string, Scaled[]>();
  /** By component: when its policy took copies last. */
  private readonly takenAt = new Map<string, number>();
  scalings = 0;

  constructor(
    private readonly now: () => number,
    private readonly complain: (problem: string) => void,
    /** Of a component's policy, milliseconds; null = it has none. */
    private readonly scaleInCooldownMs: (component: string) => number | null,
  ) {}

  take(changes: readonly Change[]): void {
    const before = new Map(changes.map(({ key }) => [key, this.records.get(key)]));
    for (const { key, value } of changes) {
      if (value === null) this.records.delete(key);
      else this.records.set(key, value);
    }
    for (const { key, value, event, reason } of changes) {
      const was = before.get(key);
      if (value?.kind === 'inference-component' && was?.kind === 'inference-component') {
        this.checkComponent(was, value, event, reason);
      }
      if (value?.kind === 'scaling-activity') this.checkActivity(value, was);
    }
    this.checkActivityCounts(changes);
  }

  component(name: string): ComponentRecord | undefined {
    return (this.of('inference-component') as ComponentRecord[]).find((one) => one.name === name);
  }

  target(name: string): ScalableTargetRecord | undefined {
    const resource = `inference-component/${name}`;
    return this.of('scalable-target').find((one) => (one as ScalableTargetRecord).name === resource) as
      ScalableTargetRecord | undefined;
  }

  copiesOf(name: string): readonly CopyRecord[] {
    return this.of('copy').filter((one) =>
      (one as CopyRecord).component.endsWith(`/${name}`),
    ) as CopyRecord[];
  }

  of(kind: StowageRecord['kind']): readonly StowageRecord[] {
    return [...this.records.values()].filter((record) => record.kind === kind);
  }

  private checkComponent(was: ComponentRecord, is: ComponentRecord, event: string, reason: string): void {
    if (was.copyCount === is.copyCount || !/scaled|evicted/.test(event)) return;
    const { name, copyCount } = is;
    const target = this.target(name);
    const at = this.now();
    this.scalings++;
    if (target === undefined) return this.complain(`${name} is scaled and has no target: ${reason}`);
    const isDown = copyCount < was.copyCount;
    const isInside = copyCount >= target.minCapacity && copyCount <= target.maxCapacity;
    if (!isInside && event === 'component-scaled') {
      const bounds = `${target.minCapacity}..${target.maxCapacity}`;
      this.complain(`${name} goes from ${was.copyCount} to ${copyCount}, outside of ${bounds}: ${reason}`);
    }
    if (copyCount < 0) this.complain(`${name} has ${copyCount} copies`);
    const { dynamicScalingInSuspended } = target.suspended;
    const isByBounds = was.copyCount > target.maxCapacity || was.copyCount < target.minCapacity;
    if (isDown && dynamicScalingInSuspended && !isByBounds)
      this.complain(`${name} is scaled in though suspended`);
    if (isDown && /policy policy/.test(reason)) this.checkCooldown(name, at);
    // Who gives way to others asks again at once, and stands in line for it.
    if (/ requests? waits? for /.test(reason) && isDown) return;
    this.noteDirection(name, isDown ? -1 : 1, at);
  }

  private checkCooldown(name: string, at: number): void {
    const cooldownMs = this.scaleInCooldownMs(name) ?? 0;
    const sinceMs = at - (this.takenAt.get(name) ?? -Infinity);
    if (sinceMs < cooldownMs) this.complain(`${name} is scaled in ${sinceMs} ms after the last time`);
    this.takenAt.set(name, at);
  }

  private noteDirection(name: string, direction: 1 | -1, at: number): void {
    const all = this.scaled.get(name) ?? [];
    this.scaled.set(name, all);
    all.push({ at, direction });
    const lately = all.filter((one) => at - one.at < minuteMs);
    const turns = lately.filter((one, index) => index > 0 && one.direction !== lately[index - 1]!.direction);
    if (turns.length > turnsMax) this.complain(`${name} turned ${turns.length} times within a minute`);
  }

  private checkActivity(is: ScalingActivityRecord, was: StowageRecord | undefined): void {
    if (was?.kind !== 'scaling-activity') return;
    const isOver = was.status !== 'Pending' && was.status !== 'InProgress';
    if (isOver && was.status !== is.status) {
      this.complain(`activity ${is.name} was ${was.status} and became ${is.status}`);
    }
    if (is.startedAt !== was.startedAt) this.complain(`activity ${is.name} began again`);
  }

  private checkActivityCounts(changes: readonly Change[]): void {
    if (!changes.some(({ value }) => value?.kind === 'scaling-activity')) return;
    const counts = new Map<string, number>();
    for (const record of this.of('scaling-activity')) {
      const { resourceId } = record as ScalingActivityRecord;
      counts.set(resourceId, (counts.get(resourceId) ?? 0) + 1);
    }
    for (const [resource, count] of counts) {
      if (count > activitiesMax) this.complain(`${resource} has ${count} activities`);
    }
  }
}
