/** What the makers of this folder share: declarations, exceptions, refusals, and sentences that always stand above. */
import type { Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { free, indented, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Part } from '../part.js';

/** How often every constant of a class has a comment of its own. */
const commentedShare = 0.12;
const ownExceptionShare = 0.7;
const unknownWordShare = 0.15;

/** Two names, or two pieces of text, that are drawn together. */
export type Pair = readonly [string, string];

/** The sentence above a member, also where the file has no docs; no full stop follows on a question mark. */
export function told(part: Part, english: string, parameters: readonly string[] = []): string {
  const doc = part.doc(english, parameters);
  const text = doc === '' ? part.comment(english) : doc;
  return text.replace(/\?\.(?=»|\n|$)/, '?');
}

/** A declaration of a constant: name, type, Apex value. */
export type Constant = readonly [name: string, type: string, value: string];

/** A constant of type String. */
export function textConstant(name: string, text: string): Constant {
  return [name, 'String', `'${text}'`];
}

/** Declarations in one manner and in random order; the names are to be seen below, the values nobody knows. */
export function declared(part: Part, constants: readonly Constant[]): string {
  const modifiers = drawConstantModifiers(part);
  return declarations(part, modifiers, part.random.shuffled(constants));
}

/** The same in the order given, where that follows from something else. */
export function declaredInOrder(part: Part, constants: readonly Constant[]): string {
  return declarations(part, drawConstantModifiers(part), constants);
}

function drawConstantModifiers(part: Part): string {
  const modifiers = part.random.weighted([
    [5, 'private static final'],
    [4, 'public static final'],
    [1, 'private final static'],
    [1, 'static final'],
    [0.5, 'global static final'],
  ]);
  return part.style.access === 'public' ? modifiers.replace('global', 'public') : modifiers;
}

function declarations(part: Part, modifiers: string, constants: readonly Constant[]): string {
  const isCommented = part.random.chance(commentedShare);
  return constants
    .map(([name, type, value]) => {
      const line = `${modifiers} ${type} ${seen(name)} = ${free(value)};`;
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

/** An exception to throw, and its declaration where it is one of the class's own. */
export function drawException(part: Part): { readonly name: string; readonly declaration: string } {
  const own = part.pick(
    `${part.thing.className}Exception`,
    'ValidationException',
    'ServiceException',
    `${capitalized(unknownWord(part.random))}Exception`,
    'InvalidInputException',
  );
  return part.random.chance(ownExceptionShare)
    ? { name: own, declaration: `public class ${seen(own)} extends Exception {}\n` }
    : { name: 'IllegalArgumentException', declaration: '' };
}

/** What a check does with the message of its failure. */
export interface Refusal {
  readonly manner: 'record' | 'field' | 'throw' | 'list' | 'return';
  /** The exception's name, for `throw`. */
  readonly exception: string;
  /** The list's name, for `list`. */
  readonly errors: string;
}

/** The statement that refuses a record because of its field `api`. */
export function refused(
  part: Part,
  { manner, exception, errors }: Refusal,
  api: string,
  message: string,
): string {
  switch (manner) {
    case 'record':
      return `${part.names.one}.addError(${message});`;
    case 'field':
      return `${part.names.one}.${api}.addError(${message});`;
    case 'throw':
      return `throw new ${exception}(${message});`;
    case 'list':
      return `${errors}.add(${message});`;
    case 'return':
      return `return ${message};`;
  }
}

/** One of the words given, or now and then one that nobody has heard. */
export function wordOr(part: Part, ...words: readonly string[]): string {
  return part.random.chance(unknownWordShare) ? unknownWord(part.random) : part.random.pick(words);
}

/** A picklist of at least so many values, each with a constant's name of its own, and the values without quotes. */
export function drawPicklist(part: Part, least: number): { field: Field; values: readonly string[] } | null {
  const field = part
    .fields(9, ['picklist'])
    .find(({ values }) => areDistinct(values.map((value) => constantName(value))) && values.length >= least);
  return field === undefined ? null : { field, values: field.values.map((value) => value.replace(/'/g, '')) };
}

/** Whether no name stands twice. */
export function areDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** `status` → `Statuses`. */
export function pluralName(label: string): string {
  return pascalCase(pluralOf(label));
}

/** `handlingFee` → `handling fee`. */
export function spaced(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `this.`, in files that say so. */
export function self(part: Part): string {
  return part.style.hasThis ? 'this.' : '';
}

/** The parameter of a method that takes a list of records, or one of them. */
export function recordParameter({ thing, names }: Part, isList: boolean): string {
  return isList ? `List<${thing.api}> ${names.newMany}` : `${thing.api} ${names.newOne}`;
}

/** Statements about one record, in a loop where the method takes a list. */
export function forRecords({ thing, names }: Part, isList: boolean, lines: readonly string[]): string {
  return isList
    ? `for (${thing.api} ${names.newOne} : ${names.many}) {\n${indented(...lines)}\n}`
    : lines.join('\n');
}
