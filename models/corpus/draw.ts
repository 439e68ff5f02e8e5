/**
 * What one sample is drawn with: its chance, and what it has combined.
 *
 * Combinations whose hash says so are held out: no sample of training has one, every sample of the test sets has at least one.
 * So a generator draws freely and notes what it combined; whoever asked for the sample keeps it or draws again.
 */
import { hash, type Random } from './random.js';

/** One in so many combinations of each sort is held out. */
const fieldsHeldOutOf = 10;
const kindsHeldOutOf = 12;

export class Draw {
  private heldOut = 0;

  constructor(readonly random: Random) {}

  /** Custom field `field` of `object` (API names) is in the sample; standard fields are no news. */
  noteField(object: string, field: string): void {
    if (/__[cr]\b/.test(field) && hash(`field ${object}.${field}`) % fieldsHeldOutOf === 0) this.heldOut++;
  }

  /** The sample does `kind` to `object` (its API name). */
  noteKind(kind: string, object: string): void {
    if (hash(`kind ${kind} ${object}`) % kindsHeldOutOf === 0) this.heldOut++;
  }

  get hasHeldOut(): boolean {
    return this.heldOut > 0;
  }
}
