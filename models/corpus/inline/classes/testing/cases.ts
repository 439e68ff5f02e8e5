/** Calculators, labels and rules that are tested with one value a test; the test's name, or a table, tells what is expected. */
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { free, seen } from '../../apex.js';
import type { Part } from '../../part.js';
import { numberWords } from './words.js';

/** One test: its name, the arguments of the call and what comes out. */
export interface Case {
  readonly name: string;
  readonly args: string;
  readonly expected: string;
}

/** What is tested, and how. */
export interface Scenario {
  readonly type: string;
  readonly method: string;
  /** Names for what the call returns. */
  readonly locals: readonly string[];
  readonly cases: readonly Case[];
  /** What stands above the tests; '' where the names tell everything. */
  readonly told: string;
}

/** A sentence, or lines, above the tests. */
function above(part: Part, ...said: readonly string[]): string {
  return part.pick(
    free(said.map((line) => `// ${line}`).join('\n')),
    free(`/**\n${said.map((line) => ` * ${line}`).join('\n')}\n */`),
    free(`/*\n${said.map((line) => ` * ${line}`).join('\n')}\n */`),
  );
}

const payers =
  'Adult,Child,Infant,Senior,Student,Member,Guest,Resident,Visitor,Volunteer,Partner,Apprentice,Supplier,Subscriber'.split(
    ',',
  );

/** What is paid: all, half, nothing. */
function shares(part: Part): Scenario {
  const full = part.pick(8, 12, 16, 20, 24, 40, 60, 80, 100, 120, 200);
  const thing = part.pick('Price', 'Fee', 'Fare', 'Rate', 'Charge');
  const parts = part.random.shuffled([
    [`PaysFull${thing}`, full],
    ['PaysHalf', full / 2],
    ['PaysNothing', 0],
    ['PaysDouble', full * 2],
    ['PaysAQuarter', full / 4],
  ] as const);
  const kept = parts.slice(0, part.random.integer(3, 4));
  const who = part.random.sample(
    part.random.chance(0.2) ? [0, 1, 2, 3].map(() => capitalized(unknownWord(part.random))) : payers,
    kept.length,
  );
  const lower = thing.toLowerCase();
  return {
    type: 'Decimal',
    method: part.pick(`${lower}For`, `${lower}Of`, `get${thing}`, `${lower}`),
    locals: [lower, 'actual', 'result', 'paid'],
    told: above(part, part.pick(`The full ${lower} is ${full}`, `Full ${lower}: ${full}`)),
    cases: kept.map(([name, value], index) => ({
      name: `${who[index]!.toLowerCase()}${name}`,
      args: `'${who[index]!}'`,
      expected: String(value),
    })),
  };
}

const sums: readonly (readonly [verb: string, method: string, of: (value: number) => number])[] = [
  ['doubles', 'doubled', (value) => value * 2],
  ['triples', 'tripled', (value) => value * 3],
  ['squares', 'squareOf', (value) => value * value],
  ['negates', 'negated', (value) => -value],
  ['increments', 'next', (value) => value + 1],
  ['decrements', 'previous', (value) => value - 1],
  ['addsTenTo', 'plusTen', (value) => value + 10],
];

/** One operation on small numbers that the names say. */
function operation(part: Part): Scenario {
  const [verb, method, of] = part.pick(...sums);
  const values = part.random.sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12], part.random.integer(3, 4));
  return {
    type: 'Integer',
    method,
    locals: ['actual', 'result', 'value', 'answer'],
    told: '',
    cases: values.map((value) => ({
      name: verb + numberWords[value]!,
      args: String(value),
      expected: String(of(value)),
    })),
  };
}

