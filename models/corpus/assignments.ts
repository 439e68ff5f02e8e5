/** Values that records are given: in Apex, in flows and in English. */
import { statusAdjectives } from './conditions-picklist.js';
import { textValue } from './conditions-text.js';
import { naturalText } from './words/sentences.js';
import { articled, loweredValue, quoted, saidValue } from './conditions-wording.js';
import type { Draw } from './draw.js';
import { fieldsOf, said, type Field, type FieldType, type Thing } from './nouns.js';
import { drawnCount, drawnMoney, saidMoney, saidNumber } from './numbers.js';
import { phrase } from './phrase.js';
import type { Random } from './random.js';
import { readOnly } from './words/standard.js';

export interface Assignment {
  readonly field: Field;
  /** Apex: `'Open'`, `true`, `Date.today().addDays(7)`. */
  readonly value: string;
  /** In flows: `"Open"`, `true`, `"TODAY+7"`. */
  readonly json: string | number | boolean;
  /** `set the status to Open`, `mark them as paid` */
  readonly imperative: string;
  /** After "with": `status Open`, `a due date 7 days from now`. */
  readonly noun: string;
}

export interface AssignmentOptions {
  readonly number?: 'one' | 'many';
  readonly types?: readonly FieldType[];
  readonly without?: readonly string[];
}

/** What is given, and how it is said; LABEL, ALABEL, IT and ITS are filled in. */
interface Gift {
  readonly value: string;
  readonly json: Assignment['json'];
  /** After "set the LABEL to". */
  readonly text: string;
  readonly imperative?: string;
  readonly noun?: string;
}

const typeWeights: readonly (readonly [number, FieldType])[] = [
  [32, 'picklist'],
  [10, 'currency'],
  [8, 'integer'],
  [14, 'date'],
  [16, 'checkbox'],
  [14, 'text'],
  [2, 'email'],
  [1, 'phone'],
];
const setting =
  '{set|set|set|set|set|set|change|update|put|switch} {the LABEL|the LABEL|the LABEL|ITS LABEL|LABEL|LABEL|the LABEL field} to TEXT';
const moreSetting =
  '{set LABEL = TEXT|make {the|ITS} LABEL TEXT|assign TEXT to {the|ITS} LABEL|put TEXT in {the|ITS} LABEL|enter TEXT as {the|ITS} LABEL|use TEXT as {the|ITS} LABEL|store TEXT in the LABEL|write TEXT into {the|ITS} LABEL|set LABEL to TEXT|fill {the|ITS} LABEL with TEXT|set the LABEL field to TEXT|give IT the LABEL TEXT|give IT ALABEL of TEXT|set {the LABEL|LABEL} = TEXT|make sure {the|ITS} LABEL is TEXT|populate {the|ITS} LABEL with TEXT|save TEXT {in|as} the LABEL|set ITS LABEL = TEXT|change LABEL to TEXT}';

function picklistGift(draw: Draw, { api, values }: Field): Gift | null {
  if (values.length === 0) return null;
  const value = draw.random.pick(values);
  const isKnown = /^(Status|Status__c|Priority|Priority__c|Rating|StageName)$/.test(api);
  const isLower = isKnown && /^[A-Z][a-z]/.test(value) && draw.random.chance(0.2);
  const text = saidValue(draw, value, isLower ? loweredValue(value) : value);
  const isStatus = /^Status(__c)?$/.test(api);
  const marks =
    isStatus && statusAdjectives.has(value)
      ? `{mark IT as ${text}|mark IT as ${text}|mark IT ${loweredValue(text)}|mark IT as ${loweredValue(text)}|flag IT as ${text}|set IT to ${text}}`
      : isStatus || api === 'StageName'
        ? `{move|move|bring|put|switch|change|set} IT to {|{status|stage} |{status|stage} |the {status|stage} }${text}`
        : /^Priority(__c)?$/.test(api)
          ? `{{raise|lower|bump|bump up|adjust} {the|the|ITS} LABEL to ${text}|bump LABEL to ${text}}`
          : null;
  return {
    value: quoted(value),
    json: value,
    text,
    ...(marks !== null && draw.random.chance(0.35)
      ? { imperative: marks.replaceAll('{status|stage}', isStatus ? 'status' : 'stage') }
      : {}),
  };
}

