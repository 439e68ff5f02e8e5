/** Updates that are said by what they change: `when the status of a case changes to Closed`. */
import { nounPhrase, type Condition } from '../conditions.js';
import { said } from '../nouns.js';
import { phrase } from '../phrase.js';
import type { Random } from '../random.js';
import { withArticle } from './names.js';
import type { Plan, Start } from './plan.js';

/** An update, and the condition that the record now is so; null = no condition can be said so. */
export function changeStart(plan: Plan, conditions: readonly Condition[]): Start | null {
  const { draw } = plan;
  const change = conditions.find((condition) => canBecome(condition));
  if (change === undefined) return null;
  const others = conditions.filter((condition) => condition !== change);
  const noun = nounPhrase(draw, plan.thing, others, 'one');
  const template = becoming(plan, change, withArticle(noun.english), others.length === 0);
  return {
    ...begun(draw.random, template, plan.thing.label),
    conditions: [...noun.conditions, change],
  };
}

const isValue = /^\w+ = '([^']*)'$/;
const isAdjective = /^it (?:is|has been) ([a-z]+)$/;
/** What is said of a record that was just made. */
const isBirth = /^(received|registered|submitted|entered|filed|logged|new)$/;
const isBound =
  /^(?:its|the) ([\w ]+?) is ((over|above|under|below|more than|less than|greater than|higher than|lower than|at least|at most) .+)$/;
const isMove = /^(?:its|the) ([\w ]+?) ((?:exceeds|surpasses|tops|goes beyond|falls below) .+)$/;
const participles: ReadonlySet<string> = new Set(
  (
    'closed|completed|cancelled|approved|rejected|scheduled|activated|terminated|shipped|delivered|installed|retired|deferred|qualified|resolved|' +
    'aborted|planned'
  ).split('|'),
);

function canBecome({ field, soql, clause }: Condition): boolean {
  if (field.type === 'picklist') return isValue.test(soql);
  if (field.type === 'checkbox') return /^\w+ = (true|false)$/.test(soql);
  const isNumber = field.type === 'currency' || field.type === 'integer';
  return isNumber && (isBound.test(clause) || isMove.test(clause)) && /^\w+ [<>]=? \S+$/.test(soql);
}

/** With a word for `when`, or without one: `contract status becomes Activated: …`, `lead is converted? …`. */
function begun(random: Random, template: string, label: string): Pick<Start, 'said' | 'kind'> {
  if (random.chance(0.72)) {
    return {
      said: phrase(
        random,
        `{when|when|when|whenever|once|once|as soon as|as soon as|every time|each time|if|after} ${template}`,
      ),
      kind: 'clause',
    };
  }
  const text = phrase(random, template);
  const said = random.chance(0.5)
    ? text.replace(/^an? /, '').replace(` of ${withArticle(label)} `, ` of ${label} `)
    : text;
  return { said, kind: random.pick(['title', 'title', 'statement', 'question']) };
}

/** Checkboxes that come to hold, or hold no more. */
function flagBecoming(
  plan: Plan,
  { field, soql, clause }: Pick<Condition, 'field' | 'soql' | 'clause'>,
  one: string,
  isAlone: boolean,
): string {
  const isTrue = soql.endsWith('true');
  if (field.api === 'IsActive') {
    return isTrue
      ? `${one} {is activated|gets activated|becomes active|is switched to active|is set to active}`
      : `${one} {is deactivated|gets deactivated|becomes inactive|is set to inactive|is no longer active|is made inactive}`;
  }
  const adjective = isAdjective.exec(clause)?.[1];
  if (isTrue && adjective !== undefined && !isBirth.test(adjective)) {
    return `${one} {is|is|is|gets|becomes|is marked as|has been|is marked|is flagged as|was just marked} ${adjective}`;
  }
  const label = said(plan.draw, field);
  const turned = isTrue
    ? '{becomes true|is set to true|is checked|gets checked|is ticked|gets ticked|changes to true|turns true}'
    : '{becomes false|is set to false|is unchecked|gets unchecked|is unticked|changes to false|turns false}';
  const box = label.includes(' ')
    ? `{${label}|${label}|${label} {box|checkbox|flag}}`
    : `${label} {box|checkbox|flag}`;
  return isAlone ? `{the ${box} of ${one}|${one}'s ${box}} ${turned}` : `the ${box} of ${one} ${turned}`;
}

