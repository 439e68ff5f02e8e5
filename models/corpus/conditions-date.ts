/** Conditions on dates and times. */
import { drawnDay, type CalendarDay } from './conditions-calendar.js';
import { emptiness } from './conditions-empty.js';
import { clauseVerbs, verbs } from './conditions-date-verbs.js';
import type { Draws, Meaning } from './conditions-wording.js';
import type { Draw } from './draw.js';
import type { Field, Thing } from './nouns.js';
import { saidNumber } from './numbers.js';
import { phrase } from './phrase.js';
import type { Random } from './random.js';

/** When something is: after a verb ("closing this month") or after "is". */
interface Moment {
  readonly test: string;
  readonly apex: ((path: string) => string) | null;
  readonly words: string;
  readonly tense: 'past' | 'future' | 'any';
  /** `= LAST_N_DAYS:7` */
  readonly more?: {
    readonly predicate?: string;
    /** After "with LABEL", where it is not as after a verb. */
    readonly labelled?: string;
  };
}

const named: readonly (readonly [literal: string, words: string, tense: Moment['tense']])[] = [
  ['TODAY', 'today', 'any'],
  ['TODAY', 'today', 'any'],
  ['YESTERDAY', 'yesterday', 'past'],
  ['TOMORROW', 'tomorrow', 'future'],
  ['THIS_WEEK', '{this week|in the current week|within this week}', 'any'],
  ['LAST_WEEK', '{last week|in the previous week|the previous week}', 'past'],
  ['NEXT_WEEK', '{next week|in the coming week}', 'future'],
  ['THIS_MONTH', '{this month|in the current month|within this month}', 'any'],
  ['THIS_MONTH', 'this month', 'any'],
  ['LAST_MONTH', '{last month|in the previous month|the previous month}', 'past'],
  ['NEXT_MONTH', '{next month|in the coming month}', 'future'],
  ['THIS_QUARTER', '{this quarter|in the current quarter}', 'any'],
  ['LAST_QUARTER', '{last quarter|in the previous quarter}', 'past'],
  ['NEXT_QUARTER', 'next quarter', 'future'],
  ['THIS_YEAR', '{this year|in the current year|within this year}', 'any'],
  ['LAST_YEAR', '{last year|in the previous year}', 'past'],
  ['NEXT_YEAR', 'next year', 'future'],
];
const onOneDay: Readonly<Record<string, string>> = {
  TODAY: 'Date.today()',
  YESTERDAY: 'Date.today().addDays(-1)',
  TOMORROW: 'Date.today().addDays(1)',
};

function namedMoment(random: Random): Moment {
  const [literal, words, tense] = random.pick(named);
  const day = onOneDay[literal];
  return {
    test: `= ${literal}`,
    apex: day === undefined ? null : (path) => `${path} == ${day}`,
    words,
    tense,
    ...(day === undefined
      ? {}
      : { more: { predicate: `{is|is|is|=|falls on} ${words}`, labelled: `{of|of|=|} ${words}` } }),
  };
}

function dayCount(random: Random): number {
  return random.pick([
    1, 2, 3, 4, 5, 6, 7, 7, 7, 10, 14, 14, 15, 20, 21, 30, 30, 30, 45, 60, 90, 90, 100, 120, 180, 365,
  ]);
}

function lastDays(random: Random): Moment {
  const days = Math.max(2, dayCount(random));
  const n = saidNumber(random, days);
  return {
    test: `= LAST_N_DAYS:${days}`,
    apex: (path) => `${path} >= Date.today().addDays(-${days}) && ${path} <= Date.today()`,
    words: `{in the last ${n} days|in the last ${n} days|within the last ${n} days|in the past ${n} days|within the past ${n} days|over the last ${n} days|during the last ${n} days|the last ${n} days}`,
    tense: 'past',
    more: {
      predicate: `{is|is|was|falls} {in|within} the {last|last|past} ${n} days`,
      labelled: `{in|in|within} the {last|last|past} ${n} days`,
    },
  };
}

