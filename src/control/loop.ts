/**
 * The control loop: looks at what runs, decides what should change, writes it down, does it, and publishes the routes
 * that follow. It is the one writer of instances, copies, statuses and deployments.
 *
 * A turn comes every `turnMs`, and soon after the fleet or a command hints that something changed, until a turn changes
 * nothing. Modes: running → closing → stopped.
 *
 * Never: two turns at once; an effect before its record is written; an incarnation used twice.
 */
import { asStowageError } from '../domain/errors.js';
import { endpointKey, keyOfComponent, modelKeysOf } from './agenda.js';
import { act } from './act.js';
import { tellAdapters } from './adapters.js';
import type { AlarmEvaluator } from './alarm-evaluator.js';
import { type Desk, keyOfCopy, type Turn } from './desk.js';
import { foldObservations } from './fold.js';
import type { Routes } from './routes.js';
import { stepCopies } from './step-copies.js';
import { endpointByKey, stepInstances } from './step-instances.js';
import { stepComponentStatus, stepEndpointStatus } from './step-statuses.js';
import type { BillingMeter } from './billing/billing-meter.js';
import type { LoadPublisher } from './metrics/publish-load.js';
import type { LoadBoard } from './scaling/load-board.js';
import { ColdStarts } from './scaling/cold-starts.js';
import { Evictions } from './scaling/step-evictions.js';
import { InstancesScaling } from './scaling/step-instances-scaling.js';
import { Scaling } from './scaling/step-scaling.js';
import { ToldToSleep } from './scaling/told-to-sleep.js';
import { WakeLadder } from './scaling/wake-ladder.js';
import type { SteadyTime } from './steady-time.js';
import { Threads } from './threads.js';
import { CopyState } from '../domain/copy.js';
import { parseResourceId } from '../domain/scaling.js';

/** Between two turns, milliseconds. */
const turnMs = 500;
/** Hints within this time lead to one turn, milliseconds. */
const hintMs = 5;
/** What has waited for its time waits so long more, so that many such things lead to one turn, milliseconds. */
const dueMs = 20;
/** So many turns in a row may follow each other by hints of their own. */
const ownHintsMax = 100;
/** A turn that comes later than this was kept up by ourselves, and nobody's silence counts, milliseconds. */
const turnLagMsMax = 1_000;
/** Everything is looked at once in so many turns. */
const sweepTurns = 60;
/** Copies of an earlier control process are waited for so long before anything is decided and published, milliseconds. */
const adoptionMsMax = 5_000;
/** A turn that could not be written is tried again after so long, milliseconds. */
const retryMs = 1_000;

export interface LoopEvents {
  /** Something changed its state. */
  readonly onChange: () => void;
  /** After a turn: how many processes the fleet still has. */
  readonly onTurn: (processes: number) => void;
}

export class Loop {
  private readonly threads: Threads;
  private readonly scaling: Scaling;
  private readonly instancesScaling: InstancesScaling;
  private readonly evictions: Evictions;
  private readonly ladder: WakeLadder;
  private readonly startedAt: number;
  private isTurning = false;
  private isStopped = false;
  private hasPublished = false;
  private ownHints = 0;
  private sweepCursor = 0;
  /** Workloads that this turn looks at. */
  private looked: ReadonlySet<string> = new Set();
  private turnDueAt = Infinity;
  private stopTurn: () => void = () => undefined;
  private stopHint: (() => void) | null = null;
  private readonly stopFleet: () => void;

  constructor(
    private readonly desk: Desk,
    private readonly routes: Routes,
    private readonly steady: SteadyTime,
    private readonly alarms: AlarmEvaluator | null,
    private readonly board: LoadBoard,
    private readonly publisher: LoadPublisher,
    private readonly billing: BillingMeter,
    private readonly events: LoopEvents,
  ) {
    this.threads = new Threads(desk);
    this.scaling = new Scaling(desk, board);
    this.instancesScaling = new InstancesScaling(desk);
    const told = new ToldToSleep();
    this.evictions = new Evictions(
      desk,
      board,
      new ColdStarts(),
      this.scaling,
      (endpoint, variant) => this.instancesScaling.isGrowing(endpoint, variant),
      told,
    );
    this.ladder = new WakeLadder(desk, board, told);
    this.startedAt = desk.clock.now();
    desk.state.onRecord((before, after) => {
      desk.agenda.note(before, after);
      this.scaling.note(before, after);
      this.instancesScaling.note(before ?? after);
      if ((before ?? after)?.kind === 'copy') this.noteCopy(before, after);
      if ((before ?? after)?.kind === 'scalable-target') this.noteTarget(before ?? after);
    });
    for (const { value } of desk.state.allEndpoints()) desk.agenda.note(null, value);
    for (const { value } of desk.state.allComponents()) desk.agenda.note(null, value);
    for (const { value } of desk.state.instances()) desk.agenda.note(null, value);
    for (const { value } of desk.state.copies()) desk.agenda.note(null, value);
    this.stopFleet = desk.fleet.onChange(() => this.hint());
    this.turnDueAt = this.startedAt;
    this.hint();
  }

