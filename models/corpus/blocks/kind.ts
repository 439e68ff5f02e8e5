/** A kind of request: a way of asking something of one object, and the Apex that answers it. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import type { Shape } from '../samples.js';

/** One request with its answer. */
export interface Made {
  /** English, without its decoration. */
  readonly prompt: string;
  /** Apex without a line break at its end; four spaces a level. */
  readonly answer: string;
  /** None said = statements. */
  readonly shape?: Shape;
  /** Statements that declare what `answer` takes for given; none said = none. */
  readonly given?: string;
}

export interface Kind {
  /** As `query` or `batch`. */
  readonly kind: string;
  /** How often it is drawn, against the other kinds. */
  readonly weight: number;
  /** Null = it cannot be asked of this thing, or the draw did not lead to anything: draw again. */
  make(draw: Draw, thing: Thing): Made | null;
}
