/** What small general code runs over: lists of texts, numbers, days, ids, records or objects of an inner class, and tests of them. */
import type { Field } from '../../nouns.js';
import { camelCase, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { free, seen } from '../apex.js';
import { apexType, type Part } from '../part.js';
import { isReserved } from '../style.js';

type ItemKind = 'text' | 'whole' | 'decimal' | 'day' | 'id' | 'record' | 'inner';

export interface Items {
  readonly kind: ItemKind;
  readonly type: string;
  readonly one: string;
  readonly many: string;
  /** For the places where they are declared. */
  readonly newOne: string;
  readonly newMany: string;
  /** Plural and singular, as a comment says them. */
  readonly noun: string;
  readonly nounOne: string;
  /** In names of methods: `Codes`, `Invoices`. */
  readonly Nouns: string;
  readonly Noun: string;
  /** Of records and inner classes: the field that the value is in. */
  readonly field: Field | null;
  readonly member: string;
  readonly valueType: string;
  readonly valueLabel: string;
  /** The inner class, or nothing. */
  readonly declared: string;
}

const nouns: Readonly<Record<'text' | 'whole' | 'decimal' | 'day', readonly string[]>> = {
  text: [
    'name',
    'code',
    'tag',
    'word',
    'email',
    'line',
    'title',
    'label',
    'token',
    'city',
    'keyword',
    'alias',
  ],
  whole: ['score', 'quantity', 'age', 'point', 'rank', 'size', 'step', 'level', 'vote', 'duration'],
  decimal: ['amount', 'price', 'rate', 'cost', 'weight', 'fee', 'discount', 'distance', 'margin', 'payment'],
  day: ['deadline', 'holiday', 'visit', 'birthday', 'dueDate', 'startDate', 'milestone', 'shift'],
};
const types = { text: 'String', whole: 'Integer', decimal: 'Decimal', day: 'Date' } as const;
const idHolders = ['account', 'owner', 'parent', 'contact', 'user', 'record', 'target', 'manager'] as const;
const innerNames = [
  'Line',
  'Entry',
  'Item',
  'Row',
  'Position',
  'Slot',
  'Stop',
  'Piece',
  'Node',
  'Sample',
] as const;

/** Parameters, constants and variables of one text must not meet. */
export function fresh(part: Part, used: readonly string[], ...options: readonly string[]): string {
  const isUsed = (name: string): boolean =>
    isReserved(name) || used.some((other) => other.toLowerCase() === name.toLowerCase());
  const left = options.filter((name) => !isUsed(name));
  if (left.length > 0) return part.random.pick(left);
  for (;;) {
    const word = unknownWord(part.random);
    if (!isUsed(word)) return word;
  }
}

/** What a method returns to: in most cases a word of the file's style, else one of those that fit. */
export function resultName(part: Part, used: readonly string[], ...options: readonly string[]): string {
  const styled = part.style.result === 'results' ? 'results' : part.style.result;
  return part.random.chance(0.12) && !used.includes(styled) ? styled : fresh(part, used, ...options);
}

export function drawItems(part: Part, ...kinds: readonly ItemKind[]): Items | null {
  const kind = part.random.pick(kinds);
  if (kind === 'record') return recordItems(part);
  if (kind === 'inner') return innerItems(part);
  const base =
    kind === 'id'
      ? `${part.random.chance(0.25) ? unknownWord(part.random) : part.random.pick(idHolders)}Id`
      : part.random.chance(0.25)
        ? unknownWord(part.random)
        : part.random.pick(nouns[kind]);
  const many = part.random.chance(0.8)
    ? pluralOf(base)
    : part.pick(`all${pascalCase(pluralOf(base))}`, `${base}List`);
  const one = part.random.weighted([
    [6, base],
    [1, fresh(part, [many], 'item', 'current', 'candidate', 'entry')],
    [0.6, fresh(part, [many], base[0]!, 'element')],
  ]);
  return {
    kind,
    type: kind === 'id' ? 'Id' : types[kind],
    one,
    many,
    newOne: one === base && many === pluralOf(base) ? one : seen(one),
    newMany: seen(many),
    noun: spoken(pluralOf(base)),
    nounOne: spoken(base),
    Nouns: pascalCase(pluralOf(base)),
    Noun: pascalCase(base),
    field: null,
    member: '',
    valueType: kind === 'id' ? 'Id' : types[kind],
    valueLabel: spoken(base),
    declared: '',
  };
}

function recordItems(part: Part): Items | null {
  const { thing, names } = part;
  const field = part.field(['currency', 'date', 'text', 'email', 'picklist', 'checkbox', 'integer']);
  if (field === null) return null;
  return {
    kind: 'record',
    type: thing.api,
    one: names.one,
    many: names.many,
    newOne: names.newOne,
    newMany: names.newMany,
    noun: thing.plural,
    nounOne: thing.label,
    Nouns: pascalCase(thing.plural),
    Noun: thing.className,
    field,
    member: field.api,
    valueType: apexType(field),
    valueLabel: field.label,
    declared: '',
  };
}

function innerItems(part: Part): Items {
  const type = part.random.chance(0.3) ? pascalCase(unknownWord(part.random)) : part.random.pick(innerNames);
  const base = camelCase(type);
  const valueType = part.pick('Integer', 'Decimal', 'String', 'Date', 'Boolean');
  const member = fresh(part, [base], ...membersOf(valueType));
  const other = fresh(part, [base, member], 'label', 'code', 'name', 'title', 'key');
  const properties = part.random.shuffled([
    `    public ${free(`${valueType} ${member}`)};`,
    `    public ${free(`String ${other}`)};`,
  ]);
  const many = part.pick(pluralOf(base), `all${pascalCase(pluralOf(base))}`);
  const one = fresh(part, [many], base, base, 'current', 'candidate');
  return {
    kind: 'inner',
    type,
    one,
    many,
    newOne: one === base && many === pluralOf(base) ? one : seen(one),
    newMany: seen(many),
    noun: pluralOf(base),
    nounOne: base,
    Nouns: pascalCase(pluralOf(base)),
    Noun: type,
    field: null,
    member,
    valueType,
    valueLabel: spoken(member),
    declared: `${part.pick('public', 'private', 'public')} class ${free(type)} {\n${properties.join('\n')}\n}\n\n`,
  };
}

function membersOf(type: string): readonly string[] {
  switch (type) {
    case 'Integer':
      return ['quantity', 'seats', 'points', 'position', 'weeks', 'priority'];
    case 'Decimal':
      return ['amount', 'price', 'weight', 'cost', 'rate', 'distance'];
    case 'Date':
      return ['dueDate', 'startsOn', 'validUntil', 'shippedOn', 'visitDate'];
    case 'Boolean':
      return ['isDone', 'isActive', 'isPaid', 'approved', 'isLocked', 'visible'];
    default:
      return ['city', 'status', 'color', 'region', 'category', 'note'];
  }
}

/** `dueDate` → `due date`. */
export function spoken(name: string): string {
  return name.replace(/(?<=[a-z])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The value of `one`: itself, or its field. */
export function valueOf(items: Items, one: string): string {
  return items.member === '' ? one : `${one}.${items.member}`;
}

/** The head of a method: nobody knows its name, but what it returns tells its type. */
export function head(part: Part, type: string, name: string, ...parameters: readonly string[]): string {
  const { access } = part.style;
  const modifiers = part.pick(
    `${access} static`,
    `${access} static`,
    `${access} static`,
    'private static',
    access,
  );
  return `${free(modifiers)} ${type} ${free(name)}(${parameters.join(', ')}) {`;
}

export interface Test {
  /** `negative`, `Negative`. */
  readonly adjective: string;
  /** `that are below zero`. */
  readonly clause: string;
  readonly code: (one: string) => string;
  /** `Integer ‹maximum›`, and its name; empty = none. */
  readonly parameter: string;
  readonly parameterName: string;
  readonly constant: string;
}

const plainTest = { parameter: '', parameterName: '', constant: '' } as const;

/** A test of an item by what its type has, against nothing, a parameter or a constant that stands above. */
export function drawTest(part: Part, items: Items): Test {
  const value = (one: string): string => valueOf(items, one);
  const label = items.member === '' ? '' : `${items.valueLabel} `;
  switch (items.valueType) {
    case 'String':
      return textTest(part, value, label);
    case 'Integer':
    case 'Decimal':
      return numberTest(part, items, value, label);
    case 'Date':
      return dateTest(part, value, label);
    case 'Boolean':
      return {
        ...plainTest,
        adjective: spoken(
          items.member
            .replace(/__c$/, '')
            .replace(/_/g, ' ')
            .replace(/^is(?=[A-Z])/, ''),
        ).toLowerCase(),
        clause: `whose ${label}flag is set`,
        code: value,
      };
    default: {
      const name = fresh(part, [items.one, items.many], 'wanted', 'expected', 'other', 'given');
      return {
        adjective: 'matching',
        clause: `that are equal to the ${name} one`,
        code: (one) => `${value(one)} == ${name}`,
        parameter: `${items.valueType} ${seen(name)}`,
        parameterName: name,
        constant: '',
      };
    }
  }
}

type Value = (one: string) => string;

function textTest(part: Part, value: Value, label: string): Test {
  const has = label === '' ? '' : `whose ${label}`;
  const prefix = part.pick('prefix', 'start', 'beginning');
  const wanted = part.pick('wanted', 'searched', 'expected', 'filter');
  const piece = part.pick('term', 'fragment', 'text', 'needle');
  const length = part.pick('maxLength', 'lengthMax', 'maximumLength');
  const constant = part.pick('MAX_LENGTH', 'LENGTH_LIMIT', 'MAX_CHARS');
  const given = (name: string) => ({ parameter: `String ${seen(name)}`, parameterName: name, constant: '' });
  const verb = label === '' ? 'that' : has;
  return part.pick<() => Test>(
    () => ({
      ...plainTest,
      adjective: 'blank',
      clause: label === '' ? 'that are blank' : `${has}is blank`,
      code: (one) => `String.isBlank(${value(one)})`,
    }),
    () => ({
      ...plainTest,
      adjective: 'filled',
      clause: label === '' ? 'that are not blank' : `${has}is not blank`,
      code: (one) => `String.isNotBlank(${value(one)})`,
    }),
    () => ({
      ...given(prefix),
      adjective: 'prefixed',
      clause: `${verb} start${label === '' ? '' : 's'} with the ${prefix}`.replace('  ', ' '),
      code: (one) => `${value(one)}.startsWith(${prefix})`,
    }),
    () => ({
      ...given(wanted),
      adjective: part.pick('matching', 'equal'),
      clause: `${verb} equal${label === '' ? '' : 's'} the ${wanted} one`.replace('  ', ' '),
      code: (one) => `${value(one)} == ${wanted}`,
    }),
    () => ({
      ...given(piece),
      adjective: 'containing',
      clause: `${verb} contain${label === '' ? '' : 's'} the ${piece}`.replace('  ', ' '),
      code: (one) => `${value(one)}.${label === '' ? 'contains' : 'contains'}(${piece})`,
    }),
    () => ({
      parameter: `Integer ${seen(length)}`,
      parameterName: length,
      constant: '',
      adjective: 'long',
      clause: `${verb === 'that' ? 'that are' : `${has}is`} longer than ${length}`,
      code: (one) => `${value(one)}.length() > ${length}`,
    }),
    () => ({
      ...plainTest,
      constant: `private static final Integer ${free(`${constant} = ${String(part.random.integer(10, 255))}`)};\n\n`,
      adjective: 'too long',
      clause: `${verb === 'that' ? 'that are' : `${has}is`} longer than ${constant}`,
      code: (one) => `${value(one)}.length() > ${constant}`,
    }),
  )();
}

function numberTest(part: Part, { valueType, one, many }: Items, value: Value, label: string): Test {
  const whose = label === '' ? 'that are' : `whose ${label}is`;
  const name = fresh(part, [one, many], 'threshold', 'minimum', 'lowest', 'bound', 'floorValue', 'barrier');
  const upper = fresh(part, [one, many], 'maximum', 'ceilingValue', 'upperBound', 'cap', 'highest');
  const constant = part.pick('THRESHOLD', 'MINIMUM', 'LOWER_BOUND', 'REQUIRED', 'BASE_VALUE');
  const given = (said: string) => ({
    parameter: `${valueType} ${seen(said)}`,
    parameterName: said,
    constant: '',
  });
  return part.pick<() => Test>(
    () => ({
      ...plainTest,
      adjective: 'negative',
      clause: `${whose} below zero`,
      code: (item) => `${value(item)} < 0`,
    }),
    () => ({
      ...plainTest,
      adjective: 'positive',
      clause: `${whose} above zero`,
      code: (item) => `${value(item)} > 0`,
    }),
    () => ({
      ...given(name),
      adjective: 'large',
      clause: `${whose} above the ${spoken(name)}`,
      code: (item) => `${value(item)} > ${name}`,
    }),
    () => ({
      ...given(name),
      adjective: 'sufficient',
      clause: `${whose} at least the ${spoken(name)}`,
      code: (item) => `${value(item)} >= ${name}`,
    }),
    () => ({
      ...given(upper),
      adjective: 'allowed',
      clause: `${whose} not above the ${spoken(upper)}`,
      code: (item) => `${value(item)} <= ${upper}`,
    }),
    () => ({
      ...plainTest,
      constant: `private static final ${valueType} ${free(`${constant} = ${String(part.random.integer(2, 500))}`)};\n\n`,
      adjective: part.pick('low', 'insufficient', 'small'),
      clause: `${whose} below ${constant}`,
      code: (item) => `${value(item)} < ${constant}`,
    }),
  )();
}

function dateTest(part: Part, value: Value, label: string): Test {
  const whose = label === '' ? 'that are' : `whose ${label}is`;
  const day = part.pick('cutoff', 'reference', 'keyDate', 'asOf');
  const days = part.pick('WARNING_DAYS', 'GRACE_DAYS', 'LEAD_DAYS', 'NOTICE_DAYS');
  const given = { parameter: `Date ${seen(day)}`, parameterName: day, constant: '' } as const;
  return part.pick<() => Test>(
    () => ({
      ...plainTest,
      adjective: 'past',
      clause: `${whose} before today`,
      code: (one) => `${value(one)} < Date.today()`,
    }),
    () => ({
      ...plainTest,
      adjective: 'upcoming',
      clause: `${whose} after today`,
      code: (one) => `${value(one)} > Date.today()`,
    }),
    () => ({
      ...given,
      adjective: 'earlier',
      clause: `${whose} before the ${spoken(day)}`,
      code: (one) => `${value(one)} < ${day}`,
    }),
    () => ({
      ...given,
      adjective: 'later',
      clause: `${whose} after the ${spoken(day)}`,
      code: (one) => `${value(one)} > ${day}`,
    }),
    () => ({
      ...plainTest,
      constant: `private static final Integer ${free(`${days} = ${String(part.random.integer(2, 60))}`)};\n\n`,
      adjective: 'near',
      clause: `${whose} within ${days} from today`,
      code: (one) => `${value(one)} <= Date.today().addDays(${days})`,
    }),
  )();
}

/** A loop over the items; `body` is given the name or the expression of one. */
export function looped(
  part: Part,
  items: Items,
  body: (one: string) => string,
  extra: readonly string[] = [],
): string {
  const index = fresh(part, [items.one, items.many, ...extra], 'i', 'i', 'i', 'index', 'idx', 'n', 'k');
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');
  const each = `for (${items.type} ${items.newOne} : ${items.many}) {\n${indented(body(items.one))}\n}`;
  return part.random.weighted<() => string>([
    [6, () => each],
    [
      2,
      () =>
        `for (Integer ${seen(index)} = 0; ${index} < ${items.many}.size(); ${index}++) {\n${indented(body(`${items.many}[${index}]`))}\n}`,
    ],
    [
      1,
      () =>
        `for (Integer ${seen(index)} = 0; ${index} < ${items.many}.size(); ${index}++) {\n${indented(`${items.type} ${items.newOne} = ${items.many}${part.pick(`[${index}]`, `.get(${index})`)};\n${body(items.one)}`)}\n}`,
    ],
    [
      0.6,
      () =>
        `Integer ${seen(index)} = 0;\nwhile (${index} < ${items.many}.size()) {\n${indented(`${items.type} ${items.newOne} = ${items.many}[${index}];\n${body(items.one)}\n${index}++;`)}\n}`,
    ],
  ])();
}

/** What is to be done stands above a method in every style, unless its name says it too. */
export function told(
  part: Part,
  english: string,
  parameters: readonly string[] = [],
  returned = '',
  isNameEnough = false,
): string {
  if (part.style.doc === 'none' && isNameEnough && part.random.chance(0.6)) return '';
  const text = part.style.doc === 'none' ? part.comment(english) : part.doc(english, parameters, returned);
  return text.replace('?.', '?');
}

/** Whether a test's adjective in the method's name says all about it. */
export function isPlain(test: Test): boolean {
  return test.parameter === '' && test.constant === '';
}

/** The parameters of a method that takes the items, and those of a test. */
export function parametersOf(items: Items, test?: Test, collection = 'List'): string[] {
  const list = `${collection}<${items.type}> ${items.newMany}`;
  return test === undefined || test.parameter === '' ? [list] : [list, test.parameter];
}

/** The same in camel case for the name of a method: `countBlankCodes`. */
export function named(...words: readonly string[]): string {
  return camelCase(words.flatMap((word) => word.split(' ')).join(' '));
}
