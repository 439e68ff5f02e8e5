/** Conditions on picklists: one value, several, none of them, empty. */
import { emptiness } from './conditions-empty.js';
import { loweredValue, quoted, saidValue, type Draws, type Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import type { Field, Thing } from './nouns.js';
import { listed } from './phrase.js';

/** Statuses that stand before a noun; none of them is a checkbox of words/fields.ts. */
export const statusAdjectives: ReadonlySet<string> = new Set(
  (
    'Open|Closed|Draft|Active|Inactive|Pending|New|Completed|Cancelled|In Progress|On Hold|Approved|Rejected|Submitted|Planned|' +
    'Scheduled|Activated|Expired|Terminated|Shipped|Delivered|Installed|Obsolete|Retired|Deferred|Qualified|Unqualified|Resolved|Aborted|Contacted|Nurturing|Recycled|Not Started'
  ).split('|'),
);

function isStatus(api: string): boolean {
  return api === 'Status' || api === 'Status__c';
}

/** Whether the status is said as an adjective; where a checkbox says the same, the word means the checkbox. */
function isAdjective(thing: Thing, { api }: Field, value: string): boolean {
  if (!isStatus(api) || !statusAdjectives.has(value)) return false;
  const hasFlag = thing.fields.some(({ api: other }) => other === 'IsClosed' || other === 'IsActive');
  return !hasFlag || !/^(Open|Closed|Active|Inactive)$/.test(value);
}

/** Statuses before a noun are mostly in lower case. */
function lowered(draw: Draw, value: string): string {
  return draw.random.chance(0.75) ? loweredValue(value) : value;
}

function beforeNoun(draw: Draw, thing: Thing, field: Field, value: string): string | null {
  const { api, label } = field;
  if (isStatus(api)) return isAdjective(thing, field, value) ? lowered(draw, value) : null;
  if (/^(priority|severity|urgency|risk level)$/.test(label)) {
    if (loweredValue(value) === value) return null;
    const kind = label === 'risk level' ? 'risk' : label;
    return draw.random.pick([`${lowered(draw, value)} ${kind}`, `${loweredValue(value)}-${kind}`]);
  }
  if (api === 'Rating') return loweredValue(value) === value ? null : lowered(draw, value);
  if (value === 'Closed Lost') return draw.random.pick(['lost', 'lost', 'closed lost']);
  if (value === 'Closed Won') return 'closed won';
  return null;
}

/** Ways to say that the field has the value, which only this field has. */
function idiomsFor(thing: Thing, { api, label }: Field, value: string): string | undefined {
  if (isStatus(api))
    return `{{in status|in the status|in|with status|with status|status|that have the status|that are in status|that are currently in status|still in status|that are still in status|whose status is still|where the status is still} ${value}|in the ${value} status}`;
  if (api === 'Industry')
    return `{in the ${value} industry|from the ${value} industry|of the ${value} industry|that are in the ${value} industry|in ${value}|in the ${value} sector|whose industry is ${value}|working in ${value}}`;
  if (api === 'Family') return `{in|of|from} the ${value} {family|product family}`;
  if (value === 'Closed Lost')
    return '{that were lost|that we lost|that are closed lost|in stage Closed Lost}';
  if (label === 'stage' || label === 'phase')
    return `{{in|at|in|that are in|that are at|still in|currently in} {LABEL ${value}|the ${value} LABEL}|LABEL ${value}}`;
  if (label === 'type')
    return `{of type|of type|of the type|that are of type|of LABEL|with type|with the type} ${value}`;
  if (api === 'Rating') return `{rated|that are rated|that are} ${value}`;
  if (/(source|origin)$/.test(label) && /^['"]?web['"]?$/i.test(value))
    return `{from the web|that came in {from|via|through} the web|created {from|in|via} the web|with LABEL ${value}|with LABEL ${value}|that came from the Web}`;
  if (/source$/.test(label))
    return `{{that came from|coming from|sourced from|from the source|from source|with source} ${value}|with LABEL ${value}|with the LABEL ${value}}`;
  if (label === 'origin')
    return `{that came in via|that came in by|reported by|received via|that arrived by|coming in through} {${value}|${loweredValue(value)}}`;
  if (/^(priority|severity|urgency)$/.test(label))
    return `{with ${value} LABEL|with ${loweredValue(value)} LABEL|with ${loweredValue(value)} LABEL|of ${loweredValue(value)} LABEL|with the LABEL ${value}|with ALABEL of ${value}|with LABEL ${value}|with LABEL ${value}|of LABEL ${value}|having LABEL ${value}}`;
  if (label === 'department')
    return `{{in|in|from|of} the ${value} department|in department ${value}|{who work|working} in the ${value} department|that are in the ${value} department|with department ${value}}`;
  if (/^(category|region|tier|segment|zone)$/.test(label))
    return `{in the ${value} LABEL|from the ${value} LABEL|in LABEL ${value}|with LABEL ${value}|of the ${value} LABEL}`;
  if (/^(color|language|level|channel|size)$/.test(label))
    return `{with ${value} LABEL|in LABEL ${value}|with the LABEL ${value}}`;
  return thing.isCustom ? `with the LABEL ${value}` : undefined;
}

const equals: Draws = (draw, thing, field) => {
  const isLost = field.api === 'StageName' && draw.random.chance(0.1);
  const value = isLost ? 'Closed Lost' : draw.random.pick(field.values);
  const text = saidValue(draw, value, saidCase(draw, field, value));
  const isState = isAdjective(thing, field, value);
  const idiom =
    isState && draw.random.chance(0.5)
      ? `{that are|that are|which are|that are currently|that are still|that have been marked as} ${value.toLowerCase()}`
      : idiomsFor(thing, field, text);
  const before = beforeNoun(draw, thing, field, value);
  return {
    field,
    soql: `${field.api} = ${quoted(value)}`,
    apex: (variable) => `${variable}.${field.api} == ${quoted(value)}`,
    predicate: `{is|is|is|is|is|=|equals|is set to|is currently|is equal to|is still} ${text}`,
    short: `{LABEL|LABEL|LABEL|LABEL =|LABEL is|LABEL:} ${text}`,
    with: `{with|with|with|having} {LABEL|LABEL|LABEL|LABEL =|ALABEL of|the LABEL|LABEL set to} ${text}`,
    ...(idiom === undefined ? {} : { idiom }),
    ...(isState && before !== null ? { clause: `it is {|currently |now |marked }${before}` } : {}),
    before,
  };
};

/** Known values are sometimes said in lower case. */
function saidCase(draw: Draw, { api, label }: Field, value: string): string {
  const isWellKnown =
    /^(status|priority|stage|rating|severity|industry)$/.test(label) && /^[A-Z][a-z]/.test(value);
  return isWellKnown && api !== 'Stage__c' && draw.random.chance(0.2) ? loweredValue(value) : value;
}

const differs: Draws = (draw, thing, field) => {
  const value = draw.random.pick(field.values);
  const text = saidValue(draw, value, saidCase(draw, field, value));
  return {
    field,
    soql: `${field.api} != ${quoted(value)}`,
    apex: (variable) => `${variable}.${field.api} != ${quoted(value)}`,
    predicate: `{is not|is not|isn't|is different from|is other than|is anything but|!=|does not equal|is not equal to|is not set to|is still not|is not yet} ${text}`,
    short: `{LABEL not|LABEL not|LABEL is not|LABEL other than|LABEL !=} ${text}`,
    with: `{with {ALABEL|LABEL} {other than|different from}|with LABEL not|not in LABEL|with any LABEL {but|except}|except those with LABEL|without LABEL} ${text}`,
    ...(isAdjective(thing, field, value)
      ? {
          idiom: `{that are not|which are not|that are not yet|that aren't|that aren't|that are still not|not in status|not} ${draw.random.chance(0.6) ? loweredValue(value) : value}`,
          clause: `{it is not|it isn't|it is not yet} ${loweredValue(value)}`,
        }
      : {}),
  };
};

function several(draw: Draw, field: Field): { values: readonly string[]; texts: readonly string[] } {
  const count = draw.random.chance(0.75) ? 2 : 3;
  const values = draw.random.sample(field.values, count);
  const isLower = draw.random.chance(0.15);
  const isQuoted = draw.random.chance(0.25);
  const texts = values.map((value) => {
    if (isQuoted) return `'${value}'`;
    return isLower ? saidCase(draw, field, value) : draw.keep(value);
  });
  return { values, texts };
}

const oneOf: Draws = (draw, thing, field) => {
  if (field.values.length < 3) return null;
  const { values, texts } = several(draw, field);
  const or = listed(texts, 'or');
  const areStates = values.every((value) => isAdjective(thing, field, value));
  const states = values.map((value) => value.toLowerCase());
  const both = `(${texts.join(', ')})`;
  return {
    field,
    soql: `${field.api} IN (${values.map(quoted).join(', ')})`,
    apex: (variable) =>
      `(${values.map((value) => `${variable}.${field.api} == ${quoted(value)}`).join(' || ')})`,
    predicate: `{is ${or}|is ${or}|is either ${or}|is one of ${texts.join(', ')}|is in ${both}|is any of ${listed(texts, 'or')}|equals ${or}}`,
    with: `{with|having} {LABEL ${or}|LABEL ${or}|LABEL either ${or}|ALABEL of ${or}|ALABEL of either ${or}|one of the LABEL values ${texts.join(', ')}}`,
    short: `{LABEL|LABEL|LABEL either|LABEL is} ${or}`,
    ...(areStates
      ? {
          idiom: `{that are|which are|that are either|in status|in status|in the status|with status|still in status} ${listed(states, 'or')}`,
          clause: `it is {|either }${listed(states, 'or')}`,
          before: listed(states, draw.random.pick(['or', 'and'])),
        }
      : orIdiom(field, or)),
  };
};

/** Several values in the wordings that only this field has. */
function orIdiom({ api, label }: Field, or: string): { idiom?: string } {
  if (isStatus(api)) return { idiom: `{in status|in status|with status|whose status is either} ${or}` };
  if (api === 'Industry') return { idiom: `in the ${or} industry` };
  if (/^(stage|phase)$/.test(label)) return { idiom: `{in|at} {LABEL|LABEL|either LABEL} ${or}` };
  if (label === 'type') return { idiom: `{of type|of type|of LABEL} ${or}` };
  if (label === 'department') return { idiom: `{in|from} the ${or} department` };
  if (api === 'Rating') return { idiom: `{rated|rated either} ${or}` };
  if (/^(priority|severity|urgency)$/.test(label))
    return { idiom: `{of|with|with either} {LABEL|LABEL|the LABEL} ${or}` };
  if (/source$/.test(label)) return { idiom: `{from the source|that came from|coming from either} ${or}` };
  return {};
}

const noneOf: Draws = (draw, thing, field) => {
  if (field.values.length < 3) return null;
  const { values, texts } = several(draw, field);
  const or = listed(texts, 'or');
  const nor = listed(texts, 'nor');
  return {
    field,
    soql: `${field.api} NOT IN (${values.map(quoted).join(', ')})`,
    apex: (variable) => values.map((value) => `${variable}.${field.api} != ${quoted(value)}`).join(' && '),
    predicate: `{is not ${or}|is not ${or}|isn't ${or}|is neither ${nor}|is none of ${texts.join(', ')}|is not one of ${texts.join(', ')}|is not in (${texts.join(', ')})|is anything but ${or}}`,
    with: `{with ALABEL other than ${or}|with LABEL not ${or}|with LABEL neither ${nor}|with any LABEL except ${listed(texts)}}`,
    short: `{LABEL not ${or}|LABEL not ${or}|LABEL is not ${or}|LABEL neither ${nor}}`,
    ...(values.every((value) => isAdjective(thing, field, value))
      ? {
          idiom: `{that are not|that are not|that aren't|which are not|which aren't|not in status|that are not in status} ${or}`,
          clause: `{it is not|it isn't} ${or}`,
        }
      : {}),
  };
};

/** A condition on a picklist. */
export function picklistMeaning(draw: Draw, thing: Thing, field: Field): Meaning | null {
  if (field.values.length === 0) return null;
  const draws = draw.random.weighted<Draws>([
    [60, equals],
    [10, differs],
    [14, oneOf],
    [6, noneOf],
    [5, emptiness],
  ]);
  return draws(draw, thing, field);
}
