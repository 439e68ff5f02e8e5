/** From what a condition means to how it is said: after the noun, before it, as a clause. */
import type { Condition } from './conditions.js';
import type { Draw } from './draw.js';
import { said, type Field, type Thing } from './nouns.js';
import { phrase, withArticle } from './phrase.js';
import { picklists } from './words/fields.js';
import { standardObjects } from './words/standard.js';

/** Templates (phrase.ts) in which LABEL is the field and ALABEL the field with its article. */
export interface Meaning {
  readonly field: Field;
  readonly soql: string;
  readonly apex: Condition['apex'];
  /** What follows the field: `is Open`, `is over 100`. */
  readonly predicate: string;
  /** Prepositions after the noun: `with LABEL Open`; none = only predicates. */
  readonly with?: string;
  /** Wordings of this very condition after the noun: `in Germany`, `that are paid`. */
  readonly idiom?: string;
  /** Wordings of this very condition as a clause: `it is paid`. */
  readonly clause?: string;
  readonly before?: string | null;
  /** Behind the noun without a preposition: `LABEL Open`, `no LABEL`; none = not said so. */
  readonly short?: string;
  /** How often it is said in its own wordings after the noun, and then always so as a clause; else as often as any. */
  readonly idiomShare?: number;
}

/** A condition, and how it is said after "where": without "its". */
export interface WordedCondition extends Condition {
  readonly bare: string;
  /** Without a preposition, as in lists: `priority High`; null = cannot be said so. */
  readonly short: string | null;
}

export type Draws = (draw: Draw, thing: Thing, field: Field) => Meaning | null;

const withShare = 0.55;
const idiomShare = 0.6;
const abbreviatedShare = 0.06;

export function worded(draw: Draw, meaning: Meaning): WordedCondition {
  const { random } = draw;
  const { field, soql, apex } = meaning;
  const ownShare = meaning.idiomShare ?? idiomShare;
  const fill = (template: string): string => {
    const label = said(draw, field);
    return phrase(random, template)
      .replace(/\bcame in in\b/, 'came in')
      .replaceAll('ALABEL', articled(label))
      .replaceAll('LABEL', label);
  };
  const after =
    meaning.idiom !== undefined && random.chance(ownShare)
      ? meaning.idiom
      : meaning.with !== undefined && random.chance(withShare)
        ? meaning.with
        : `{whose|whose|where|where|where the} LABEL ${meaning.predicate}`;
  const clause =
    meaning.clause !== undefined && (meaning.idiomShare !== undefined || random.chance(ownShare))
      ? meaning.clause
      : `{its|the|the} LABEL ${meaning.predicate}`;
  return {
    field,
    soql,
    apex,
    after: abbreviated(draw, fill(after)),
    before: meaning.before === null || meaning.before === undefined ? null : fill(meaning.before),
    clause: fill(clause),
    bare: fill(`LABEL ${meaning.predicate}`),
    short: meaning.short === undefined ? null : fill(meaning.short),
  };
}

/** `w/ a phone`, `w/o an email`. */
function abbreviated({ random }: Draw, after: string): string {
  if (!/^with(out)? /.test(after) || !random.chance(abbreviatedShare)) return after;
  return after.replace(/^without /, 'w/o ').replace(/^with /, 'w/ ');
}

/** `an hourly rate`, `a unit price`. */
export function articled(noun: string): string {
  if (/^hour/i.test(noun)) return `an ${noun}`;
  return /^(uni|use|usa|eu)/i.test(noun) ? `a ${noun}` : withArticle(noun);
}

/** An Apex string of a text without line breaks. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A value as people write it: as `bare`, or in quotes as it is. */
export function saidValue(draw: Draw, value: string, bare = value): string {
  if (bare === value) draw.keep(value);
  return draw.random.weighted([
    [7, bare],
    [1.5, `'${value}'`],
    [1.5, `"${value}"`],
  ]);
}

/** In small letters, where it is bare and a value of many orgs: nobody could tell the capitals of others. */
export function loweredValue(text: string): string {
  return knownValues.has(text) ? text.toLowerCase() : text;
}

const knownValues: ReadonlySet<string> = new Set(
  [
    ...Object.values(picklists),
    ...standardObjects.flatMap(({ fields }) => fields.map(({ values }) => values)),
  ].flat(),
);
