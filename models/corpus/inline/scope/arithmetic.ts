/** What two dates or two numbers tell, as parameters or as fields of a record: spans, ends of months, shares, bounds. */
import type { Field } from '../../nouns.js';
import { apex, seen, when } from '../apex.js';
import type { Member, Part } from '../part.js';
import { opened, recordParameter, told, wordOr, type Pair } from './words.js';

/** A method of a few lines, and the sentence that tells them. */
interface Rule {
  readonly said: string;
  readonly type: string;
  /** What it may be called. */
  readonly names: readonly string[];
  readonly lines: readonly string[];
  /** A parameter besides the two values. */
  readonly extra?: string;
}

/** The expressions of two dates, and names for variables between. */
interface Dates {
  readonly from: string;
  readonly to: string;
  readonly days: string;
  readonly years: string;
  readonly weekday: string;
}

const dateRules: readonly ((dates: Dates) => Rule)[] = [
  ({ from, to }) => ({
    said: `number of nights from ${from} to ${to}`,
    type: 'Integer',
    names: ['countNights', 'nightsOf'],
    lines: [`return ${from}.daysBetween(${to});`],
  }),
  ({ from, to }) => ({
    said: `number of days from ${from} to ${to}, both counted`,
    type: 'Integer',
    names: ['countDays', 'lengthInDays'],
    lines: [`return ${from}.daysBetween(${to}) + 1;`],
  }),
  ({ from, to }) => ({
    said: `whole months from ${from} to ${to}`,
    type: 'Integer',
    names: ['countMonths', 'monthsOf'],
    lines: [`return ${from}.monthsBetween(${to});`],
  }),
  ({ from }) => ({
    said: `days since ${from}`,
    type: 'Integer',
    names: ['ageInDays', 'daysSince'],
    lines: [`return ${from}.daysBetween(Date.today());`],
  }),
  ({ to, days }) => ({
    said: `days left until ${to}, never below zero`,
    type: 'Integer',
    names: ['daysLeft', 'remainingDays'],
    lines: [`Integer ${seen(days)} = Date.today().daysBetween(${to});`, `return Math.max(${days}, 0);`],
  }),
  ({ from }) => ({
    said: `the first day of the month of ${from}`,
    type: 'Date',
    names: ['firstOfMonth', 'monthStart'],
    lines: [`return ${from}.toStartOfMonth();`],
  }),
  ({ to }) => ({
    said: `the last day of the month of ${to}`,
    type: 'Date',
    names: ['lastOfMonth', 'monthEnd'],
    lines: [`return ${to}.toStartOfMonth().addMonths(1).addDays(-1);`],
  }),
  ({ from }) => ({
    said: `the same day of ${from}, one year later`,
    type: 'Date',
    names: ['anniversary', 'oneYearOn'],
    lines: [`return ${from}.addYears(1);`],
  }),
  ({ to }) => ({
    said: `the year of ${to}`,
    type: 'Integer',
    names: ['yearOf', 'getYear'],
    lines: [`return ${to}.year();`],
  }),
  ({ from, to }) => ({
    said: `do ${from} and ${to} lie in the same year?`,
    type: 'Boolean',
    names: ['isSameYear', 'inOneYear'],
    lines: [`return ${from}.year() == ${to}.year();`],
  }),
  ({ from, to }) => ({
    said: `does ${to} lie before ${from}?`,
    type: 'Boolean',
    names: ['isReversed', 'isWrongOrder'],
    lines: [`return ${to} < ${from};`],
  }),
  ({ from, to }) => ({
    said: `is today between ${from} and ${to}?`,
    type: 'Boolean',
    names: ['isCurrent', 'isRunning'],
    lines: [`return ${from} <= Date.today() && Date.today() <= ${to};`],
  }),
  ({ from, years }) => ({
    said: `full years from ${from} to today`,
    type: 'Integer',
    names: ['fullYears', 'ageInYears'],
    lines: [`Integer ${seen(years)} = ${from}.monthsBetween(Date.today()) / 12;`, `return ${years};`],
  }),
  ({ from, weekday }) => ({
    said: `is ${from} a Saturday or a Sunday?`,
    type: 'Boolean',
    names: ['isWeekend', 'startsOnWeekend'],
    lines: [
      `String ${seen(weekday)} = ((Datetime) ${from}).format('EEEE');`,
      `return ${weekday} == 'Saturday' || ${weekday} == 'Sunday';`,
    ],
  }),
];

