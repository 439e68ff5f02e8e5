/** Values worked out of parameters and fields: dates, numbers, what is said to be true. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { opened, told, wordOr } from './words.js';

/** Parameters written into records, as the sentence above says. */
export const givenValues: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3), [
    'picklist',
    'text',
    'date',
    'checkbox',
    'currency',
  ]);
  const hasOwner = part.random.chance(0.4);
  if (fields.length === 0) return null;
  const owner = part.pick('userId', 'ownerId', 'newOwnerId', 'assigneeId', 'queueId');
  const given = fields.map((field) =>
    part.pick(variableOf(field, part), `new${pascalCase(field.label)}`, `given${pascalCase(field.label)}`),
  );
  const parameters = [
    ...fields.map((field, index) => [apexType(field), given[index]!, field.api, field.label] as const),
    ...(hasOwner ? [['Id', owner, 'OwnerId', 'owner'] as const] : []),
  ];
  const taken = [names.one, names.many, ...parameters.map(([, name]) => name)];
  if (new Set(taken).size < taken.length) return null;
  const order = part.random.chance(0.6) ? parameters : part.random.shuffled(parameters);
  const isList = part.random.chance(0.6);
  const isNull = part.random.chance(0.25);
  const isSaved = isList && part.random.chance(0.5);
  const lines = order.map(([, name, api]) => {
    const set = `${names.one}.${api} = ${name};`;
    return isNull ? `if (${name} != null) {\n    ${set}\n}` : set;
  });
  const verb = part.pick('sets', 'changes', 'overwrites');
  const english = `${verb} ${order.map(([, , , label]) => `the ${label}`).join(' and ')} to what is given${isNull ? ', nulls are left out' : ''}`;
  const first = isList ? `List<${thing.api}> ${names.newMany}` : `${thing.api} ${names.newOne}`;
  return apex`
    ${told(part, english, [isList ? names.many : names.one, ...parameters.map(([, name]) => name)])}
    ${opened(part, 'void', part.pick('assign', 'apply', 'setValues', `change${thing.className}`, 'overwrite', 'fill'))}(${[first, ...parameters.map(([type, name]) => `${type} ${seen(name)}`)].join(', ')}) {
        ${isList ? `for (${thing.api} ${names.newOne} : ${names.many}) {\n${lines.join('\n').replace(/^/gm, '    ')}\n}` : lines}
        ${isSaved ? `update ${names.many};` : ''}
    }
  `;
};

interface Rule {
  readonly said: string;
  readonly type: string;
  readonly names: readonly string[];
  readonly lines: readonly string[];
}

