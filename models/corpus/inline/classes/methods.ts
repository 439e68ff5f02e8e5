/** What the makers of dates, texts, searches and prices share: methods with what they promise, guards, own fields. */
import { customName } from '../../nouns.js';
import { apex, seen, when } from '../apex.js';
import type { Part } from '../part.js';
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

/** Draws a method. */
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

/** A custom field that the maker thinks of by itself: `loaned` → `Loaned__c`. */
export function ownField(part: Part, label: string): string {
  const api = customName(label);
  part.draw.noteField(part.thing.api, api);
  return api;
}

/** A short guard in one of the manners that people have; `isShort` is drawn once for a class. */
export function guard(isShort: boolean, condition: string, act: string): string {
  return isShort ? `if (${condition}) ${act}` : when(condition, act);
}

/** Whether guards stand on one line: a coin that falls once for a file is wanted, and that of `this.` is one. */
export function hasShortGuards({ style }: Part): boolean {
  return style.hasThis;
}

/** Whether the file writes `a ?? 0` instead of `a == null ? 0 : a`; the same coin. */
export function hasNullOperator({ style }: Part): boolean {
  return !style.hasThis;
}

/** Today's date; the less usual way of saying it only where it is said twice. */
export function todayOf(part: Part): string {
  return part.random.chance(0.7) ? 'Date.today()' : seen('System.today()');
}
