/**
 * One component's requests, as serving keeps them: handed to a copy with room at once, else in a bounded queue, first
 * come first served, where they wait or are refused by the limits of the component's options. Which copy is chosen is
 * the decision of `decide/routing`.
 */
import { pickCopy } from '../../../decide/routing/pick-copy.js';
import { RoutingStrategy } from '../../../domain/component.js';
import type { ForecastComponent, ForecastRequest } from '../forecast-input.js';
import type { EventQueue } from './event-queue.js';
import { newFlight, type ReplayFlight } from './flight.js';
import type { RequestMeter } from './measures.js';
import type { ReplayCopy } from './replay-instance.js';

export interface LaneListener {
  /** Something arrived; `isHeld`: there is no copy that takes it. */
  onArrival(request: ForecastRequest, isHeld: boolean): void;
  /** There are to be copies. */
  isWanted(): boolean;
  onOpen(change: number): void;
  onFirstToken(flight: ReplayFlight): void;
  /** `isAnswered`: it was not refused. */
  onEnd(flight: ReplayFlight, isAnswered: boolean): void;
}

export class Lane {
  /** Those that wait, from `head` on; a copy that goes puts nobody back, it finishes. */
  private waiting: ReplayFlight[] = [];
  private head = 0;
  /** Copies that take requests. */
  readonly copies: ReplayCopy[] = [];
  /** Copies that finish what they have. */
  readonly leaving = new Set<ReplayCopy>();
  open = 0;

  constructor(
    readonly component: ForecastComponent,
    readonly meter: RequestMeter,
    private readonly queue: EventQueue,
    private readonly chance: () => number,
    private readonly listener: LaneListener,
  ) {}

  get waitingCount(): number {
    return this.waiting.length - this.head;
  }

  get isHolding(): boolean {
    return this.copies.length === 0;
  }

  arrive(request: ForecastRequest): void {
    const { component, meter, copies } = this;
    const { refusesAtZero = false } = component;
    const flight = newFlight(request, this.prefixKeyOf(request));
    meter.arrivals++;
    this.changeOpen(1);
    const copy = this.waitingCount === 0 ? this.pick(flight) : null;
    const isHeld = copy === null && copies.length === 0;
    this.listener.onArrival(request, isHeld && !refusesAtZero);
    if (copy !== null) this.handOver(flight, copy);
    else if (isHeld && refusesAtZero) this.refuse(flight, 'COLD-504');
    else if (isHeld && !component.wakes && !this.listener.isWanted()) this.refuse(flight, 'COLD-501');
    else if (this.waitingCount >= component.limits.jobQueueLengthMax) this.refuse(flight, 'CAP-101');
    else {
      if (isHeld) meter.held++;
      this.waiting.push(flight);
    }
  }

  /** A copy has come up, or has room again. */
  dispatch(): void {
    while (this.head < this.waiting.length) {
      const flight = this.waiting[this.head]!;
      const copy = this.pick(flight);
      if (copy === null) break;
      this.head++;
      if (!flight.isEnded) this.handOver(flight, copy);
    }
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
  }

  /** Ends what has waited or run longer than the component allows. */
  sweep(): void {
    if (this.open === 0) return;
    const { queueSecondsMax, predictSecondsMax } = this.component.limits;
    const { now } = this.queue;
    while (this.head < this.waiting.length) {
      const flight = this.waiting[this.head]!;
      const waited = now - flight.request.atMs;
      if (waited <= Math.min(queueSecondsMax, predictSecondsMax) * 1000) break;
      this.head++;
      this.refuse(flight, waited > predictSecondsMax * 1000 ? 'RUN-306' : 'COLD-502');
    }
    for (const copy of [...this.copies, ...this.leaving]) {
      for (const flight of copy.engine.flights()) {
        if (flight.isEnded || now - flight.request.atMs <= predictSecondsMax * 1000) continue;
        copy.engine.withdraw(flight);
        this.release(copy);
        this.refuse(flight, 'RUN-306');
      }
    }
    this.dispatch();
  }

  noteFirstToken(flight: ReplayFlight): void {
    this.meter.firstTokenMs.push(flight.firstTokenAt! - flight.request.atMs);
    this.listener.onFirstToken(flight);
  }

  noteEnd(flight: ReplayFlight, copy: ReplayCopy): void {
    const { meter, component, queue } = this;
    meter.completed++;
    meter.totalMs.push(queue.now + component.profile.overheadMs - flight.request.atMs);
    meter.promptTokens += flight.request.promptTokens;
    meter.cachedTokens += flight.cachedTokens;
    meter.generatedTokens += flight.request.outputTokens;
    this.changeOpen(-1);
    this.listener.onEnd(flight, true);
    this.release(copy);
    this.dispatch();
  }

  private release(copy: ReplayCopy): void {
    copy.outstanding--;
    copy.onRelease();
  }

  private handOver(flight: ReplayFlight, copy: ReplayCopy): void {
    copy.outstanding++;
    copy.engine.submit(flight);
  }

  private refuse(flight: ReplayFlight, code: string): void {
    flight.isEnded = true;
    this.meter.reject(code);
    this.changeOpen(-1);
    this.listener.onEnd(flight, false);
  }

  private changeOpen(change: number): void {
    this.open += change;
    this.listener.onOpen(change);
  }

  /** Prompts that nothing is known of begin differently. */
  private prefixKeyOf({ prefixBlocks }: ForecastRequest): number {
    if (this.component.routing !== RoutingStrategy.PrefixAware) return 0;
    return prefixBlocks?.[0] ?? Math.floor(this.chance() * 2 ** 32);
  }

  private pick({ prefixKey }: ReplayFlight): ReplayCopy | null {
    const { copies, component } = this;
    if (copies.length === 0) return null;
    const chance = this.chance();
    const ask = { chance, prefixKey, concurrencyThreshold: component.concurrencyThreshold };
    return copies[pickCopy(copies, component.routing, chance, ask)] ?? null;
  }
}
