/** Classes that write several records in one transaction and take all of them back when one fails. */
import { clash, listName } from '../names.js';
import { failureLog } from '../failure-logs.js';
import { capitalized, pascalCase, withArticle } from '../../../phrase.js';
import { joinedMembers, lines, literal, loop, relation, type Relation } from '../../bulk/base.js';
import { free, indented, seen } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';
import { drawReaction, savepointName, transaction, type Outcome } from './words.js';

const outcomes: readonly Outcome[] = ['rethrow', 'own', 'boolean', 'log', 'message', 'aura'];

/** How the sentence about the rollback begins. */
function undone(part: Part): string {
  return part.pick(
    'when one of the writes fails, everything is undone and',
    'if a write fails, all is rolled back and',
    'all or nothing: on an error the transaction is rolled back and',
    'after a failure nothing is kept and',
  );
}

/** A method with its sentence, its annotation and its body. */
function method(
  part: Part,
  said: string,
  head: { readonly type: string; readonly name: string; readonly parameters: string },
  body: string,
  isAura = false,
): string {
  return lines(
    told(part, said),
    isAura ? free('@AuraEnabled') : '',
    `${isAura ? free(`public static ${head.type} ${head.name}`) : opened(part, head.type, head.name)}(${head.parameters}) {`,
    indented(body),
    '}',
  );
}

interface Family {
  readonly relating: Relation;
  readonly parent: string;
  readonly children: string;
  readonly child: string;
  readonly sp: string;
  readonly error: string;
}

/** A parent, its children and the names of both; null = two of the names are one. */
function drawFamily(part: Part): Family | null {
  const relating = relation(part);
  if (relating === null) return null;
  const family = {
    parent: part.pick(relating.one, relating.noun),
    children: listName(part, 'children', `new${pascalCase(part.thing.plural)}`),
    child: part.pick(part.names.one, part.thing.one, 'child', 'rec'),
    sp: savepointName(part),
    error: part.style.error,
  };
  return clash(...Object.values(family), relating.ids, relating.oneId) ? null : { relating, ...family };
}

/** A parent is inserted, its children get its id and are inserted as well. */
export const parentWithChildren: Member = (part) => {
  const family = drawFamily(part);
  if (family === null) return null;
  const { relating, parent, children, child, sp, error } = family;
  const { thing } = part;
  const outcome = part.pick(...outcomes, 'null' as const);
  const isRefused = outcome === 'rethrow' && part.random.chance(0.5);
  const reaction = isRefused
    ? {
        type: 'void',
        said: `the ${relating.up.thing.label} gets the error`,
        act: `${parent}.addError(${error}.getMessage());`,
        done: '',
        declaration: '',
      }
    : drawReaction(part, outcome, error);
  const linked = loop(thing.api, child, children, `${child}.${relating.asked} = ${parent}.Id;`);
  const hasGuard = part.random.chance(0.25);
  const inserted = hasGuard
    ? `if (!${children}.isEmpty()) {\n${indented(`insert ${children};`)}\n}`
    : `insert ${children};`;
  const isHelper = part.random.chance(0.3);
  const writes = lines(
    `insert ${parent};`,
    part.random.chance(0.35)
      ? part.comment(`the ${thing.plural} belong to the new ${relating.up.thing.label}`)
      : '',
    isHelper ? `link(${children}, ${parent}.Id);` : linked,
    `${hasGuard ? free('') : ''}${inserted}`,
    outcome === 'null' ? `return ${parent}.Id;` : '',
  );
  const { oneId } = relating;
  const helper = lines(
    told(part, `every one of the ${thing.plural} gets the id of its ${relating.up.thing.label}`),
    `private static void link(List<${thing.api}> ${seen(children)}, Id ${seen(oneId)}) {`,
    indented(loop(thing.api, child, children, `${child}.${relating.asked} = ${oneId};`)),
    '}',
  );
  const parameters = `${relating.up.thing.api} ${seen(parent)}, List<${thing.api}> ${seen(children)}`;
  const said = `inserts ${withArticle(relating.up.thing.label)} and then its ${thing.plural}; ${undone(part)} ${reaction.said}`;
  const name = part.pick(
    'create',
    'createAll',
    `saveWith${pascalCase(thing.plural)}`,
    `insertWithChildren`,
    `create${relating.up.thing.className}`,
  );
  const main = method(
    part,
    said,
    { type: reaction.type, name, parameters },
    transaction(part, { sp, error }, writes, reaction),
    outcome === 'aura',
  );
  return joinedMembers(reaction.declaration, ...(isHelper ? part.random.shuffled([main, helper]) : [main]));
};