  /** Requests wait for a workload that has no copy. */
  held(workload: string): void {
    this.scaling.held(workload);
    this.hint();
  }

  /** A turn soon. */
  hint(): void {
    if (this.isStopped || this.stopHint !== null) return;
    this.stopHint = this.desk.clock.after(hintMs, () => this.turn());
  }

  stop(): void {
    this.isStopped = true;
    this.stopTurn();
    this.stopHint?.();
    this.stopFleet();
  }

  /** Whether requests are held for a component is in its routes. */
  private noteTarget(record: Parameters<Desk['agenda']['note']>[0]): void {
    if (record?.kind !== 'scalable-target') return;
    const resource = parseResourceId(record.name);
    if (resource?.kind !== 'component') return;
    const component = this.desk.state.component(record.scope, resource.component);
    if (component !== undefined) this.desk.agenda.workloadRoutes.mark(keyOfComponent(component.value));
  }

  private noteCopy(
    before: Parameters<Desk['agenda']['note']>[0],
    after: Parameters<Desk['agenda']['note']>[1],
  ): void {
    const record = after ?? before;
    if (record?.kind !== 'copy') return;
    this.evictions.note(record);
    if (before === null || after === null) this.threads.note(record);
    if (after === null) this.desk.copies.forget(keyOfCopy(record.copy));
  }

  private turn(): void {
    if (this.isStopped || this.isTurning) return;
    this.stopHint?.();
    this.stopHint = null;
    this.isTurning = true;
    let hasChanged = false;
    let isBroken = false;
    try {
      hasChanged = this.lookDecideAct();
    } catch (err) {
      this.desk.state.revert();
      isBroken = true;
      const { code } = asStowageError(err);
      this.desk.log.error({ err, code }, 'a turn of the control loop failed; the next one tries again');
    }
    this.isTurning = false;
    if (this.isStopped) return;
    this.schedule(isBroken);
    this.ownHints = hasChanged ? this.ownHints + 1 : 0;
    if (!hasChanged) return;
    if (this.ownHints < ownHintsMax) this.hint();
    this.events.onChange();
  }

  private schedule(isBroken: boolean): void {
    const now = this.desk.clock.now();
    const latest = now + (isBroken ? retryMs : turnMs);
    this.turnDueAt = isBroken ? latest : Math.min(latest, Math.max(this.desk.agenda.nextAt(), now + dueMs));
    this.stopTurn();
    this.stopTurn = this.desk.clock.after(this.turnDueAt - now, () => this.turn());
  }

  /** True when something was changed. */
  private lookDecideAct(): boolean {
    const { desk } = this;
    const turn = this.look();
    const { agenda } = desk;
    foldObservations(desk, turn);
    this.measure(turn);
    this.ringAlarms();
    this.sweep();
    agenda.endpoints.due(turn.now);
    agenda.workloads.due(turn.now);
    // Nothing that serves is taken away before its routes can be.
    if (this.isAdopting(turn)) return this.perform(turn);
    if (desk.closingDrainMsMax === null) {
      this.scaling.step(turn);
      this.attempt('instances could not be scaled', () => this.instancesScaling.step(turn));
      this.attempt('no room could be made', () => this.evictions.step(turn));
      this.attempt('no copy could be put to sleep', () => this.ladder.step(turn));
    }
    const endpoints = agenda.endpoints.take();
    let workloads: ReadonlySet<string> = new Set();
    try {
      if (desk.closingDrainMsMax === null) stepInstances(desk, turn, endpoints);
      this.spreadChanges(endpoints);
      workloads = agenda.workloads.take();
      this.looked = workloads;
      stepCopies(desk, turn, workloads);
      if (desk.closingDrainMsMax === null) {
        for (const key of workloads) stepComponentStatus(desk, turn, key);
        for (const key of endpoints) stepEndpointStatus(desk, turn, key);
      }
      return this.perform(turn);
    } catch (error) {
      for (const key of endpoints) agenda.endpoints.mark(key);
      for (const key of workloads) agenda.workloads.mark(key);
      throw error;
    }
  }

  /** Writes what was decided, then does it; true when something was changed. */
  private perform(turn: Turn): boolean {
    const changes = this.desk.state.flush(turn.wall);
    this.finish(turn);
    return changes.length > 0;
  }