function nextDays(random: Random): Moment {
  const days = Math.max(2, dayCount(random));
  const n = saidNumber(random, days);
  return {
    test: `= NEXT_N_DAYS:${days}`,
    apex: (path) => `${path} > Date.today() && ${path} <= Date.today().addDays(${days})`,
    words: `{in the next ${n} days|in the next ${n} days|within the next ${n} days|within ${n} days|over the next ${n} days|during the next ${n} days|in the coming ${n} days}`,
    tense: 'future',
    more: {
      predicate: `{is|is|falls|lies} {in|in|within} the {next|next|coming} ${n} days`,
      labelled: `{in|in|within} the {next|next|coming} ${n} days`,
    },
  };
}

function periods(random: Random): Moment {
  const count = random.integer(2, 12);
  const n = saidNumber(random, count);
  const unit = random.pick(['weeks', 'months', 'months', 'years', 'quarters']);
  const isPast = random.chance(0.6);
  return {
    test: `= ${isPast ? 'LAST' : 'NEXT'}_N_${unit.toUpperCase()}:${count}`,
    apex: null,
    words: isPast
      ? `{in|in|within|over|during} the {last|last|past} ${n} ${unit}`
      : `{in|in|within|over} the {next|next|coming} ${n} ${unit}`,
    tense: isPast ? 'past' : 'future',
    more: {
      predicate: `{is|is|falls} {in|within} the {${isPast ? 'last|past' : 'next|coming'}} ${n} ${unit}`,
      labelled: `{in|within} the {${isPast ? 'last|past' : 'next|coming'}} ${n} ${unit}`,
    },
  };
}

function longAgo(random: Random): Moment {
  const days = dayCount(random);
  const n = saidNumber(random, days);
  const s = days === 1 ? 'day' : 'days';
  return {
    test: `< LAST_N_DAYS:${days}`,
    apex: (path) => `${path} < Date.today().addDays(-${days})`,
    words: `{more than ${n} ${s} ago|more than ${n} ${s} ago|over ${n} ${s} ago|longer than ${n} ${s} ago|more than ${n} ${s} in the past}`,
    tense: 'past',
    more: {
      predicate: `{is more than ${n} ${s} ago|was more than ${n} ${s} ago|is older than ${n} ${s}|is older than ${n} ${s}|is more than ${n} ${s} old|is over ${n} ${s} ago|is longer than ${n} ${s} ago|lies more than ${n} ${s} back}`,
      labelled: `{more than ${n} ${s} ago|older than ${n} ${s}|older than ${n} ${s}|over ${n} ${s} ago|more than ${n} ${s} in the past|that is older than ${n} ${s}}`,
    },
  };
}

function farAhead(random: Random): Moment {
  const days = dayCount(random);
  const n = saidNumber(random, days);
  const s = days === 1 ? 'day' : 'days';
  return {
    test: `> NEXT_N_DAYS:${days}`,
    apex: (path) => `${path} > Date.today().addDays(${days})`,
    words: `{more than ${n} ${s} from now|more than ${n} ${s} away|more than ${n} ${s} in the future|more than ${n} ${s} ahead|later than ${n} ${s} from now|over ${n} ${s} from now}`,
    tense: 'future',
  };
}

function passed(): Moment {
  return {
    test: '< TODAY',
    apex: (path) => `${path} < Date.today()`,
    words: '{before today|before today|in the past|earlier than today|prior to today}',
    tense: 'past',
    more: {
      predicate:
        '{has passed|has passed|has already passed|is over|is before today|is in the past|is past|lies in the past|is earlier than today|< today|was before today|has gone by}',
    },
  };
}

function ahead(): Moment {
  return {
    test: '> TODAY',
    apex: (path) => `${path} > Date.today()`,
    words: '{after today|after today|in the future|later than today}',
    tense: 'future',
    more: {
      predicate:
        '{is after today|is in the future|is in the future|lies in the future|is still to come|is later than today|> today|is yet to come}',
    },
  };
}

function upToToday(random: Random): Moment {
  return random.chance(0.5)
    ? {
        test: '<= TODAY',
        apex: (path) => `${path} <= Date.today()`,
        words:
          '{today or earlier|today or before|on or before today|no later than today|up to today|by today}',
        tense: 'past',
      }
    : {
        test: '>= TODAY',
        apex: (path) => `${path} >= Date.today()`,
        words: '{today or later|on or after today|from today on|no earlier than today|today or after}',
        tense: 'future',
      };
}

