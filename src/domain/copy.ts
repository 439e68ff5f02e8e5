/** A Copy is one running replica of a component: one worker process. */

/** A copy's identity. A stale incarnation never gets traffic. */
export interface CopyRef {
  /** `component-slot`, stable over restarts. */
  readonly id: string;
  /** Rises with each start of that id. */
  readonly incarnation: number;
}

export const CopyState = {
  /** The process was asked for and has not answered yet. */
  Starting: 'starting',
  /** The process answered and loads its model. */
  Loading: 'loading',
  /** It takes requests. */
  Ready: 'ready',
  /** It finishes what it has and takes nothing new. */
  Draining: 'draining',
  /** The process ended; `exit` says why. */
  Exited: 'exited',
} as const;
export type CopyState = (typeof CopyState)[keyof typeof CopyState];

/** What a worker says about itself, once a second and after each change worth knowing. */
export interface CopyReport {
  /** Sequences being computed. */
  readonly running: number;
  /** Requests that wait inside the worker for a sequence or for room in the KV cache. */
  readonly waiting: number;
  /** Steps finished since the start: the token progress that liveness is judged by. */
  readonly steps: number;
  /** The longest of the recent steps, milliseconds; 0 before the first. */
  readonly slowestStepMs: number;
  /** KV cache cells in use and in all. */
  readonly kvCellsUsed: number;
  readonly kvCellsTotal: number;
  /** Resident memory of the process, bytes. */
  readonly memoryBytes: number;
  /** Compute threads in use. */
  readonly threads: number;
  /** Prompt tokens computed and tokens generated since the start. */
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** It gave back its KV cache and wakes with the next request. */
  readonly isAsleep?: boolean;
  /** Absent where nothing is cached. */
  readonly prefixCache?: PrefixCacheCounts;
  /** Absent where nothing is proposed. */
  readonly speculation?: SpeculationCounts;
  /** Absent where there are no LoRA adapters. */
  readonly adapters?: AdapterCounts;
  /** Absent where requests are not computed in batches of whole requests. */
  readonly batches?: BatchCounts;
}

/** Since the start, but for `ramBytes`. */
export interface PrefixCacheCounts {
  /** Prompts looked up, and those of which at least one token was found. */
  readonly lookups: number;
  readonly hits: number;
  /** Tokens of those prompts, and those that did not have to be computed. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Beginnings that had to go for want of room. */
  readonly evictions: number;
  /** Beginnings moved to RAM and back. */
  readonly savedToRam: number;
  readonly restoredFromRam: number;
  /** In RAM now. */
  readonly ramBytes: number;
}

/** Since the start. */
export interface SpeculationCounts {
  readonly proposedTokens: number;
  readonly acceptedTokens: number;
  /** Steps in which something was proposed. */
  readonly steps: number;
  /** Steps of the draft model, which are progress, too; absent where there is none. */
  readonly draftSteps?: number;
}

export interface AdapterCounts {
  /** Loaded now. */
  readonly loaded: number;
  /** Steps that began with another adapter than the one before, since the start. */
  readonly changes: number;
}

/** Since the start. */
export interface BatchCounts {
  readonly batches: number;
  readonly requests: number;
}

/** True when the two name the same process. */
export function sameCopy(a: CopyRef, b: CopyRef): boolean {
  return a.id === b.id && a.incarnation === b.incarnation;
}

/** `id#incarnation`, for maps and logs. */
export function copyKey(copy: CopyRef): string {
  return `${copy.id}#${copy.incarnation}`;
}
