/** Totals: of two lists by loops that are alike, of line items. */
import { cannotShareScope, recordNames, variableFor } from '../names.js';
import { constantName } from '../../constant-names.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, loop } from '../../bulk/base.js';
import { drawThing } from '../../../nouns.js';
import type { Member, Part } from '../../part.js';
import { declaredInOrder, opened, told } from '../../scope/words.js';
import { guard, hasNullOperator, methodOf, ownField } from '../methods.js';

/** What is added up, and the variables for it. */
interface Kept {
  readonly type: string;
  readonly list: string;
  readonly total: string;
  readonly one: string;
}

const listPairs: readonly (readonly [string, string])[] = [
  ['hotel', 'meal'],
  ['income', 'expense'],
  ['material', 'labour'],
  ['ticket', 'merchandise'],
  ['domestic', 'foreign'],
  ['morning', 'evening'],
  ['internal', 'external'],
  ['planned', 'actual'],
  ['travel', 'lodging'],
];

/** Two lists and their totals by loops that are alike; then both together, the difference, or a share. */
export const twinTotals: Member = (part) => {
  const { thing } = part;
  const pair = part.pick(...listPairs);
  const ending = part.pick('s', 'Rows', 'Items', 'Lines');
  const api = part.random.chance(0.5)
    ? (part.field(['currency'])?.api ?? ownField(part, 'amount'))
    : ownField(part, part.pick('amount', 'price', 'cost', 'net value'));
  const suffix = part.pick('Total', 'Sum', 'Amount');
  const isIndexed = part.random.chance(0.45);
  const check = part.pick('none', 'if', 'coalesce', 'operator');
  const isField = part.random.chance(0.6);
  const other =
    api.endsWith('__c') && part.random.chance(0.3) ? drawThing(part.draw, { without: thing.api }) : thing;
  if (other !== thing) part.draw.noteField(other.api, api);
  const kept: readonly Kept[] = pair.map((word, at) => ({
    type: at === 0 ? thing.api : other.api,
    list: ending === 's' && /s$|ed$|al$|ic$|gn$|e$/.test(word) ? `${word}Rows` : `${word}${ending}`,
    total: `${word}${suffix}`,
    one: word === 'internal' || word === 'external' ? 'item' : word,
  }));
  if (
    cannotShareScope(
      ...kept.flatMap(({ list, total, one }) => [list, total, ...(one === 'item' ? [] : [one])]),
    )
  )
    return null;
  const looped = kept.map(({ type, list, total, one }) => {
    const value = `${isIndexed ? `${list}[i]` : one}.${seen(api)}`;
    const added: Record<typeof check, string> = {
      none: `${total} += ${value};`,
      if: when(`${value} != null`, `${total} += ${value};`),
      coalesce: `${total} += ${value} == null ? 0 : ${value};`,
      operator: `${total} += ${value} ?? 0;`,
    };
    return isIndexed
      ? `for (Integer i = 0; i < ${list}.size(); i++) {\n${indented(added[check])}\n}`
      : loop(type, one, list, added[check]);
  });
  const [a, b] = [kept[0]!.total, kept[1]!.total];
  const parameters = kept.map(({ type, list }) => `List<${type}> ${seen(list)}`).join(', ');
  if (isField) return totalsInFields(part, kept, looped, parameters);
  const ends: readonly (readonly [string, string])[] = [
    ['both totals together', `return ${a} + ${b};`],
    [`${a} less ${b}`, `return ${a} - ${b};`],
    [
      `the share of ${a} in both, in percent; 0 where both are 0`,
      `return ${a} + ${b} == 0 ? 0 : ${a} / (${a} + ${b}) * 100;`,
    ],
    ['the larger one of the two totals', `return Math.max(${a}, ${b});`],
  ];
  const [said, end] = part.pick(...ends);
  return apex`
    ${told(part, said)}
    ${opened(part, 'Decimal', part.pick('compute', 'evaluate', 'sumUp', 'balance'))}(${parameters}) {
        ${kept.map(({ total }) => `Decimal ${seen(total)} = 0;`)}
        ${looped}
        ${end}
    }
  `;
};

