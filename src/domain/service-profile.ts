/**
 * What one copy of a model does on one kind of machine: measured by `stowage bench --service-profile FILE`, kept as
 * `service-profile.json`, read by the forecast and by the policy that holds an objective.
 */

/** How fast one copy computes; times in milliseconds, rates per second. */
export interface ServiceModel {
  /** Requests computed at once, ≥ 1. */
  readonly sequencesMax: number;
  /** Fixed time of a request before its first token: hand-over, template, tokenizing; ≥ 0. */
  readonly overheadMs: number;
  /** Prompt tokens computed a second by one copy that does nothing else, > 0. */
  readonly promptTokensPerSecond: number;
  /** A step that generates a token for each of `n` requests takes `stepMs + n * stepMsPerSequence`. */
  readonly stepMs: number;
  readonly stepMsPerSequence: number;
}

/** Where a copy's weights are when it is wanted, the nearest first. */
export const ColdRung = {
  /** The process is there and its weights are in the host's memory. */
  Asleep: 'asleep',
  /** No process; the file is in the kernel's page cache. */
  PageCache: 'pageCache',
  /** The file is on a disk of the machine. */
  Disk: 'disk',
  /** The file must be fetched first. */
  Remote: 'remote',
} as const;
export type ColdRung = (typeof ColdRung)[keyof typeof ColdRung];

export interface ServiceProfile extends ServiceModel {
  /** Of the model and the machine, for people: `apex-blockgen-Q8_0 on one CPU slot`. */
  readonly name: string;
  readonly source: {
    /** What was run, or why it is believed. */
    readonly command: string;
    readonly machine: string;
    readonly commit: string;
    /** True: nobody measured it here. */
    readonly isAssumed: boolean;
  };
  /** From the decision to start a copy to the moment it takes its first request, by where its weights are; null = not known. */
  readonly coldStartMs: Readonly<Record<ColdRung, number | null>>;
  /** Memory that one copy holds while it is awake: weights, caches and buffers. */
  readonly memoryBytes: number;
}
