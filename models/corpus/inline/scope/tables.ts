/** Rules that a comment lists or constants name: tables, switches, tiers, states. */
import { pascalCase, thirdPerson } from '../../phrase.js';
import { apex, free, indented, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { variableOf, type Member, type Part } from '../part.js';
import {
  declaredInOrder,
  drawException,
  drawPicklist,
  opened,
  self,
  textConstant,
  told,
  wordOr,
  type Constant,
  type Pair,
} from './words.js';

/** Fewer values than these make no table. */
const tableRowsMin = 3;

type Row = readonly [key: string, answer: string];

/** Keys and answers, as a comment of several lines lists them. */
function tableOf(part: Part, title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([key]) => key.length)) + 2;
  const lineOf = part.pick<(key: string, answer: string) => string>(
    (key, answer) => `${key.padEnd(width)}${answer}`,
    (key, answer) => `${key}: ${answer}`,
    (key, answer) => `- ${key} = ${answer}`,
    (key, answer) => `${key} -> ${answer}`,
    (key, answer) => `${answer} for ${key}`,
  );
  const lines = rows.map(([key, answer]) => lineOf(key, answer.replace(/^'|'$/g, '')));
  const isSlashed = part.random.chance(0.35);
  return free(
    isSlashed
      ? [title, ...lines.map((line) => `  ${line}`)].map((line) => `// ${line}`).join('\n')
      : ['/**', ` * ${title}`, ...lines.map((line) => ` *   ${line}`), ' */'].join('\n'),
  );
}

/** Tests and what is returned where they hold: one `if` after another, or the rungs of a ladder. */
function testsInTurn(isLadder: boolean, rows: readonly Row[]): string {
  return rows.map(([test, answer]) => when(test, `return ${answer};`)).join(isLadder ? ' else ' : '\n');
}

/** Cases of a switch, rungs of a ladder, entries of a map: one for each row. */
function decided(
  part: Part,
  variable: string,
  rows: readonly Row[],
  otherwise: string,
  type: string,
): readonly string[] {
  const form = part.pick('switch', 'switch', 'switch', 'ladder', 'ifs', 'map');
  if (form === 'switch')
    return [
      `${free('')}switch on ${variable} {`,
      ...rows.map(([key, answer]) => `    when '${key}' {\n        return ${answer};\n    }`),
      `    when else {\n        return ${free(otherwise)};\n    }`,
      '}',
    ];
  if (form === 'map')
    return [
      `${free('')}Map<String, ${type}> ${seen('answers')} = new Map<String, ${type}>{`,
      indented(rows.map(([key, answer]) => `'${key}' => ${answer}`).join(',\n')),
      '};',
      `return answers.get(${variable});`,
    ];
  const tests = rows.map(([key, answer]): Row => [`${variable} == '${key}'`, answer]);
  return [`${free('')}${testsInTurn(form === 'ladder', tests)}`, `return ${free(otherwise)};`];
}

/** A table in the comment, told again by the code below it. */
export const commentTable: Member = (part) => {
  const drawn = drawPicklist(part, tableRowsMin);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const keys = part.random.sample(values, part.random.integer(3, 5));
  const isText = part.random.chance(0.35);
  const [answer, unit] = isText
    ? part.pick<Pair>(['color', ''], ['queue', ''], ['letter', ''], ['team', ''])
    : part.pick<Pair>(
        ['response time', 'days'],
        ['discount', 'percent'],
        ['score', 'points'],
        ['fee', 'euros'],
        ['reminder', 'days'],
        ['weight', 'kg'],
      );
  const texts = part.random.sample(
    ['red', 'green', 'blue', 'north', 'south', 'east', 'alpha', 'omega', 'first', 'last'],
    keys.length,
  );
  let number = part.random.integer(0, 5);
  const step = part.random.integer(1, 10);
  const rows = keys.map((key, index): Row => {
    number += part.random.integer(1, 3) * step;
    return [key, isText ? `'${texts[index]!}'` : String(number)];
  });
  const variable = variableOf(field, part);
  const type = isText ? 'String' : part.pick('Integer', 'Integer', 'Decimal');
  const title = part.pick(
    `${pascalCase(answer)} by ${field.label}${unit === '' ? '' : `, in ${unit}`}:`,
    `The ${answer} of each ${field.label}${unit === '' ? '' : ` (${unit})`}:`,
  );
  const head = opened(
    part,
    type,
    part.pick(
      `${answer.split(' ')[0]!}For`,
      `get${pascalCase(answer)}`,
      `${variable.replace(/s$/, '')}${pascalCase(answer)}`,
    ),
  );
  const table = tableOf(part, title, rows);
  const otherwise = isText ? 'null' : part.pick('0', 'null');
  return apex`
    ${table}
    ${head}(String ${seen(variable)}) {
        ${decided(part, variable, rows, otherwise, type)}
    }
  `;
};

