/** What starts a flow, and for which records: the first half of a request. */
import { nounPhrase, type Condition } from '../conditions.js';
import { phrase } from '../phrase.js';
import { changeStart } from './becoming.js';
import { noteStart } from './notes.js';
import type { Plan, Start } from './plan.js';
import { newsOf } from './fragments.js';
import { withArticle } from './names.js';

const whenever =
  '{when|when|when|when|when|whenever|once|as soon as|as soon as|every time|each time|if|if|after|any time|the moment|right after|in case|every time that}';
const isDone: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create:
    '{is created|is created|is created|gets created|is added|gets added|comes in|arrives|is entered|is inserted|is logged|is saved for the first time|has been created|has been added|was created|is set up|is recorded|is newly created|shows up|is opened|is submitted|is received|is filed|gets logged|gets entered|gets submitted|is registered|has come in|is raised|gets filed|gets registered|was entered}',
  update:
    '{is updated|is updated|is updated|gets updated|is changed|changes|gets changed|is edited|is modified|gets edited|gets modified|has been updated|has been changed|was updated|was changed|is saved with changes|is altered|is touched|sees a change}',
  delete:
    '{is deleted|is deleted|is deleted|gets deleted|is removed|gets removed|has been deleted|was deleted|is erased|has been removed|is thrown away}',
};
const somebodyDoes: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create: '{creates|creates|creates|adds|enters|logs|inserts|registers|files|opens|submits}',
  update: '{updates|updates|changes|edits|modifies}',
  delete: '{deletes|deletes|removes}',
};
const doing: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create:
    '{on creation of|upon creation of|after the creation of|on the creation of|on create of|after creating|on insert of|upon creating}',
  update:
    '{on update of|upon update of|after the update of|on every change of|on change of|after updating|on every update of|on each edit of}',
  delete:
    '{on deletion of|upon deletion of|after the deletion of|on delete of|after deleting|on removal of|upon deleting}',
};
/** How a user says when a scheduled flow runs. */
export const rhythms: Readonly<Record<'daily' | 'weekly' | 'monthly', string>> = {
  daily:
    '{every day|every day|daily|each day|once per day|every morning|overnight|each morning|every night|nightly|each night|once a day|on a daily basis|every evening|each evening|every single day|day by day|every day at 6 am|every day at midnight|every 24 hours}',
  weekly:
    '{every week|every week|weekly|each week|once a week|once per week|on a weekly basis|every Monday|every Friday|each Monday|on Mondays|every Monday morning|every Sunday|every 7 days|each Tuesday|every Wednesday|on Fridays|each Thursday|every Saturday}',
  monthly:
    '{every month|every month|monthly|each month|once a month|once per month|on a monthly basis|on the first of each month|on the first of every month|at the end of each month|at the end of every month|at the start of each month|on the first day of each month}',
};
const adjectives: Readonly<Record<'daily' | 'weekly' | 'monthly', string>> = {
  daily: '{daily|daily|nightly}',
  weekly: 'weekly',
  monthly: 'monthly',
};

export function drawStart(plan: Plan, conditions: readonly Condition[]): Start {
  switch (plan.on) {
    case 'daily':
    case 'weekly':
    case 'monthly':
      return scheduledStart(plan, plan.on, conditions);
    case 'create':
    case 'update':
    case 'delete':
      return recordStart(plan, plan.on, conditions);
  }
}

function recordStart(
  plan: Plan,
  on: 'create' | 'update' | 'delete',
  conditions: readonly Condition[],
): Start {
  const { random } = plan.draw;
  if (on === 'update' && random.chance(0.45)) {
    const changed = changeStart(plan, conditions);
    if (changed !== null) return changed;
  }
  if (random.chance(0.24)) {
    const noted = noteStart(plan, on, conditions);
    if (noted !== null) return noted;
  }
  if (conditions.length > 0 && random.chance(0.3)) return clausesStart(plan, on, conditions);
  if (conditions.length > 0 && random.chance(0.25)) {
    const late = lateStart(plan, on, conditions);
    if (late !== null) return late;
  }
  if (random.chance(0.06)) return groupStart(plan, on, conditions);
  if (random.chance(0.04)) return formStart(plan, on, conditions);
  const noun = nounPhrase(plan.draw, plan.thing, conditions, 'one');
  const one = random.chance(on === 'create' ? 0.4 : 0) ? `a new ${noun.english}` : withArticle(noun.english);
  const any = one.startsWith('a new ') ? one : phrase(random, `{${one}|${one}|${one}|any ${noun.english}}`);
  const kind = random.weighted([
    [10, 'clause'],
    [2, 'active'],
    [1.5, 'noun'],
    [on === 'create' ? 1.5 : 0, 'new'],
    [1, 'title'],
  ] as const);
  const { conditions: order } = noun;
  switch (kind) {
    case 'clause':
      return { said: phrase(random, `${whenever} ${any} ${isDone[on]}`), conditions: order, kind: 'clause' };
    case 'active':
      return { said: phrase(random, activeOf(on, one)), conditions: order, kind: 'clause' };
    case 'noun':
      return { said: phrase(random, `${doing[on]} ${one}`), conditions: order, kind: 'clause' };
    case 'new':
      return {
        said: phrase(random, `for {every|each|any} new ${noun.english}`),
        conditions: order,
        kind: 'clause',
      };
    case 'title':
      return { said: titleOf(plan, on, noun.english), conditions: order, kind: 'title' };
  }
}

