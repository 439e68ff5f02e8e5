/**
 * The whole of Stowage on virtual time: the real control plane and the real serving, each a process that can be killed
 * and is started again by its supervisor, real workers around a simulated model on simulated hosts, a disk, and the link
 * between the two. Checkers see every write, every call to the fleet, every table and every request.
 *
 * Never: anything that is not a function of the seed.
 */
import { createSimulatedFleet } from '../../../src/adapters/fleet/simulated/fleet.js';
import type { CallFate } from '../../../src/adapters/fleet/simulated/faults.js';
import { type Fault } from '../../../src/adapters/fleet/simulated/faults.js';
import { SimulatedMachine, type SimulatedHostFacts } from '../../../src/adapters/fleet/simulated/machine.js';
import { createMemoryNetwork, type MemoryNetwork } from '../../../src/adapters/link/memory/network.js';
import { createMemoryMetricStore } from '../../../src/adapters/metrics/memory/metric-store.js';
import { createMemoryStore } from '../../../src/adapters/store/memory/store.js';
import { MemoryTelemetry } from '../../../src/adapters/telemetry/memory/telemetry.js';
import type { FleetSnapshot } from '../../../src/contracts/fleet.js';
import type { RouteTable } from '../../../src/contracts/route-feed.js';
import type { Log } from '../../../src/contracts/telemetry.js';
import { createControl, type ControlLimits } from '../../../src/control/control.js';
import type { Control } from '../../../src/control/facade.js';
import { createAlarmEvaluator } from '../../../src/control/metrics/alarms.js';
import { copyKey } from '../../../src/domain/copy.js';
import { asStowageError } from '../../../src/domain/errors.js';
import type { InstanceType } from '../../../src/domain/instance.js';
import type { Scope } from '../../../src/domain/scope.js';
import { createServing, type RunningServing } from '../../../src/serving/serving.js';
import { SeededRandom } from '../seeded-random.js';
import { Records } from './check-records.js';
import { RoomChecker } from './check-room.js';
import { TrafficChecker } from './check-traffic.js';
import { Life, WorldClock } from './clock.js';
import { CrashPoints, fragileFleet, fragileStore, Killed } from './crash-points.js';
import { RouteLink, type ServingEnd } from './route-link.js';
import { startWorker } from './worker.js';

/** What the world does to processes by itself. Times in milliseconds, probabilities 0..1. */
export interface Weather {
  readonly fault: () => Fault;
  readonly call: () => CallFate;
  readonly isDiskFull: () => boolean;
  /** Of a message between control and serving. */
  readonly linkMs: () => number;
  /** A killed process is started again after so long. */
  readonly restartMs: () => number;
}

export interface WorldParts {
  readonly seed: number;
  readonly hosts: readonly SimulatedHostFacts[];
  readonly catalogue: readonly InstanceType[];
  readonly limits: Partial<ControlLimits>;
  readonly home: Scope;
  readonly weather: Weather;
  /** The slowest that `linkMs` gives. */
  readonly linkMsMax: number;
}

interface ControlProcess {
  readonly life: Life;
  /** Null while it begins. */
  control: Control | null;
  readonly observe: () => FleetSnapshot;
  readonly end: () => void;
}

interface ServingProcess {
  readonly life: Life;
  readonly serving: RunningServing;
  readonly end: () => void;
}

/** Lines of the story that are kept. */
const storyLinesMax = 20_000;

export class World {
  readonly clock = new WorldClock();
  readonly disk = createMemoryStore();
  readonly records: Records;
  readonly traffic: TrafficChecker;
  readonly machine: SimulatedMachine;
  readonly network: MemoryNetwork;
  readonly link: RouteLink;
  readonly points: CrashPoints;
  readonly telemetry = new MemoryTelemetry();
  readonly metrics = createMemoryMetricStore();
  readonly counts = { controlKills: 0, servingKills: 0, starts: 0, tables: 0, writes: 0 };
  readonly story: string[] = [];
  /** The first thing that must not be; null = nothing. */
  violation: string | null = null;
  private readonly room: RoomChecker;
  private readonly running = new Set<string>();
  private readonly randomOfWorkers: SeededRandom;
  private controlProcess: ControlProcess | null = null;
  private servingProcess: ServingProcess | null = null;
  private lastTable: RouteTable | null = null;
  private isRoomDirty = false;
  private lives = 0;
  private stallMs = 0;
  private stalledAt = -Infinity;

