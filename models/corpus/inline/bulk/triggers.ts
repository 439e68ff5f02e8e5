/** Methods of triggers' handlers, whose lines follow from the old values, the events and what is said. */
import { customName, type Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { signature, type Member } from '../part.js';
import { joinedMembers, lines, literal, loop, modifiers, pairOfFields, relation } from './base.js';
import { drawEvents, type TriggerEvent } from '../trigger-events.js';
import { drawAction, drawChange, oldName } from './changes.js';

/** Something is done for records to which something has just happened. */
export const justBecame: Member = (part) => {
  const { thing, names } = part;
  const old = oldName(part);
  const map = part.pick('oldMap', 'oldMap', 'oldRecords', `old${thing.className}Map`, 'previousById');
  if (old === names.one || map === names.many || old === names.many) return null;
  const change = drawChange(part, names.one, old);
  if (change === null) return null;
  const { before, act, after } = drawAction(part, names.one);
  const got = `${map}.get(${names.one}.Id)`;
  const isInline = part.random.chance(0.2);
  const notBefore = isInline ? change.notBefore.replace(`${old}.`, `${got}.`) : change.notBefore;
  const declared = isInline ? '' : `${thing.api} ${seen(old)} = ${got};`;
  const flag = part.pick('hasBecome', 'isNew', 'justHappened', `is${pascalCase(change.field.label)}New`);
  const said = part.comment(
    part.pick(`only when ${change.said}`, change.said, `when ${change.said}, not each time`),
  );
  const isSaid = part.random.chance(0.7);
  const now = isSaid ? change.now : free(change.now);
  const tested = part.random.weighted([
    [5, when(`${now} && ${notBefore}`, act)],
    [1.5, lines(`${free('')}Boolean ${seen(flag)} = ${now} && ${notBefore};`, when(flag, act))],
    [1, `${free('')}${when(now, when(notBefore, act))}`],
  ]);
  const doc = part.doc(`acts when ${change.said}`, [names.many, map]);
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      'afterUpdate',
      'onUpdate',
      `handle${pascalCase(change.field.label)}Change`,
      `on${pascalCase(change.field.label)}`,
      'react',
      `watch${pascalCase(change.field.label)}`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(map)}) {
        ${before}
        ${loop(thing.api, names.one, names.many, declared, isSaid ? said : '', tested)}
        ${after}
    }
  `;
};

/** What services do for a trigger, in names of methods. */
const workNames = [
  'setDefaults',
  'validate',
  'notifyOwners',
  'recalculate',
  'logChanges',
  'syncNames',
  'checkLimits',
  'createTasks',
  'share',
  'archive',
];

/** Methods that override those of TriggerHandler, with what the constructor casts. */
export const handlerOverrides: Member = (part) => {
  const { thing } = part;
  const events = drawEvents(part, 2, 4);
  const big = pascalCase(thing.plural);
  const fresh = part.pick(`new${big}`, 'newRecords', 'newList', thing.many);
  const old = part.pick(`old${thing.className}Map`, 'oldMap', 'oldRecords', 'oldById');
  const self = part.random.chance(0.7) ? 'this.' : '';
  const service = `${thing.className}${part.pick('Service', 'Domain', 'Rules', 'Helper')}`;
  const works = part.random.sample(workNames, events.length);
  if (part.random.chance(0.2)) works[0] = `${unknownWord(part.random)}All`;
  const given = ([time, what]: TriggerEvent): string => {
    if (what === 'delete') return `${old}.values()`;
    return what === 'update' && (time === 'after' || part.random.chance(0.4)) ? `${fresh}, ${old}` : fresh;
  };
  const bodies = events.map((event, index) => ({
    name: `${event[0]}${capitalized(event[1])}`,
    work: works[index]!,
    given: given(event),
  }));
  const repeated = part.random.chance(0.4) && bodies.length > 1 && events[0]![1] !== 'delete';
  const methods = bodies.map(({ name, work, given }, index) => {
    const isAgain = repeated && index === 1 && events[1]![1] !== 'delete';
    const called = isAgain ? bodies[0]!.work : free(work);
    const said = isAgain
      ? part.comment(
          `${events[1]!.join(' ')}: ${bodies[0]!.work.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)} again`,
        )
      : '';
    return lines(
      said,
      `public override void ${isAgain ? name : free(name)}() {\n    ${service}.${called}(${isAgain ? bodies[0]!.given : given});\n}`,
    );
  });
  const access = part.pick('private', 'private final', 'protected');
  const all = joinedMembers(
    `${access} ${free(`List<${thing.api}> ${fresh}`)};\n${access} ${free(`Map<Id, ${thing.api}> ${old}`)};`,
    apex`
      public ${part.className}() {
          ${self}${fresh} = (List<${thing.api}>) Trigger.new;
          ${self}${old} = (Map<Id, ${thing.api}>) Trigger.oldMap;
      }
    `,
    ...methods,
  );
  return all.replace(`${service}.`, `${free(service)}.`);
};

/** Work that runs once: a static flag or a set of ids. */
export const recursionGuard: Member = (part) => {
  const { thing, names } = part;
  const isSet = part.random.chance(0.5);
  const name = isSet
    ? part.pick('processedIds', 'handledIds', 'doneIds', 'seenIds')
    : part.pick('isRunning', 'hasRun', 'isActive', 'isExecuting', 'alreadyRan');
  const field = part.settable(1, ['picklist', 'checkbox', 'currency'])[0];
  if (field === undefined) return null;
  const access = part.pick(
    'private static',
    'private static',
    '@TestVisible private static',
    'public static',
  );
  const work = `${names.one}.${free(field.api)} = ${free(literal(part, field))};`;
  const said = part.comment(
    part.pick(
      'each record once',
      'not a second time',
      'the update below fires the trigger again',
      'once per transaction',
    ),
  );
  const announce = part.random.chance(0.6) ? said : '';
  const copies = part.pick('copies', 'toUpdate', 'changes');
  const made = `${copies}.add(new ${thing.api}(Id = ${names.one}.Id, ${free(field.api)} = ${free(literal(part, field))}));`;
  const guarded = isSet
    ? loop(
        thing.api,
        names.one,
        names.many,
        announce,
        part.pick(
          lines(
            when(`${name}.contains(${names.one}.Id)`, 'continue;'),
            `${name}.add(${names.one}.Id);`,
            work,
          ),
          when(`!${name}.contains(${names.one}.Id)`, `${name}.add(${names.one}.Id);`, work),
          `${free('')}${when(`${name}.add(${names.one}.Id)`, work)}`,
        ),
      )
    : lines(
        announce,
        when(name, 'return;'),
        `${name} = true;`,
        `List<${thing.api}> ${seen(copies)} = new List<${thing.api}>();`,
        loop(thing.api, names.one, names.many, made),
        `update ${copies};`,
        part.random.chance(0.5) ? `${free('')}${name} = false;` : '',
      );
  const declared = isSet
    ? `${access} Set<Id> ${seen(name)} = new Set<Id>();`
    : `${access} Boolean ${seen(name)} = ${free('')}false;`;
  const doc = part.doc(`runs once for ${thing.plural}`, [names.many]);
  const head = signature(
    'public static',
    'void',
    part.pick('run', 'afterUpdate', 'process', 'beforeUpdate', 'runOnce'),
  );
  const method = apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${guarded}
    }
  `;
  return joinedMembers(declared, method);
};

