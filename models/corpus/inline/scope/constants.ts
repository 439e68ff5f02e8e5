/** Constants declared above and used below: sets, limits, days, rates, jobs, messages. */
import { pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import {
  declared,
  drawException,
  drawPicklist,
  opened,
  pluralName,
  told,
  wordOr,
  type Constant,
} from './words.js';

/** Named sets of a picklist's values, and methods that ask whether a value is among them. */
export const valueSets: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 4);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const groups = part.random
    .sample(['open', 'closed', 'active', 'final', 'pending', 'locked', 'billable', 'urgent', 'visible'], 3)
    .map((group) => wordOr(part, group))
    .slice(0, part.random.integer(1, 3));
  if (new Set(groups).size < groups.length) return null;
  const collection = part.random.weighted([
    [5, 'Set'],
    [1, 'List'],
  ]);
  const ending = constantName(pluralName(field.label));
  const nameOf = (group: string): string => `${constantName(group)}_${ending}`;
  const literal = (): string =>
    `new ${collection}<String>{ ${part.random
      .sample(values, part.random.integer(2, 3))
      .map((value) => `'${value}'`)
      .join(', ')} }`;
  const isRecord = part.random.chance(0.5);
  const parameter = isRecord ? names.one : variableOf(field, part);
  const value = isRecord ? `${names.one}.${field.api}` : parameter;
  const isNull = part.random.chance(0.2);
  const isNegated = part.random.chance(0.15);
  const methods = groups.map((group) => {
    const test = `${isNull ? `${value} != null && ` : ''}${isNegated ? '!' : ''}${nameOf(group)}.contains(${value})`;
    const english = isNegated
      ? part.pick(`is the ${field.label} none of the ${group} ones?`, `not ${group}, by its ${field.label}`)
      : part.pick(
          `is the ${field.label} one of the ${group} ones?`,
          `true if the ${field.label} counts as ${group}`,
          `whether the ${thing.label} is ${group}, by its ${field.label}`,
        );
    return apex`
      ${told(part, english, [parameter])}
      ${opened(part, 'Boolean', `is${isNegated ? 'Not' : ''}${pascalCase(group)}${part.pick('', pascalCase(field.label), thing.className)}`)}(${isRecord ? thing.api : 'String'} ${seen(parameter)}) {
          return ${test};
      }
    `;
  });
  return [
    declared(
      part,
      groups.map((group) => [nameOf(group), `${collection}<String>`, literal()] as const),
    ),
    ...methods,
  ].join('\n\n');
};

/** Records kept, skipped or counted by whether a constant set has their value. */
export const setLoop: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 4);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const group = wordOr(part, 'excluded', 'relevant', 'allowed', 'ignored', 'tracked', 'closed', 'special');
  const constant = `${constantName(group)}_${constantName(pluralName(field.label))}`;
  const literals = part.random
    .sample(values, 2)
    .map((value) => `'${value}'`)
    .join(', ');
  const value = `${names.one}.${field.api}`;
  const isSkipped =
    /excluded|ignored/.test(group) || (!/relevant|allowed|tracked/.test(group) && part.random.chance(0.3));
  const isCount = part.random.chance(0.4);
  const kept = isCount
    ? part.pick('count', 'counter', 'found', 'total')
    : part.pick('matching', 'kept', 'remaining', 'selected');
  const done = isCount ? `${kept}++;` : `${kept}.add(${names.one});`;
  const type = isCount ? 'Integer' : `List<${thing.api}>`;
  const inner = isSkipped
    ? `if (${constant}.contains(${value})) {\n    continue;\n}\n${done}`
    : `if (${constant}.contains(${value})) {\n    ${done}\n}`;
  const verb = isCount ? 'counts' : part.pick('returns', 'keeps', 'collects');
  const english = isSkipped
    ? `${verb} the ${thing.plural}, leaving out those with ${group} ${pluralOf(field.label)}`
    : `${verb} the ${thing.plural} whose ${field.label} is among the ${group} ones`;
  return apex`
    ${declared(part, [[constant, 'Set<String>', `new Set<String>{ ${literals} }`]])}

    ${told(part, english, [names.many])}
    ${opened(part, type, `${isCount ? 'count' : 'filter'}${pascalCase(group)}`)}(List<${thing.api}> ${names.newMany}) {
        ${type} ${seen(kept)} = ${isCount ? '0' : `new List<${thing.api}>()`};
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${inner}
        }
        return ${kept};
    }
  `;
};

interface Limit {
  readonly constant: Constant;
  readonly test: string;
  readonly words: string;
  readonly api: string;
}

