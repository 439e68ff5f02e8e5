/** Whole triggers with logic of their own: old values, defaults, rejects, follow-up records, calls by operation. */
import { customName } from '../../nouns.js';
import { capitalized, pascalCase, withArticle } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen, when } from '../apex.js';
import type { Part } from '../part.js';
import { either, lines, literal, loop, pairOfFields, relation } from './base.js';
import { drawEvents, type TriggerEvent } from '../trigger-events.js';
import { withoutTasks } from './changes.js';

/** `trigger BookingRules on Booking__c (before insert)`, with a name of its own. */
function head(part: Part, events: string): string {
  const name = part.pick('Trigger', 'Trigger', 'BeforeAfter', 'Rules', 'Changes', 'Guard');
  const word = part.random.chance(0.1) ? capitalized(unknownWord(part.random)) : '';
  return free(`trigger ${part.thing.className}${word}${name} on ${part.thing.api} (${events})`);
}

/** What stands above a trigger, in half of the files. */
function about(part: Part, english: string): string {
  return part.random.chance(0.5) ? part.comment(english) : '';
}

/** A trigger that rejects a change or a deletion by what stood there before. */
export function guardingTrigger(part: Part): string | null {
  const { thing, names } = part;
  const { one } = names;
  const field = part.field(['picklist', 'checkbox']);
  if (field === null) return null;
  const value = field.type === 'checkbox' ? '' : literal(part, field);
  const is = (record: string): string =>
    value === '' ? `${record}.${field.api}` : `${record}.${field.api} == ${value}`;
  const isNot = (record: string): string =>
    value === '' ? `!${record}.${field.api}` : `${record}.${field.api} != ${value}`;
  const state =
    value === '' ? `mark ${field.label.replace(/'/g, '')}` : `${field.label} ${value.slice(1, -1)}`;
  const old = part.pick(`old${thing.className}`, 'oldRecord', 'before', 'prior');
  if (old === one) return null;
  if (part.random.chance(0.3)) {
    return (
      apex`
      ${about(part, `no ${thing.label} with ${state} may be deleted`)}
      ${head(part, 'before delete')} {
          ${loop(thing.api, one, 'Trigger.old', when(is(one), `${one}.addError('${free(`${capitalized(withArticle(thing.label))} with ${state} cannot be deleted.`)}');`))}
      }
    ` + '\n'
    );
  }
  const declared = `${thing.api} ${seen(old)} = Trigger.oldMap.get(${one}.Id);`;
  const reject = `${one}.addError('${free(value === '' ? `Once ${field.label}, a ${thing.label} stays so.` : `The ${field.label} cannot be taken back once it was ${state}.`)}');`;
  const body = part.random.weighted([
    [2, lines(`${free('')}${when(is(one), 'continue;')}`, declared, when(is(old), reject))],
    [2, lines(declared, when(`${is(old)} && ${isNot(one)}`, reject))],
    [1, lines(declared, when(`${is(old)} && ${one}.${field.api} != ${old}.${field.api}`, reject))],
  ]);
  return (
    apex`
    ${head(part, 'before update')} {
        ${part.comment(value === '' ? `once ${field.label}, always ${field.label}` : `${withArticle(thing.label)} that had ${state} keeps it`)}
        ${loop(thing.api, one, part.pick('Trigger.new', 'Trigger.new', 'Trigger.New'), body)}
    }
  ` + '\n'
  );
}

/** A trigger that fills empty fields and rejects what contradicts itself. */
export function defaultingTrigger(part: Part): string | null {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3), ['picklist', 'date', 'currency', 'datetime']);
  if (fields.length === 0) return null;
  const { one } = names;
  const defaults = fields.map((field) => {
    const value = literal(part, field);
    return lines(
      part.comment(
        part.pick(`the ${field.label} is ${value} when none is given`, `default ${field.label}: ${value}`),
      ),
      when(`${one}.${field.api} == null`, `${one}.${field.api} = ${value};`),
    );
  });
  const two = part.random.chance(0.6) ? pairOfFields(part, ['date', 'currency']) : null;
  const word = two?.[0].type === 'date' ? 'before' : 'below';
  const rule =
    two === null
      ? ''
      : when(
          `${one}.${two[1].api} < ${one}.${two[0].api}`,
          `${one}.${part.pick('', `${two[1].api}.`)}addError('${free(`The ${two[1].label} must not be ${word} the ${two[0].label}.`)}');`,
        );
  const isSplit = rule !== '' && part.random.chance(0.5);
  const each = (...body: readonly string[]): string => loop(thing.api, one, 'Trigger.new', ...body);
  return (
    apex`
    ${about(part, `defaults${rule === '' ? '' : ' and rules'} for ${thing.plural}`)}
    ${head(part, isSplit ? 'before insert, before update' : part.pick('before insert', 'before insert, before update'))} {
        ${isSplit ? lines(when('Trigger.isInsert', each(...defaults)), each(rule)) : each(...defaults, rule)}
    }
  ` + '\n'
  );
}

