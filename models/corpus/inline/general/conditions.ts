/** Conditions on an item, by what its type has: against nothing, a parameter, or a constant that stands above the method. */
import { seen } from '../apex.js';
import type { Part } from '../part.js';
import { valueOf, type Items } from './items.js';
import { constantOf, fresh, spoken } from './words.js';

export interface Condition {
  /** `negative`, `Negative`. */
  readonly adjective: string;
  /** `that are below zero`. */
  readonly clause: string;
  readonly code: (one: string) => string;
  /** `Integer ‹maximum›`, and its name; empty = none. */
  readonly parameter: string;
  readonly parameterName: string;
  /** The constant's declaration and the blank line behind it, or nothing. */
  readonly constant: string;
}

type Value = (one: string) => string;

const unaided = { parameter: '', parameterName: '', constant: '' } as const;

/** Of a condition against the parameter. */
function against(type: string, name: string): Omit<Condition, 'adjective' | 'clause' | 'code'> {
  return { parameter: `${type} ${seen(name)}`, parameterName: name, constant: '' };
}

/** Whether a condition's adjective in the method's name says all about it. */
export function isPlain(condition: Condition): boolean {
  return condition.parameter === '' && condition.constant === '';
}

/** A condition on the items' values. */
export function drawCondition(part: Part, items: Items): Condition {
  const value: Value = (one) => valueOf(items, one);
  const label = items.member === '' ? '' : items.valueLabel;
  switch (items.valueType) {
    case 'String':
      return textCondition(part, value, label);
    case 'Integer':
    case 'Decimal':
      return numberCondition(part, items, value, label);
    case 'Date':
      return dayCondition(part, value, label);
    case 'Boolean':
      return flagCondition(items, value, label);
    default: {
      const name = fresh(part, [items.one, items.many], 'wanted', 'expected', 'other', 'given');
      return {
        ...against(items.valueType, name),
        adjective: 'matching',
        clause: `that are equal to the ${name} one`,
        code: (one) => `${value(one)} == ${name}`,
      };
    }
  }
}

function flagCondition(items: Items, value: Value, label: string): Condition {
  const adjective = items.member
    .replace(/__c$/, '')
    .replace(/_/g, ' ')
    .replace(/^is(?=[A-Z])/, '');
  return {
    ...unaided,
    adjective: spoken(adjective).toLowerCase(),
    clause: `whose ${label} flag is set`,
    code: value,
  };
}

function textCondition(part: Part, value: Value, label: string): Condition {
  const isField = label !== '';
  const are = isField ? `whose ${label} is` : 'that are';
  const doing = (verb: string): string => (isField ? `whose ${label} ${verb}s` : `that ${verb}`);
  const prefix = part.pick('prefix', 'start', 'beginning');
  const wanted = part.pick('wanted', 'searched', 'expected', 'filter');
  const piece = part.pick('term', 'fragment', 'text', 'needle');
  const length = part.pick('maxLength', 'lengthMax', 'maximumLength');
  const constant = part.pick('MAX_LENGTH', 'LENGTH_LIMIT', 'MAX_CHARS');
  return part.pick<() => Condition>(
    () => ({
      ...unaided,
      adjective: 'blank',
      clause: `${are} blank`,
      code: (one) => `String.isBlank(${value(one)})`,
    }),
    () => ({
      ...unaided,
      adjective: 'filled',
      clause: `${are} not blank`,
      code: (one) => `String.isNotBlank(${value(one)})`,
    }),
    () => ({
      ...against('String', prefix),
      adjective: 'prefixed',
      clause: `${doing('start')} with the ${prefix}`,
      code: (one) => `${value(one)}.startsWith(${prefix})`,
    }),
    () => ({
      ...against('String', wanted),
      adjective: part.pick('matching', 'equal'),
      clause: `${doing('equal')} the ${wanted} one`,
      code: (one) => `${value(one)} == ${wanted}`,
    }),
    () => ({
      ...against('String', piece),
      adjective: 'containing',
      clause: `${doing('contain')} the ${piece}`,
      code: (one) => `${value(one)}.contains(${piece})`,
    }),
    () => ({
      ...against('Integer', length),
      adjective: 'long',
      clause: `${are} longer than ${length}`,
      code: (one) => `${value(one)}.length() > ${length}`,
    }),
    () => ({
      ...unaided,
      constant: `${constantOf('Integer', constant, part.random.integer(10, 255))}\n\n`,
      adjective: 'too long',
      clause: `${are} longer than ${constant}`,
      code: (one) => `${value(one)}.length() > ${constant}`,
    }),
  )();
}

