/** What a lane's flights cost their callers: tokens of their budgets, time of copies, and how long they waited. */
import type { Clock } from '../contracts/clock.js';
import type { Telemetry } from '../contracts/telemetry.js';
import type { StowageError } from '../domain/errors.js';
import { type Budgets, hasBudget } from './budgets.js';
import type { CallerMeters } from './caller-meters.js';
import type { Flight } from './flight.js';

export interface CallerAccountsParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Of all lanes together; absent = nobody has one. */
  readonly budgets?: Budgets;
}

export class CallerAccounts {
  /** `lane`: its key, for measurements. */
  constructor(
    private readonly lane: string,
    private readonly meters: CallerMeters,
    private readonly parts: CallerAccountsParts,
  ) {}

  /** Takes what it costs from its caller's budget; why not, where that is not there. */
  reserve(flight: Flight, costOf: (flight: Flight) => number): StowageError | null {
    const { caller } = flight.request;
    const { budgets, telemetry } = this.parts;
    if (caller === undefined || budgets === undefined || !hasBudget(caller)) return null;
    const reserved = budgets.reserve(caller, costOf(flight));
    if (reserved === null) return null;
    if ('error' in reserved) {
      telemetry.budgetRefused(this.lane, reserved.owner);
      return reserved.error;
    }
    flight.reservation = reserved;
    return null;
  }

  /** A copy is about to get it. */
  handOver(flight: Flight): void {
    const { telemetry, clock } = this.parts;
    const { request, arrivedAt, dispatchedAt } = flight;
    const now = clock.now();
    if (dispatchedAt === null) telemetry.waited(this.lane, request.priority ?? 0, (now - arrivedAt) / 1000);
    if (request.caller !== undefined) flight.meter = this.meters.begin(request.caller, now);
  }

  /** Its copy has it no more. */
  interrupt(flight: Flight): void {
    if (flight.meter !== null) this.meters.leave(flight.meter, this.parts.clock.now());
    flight.meter = null;
  }

  end(flight: Flight): void {
    const { request, usage, reservation } = flight;
    this.interrupt(flight);
    if (reservation !== null) {
      this.parts.budgets?.settle(reservation, usage.promptTokens + usage.completionTokens);
    }
    if (request.caller !== undefined) this.meters.end(request.caller, usage, this.parts.clock.now());
  }
}
