/** Methods whose answers a table in the comment above gives. */
import { capitalized } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { signature, variableOf, type Member, type Part } from '../part.js';
import { drawNamed } from './parts.js';

function tableDoc(part: Part, title: string, lines: readonly string[]): string {
  return part.pick(
    free(`/**\n * ${title}\n${lines.join('\n')}\n */`),
    free(`/*\n * ${title}\n${lines.join('\n')}\n */`),
    free([`// ${title}`, ...lines.map((line) => line.replace(/^ \* {2}/, '//'))].join('\n')),
  );
}

/** Answers that a table in the comment above gives, as switch, ladder of ifs or early returns. */
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
  const answers = values.map(() =>
    type === 'String'
      ? capitalized(unknownWord(part.random))
      : type === 'Decimal'
        ? `${part.random.integer(1, 90)}.${part.random.integer(1, 9)}`
        : String(part.random.integer(1, 120)),
  );
  const code = (index: number): string => (type === 'String' ? `'${answers[index]!}'` : answers[index]!);
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
  const variableName = part.pick(part.style.result, 'answer', `${what}Value`);
  const shape = part.pick('switch', 'switch', 'ladder', 'returns', 'map', 'assigned');
  const constant = `${constantName(what)}_BY_${constantName(field.label)}`;
  if (shape === 'map') {
    const entries = values.map(({ value }, index) => `    '${value}' => ${code(index)}`).join(',\n');
    return `${doc}\nprivate static final Map<String, ${type}> ${seen(constant)} = new Map<String, ${type}>{\n${entries}\n};\n\n${head}(String ${seen(variable)}) {\n    return ${constant}.get(${variable});\n}`;
  }
  const branches = values.map(({ value }, index) => {
    switch (shape) {
      case 'switch':
        return `    when '${value}' {\n        return ${code(index)};\n    }`;
      case 'assigned':
        return `${index === 0 ? '' : '} else '}if (${variable} == '${value}') {\n    ${variableName} = ${code(index)};`;
      case 'ladder':
        return `${index === 0 ? '' : '} else '}if (${variable} == '${value}') {\n    return ${code(index)};`;
      default:
        return `if (${variable} == '${value}') {\n    return ${code(index)};\n}`;
    }
  });
  const body =
    shape === 'switch'
      ? `switch on ${variable} {\n${branches.join('\n')}\n    when else {\n        return ${free(otherwise)};\n    }\n}`
      : shape === 'assigned'
        ? `${type} ${seen(variableName)} = ${free(otherwise)};\n${branches.join('\n')}\n}\nreturn ${variableName};`
        : `${branches.join('\n')}${shape === 'ladder' ? '\n}' : ''}\nreturn ${free(otherwise)};`;
  return apex`
    ${doc}
    ${head}(String ${seen(variable)}) {
        ${body}
    }
  `;
};
