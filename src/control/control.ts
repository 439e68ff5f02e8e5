/**
 * The control loop: looks at what runs, decides what should change, does it, and publishes the routes that
 * follow. It owns the desired state, the memory of failures, the incarnations and the thread budget, and it is
 * the only one that changes them: everybody else leaves a wish or a hint, and the next turn reads it.
 *
 * A turn comes every `turnMs`, and soon after the fleet hints that something changed. Modes: running → closing.
 *
 * Never: two turns at once; an incarnation used twice; a route to a copy that is not ready.
 */
import type { Clock } from '../contracts/clock.js';
import type { CopyObservation, Fleet } from '../contracts/fleet.js';
import type { Random } from '../contracts/random.js';
import type { Log, Telemetry } from '../contracts/telemetry.js';
import { emptyHistory, forgetOld, recordFailure } from '../decide/reconcile/history.js';
import type { Action, HeldSlot, History, ReconcileLimits } from '../decide/reconcile/observed.js';
import { reconcileLimits } from '../decide/reconcile/observed.js';
import { reconcile } from '../decide/reconcile/reconcile.js';
import { slotsOf } from '../decide/reconcile/slots.js';
import type { Endpoint, InferenceComponent } from '../domain/component.js';
import { componentKey } from '../domain/component.js';
import type { CopyRef } from '../domain/copy.js';
import { copyKey, CopyState } from '../domain/copy.js';
import type { ErrorData } from '../domain/errors.js';
import { explainCopies } from './explain.js';
import type { Control } from './facade.js';
import type { LedgerEntry } from './ledger.js';
import { Ledger } from './ledger.js';
import { Routes, routesTo } from './routes.js';
import { noteBusy, threadShares, threadsOfNewcomer } from './threads.js';

/** Between two turns, milliseconds. */
const turnMs = 500;
/** Hints within this time lead to one turn, milliseconds. */
const hintMs = 5;
/** A turn that comes later than this was kept up by ourselves, and nobody's silence counts, milliseconds. */
const turnLagMsMax = 1_000;
/** Copies may take so long to drain when the server closes, milliseconds. */
const closeDrainMs = 10_000;
/** Killed processes have this long to be gone when the server closes, milliseconds. */
const closeGraceMs = 5_000;

export interface ControlLimits extends ReconcileLimits {
  /** Compute threads of the whole machine. */
  readonly coresMax: number;
}

export interface ControlParts {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly limits: Partial<ControlLimits> & Pick<ControlLimits, 'coresMax'>;
}

export function createControl(parts: ControlParts): Control {
  return new Loop(parts);
}

class Loop implements Control {
  private readonly routes = new Routes();
  private readonly ledger = new Ledger();
  private readonly limits: ControlLimits;
  private readonly listeners = new Set<() => void>();
  private endpoints: readonly Endpoint[] = [];
  private history: History = emptyHistory;
  private held: readonly HeldSlot[] = [];
  private isTurning = false;
  private hasChanged = false;
  private turnDueAt = Infinity;
  private stopTurn: () => void = () => undefined;
  private stopHint: (() => void) | null = null;
  private readonly stopFleet: () => void;
  private closing: { readonly drainMsMax: number; readonly done: Promise<void> } | null = null;
  private onEmpty: () => void = () => undefined;

  constructor(private readonly parts: ControlParts) {
    this.limits = { ...reconcileLimits, ...parts.limits };
    this.history = { ...emptyHistory, observedSince: parts.clock.now() };
    this.stopFleet = parts.fleet.onChange(() => this.hint());
    this.schedule(null);
  }

  get feed(): Routes {
    return this.routes;
  }

  setDesired(endpoints: readonly Endpoint[]): void {
    if (this.closing !== null) return;
    this.endpoints = endpoints;
    if (this.isTurning) this.hint();
    else this.turn();
  }

