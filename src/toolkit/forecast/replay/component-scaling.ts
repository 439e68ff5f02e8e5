/**
 * How many copies one component shall have, asked of `decideCapacity` as the control loop asks it: each second while
 * something is open, each ten seconds otherwise, and at once when requests wait for a component without a copy. What
 * the decision sees is what the load board and the metric store would show it at that time.
 */
import { decideCapacity } from '../../../decide/scaling/decide-capacity.js';
import type { PolicySituation } from '../../../decide/scaling/situation.js';
import { nothingSuspended } from '../../../domain/scaling.js';
import type { ForecastRequest, ForecastScaling } from '../forecast-input.js';
import type { EventQueue } from './event-queue.js';
import type { Workload } from './fleet.js';
import type { ReplayFlight } from './flight.js';

/** From a request that is held to the decision: an urgent report and a turn of the loop, milliseconds. */
const urgentMs = 15;
const busyTurnMs = 1_000;
const calmTurnMs = 10_000;
const pointMs = 10_000;
const minuteMs = 60_000;
/** A stretch's metrics are there so long after its end, milliseconds. */
const metricLagMs = 1_500;
/** Points that are kept: an hour; target tracking looks at fewer. */
const pointsMax = 360;
/** Points that target tracking is shown, by the metric it follows: what scaling in looks at. */
const shownPoints = { concurrency: 90, invocations: 15 } as const;

/** What came in ten seconds; the points that an objective is held by are these very objects. */
interface Stretch {
  /** Its end. */
  readonly at: number;
  arrivals: number;
  promptTokens: number;
  generatedTokens: number;
  firstTokenP95Ms: number | null;
  /** From arrival to first token of the answers that ended in it, smallest first. */
  readonly firstTokensMs: number[];
  concurrencyMax: number;
  /** The most requests per copy, arrivals by the copies there were, and the copies of its end. */
  perCopyMax: number;
  arrivalsPerCopy: number;
  ready: number;
}

export class ComponentScaling {
  private readonly stretches: Stretch[] = [];
  private lastOutAt: number | null = null;
  private lastInAt: number | null = null;
  private lastOutFrom: number | null = null;
  private idleSince = 0;
  private isUrgent = false;

  constructor(
    private readonly workload: Workload,
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
    stretch.ready = lane.copies.length;
    if (lane.open === 0) this.idleSince = this.queue.now;
  }

  noteEnd({ request, firstTokenAt }: ReplayFlight): void {
    const stretch = this.stretch();
    if (firstTokenAt !== null) noteFirstToken(stretch, firstTokenAt - request.atMs);
    stretch.promptTokens += request.promptTokens;
    stretch.generatedTokens += request.outputTokens;
  }

