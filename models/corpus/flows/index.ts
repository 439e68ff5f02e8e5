/** Requests for flows, and the flows: models/TASKS.md, "FlowGPT". */
import { drawConditions, type Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import type { FlowSample } from '../samples.js';
import { drawAssign, drawCall, drawCreate, drawSet, drawWait } from './changes.js';
import { drawDecision } from './decisions.js';
import { drawApproval, drawEmail, drawPost, drawTask } from './messages.js';
import { isScheduled, Plan, type Event, type Said } from './plan.js';
import { wordRequest } from './requests.js';

const eventNames: Readonly<Record<Event, string>> = {
  create: 'On_Create',
  update: 'On_Update',
  delete: 'On_Delete',
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
};
const events: readonly (readonly [number, Event])[] = [
  [8, 'create'],
  [6, 'update'],
  [2, 'delete'],
  [3, 'daily'],
  [2.5, 'weekly'],
  [2, 'monthly'],
];
/** In how many things at most a flow's steps are said. */
const stepsOfWeights = [
  [6.5, 1],
  [7.5, 2],
  [5, 3],
  [2, 4],
  [0.9, 5],
  [0.4, 6],
] as const;
const conditionsOfWeights = [
  [3.5, 0],
  [6, 1],
  [3, 2],
  [0.8, 3],
] as const;
/** Fields that say nothing of a record that was just created or changed. */
const momentFields = ['CreatedDate', 'LastModifiedDate'];
/** As many as the schema allows. */
const stepsMax = 12;

/** null = nothing could be said with this chance; draw again. */
export function drawFlow(draw: Draw): FlowSample | null {
  const { random } = draw;
  const thing = drawThing(draw);
  const on = random.weighted(events);
  const hasDecision = random.chance(0.25);
  const plan = new Plan(
    draw,
    thing,
    on,
    isScheduled(on) && random.chance(hasDecision ? 0.4 : 0.65),
    hasDecision,
  );
  draw.noteKind(`flow ${on}`, thing.api);
  if (!plan.isScheduled) for (const field of momentFields) plan.fields.add(field);
  const count = random.weighted(conditionsOfWeights);
  const conditions = drawConditions(draw, thing, count, { without: [...plan.fields] }).map(withoutNews);
  if (conditions.some(({ soql }) => soql.includes(':UserInfo'))) return null;
  plan.conditions = conditions;
  for (const { field } of conditions) if (random.chance(0.5)) plan.fields.add(field.api);
  const saids = drawSteps(plan);
  const steps = saids.flatMap((said) => said.steps);
  if (steps.length === 0 || steps.length > stepsMax) return null;
  const worded = wordRequest(plan, conditions, saids);
  const flow = {
    flow: `${thing.api.replace(/__c$/, '')}_${eventNames[on]}`,
    object: thing.api,
    on,
    // A range is two conditions.
    when: worded.conditions.flatMap(({ soql }) => soql.split(' AND ')),
    steps,
  };
  return {
    task: 'flow',
    kind: `flow ${on}`,
    prompt: worded.prompt,
    answer: JSON.stringify(flow),
  };
}

/** `new cases` are those that come in: a status is not said so. */
function withoutNews(condition: Condition): Condition {
  const isNews =
    condition.before !== null &&
    /\b(new|created|updated|changed|edited|deleted|removed)\b/i.test(condition.before);
  return isNews ? { ...condition, before: null } : condition;
}

function drawSteps(plan: Plan): Said[] {
  const { random } = plan.draw;
  const count = random.weighted(stepsOfWeights);
  const decisionAt = plan.hasDecision ? (random.chance(0.7) ? count - 1 : random.integer(0, count - 1)) : -1;
  const waitAt = decisionAt > 0 && random.chance(0.3) ? decisionAt - 1 : -1;
  const saids: Said[] = [];
  for (let at = 0; at < count; at++) {
    const isAfterWait = saids.at(-1)?.steps[0]?.type === 'wait';
    const said =
      at === decisionAt
        ? drawDecision(plan, drawAction, isAfterWait)
        : at === waitAt || (at < count - 1 && random.chance(0.13))
          ? drawWait(plan)
          : drawAction(plan);
    if (said !== null) saids.push(said);
  }
  return saids;
}

/** One thing to do; a record that is gone is not written to. */
function drawAction(plan: Plan): Said | null {
  const isGone = plan.on === 'delete';
  const draw = plan.draw.random.weighted([
    [isGone ? 0 : 6, drawSet],
    [6, drawTask],
    [6, drawEmail],
    [isGone ? 0 : 2.5, drawAssign],
    [3, drawPost],
    [isGone ? 0.5 : 2.5, drawApproval],
    [2.5, drawCall],
    [2, drawCreate],
  ] as const);
  return draw(plan);
}