  constructor(readonly parts: WorldParts) {
    const { clock } = this;
    const complain = (problem: string) => this.complain(problem);
    this.randomOfWorkers = new SeededRandom(parts.seed * 8 + 1);
    this.records = new Records(() => clock.now(), complain);
    this.network = createMemoryNetwork({ clock, latencyMs: 1 });
    this.machine = this.createMachine();
    this.room = new RoomChecker(this.machine, this.records, parts.hosts, complain);
    this.link = new RouteLink({
      clock,
      delayMs: () => parts.weather.linkMs(),
      onTable: (table) => {
        this.note(`  serving has table ${table.revision}`);
        this.traffic.setTable(table);
      },
    });
    this.traffic = new TrafficChecker({
      now: () => clock.now(),
      machine: () => this.machine,
      records: this.records,
      // A table leaves in the turn that wrote what it says, or in the next.
      tableMsMax: parts.linkMsMax + 100,
      brokenAt: () => Math.max(this.link.brokenAt, this.stalledAt),
      complain,
    });
    this.points = new CrashPoints((place) => this.killControl(place));
  }

  /** Null while it is away. */
  get control(): Control | null {
    return this.controlProcess?.control ?? null;
  }

  get serving(): RunningServing | null {
    return this.servingProcess?.serving ?? null;
  }

  /** What the control process that runs sees; null = there is none. */
  observe(): FleetSnapshot | null {
    return this.controlProcess?.observe() ?? null;
  }

  begin(): void {
    this.startControl();
    this.startServing();
  }

  note(text: string): void {
    if (this.story.length >= storyLinesMax) this.story.splice(0, storyLinesMax / 2);
    this.story.push(`${(this.clock.now() / 1000).toFixed(3).padStart(9)}  ${text}`);
  }

  complain(problem: string): void {
    this.note(`VIOLATION ${problem}`);
    this.violation ??= `at ${(this.clock.now() / 1000).toFixed(3)} s: ${problem}`;
  }

  /** Lets time pass, event by event, until it is so; throws at the first thing that must not be. */
  async run(ms: number, isSo: () => boolean = () => false): Promise<boolean> {
    const until = this.clock.now() + ms;
    for (;;) {
      if (this.violation !== null) throw new Error(this.violation);
      if (isSo()) return true;
      const due = this.clock.nextDueAt();
      if (due === null || due > until) break;
      await this.clock.step();
      if (this.stallMs > 0) {
        this.clock.stall(this.stallMs);
        this.stallMs = 0;
        this.stalledAt = this.clock.now();
      }
      if (!this.isRoomDirty) continue;
      this.isRoomDirty = false;
      this.room.check();
    }
    await this.clock.pass(Math.max(0, until - this.clock.now()));
    return isSo();
  }

  /** The whole machine stands still: everything is late by so much. */
  stall(ms: number): void {
    this.stallMs += ms;
  }

  killControl(place: string): void {
    const process = this.controlProcess;
    if (process === null) return;
    this.note(`control is killed, ${place}`);
    this.counts.controlKills++;
    this.endControl(process);
  }

  killServing(): void {
    const process = this.servingProcess;
    if (process === null) return;
    this.note('serving is killed');
    this.counts.servingKills++;
    this.servingProcess = null;
    process.end();
    this.traffic.setServing(false);
    this.clock.after(this.parts.weather.restartMs(), () => this.startServing());
  }

  /** Freezes a process, as SIGSTOP would, or lets it go on. */
  setFrozen(address: string, isFrozen: boolean): void {
    if (isFrozen) this.network.freeze(address);
    else this.network.thaw(address);
    this.traffic.setFrozen(address, isFrozen);
  }

  private endControl(process: ControlProcess): void {
    if (this.controlProcess !== process) return;
    this.controlProcess = null;
    process.end();
    this.clock.after(this.parts.weather.restartMs(), () => this.startControl());
  }

