/** Who proposes tokens, as the component's options say. */
import type { Engine } from '../../contracts/engine.js';
import type { Speculator } from '../../worker/speculator.js';
import type { Making } from './making.js';

/** Null when nobody does. */
export async function makeSpeculator(_making: Making, _engine: Engine): Promise<Speculator | null> {
  return null;
}
