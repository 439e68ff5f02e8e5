/** Methods in which records learn from their parents or change them: copies, checks, values, moves. */
import type { Field } from '../../nouns.js';
import { listed, pascalCase } from '../../phrase.js';
import { apex, free, indented, seen, when } from '../apex.js';
import { emptyGuard } from '../members-changes.js';
import { apexType, signature, variableOf, type Member, type Part } from '../part.js';
import { lines, literal, loop, mirrored, modifiers, relation, selected, type Relation } from './base.js';
import { collected, idsGuard, mapped, withParent } from './parent-lookups.js';

/** What children take from their parents. */
interface Copied {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isFree: boolean;
}

/** The owner, or up to three fields; sometimes the child's fields are called after the parent too. */
function drawCopied(part: Part, rel: Relation): readonly Copied[] {
  const owner: Copied = { from: 'OwnerId', to: 'OwnerId', label: 'owner', isFree: false };
  if (part.random.chance(0.18)) return [owner];
  const isPrefixed = part.random.chance(0.15);
  const fields = rel.up.settable(part.random.integer(1, 3)).filter(({ api }) => api !== 'Name');
  return fields.map((field, index) => {
    const to = mirrored(
      part,
      isPrefixed ? { ...field, api: field.label, label: `${rel.up.thing.label} ${field.label}` } : field,
    );
    return { from: field.api, to, label: field.label, isFree: index === 0 && to !== field.api };
  });
}

/** An assignment for each of them; `sign` is what stands between the parent and its field. */
function copyLines(part: Part, copied: readonly Copied[], parent: string, sign: '.' | '?.'): string {
  const { one } = part.names;
  return lines(
    ...copied.map(({ from, to, isFree }) => `${one}.${isFree ? free(to) : to} = ${parent}${sign}${from};`),
  );
}

/** The children again, each with its parent's values, or nulls where there is no parent. */
function safelyCopied(part: Part, rel: Relation, copied: readonly Copied[]): string {
  const { thing, names } = part;
  const got = `${rel.map}.get(${names.one}.${rel.lookup})`;
  const isDeclared = part.random.chance(0.6);
  return loop(
    thing.api,
    names.one,
    names.many,
    isDeclared ? `${rel.up.thing.api} ${seen(rel.one)} = ${got};` : '',
    copyLines(part, copied, isDeclared ? rel.one : got, '?.'),
  );
}

