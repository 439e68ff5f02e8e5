/** Conditions on texts, e-mail addresses and phone numbers. */
import { emptiness } from './conditions-empty.js';
import { quoted, saidValue, type Draws, type Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import type { Field, Thing } from './nouns.js';
import type { Random } from './random.js';
import {
  cities,
  code,
  company,
  countries,
  firstNames,
  lastNames,
  madeUp,
  openValue,
  partlyUnknown,
  person,
  states,
} from './words/values.js';

const jobTitles =
  'CEO|CFO|CTO|Director|Manager|Head of Sales|Account Manager|Engineer|Consultant|Developer|Analyst|Vice President|Buyer|Partner|Team Lead'.split(
    '|',
  );

/** A value that the field may hold. */
export function textValue(random: Random, thing: Thing, { api, label }: Field): string {
  if (/^(Case|Contract|Order)Number$/.test(api)) return String(random.integer(1, 99_999)).padStart(8, '0');
  if (/city$/.test(label)) return random.chance(0.35) ? madeUp(random) : random.pick(cities);
  if (/country$/.test(label)) return random.pick(countries);
  if (/state$|province$/.test(label)) return random.pick(states);
  if (/first name$/.test(label)) return random.chance(0.4) ? madeUp(random) : random.pick(firstNames);
  if (/last name$/.test(label)) return random.chance(0.4) ? madeUp(random) : random.pick(lastNames);
  if (api === 'Company' || /(supplier|customer|company) name|manufacturer|brand/.test(label))
    return company(random);
  if (/title$/.test(label) && label !== 'title') return partlyUnknown(random, random.pick(jobTitles));
  if (api === 'Title') return partlyUnknown(random, random.pick(jobTitles));
  if (/(code|number|reference|sku|barcode|external id|plate|id)$/.test(label))
    return random.chance(0.8) ? code(random) : openValue(random);
  if (/(person|manager|author|contact|(contact|doctor|teacher|driver) name)$/.test(label))
    return person(random);
  if (api === 'Name') {
    if (thing.api === 'Account') return company(random);
    if (/^(Contact|Lead|User)$/.test(thing.api)) return person(random);
  }
  return random.weighted<() => string>([
    [8, () => openValue(random)],
    [1, () => code(random)],
    [1, () => company(random)],
  ])();
}

const places: Draws = (draw, thing, field) => {
  const value = textValue(draw.random, thing, field);
  const text = draw.random.chance(0.85) ? value : saidValue(draw, value);
  const isCountry = /Country(__c)?$/.test(field.api);
  if (draw.random.chance(0.06)) return elsewhere(field, value, text);
  return {
    ...equal(draw, thing, field, value),
    idiom: `{{in|in|in|in|from|from|located in|located in|based in|that are in|that are located in|that are based in|situated in} ${text}|in the ${isCountry ? 'country' : 'city'} {|of }${text}}`,
    before: / |['"]/.test(text) || !draw.random.chance(0.12) ? null : `${text}-based`,
    clause: `it is {in|from|located in|based in} ${text}`,
    short: `{LABEL|LABEL|LABEL =|located in|in} ${text}`,
  };
};

/** Not there. */
function elsewhere(field: Field, value: string, text: string): Meaning {
  return {
    field,
    soql: `${field.api} != ${quoted(value)}`,
    apex: (variable) => `${variable}.${field.api} != ${quoted(value)}`,
    predicate: `{is not|isn't|is other than} ${text}`,
    idiom: `{not in|outside|outside of|that are not in|that aren't in|not located in|not from} ${text}`,
    clause: `it is {not in|outside|not from} ${text}`,
    short: `{LABEL not|not in} ${text}`,
  };
}

function equal(draw: Draw, _thing: Thing, field: Field, value: string): Meaning {
  const text = saidValue(draw, value);
  return {
    field,
    soql: `${field.api} = ${quoted(value)}`,
    apex: (variable) => `${variable}.${field.api} == ${quoted(value)}`,
    predicate: `{is|is|is|equals|=|is equal to|is exactly|matches} ${text}`,
    short: `{LABEL|LABEL|LABEL =|LABEL is|LABEL:} ${text}`,
    with: `{with|with|having} {LABEL|LABEL|the LABEL|LABEL =|ALABEL of|LABEL equal to} ${text}`,
  };
}

const equals: Draws = (draw, thing, field) => {
  const value = textValue(draw.random, thing, field);
  const meaning = equal(draw, thing, field, value);
  const text = saidValue(draw, value);
  if (/^(Case|Contract|Order)Number$/.test(field.api))
    return { ...meaning, idiom: `{with number|number|with the number|no.|with LABEL} ${text}` };
  return field.api === 'Name'
    ? {
        ...meaning,
        idiom: `{named|called|named|by the name of|with the name} ${text}`,
        clause: `it is {named|called} ${text}`,
      }
    : meaning;
};

const differs: Draws = (draw, thing, field) => {
  const value = textValue(draw.random, thing, field);
  const text = saidValue(draw, value);
  return {
    field,
    soql: `${field.api} != ${quoted(value)}`,
    apex: (variable) => `${variable}.${field.api} != ${quoted(value)}`,
    predicate: `{is not|is not|isn't|does not equal|!=|is different from|is other than} ${text}`,
    with: `{with {ALABEL|LABEL} {other than|different from}|with LABEL not} ${text}`,
  };
};

const oneOf: Draws = (draw, thing, field) => {
  const { random } = draw;
  const values = [
    ...new Set(Array.from({ length: random.chance(0.75) ? 2 : 3 }, () => textValue(random, thing, field))),
  ];
  if (values.length < 2) return null;
  const isNegated = random.chance(0.25);
  const isQuoted = random.chance(0.25);
  const texts = values.map((value) => (isQuoted ? `'${value}'` : draw.keep(value)));
  const or = `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)!}`;
  const isPlace = isPlaceField(field) && !isNegated;
  const tests = values.map(quoted);
  return {
    field,
    soql: `${field.api} ${isNegated ? 'NOT IN' : 'IN'} (${tests.join(', ')})`,
    apex: (variable) =>
      isNegated
        ? tests.map((test) => `${variable}.${field.api} != ${test}`).join(' && ')
        : `(${tests.map((test) => `${variable}.${field.api} == ${test}`).join(' || ')})`,
    predicate: isNegated
      ? `{is not ${or}|is neither ${or.replace(' or ', ' nor ')}|is not one of ${texts.join(', ')}|is none of ${texts.join(', ')}}`
      : `{is ${or}|is either ${or}|is one of ${texts.join(', ')}|is in (${texts.join(', ')})|equals ${or}}`,
    with: isNegated
      ? `{with ALABEL other than ${or}|with LABEL not ${or}}`
      : `{with|having} {LABEL ${or}|LABEL either ${or}|ALABEL of ${or}}`,
    ...(isPlace
      ? {
          idiom: `{in|in|from|in either|based in|located in|located in|that are in|that are located in|based in either} ${or}`,
        }
      : {}),
  };
};

const parts = {
  starts: {
    words: '{starts with|starts with|begins with}',
    plural: '{starting with|beginning with}',
    pattern: (text: string) => `${text}%`,
    method: 'startsWith',
  },
  contains: {
    words: '{contains|contains|includes|mentions}',
    plural: '{containing|including|mentioning}',
    pattern: (text: string) => `%${text}%`,
    method: 'contains',
  },
  ends: {
    words: '{ends with|ends with|ends in|finishes with}',
    plural: '{ending with|ending in}',
    pattern: (text: string) => `%${text}`,
    method: 'endsWith',
  },
};

const fragments =
  'test|demo|inc|north|renewal|urgent|tech|old|new|copy|draft|health|bank|solar|pilot|group|express|training|support|service|budget|2024|2025|2026|Q1|Q3|Test|Demo|Renewal|VIP|Urgent|Error|Refund'.split(
    '|',
  );

/** A part of a name: the first word of a value, or a common word. */
function likeValue(random: Random, thing: Thing, field: Field): string {
  if (/^(Case|Contract|Order)Number$/.test(field.api))
    return String(random.integer(10, 999)).padStart(4, '0');
  return random.chance(0.3) ? random.pick(fragments) : textValue(random, thing, field).split(' ')[0]!;
}

const like: Draws = (draw, thing, field) => {
  const { random } = draw;
  const part =
    parts[
      random.weighted([
        [5, 'starts'],
        [6, 'contains'],
        [3, 'ends'],
      ] as const)
    ];
  const isMail = field.type === 'email';
  const value = isMail
    ? part.method === 'endsWith'
      ? `@${madeUp(random).toLowerCase()}.${random.pick(['com', 'org', 'de', 'io'])}`
      : madeUp(random).toLowerCase()
    : field.type === 'phone'
      ? `+${random.integer(1, 99)}`
      : part.method === 'endsWith' && random.chance(0.4)
        ? random.pick(['Ltd', 'GmbH', 'Inc', 'Group', '2025', 'Renewal', 'Test', 'Phase 2'])
        : likeValue(random, thing, field);
  const text = saidValue(draw, value);
  return {
    field,
    soql: `${field.api} LIKE ${quoted(part.pattern(value))}`,
    apex: (variable) => `${variable}.${field.api}?.${part.method}(${quoted(value)}) == true`,
    predicate: `${part.words} ${text}`,
    short: `LABEL {${part.words}|${part.words}|${part.plural}} ${text}`,
    with: `{with|having} {{LABEL|ALABEL|the LABEL} ${part.plural}|ALABEL that ${part.words}} ${text}`,
  };
};

function isPlaceField({ api }: Field): boolean {
  return /^(Billing|Mailing)?(City|Country)(__c)?$/.test(api);
}

export function textMeaning(draw: Draw, thing: Thing, field: Field): Meaning | null {
  const { random } = draw;
  if (field.type === 'phone') return (random.chance(0.8) ? emptiness : like)(draw, thing, field);
  if (field.type === 'email') return (random.chance(0.65) ? emptiness : like)(draw, thing, field);
  if (/description|website/.test(field.label))
    return (random.chance(0.5) ? emptiness : like)(draw, thing, field);
  if (isPlaceField(field) && random.chance(0.6)) return places(draw, thing, field);
  const canLike = !/(city|country|state)$/.test(field.label);
  const draws = random.weighted<Draws>([
    [45, equals],
    [canLike ? 30 : 4, like],
    [12, field.api === thing.nameField ? like : emptiness],
    [7, oneOf],
    [4, differs],
  ]);
  return draws(draw, thing, field);
}
