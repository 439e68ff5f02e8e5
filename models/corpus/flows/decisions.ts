/** Steps that depend on the record: one way if a condition holds, and perhaps another one if not. */
import { drawCondition } from '../conditions.js';
import { phrase } from '../phrase.js';
import { stepName, titled } from './names.js';
import type { Plan, Said } from './plan.js';

/** `drawStep` draws what is done either way. */
export function drawDecision(plan: Plan, drawStep: (plan: Plan) => Said | null): Said | null {
  const { draw } = plan;
  const condition = drawCondition(draw, plan.thing, { without: [...plan.fields] });
  if (condition === null || condition.soql.includes(':UserInfo')) return null;
  plan.fields.add(condition.field.api);
  const check = plan.names.take(stepName('Check', titled(condition.field.label)));
  const yes = drawStep(plan);
  if (yes === null) return null;
  const more = draw.random.chance(0.12) ? drawStep(plan) : null;
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
      no === null ? oneWay(condition.clause, done, more !== null) : twoWays(condition.clause, done, no.imperative, more !== null),
    ),
    sentence: null,
    note: phrase(draw.random, no === null ? `if ${condition.clause}: ${done}` : `if ${condition.clause}: ${done}, {else|otherwise|if not}{:|:|} ${no.imperative}`),
    later: null,
    isLong: true,
  };
}

function oneWay(clause: string, done: string, isLong: boolean): string {
  const first = `{if ${clause}, ${done}|if ${clause}, ${done}|if ${clause} then ${done}|only if ${clause}, ${done}|in case ${clause}, ${done}|when ${clause}, ${done}|check {if|whether} ${clause}, and if so ${done}|check {if|whether} ${clause}; if {yes|so}, ${done}|provided {|that} ${clause}, ${done}}`;
  return isLong ? first : `{${first}|${first}|${done} if ${clause}|${done}, but only if ${clause}|${done} only if ${clause}}`;
}

function twoWays(clause: string, done: string, other: string, isLong: boolean): string {
  const otherwise = '{otherwise|otherwise|else|if not,|if not|or else|in all other cases}';
  const first = `{if ${clause}, ${done}{,|,|;} ${otherwise} ${other}|if ${clause} then ${done}, ${otherwise} ${other}|if ${clause} ${done} {else|otherwise} ${other}|in case ${clause}, ${done}, ${otherwise} ${other}|when ${clause}, ${done}, otherwise ${other}|check {if|whether} ${clause}: if {yes|so}, ${done}, {if not|if no|otherwise}, ${other}|check {if|whether} ${clause}: yes: ${done}, no: ${other}|if ${clause}: ${done}; {otherwise|else|if not}: ${other}}`;
  return isLong ? first : `{${first}|${first}|${first}|${done} if ${clause}, {otherwise|else|or else} ${other}}`;
}
