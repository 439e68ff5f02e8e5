/** Prices by constants and formulas, discounts in steps. */
import { variableFor } from '../names.js';
import { capitalized } from '../../../phrase.js';
import { seen } from '../../apex.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import type { Member } from '../../part.js';
import { declaredInOrder, type Constant } from '../../scope/words.js';
import { guard, methodOf, type Given } from '../methods.js';

/** A price that follows from a formula: its constants, what is counted, and the formula itself. */
interface Quote {
  readonly cost: string;
  readonly given: readonly Given[];
  readonly constants: readonly Constant[];
  readonly formula: string;
  /** Steps: a local variable and its value, before the formula. */
  readonly steps: readonly (readonly [name: string, value: string, said: string])[];
}

const quotes: readonly Quote[] = [
  {
    cost: 'stay price',
    given: [
      ['Integer', 'nights'],
      ['Decimal', 'rate'],
    ],
    constants: [['CLEANING_FEE', 'Decimal', '45']],
    steps: [],
    formula: 'nights * rate + CLEANING_FEE',
  },
  {
    cost: 'gross price',
    given: [['Decimal', 'net']],
    constants: [['VAT_RATE', 'Decimal', '0.19']],
    steps: [['vat', 'net * VAT_RATE', 'the tax on the net price']],
    formula: 'net + vat',
  },
  {
    cost: 'net price',
    given: [['Decimal', 'gross']],
    constants: [['VAT_RATE', 'Decimal', '0.20']],
    steps: [],
    formula: 'gross / (1 + VAT_RATE)',
  },
  {
    cost: 'order total',
    given: [
      ['Integer', 'quantity'],
      ['Decimal', 'unitPrice'],
    ],
    constants: [
      ['SHIPPING_FEE', 'Decimal', '4.90'],
      ['FREE_FROM', 'Decimal', '50'],
    ],
    steps: [
      ['goods', 'quantity * unitPrice', 'quantity times unit price'],
      [
        'shipping',
        'goods >= FREE_FROM ? 0 : SHIPPING_FEE',
        'no shipping from FREE_FROM on, else SHIPPING_FEE',
      ],
    ],
    formula: 'goods + shipping',
  },
  {
    cost: 'ride fare',
    given: [
      ['Decimal', 'distance'],
      ['Integer', 'minutes'],
    ],
    constants: [
      ['BASE_FARE', 'Decimal', '3.50'],
      ['PER_KM', 'Decimal', '1.80'],
      ['PER_MINUTE', 'Decimal', '0.40'],
    ],
    steps: [],
    formula: 'BASE_FARE + distance * PER_KM + minutes * PER_MINUTE',
  },
  {
    cost: 'wage',
    given: [
      ['Decimal', 'hours'],
      ['Decimal', 'hourlyRate'],
    ],
    constants: [
      ['REGULAR_HOURS', 'Decimal', '40'],
      ['OVERTIME_FACTOR', 'Decimal', '1.5'],
    ],
    steps: [
      ['regular', 'Math.min(hours, REGULAR_HOURS)', 'hours up to REGULAR_HOURS'],
      ['overtime', 'Math.max(0, hours - REGULAR_HOURS)', 'hours beyond REGULAR_HOURS, never less than 0'],
    ],
    formula: '(regular + overtime * OVERTIME_FACTOR) * hourlyRate',
  },
  {
    cost: 'discounted price',
    given: [
      ['Decimal', 'price'],
      ['Integer', 'members'],
    ],
    constants: [
      ['DISCOUNT', 'Decimal', '0.05'],
      ['MAX_DISCOUNT', 'Decimal', '0.30'],
    ],
    steps: [
      [
        'share',
        'Math.min(members * DISCOUNT, MAX_DISCOUNT)',
        'a DISCOUNT for each of the members, MAX_DISCOUNT at most',
      ],
    ],
    formula: 'price * (1 - share)',
  },
  {
    cost: 'power bill',
    given: [
      ['Decimal', 'oldReading'],
      ['Decimal', 'newReading'],
    ],
    constants: [
      ['PRICE_PER_KWH', 'Decimal', '0.32'],
      ['BASE_CHARGE', 'Decimal', '11.50'],
    ],
    steps: [['used', 'newReading - oldReading', 'the difference of the two readings']],
    formula: 'used * PRICE_PER_KWH + BASE_CHARGE',
  },
  {
    cost: 'commission',
    given: [['Decimal', 'revenue']],
    constants: [
      ['COMMISSION_RATE', 'Decimal', '0.08'],
      ['MIN_COMMISSION', 'Decimal', '25'],
    ],
    steps: [],
    formula: 'Math.max(revenue * COMMISSION_RATE, MIN_COMMISSION)',
  },
  {
    cost: 'ticket price',
    given: [
      ['Integer', 'adults'],
      ['Integer', 'children'],
    ],
    constants: [
      ['ADULT_PRICE', 'Decimal', '18'],
      ['CHILD_PRICE', 'Decimal', '9'],
    ],
    steps: [],
    formula: 'adults * ADULT_PRICE + children * CHILD_PRICE',
  },
  {
    cost: 'monthly rate',
    given: [
      ['Decimal', 'amount'],
      ['Integer', 'months'],
    ],
    constants: [['HANDLING_FEE', 'Decimal', '30']],
    steps: [['owed', 'amount + HANDLING_FEE', 'the amount and the HANDLING_FEE']],
    formula: 'owed / months',
  },
  {
    cost: 'catering price',
    given: [
      ['Integer', 'guests'],
      ['Decimal', 'menuPrice'],
    ],
    constants: [
      ['MIN_GUESTS', 'Integer', '10'],
      ['SERVICE_FEE', 'Decimal', '120'],
    ],
    steps: [['billed', 'Math.max(guests, MIN_GUESTS)', 'guests, but at least MIN_GUESTS']],
    formula: 'billed * menuPrice + SERVICE_FEE',
  },
];

