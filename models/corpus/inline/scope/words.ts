/** What the makers of scope-*.ts share: constants, exceptions, sentences that always stand above. */
import type { Field, Thing } from '../../nouns.js';
import { drawThing } from '../../nouns.js';
import { camelCase, capitalized, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Part } from '../part.js';
import { isReserved, namesOf, type Names } from '../style.js';

/** The sentence above a member, also where the file has no docs. */
export function told(part: Part, english: string, parameters: readonly string[] = [], returned = ''): string {
  const doc = part.doc(english, parameters, returned);
  const text = doc === '' ? part.comment(english) : doc;
  return text.replace(/\?\.(?=»|\n|$)/, '?');
}

/** A declaration of a constant: name, type, Apex value. */
export type Constant = readonly [name: string, type: string, value: string];

/** Declarations in the manner of one author; names are to be seen below, the values nobody knows. */
export function declared(part: Part, constants: readonly Constant[], isShuffled = true): string {
  const modifiers = part.random.weighted([
    [5, 'private static final'],
    [4, 'public static final'],
    [1, 'private final static'],
    [1, 'static final'],
    [0.5, 'global static final'],
  ]);
  const access = part.style.access === 'public' ? modifiers.replace('global', 'public') : modifiers;
  const order = isShuffled ? part.random.shuffled(constants) : constants;
  const isCommented = part.random.chance(0.12);
  return order
    .map(([name, type, value]) => {
      const line = `${access} ${type} ${seen(name)} = ${free(value)};`;
      return isCommented ? `${part.comment(name.toLowerCase().replace(/_/g, ' '))}\n${line}` : line;
    })
    .join('\n');
}

/** The head of a method up to its parameters; nobody knows the name. */
export function opened(part: Part, type: string, name: string, isStatic = true): string {
  const access = part.random.weighted([
    [5, part.style.access],
    [1, 'private'],
  ]);
  return free(`${access}${isStatic ? ' static' : ''} ${type} ${name}`);
}

/** `throw new …(message);`, and the exception's declaration where the class has one of its own. */
export function drawException(part: Part): { readonly name: string; readonly declaration: string } {
  const own = part.pick(
    `${part.thing.className}Exception`,
    'ValidationException',
    'ServiceException',
    `${capitalized(unknownWord(part.random))}Exception`,
    'InvalidInputException',
  );
  return part.random.chance(0.7)
    ? { name: own, declaration: `public class ${seen(own)} extends Exception {}\n` }
    : { name: 'IllegalArgumentException', declaration: '' };
}

/** A word of an author's own, in capitals, or one of those given. */
export function wordOr(part: Part, ...words: readonly string[]): string {
  return part.random.chance(0.15) ? unknownWord(part.random) : part.random.pick(words);
}

/** An object that is not the part's, with its variables. */
export function drawOther(part: Part): { readonly thing: Thing; readonly names: Names } | null {
  const thing = drawThing(part.draw, { without: part.thing.api });
  const names = namesOf({ ...part.style, ownNoun: null }, thing);
  const mine = Object.values(part.names);
  return mine.includes(names.one) || mine.includes(names.many) || mine.includes(names.ids)
    ? null
    : { thing, names };
}

/** Picklists of enough values whose names Apex takes. */
export function drawPicklist(part: Part, least = 3): { field: Field; values: readonly string[] } | null {
  const field = part
    .fields(9, ['picklist'])
    .find(
      ({ values }) =>
        new Set(values.map((one) => constantName(one))).size === values.length && values.length >= least,
    );
  return field === undefined ? null : { field, values: field.values.map((value) => value.replace(/'/g, '')) };
}

/** `overdue notice` → `overdueNotice`, another name where Apex does not take it. */
export function variableNamed(label: string): string {
  const name = camelCase(label);
  return isReserved(name) ? `${name}Value` : name;
}

/** `Statuses` of `status`. */
export function pluralName(label: string): string {
  return pascalCase(pluralOf(label));
}

/** `this.`, in files that say so. */
export function self(part: Part): string {
  return part.style.hasThis ? 'this.' : '';
}