/** Operator and words; DAY is the day. */
const dayTests: readonly (readonly [weight: number, operator: string, words: string])[] = [
  [4, '>', '{after DAY|after DAY|later than DAY|past DAY}'],
  [6, '<', '{before DAY|before DAY|before DAY|earlier than DAY|prior to DAY}'],
  [2, '>=', '{on or after DAY|DAY or later|from DAY on|from DAY onwards|no earlier than DAY}'],
  [2, '<=', '{on or before DAY|DAY or earlier|no later than DAY|up to and including DAY}'],
  [2, '>=', 'since DAY'],
  [2.5, '=', 'on DAY'],
];

function calendarDay(random: Random): Moment {
  const { year, month, day, iso, text } = drawnDay(random);
  const [operator, words] = random.weighted(dayTests.map(([weight, ...test]) => [weight, test] as const));
  return {
    test: `${operator} ${iso}`,
    apex: (path) =>
      `${path} ${operator === '=' ? '==' : operator} Date.newInstance(${year}, ${month}, ${day})`,
    words: words.replaceAll('DAY', text),
    tense: 'any',
    ...(operator === '='
      ? { more: { predicate: `{is|is|is on|falls on|=} ${text}`, labelled: `{of|=|on|} ${text}` } }
      : {}),
  };
}

/** From one day to another, both included. */
function betweenDays(draw: Draw, field: Field): Meaning | null {
  const [one, other] = [drawnDay(draw.random), drawnDay(draw.random)];
  if (one.iso === other.iso) return null;
  const [first, last] = one.iso < other.iso ? [one, other] : [other, one];
  const path = (variable: string): string => `${variable}.${field.api}`;
  const day = ({ year, month, day: at }: CalendarDay): string => `Date.newInstance(${year}, ${month}, ${at})`;
  const range = `between ${first.text} and ${last.text}`;
  const verb = verbs[field.api]?.any;
  return {
    field,
    soql: `${field.api} >= ${first.iso} AND ${field.api} <= ${last.iso}`,
    apex: (variable) => `${path(variable)} >= ${day(first)} && ${path(variable)} <= ${day(last)}`,
    predicate: `{is|is|falls|lies} ${range}`,
    with: `{with|with|having} {LABEL|ALABEL|the LABEL} ${range}`,
    short: `LABEL ${range}`,
    ...(verb === undefined ? {} : { idiom: `${verb} ${range}` }),
  };
}

function momentOf(draw: Draw, field: Field): Moment {
  const { random } = draw;
  const isDue = /^(ActivityDate|Due_Date__c)$/.test(field.api);
  const isEnd = /^(EndDate|End_Date__c|CloseDate|Expiration_Date__c|Renewal_Date__c)$/.test(field.api);
  const isHistory = /^(CreatedDate|LastModifiedDate|ClosedDate|Birthdate)$/.test(field.api);
  return random.weighted<() => Moment>([
    [10, () => namedMoment(random)],
    [isHistory ? 10 : 5, () => lastDays(random)],
    [isHistory ? 0 : isEnd ? 14 : 7, () => nextDays(random)],
    [isHistory ? 0 : isDue ? 18 : 6, passed],
    [isHistory ? 0 : 3, ahead],
    [isHistory ? 6 : 4, () => longAgo(random)],
    [isHistory ? 0 : 2, () => farAhead(random)],
    [isHistory ? 0 : 2, () => upToToday(random)],
    [2, () => periods(random)],
    [field.type === 'date' ? 8 : 0, () => calendarDay(random)],
  ])();
}

function isHistoric({ api }: Field): boolean {
  return /^(CreatedDate|LastModifiedDate|ClosedDate|Birthdate)$/.test(api);
}

