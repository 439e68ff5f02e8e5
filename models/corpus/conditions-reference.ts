/** Conditions on lookups: whose record it is, whether there is one, and what the other record says. */
import { emptiness } from './conditions-empty.js';
import { statusAdjectives } from './conditions-picklist.js';
import { articled, loweredValue, quoted, saidValue, type Draws, type Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import { customName, type Field, type Thing } from './nouns.js';
import { pluralOf } from './plurals.js';
import type { Random } from './random.js';
import { picklists } from './words/fields.js';
import { standardObjects } from './words/standard.js';
import { cities, company, countries, openValue } from './words/values.js';

const mine: Draws = (_draw, _thing, field) => ({
  field,
  soql: 'OwnerId = :UserInfo.getUserId()',
  apex: (variable) => `${variable}.OwnerId == UserInfo.getUserId()`,
  predicate: '{is me|is the current user|is the running user|is the logged-in user|is myself}',
  idiom:
    '{owned by me|owned by me|that I own|that are mine|which I own|assigned to me|that belong to me|that are assigned to me|I own|owned by the current user|owned by the running user|of the current user|owned by the logged-in user|that are owned by me}',
  clause: '{it is mine|I own it|it is owned by me|it belongs to me|it is owned by the current user}',
  before: 'my',
  idiomShare: 0.85,
});

interface ParentField {
  readonly api: string;
  readonly label: string;
  readonly value: string;
  readonly wording?: string;
}

/** Path of the other record: `Account`, `Project__r`. */
function pathOf({ api }: Field): string {
  return api.endsWith('__c') ? api.replace(/__c$/, '__r') : api.replace(/Id$/, '');
}

function placeOf(random: Random, prefix: string, isCustom: boolean): ParentField {
  const isCity = random.chance(0.5);
  const name = isCity ? 'City' : 'Country';
  const value = random.pick(isCity ? cities : countries);
  return {
    api: isCustom ? `${name}__c` : `${prefix}${name}`,
    label: name.toLowerCase(),
    value,
    wording: `{in|in|in|from|based in|located in|in the ${name.toLowerCase()} {of |}} ${value}`,
  };
}

/** What is said of the other record: one of its fields and a value. */
function parentField(random: Random, target: string): ParentField | null {
  if (target === 'Account' && random.chance(0.3)) return placeOf(random, 'Billing', false);
  if (target === 'Contact' && random.chance(0.3)) return placeOf(random, 'Mailing', false);
  const standard = standardObjects.find(({ api }) => api === target);
  if (standard) {
    const lists = standard.fields.filter(({ type }) => type === 'picklist');
    if (target === 'Account' && random.chance(0.25))
      return { api: 'Name', label: 'name', value: company(random) };
    const list = lists.length > 0 ? random.pick(lists) : null;
    return list && { api: list.api, label: list.label, value: random.pick(list.values) };
  }
  if (!target.endsWith('__c')) return null;
  if (random.chance(0.25)) return placeOf(random, '', true);
  if (random.chance(0.2)) return { api: 'Name', label: 'name', value: openValue(random) };
  const label = random.chance(0.5) ? 'status' : random.pick(Object.keys(picklists));
  return { api: customName(label), label, value: random.pick(picklists[label]!) };
}

const ofParent: Draws = (draw, thing, field) => {
  const { random } = draw;
  const parent = parentField(random, field.target ?? '');
  if (parent === null) return null;
  const { api, label, value } = parent;
  const path = `${pathOf(field)}.${api}`;
  const text = saidValue(draw, value);
  const noun = field.label;
  const plural = pluralOf(noun);
  const said = ownWording(api, label, value, text) ?? parent.wording;
  const state = stateOf(api, value);
  const a = articled(noun).split(' ')[0]!;
  const of =
    field.target === 'Account' && /^(Contact|User)$/.test(thing.api)
      ? '{of|at|at|at|from}'
      : '{of|of|of|of|on|from}';
  const anyWith = `{with|with|having} ${label} ${text}`;
  const tail = said === undefined ? anyWith : `{${said}|${said}|${anyWith}}`;
  return {
    field: { ...field, api: path, label: `${noun} ${label}`, type: 'text', values: [], target: null },
    soql: `${path} = ${quoted(value)}`,
    apex: null,
    predicate: `{is|is|equals} ${text}`,
    with: `{${of}|${of}|for|from|belonging to|linked to|related to} {${plural}|${plural}|${a} ${noun}} ${tail}`,
    idiom:
      state !== null && random.chance(0.6)
        ? `{of ${state} ${plural}|of ${state} ${plural}|whose ${noun} is ${state}|for ${state} ${plural}|with ${articled(state)} ${noun}}`
        : parent.wording !== undefined && random.chance(0.5)
          ? `{whose ${noun} is ${parent.wording}|whose ${noun} is ${parent.wording}|where the ${noun} is ${parent.wording}|${of} ${plural} ${parent.wording}|${of} ${plural} ${parent.wording}|with ${a} ${noun} ${parent.wording}}`
          : `{whose ${noun} {has {${label}|the ${label}} ${text}|has ${label} ${text}}|whose ${noun}'s ${label} is ${text}|where the ${noun}'s ${label} is ${text}|${of} {${plural}|${plural}|${a} ${noun}} ${tail}|${of} {${plural}|${plural}|${a} ${noun}} ${tail}|where {the |}${noun} ${label} is ${text}}`,
    clause: `{the ${noun}'s ${label} is ${text}|its ${noun} has {the |}${label} ${text}|its ${noun}'s ${label} is ${text}|the ${label} of {the|its} ${noun} is ${text}}`,
  };
};

/** The value as an adjective of the other record. */
function stateOf(api: string, value: string): string | null {
  if (api === 'Rating') return loweredValue(value);
  return api === 'Status__c' && statusAdjectives.has(value) ? value.toLowerCase() : null;
}

function ownWording(api: string, label: string, value: string, text: string): string | undefined {
  if (api === 'Industry') return `in {the ${text} industry|the ${text} industry|the ${text} sector}`;
  if (/^Status(__c)?$/.test(api)) return `{in status|in status|with status|whose status is} ${text}`;
  if (api === 'Name') return `{named|called} ${text}`;
  if (label === 'type') return `of type ${text}`;
  if (label === 'stage') return `in {stage ${text}|the ${text} stage}`;
  return value === '' ? text : undefined;
}

export function referenceMeaning(draw: Draw, thing: Thing, field: Field): Meaning | null {
  if (field.api === 'OwnerId') return mine(draw, thing, field);
  if (
    field.target !== 'UserRole' &&
    field.api !== 'ParentId' &&
    !/^Wh/.test(field.api) &&
    draw.random.chance(0.7)
  ) {
    const meaning = ofParent(draw, thing, field);
    if (meaning !== null) return meaning;
  }
  return emptiness(draw, thing, field);
}
