/** Methods whose answers a table in the comment above gives. */
import { capitalized } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { signature, variableOf, type Member, type Part } from '../part.js';
import { drawNamed } from './parts.js';

/** The table as a comment, in one of its forms. */
function tableDoc(part: Part, title: string, lines: readonly string[]): string {
  return part.pick(
    free(`/**\n * ${title}\n${lines.join('\n')}\n */`),
    free(`/*\n * ${title}\n${lines.join('\n')}\n */`),
    free([`// ${title}`, ...lines.map((line) => line.replace(/^ \* {2}/, '//'))].join('\n')),
  );
}

/** A method that answers one value for each of some others. */
interface Answering {
  readonly head: string;
  readonly type: string;
  /** The parameter, and where an answer is kept until the end. */
  readonly variable: string;
  readonly kept: string;
  /** As Apex writes them. */
  readonly values: readonly string[];
  readonly answers: readonly string[];
  readonly otherwise: string;
}

type Shape = 'switch' | 'ladder' | 'returns' | 'assigned';

/** What a method does to find the answer, without its braces. */
function answering(shape: Shape, { type, variable, kept, values, answers, otherwise }: Answering): string {
  const cases = values.map((value, index) => ({ value, answer: answers[index]! }));
  const ladder = (act: (answer: string) => string): string =>
    cases.map(({ value, answer }) => `if (${variable} == ${value}) {\n    ${act(answer)}\n}`).join(' else ');
  switch (shape) {
    case 'switch': {
      const branches = cases.map(
        ({ value, answer }) => `    when ${value} {\n        return ${answer};\n    }`,
      );
      return `switch on ${variable} {\n${branches.join('\n')}\n    when else {\n        return ${free(otherwise)};\n    }\n}`;
    }
    case 'assigned':
      return `${type} ${seen(kept)} = ${free(otherwise)};\n${ladder((answer) => `${kept} = ${answer};`)}\nreturn ${kept};`;
    case 'ladder':
      return `${ladder((answer) => `return ${answer};`)}\nreturn ${free(otherwise)};`;
    case 'returns': {
      const returns = cases.map(
        ({ value, answer }) => `if (${variable} == ${value}) {\n    return ${answer};\n}`,
      );
      return `${returns.join('\n')}\nreturn ${free(otherwise)};`;
    }
  }
}

/** A constant map from each value to its answer, and a method that looks there. */
function mapAnswering(constant: string, { head, type, variable, values, answers }: Answering): string {
  const entries = values.map((value, index) => `${value} => ${answers[index]!}`);
  return apex`
    private static final Map<String, ${type}> ${seen(constant)} = new Map<String, ${type}>{
        ${entries.join(',\n')}
    };

    ${head}(String ${seen(variable)}) {
        return ${constant}.get(${variable});
    }
  `;
}

/** An answer of the type that nobody could guess. */
function drawAnswer(part: Part, type: string): string {
  switch (type) {
    case 'String':
      return capitalized(unknownWord(part.random));
    case 'Decimal':
      return `${part.random.integer(1, 90)}.${part.random.integer(1, 9)}`;
    default:
      return String(part.random.integer(1, 120));
  }
}

/** Answers that a table in the comment above gives, as switch, ladder of ifs, early returns or map. */
export const siblingTable: Member = (part) => {
  const drawn = drawNamed(part, 3, 5);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const [what, type] = part.pick(
    ['days', 'Integer'],
    ['points', 'Integer'],
    ['rate', 'Decimal'],
    ['code', 'String'],
    ['queue', 'String'],
    ['hours', 'Integer'],
    ['fee', 'Decimal'],
    [unknownWord(part.random), 'Integer'],
  ) as [string, string];
  const answers = values.map(() => drawAnswer(part, type));
  const width = Math.max(...values.map(({ value }) => value.length));
  const sign = part.pick('  ', ': ', ' -> ', ' = ', ' | ');
  const lines = values.map(
    ({ value }, index) => ` *   ${value.padEnd(sign === '  ' ? width : 0)}${sign}${answers[index]!}`,
  );
  const title = part.pick(
    `${capitalized(what)} by ${field.label}:`,
    `What each ${field.label} gets (${what})`,
    `Table of ${what}, agreed with sales:`,
    `${capitalized(field.label)} and ${what}`,
  );
  const doc = tableDoc(part, title, lines);
  const variable = variableOf(field, part);
  const otherwise = part.pick('null', type === 'String' ? "''" : '0');
  const head = signature(part.pick('public static', 'private static', 'public'), type, `${what}For`);
  const kept = part.pick(part.style.result, 'answer', `${what}Value`);
  const shape = part.pick<Shape | 'map'>('switch', 'switch', 'ladder', 'returns', 'map', 'assigned');
  const given: Answering = {
    head,
    type,
    variable,
    kept,
    values: values.map(({ value }) => `'${value}'`),
    answers: type === 'String' ? answers.map((answer) => `'${answer}'`) : answers,
    otherwise,
  };
  if (shape === 'map')
    return `${doc}\n${mapAnswering(`${constantName(what)}_BY_${constantName(field.label)}`, given)}`;
  return apex`
    ${doc}
    ${head}(String ${seen(variable)}) {
        ${answering(shape, given)}
    }
  `;
};
