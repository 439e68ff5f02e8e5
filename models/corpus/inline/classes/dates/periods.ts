/** Periods of two dates: overlaps, lengths, checks before saving, and deadlines by priority. */
import { cannotShareScope, recordNames } from '../names.js';
import { capitalized } from '../../../phrase.js';
import { joinedMembers, lines, loop, pairOfFields } from '../../bulk/base.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { declared, opened, told } from '../../scope/words.js';
import { guard, methodOf, ownField, type Told } from '../methods.js';

/** The names of a period's two ends. */
function ends(part: Part): readonly [string, string] {
  return part.pick<readonly [string, string]>(
    ['startDate', 'endDate'],
    ['fromDate', 'toDate'],
    ['firstDay', 'lastDay'],
    ['validFrom', 'validTo'],
    ['opens', 'closes'],
  );
}

/** What one can ask a period that has `a` and `b` as its ends, the last day included. */
function periodMethods(part: Part, type: string, a: string, b: string): readonly Told[] {
  const other = part.pick('other', 'that', 'another');
  const day = part.pick('day', 'someDay', 'given');
  return [
    {
      said: `do both have a day in common?`,
      type: 'Boolean',
      name: 'overlaps',
      given: [[type, other]],
      lines: [`return ${a} <= ${other}.${b} && ${other}.${a} <= ${b};`],
    },
    {
      said: `is the ${day} in it? ${a} and ${b} are part of it`,
      type: 'Boolean',
      name: 'contains',
      given: [['Date', day]],
      lines: [`return ${day} >= ${a} && ${day} <= ${b};`],
    },
    {
      said: `number of days, ${a} and ${b} both counted`,
      type: 'Integer',
      name: part.pick('days', 'length', 'countDays'),
      given: [],
      lines: [`return ${a}.daysBetween(${b}) + 1;`],
    },
    {
      said: `does ${b} lie before ${a}?`,
      type: 'Boolean',
      name: part.pick('isEmpty', 'isInvalid', 'isReversed'),
      given: [],
      lines: [`return ${b} < ${a};`],
    },
    {
      said: `is it over before the ${day}?`,
      type: 'Boolean',
      name: 'endsBefore',
      given: [['Date', day]],
      lines: [`return ${b} < ${day};`],
    },
    {
      said: `the same period, moved by a number of days`,
      type,
      name: part.pick('shiftedBy', 'movedBy', 'shift'),
      given: [['Integer', 'count']],
      lines: [`return new ${type}(${a}.addDays(count), ${b}.addDays(count));`],
    },
    {
      said: `does all of ${other} lie in it?`,
      type: 'Boolean',
      name: 'covers',
      given: [[type, other]],
      lines: [`return ${a} <= ${other}.${a} && ${b} >= ${other}.${b};`],
    },
  ];
}

/** A class of its own for a period. */
export const period: Member = (part) => {
  const [a, b] = ends(part);
  const isInner = part.random.chance(0.4);
  const type = isInner ? part.pick('Period', 'Span', 'Interval', 'DateRange') : part.className;
  const methods = part.random.sample(periodMethods(part, type, a, b), part.random.integer(2, 4));
  const ending = part.pick(';', ';', ' { get; private set; }');
  const inside = joinedMembers(
    `public Date ${seen(a)}${ending}\npublic Date ${seen(b)}${ending}`,
    apex`
      public ${type}(Date ${a}, Date ${b}) {
          this.${a} = ${a};
          this.${b} = ${b};
      }
    `,
    ...methods.map((one) => methodOf(part, one, false)),
  );
  if (!isInner) return inside;
  const [from, to] = pairOfFields(part, ['date']) ?? [null, null];
  if (from === null || to === null) return null;
  const { one, many } = recordNames(part);
  const list = part.pick('periods', 'ranges', 'found', 'spans');
  if (cannotShareScope(one, many, list)) return null;
  const inner = `public class ${seen(type)} {\n${indented(inside)}\n}`;
  return joinedMembers(
    apex`
      ${told(part, `one ${type} for each ${part.thing.label}, from the ${from.label} to the ${to.label}`)}
      ${opened(part, `List<${type}>`, part.pick('toPeriods', 'periodsOf', 'collect'))}(List<${part.thing.api}> ${seen(many)}) {
          List<${type}> ${seen(list)} = new List<${type}>();
          ${loop(part.thing.api, one, many, `${list}.add(new ${type}(${one}.${from.api}, ${one}.${to.api}));`)}
          return ${list};
      }
    `,
    inner,
  );
};

