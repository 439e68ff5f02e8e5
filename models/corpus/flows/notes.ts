/** What starts a flow as people write it in notes, in statements and in questions: `New contract, term over 36 -> …`. */
import { nounPhrase, type Condition } from '../conditions.js';
import { capitalized, phrase } from '../phrase.js';
import { abbreviated, canStandLate, fragmentsOf, newsOf } from './fragments.js';
import { withArticle } from './names.js';
import type { Plan, Start } from './plan.js';

type On = 'create' | 'update' | 'delete';

const past: Readonly<Record<On, string>> = {
  create:
    '{created|created|created|added|entered|logged|submitted|opened|filed|saved|registered|raised|recorded}',
  update: '{updated|updated|changed|edited|modified}',
  delete: '{deleted|deleted|removed|erased}',
};
const isDone: Readonly<Record<On, string>> = {
  create:
    '{is created|is created|gets created|is added|is entered|comes in|gets added|gets logged|was just created|has just been created|just got created|just got filed|just came in|is submitted|is registered|has been entered|is filed|arrives|is opened}',
  update:
    '{is updated|is updated|gets updated|is changed|gets changed|is edited|was just updated|has just been changed|just got updated|gets edited|is modified|has been updated}',
  delete:
    '{is deleted|is deleted|gets deleted|is removed|gets removed|was just deleted|has just been deleted|just got deleted|has been removed}',
};
const somebodyDoes: Readonly<Record<On, string>> = {
  create: '{creates|creates|adds|enters|logs|registers|files|submits|opens}',
  update: '{updates|updates|changes|edits|modifies}',
  delete: '{deletes|deletes|removes}',
};
const somebody = '{somebody|someone|a user|anybody|a colleague|one of us|somebody in the team}';

/** null = these conditions cannot be said so. */
export function noteStart(plan: Plan, on: On, conditions: readonly Condition[]): Start | null {
  const way = plan.draw.random.weighted([
    [4, noteTitle],
    [2.5, question],
    [3, statement],
  ] as const);
  return way(plan, on, conditions);
}

/** `New contract, contract term longer than 36`, `asset registered w/o a serial number`. */
function noteTitle(plan: Plan, on: On, conditions: readonly Condition[]): Start | null {
  const { random } = plan.draw;
  const late = lateOf(plan, conditions);
  if (late !== null && random.chance(0.5)) {
    const verb = phrase(random, past[on]);
    return { said: `${late.noun} ${verb} ${late.after}`, conditions: late.conditions, kind: 'title' };
  }
  if (random.chance(0.2)) return manyTitle(plan, on, conditions);
  if (random.chance(0.08)) return talkedOf(plan, on, conditions);
  const split = splitOf(plan, conditions);
  if (split === null) return null;
  const { noun, fragments } = split;
  const head = phrase(random, headOf(on, noun, plan.thing.plural));
  const mark = random.pick([', ', ', ', ', ', ' + ', ' & ', ' and ', ' / ']);
  const between = mark === ' / ' || mark === ' & ' || mark === ' + ' ? mark : random.pick([', ', ' and ']);
  const text = fragments.join(between);
  const inBrackets = fragments.length > 0 && random.chance(0.15);
  const said = fragments.length === 0 ? head : inBrackets ? `${head} (${text})` : head + mark + text;
  return { said, conditions: split.conditions, kind: 'title' };
}

/** `new tasks with priority High`. */
function manyTitle(plan: Plan, on: On, conditions: readonly Condition[]): Start {
  const { random } = plan.draw;
  const noun = nounPhrase(plan.draw, plan.thing, conditions, 'many');
  const said = phrase(random, `{|||for |on |all |for all }${newsOf[on]} ${noun.english}`);
  return { said, conditions: noun.conditions, kind: 'title' };
}

const eventNouns: Readonly<Record<On, string>> = {
  create: '{creation|insert|create}',
  update: '{update|update|change|edit}',
  delete: '{deletion|delete|removal}',
};
const doing: Readonly<Record<On, string>> = {
  create: '{creating|adding|a new|a new|a new}',
  update: '{changing|updating|editing}',
  delete: '{deleting|deleting|removing}',
};

/** `deleting a contract has to leave a trace`, `on contact update where the status is Open`. */
function talkedOf(plan: Plan, on: On, conditions: readonly Condition[]): Start {
  const { random } = plan.draw;
  const noun = nounPhrase(plan.draw, plan.thing, conditions, 'one');
  const clauses = conditions.map(({ clause }) => clause.replace(/^(its|the) /, '')).join(' and ');
  if (random.chance(0.5) && !/\bit\b/.test(clauses)) {
    const where = clauses === '' ? '' : ` where ${clauses}`;
    const said = phrase(random, `on ${plan.thing.label} ${eventNouns[on]}${where}`);
    return { said, conditions, kind: 'title' };
  }
  const verb = phrase(random, doing[on]);
  const one = verb === 'a new' ? `a new ${noun.english}` : `${verb} ${withArticle(noun.english)}`;
  const fuss =
    '{has to leave a trace|must not go unnoticed|needs some attention|kicks off a process|starts a process|calls for action|means work|is a big thing for us|needs the following|should trigger this|triggers the following|leads to this|has consequences}';
  return { said: phrase(random, `${one} ${fuss}`), conditions: noun.conditions, kind: 'title' };
}

