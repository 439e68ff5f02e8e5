/** Things that records are of, and their fields: the standard ones of models/TASKS.md, and custom ones without end. */
import type { Draw } from './draw.js';
import { camelCase, capitalized, pascalCase } from './phrase.js';
import { pluralOf } from './plurals.js';
import type { Random } from './random.js';
import { fieldAdjectives, fieldHeads, fieldModifiers, fixedLabels, picklists } from './words/fields.js';
import { unknownWord } from './words/invented.js';
import { objectHeads, objectLabels, objectModifiers } from './words/objects.js';
import { otherLabels, standardObjects, systemFields, type StandardObject } from './words/standard.js';
import { code, openValue } from './words/values.js';

export type FieldType =
  | 'picklist'
  | 'currency'
  | 'integer'
  | 'date'
  | 'datetime'
  | 'checkbox'
  | 'text'
  | 'email'
  | 'phone'
  | 'reference';

export interface Field {
  /** `StageName`, `Due_Date__c`. */
  readonly api: string;
  /** `stage`, `due date`; lower case. */
  readonly label: string;
  readonly type: FieldType;
  /** Of a picklist; else empty. */
  readonly values: readonly string[];
  /** API name of what a reference points to; null = no reference. */
  readonly target: string | null;
}

/** An object as one sample sees it: with the fields that the sample may speak of. */
export interface Thing {
  /** `Account`, `Invoice__c`. */
  readonly api: string;
  /** `account`, `purchase order`; lower case. */
  readonly label: string;
  readonly plural: string;
  readonly isCustom: boolean;
  readonly fields: readonly Field[];
  /** `Name`, or what stands for it: `CaseNumber`, `Subject`. */
  readonly nameField: string;
  /** Variables: one record (`invoice`, `caseRecord`), a list of them (`invoices`). */
  readonly one: string;
  readonly many: string;
  /** In names of classes: `Invoice`, `PurchaseOrder`. */
  readonly className: string;
}

/** How many fields of a type each custom object has, and how large a part of their labels is composed anew. */
const customFieldsPer: readonly (readonly [type: FieldType, fixed: number, composedShare: number])[] = [
  ['picklist', 2, 0.25],
  ['currency', 2, 0.3],
  ['integer', 2, 0.3],
  ['date', 2, 0.25],
  ['datetime', 1, 0.3],
  ['checkbox', 3, 0.2],
  ['text', 3, 0.3],
  ['email', 1, 0.2],
  ['phone', 1, 0.1],
];
const standardShare = 0.45;
const composedObjectShare = 0.4;
const openPicklistShare = 0.25;
/** How many labels, and how many lists of values, have words that nobody knows. */
const unknownLabelShare = 0.2;
const unknownValuesShare = 0.2;

/** Those of one word, which begin composed labels too. */
const shortObjectLabels = objectLabels.filter((label) => !label.includes(' '));
const picklistLabels = Object.keys(picklists);
/** Standard objects that custom lookups point to. */
const lookedUp = standardObjects.filter(({ api }) =>
  [
    'Account',
    'Contact',
    'Opportunity',
    'Case',
    'Campaign',
    'Contract',
    'Order',
    'Product2',
    'Asset',
  ].includes(api),
);
const weightedStandard = standardObjects.map(
  (object) => [/Account|Contact|Lead|Opportunity|Case|Task/.test(object.api) ? 3 : 1.6, object] as const,
);
/** Labels that on a standard object mean, or nearly mean, a standard field. */
const notCustomOnStandard =
  'name|status|city|country|state|phone|email|amount|total|due date|type|priority|title|description|code|account|contact|order|product|start date|end date|closing date|revenue|website|first name|last name|company name|subject|probability|source|budget|industry|qualified|resolved|installed|registered|escalated|active member|department|origin|stage|rating|price|quantity|serial number|order number|contact name|department code|reason|location|start time|end time|expiration date|expiry date|signed|forecast'.split(
    '|',
  );

const reserved = new Set(
  (
    'case group transaction collection event order select from where trigger class object number list set map string date datetime time ' +
    'system test switch when share hint loop parallel package export import case bulk commit limit sort merge join end begin exit goto ' +
    'return switch short long float double decimal integer boolean blob id new on or and not null in'
  ).split(' '),
);

/** `due date` → `Due_Date__c`. */
export function customName(label: string): string {
  return `${label.split(' ').map(capitalized).join('_')}__c`;
}