function numberGift(draw: Draw, field: Field): Gift {
  const { random } = draw;
  const isPercent = /probability|percent/.test(field.label);
  const value = isPercent
    ? random.integer(0, 20) * 5
    : random.chance(0.1)
      ? 0
      : field.type === 'currency'
        ? drawnMoney(random)
        : drawnCount(random);
  const text = field.type === 'currency' ? saidMoney(random, value) : saidNumber(random, value);
  return {
    value: String(value),
    json: value,
    text,
    noun: `{LABEL TEXT|ALABEL of TEXT|ALABEL of TEXT|LABEL = TEXT}`,
  };
}

function weeksAhead(random: Random, weeks: number): string {
  if (weeks === 1) return '{a week from {now|today}|one week from {now|today}|in a week|in one week}';
  const n = saidNumber(random, weeks);
  return `{${n} weeks from {now|today}|in ${n} weeks}`;
}

function dateGift(draw: Draw): Gift {
  const { random } = draw;
  if (random.chance(0.35)) {
    const text = random.pick([
      'today',
      'today',
      'today',
      'today',
      "today's date",
      'todays date',
      'the current date',
      'the current day',
    ]);
    return {
      value: 'Date.today()',
      json: 'TODAY',
      text,
      noun: '{LABEL TEXT|the LABEL TEXT|LABEL set to TEXT}',
    };
  }
  const isBack = random.chance(0.08);
  const days = random.pick([1, 2, 3, 4, 5, 7, 7, 10, 14, 14, 15, 20, 21, 28, 30, 30, 45, 60, 90, 180, 365]);
  const n = saidNumber(random, days);
  const unit = days === 1 ? 'day' : 'days';
  const ahead =
    days === 1 && random.chance(0.7)
      ? 'tomorrow'
      : days % 7 === 0 && random.chance(0.25)
        ? weeksAhead(random, days / 7)
        : `{${n} ${unit} from now|${n} ${unit} from now|${n} ${unit} from today|in ${n} ${unit}|today plus ${n} ${unit}|${n} ${unit} ahead|${n} ${unit} after today|today + ${n}|${n} ${unit} in the future|${n} ${unit} later}`;
  const back =
    days === 1 ? 'yesterday' : `{${n} ${unit} ago|${n} ${unit} before today|today minus ${n} ${unit}}`;
  return {
    value: `Date.today().addDays(${isBack ? '-' : ''}${days})`,
    json: `TODAY${isBack ? '-' : '+'}${days}`,
    text: phrase(random, isBack ? back : ahead),
    noun: '{ALABEL TEXT|ALABEL TEXT|LABEL TEXT|the LABEL TEXT|LABEL = TEXT}',
    ...(random.chance(0.25) ? { imperative: '{put|put|schedule|make} {the|the|ITS} LABEL TEXT' } : {}),
  };
}

/** The standard checkboxes as adjectives. */
const adjectives: Readonly<Record<string, readonly [yes: string, no: string | null]>> = {
  IsActive: ['active', 'inactive'],
  IsEscalated: ['escalated', 'not escalated'],
  IsAllDayEvent: ['all-day', null],
  HasOptedOutOfEmail: ['opted out of email', null],
};

function checkboxGift(draw: Draw, { api, label }: Field): Gift {
  const { random } = draw;
  const isTrue = random.chance(0.78);
  const isCustom = api.endsWith('__c');
  const state = isCustom ? (/ /.test(label) ? null : ([label, `not ${label}`] as const)) : adjectives[api];
  const word = state === undefined || state === null ? null : isTrue ? state[0] : state[1];
  const marks =
    word === null
      ? null
      : `{mark IT as ${word}|mark IT as ${word}|mark IT ${word}|flag IT as ${word}|set IT to ${word}|set IT as ${word}}`;
  const ticks = isTrue
    ? '{check {the |}LABEL|tick {the |}LABEL|check the LABEL {box|checkbox}|tick the LABEL {box|checkbox}|set LABEL to true|set {the |}LABEL to true|set the LABEL {box|checkbox|flag|field} to true|set the LABEL flag|turn on LABEL|check off LABEL|set LABEL = true}'
    : '{uncheck {the |}LABEL|untick {the |}LABEL|uncheck the LABEL {box|checkbox}|set LABEL to false|clear the LABEL {checkbox|flag}|untick the LABEL {box|checkbox}|set {the |}LABEL to false|set the LABEL {box|checkbox|flag|field} to false|turn off LABEL|set LABEL = false}';
  return {
    value: String(isTrue),
    json: isTrue,
    text: String(isTrue),
    imperative: marks !== null && random.chance(0.6) ? marks : ticks,
    noun: isTrue
      ? '{LABEL true|LABEL set to true|LABEL checked|LABEL = true|LABEL ticked}'
      : '{LABEL false|LABEL set to false|LABEL unchecked|LABEL = false}',
  };
}

