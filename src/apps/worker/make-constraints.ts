/** What keeps answers in shape, for the vocabulary of one model. */
import type { Engine } from '../../contracts/engine.js';
import type { ConstraintMaker } from '../../contracts/token-constraint.js';

export async function makeConstraints(_engine: Engine): Promise<ConstraintMaker | null> {
  return null;
}
