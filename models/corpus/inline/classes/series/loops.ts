/** Methods with blocks in blocks, and loops that gather several values at once; what follows the blocks is told above. */
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, seen } from '../../apex.js';
import { anyLoop, literal, relation } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { areDistinct, opened, self, spaced, told } from '../../scope/words.js';

/** A condition on a field that the comment says too. */
function drawTest(part: Part, one: string): { readonly code: string; readonly said: string } | null {
  const field = part.fields(1, ['checkbox', 'picklist', 'currency', 'date'])[0];
  if (field === undefined) return null;
  const value = `${one}.${field.api}`;
  switch (field.type) {
    case 'checkbox':
      return { code: value, said: `${field.label} is ticked` };
    case 'picklist': {
      const picked = literal(part, field);
      return { code: `${value} == ${picked}`, said: `${field.label} is ${picked.replace(/'/g, '')}` };
    }
    case 'currency': {
      const bound = part.pick(10, 100, 500, 1000);
      return { code: `${value} > ${bound}`, said: `${field.label} is above ${bound}` };
    }
    default:
      return { code: `${value} < Date.today()`, said: `${field.label} is before today` };
  }
}

/** Parents, their children and a condition: three levels, and a return behind them. */
export const nestedSearch: Member = (part) => {
  const up = relation(part);
  if (up === null) return null;
  const { thing, names } = part;
  const parents = part.pick(up.up.names.many, 'parents');
  const one = part.pick(names.one, 'child', 'rec');
  const test = drawTest(part, one);
  if (test === null) return null;
  const form = part.pick('first', 'count', 'list', 'any');
  const kept = {
    first: 'none',
    count: part.pick('count', 'found', 'total'),
    list: part.pick('found', 'matches', 'hits'),
    any: 'none',
  }[form];
  if (!areDistinct([parents, up.one, one, kept])) return null;
  const type = { first: thing.api, count: 'Integer', list: `List<${thing.api}>`, any: 'Boolean' }[form];
  const said = {
    first: `the first ${thing.label} whose ${test.said}; null when there is none`,
    count: `how many ${thing.plural} there are whose ${test.said}`,
    list: `all ${thing.plural} whose ${test.said}`,
    any: `is there any ${thing.label} whose ${test.said}?`,
  }[form];
  const [start, act, end] = {
    first: ['', `return ${one};`, 'return null;'],
    count: [`Integer ${seen(kept)} = 0;`, `${kept}++;`, `return ${kept};`],
    list: [
      `List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();`,
      `${kept}.add(${one});`,
      `return ${kept};`,
    ],
    any: ['', 'return true;', 'return false;'],
  }[form] as [string, string, string];
  const isContinue = part.random.chance(0.25);
  const negated = test.code.includes(' == ') ? test.code.replace(' == ', ' != ') : '';
  const inner =
    isContinue && negated !== ''
      ? `if (${negated}) {\n    continue;\n}\n${act}`
      : `if (${test.code}) {\n    ${act}\n}`;
  const hasGuard = part.random.chance(0.4);
  const children = `${up.one}.${seen(up.children)}`;
  return apex`
    ${told(part, said, [parents])}
    ${opened(part, type, part.pick(`find${thing.className}`, 'search', 'lookThrough', `${form}Of${pascalCase(thing.plural)}`))}(List<${up.up.thing.api}> ${seen(parents)}) {
        ${start}
        for (${up.up.thing.api} ${seen(up.one)} : ${parents}) {
            ${hasGuard ? `${free('')}if (${children} == null) {\n    continue;\n}` : ''}
            for (${thing.api} ${seen(one)} : ${children}) {
                ${inner}
            }
        }
        ${end}
    }
  `;
};

