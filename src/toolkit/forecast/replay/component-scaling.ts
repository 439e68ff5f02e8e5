/**
 * How many copies one component shall have, asked of `decideCapacity` as the control loop asks it: each second while
 * something is open, each ten seconds otherwise, and at once when requests wait for a component without a copy. What
 * the decision sees is what the load board and the metric store would show it at that time.
 */
import { decideCapacity } from '../../../decide/scaling/decide-capacity.js';
import type { PolicySituation } from '../../../decide/scaling/situation.js';
import type { LoadPoint } from '../../../decide/scaling/slo/situation.js';
import { nothingSuspended } from '../../../domain/scaling.js';
import type { ForecastPool, ForecastRequest, ForecastScaling } from '../forecast-input.js';
import type { EventQueue } from './event-queue.js';
import type { Workload } from './fleet.js';
import type { ReplayFlight } from './flight.js';
import { coldStartOf } from './replay-instance.js';

/** From a request that is held to the decision: an urgent report and a turn of the loop, milliseconds. */
const urgentMs = 15;
const busyTurnMs = 1_000;
const calmTurnMs = 10_000;
const pointMs = 10_000;
/** A stretch's metrics are there so long after its end, milliseconds. */
const metricLagMs = 1_500;
/** Points that are kept: an hour; target tracking looks at fewer. */
const pointsMax = 360;
/** Points that target tracking is shown, by the metric it follows: what scaling in looks at. */
const shownPoints = { concurrency: 90, invocations: 15 } as const;

interface Stretch {
  readonly end: number;
  arrivals: number;
  promptTokens: number;
  generatedTokens: number;
  concurrencyMax: number;
  /** The most requests per copy, and arrivals by the copies there were. */
  perCopyMax: number;
  arrivalsPerCopy: number;
}

export class ComponentScaling {
  private readonly stretches: Stretch[] = [];
  private lastOutAt: number | null = null;
  private lastInAt: number | null = null;
  private idleSince = 0;
  private isUrgent = false;

  constructor(
    private readonly workload: Workload,
    private readonly pool: ForecastPool,
    private readonly queue: EventQueue,
    private readonly onChange: () => void,
    /** False: nothing more will come, so looking can end. */
    private readonly goesOn: () => boolean,
  ) {}

  /** Decides again and again. */
  begin(): void {
    if (this.workload.component.scaling.length > 0 || this.workload.component.wakes) this.later();
  }

  noteArrival(_: ForecastRequest, isHeld: boolean): void {
    const stretch = this.stretch();
    stretch.arrivals++;
    stretch.arrivalsPerCopy += 1 / Math.max(1, this.workload.lane.copies.length);
    this.noteOpen();
    if (!isHeld || !this.workload.component.wakes || this.isUrgent || this.workload.wanted > 0) return;
    this.isUrgent = true;
    this.queue.put(this.queue.now + urgentMs, () => {
      this.isUrgent = false;
      this.decide();
    });
  }

  noteOpen(): void {
    const { lane } = this.workload;
    const stretch = this.stretch();
    stretch.concurrencyMax = Math.max(stretch.concurrencyMax, lane.open);
    stretch.perCopyMax = Math.max(stretch.perCopyMax, lane.open / Math.max(1, lane.copies.length));
    if (lane.open === 0) this.idleSince = this.queue.now;
  }

  noteEnd({ request }: ReplayFlight): void {
    const stretch = this.stretch();
    stretch.promptTokens += request.promptTokens;
    stretch.generatedTokens += request.outputTokens;
  }

  private later(): void {
    const { lane, wanted, component } = this.workload;
    const isCalm = lane.open === 0 && (wanted === 0 || wanted === component.copies.min);
    this.queue.put(this.queue.now + (isCalm ? calmTurnMs : busyTurnMs), () => {
      if (!this.goesOn()) return;
      this.decide();
      this.later();
    });
  }

  private decide(): void {
    const { workload, queue } = this;
    const { lane, component, wanted } = workload;
    const held = lane.isHolding ? lane.waitingCount : 0;
    const { capacity } = decideCapacity({
      now: queue.now,
      min: component.copies.min,
      max: component.copies.max,
      suspended: nothingSuspended,
      capacity: wanted,
      ready: lane.copies.length,
      held,
      lastOutAt: this.lastOutAt,
      lastInAt: this.lastInAt,
      policies: component.scaling.map((policy) => this.situationOf(policy)),
    });
    if (capacity === wanted) return;
    if (capacity > wanted) this.lastOutAt = queue.now;
    else this.lastInAt = queue.now;
    workload.wanted = capacity;
    this.onChange();
  }

