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
  const { clause } = condition;
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
      no === null ? oneWay(clause, done) : twoWays(clause, done, no.imperative),
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

/** Of many records those that are so: `after` stands after their noun. */
function forSome(after: string, done: string, other: string | null): string {
  const some = `for {those|the ones} ${after}`;
  if (other === null) return `{${some}, ${done}|${some} ${done}|only ${some}, ${done}}`;
  return `{${some}, ${done}{,|;} {for|and for} {the others|all others|the rest|all the others}{,|} ${other}|${some} ${done}, otherwise ${other}}`;
}

function oneWay(clause: string, done: string): string {
  return `{if ${clause}, ${done}|if ${clause}, ${done}|if ${clause} then ${done}|if ${clause} ${done}|only if ${clause}, ${done}|in case ${clause}, ${done}|when ${clause}, ${done}|check {if|whether} ${clause}, and if so ${done}|check {if|whether} ${clause}; if {yes|so}, ${done}|provided {|that} ${clause}, ${done}}`;
}

/** The condition last: right where nothing else stands in the sentence. */
function oneWayReversed(clause: string, done: string): string {
  return `{${done} if ${clause}|${done}, but only if ${clause}|${done} only if ${clause}|${done} when ${clause}|${done} in case ${clause}}`;
}

function twoWays(clause: string, done: string, other: string): string {
  const otherwise = '{otherwise|otherwise|else|if not,|if not|or else|in all other cases}';
  return `{if ${clause}, ${done}{,|,|;} ${otherwise} ${other}|if ${clause} then ${done}, ${otherwise} ${other}|if ${clause} ${done} {else|otherwise} ${other}|in case ${clause}, ${done}, ${otherwise} ${other}|when ${clause}, ${done}, otherwise ${other}|check {if|whether} ${clause}: if {yes|so}, ${done}, {if not|if no|otherwise}, ${other}|check {if|whether} ${clause}: yes: ${done}, no: ${other}|if ${clause}: ${done}; {otherwise|else|if not}: ${other}}`;
}

function twoWaysReversed(clause: string, done: string, other: string): string {
  return `${done} if ${clause}, {otherwise|else|or else} ${other}`;
}