  private startControl(): void {
    const { clock, disk, points } = this;
    const life = new Life(clock);
    const fleet = createSimulatedFleet(this.machine);
    const log = this.logOf(life, 'control');
    const process: ControlProcess = {
      life,
      control: null,
      observe: () => fleet.observe(),
      end: () => {
        life.end();
        process.control?.abandon();
        fleet.leave();
        this.link.controlGone();
      },
    };
    this.controlProcess = process;
    this.lives++;
    try {
      const control = createControl({
        store: fragileStore(disk.reopen(), life, points, {
          isFull: () => this.parts.weather.isDiskFull(),
          onWritten: (changes, _, at) => {
            this.counts.writes++;
            this.isRoomDirty = true;
            this.records.take(changes, at);
          },
        }),
        fleet: fragileFleet(fleet, life, points, {
          onApply: (wish) => this.room.checkApply(wish),
          onDrain: (copy) => this.room.checkDrain(copyKey(copy)),
          onRemove: (copy) => {
            this.room.checkRemove(copyKey(copy));
            this.traffic.checkDrained(copy);
          },
        }),
        clock: life,
        random: new SeededRandom(this.parts.seed * 8 + 2 + this.lives * 0x10000),
        log,
        telemetry: this.telemetry,
        metrics: this.metrics,
        catalogue: new Map(this.parts.catalogue.map((type) => [type.name, type])),
        loadReports: this.link.loadReports,
        limits: this.parts.limits,
        home: this.parts.home,
        alarms: createAlarmEvaluator(this.metrics),
      });
      process.control = control;
      control.feed.onTable((table) => this.checkTable(table, life));
      this.link.publish(control.feed);
      this.note(`control process ${this.lives} begins`);
    } catch (error) {
      const { code } = asStowageError(error);
      if (!(error instanceof Killed) && code !== 'STATE-702') {
        this.complain(`control cannot begin: ${textOf(error)}`);
      }
      this.note(`control process ${this.lives} does not begin: ${code}`);
      this.endControl(process);
      if (process.control === null) process.end();
    }
  }

  private checkTable(table: RouteTable, life: Life): void {
    this.counts.tables++;
    this.note(`  table ${table.revision}: ${table.copies.map(({ copy }) => copyKey(copy)).join(', ')}`);
    this.traffic.checkTable(table, this.lastTable);
    this.lastTable = table;
    this.points.pass(life, 'before a table');
  }

  private startServing(): void {
    const life = new Life(this.clock);
    const feed: ServingEnd = this.link.open();
    const closers = new Set<() => void>();
    this.lives++;
    const serving = createServing(feed, {
      clock: life,
      random: new SeededRandom(this.parts.seed * 8 + 3 + this.lives * 0x10000),
      dialer: this.traffic.dialer(this.network.dialer, life, (close) => closers.add(close)),
      telemetry: this.telemetry,
      log: this.logOf(life, 'serving'),
      report: (report) => feed.report(report),
    });
    this.servingProcess = {
      life,
      serving,
      end: () => {
        life.end();
        feed.end();
        for (const close of closers) close();
      },
    };
    this.note('serving begins');
    this.traffic.setServing(true);
  }

  private createMachine(): SimulatedMachine {
    const { clock, network } = this;
    const { hosts, weather } = this.parts;
    return new SimulatedMachine({
      clock,
      hosts,
      network: {
        listener: network.listener,
        dialer: network.dialer,
        cut: (address) => network.cut(address),
        freeze: (address) => this.setFrozen(address, true),
        thaw: (address) => this.setFrozen(address, false),
      },
      faults: () => weather.fault(),
      calls: () => weather.call(),
      startWorker: (assignment, host) => {
        const key = copyKey(assignment.copy);
        if (this.running.has(key)) this.complain(`${key} is started while it runs`);
        this.running.add(key);
        this.counts.starts++;
        this.isRoomDirty = true;
        const resources = this.records.copy(key)?.resources;
        const random = this.randomOfWorkers;
        return startWorker(assignment, host, {
          clock,
          loadMs: 20 + random.below(400),
          stepMs: 5 + random.below(20),
          memoryBytes: resources?.memoryBytesMin ?? 0,
          onFailure: (error) => this.complain(`the worker ${key} failed: ${textOf(error)}`),
          onReady: () => this.traffic.look(),
          onStop: () => {
            this.running.delete(key);
            this.isRoomDirty = true;
            this.traffic.look();
          },
        });
      },
    });
  }

  /** What a process says of itself. An error is a defect, unless it was killed or the disk was full. */
  private logOf(life: Life, who: string): Log {
    const note = (facts: object, message: string) => {
      if (!life.isOver) this.note(`  ${who}: ${message}${codeOf(facts)}`);
    };
    return {
      debug: () => undefined,
      info: note,
      warn: note,
      error: (facts, message) => {
        note(facts, message);
        const { err } = facts as { err?: unknown };
        const isExpected = err instanceof Killed || asStowageError(err).code === 'STATE-702';
        if (!life.isOver && !isExpected) this.complain(`${who} says: ${message}: ${textOf(err)}`);
      },
    };
  }
}

function codeOf(facts: object): string {
  const { code } = facts as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
