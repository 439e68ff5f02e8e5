/**
 * A worker's conversation with its callers: takes requests, hands them to the scheduler, and passes each
 * step's tokens on, one message per caller and step.
 *
 * Modes: loading → ready, or refused. Requests that come before `ready` are a caller's defect and are answered
 * with RUN-304. A caller that goes away takes its requests with it. Who owns a request: the service from
 * `submit` until its sequence ends or is cancelled; then nobody.
 */
import type { Clock } from '../contracts/clock.js';
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
import { AdapterKeeper, noAdapterLoader } from './adapter-keeper.js';
import type { Runner, Task } from './runner.js';

/** A report goes out at least this often: what liveness is judged by. */
const reportMs = 1000;
/** Bytes of results in one message; one result alone has fewer than a frame takes. */
const resultBytesMax = 8 * 1024 * 1024;
/** A score in JSON, with its comma. */
const scoreBytes = 25;

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
  readonly tasks: Map<number, Task>;
  /** Updates of the step being handed out. */
  updates: StepUpdate[];
  /** Bytes of the results among them. */
  resultBytes: number;
}

export class WorkerService {
  /** Adapters that come and go; who can load them says so before `start`. */
  readonly adapters: AdapterKeeper;
  private readonly callers = new Set<Caller>();
  private readonly owners = new Map<Task, Caller>();
  private ready: Runner | null = null;
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
    const { clock, log } = dependencies;
    this.adapters = new AdapterKeeper(assignment.adapters ?? [], {
      clock,
      log,
      lingerMs: assignment.options.queueSecondsMax * 1000,
      onStates: (adapters) => this.broadcast({ type: 'adapters', adapters }),
    });
  }

  get callerCount(): number {
    return this.callers.size;
  }

  /** A new connection; the result receives what it says. */
  accept(link: CallerLink): CallerEvents {
    const caller: Caller = { link, tasks: new Map(), updates: [], resultBytes: 0 };
    this.callers.add(caller);
    const states = this.adapters.states();
    if (states.length > 0) link.send({ type: 'adapters', adapters: states });
    if (this.refusal !== null) link.send(this.refusal);
    else link.send(this.ready === null ? this.loading : readiness(this.ready));
    if (this.ready !== null) link.send(this.report(this.ready));
    return {
      onMessage: (message) => this.hear(caller, message),
      onClose: () => this.forgetCaller(caller),
    };
  }

  /** Says nothing once it is ready: what is fetched then keeps nobody waiting. */
  announceLoading(phase: string, fraction: number): void {
    if (this.ready !== null) return;
    this.loading = { type: 'loading', phase, fraction };
    this.broadcast(this.loading);
  }

  announceRefusal(error: ErrorData): void {
    this.refusal = { type: 'refused', error };
    this.broadcast(this.refusal);
  }

  /** What computes is loaded and warm: requests are taken from now on. */
  start(runner: Runner): void {
    runner.start({
      onProgress: (tasks) => this.publish(tasks),
      onActivity: () => this.sendReport(),
      onFailure: this.dependencies.onFailure,
    });
    this.ready = runner;
    runner.setThreads(this.threads);
    this.broadcast(readiness(runner));
    this.reportRegularly();
    if (!this.adapters.isKept) void this.adapters.keep(noAdapterLoader(this.assignment.component));
  }

  close(): void {
    this.stopReports?.();
    this.adapters.close();
    this.ready?.close();
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
        this.ready?.setThreads(message.count);
        return;
      case 'adapters':
        this.adapters.want(message.adapters);
        return;
      case 'sleep':
        this.ready?.sleep?.();
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
      const task = this.ready.take(submitted);
      const accepted = task.news();
      if (accepted !== null) this.add(caller, accepted);
      if (task.isEnded) return;
      caller.tasks.set(stream, task);
      this.owners.set(task, caller);
    } catch (error) {
      const known = asStowageError(error);
      if (known.code === 'INT-500') {
        this.dependencies.log.error({ request: submitted.requestId, err: error }, 'request failed');
      }
      this.add(caller, { stream, tokens: [], text: '', error: known.toData() });
    }
  }

  private cancel(caller: Caller, stream: number): void {
    const task = caller.tasks.get(stream);
    if (task === undefined) return;
    caller.tasks.delete(stream);
    this.owners.delete(task);
    this.ready?.cancel(task);
  }

  private forgetCaller(caller: Caller): void {
    for (const stream of [...caller.tasks.keys()]) this.cancel(caller, stream);
    this.callers.delete(caller);
  }

  private publish(tasks: readonly Task[]): void {
    const touched = new Set<Caller>();
    for (const task of tasks) {
      const caller = this.owners.get(task);
      // News for a caller that has fallen behind gathers in its tasks and goes out merged.
      if (caller?.link.isBehind === true && !task.isEnded) continue;
      const update = caller === undefined ? null : task.news();
      if (caller === undefined || update === null) continue;
      this.add(caller, update);
      touched.add(caller);
      if (update.end === undefined && update.error === undefined) continue;
      caller.tasks.delete(task.submitted.stream);
      this.owners.delete(task);
    }
    for (const caller of touched) this.flush(caller);
  }

  /** Results that end together go in several messages when one would become too long. */
  private add(caller: Caller, update: StepUpdate): void {
    const bytes = resultBytesOf(update);
    if (caller.resultBytes + bytes > resultBytesMax) this.flush(caller);
    caller.updates.push(update);
    caller.resultBytes += bytes;
  }

  private flush(caller: Caller): void {
    if (caller.updates.length === 0) return;
    caller.link.send({ type: 'step', updates: caller.updates });
    caller.updates = [];
    caller.resultBytes = 0;
  }

  private broadcast(message: FromWorker): void {
    for (const caller of this.callers) caller.link.send(message);
  }

  private sendReport(): void {
    if (this.ready === null) return;
    const report = this.report(this.ready);
    // To a caller that still takes what was sent a report is no news.
    for (const { link } of this.callers) if (!link.isBehind) link.send(report);
  }

  private reportRegularly(): void {
    this.stopReports = this.dependencies.clock.after(reportMs, () => {
      this.sendReport();
      this.reportRegularly();
    });
  }

  private report(runner: Runner): FromWorker {
    const memoryBytes = this.dependencies.memoryBytes() + (runner.memoryBytes?.() ?? 0);
    return { type: 'report', report: { ...runner.counts(), memoryBytes, threads: this.threads } };
  }
}

/** Names of adapters that are gone keep only their numbers inside, and are nobody's business. */
function readiness({ info }: Runner): FromWorker {
  return { type: 'ready', info: { ...info, adapters: info.adapters.filter((name) => name !== '') } };
}

/** What its result takes as JSON, about. */
function resultBytesOf({ result }: StepUpdate): number {
  switch (result?.kind) {
    case undefined:
      return 0;
    case 'embed':
      return result.vectors.reduce((sum, vector) => sum + vector.length, 0);
    case 'rerank':
      return result.scores.length * scoreBytes;
    case 'invoke':
      return result.body.length;
    default:
      return result satisfies never;
  }
}