/** Rules between two fields of a record and constants, the errors saying what must not be. */
export const comparedFields: Member = (part) => {
  const { thing, names } = part;
  const { one } = names;
  const pair = pairOfFields(part, ['date', 'currency', 'datetime', 'integer']);
  if (pair === null) return null;
  const [low, high] = pair;
  const word = low.type.startsWith('date') ? 'before' : 'below';
  const isNull = part.random.chance(0.7);
  const notNull = (field: Field): string => `${one}.${field.api} != null`;
  const target = part.pick(`${one}.${high.api}`, one);
  const rules = [
    lines(
      part.random.chance(0.5) ? part.comment(`the ${high.label} is never ${word} the ${low.label}`) : '',
      when(
        `${isNull ? `${free(`${notNull(low)} && ${notNull(high)} && `)}` : ''}${one}.${high.api} < ${one}.${low.api}`,
        `${target}.addError('${free(`The ${high.label} must not be ${word} the ${low.label}.`)}');`,
      ),
    ),
  ];
  const amount = part
    .settable(4, ['currency', 'integer'])
    .find(({ api }) => api !== low.api && api !== high.api);
  let constant = '';
  if (amount !== undefined && part.random.chance(0.7)) {
    const isMax = part.random.chance(0.5);
    const name = constantName(
      isMax ? part.pick('max', 'highest', 'limit of') : part.pick('min', 'lowest', 'least'),
      amount.label,
    );
    constant = `${part.pick('private', 'public')} static final ${amount.type === 'currency' ? 'Decimal' : 'Integer'} ${seen(name)} = ${free(literal(part, amount))};`;
    rules.push(
      when(
        `${one}.${amount.api} ${isMax ? '>' : '<'} ${name}`,
        `${part.pick(`${one}.${amount.api}`, one)}.addError(${free(`'The ${amount.label} must ${isMax ? 'not exceed' : 'be at least'} '`)} + ${name} + ${free("'.'")});`,
      ),
    );
  }
  const doc = part.doc(
    `rejects ${thing.plural} whose ${high.label} lies ${word} the ${low.label}${constant !== '' ? ' or that are out of bounds' : ''}`,
    [names.many],
  );
  const head = signature(
    modifiers(part),
    'void',
    part.pick(
      'validate',
      `check${pascalCase(high.label)}`,
      'rejectInvalid',
      `validate${pascalCase(thing.plural)}`,
      'applyRules',
    ),
  );
  const method = apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${loop(thing.api, one, names.many, ...part.random.shuffled(rules))}
    }
  `;
  return joinedMembers(constant, method);
};

/** Parents that lost or won a child by an update: old and new ones. */
export const movedParents: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const old = oldName(part);
  const map = part.pick('oldMap', 'oldRecords', 'previousById');
  if ([names.one, names.many, rel.ids].includes(old) || [names.many, rel.ids].includes(map)) return null;
  const both = lines(`${rel.ids}.add(${names.one}.${rel.lookup});`, `${rel.ids}.add(${old}.${rel.lookup});`);
  const isChecked = part.random.chance(0.7);
  const doc = part.doc(`the ${rel.up.thing.plural} that a ${thing.label} came from or went to`, [
    names.many,
    map,
  ]);
  const head = signature(
    modifiers(part),
    'Set<Id>',
    part.pick(`changed${pascalCase(rel.noun)}s`, `${rel.noun}IdsOfMoved`, `collectMoved`, 'oldAndNewParents'),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(map)}) {
        Set<Id> ${seen(rel.ids)} = new Set<Id>();
        ${loop(thing.api, names.one, names.many, `${thing.api} ${seen(old)} = ${map}.get(${names.one}.Id);`, isChecked ? when(`${names.one}.${seen(rel.lookup)} != ${old}.${rel.lookup}`, both) : both)}
        ${free('')}${rel.ids}.remove(null);
        return ${rel.ids};
    }
  `;
};

