/** One of two constants, by a question that a small method answers. */
import { apex, free, indented, seen } from '../../apex.js';
import { declared, told, type Constant } from '../../scope/words.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';

interface Question {
  /** The method that answers: `isWeekend`, of what. */
  readonly name: string;
  readonly type: string;
  readonly parameter: string;
  readonly said: string;
  readonly body: readonly string[];
  /** A constant that the body needs. */
  readonly needs: Constant | null;
  /** Words of the two constants: `WEEKEND`, `WEEKDAY`. */
  readonly yes: string;
  readonly no: string;
}

function question(
  [name, type, parameter]: readonly [string, string, string],
  said: string,
  [yes, no]: readonly [string, string],
  body: readonly string[],
  needs: Constant | null = null,
): Question {
  return { name, type, parameter, said, yes, no, body, needs };
}

const sunday = 'Date.newInstance(1900, 1, 7)';
const questions: readonly Question[] = [
  question(
    ['isWeekend', 'Date', 'day'],
    'true on Saturday and Sunday; 7 January 1900 was a Sunday, so 0 is Sunday and 6 Saturday',
    ['WEEKEND', 'WEEKDAY'],
    [
      `Integer ${seen('weekday')} = Math.mod(${free(sunday)}.daysBetween(day), 7);`,
      'return weekday == 0 || weekday == 6;',
    ],
  ),
  question(
    ['isWeekend', 'Datetime', 'moment'],
    'true on a Saturday or a Sunday',
    ['WEEKEND', 'WEEKDAY'],
    [
      `String ${seen('dayName')} = moment.format(${free("'EEEE'")});`,
      "return dayName == 'Saturday' || dayName == 'Sunday';",
    ],
  ),
  question(
    ['isSummer', 'Date', 'day'],
    'true in June, July and August',
    ['SUMMER', 'WINTER'],
    [`Integer ${seen('month')} = day.month();`, 'return month >= 6 && month <= 8;'],
  ),
  question(
    ['isSunday', 'Date', 'day'],
    '7 January 1900 was a Sunday',
    ['SUNDAY', 'WORKDAY'],
    [`return Math.mod(${free(sunday)}.daysBetween(day), 7) == 0;`],
  ),
  question(
    ['isBulk', 'Integer', 'quantity'],
    'bulk begins at BULK_QUANTITY',
    ['BULK', 'SINGLE'],
    ['return quantity >= BULK_QUANTITY;'],
    ['BULK_QUANTITY', 'Integer', '50'],
  ),
  question(
    ['isHeavy', 'Decimal', 'weight'],
    'heavier than MAX_LIGHT_WEIGHT',
    ['HEAVY', 'LIGHT'],
    ['return weight > MAX_LIGHT_WEIGHT;'],
    ['MAX_LIGHT_WEIGHT', 'Decimal', '20'],
  ),
  question(
    ['isDomestic', 'String', 'country'],
    'the home country is domestic',
    ['DOMESTIC', 'FOREIGN'],
    ['return country == HOME_COUNTRY;'],
    ['HOME_COUNTRY', 'String', "'NL'"],
  ),
  question(
    ['isMinor', 'Integer', 'age'],
    'under the full age',
    ['MINOR', 'ADULT'],
    ['return age < FULL_AGE;'],
    ['FULL_AGE', 'Integer', '18'],
  ),
  question(
    ['isLongStay', 'Integer', 'nights'],
    'more nights than SHORT_STAY_NIGHTS',
    ['LONG_STAY', 'SHORT_STAY'],
    ['return nights > SHORT_STAY_NIGHTS;'],
    ['SHORT_STAY_NIGHTS', 'Integer', '6'],
  ),
  question(
    ['isEvening', 'Datetime', 'moment'],
    'from six in the evening (18) on',
    ['EVENING', 'DAY'],
    ['return moment.hour() >= 18;'],
  ),
  question(
    ['isAtNight', 'Integer', 'hour'],
    'before 6 and from 22 on',
    ['NIGHT', 'DAY'],
    ['return hour < 6 || hour >= 22;'],
  ),
  question(
    ['isLate', 'Date', 'dueOn'],
    'due before today',
    ['LATE', 'TIMELY'],
    ['return dueOn < Date.today();'],
  ),
  question(
    ['isBusiness', 'String', 'kind'],
    'companies and associations are business, the rest is private',
    ['BUSINESS', 'PRIVATE_PERSON'],
    ["return kind == 'Company' || kind == 'Association';"],
  ),
];

