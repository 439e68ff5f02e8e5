/**
 * A program of others as what computes inside a worker: requests go on to it, at most as many at once as it computes
 * together, and its answers come back piece by piece.
 *
 * Work counts as moving while pieces arrive and while the program says that it is well; a program that has work and does
 * neither makes no steps, and the copy is replaced as any that hangs. When the program ends, the worker ends with it.
 *
 * A request whose answer was begun by another copy is refused with RUN-312: the program's tokens are its own.
 *
 * Never: more requests in the program than it was told to take; news of a request after its end or its cancelling.
 */
import type { Clock } from '../contracts/clock.js';
import { Ability, type EngineInfo } from '../contracts/engine.js';
import type { OutsideEngine, OutsideGeneration, OutsidePart } from '../contracts/outside-engine.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import type { ComponentOptions } from '../domain/component-options.js';
import type { CopyRef } from '../domain/copy.js';
import { asStowageError, StowageError } from '../domain/errors.js';
import type { Computation, TokenLogprob } from '../domain/inference.js';
import { OutsidePrompts } from './outside-prompt.js';
import type { Runner, RunnerCounts, RunnerEvents, Task } from './runner.js';

/** The program is asked whether it is well so often while it has work, milliseconds. */
const healthMs = 1_000;
/** Text that waits for a caller that does not take it; a longer one ends the request. Characters. */
const waitingTextLengthMax = 16 * 1024 * 1024;

export interface OutsideRunnerParts {
  readonly engine: OutsideEngine;
  readonly component: string;
  readonly copy: CopyRef;
  readonly options: ComponentOptions;
  readonly clock: Clock;
}

export class OutsideRunner implements Runner {
  readonly info: EngineInfo;
  private readonly prompts: OutsidePrompts;
  private readonly running = new Set<OutsideTask>();
  private readonly waiting = new Set<OutsideTask>();
  private events: RunnerEvents | null = null;
  private steps = 0;
  private promptTokens = 0;
  private generatedTokens = 0;
  private stopHealth: () => void = () => undefined;
  private isClosed = false;

  /** Throws REQ-213 if a template is wrong. */
  constructor(private readonly parts: OutsideRunnerParts) {
    this.info = parts.engine.info;
    this.prompts = new OutsidePrompts(parts.component, parts.options);
  }

  start(events: RunnerEvents): void {
    const { engine, copy } = this.parts;
    this.events = events;
    this.watchHealth();
    void engine.ended.then((how) => {
      if (this.isClosed) return;
      const reason = `its program ${how}`;
      events.onFailure(StowageError.of('RUN-301', { copy: copy.id, reason }));
    });
  }

  take(submitted: SubmittedStream): Task {
    const task = new OutsideTask(submitted, this.workOf(submitted));
    this.waiting.add(task);
    this.beginWaiting();
    if (this.running.size + this.waiting.size === 1) this.events?.onActivity();
    return task;
  }

  cancel(task: Task): void {
    const own = task as OutsideTask;
    own.abort();
    this.leave(own);
  }

  counts(): RunnerCounts {
    return {
      running: this.running.size,
      waiting: this.waiting.size,
      steps: this.steps,
      slowestStepMs: 0,
      kvCellsUsed: 0,
      kvCellsTotal: 0,
      promptTokens: this.promptTokens,
      generatedTokens: this.generatedTokens,
    };
  }

  memoryBytes(): number {
    return this.parts.engine.memoryBytes();
  }

  /** A program's threads are those it was started with. */
  setThreads(): void {
    // Nothing to do.
  }

  close(): void {
    this.isClosed = true;
    this.stopHealth();
    this.parts.engine.close();
  }

  private workOf(submitted: SubmittedStream): Work {
    if (submitted.kind === 'computation') {
      const { computation } = submitted;
      this.refuseUnable(computation.kind);
      return { kind: 'computation', computation };
    }
    this.refuseUnable(Ability.Generate);
    if (submitted.resume.length > 0) throw StowageError.of('RUN-312', {});
    const { sampling, newTokensMax, stop, logprobs, endTokensIgnored } = submitted;
    const { constraint, adapter } = submitted;
    const prompt = this.prompts.build(submitted.input);
    const others = { sampling, newTokensMax, stop, logprobs, endTokensIgnored, constraint, adapter };
    return { kind: 'generation', request: { prompt, ...others } };
  }

