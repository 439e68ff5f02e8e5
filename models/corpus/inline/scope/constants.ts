/** Constants declared above and used below: sets of values, limits, days, rates. */
import { pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import {
  areDistinct,
  declared,
  drawException,
  drawPicklist,
  forRecords,
  opened,
  pluralName,
  recordParameter,
  refused,
  told,
  wordOr,
  type Constant,
  type Pair,
  type Refusal,
} from './words.js';

/** A set must leave values outside of it. */
const setValuesMin = 4;

/** `new Set<String>{ 'Open', 'Closed' }`. */
function collectionOf(collection: string, values: readonly string[]): string {
  return `new ${collection}<String>{ ${values.map((value) => `'${value}'`).join(', ')} }`;
}

/** Named sets of a picklist's values, and methods that ask whether a value is among them. */
export const valueSets: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, setValuesMin);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const groups = part.random
    .sample(['open', 'closed', 'active', 'final', 'pending', 'locked', 'billable', 'urgent', 'visible'], 3)
    .map((group) => wordOr(part, group))
    .slice(0, part.random.integer(1, 3));
  if (!areDistinct(groups)) return null;
  const collection = part.random.weighted([
    [5, 'Set'],
    [1, 'List'],
  ]);
  const ending = constantName(pluralName(field.label));
  const nameOf = (group: string): string => `${constantName(group)}_${ending}`;
  const isRecord = part.random.chance(0.5);
  const parameter = isRecord ? names.one : variableOf(field, part);
  const value = isRecord ? `${names.one}.${field.api}` : parameter;
  const isGuarded = part.random.chance(0.2);
  const isNegated = part.random.chance(0.15);
  const methods = groups.map((group) => {
    const guard = isGuarded ? `${value} != null && ` : '';
    const english = isNegated
      ? part.pick(`is the ${field.label} none of the ${group} ones?`, `not ${group}, by its ${field.label}`)
      : part.pick(
          `is the ${field.label} one of the ${group} ones?`,
          `true if the ${field.label} counts as ${group}`,
          `whether the ${thing.label} is ${group}, by its ${field.label}`,
        );
    const subject = part.pick('', pascalCase(field.label), thing.className);
    return apex`
      ${told(part, english, [parameter])}
      ${opened(part, 'Boolean', `is${isNegated ? 'Not' : ''}${pascalCase(group)}${subject}`)}(${isRecord ? thing.api : 'String'} ${seen(parameter)}) {
          return ${guard}${isNegated ? '!' : ''}${nameOf(group)}.contains(${value});
      }
    `;
  });
  const constants = groups.map((group): Constant => {
    const count = part.random.integer(2, 3);
    return [
      nameOf(group),
      `${collection}<String>`,
      collectionOf(collection, part.random.sample(values, count)),
    ];
  });
  return [declared(part, constants), ...methods].join('\n\n');
};

/** Whether records of the group are left out; some words say so, others say the opposite. */
function isLeftOut(part: Part, group: string): boolean {
  if (/excluded|ignored/.test(group)) return true;
  return !/relevant|allowed|tracked/.test(group) && part.random.chance(0.3);
}

/** Records kept, skipped or counted by whether a constant set has their value. */
export const setLoop: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, setValuesMin);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const group = wordOr(part, 'excluded', 'relevant', 'allowed', 'ignored', 'tracked', 'closed', 'special');
  const constant = `${constantName(group)}_${constantName(pluralName(field.label))}`;
  const set = collectionOf('Set', part.random.sample(values, 2));
  const isSkipped = isLeftOut(part, group);
  const isCount = part.random.chance(0.4);
  const kept = isCount
    ? part.pick('count', 'counter', 'found', 'total')
    : part.pick('matching', 'kept', 'remaining', 'selected');
  const done = isCount ? `${kept}++;` : `${kept}.add(${names.one});`;
  const type = isCount ? 'Integer' : `List<${thing.api}>`;
  const test = `${constant}.contains(${names.one}.${field.api})`;
  const verb = isCount ? 'counts' : part.pick('returns', 'keeps', 'collects');
  const english = isSkipped
    ? `${verb} the ${thing.plural}, leaving out those with ${group} ${pluralOf(field.label)}`
    : `${verb} the ${thing.plural} whose ${field.label} is among the ${group} ones`;
  return apex`
    ${declared(part, [[constant, 'Set<String>', set]])}

    ${told(part, english, [names.many])}
    ${opened(part, type, `${isCount ? 'count' : 'filter'}${pascalCase(group)}`)}(${recordParameter(part, true)}) {
        ${type} ${seen(kept)} = ${isCount ? '0' : `new List<${thing.api}>()`};
        ${forRecords(part, true, isSkipped ? [when(test, 'continue;'), done] : [when(test, done)])}
        return ${kept};
    }
  `;
};

