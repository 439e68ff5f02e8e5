/** A box of tools for numbers: percents, caps, averages, units. */
import { capitalized } from '../../../phrase.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import { indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { declaredInOrder, type Constant } from '../../scope/words.js';
import {
  guard,
  hasNullOperator,
  hasShortGuards,
  methodOf,
  toolsOf,
  type Given,
  type Told,
  type ToldMaker,
} from '../methods.js';

function tool(name: string, said: string, given: readonly Given[], ...body: readonly string[]): Told {
  return { type: 'Decimal', name, said, given, lines: body };
}

function decimals(...names: readonly string[]): readonly Given[] {
  return names.map((name) => ['Decimal', name] as const);
}

function value(part: Part): string {
  return part.pick('value', 'amount', 'x', 'figure', 'price');
}

function listOf(part: Part): readonly [list: string, one: string] {
  return part.pick<readonly [string, string]>(
    ['values', 'value'],
    ['amounts', 'amount'],
    ['prices', 'price'],
    ['scores', 'score'],
    ['figures', 'figure'],
  );
}

const numberTools: readonly ToldMaker[] = [
  (part) => {
    const [a, b] = part.pick(
      ['share', 'whole'],
      ['done', 'total'],
      ['won', 'all'],
      ['used', 'available'],
    ) as [string, string];
    return tool(
      'percentOf',
      `${a} as percent of ${b}, 2 places; 0 where ${b} is 0`,
      decimals(a, b),
      guard(hasShortGuards(part), `${b} == 0`, 'return 0;'),
      `return (${a} / ${b} * 100).setScale(2);`,
    );
  },
  (part) => {
    const v = value(part);
    return tool(
      'percentage',
      `percent percent of the ${v}`,
      decimals(v, 'percent'),
      `return ${v} * percent / 100;`,
    );
  },
  (part) => {
    const v = value(part);
    return tool(
      'orZero',
      `the ${v}, 0 where it is null`,
      decimals(v),
      `return ${hasNullOperator(part) ? `${v} ?? 0` : `${v} == null ? 0 : ${v}`};`,
    );
  },
  (part) => {
    const v = value(part);
    const [least, most] = part.pick(
      ['least', 'most'],
      ['minimum', 'maximum'],
      ['lower', 'upper'],
      ['floor', 'cap'],
    ) as [string, string];
    return tool(
      'clamp',
      `the ${v}, not below ${least} and not above ${most}`,
      decimals(v, least, most),
      `return Math.max(${least}, Math.min(${v}, ${most}));`,
    );
  },
  (part) => {
    const v = value(part);
    const cap = part.pick('cap', 'ceiling', 'maximum', 'most');
    return tool(
      'capped',
      `the ${v}, but never more than the ${cap}`,
      decimals(v, cap),
      `return Math.min(${v}, ${cap});`,
    );
  },
  (part) => {
    const v = value(part);
    const least = part.pick('least', 'minimum', 'lowest');
    return tool(
      'atLeast',
      `the ${v}, but never less than the ${least}`,
      decimals(v, least),
      `return Math.max(${v}, ${least});`,
    );
  },
  (part) => {
    const v = value(part);
    return tool(
      'rounded',
      `the ${v} with 2 places, half up`,
      decimals(v),
      `return ${v}.setScale(2, RoundingMode.HALF_UP);`,
    );
  },
  (part) => {
    const v = value(part);
    const step = part.pick('step', 'unit', 'grid');
    return tool(
      'roundedTo',
      `the ${v} rounded to whole multiples of ${step}`,
      decimals(v, step),
      `return Math.round(${v} / ${step}) * ${step};`,
    );
  },
  (part) => {
    const [list, one] = listOf(part);
    const sum = part.pick('sum', 'total');
    return tool(
      'average',
      `the mean of the ${list}; 0 where there are none`,
      [['List<Decimal>', list]],
      guard(hasShortGuards(part), `${list}.isEmpty()`, 'return 0;'),
      `Decimal ${seen(sum)} = 0;`,
      `for (Decimal ${seen(one)} : ${list}) {\n    ${sum} += ${one};\n}`,
      `return ${sum} / ${list}.size();`,
    );
  },
  (part) => {
    const [list, one] = listOf(part);
    const sum = part.pick('sum', 'total', 'result');
    return tool(
      'sumOf',
      `the sum of the ${list}, those that are null left out`,
      [['List<Decimal>', list]],
      `Decimal ${seen(sum)} = 0;`,
      `for (Decimal ${seen(one)} : ${list}) {\n    if (${one} != null) {\n        ${sum} += ${one};\n    }\n}`,
      `return ${sum};`,
    );
  },
  (part) => {
    const [list, one] = listOf(part);
    const best = part.pick('highest', 'best', 'found');
    return tool(
      'maximum',
      `the highest of the ${list}; null where there are none`,
      [['List<Decimal>', list]],
      `Decimal ${seen(best)} = null;`,
      `for (Decimal ${seen(one)} : ${list}) {\n    if (${best} == null || ${one} > ${best}) {\n        ${best} = ${one};\n    }\n}`,
      `return ${best};`,
    );
  },
  (part) => {
    const [a, b] = part.pick(['before', 'after'], ['oldValue', 'newValue'], ['previous', 'present']) as [
      string,
      string,
    ];
    return tool(
      'growth',
      `the change from ${a} to ${b} in percent of ${a}; null where ${a} is 0`,
      decimals(a, b),
      guard(hasShortGuards(part), `${a} == 0`, 'return null;'),
      `return (${b} - ${a}) / ${a} * 100;`,
    );
  },
  (part) => {
    const [a, b] = part.pick(['price', 'cost'], ['revenue', 'cost'], ['sold', 'bought']) as [string, string];
    return tool(
      'margin',
      `${a} less ${b}, as percent of ${a}`,
      decimals(a, b),
      `Decimal ${seen('profit')} = ${a} - ${b};`,
      `return profit / ${a} * 100;`,
    );
  },
  (part) => {
    const [q, p] = part.pick(['quantity', 'unitPrice'], ['pieces', 'price'], ['hours', 'rate']) as [
      string,
      string,
    ];
    return tool(
      'lineTotal',
      `${q} times ${p}, each of them 0 where it is null`,
      decimals(q, p),
      `return (${q} ?? 0) * (${p} ?? 0);`,
    );
  },
  (part) => {
    const [n, size] = part.pick(['items', 'perBox'], ['pieces', 'perPallet'], ['guests', 'perTable']) as [
      string,
      string,
    ];
    return {
      ...tool('boxesFor', `how many full or begun units of ${size} the ${n} need`, [
        ['Integer', n],
        ['Integer', size],
      ]),
      type: 'Integer',
      lines: [`return (${n} + ${size} - 1) / ${size};`],
    };
  },
  (part) => {
    const [a, b] = part.pick(['first', 'second'], ['one', 'other'], ['left', 'right']) as [string, string];
    return {
      ...tool('isClose', `do ${a} and ${b} differ by less than tolerance?`, decimals(a, b, 'tolerance')),
      type: 'Boolean',
      lines: [`return Math.abs(${a} - ${b}) < tolerance;`],
    };
  },
  (part) => {
    const v = value(part);
    return {
      ...tool('isBetween', `is the ${v} from low to high, both included?`, decimals(v, 'low', 'high')),
      type: 'Boolean',
      lines: [`return ${v} >= low && ${v} <= high;`],
    };
  },
  (part) => {
    const [amount, count] = part.pick(['amount', 'months'], ['total', 'people'], ['price', 'payments']) as [
      string,
      string,
    ];
    return tool(
      'partOf',
      `the ${amount} in ${count} equal parts, rounded to 2 places`,
      [
        ['Decimal', amount],
        ['Integer', count],
      ],
      `return (${amount} / ${count}).setScale(2);`,
    );
  },
];