/** The expressions of two values: fields of one record, or parameters. */
interface Operands {
  readonly values: Pair;
  /** Null = parameters. */
  readonly fields: readonly [Field, Field] | null;
}

/** In a sentence a record's fields are called by their labels. */
function spoken(said: string, { values, fields }: Operands): string {
  if (fields === null) return said;
  return said.replaceAll(values[0], `the ${fields[0].label}`).replaceAll(values[1], `the ${fields[1].label}`);
}

/** Two fields of a record in half of the files that have them. */
function drawFields(part: Part, type: 'date' | 'currency'): Operands['fields'] {
  const [first, second] = part.fields(2, [type]);
  return first !== undefined && second !== undefined && part.random.chance(0.5) ? [first, second] : null;
}

function valuesOf({ names }: Part, [first, second]: readonly [Field, Field]): Pair {
  return [`${names.one}.${first.api}`, `${names.one}.${second.api}`];
}

/** What two dates tell: nights, age, the month's ends, who comes first. */
export const dateRulesOf: Member = (part) => {
  const { names } = part;
  const fields = drawFields(part, 'date');
  const values =
    fields !== null
      ? valuesOf(part, fields)
      : part.pick<Pair>(
          ['startDay', 'endDay'],
          ['fromDate', 'toDate'],
          ['checkIn', 'checkOut'],
          ['arrival', 'departure'],
          ['firstDay', 'lastDay'],
          ['beginsOn', 'endsOn'],
        );
  const dates: Dates = {
    from: values[0],
    to: values[1],
    days: part.pick('nights', 'days', 'count'),
    years: part.pick('years', 'age'),
    weekday: part.pick('day', 'weekday', 'dayName'),
  };
  const chosen = part.random.sample(dateRules, part.random.integer(1, 3));
  const isGuarded = part.random.chance(0.35);
  return chosen
    .map((ruleOf) => {
      const { said, type, names: methods, lines } = ruleOf(dates);
      const body = lines.join('\n');
      const used = values.filter((value) => body.includes(value));
      const given = used.map((name) => `Date ${seen(name)}`).join(', ');
      const answer = type === 'Boolean' ? 'false' : 'null';
      const guard = when(used.map((value) => `${value} == null`).join(' || '), `return ${answer};`);
      const exception = said.endsWith('?') ? ' Not when a date is missing' : '; null when a date is missing';
      return apex`
        ${told(part, `${spoken(said, { values, fields })}${isGuarded ? exception : ''}`, fields === null ? used : [names.one])}
        ${opened(part, type, part.random.pick(methods))}(${fields === null ? given : recordParameter(part, false)}) {
            ${isGuarded ? guard : ''}
            ${body}
        }
      `;
    })
    .join('\n\n');
};

/** The expressions of two numbers, a count of decimal places, and a parameter for a percentage. */
interface Numbers {
  readonly a: string;
  readonly b: string;
  readonly places: string;
  readonly percent: string;
}

