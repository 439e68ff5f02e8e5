/** Lists that small general code runs over: of texts, numbers, days, ids, records or objects of an inner class. */
import { camelCase, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { free, indented, seen } from '../apex.js';
import { apexType, type Part } from '../part.js';
import { earlyReturn, fresh, spoken, wordOr } from './words.js';

type PlainKind = 'text' | 'whole' | 'decimal' | 'day' | 'id';
type ItemKind = PlainKind | 'record' | 'inner';

export interface Items {
  readonly type: string;
  readonly one: string;
  readonly many: string;
  /** The two where they are declared. */
  readonly newOne: string;
  readonly newMany: string;
  /** Plural and singular, as a comment says them. */
  readonly noun: string;
  readonly nounOne: string;
  /** In names of methods: `Codes`, `Invoices`. */
  readonly Nouns: string;
  readonly Noun: string;
  /** Of records and inner classes: the field that the value is in; else nothing. */
  readonly member: string;
  readonly valueType: string;
  readonly valueLabel: string;
  /** The inner class and the blank line behind it, or nothing. */
  readonly declared: string;
}

const plainItems: Readonly<Record<PlainKind, { readonly type: string; readonly nouns: readonly string[] }>> =
  {
    text: {
      type: 'String',
      nouns: [
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
    },
    whole: {
      type: 'Integer',
      nouns: ['score', 'quantity', 'age', 'point', 'rank', 'size', 'step', 'level', 'vote', 'duration'],
    },
    decimal: {
      type: 'Decimal',
      nouns: [
        'amount',
        'price',
        'rate',
        'cost',
        'weight',
        'fee',
        'discount',
        'distance',
        'margin',
        'payment',
      ],
    },
    day: {
      type: 'Date',
      nouns: ['deadline', 'holiday', 'visit', 'birthday', 'dueDate', 'startDate', 'milestone', 'shift'],
    },
    id: {
      type: 'Id',
      nouns: ['account', 'owner', 'parent', 'contact', 'user', 'record', 'target', 'manager'],
    },
  };

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

/** Items of one of the kinds; null when the object has no field for them. */
export function drawItems(part: Part, ...kinds: readonly ItemKind[]): Items | null {
  const kind = part.random.pick(kinds);
  if (kind === 'record') return recordItems(part);
  if (kind === 'inner') return innerItems(part);
  return drawPlain(part, kind);
}

function drawPlain(part: Part, kind: PlainKind): Items {
  const { type, nouns } = plainItems[kind];
  const word = wordOr(part, 0.25, ...nouns);
  const base = kind === 'id' ? `${word}Id` : word;
  const many = part.random.chance(0.8)
    ? pluralOf(base)
    : part.pick(`all${pascalCase(pluralOf(base))}`, `${base}List`);
  const one = part.random.weighted([
    [6, base],
    [1, fresh(part, [many], 'item', 'current', 'candidate', 'entry')],
    [0.6, fresh(part, [many], base[0]!, 'element')],
  ]);
  return {
    type,
    one,
    many,
    ...declaredNames(base, one, many),
    noun: spoken(pluralOf(base)),
    nounOne: spoken(base),
    Nouns: pascalCase(pluralOf(base)),
    Noun: pascalCase(base),
    member: '',
    valueType: type,
    valueLabel: spoken(base),
    declared: '',
  };
}

/** One of a list can be guessed from the list's name when it is the singular of that. */
function declaredNames(base: string, one: string, many: string): Pick<Items, 'newOne' | 'newMany'> {
  const isSingular = one === base && many === pluralOf(base);
  return { newOne: isSingular ? one : seen(one), newMany: seen(many) };
}

function recordItems(part: Part): Items | null {
  const { thing, names } = part;
  const field = part.field(['currency', 'date', 'text', 'email', 'picklist', 'checkbox', 'integer']);
  if (field === null) return null;
  return {
    type: thing.api,
    one: names.one,
    many: names.many,
    newOne: names.newOne,
    newMany: names.newMany,
    noun: thing.plural,
    nounOne: thing.label,
    Nouns: pascalCase(thing.plural),
    Noun: thing.className,
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
  const member = fresh(part, [base], ...innerMembers[valueType]);
  const other = fresh(part, [base, member], 'label', 'code', 'name', 'title', 'key');
  const properties = part.random.shuffled([
    `    public ${free(`${valueType} ${member}`)};`,
    `    public ${free(`String ${other}`)};`,
  ]);
  const many = part.pick(pluralOf(base), `all${pascalCase(pluralOf(base))}`);
  const one = fresh(part, [many], base, base, 'current', 'candidate');
  return {
    type,
    one,
    many,
    ...declaredNames(base, one, many),
    noun: pluralOf(base),
    nounOne: base,
    Nouns: pascalCase(pluralOf(base)),
    Noun: type,
    member,
    valueType,
    valueLabel: spoken(member),
    declared: `${part.pick('public', 'private', 'public')} class ${free(type)} {\n${properties.join('\n')}\n}\n\n`,
  };
}

const innerMembers = {
  Integer: ['quantity', 'seats', 'points', 'position', 'weeks', 'priority'],
  Decimal: ['amount', 'price', 'weight', 'cost', 'rate', 'distance'],
  Date: ['dueDate', 'startsOn', 'validUntil', 'shippedOn', 'visitDate'],
  Boolean: ['isDone', 'isActive', 'isPaid', 'approved', 'isLocked', 'visible'],
  String: ['city', 'status', 'color', 'region', 'category', 'note'],
} as const;

/** The value of `one`: itself, or its field. */
export function valueOf(items: Items, one: string): string {
  return items.member === '' ? one : `${one}.${items.member}`;
}

/** Whether the values can be compared by `<`. */
export function isOrdered(items: Items): boolean {
  return ['Integer', 'Decimal', 'Date'].includes(items.valueType);
}

/** A loop over the items; `body` is given the name or the expression of one. */
export function looped(
  part: Part,
  items: Items,
  body: (one: string) => string,
  extra: readonly string[] = [],
): string {
  const { type, one, many, newOne } = items;
  const index = fresh(part, [one, many, ...extra], 'i', 'i', 'i', 'index', 'idx', 'n', 'k');
  const block = (opening: string, ...lines: readonly string[]): string =>
    `${opening} {\n${indented(...lines)}\n}`;
  const counting = `for (Integer ${seen(index)} = 0; ${index} < ${many}.size(); ${index}++)`;
  return part.random.weighted<() => string>([
    [6, () => block(`for (${type} ${newOne} : ${many})`, body(one))],
    [2, () => block(counting, body(`${many}[${index}]`))],
    [
      1,
      () =>
        block(
          counting,
          `${type} ${newOne} = ${many}${part.pick(`[${index}]`, `.get(${index})`)};`,
          body(one),
        ),
    ],
    [
      0.6,
      () =>
        `Integer ${seen(index)} = 0;\n${block(
          `while (${index} < ${many}.size())`,
          `${type} ${newOne} = ${many}[${index}];`,
          body(one),
          `${index}++;`,
        )}`,
    ],
  ])();
}

/** The parameters of a method that takes the items, and perhaps another parameter. */
export function parametersOf(items: Items, extra = ''): string[] {
  const list = `List<${items.type}> ${items.newMany}`;
  return extra === '' ? [list] : [list, extra];
}

/** What is answered for no items, in some files. */
export function emptyGuard(part: Part, many: string, answer: string): string {
  if (part.random.chance(0.7)) return '';
  const test = part.pick(`${many} == null`, `${many}.isEmpty()`, `${many} == null || ${many}.isEmpty()`);
  return earlyReturn(test, answer);
}
