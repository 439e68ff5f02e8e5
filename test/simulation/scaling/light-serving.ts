/**
 * Requests without tokens: each is held until a copy of its component takes it, has it for a while, and ends. Reports to
 * control what the real serving reports. test/simulation/whole has the real one.
 */
import type { LoadReport, LoadReports, LoadSeries } from '../../../src/contracts/load-reports.js';
import type { CopyRoute, RouteTable } from '../../../src/contracts/route-feed.js';
import { componentKey } from '../../../src/domain/component.js';
import { copyKey, type CopyRef } from '../../../src/domain/copy.js';
import type { Scope } from '../../../src/domain/scope.js';
import type { VirtualClock } from '../virtual-clock.js';
import type { LightMachine } from './light-fleet.js';

const reportMs = 1_000;
const urgentMs = 2;
const quiet = { count: 0, sumMicroseconds: 0, minMicroseconds: 0, maxMicroseconds: 0, buckets: [] };

export interface LightRequest {
  readonly component: string;
  readonly workMs: number;
  readonly arrivedAt: number;
  /** Times a copy took it: each counts as an answer begun. */
  begun: number;
  outcome: 'served' | 'refused' | null;
}

interface Lane {
  readonly name: string;
  wakes: boolean;
  copies: CopyRoute[];
  readonly queue: LightRequest[];
  readonly inFlight: Map<LightRequest, CopyRef>;
  invocations: number;
  ended: number;
  concurrencyMax: number;
}

export interface LightServingParts {
  readonly clock: VirtualClock;
  readonly machine: LightMachine;
  readonly scope: Scope;
  readonly endpoint: string;
  readonly queueMsMax: number;
}

export class LightServing implements LoadReports {
  readonly requests: LightRequest[] = [];
  private readonly lanes = new Map<string, Lane>();
  private readonly loads = new Map<string, number>();
  private readonly listeners = new Set<(report: LoadReport) => void>();
  private hasUrgent = false;

  constructor(private readonly parts: LightServingParts) {
    this.reportLater();
  }

  onReport(listener: (report: LoadReport) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A new route table. */
  take({ endpoints, copies }: RouteTable): void {
    for (const { components } of endpoints) {
      for (const { component, wakes = false } of components) {
        const lane = this.lane(component.name);
        lane.wakes = wakes || component.copies.min > 0;
        const key = componentKey(component);
        lane.copies = copies.filter((copy) => copy.component === key);
        if (!lane.wakes && lane.copies.length === 0) this.refuseAll(lane);
        this.dispatch(lane);
      }
    }
  }

  ask(component: string, workMs: number): LightRequest {
    const { clock, queueMsMax } = this.parts;
    const lane = this.lane(component);
    const request: LightRequest = { component, workMs, arrivedAt: clock.now(), begun: 0, outcome: null };
    this.requests.push(request);
    lane.invocations++;
    if (!lane.wakes && lane.copies.length === 0) {
      request.outcome = 'refused';
      return request;
    }
    lane.queue.push(request);
    clock.after(queueMsMax, () => {
      const index = lane.queue.indexOf(request);
      if (index < 0) return;
      lane.queue.splice(index, 1);
      request.outcome = 'refused';
    });
    this.dispatch(lane);
    if (lane.queue.includes(request) && lane.copies.length === 0) this.reportSoon();
    lane.concurrencyMax = Math.max(lane.concurrencyMax, lane.queue.length + lane.inFlight.size);
    return request;
  }

  /** The copy died: what it had goes on elsewhere. */
  lost(copy: CopyRef): void {
    const key = copyKey(copy);
    this.loads.delete(key);
    for (const lane of this.lanes.values()) {
      const orphans = [...lane.inFlight].filter(([, holder]) => copyKey(holder) === key);
      for (const [request] of orphans) {
        lane.inFlight.delete(request);
        lane.queue.unshift(request);
      }
      lane.copies = lane.copies.filter((route) => copyKey(route.copy) !== key);
      if (orphans.length === 0) continue;
      this.dispatch(lane);
      if (lane.copies.length === 0) this.reportSoon();
    }
  }

  get open(): readonly LightRequest[] {
    return this.requests.filter(({ outcome }) => outcome === null);
  }

  private lane(name: string): Lane {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      const counts = { invocations: 0, ended: 0, concurrencyMax: 0 };
      lane = { name, wakes: false, copies: [], queue: [], inFlight: new Map(), ...counts };
      this.lanes.set(name, lane);
    }
    return lane;
  }

