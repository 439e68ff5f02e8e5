/** Small calculations whose parameters are checked first. */
import { joinedMembers } from '../../bulk/base.js';
import { apex, free, indented, seen } from '../../apex.js';
import type { Member } from '../../part.js';
import { spaced, told } from '../../scope/words.js';
import { drawAsking, drawThrow, emptyTest, guards, type Asking } from './actions.js';

interface Sum {
  readonly name: string;
  readonly given: readonly (readonly [type: string, name: string])[];
  readonly type: string;
  readonly said: string;
  readonly code: string;
}

const sums: readonly Sum[] = [
  {
    name: 'lineTotal',
    given: [
      ['Decimal', 'unitPrice'],
      ['Integer', 'quantity'],
    ],
    type: 'Decimal',
    said: 'the unit price times the quantity',
    code: 'unitPrice * quantity',
  },
  {
    name: 'average',
    given: [
      ['Decimal', 'total'],
      ['Integer', 'count'],
    ],
    type: 'Decimal',
    said: 'the total divided by the count',
    code: 'total / count',
  },
  {
    name: 'perDay',
    given: [
      ['Decimal', 'amount'],
      ['Integer', 'days'],
    ],
    type: 'Decimal',
    said: 'the amount divided by the days',
    code: 'amount / days',
  },
  {
    name: 'percentOf',
    given: [
      ['Decimal', 'portion'],
      ['Decimal', 'whole'],
    ],
    type: 'Decimal',
    said: 'the portion as a percentage of the whole',
    code: 'portion / whole * 100',
  },
  {
    name: 'speed',
    given: [
      ['Decimal', 'distance'],
      ['Decimal', 'hours'],
    ],
    type: 'Decimal',
    said: 'the distance divided by the hours',
    code: 'distance / hours',
  },
  {
    name: 'fullName',
    given: [
      ['String', 'firstName'],
      ['String', 'lastName'],
    ],
    type: 'String',
    said: 'first name and last name with a blank between them',
    code: "firstName + ' ' + lastName",
  },
  {
    name: 'nights',
    given: [
      ['Date', 'arrival'],
      ['Date', 'departure'],
    ],
    type: 'Integer',
    said: 'the days between arrival and departure',
    code: 'arrival.daysBetween(departure)',
  },
  {
    name: 'volume',
    given: [
      ['Decimal', 'length'],
      ['Decimal', 'width'],
      ['Decimal', 'height'],
    ],
    type: 'Decimal',
    said: 'length times width times height',
    code: 'length * width * height',
  },
  {
    name: 'isWithin',
    given: [
      ['Date', 'day'],
      ['Date', 'firstDay'],
      ['Date', 'lastDay'],
    ],
    type: 'Boolean',
    said: 'is the day between the first day and the last day, both included?',
    code: 'day >= firstDay && day <= lastDay',
  },
  {
    name: 'address',
    given: [
      ['String', 'street'],
      ['String', 'city'],
    ],
    type: 'String',
    said: 'street and city with a comma between them',
    code: "street + ', ' + city",
  },
];

/** A calculation whose parameters are checked first; otherwise it gives null, zero or an error. */
export const guardedSum: Member = (part) => {
  const chosen = part.random.sample(sums, part.random.integer(1, 2));
  const thrown = part.random.chance(0.4) ? drawThrow(part) : null;
  const members = chosen.map(({ name, given, type, said, code }) => {
    const empty =
      type === 'Decimal' || type === 'Integer'
        ? part.pick('0', 'null')
        : type === 'Boolean'
          ? 'false'
          : 'null';
    const stop = thrown ?? {
      declaration: '',
      code: `return ${empty};`,
      said: `; ${empty === '0' ? 'zero' : empty} when something is missing`,
    };
    const params = given.map(([of, one]) => ({
      name: one,
      type: of,
      label: spaced(one),
      api: '',
    }));
    const isOne = thrown === null && part.random.chance(0.35);
    const asking: Asking = { ...drawAsking(part), isPositive: false };
    const test = params.map((one) => emptyTest(one, asking)).join(' || ');
    const checks = isOne
      ? [`${free('')}if (${test}) {\n${indented(stop.code)}\n}`]
      : guards(part, params, stop);
    return apex`
      ${told(
        part,
        said.endsWith('?') && stop.said !== '' ? `${said.slice(0, -1)}${stop.said}` : said + stop.said,
        given.map(([, one]) => one),
      )}
      ${free(`public static ${type} ${name}`)}(${given.map(([of, one]) => `${of} ${seen(one)}`).join(', ')}) {
          ${checks}
          return ${code};
      }
    `;
  });
  return joinedMembers(thrown?.declaration ?? '', ...members);
};
