/** Text, token by token: the prompt's tokens, a sequence of them, and the scheduler that computes many together. */
import type { Clock } from '../contracts/clock.js';
import type { Engine, EngineInfo } from '../contracts/engine.js';
import type { ConstraintMaker, TokenConstraint } from '../contracts/token-constraint.js';
import type { SubmittedStream } from '../contracts/worker-protocol.js';
import type { ComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import { isAdapterId } from '../domain/inference-component.js';
import type { Constraint } from '../domain/inference.js';
import { PromptBuilder } from './prompt.js';
import { refusalOf } from './refusal.js';
import type { Runner, RunnerCounts, RunnerEvents, Task } from './runner.js';
import { Scheduler } from './scheduler.js';
import { Sequence } from './sequence.js';
import type { Speculator } from './speculator.js';

export interface GenerationParts {
  readonly engine: Engine;
  readonly component: string;
  readonly options: ComponentOptions;
  readonly clock: Clock;
  /** Proposes tokens; null = nobody does. */
  readonly speculator: Speculator | null;
  /** Makes what keeps an answer in shape; null = answers are plain text. */
  readonly constraints: ConstraintMaker | null;
}

export class GenerationRunner implements Runner {
  readonly info: EngineInfo;
  private readonly prompts: PromptBuilder;
  private scheduler: Scheduler | null = null;

  /** Throws REQ-213 if a template is wrong. */
  constructor(private readonly parts: GenerationParts) {
    const { engine, component, options } = parts;
    this.info = engine.info;
    this.prompts = new PromptBuilder(engine, component, options);
  }

  start(events: RunnerEvents): void {
    const { engine, options, clock, speculator } = this.parts;
    this.scheduler = new Scheduler({ engine, options, clock, speculator, events });
    void this.scheduler.run();
  }

  take(submitted: SubmittedStream): Task {
    const { engine, component, options } = this.parts;
    if (submitted.kind !== 'generation') {
      throw refusalOf(submitted, component, engine.info.abilities);
    }
    const sequence = new Sequence(engine, submitted, {
      prompt: this.prompts.build(submitted.input),
      newTokensDefault: options.newTokensDefault,
      constraint: this.constraintOf(submitted.constraint),
      adapter: this.adapterOf(submitted.adapter),
    });
    if (!sequence.isEnded) this.running.submit(sequence);
    return sequence;
  }

  cancel(task: Task): void {
    this.running.cancel(task as Sequence);
  }

  counts(): RunnerCounts {
    return { ...this.running.counts(), kvCellsTotal: this.info.kvCellsTotal };
  }

  /** True while a request uses that adapter or waits for it. */
  usesAdapter(name: string): boolean {
    const index = this.info.adapters.indexOf(name);
    return index >= 0 && this.scheduler?.uses(index) === true;
  }

  setThreads(count: number): void {
    this.running.setThreads(count);
  }

  sleep(): void {
    this.running.sleep();
  }

  close(): void {
    this.scheduler?.close();
  }

  private get running(): Scheduler {
    if (this.scheduler === null) throw new Error('the runner was not started');
    return this.scheduler;
  }

  private constraintOf(constraint: Constraint | null): TokenConstraint | null {
    if (constraint === null) return null;
    if (this.parts.constraints !== null) return this.parts.constraints.make(constraint);
    throw StowageError.of('REQ-212', { field: 'response_format', problem: 'answers are plain text here' });
  }

  private adapterOf(name: string | null): number | null {
    if (name === null) return null;
    const index = this.info.adapters.indexOf(name);
    if (index >= 0) return index;
    if (isAdapterId(name)) {
      // Callers were told of it: other copies have it, or this one will.
      const reason = `this copy has not loaded the adapter \`${name.split('#', 1)[0]}\``;
      throw StowageError.of('RUN-308', { reason });
    }
    const named = this.info.adapters.filter((adapter) => adapter !== '');
    const known = named.map((adapter) => `\`${adapter}\``).join(', ');
    const problem = known === '' ? 'it has no adapters' : `it has ${known}`;
    const what = `the adapter \`${name}\``;
    throw StowageError.of('REQ-213', { component: this.parts.component, what, problem });
  }
}
