/** Methods that change or delete the records whose ids the caller gives; plain, `@future` and `@InvocableMethod`. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { listed, phrase, capitalized, pascalCase } from '../phrase.js';
import { drawEnding } from './changes-ending.js';
import { assigningLoop, drawAssignments } from './changes-job.js';
import type { Kind, Made } from './kind.js';
import { indented, selected, soql } from './soql.js';

const lead =
  '{{write |create |give me |make |I need |we need |}a {static |public |}method|method|a function}';
const futureLead =
  '{{a|an async|an asynchronous} @future method|{write |create |I need |}a future method|@future method|an asynchronous future method|future method}';
const invocableLead =
  '{an |write an |create an |I need an |}{invocable method|@InvocableMethod|invocable action|invocable Apex method|invocable method for {flows|Flow}|InvocableMethod}';

/** What is done to the records: the words after "a method", and the statements. */
interface Body {
  readonly english: string;
  readonly statements: string;
  /** `Update` or `Delete`, with what they change. */
  readonly name: string;
}

function ids(thing: Thing): string {
  return `${thing.one.replace(/Record$/, '')}Ids`;
}

function updateBody(draw: Draw, thing: Thing): Body | null {
  const { random } = draw;
  const assignments = drawAssignments(
    draw,
    thing,
    'many',
    random.weighted([
      [7, 1],
      [3, 2],
    ]),
  );
  if (assignments.length === 0) return null;
  const imperatives = listed(assignments.map(({ imperative }) => imperative));
  const nouns = listed(assignments.map(({ noun }) => noun));
  const records = `{the |}${thing.plural} {with the given ids|whose ids are {given|passed in}|by id|by their ids|for {a set of|the given} ids}`;
  const isPronounFree = !/\b(it|them)\b/.test(imperatives);
  const english = random.weighted([
    [
      3,
      `{that takes {a set of |}${thing.label} ids {and should|to}|{taking|for|with} {a set of |}${thing.label} ids to} ${imperatives}`,
    ],
    [3, `to {update|change} ${records}: ${imperatives}`],
    [2, `to give ${records} ${nouns}`],
    [2, `that {updates|changes} ${records} to ${nouns}`],
    [isPronounFree ? 3 : 0, `to ${imperatives} {for|on} ${records}`],
    [isPronounFree ? 0 : 4, `to ${imperatives.replace(/\b(it|them)\b/, records)}`],
  ]);
  const ending = drawEnding(draw);
  const query = soql({
    select: selected(assignments.map(({ field }) => field.api)),
    from: thing.api,
    conditions: [`Id IN :${ids(thing)}`],
  });
  return {
    english: `${english}${ending.english}`,
    statements: [
      `List<${thing.api}> ${thing.many} = ${query};`,
      assigningLoop(thing, assignments),
      ...ending.lines('update', thing.many),
    ].join('\n'),
    name: `update${pascalCase(thing.plural)}`,
  };
}

function deleteBody(draw: Draw, thing: Thing): Body {
  const ending = drawEnding(draw);
  const query = soql({ select: ['Id'], from: thing.api, conditions: [`Id IN :${ids(thing)}`] });
  return {
    english: `{to {delete|remove}|that {deletes|removes}} {the |}${thing.plural} {with the given ids|whose ids are {given|passed in}|by id|by {a set of |their |}ids|for {a set of|the given} ids}${ending.english}`,
    statements: [`List<${thing.api}> ${thing.many} = ${query};`, ...ending.lines('delete', thing.many)].join(
      '\n',
    ),
    name: `delete${pascalCase(thing.plural)}`,
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
  const signature = `${body.name}(${collection}<Id> ${ids(thing)})`;
  return {
    prompt: phrase(draw.random, `${english} ${body.english}`),
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