function headOf(on: On, noun: string, plural: string): string {
  const done = `{${noun} ${past[on]}|${noun} ${past[on]}|${withArticle(noun)} ${isDone[on]}|${noun} ${isDone[on]}}`;
  if (on !== 'create') return `{${done}|${done}|${on} of ${withArticle(noun)}|${noun} ${on}}`;
  const isPlain = plural.length > 0 && !noun.includes(' that ');
  const news = `{new ${noun}|new ${noun}|new ${noun} {created|in|comes in|arrives|added|logged}|a new ${noun} comes in|another new ${noun}}`;
  return isPlain ? `{${news}|${news}|${done}}` : `{${news}|${done}}`;
}

/** `Contact gets created without an email?`, `A complaint just got filed and its severity is High?` */
function question(plan: Plan, on: On, conditions: readonly Condition[]): Start | null {
  const said = sentenceOf(plan, on, conditions, true);
  return said === null ? null : { ...said, kind: 'question' };
}

/** `A booking is created.` `A vehicle is updated, mileage over 100,000, status not Retired.` */
function statement(plan: Plan, on: On, conditions: readonly Condition[]): Start | null {
  const said = sentenceOf(plan, on, conditions, false);
  return said === null ? null : { ...said, kind: 'statement' };
}

function sentenceOf(
  plan: Plan,
  on: On,
  conditions: readonly Condition[],
  isQuestion: boolean,
): Omit<Start, 'kind'> | null {
  const { random } = plan.draw;
  const late = lateOf(plan, conditions);
  if (late !== null && random.chance(0.45)) {
    const one = oneOf(plan, on, late.noun);
    return {
      said: phrase(random, `${one} ${isDone[on]} ${late.after}`),
      conditions: late.conditions,
    };
  }
  const isJoined = conditions.length > 0 && random.chance(0.5);
  const split = isJoined ? splitOf(plan, conditions) : null;
  const noun = split ?? nounPhrase(plan.draw, plan.thing, conditions, 'one');
  const english = 'noun' in noun ? noun.noun : noun.english;
  const one = oneOf(plan, on, english);
  const news = isQuestion && on === 'create' ? `|new ${english}|got a new ${english}` : '';
  const head = phrase(
    random,
    `{${one} ${isDone[on]}|${one} ${isDone[on]}|${one} ${isDone[on]}|${somebody} ${somebodyDoes[on]} ${one}${news}}`,
  );
  if (split === null || split.fragments.length === 0) return { said: head, conditions: noun.conditions };
  const clauses = conditionsAfter(split).map(({ clause }) => clause);
  const said = random.chance(0.45)
    ? `${head}, ${split.fragments.join(', ')}`
    : `${head} and ${clauses.join(' and ')}`;
  return { said, conditions: split.conditions };
}

function oneOf(plan: Plan, on: On, noun: string): string {
  const { random } = plan.draw;
  if (on === 'create' && random.chance(0.3)) return `a new ${noun}`;
  return random.chance(0.15) ? noun : withArticle(noun);
}

interface Split {
  readonly noun: string;
  readonly fragments: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Some conditions with the noun, which then have no words after it, and the rest as fragments; null = not so. */
function splitOf(plan: Plan, conditions: readonly Condition[]): Split | null {
  const { random } = plan.draw;
  const early = conditions.filter(({ before }) => before !== null && random.chance(0.3)).slice(0, 1);
  const rest = conditions.filter((condition) => !early.includes(condition));
  const fragments = fragmentsOf(random, rest);
  if (fragments === null) return null;
  const noun = [...early.map(({ before }) => before!), plan.thing.label].join(' ');
  return { noun, fragments, conditions: [...early, ...rest] };
}

function conditionsAfter({ fragments, conditions }: Split): readonly Condition[] {
  return conditions.slice(conditions.length - fragments.length);
}

/** The noun, and its last condition as it stands after a verb; null = it cannot. */
function lateOf(
  plan: Plan,
  conditions: readonly Condition[],
): { noun: string; after: string; conditions: readonly Condition[] } | null {
  const last = conditions.at(-1);
  if (last === undefined || !canStandLate(last)) return null;
  const others = conditions.slice(0, -1);
  if (others.length > 1 || others.some(({ before }) => before === null)) return null;
  return {
    noun: [...others.map(({ before }) => before!), plan.thing.label].join(' '),
    after: abbreviated(plan.draw.random, last.after),
    conditions,
  };
}

/** What is typed after a start of notes, a question or a statement. */
export function afterStart(kind: Start['kind'], text: string): string {
  const mark = kind === 'question' ? '?' : '.';
  return text.startsWith('\n') ? mark + text : `${mark} ${capitalized(text)}`;
}
