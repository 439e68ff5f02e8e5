/**
 * The control plane: runs commands on the state, and the loop that brings the fleet to what they ask for. A command is
 * written down before it is answered; the loop acts on it in a turn of its own.
 */
import type { Clock } from '../contracts/clock.js';
import type { Fleet } from '../contracts/fleet.js';
import type { LoadReports } from '../contracts/load-reports.js';
import type { MetricStore } from '../contracts/metric-store.js';
import type { Random } from '../contracts/random.js';
import type { Store } from '../contracts/store.js';
import type { Log, Telemetry } from '../contracts/telemetry.js';
import { reconcileLimits } from '../decide/reconcile/limits.js';
import { evictionLimits } from '../decide/scaling/eviction/situation.js';
import { instanceScalingLimits } from '../decide/scaling/instances/managed.js';
import { StowageError } from '../domain/errors.js';
import type { InstanceType } from '../domain/instance.js';
import type { Scope } from '../domain/scope.js';
import { Agenda } from './agenda.js';
import type { AlarmEvaluator } from './alarm-evaluator.js';
import { executeOperation } from './commands/execute.js';
import { CopyMemory } from './copy-memory.js';
import type { ControlLimits, Desk } from './desk.js';
import { Explanations, ownerOfCopy } from './explain.js';
import type { Control, ControlOperation } from './facade.js';
import { Loop } from './loop.js';
import { BillingMeter } from './billing/billing-meter.js';
import { LoadPublisher } from './metrics/publish-load.js';
import { Routes } from './routes.js';
import { Runnables } from './runnables.js';
import { LoadBoard } from './scaling/load-board.js';
import { State } from './state.js';
import { SteadyTime } from './steady-time.js';

export type { ControlLimits } from './desk.js';

/** Copies may take so long to drain when the server closes, milliseconds. */
const closeDrainMs = 10_000;
/** Killed processes have this long to be gone when the server closes, milliseconds. */
const closeGraceMs = 5_000;

export interface ControlParts {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly metrics: MetricStore;
  /** Instance types, by name. */
  readonly catalogue: ReadonlyMap<string, InstanceType>;
  readonly loadReports: LoadReports;
  readonly limits?: Partial<ControlLimits>;
  /** Copies of this scope have short names, without account and region. */
  readonly home?: Scope;
  /** None: alarms stay as they were set. */
  readonly alarms?: AlarmEvaluator;
}

/** Begins at once. Throws what the store throws when it cannot be read or written. */
export function createControl(parts: ControlParts): Control {
  return new Plane(parts);
}

class Plane implements Control {
  readonly feed: Routes;
  private readonly desk: Desk;
  private readonly loop: Loop;
  private readonly steady: SteadyTime;
  private readonly explanations: Explanations;
  private readonly board: LoadBoard;
  private readonly publisher: LoadPublisher;
  private readonly billing: BillingMeter;
  private readonly listeners = new Set<() => void>();
  private closing: Promise<void> | null = null;
  private onEmpty: () => void = () => undefined;
  private isEnded = false;

  constructor(private readonly parts: ControlParts) {
    const { store, clock } = parts;
    const state = new State(store);
    const [last] = store.ledger({ isNewestFirst: true, limit: 1 });
    this.steady = new SteadyTime(clock, last?.at ?? 0);
    const epoch = state.nextNumber('control-starts', 'a control process begins');
    state.flush(this.steady.now());
    this.feed = new Routes(epoch);
    this.desk = deskOf(parts, state);
    this.explanations = new Explanations(this.desk, store);
    this.board = new LoadBoard(
      parts.loadReports,
      () => this.steady.now(),
      (key) => this.loop.held(key),
    );
    this.publisher = new LoadPublisher(parts.loadReports, state, parts.metrics);
    this.billing = new BillingMeter(parts.loadReports, parts.metrics);
    this.loop = new Loop(
      this.desk,
      this.feed,
      this.steady,
      parts.alarms ?? null,
      this.board,
      this.publisher,
      this.billing,
      {
        onChange: () => this.changed(),
        onTurn: (processes) => {
          if (this.closing !== null && processes === 0 && state.copies().length === 0) this.onEmpty();
        },
      },
    );
  }

  execute(operation: ControlOperation, scope: Scope, input: object): object {
    if (this.isEnded) throw StowageError.of('RUN-310', {});
    const { state, catalogue } = this.desk;
    const now = this.steady.now();
    const { metrics, store } = this.parts;
    const context = { now, catalogue, metrics, ledger: store.ledger.bind(store) };
    const { changes, output, points = [] } = executeOperation(operation, state, scope, input, context);
    if (points.length > 0) metrics.put(points);
    if (changes.length > 0) {
      state.commit(changes, now);
      this.loop.hint();
      this.changed();
    }
    return output;
  }

  explainEndpoint(scope: Scope, name: string) {
    return this.explanations.endpoint(scope, name);
  }

  explainComponent(scope: Scope, name: string) {
    return this.explanations.component(scope, name);
  }

  explain(scope: Scope) {
    return this.explanations.all(scope);
  }

  async logs(scope: Scope, copyId: string, linesMax: number): Promise<readonly string[]> {
    if (ownerOfCopy(this.desk, scope, copyId) !== null) return this.parts.fleet.logs(copyId, linesMax);
    throw StowageError.of('NAME-404', { name: copyId, suggestion: 'stowage explain' });
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(drainMsMax = closeDrainMs): Promise<void> {
    if (this.closing === null) {
      const { state, agenda, clock } = this.desk;
      const done = new Promise<void>((resolve) => (this.onEmpty = resolve));
      this.closing = done;
      this.desk.closingDrainMsMax = drainMsMax;
      for (const { value } of state.copies()) agenda.workloads.mark(value.component);
      this.loop.hint();
      const giveUp = clock.after(drainMsMax + closeGraceMs, () => this.onEmpty());
      void done.then(giveUp);
    }
    if (this.isEnded) return;
    await this.closing;
    this.abandon();
  }

  abandon(): void {
    this.isEnded = true;
    this.loop.stop();
    this.board.close();
    this.publisher.close();
    this.billing.close();
    this.onEmpty();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function deskOf(parts: ControlParts, state: State): Desk {
  const { fleet, clock, random, log, telemetry, metrics, catalogue } = parts;
  const limits: ControlLimits = {
    ...reconcileLimits,
    ...instanceScalingLimits,
    ...evictionLimits,
    coresMax: Infinity,
    ...parts.limits,
  };
  return {
    state,
    agenda: new Agenda(),
    copies: new CopyMemory(),
    runnables: new Runnables(state, limits.modelMemoryBytesMin),
    fleet,
    clock,
    random,
    log,
    telemetry,
    metrics,
    catalogue,
    limits,
    home: parts.home ?? null,
    held: new Map(),
    line: { first: new Set(), behind: new Set() },
    shortfalls: new Map(),
    hostSeenAt: new Map(),
    observedSince: clock.now(),
    closingDrainMsMax: null,
  };
}
