/** Methods that change or delete the records whose ids the caller gives; plain, `@future` and `@InvocableMethod`. */
import type { Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { capitalized, listed, pascalCase, phrase, thirdPerson } from '../phrase.js';
import { drawEnding } from './changes-ending.js';
import { assigningLoop, drawAssignments } from './changes-job.js';
import { verbOf } from './changes-wording.js';
import type { Kind, Made } from './kind.js';
import { indented, selected, soql } from './soql.js';
import { inThirdPerson } from './triggers-text.js';

const lead =
  '{{write |create |give me |make |I need |we need |need |}a {static |public |}method|method|method|a function|apex method}NAME';
const futureLead =
  '{{a|an async|an asynchronous} @future method|{write |create |I need |}a future method|@future method|an asynchronous future method|future method|write a future method|a @future method}NAME';
const invocableLead =
  '{an |write an |create an |I need an |}{invocable method|@InvocableMethod|invocable action|invocable Apex method|invocable method for {flows|Flow}|InvocableMethod|invocable method}NAME';

/** What is done to the records: the words after "a method", and the statements. */
interface Body {
  readonly english: string;
  readonly statements: string;
  /** `updateCases`: its name where none is said. */
  readonly name: string;
  /** What a name that is said begins with: `close` in `closeCases`. */
  readonly verb: string;
}

function ids(thing: Thing): string {
  return `${thing.one.replace(/Record$/, '')}Ids`;
}

function updateBody(draw: Draw, thing: Thing): Body | null {
  const { random } = draw;
  const verbal = random.chance(0.25) ? drawVerbal(draw, thing) : null;
  const assignments = verbal?.assignments ?? drawAssignments(draw, thing, 'many', random.chance(0.7) ? 1 : 2);
  if (assignments.length === 0) return null;
  const ending = drawEnding(draw);
  const query = soql({
    select: selected(assignments.map(({ field }) => field.api)),
    from: thing.api,
    conditions: [`Id IN :${ids(thing)}`],
  });
  const english = random.weighted(
    verbal === null ? updateWords(thing, assignments) : verbWords(thing, verbal.verb),
  );
  return {
    english: `${english}${ending.english}`,
    statements: [
      `List<${thing.api}> ${thing.many} = ${query};`,
      assigningLoop(thing, assignments),
      ...ending.lines('update', thing.many),
    ].join('\n'),
    name: `update${pascalCase(thing.plural)}`,
    verb: verbal?.verb ?? random.pick(['update', 'set', 'change', 'refresh', 'process', 'handle', 'mark']),
  };
}

const verbTries = 6;

/** One assignment that a verb says, with the verb: `close`; null = none came. */
function drawVerbal(draw: Draw, thing: Thing): { assignments: readonly Assignment[]; verb: string } | null {
  const without = thing.fields
    .filter((field) => field.label !== 'status' && field.api !== 'IsActive')
    .map(({ api }) => api);
  for (let turn = 0; turn < verbTries; turn++) {
    const assignments = drawAssignments(draw, thing, 'many', 1, without);
    const [assignment] = assignments;
    if (assignment === undefined) return null;
    const command = verbOf(assignment.field, assignment.value)?.command;
    if (command !== undefined) return { assignments, verb: /\w+/.exec(command)![0] };
  }
  return null;
}

function givenRecords(thing: Thing): string {
  return `{the |}${thing.plural} {with the given ids|with the given ids|whose ids are {given|passed in}|by id|by their ids|for {a set of|the given} ids|with these ids|whose ids it gets}`;
}

function updateWords(
  thing: Thing,
  assignments: readonly Assignment[],
): readonly (readonly [number, string])[] {
  const each = assignments.map(({ imperative }) => imperative);
  const imperatives = listed(each);
  const sets = inThirdPerson(each);
  const nouns = listed(assignments.map(({ noun }) => noun));
  const records = givenRecords(thing);
  const isPronounFree = !/\b(it|them)\b/.test(imperatives);
  const given = `{a set of |}${thing.label} ids`;
  return [
    [3, `{that takes|which takes} ${given} {and should|to} ${imperatives}`],
    [3, `{taking|for|with} ${given} to ${imperatives}`],
    [4, `{that|which} {takes|gets|receives|accepts} ${given} and ${sets}`],
    [1, `{that, |which, |}given ${given}, ${sets}`],
    [3, `to {update|change} ${records}: ${imperatives}`],
    [2, `to give ${records} ${nouns}`],
    [2, `that {updates|changes} ${records} to ${nouns}`],
    [isPronounFree ? 3 : 0, `to ${imperatives.replace(/\btheir\b/g, 'the')} {for|on} ${records}`],
    [isPronounFree ? 3 : 0, `{that|which} ${sets.replace(/\btheir\b/g, 'the')} {for|on} ${records}`],
    [isPronounFree ? 0 : 4, `to ${imperatives.replace(/\b(it|them)\b/, records)}`],
    [isPronounFree ? 0 : 3, `{that|which} ${sets.replace(/\b(it|them)\b/, records)}`],
  ];
}

function verbWords(thing: Thing, verb: string): readonly (readonly [number, string])[] {
  const records = givenRecords(thing);
  return [
    [2, `to ${verb} ${records}`],
    [3, `{that|which} ${thirdPerson(verb)} ${records}`],
    [
      1,
      `{that|which} takes {a set of |}${thing.label} ids and ${thirdPerson(verb)} {them|the ${thing.plural}|those ${thing.plural}}`,
    ],
  ];
}

function deleteBody(draw: Draw, thing: Thing): Body {
  const ending = drawEnding(draw);
  const query = soql({ select: ['Id'], from: thing.api, conditions: [`Id IN :${ids(thing)}`] });
  const records = `{the |}${thing.plural} {with the given ids|whose ids are {given|passed in}|by id|by {a set of |their |}ids|for {a set of|the given} ids}`;
  const takes = `{that|which} {takes|gets|receives} {a set of |}${thing.label} ids and {deletes|removes} {them|the ${thing.plural}|those ${thing.plural}}`;
  return {
    english: `{to {delete|remove} ${records}|that {deletes|removes} ${records}|to delete ${records}|${takes}}${ending.english}`,
    statements: [`List<${thing.api}> ${thing.many} = ${query};`, ...ending.lines('delete', thing.many)].join(
      '\n',
    ),
    name: `delete${pascalCase(thing.plural)}`,
    verb: draw.random.pick(['delete', 'delete', 'remove', 'purge', 'cleanUp']),
  };
}

function made(
  draw: Draw,
  thing: Thing,
  english: string,
  body: Body,
  annotations: readonly string[],
  collection: 'Set' | 'List',
): Made {
  const isNamed = draw.random.chance(0.25);
  const name = isNamed ? draw.keep(`${body.verb}${pascalCase(thing.plural)}`) : body.name;
  const naming = isNamed ? `{ | | called | named }${name}` : '';
  const signature = `${name}(${collection}<Id> ${ids(thing)})`;
  return {
    prompt: phrase(draw.random, `${english.replace('NAME', naming)} ${body.english}`),
    answer: [...annotations, `public static void ${signature} {`, indented(body.statements), '}'].join('\n'),
    shape: 'member',
  };
}

export const changeByIds: Kind['make'] = (draw, thing) => {
  const body = updateBody(draw, thing);
  return body === null ? null : made(draw, thing, lead, body, [], 'Set');
};

export const deleteByIds: Kind['make'] = (draw, thing) =>
  made(draw, thing, lead, deleteBody(draw, thing), [], 'Set');

export const futureByIds: Kind['make'] = (draw, thing) => {
  const body = draw.random.chance(0.75) ? updateBody(draw, thing) : deleteBody(draw, thing);
  return body === null ? null : made(draw, thing, futureLead, body, ['@future'], 'Set');
};

export const invocable: Kind['make'] = (draw, thing) => {
  const isUpdate = draw.random.chance(0.75);
  const body = isUpdate ? updateBody(draw, thing) : deleteBody(draw, thing);
  if (body === null) return null;
  const canonical = `${isUpdate ? 'Update' : 'Delete'} ${thing.plural.split(' ').map(capitalized).join(' ')}`;
  return made(draw, thing, invocableLead, body, [`@InvocableMethod(label='${canonical}')`], 'List');
};
