/**
 * One copy that computes: continuous batching as the worker does it, with the worker's own decisions about what a step
 * takes (`planStep`, `promptRowsMax`), and times from the service profile instead of an engine. A step lasts
 *
 *     stepMs + n · stepMsPerSequence  (n sequences that generate, 0 when none does)  +  prompt rows / prompt rate
 *
 * times the number of copies that compute on the same device. Steps that only generate are run together until the
 * first of them ends; who comes meanwhile cuts the run short at the end of its step.
 */
import { promptRowsMax, type StepTimes } from '../../../decide/batching/prompt-rows.js';
import { planStep } from '../../../decide/batching/plan-step.js';
import type { ServiceModel } from '../../../domain/service-profile.js';
import type { ForecastLimits } from '../forecast-input.js';
import type { Cancel, EventQueue } from './event-queue.js';
import type { ReplayFlight } from './flight.js';
import type { PrefixMemory } from './prefix-memory.js';

/** Powers of two of sequences whose step times are known. */
const sizes = 12;
/** A run of steps lasts no longer where others may begin to compute beside it, milliseconds. */
const sharedRunMsMax = 200;

/** What computes: copies on it slow each other down. */
export interface Device {
  /** Copies that compute now. */
  busy: number;
  /** How many times slower each is when so many compute. */
  slowdown(busy: number): number;
  readonly isShared: boolean;
}

export interface EngineEvents {
  onFirstToken(flight: ReplayFlight): void;
  onEnd(flight: ReplayFlight): void;
  /** It began or ceased to compute. */
  onBusy(isBusy: boolean): void;
}

export class CopyEngine {
  private waiting: ReplayFlight[] = [];
  private active: ReplayFlight[] = [];
  private readonly times: StepTimes;
  private readonly stepTokensMax: number;
  private run: { readonly startedAt: number; readonly stepMs: number; steps: number } | null = null;
  private cancelRun: Cancel | null = null;
  private takesRun: readonly number[] = [];

  constructor(
    private readonly queue: EventQueue,
    private readonly model: ServiceModel,
    private readonly limits: ForecastLimits,
    private readonly device: Device,
    private readonly prefixes: PrefixMemory,
    private readonly events: EngineEvents,
  ) {
    this.times = timesOf(model);
    this.stepTokensMax = Math.max(1, limits.stepTokensMax);
  }

  submit(flight: ReplayFlight): void {
    this.waiting.push(flight);
    if (this.run === null) this.step();
    else this.cutShort();
  }

  /** It leaves at the end of the step. */
  withdraw(flight: ReplayFlight): void {
    this.waiting = this.waiting.filter((one) => one !== flight);
    if (this.active.includes(flight)) this.cutShort();
  }

  /** All that it has, oldest first. */
  flights(): readonly ReplayFlight[] {
    return [...this.active, ...this.waiting];
  }

  private admit(): void {
    this.active = this.active.filter(({ isEnded }) => !isEnded);
    while (this.waiting.length > 0 && this.active.length < this.model.sequencesMax) {
      const flight = this.waiting.shift()!;
      const { promptTokens, cachedTokens, prefixBlocks } = flight.request;
      const found = cachedTokens ?? this.prefixes.find(prefixBlocks);
      // The last token is always computed: its row is where the first new one comes from.
      flight.cachedTokens = Math.max(0, Math.min(found, promptTokens - 1));
      flight.prefillLeft = Math.max(1, promptTokens - flight.cachedTokens);
      this.active.push(flight);
    }
  }

  private step(): void {
    this.admit();
    const { active, limits, model, device, stepTokensMax } = this;
    if (active.length === 0) {
      if (this.run !== null) this.setBusy(false);
      this.run = null;
      return;
    }
    if (this.run === null) this.setBusy(true);
    let decoding = 0;
    let leastLeft = Infinity;
    for (const { prefillLeft, outputLeft } of active) {
      if (prefillLeft > 0) continue;
      decoding++;
      leastLeft = Math.min(leastLeft, outputLeft);
    }
    const prefilling = active.length - decoding;
    let rows = 0;
    this.takesRun = [];
    if (prefilling > 0) {
      const rowsMax = promptRowsMax(this.times, {
        decoding,
        prefilling,
        msTarget: limits.stepMsTarget,
        rowsMax: stepTokensMax,
      });
      this.takesRun = planStep(
        active.map(({ prefillLeft }) => ({ prefillRemaining: prefillLeft, proposed: 0 })),
        stepTokensMax,
        rowsMax,
      );
      for (let index = 0; index < active.length; index++)
        if (active[index]!.prefillLeft > 0) rows += this.takesRun[index]!;
    }
    const alone =
      (decoding > 0 ? model.stepMs + decoding * model.stepMsPerSequence : 0) +
      (rows * 1000) / model.promptTokensPerSecond;
    const stepMs = Math.max(0.001, alone * device.slowdown(device.busy));
    let steps = prefilling > 0 || this.waiting.length > 0 ? 1 : leastLeft;
    if (device.isShared) steps = Math.max(1, Math.min(steps, Math.floor(sharedRunMsMax / stepMs)));
    this.run = { startedAt: this.queue.now, stepMs, steps };
    this.cancelRun = this.queue.put(this.queue.now + steps * stepMs, () => this.collect());
  }

  /** The run ends with the step under way. */
  private cutShort(): void {
    const { run, queue } = this;
    if (run === null || run.steps === 1) return;
    const begun = Math.max(1, Math.ceil((queue.now - run.startedAt) / run.stepMs));
    if (begun >= run.steps) return;
    run.steps = begun;
    this.cancelRun?.();
    this.cancelRun = queue.put(run.startedAt + begun * run.stepMs, () => this.collect());
  }

  private collect(): void {
    const { active, takesRun, run } = this;
    const steps = run?.steps ?? 1;
    const ended: ReplayFlight[] = [];
    for (let index = 0; index < active.length; index++) {
      const flight = active[index]!;
      if (flight.isEnded) continue;
      if (flight.prefillLeft > 0) {
        flight.prefillLeft -= takesRun[index] ?? 0;
        if (flight.prefillLeft > 0) continue;
        flight.outputLeft--;
        this.prefixes.keep(flight.request.prefixBlocks);
        flight.firstTokenAt = this.queue.now + this.model.overheadMs;
        this.events.onFirstToken(flight);
      } else flight.outputLeft -= steps;
      if (flight.outputLeft <= 0) {
        flight.isEnded = true;
        ended.push(flight);
      }
    }
    for (const flight of ended) this.events.onEnd(flight);
    this.step();
  }

  private setBusy(isBusy: boolean): void {
    this.device.busy += isBusy ? 1 : -1;
    this.events.onBusy(isBusy);
  }
}

/** What the worker would have measured. */
function timesOf({ stepMs, stepMsPerSequence, promptTokensPerSecond }: ServiceModel): StepTimes {
  return {
    decodeMs: Array.from({ length: sizes }, (_, size) => stepMs + 2 ** size * stepMsPerSequence),
    promptRowMs: 1000 / promptTokensPerSecond,
  };
}