function customField(label: string, type: FieldType, values: readonly string[]): Field {
  return { api: customName(label), label, type, values, target: null };
}

/** The last word tells the type; without one it is a text or a list. */
function unknownFieldLabel(random: Random, type: Exclude<FieldType, 'reference'>): string {
  const first = unknownWord(random);
  if (/^(text|picklist)$/.test(type) && random.chance(0.3))
    return random.chance(0.5) ? first : `${first} ${unknownWord(random)}`;
  const head = random.pick(fieldHeads[type]);
  return random.weighted([
    [7, `${first} ${head}`],
    [1.5, `${first} ${unknownWord(random)} ${head}`],
    [1.5, `${random.pick(fieldModifiers)} ${first} ${head}`],
  ]);
}

function composedFieldLabel(random: Random, type: Exclude<FieldType, 'reference'>): string {
  const isMeasured = /currency|integer|date/.test(type);
  const nouns = random.chance(0.25) ? shortObjectLabels : fieldModifiers;
  const first = random.pick(isMeasured && random.chance(0.4) ? fieldAdjectives : nouns);
  const last = random.pick(fieldHeads[type]);
  const label = last.startsWith(first) ? `first ${last}` : `${first} ${last}`;
  return isFixedOtherwise(label, type) ? random.pick(fieldHeads[type]) : label;
}

/** Whether a fixed label of another type is the same: one label has one type. */
function isFixedOtherwise(label: string, type: FieldType): boolean {
  if (type !== 'picklist' && picklists[label] !== undefined) return true;
  return Object.entries(fixedLabels).some(([other, labels]) => other !== type && labels.includes(label));
}

function openValues(random: Random): readonly string[] {
  const values = Array.from({ length: random.integer(4, 7) }, () =>
    random.chance(0.15) ? code(random) : openValue(random),
  );
  return [...new Set(values)];
}

/** Of a list that many orgs have, or another that one org has under the same label. */
function valuesOf(random: Random, known: readonly string[]): readonly string[] {
  if (!random.chance(unknownValuesShare)) return known;
  return [...new Set([...random.sample(known, random.integer(0, 2)), ...openValues(random)])];
}

function drawnCustomField(
  random: Random,
  type: Exclude<FieldType, 'reference'>,
  composedShare: number,
): Field {
  if (random.chance(unknownLabelShare)) {
    const values = type === 'picklist' ? openValues(random) : [];
    return customField(unknownFieldLabel(random, type), type, values);
  }
  if (type !== 'picklist') {
    const isComposed = random.chance(composedShare);
    const label = isComposed ? composedFieldLabel(random, type) : random.pick(fixedLabels[type]);
    return customField(label, type, []);
  }
  if (random.chance(composedShare)) {
    return customField(composedFieldLabel(random, type), type, openValues(random));
  }
  const label = random.pick(picklistLabels);
  const isOpen = label !== 'status' && label !== 'priority' && random.chance(openPicklistShare);
  return customField(label, type, isOpen ? openValues(random) : valuesOf(random, picklists[label]!));
}

function lookupTo(label: string, target: string): Field {
  return { api: customName(label), label, type: 'reference', values: [], target };
}

function drawnLookup(random: Random): Field {
  if (random.chance(0.4)) {
    const standard = random.pick(lookedUp);
    return lookupTo(standard.label, standard.api);
  }
  const label = drawnObjectLabel(random);
  return lookupTo(label, customName(label));
}

function unknownObjectLabel(random: Random): string {
  const word = unknownWord(random);
  return random.weighted([
    [4, word],
    [2.5, `${word} ${unknownWord(random)}`],
    [2.5, `${word} ${random.pick(objectHeads)}`],
    [1, `${random.pick(objectModifiers)} ${word}`],
  ]);
}

/** A label of a custom object: one that nobody knows, a known one, or one that is composed anew. */
function drawnObjectLabel(random: Random): string {
  if (random.chance(unknownLabelShare)) return unknownObjectLabel(random);
  if (!random.chance(composedObjectShare)) return random.pick(objectLabels);
  const first = random.pick(random.chance(0.35) ? shortObjectLabels : objectModifiers);
  const last = random.pick(objectHeads);
  if (first === last) return random.pick(objectLabels);
  const middle = random.pick(objectModifiers);
  const isLong = random.chance(0.12) && middle !== first && middle !== last;
  return isLong ? `${first} ${middle} ${last}` : `${first} ${last}`;
}

