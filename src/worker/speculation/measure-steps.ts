/**
 * What a model's steps cost by their rows, measured before the first request: a bounded while, in which other copies
 * may be loaded by the same processors. So each size is measured in several passes, and the quickest counts.
 */
import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { type MeasuredStep, StepCost } from '../../decide/speculation/step-cost.js';

const sizes = [1, 2, 4, 8, 16, 32, 64];
const passesMax = 4;

export interface MeasureLimits {
  readonly rowsMax: number;
  /** Rows that logits are asked for: the last ones. */
  readonly outputRowsMax: number;
  /** What the measuring may take, milliseconds, after a first step; one step of one row is measured always. */
  readonly millisecondsMax: number;
}

/** The engine must be awake and idle, its first sequence empty; it is empty again after. */
export async function measureSteps(engine: Engine, clock: Clock, limits: MeasureLimits): Promise<StepCost> {
  const rowsMax = Math.min(limits.rowsMax, engine.info.stepTokensMax, engine.info.sequenceTokensMax);
  const time = (rows: number) => timeStep(engine, clock, rows, limits.outputRowsMax);
  await time(1); // it pays for bringing the weights into memory
  const until = clock.now() + limits.millisecondsMax;
  const measured: Measured[] = [];
  let lastRows = 1;
  for (let pass = 0; pass < passesMax; pass++) {
    for (const [index, rows] of sizes.entries()) {
      const { milliseconds } = measured[index] ?? guess(measured.at(-1), rows);
      if (rows > rowsMax || clock.now() + 2 * milliseconds > until) break;
      const [first, second] = [await time(rows), await time(rows)];
      const known = measured[index];
      measured[index] = {
        rows,
        changed: Math.min(rows === lastRows ? Infinity : first, known?.changed ?? Infinity),
        milliseconds: Math.min(second, known?.milliseconds ?? Infinity),
      };
      lastRows = rows;
    }
  }
  return new StepCost(measured, switchMsOf(measured));
}

/** A size's quickest steps. */
interface Measured extends MeasuredStep {
  /** After a step of other rows, milliseconds; Infinity where none was timed. */
  readonly changed: number;
}

/** At most what a step of more rows takes; nothing where nothing was measured. */
function guess(last: Measured | undefined, rows: number): MeasuredStep {
  return { rows, milliseconds: last === undefined ? 0 : (rows / last.rows) * last.milliseconds };
}

/** What a step of other rows than the one before costs more, milliseconds: the median of the sizes. */
function switchMsOf(measured: readonly Measured[]): number {
  const changes = measured.map(({ changed, milliseconds }) => changed - milliseconds).filter(Number.isFinite);
  changes.sort((a, b) => a - b);
  return Math.max(0, changes[changes.length >> 1] ?? 0);
}

/** Milliseconds of a step of so many rows, of a sequence that begins with it. */
async function timeStep(engine: Engine, clock: Clock, rows: number, outputRowsMax: number): Promise<number> {
  const { batch } = engine;
  for (let row = 0; row < rows; row++) {
    batch.tokens[row] = row % engine.info.vocabularySize;
    batch.positions[row] = row;
    batch.sequences[row] = 0;
    batch.outputs[row] = row >= rows - outputRowsMax ? 1 : 0;
  }
  batch.length = rows;
  const beganAt = clock.now();
  await engine.step();
  const milliseconds = clock.now() - beganAt;
  engine.forget(0, 0);
  return milliseconds;
}