function textGift(draw: Draw, thing: Thing, field: Field): Gift {
  const { random } = draw;
  if (isFreeText(field) && random.chance(naturalShare)) {
    const value = naturalText(random);
    return { value: quoted(value), json: value, text: random.chance(0.7) ? `'${value}'` : `"${value}"` };
  }
  const value =
    field.type === 'email'
      ? `${random.pick(['info', 'sales', 'support', 'billing', 'office', 'hr', 'service', 'team'])}@${random.pick(['acme', 'example', 'contoso', 'globex', 'northwind', 'initech'])}.${random.pick(['com', 'org', 'de'])}`
      : field.type === 'phone'
        ? `+${random.integer(1, 99)} ${random.integer(100, 999)} ${random.integer(1000, 99999)}`
        : textValue(random, thing, field);
  return { value: quoted(value), json: value, text: saidValue(draw, value) };
}

/** How many texts that say anything are of no list's making. */
const naturalShare = 0.45;

/** Whether people write into it what they like: no place, person, code or company. */
function isFreeText({ type, label }: Field): boolean {
  return (
    type === 'text' &&
    !/(city|country|state|province|name|code|number|reference|sku|barcode|id|plate|person|manager|author|contact|company|manufacturer|brand|title)$/i.test(
      label,
    )
  );
}

function timeGift(draw: Draw): Gift {
  const text = draw.random.pick(['now', 'now', 'the current time', 'the current date and time', 'right now']);
  return { value: 'System.now()', json: 'NOW', text };
}

function giftOf(draw: Draw, thing: Thing, field: Field): Gift | null {
  switch (field.type) {
    case 'picklist':
      return picklistGift(draw, field);
    case 'currency':
    case 'integer':
      return numberGift(draw, field);
    case 'date':
      return dateGift(draw);
    case 'datetime':
      return timeGift(draw);
    case 'checkbox':
      return checkboxGift(draw, field);
    case 'reference':
      return null;
    default:
      return textGift(draw, thing, field);
  }
}

/** A field of `thing` and what it is given; null = there is none to set. */
export function drawAssignment(draw: Draw, thing: Thing, options: AssignmentOptions = {}): Assignment | null {
  const { random } = draw;
  const types = options.types ?? typeWeights.map(([, type]) => type);
  const settable = fieldsOf(thing, types, options.without).filter(
    ({ api }) => !readOnly.has(`${thing.api}.${api}`) && !/^(CreatedDate|LastModifiedDate)$/.test(api),
  );
  if (settable.length === 0) return null;
  const weights = [...typeWeights, [4, 'datetime'] as const].filter(([, type]) =>
    settable.some((field) => field.type === type),
  );
  if (weights.length === 0) return null;
  const type = random.weighted(weights);
  const ofType = settable.filter((field) => field.type === type);
  const usual = ofType.filter(({ api }) => /^(Status|Status__c|StageName|Priority|Rating|Amount)$/.test(api));
  const field = random.pick(usual.length > 0 && random.chance(0.4) ? usual : ofType);
  const gift = giftOf(draw, thing, field);
  if (gift === null) return null;
  draw.noteField(thing.api, field.api);
  return written(draw, field, gift, options.number ?? 'one');
}

function written(draw: Draw, field: Field, gift: Gift, number: 'one' | 'many'): Assignment {
  const { random } = draw;
  const [it, its] = number === 'many' ? ['them', 'their'] : ['it', 'its'];
  const imperative = gift.imperative ?? (random.chance(0.85) ? setting : moreSetting);
  const noun =
    gift.noun ?? '{LABEL TEXT|LABEL TEXT|LABEL = TEXT|ALABEL of TEXT|the LABEL TEXT|LABEL set to TEXT}';
  const fill = (template: string): string => {
    const label = said(draw, field);
    return phrase(random, template)
      .replace(/\bALABEL\b/g, articled(label))
      .replace(/\bLABEL\b/g, label)
      .replace(/\bITS\b/g, its)
      .replace(/\bIT\b(?! )/g, it)
      .replace(/\bIT (?=['"a-z])/g, `${it} `)
      .replace(/\bTEXT\b/g, gift.text);
  };
  return { field, value: gift.value, json: gift.json, imperative: fill(imperative), noun: fill(noun) };
}