function drawLimits(part: Part): readonly Limit[] {
  const { names } = part;
  const fields = part.settable(part.random.integer(1, 3), ['currency', 'integer', 'text']);
  const isGuarded = part.random.chance(0.5);
  return fields.map((field) => {
    const value = `${names.one}.${field.api}`;
    const isMax = field.type === 'text' || part.random.chance(0.5);
    const isText = field.type === 'text';
    const bound = isMax ? part.pick('MAX', 'MAX', 'MAXIMUM') : part.pick('MIN', 'MIN', 'MINIMUM');
    const name = `${bound}_${constantName(field.label)}${isText ? '_LENGTH' : ''}`;
    const type = apexType(field) === 'Decimal' ? part.pick('Decimal', 'Integer') : 'Integer';
    const amount = part.pick('1', '5', '10', '18', '50', '100', '255', '1000');
    const guard = isGuarded ? `${free('')}${value} != null && ` : '';
    return {
      constant: [name, isText ? 'Integer' : type, amount],
      test: `${guard}${value}${isText ? '.length()' : ''} ${isMax ? '>' : '<'} ${name}`,
      words: isText
        ? `The ${field.label} must not have more than `
        : part.pick(
            `The ${field.label} must be at ${isMax ? 'most' : 'least'} `,
            `${isMax ? 'Highest' : 'Lowest'} ${field.label} allowed: `,
            `${pascalCase(field.label)} must not be ${isMax ? 'above' : 'below'} `,
          ),
      api: field.api,
    };
  });
}

/** Least and greatest values as constants; what goes beyond them is refused with a message that names the constant. */
export const limits: Member = (part) => {
  const { thing, names } = part;
  const checks = drawLimits(part);
  if (checks.length === 0) return null;
  const exception = drawException(part);
  const manner = part.pick('record', 'field', 'throw', 'list');
  const errors = part.pick('errors', 'problems', 'messages', 'violations');
  const refused = ({ words, constant: [name], api }: Limit): string => {
    const message = `${free(`'${words}'`)} + ${name}`;
    if (manner === 'record') return `${names.one}.addError(${message});`;
    if (manner === 'field') return `${names.one}.${api}.addError(${message});`;
    return manner === 'throw' ? `throw new ${exception.name}(${message});` : `${errors}.add(${message});`;
  };
  const most = constantName(part.pick('max records', 'max batch', `max ${thing.plural}`, 'row limit'));
  const hasMost = manner === 'throw' && part.random.chance(0.6);
  const tests = checks.map((check) => `if (${check.test}) {\n    ${refused(check)}\n}`);
  const constants: Constant[] = checks.map(({ constant }) => constant);
  if (hasMost) constants.push([most, 'Integer', part.pick('10', '50', '200', '1000')]);
  const isList = manner === 'list';
  return apex`
    ${declared(part, constants)}\n
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, part.pick(`refuses ${thing.plural} beyond the limits`, `checks ${thing.plural} against the limits`), [isList ? names.one : names.many])}
    ${opened(part, isList ? 'List<String>' : 'void', part.pick('validate', 'checkLimits', `validate${thing.className}`, 'enforceLimits'))}(${isList ? `${thing.api} ${names.newOne}` : `List<${thing.api}> ${names.newMany}`}) {
        ${hasMost ? `if (${names.many}.size() > ${most}) {\n    throw new ${exception.name}(${free(`'No more than '`)} + ${most} + ${free(`' ${thing.plural} at once'`)});\n}` : ''}
        ${isList ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${isList ? tests : `for (${thing.api} ${names.newOne} : ${names.many}) {\n${tests.join('\n').replace(/^/gm, '    ')}\n}`}
        ${isList ? `return ${errors};` : ''}
    }
  `;
};

/** Dates that lie a constant number of days after or before others. */
export const dayOffsets: Member = (part) => {
  const { thing, names } = part;
  const [due, other] = part.settable(2, ['date']);
  if (due === undefined || other === undefined) return null;
  const unit = part.random.weighted([
    [4, 'days'],
    [1, 'months'],
  ]);
  const add = unit === 'days' ? 'addDays' : 'addMonths';
  const [first, second] = [due, other].map(
    (field, index) =>
      `${constantName(part.pick(field.label, index === 0 ? 'grace' : 'notice', field.label))}_${unit.toUpperCase()}`,
  ) as [string, string];
  if (first === second) return null;
  const base = part.pick('Date.today()', 'System.today()', `${names.one}.CreatedDate.date()`);
  const isBefore = part.random.chance(0.6);
  const start = /CreatedDate/.test(base) ? 'the day it was created' : 'today';
  const english = `the ${due.label} is ${first} after ${start}, the ${other.label} ${second} ${isBefore ? 'before' : 'after'} the ${due.label}`;
  const set = [
    `${names.one}.${due.api} = ${base}.${add}(${first});`,
    `${names.one}.${other.api} = ${names.one}.${due.api}.${add}(${isBefore ? '-' : ''}${second});`,
  ];
  const isList = part.random.chance(0.6);
  return apex`
    ${declared(part, [
      [first, 'Integer', part.pick('14', '30', '21', '60', '90', '3')],
      [second, 'Integer', part.pick('1', '2', '3', '5', '7')],
    ])}

    ${told(part, english, [isList ? names.many : names.one])}
    ${opened(part, 'void', part.pick('setDates', 'applyDates', 'planDates', `schedule${thing.className}`))}(${isList ? `List<${thing.api}> ${names.newMany}` : `${thing.api} ${names.newOne}`}) {
        ${isList ? `for (${thing.api} ${names.newOne} : ${names.many}) {\n${set.join('\n').replace(/^/gm, '    ')}\n}` : set}
    }
  `;
};

