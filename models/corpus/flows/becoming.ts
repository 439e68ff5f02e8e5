/** Updates that are said by what they change: `when the status of a case changes to Closed`. */
import { nounPhrase, type Condition } from '../conditions.js';
import { said } from '../nouns.js';
import { phrase } from '../phrase.js';
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
    said: phrase(draw.random, `{when|when|whenever|once|as soon as|every time|each time|if} ${template}`),
    conditions: [...noun.conditions, change],
    kind: 'clause',
  };
}

const isValue = /^\w+ = '([^']*)'$/;
const isAdjective = /^it (?:is|has been) ([a-z]+)$/;
const isBound =
  /^(?:its|the) ([\w ]+?) is ((over|above|under|below|more than|less than|greater than|at least) .+)$/;

function canBecome({ field, soql, clause }: Condition): boolean {
  if (field.type === 'picklist') return isValue.test(soql);
  if (field.type === 'checkbox') return / = true$/.test(soql) && isAdjective.test(clause);
  const isNumber = field.type === 'currency' || field.type === 'integer';
  return isNumber && isBound.test(clause) && /^\w+ [<>]=? /.test(soql);
}

/** `isAlone`: nothing more is said of the record, so that `'s` may follow it. */
function becoming(plan: Plan, { field, soql, clause }: Condition, one: string, isAlone: boolean): string {
  const { random } = plan.draw;
  if (field.type === 'checkbox') {
    const adjective = isAdjective.exec(clause)![1]!;
    return `${one} {is|is|gets|becomes|is marked as|has been|is marked} ${adjective}`;
  }
  if (field.type === 'picklist') {
    const value = isValue.exec(soql)![1]!;
    const title = random.chance(0.25) ? `'${value}'` : value;
    const label = said(plan.draw, field);
    return isAlone ? aloneBecoming(label, one, title) : movedTo(label, one, title);
  }
  const [, label = '', bound = '', word = ''] = isBound.exec(clause)!;
  const verb =
    {
      over: '{goes|rises|gets|climbs}',
      above: '{goes|rises|gets|climbs}',
      under: '{falls|drops|goes}',
      below: '{falls|drops|goes}',
    }[word] ?? '{becomes|is now}';
  return isAlone
    ? `{the ${label} of ${one}|${one}'s ${label}} ${verb} ${bound}`
    : `the ${label} of ${one} ${verb} ${bound}`;
}

function aloneBecoming(label: string, one: string, title: string): string {
  const becomes =
    '{changes to|changes to|becomes|turns to|is set to|is changed to|goes to|moves to|is updated to|switches to|gets set to|is now}';
  return `{the ${label} of ${one} ${becomes} ${title}|the ${label} of ${one} ${becomes} ${title}|${one}'s ${label} ${becomes} ${title}|${label} of ${one} ${becomes} ${title}|${movedTo(label, one, title)}}`;
}

function movedTo(label: string, one: string, title: string): string {
  return `{${one} {changes|switches} its ${label} to ${title}|${one} {moves|goes|is moved|is set} to ${label} ${title}|${one} is updated to ${label} ${title}}`;
}
