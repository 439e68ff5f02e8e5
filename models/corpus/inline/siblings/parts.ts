/** What makers of siblings share: names that values give, another object, and checks and loops that are said again. */
import { drawThing, type Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownName, unknownWord } from '../../words/invented.js';
import { seen } from '../apex.js';
import { apexType, Part } from '../part.js';
import { isReserved, namesOf } from '../style.js';

/** A value that a name can say: `'In Review'`, `InReview`, `IN_REVIEW`. */
interface Named {
  readonly value: string;
  readonly word: string;
  readonly constant: string;
}

/** A value and what names make of it. */
function named(value: string): Named {
  return { value, word: value.replace(/ /g, ''), constant: value.toUpperCase().replace(/ /g, '_') };
}

/** Longer values make names that nobody would write. */
const namedLengthMax = 23;

/** How many fields are looked through for one that fits. */
export const candidatesMax = 9;

/** A picklist with as many values as are wanted that a name says exactly. */
export function drawNamed(
  part: Part,
  least: number,
  most: number,
): { readonly field: Field; readonly values: readonly Named[] } | null {
  for (const field of part.settable(candidatesMax, ['picklist'])) {
    const fit = field.values.filter(
      (value) =>
        /^[A-Z][a-z]+( [A-Z][a-z]+)*$/.test(value) && value.length <= namedLengthMax && !isReserved(value),
    );
    if (fit.length < least) continue;
    return { field, values: part.random.sample(fit, part.random.integer(least, most)).map(named) };
  }
  return null;
}

/** Another object with its own names, written in the same style. */
export function otherPart(part: Part): Part {
  const thing = drawThing(part.draw, { without: part.thing.api });
  return new Part(
    part.draw,
    { ...part.style, ownNoun: null },
    thing,
    namesOf({ ...part.style, ownNoun: null }, thing),
    part.className,
  );
}

/** Whether two parts' variables could meet in one method. */
export function meets(part: Part, other: Part): boolean {
  return (
    part.names.many.toLowerCase() === other.names.many.toLowerCase() ||
    part.thing.className.toLowerCase() === other.thing.className.toLowerCase()
  );
}

/** What methods of a class begin with: `public static`, rarely without the second word. */
export function drawModifiers(part: Part): string {
  return part.random.weighted([
    [6, `${part.style.access} static`],
    [2, part.style.access],
    [1, 'private static'],
  ]);
}

type Guard = (variable: string) => string;

/** A check of a list that stands at the start of every sibling; what it does is known from another of them. */
export function drawGuard(part: Part, answer = '', share = 0.75): Guard {
  if (!part.random.chance(share)) return () => '';
  const test = part.pick<Guard>(
    (variable) => `${variable} ${seen('== null ||')} ${variable}.${seen('isEmpty')}()`,
    (variable) => `${variable} ${seen('== null ||')} ${variable}.${seen('isEmpty')}()`,
    (variable) => `${variable} ${seen('== null ||')} ${variable}.${seen('size() == 0')}`,
    (variable) => `${variable}.${seen('isEmpty')}()`,
    (variable) => `${variable} ${seen('== null')}`,
    (variable) => `${variable}.${seen('size() == 0')}`,
  );
  const isThrown = answer === '' && part.random.chance(0.15);
  const text = capitalized(
    part.pick('nothing to do', 'no records given', 'the list is empty', 'records are missing'),
  );
  const end = isThrown
    ? `throw new ${seen('IllegalArgumentException')}(${seen(`'${text}'`)});`
    : answer === ''
      ? 'return;'
      : `return ${answer};`;
  const remark = part.random.chance(0.15)
    ? `${part.comment(part.pick('nothing to do', 'no input, no work', 'leave early'))}\n`
    : '';
  return (variable) => `${remark}if (${test(variable)}) {\n    ${end}\n}`;
}

/** How code treats a value that may be null. */
export type NullCheck = 'if' | 'continue' | 'none';

/** What is done with a value, under the check; that it is one can be known from another sibling. */
export function checkedForNull(check: NullCheck, value: string, body: string): string {
  switch (check) {
    case 'if':
      return `if (${value} ${seen('!= null')}) {\n    ${body.replace(/\n/g, '\n    ')}\n}`;
    case 'continue':
      return `if (${value} ${seen('== null')}) {\n    continue;\n}\n${body}`;
    case 'none':
      return body;
  }
}

/** The first line of a loop over a list, by element or by index. */
export function loopHead(type: string, one: string, list: string, isIndexed: boolean): string {
  return isIndexed
    ? `for (Integer i = 0; i < ${list}.size(); i++) {`
    : `for (${type} ${seen(one)} : ${list}) {`;
}

/** A sentence for a message about a record that has come to a value. */
export function sentence(part: Part, label: string, word: string): string {
  const said = word.toLowerCase();
  return part.pick(
    `The ${label} is now ${said}.`,
    `Your ${label} has been moved to ${said}`,
    `${capitalized(label)} ${said}`,
    `${word}: please check the ${label}`,
    `Status changed to ${said}`,
    `We have set your ${label} to ${said}.`,
    `${capitalized(unknownWord(part.random))} ${said}`,
    `${unknownName(part.random)}: ${said}`,
    `Please look at this ${label} (${said}).`,
    `${said}, see ${unknownWord(part.random)} list`,
  );
}

/** A field's name in names of methods. */
export function headOf(field: Field): string {
  return pascalCase(field.api.replace(/Id$/, ''));
}

/** An Apex expression for a value of the field, drawn from several that would do as well. */
export function example(part: Part, field: Field): string {
  switch (apexType(field)) {
    case 'Decimal':
    case 'Integer':
      return String(part.pick(1, 3, 5, 10, 12, 25, 40, 75, 100, 250, 480, 1000, 2500));
    case 'Boolean':
      return part.pick('true', 'false');
    case 'Date':
      return part.pick(
        'Date.today()',
        'Date.today()',
        `Date.today().addDays(${part.pick(1, 7, 14, 30, 90)})`,
        'Date.newInstance(2024, 5, 17)',
      );
    case 'Datetime':
      return part.pick('Datetime.now()', 'System.now()');
    default:
      if (field.type === 'picklist' && field.values.length > 0)
        return `'${part.pick(...field.values).replace(/'/g, '')}'`;
      if (field.type === 'email') return `'${unknownWord(part.random)}@example.com'`;
      if (field.type === 'phone')
        return `'0${part.random.integer(20, 99)} ${part.random.integer(100000, 999999)}'`;
      return `'${unknownName(part.random)}'`;
  }
}

/** Fields of which no two have the same name in methods. */
export function apart(fields: readonly Field[]): readonly Field[] {
  const heads = new Set<string>();
  return fields.filter((field) => {
    const head = headOf(field).toLowerCase();
    if (heads.has(head)) return false;
    heads.add(head);
    return true;
  });
}
