/** What a model's steps cost by their rows, measured before the first request: a bounded while. */
import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { type MeasuredStep, StepCost } from '../../decide/speculation/step-cost.js';

const sizes = [1, 2, 4, 8, 16, 32, 64];
/** Each size is computed so often: once after another size, which costs more, and then for itself. */
const rounds = 3;
/** A change of rows costs at most this share of a step of one row: more is chance. */
const switchShareMax = 0.5;

export interface MeasureLimits {
  readonly rowsMax: number;
  /** Rows that logits are asked for: the last ones. */
  readonly outputRowsMax: number;
  /** What the measuring may take, milliseconds; one step of one row is measured always. */
  readonly millisecondsMax: number;
}

/** The engine must be awake and idle, its first sequence empty; it is empty again after. */
export async function measureSteps(engine: Engine, clock: Clock, limits: MeasureLimits): Promise<StepCost> {
  const rowsMax = Math.min(limits.rowsMax, engine.info.stepTokensMax, engine.info.sequenceTokensMax);
  const until = clock.now() + limits.millisecondsMax;
  const measured: MeasuredStep[] = [];
  const changes: number[] = [];
  for (const rows of sizes) {
    const last = measured.at(-1);
    const expected = last === undefined ? 0 : 2 * rounds * last.milliseconds;
    if (last !== undefined && (rows > rowsMax || clock.now() + expected > until)) break;
    const changed = await timeStep(engine, clock, rows, limits.outputRowsMax);
    let milliseconds = Infinity;
    for (let round = 1; round < rounds; round++) {
      milliseconds = Math.min(milliseconds, await timeStep(engine, clock, rows, limits.outputRowsMax));
    }
    measured.push({ rows, milliseconds });
    changes.push(changed - milliseconds);
  }
  changes.sort((a, b) => a - b);
  const change = changes[changes.length >> 1] ?? 0;
  const most = switchShareMax * measured[0]!.milliseconds;
  return new StepCost(measured, Math.max(0, Math.min(change, most)));
}

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
