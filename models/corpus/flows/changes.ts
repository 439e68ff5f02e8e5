/** Steps that change what is there: fields, queues, new records, actions; and waits. */
import { drawAssignment, type Assignment } from '../assignments.js';
import { drawThing, type FieldType } from '../nouns.js';
import { listed, phrase } from '../phrase.js';
import { drawAction, drawQueue, quoted, stepName, titled, withArticle } from './names.js';
import { assignmentImperative, assignmentNote, stateWords } from './setting.js';
import type { Plan, Said, StepJson, Value } from './plan.js';
import { drawSpan } from './spans.js';

/** What a flow can write into. */
const writable: readonly FieldType[] = [
  'picklist',
  'picklist',
  'checkbox',
  'text',
  'date',
  'currency',
  'integer',
];

/** What Salesforce sets by itself. */
const notWritten = ['IsClosed', 'IsWon', 'IsConverted'];

export function drawSet(plan: Plan): Said | null {
  const { draw } = plan;
  const first = assignmentOf(plan);
  if (first === null) return null;
  const second = draw.random.chance(0.1) ? assignmentOf(plan) : null;
  const assignments = second === null ? [first] : [first, second];
  return {
    steps: assignments.map((assignment) => setStep(plan, assignment)),
    imperative: joinedImperatives(assignments.map((assignment) => assignmentImperative(plan, assignment))),
    ...(second === null ? stateWords(plan, first) : { sentence: null }),
    note: assignments.map((assignment) => assignmentNote(plan, assignment)).join(', '),
    later: null,
    isLong: false,
  };
}

function assignmentOf(plan: Plan): Assignment | null {
  const assignment = drawAssignment(plan.draw, plan.thing, {
    number: plan.isMany ? 'many' : 'one',
    types: writable,
    without: [...plan.fields, ...notWritten],
  });
  if (assignment !== null) plan.fields.add(assignment.field.api);
  return assignment;
}

/** `set the A to X and the B to Y`. */
function joinedImperatives(imperatives: readonly string[]): string {
  const [first = '', second] = imperatives;
  if (second === undefined) return first;
  const isSameVerb = first.startsWith('set ') && second.startsWith('set ');
  return `${first} and ${isSameVerb ? second.slice('set '.length) : second}`;
}

function setStep(plan: Plan, { field, json }: Assignment): StepJson {
  return {
    name: plan.names.take(stepName('Set', titled(field.label))),
    type: 'set',
    field: field.api,
    value: json,
  };
}

export function drawAssign(plan: Plan): Said {
  const { random } = plan.draw;
  const queue = plan.draw.keep(drawQueue(random));
  const said = random.chance(0.15) ? queue.toLowerCase() : queue;
  const isTyped = said !== queue && titled(said) === queue;
  const title = random.chance(0.7) ? (isTyped ? said : queue) : quoted(random, queue, false);
  const place = phrase(
    random,
    `{the ${title} queue|the ${title} queue|the ${title} queue|the ${title} queue|the queue ${title}|queue ${title}|our ${title} queue}`,
  );
  const it = random.chance(0.7)
    ? plan.pronoun
    : plan.isMany
      ? `the ${plan.thing.plural}`
      : `the ${plan.thing.label}`;
  const isOne = !plan.isMany;
  const chores = `{assign|assign|route|move|send|transfer|reassign|hand|pass|forward|give|hand over|delegate|dispatch} ${it} to ${place}`;
  return {
    steps: [{ name: plan.names.take(stepName('Assign', queue)), type: 'assign', queue }],
    imperative: phrase(
      random,
      `{${chores}|${chores}|${chores}|put ${it} {in|into} ${place}|place ${it} in ${place}|drop ${it} into ${place}|queue ${it} in ${place}|{change|set} the owner to ${place}|{transfer|give} ownership to ${place}|make ${place} the owner}`,
    ),
    sentence: phrase(
      random,
      isOne
        ? `{it {goes|should go|should go|is assigned|is routed|must go|has to go|should be assigned|should be routed|belongs} to ${place}|it {lands|should land|has to land|ends up} in ${place}|${place} {gets|takes|should get} it}`
        : `{they {go|should go|are assigned|must go|should be assigned|have to be routed} to ${place}|they should land in ${place}|${place} gets them}`,
    ),
    wish: phrase(
      random,
      `{${plan.pronoun} {assigned|routed|moved|sent} to ${place}|${plan.pronoun} in ${place}|${plan.pronoun} to {land|end up} in ${place}}`.replace(
        '{land|end up}',
        random.pick(['land', 'end up']),
      ),
    ),
    must: phrase(
      random,
      `{go to ${place}|be {assigned|routed|sent|moved} to ${place}|be {assigned|routed} to ${place}|land in ${place}|end up in ${place}}`,
    ),
    note: phrase(
      random,
      `{assign to ${place}|queue: ${title}|route to ${place}|to ${place}|move to ${place}}`,
    ),
    later: null,
    isLong: false,
  };
}