  /** One copy fewer, because others need its room more. */
  giveWay(): void {
    this.workload.wanted = Math.max(0, this.workload.wanted - 1);
    this.lastInAt = this.queue.now;
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
      idleMs: this.idleMs(),
      lastOutAt: this.lastOutAt,
      lastInAt: this.lastInAt,
      lastOutFrom: this.lastOutFrom,
      policies: component.scaling.map((policy) => this.situationOf(policy)),
    });
    if (capacity === wanted) return;
    if (capacity > wanted) {
      this.lastOutAt = queue.now;
      this.lastOutFrom = wanted;
    } else this.lastInAt = queue.now;
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
          isMissingNothing: true,
          ...(policy.metric === 'concurrency' ? this.concurrencyPoints() : this.invocationPoints()),
        };
      case 'slo':
        return { kind: 'slo', ...shared, slo: this.sloSituation(policy.share, policy.firstTokenMs) };
      default:
        return policy satisfies never;
    }
  }

  /** Largest values of whole stretches. */
  private concurrencyPoints(): Points {
    const shown = this.emptyPoints(pointMs, shownPoints.concurrency, 0);
    this.eachShown(shown, pointMs, (place, { perCopyMax, ready }) => {
      shown.points[place] = perCopyMax;
      shown.capacities[place] = ready;
    });
    return shown;
  }

  /** Sums of whole minutes; a minute without a call has no value. */
  private invocationPoints(): Points {
    const shown = this.emptyPoints(minuteMs, shownPoints.invocations, null);
    this.eachShown(shown, minuteMs, (place, { arrivalsPerCopy, ready }) => {
      if (arrivalsPerCopy > 0) shown.points[place] = (shown.points[place] ?? 0) + arrivalsPerCopy;
      shown.capacities[place] = ready;
    });
    return shown;
  }

  private emptyPoints(periodMs: number, countMax: number, value: number | null): Points {
    const end = Math.floor((this.queue.now - metricLagMs) / periodMs) * periodMs;
    const count = Math.max(0, Math.min(countMax, end / periodMs));
    return {
      end,
      periodSeconds: periodMs / 1000,
      points: new Array<number | null>(count).fill(value),
      capacities: new Array<number>(count).fill(this.workload.lane.copies.length),
    };
  }

  private eachShown(
    { end, points }: Points,
    periodMs: number,
    use: (place: number, stretch: Stretch) => void,
  ): void {
    for (let index = this.stretches.length - 1; index >= 0; index--) {
      const stretch = this.stretches[index]!;
      const periodEnd = Math.ceil(stretch.at / periodMs) * periodMs;
      const place = points.length - 1 - (end - periodEnd) / periodMs;
      if (place < 0) break;
      if (place < points.length) use(place, stretch);
    }
  }

  private sloSituation(share: number, firstTokenMs: number) {
    const { workload, queue } = this;
    const { lane, component, wanted } = workload;
    const waiting = lane.waitingCount;
    return {
      now: queue.now,
      min: component.copies.min,
      max: component.copies.max,
      copies: wanted,
      ready: lane.copies.length,
      share,
      firstTokenMs,
      points: this.stretches,
      pointSeconds: pointMs / 1000,
      inFlight: lane.open - waiting,
      queued: lane.isHolding ? 0 : waiting,
      held: lane.isHolding ? waiting : 0,
      service: component.profile,
      coldStartMs: workload.starts.expectedMs(),
      idleMs: this.idleMs(),
      idleCostShare: workload.idleCostShare(),
    };
  }

  private idleMs(): number {
    return this.workload.lane.open > 0 ? 0 : this.queue.now - this.idleSince;
  }

  private stretch(): Stretch {
    const at = (Math.floor(this.queue.now / pointMs) + 1) * pointMs;
    const last = this.stretches.at(-1);
    if (last?.at === at) return last;
    const { open, copies } = this.workload.lane;
    const counts = { arrivals: 0, promptTokens: 0, generatedTokens: 0, arrivalsPerCopy: 0 };
    const stretch: Stretch = {
      at,
      ...counts,
      firstTokenP95Ms: null,
      firstTokensMs: [],
      concurrencyMax: open,
      perCopyMax: open / Math.max(1, copies.length),
      ready: copies.length,
    };
    this.stretches.push(stretch);
    if (this.stretches.length > pointsMax) this.stretches.shift();
    return stretch;
  }
}

/** Keeps the values in order, so that the percentile is at its place. */
function noteFirstToken(stretch: Stretch, milliseconds: number): void {
  const { firstTokensMs } = stretch;
  let place = firstTokensMs.length;
  while (place > 0 && firstTokensMs[place - 1]! > milliseconds) place--;
  firstTokensMs.splice(place, 0, milliseconds);
  stretch.firstTokenP95Ms = firstTokensMs[Math.ceil(0.95 * firstTokensMs.length) - 1]!;
}

/** Oldest first. */
interface Points {
  /** Of the newest. */
  readonly end: number;
  readonly periodSeconds: number;
  readonly points: (number | null)[];
  readonly capacities: number[];
}
