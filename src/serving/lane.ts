/**
 * One component's way through serving: a bounded queue in front of its copies. It is the one writer of its
 * flights. Requests wait here rather than in a copy, so that whichever copy has room first takes the next.
 *
 * Never: a flight ended twice, a flight in two places, a token sent to a client that was sent before.
 */
import type { Clock } from '../contracts/clock.js';
import type { Random } from '../contracts/random.js';
import type { CopyRoute } from '../contracts/route-feed.js';
import type { Log, Telemetry } from '../contracts/telemetry.js';
import type { WorkerDialer } from '../contracts/worker-link.js';
import type { StepUpdate } from '../contracts/worker-protocol.js';
import { pickCopy } from '../decide/routing/pick-copy.js';
import { componentKey, type InferenceComponent, type RoutingStrategy } from '../domain/component.js';
import { copyKey } from '../domain/copy.js';
import { Fault, StowageError } from '../domain/errors.js';
import { Outcome, type InferenceRequest } from '../domain/inference.js';
import { CompletionRate } from './completion-rate.js';
import { CopyConnection } from './copy-connection.js';
import type { AnswerHandle, AnswerSink } from './facade.js';
import { Flight } from './flight.js';

/** A request whose copies die this often in a row without one new token is given up. */
export const interruptionsMax = 5;

export interface LaneDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: WorkerDialer;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

export class Lane {
  readonly key: string;
  /** First come, first served; a set, so that one that leaves from the middle costs nothing. */
  private queue = new Set<Flight>();
  private readonly connections = new Map<string, CopyConnection>();
  /** No longer in the route table, with flights that end there. */
  private readonly leaving = new Set<CopyConnection>();
  private readonly rate: CompletionRate;

  constructor(
    public component: InferenceComponent,
    private strategy: RoutingStrategy,
    private readonly dependencies: LaneDependencies,
  ) {
    this.key = componentKey(component);
    this.rate = new CompletionRate(dependencies.clock);
  }

  get isReady(): boolean {
    return this.usable().length > 0;
  }

  get openCount(): number {
    return this.queue.size + this.flyingCount();
  }

