/**
 * The forecast: a replay of a trace on a fleet that is only numbers, by the decisions that the control plane and serving
 * make. Nothing waits, nothing is started, no clock is read: the same input and seed give the same result.
 */
import { StowageError } from '../../domain/errors.js';
import type { ForecastInput, ForecastPool } from './forecast-input.js';
import type { ComponentFigures, ForecastPoint, ForecastResult, RequestFigures } from './forecast-result.js';
import { ComponentScaling } from './replay/component-scaling.js';
import { EventQueue } from './replay/event-queue.js';
import { Fleet, type Workload } from './replay/fleet.js';
import { InstanceScaling } from './replay/instance-scaling.js';
import { Lane } from './replay/lane.js';
import { type Grid, gridOf, Level, percentilesOf, RequestMeter } from './replay/measures.js';
import { newDevice } from './replay/replay-instance.js';
import { StartTimes } from './replay/start-times.js';
import { seededChance } from './seeded-chance.js';

/** What waits and runs is ended by its component's limits once in so long, milliseconds. */
const sweepMs = 1_000;
/** Spans that are replayed, milliseconds: 92 days. What has lasted longer is cut or run faster. */
const spanMsMax = 92 * 86_400_000;
/** A replay may go on for so long after the trace's end, milliseconds: what is open then is given up. */
const overtimeMsMax = 3_600_000;
const msPerHour = 3_600_000;

/** `onProgress` is called now and then with what is done of the trace, 0..1. Throws FILE-012 for a span that is too long. */
export function runForecast(
  input: ForecastInput,
  onProgress: (done: number) => void = () => {},
): ForecastResult {
  if (input.durationMs > spanMsMax) {
    const days = Math.ceil(input.durationMs / 86_400_000);
    throw StowageError.of('FILE-012', {
      key: 'trace',
      problem: `it spans ${days} days, and at most ${spanMsMax / 86_400_000} are replayed`,
      suggestion: 'replay a part of it, such as `--duration 86400`, or run it faster: `--speed 100`',
    });
  }
  return new Replay(input).run(onProgress);
}

class Replay {
  private readonly queue = new EventQueue();
  private readonly machine = newDevice(true);
  private readonly grid: Grid;
  private readonly workloads: Workload[] = [];
  private readonly scalings: ComponentScaling[] = [];
  private readonly fleets: Fleet[] = [];
  private readonly arrivals: Float64Array;
  /** First tokens by stretch, milliseconds. */
  private readonly firstTokens: number[][];
  private next = 0;
  private open = 0;

  constructor(private readonly input: ForecastInput) {
    this.grid = gridOf(input.durationMs);
    this.arrivals = new Float64Array(this.grid.count);
    this.firstTokens = Array.from({ length: this.grid.count }, () => []);
    const chance = seededChance(input.seed);
    for (const index of input.components.keys()) this.addWorkload(index, chance);
    for (const pool of input.pools) this.addFleet(pool);
  }

  run(onProgress: (done: number) => void): ForecastResult {
    const { queue, input } = this;
    for (const fleet of this.fleets) fleet.begin();
    for (const scaling of this.scalings) scaling.begin();
    this.sweep();
    this.arriveNext();
    let tellAt = 0;
    while (this.goesOn() && queue.next()) {
      if (queue.now > input.durationMs + overtimeMsMax) break;
      if (queue.now < tellAt) continue;
      onProgress(Math.min(1, queue.now / input.durationMs));
      tellAt = queue.now + input.durationMs / 50;
    }
    return this.result();
  }

  private readonly goesOn = (): boolean =>
    this.next < this.input.requests.length || this.open > 0 || this.queue.now < this.input.durationMs;

  private addWorkload(index: number, chance: () => number): void {
    const component = this.input.components[index]!;
    const { queue, grid } = this;
    const lane: Lane = new Lane(component, new RequestMeter(), queue, chance, {
      onArrival: (request, isHeld) => this.scalings[index]!.noteArrival(request, isHeld),
      isWanted: () => workload.wanted > 0,
      onOpen: (change) => {
        this.open += change;
        this.scalings[index]!.noteOpen();
      },
      onFirstToken: (flight) =>
        this.noteFirstToken(flight.firstTokenAt! - flight.request.atMs, flight.firstTokenAt!),
      onEnd: (flight, isAnswered) => isAnswered && this.scalings[index]!.noteEnd(flight),
    });
    const fleet = () => this.fleets.find(({ pool }) => pool.key === component.pool)!;
    const workload: Workload = {
      index,
      component,
      lane,
      wanted: component.copies.initial,
      copies: new Set(),
      starts: new StartTimes(),
      living: new Level(grid),
      busy: new Level(grid),
      files: () => fleet().filesOf(index),
      idleCostShare: () => fleet().idleCostShare(index),
      giveWay: () => this.scalings[index]!.giveWay(),
    };
    this.workloads.push(workload);
    this.scalings.push(new ComponentScaling(workload, queue, () => fleet().hint(), this.goesOn));
  }