  private refuseUnable(ability: Ability): void {
    const { abilities } = this.info;
    if (abilities.includes(ability)) return;
    const problem = `its program was started for ${abilities.map((one) => `\`${one}\``).join(', ')}`;
    const { component } = this.parts;
    throw StowageError.of('REQ-213', { component, what: `\`${ability}\``, problem });
  }

  private beginWaiting(): void {
    for (const task of this.waiting) {
      if (this.running.size >= this.info.sequencesMax) return;
      this.waiting.delete(task);
      this.running.add(task);
      void this.run(task);
    }
  }

  private async run(task: OutsideTask): Promise<void> {
    const { work } = task;
    try {
      if (work.kind === 'generation') await this.generate(task, work.request);
      else await this.compute(task, work.computation);
    } catch (error) {
      if (task.signal.aborted) return;
      task.fail(asStowageError(error));
    }
    this.leave(task);
    this.events?.onProgress([task]);
  }

  private async generate(task: OutsideTask, request: OutsideGeneration): Promise<void> {
    const onPart = (part: OutsidePart) => {
      if (task.signal.aborted) return;
      this.steps += 1;
      this.generatedTokens += part.tokens.length;
      task.add(part);
      this.events?.onProgress([task]);
    };
    const end = await this.parts.engine.generate(request, onPart, task.signal);
    this.promptTokens += end.promptTokens ?? 0;
    const { promptTokens, cachedTokens, reason, stop } = end;
    task.complete({
      ...(promptTokens === null ? {} : { promptTokens }),
      cachedTokens,
      end: { reason, stop },
    });
  }

  private async compute(task: OutsideTask, computation: Computation): Promise<void> {
    const result = await this.parts.engine.compute(computation, task.signal);
    this.steps += 1;
    const promptTokens = result.kind === 'invoke' ? 0 : result.promptTokens;
    this.promptTokens += promptTokens;
    task.complete({ promptTokens, result, end: { reason: 'stop', stop: null } });
  }

  private leave(task: OutsideTask): void {
    const wasKnown = this.running.delete(task) || this.waiting.delete(task);
    if (!wasKnown) return;
    this.beginWaiting();
    if (this.running.size + this.waiting.size === 0) this.events?.onActivity();
  }

  private watchHealth(): void {
    this.stopHealth = this.parts.clock.after(healthMs, () => {
      if (this.running.size === 0) return this.watchHealth();
      void this.parts.engine.isWell().then((isWell) => {
        if (isWell) this.steps += 1;
        if (!this.isClosed) this.watchHealth();
      });
    });
  }
}

type Work =
  | { readonly kind: 'generation'; readonly request: OutsideGeneration }
  | { readonly kind: 'computation'; readonly computation: Computation };

type LastNews = Pick<StepUpdate, 'promptTokens' | 'cachedTokens' | 'result' | 'end' | 'error'>;

/** One request in the program, and what of its answer has not been told yet. */
class OutsideTask implements Task {
  isEnded = false;
  private readonly controller = new AbortController();
  private text = '';
  private tokens: number[] = [];
  private logprobs: TokenLogprob[] = [];
  private last: LastNews | null = null;
  private hasBegun = false;

  constructor(
    readonly submitted: SubmittedStream,
    readonly work: Work,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(): void {
    this.controller.abort(new Error('the request was cancelled'));
  }

  add({ text, tokens, logprobs = [] }: OutsidePart): void {
    if (this.text.length + text.length > waitingTextLengthMax) {
      throw StowageError.of('RUN-308', { reason: 'its answer is not taken, and too much of it waits' });
    }
    this.text += text;
    for (const token of tokens) this.tokens.push(token);
    for (const one of logprobs) this.logprobs.push(one);
  }

  complete(last: LastNews): void {
    this.isEnded = true;
    this.last = last;
  }

  fail(error: StowageError): void {
    this.complete({ error: error.toData() });
  }

  news(): StepUpdate | null {
    const { text, tokens, logprobs, last } = this;
    if (text === '' && tokens.length === 0 && last === null) return null;
    const beginning = this.hasBegun || last?.error !== undefined ? {} : { promptTokens: 0 };
    this.hasBegun = true;
    this.text = '';
    this.tokens = [];
    this.logprobs = [];
    this.last = null;
    const { stream } = this.submitted;
    const { cachedTokens, ...others } = last ?? {};
    return {
      ...{ stream, tokens, text },
      ...(logprobs.length === tokens.length && tokens.length > 0 ? { logprobs } : {}),
      ...beginning,
      ...others,
      ...(cachedTokens === undefined || cachedTokens === 0 ? {} : { cachedTokens }),
    };
  }
}