  /** The lane's part of a new route table. */
  update(component: InferenceComponent, strategy: RoutingStrategy, routes: readonly CopyRoute[]): void {
    this.component = component;
    this.strategy = strategy;
    const named = new Map(routes.map((route) => [copyKey(route.copy), route]));
    for (const [key, connection] of this.connections) {
      if (named.has(key)) continue;
      this.connections.delete(key);
      this.leaving.add(connection);
      connection.retire();
    }
    for (const [key, route] of named) {
      if (!this.connections.has(key)) this.connections.set(key, this.connect(route));
    }
    this.dispatch();
  }

  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    const { clock } = this.dependencies;
    const flight: Flight = new Flight(request, sink, clock.now(), (error) => this.abandon(flight, error));
    const refusal = this.refusal();
    if (refusal !== null) {
      this.fail(flight, refusal);
      return { cancel: () => {} };
    }
    const connection = this.queue.size === 0 ? this.pick() : null;
    if (connection === null) this.queue.add(flight);
    else this.handOver(flight, connection);
    this.noteLoad();
    return { cancel: () => this.cancel(flight) };
  }

  /** Ends what has waited or run longer than its component allows. */
  sweep(now: number): void {
    const { queueSecondsMax, predictSecondsMax } = this.component.options;
    for (const flight of this.flights()) {
      if (now - flight.arrivedAt > predictSecondsMax * 1000) {
        this.turnAway(flight, StowageError.of('RUN-306', { seconds: predictSecondsMax }));
      } else if (now - flight.queuedAt > queueSecondsMax * 1000 && this.queue.has(flight)) {
        this.turnAway(flight, this.coldFor(queueSecondsMax));
      }
    }
    this.dispatch();
  }

  /** Ends everything with the error given; used when the component or the server goes away. */
  endAll(error: StowageError): void {
    for (const flight of this.flights()) {
      this.turnAway(flight, error);
    }
    for (const connection of this.connections.values()) connection.retire();
    this.connections.clear();
  }

  private refusal(): StowageError | null {
    const { options, copies, name } = this.component;
    if (copies.min === 0 && this.connections.size === 0) {
      return StowageError.of('COLD-501', { component: name }, { retryAfterSeconds: 30 });
    }
    const hasRoom = this.queue.size === 0 && this.pick() !== null;
    if (hasRoom || this.queue.size < options.jobQueueLengthMax) return null;
    return StowageError.of(
      'CAP-101',
      { component: name, waiting: this.queue.size, limit: options.jobQueueLengthMax },
      { retryAfterSeconds: this.rate.secondsFor(this.queue.size) },
    );
  }

  private coldFor(seconds: number): StowageError {
    const retryAfterSeconds = this.rate.secondsFor(this.queue.size);
    return StowageError.of('COLD-502', { component: this.component.name, seconds }, { retryAfterSeconds });
  }

  private connect(route: CopyRoute): CopyConnection {
    const { dialer, clock } = this.dependencies;
    const connection: CopyConnection = new CopyConnection(route, dialer, clock, {
      onOpen: () => this.dispatch(),
      onUpdate: (flight, update) => this.advance(flight, update),
      onLost: (flights, reason) => {
        this.leaving.delete(connection);
        this.requeue(flights, route, reason);
      },
    });
    return connection;
  }

  private flights(): Flight[] {
    const connections = [...this.connections.values(), ...this.leaving];
    return [...this.queue, ...connections.flatMap((connection) => connection.flights())];
  }

  private flyingCount(): number {
    let count = 0;
    for (const connection of this.connections.values()) count += connection.outstanding;
    for (const connection of this.leaving) count += connection.outstanding;
    return count;
  }

  private noteLoad(): void {
    this.dependencies.telemetry.load(this.key, this.queue.size, this.flyingCount());
  }

  private usable(): CopyConnection[] {
    return [...this.connections.values()].filter((connection) => connection.isUsable);
  }

  private pick(): CopyConnection | null {
    const usable = this.usable();
    return usable[pickCopy(usable, this.strategy, this.dependencies.random.next())] ?? null;
  }

  private dispatch(): void {
    while (this.queue.size > 0) {
      const connection = this.pick();
      if (connection === null) break;
      const [flight] = this.queue;
      if (flight === undefined) break;
      this.queue.delete(flight);
      this.handOver(flight, connection);
    }
    this.noteLoad();
  }

  private handOver(flight: Flight, connection: CopyConnection): void {
    if (flight.isResumed) this.dependencies.telemetry.requestResumed(this.key);
    connection.submit(flight);
  }

  private advance(flight: Flight, update: StepUpdate): void {
    const gap = flight.advance(update, this.dependencies.clock.now());
    if (gap !== null) this.dependencies.telemetry.tokenGap(this.key, gap);
    if (update.error === undefined && update.end === undefined) return;
    if (update.end !== undefined) {
      if (!flight.complete(update.end)) return;
      this.rate.count();
      this.noteEnd(flight, Outcome.Completed);
    } else if (update.error !== undefined) {
      this.fail(flight, StowageError.fromData(update.error));
    }
    this.dispatch();
  }

  private requeue(flights: readonly Flight[], route: CopyRoute, reason: string): void {
    const { clock, log } = this.dependencies;
    const open = flights.filter((flight) => !flight.isEnded);
    for (const flight of open) flight.interrupt(clock.now());
    if (open.length > 0) {
      log.warn({ copy: copyKey(route.copy), requests: open.length, reason }, 'copy lost, requests resume');
    }
    this.queue = new Set([...open, ...this.queue]);
    for (const flight of open) {
      if (flight.interruptions < interruptionsMax) continue;
      this.turnAway(flight, StowageError.of('RUN-305', { times: flight.interruptions }));
    }
    this.dispatch();
  }

  private cancel(flight: Flight): void {
    if (flight.isEnded) return;
    this.remove(flight);
    if (flight.fail(Outcome.Cancelled, StowageError.of('RUN-309', {}).toData())) {
      this.noteEnd(flight, Outcome.Cancelled);
    }
    this.dispatch();
  }

  /** Its sink threw: a defect of ours that must not touch other requests. */
  private abandon(flight: Flight, error: unknown): void {
    this.dependencies.log.error(
      { request: flight.request.id, err: error },
      'an answer could not be passed on',
    );
    this.turnAway(flight, StowageError.of('INT-500', {}, { cause: error }));
  }

  /** Ends it with an error, wherever it is. Nothing happens to one that has ended. */
  private turnAway(flight: Flight, error: StowageError): void {
    if (flight.isEnded) return;
    this.remove(flight);
    this.fail(flight, error);
  }

  private remove(flight: Flight): void {
    flight.holder?.connection.withdraw(flight);
    this.queue.delete(flight);
  }

  private fail(flight: Flight, error: StowageError): void {
    const outcome = outcomeOf(error);
    if (flight.fail(outcome, error.toData())) this.noteEnd(flight, outcome);
  }

  private noteEnd(flight: Flight, outcome: Outcome): void {
    const { telemetry, clock } = this.dependencies;
    const { arrivedAt, firstTokenAt, dispatchedAt, usage } = flight;
    telemetry.requestEnded(this.key, outcome, {
      seconds: (clock.now() - arrivedAt) / 1000,
      firstTokenSeconds: firstTokenAt === null ? null : (firstTokenAt - arrivedAt) / 1000,
      queueSeconds: dispatchedAt === null ? null : (dispatchedAt - arrivedAt) / 1000,
      promptTokens: usage.promptTokens,
      generatedTokens: usage.completionTokens,
    });
  }
}

function outcomeOf(error: StowageError): Exclude<Outcome, 'completed'> {
  if (error.code === 'RUN-306' || error.code === 'COLD-502') return Outcome.Expired;
  switch (error.row.fault) {
    case Fault.Caller:
    case Fault.Access:
    case Fault.Missing:
    case Fault.Capacity:
      return Outcome.Refused;
    case Fault.Model:
    case Fault.Host:
    case Fault.Stowage:
      return Outcome.Failed;
    default:
      return error.row.fault satisfies never;
  }
}
