/** What the makers of dates, texts, searches and prices share: methods with what they promise, names, guards, own fields. */
import { customName } from '../../nouns.js';
import { capitalized, camelCase } from '../../phrase.js';
import { apex, seen, when } from '../apex.js';
import type { FileKind } from '../file-kind.js';
import type { Member, Part } from '../part.js';
import { isReserved } from '../style.js';
import { opened, told } from '../scope/words.js';

/** A parameter: its type and its name. */
export type Given = readonly [type: string, name: string];

/** A method, and the sentence that stands above it. */
export interface Told {
  readonly said: string;
  readonly type: string;
  readonly name: string;
  readonly given: readonly Given[];
  readonly lines: readonly string[];
}

export type ToldMaker = (part: Part) => Told;

/** The method’s text. */
export function methodOf(
  part: Part,
  { said, type, name, given, lines }: Told,
  isStatic = true,
  isSaid = true,
): string {
  const parameters = given.map(([of, called]) => `${of} ${seen(called)}`).join(', ');
  const body = lines.filter((line) => line !== '');
  const last = body.at(-1) ?? '';
  const isAiry = part.style.isOpeningAiry && body.length > 2 && /^(?:«»)?return /.test(last);
  const names = given.map(([, called]) => called);
  const above = isSaid ? told(part, said, names) : '';
  return apex`
    ${above}
    ${opened(part, type, name, isStatic)}(${parameters}) {
        ${isAiry ? [...body.slice(0, -1), '', last] : body}
    }
  `;
}

/** Several methods of a box of tools, in random order. */
export function toolsOf(part: Part, box: readonly ToldMaker[], least: number, most: number): string {
  const isStatic = part.random.chance(0.8);
  const taken = new Set<string>();
  return part.random
    .sample(box, part.random.integer(least, most))
    .map((maker) => maker(part))
    .filter(({ name }) => !taken.has(name) && taken.add(name))
    .map((one) => methodOf(part, one, isStatic))
    .join('\n\n');
}

/** A kind of class that one maker writes, in half of the files with another one beside it. */
export function classKind(kind: string, suffixes: readonly string[], first: Member, also?: Member): FileKind {
  const members = also === undefined ? [] : ([[1, also]] as const);
  return { kind, weight: 1, suffixes, first, members, least: 0, most: members.length, writtenMax: 1 };
}

/** A custom field that the maker thinks of by itself: `loaned` → `Loaned__c`. */
export function ownField(part: Part, label: string): string {
  const api = customName(label);
  part.draw.noteField(part.thing.api, api);
  return api;
}

/** Variables for one record and for many, the file's own or what people often say. */
export function recordNames(part: Part): { readonly one: string; readonly many: string } {
  const { thing, names } = part;
  if (part.random.chance(0.5)) return names;
  const plain = camelCase(thing.label);
  return {
    one: part.pick('rec', 'item', 'r', 'row', 'record', isReserved(plain) ? 'entry' : plain),
    many: part.pick(
      'records',
      'scope',
      'items',
      'rows',
      'toUpdate',
      'updates',
      `new${capitalized(thing.many)}`,
    ),
  };
}

/** Whether two of the names are one to Apex, or one cannot be a name. */
export function clash(...names: readonly string[]): boolean {
  const low = names.map((name) => name.toLowerCase());
  return (
    new Set(low).size < low.length || low.some((name) => /^(?:date|time|list|map|set|string)$/.test(name))
  );
}

/** A short guard in one of the manners that people have; `short` is drawn once for a class. */
export function guard(isShort: boolean, condition: string, act: string): string {
  return isShort ? `if (${condition}) ${act}` : when(condition, act);
}

/** Today's date; the less usual way of saying it only where it is said twice. */
export function todayOf(part: Part): string {
  return part.random.chance(0.7) ? 'Date.today()' : seen('System.today()');
}

/** `check in date` → `checkInDate`. */
export function variableFor(label: string): string {
  const name = camelCase(label);
  return isReserved(name) ? `${name}Value` : name;
}
