/**
 * Serving's connection to one incarnation of one copy. Redialled while the route table names it; when it
 * closes, the flights it had are handed back to its lane.
 */
import type { Clock } from '../contracts/clock.js';
import type { CopyRoute } from '../contracts/route-feed.js';
import type { WorkerDialer, WorkerLink } from '../contracts/worker-link.js';
import type { FromWorker, StepUpdate } from '../contracts/worker-protocol.js';
import type { FirstTokenTerms } from '../decide/routing/first-token.js';
import type { RoutableCopy } from '../decide/routing/pick-copy.js';
import { hashName } from '../decide/routing/prefix-owner.js';
import { CopySpeed, type PromptSizes } from './copy-speed.js';
import type { Flight, FlightHolder } from './flight.js';

/** Pause before dialling again a copy that the route table still names, milliseconds. */
const redialMs = 200;

export interface CopyConnectionEvents {
  readonly onOpen: () => void;
  readonly onUpdate: (flight: Flight, update: StepUpdate) => void;
  /** The flights it had when it closed, in the order they were handed over. */
  readonly onLost: (flights: readonly Flight[], reason: string) => void;
}

export class CopyConnection implements RoutableCopy, FlightHolder {
  readonly id: string;
  readonly idHash: number;
  /** Requests it computes at once and a few more, so that a freed place is filled without a round trip. */
  readonly capacity: number;
  /** What requests have shown of it. */
  readonly speed: CopySpeed;
  /** As the route table says now. */
  group: number;
  private link: WorkerLink | null = null;
  private open = false;
  private retired = false;
  /** Flights by place. A stream's number is its place plus a multiple of their count that never comes again. */
  private readonly places: (Flight | null)[];
  private readonly freePlaces: number[];
  private round = 0;

  constructor(
    readonly route: CopyRoute,
    private readonly dialer: WorkerDialer,
    private readonly clock: Clock,
    private readonly events: CopyConnectionEvents,
    sizes: PromptSizes,
  ) {
    this.id = route.copy.id;
    this.idHash = hashName(this.id);
    this.group = route.group;
    this.capacity = route.capacity + Math.ceil(route.capacity / 4);
    this.speed = new CopySpeed(this.capacity, Math.max(1, route.capacity), sizes);
    this.places = new Array<Flight | null>(this.capacity).fill(null);
    this.freePlaces = this.places.map((_, place) => place).reverse();
    this.dial();
  }

  get outstanding(): number {
    return this.capacity - this.freePlaces.length;
  }

  get firstToken(): FirstTokenTerms {
    return this.speed.terms;
  }

  /** True when it may be given requests. */
  get isUsable(): boolean {
    return this.open && !this.retired;
  }

  /** Hands a flight over; only while `outstanding` is below `capacity`. */
  submit(flight: Flight): void {
    const place = this.freePlaces.pop()!;
    const stream = this.capacity * this.round++ + place;
    this.places[place] = flight;
    flight.holder = { connection: this, stream };
    flight.copy = this.route;
    if (flight.prefix !== null) this.speed.give(place, flight.prefix, this.clock.now());
    this.link?.send({ type: 'submit', streams: [flight.submission(stream, this.clock.now())] });
  }

  /** Takes a flight back, whether or not it has ended. */
  withdraw(flight: Flight): void {
    if (flight.holder?.connection !== this) return;
    const { stream } = flight.holder;
    this.drop(flight);
    this.link?.send({ type: 'cancel', streams: [stream] });
    this.closeIfDone();
  }

  /** What it has been handed and has not ended. */
  flights(): Flight[] {
    return this.places.filter((flight) => flight !== null);
  }

  /** No new requests; the connection ends with its last flight. */
  retire(): void {
    this.retired = true;
    this.closeIfDone();
  }

  private dial(): void {
    this.link = this.dialer.dial(this.route.address, this.route.copy, {
      onOpen: () => {
        this.open = true;
        this.events.onOpen();
      },
      onMessage: (message) => this.hear(message),
      onClose: (reason) => this.lose(reason),
    });
  }

  private hear(message: FromWorker): void {
    if (message.type !== 'step') return;
    let now = -1;
    for (const update of message.updates) {
      const flight = this.places[update.stream % this.capacity];
      if (flight?.holder?.stream !== update.stream) continue;
      if (flight.prefix !== null) {
        if (now < 0) this.speed.step((now = this.clock.now()));
        this.measure(flight, update, now);
      }
      if (update.end !== undefined || update.error !== undefined) this.drop(flight);
      this.events.onUpdate(flight, update);
    }
    this.closeIfDone();
  }

  private measure(flight: Flight, update: StepUpdate, now: number): void {
    const place = update.stream % this.capacity;
    const isFirst = update.tokens.length > 0 || update.end !== undefined;
    if (isFirst) {
      const promptTokens = update.promptTokens ?? flight.usage.promptTokens;
      this.speed.firstToken(place, promptTokens, update.cachedTokens ?? flight.usage.cachedTokens, now);
    }
    if (update.end !== undefined) this.speed.leave(place, true, now);
  }

  private drop(flight: Flight): void {
    const place = flight.holder!.stream % this.capacity;
    this.places[place] = null;
    this.freePlaces.push(place);
    flight.holder = null;
    if (flight.prefix === null) return;
    this.speed.leave(place, false, 0);
    if (this.outstanding === 0) this.speed.rest();
  }

  private lose(reason: string): void {
    this.open = false;
    this.link = null;
    const flights = this.flights().sort((a, b) => a.holder!.stream - b.holder!.stream);
    for (const flight of flights) this.drop(flight);
    this.events.onLost(flights, reason);
    if (!this.retired) {
      this.clock.after(redialMs, () => {
        if (!this.retired) this.dial();
      });
    }
  }

  private closeIfDone(): void {
    if (this.retired && this.outstanding === 0) this.link?.close();
  }
}
