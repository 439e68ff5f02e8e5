/**
 * One component's way through serving: a bounded queue in front of its copies. It is the one writer of its
 * flights. Requests wait here rather than in a copy, so that whichever copy has room first takes the next.
 *
 * Never: a flight ended twice, a flight in two places, a token sent to a client that was sent before.
 */
import type { Random } from '../contracts/random.js';
import type { RequestJournal } from '../contracts/request-journal.js';
import type { CopyRoute, GroupShare } from '../contracts/route-feed.js';
import type { LoadSeries } from '../contracts/load-reports.js';
import type { Log } from '../contracts/telemetry.js';
import type { WorkerDialer } from '../contracts/worker-link.js';
import type { StepUpdate } from '../contracts/worker-protocol.js';
import { expectedTokens } from '../decide/fairness/expected-tokens.js';
import type { InferenceComponent } from '../domain/component.js';
import { ZeroCapacity } from '../domain/component-options.js';
import { copyKey } from '../domain/copy.js';
import { type ErrorData, StowageError } from '../domain/errors.js';
import { Outcome, type InferenceRequest } from '../domain/inference.js';
import { CallerAccounts, type CallerAccountsParts } from './caller-accounts.js';
import { CompletionRate } from './completion-rate.js';
import type { CopyConnection } from './copy-connection.js';
import { CopyPool } from './copy-pool.js';
import type { AnswerHandle, AnswerSink } from './facade.js';
import { FairQueue, nobody } from './fair-queue.js';
import { Flight } from './flight.js';
import { entryOf, outcomeOf, removedError, strandedError, wantsCopies } from './flight-ends.js';
import { LaneRouting, type RoutingRules } from './lane-routing.js';
import { LoadCounter, type OpenRequests } from './load-counter.js';

/** A request whose copies die this often in a row without one new token is given up. */
export const interruptionsMax = 5;

export interface LaneDependencies extends CallerAccountsParts {
  readonly random: Random;
  readonly dialer: WorkerDialer;
  /** Absent: nobody keeps what requests came to. */
  readonly journal?: RequestJournal;
  readonly log: Log;
}

export interface LaneEvents {
  /** Requests began to wait although there is no copy at all. */
  readonly onHeld: () => void;
}

/** What a route table says of one lane. */
export interface LaneRoute extends RoutingRules {
  /** `componentKey` of the component. */
  readonly key: string;
  readonly shares: readonly GroupShare[];
  readonly refusal: ErrorData | null;
  readonly wakes?: boolean;
  readonly copies: readonly CopyRoute[];
}

/** What the caller of a request gets that was refused at once. */
export const refusedHandle: AnswerHandle = { cancel: () => {} };

export class Lane {
  readonly key: string;
  private readonly queue = new FairQueue<Flight>();
  private readonly pool: CopyPool;
  /** Which copy each goes to, and the sessions. */
  readonly routing: LaneRouting;
  private readonly load = new LoadCounter();
  private readonly accounts: CallerAccounts;
  private readonly rate: CompletionRate;
  private removed = false;
  private hasBeenReady = false;

  constructor(
    private route: LaneRoute,
    private readonly dependencies: LaneDependencies,
    private readonly events: LaneEvents,
  ) {
    this.key = route.key;
    this.rate = new CompletionRate(dependencies.clock);
    this.accounts = new CallerAccounts(route.key, this.load.callers, dependencies);
    this.pool = new CopyPool(dependencies, {
      onOpen: () => {
        this.hasBeenReady = true;
        this.dispatch();
      },
      onUpdate: (flight, update) => this.advance(flight, update),
      onLost: (flights, lost, reason) => this.requeue(flights, lost, reason),
    });
    this.routing = new LaneRouting(route, dependencies, this.pool);
    this.update(route);
  }

  get component(): InferenceComponent {
    return this.route.component;
  }

  /** True when it has a ready copy, is to have none, or will have none before somebody mends it. */
  get isSettled(): boolean {
    const { component, refusal } = this.route;
    return this.pool.hasUsable || component.copies.min === 0 || refusal !== null;
  }

  /** True once it had a ready copy. */
  get wasReady(): boolean {
    return this.hasBeenReady;
  }

  get openCount(): number {
    return this.load.openCount;
  }

  /** True when a request more would get a copy and keep no other waiting for long. */
  get hasRoomToSpare(): boolean {
    return this.queue.size === 0 && this.pool.hasUsable;
  }

  /** The lane's part of a new route table. What waits is refused when there is nothing to wait for any more. */
  update(route: LaneRoute): void {
    this.removed = false;
    this.route = route;
    this.routing.update(route);
    this.pool.update(route.copies, route.shares);
    if (this.queue.size === 0) return;
    const refusal = this.standingRefusal();
    if (refusal !== null) for (const flight of [...this.queue]) this.turnAway(flight, refusal);
    for (const flight of [...this.queue]) {
      if (this.isStranded(flight)) this.turnAway(flight, strandedError(flight));
    }
    this.dispatch();
    // The last copy has left them: control need not wait for the next report.
    if (this.queue.size > 0 && !this.pool.hasUsable) this.events.onHeld();
  }