const numberRules: readonly ((numbers: Numbers) => Rule)[] = [
  ({ a, b }) => ({
    said: `what part of ${b} ${a} is, in percent; zero when ${b} is zero`,
    type: 'Decimal',
    names: ['percentOf', 'share'],
    lines: [when(`${b} == 0`, 'return 0;'), `return ${a} / ${b} * 100;`],
  }),
  ({ a, places }) => ({
    said: `${a} rounded to ${places} places`,
    type: 'Decimal',
    names: ['rounded', 'roundOff'],
    lines: [`return ${a}.setScale(${places});`],
  }),
  ({ a, places }) => ({
    said: `${a} rounded half up to ${places} places`,
    type: 'Decimal',
    names: ['roundHalfUp', 'commercial'],
    lines: [`return ${a}.setScale(${places}, RoundingMode.HALF_UP);`],
  }),
  ({ a, b }) => ({
    said: `the greater one of ${a} and ${b}`,
    type: 'Decimal',
    names: ['greater', 'maxOf'],
    lines: [`return Math.max(${a}, ${b});`],
  }),
  ({ a, b }) => ({
    said: `the smaller one of ${a} and ${b}`,
    type: 'Decimal',
    names: ['smaller', 'minOf'],
    lines: [`return Math.min(${a}, ${b});`],
  }),
  ({ a }) => ({
    said: `${a}, but never below zero`,
    type: 'Decimal',
    names: ['notNegative', 'floorAtZero'],
    lines: [`return Math.max(${a}, 0);`],
  }),
  ({ a, b }) => ({
    said: `${a}, but never more than ${b}`,
    type: 'Decimal',
    names: ['capped', 'atMost'],
    lines: [`return Math.min(${a}, ${b});`],
  }),
  ({ a, b }) => ({
    said: `by how much ${a} is greater than ${b}`,
    type: 'Decimal',
    names: ['difference', 'excess'],
    lines: [`return ${a} - ${b};`],
  }),
  ({ a, b }) => ({
    said: `the mean of ${a} and ${b}`,
    type: 'Decimal',
    names: ['mean', 'average'],
    lines: [`return (${a} + ${b}) / 2;`],
  }),
  ({ a, b }) => ({
    said: `${a} times ${b}, zero when one is missing`,
    type: 'Decimal',
    names: ['product', 'lineTotal'],
    lines: [when(`${a} == null || ${b} == null`, 'return 0;'), `return ${a} * ${b};`],
  }),
  ({ a, b }) => ({
    said: `the sum of ${a} and ${b}; what is missing counts as zero`,
    type: 'Decimal',
    names: ['sumUp', 'together'],
    lines: [`return (${a} == null ? 0 : ${a}) + (${b} == null ? 0 : ${b});`],
  }),
  ({ a, percent }) => ({
    said: `${a} reduced by so many percent`,
    type: 'Decimal',
    names: ['reduced', 'discounted'],
    lines: [`return ${a} - ${a} * ${percent} / 100;`],
    extra: percent,
  }),
  ({ a, percent }) => ({
    said: `${a} with so many percent more`,
    type: 'Decimal',
    names: ['increased', 'withTax'],
    lines: [`return ${a} + ${a} * ${percent} / 100;`],
    extra: percent,
  }),
  ({ a, b }) => ({
    said: `is ${a} between ${b} and twice ${b}?`,
    type: 'Boolean',
    names: ['isNear', 'isInRange'],
    lines: [`return ${a} >= ${b} && ${a} <= 2 * ${b};`],
  }),
];

/** What two numbers tell: shares, rounding, bounds. */
export const numberRulesOf: Member = (part) => {
  const { names } = part;
  const fields = drawFields(part, 'currency');
  const word = wordOr(part, 'cost', 'price', 'revenue', 'budget');
  const values =
    fields !== null
      ? valuesOf(part, fields)
      : part.pick<Pair>(
          [word, 'whole'],
          ['actual', 'planned'],
          ['paid', 'owed'],
          [word, 'basis'],
          ['used', 'available'],
        );
  const numbers: Numbers = {
    a: values[0],
    b: values[1],
    places: part.pick('0', '1', '2', '3'),
    percent: part.pick('percent', 'rate', 'percentage'),
  };
  return part.random
    .sample(numberRules, part.random.integer(1, 3))
    .map((ruleOf) => {
      const { said, type, names: methods, lines, extra } = ruleOf(numbers);
      const body = lines.join('\n');
      const used =
        fields === null ? values.filter((value) => new RegExp(`\\b${value}\\b`).test(body)) : [names.one];
      const extras = extra === undefined ? [] : [extra];
      const typed = (given: readonly string[]): readonly string[] =>
        given.map((name) => `Decimal ${seen(name)}`);
      const parameters = fields === null ? typed(used) : [recordParameter(part, false)];
      return apex`
        ${told(part, spoken(said, { values, fields }), [...used, ...extras])}
        ${opened(part, type, part.random.pick(methods))}(${[...parameters, ...typed(extras)].join(', ')}) {
            ${body}
        }
      `;
    })
    .join('\n\n');
};
