/**
 * A worker's conversation with its callers: takes requests, hands them to the scheduler, and passes each
 * step's tokens on, one message per caller and step.
 *
 * Modes: loading → ready, or refused. Requests that come before `ready` are a caller's defect and are answered
 * with RUN-304. A caller that goes away takes its requests with it. Who owns a request: the service from
 * `submit` until its sequence ends or is cancelled; then nobody.
 */
import type { Clock } from '../contracts/clock.js';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/telemetry.js';
import type { CallerEvents, CallerLink } from '../contracts/worker-link.js';
import type {
  FromWorker,
  StepUpdate,
  SubmittedStream,
  ToWorker,
  WorkerAssignment,
} from '../contracts/worker-protocol.js';
import { asStowageError, StowageError, type ErrorData } from '../domain/errors.js';
import { PromptBuilder } from './prompt.js';
import { Scheduler } from './scheduler.js';
import { Sequence } from './sequence.js';

/** A report goes out at least this often: what liveness is judged by. */
const reportMs = 1000;

export interface WorkerServiceDependencies {
  readonly clock: Clock;
  readonly log: Log;
  /** Resident memory of this process, bytes. */
  readonly memoryBytes: () => number;
  /** The engine broke: the process must end, so that a fresh one can begin. */
  readonly onFailure: (error: unknown) => void;
}

interface Caller {
  readonly link: CallerLink;
  readonly sequences: Map<number, Sequence>;
  /** Updates of the step being handed out. */
  updates: StepUpdate[];
}

interface Ready {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly prompts: PromptBuilder;
}

export class WorkerService {
  private readonly callers = new Set<Caller>();
  private readonly owners = new Map<Sequence, Caller>();
  private ready: Ready | null = null;
  private loading: FromWorker = { type: 'loading', phase: 'starting', fraction: 0 };
  /** Kept for callers that come later. */
  private refusal: FromWorker | null = null;
  private threads: number;
  private stopReports: (() => void) | null = null;

  constructor(
    private readonly assignment: WorkerAssignment,
    private readonly dependencies: WorkerServiceDependencies,
  ) {
    this.threads = assignment.threads;
  }

  get callerCount(): number {
    return this.callers.size;
  }

  /** A new connection; the result receives what it says. */
  accept(link: CallerLink): CallerEvents {
    const caller: Caller = { link, sequences: new Map(), updates: [] };
    this.callers.add(caller);
    if (this.refusal !== null) link.send(this.refusal);
    else link.send(this.ready === null ? this.loading : { type: 'ready', info: this.ready.engine.info });
    if (this.ready !== null) link.send(this.report(this.ready));
    return {
      onMessage: (message) => this.hear(caller, message),
      onClose: () => this.forgetCaller(caller),
    };
  }

  announceLoading(phase: string, fraction: number): void {
    this.loading = { type: 'loading', phase, fraction };
    this.broadcast(this.loading);
  }

  announceRefusal(error: ErrorData): void {
    this.refusal = { type: 'refused', error };
    this.broadcast(this.refusal);
  }

  /** The engine is loaded and warm: requests are taken from now on. Throws REQ-213 if a template is wrong. */
  start(engine: Engine): void {
    const { component, options } = this.assignment;
    const scheduler = new Scheduler(engine, options.stepTokensMax, this.dependencies.clock, {
      onProgress: (sequences) => this.publish(sequences),
      onActivity: () => this.sendReport(),
      onFailure: this.dependencies.onFailure,
    });
    this.ready = { engine, scheduler, prompts: new PromptBuilder(engine, component, options) };
    scheduler.setThreads(this.threads);
    void scheduler.run();
    this.broadcast({ type: 'ready', info: engine.info });
    this.reportRegularly();
  }

  close(): void {
    this.stopReports?.();
    this.ready?.scheduler.close();
  }

  private hear(caller: Caller, message: ToWorker): void {
    switch (message.type) {
      case 'submit':
        for (const submitted of message.streams) this.take(caller, submitted);
        this.flush(caller);
        return;
      case 'cancel':
        for (const stream of message.streams) this.cancel(caller, stream);
        return;
      case 'threads':
        this.threads = message.count;
        this.ready?.scheduler.setThreads(message.count);
        return;
      case 'drain': // Routes to a copy go before it drains; what was on its way is still answered.
      case 'hello':
        return;
      default:
        message satisfies never;
    }
  }

  private take(caller: Caller, submitted: SubmittedStream): void {
    const { stream } = submitted;
    try {
      if (this.ready === null) {
        throw StowageError.of('RUN-304', { copy: this.assignment.copy.id, reason: 'it is still loading' });
      }
      const prompt = this.ready.prompts.build(submitted.input);
      const { newTokensDefault } = this.assignment.options;
      const sequence = new Sequence(this.ready.engine, submitted, prompt, newTokensDefault);
      const accepted = sequence.news();
      if (accepted !== null) caller.updates.push(accepted);
      if (sequence.isEnded) return;
      caller.sequences.set(stream, sequence);
      this.owners.set(sequence, caller);
      this.ready.scheduler.submit(sequence);
    } catch (error) {
      const known = asStowageError(error);
      if (known.code === 'INT-500') {
        this.dependencies.log.error({ request: submitted.requestId, err: error }, 'request failed');
      }
      caller.updates.push({ stream, tokens: [], text: '', error: known.toData() });
    }
  }

  private cancel(caller: Caller, stream: number): void {
    const sequence = caller.sequences.get(stream);
    if (sequence === undefined) return;
    caller.sequences.delete(stream);
    this.owners.delete(sequence);
    this.ready?.scheduler.cancel(sequence);
  }

  private forgetCaller(caller: Caller): void {
    for (const stream of [...caller.sequences.keys()]) this.cancel(caller, stream);
    this.callers.delete(caller);
  }

  private publish(sequences: readonly Sequence[]): void {
    const touched = new Set<Caller>();
    for (const sequence of sequences) {
      const caller = this.owners.get(sequence);
      // News for a caller that has fallen behind gathers in its sequences and goes out merged.
      if (caller?.link.isBehind === true && !sequence.isEnded) continue;
      const update = caller === undefined ? null : sequence.news();
      if (caller === undefined || update === null) continue;
      caller.updates.push(update);
      touched.add(caller);
      if (update.end === undefined) continue;
      caller.sequences.delete(sequence.submitted.stream);
      this.owners.delete(sequence);
    }
    for (const caller of touched) this.flush(caller);
  }

  private flush(caller: Caller): void {
    if (caller.updates.length === 0) return;
    caller.link.send({ type: 'step', updates: caller.updates });
    caller.updates = [];
  }

  private broadcast(message: FromWorker): void {
    for (const caller of this.callers) caller.link.send(message);
  }

  private sendReport(): void {
    if (this.ready !== null) this.broadcast(this.report(this.ready));
  }

  private reportRegularly(): void {
    this.stopReports = this.dependencies.clock.after(reportMs, () => {
      this.sendReport();
      this.reportRegularly();
    });
  }

  private report({ engine, scheduler }: Ready): FromWorker {
    return {
      type: 'report',
      report: {
        ...scheduler.counts(),
        kvCellsTotal: engine.info.kvCellsTotal,
        memoryBytes: this.dependencies.memoryBytes(),
        threads: this.threads,
      },
    };
  }
}