  /** What goes wrong here keeps nothing else from being looked after; the next turn tries again. */
  private attempt(problem: string, step: () => void): void {
    try {
      step();
    } catch (err) {
      this.desk.log.error({ err }, `${problem}; the next turn tries again`);
    }
  }

  /** Nobody is served less because something could not be measured. */
  private measure(turn: Turn): void {
    const { clock, log } = this.desk;
    try {
      this.billing.note(this.desk, turn);
      this.publisher.tick(clock.wallNow(), turn.snapshot);
    } catch (err) {
      log.error({ err }, 'what is open could not be put down as metrics; the next ten seconds are');
    }
  }

  /** An alarm that cannot be evaluated must not keep the fleet from being looked after. */
  private ringAlarms(): void {
    const { state, clock, log } = this.desk;
    try {
      for (const { value, event, reason } of this.alarms?.evaluate(state, clock.wallNow()) ?? []) {
        if (value !== null) state.put(value, event, reason);
      }
    } catch (err) {
      log.error({ err }, 'the alarms could not be evaluated; the next turn tries again');
    }
  }

  private look(): Turn {
    const { desk } = this;
    const now = desk.clock.now();
    const lagMs = now - this.turnDueAt;
    if (lagMs > turnLagMsMax) {
      desk.log.warn(
        { lagMs: Math.round(lagMs) },
        'this server stood still; silence until now does not count',
      );
      desk.observedSince = now;
      this.board.stoodStill();
    }
    const snapshot = desk.fleet.observe();
    const seen = new Map(snapshot.copies.map((copy) => [keyOfCopy(copy.copy), copy]));
    return { now, wall: this.steady.now(), snapshot, seen, strays: [], memory: null };
  }

  /** A part of everything, so that nothing is forgotten whatever happens. */
  private sweep(): void {
    const { agenda, state } = this.desk;
    const cursor = this.sweepCursor;
    this.sweepCursor = (cursor + 1) % sweepTurns;
    const part = <Item>(items: readonly Item[]): readonly Item[] => {
      const size = Math.ceil(items.length / sweepTurns);
      return items.slice(cursor * size, (cursor + 1) * size);
    };
    for (const { value } of part(state.allComponents())) agenda.workloads.mark(keyOfComponent(value));
    for (const { value } of part(state.copies())) agenda.workloads.mark(value.component);
    for (const { value } of part(state.allEndpoints())) {
      agenda.endpoints.mark(endpointKey(value.scope, value.name));
    }
  }

  /** Which workloads are to be looked at because of what changed around them. */
  private spreadChanges(endpoints: ReadonlySet<string>): void {
    const { agenda, state, held } = this.desk;
    for (const key of agenda.layouts.take()) {
      const [account = '', region = '', name = ''] = key.split('/');
      const scope = { account, region };
      for (const { value } of state.componentsOf(scope, name)) agenda.workloads.mark(keyOfComponent(value));
      for (const { value } of state.instancesOf(scope, name)) {
        for (const { value: copy } of state.copiesOn(value.id)) agenda.workloads.mark(copy.component);
      }
    }
    for (const key of endpoints) {
      const endpoint = endpointByKey(this.desk, key);
      for (const model of endpoint === undefined ? [] : modelKeysOf(endpoint)) agenda.workloads.mark(model);
    }
    const freed = agenda.rooms.take();
    if (freed.size === 0) return;
    for (const key of held.keys()) {
      if (freed.has(key.slice(0, key.lastIndexOf('/')))) agenda.workloads.mark(key);
    }
  }

  /** What follows from what was written. */
  private finish(turn: Turn): void {
    const { desk } = this;
    // Routes to a copy go before it is told to drain or end.
    this.publish(turn);
    act(desk, turn, this.threads);
    tellAdapters(desk, turn, this.looked);
    this.looked = new Set();
    this.threads.share(turn);
    this.events.onTurn(turn.snapshot.copies.length);
  }

  private publish(turn: Turn): void {
    const { desk } = this;
    if (this.isAdopting(turn)) return;
    this.hasPublished = true;
    this.routes.publish(desk, turn, desk.agenda.routes.take(), desk.agenda.workloadRoutes.take());
  }

  /** True while copies that were ready before this process began have yet to be reached. */
  private isAdopting(turn: Turn): boolean {
    const { desk, hasPublished, startedAt } = this;
    const isOver = hasPublished || desk.closingDrainMsMax !== null || turn.now - startedAt >= adoptionMsMax;
    if (isOver) return false;
    return desk.state.copies().some(({ key, value }) => {
      const seen = turn.seen.get(key);
      const isReached = seen === undefined || seen.state === CopyState.Ready;
      return value.state === CopyState.Ready && value.wish === 'run' && !isReached;
    });
  }
}