/** Wordings that only this field and this moment have. */
function extraIdiom({ api }: Field, { test }: Moment): string | null {
  const days = /:(\d+)$/.exec(test)?.[1];
  if (api === 'CreatedDate' && test.startsWith('< LAST_N_DAYS'))
    return `{older than ${days} days|older than ${days} days|older than ${days} days|more than ${days} days old|that are older than ${days} days|that are more than ${days} days old|over ${days} days old|created more than ${days} days ago}`;
  if (api === 'LastModifiedDate' && test.startsWith('< LAST_N_DAYS'))
    return `{not modified in the last ${days} days|not changed in the last ${days} days|untouched for more than ${days} days|not updated for ${days} days|that have not been updated in the last ${days} days|that have not changed in the last ${days} days}`;
  if (/^(ActivityDate|Due_Date__c)$/.test(api) && test === '< TODAY')
    return '{overdue|that are overdue|that are already overdue|past due|past their due date|that are past due|that are past their due date|which are overdue|due before today}';
  if (api === 'CreatedDate' && test === '= TODAY')
    return '{from today|created today|that came in today|new today|added today}';
  if (api === 'CreatedDate' && test.startsWith('= '))
    return '{from BARE|from BARE|created WHEN|made WHEN|entered WHEN}';
  if (/^(Expiration_Date__c)$/.test(api) && test === '< TODAY')
    return '{that have expired|that have already expired|which have expired}';
  return null;
}

/** The moment in one of its wordings: after "from" no other preposition stands. */
function withMoment({ random }: Draw, template: string, words: string): string {
  const moment = phrase(random, words);
  return template
    .replaceAll('BARE', moment.replace(/^(in|within|over|during) /, ''))
    .replaceAll('WHEN', moment);
}

const dated: Draws = (draw: Draw, thing: Thing, field: Field): Meaning | null => {
  const moment = momentOf(draw, field);
  if (isHistoric(field) && moment.tense === 'future') return null;
  const soql = `${field.api} ${moment.test}`;
  const isExpiry = thing.api === 'Contract' && field.api === 'EndDate' && draw.random.chance(0.65);
  const verb = verbs[isExpiry ? 'Expiration_Date__c' : field.api]?.[moment.tense];
  const extra = extraIdiom(field, moment);
  const ofVerb = verb === undefined ? null : `${verb} ${moment.words}`;
  const isExtra =
    extra !== null && (ofVerb === null || draw.random.chance(extra.includes('WHEN') ? 0.12 : 0.7));
  const idiom = isExtra ? withMoment(draw, extra, moment.words) : ofVerb;
  const clauseVerb = clauseVerbs[field.api]?.[moment.tense];
  const isOverdue = extra !== null && moment.test === '< TODAY' && !/Expir/.test(field.api);
  const clause = isOverdue
    ? '{it is overdue|it is past due|it is past its due date}'
    : extra !== null && field.api === 'CreatedDate' && soql.includes('<')
      ? extra.includes('old')
        ? `it is older than ${/:(\d+)$/.exec(soql)![1]} days`
        : undefined
      : clauseVerb === undefined
        ? undefined
        : `${clauseVerb} ${moment.words}`;
  const verbOfTime =
    moment.tense === 'past' ? '{is|is|was}' : moment.tense === 'future' ? '{is|is|falls}' : '{is|is|falls}';
  return {
    field,
    soql,
    apex:
      field.type === 'datetime' || moment.apex === null
        ? null
        : (variable) => moment.apex!(`${variable}.${field.api}`),
    predicate: moment.more?.predicate ?? `${verbOfTime} ${moment.words}`,
    with: `{with|with|having} {LABEL|ALABEL|ALABEL|the LABEL} ${moment.more?.labelled ?? moment.words}`,
    short: `LABEL {${(moment.more?.labelled ?? moment.words).replace('{of|of|', '{|').replace('{of|', '{|')}}`,
    ...(idiom === null ? {} : { idiom }),
    ...(clause === undefined ? {} : { clause }),
    ...(/^(CreatedDate|LastModifiedDate)$/.test(field.api) ? { idiomShare: 0.88 } : {}),
    before: isOverdue ? 'overdue' : null,
  };
};

const alwaysThere = /^(CreatedDate|LastModifiedDate|CloseDate|StartDateTime|EndDateTime)$/;

export function dateMeaning(draw: Draw, thing: Thing, field: Field): Meaning | null {
  if (!alwaysThere.test(field.api) && draw.random.chance(0.14)) return emptiness(draw, thing, field);
  if (field.type === 'date' && field.api !== 'Birthdate' && draw.random.chance(0.05))
    return betweenDays(draw, field);
  return dated(draw, thing, field);
}