  explain() {
    return explainCopies(this.desired(), this.parts.fleet.observe().copies, this.held, this.ledger);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(drainMsMax = closeDrainMs): Promise<void> {
    if (this.closing === null) {
      const { clock } = this.parts;
      const done = new Promise<void>((resolve) => (this.onEmpty = resolve));
      this.closing = { drainMsMax, done };
      this.endpoints = [];
      this.hint();
      const giveUp = clock.after(drainMsMax + closeGraceMs, () => this.onEmpty());
      void done.then(giveUp);
    }
    await this.closing.done;
    this.stopTurn();
    this.stopHint?.();
    this.stopFleet();
  }

  private desired(): readonly InferenceComponent[] {
    return this.endpoints.flatMap((endpoint) => endpoint.components);
  }

  private hint(): void {
    this.stopHint ??= this.parts.clock.after(hintMs, () => this.turn());
  }

  private schedule(lookAgainAt: number | null): void {
    const now = this.parts.clock.now();
    this.turnDueAt = Math.min(now + turnMs, Math.max(lookAgainAt ?? Infinity, now + 1));
    this.stopTurn();
    this.stopTurn = this.parts.clock.after(this.turnDueAt - now, () => this.turn());
  }

  private turn(): void {
    this.stopHint?.();
    this.stopHint = null;
    this.isTurning = true;
    let lookAgainAt: number | null = null;
    try {
      lookAgainAt = this.decideAndAct();
      this.settle();
    } catch (err) {
      this.parts.log.error({ err }, 'a turn of the control loop failed; the next one tries again');
    }
    this.isTurning = false;
    this.schedule(lookAgainAt);
    if (!this.hasChanged) return;
    this.hasChanged = false;
    for (const listener of [...this.listeners]) listener();
  }

  /** Observe, decide, act. */
  private decideAndAct(): number | null {
    const { fleet, clock, log } = this.parts;
    const now = clock.now();
    if (now - this.turnDueAt > turnLagMsMax) {
      log.warn(
        { lagMs: Math.round(now - this.turnDueAt) },
        'this server stood still; silence until now does not count',
      );
      this.history = { ...this.history, observedSince: now };
    }
    const { copies } = fleet.observe();
    for (const seen of copies) this.note(seen, now);
    noteBusy(copies, this.ledger, now);
    const desired = this.desired();
    const wanted = new Set(slotsOf(desired).map((slot) => slot.id));
    this.history = forgetOld(this.history, wanted, copies, now, this.limits);
    const drainMsMax = this.closing?.drainMsMax ?? null;
    const observed = copies.map((seen) => this.ledger.observed(seen, drainMsMax));
    const decision = reconcile(desired, observed, this.history, now, this.limits);
    this.noteHeld(decision.held);
    for (const action of decision.actions) this.perform(action);
    return decision.lookAgainAt;
  }

  /** What follows from how things are after the actions. */
  private settle(): void {
    const { fleet, clock, telemetry } = this.parts;
    const { copies } = fleet.observe();
    for (const seen of copies) this.note(seen, clock.now());
    this.forgetGone(copies);
    this.routes.publish(this.endpoints, routesTo(copies, this.ledger, this.endpoints));
    const shares = threadShares(copies, this.ledger, clock.now(), this.limits.coresMax);
    for (const { copy, component, report } of copies) {
      const entry = this.ledger.of(copy);
      if (entry === undefined) continue;
      const threads = shares.get(copyKey(copy)) ?? entry.threads;
      if (threads !== entry.threads) fleet.setThreads(copy, threads);
      entry.threads = threads;
      if (report !== entry.report) telemetry.copyReport(component, copy.id, report);
      entry.report = report;
    }
    if (this.closing !== null && copies.length === 0) this.onEmpty();
  }

  /** Logs a copy's change of state and remembers its failure, once. */
  private note(seen: CopyObservation, now: number): void {
    const entry = this.ledger.of(seen.copy);
    if (entry === undefined || entry.state === seen.state) return;
    const before = entry.state;
    entry.state = seen.state;
    this.hasChanged = true;
    const facts = { copy: seen.copy.id, component: seen.component, pid: seen.pid, from: before };
    if (seen.state !== CopyState.Exited) {
      if (seen.state === CopyState.Ready) entry.reason = 'it takes requests';
      const reason = seen.state === CopyState.Loading ? 'it loads its model' : entry.reason;
      this.parts.log.info({ ...facts, reason }, `copy ${seen.copy.id} is ${seen.state}`);
      return;
    }
    if (entry.isRemoving || entry.isDraining || seen.exit === null) return;
    this.failed(entry, seen.exit, now);
  }

  private failed(entry: LedgerEntry, error: ErrorData, now: number): void {
    const { log, random, telemetry } = this.parts;
    const { copy, component } = entry;
    const failure = { id: copy.id, generation: component.generation, error };
    this.history = recordFailure(this.history, failure, now, random.next(), this.limits);
    entry.reason = error.message;
    const slot = this.history.slots.get(copy.id)!;
    const restartInMs = Math.max(0, Math.round(slot.restartAt - now));
    const facts = { copy: copy.id, component: componentKey(component), code: error.code };
    log.warn({ ...facts, failures: slot.failures, restartInMs }, error.message);
    telemetry.copyEnded(componentKey(component), error.code);
  }

  private noteHeld(held: readonly HeldSlot[]): void {
    const known = new Set(this.held.map((slot) => `${slot.id} ${slot.reason}`));
    for (const { id, component, reason, error } of held) {
      if (known.has(`${id} ${reason}`)) continue;
      this.hasChanged = true;
      this.parts.log.warn({ copy: id, component, code: error?.code }, `copy ${id} is not started: ${reason}`);
    }
    if (held.length !== this.held.length) this.hasChanged = true;
    this.held = held;
  }

  private perform(action: Action): void {
    switch (action.kind) {
      case 'start':
        return this.start(action.id, action.component, action.reason);
      case 'drain':
        return this.drain(action.copy, action.reason);
      case 'remove':
        return this.remove(action.copy, action.reason, action.error);
      default:
        action satisfies never;
    }
  }

  private start(id: string, component: InferenceComponent, reason: string): void {
    const { fleet, clock, log } = this.parts;
    const copy = { id, incarnation: this.ledger.nextIncarnation(clock.wallNow()) };
    const seen = fleet.observe().copies;
    const { coresMax } = this.limits;
    const threads = threadsOfNewcomer(copy, component, seen, this.ledger, clock.now(), coresMax);
    this.ledger.add(copy, component, threads, reason);
    const facts = { copy: id, incarnation: copy.incarnation, component: componentKey(component) };
    log.info({ ...facts, generation: component.generation, threads, reason }, `copy ${id} is started`);
    fleet.apply(copy, component, threads);
  }

  private drain(copy: CopyRef, reason: string): void {
    const entry = this.ledger.of(copy);
    if (entry !== undefined) {
      entry.isDraining = true;
      entry.reason = reason;
    }
    this.parts.fleet.drain(copy);
  }

  private remove(copy: CopyRef, reason: string, error: ErrorData | null): void {
    const { fleet, log, clock } = this.parts;
    const entry = this.ledger.of(copy);
    if (entry !== undefined && !entry.isRemoving) {
      entry.isRemoving = true;
      if (error !== null && !entry.isDraining) this.failed(entry, error, clock.now());
      entry.reason = reason;
      log.info({ copy: copy.id, incarnation: copy.incarnation, reason }, `copy ${copy.id} is removed`);
    }
    fleet.remove(copy);
  }

  private forgetGone(copies: readonly CopyObservation[]): void {
    const present = new Set(copies.map((seen) => copyKey(seen.copy)));
    for (const entry of this.ledger.all()) {
      if (present.has(copyKey(entry.copy))) continue;
      this.ledger.forget(entry.copy);
      this.hasChanged = true;
      const component = componentKey(entry.component);
      if (entry.isDraining) this.parts.telemetry.copyEnded(component, 'drained');
      const hasSuccessor = this.ledger.all().some((other) => other.copy.id === entry.copy.id);
      if (!hasSuccessor) this.parts.telemetry.copyReport(component, entry.copy.id, null);
    }
  }
}