interface Limit {
  readonly constant: Constant;
  readonly test: string;
  /** The message up to the constant. */
  readonly words: string;
  readonly api: string;
}

/** Least and greatest values of some fields: all with a check for null, or none. */
function drawLimits(part: Part): readonly Limit[] {
  const { names } = part;
  const fields = part.settable(part.random.integer(1, 3), ['currency', 'integer', 'text']);
  const isGuarded = part.random.chance(0.5);
  return fields.map((field) => {
    const value = `${names.one}.${field.api}`;
    const isText = field.type === 'text';
    const isMax = isText || part.random.chance(0.5);
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
  const manner = part.pick<Refusal['manner']>('record', 'field', 'throw', 'list');
  const errors = part.pick('errors', 'problems', 'messages', 'violations');
  const refusal = { manner, exception: exception.name, errors };
  const most = constantName(part.pick('max records', 'max batch', `max ${thing.plural}`, 'row limit'));
  const hasMost = manner === 'throw' && part.random.chance(0.6);
  const tests = checks.map(({ test, words, constant: [name], api }) =>
    when(test, refused(part, refusal, api, `${free(`'${words}'`)} + ${name}`)),
  );
  const constants: Constant[] = checks.map(({ constant }) => constant);
  if (hasMost) constants.push([most, 'Integer', part.pick('10', '50', '200', '1000')]);
  const tooMany = `${free(`'No more than '`)} + ${most} + ${free(`' ${thing.plural} at once'`)}`;
  const isReturned = manner === 'list';
  return apex`
    ${declared(part, constants)}\n
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, part.pick(`refuses ${thing.plural} beyond the limits`, `checks ${thing.plural} against the limits`), [isReturned ? names.one : names.many])}
    ${opened(part, isReturned ? 'List<String>' : 'void', part.pick('validate', 'checkLimits', `validate${thing.className}`, 'enforceLimits'))}(${recordParameter(part, !isReturned)}) {
        ${hasMost ? when(`${names.many}.size() > ${most}`, `throw new ${exception.name}(${tooMany});`) : ''}
        ${isReturned ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${forRecords(part, !isReturned, tests)}
        ${isReturned ? `return ${errors};` : ''}
    }
  `;
};

/** Dates that lie a constant number of days or months after or before others. */
export const dayOffsets: Member = (part) => {
  const { thing, names } = part;
  const [due, other] = part.settable(2, ['date']);
  if (due === undefined || other === undefined) return null;
  const [unit, add] = part.random.weighted<Pair>([
    [4, ['DAYS', 'addDays']],
    [1, ['MONTHS', 'addMonths']],
  ]);
  const first = `${constantName(part.pick(due.label, 'grace', due.label))}_${unit}`;
  const second = `${constantName(part.pick(other.label, 'notice', other.label))}_${unit}`;
  if (first === second) return null;
  const created = `${names.one}.CreatedDate.date()`;
  const base = part.pick('Date.today()', 'System.today()', created);
  const isBefore = part.random.chance(0.6);
  const start = base === created ? 'the day it was created' : 'today';
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
    ${opened(part, 'void', part.pick('setDates', 'applyDates', 'planDates', `schedule${thing.className}`))}(${recordParameter(part, isList)}) {
        ${forRecords(part, isList, set)}
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
  const now = isPast
    ? part.pick('System.now()', 'Datetime.now()')
    : part.pick('Date.today()', 'System.today()');
  const bound = isPast
    ? part.pick('cutoff', 'threshold', 'oldest', 'deadline')
    : part.pick('until', 'horizon', 'latest', 'lastDay');
  const english = isPast
    ? `${thing.plural} that are older than ${constant}${api === 'CreatedDate' ? '' : ', by their last change'}`
    : `${thing.plural} whose ${field!.label} is reached within ${constant}`;
  const where = isPast ? `${api} < :${bound}` : `${free('')}${api} <= :${bound}`;
  const isDeleted = isPast && part.random.chance(0.4);
  const query = `[SELECT Id FROM ${thing.api} WHERE ${where}]`;
  return apex`
    ${declared(part, [[constant, 'Integer', part.pick('7', '30', '90', '180', '365')]])}

    ${told(part, isDeleted ? `deletes ${english}` : english)}
    ${opened(part, isDeleted ? 'void' : `List<${thing.api}>`, isDeleted ? part.pick('purge', 'cleanUp', 'deleteOld') : part.pick('findDue', 'getCandidates', `load${pluralName(thing.label)}`))}() {
        ${isPast ? 'Datetime' : 'Date'} ${seen(bound)} = ${now}.addDays(${isPast ? '-' : ''}${constant});
        ${isDeleted ? `List<${thing.api}> ${names.newMany} = ${query};\ndelete ${names.many};` : `return ${query};`}
    }
  `;
};

interface Choice {
  readonly condition: string;
  readonly yes: string;
  readonly no: string;
  /** What stands before the rate in the answer: `order.Amount__c * `, or nothing. */
  readonly times: string;
  readonly rate: string;
  readonly flag: string;
}

type ChoiceForm = 'ternary' | 'variable' | 'if' | 'flag';

/** Statements that answer with the one rate or the other. */
function chosenRate(form: ChoiceForm, { condition, yes, no, times, rate, flag }: Choice): readonly string[] {
  switch (form) {
    case 'if':
      return [when(condition, `return ${times}${yes};`), `return ${times}${no};`];
    case 'flag':
      return [`Boolean ${seen(flag)} = ${condition};`, `return ${flag} ? ${times}${yes} : ${times}${no};`];
    case 'variable':
      return [`Decimal ${seen(rate)} = ${condition} ? ${yes} : ${no};`, `return ${times}${rate};`];
    case 'ternary': {
      const either = `${condition} ? ${yes} : ${no}`;
      return [times === '' ? `return ${either};` : `return ${times}(${either});`];
    }
  }
}

/** Two rates, chosen by a flag, and what is made of them. */
export const flagRates: Member = (part) => {
  const { names } = part;
  const flag = part.field(['checkbox']);
  const amount = part.field(['currency']);
  if (flag === null || amount === null) return null;
  const word = wordOr(part, 'rate', 'fee', 'discount', 'surcharge', 'factor', 'share', 'bonus');
  const [rate, flagged] = [constantName(word), constantName(flag.label)];
  const [yes, no] = part.pick<Pair>(
    [`${flagged}_${rate}`, `STANDARD_${rate}`],
    [`${flagged}_${rate}`, `DEFAULT_${rate}`],
    [`${rate}_WHEN_${flagged}`, `${rate}_OTHERWISE`],
  );
  const isAmount = part.random.chance(0.5);
  const form = part.pick<ChoiceForm>('ternary', 'variable', 'if', 'flag');
  const chosen = chosenRate(form, {
    condition: `${names.one}.${flag.api}`,
    yes,
    no,
    times: isAmount ? `${names.one}.${amount.api} * ` : '',
    rate: word,
    flag: part.pick('flagged', `is${pascalCase(flag.label)}`, 'special'),
  });
  const answer = isAmount ? `the ${amount.label} times the ${word}` : `the ${word}`;
  const english = `${answer} of a ${part.thing.label}: ${yes} when ${flag.label}, else ${no}`;
  return apex`
    ${declared(part, [
      [yes, 'Decimal', part.pick('0.15', '0.2', '24.00', '1.5')],
      [no, 'Decimal', part.pick('0.05', '0.1', '18.50', '1')],
    ])}

    ${told(part, english, [names.one])}
    ${opened(part, 'Decimal', part.pick(`${word}For`, `get${pascalCase(word)}`, `calculate${pascalCase(word)}`, `${word}Of`))}(${recordParameter(part, false)}) {
        ${chosen}
    }
  `;
};