/** Old or coming records, by a constant number of days. */
export const dayCutoff: Member = (part) => {
  const { thing, names } = part;
  const isPast = part.random.chance(0.6);
  const field = isPast ? null : part.field(['date']);
  if (!isPast && field === null) return null;
  const api = field?.api ?? part.pick('CreatedDate', 'LastModifiedDate');
  const constant = isPast
    ? `${part.pick('RETENTION', 'MAX_AGE', 'ARCHIVE_AFTER', 'STALE_AFTER', 'KEEP')}_DAYS`
    : `${part.pick('LOOK_AHEAD', 'NOTICE', 'WARNING', 'UPCOMING')}_DAYS`;
  const now =
    api.endsWith('Date') && field === null
      ? part.pick('System.now()', 'Datetime.now()')
      : part.pick('Date.today()', 'System.today()');
  const type = /now/.test(now) ? 'Datetime' : 'Date';
  const bound = isPast
    ? part.pick('cutoff', 'threshold', 'oldest', 'deadline')
    : part.pick('until', 'horizon', 'latest', 'lastDay');
  const english = isPast
    ? `${thing.plural} that are older than ${constant}${api === 'CreatedDate' ? '' : ', by their last change'}`
    : `${thing.plural} whose ${field!.label} is reached within ${constant}`;
  const where = isPast ? `${api} < :${bound}` : `${api} <= :${bound}`;
  const isDeleted = isPast && part.random.chance(0.4);
  const query = `[SELECT Id FROM ${thing.api} WHERE ${isPast ? '' : free('')}${where}]`;
  return apex`
    ${declared(part, [[constant, 'Integer', part.pick('7', '30', '90', '180', '365')]])}

    ${told(part, isDeleted ? `deletes ${english}` : english)}
    ${opened(part, isDeleted ? 'void' : `List<${thing.api}>`, isDeleted ? part.pick('purge', 'cleanUp', 'deleteOld') : part.pick('findDue', 'getCandidates', `load${pluralName(thing.label)}`))}() {
        ${type} ${seen(bound)} = ${now}.addDays(${isPast ? '-' : ''}${constant});
        ${isDeleted ? `List<${thing.api}> ${names.newMany} = ${query};\ndelete ${names.many};` : `return ${query};`}
    }
  `;
};

/** Two rates, chosen by a flag, and what is made of them. */
export const flagRates: Member = (part) => {
  const { thing, names } = part;
  const flag = part.field(['checkbox']);
  const amount = part.field(['currency']);
  if (flag === null || amount === null) return null;
  const word = wordOr(part, 'rate', 'fee', 'discount', 'surcharge', 'factor', 'share', 'bonus');
  const [yes, no] = part.pick(
    [`${constantName(flag.label)}_${constantName(word)}`, `STANDARD_${constantName(word)}`],
    [`${constantName(flag.label)}_${constantName(word)}`, `DEFAULT_${constantName(word)}`],
    [`${constantName(word)}_WHEN_${constantName(flag.label)}`, `${constantName(word)}_OTHERWISE`],
  ) as [string, string];
  const isAmount = part.random.chance(0.5);
  const type = 'Decimal';
  const condition = `${names.one}.${flag.api}`;
  const form = part.pick('ternary', 'variable', 'if', 'flag');
  const variable = part.pick('flagged', `is${pascalCase(flag.label)}`, 'special');
  const result = isAmount ? `${names.one}.${amount.api} * ` : '';
  const chosen =
    form === 'if'
      ? [`if (${condition}) {\n    return ${result}${yes};\n}`, `return ${result}${no};`]
      : form === 'flag'
        ? [
            `Boolean ${seen(variable)} = ${condition};`,
            `return ${variable} ? ${result}${yes} : ${result}${no};`,
          ]
        : form === 'variable'
          ? [`${type} ${seen(word)} = ${condition} ? ${yes} : ${no};`, `return ${result}${word};`]
          : [`return ${isAmount ? `${result}(` : ''}${condition} ? ${yes} : ${no}${isAmount ? ')' : ''};`];
  const english = `${isAmount ? `the ${amount.label} times the ${word}` : `the ${word}`} of a ${thing.label}: ${yes} when ${flag.label}, else ${no}`;
  return apex`
    ${declared(part, [
      [yes, type, part.pick('0.15', '0.2', '24.00', '1.5')],
      [no, type, part.pick('0.05', '0.1', '18.50', '1')],
    ])}

    ${told(part, english, [names.one])}
    ${opened(part, type, part.pick(`${word}For`, `get${pascalCase(word)}`, `calculate${pascalCase(word)}`, `${word}Of`))}(${thing.api} ${names.newOne}) {
        ${chosen}
    }
  `;
};