/** `an invoice is approved`; null = a status that no verb says. */
function stateBecoming(plan: Plan, value: string, one: string): string | null {
  const word = value.toLowerCase();
  if (value === 'Closed Lost')
    return `{${one} is lost|${one} is lost|${one} gets lost|we lose ${one}|${one} goes to Closed Lost}`;
  const isFlag = plan.thing.fields.some(
    ({ api, label }) => label === word || (word === 'closed' && api === 'IsClosed'),
  );
  if (isFlag || !participles.has(word)) return null;
  return `${one} {is|is|gets|becomes|has been|is marked as} ${word}`;
}

/** `isAlone`: nothing more is said of the record, so that `'s` may follow it. */
function becoming(
  plan: Plan,
  { field, soql, clause }: Pick<Condition, 'field' | 'soql' | 'clause'>,
  one: string,
  isAlone: boolean,
): string {
  const { random } = plan.draw;
  if (field.type === 'checkbox') return flagBecoming(plan, { field, soql, clause }, one, isAlone);
  if (field.type === 'picklist') {
    const value = isValue.exec(soql)![1]!;
    const state = stateBecoming(plan, value, one);
    if (state !== null && /^(Status|Status__c|StageName)$/.test(field.api) && random.chance(0.35))
      return state;
    const title = random.chance(0.25) ? `'${value}'` : value;
    const label = said(plan.draw, field);
    if (isAlone && random.chance(0.12)) {
      return `${plan.thing.label} ${label} {becomes|changes to|is changed to|goes to|is set to|turns to|moves to} ${title}`;
    }
    return isAlone ? aloneBecoming(label, one, title) : movedTo(label, one, title);
  }
  const [, moved, moving] = isMove.exec(clause) ?? [];
  if (moved !== undefined) {
    const of = `the ${moved} of ${one} ${moving!}`;
    return isAlone ? `{${of}|${one}'s ${moved} ${moving!}}` : of;
  }
  const [, label = '', bound = '', word = ''] = isBound.exec(clause)!;
  const verb =
    {
      over: '{goes|rises|gets|climbs|is now|becomes}',
      above: '{goes|rises|gets|climbs|is now}',
      under: '{falls|drops|goes|is now}',
      below: '{falls|drops|goes|is now}',
    }[word] ?? '{becomes|becomes|is now|gets}';
  return isAlone
    ? `{the ${label} of ${one}|${one}'s ${label}} ${verb} ${bound}`
    : `the ${label} of ${one} ${verb} ${bound}`;
}

function aloneBecoming(label: string, one: string, title: string): string {
  const becomes =
    '{changes to|changes to|becomes|becomes|becomes|turns to|turns|turns into|goes into|jumps to|has changed to|is switched to|was set to|is set to|is changed to|goes to|moves to|is updated to|switches to|gets set to|is now}';
  return `{the ${label} of ${one} ${becomes} ${title}|the ${label} of ${one} ${becomes} ${title}|${one}'s ${label} ${becomes} ${title}|${label} of ${one} ${becomes} ${title}|${movedTo(label, one, title)}}`;
}

function movedTo(label: string, one: string, title: string): string {
  return `{${one} {gets|reaches|is given} the ${label} ${title}|${one} {gets|reaches|enters} ${label} ${title}|${one} {changes|switches} its ${label} to ${title}|${one} {moves|goes|is moved|is set} to ${label} ${title}|${one} is updated to ${label} ${title}}`;
}
