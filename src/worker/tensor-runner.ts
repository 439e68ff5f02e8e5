/**
 * Models of tensors: bodies become tensors, calls that are alike become one batch, and each gets its rows back.
 *
 * Modes: idle → waiting for a window to pass → computing one batch. Moved by a call that comes, a window that ends and a
 * batch that is done. What waits is bounded by what callers may have open at a copy.
 *
 * A batch that fails is computed again call by call, so that a call that is not right fails alone.
 */
import type { Clock } from '../contracts/clock.js';
import type { EngineInfo } from '../contracts/engine.js';
import type { TensorEngine } from '../contracts/tensor-engine.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import {
  type BatchRules,
  chooseBatch,
  preferredRowsOf,
  type WaitingCall,
} from '../decide/batching/dynamic-batch.js';
import { batchKeyOf, hasBatchDimension, rowsOf } from '../decide/batching/dynamic-shapes.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { asStowageError, type ErrorData, StowageError } from '../domain/errors.js';
import type { ComputationResult } from '../domain/inference.js';
import { joinRows, type NamedTensors, splitRows, type Tensor } from '../domain/tensor.js';
import type { Runner, RunnerCounts, RunnerEvents, Task } from './runner.js';
import type { TensorModel } from './tensor-bodies/json-dialects.js';
import { readTensorBody, type TensorCall } from './tensor-bodies/read-body.js';

/** Calls that may be at a copy, as a multiple of what it computes at once: the next batch comes together meanwhile. */
const batchesHeldMax = 2;
/** Bytes of one answer, so that a frame of the worker's protocol has room for it. */
const answerBytesMax = 32 * 1024 * 1024;
/** The longest of so many recent batches is reported. */
const recentBatchesMax = 32;

export interface TensorParts {
  readonly engine: TensorEngine;
  readonly component: string;
  readonly options: ComponentOptions;
  /** Its delays are parts of milliseconds. */
  readonly clock: Clock;
}

/** One call, from its body to its answer. */
class TensorTask implements Task, WaitingCall {
  readonly rows: number;
  #result: ComputationResult | null = null;
  #error: ErrorData | null = null;
  isCancelled = false;

  constructor(
    readonly submitted: SubmittedStream,
    readonly call: TensorCall,
    readonly batchKey: string | null,
    readonly arrivedAt: number,
  ) {
    this.rows = rowsOf(call.inputs) ?? 1;
  }

  get isEnded(): boolean {
    return this.#result !== null || this.#error !== null;
  }

  /** Its answer is made here, so that what cannot be said in the accepted type is its own error. */
  complete(outputs: NamedTensors): void {
    try {
      const { contentType, body } = this.call.encode(outputs);
      if (body.length > answerBytesMax) {
        const problem = `the answer has ${body.length} bytes, the limit is ${answerBytesMax}`;
        throw StowageError.of('REQ-210', { problem, field: 'body' });
      }
      this.#result = {
        kind: 'invoke',
        status: 200,
        contentType,
        body: body.toString('base64'),
        customAttributes: null,
      };
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#error = asStowageError(error).toData();
  }