/** Copies fields of parents into their children: ids, a map, and the children again. */
export const parentCopies: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const copied = drawCopied(part, rel);
  if (copied.length === 0) return null;
  const labels = listed(copied.map(({ label }) => label));
  const big = pascalCase(copied[0]!.label);
  const used = part.random.chance(0.25)
    ? safelyCopied(part, rel, copied)
    : withParent(part, rel, (parent) => copyLines(part, copied, parent, '.'));
  const doc = part.doc(
    part.pick(
      `copies the ${labels} from the ${rel.up.thing.label}`,
      `every ${thing.label} takes the ${labels} of its ${rel.up.thing.label}`,
      `the ${labels} of ${thing.plural} comes from the ${rel.up.thing.label}`,
    ),
    [names.many],
  );
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      `copy${big}`,
      `set${big}From${pascalCase(rel.up.thing.label)}`,
      `inherit${big}`,
      `syncWith${pascalCase(rel.up.thing.label)}`,
      `fillFrom${pascalCase(rel.up.thing.label)}`,
      `populate${big}`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${emptyGuard(part, names.many)}
        ${collected(part, rel)}
        ${idsGuard(part, rel)}
        ${mapped(
          part,
          rel,
          copied.map(({ from }) => from),
        )}
        ${used}
    }
  `;
};

/** What must not be, seen from a record and its parent: the condition, what it uses of the parent, and what is said. */
interface Rule {
  readonly test: (parent: string) => string;
  readonly uses: string;
  readonly said: string;
}

/** A rule about a field of the parent, compared with the record's own where it has an order; null = it lacks such a field. */
function drawRule(part: Part, rel: Relation): Rule | null {
  const { one } = part.names;
  const parentLabel = rel.up.thing.label;
  const type = part.pick('checkbox', 'picklist', 'date', 'currency');
  const theirs = rel.up.settable(1, [type])[0];
  if (theirs === undefined) return null;
  if (type === 'checkbox') {
    const isNot = part.random.chance(0.4);
    return {
      test: (parent) => `${isNot ? '!' : ''}${parent}.${theirs.api}`,
      uses: theirs.api,
      said: `The ${parentLabel} ${isNot ? 'must be' : 'must not be'} ${theirs.label}.`,
    };
  }
  if (type === 'picklist') {
    const value = literal(part, theirs);
    const isNot = part.random.chance(0.4);
    const said = `${theirs.label} of the ${parentLabel} ${isNot ? 'must be' : 'must not be'} ${value.slice(1, -1)}.`;
    return {
      test: (parent) => `${parent}.${theirs.api} ${isNot ? '!=' : '=='} ${value}`,
      uses: theirs.api,
      said: `The ${said}`,
    };
  }
  const own = part.settable(1, [type])[0];
  if (own === undefined) return null;
  const isBelow = part.random.chance(0.5);
  const word = type === 'date' ? (isBelow ? 'before' : 'after') : isBelow ? 'below' : 'above';
  return {
    test: (parent) => `${one}.${own.api} ${isBelow ? '<' : '>'} ${parent}.${theirs.api}`,
    uses: theirs.api,
    said: `The ${own.label} must not be ${word} the ${theirs.label} of the ${parentLabel}.`,
  };
}

/** Rejects records by what their parents say, or marks them. */
export const parentChecks: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const rule = drawRule(part, rel);
  if (rule === null) return null;
  const parentClass = pascalCase(rel.up.thing.label);
  const flag = part.random.chance(0.3) ? part.settable(1, ['checkbox'])[0] : undefined;
  const outcome =
    flag === undefined
      ? `${names.one}.addError('${free(rule.said.replace(/'/g, ''))}');`
      : `${names.one}.${flag.api} = true;`;
  const comment =
    flag === undefined
      ? ''
      : part.comment(
          `${flag.label}: ${rule.said.slice(4, -1).replace('must not be', 'is').replace('must be', 'is not')}`,
        );
  const doc = part.doc(
    flag === undefined
      ? `rejects ${thing.plural}: ${rule.said.slice(0, -1)}`
      : `marks ${thing.plural} by their ${rel.up.thing.label}`,
    [names.many],
  );
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      `check${parentClass}`,
      `validateAgainst${parentClass}`,
      `requireValid${parentClass}`,
      `compareWith${parentClass}`,
      `reviewBy${parentClass}`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${collected(part, rel)}
        ${idsGuard(part, rel)}
        ${mapped(part, rel, [rule.uses])}
        ${withParent(part, rel, (parent) => lines(comment, when(rule.test(parent), outcome)))}
    }
  `;
};

/** A value of each parent by its id, and the records that take it. */
export const parentValues: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  const field = rel?.up.settable(1)[0];
  if (rel === null || field === undefined || field.api === 'Name') return null;
  const type = apexType(field);
  const noun = variableOf(field, rel.up);
  const values = part.pick(
    `${noun}By${pascalCase(rel.noun)}`,
    `${noun}ById`,
    `${noun}Map`,
    `${noun}Of${pascalCase(rel.noun)}`,
  );
  const parentType = rel.up.thing.api;
  const query = `[SELECT ${selected([field.api])} FROM ${parentType} WHERE Id IN :${rel.ids}]`;
  const to = mirrored(part, field);
  const got = `${values}.get(${names.one}.${rel.lookup})`;
  const set = `${names.one}.${to === field.api ? to : free(to)} = ${got};`;
  const body = part.random.weighted([
    [2, set],
    [2, `${free('')}${when(`${values}.containsKey(${names.one}.${rel.lookup})`, set)}`],
    [
      1,
      lines(
        part.comment(`keeps a ${field.label} that is there`),
        when(`${names.one}.${to} == null`, set.replace(/[«»]/g, '')),
      ),
    ],
  ]);
  const doc = part.doc(`fills the ${field.label} from the ${rel.up.thing.label}`, [names.many]);
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      `fill${pascalCase(noun)}`,
      `take${pascalCase(noun)}`,
      `apply${pascalCase(noun)}`,
      `default${pascalCase(noun)}`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${collected(part, rel)}
        ${part.step(`the ${field.label} of each ${rel.up.thing.label}`, `Map<Id, ${type}> ${seen(values)} = new Map<Id, ${type}>();`)}
        ${loop(parentType, rel.one, query, `${values}.put(${rel.one}.Id, ${rel.one}.${field.api});`)}
        ${loop(thing.api, names.one, names.many, body)}
    }
  `;
};

