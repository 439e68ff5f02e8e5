/**
 * What a model's steps cost by their rows, measured before the first request: a bounded while, in which other copies may be
 * loaded by the same processors. So every size is measured in each of several passes, and the quickest counts.
 */
import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { type MeasuredStep, StepCost } from '../../decide/speculation/step-cost.js';

const sizes = [1, 2, 4, 8, 16, 32, 64];
const passesMax = 4;
/** A change of rows costs at most this share of a step of one row: more is chance. */
const switchShareMax = 0.5;

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
  for (let pass = 0; pass < passesMax; pass++) {
    for (const [index, rows] of sizes.entries()) {
      const before = measured[index] ?? guess(measured.at(-1), rows);
      if (rows > rowsMax || (before !== null && clock.now() + before.changed + before.milliseconds > until))
        break;
      const [changed, milliseconds] = [await time(rows), await time(rows)];
      measured[index] = {
        rows,
        changed: Math.min(changed, measured[index]?.changed ?? Infinity),
        milliseconds: Math.min(milliseconds, measured[index]?.milliseconds ?? Infinity),
      };
    }
  }
  return new StepCost(measured, switchMsOf(measured));
}

/** A size's quickest steps. */
interface Measured extends MeasuredStep {
  /** After a step of other rows, milliseconds. */
  readonly changed: number;
}

/** At most what a step of more rows takes; null where nothing was measured. */
function guess(last: Measured | undefined, rows: number): Measured | null {
  if (last === undefined) return null;
  const times = rows / last.rows;
  return { rows, changed: times * last.changed, milliseconds: times * last.milliseconds };
}

/** What a step of other rows than the one before costs more, milliseconds: the median of the sizes. */
function switchMsOf(measured: readonly Measured[]): number {
  const changes = measured.map(({ changed, milliseconds }) => changed - milliseconds).sort((a, b) => a - b);
  const most = switchShareMax * measured[0]!.milliseconds;
  return Math.max(0, Math.min(changes[changes.length >> 1]!, most));
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
