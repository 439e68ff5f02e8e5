/** What keeps an answer in shape while it is generated. */
import type { Constraint } from '../domain/inference.js';

/** Which tokens may come next, as an answer's shape allows. A function of the tokens accepted so far. */
export interface TokenConstraint {
  /**
   * Makes impossible (−∞), in place, what may not come next. False when nothing may: then nothing was changed. Throws
   * REQ-210 when finding that out is too much work.
   */
  mask(logits: Float32Array): boolean;
  /** The token that was chosen; an end token is not told. */
  accept(token: number): void;
  /** The answer is complete, and nothing may follow. */
  readonly isOver: boolean;
}

export interface ConstraintMaker {
  /** The constraint before the first token. Throws REQ-210 for one that makes no sense or is too large. */
  make(constraint: Constraint): TokenConstraint;
}