function dateRules(part: Part, from: string, to: string): readonly Rule[] {
  const [nights, years] = [part.pick('nights', 'days', 'count'), part.pick('years', 'age')];
  const name = part.pick('day', 'weekday', 'dayName');
  return [
    {
      said: `number of nights from ${from} to ${to}`,
      type: 'Integer',
      names: ['countNights', 'nightsOf'],
      lines: [`return ${from}.daysBetween(${to});`],
    },
    {
      said: `number of days from ${from} to ${to}, both counted`,
      type: 'Integer',
      names: ['countDays', 'lengthInDays'],
      lines: [`return ${from}.daysBetween(${to}) + 1;`],
    },
    {
      said: `whole months from ${from} to ${to}`,
      type: 'Integer',
      names: ['countMonths', 'monthsOf'],
      lines: [`return ${from}.monthsBetween(${to});`],
    },
    {
      said: `days since ${from}`,
      type: 'Integer',
      names: ['ageInDays', 'daysSince'],
      lines: [`return ${from}.daysBetween(Date.today());`],
    },
    {
      said: `days left until ${to}, never below zero`,
      type: 'Integer',
      names: ['daysLeft', 'remainingDays'],
      lines: [`Integer ${seen(nights)} = Date.today().daysBetween(${to});`, `return Math.max(${nights}, 0);`],
    },
    {
      said: `the first day of the month of ${from}`,
      type: 'Date',
      names: ['firstOfMonth', 'monthStart'],
      lines: [`return ${from}.toStartOfMonth();`],
    },
    {
      said: `the last day of the month of ${to}`,
      type: 'Date',
      names: ['lastOfMonth', 'monthEnd'],
      lines: [`return ${to}.toStartOfMonth().addMonths(1).addDays(-1);`],
    },
    {
      said: `the same day of ${from}, one year later`,
      type: 'Date',
      names: ['anniversary', 'oneYearOn'],
      lines: [`return ${from}.addYears(1);`],
    },
    {
      said: `the year of ${to}`,
      type: 'Integer',
      names: ['yearOf', 'getYear'],
      lines: [`return ${to}.year();`],
    },
    {
      said: `do ${from} and ${to} lie in the same year?`,
      type: 'Boolean',
      names: ['isSameYear', 'inOneYear'],
      lines: [`return ${from}.year() == ${to}.year();`],
    },
    {
      said: `does ${to} lie before ${from}?`,
      type: 'Boolean',
      names: ['isReversed', 'isWrongOrder'],
      lines: [`return ${to} < ${from};`],
    },
    {
      said: `is today between ${from} and ${to}?`,
      type: 'Boolean',
      names: ['isCurrent', 'isRunning'],
      lines: [`return ${from} <= Date.today() && Date.today() <= ${to};`],
    },
    {
      said: `full years from ${from} to today`,
      type: 'Integer',
      names: ['fullYears', 'ageInYears'],
      lines: [`Integer ${seen(years)} = ${from}.monthsBetween(Date.today()) / 12;`, `return ${years};`],
    },
    {
      said: `is ${from} a Saturday or a Sunday?`,
      type: 'Boolean',
      names: ['isWeekend', 'startsOnWeekend'],
      lines: [
        `String ${seen(name)} = ((Datetime) ${from}).format('EEEE');`,
        `return ${name} == 'Saturday' || ${name} == 'Sunday';`,
      ],
    },
  ];
}

/** What two dates tell: nights, age, the month's ends, who comes first. */
export const dateRulesOf: Member = (part) => {
  const { thing, names } = part;
  const [first, second] = part.fields(2, ['date']);
  const isRecord = second !== undefined && part.random.chance(0.5);
  const [from, to] =
    isRecord && first !== undefined
      ? [`${names.one}.${first.api}`, `${names.one}.${second.api}`]
      : (part.pick(
          ['startDay', 'endDay'],
          ['fromDate', 'toDate'],
          ['checkIn', 'checkOut'],
          ['arrival', 'departure'],
          ['firstDay', 'lastDay'],
          ['beginsOn', 'endsOn'],
        ) as [string, string]);
  const rules = part.random.sample(dateRules(part, from!, to!), part.random.integer(1, 3));
  const spoken = (text: string): string =>
    isRecord ? text.replaceAll(from!, `the ${first!.label}`).replaceAll(to!, `the ${second!.label}`) : text;
  const isGuarded = part.random.chance(0.35);
  return rules
    .map(({ said, type, names: methods, lines }) => {
      const body = lines.join('\n');
      const used = [from!, to!].filter((name) => body.includes(name));
      const parameters = isRecord
        ? `${thing.api} ${names.newOne}`
        : used.map((name) => `Date ${seen(name)}`).join(', ');
      const answer = type === 'Boolean' ? 'false' : 'null';
      const guard = isGuarded
        ? `if (${used.map((name) => `${name} == null`).join(' || ')}) {\n    return ${answer};\n}`
        : '';
      const words = isGuarded
        ? `${spoken(said)}${said.endsWith('?') ? ' Not' : '; null'} when a date is missing`
        : spoken(said);
      return apex`
        ${told(part, words, isRecord ? [names.one] : used)}
        ${opened(part, type, part.random.pick(methods))}(${parameters}) {
            ${guard}
            ${lines}
        }
      `;
    })
    .join('\n\n');
};