/** A square of values by index: whether it contains one, how often and where, and the sum of all. */
export const grid: Member = (part) => {
  const type = part.pick('Integer', 'Decimal', 'String');
  const [cells, row, column] = part.pick(
    ['grid', 'row', 'column'],
    ['table', 'line', 'cell'],
    ['board', 'y', 'x'],
    ['matrix', 'i', 'j'],
    ['seats', 'r', 'c'],
  ) as [string, string, string];
  const value = `${cells}[${row}][${column}]`;
  const one = part.pick('wanted', 'sought', 'value');
  const open = (act: readonly string[]): string => apex`
    for (Integer ${row} = 0; ${row} < ${cells}.size(); ${row}++) {
        for (Integer ${column} = 0; ${column} < ${cells}[${row}].size(); ${column}++) {
            ${act}
        }
    }
  `;
  const parameters = `List<List<${type}>> ${seen(cells)}`;
  const contains = apex`
    ${told(part, `is the value given anywhere in the ${cells}?`)}
    ${free('public static Boolean contains')}(${parameters}, ${type} ${seen(one)}) {
        ${open([`if (${value} == ${one}) {\n    return true;\n}`])}
        return false;
    }
  `;
  const count = apex`
    ${told(part, `how often the value given stands in the ${cells}`)}
    ${free('public static Integer countOf')}(${parameters}, ${type} ${seen(one)}) {
        Integer ${seen('count')} = 0;
        ${open([`if (${value} == ${one}) {\n    count++;\n}`])}
        return count;
    }
  `;
  const position = apex`
    ${told(part, `the numbers of the ${row} and the ${column} where the value given stands first; an empty list when it is nowhere`)}
    ${free('public static List<Integer> positionOf')}(${parameters}, ${type} ${seen(one)}) {
        ${open([`if (${value} == ${one}) {\n    return new List<Integer>{ ${row}, ${column} };\n}`])}
        return new List<Integer>();
    }
  `;
  const sum = apex`
    ${told(part, `the sum of all that is in the ${cells}; what is null is left out`)}
    ${free(`public static ${type} sum`)}(${parameters}) {
        ${type} ${seen('sum')} = 0;
        ${open([`if (${value} != null) {\n    sum += ${value};\n}`])}
        return sum;
    }
  `;
  return part.random
    .shuffled([contains, count, position, ...(type === 'String' ? [] : [sum])])
    .slice(0, part.random.integer(2, 3))
    .join('\n\n');
};

/** Two or three values from one loop: a total, a count, the largest, the earliest date. */
export const manyTotals: Member = (part) => {
  const { thing, names } = part;
  const amount = part.fields(1, ['currency', 'integer'])[0];
  const flag = part.fields(1, ['checkbox'])[0];
  const date = part.fields(1, ['date'])[0];
  if (amount === undefined) return null;
  const one = part.pick(names.one, 'rec', 'row', 'item');
  const many = part.pick(names.many, 'records', 'rows');
  const big = pascalCase(amount.label);
  const value = `${one}.${amount.api}`;
  const isNull = part.random.chance(0.5);
  const pieces: readonly (readonly [name: string, type: string, start: string, act: string])[] = [
    [`total${big}`, 'Decimal', ' = 0', `${isNull ? `${value} == null ? 0 : ${value}` : value}`],
    [`largest${big}`, 'Decimal', ' = 0', ''],
    ...(flag === undefined
      ? []
      : ([
          [
            `${flag.label.replace(/ (.)/g, (_all, letter: string) => letter.toUpperCase())}Count`,
            'Integer',
            ' = 0',
            '',
          ],
        ] as const)),
    ...(date === undefined ? [] : ([[`earliest${pascalCase(date.label)}`, 'Date', '', '']] as const)),
  ];
  const chosen = part.random.shuffled(pieces).slice(0, part.random.integer(2, 3));
  if (!areDistinct([one, many, ...chosen.map(([name]) => name)])) return null;
  const acts = chosen.map(([name, type, , act]) => {
    if (type === 'Integer') return `if (${one}.${flag!.api}) {\n    ${name}++;\n}`;
    if (type === 'Date')
      return `if (${name} == null || ${one}.${date!.api} < ${name}) {\n    ${name} = ${one}.${date!.api};\n}`;
    if (act === '') return `if (${value} > ${name}) {\n    ${name} = ${value};\n}`;
    return `${name} += ${act};`;
  });
  const isHolder = part.random.chance(0.4);
  const me = self(part);
  if (isHolder) {
    return apex`
      ${chosen.map(([name, type]) => `public ${type} ${seen(name)} { get; private set; }`)}

      public ${part.className}(List<${thing.api}> ${seen(many)}) {
          ${chosen.filter(([, , start]) => start !== '').map(([name]) => `${me}${name} = 0;`)}
          for (${thing.api} ${seen(one)} : ${many}) {
              ${acts}
          }
      }
    `;
  }
  const map = part.pick('figures', 'answer', 'summary', 'numbers');
  return apex`
    ${told(part, `${chosen.map(([name]) => spaced(name)).join(', ')} in one go`, [many])}
    ${opened(part, 'Map<String, Object>', part.pick('summarize', 'figuresOf', `describe${capitalized(thing.many)}`))}(List<${thing.api}> ${seen(many)}) {
        ${chosen.map(([name, type, start]) => `${type} ${seen(name)}${start};`)}
        ${anyLoop(part, thing.api, one, many, ...acts)}
        ${
          part.random.chance(0.5)
            ? `return new Map<String, Object>{\n${chosen.map(([name]) => `    '${name}' => ${name}`).join(',\n')}\n};`
            : [
                `Map<String, Object> ${seen(map)} = new Map<String, Object>();`,
                ...chosen.map(([name]) => `${map}.put('${name}', ${name});`),
                `return ${map};`,
              ]
        }
    }
  `;
};