/** A constant for each value, chosen by a switch on the value whose name it bears. */
export const constantSwitch: Member = (part) => {
  const drawn = drawPicklist(part, tableRowsMin);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const keys = part.random.sample(values, part.random.integer(3, 4));
  const word = wordOr(part, 'days', 'rate', 'hours', 'points', 'limit', 'fee', 'weight', 'discount');
  const isFront = part.random.chance(0.3);
  const nameOf = (key: string): string =>
    isFront ? `${constantName(word)}_${constantName(key)}` : `${constantName(key)}_${constantName(word)}`;
  const type = part.pick('Integer', 'Decimal');
  const fallback = part.pick(`DEFAULT_${constantName(word)}`, `OTHER_${constantName(word)}`);
  if (keys.some((key) => nameOf(key) === fallback)) return null;
  const isRecord = part.random.chance(0.4);
  const variable = isRecord ? part.names.one : variableOf(field, part);
  const value = isRecord ? `${variable}.${field.api}` : variable;
  const isStored = part.random.chance(0.35);
  const target = part.pick(word === 'limit' ? 'bound' : word, part.style.result);
  const done = isStored ? `${target} =` : 'return';
  const cases = keys.map((key) => `    when '${key}' {\n        ${done} ${nameOf(key)};\n    }`);
  const numbers = part.random.shuffled(['1', '2', '3', '5', '7', '14', '30', '60', '90']);
  const constants = [...keys.map(nameOf), fallback].map((name, index): Constant => [
    name,
    type,
    numbers[index]!,
  ]);
  return apex`
    ${declaredInOrder(part, constants)}

    ${told(part, `the ${word} of a ${field.label}, ${fallback} for any other`, [variable])}
    ${opened(part, type, part.pick(`${word}For`, `get${pascalCase(word)}`, `${word}By${pascalCase(field.label)}`))}(${isRecord ? part.thing.api : 'String'} ${seen(variable)}) {
        ${isStored ? `${type} ${seen(target)};` : ''}
        switch on ${value} {
        ${cases}
            when else {
                ${done} ${fallback};
            }
        }
        ${isStored ? `return ${target};` : ''}
    }
  `;
};

interface Tier {
  /** `GOLD_FROM`, `GOLD_MINIMUM`. */
  readonly constant: string;
  readonly bound: string;
  readonly answer: string;
}

interface Tiers {
  /** The highest first. */
  readonly tiers: readonly Tier[];
  /** The answer below all of them. */
  readonly otherwise: string;
}

/** Bounds of tiers and what each tier has: its name as a text, or a number. */
function drawTiers(part: Part, isText: boolean): Tiers {
  const count = part.random.integer(2, 3);
  const words = part.random.sample(
    ['Gold', 'Silver', 'Bronze', 'Large', 'Medium', 'Top', 'Basic'],
    count + 1,
  );
  const bounds = part
    .pick(['10000', '5000', '1000'], ['500', '100', '50'], ['100000', '20000', '1000'])
    .slice(0, count);
  const answers = isText
    ? words.map((word) => `'${word}'`)
    : part.pick(['20', '10', '5'], ['0.15', '0.1', '0.05'], ['300', '200', '100']);
  const ending = part.style.hasThis ? 'MINIMUM' : 'FROM';
  return {
    tiers: bounds.map((bound, index) => ({
      constant: `${constantName(words[index]!)}_${ending}`,
      bound,
      answer: answers[index]!,
    })),
    otherwise: isText ? answers[count]! : '0',
  };
}