function activeOf(on: 'create' | 'update' | 'delete', one: string): string {
  const somebody = `${whenever} {somebody|somebody|someone|someone|a user|anyone|anybody|a colleague|one of us|one of our users} ${somebodyDoes[on]} ${one}`;
  return on === 'create' ? `{${somebody}|${whenever} we {get|receive|create} ${one}}` : somebody;
}

function titleOf(plan: Plan, on: 'create' | 'update' | 'delete', noun: string): string {
  const past = { create: '{created|added}', update: '{updated|changed|edited}', delete: '{deleted|removed}' }[
    on
  ];
  const title =
    on === 'create'
      ? `{new ${noun}|${noun} ${past}|new ${noun} ${past}}`
      : `{${noun} ${past}|${past} ${noun}}`;
  return phrase(plan.draw.random, `{|||on: |trigger: |event: |when: }${title}`);
}

/** `when a case is created and its priority is High`, `if a new lead's rating is Hot`. */
function clausesStart(
  plan: Plan,
  on: 'create' | 'update' | 'delete',
  conditions: readonly Condition[],
): Start {
  const { random } = plan.draw;
  const inNoun = random.integer(0, conditions.length - 1);
  const noun = nounPhrase(plan.draw, plan.thing, conditions.slice(0, inNoun), 'one');
  const after = conditions.slice(inNoun);
  const [first, ...rest] = after.map((condition) => condition.clause);
  const order = [...noun.conditions, ...after];
  const subject = on === 'create' && inNoun === 0 && random.chance(0.4) ? newSubject(plan, first!) : null;
  if (subject !== null) {
    return {
      said: [phrase(random, `{if|if|when|whenever|in case}`), [subject, ...rest].join(' and ')].join(' '),
      conditions: order,
      kind: 'clause',
    };
  }
  const clauses = [first!, ...rest].join(' and ');
  const one = random.chance(on === 'create' ? 0.35 : 0) ? `a new ${noun.english}` : withArticle(noun.english);
  const event = `${whenever.replace('|if|', '|')} ${one} ${isDone[on]}`;
  const joined = `{${event} and ${clauses}|${event} and ${clauses}}`;
  const guarded = `{${event}, {and if|provided} ${clauses}|${event}, but only {if|where|when} ${clauses}|${event} {provided that|and if} ${clauses}}`;
  return {
    said: phrase(random, plan.hasDecision ? joined : `{${joined}|${guarded}}`),
    conditions: order,
    kind: 'clause',
  };
}

/** `a new lead's rating is Hot` of `its rating is Hot`; null = said in another way. */
function newSubject(plan: Plan, clause: string): string | null {
  const owner = `a new ${plan.thing.label}`;
  const field = fieldOf(plan, clause);
  if (field !== null && plan.draw.random.chance(0.45)) {
    return clause.replace(/^(its|the) /, 'the ').replace(field, `${field} of ${owner}`);
  }
  if (/^(its|the) /.test(clause)) return clause.replace(/^(its|the) /, `${owner}'s `);
  if (clause.startsWith('it ')) return clause.replace(/^it /, `${owner} `);
  return null;
}

/** The field that a clause is about, as it is said there; null = it is about the record. */
function fieldOf({ thing }: Plan, clause: string): string | null {
  const said = thing.fields.flatMap(({ label, api }) => [label, api]);
  return said.find((one) => clause.startsWith(`its ${one} `) || clause.startsWith(`the ${one} `)) ?? null;
}