/** Several of them in a class. */
export const numbers: Member = (part) => toolsOf(part, numberTools, 2, 4);

/** One or two, beside something else. */
export const numberTool: Member = (part) => toolsOf(part, numberTools, 1, 2);

interface Unit {
  readonly constant: string;
  readonly value: string;
  /** The larger unit, of which one has `constant` of the smaller. */
  readonly large: string;
  readonly small: string;
}

const units: readonly Unit[] = [
  { constant: 'KM_PER_MILE', value: '1.609', large: 'miles', small: 'kilometers' },
  { constant: 'GRAMS_PER_POUND', value: '453.6', large: 'pounds', small: 'grams' },
  { constant: 'CM_PER_INCH', value: '2.54', large: 'inches', small: 'centimeters' },
  { constant: 'LITERS_PER_GALLON', value: '3.785', large: 'gallons', small: 'liters' },
  { constant: 'MINUTES_PER_HOUR', value: '60', large: 'hours', small: 'minutes' },
  { constant: 'CENTS_PER_EURO', value: '100', large: 'euros', small: 'cents' },
  { constant: 'PIECES_PER_BOX', value: '24', large: 'boxes', small: 'pieces' },
  { constant: 'HOURS_PER_DAY', value: '8', large: 'workdays', small: 'hours' },
  { constant: 'KG_PER_TON', value: '1000', large: 'tons', small: 'kilograms' },
  { constant: 'SQM_PER_ACRE', value: '4047', large: 'acres', small: 'squareMeters' },
];

