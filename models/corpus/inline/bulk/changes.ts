/** What has just happened to a record of a trigger, and what is done then. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { free, seen, when } from '../apex.js';
import type { Part } from '../part.js';
import { addedInLines, literal } from './base.js';

/** A variable for a record's old version. */
export function oldName(part: Part): string {
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

/** The value or the bound that a field has just reached. */
export function drawChange(part: Part, one: string, old: string): Change | null {
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

/** What a task for the record says, as arguments of its constructor. */
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

/** What stands before a loop over records, what is done in it with one to which something happened, and what stands after it. */
interface Action {
  readonly before: string;
  readonly act: string;
  readonly after: string;
}

/** Objects that no task is related to by its WhatId. */
export const withoutTasks: ReadonlySet<string> = new Set(['Task', 'Event', 'Lead', 'Contact', 'User']);

/** A task, a job for the ids, an error, a stamp, or a call of a service. */
export function drawAction(part: Part, one: string): Action {
  const { thing } = part;
  const form = part.pick('task', 'collect', 'date', 'ids', 'error');
  if (form === 'task' && !withoutTasks.has(thing.api)) {
    const list = part.pick('tasks', 'toDoList', 'followUps', 'newTasks', 'reminders');
    const values = taskValues(part, one);
    const making = part.pick(
      `${list}.add(new Task(${values.join(', ')}));`,
      `${free('')}${addedInLines(list, 'Task', values)}`,
    );
    return {
      before: `List<Task> ${seen(list)} = new List<Task>();`,
      act: making,
      after: part.pick(`insert ${list};`, `${free('')}${when(`!${list}.isEmpty()`, `insert ${list};`)}`),
    };
  }
  if (form === 'ids') {
    const ids = part.pick(
      'changedIds',
      'affectedIds',
      'idsToProcess',
      `${thing.className[0]!.toLowerCase()}${thing.className.slice(1)}IdsToSync`,
    );
    const job = `${thing.className}${part.pick('SyncJob', 'Queueable', 'UpdateJob')}`;
    return {
      before: `Set<Id> ${seen(ids)} = new Set<Id>();`,
      act: `${ids}.add(${one}.Id);`,
      after: `${free('')}${when(`!${ids}.isEmpty()`, `System.enqueueJob(new ${free(job)}(${ids}));`)}`,
    };
  }
  if (form === 'error') {
    const message = free(`'This ${thing.label} cannot be changed any more.'`);
    return { before: '', act: `${one}.addError(${message});`, after: '' };
  }
  const stamp = part.settable(1, ['date', 'datetime'])[0];
  if (form === 'date' && stamp !== undefined) {
    const now = stamp.type === 'date' ? 'Date.today()' : 'System.now()';
    return { before: '', act: `${one}.${free(stamp.api)} = ${now};`, after: '' };
  }
  const list = part.pick(
    'changed',
    'toProcess',
    `changed${pascalCase(thing.plural)}`,
    'relevant',
    'selected',
  );
  return {
    before: `List<${thing.api}> ${seen(list)} = new List<${thing.api}>();`,
    act: `${list}.add(${one});`,
    after: `${free(`${thing.className}Service.${part.pick('notify', 'process', 'handle', 'sync')}`)}(${list});`,
  };
}
