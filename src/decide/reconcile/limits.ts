/** How long reconcile waits for things, and how often it tries. */

export interface ReconcileLimits {
  /** A ready copy that said nothing for so long hangs, milliseconds. */
  readonly silenceMsMax: number;
  /** A copy with work that finished no step for so long hangs, milliseconds; of one that has not stepped yet. */
  readonly progressMsMax: number;
  /** The same once its steps are known: so many times the longest of the recent ones, and at least so long. */
  readonly progressStepsMax: number;
  readonly progressMsMin: number;
  /** From the start of a process to its first words, milliseconds. */
  readonly answerMsMax: number;
  /** A draining copy is not taken for idle before, because requests may be on their way to it, milliseconds. */
  readonly drainMsMin: number;
  /** The second restart in a row waits so long, each further one twice as long as the one before, milliseconds. */
  readonly restartMsMin: number;
  readonly restartMsMax: number;
  /** Readiness that makes earlier failures forgotten, milliseconds. */
  readonly healthyMs: number;
  /** So many failures in a row are too many for something that never came up. */
  readonly failuresMax: number;
  /** Room that is missing for so long makes something that never came up fail, milliseconds. */
  readonly placementMsMax: number;
  /** What comes back from zero may stand in line for room so long before it fails, milliseconds. */
  readonly lineMsMax: number;
  /** A host that the fleet does not show for so long is gone, with its instances, milliseconds. */
  readonly hostMsMax: number;
  /** Instances that cannot be had for so long make an endpoint fail, where it says nothing else, seconds. */
  readonly provisionSecondsMax: number;
  /** Memory that a variant's own model is taken to need at least, because its size is not known here, bytes. */
  readonly modelMemoryBytesMin: number;
}

export const reconcileLimits: ReconcileLimits = {
  silenceMsMax: 5_000,
  progressMsMax: 60_000,
  progressStepsMax: 20,
  progressMsMin: 8_000,
  answerMsMax: 30_000,
  drainMsMin: 1_500,
  restartMsMin: 500,
  restartMsMax: 30_000,
  healthyMs: 60_000,
  failuresMax: 5,
  placementMsMax: 30_000,
  lineMsMax: 600_000,
  hostMsMax: 10_000,
  provisionSecondsMax: 1_800,
  modelMemoryBytesMin: 512 * 1024 ** 2,
};
