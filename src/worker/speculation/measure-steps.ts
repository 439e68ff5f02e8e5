/** What a model's steps cost by their rows, measured before the first request: a bounded while. */
import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { type MeasuredStep, StepCost } from '../../decide/speculation/step-cost.js';

const sizes = [1, 2, 4, 8, 16, 32, 64];
/** Each size is computed twice; the shorter one counts. */
const rounds = 2;

export interface MeasureLimits {
  readonly rowsMax: number;
  /** What the measuring may take, milliseconds; one step of one row is measured always. */
  readonly millisecondsMax: number;
}

/** The engine must be awake and idle, its first sequence empty; it is empty again after. */
export async function measureSteps(engine: Engine, clock: Clock, limits: MeasureLimits): Promise<StepCost> {
  const rowsMax = Math.min(limits.rowsMax, engine.info.stepTokensMax, engine.info.sequenceTokensMax);
  const until = clock.now() + limits.millisecondsMax;
  const measured: MeasuredStep[] = [];
  for (const rows of sizes) {
    const last = measured.at(-1);
    const expected = last === undefined ? 0 : 2 * rounds * last.milliseconds;
    if (last !== undefined && (rows > rowsMax || clock.now() + expected > until)) break;
    let milliseconds = Infinity;
    for (let round = 0; round < rounds; round++) {
      milliseconds = Math.min(milliseconds, await timeStep(engine, clock, rows));
    }
    measured.push({ rows, milliseconds });
  }
  return new StepCost(measured);
}

async function timeStep(engine: Engine, clock: Clock, rows: number): Promise<number> {
  const { batch } = engine;
  for (let row = 0; row < rows; row++) {
    batch.tokens[row] = row % engine.info.vocabularySize;
    batch.positions[row] = row;
    batch.sequences[row] = 0;
    batch.outputs[row] = 1;
  }
  batch.length = rows;
  const beganAt = clock.now();
  await engine.step();
  const milliseconds = clock.now() - beganAt;
  engine.forget(0, 0);
  return milliseconds;
}
