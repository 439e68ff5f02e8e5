/**
 * Whose the fleet's time was, from turn to turn, as metrics of `Stowage/Billing`: `AcceleratorSeconds` and `Cost` (US
 * dollars by the catalogue) by component, by account and by key, each with the state, and without dimensions for all of
 * the fleet. `DedicatedSeconds` and `DedicatedCost` are what one endpoint for each model would have come to: an instance
 * of its own for each component that exists, all the time.
 *
 * What was added up is put down every ten seconds and when control ends: a process that is killed loses ten seconds at
 * most, and time in which no control process runs is on no bill.
 */
import type { LoadReport, LoadReports } from '../../contracts/load-reports.js';
import type { MetricStore } from '../../contracts/metric-store.js';
import {
  acceleratorSecondsOf,
  type BilledCopy,
  type BillLine,
  billOf,
  BillState,
  type KeyTime,
  reservedPart,
} from '../../decide/cost/bill.js';
import { componentKey, parseComponentKey, WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { type InstanceRecord, InstanceState } from '../../domain/instance.js';
import { constantValue, type MetricPoint } from '../../domain/metric.js';
import type { CopyRecord } from '../../domain/record.js';
import type { Scope } from '../../domain/scope.js';
import { keyOfComponent } from '../agenda.js';
import { type Desk, keyOfCopy, type Turn } from '../desk.js';
import { BillSums } from './bill-sums.js';

/** Sums are put down with the end of each such stretch, milliseconds. */
const stretchMs = 10_000;
/** Between two looks at what is there, milliseconds; an instance that goes in between is billed until the last one. */
const lookMs = 400;
/** A standstill longer than this is not billed: nobody saw what was there, milliseconds. */
const gapMsMax = 60_000;
/** What keys took of a component counts until it is used, or so long, milliseconds. */
const keysKeptMs = 5_000;

interface KeyPot {
  times: Map<string, number>;
  at: number;
}

export class BillingMeter {
  private readonly pots = new Map<string, KeyPot>();
  /** Until when each instance is billed, wall clock. */
  private billedUntil = new Map<string, number>();
  /** The instance type that each component was seen on last. */
  private readonly typeOf = new Map<string, string>();
  private sums = new BillSums();
  private stretch = 0;
  private countedAt: number | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    reports: LoadReports,
    private readonly metrics: MetricStore,
  ) {
    this.unsubscribe = reports.onReport((report) => this.take(report));
  }

  /** Adds the time since it was asked last; asked in each turn. */
  note(desk: Desk, turn: Turn): void {
    const { wall } = turn;
    if (this.countedAt !== null && wall - this.countedAt < lookMs && wall >= this.countedAt) return;
    const stretch = Math.floor(wall / stretchMs) * stretchMs;
    if (stretch !== this.stretch) this.flush();
    this.stretch = stretch;
    const billedUntil = new Map<string, number>();
    for (const { value } of desk.state.instances()) {
      if (value.state === InstanceState.Pending) continue;
      this.noteInstance(desk, turn, value);
      billedUntil.set(value.id, wall);
    }
    this.billedUntil = billedUntil;
    this.noteDedicated(desk, wall);
    this.countedAt = wall;
    for (const [component, { at }] of this.pots) {
      if (wall - at > keysKeptMs) this.pots.delete(component);
    }
  }

  /** Puts down what was added up, and hears no more. */
  close(): void {
    this.unsubscribe();
    this.flush();
  }

  private take({ series, at }: LoadReport): void {
    for (const { scope, endpoint, variant, component, callers } of series) {
      if (callers.length === 0) continue;
      const name = component ?? variant;
      const kind = component === null ? WorkloadKind.Variant : WorkloadKind.Component;
      const key = componentKey({ scope, endpoint, name, kind });
      const times = new Map<string, number>();
      for (const { key: caller, copyMs } of callers) if (copyMs > 0) times.set(caller, copyMs);
      // The newest report is the nearest to what the copies have now.
      if (times.size > 0) this.pots.set(key, { times, at });
    }
  }

  private noteInstance(desk: Desk, turn: Turn, instance: InstanceRecord): void {
    const { wall } = turn;
    const from = this.billedUntil.get(instance.id) ?? Math.max(instance.since, this.countedAt ?? wall);
    const ms = wall - from;
    if (ms <= 0 || ms > gapMsMax) return;
    const type = desk.catalogue.get(instance.type);
    const copies = desk.state.copiesOn(instance.id).flatMap(({ value }): BilledCopy[] => {
      this.typeOf.set(value.component, instance.type);
      const state = stateOf(value, turn);
      const part = partOf(value, instance);
      return state === null || part <= 0 ? [] : [{ component: value.component, part, state }];
    });
    const { accelerators } = instance.capacity;
    const billed = { accelerators, pricePerHour: type?.pricePerHour ?? 0, seconds: ms / 1000, copies };
    const lines = billOf(billed, (component) => this.keysOf(component));
    for (const line of lines) this.add(instance.scope, line);
    this.sums.add(instance.scope, 'AcceleratorSeconds', [], acceleratorSecondsOf(accelerators, ms / 1000));
    this.sums.add(instance.scope, 'Cost', [], (billed.pricePerHour * ms) / 3_600_000);
  }

  private keysOf(component: string): readonly KeyTime[] {
    const pot = this.pots.get(component);
    return pot === undefined ? [] : [...pot.times].map(([key, ms]) => ({ key, ms }));
  }

  private add(scope: Scope, { component, key, state, acceleratorSeconds, dollars }: BillLine): void {
    const stateDimension = { name: 'State', value: state };
    const breakdowns = [
      [{ name: 'InferenceComponentName', value: shownName(component) }, stateDimension],
      [{ name: 'Account', value: scope.account }, stateDimension],
      [{ name: 'Key', value: key }, stateDimension],
    ];
    for (const dimensions of breakdowns) {
      this.sums.add(scope, 'AcceleratorSeconds', dimensions, acceleratorSeconds);
      this.sums.add(scope, 'Cost', dimensions, dollars);
    }
  }

  /** An instance for each component that exists, of the type that it was on last. */
  private noteDedicated(desk: Desk, wall: number): void {
    const ms = this.countedAt === null ? 0 : wall - this.countedAt;
    if (ms <= 0 || ms > gapMsMax) return;
    for (const { value } of desk.state.allComponents()) {
      if (value.status === ComponentStatus.Deleting) continue;
      const type = desk.catalogue.get(this.typeOf.get(keyOfComponent(value)) ?? '');
      if (type === undefined) continue;
      this.sums.add(value.scope, 'DedicatedSeconds', [], acceleratorSecondsOf(type.accelerators, ms / 1000));
      this.sums.add(value.scope, 'DedicatedCost', [], (type.pricePerHour * ms) / 3_600_000);
    }
  }

  private flush(): void {
    const points: MetricPoint[] = [];
    for (const { metric, value } of this.sums) {
      const unit = metric.metricName.endsWith('Seconds') ? 'Seconds' : 'None';
      points.push({ metric, at: this.stretch, unit, values: constantValue(value) });
    }
    this.sums = new BillSums();
    if (points.length > 0) this.metrics.put(points);
  }
}

