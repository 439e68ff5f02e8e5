/** The shapes of a comparison: what stands in `compareTo` and `compare`. */
import { free, indented, seen, when } from '../../apex.js';
import type { Part } from '../../part.js';
import type { Key } from './keys.js';

type FormName =
  | 'oneLine'
  | 'oneLineNext'
  | 'blocks'
  | 'ladder'
  | 'elseIf'
  | 'equalLine'
  | 'equalBlock'
  | 'nested'
  | 'nestedEqual'
  | 'variable'
  | 'variableElse'
  | 'method';

/** A shape, kept for all the comparisons that stand side by side. */
export interface Form {
  readonly name: FormName;
  /** Asks first for what is greater. */
  readonly isGreaterFirst: boolean;
  /** The variable of the shapes that have one. */
  readonly variable: string;
}

/** Two values, and whether the greater one comes first. */
interface Sides {
  readonly by: Key;
  readonly a: string;
  readonly b: string;
  readonly isDown: boolean;
}

/** A shape for all the comparisons of a class. */
export function drawForm(part: Part): Form {
  return {
    name: part.random.weighted([
      [4, 'oneLine'],
      [1, 'oneLineNext'],
      [4, 'blocks'],
      [2, 'ladder'],
      [3, 'elseIf'],
      [3, 'equalLine'],
      [3, 'equalBlock'],
      [2, 'nested'],
      [2, 'nestedEqual'],
      [1, 'variable'],
      [1, 'variableElse'],
      [4, 'method'],
    ]),
    isGreaterFirst: part.random.chance(0.6),
    variable: part.pick('outcome', 'comparison', 'returnValue', 'cmp', 'difference'),
  };
}

/** Whether a method of the values, or a difference, does for the type. */
function hasMethod({ type }: Key): boolean {
  return type === 'String' || type === 'Integer' || type === 'Decimal' || type === 'Date';
}

function byMethod({ by, a, b, isDown }: Sides): string {
  const [first, second] = isDown ? [b, a] : [a, b];
  switch (by.type) {
    case 'String':
      return `${first}.compareTo(${second})`;
    case 'Date':
      return `${second}.daysBetween(${first})`;
    case 'Decimal':
      return `Math.signum(${first} - ${second}).intValue()`;
    default:
      return `${first} - ${second}`;
  }
}

/** Texts are compared by their own method: `>` minds no case. */
function nameOf(form: Form, by: Key): FormName {
  if (by.type === 'String') return 'method';
  return form.name === 'method' && !hasMethod(by) ? 'equalLine' : form.name;
}

interface Tests {
  readonly first: string;
  readonly firstSign: string;
  readonly second: string;
  readonly secondSign: string;
}

function testsOf(form: Form, { a, b, isDown }: Sides): Tests {
  const [up, down] = isDown ? ['-1', '1'] : ['1', '-1'];
  return form.isGreaterFirst
    ? { first: `${a} > ${b}`, firstSign: up, second: `${a} < ${b}`, secondSign: down }
    : { first: `${a} < ${b}`, firstSign: down, second: `${a} > ${b}`, secondSign: up };
}

function elseBlock(condition: string, body: string): string {
  return ` else ${condition === '' ? '' : `if (${condition}) `}{\n${indented(body)}\n}`;
}

