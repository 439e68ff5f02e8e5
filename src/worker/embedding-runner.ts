/**
 * Embeddings and scores: texts of many requests in one batch. It is the one writer of its tasks and of the engine.
 * While the engine computes a batch, finished requests are answered and the next texts are tokenized.
 *
 * Modes: idle, computing, or asleep (the engine has given back all but the weights) until the next request.
 *
 * Never: two batches at once; a text computed twice; a text of a cancelled request in a batch that begins after its
 * cancel was heard.
 */
import type { Clock } from '../contracts/clock.js';
import type { EmbeddingEngine } from '../contracts/embedding-engine.js';
import type { EngineInfo } from '../contracts/engine.js';
import type { SubmittedStream } from '../contracts/worker-protocol.js';
import { packTexts, takeTurns } from '../decide/batching/pack-texts.js';
import { packedTokensMax } from '../decide/pooling/text-limits.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import { EmbeddingTask, type WaitingText } from './embedding-task.js';
import { refusalOf } from './refusal.js';
import type { Runner, RunnerCounts, RunnerEvents, Task } from './runner.js';
import { type TextComputation, textCountOf, TextTokens } from './text-tokens.js';

export interface EmbeddingParts {
  readonly engine: EmbeddingEngine;
  readonly component: string;
  readonly options: ComponentOptions;
  readonly clock: Clock;
}

/** Bytes of all vectors of one answer. As base64 they are a third more, which must fit into a frame. */
const vectorBytesMax = 40 * 1024 * 1024;
/** Texts are tokenized ahead for so many batches. */
const batchesAhead = 2;
/** How fast the memory of a slow batch fades: by this factor with every batch. */
const slowestStepFade = 0.98;

export class EmbeddingRunner implements Runner {
  readonly info: EngineInfo;
  private readonly tokens: TextTokens;
  /** Tasks with texts that wait; the first is the one whose turn it is. */
  private tasks: EmbeddingTask[] = [];
  private computing: readonly WaitingText[] = [];
  private unpublished: EmbeddingTask[] = [];
  private events: RunnerEvents | null = null;
  private wake: (() => void) | null = null;
  private closed = false;
  private isAsleep = false;
  private sleepDue = false;
  /** Compute threads that the next batch shall have; null = as before. */
  private threads: number | null = null;
  private batches = 0;
  private texts = 0;
  private promptTokens = 0;
  private slowestStepMs = 0;

  constructor(private readonly parts: EmbeddingParts) {
    this.info = parts.engine.info;
    this.tokens = new TextTokens(parts.engine, parts.options);
  }

  start(events: RunnerEvents): void {
    this.events = events;
    void this.run();
  }

  /** Throws REQ-210 or REQ-217; what is wrong with a text ends the task. */
  take(submitted: SubmittedStream): Task {
    const { component } = this.parts;
    const computation = this.computationOf(submitted);
    if (submitted.kind !== 'computation' || computation === null) {
      throw refusalOf(submitted, component, this.info.abilities);
    }
    this.checkSize(computation);
    const task = new EmbeddingTask(submitted, computation);
    this.tasks.push(task);
    this.lookAhead();
    this.nudge();
    return task;
  }

  cancel(task: Task): void {
    (task as EmbeddingTask).cancelled = true;
    this.tasks = this.tasks.filter((other) => other !== task);
  }

  counts(): RunnerCounts {
    const running = new Set(this.computing.map(({ task }) => task));
    return {
      running: running.size,
      waiting: this.tasks.filter((task) => !running.has(task)).length,
      steps: this.batches,
      slowestStepMs: Math.round(this.slowestStepMs),
      kvCellsUsed: 0,
      kvCellsTotal: this.info.kvCellsTotal,
      promptTokens: this.promptTokens,
      generatedTokens: 0,
      isAsleep: this.isAsleep,
      batches: { batches: this.batches, requests: this.texts },
    };
  }

  setThreads(count: number): void {
    this.threads = count;
  }

  sleep(): void {
    if (this.isAsleep || this.tasks.length + this.computing.length > 0) return;
    this.sleepDue = true;
    this.nudge();
  }

  close(): void {
    this.closed = true;
    this.nudge();
  }

  private computationOf(submitted: SubmittedStream): TextComputation | null {
    if (submitted.kind !== 'computation') return null;
    const { computation } = submitted;
    if (computation.kind === 'invoke' || !this.info.abilities.includes(computation.kind)) return null;
    return computation;
  }

  private checkSize(computation: TextComputation): void {
    const { width } = this.parts.engine;
    if (textCountOf(computation) * width * 4 > vectorBytesMax) {
      const problem = `\`input\` may have at most ${Math.floor(vectorBytesMax / 4 / width)} texts of this model`;
      throw StowageError.of('REQ-210', { field: 'input', problem });
    }
    const dimensions = computation.kind === 'embed' ? computation.dimensions : null;
    if (dimensions !== null && dimensions > width) {
      const problem = `\`dimensions\` must be at most ${width}, which is what the model has`;
      throw StowageError.of('REQ-210', { field: 'dimensions', problem });
    }
  }

