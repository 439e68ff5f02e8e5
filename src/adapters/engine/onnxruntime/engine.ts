/**
 * ONNX Runtime as an engine of tensors: a thread that computes, and the event loop's end of the line to it. One
 * computation at a time.
 *
 * The number of compute threads belongs to a session. When it changes, the session is opened again before the next
 * computation, unless that takes long, or happened just now: then it waits.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../contracts/clock.js';
import type { TensorEngine } from '../../../contracts/tensor-engine.js';
import { Ability } from '../../../contracts/engine.js';
import { StowageError } from '../../../domain/errors.js';
import type { NamedTensors, TensorSlot } from '../../../domain/tensor.js';
import type { FromThread, OpenFacts, OpenRequest, ToThread } from './thread-messages.js';

/** A session that took longer to open is not opened again for other threads, milliseconds. */
const reopenMsMax = 300;
/** Between two such openings, milliseconds. */
const reopenPauseMs = 10_000;

export interface OnnxEngineParts {
  /** The program of the thread: it calls `serveSession`. */
  readonly threadProgram: URL;
  readonly open: OpenRequest;
  readonly clock: Clock;
}

/** Rejects with HOST-601 or MODEL-024. */
export async function openOnnxEngine(parts: OnnxEngineParts): Promise<OnnxEngine> {
  const line = new ThreadLine(parts.threadProgram);
  try {
    return new OnnxEngine(line, parts, await openOn(line, parts.open));
  } catch (error) {
    line.close();
    throw error;
  }
}

async function openOn(line: ThreadLine, request: OpenRequest): Promise<OpenFacts> {
  const answer = await line.ask({ type: 'open', request });
  if (answer.type === 'refused') throw StowageError.fromData(answer.error);
  if (answer.type !== 'opened') throw engineError(`it answered \`${answer.type}\``);
  return answer.facts;
}

export class OnnxEngine implements TensorEngine {
  readonly info: TensorEngine['info'];
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  /** As wanted, and of the session there is. */
  #threads: number;
  #openThreads: number;
  #openedAt: number;

  constructor(
    private readonly line: ThreadLine,
    private readonly parts: OnnxEngineParts,
    /** How its first session came to be. */
    readonly facts: OpenFacts,
  ) {
    this.inputs = facts.inputs;
    this.outputs = facts.outputs;
    const request = parts.open;
    this.#threads = request.threads;
    this.#openThreads = request.threads;
    this.#openedAt = parts.clock.now();
    this.info = {
      architecture: 'onnx',
      modelName: request.modelLabel,
      parameters: 0,
      vocabularySize: 0,
      sequenceTokensMax: 0,
      kvCellsTotal: 0,
      stepTokensMax: 0,
      chatTemplate: null,
      beginText: '',
      endText: '',
      device: 'cpu',
      libraryVersion: facts.libraryVersion,
      abilities: [Ability.Invoke],
      adapters: [],
    };
  }

  async run(inputs: NamedTensors): Promise<NamedTensors> {
    await this.#reopenForThreads();
    const answer = await this.line.ask({ type: 'run', inputs: [...inputs] });
    if (answer.type === 'computed') return new Map(answer.outputs);
    throw engineError(answer.type === 'failed' ? answer.reason : `it answered \`${answer.type}\``);
  }

  get isGone(): boolean {
    return this.line.isGone;
  }

  /** Compute threads of the session there is. */
  get sessionThreads(): number {
    return this.#openThreads;
  }

  setThreads(count: number): void {
    this.#threads = count;
  }

  close(): void {
    this.line.close();
  }

  async #reopenForThreads(): Promise<void> {
    const { clock, open } = this.parts;
    const isSoon = clock.now() - this.#openedAt < reopenPauseMs;
    if (this.#threads === this.#openThreads || this.facts.openMs > reopenMsMax || isSoon) return;
    const threads = this.#threads;
    this.#openedAt = clock.now();
    try {
      await openOn(this.line, { ...open, threads });
      this.#openThreads = threads;
    } catch (error) {
      if (this.isGone) throw error; // else the session there was goes on
    }
  }
}

/** Questions to the thread, one at a time. A thread that has ended fails them all. */
class ThreadLine {
  readonly #thread: Worker;
  #waiting: { resolve(answer: FromThread): void; reject(error: StowageError): void } | null = null;
  #end: StowageError | null = null;

  constructor(program: URL) {
    this.#thread = new Worker(program);
    this.#thread.on('message', (answer: FromThread) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.resolve(answer);
    });
    this.#thread.on('error', (error) => this.#fail(engineError(error.message, error)));
    this.#thread.on('exit', (code) => this.#fail(engineError(`its thread ended with code ${code}`)));
  }

  get isGone(): boolean {
    return this.#end !== null;
  }

  ask(question: ToThread): Promise<FromThread> {
    return new Promise((resolve, reject) => {
      if (this.#end !== null) {
        reject(this.#end);
        return;
      }
      if (this.#waiting !== null) throw new Error('the thread computes one thing at a time');
      this.#waiting = { resolve, reject };
      this.#thread.postMessage(question);
    });
  }

  close(): void {
    void this.#thread.terminate();
  }

  #fail(error: StowageError): void {
    this.#end ??= error;
    this.#waiting?.reject(this.#end);
    this.#waiting = null;
  }
}

function engineError(reason: string, cause?: unknown): StowageError {
  return StowageError.of('RUN-308', { reason }, { cause });
}
