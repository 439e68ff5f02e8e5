/** A change to records that a query finds, said as a command: what a request, a batch or a scheduled job does. */
import { drawAssignment, type Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { phrase } from '../phrase.js';
import { drawTarget, targetQuery, type Target } from './changes-target.js';
import { withReason } from './kind-context.js';
import { deleteWordings, passiveWordings, updateWordings, verbOf, type Wordings } from './changes-wording.js';
import { indented } from './soql.js';

export interface Job extends Wordings {
  readonly tail: string;
  readonly target: Target;
  /** `[SELECT … ]`. */
  readonly query: string;
  /** The loop that assigns; empty for a deletion. */
  readonly loop: string;
  readonly operation: 'update' | 'delete';
}

const verbalTriesMax = 10;

/** An assignment that has a verb of its own; null = none came. */
function drawVerbal(draw: Draw, thing: Thing, number: 'one' | 'many'): Assignment | null {
  const without = thing.fields
    .filter((field) => field.label !== 'status' && field.api !== 'IsActive')
    .map(({ api }) => api);
  for (let turn = 0; turn < verbalTriesMax; turn++) {
    const assignment = drawAssignment(draw, thing, { number, types: ['picklist', 'checkbox'], without });
    if (assignment === null) return null;
    if (verbOf(assignment.field, assignment.value) !== null) return assignment;
  }
  return null;
}

/** Fields of records that a query finds are set; null = nothing could be drawn. */
export function drawUpdateJob(draw: Draw, thing: Thing): Job | null {
  const { random } = draw;
  const target = drawTarget(draw, thing, { canBeAll: true });
  if (target === null) return null;
  const verbal = random.chance(0.12) ? drawVerbal(draw, thing, target.number) : null;
  const assignments =
    verbal === null
      ? drawAssignments(
          draw,
          thing,
          target.number,
          random.weighted([
            [70, 1],
            [25, 2],
            [5, 3],
          ]),
        )
      : [verbal];
  if (assignments.length === 0 || assignments.some((assignment) => isAlready(target, assignment)))
    return null;
  const wordings = updateWordings(draw, thing, target, assignments);
  return {
    ...passiveWordings(draw, target, assignments, wordings),
    tail: target.tail,
    target,
    query: targetQuery(
      thing,
      target,
      assignments.map(({ field }) => field.api),
    ),
    loop: assigningLoop(thing, assignments),
    operation: 'update',
  };
}

/** The record would be set to what the query asks of it. */
function isAlready(target: Target, { field, value }: Assignment): boolean {
  return target.conditions.some(
    (condition) => condition.field.api === field.api && condition.soql === `${field.api} = ${value}`,
  );
}

/** Assignments to different fields; may be fewer. */
export function drawAssignments(
  draw: Draw,
  thing: Thing,
  number: 'one' | 'many',
  count: number,
  without: readonly string[] = [],
): readonly Assignment[] {
  const assignments: Assignment[] = [];
  for (let turn = 0; turn < count; turn++) {
    const taken = [...without, ...assignments.map(({ field }) => field.api)];
    const assignment = drawAssignment(draw, thing, { number, without: taken });
    if (assignment !== null) assignments.push(assignment);
  }
  return assignments;
}

/** `for (…) { invoice.Status__c = 'Late'; }`. */
export function assigningLoop(
  thing: Thing,
  assignments: readonly Assignment[],
  records = thing.many,
): string {
  const lines = assignments.map(({ field, value }) => `${thing.one}.${field.api} = ${value};`);
  return `for (${thing.api} ${thing.one} : ${records}) {\n${indented(lines.join('\n'))}\n}`;
}

/** Records that a query finds are deleted. */
export function drawDeleteJob(draw: Draw, thing: Thing): Job | null {
  const target = drawTarget(draw, thing, { canBeAll: true });
  if (target === null) return null;
  return {
    ...deleteWordings(draw, thing, target),
    tail: target.tail,
    target,
    query: targetQuery(thing, target, []),
    loop: '',
    operation: 'delete',
  };
}

/** Without commas that meet another mark or the end. */
export function tidied(english: string): string {
  return english.replace(/,\s*(?=[,.;:]|$)/g, '');
}

/** A command or a sentence, as one asks for it on its own. */
export function requestOf(draw: Draw, job: Job): string {
  const { random } = draw;
  const isCommand = job.sentence === null || random.chance(0.66);
  if (!isCommand) return `${job.sentence!}${job.tail}`;
  const lead = random.weighted([
    [70, ''],
    [3, 'I {need|want} to '],
    [3, 'we {need|want} to '],
    [1, 'I would like to '],
    [1, 'how do I '],
    [1, 'code to '],
    [1, 'apex to '],
    [1, '{write|give me} {code|apex|a snippet} to '],
    [1, "let's "],
    [1, 'need to '],
    [1, 'can you '],
    [1, 'could you please '],
  ]);
  if (lead === '') return withReason(random, `${job.command}${job.tail}`);
  return `${phrase(random, lead)} ${job.command}${job.tail}`;
}

/** The query, the loop and the write of a job. */
export function jobLines(thing: Thing, job: Job, write: readonly string[]): string {
  return [
    `List<${thing.api}> ${thing.many} = ${job.query};`,
    ...(job.loop === '' ? [] : [job.loop]),
    ...write,
  ].join('\n');
}