/** Those that no other one has the label of. */
function distinct(fields: readonly Field[], taken: readonly string[]): readonly Field[] {
  const labels = new Set(taken);
  return fields.filter(({ label }) => {
    if (labels.has(label)) return false;
    labels.add(label);
    return true;
  });
}

function customFields(random: Random): readonly Field[] {
  return customFieldsPer.flatMap(([type, fixed, composedShare]) =>
    Array.from({ length: fixed }, () =>
      drawnCustomField(random, type as Exclude<FieldType, 'reference'>, composedShare),
    ),
  );
}

function customThing(random: Random): Thing {
  const label = drawnObjectLabel(random);
  const common = [
    ...(random.chance(0.6)
      ? [customField('status', 'picklist', valuesOf(random, picklists['status']!))]
      : []),
    ...(random.chance(0.2)
      ? [customField('priority', 'picklist', valuesOf(random, picklists['priority']!))]
      : []),
    ...(random.chance(0.3) ? [customField('amount', 'currency', [])] : []),
    ...(random.chance(0.3) ? [customField('due date', 'date', [])] : []),
    ...(random.chance(0.12) ? [customField('paid', 'checkbox', [])] : []),
    ...(random.chance(0.15) ? [customField('city', 'text', [])] : []),
    ...(random.chance(0.15) ? [customField('country', 'text', [])] : []),
  ];
  const own = [...common, ...customFields(random), drawnLookup(random), drawnLookup(random)];
  const name: Field = { api: 'Name', label: 'name', type: 'text', values: [], target: null };
  const plural = pluralOf(label);
  const one = variable(label);
  return {
    api: customName(label),
    label,
    plural,
    isCustom: true,
    fields: [name, ...distinct(own, ['name', 'owner', label]), ...systemFields],
    nameField: 'Name',
    one,
    many: camelCase(plural),
    className: pascalCase(label),
  };
}

function variable(label: string): string {
  const name = camelCase(label);
  return reserved.has(name.toLowerCase()) ? `${name}Record` : name;
}

function standardThing(random: Random, object: StandardObject): Thing {
  const taken = [...object.fields, ...systemFields].flatMap(({ api, label }) => [
    label,
    ...(otherLabels[api] ?? []),
  ]);
  const isExtended = random.chance(0.5);
  const extra = isExtended
    ? random.sample([...customFields(random), drawnLookup(random)], random.integer(2, 6))
    : [];
  return {
    ...object,
    isCustom: false,
    fields: [
      ...object.fields.map((field) =>
        field.type === 'picklist' ? { ...field, values: valuesOf(random, field.values) } : field,
      ),
      ...distinct(extra, [...taken, ...notCustomOnStandard, object.label]),
      ...systemFields,
    ],
    one: variable(object.label),
    many: camelCase(object.plural),
    className: pascalCase(object.label),
  };
}

/** An object to speak of; `without` is the API name of one that it must not be. */
export function drawThing(draw: Draw, options: { isCustom?: boolean; without?: string } = {}): Thing {
  const { random } = draw;
  const isCustom = options.isCustom ?? !random.chance(standardShare);
  for (;;) {
    const thing = isCustom ? customThing(random) : standardThing(random, random.weighted(weightedStandard));
    if (thing.api !== options.without) return thing;
  }
}

/** Fields of these types, but for the API names in `without`. */
export function fieldsOf(
  thing: Thing,
  types: readonly FieldType[],
  without: readonly string[] = [],
): readonly Field[] {
  return thing.fields.filter(({ api, type }) => types.includes(type) && !without.includes(api));
}

/** One of those fields, noted; null = there is none. */
export function drawField(
  draw: Draw,
  thing: Thing,
  types: readonly FieldType[],
  without: readonly string[] = [],
): Field | null {
  const fields = fieldsOf(thing, types, without);
  if (fields.length === 0) return null;
  const field = draw.random.pick(fields);
  draw.noteField(thing.api, field.api);
  return field;
}

/** How a user names it: its label or another word for it, capitalized, or its API name. */
export function said(draw: Draw, field: Field): string {
  const { random } = draw;
  const choice = random.unit();
  if (choice < 0.08) return field.api;
  const others = otherLabels[field.api] ?? [];
  const label = others.length > 0 && random.chance(0.3) ? random.pick(others) : field.label;
  // A slip of the finger in one of several words would be one in the name.
  if (label.includes(' ')) draw.keep(label);
  return choice < 0.15 ? label.split(' ').map(capitalized).join(' ') : label;
}
