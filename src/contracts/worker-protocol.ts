/**
 * What a worker process and its callers say to each other, over a private local socket. Frames are a
 * little-endian u32 length and that many bytes of UTF-8 JSON. Each side opens with `hello`; a different
 * protocol version or copy identity ends the connection. A worker takes several connections: one from
 * the fleet that watches it, one from each serving process. Streams are numbered by the connection that
 * submits them, so two callers never meet.
 *
 * A step's tokens of all sequences of a connection travel in one `step` message.
 */
import type { AdapterSource } from '../domain/adapter.js';
import type { ErrorData } from '../domain/errors.js';
import type { CopyRef, CopyReport } from '../domain/copy.js';
import type { EngineInfo } from './engine.js';
import type { ContainerImage, ModelSource, StartupLimits } from '../domain/component.js';
import type { ComponentOptions } from '../domain/component-options.js';
import type { LibrarySettings } from './artifacts.js';
import type { OutsideProgramSettings } from './outside-engine.js';
import type {
  ComputationRequest,
  ComputationResult,
  FinishReason,
  GenerationRequest,
  TokenLogprob,
} from '../domain/inference.js';

export const protocolVersion = 4;
/** A frame longer than this is a broken or hostile peer. */
export const frameBytesMax = 64 * 1024 * 1024;

/** How a worker process is told what it is: the member `assignment` of the JSON file that its argument names. */
export interface WorkerAssignment {
  readonly copy: CopyRef;
  readonly component: string;
  readonly engine: string;
  readonly source: ModelSource;
  /** Where model files are kept and how they are fetched. */
  readonly library: LibrarySettings;
  readonly startup: StartupLimits;
  /** How the program of an engine from outside is started; absent = as usual. */
  readonly program?: OutsideProgramSettings;
  /** Only of the engine `container`. */
  readonly container?: ContainerImage;
  readonly options: ComponentOptions;
  /** LoRA adapters to load before it is ready, beside those of the options; absent = none. */
  readonly adapters?: readonly AdapterSource[];
  /** Bytes that the copy may come to need; 0 = as many as the machine has. */
  readonly memoryBytesMax: number;
  /** Compute threads at the start, and the most that a later `threads` message may ask for. */
  readonly threads: number;
  readonly threadsMax: number;
  /** Where to listen. */
  readonly address: string;
  /** Ends itself after this long without any connection, milliseconds. */
  readonly orphanMsMax: number;
}

/** How an adapter is in a worker. */
export interface AdapterState {
  /** As `AdapterSource`. */
  readonly id: string;
  /** Why it could not be loaded; null = requests can name it. */
  readonly error: ErrorData | null;
}

interface Submission {
  readonly stream: number;
  readonly requestId: string;
}

/** A generation that is asked for, or goes on. */
export interface SubmittedGeneration extends Submission, Omit<GenerationRequest, 'id' | 'component'> {
  /** Tokens another copy already generated for this request; they are not sent again. */
  readonly resume: readonly number[];
}

/** A computation begins anew wherever it is submitted. */
export interface SubmittedComputation extends Submission, Omit<ComputationRequest, 'id' | 'component'> {}

export type SubmittedStream = SubmittedGeneration | SubmittedComputation;

export type ToWorker =
  | { readonly type: 'hello'; readonly protocol: number; readonly copy: CopyRef }
  | { readonly type: 'submit'; readonly streams: readonly SubmittedStream[] }
  | { readonly type: 'cancel'; readonly streams: readonly number[] }
  | { readonly type: 'threads'; readonly count: number }
  /** The LoRA adapters that there should be beside those of the options; said again whenever it changes. */
  | { readonly type: 'adapters'; readonly adapters: readonly AdapterSource[] }
  /** It has nothing to do for now: what the next request can make anew is given back. One with work takes no notice. */
  | { readonly type: 'sleep' }
  | { readonly type: 'drain' };

/** One stream's part of a step. */
export interface StepUpdate {
  readonly stream: number;
  /** Present in a stream's first update; there 0 where it is not known yet, and then again in the last one. */
  readonly promptTokens?: number;
  readonly tokens: readonly number[];
  readonly text: string;
  readonly logprobs?: readonly TokenLogprob[];
  /** Tokens of the prompt that a cache had; present once, when that is known and not 0. */
  readonly cachedTokens?: number;
  /** Present in a computation's last update, with `end`. */
  readonly result?: ComputationResult;
  /** Present in a stream's last update. */
  readonly end?: { readonly reason: FinishReason; readonly stop: string | null };
  /** Present in a stream's last update when it could not be computed. */
  readonly error?: ErrorData;
}

export type FromWorker =
  | { readonly type: 'hello'; readonly protocol: number; readonly copy: CopyRef; readonly pid: number }
  | {
      readonly type: 'loading';
      /** `starting`, `downloading`, `unpacking`, `verifying` or `loading`. */
      readonly phase: string;
      readonly fraction: number;
    }
  | { readonly type: 'ready'; readonly info: EngineInfo }
  /** Of the adapters it was told of: those that are loaded or could not be. Comes before `ready`, and with each change. */
  | { readonly type: 'adapters'; readonly adapters: readonly AdapterState[] }
  | { readonly type: 'refused'; readonly error: ErrorData }
  | { readonly type: 'step'; readonly updates: readonly StepUpdate[] }
  | { readonly type: 'report'; readonly report: CopyReport };
