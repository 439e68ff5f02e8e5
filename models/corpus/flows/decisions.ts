/** Steps that depend on the record: one way if a condition holds, and perhaps another one if not. */
import { drawCondition, type Condition } from '../conditions.js';
import { phrase } from '../phrase.js';
import { stepName, titled } from './names.js';
import type { Plan, Said } from './plan.js';

/** `drawStep` draws what is done either way; after a wait, a condition may be asked whether it still holds. */
export function drawDecision(
  plan: Plan,
  drawStep: (plan: Plan) => Said | null,
  isAfterWait: boolean,
): Said | null {
  const { draw } = plan;
  const condition = askedCondition(plan, isAfterWait);
  if (condition === null || condition.soql.includes(':UserInfo')) return null;
  plan.fields.add(condition.field.api);
  const clause = isAfterWait && draw.random.chance(0.6) ? stillSo(condition.clause) : condition.clause;
  const check = plan.names.take(stepName('Check', titled(condition.field.label)));
  const yes = drawStep(plan);
  if (yes === null) return null;
  const more = draw.random.chance(0.2) ? drawStep(plan) : null;
  const no = draw.random.chance(0.6) ? drawStep(plan) : null;
  const yesSteps = [...yes.steps, ...(more?.steps ?? [])];
  const noSteps = no?.steps ?? [];
  const done = more === null ? yes.imperative : `${yes.imperative} and ${more.imperative}`;
  return {
    steps: [
      {
        name: check,
        type: 'decision',
        if: condition.soql,
        yes: yesSteps[0]!.name,
        no: noSteps[0]?.name ?? 'End',
      },
      ...yesSteps,
      ...noSteps,
    ],
    imperative: phrase(
      draw.random,
      lookedAt(condition, no === null ? oneWay(clause, done) : twoWays(clause, done, no.imperative)),
    ),
    sentence:
      more !== null
        ? null
        : phrase(
            draw.random,
            no === null ? oneWayReversed(clause, done) : twoWaysReversed(clause, done, no.imperative),
          ),
    note: phrase(
      draw.random,
      no === null
        ? `if ${clause}: ${done}`
        : `if ${clause}: ${done}, {else|otherwise|if not}: ${no.imperative}`,
    ),
    later: null,
    isLong: true,
  };
}

/** One of the conditions that the records were chosen by, after a wait; else a new one. */
function askedCondition(plan: Plan, isAfterWait: boolean): Condition | null {
  const { draw } = plan;
  const again = plan.conditions.filter(({ clause }) => stillSo(clause) !== clause);
  if (isAfterWait && again.length > 0 && draw.random.chance(0.4)) {
    return draw.random.pick(again);
  }
  return drawCondition(draw, plan.thing, { without: [...plan.fields] });
}

/** `its status is New` → `its status is still New`. */
function stillSo(clause: string): string {
  return clause.replace(/ is (?!still|now|currently|already|between|one of|in |from )/, ' is still ');
}

/** Before the question itself: `look at the tier. If the tier is Gold, …`. */
function lookedAt({ field, clause }: Condition, template: string): string {
  const label = [field.label, field.api].find((one) => new RegExp(`^(its|the) ${one} `).test(clause));
  if (label === undefined || !template.startsWith('{if ')) return template;
  const look = `{look at|check|look at|it depends on|decide by} the ${label}`;
  return `{${template}|${template}|${template}|${template}|${template}|${template}|${template}|${look}: ${template}|${look}. ${template.replaceAll(/([{|])if /g, '$1If ')}}`;
}

function oneWay(clause: string, done: string): string {
  return `{if ${clause}, ${done}|if ${clause}, ${done}|if ${clause} then ${done}|if ${clause} ${done}|in case ${clause}, ${done}|check {if|whether} ${clause}, and if so ${done}|check {if|whether} ${clause}; if {yes|so}, ${done}|check {if|whether} ${clause}. If {so|yes}, ${done}}`;
}

/** The condition last: right where nothing else stands in the sentence. */
function oneWayReversed(clause: string, done: string): string {
  return `{${done} if ${clause}|${done} if ${clause}|${done} only if ${clause}|${done} in case ${clause}}`;
}

function twoWays(clause: string, done: string, other: string): string {
  const otherwise = '{otherwise|otherwise|else|if not,|if not|or else|in all other cases}';
  return `{if ${clause}, ${done}{,|,|;} ${otherwise} ${other}|if ${clause} then ${done}, ${otherwise} ${other}|if ${clause} ${done} {else|otherwise} ${other}|in case ${clause}, ${done}, ${otherwise} ${other}|when ${clause}, ${done}, otherwise ${other}|check {if|whether} ${clause}: if {yes|so}, ${done}, {if not|if no|otherwise}, ${other}|check {if|whether} ${clause}: yes: ${done}, no: ${other}|if ${clause}: ${done}; {otherwise|else|if not}: ${other}|if ${clause}, ${done}. {Otherwise|Otherwise,|If not,|Else|In all other cases,} ${other}|if ${clause}, ${done}. {Otherwise|If not,} ${other}|if ${clause}, ${done}; otherwise ${other}|if ${clause} {then |}${done}, {if it is not|if that is not the case}, ${other}|check {if|whether} ${clause}. If {so|yes}, ${done}, {if not|otherwise}, ${other}}`;
}

function twoWaysReversed(clause: string, done: string, other: string): string {
  return `${done} if ${clause}, {otherwise|else|or else} ${other}`;
}