/** A text in another form, and what becomes of null and blanks. */
function texts(part: Part): Scenario {
  const word = (): string => capitalized(unknownWord(part.random));
  const [first, second, third] = [word(), word(), word()];
  const forms: readonly Case[] = [
    { name: 'returnsNullForNull', args: 'null', expected: 'null' },
    {
      name: part.pick('returnsNullForBlank', 'blankBecomesNull'),
      args: "''",
      expected: 'null',
    },
    { name: 'trimsBlanks', args: `' ${free(first)} '`, expected: `'${first}'` },
    { name: 'keepsCleanText', args: `'${free(second)}'`, expected: `'${second}'` },
    { name: 'replacesUnderscores', args: `'${free(first)}_${free(third)}'`, expected: `'${first} ${third}'` },
  ];
  const upper: readonly Case[] = [
    { name: 'returnsNullForNull', args: 'null', expected: 'null' },
    { name: 'makesUpperCase', args: `'${free(first)}'`, expected: `'${first.toUpperCase()}'` },
    {
      name: 'keepsUpperCase',
      args: `'${free(second.toUpperCase())}'`,
      expected: `'${second.toUpperCase()}'`,
    },
    {
      name: 'removesBlanks',
      args: `'${free(first)} ${free(third)}'`,
      expected: `'${(first + third).toUpperCase()}'`,
    },
    { name: 'emptyStaysEmpty', args: "''", expected: "''" },
  ];
  const [method, cases] = part.pick(
    ['clean', forms],
    ['tidy', forms],
    ['toCode', upper],
    ['keyOf', upper],
  ) as [string, readonly Case[]];
  return {
    type: 'String',
    method,
    locals: ['actual', 'text', 'cleaned', 'output'],
    told: '',
    cases: part.random.sample(cases, part.random.integer(3, 5)),
  };
}

/** Lists of none, one and three. */
function lists(part: Part): Scenario {
  const [a, b, c] = part.random.sample([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20], 3) as [
    number,
    number,
    number,
  ];
  const list = (...values: readonly number[]): string =>
    `new List<Integer>{${values.length === 0 ? '' : ` ${free(values.join(', '))} `}}`;
  const [method, word, of] = part.pick(
    ['total', 'Total', (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0)],
    ['largest', 'Largest', (values: readonly number[]) => Math.max(...values)],
    ['smallest', 'Smallest', (values: readonly number[]) => Math.min(...values)],
    ['firstOf', 'First', (values: readonly number[]) => values[0]!],
    ['lastOf', 'Last', (values: readonly number[]) => values.at(-1)!],
    ['count', 'Count', (values: readonly number[]) => values.length],
  ) as [string, string, (values: readonly number[]) => number];
  const none = /total|count/.test(method) ? '0' : 'null';
  const cases: readonly Case[] = [
    { name: none === '0' ? 'emptyListGivesZero' : 'emptyListGivesNull', args: list(), expected: none },
    { name: `${method.replace('Of', '')}OfOne`, args: list(a), expected: String(of([a])) },
    { name: `finds${word}OfTwo`, args: list(b, a), expected: String(of([b, a])) },
    { name: `finds${word}OfThree`, args: list(a, b, c), expected: String(of([a, b, c])) },
    { name: none === '0' ? 'nullGivesZero' : 'nullGivesNull', args: 'null', expected: none },
  ];
  return {
    type: 'Integer',
    method,
    locals: ['actual', 'result', 'answer'],
    told: '',
    cases: part.random.sample(cases, part.random.integer(3, 5)),
  };
}

/** At a bound, one below it and one above. */
function bound(part: Part): Scenario {
  const at = part.pick(5, 10, 18, 25, 30, 50, 65, 100, 250, 500, 1000);
  const [word, other] = part.pick(
    ['large', 'small'],
    ['heavy', 'light'],
    ['late', 'punctual'],
    ['urgent', 'routine'],
    ['allowed', 'refused'],
    ['free', 'charged'],
    ['full', 'open'],
  ) as [string, string];
  const big = capitalized(word);
  const cases: readonly Case[] = [
    { name: `is${big}AtTheLimit`, args: String(at), expected: 'true' },
    { name: `oneMoreIs${big}`, args: String(at + 1), expected: 'true' },
    { name: `oneLessIs${capitalized(other)}`, args: String(at - 1), expected: 'false' },
    { name: `zeroIsNot${big}`, args: '0', expected: 'false' },
    { name: `nullIsNot${big}`, args: 'null', expected: 'false' },
  ];
  return {
    type: 'Boolean',
    method: `is${big}`,
    locals: ['actual', 'result', `is${big}Now`],
    told: above(
      part,
      part.pick(
        `From ${at} on it is ${word}`,
        `${at} and more: ${word}, anything less: ${other}`,
        `The limit is ${at}; at the limit it is ${word}`,
      ),
    ),
    cases: part.random.sample(cases, part.random.integer(3, 4)),
  };
}

