/** Conditions on checkboxes: paid, unpaid, not yet paid; and the standard ones said by their own words. */
import type { Draws, Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import type { Field, Thing } from './nouns.js';
import { negatable } from './words/fields.js';

interface FlagWords {
  readonly yes: string;
  readonly no: string;
}

/** `Object.Field` or `Field` of standard checkboxes → adjectives. */
const standardWords: Readonly<Record<string, FlagWords>> = {
  IsClosed: { yes: 'closed', no: 'open' },
  IsWon: { yes: 'won', no: '' },
  IsEscalated: { yes: 'escalated', no: '{not escalated|not yet escalated|unescalated}' },
  IsConverted: { yes: 'converted', no: '{unconverted|not converted|not yet converted}' },
  IsActive: { yes: 'active', no: '{inactive|inactive|not active}' },
  IsAllDayEvent: { yes: 'all-day', no: '' },
};

/** The last words that make a label a state that a record is in ("the invoice is reminder sent" is none). */
function isAdjective({ api, label }: Field): boolean {
  if (!api.endsWith('__c')) return standardWords[api] !== undefined;
  return !/ /.test(label) && !/^(vip|duplicate)$/.test(label);
}

function adjectives({ api, label }: Field): FlagWords {
  const standard = standardWords[api];
  if (standard) return standard;
  const not = `{not ${label}|not yet ${label}}`;
  return {
    yes: label,
    no: negatable.has(label) ? `{un${label}|un${label}|not ${label}|not yet ${label}}` : not,
  };
}

/** "has been paid" can be said. */
function isParticiple(word: string): boolean {
  return /ed$|^(paid|sold|read)$/.test(word) && !/^(closed|certified|licensed)$/.test(word);
}

function asState(draw: Draw, field: Field, value: boolean): Meaning | null {
  const { yes, no } = adjectives(field);
  const words = value ? yes : no;
  if (words === '') return null;
  const canPrecede = value || negatable.has(field.label) || /^Is(Closed|Active|Converted)$/.test(field.api);
  const precedes = value ? yes : ((/\b(un[a-z]+|open|inactive)\b/.exec(no) ?? [])[1] ?? null);
  const adverb = value ? '{||already |}' : '';
  const been = !isParticiple(yes)
    ? ''
    : value
      ? `|that have been ${yes}|that have already been ${yes}|which have been ${yes}`
      : `|yet to be ${yes}|that are yet to be ${yes}|that still have to be ${yes}|that have not been ${yes}|that haven't been ${yes}|that have not yet been ${yes}|that haven't been ${yes} yet|that were not ${yes}`;
  const still = /^(open|un)/.test(no) ? `|that are still ${no}|still ${no}` : '';
  const hasBeen =
    been === '' ? '' : value ? `|it has been ${yes}` : `|it has not been ${yes}|it hasn't been ${yes} yet`;
  return {
    ...shared(field, value),
    idiom: value
      ? `{that are ${adverb}${words}|that are ${words}|which are ${words}|marked {as |}${words}|that are marked as ${words}${been}}`
      : `{that are ${words}|that are ${words}|which are ${words}|that aren't ${yes}|that aren't ${yes} yet|that aren't ${yes}|that are still not ${yes}|not ${yes} yet|not yet ${yes}|not ${yes}|still not ${yes}|that are not ${yes} yet|that are not ${yes}${still}${been}}`,
    clause: value
      ? `{it is ${adverb}${words}|it is ${words}|it has been marked as ${words}${hasBeen}}`
      : `{it is ${words}|it is ${words}|it isn't ${yes}|it isn't ${yes} yet|it is not ${yes} yet|it is still not ${yes}${hasBeen}}`,
    idiomShare: 0.85,
    before: canPrecede ? precedes : null,
  };
}

function shared(field: Field, value: boolean): Meaning {
  return {
    field,
    soql: `${field.api} = ${value}`,
    apex: (variable) => (value ? `${variable}.${field.api}` : `!${variable}.${field.api}`),
    predicate: value
      ? '{is true|is true|is checked|is ticked|= true|is set|{box|checkbox|flag} is {checked|ticked|set|true}}'
      : '{is false|is false|is not checked|is unchecked|is not ticked|= false|is not true|is not set|{box|checkbox|flag} is {not checked|not ticked|not set|unchecked|false}|{box|checkbox} is still unchecked}',
    clause: value
      ? '{LABEL is true|LABEL is checked|the LABEL {box|checkbox|flag} is {checked|ticked|set}|LABEL = true|LABEL is ticked}'
      : '{LABEL is false|LABEL is not checked|the LABEL {box|checkbox|flag} is not {checked|ticked|set}|LABEL = false|LABEL is unchecked}',
    short: value
      ? '{LABEL true|LABEL checked|LABEL ticked|LABEL = true|LABEL is true}'
      : '{LABEL false|LABEL not checked|LABEL unchecked|LABEL = false|LABEL is false|LABEL not ticked}',
    idiomShare: 1,
    with: value
      ? '{with LABEL checked|with LABEL set to true|with LABEL ticked|with LABEL = true|with LABEL true|with the LABEL {box|checkbox|flag} {checked|ticked|set}}'
      : '{with LABEL unchecked|with LABEL set to false|with LABEL not checked|with LABEL = false|with LABEL false|without LABEL checked|with the LABEL {box|checkbox|flag} {unchecked|not set|not ticked}}',
  };
}

/** Of "opted out of email", which is said as a verb. */
function asVerb(field: Field, value: boolean): Meaning {
  return {
    ...shared(field, value),
    idiomShare: 0.9,
    idiom: value
      ? '{who|that} {have |}opted out of {email|emails}'
      : '{who|that} have not opted out of {email|emails}',
    clause: value ? 'it has opted out of email' : 'it has not opted out of email',
  };
}

export const checkboxMeaning: Draws = (draw: Draw, _thing: Thing, field: Field) => {
  const value = draw.random.chance(0.58);
  if (field.api === 'HasOptedOutOfEmail') return asVerb(field, value);
  const state = isAdjective(field) && draw.random.chance(0.85) ? asState(draw, field, value) : null;
  return state ?? shared(field, value);
};
