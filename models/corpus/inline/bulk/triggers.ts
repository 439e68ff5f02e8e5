/** Handlers of triggers, and whole triggers, whose lines follow from the old values, the events and what is said. */
import { customName, type Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { lines, literal, loop, modifiers, pairOfFields, relation, when } from './base.js';
import { signature, type Member, type Part } from '../part.js';

/** A record's old version. */
function oldName(part: Part): string {
  const { thing, names } = part;
  return part.pick(
    `old${thing.className}`,
    'oldRecord',
    'before',
    `prior${thing.className}`,
    `${names.one}Old`,
    'previous',
  );
}

/** A condition for the new record and the same one, denied, for the old one. */
interface Change {
  readonly field: Field;
  readonly now: string;
  readonly notBefore: string;
  readonly said: string;
}

function drawChange(part: Part, one: string, old: string): Change | null {
  const field = part.field(['picklist', 'checkbox', 'currency', 'date']);
  if (field === null) return null;
  const [now, then] = [`${one}.${field.api}`, `${old}.${field.api}`];
  if (field.type === 'picklist') {
    const value = literal(part, field);
    return {
      field,
      now: `${now} == ${value}`,
      notBefore: `${then} != ${value}`,
      said: `the ${field.label} has just become ${value}`,
    };
  }
  if (field.type === 'checkbox')
    return { field, now, notBefore: `!${then}`, said: `it has just been marked as ${field.label}` };
  if (field.type === 'date')
    return {
      field,
      now: `${now} != null`,
      notBefore: `${then} == null`,
      said: `the ${field.label} has just been entered`,
    };
  const limit = literal(part, field);
  return {
    field,
    now: `${now} > ${limit}`,
    notBefore: `${then} <= ${limit}`,
    said: `the ${field.label} has just risen above ${limit}`,
  };
}

function taskValues(part: Part, one: string): readonly string[] {
  const subject = part.pick(
    'Send the papers',
    'Call the customer',
    'Check the data',
    `Prepare ${unknownWord(part.random)}`,
    'Ask for feedback',
    'Plan the next step',
  );
  const values = [
    `Subject = ${free(`'${subject}'`)}`,
    `WhatId = ${one}.Id`,
    `${free('')}OwnerId = ${one}.OwnerId`,
    `ActivityDate = ${free(`Date.today().addDays(${part.random.integer(1, 20)})`)}`,
  ];
  return values.slice(0, part.random.integer(2, 4));
}

/** What is done with a record to which something happened; and what stands before and after the loop. */
function drawAction(part: Part, one: string): readonly [string, string, string] {
  const { thing } = part;
  const form = part.pick('task', 'collect', 'date', 'ids', 'error');
  if (form === 'task' && !/^(Task|Event|Lead|Contact|User)$/.test(thing.api)) {
    const list = part.pick('tasks', 'toDoList', 'followUps', 'newTasks', 'reminders');
    const values = taskValues(part, one);
    const making = part.pick(
      `${list}.add(new Task(${values.join(', ')}));`,
      apex`
      ${free('')}${list}.add(new Task(
          ${values.map((value, index) => value + (index === values.length - 1 ? '' : ','))}
      ));
    `,
    );
    return [
      `List<Task> ${seen(list)} = new List<Task>();`,
      making,
      part.pick(`insert ${list};`, `${free('')}${when(`!${list}.isEmpty()`, `insert ${list};`)}`),
    ];
  }
  if (form === 'ids') {
    const ids = part.pick(
      'changedIds',
      'affectedIds',
      'idsToProcess',
      `${thing.className[0]!.toLowerCase()}${thing.className.slice(1)}IdsToSync`,
    );
    const job = `${thing.className}${part.pick('SyncJob', 'Queueable', 'UpdateJob')}`;
    return [
      `Set<Id> ${seen(ids)} = new Set<Id>();`,
      `${ids}.add(${one}.Id);`,
      `${free('')}${when(`!${ids}.isEmpty()`, `System.enqueueJob(new ${free(job)}(${ids}));`)}`,
    ];
  }
  if (form === 'error')
    return ['', `${one}.addError(${free(`'This ${thing.label} cannot be changed any more.'`)});`, ''];
  const stamp = part.settable(1, ['date', 'datetime'])[0];
  if (form === 'date' && stamp !== undefined) {
    return [
      '',
      `${one}.${free(stamp.api)} = ${stamp.type === 'date' ? 'Date.today()' : 'System.now()'};`,
      '',
    ];
  }
  const list = part.pick(
    'changed',
    'toProcess',
    `changed${pascalCase(thing.plural)}`,
    'relevant',
    'selected',
  );
  return [
    `List<${thing.api}> ${seen(list)} = new List<${thing.api}>();`,
    `${list}.add(${one});`,
    `${free(`${thing.className}Service.${part.pick('notify', 'process', 'handle', 'sync')}`)}(${list});`,
  ];
}

/** Something is done for records to which something has just happened. */
export const justBecame: Member = (part) => {
  const { thing, names } = part;
  const old = oldName(part);
  const map = part.pick('oldMap', 'oldMap', 'oldRecords', `old${thing.className}Map`, 'previousById');
  if (old === names.one || map === names.many || old === names.many) return null;
  const change = drawChange(part, names.one, old);
  if (change === null) return null;
  const [before, act, after] = drawAction(part, names.one);
  const got = `${map}.get(${names.one}.Id)`;
  const isInline = part.random.chance(0.2);
  const notBefore = isInline ? change.notBefore.replace(`${old}.`, `${got}.`) : change.notBefore;
  const declared = isInline ? '' : `${thing.api} ${seen(old)} = ${got};`;
  const flag = part.pick('hasBecome', 'isNew', 'justHappened', `is${pascalCase(change.field.label)}New`);
  const said = part.comment(
    part.pick(`only when ${change.said}`, `${change.said}`, `when ${change.said}, not each time`),
  );
  const isSaid = part.random.chance(0.7);
  const now = isSaid ? change.now : free(change.now);
  const tested = part.random.weighted([
    [5, when(`${now} && ${notBefore}`, act)],
    [1.5, lines(`${free('')}Boolean ${seen(flag)} = ${now} && ${notBefore};`, when(flag, act))],
    [
      1,
      `${free('')}if (${now}) {\n    if (${notBefore}) {\n        ${act.replace(/\n/g, '\n        ')}\n    }\n}`,
    ],
  ]);
  return apex`
    ${part.doc(`acts when ${change.said}`, [names.many, map])}
    ${signature(modifiers(part), 'void', part.pick('afterUpdate', 'onUpdate', `handle${pascalCase(change.field.label)}Change`, `on${pascalCase(change.field.label)}`, 'react', `watch${pascalCase(change.field.label)}`))}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(map)}) {
        ${before}
        ${loop(thing.api, names.one, names.many, declared, isSaid ? said : '', tested)}
        ${after}
    }
  `;
};

const eventsAll = [
  ['before', 'insert'],
  ['before', 'update'],
  ['before', 'delete'],
  ['after', 'insert'],
  ['after', 'update'],
  ['after', 'delete'],
  ['after', 'undelete'],
] as const;

type Event = (typeof eventsAll)[number];

function drawSome(part: Part, least: number, most: number): readonly Event[] {
  const kept = new Set(part.random.sample(eventsAll, part.random.integer(least, most)));
  return eventsAll.filter((event) => kept.has(event));
}

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
  const events = drawSome(part, 2, 4);
  const big = pascalCase(thing.plural);
  const fresh = part.pick(`new${big}`, 'newRecords', 'newList', `${thing.many}`);
  const old = part.pick(`old${thing.className}Map`, 'oldMap', 'oldRecords', 'oldById');
  const hasThis = part.random.chance(0.7) ? 'this.' : '';
  const service = `${thing.className}${part.pick('Service', 'Domain', 'Rules', 'Helper')}`;
  const works = part.random.sample(workNames, events.length);
  if (part.random.chance(0.2)) works[0] = `${unknownWord(part.random)}All`;
  const bodies = events.map(([time, what], index) => {
    const given =
      what === 'delete'
        ? `${old}.values()`
        : what === 'update' && (time === 'after' || part.random.chance(0.4))
          ? `${fresh}, ${old}`
          : fresh;
    return { name: `${time}${capitalized(what)}`, work: works[index]!, given };
  });
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
  const isFinal = part.pick('private', 'private final', 'protected');
  const all = [
    `${isFinal} ${free(`List<${thing.api}> ${fresh}`)};\n${isFinal} ${free(`Map<Id, ${thing.api}> ${old}`)};`,
    apex`
      public ${part.className}() {
          ${hasThis}${fresh} = (List<${thing.api}>) Trigger.new;
          ${hasThis}${old} = (Map<Id, ${thing.api}>) Trigger.oldMap;
      }
    `,
    ...methods,
  ];
  return all.join('\n\n').replace(`${service}.`, `${free(service)}.`);
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
    ? lines(
        loop(
          thing.api,
          names.one,
          names.many,
          announce,
          part.pick(
            when(`${name}.contains(${names.one}.Id)`, 'continue;') +
              `\n${name}.add(${names.one}.Id);\n${work}`,
            when(`!${name}.contains(${names.one}.Id)`, `${name}.add(${names.one}.Id);`, work),
            `${free('')}${when(`${name}.add(${names.one}.Id)`, work)}`,
          ),
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
  return `${declared}\n\n${apex`
    ${part.doc(`runs once for ${thing.plural}`, [names.many])}
    ${signature('public static', 'void', part.pick('run', 'afterUpdate', 'process', 'beforeUpdate', 'runOnce'))}(List<${thing.api}> ${names.newMany}) {
        ${guarded}
    }
  `}`;
};

/** Rules between two fields of a record and constants, the errors saying what must not be. */
export const comparedFields: Member = (part) => {
  const { thing, names } = part;
  const one = names.one;
  const first = pairOfFields(part, ['date', 'currency', 'datetime', 'integer']);
  if (first === null) return null;
  const [low, high] = first;
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
  const constants: string[] = [];
  if (amount !== undefined && part.random.chance(0.7)) {
    const isMax = part.random.chance(0.5);
    const constant = constantName(
      isMax ? part.pick('max', 'highest', 'limit of') : part.pick('min', 'lowest', 'least'),
      amount.label,
    );
    constants.push(
      `${part.pick('private', 'public')} static final ${amount.type === 'currency' ? 'Decimal' : 'Integer'} ${seen(constant)} = ${free(literal(part, amount))};`,
    );
    rules.push(
      when(
        `${one}.${amount.api} ${isMax ? '>' : '<'} ${constant}`,
        `${part.pick(`${one}.${amount.api}`, one)}.addError(${free(`'The ${amount.label} must ${isMax ? 'not exceed' : 'be at least'} '`)} + ${constant} + ${free("'.'")});`,
      ),
    );
  }
  return `${constants.join('\n')}${constants.length > 0 ? '\n\n' : ''}${apex`
    ${part.doc(`rejects ${thing.plural} whose ${high.label} lies ${word} the ${low.label}${constants.length > 0 ? ' or that are out of bounds' : ''}`, [names.many])}
    ${signature(modifiers(part), 'void', part.pick('validate', `check${pascalCase(high.label)}`, 'rejectInvalid', `validate${pascalCase(thing.plural)}`, 'applyRules'))}(List<${thing.api}> ${names.newMany}) {
        ${loop(thing.api, one, names.many, ...part.random.shuffled(rules))}
    }
  `}`;
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
  return apex`
    ${part.doc(`the ${rel.up.thing.plural} that a ${thing.label} came from or went to`, [names.many, map])}
    ${signature(modifiers(part), 'Set<Id>', part.pick(`changed${pascalCase(rel.noun)}s`, `${rel.noun}IdsOfMoved`, `collectMoved`, 'oldAndNewParents'))}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(map)}) {
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