/** `nights * rate + CLEANING_FEE` in words that follow its signs. */
function spoken(formula: string): string {
  return formula
    .replace(/Math\.max\((.*), (\w+)\)/, 'the larger one of $1 and $2')
    .replace(/Math\.min\((.*), (\w+)\)/, 'the smaller one of $1 and $2')
    .replace(/ \* /g, ' times ')
    .replace(/ \+ /g, ' plus ')
    .replace(/ - /g, ' minus ')
    .replace(/ \/ /g, ' divided by ');
}

/** One or two prices, each by the formula in its comment. */
export const quoted: Member = (part) => {
  const chosen = part.random.sample(quotes, part.random.integer(1, 2));
  const constants = chosen.flatMap((quote) => quote.constants);
  if (new Set(constants.map(([name]) => name)).size < constants.length) return null;
  const isFormula = part.random.chance(0.5);
  const isRounded = part.random.chance(0.4);
  const result = part.pick('total', 'price', 'result', 'amount');
  const isKept = part.random.chance(0.35);
  const isShort = part.random.chance(0.28);
  const isChecked = part.random.chance(0.3);
  const verb = part.pick('', 'get', 'calculate', 'compute');
  const methods = chosen.map(({ cost, given, steps, formula }) => {
    if (isKept && [...given.map(([, name]) => name), ...steps.map(([name]) => name)].includes(result))
      return null;
    const words = isFormula ? formula : spoken(formula);
    const name = variableFor(cost);
    const value = isRounded
      ? /^[\w.]+\(.*\)$/.test(formula)
        ? `${formula}.setScale(2)`
        : `(${formula}).setScale(2)`
      : formula;
    const first = given[0]![1];
    return methodOf(part, {
      said: `${cost}: ${words}${isRounded ? ', rounded to 2 places' : ''}${isChecked ? `; 0 where the ${first} is missing` : ''}`,
      type: 'Decimal',
      name: verb === '' ? name : `${verb}${capitalized(name)}`,
      given,
      lines: [
        isChecked ? guard(isShort, `${first} == null`, 'return 0;') : '',
        ...steps.flatMap(([local, of, said]) => [
          part.comment(said),
          `${/guests/.test(of) ? 'Integer' : 'Decimal'} ${seen(local)} = ${of};`,
        ]),
        ...(isKept ? [`Decimal ${seen(result)} = ${value};`, `return ${result};`] : [`return ${value};`]),
      ],
    });
  });
  if (methods.includes(null)) return null;
  return joinedMembers(declaredInOrder(part, constants), ...methods.map((method) => method ?? ''));
};

/** A discount by the number of pieces or by the amount, in two or three steps. */
export const discountSteps: Member = (part) => {
  const [given, type] = part.pick(
    ['quantity', 'Integer'],
    ['amount', 'Decimal'],
    ['points', 'Integer'],
    ['nights', 'Integer'],
    ['members', 'Integer'],
    ['revenue', 'Decimal'],
  ) as [string, string];
  const words = part.random.chance(0.5) ? ['LARGE', 'MEDIUM', 'SMALL'] : ['GOLD', 'SILVER', 'BRONZE'];
  const count = part.random.integer(2, 3);
  const used = words.slice(0, count);
  const at = part.pick('FROM', 'MIN', 'THRESHOLD');
  const rate = part.pick('DISCOUNT', 'RATE', 'REBATE');
  const isLadder = part.random.chance(0.5);
  const isShort = part.random.chance(0.28);
  const bound = (word: string): string => `${word}_${at}`;
  const bounds: Constant[] = used.map((word, index) => [
    bound(word),
    type,
    String([500, 100, 20][index]! * part.pick(1, 2, 3)),
  ]);
  const rates: Constant[] = used.map((word, index) => [
    `${word}_${rate}`,
    'Decimal',
    ['0.15', '0.10', '0.05'][index]!,
  ]);
  const price = part.pick('price', 'listPrice', 'fullPrice', 'subtotal');
  const name = part.pick('discountFor', 'rateFor', 'discount', 'rebateOf');
  const share = part.pick('share', 'percentage', 'cut');
  const steps = used.map((word) =>
    guard(isShort && !isLadder, `${given} >= ${bound(word)}`, `return ${word}_${rate};`),
  );
  const body = isLadder ? `${steps.join(' else ')}\nreturn 0;` : lines(...steps, 'return 0;');
  const each = used.map((word) => `${word}_${rate} from ${bound(word)} on`).join(', ');
  const priced = (): string =>
    methodOf(part, {
      said: `the ${price} less its discount, rounded to 2 places`,
      type: 'Decimal',
      name: part.pick('apply', 'reduced', 'discounted', 'netOf'),
      given: [
        ['Decimal', price],
        [type, given],
      ],
      lines: part.random.chance(0.5)
        ? [`Decimal ${seen(share)} = ${name}(${given});`, `return (${price} * (1 - ${share})).setScale(2);`]
        : [`return (${price} * (1 - ${name}(${given}))).setScale(2);`],
    });
  const stepped = methodOf(part, {
    said: `the ${rate.toLowerCase()}: ${each}, otherwise nothing`,
    type: 'Decimal',
    name,
    given: [[type, given]],
    lines: [body],
  });
  const isBoth = part.random.chance(0.7);
  return joinedMembers(
    declaredInOrder(
      part,
      part.random.chance(0.5) ? [...bounds, ...rates] : bounds.flatMap((one, index) => [one, rates[index]!]),
    ),
    ...(isBoth ? part.random.shuffled([stepped, priced()]) : [stepped]),
  );
};