/** Null = there is no process and there will be none. */
function stateOf(copy: CopyRecord, turn: Turn): BillState | null {
  if (copy.wish !== 'run') return copy.state === CopyState.Exited ? null : BillState.Draining;
  switch (copy.state) {
    case CopyState.Starting:
    case CopyState.Loading:
    case CopyState.Exited:
      return BillState.Waking;
    case CopyState.Draining:
      return BillState.Draining;
    case CopyState.Ready: {
      const report = turn.seen.get(keyOfCopy(copy.copy))?.report ?? null;
      return report !== null && report.running + report.waiting > 0 ? BillState.Busy : BillState.Idle;
    }
    default:
      return copy.state satisfies never;
  }
}

function partOf({ component, resources, accelerators }: CopyRecord, { capacity }: InstanceRecord): number {
  const isOwnModel = parseComponentKey(component).kind === WorkloadKind.Variant;
  return isOwnModel ? 1 : reservedPart(resources, accelerators, capacity);
}

/** As metrics name it: the component's name, of a variant's own model `endpoint/variant:name`. */
function shownName(component: string): string {
  if (component.startsWith('(')) return component;
  const { endpoint, name, kind } = parseComponentKey(component);
  return kind === WorkloadKind.Variant ? `${endpoint}/variant:${name}` : name;
}