/** Children go from one parent to another, and the one that is left is deleted or gets a mark. */
export const movedChildren: Member = (part) => {
  const family = drawFamily(part);
  if (family === null) return null;
  const { relating, children, child, sp, error } = family;
  const { thing } = part;
  const { up } = relating;
  const [from, to] = part.pick(
    ['fromId', 'toId'],
    ['sourceId', 'targetId'],
    ['oldId', 'newId'],
    ['loserId', 'winnerId'],
    [`old${capitalized(relating.noun)}Id`, `new${capitalized(relating.noun)}Id`],
  ) as [string, string];
  if (clash(from, to, child, children, sp, error)) return null;
  const outcome = part.pick(...outcomes);
  const reaction = drawReaction(part, outcome, error);
  const mark = up.settable(1, ['checkbox', 'picklist'])[0];
  const isMarked = mark !== undefined && part.random.chance(0.5);
  const value = mark === undefined ? '' : literal(up, mark);
  const last = isMarked
    ? `update new ${up.thing.api}(Id = ${from}, ${mark.api} = ${value});`
    : `delete new ${up.thing.api}(Id = ${from});`;
  const ending = isMarked ? `sets the ${mark.label} of the old one to ${value}` : 'deletes the old one';
  const query = `[SELECT Id FROM ${thing.api} WHERE ${relating.asked} = :${from}]`;
  const isInline = part.random.chance(0.3);
  const queried = `List<${thing.api}> ${seen(children)} = ${isInline ? `new List<${thing.api}>();` : `${query};`}`;
  const moving = `${child}.${relating.lookup} = ${to};`;
  const looped = isInline
    ? loop(thing.api, child, query, moving, `${children}.add(${child});`)
    : loop(thing.api, child, children, moving);
  const isOutside = part.random.chance(0.5);
  const prepared = lines(queried, looped);
  const writes = lines(isOutside ? '' : prepared, `update ${children};`, last);
  const said = `moves the ${thing.plural} of one ${up.thing.label} to another and ${ending}; ${undone(part)} ${reaction.said}`;
  const name = part.pick(`move${pascalCase(thing.plural)}`, 'mergeInto', 'transfer', 'reparent', 'moveAll');
  return joinedMembers(
    reaction.declaration,
    method(
      part,
      said,
      { type: reaction.type, name, parameters: `Id ${seen(from)}, Id ${seen(to)}` },
      lines(isOutside ? prepared : '', transaction(part, { sp, error }, writes, reaction)),
      outcome === 'aura',
    ),
  );
};