function totalsInFields(
  part: Part,
  kept: readonly Kept[],
  looped: readonly string[],
  parameters: string,
): string {
  const isZero = part.random.chance(0.6);
  const [a, b] = [kept[0]!.total, kept[1]!.total];
  const getters = [
    methodOf(
      part,
      {
        said: 'both totals together',
        type: 'Decimal',
        name: part.pick('getTotal', 'grandTotal', 'overall'),
        given: [],
        lines: [`return ${a} + ${b};`],
      },
      false,
    ),
    methodOf(
      part,
      {
        said: `how much ${a} is above ${b}`,
        type: 'Decimal',
        name: part.pick('getDifference', 'difference', 'gap'),
        given: [],
        lines: [`return ${a} - ${b};`],
      },
      false,
    ),
    methodOf(
      part,
      {
        said: `percentage of ${a} in both; 0 where nothing was added`,
        type: 'Decimal',
        name: 'firstShare',
        given: [],
        lines: [
          guard(part.random.chance(0.4), `${a} + ${b} == 0`, 'return 0;'),
          `return ${a} / (${a} + ${b}) * 100;`,
        ],
      },
      false,
    ),
  ];
  return joinedMembers(
    kept
      .map(({ total }) => `public Decimal ${seen(total)}${isZero ? ' = 0;' : ' { get; private set; }'}`)
      .join('\n'),
    apex`
      public ${part.className}(${parameters}) {
          ${isZero ? '' : kept.map(({ total }) => `${total} = 0;`)}
          ${looped}
      }
    `,
    ...part.random.sample(getters, part.random.integer(1, 2)),
  );
}

/** Records' totals from their own fields: quantity times price, less discount, more tax. */
export const lineItems: Member = (part) => {
  const { one, many } = recordNames(part);
  const [quantity, price, total] = [
    part.pick('quantity', 'pieces', 'hours'),
    part.pick('unit price', 'list price', 'rate'),
    part.pick('total', 'line total', 'net amount'),
  ];
  const at = (label: string): string => `${one}.${ownField(part, label)}`;
  const form = part.pick('plain', 'zero', 'skip', 'discount', 'tax');
  const [q, p] = [variableFor(quantity), variableFor(price)];
  if (cannotShareScope(one, many, q, p, 'gross', 'net')) return null;
  const isShort = part.random.chance(0.28);
  const tax = constantName('tax rate');
  const orZero = (label: string): string =>
    hasNullOperator(part) ? `${at(label)} ?? 0` : `${at(label)} == null ? 0 : ${at(label)}`;
  const bodies: Record<typeof form, readonly string[]> = {
    plain: [`${at(total)} = ${at(quantity)} * ${at(price)};`],
    zero: [
      `Decimal ${seen(q)} = ${orZero(quantity)};`,
      `Decimal ${seen(p)} = ${orZero(price)};`,
      `${at(total)} = ${q} * ${p};`,
    ],
    skip: [
      guard(isShort, `${at(quantity)} == null || ${at(price)} == null`, 'continue;'),
      `${at(total)} = ${at(quantity)} * ${at(price)};`,
    ],
    discount: [
      `Decimal ${seen('gross')} = ${at(quantity)} * ${at(price)};`,
      `${at(total)} = gross * (100 - ${at('discount percent')}) / 100;`,
    ],
    tax: [
      `Decimal ${seen('net')} = ${at(quantity)} * ${at(price)};`,
      `${at('tax')} = (net * ${tax}).setScale(2);`,
      `${at(total)} = net + ${at('tax')};`,
    ],
  };
  const said: Record<typeof form, string> = {
    plain: `${total}: ${quantity} times ${price}`,
    zero: `${total}: ${quantity} times ${price}, either of them 0 where it is missing`,
    skip: `${total}: ${quantity} times ${price}; left alone where one of them is missing`,
    discount: `${total}: ${quantity} times ${price} (gross) less the discount percent`,
    tax: `tax: ${tax} of the net (${quantity} times ${price}), rounded to 2 places; ${total}: net and tax`,
  };
  const sum = part.pick('sum', 'grandTotal', 'total');
  const adding = (): string =>
    methodOf(part, {
      said: `the sum of every ${total}`,
      type: 'Decimal',
      name: part.pick('sumOf', 'grandTotalOf', 'addUp'),
      given: [[`List<${part.thing.api}>`, many]],
      lines: [
        `Decimal ${seen(sum)} = 0;`,
        loop(part.thing.api, one, many, `${sum} += ${at(total)};`),
        `return ${sum};`,
      ],
    });
  return joinedMembers(
    form === 'tax' ? declaredInOrder(part, [[tax, 'Decimal', part.pick('0.19', '0.07', '0.20')]]) : '',
    apex`
      ${told(part, said[form])}
      ${opened(part, 'void', part.pick('setTotals', 'calculate', 'fillTotals', 'price'))}(List<${part.thing.api}> ${seen(many)}) {
          ${free('')}${loop(part.thing.api, one, many, ...bodies[form])}
      }
    `,
    part.random.chance(0.4) && !cannotShareScope(sum, one, many) ? adding() : '',
  );
};
