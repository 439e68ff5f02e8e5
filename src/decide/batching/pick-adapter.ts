/**
 * Whose turn it is where one step can be computed with one LoRA adapter only. Adapters take turns of several steps:
 * changing the adapter costs the same however many rows a step has, so a turn is as long as makes that cost small, and
 * no longer than the others may wait. The next turn is that of the adapter whose last turn is the longest ago, so that
 * whatever comes and goes, with n adapters in use each gets every n-th turn.
 */

/** What the choice needs to know of a sequence, in order of admission. */
export interface AdaptedSequence {
  /** Null = the model alone. */
  readonly adapter: number | null;
}

export interface AdapterTurn {
  /** Whose turn it is; null = the model alone. */
  readonly adapter: number | null;
  /** Steps it has had in this turn. */
  readonly steps: number;
  /** Steps that a turn has at most, ≥ 1. */
  readonly stepsMax: number;
  /** How long they took, those with prompts too, milliseconds. */
  readonly milliseconds: number;
  /** When each adapter had its last turn, any number that rises; one that had none is not in it. */
  readonly lastTurns: ReadonlyMap<number | null, number>;
}

/** A change may cost this part of a turn. */
const switchShareMax = 0.1;
/** Nobody waits longer for the next token because of longer turns, milliseconds. */
const waitMsMax = 150;
const turnStepsMaxMax = 16;

/** The adapter of the next step; of an empty list none. */
export function pickAdapter(sequences: readonly AdaptedSequence[], turn: AdapterTurn): number | null {
  const adapters = new Set(sequences.map(({ adapter }) => adapter));
  const isOver = turn.steps >= turn.stepsMax || turn.milliseconds >= waitMsMax / (adapters.size - 1);
  if (adapters.has(turn.adapter) && (adapters.size === 1 || !isOver)) return turn.adapter;
  let next: number | null = null;
  let oldest = Infinity;
  for (const adapter of adapters) {
    if (adapter === turn.adapter) continue;
    const last = turn.lastTurns.get(adapter) ?? -1;
    if (last >= oldest) continue;
    oldest = last;
    next = adapter;
  }
  return next;
}

export interface TurnCost {
  /** What a change of adapters adds to a step, milliseconds. */
  readonly switchMs: number;
  /** A step without a change, milliseconds. */
  readonly stepMs: number;
  /** Adapters in use, ≥ 1. */
  readonly adapters: number;
}

/** Steps of a turn, 1 to 16: so many that a change costs a tenth of it, as long as nobody waits too long. */
export function turnStepsMax({ switchMs, stepMs, adapters }: TurnCost): number {
  if (stepMs <= 0 || adapters < 2) return 1;
  const wanted = switchMs / (switchShareMax * stepMs);
  const bearable = (waitMsMax / (adapters - 1) - switchMs) / stepMs;
  return Math.max(1, Math.min(turnStepsMaxMax, Math.ceil(wanted), Math.floor(bearable)));
}