/** `when a high priority case comes in from the web`: the last condition after the verb. */
function lateStart(
  plan: Plan,
  on: 'create' | 'update' | 'delete',
  conditions: readonly Condition[],
): Start | null {
  const { random } = plan.draw;
  const last = conditions.at(-1)!;
  if (!/^(with|from|in|without) /.test(last.after)) return null;
  const noun = nounPhrase(plan.draw, plan.thing, conditions.slice(0, -1), 'one');
  const one = on === 'create' && random.chance(0.35) ? `a new ${noun.english}` : withArticle(noun.english);
  return {
    said: phrase(random, `${whenever} ${one} ${isDone[on]} ${last.after}`),
    conditions: [...noun.conditions, last],
    kind: 'clause',
  };
}

/** `trigger: case created; conditions: its priority is High; steps`. */
function formStart(plan: Plan, on: 'create' | 'update' | 'delete', conditions: readonly Condition[]): Start {
  const past = { create: '{created|added}', update: '{updated|changed}', delete: 'deleted' }[on];
  const clauses = conditions.map(({ clause }) => clause).join(' and ');
  const filter =
    clauses === '' ? '' : `{;|.|,} {condition|conditions|filter|only if|if|criteria}: ${clauses}`;
  const said = phrase(
    plan.draw.random,
    `{trigger|event|when|on|start}: {${plan.thing.label} ${past}|${plan.thing.label} is ${past}|${withArticle(plan.thing.label)} is ${past}}${filter}{;|.|,} {steps|actions|then|do|what to do}`,
  );
  return { said, conditions, kind: 'title' };
}

/** `for high priority cases, when one is created`. */
function groupStart(plan: Plan, on: 'create' | 'update' | 'delete', conditions: readonly Condition[]): Start {
  const many = nounPhrase(plan.draw, plan.thing, conditions, 'many');
  const past = {
    create: '{created|added|entered}',
    update: '{updated|changed|edited|modified}',
    delete: '{deleted|removed}',
  }[on];
  const news = `{for|for|on} {|all} ${newsOf[on]} ${many.english}`;
  return {
    said: phrase(
      plan.draw.random,
      `{for {|all} ${many.english}, {when|whenever|as soon as|every time} one is ${past}|for {|all} ${many.english}, when ${past}|for {|all} ${many.english} when ${past}|for {|all} ${many.english} that {are|get} ${past}|${news}|${news}}`,
    ),
    conditions: many.conditions,
    kind: 'clause',
  };
}

function scheduledStart(
  plan: Plan,
  on: 'daily' | 'weekly' | 'monthly',
  conditions: readonly Condition[],
): Start {
  const { random } = plan.draw;
  const noun = nounPhrase(plan.draw, plan.thing, conditions, plan.isMany ? 'many' : 'one');
  const rhythm = phrase(random, rhythms[on]);
  const all = plan.isMany ? `{all|all|all the|the|} ${noun.english}` : `{each|every} ${noun.english}`;
  const kind = random.weighted([
    [8, 'clause'],
    [4, 'command'],
    [2.5, 'title'],
    [1.2, 'statement'],
  ] as const);
  const seek = plan.isMany
    ? '{go through|take|look at|find|find|look for|get|process|pick|select|collect|go over|check for|search for|check|check|look through|run through|look up|grab|scan}'
    : '{take|look at|go through|process|check|get|find}';
  const template = {
    clause: `{${rhythm}, for ${all}|${rhythm} for ${all}|for ${all}, ${rhythm}|for ${all} ${rhythm}|run ${rhythm} {on|for|over} ${all}|${rhythm} on ${all}}`,
    statement: `{${rhythm}, ${seek} ${all}|${rhythm} ${seek} ${all}|${seek} ${all} ${rhythm}|${rhythm}: ${all}|there should be a ${adjectives[on]} {check|run} {of|over} ${all}|${rhythm}{:|,} check ${all}}`,
    command: `{${rhythm}, ${seek} ${all}|${rhythm} ${seek} ${all}|${seek} ${all} ${rhythm}}`,
    title: `{a ${adjectives[on]} {flow|job|run} {for|on|over} ${all}|${adjectives[on]} {flow|job|run} {for|on|over} ${all}|${adjectives[on]}: ${all}|${adjectives[on]}, ${all}|${all}, ${rhythm}|${rhythm}: ${all}|${rhythm}: ${all}|${rhythm}, ${all}|${rhythm} ${all}|${adjectives[on]} {check|check-up|cleanup|review|sweep|scan|pass} {of|on|over} ${all}|{I need|we need|please build|set up} a ${adjectives[on]} {job|run|flow|check} {for|over} ${all}|${adjectives[on]} - ${all}|schedule: ${rhythm}, records: ${all}}`,
  }[kind];
  return { said: phrase(random, template), conditions: noun.conditions, kind };
}