/** One savepoint for each record of a loop: what fails is undone alone, and counted or kept. */
export const oneByOne: Member = (part) => {
  const family = drawFamily(part);
  if (family === null) return null;
  const { relating, parent, child, sp, error } = family;
  const { thing } = part;
  const { up } = relating;
  const parents = part.pick(up.names.many, up.thing.many, 'parents');
  const field = part.settable(1, ['picklist', 'checkbox', 'date'])[0];
  if (field === undefined) return null;
  const isIds = part.random.chance(0.5);
  const kept = isIds
    ? part.pick('failedIds', 'notDone', 'failures')
    : part.pick('failed', 'errorCount', 'failureCount');
  if (clash(parents, parent, child, sp, error, kept)) return null;
  const value = literal(part, field);
  const type = isIds ? 'Set<Id>' : 'Integer';
  const made = isIds ? `Set<Id> ${seen(kept)} = new Set<Id>();` : `Integer ${seen(kept)} = 0;`;
  const act = lines(
    `Database.rollback(${sp});`,
    isIds ? `${kept}.add(${parent}.Id);` : `${kept}++;`,
    part.random.chance(0.4) ? `${free('')}${failureLog(part, error)}` : '',
  );
  const values = [`${relating.asked} = ${parent}.Id`, `${seen(field.api)} = ${value}`];
  const mark = up.settable(1, ['checkbox'])[0];
  const writes = lines(
    mark === undefined ? '' : `${free('')}${parent}.${mark.api} = ${free('true')};`,
    `update ${parent};`,
    `insert new ${thing.api}(${values.join(', ')});`,
  );
  if (part.random.chance(0.35)) {
    const reaction = drawReaction(part, part.pick('boolean', 'log', 'own', 'rethrow'), error);
    return joinedMembers(
      reaction.declaration,
      method(
        part,
        `updates each ${up.thing.label} and inserts ${withArticle(thing.label)} for it with ${field.label} ${value.replace(/'/g, '')}; ${undone(part)} ${reaction.said}`,
        {
          type: reaction.type,
          name: part.pick('processAll', 'openAll', 'handle'),
          parameters: `List<${up.thing.api}> ${seen(parents)}`,
        },
        transaction(part, { sp, error }, loop(up.thing.api, parent, parents, writes), reaction),
      ),
    );
  }
  const body = lines(
    `Savepoint ${seen(sp)} = Database.setSavepoint();`,
    'try {',
    indented(writes),
    `} catch (DmlException ${seen(error)}) {`,
    indented(act),
    '}',
  );
  const said = `updates each ${up.thing.label} and inserts ${withArticle(thing.label)} for it with ${field.label} ${value.replace(/'/g, '')}; what fails is undone for that one alone and ${isIds ? 'its id returned' : 'counted'}`;
  return method(
    part,
    said,
    {
      type,
      name: part.pick('processAll', 'openAll', 'handle', `add${thing.className}`),
      parameters: `List<${up.thing.api}> ${seen(parents)}`,
    },
    lines(made, loop(up.thing.api, parent, parents, body), `return ${kept};`),
  );
};

/** Two or three methods of one shape, each with a savepoint; the last can be known from the first. */
export const savepointSiblings: Member = (part) => {
  const relating = relation(part);
  if (relating === null) return null;
  const { thing, style } = part;
  const { up } = relating;
  const [sp, error] = [savepointName(part), style.error];
  const [many, others] = [part.names.many, up.names.many];
  if (clash(many, others, sp, error)) return null;
  const outcome = part.pick<Outcome>('rethrow', 'own', 'boolean', 'log', 'message');
  const reaction = drawReaction(part, outcome, error);
  const verbs = part.random.sample(['insert', 'update', 'upsert', 'delete'], part.pick(2, 2, 3));
  const parameters = `List<${up.thing.api}> ${others}, List<${thing.api}> ${many}`;
  const isDocumented = part.random.chance(0.6);
  const isDoneInside = part.random.chance(0.6);
  const access = part.pick('public static', 'public static', 'public');
  const methods = verbs.map((verb, index) => {
    const order = verb === 'delete' ? [many, others] : [others, many];
    const doc =
      isDocumented || index === 0
        ? told(
            part,
            `${verb}s ${up.thing.plural} and ${thing.plural}${verb === 'delete' ? ', these first' : ''}; on an error all is rolled back and ${reaction.said}`,
          )
        : '';
    return lines(
      doc,
      `${free(`${access} ${reaction.type} ${verb}All`)}(${parameters}) {`,
      indented(
        lines(
          `Savepoint ${seen(sp)} = Database.setSavepoint();`,
          'try {',
          indented(lines(...order.map((list) => `${verb} ${list};`), isDoneInside ? reaction.done : '')),
          `} catch (DmlException ${seen(error)}) {`,
          indented(lines(`Database.rollback(${sp});`, reaction.act)),
          '}',
          isDoneInside ? '' : reaction.done,
        ),
      ),
      '}',
    );
  });
  return joinedMembers(reaction.declaration, ...methods);
};
