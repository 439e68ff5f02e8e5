/** The records as the object of the first step: `assign every new web lead to the Inbound queue`. */
import { nounPhrase, type Condition } from '../conditions.js';
import { phrase } from '../phrase.js';
import { rhythms } from './events.js';
import { newsOf } from './fragments.js';
import { withArticle } from './names.js';
import type { Plan, Said, Start } from './plan.js';
import { mustDo } from './wishes.js';

/** What starts the flow together with its first step; null = it cannot be said so. */
export function mergedStart(plan: Plan, conditions: readonly Condition[], first: Said): Start | null {
  const { random } = plan.draw;
  if (first.must !== undefined && random.chance(0.4)) return dutyStart(plan, conditions, first.must);
  const mark = markOf(plan, first);
  if (mark === null) return null;
  if (!plan.isScheduled && !plan.hasDecision && random.chance(0.4)) {
    return oneStart(plan, conditions, first, mark);
  }
  const isAll = plan.isScheduled ? plan.isMany : random.chance(0.35);
  const noun = nounPhrase(plan.draw, plan.thing, conditions, isAll ? 'many' : 'one');
  const some = isAll ? '{all|all|all the|}' : '{every|each}';
  const [before, after] = `${first.imperative} `.split(mark) as [string, string];
  const owner = /(owner|contact)/.exec(mark)?.[1];
  const of = owner === undefined ? '' : `the ${owner} of`;
  const { on } = plan;
  if (on === 'create' || on === 'update' || on === 'delete') {
    const said = phrase(random, `${before} ${of} ${some} ${newsOf[on]} ${noun.english} ${after}`);
    return { said, conditions: noun.conditions, kind: 'clause' };
  }
  const all = `${before} ${of} ${some} ${noun.english} ${after}`;
  const rhythm = rhythms[on];
  const said = phrase(random, `{${rhythm}, ${all}|${rhythm} ${all}|${all} ${rhythm}}`);
  return { said, conditions: noun.conditions, kind: 'clause' };
}

/** `all new cases should go to the Support queue`. */
function dutyStart(plan: Plan, conditions: readonly Condition[], must: string): Start {
  const { random } = plan.draw;
  const { on } = plan;
  const isMany = plan.isScheduled ? plan.isMany : random.chance(0.5);
  const noun = nounPhrase(plan.draw, plan.thing, conditions, isMany ? 'many' : 'one');
  const some = isMany ? '{all|all|}' : '{every|each|any}';
  if (on === 'create' || on === 'update' || on === 'delete') {
    const said = mustDo(random, `${some} ${newsOf[on]} ${noun.english}`, must, isMany);
    return { said, conditions: noun.conditions, kind: 'statement' };
  }
  const said = mustDo(random, `{${rhythms[on]}|${rhythms[on]},} ${some} ${noun.english}`, must, isMany);
  return { said, conditions: noun.conditions, kind: 'statement' };
}

const isDone: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create:
    '{it is created|it is created|it comes in|it gets created|it is added|it is entered|it has been created}',
  update: '{it is updated|it is changed|it gets updated|it is edited|it is modified}',
  delete: '{it is deleted|it gets deleted|it is removed}',
};

/** `ask the director to approve a claim as soon as it is created, but only where its amount is over 100`. */
function oneStart(plan: Plan, conditions: readonly Condition[], first: Said, mark: string): Start | null {
  const { random } = plan.draw;
  const { on } = plan;
  if (on !== 'create' && on !== 'update' && on !== 'delete') return null;
  const [before, after] = `${first.imperative} `.split(mark) as [string, string];
  const owner = /(owner|contact)/.exec(mark)?.[1];
  const of = owner === undefined ? '' : `the ${owner} of`;
  const isLate = conditions.length > 0 && random.chance(0.5);
  const noun = nounPhrase(plan.draw, plan.thing, isLate ? [] : conditions, 'one');
  const clauses = conditions.map(({ clause }) => clause).join(' and ');
  const only = isLate
    ? `{, but only {if|where|when}|, provided that|, only if|, but only if} ${clauses}`
    : '';
  const said = phrase(
    random,
    `${before} ${of} ${withArticle(noun.english)} ${after} {as soon as|as soon as|when|whenever|once|every time} ${isDone[on]}${only}`,
  );
  return { said, conditions: isLate ? conditions : noun.conditions, kind: 'statement' };
}

/** The words of the first step that stand for the records, or for people of theirs. */
function markOf(plan: Plan, { steps, imperative }: Said): string | null {
  const [step, second] = steps;
  if (second !== undefined || step === undefined) return null;
  const unquoted = imperative.replace(/'[^']*'|"[^"]*"/g, '');
  switch (step.type) {
    case 'set':
    case 'assign':
    case 'approve':
    case 'post': {
      const words = unquoted.match(/\b(it|them|its|their)\b/g) ?? [];
      const mark = ` ${plan.pronoun} `;
      if (
        step.type === 'set' &&
        !/^(mark|flag|move|bring|set|put) (it|them) (as|to) |^(de)?activate |^(close|cancel|approve|reject) (it|them)$/.test(
          imperative,
        )
      )
        return null;
      return words.length === 1 && unquoted === imperative && `${imperative} `.includes(mark) ? mark : null;
    }
    case 'email':
    case 'task': {
      const mark = [
        ' its owner ',
        ' their owner ',
        ' its contact ',
        ' their contact ',
        ` the owner of the ${plan.thing.label} `,
      ].find((one) => unquoted.includes(one));
      return mark !== undefined && unquoted !== imperative && imperative.split(mark).length === 2
        ? mark
        : null;
    }
    default:
      return null;
  }
}
