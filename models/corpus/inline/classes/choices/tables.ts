/** Tables of values: what each value gives, what all the others give, and the comment in which the table stands. */
import { capitalized, camelCase } from '../../../phrase.js';
import type { Field } from '../../../nouns.js';
import { free } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import type { Part } from '../../part.js';
import { areDistinct, drawPicklist } from '../../scope/words.js';
import { isReserved } from '../../style.js';

/** Values that give one and the same result. */
export interface Entry {
  /** As Apex writes them in a `when`. */
  readonly values: readonly string[];
  readonly result: string;
}

/** What each value gives, and how code and comments name it. */
export interface Table {
  /** `priority`: what is looked up, as a parameter and in words. */
  readonly parameter: string;
  readonly type: string;
  readonly subject: string;
  /** `weight`: what is found. */
  readonly noun: string;
  readonly resultType: string;
  readonly entries: readonly Entry[];
  readonly otherwise: string;
  /** The declaration of the enum that the values are of, or ''. */
  readonly declaration: string;
}

interface Results {
  readonly nouns: readonly string[];
  readonly type: string;
  readonly values: readonly string[];
  readonly others: readonly string[];
}

const resultPools: readonly Results[] = [
  {
    nouns: [
      'weight',
      'days',
      'points',
      'order',
      'hours',
      'level',
      'limit',
      'score',
      'seats',
      'minutes',
    ].filter((noun) => !isReserved(noun)),
    type: 'Integer',
    values: ['1', '2', '3', '4', '5', '7', '8', '10', '14', '20', '21', '30', '45', '60', '90', '100'],
    others: ['0', '0', '1', '-1', '99', 'null'],
  },
  {
    nouns: ['rate', 'factor', 'fee', 'discount', 'surcharge', 'share'],
    type: 'Decimal',
    values: [
      '0.05',
      '0.1',
      '0.15',
      '0.2',
      '0.25',
      '0.5',
      '0.75',
      '1.1',
      '1.25',
      '1.5',
      '2',
      '2.5',
      '4.9',
      '9.9',
    ],
    others: ['0', '0', '1', '1.0', 'null'],
  },
  {
    nouns: ['colour', 'color', 'badge colour'],
    type: 'String',
    values: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'teal', 'pink'].map((word) => `'${word}'`),
    others: ["'grey'", "'gray'", "'white'", "'black'", 'null'],
  },
  {
    nouns: ['icon'],
    type: 'String',
    values: ['clock', 'check', 'close', 'flag', 'lock', 'bell', 'ban', 'truck'].map(
      (word) => `'utility:${word}'`,
    ),
    others: ["'utility:info'", "'utility:question'", 'null'],
  },
  {
    nouns: ['code', 'short code', 'external code', 'letter'],
    type: 'String',
    values: ['A', 'B', 'C', 'D', 'N', 'P', 'R', 'T', 'X1', 'X2', 'Z9'].map((word) => `'${word}'`),
    others: ["'?'", "''", "'U'", 'null'],
  },
  {
    nouns: ['queue', 'team'],
    type: 'String',
    values: ['Front_Desk', 'Back_Office', 'Tier_1', 'Tier_2', 'Field_Crew', 'Billing'].map(
      (word) => `'${word}'`,
    ),
    others: ["'General'", "'Unassigned'", 'null'],
  },
];

/** Ordered sets of values that need no object. */
const ownValues: readonly (readonly [subject: string, values: readonly string[]])[] = [
  ['priority', ['Low', 'Medium', 'High', 'Critical']],
  ['size', ['Small', 'Medium', 'Large', 'Extra Large']],
  ['season', ['Spring', 'Summer', 'Autumn', 'Winter']],
  ['tier', ['Bronze', 'Silver', 'Gold', 'Platinum']],
  ['channel', ['Phone', 'Web', 'Email', 'Chat', 'Letter']],
  ['weekday', ['Monday', 'Wednesday', 'Friday', 'Saturday', 'Sunday']],
  ['vehicle', ['Van', 'Truck', 'Bike', 'Car']],
  ['ticket', ['Adult', 'Child', 'Senior', 'Student']],
  ['country', ['DE', 'FR', 'IT', 'NL', 'PL', 'AT']],
  ['unit', ['Piece', 'Box', 'Pallet', 'Crate']],
  ['risk', ['None', 'Low', 'Moderate', 'Severe']],
  ['shift', ['Early', 'Late', 'Night']],
];

interface Values {
  readonly subject: string;
  readonly type: string;
  readonly values: readonly string[];
  readonly declaration: string;
}