  /** The route table does not name it any more: what a copy has ends there, what waits is refused. */
  remove(): void {
    this.removed = true;
    this.pool.update([], []);
    for (const flight of [...this.queue]) this.turnAway(flight, removedError(this.component.name));
  }

  /** What was counted since the last call; null when there is nothing to say. */
  takeLoad(): LoadSeries | null {
    return this.load.take(this.component, this.openRequests(), this.dependencies.clock.now());
  }

  answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    const { clock } = this.dependencies;
    const flight: Flight = new Flight(request, sink, clock.now(), (error) => this.abandon(flight, error));
    this.load.begin();
    const overBudget = this.accounts.reserve(flight, this.costOf);
    if (overBudget !== null) {
      this.fail(flight, overBudget);
      return refusedHandle;
    }
    const connection = this.passesAtOnce(flight) ? this.routing.pick(flight) : null;
    if (connection !== null) {
      this.handOver(flight, connection);
    } else {
      const refusal =
        this.routing.refusalOf(flight) ??
        this.strictRefusal(flight) ??
        this.standingRefusal() ??
        this.fullQueueRefusal(flight);
      if (refusal !== null) {
        this.fail(flight, refusal);
        return refusedHandle;
      }
      const isFirst = this.queue.size === 0;
      const { caller = nobody, priority = 0 } = request;
      // One that waits for a certain copy must not be in the way of those that do not.
      if (this.routing.waitsForOneCopy(flight)) this.queue.putAside(flight, caller, priority);
      else this.queue.push(flight, caller, priority, this.costOf(flight));
      // Those before it may all wait for copies of another generation.
      if (!isFirst && this.pool.hasUsable) this.dispatch();
      if (isFirst && !this.pool.hasUsable) this.events.onHeld();
    }
    this.noteLoad();
    return { cancel: () => this.cancel(flight) };
  }

  /** True when nobody that waits for its turn could have the copy that this one may get. */
  private passesAtOnce(flight: Flight): boolean {
    return this.queue.inTurn === 0 || this.routing.waitsForOneCopy(flight);
  }

  /** Ends what has waited or run longer than its component allows. */
  sweep(now: number): void {
    if (this.openCount === 0) return;
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

  /** Ends everything with the error given and lets its copies go; used when the server goes away. */
  endAll(error: StowageError): void {
    for (const flight of this.flights()) this.turnAway(flight, error);
    this.pool.update([], []);
  }

  /** Callers may ask to be refused, as SageMaker does, where there is no copy. */
  private strictRefusal({ request }: Flight): StowageError | null {
    const isStrict = request.isStrict === true || this.component.options.zeroCapacity === ZeroCapacity.Refuse;
    if (!isStrict || this.pool.hasUsable) return null;
    return StowageError.of('COLD-504', {}, { retryAfterSeconds: 30 });
  }

  /** Why there is no use in waiting for a copy; null when there is. */
  private standingRefusal(): StowageError | null {
    if (this.pool.hasUsable) return null;
    const { refusal, component, wakes } = this.route;
    if (refusal !== null) return StowageError.fromData(refusal);
    if (wakes === true || component.copies.min > 0 || !this.pool.isEmpty) return null;
    return StowageError.of('COLD-501', { component: component.name }, { retryAfterSeconds: 30 });
  }

  private openRequests(): OpenRequests {
    const waiting = this.queue.size;
    const isHeld = !this.pool.hasUsable;
    return { inFlight: this.openCount - waiting, queued: isHeld ? 0 : waiting, held: isHeld ? waiting : 0 };
  }

  /** A full queue refuses who has more than its share of it: the newcomer, or another that makes room for it. */
  private fullQueueRefusal({ request }: Flight): StowageError | null {
    const limit = this.component.options.jobQueueLengthMax;
    const waiting = this.queue.size;
    if (waiting < limit) return null;
    const component = this.component.name;
    const extras = { retryAfterSeconds: this.rate.secondsFor(waiting) };
    const pushedOut = this.queue.givesWayTo(request.caller ?? nobody, request.priority ?? 0);
    if (pushedOut === null) return StowageError.of('CAP-101', { component, waiting, limit }, extras);
    const key = pushedOut.request.caller?.key ?? '';
    this.dependencies.telemetry.requestPushedOut(this.key);
    this.turnAway(pushedOut, StowageError.of('CAP-110', { component, key, limit }, extras));
    return null;
  }

  /** Worked out when it is first asked for: requests that neither wait nor have a budget need none. */
  private readonly costOf = (flight: Flight): number =>
    (flight.cost ??= expectedTokens(flight.request, this.component.options.newTokensDefault));

  private coldFor(seconds: number): StowageError {
    const retryAfterSeconds = this.rate.secondsFor(this.queue.size);
    return StowageError.of('COLD-502', { component: this.component.name, seconds }, { retryAfterSeconds });
  }

  private flights(): Flight[] {
    return [...this.queue, ...this.pool.flights()];
  }

  private noteLoad(): void {
    const waiting = this.queue.size;
    this.dependencies.telemetry.load(this.key, waiting, this.openCount - waiting);
  }

  /** True when its answer has begun and no copy will ever go on with it: its generation has been replaced. */
  private isStranded({ isResumed, copy }: Flight): boolean {
    if (!isResumed || copy === null || copy.generation === this.component.generation) return false;
    return !this.pool.names(copy.generation);
  }

  private dispatch(): void {
    for (const flight of this.queue.interrupted) {
      if (!this.queue.has(flight)) continue;
      const connection = this.routing.pick(flight);
      if (connection === null && (flight.isResumed || this.routing.waitsForOneCopy(flight))) {
        this.turnAwayStateless(flight);
        continue; // others may have room elsewhere
      }
      if (connection === null) return this.noteLoad();
      this.queue.take(flight);
      this.handOver(flight, connection);
    }
    for (let flight = this.queue.peek(); flight !== null; flight = this.queue.peek()) {
      const connection = this.routing.pick(flight);
      if (connection === null) {
        if (!this.routing.waitsForOneCopy(flight)) break;
        // Its session found its copy while it waited for its turn.
        const { caller = nobody, priority = 0 } = flight.request;
        if (!this.turnAwayStateless(flight)) this.queue.putAside(flight, caller, priority);
        continue;
      }
      this.queue.take(flight);
      this.handOver(flight, connection);
    }
    this.noteLoad();
  }

  /** Ends it when its session's state is gone; true when it was. */
  private turnAwayStateless(flight: Flight): boolean {
    const refusal = this.routing.refusalOf(flight);
    if (refusal !== null) this.turnAway(flight, refusal);
    return refusal !== null;
  }

  private handOver(flight: Flight, connection: CopyConnection): void {
    if (flight.isResumed) this.dependencies.telemetry.requestResumed(this.key);
    this.accounts.handOver(flight);
    connection.submit(flight);
    this.routing.noteHandOver(flight, connection);
  }

  private advance(flight: Flight, update: StepUpdate): void {
    const gap = flight.advance(update, this.dependencies.clock.now());
    if (gap !== null) this.dependencies.telemetry.tokenGap(this.key, gap);
    if (update.error === undefined && update.end === undefined) return;
    if (update.end !== undefined) {
      if (!flight.complete(update.end)) return;
      this.rate.count();
      this.noteEnd(flight, Outcome.Completed, null);
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
    for (const flight of open) this.accounts.interrupt(flight);
    this.queue.putFirst(open);
    for (const flight of open) {
      if (this.removed) {
        this.turnAway(flight, StowageError.of('RUN-301', { copy: route.copy.id, reason }));
      } else if (flight.interruptions >= interruptionsMax) {
        this.turnAway(flight, StowageError.of('RUN-305', { times: flight.interruptions }));
      } else if (this.isStranded(flight)) this.turnAway(flight, strandedError(flight));
    }
    this.dispatch();
  }

  private cancel(flight: Flight): void {
    if (flight.isEnded) return;
    this.takeBack(flight);
    const error = StowageError.of('RUN-309', {});
    if (flight.fail(Outcome.Cancelled, error.toData())) this.noteEnd(flight, Outcome.Cancelled, error);
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
    this.takeBack(flight);
    this.fail(flight, error);
  }

  private takeBack(flight: Flight): void {
    flight.holder?.connection.withdraw(flight);
    this.queue.delete(flight);
  }

  private fail(flight: Flight, error: StowageError): void {
    const outcome = outcomeOf(error);
    if (flight.fail(outcome, error.toData())) this.noteEnd(flight, outcome, error);
  }

  private noteEnd(flight: Flight, outcome: Outcome, error: StowageError | null): void {
    const { telemetry, clock } = this.dependencies;
    const { arrivedAt, firstTokenAt, dispatchedAt, usage } = flight;
    const now = clock.now();
    this.accounts.end(flight);
    this.queue.settle(flight, usage.promptTokens + usage.completionTokens);
    this.load.countAnswer(usage, firstTokenAt === null ? null : firstTokenAt - arrivedAt);
    telemetry.requestEnded(this.key, outcome, {
      seconds: (now - arrivedAt) / 1000,
      firstTokenSeconds: firstTokenAt === null ? null : (firstTokenAt - arrivedAt) / 1000,
      queueSeconds: dispatchedAt === null ? null : (dispatchedAt - arrivedAt) / 1000,
      promptTokens: usage.promptTokens,
      generatedTokens: usage.completionTokens,
    });
    this.dependencies.journal?.note(entryOf(flight, this.component, clock, outcome, error));
    const fault = outcome === Outcome.Cancelled ? 'cancelled' : (error?.row.fault ?? 'none');
    const isForWantOfCopies =
      error !== null &&
      dispatchedAt === null &&
      !this.pool.hasUsable &&
      wantsCopies(error, this.route.refusal);
    this.load.end(
      fault,
      isForWantOfCopies,
      now - arrivedAt,
      dispatchedAt === null ? null : now - dispatchedAt,
    );
  }
}