/** Ids of parents of two lists, the second collected as the first. */
export const twoLists: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const [first, second] = part.pick(
    ['created', 'removed'],
    ['added', 'deleted'],
    ['newOnes', 'oldOnes'],
    [names.many, `other${pascalCase(thing.plural)}`],
  ) as [string, string];
  const hasNull = part.random.chance(0.5);
  const parents = rel.up.names.many;
  const isQueried = part.random.chance(0.5);
  const collecting = (many: string, isLater: boolean): string =>
    loop(
      thing.api,
      names.one,
      many,
      hasNull
        ? `${isLater ? '' : free('')}${when(`${names.one}.${seen(rel.lookup)} != null`, `${rel.ids}.add(${names.one}.${rel.lookup});`)}`
        : `${rel.ids}.add(${names.one}.${seen(rel.lookup)});`,
    );
  const doc = part.doc(`the ${rel.up.thing.plural} of both lists`, [first, second]);
  const head = signature(
    modifiers(part),
    isQueried ? `List<${rel.up.thing.api}>` : 'Set<Id>',
    part.pick(
      `${rel.noun}IdsOf`,
      `collect${pascalCase(rel.noun)}Ids`,
      `affected${pascalCase(rel.noun)}s`,
      `touched${pascalCase(rel.noun)}s`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${seen(first)}, List<${thing.api}> ${seen(second)}) {
        Set<Id> ${seen(rel.ids)} = new Set<Id>();
        ${collecting(first, false)}
        ${collecting(second, true)}
        ${!hasNull && part.random.chance(0.5) ? `${free('')}${rel.ids}.remove(null);` : ''}
        ${isQueried ? `${free('')}List<${rel.up.thing.api}> ${seen(parents)} = [SELECT Id, ${free(rel.up.thing.nameField)} FROM ${rel.up.thing.api} WHERE Id IN :${rel.ids}];\nreturn ${parents};` : `return ${rel.ids};`}
    }
  `;
};

/** Moves children from one parent to another, or all of several to one. */
export const reparenting: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const [from, to] = part.pick(
    ['fromId', 'toId'],
    ['oldParentId', 'newParentId'],
    ['sourceId', 'targetId'],
    ['loserId', 'winnerId'],
    ['duplicateId', 'masterId'],
  ) as [string, string];
  const isSet = part.random.chance(0.3);
  const source = isSet ? `${from}s` : from;
  const where = isSet ? `IN :${source}` : `= :${source}`;
  const closing = part.random.chance(0.3)
    ? lines(
        part.comment(`the empty ${rel.up.thing.label} goes`),
        isSet
          ? `delete [SELECT Id FROM ${rel.up.thing.api} WHERE Id IN :${source}];`
          : `delete new ${rel.up.thing.api}(Id = ${source});`,
      )
    : '';
  const isDirect = part.random.chance(0.4);
  const query = `[SELECT Id, ${seen(rel.lookup)} FROM ${thing.api} WHERE ${rel.lookup} ${where}]`;
  const set = `${names.one}.${rel.lookup} = ${to};`;
  const moved = part.pick('moved', 'toUpdate', `moved${pascalCase(thing.plural)}`, 'changes');
  const doc = part.doc(`moves the ${thing.plural} of one ${rel.up.thing.label} to another`, [source, to]);
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      `move${pascalCase(thing.plural)}`,
      'reparent',
      `transfer${pascalCase(thing.plural)}`,
      'mergeInto',
      'handOver',
    ),
  );
  return apex`
    ${doc}
    ${head}(${isSet ? 'Set<Id>' : 'Id'} ${seen(source)}, Id ${seen(to)}) {
        ${isDirect ? `List<${thing.api}> ${seen(moved)} = new List<${thing.api}>();` : `List<${thing.api}> ${names.newMany} = ${query};`}
        ${isDirect ? loop(thing.api, names.one, query, part.random.chance(0.5) ? lines(set, `${moved}.add(${names.one});`) : `${free('')}${moved}.add(new ${thing.api}(Id = ${names.one}.Id, ${rel.lookup} = ${to}));`) : loop(thing.api, names.one, names.many, set)}
        update ${isDirect ? moved : names.many};
        ${closing}
    }
  `;
};

/** A copy of a record with its children, each of which points to the copy. */
export const deepCopy: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing;
  const source = part.pick('source', 'original', 'template');
  const copy = part.pick('copy', 'duplicate', `new${pascalCase(up.label)}`);
  const copies = part.pick('copies', 'childCopies', `new${pascalCase(thing.plural)}`, 'clones');
  const child = part.pick('child', `${names.one}Copy`, 'childCopy');
  const cleared = part.settable(1, ['picklist', 'date', 'checkbox'])[0] as Field | undefined;
  const query = `[SELECT Id, ${free(cleared?.api ?? thing.nameField)}, ${seen(rel.lookup)} FROM ${thing.api} WHERE ${rel.lookup} = :${source}.Id]`;
  const doc = part.doc(`copies a ${up.label} with its ${thing.plural}`, [source], 'the copy');
  const head = signature(
    modifiers(part),
    up.api,
    part.pick('deepClone', `duplicate${pascalCase(up.label)}`, 'copyWithChildren', 'cloneAll'),
  );
  return apex`
    ${doc}
    ${head}(${up.api} ${seen(source)}) {
        ${up.api} ${seen(copy)} = ${source}.clone(false, true);
        insert ${copy};

        List<${thing.api}> ${seen(copies)} = new List<${thing.api}>();
        for (${thing.api} ${names.newOne} : ${query}) {
            ${thing.api} ${seen(child)} = ${names.one}.clone(false, true);
        ${indented(lines(`${child}.${rel.lookup} = ${copy}.Id;`, cleared !== undefined && cleared.type !== 'checkbox' && part.random.chance(0.4) ? `${free('')}${child}.${cleared.api} = null;` : '', `${copies}.add(${child});`))}
        }
        insert ${copies};
        return ${copy};
    }
  `;
};