  /** Runs until `close`. Never rejects: failures arrive at `onFailure`. */
  private async run(): Promise<void> {
    try {
      while (!this.closed) {
        const batch = this.nextBatch();
        if (batch.length > 0) {
          await this.compute(batch);
          continue;
        }
        this.publish();
        if (this.sleepDue) await this.fallAsleep();
        await this.idle();
      }
      this.parts.engine.close();
    } catch (error) {
      this.events?.onFailure(error);
    }
  }

  private async compute(batch: readonly WaitingText[]): Promise<void> {
    const { engine, clock } = this.parts;
    if (this.isAsleep) await engine.wake();
    this.isAsleep = false;
    if (this.threads !== null) engine.setThreads(this.threads);
    this.threads = null;
    this.computing = batch;
    const beganAt = clock.now();
    const computed = engine.compute(batch.map(({ tokens }) => tokens ?? []));
    this.publish();
    this.lookAhead();
    const vectors = await computed;
    this.slowestStepMs = Math.max(clock.now() - beganAt, this.slowestStepMs * slowestStepFade);
    this.computing = [];
    this.batches++;
    this.texts += batch.length;
    for (const [place, text] of batch.entries()) this.collect(text, vectors[place]!);
  }

  private collect(text: WaitingText, vector: Float32Array): void {
    const { task } = text;
    this.promptTokens += text.tokens?.length ?? 0;
    if (task.cancelled || task.isEnded) return;
    task.accept(text, vector);
    if (task.isEnded) this.unpublished.push(task);
  }

  /** The next texts in the order of their turns, tokenized as far as two batches reach. */
  private lookAhead(): readonly WaitingText[] {
    const { sequencesMax } = this.info;
    const turns = takeTurns(
      this.tasks.map(({ waiting }) => waiting.length),
      batchesAhead * sequencesMax,
    );
    const given = new Map<number, number>();
    const ready: WaitingText[] = [];
    let tokensAhead = 0;
    for (const turn of turns) {
      const place = given.get(turn) ?? 0;
      given.set(turn, place + 1);
      const text = this.tasks[turn]!.waiting[place];
      if (text === undefined) continue; // A text before it ended the task.
      const tokens = text.task.prepare(text, this.tokens);
      if (tokens === null) continue;
      ready.push(text);
      tokensAhead += tokens.length;
      if (tokensAhead >= batchesAhead * this.batchTokensMax) break;
    }
    this.dropEnded();
    return ready.filter(({ task }) => !task.isEnded);
  }

  private dropEnded(): void {
    for (const task of this.tasks) if (task.isEnded) this.unpublished.push(task);
    this.tasks = this.tasks.filter(({ isEnded }) => !isEnded);
  }

  private nextBatch(): readonly WaitingText[] {
    const ready = this.lookAhead();
    const room = { tokensMax: this.batchTokensMax, textsMax: this.info.sequencesMax };
    const packed = packTexts(
      ready.map(({ tokens }) => tokens?.length ?? 0),
      room,
    );
    const batch = packed.map((index) => ready[index]!);
    const gave = new Set(batch.map(({ task }) => task));
    const taken = new Set(batch);
    for (const { waiting } of gave) {
      const left = waiting.filter((text) => !taken.has(text));
      waiting.splice(0, waiting.length, ...left);
    }
    // Whoever gave goes behind whoever did not; who has nothing left goes.
    const passedOver = this.tasks.filter((task) => !gave.has(task));
    this.tasks = [...passedOver, ...[...gave].filter(({ waiting }) => waiting.length > 0)];
    return batch;
  }

  private get batchTokensMax(): number {
    return Math.min(packedTokensMax(this.parts.options), this.info.stepTokensMax);
  }

  private publish(): void {
    if (this.unpublished.length === 0) return;
    const ended = this.unpublished.filter(({ cancelled }) => !cancelled);
    this.unpublished = [];
    this.events?.onProgress(ended);
  }

  private async fallAsleep(): Promise<void> {
    this.sleepDue = false;
    await this.parts.engine.sleep();
    this.isAsleep = true;
  }

  private async idle(): Promise<void> {
    if (this.tasks.length > 0 || this.closed) return;
    this.events?.onActivity();
    const { sleepAfterSeconds } = this.parts.options;
    const stopTimer =
      sleepAfterSeconds === 0 || this.isAsleep
        ? () => {}
        : this.parts.clock.after(sleepAfterSeconds * 1000, () => {
            this.sleepDue = true;
            this.nudge();
          });
    await new Promise<void>((resolve) => (this.wake = resolve));
    stopTimer();
    if (!this.closed) this.events?.onActivity();
  }

  private nudge(): void {
    this.wake?.();
    this.wake = null;
  }
}
