/**
 * Serving's connection to one incarnation of one copy. Redialled while the route table names it; when it
 * closes, the flights it had are handed back to its lane.
 */
import type { Clock } from '../contracts/clock.js';
import type { CopyRoute } from '../contracts/route-feed.js';
import type { WorkerDialer, WorkerLink } from '../contracts/worker-link.js';
import type { FromWorker, StepUpdate } from '../contracts/worker-protocol.js';
import type { RoutableCopy } from '../decide/routing/pick-copy.js';
import type { Flight } from './flight.js';

/** Pause before dialling again a copy that the route table still names, milliseconds. */
const redialMs = 200;

export interface CopyConnectionEvents {
  readonly onOpen: () => void;
  readonly onUpdate: (flight: Flight, update: StepUpdate) => void;
  /** The flights it had when it closed, in the order they were handed over. */
  readonly onLost: (flights: readonly Flight[], reason: string) => void;
}

export class CopyConnection implements RoutableCopy {
  readonly id: string;
  /** Requests it computes at once and a few more, so that a freed place is filled without a round trip. */
  readonly capacity: number;
  private link: WorkerLink | null = null;
  private open = false;
  private retired = false;
  private nextStream = 1;
  private readonly flights = new Map<number, Flight>();
  private readonly streams = new Map<Flight, number>();

  constructor(
    readonly route: CopyRoute,
    private readonly dialer: WorkerDialer,
    private readonly clock: Clock,
    private readonly events: CopyConnectionEvents,
  ) {
    this.id = route.copy.id;
    this.capacity = route.capacity + Math.ceil(route.capacity / 4);
    this.dial();
  }

  get outstanding(): number {
    return this.flights.size;
  }

  /** True when it may be given requests. */
  get isUsable(): boolean {
    return this.open && !this.retired;
  }

  submit(flight: Flight): void {
    const stream = this.nextStream++;
    this.flights.set(stream, flight);
    this.streams.set(flight, stream);
    this.link?.send({ type: 'submit', streams: [flight.submission(stream, this.clock.now())] });
  }

  /** Takes a flight back, whether or not it has ended. */
  withdraw(flight: Flight): void {
    const stream = this.streams.get(flight);
    if (stream === undefined) return;
    this.drop(stream, flight);
    this.link?.send({ type: 'cancel', streams: [stream] });
    this.closeIfDone();
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
    for (const update of message.updates) {
      const flight = this.flights.get(update.stream);
      if (flight === undefined) continue;
      if (update.end !== undefined || update.error !== undefined) this.drop(update.stream, flight);
      this.events.onUpdate(flight, update);
    }
    this.closeIfDone();
  }

  private drop(stream: number, flight: Flight): void {
    this.flights.delete(stream);
    this.streams.delete(flight);
  }

  private lose(reason: string): void {
    this.open = false;
    this.link = null;
    const flights = [...this.flights.values()];
    this.flights.clear();
    this.streams.clear();
    this.events.onLost(flights, reason);
    if (!this.retired) {
      this.clock.after(redialMs, () => {
        if (!this.retired) this.dial();
      });
    }
  }

  private closeIfDone(): void {
    if (this.retired && this.flights.size === 0) this.link?.close();
  }
}