/** Records whose end lies before their start are refused. */
export const orderOfDates: Member = (part) => {
  const pair = part.random.chance(0.5)
    ? pairOfFields(part, ['date'])?.map(({ api, label }) => ({ api, label }))
    : part
        .pick(
          ['start date', 'end date'],
          ['valid from', 'valid until'],
          ['arrival', 'departure'],
          ['first day', 'last day'],
        )
        .map((label) => ({ api: ownField(part, label), label }));
  if (pair === undefined) return null;
  const [from, to] = [pair[0]!, pair[1]!];
  const { one, many } = recordNames(part);
  const isShort = part.random.chance(0.28);
  const [a, b] = [`${one}.${from.api}`, `${one}.${to.api}`];
  const message = part.pick('MESSAGE', 'WRONG_ORDER', 'DATES_REVERSED', 'ERROR_DATES');
  const target = part.pick(one, `${one}.${to.api}`);
  const refuse = `${target}.addError(${message});`;
  const form = part.pick('joined', 'continue', 'nested', 'helper');
  const question = part.pick('isReversed', 'endsTooEarly', 'isWrong');
  const type = part.thing.api;
  const body: Record<typeof form, string> = {
    joined: when(`${a} != null && ${b} != null && ${b} < ${a}`, refuse),
    continue: lines(
      guard(isShort, `${a} == null || ${b} == null`, 'continue;'),
      guard(isShort, `${b} < ${a}`, refuse),
    ),
    nested: when(`${a} != null && ${b} != null`, when(`${b} < ${a}`, refuse)),
    helper: guard(isShort, `${question}(${a}, ${b})`, refuse),
  };
  const helper = (): string =>
    methodOf(part, {
      said: `does the ${to.label} lie before the ${from.label}? Not where one of them is missing`,
      type: 'Boolean',
      name: question,
      given: [
        ['Date', 'startDay'],
        ['Date', 'endDay'],
      ],
      lines: [
        guard(isShort, 'startDay == null || endDay == null', 'return false;'),
        'return endDay < startDay;',
      ],
    });
  return joinedMembers(
    declared(part, [[message, 'String', `'The ${to.label} must not lie before the ${from.label}.'`]]),
    apex`
      ${told(part, `the ${to.label} must not lie before the ${from.label}; ${type} without one of them passes${target === one ? '; the record has the message' : `; the ${to.label} has the message`}`)}
      ${opened(part, 'void', part.pick('validateDates', 'checkOrder', 'validate', 'checkPeriod'))}(List<${type}> ${seen(many)}) {
          ${free('')}${loop(type, one, many, body[form])}
      }
    `,
    form === 'helper' ? helper() : '',
  );
};

/** Days until something is due, by a value: high 1, medium 3, others 5. */
export const deadlines: Member = (part) => {
  const field = part.fields(3, ['picklist']).find(({ values }) => values.length >= 3);
  const to = part.settable(1, ['date'])[0];
  if (field === undefined || to === undefined) return null;
  const { one } = recordNames(part);
  const map = part.pick('DAYS_BY_VALUE', 'TERM_DAYS', 'DAYS_PER_VALUE', 'DUE_DAYS');
  const other = part.pick('DEFAULT_DAYS', 'OTHER_DAYS', 'STANDARD_DAYS');
  const days = part.pick('days', 'termDays', 'count');
  const values = part.random
    .sample(field.values, part.random.integer(2, 3))
    .map((value) => value.replace(/'/g, ''));
  if (cannotShareScope(one, days)) return null;
  const at = `${one}.${field.api}`;
  const known = `${map}.containsKey(${at})`;
  const isTernary = part.random.chance(0.5);
  const found = isTernary
    ? `Integer ${seen(days)} = ${known} ? ${map}.get(${at}) : ${other};`
    : lines(`Integer ${seen(days)} = ${map}.get(${at});`, when(`${days} == null`, `${days} = ${other};`));
  const entries = values
    .map((value) => free(`'${value}' => ${part.pick('1', '2', '3', '5', '8')}`))
    .join(',\n');
  return joinedMembers(
    apex`
      ${part.comment(`days by ${field.label}`)}
      private static final Map<String, Integer> ${seen(map)} = new Map<String, Integer>{
          ${entries}
      };
      private static final Integer ${seen(other)} = ${free(part.pick('5', '10', '14'))};
    `,
    apex`
      ${told(part, `the ${to.label} is today plus the days for the ${field.label}, ${other} where it has none`)}
      ${opened(part, 'void', part.pick('setDeadline', `fill${capitalized(days)}`, 'plan'))}(${part.thing.api} ${seen(one)}) {
          ${free('')}${found}
          ${one}.${to.api} = Date.today().addDays(${days});
      }
    `,
  );
};