  private refuseAll(lane: Lane): void {
    for (const request of lane.queue.splice(0)) request.outcome = 'refused';
  }

  private dispatch(lane: Lane): void {
    while (lane.queue.length > 0) {
      const free = lane.copies
        .filter((route) => this.load(route) < route.capacity)
        .sort((a, b) => this.load(a) - this.load(b))[0];
      if (free === undefined) return;
      if (!this.parts.machine.occupy(free.copy, 1)) {
        // The connection to a copy that has gone is refused; the next table does not name it.
        lane.copies = lane.copies.filter((route) => route !== free);
        continue;
      }
      this.begin(lane, lane.queue.shift()!, free);
    }
  }

  private begin(lane: Lane, request: LightRequest, route: CopyRoute): void {
    const key = copyKey(route.copy);
    request.begun++;
    lane.inFlight.set(request, route.copy);
    this.loads.set(key, (this.loads.get(key) ?? 0) + 1);
    const turn = request.begun;
    this.parts.clock.after(request.workMs, () => {
      if (request.begun !== turn || !lane.inFlight.delete(request)) return;
      this.loads.set(key, (this.loads.get(key) ?? 1) - 1);
      this.parts.machine.occupy(route.copy, -1);
      request.outcome = 'served';
      lane.ended++;
      this.dispatch(lane);
    });
  }

  private load({ copy }: CopyRoute): number {
    return this.loads.get(copyKey(copy)) ?? 0;
  }

  private reportSoon(): void {
    if (this.hasUrgent) return;
    this.hasUrgent = true;
    this.parts.clock.after(urgentMs, () => {
      this.hasUrgent = false;
      this.report();
    });
  }

  private reportLater(): void {
    this.parts.clock.after(reportMs, () => {
      this.report();
      this.reportLater();
    });
  }

  private report(): void {
    const series = [...this.lanes.values()].flatMap((lane) => this.seriesOf(lane) ?? []);
    if (series.length === 0) return;
    const report = { at: this.parts.clock.wallNow(), series };
    for (const listener of [...this.listeners]) listener(report);
  }

  private seriesOf(lane: Lane): LoadSeries | null {
    const open = lane.queue.length + lane.inFlight.size;
    if (lane.invocations === 0 && open === 0 && lane.concurrencyMax === 0) return null;
    const isHeld = lane.copies.length === 0;
    const series: LoadSeries = {
      scope: this.parts.scope,
      endpoint: this.parts.endpoint,
      variant: 'all',
      component: lane.name,
      invocations: lane.invocations,
      errors4xx: 0,
      errors5xx: 0,
      modelErrors: 0,
      noCapacity: 0,
      modelLatency: quiet,
      overheadLatency: quiet,
      firstTokenLatency: quiet,
      concurrencyMin: 0,
      concurrencyMax: Math.max(lane.concurrencyMax, open),
      inFlight: lane.inFlight.size,
      queued: isHeld ? 0 : lane.queue.length,
      held: isHeld ? lane.queue.length : 0,
      promptTokens: lane.ended * 100,
      cachedTokens: 0,
      generatedTokens: lane.ended * 20,
      callers: [],
    };
    lane.invocations = 0;
    lane.ended = 0;
    lane.concurrencyMax = open;
    return series;
  }
}