export function drawCall(plan: Plan): Said {
  const { random } = plan.draw;
  const words = plan.draw.keep(drawAction(random));
  const action = words.replaceAll(' ', '');
  const style = random.weighted([
    [6, words],
    [2, words.toLowerCase()],
    [2.5, action],
  ] as const);
  const isLower = style !== words && style !== action;
  const isTyped = !isLower || titled(style) === words;
  const said = isTyped ? style : words;
  const title = said === action || random.chance(0.65) ? said : quoted(random, said, false);
  const verb = '{run|run|call|call|invoke|execute|trigger|start|launch|fire|kick off|use}';
  const bare =
    isLower && title === said ? `${verb} the ${title} action` : `{run|call|invoke|execute|trigger} ${title}`;
  return {
    steps: [{ name: plan.names.take(stepName(said === action ? action : words)), type: 'call', action }],
    imperative: phrase(
      random,
      `{${verb} the ${title} action|${verb} the ${title} action|${verb} the ${title} action|${verb} the action ${title}|${bare}|${bare}|${verb} action ${title}|${verb} the ${title} {Apex|invocable} action}`,
    ),
    sentence: phrase(
      random,
      `{the ${title} action {runs|is called|should run|is executed|must run|has to run|should be called|must be triggered|needs to run}|the action ${title} {runs|is called|should be run|must be called}}`,
    ),
    wish: phrase(
      random,
      `the {${title} action|${title} action|action ${title}} {run|called|triggered|executed|to run}`,
    ),
    must: phrase(random, `{run|trigger} the ${title} action`),
    note: phrase(random, `{action ${title}|run ${title}|call ${title}|action: ${title}}`),
    later: null,
    isLong: false,
  };
}

export function drawCreate(plan: Plan): Said | null {
  const { draw, thing: about } = plan;
  const { random } = draw;
  const thing = drawThing(draw, { without: about.api });
  if (thing.api === about.api || ['Task', 'User', 'Event'].includes(thing.api)) return null;
  const count = random.weighted([
    [1.5, 0],
    [6, 1],
    [2.5, 2],
  ] as const);
  const assignments: Assignment[] = [];
  while (assignments.length < count) {
    const without = assignments.map((assignment) => assignment.field.api);
    const assignment = drawAssignment(draw, thing, { types: writable, without });
    if (assignment === null) return null;
    assignments.push(assignment);
  }
  const set: Record<string, Value> = Object.fromEntries(
    assignments.map(({ field, json }) => [field.api, json]),
  );
  const one = phrase(
    random,
    `{${withArticle(thing.label)}|${withArticle(thing.label)}|a new ${thing.label}|${withArticle(`${thing.label} record`)}}`,
  );
  const values = listed(assignments.map((assignment) => assignment.noun));
  const each =
    plan.isMany && random.chance(0.4)
      ? random.pick(['for each of them', 'for each', 'for each one', 'for every one of them'])
      : '';
  const noun = each !== '' && random.chance(0.4) ? `${one} ${each}` : one;
  const last = noun === one ? each : '';
  const tail =
    values === '' ? last : `${phrase(random, `{with|with|with|with|that has|having} ${values}`)} ${last}`;
  return {
    steps: [
      {
        name: plan.names.take(stepName('Create', titled(thing.label))),
        type: 'create',
        object: thing.api,
        set,
      },
    ],
    imperative: phrase(random, `{create|create|create|add|insert|open|make|set up|generate} ${noun} ${tail}`),
    sentence: phrase(
      random,
      `${noun} ${tail} {is created|should be created|gets created|is added|is inserted|must be created|has to be created|needs to be created|should be there}`,
    ),
    wish: phrase(
      random,
      values === ''
        ? `${noun} {created|added|set up|opened}`
        : `{${noun} {created|created|added|set up|opened} ${tail}|${noun} ${tail}}`,
    ),
    note: phrase(random, `new ${thing.label} ${tail}`),
    later: null,
    isLong: assignments.length > 1,
  };
}

export function drawWait(plan: Plan): Said {
  const { random } = plan.draw;
  const { unit, count, said } = drawSpan(random);
  const name = plan.names.take(stepName('Wait', String(count), count === 1 ? unit.slice(0, -1) : unit));
  return {
    steps: [unit === 'days' ? { name, type: 'wait', days: count } : { name, type: 'wait', hours: count }],
    imperative: phrase(
      random,
      `{wait ${said}|wait ${said}|wait ${said}|wait for ${said}|pause for ${said}|pause ${said}|hold {on|off} for ${said}|let ${said} pass|wait until ${said} ${count === 1 || said.endsWith('week') ? 'has' : 'have'} passed|sleep for ${said}|do nothing for ${said}|give it ${said}|give it ${said}|delay for ${said}|let it rest for ${said}|hold for ${said}|wait out ${said}}`,
    ),
    sentence: null,
    note: phrase(random, `{wait ${said}|pause ${said}|delay ${said}|wait: ${said}}`),
    later: phrase(
      random,
      `{${said} later|after ${said}|after ${said}|after waiting {|for} ${said}|after another ${said}|in ${said}}`.replace(
        /after another an? /,
        'after another ',
      ),
    ),
    isLong: false,
  };
}