interface Kept {
  readonly word: string;
  readonly type: string;
  readonly values: readonly (readonly [string, string])[];
}

const kept: readonly Kept[] = [
  {
    word: 'RATE',
    type: 'Decimal',
    values: [
      ['1.5', '1'],
      ['12.5', '9'],
      ['0.21', '0.09'],
      ['80', '55'],
    ],
  },
  {
    word: 'FEE',
    type: 'Decimal',
    values: [
      ['25', '10'],
      ['4.95', '0'],
      ['7.5', '12'],
    ],
  },
  {
    word: 'LIMIT',
    type: 'Integer',
    values: [
      ['5', '20'],
      ['100', '40'],
      ['2', '8'],
    ],
  },
  {
    word: 'LABEL',
    type: 'String',
    values: [
      ["'A'", "'B'"],
      ["'Plan B'", "'Plan A'"],
    ],
  },
  {
    word: 'PRICE',
    type: 'Decimal',
    values: [
      ['19', '24'],
      ['6.5', '4.5'],
      ['110', '90'],
    ],
  },
  {
    word: 'DAYS',
    type: 'Integer',
    values: [
      ['2', '5'],
      ['14', '7'],
      ['3', '1'],
    ],
  },
];

/** The statements of the method that chooses. */
function choosing(part: Part, asked: string, flag: string, yes: string, no: string): readonly string[] {
  const given = `Boolean ${seen(flag)} = ${asked};`;
  return part.pick(
    [`return ${asked} ? ${yes} : ${no};`],
    [given, `return ${flag} ? ${yes} : ${no};`],
    [given, `return ${flag}\n    ? ${yes}\n    : ${no};`],
    [`if (${asked}) {\n${indented(`return ${yes};`)}\n}`, `return ${no};`],
    [`if (${asked}) return ${yes};`, `return ${no};`],
    [`if (!${asked}) return ${no};`, `return ${yes};`],
    [`if (${asked}) {\n${indented(`return ${yes};`)}\n} else {\n${indented(`return ${no};`)}\n}`],
  );
}

/** A rate or a limit by a question, which stands below or above; sometimes a second method multiplies by it. */
export const flagChoice: Member = (part) => {
  const { name, type, parameter, said, body, needs, yes, no } = part.pick(...questions);
  const {
    word,
    type: resultType,
    values,
  } = part.pick(
    ...kept.filter(({ word: one }) => one !== 'DAYS' || /^(BULK|HEAVY|DOMESTIC|BUSINESS)/.test(yes)),
  );
  const [first, second] = part.pick(...values);
  const [yesName, noName] = [`${yes}_${word}`, `${no}_${word}`];
  const constants: readonly Constant[] = [
    [yesName, resultType, first],
    [noName, resultType, second],
    ...(needs === null ? [] : [needs]),
  ];
  const access = part.pick('private static', 'public static', 'private static');
  const lower = word.toLowerCase();
  const method = part.pick(`${lower}For`, `${lower}Of`, `get${word[0]!}${lower.slice(1)}`);
  const helper = apex`
    ${told(part, said, [parameter])}
    ${access} Boolean ${seen(name)}(${type} ${parameter}) {
        ${body}
    }
  `;
  const shown = part.random.chance(0.5) ? `${name[2]!.toLowerCase()}${name.slice(3)}` : name;
  const flag = shown !== name ? shown : `${name}Case`;
  const chosen = apex`
    ${part.random.chance(0.4) ? part.comment(`either ${yesName} or ${noName}`) : ''}
    ${free(`public static ${resultType}`)} ${seen(method)}(${type} ${parameter}) {
        ${free('')}${choosing(part, `${name}(${parameter})`, flag, yesName, noName)}
    }
  `;
  const isNumber =
    resultType !== 'String' && !['amount', 'units'].includes(parameter) && part.random.chance(0.35);
  const units = part.pick('units', 'amount', 'pieces');
  const product = apex`
    ${told(part, `the ${lower} times the ${units}`, [parameter, units])}
    ${free(`public static ${resultType} ${part.pick('total', 'charge', 'sum')}`)}(${type} ${seen(parameter)}, Integer ${seen(units)}) {
        return ${method}(${parameter}) * ${units};
    }
  `;
  const methods = part.random.chance(0.7) ? [chosen, helper] : [helper, chosen];
  return joinedMembers(declared(part, constants), ...methods, isNumber ? product : '');
};