function numberRules(part: Part, a: string, b: string): readonly Rule[] {
  const places = part.pick('0', '1', '2', '3');
  const percent = part.pick('percent', 'rate', 'percentage');
  return [
    {
      said: `what part of ${b} ${a} is, in percent; zero when ${b} is zero`,
      type: 'Decimal',
      names: ['percentOf', 'share'],
      lines: [`if (${b} == 0) {\n    return 0;\n}`, `return ${a} / ${b} * 100;`],
    },
    {
      said: `${a} rounded to ${places} places`,
      type: 'Decimal',
      names: ['rounded', 'roundOff'],
      lines: [`return ${a}.setScale(${places});`],
    },
    {
      said: `${a} rounded half up to ${places} places`,
      type: 'Decimal',
      names: ['roundHalfUp', 'commercial'],
      lines: [`return ${a}.setScale(${places}, RoundingMode.HALF_UP);`],
    },
    {
      said: `the greater one of ${a} and ${b}`,
      type: 'Decimal',
      names: ['greater', 'maxOf'],
      lines: [`return Math.max(${a}, ${b});`],
    },
    {
      said: `the smaller one of ${a} and ${b}`,
      type: 'Decimal',
      names: ['smaller', 'minOf'],
      lines: [`return Math.min(${a}, ${b});`],
    },
    {
      said: `${a}, but never below zero`,
      type: 'Decimal',
      names: ['notNegative', 'floorAtZero'],
      lines: [`return Math.max(${a}, 0);`],
    },
    {
      said: `${a}, but never more than ${b}`,
      type: 'Decimal',
      names: ['capped', 'atMost'],
      lines: [`return Math.min(${a}, ${b});`],
    },
    {
      said: `by how much ${a} is greater than ${b}`,
      type: 'Decimal',
      names: ['difference', 'excess'],
      lines: [`return ${a} - ${b};`],
    },
    {
      said: `the mean of ${a} and ${b}`,
      type: 'Decimal',
      names: ['mean', 'average'],
      lines: [`return (${a} + ${b}) / 2;`],
    },
    {
      said: `${a} times ${b}, zero when one is missing`,
      type: 'Decimal',
      names: ['product', 'lineTotal'],
      lines: [`if (${a} == null || ${b} == null) {\n    return 0;\n}`, `return ${a} * ${b};`],
    },
    {
      said: `the sum of ${a} and ${b}; what is missing counts as zero`,
      type: 'Decimal',
      names: ['sumUp', 'together'],
      lines: [`return (${a} == null ? 0 : ${a}) + (${b} == null ? 0 : ${b});`],
    },
    {
      said: `${a} reduced by so many percent`,
      type: 'Decimal',
      names: ['reduced', 'discounted'],
      lines: [`return ${a} - ${a} * ${percent} / 100;`],
    },
    {
      said: `${a} with so many percent more`,
      type: 'Decimal',
      names: ['increased', 'withTax'],
      lines: [`return ${a} + ${a} * ${percent} / 100;`],
    },
    {
      said: `is ${a} between ${b} and twice ${b}?`,
      type: 'Boolean',
      names: ['isNear', 'isInRange'],
      lines: [`return ${a} >= ${b} && ${a} <= 2 * ${b};`],
    },
  ];
}

/** What two numbers tell: shares, rounding, bounds. */
export const numberRulesOf: Member = (part) => {
  const { thing, names } = part;
  const [first, second] = part.fields(2, ['currency']);
  const isRecord = second !== undefined && part.random.chance(0.5);
  const word = wordOr(part, 'cost', 'price', 'revenue', 'budget').replace(/[^a-z]/g, '');
  const [a, b] =
    isRecord && first !== undefined
      ? [`${names.one}.${first.api}`, `${names.one}.${second.api}`]
      : (part.pick(
          [word, 'whole'],
          ['actual', 'planned'],
          ['paid', 'owed'],
          [word, 'basis'],
          ['used', 'available'],
        ) as [string, string]);
  const rules = part.random.sample(numberRules(part, a!, b!), part.random.integer(1, 3));
  return rules
    .map(({ said, type, names: methods, lines }) => {
      const body = lines.join('\n');
      const spoken = isRecord
        ? said.replaceAll(a!, `the ${first!.label}`).replaceAll(b!, `the ${second!.label}`)
        : said;
      const extra = ['percentage', 'percent', 'rate'].filter((name) =>
        new RegExp(`\\* ${name} /`).test(body),
      );
      const used = [...[a!, b!].filter((name) => new RegExp(`\\b${name}\\b`).test(body)), ...extra];
      const own = isRecord
        ? [`${thing.api} ${names.newOne}`, ...extra.map((name) => `Decimal ${seen(name)}`)]
        : used.map((name) => `Decimal ${seen(name)}`);
      return apex`
        ${told(part, spoken, isRecord ? [names.one, ...extra] : used)}
        ${opened(part, type, part.random.pick(methods))}(${own.join(', ')}) {
            ${lines}
        }
      `;
    })
    .join('\n\n');
};