/** Codes and their labels, or values by tier, in a table above the tests. */
function table(part: Part): Scenario {
  const count = part.random.integer(3, 5);
  const keys = part.random.sample(
    part.random.chance(0.5)
      ? 'Gold,Silver,Bronze,Basic,Premium,Trial'.split(',')
      : part.random.chance(0.5)
        ? 'North,South,East,West,Centre,Coast'.split(',')
        : [0, 1, 2, 3, 4].map(() => capitalized(unknownWord(part.random))),
    count,
  );
  const isText = part.random.chance(0.4);
  const step = part.pick(1, 2, 5, 10, 15);
  const values = keys.map((_key, index) =>
    isText ? capitalized(unknownWord(part.random)) : String((index + part.random.integer(1, 3)) * step),
  );
  const measure = isText
    ? part.pick('label', 'queue', 'owner', 'colour')
    : part.pick('discount', 'days', 'points', 'rate', 'hours');
  const by = part.pick('tier', 'key', 'plan', 'class');
  const arrow = part.pick(': ', ' -> ', ' = ', ' gives ');
  const rows = keys.map((key, index) => `${key}${arrow}${values[index]!}`);
  const told = part.random.chance(0.5)
    ? above(part, `${capitalized(measure)} by ${by}:`, ...rows.map((row) => `  ${row}`))
    : above(part, `${capitalized(measure)} by ${by}: ${rows.join(', ')}`);
  const lower = (key: string): string => key[0]!.toLowerCase() + key.slice(1);
  const nameOf = part.pick(
    (key: string) => `${lower(key)}Has${capitalized(measure)}`,
    (key: string) => `${measure}Of${key}`,
    (key: string) => `finds${capitalized(measure)}Of${key}`,
  );
  const unknown = isText ? 'null' : '0';
  const cases: Case[] = keys.map((key, index) => ({
    name: nameOf(key),
    args: `'${key}'`,
    expected: isText ? `'${seen(values[index]!)}'` : seen(values[index]!),
  }));
  if (part.random.chance(0.4))
    cases.push({ name: isText ? 'nullGivesNull' : 'nullGivesZero', args: 'null', expected: unknown });
  return {
    type: isText ? 'String' : 'Integer',
    method: part.pick(`${measure}For`, `get${capitalized(measure)}`, `${measure}Of`),
    locals: [measure, 'actual', 'result'],
    told,
    cases: cases.slice(-4),
  };
}

/** A date some days later. */
function days(part: Part): Scenario {
  const [year, month, day] = [
    part.pick(2024, 2025, 2026),
    part.random.integer(1, 12),
    part.random.integer(5, 16),
  ];
  const date = (of: number): string => `Date.newInstance(${year}, ${month}, ${of})`;
  const isLater = part.random.chance(0.5);
  const nameOf = (word: string): string =>
    (isLater ? `${word.toLowerCase()}DaysLater` : `adds${word}Days`).replace(/(one)Days/i, '$1Day');
  const cases = part.random.sample([0, 1, 2, 3, 4, 5, 7, 10], part.random.integer(3, 4)).map((count) => ({
    name: nameOf(numberWords[count]!),
    args: `${date(day)}, ${count}`,
    expected: date(day + count),
  }));
  return {
    type: 'Date',
    method: part.pick('dueIn', 'inDays', 'dueDate', 'deadline'),
    locals: ['actual', 'due', 'result'],
    told: above(
      part,
      part.pick(
        `Every test starts on ${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
        `Base date: ${date(day)}`,
      ),
    ),
    cases,
  };
}

/** Any of them. */
export function drawScenario(part: Part): Scenario {
  return part.pick(shares, shares, operation, texts, lists, bound, bound, table, table, days)(part);
}