  news(): StepUpdate | null {
    const none = { stream: this.submitted.stream, tokens: [], text: '' };
    if (this.#error !== null) return { ...none, error: this.#error };
    if (this.#result === null) return null;
    return { ...none, result: this.#result, end: { reason: 'stop', stop: null } };
  }
}

export class TensorRunner implements Runner {
  readonly info: EngineInfo;
  readonly #model: TensorModel;
  readonly #rules: BatchRules;
  /** Outputs that did not have the rows of the inputs have shown that the first dimension counts something else. */
  #isBatched: boolean;
  #events: RunnerEvents | null = null;
  /** In the order of arrival. */
  #waiting: TensorTask[] = [];
  #computing: readonly TensorTask[] = [];
  #stopTimer: (() => void) | null = null;
  #batches = 0;
  #requests = 0;
  readonly #recentMs: number[] = [];

  constructor(private readonly parts: TensorParts) {
    const { engine, component, options } = parts;
    const { inputs, outputs } = engine;
    this.info = { ...engine.info, sequencesMax: options.batchSizeMax * batchesHeldMax };
    this.#model = { name: component, inputs, outputs };
    this.#isBatched = options.batchSizeMax > 1 && hasBatchDimension(inputs, outputs);
    this.#rules = {
      rowsMax: options.batchSizeMax,
      windowMs: options.batchWindowMicroseconds / 1000,
      preferredRows: preferredRowsOf(options.preferredBatchSizes, options.batchSizeMax),
    };
  }

  start(events: RunnerEvents): void {
    this.#events = events;
  }

  take(submitted: SubmittedStream): Task {
    const { component, clock } = this.parts;
    if (submitted.kind !== 'computation' || submitted.computation.kind !== 'invoke') {
      const problem = `\`${component}\` computes tensors: send them with InvokeEndpoint`;
      throw StowageError.of('REQ-210', { problem, field: 'model' });
    }
    const { contentType, accept, body } = submitted.computation;
    const call = readTensorBody({ contentType, accept, body: Buffer.from(body, 'base64') }, this.#model);
    const batchKey = this.#isBatched ? batchKeyOf(call.inputs) : null;
    const task = new TensorTask(submitted, call, batchKey, clock.now());
    const wasIdle = this.#isIdle;
    this.#waiting.push(task);
    if (wasIdle) this.#events?.onActivity();
    // What came in the same turn of the event loop is seen together.
    this.#lookAfter(0);
    return task;
  }

  cancel(task: Task): void {
    (task as TensorTask).isCancelled = true;
    this.#waiting = this.#waiting.filter((one) => one !== task);
  }

  counts(): RunnerCounts {
    return {
      running: this.#computing.length,
      waiting: this.#waiting.length,
      steps: this.#batches,
      slowestStepMs: Math.max(0, ...this.#recentMs),
      kvCellsUsed: 0,
      kvCellsTotal: 0,
      promptTokens: 0,
      generatedTokens: 0,
      batches: { batches: this.#batches, requests: this.#requests },
    };
  }

  setThreads(count: number): void {
    this.parts.engine.setThreads(count);
  }

  close(): void {
    this.#stopTimer?.();
    this.parts.engine.close();
  }

  get #isIdle(): boolean {
    return this.#waiting.length === 0 && this.#computing.length === 0;
  }

  /** Starts what may start now, and comes back when something else may. */
  #look(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#computing.length > 0) return;
    const now = this.parts.clock.now();
    const decision = chooseBatch(this.#waiting, now, this.#rules);
    switch (decision.kind) {
      case 'run':
        void this.#compute(decision.calls);
        return;
      case 'wait':
        this.#lookAfter(decision.until - now);
        return;
      case 'idle':
        return;
      default:
        decision satisfies never;
    }
  }

  #lookAfter(ms: number): void {
    this.#stopTimer?.();
    this.#stopTimer = this.parts.clock.after(ms, () => this.#look());
  }

  async #compute(tasks: readonly TensorTask[]): Promise<void> {
    const { clock } = this.parts;
    const begun = clock.now();
    this.#computing = tasks;
    this.#waiting = this.#waiting.filter((task) => !tasks.includes(task));
    try {
      await this.#answer(tasks);
    } catch (error) {
      this.#events?.onFailure(error);
      return;
    }
    this.#computing = [];
    this.#batches += 1;
    this.#requests += tasks.length;
    if (this.#recentMs.push(clock.now() - begun) > recentBatchesMax) this.#recentMs.shift();
    // The next batch is on its way before the answers of this one are.
    this.#look();
    for (const task of tasks) if (!task.isCancelled) this.#events?.onProgress([task]);
    if (this.#isIdle) this.#events?.onActivity();
  }

  /** Every task has its answer or its error afterwards. Rejects when the engine is gone. */
  async #answer(tasks: readonly TensorTask[]): Promise<void> {
    const [first, ...others] = tasks;
    if (first === undefined) return;
    if (others.length === 0) {
      await this.#answerAlone(first);
      return;
    }
    const outputs = await this.#runTogether(tasks);
    if (outputs === null) {
      for (const task of tasks) if (!task.isCancelled) await this.#answerAlone(task);
      return;
    }
    for (const [index, task] of tasks.entries())
      if (!task.isCancelled) task.complete(outputs[index] ?? new Map());
  }

  async #answerAlone(task: TensorTask): Promise<void> {
    try {
      task.complete(await this.parts.engine.run(task.call.inputs));
    } catch (error) {
      if (this.parts.engine.isGone) throw error;
      task.fail(error);
    }
  }

  /** The outputs of each; null when they cannot be had together. */
  async #runTogether(tasks: readonly TensorTask[]): Promise<readonly NamedTensors[] | null> {
    const inputs = this.parts.engine.inputs.map(
      ({ name }) => [name, joinRows(tasks.map((task) => task.call.inputs.get(name)!))] as const,
    );
    let outputs: NamedTensors;
    try {
      outputs = await this.parts.engine.run(new Map(inputs));
    } catch (error) {
      if (this.parts.engine.isGone) throw error;
      return null;
    }
    const rowCounts = tasks.map(({ rows }) => rows);
    const perTask = tasks.map(() => new Map<string, Tensor>());
    for (const [name, tensor] of outputs) {
      const parts = splitRows(tensor, rowCounts);
      if (parts === null) {
        this.#isBatched = false;
        return null;
      }
      for (const [index, part] of parts.entries()) perTask[index]?.set(name, part);
    }
    return perTask;
  }
}