function drawValues(part: Part, field: Field | null): Values | null {
  if (field !== null) {
    const values = field.values.map((value) => `'${value.replace(/'/g, '')}'`);
    return { subject: field.label, type: 'String', values, declaration: '' };
  }
  const which = part.random.weighted([
    [5, 'picklist'],
    [5, 'own'],
    [2, 'enum'],
    [1.5, 'number'],
  ] as const);
  if (which === 'number') {
    const subject = part.pick('stars', 'grade', 'step', 'severity', 'zone', 'floor');
    return { subject, type: 'Integer', values: ['1', '2', '3', '4', '5'], declaration: '' };
  }
  const own = part.pick(...ownValues);
  if (which === 'enum') {
    const type = capitalized(camelCase(own[0]));
    const names = own[1].map((value) => constantName(value));
    if (names.some(isReserved)) return null;
    const declaration = `public enum ${free(type)} { ${names.map((name) => free(name)).join(', ')} }`;
    return { subject: own[0], type, values: names, declaration };
  }
  const picked = which === 'picklist' ? drawPicklist(part, 3) : null;
  const [subject, values] = picked === null ? own : [picked.field.label, picked.values];
  return { subject, type: 'String', values: values.map((value) => `'${value}'`), declaration: '' };
}

/** A table that stands in no code yet; null = the draw led to nothing. */
export function drawTable(part: Part, field: Field | null = null): Table | null {
  const drawn = drawValues(part, field);
  if (drawn === null || !areDistinct(drawn.values)) return null;
  const count = Math.min(drawn.values.length, part.random.integer(2, 5));
  const isOrdered = part.random.chance(0.7);
  const values = isOrdered ? drawn.values.slice(0, count) : part.random.sample(drawn.values, count);
  const pool = part.pick(...resultPools);
  const results = part.random.sample(pool.values, values.length);
  const rising = /Integer|Decimal/.test(pool.type) && part.random.chance(0.6);
  const given = rising ? [...results].sort((one, other) => Number(one) - Number(other)) : results;
  const entries: Entry[] = [];
  for (const [index, value] of values.entries()) {
    const last = entries.at(-1);
    if (
      last !== undefined &&
      last.values.length < 3 &&
      entries.length + values.length - index > 2 &&
      part.random.chance(0.2)
    )
      entries[entries.length - 1] = { ...last, values: [...last.values, value] };
    else entries.push({ values: [value], result: given[index]! });
  }
  const camel = camelCase(drawn.subject);
  const parameter = part.random.chance(0.75) ? camel : part.pick('value', 'key', 'given');
  if (isReserved(parameter) || entries.length < 2) return null;
  const otherwise = part.pick(...pool.others);
  if (entries.some(({ result }) => result === otherwise)) return null;
  return { ...drawn, parameter, noun: part.pick(...pool.nouns), resultType: pool.type, entries, otherwise };
}

function bare(literal: string): string {
  return literal === "''" ? 'an empty text' : literal.replace(/^'(.*)'$/, '$1');
}

/** The words for what all other values give. */
function otherwiseSaid(part: Part, { subject, otherwise }: Table): string {
  const said = bare(otherwise);
  return part.pick(
    `${said} for every ${subject} that is not listed`,
    `${said} for anything else`,
    `otherwise ${said}`,
    `all others: ${said}`,
    `any other ${subject} gives ${said}`,
    `the default is ${said}`,
  );
}

/** Lines of the table in one of its layouts. */
function tableLines(part: Part, { entries }: Table): readonly string[] {
  const rows = entries.map(({ values, result }) => [values.map(bare).join(', '), bare(result)] as const);
  const width = Math.max(...rows.map(([value]) => value.length)) + 4;
  const layout = part.pick('columns', 'equals', 'colon', 'arrow', 'dash');
  return rows.map(([value, result]) => {
    switch (layout) {
      case 'columns':
        return `  ${value.padEnd(width)}${result}`;
      case 'equals':
        return `  ${value} = ${result}`;
      case 'colon':
        return `- ${value}: ${result}`;
      case 'arrow':
        return `  ${value} -> ${result}`;
      case 'dash':
        return `  ${value} - ${result}`;
    }
  });
}

/** The comment that holds the whole table: lines or a sentence. */
export function tableComment(part: Part, table: Table): string {
  const { subject, noun, entries } = table;
  const otherwise = otherwiseSaid(part, table);
  const head = part.pick(
    `The ${noun} of each ${subject}`,
    `${capitalized(noun)} by ${subject}`,
    `The ${noun} per ${subject}`,
    `The ${noun} for a ${subject}`,
  );
  if (part.random.chance(0.35)) {
    const listed = entries.map(({ values, result }) => `${values.map(bare).join(' and ')}: ${bare(result)}`);
    const sentence = `${head}. ${listed.join(', ')}; ${otherwise}.`;
    return free(part.random.chance(0.5) ? `// ${sentence}` : `/**\n * ${sentence}\n */`);
  }
  const all = [`${head}:`, ...tableLines(part, table), `${capitalized(otherwise)}.`];
  return part.random.chance(0.35)
    ? free(all.map((line) => `// ${line}`).join('\n'))
    : free(['/**', ...all.map((line) => ` * ${line}`), ' */'].join('\n'));
}
