/** Conditions on money and counts. */
import { emptiness } from './conditions-empty.js';
import type { Draws, Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import type { Field, Thing } from './nouns.js';
import { drawnCount, drawnMoney, saidMoney, saidNumber } from './numbers.js';
import type { Random } from './random.js';

interface Comparison {
  readonly operator: string;
  /** After the field or "with LABEL"; N is the number. */
  readonly words: string;
  /** More verbs after the field. */
  readonly verbs: string;
  readonly weight: number;
}

const comparisons: readonly Comparison[] = [
  {
    operator: '>',
    weight: 10,
    words:
      '{over N|over N|above N|above N|more than N|greater than N|higher than N|larger than N|bigger than N|exceeding N|in excess of N|beyond N|> N}',
    verbs: '{exceeds N|is > N|> N|goes beyond N|surpasses N|tops N|has exceeded N}',
  },
  {
    operator: '>=',
    weight: 6,
    words:
      '{at least N|at least N|at least N|no less than N|not less than N|N or more|N or higher|N or above|N and up|a minimum of N|not below N|>= N|N or greater|greater than or equal to N}',
    verbs: '{is >= N|>= N|is at least N|reaches N or more|is not under N}',
  },
  {
    operator: '<',
    weight: 8,
    words: '{under N|under N|below N|below N|less than N|lower than N|smaller than N|< N}',
    verbs: '{is < N|< N|falls below N|stays under N|does not reach N|has dropped below N}',
  },
  {
    operator: '<=',
    weight: 5,
    words:
      '{at most N|at most N|no more than N|not more than N|up to N|N or less|N or lower|N or below|a maximum of N|not over N|not above N|<= N|N and below|less than or equal to N}',
    verbs: '{is <= N|<= N|is at most N|does not exceed N}',
  },
  {
    operator: '=',
    weight: 5,
    words: '{exactly N|exactly N|equal to N|N|N|= N}',
    verbs: '{is N|equals N|= N|is exactly N|is equal to N}',
  },
  {
    operator: '!=',
    weight: 1,
    words: '{other than N|not equal to N|different from N}',
    verbs: '{is not N|does not equal N|!= N}',
  },
];
/** After "with an amount of". */
const ofWords: Readonly<Record<string, string>> = {
  '>': '{over N|more than N|above N}',
  '>=': '{at least N|at least N|N or more|N or higher}',
  '<': '{under N|less than N|below N}',
  '<=': '{at most N|at most N|up to N|N or less|no more than N}',
  '=': '{N|exactly N}',
};
const weightedComparisons = comparisons.map((comparison) => [comparison.weight, comparison] as const);

function drawnNumber(draw: Draw, { type, label }: Field): { value: number; text: () => string } {
  const { random } = draw;
  const isPercent = /probability|percent/.test(label);
  const drawn = isPercent
    ? random.integer(1, 19) * 5
    : type === 'currency' || /revenue/.test(label)
      ? drawnMoney(random)
      : measured(random, label);
  const value = random.chance(0.02) ? 0 : drawn;
  const text = (): string =>
    type === 'currency'
      ? saidMoney(random, value)
      : isPercent && random.chance(0.5)
        ? `${value}%`
        : saidNumber(random, value);
  return { value, text };
}

/** What is weighed or scaled has decimals more often; what is counted has none. */
function measured(random: Random, label: string): number {
  const value = drawnCount(random);
  if (
    /weight|height|length|width|distance|temperature|rate|moisture|humidity|pressure|volume|percent|score/.test(
      label,
    )
  )
    return random.chance(0.12)
      ? random.integer(0, 99) + random.pick([0.5, 0.5, 0.5, 0.25, 0.1, 0.75])
      : value;
  return /hours|usage|consumption|reading|value|level/.test(label) ? value : Math.max(1, Math.round(value));
}

/** Comparatives that only such fields have: a term is longer, a parcel heavier. */
function ownComparative(label: string, operator: string): string | null {
  const more = operator === '>';
  if (!more && operator !== '<') return null;
  if (/length|duration|term|period|(lead|response|processing) time|days$/.test(label))
    return more ? 'longer than N' : 'shorter than N';
  if (/weight/.test(label)) return more ? 'heavier than N' : 'lighter than N';
  if (/price|cost|fee|rent|salary|probability|score|rate|percent/.test(label))
    return more ? 'higher than N' : 'lower than N';
  return null;
}

const compared: Draws = (draw, _thing, field) => {
  const { random } = draw;
  const { operator, words: usual, verbs } = random.weighted(weightedComparisons);
  const own = ownComparative(field.label, operator);
  const words = own !== null && random.chance(0.35) ? own : usual;
  const { value, text: say } = drawnNumber(draw, field);
  const text = say();
  const put = (template: string): string => template.replaceAll(/\bN\b/g, text);
  const apexOperator = operator === '=' ? '==' : operator;
  const withWords = operator === '=' ? '{LABEL|LABEL|ALABEL of}' : '{LABEL|ALABEL|ALABEL}';
  const idiom = idiomOf(field, operator);
  return {
    field,
    soql: `${field.api} ${operator} ${value}`,
    apex: (variable) => `${variable}.${field.api} ${apexOperator} ${value}`,
    predicate: put(operator === '=' ? verbs : `{is ${words}|is ${words}|${verbs}}`),
    with: put(
      random.chance(0.4) && ofWords[operator] !== undefined
        ? `with ALABEL of ${ofWords[operator]}`
        : `{with|with|with|having} ${withWords} ${words}`,
    ),
    short: put(
      operator === '='
        ? '{LABEL N|LABEL = N|LABEL is N}'
        : `LABEL {${words}|${words}|is ${words}|${operator} N}`,
    ),
    ...(idiom === undefined ? {} : { idiom: put(idiom(plainly(words))) }),
  };
};

/** "worth more than", where no "higher" can stand. */
function plainly(words: string): string {
  return words
    .replaceAll(/(greater|higher|larger|bigger) than N/g, 'more than N')
    .replaceAll(/(lower|smaller) than N/g, 'less than N');
}

/** Wordings that only this field has. */
function idiomOf({ api, type, label }: Field, operator: string): ((words: string) => string) | undefined {
  if (operator === '!=' || operator === '=') {
    if (api === 'NumberOfEmployees' && operator === '=') return () => 'with {exactly |}N employees';
    return undefined;
  }
  if (api === 'NumberOfEmployees')
    return (words) => `{with|having|that have} ${words} {employees|employees|people|staff}`;
  if (api === 'Amount' || api === 'Amount__c')
    return (words) => `{worth|worth|of|for|that are worth|} ${words}`;
  if (api === 'AnnualRevenue')
    return (words) =>
      `{making|earning|that make|with} ${words} {in annual revenue|in revenue|of annual revenue|a year in revenue}`;
  if (/price$|cost$|fee$/.test(label) && type === 'currency')
    return (words) => `with {LABEL|ALABEL} ${words}`;
  if (api === 'Price' || api === 'Price__c') return (words) => `{that cost|costing|priced} ${words}`;
  return undefined;
}

const between: Draws = (draw, _thing, field) => {
  const { random } = draw;
  const first = drawnNumber(draw, field);
  const second = drawnNumber(draw, field);
  if (first.value === second.value) return null;
  const [least, most] = first.value < second.value ? [first, second] : [second, first];
  const [from, to] = [least.text(), most.text()];
  const range = `{between ${from} and ${to}|between ${from} and ${to}|from ${from} to ${to}|in the range ${from} to ${to}|at least ${from} and at most ${to}|of ${from} to ${to}}`;
  return {
    field,
    soql: `${field.api} >= ${least.value} AND ${field.api} <= ${most.value}`,
    apex: (variable) =>
      `${variable}.${field.api} >= ${least.value} && ${variable}.${field.api} <= ${most.value}`,
    predicate: `{is {between ${from} and ${to}|from ${from} to ${to}|at least ${from} and at most ${to}}|{is|is|lies|falls} between ${from} and ${to}|{is|lies} in the range {of |}${from} to ${to}|is between ${from} and ${to}|is at least ${from} but at most ${to}|ranges from ${from} to ${to}}`,
    with: `{with|having} {LABEL|ALABEL} ${range}`,
    short: `LABEL {between ${from} and ${to}|between ${from} and ${to}|from ${from} to ${to}|${from} to ${to}}`,
    ...(random.chance(0.5) && /^Amount(__c)?$/.test(field.api)
      ? { idiom: `worth {between ${from} and ${to}|${from} to ${to}}` }
      : {}),
  };
};

export function numberMeaning(draw: Draw, thing: Thing, field: Field): Meaning | null {
  const draws = draw.random.weighted<Draws>([
    [70, compared],
    [14, between],
    [8, emptiness],
  ]);
  return draws(draw, thing, field);
}
