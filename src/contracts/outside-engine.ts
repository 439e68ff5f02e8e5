/**
 * Engines that are programs of others: how a server says they are started, and what a worker asks of a running one.
 *
 * Commands come from the server's own settings and from nowhere else: nobody who calls a server can name one.
 */
import type {
  Computation,
  ComputationResult,
  FinishReason,
  GenerationRequest,
  TokenLogprob,
} from '../domain/inference.js';
import type { EngineInfo } from './engine.js';

/**
 * How the programs of one engine are started, as plain data: it travels to the workers, also through files. It names
 * the environment variables that hold secrets and should hold none itself.
 */
export interface OutsideProgramSettings {
  /** Program and arguments; words in braces stand for what a copy has (`{model}`, `{port}` …). Null = the usual one. */
  readonly command: readonly string[] | null;
  /** Put after everything else. */
  readonly arguments: readonly string[];
  /** Run when a copy ends, however it ends: what the program left elsewhere. Null = the usual one. */
  readonly cleanup: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the server's own environment that the program gets, too. */
  readonly inherit: readonly string[];
  /** Images that models may name: each exactly, or its beginning with `*` behind it. Only of the engine `container`. */
  readonly images: readonly string[];
}

/** By engine (`EngineKind`); an engine that is not there is started as usual. */
export type OutsideSettings = Readonly<Partial<Record<string, OutsideProgramSettings>>>;

export const usualProgram: OutsideProgramSettings = {
  command: null,
  arguments: [],
  cleanup: null,
  environment: {},
  inherit: [],
  images: [],
};

/** The environment variables that a worker needs for its program's sake. */
export function variablesOfProgram(settings: OutsideProgramSettings | undefined): readonly string[] {
  return settings?.inherit ?? [];
}

/** What a generation begins with, once the component's template was applied. */
export type OutsidePrompt =
  | { readonly kind: 'text'; readonly prompt: string }
  | {
      readonly kind: 'chat';
      readonly messages: readonly { readonly role: string; readonly content: string }[];
    }
  | { readonly kind: 'tokens'; readonly tokens: readonly number[] };

export interface OutsideGeneration extends Omit<GenerationRequest, 'kind' | 'id' | 'component' | 'input'> {
  readonly prompt: OutsidePrompt;
}

/** Stands for a token whose number the program does not say. */
export const unknownToken = -1;

/** What one event of a program's stream added. */
export interface OutsidePart {
  readonly text: string;
  /** One for each token; `unknownToken` where the program counts but does not name them. */
  readonly tokens: readonly number[];
  readonly logprobs?: readonly TokenLogprob[];
}

export interface OutsideEnd {
  readonly reason: FinishReason;
  /** The stop string that ended it, where the program says so. */
  readonly stop: string | null;
  /** As the program counted them; null where it does not say. */
  readonly promptTokens: number | null;
  readonly cachedTokens: number;
  readonly completionTokens: number | null;
}

export interface OutsideEngine {
  readonly info: EngineInfo;
  /**
   * Computes one answer. Parts come in order, before it resolves. Ends early when `signal` does, and then rejects with
   * its reason. Rejects with REQ-212, REQ-216 (the program refuses the request) or RUN-308 (it failed).
   */
  generate(
    request: OutsideGeneration,
    onPart: (part: OutsidePart) => void,
    signal: AbortSignal,
  ): Promise<OutsideEnd>;
  /** Computes something as a whole; rejects as `generate` does. */
  compute(computation: Computation, signal: AbortSignal): Promise<ComputationResult>;
  /** True when the program answers that it is well; bounded in time. */
  isWell(): Promise<boolean>;
  /** Resident memory of the program and its children, bytes. */
  memoryBytes(): number;
  /** Resolves when the program has ended, with how: continued from "its program". */
  readonly ended: Promise<string>;
  /** Ends the program at once. */
  close(): void;
}