type Condition = readonly [said: string, test: string];

function conditionOf(part: Part, field: Field): Condition {
  const value = `${part.names.one}.${field.api}`;
  const label = field.label;
  switch (field.type) {
    case 'checkbox':
      return part.pick(
        [`${label} is checked`, value],
        [`${label} is not checked`, `!${value}`],
      ) as unknown as Condition;
    case 'date':
      return part.pick(
        [`the ${label} has passed`, `${value} < Date.today()`],
        [`the ${label} lies in the future`, `${value} > Date.today()`],
        [`the ${label} is today`, `${value} == Date.today()`],
        [`the ${label} is missing`, `${value} == null`],
      ) as unknown as Condition;
    case 'currency':
    case 'integer': {
      const bound = part.pick('0', '10', '100', '500', '5000');
      return part.pick(
        [`the ${label} is above ${bound}`, `${value} > ${bound}`],
        [`the ${label} is at least ${bound}`, `${value} >= ${bound}`],
        [`the ${label} is below ${bound}`, `${value} < ${bound}`],
        [`there is a ${label}`, `${value} != null`],
      ) as unknown as Condition;
    }
    case 'picklist': {
      const text = (field.values.length > 0 ? part.random.pick(field.values) : 'Open').replace(/'/g, '');
      return part.pick(
        [`the ${label} is ${text}`, `${value} == '${text}'`],
        [`the ${label} is not ${text}`, `${value} != '${text}'`],
        [`the ${label} is anything but ${text}`, `${value} != '${text}'`],
      ) as unknown as Condition;
    }
    default:
      return part.pick(
        [`there is a ${label}`, `String.isNotBlank(${value})`],
        [`the ${label} is blank`, `String.isBlank(${value})`],
      ) as unknown as Condition;
  }
}

/** True when what the sentence above says holds: two or three conditions, joined as it says. */
export const saidConditions: Member = (part) => {
  const { thing, names } = part;
  const fields = part.fields(part.random.integer(2, 3), [
    'checkbox',
    'date',
    'currency',
    'picklist',
    'text',
    'email',
    'integer',
  ]);
  if (fields.length < 2) return null;
  const conditions = fields.map((field) => conditionOf(part, field));
  const isAll = part.random.chance(0.65);
  const join = isAll ? '&&' : '||';
  const tests = conditions.map(([, test]) => test);
  const word = wordOr(
    part,
    'eligible',
    'ready',
    'complete',
    'overdue',
    'relevant',
    'blocked',
    'renewable',
    'suspicious',
  );
  const lead = part.pick(
    `a ${thing.label} is ${word} when`,
    'true when',
    `whether the ${thing.label} counts as ${word}:`,
  );
  const english = `${lead} ${conditions.map(([said]) => said).join(isAll ? ' and ' : ' or ')}`;
  const form = part.pick('return', 'lines', 'early', 'if', 'variables');
  const head = opened(
    part,
    'Boolean',
    part.pick(`is${pascalCase(word)}`, `check${pascalCase(word)}`, `is${pascalCase(word)}${thing.className}`),
  );
  const body =
    form === 'lines'
      ? [
          `${free('')}return ${tests[0]!}`,
          ...tests
            .slice(1)
            .map((test, index) => `    ${join} ${test}${index === tests.length - 2 ? ';' : ''}`),
        ]
      : form === 'early' && !isAll
        ? [
            ...tests
              .slice(0, -1)
              .map((test, index) => `${index === 0 ? free('') : ''}if (${test}) {\n    return true;\n}`),
            `return ${tests.at(-1)!};`,
          ]
        : form === 'if'
          ? [`${free('')}if (${tests.join(` ${join} `)}) {\n    return true;\n}`, 'return false;']
          : [`return ${tests.join(` ${join} `)};`];
  return apex`
    ${told(part, english, [names.one])}
    ${head}(${thing.api} ${names.newOne}) {
        ${body}
    }
  `;
};
