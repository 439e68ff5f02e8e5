/** The records as the object of the first step: `assign every new web lead to the Inbound queue`. */
import { nounPhrase, type Condition } from '../conditions.js';
import { phrase } from '../phrase.js';
import { rhythms } from './events.js';
import type { Plan, Said, Start } from './plan.js';

const newsOf: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create: '{new|new|new|newly created|incoming}',
  update: '{updated|changed|edited|modified}',
  delete: '{deleted|removed}',
};

/** What starts the flow together with its first step; null = it cannot be said so. */
export function mergedStart(plan: Plan, conditions: readonly Condition[], first: Said): Start | null {
  const mark = markOf(plan, first);
  if (mark === null) return null;
  const { random } = plan.draw;
  const isAll = plan.isScheduled ? plan.isMany : random.chance(0.35);
  const noun = nounPhrase(plan.draw, plan.thing, conditions, isAll ? 'many' : 'one');
  const some = isAll ? '{all|all|all the|}' : '{every|each}';
  const [before, after] = first.imperative.split(mark) as [string, string];
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
      if (step.type === 'set' && !/ (it|them) (as|to) /.test(imperative)) return null;
      return words.length === 1 && unquoted === imperative && imperative.includes(mark) ? mark : null;
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