  private addFleet(pool: ForecastPool): void {
    const mine = this.workloads.filter(({ component }) => component.pool === pool.key);
    const machine = pool.isMachineOfItsOwn === true ? newDevice(true) : this.machine;
    const fleet: Fleet = new Fleet(pool, mine, this.queue, this.grid, machine, () => scaling.look());
    const scaling = new InstanceScaling(fleet, this.queue, this.goesOn);
    this.fleets.push(fleet);
    scaling.begin();
  }

  private arriveNext(): void {
    const request = this.input.requests[this.next];
    if (request === undefined) return;
    this.queue.put(request.atMs, () => {
      this.next++;
      const stretch = Math.floor(request.atMs / this.grid.pointMs);
      if (stretch < this.grid.count) this.arrivals[stretch]!++;
      this.workloads[request.component]!.lane.arrive(request);
      this.arriveNext();
    });
  }

  private sweep(): void {
    this.queue.put(this.queue.now + sweepMs, () => {
      if (!this.goesOn()) return;
      for (const { lane } of this.workloads) lane.sweep();
      this.sweep();
    });
  }

  private noteFirstToken(ms: number, at: number): void {
    this.firstTokens[Math.floor(at / this.grid.pointMs)]?.push(ms);
  }

  private result(): ForecastResult {
    const { grid, fleets, workloads } = this;
    const total = (pick: (fleet: Fleet) => Level) =>
      fleets.reduce((sum, fleet) => sum + pick(fleet).total(), 0) / msPerHour;
    const copyMs = workloads.reduce((sum, { living }) => sum + living.total(), 0);
    const busyMs = workloads.reduce((sum, { busy }) => sum + busy.total(), 0);
    return {
      durationMs: grid.endMs,
      acceleratorHours: total(({ levels }) => levels.accelerators),
      instanceHours: total(({ levels }) => levels.instances),
      heldAcceleratorHours: total(({ levels }) => levels.held),
      copyHours: copyMs / msPerHour,
      cost: total(({ levels }) => levels.price),
      coldStarts: workloads.reduce((sum, { lane }) => sum + lane.meter.coldStarts, 0),
      instanceStarts: fleets.reduce((sum, fleet) => sum + fleet.instanceStarts, 0),
      utilization: copyMs === 0 ? 0 : busyMs / copyMs,
      requests: figuresOf(workloads.map(({ lane }) => lane.meter)),
      components: workloads.map(componentFigures),
      points: this.points(),
    };
  }

  private points(): readonly ForecastPoint[] {
    const { grid, workloads, fleets } = this;
    const copies = sumOf(workloads.map(({ living }) => living.means()));
    const instances = sumOf(fleets.map(({ levels }) => levels.instances.means()));
    return Array.from({ length: grid.count }, (_, index) => ({
      atMs: index * grid.pointMs,
      arrivals: this.arrivals[index]!,
      copies: copies[index] ?? 0,
      instances: instances[index] ?? 0,
      firstTokenP95Ms: percentilesOf(Float64Array.from(this.firstTokens[index]!))?.p95 ?? null,
    }));
  }
}

function componentFigures({ component, lane, living, busy }: Workload): ComponentFigures {
  const copyMs = living.total();
  return {
    name: component.name,
    ...figuresOf([lane.meter]),
    coldStarts: lane.meter.coldStarts,
    copyHours: copyMs / msPerHour,
    utilization: copyMs === 0 ? 0 : busy.total() / copyMs,
    copiesMax: living.max,
  };
}

function figuresOf(meters: readonly RequestMeter[]): RequestFigures {
  const sum = (pick: (meter: RequestMeter) => number) =>
    meters.reduce((total, meter) => total + pick(meter), 0);
  const rejected: Record<string, number> = {};
  for (const meter of meters) {
    for (const [code, count] of meter.rejected) rejected[code] = (rejected[code] ?? 0) + count;
  }
  return {
    arrivals: sum(({ arrivals }) => arrivals),
    completed: sum(({ completed }) => completed),
    rejected,
    held: sum(({ held }) => held),
    firstTokenMs: percentilesOf(Float64Array.from(meters.flatMap(({ firstTokenMs }) => firstTokenMs))),
    totalMs: percentilesOf(Float64Array.from(meters.flatMap(({ totalMs }) => totalMs))),
    promptTokens: sum(({ promptTokens }) => promptTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    generatedTokens: sum(({ generatedTokens }) => generatedTokens),
  };
}

function sumOf(series: readonly (readonly number[])[]): readonly number[] {
  const [first, ...others] = series;
  return (first ?? []).map((value, index) => others.reduce((sum, one) => sum + (one[index] ?? 0), value));
}