function numberCondition(
  part: Part,
  { valueType, one, many }: Items,
  value: Value,
  label: string,
): Condition {
  const are = label === '' ? 'that are' : `whose ${label} is`;
  const lower = fresh(part, [one, many], 'threshold', 'minimum', 'lowest', 'bound', 'floorValue', 'barrier');
  const upper = fresh(part, [one, many], 'maximum', 'ceilingValue', 'upperBound', 'cap', 'highest');
  const constant = part.pick('THRESHOLD', 'MINIMUM', 'LOWER_BOUND', 'REQUIRED', 'BASE_VALUE');
  return part.pick<() => Condition>(
    () => ({
      ...unaided,
      adjective: 'negative',
      clause: `${are} below zero`,
      code: (item) => `${value(item)} < 0`,
    }),
    () => ({
      ...unaided,
      adjective: 'positive',
      clause: `${are} above zero`,
      code: (item) => `${value(item)} > 0`,
    }),
    () => ({
      ...against(valueType, lower),
      adjective: 'large',
      clause: `${are} above the ${spoken(lower)}`,
      code: (item) => `${value(item)} > ${lower}`,
    }),
    () => ({
      ...against(valueType, lower),
      adjective: 'sufficient',
      clause: `${are} at least the ${spoken(lower)}`,
      code: (item) => `${value(item)} >= ${lower}`,
    }),
    () => ({
      ...against(valueType, upper),
      adjective: 'allowed',
      clause: `${are} not above the ${spoken(upper)}`,
      code: (item) => `${value(item)} <= ${upper}`,
    }),
    () => ({
      ...unaided,
      constant: `${constantOf(valueType, constant, part.random.integer(2, 500))}\n\n`,
      adjective: part.pick('low', 'insufficient', 'small'),
      clause: `${are} below ${constant}`,
      code: (item) => `${value(item)} < ${constant}`,
    }),
  )();
}

function dayCondition(part: Part, value: Value, label: string): Condition {
  const are = label === '' ? 'that are' : `whose ${label} is`;
  const day = part.pick('cutoff', 'reference', 'keyDate', 'asOf');
  const days = part.pick('WARNING_DAYS', 'GRACE_DAYS', 'LEAD_DAYS', 'NOTICE_DAYS');
  return part.pick<() => Condition>(
    () => ({
      ...unaided,
      adjective: 'past',
      clause: `${are} before today`,
      code: (one) => `${value(one)} < Date.today()`,
    }),
    () => ({
      ...unaided,
      adjective: 'upcoming',
      clause: `${are} after today`,
      code: (one) => `${value(one)} > Date.today()`,
    }),
    () => ({
      ...against('Date', day),
      adjective: 'earlier',
      clause: `${are} before the ${spoken(day)}`,
      code: (one) => `${value(one)} < ${day}`,
    }),
    () => ({
      ...against('Date', day),
      adjective: 'later',
      clause: `${are} after the ${spoken(day)}`,
      code: (one) => `${value(one)} > ${day}`,
    }),
    () => ({
      ...unaided,
      constant: `${constantOf('Integer', days, part.random.integer(2, 60))}\n\n`,
      adjective: 'near',
      clause: `${are} within ${days} from today`,
      code: (one) => `${value(one)} <= Date.today().addDays(${days})`,
    }),
  )();
}