/** Statements that end with the answer, whatever the values are. */
export function compared(form: Form, sides: Sides): readonly string[] {
  const { a, b, by } = sides;
  const { first, firstSign, second, secondSign } = testsOf(form, sides);
  const [yes, no] = [`return ${firstSign};`, `return ${secondSign};`];
  switch (nameOf(form, by)) {
    case 'oneLine':
      return [`if (${first}) ${yes}`, `if (${second}) ${no}`, 'return 0;'];
    case 'oneLineNext':
      return [`if (${first})\n${indented(yes)}`, `if (${second})\n${indented(no)}`, 'return 0;'];
    case 'blocks':
      return [when(first, yes), when(second, no), 'return 0;'];
    case 'ladder':
      return [when(first, yes) + elseBlock(second, no), 'return 0;'];
    case 'elseIf':
      return [when(first, yes) + elseBlock(second, no) + elseBlock('', 'return 0;')];
    case 'equalLine':
      return [`if (${a} == ${b}) return 0;`, `return ${first} ? ${firstSign} : ${secondSign};`];
    case 'equalBlock':
      return [when(`${a} == ${b}`, 'return 0;'), `return ${first} ? ${firstSign} : ${secondSign};`];
    case 'nested':
      return [`return ${first} ? ${firstSign} : (${second} ? ${secondSign} : 0);`];
    case 'nestedEqual':
      return [`return ${a} == ${b} ? 0 : (${first} ? ${firstSign} : ${secondSign});`];
    case 'variable':
      return [
        `Integer ${seen(form.variable)} = 0;`,
        when(first, `${form.variable} = ${firstSign};`) +
          elseBlock(second, `${form.variable} = ${secondSign};`),
        `return ${form.variable};`,
      ];
    case 'variableElse':
      return [
        `Integer ${seen(form.variable)};`,
        when(first, `${form.variable} = ${firstSign};`) +
          elseBlock(second, `${form.variable} = ${secondSign};`) +
          elseBlock('', `${form.variable} = 0;`),
        `return ${form.variable};`,
      ];
    case 'method':
      return [`return ${byMethod(sides)};`];
  }
}

/** Statements that answer only when the values differ; what follows is reached when they are equal. */
export function decided(form: Form, sides: Sides): readonly string[] {
  const { a, b, by } = sides;
  const { first, firstSign, second, secondSign } = testsOf(form, sides);
  switch (nameOf(form, by)) {
    case 'oneLine':
    case 'oneLineNext':
      return [`if (${first}) return ${firstSign};`, `if (${second}) return ${secondSign};`];
    case 'blocks':
    case 'variable':
    case 'nested':
      return [when(first, `return ${firstSign};`), when(second, `return ${secondSign};`)];
    case 'ladder':
    case 'elseIf':
    case 'variableElse':
      return [when(first, `return ${firstSign};`) + elseBlock(second, `return ${secondSign};`)];
    case 'equalLine':
      return [`if (${a} != ${b}) return ${first} ? ${firstSign} : ${secondSign};`];
    case 'equalBlock':
    case 'nestedEqual':
      return [when(`${a} != ${b}`, `return ${first} ? ${firstSign} : ${secondSign};`)];
    case 'method':
      return [
        `Integer ${seen(form.variable)} = ${byMethod(sides)};`,
        when(`${form.variable} != 0`, `return ${form.variable};`),
      ];
  }
}

/** Statements that answer when a value is missing, and the words that say where it then stands. */
export function nullsPlaced(part: Part, { a, b }: Sides, label: string): { code: string; words: string } {
  const isLast = part.random.chance(0.75);
  const [noFirst, noSecond] = isLast ? ['1', '-1'] : ['-1', '1'];
  const words = part.pick(
    `those without ${label} come ${isLast ? 'last' : 'first'}`,
    `empty ones ${isLast ? 'at the end' : 'at the top'}`,
    `nulls ${isLast ? 'last' : 'first'}`,
  );
  const isShort = part.random.chance(0.5);
  const tested = (condition: string, answer: string): string =>
    isShort ? `if (${condition}) return ${answer};` : when(condition, `return ${answer};`);
  const both = part.random.chance(0.6)
    ? [tested(`${a} == null && ${b} == null`, '0'), tested(`${a} == null`, noFirst)]
    : [tested(`${a} == null`, `${b} == null ? 0 : ${noFirst}`)];
  return { code: `${free('')}${[...both, tested(`${b} == null`, noSecond)].join('\n')}`, words };
}