  private situationOf(policy: ForecastScaling): PolicySituation {
    const { name, scaleOutCooldownMs, scaleInCooldownMs, isScaleInDisabled } = policy;
    const shared = { name, scaleOutCooldownMs, scaleInCooldownMs, isScaleInDisabled };
    switch (policy.kind) {
      case 'target-tracking':
        return {
          kind: 'target-tracking',
          ...shared,
          targetValue: policy.targetValue,
          isPerCapacity: true,
          points: policy.metric === 'concurrency' ? this.concurrencyPoints() : this.invocationPoints(),
          periodSeconds: policy.metric === 'concurrency' ? 10 : 60,
        };
      case 'slo':
        return { kind: 'slo', ...shared, slo: this.sloSituation(policy.share, policy.firstTokenMs) };
      default:
        return policy satisfies never;
    }
  }

  /** Largest values of whole stretches, oldest first. */
  private concurrencyPoints(): readonly (number | null)[] {
    const { now } = this.queue;
    const last = Math.floor((now - metricLagMs) / pointMs) * pointMs;
    const count = Math.min(shownPoints.concurrency, last / pointMs);
    const values = new Array<number | null>(Math.max(0, count)).fill(0);
    for (const { end, perCopyMax } of this.stretches) {
      const place = values.length - 1 - (last - end) / pointMs;
      if (place >= 0 && place < values.length) values[place] = perCopyMax;
    }
    return values;
  }

  /** Sums of whole minutes, oldest first; a minute without a call has no value. */
  private invocationPoints(): readonly (number | null)[] {
    const minuteMs = 60_000;
    const last = Math.floor((this.queue.now - metricLagMs) / minuteMs) * minuteMs;
    const count = Math.min(shownPoints.invocations, last / minuteMs);
    const values = new Array<number | null>(Math.max(0, count)).fill(null);
    for (const { end, arrivalsPerCopy } of this.stretches) {
      const place = values.length - 1 - (last - Math.ceil(end / minuteMs) * minuteMs) / minuteMs;
      if (place < 0 || place >= values.length || arrivalsPerCopy === 0) continue;
      values[place] = (values[place] ?? 0) + arrivalsPerCopy;
    }
    return values;
  }

  private sloSituation(share: number, firstTokenMs: number) {
    const { workload, queue, pool } = this;
    const { lane, component, wanted } = workload;
    const waiting = lane.waitingCount;
    const { ms } = coldStartOf(workload.files(), workload.index, component.profile, pool, queue.now);
    return {
      now: queue.now,
      min: component.copies.min,
      max: component.copies.max,
      copies: wanted,
      ready: lane.copies.length,
      share,
      firstTokenMs,
      points: this.points(),
      pointSeconds: pointMs / 1000,
      inFlight: lane.open - waiting,
      queued: lane.isHolding ? 0 : waiting,
      held: lane.isHolding ? waiting : 0,
      service: component.profile,
      coldStartMs: ms,
      idleMs: lane.open > 0 ? 0 : queue.now - this.idleSince,
      idleCostShare: workload.idleCostShare(),
    };
  }

  private points(): readonly LoadPoint[] {
    const { stretches } = this;
    return stretches.map(({ end, arrivals, promptTokens, generatedTokens, concurrencyMax }) => {
      return { at: end, arrivals, promptTokens, generatedTokens, firstTokenP95Ms: null, concurrencyMax };
    });
  }

  private stretch(): Stretch {
    const end = (Math.floor(this.queue.now / pointMs) + 1) * pointMs;
    const last = this.stretches.at(-1);
    if (last?.end === end) return last;
    const { lane } = this.workload;
    const open = lane.open;
    const perCopyMax = open / Math.max(1, lane.copies.length);
    const counts = { arrivals: 0, promptTokens: 0, generatedTokens: 0, arrivalsPerCopy: 0 };
    const stretch = { end, ...counts, concurrencyMax: open, perCopyMax };
    this.stretches.push(stretch);
    if (this.stretches.length > pointsMax) this.stretches.shift();
    return stretch;
  }
}
