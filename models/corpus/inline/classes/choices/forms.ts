/** The shapes of a choice among values: `switch`, chains of `if`, maps. */
import { apex, free, indented, seen, when } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import type { Part } from '../../part.js';
import type { Entry, Table } from './tables.js';

/** A shape of a choice. */
export type ChoiceForm =
  | 'switchLine'
  | 'switchTall'
  | 'switchAssign'
  | 'switchPreset'
  | 'ifLines'
  | 'ifBlocks'
  | 'elseIf'
  | 'elseIfAssign'
  | 'ternaries';

/** A shape, for one table or for all that stand side by side. */
export function drawChoiceForm(part: Part): ChoiceForm {
  return part.random.weighted([
    [5, 'switchLine'],
    [6, 'switchTall'],
    [2, 'switchAssign'],
    [2, 'switchPreset'],
    [3, 'ifLines'],
    [3, 'ifBlocks'],
    [3, 'elseIf'],
    [1, 'elseIfAssign'],
    [1, 'ternaries'],
  ]);
}

function condition(parameter: string, type: string, { values }: Entry): string {
  const prefixed = type === 'String' || type === 'Integer' ? '' : `${type}.`;
  return values.map((value) => `${parameter} == ${prefixed}${value}`).join(' || ');
}

function switched(parameter: string, cases: readonly string[]): string {
  return `switch on ${parameter} {\n${indented(cases.join('\n'))}\n}`;
}

function chained(tests: readonly (readonly [string, string])[], last: string): string {
  const blocks = tests.map(([test, body]) => `if (${test}) {\n${indented(body)}\n}`);
  return `${blocks.join(' else ')} else {\n${indented(last)}\n}`;
}

/** Statements that return what the table says; `found` is a variable of the shapes that have one. */
export function chosen(form: ChoiceForm, table: Table, found: string): readonly string[] {
  const { parameter, type, resultType, entries, otherwise } = table;
  const returned = (result: string): string => `return ${result};`;
  const assigned = (result: string): string => `${found} = ${result};`;
  const heads = entries.map(({ values }) => `when ${values.join(', ')}`);
  const tests = entries.map((entry) => condition(parameter, type, entry));
  const tall = (head: string, body: string): string => `${head} {\n${indented(body)}\n}`;
  const pairs = (said: (result: string) => string): readonly (readonly [string, string])[] =>
    entries.map(({ result }, at) => [tests[at]!, said(result)] as const);
  switch (form) {
    case 'switchLine':
      return [
        switched(parameter, [
          ...entries.map(({ result }, at) => `${heads[at]!} { ${returned(result)} }`),
          `when else { ${returned(otherwise)} }`,
        ]),
      ];
    case 'switchTall':
      return [
        switched(parameter, [
          ...entries.map(({ result }, at) => tall(heads[at]!, returned(result))),
          tall('when else', returned(otherwise)),
        ]),
      ];
    case 'switchAssign':
      return [
        `${resultType} ${seen(found)};`,
        switched(parameter, [
          ...entries.map(({ result }, at) => tall(heads[at]!, assigned(result))),
          tall('when else', assigned(otherwise)),
        ]),
        returned(found),
      ];
    case 'switchPreset':
      return [
        `${resultType} ${seen(found)} = ${otherwise};`,
        switched(
          parameter,
          entries.map(({ result }, at) => tall(heads[at]!, assigned(result))),
        ),
        returned(found),
      ];
    case 'ifLines':
      return [...pairs(returned).map(([test, body]) => `if (${test}) ${body}`), returned(otherwise)];
    case 'ifBlocks':
      return [...pairs(returned).map(([test, body]) => when(test, body)), returned(otherwise)];
    case 'elseIf':
      return [chained(pairs(returned), returned(otherwise))];
    case 'elseIfAssign':
      return [
        `${resultType} ${seen(found)};`,
        chained(pairs(assigned), assigned(otherwise)),
        returned(found),
      ];
    case 'ternaries':
      return [
        `return ${pairs((result) => result)
          .map(([test, result], at) => `${at === 0 ? '' : '    : '}${test} ? ${result}`)
          .join('\n')}\n    : ${otherwise};`,
      ];
  }
}

/** The table as a map and the method that reads it. */
export function mapped(part: Part, table: Table, comment: string, head: string): string {
  const { parameter, type, resultType, entries, otherwise, noun, subject } = table;
  const map = part.pick(constantName(`${noun} by ${subject}`), constantName(`${noun}s`), 'TABLE');
  const prefixed = type === 'String' || type === 'Integer' ? '' : `${type}.`;
  const rows = entries.flatMap(({ values, result }) =>
    values.map((value) => `${prefixed}${value} => ${result}`),
  );
  const found = part.pick('found', 'known', 'result');
  const isNull = otherwise === 'null';
  const reading = isNull
    ? [`return ${map}.get(${parameter});`]
    : part.pick(
        [`return ${map}.containsKey(${parameter}) ? ${map}.get(${parameter}) : ${otherwise};`],
        [
          when(`!${map}.containsKey(${parameter})`, `return ${otherwise};`),
          `return ${map}.get(${parameter});`,
        ],
        [
          when(`${map}.containsKey(${parameter})`, `return ${map}.get(${parameter});`),
          `return ${otherwise};`,
        ],
        [
          `${resultType} ${seen(found)} = ${map}.get(${parameter});`,
          `return ${found} == null ? ${otherwise} : ${found};`,
        ],
      );
  return apex`
    ${comment}
    private static final Map<${type}, ${resultType}> ${seen(map)} = new Map<${type}, ${resultType}>{
        ${rows.join(',\n')}
    };

    ${head} {
        ${free('')}${reading}
    }
  `;
}
