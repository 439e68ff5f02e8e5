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
/** Shorter texts are parts of other words' business, as the value `A`. */
const keptCharsMin = 3;

export class Draw {
  private heldOut = 0;
  private readonly keptTexts = new Set<string>();

  constructor(readonly random: Random) {}

  /** Custom field `field` of `object` (API names) is in the sample; standard fields are no news. */
  noteField(object: string, field: string): void {
    if (/__[cr]\b/.test(field) && hash(`field ${object}.${field}`) % fieldsHeldOutOf === 0) this.heldOut++;
  }

  /** The sample does `kind` to `object` (its API name). */
  noteKind(kind: string, object: string): void {
    if (hash(`kind ${kind} ${object}`) % kindsHeldOutOf === 0) this.heldOut++;
  }

  /** The request has `text` as the answer has it: nobody's way of typing changes a letter of it. */
  keep(text: string): string {
    if (text.length >= keptCharsMin) this.keptTexts.add(text);
    return text;
  }

  get kept(): readonly string[] {
    return [...this.keptTexts];
  }

  get hasHeldOut(): boolean {
    return this.heldOut > 0;
  }
}