/** A count of children that is kept by adding and taking away. */
export const steppedCounts: Member = (part) => {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const to = customName(`${thing.label} count`);
  const up = rel.up.thing.api;
  const parents = rel.map;
  const change = part.pick('change', 'delta', 'difference', 'stepBy');
  const add = part.pick('add', 'count', 'bump', 'shift');
  return apex`
    ${free('public static void afterInsert')}(List<${thing.api}> ${names.newMany}) {
        ${free('')}${add}(${names.many}, 1);
    }

    ${free('public static void afterDelete')}(List<${thing.api}> ${names.newMany}) {
        ${add}(${names.many}, -1);
    }

    ${free('private static void ')}${seen(add)}(List<${thing.api}> ${names.newMany}, Integer ${seen(change)}) {
        Set<Id> ${seen(rel.ids)} = new Set<Id>();
        ${loop(thing.api, names.one, names.many, `${rel.ids}.add(${names.one}.${seen(rel.lookup)});`)}
        Map<Id, ${up}> ${seen(parents)} = new Map<Id, ${up}>([SELECT Id, ${seen(to)} FROM ${up} WHERE Id IN :${rel.ids}]);
        ${loop(thing.api, names.one, names.many, `${up} ${seen(rel.one)} = ${parents}.get(${names.one}.${rel.lookup});`, when(`${rel.one} != null`, `${rel.one}.${to} = (${rel.one}.${to} == null ? 0 : ${rel.one}.${to}) + ${change};`))}
        update ${parents}.values();
    }
  `;
};