/** Conversions to and fro by constants. */
export const conversions: Member = (part) => {
  const chosen = part.random.sample(units, part.random.integer(1, 3));
  const isRounded = part.random.chance(0.35);
  const isGuarded = part.random.chance(0.3);
  const isTernary = part.random.chance(0.5);
  const isKept = part.random.chance(0.2);
  const isSaid = isRounded || isGuarded || part.random.chance(0.6);
  const naming = part.pick('to', 'fromTo');
  const methods = chosen.flatMap(({ constant, large, small }) => {
    const both = [
      [large, small, '*'],
      [small, large, '/'],
    ] as const;
    return both.map(([from, to, sign]) => {
      const product = `${from} ${sign} ${constant}`;
      const result = isRounded ? `(${product}).setScale(2)` : product;
      const body = isGuarded
        ? isTernary
          ? [`return ${from} == null ? null : ${result};`]
          : [guard(hasShortGuards(part), `${from} == null`, 'return null;'), `return ${result};`]
        : isKept
          ? [`Decimal ${seen(to)} = ${result};`, `return ${to};`]
          : [`return ${result};`];
      return methodOf(
        part,
        tool(
          naming === 'to' ? `to${capitalized(to)}` : `${from}To${capitalized(to)}`,
          `${from} in ${to}${isRounded ? ', 2 places' : ''}${isGuarded ? '; null stays null' : ''}`,
          decimals(from),
          ...body,
        ),
        true,
        isSaid,
      );
    });
  });
  const names = methods.map((text) => /\b\w+(?=»?\()/.exec(text)?.[0]);
  if (new Set(names).size < names.length) return null;
  const constants: readonly Constant[] = chosen.map((unit) => [unit.constant, 'Decimal', unit.value]);
  return joinedMembers(
    declaredInOrder(part, constants),
    ...(methods.length > 4 ? methods.slice(0, 5) : methods),
  );
};

/** A share of a total for each record: first the total, then every share of it. */
export const shares: Member = (part) => {
  const { thing } = part;
  const amount = part.field(['currency']);
  if (amount === null) return null;
  const [list, one] = part.random.chance(0.5)
    ? [part.names.many, part.names.one]
    : part.pick(['rows', 'row'], ['items', 'item'], ['records', 'rec']);
  const total = part.pick('total', 'sum', 'whole');
  const map = part.pick('shares', 'shareById', 'percentById', 'result');
  const known = [list, one, total, map].map((name) => name!.toLowerCase());
  if (new Set(known).size < known.length) return null;
  const isOperator = part.random.chance(0.4);
  const at = `${one!}.${seen(amount.api)}`;
  const read = isOperator ? `(${at} ?? 0)` : at;
  const isSkipped = !isOperator && part.random.chance(0.5);
  const skip = isSkipped ? guard(hasShortGuards(part), `${at} == null`, 'continue;') : '';
  const head = `for (${thing.api} ${seen(one!)} : ${list!}) {`;
  const loopOf = (...body: readonly string[]): string => `${head}\n${indented(lines(skip, ...body))}\n}`;
  const type = 'Map<Id, Decimal>';
  return methodOf(part, {
    said: `each ${amount.label} as percent of all together${isSkipped ? ', those without one left out' : ''}; empty where the ${total} is 0`,
    type,
    name: part.pick('sharesOf', 'percentages', 'shareOfEach', 'distribution'),
    given: [[`List<${thing.api}>`, list!]],
    lines: [
      `Decimal ${seen(total)} = 0;`,
      loopOf(`${total} += ${isOperator ? `${at} ?? 0` : at};`),
      `${type} ${seen(map)} = new ${type}();`,
      when(`${total} == 0`, `return ${map};`),
      loopOf(`${map}.put(${one!}.Id, ${read} / ${total} * 100);`),
      `return ${map};`,
    ],
  });
};