/** Tiers of an amount, listed by a comment or named by constants. */
export const tiers: Member = (part) => {
  const { thing, names } = part;
  const field = part.field(['currency', 'integer']);
  if (field === null) return null;
  const word = wordOr(part, 'discount', 'tier', 'level', 'commission', 'rating', 'bonus');
  const isText = /tier|level|rating/.test(word);
  const { tiers: drawn, otherwise } = drawTiers(part, isText);
  const isConstant = part.random.chance(0.4);
  const sign = part.pick('>=', '>');
  const isRecord = part.random.chance(0.5);
  const variable = isRecord ? names.one : variableOf(field, part);
  const value = isRecord ? `${variable}.${field.api}` : variable;
  const relation = sign === '>' ? 'above' : 'from';
  const spoken = (answer: string): string => answer.replace(/'/g, '');
  const sentence = (): string => {
    const rungs = drawn.map(({ constant, answer }) => `${spoken(answer)} ${relation} ${constant}`);
    return told(part, `the ${word} by ${field.label}: ${rungs.join(', ')}, else ${spoken(otherwise)}`);
  };
  const table = (): string => {
    const title = part.pick(
      `${pascalCase(word)} by ${field.label}:`,
      `The ${word} of a ${thing.label}, by its ${field.label}:`,
    );
    const rows = drawn.map(({ bound, answer }): Row => [`${relation} ${bound}`, answer]);
    return tableOf(part, title, [...rows, ['below', otherwise]]);
  };
  const said = isConstant ? sentence() : table();
  const isLadder = part.pick('ifs', 'ladder') === 'ladder';
  const tests = drawn.map(({ constant, bound, answer }): Row => [
    `${value} ${sign} ${isConstant ? constant : bound}`,
    answer,
  ]);
  const constants = drawn.map(({ constant, bound }): Constant => [constant, 'Decimal', bound]);
  return apex`
    ${isConstant ? `${declaredInOrder(part, constants)}\n` : ''}
    ${said}
    ${opened(part, isText ? 'String' : 'Decimal', part.pick(`${word}For`, `get${pascalCase(word)}`, `calculate${pascalCase(word)}`))}(${isRecord ? thing.api : 'Decimal'} ${seen(variable)}) {
        ${free('')}${testsInTurn(isLadder, tests)}
        return ${otherwise};
    }
  `;
};

/** Three states and the two moves between them. */
interface Life {
  readonly states: readonly [string, string, string];
  readonly moves: Pair;
}

const lives: readonly Life[] = [
  { states: ['DRAFT', 'SUBMITTED', 'APPROVED'], moves: ['submit', 'approve'] },
  { states: ['OPEN', 'RUNNING', 'DONE'], moves: ['start', 'finish'] },
  { states: ['NEW_ONE', 'PACKED', 'SHIPPED'], moves: ['pack', 'ship'] },
  { states: ['PLANNED', 'BOOKED', 'PAID'], moves: ['book', 'pay'] },
  { states: ['IDLE', 'LOADED', 'CLEARED'], moves: ['load', 'clear'] },
];

/** A state object whose methods move from one constant to the next, each only from the one before. */
export const stateObject: Member = (part) => {
  const { states, moves } = part.random.sample(lives, 1)[0]!;
  const [first, second, third] = states;
  const state = part.pick('state', 'status', 'phase', 'stage');
  const exception = drawException(part);
  const manner = part.pick<'throw' | 'return' | 'ignore'>('throw', 'return', 'ignore');
  const at = self(part);
  const refusal = {
    throw: `throw new ${exception.name}(${free(`'Not possible when '`)} + ${at}${state});`,
    return: 'return false;',
    ignore: 'return;',
  }[manner];
  const moving = (name: string, from: string, to: string): string => apex`
    ${told(part, `${thirdPerson(name)} it: from ${from} to ${to}`)}
    ${free(`${part.style.access} ${manner === 'return' ? 'Boolean' : 'void'} ${name}`)}() {
        ${when(`${at}${state} != ${from}`, refusal)}
        ${at}${state} = ${to};
        ${manner === 'return' ? 'return true;' : ''}
    }
  `;
  const asked = part.pick('isOver', 'isComplete', 'isEnded', 'isFinalState');
  const asking = apex`
    ${told(part, `has ${third} been reached?`)}
    ${free(`${part.style.access} Boolean ${asked}`)}() {
        return ${at}${state} == ${third};
    }
  `;
  return [
    declaredInOrder(
      part,
      states.map((name) => textConstant(name, pascalCase(name.toLowerCase()))),
    ),
    `private String ${seen(state)} = ${first};`,
    ...(manner === 'throw' && exception.declaration !== '' ? [exception.declaration.trim()] : []),
    moving(moves[0], first, second),
    moving(moves[1], second, third),
    ...(part.random.chance(0.5) ? [asking] : []),
  ].join('\n\n');
};