/** A trigger that makes records for those to which something has just happened. */
export function followingTrigger(part: Part): string | null {
  const { thing, names } = part;
  const field = part.field(['picklist', 'checkbox']);
  if (field === null || withoutTasks.has(thing.api)) return null;
  const { one } = names;
  const value = field.type === 'checkbox' ? 'true' : literal(part, field);
  const list = part.pick('tasks', 'followUps', 'newTasks', 'toInsert');
  const isBoth = part.random.chance(0.4);
  const got = `Trigger.oldMap.get(${one}.Id)`;
  const old = part.pick('oldRecord', `old${thing.className}`, 'previous');
  const subject = free(
    `'${part.pick('Check', 'Prepare', 'Send', 'Plan')} ${part.pick('contract', 'visit', 'invoice', unknownWord(part.random))}'`,
  );
  const add = `${list}.add(new Task(Subject = ${subject}, WhatId = ${one}.Id${part.random.chance(0.4) ? `, OwnerId = ${one}.OwnerId` : ''}));`;
  const said = part.comment(
    part.pick(
      `${field.label} has just become ${value}`,
      `only when the ${field.label} has changed to ${value}`,
    ),
  );
  const test = isBoth
    ? `${one}.${field.api} == ${value} && (${free('Trigger.isInsert || ')}${got}.${field.api} != ${value})`
    : `${one}.${field.api} == ${value} && ${old}.${field.api} != ${value}`;
  return (
    apex`
    ${head(part, isBoth ? 'after insert, after update' : 'after update')} {
        List<Task> ${seen(list)} = new List<Task>();
        ${loop(thing.api, one, 'Trigger.new', isBoth ? '' : `${thing.api} ${seen(old)} = ${got};`, said, when(test, add))}
        insert ${list};
    }
  ` + '\n'
  );
}

/** A trigger that collects parents of all its records and counts their children anew. */
export function countingTrigger(part: Part): string | null {
  const { thing, names } = part;
  const rel = relation(part);
  if (rel === null) return null;
  const up = rel.up.thing.api;
  const parents = rel.up.names.many;
  const to = customName(`${thing.label} count`);
  const each = (list: string): string =>
    loop(thing.api, names.one, list, `${rel.ids}.add(${names.one}.${rel.asked});`);
  const collecting = part.pick(
    `${free('')}${either('Trigger.isDelete', each('Trigger.old'), each('Trigger.new'))}`,
    each('Trigger.isDelete ? Trigger.old : Trigger.new'),
    lines(
      `${free('')}${when('Trigger.new != null', each('Trigger.new'))}`,
      when('Trigger.old != null', each('Trigger.old')),
    ),
  );
  return (
    apex`
    ${head(part, 'after insert, after update, after delete, after undelete')} {
        Set<Id> ${seen(rel.ids)} = new Set<Id>();
        ${collecting}
        ${free('')}${rel.ids}.remove(null);

        List<${up}> ${seen(parents)} = [SELECT Id, (SELECT Id FROM ${seen(rel.children)}) FROM ${up} WHERE Id IN :${rel.ids}];
        ${loop(up, rel.one, parents, `${rel.one}.${free(to)} = ${rel.one}.${rel.children}.size();`)}
        update ${parents};
    }
  ` + '\n'
  );
}

/** The records that a handler is given, by what happens to them. */
const records = {
  insert: 'Trigger.new',
  update: 'Trigger.new, Trigger.oldMap',
  delete: 'Trigger.oldMap',
  undelete: 'Trigger.new',
} as const;

/** A trigger that switches on the operation; the handler's methods are called in a manner of the file's own. */
export function switchingTrigger(part: Part): string | null {
  const { thing } = part;
  const events = drawEvents(part, 2, 5);
  const prefix = part.pick('handle', 'on', 'process', 'run', 'do', '');
  const suffix = prefix === '' ? part.pick('Event', 'Records', pascalCase(thing.plural), 'Logic') : '';
  const handler = `${thing.className}${part.pick('Handler', 'TriggerHandler', 'Events', 'Dispatcher', 'Actions')}`;
  const name = ([time, what]: TriggerEvent): string =>
    `${prefix}${prefix === '' ? time : capitalized(time)}${capitalized(what)}${suffix}`;
  const cases = events.map((event, index) => {
    const call = `${handler}.${name(event)}`;
    return `when ${event.join('_').toUpperCase()} {\n    ${index === 0 ? free(call) : call}(${records[event[1]]});\n}`;
  });
  return (
    apex`
    ${about(part, `hands ${thing.plural} to ${handler}`)}
    ${head(part, events.map((event) => event.join(' ')).join(', '))} {
        switch on Trigger.operationType {
            ${cases}
        }
    }
  ` + '\n'
  );
}
