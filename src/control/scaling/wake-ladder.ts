/**
 * Puts idle copies to sleep where memory is short: the rung of the ladder that is cheapest against the objective. Which
 * copies leave altogether is for their policies, and for whoever needs their room.
 */
import { chooseRung, Rung, rungPrices } from '../../decide/scaling/wake/choose-rung.js';
import { CopyState } from '../../domain/copy.js';
import { WorkloadKind, parseComponentKey } from '../../domain/component.js';
import type { CopyRecord } from '../../domain/record.js';
import { type Desk, keyOfCopy, type Turn } from '../desk.js';
import type { LoadBoard } from './load-board.js';
import type { ToldToSleep } from './told-to-sleep.js';

/** Idle copies are looked at so often, milliseconds. */
const lookMs = 5_000;
/** A copy is not idle before, milliseconds. */
const idleMsMin = 10_000;
/** Part of a host's memory that is in use before it is short. */
const pressureMin = 0.8;
/** What a first token may take more after a sleep, milliseconds. */
const objectiveMs = 500;
/** Of a copy that never slept: the part of its memory that sleep gives back. */
const givenBackDefault = 0.25;
/** Measured (docs/scaling/zero.md): clearing what was given back, milliseconds for a mebibyte. */
const wakeMsPerMebibyte = 0.6;
const mebibyte = 1024 ** 2;
/** Workloads whose sleep is remembered. */
const workloadsMax = 20_000;

export class WakeLadder {
  private lookedAt = -Infinity;
  /** Bytes that a copy holds asleep, by workload, as seen last. */
  private readonly asleepBytes = new Map<string, number>();

  constructor(
    private readonly desk: Desk,
    private readonly board: LoadBoard,
    private readonly told: ToldToSleep,
  ) {}

  step(turn: Turn): void {
    if (turn.now - this.lookedAt < lookMs) return;
    this.lookedAt = turn.now;
    for (const { id, memoryBytesTotal, memoryBytesAvailable } of turn.snapshot.hosts) {
      const pressure = 1 - memoryBytesAvailable / Math.max(1, memoryBytesTotal);
      if (pressure >= pressureMin) this.stepHost(turn, id, pressure);
    }
  }

  private stepHost(turn: Turn, host: string, pressure: number): void {
    const { state } = this.desk;
    for (const { value: instance } of state.instances()) {
      if (instance.host !== host) continue;
      for (const { value: record } of state.copiesOn(instance.id)) this.stepCopy(turn, record, pressure);
    }
  }

  private stepCopy(turn: Turn, record: CopyRecord, pressure: number): void {
    const { desk } = this;
    const key = keyOfCopy(record.copy);
    const { report, busyAt } = desk.copies.of(key);
    const isResting = record.wish === 'run' && record.state === CopyState.Ready && report !== null;
    if (!isResting || parseComponentKey(record.component).kind !== WorkloadKind.Component) return;
    if (report.isAsleep === true) {
      this.told.slept(key, turn.now);
      return this.remember(record.component, report.memoryBytes);
    }
    const idleMs = Math.min(turn.wall - record.since, turn.now - busyAt);
    if (report.running + report.waiting > 0 || idleMs < idleMsMin) return;
    if (this.told.has(key, turn.now)) return;
    const awakeBytes = report.memoryBytes;
    const asleepBytes = this.asleepBytes.get(record.component) ?? awakeBytes * (1 - givenBackDefault);
    const wakeMs = (Math.max(0, awakeBytes - asleepBytes) / mebibyte) * wakeMsPerMebibyte;
    const { rung, reason } = chooseRung({
      rungs: [
        { rung: Rung.Awake, wakeMs: 0, heldBytes: awakeBytes },
        { rung: Rung.Asleep, wakeMs, heldBytes: asleepBytes },
      ],
      expectedMs: this.expectedMs(turn, record.component),
      idleMs,
      pressure,
      objectiveMs,
      prices: rungPrices,
    });
    if (rung !== Rung.Asleep) return;
    desk.log.info({ copy: record.copy.id, reason }, `copy ${record.copy.id} is to sleep`);
    this.told.note(key, turn.now);
    desk.fleet.sleep(record.copy);
  }

  /** The mean time between the requests of the last hour, milliseconds; null = there were none. */
  private expectedMs(turn: Turn, workload: string): number | null {
    const { points } = this.board.of(workload, turn.wall);
    const arrivals = points.reduce((sum, point) => sum + point.arrivals, 0);
    const [first] = points;
    return first === undefined || arrivals === 0 ? null : Math.max(0, turn.wall - first.at) / arrivals;
  }

  private remember(workload: string, bytes: number): void {
    this.asleepBytes.delete(workload);
    this.asleepBytes.set(workload, bytes);
    if (this.asleepBytes.size <= workloadsMax) return;
    this.asleepBytes.delete(this.asleepBytes.keys().next().value!);
  }
}
