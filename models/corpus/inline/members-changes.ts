/** Methods of services: they check, loop and write. */
import type { Field } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { apexType, selectList, signature, variableOf, type Member, type Part } from './part.js';

function valueOf(part: Part, field: Field): string {
  switch (field.type) {
    case 'picklist':
      return `'${field.values.length > 0 ? part.pick(...field.values) : 'Open'}'`;
    case 'checkbox':
      return part.pick('true', 'false');
    case 'currency':
    case 'integer':
      return String(part.pick(0, 1, 10, 100, 1000));
    case 'date':
      return 'Date.today()';
    case 'datetime':
      return 'System.now()';
    default:
      return 'null';
  }
}

/** The check at the start of a method that takes a list. */
export function emptyGuard(part: Part, variable: string, answer = ''): string {
  const returned = answer === '' ? 'return;' : `return ${answer};`;
  const test = part.random.weighted([
    [6, `${variable}.isEmpty()`],
    [2, `${variable}${free('')} == null || ${variable}.isEmpty()`],
    [1, `${variable}${free('')} == null || ${variable}.size() == 0`],
  ]);
  return part.pick(
    '',
    part.step(
      part.pick('nothing to do', 'guard against empty input', 'exit early when there is nothing to do'),
      `if (${test}) {\n    ${returned}\n}`,
    ),
  );
}

/** Sets fields of records and writes them. */
export const updating: Member = (part) => {
  const { thing, names, style } = part;
  const fields = part.settable(part.random.integer(1, 4), [
    'picklist',
    'checkbox',
    'date',
    'datetime',
    'currency',
  ]);
  if (fields.length === 0) return null;
  const settings = fields.map((field) => ({ field, value: valueOf(part, field) }));
  const said = settings.map(({ field, value }) => `${field.label} to ${value}`).join(' and ');
  const isTried = part.random.chance(0.4);
  const change = `update ${names.many};`;
  const write = isTried
    ? apex`
        ${free('')}try {
            ${change}
        ${part.caught('DmlException', part.log(`${free(`'Update failed: '`)} + ${style.error}.getMessage()`, 'error'))}
      `
    : change;
  return apex`
    ${part.doc(`sets the ${said}`, [names.ids])}
    ${signature(`${style.access} static`, 'void', part.pick(`update${pascalCase(thing.plural)}`, `process${pascalCase(thing.plural)}`, `mark${pascalCase(thing.plural)}`))}(Set<Id> ${names.newIds}) {
        ${emptyGuard(part, names.ids)}
        ${part.step(`query the ${thing.plural}`, `List<${thing.api}> ${names.newMany} = [SELECT Id, ${fields.map((field) => seen(field.api)).join(', ')} FROM ${thing.api} WHERE Id IN :${names.ids}];`)}
        ${part.comment(`set the ${said}`)}
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${settings.map(({ field, value }) => `${names.one}.${field.api} = ${value};`)}
        }
        ${part.pick('', part.comment(part.pick('save the changes', 'commit the changes')))}
        ${write}
    }
  `;
};

/** Collects those that changed against the old map, as triggers' handlers do. */
export const changedOnes: Member = (part) => {
  const { thing, names } = part;
  const field = part.field(['picklist', 'currency', 'date', 'checkbox']);
  if (field === null) return null;
  const old = part.pick('oldMap', 'oldMap', 'oldRecords');
  const before = part.pick(`old${thing.className}`, 'oldRecord', 'old');
  const changed = part.pick(`changed${pascalCase(thing.plural)}`, 'changed', 'toProcess');
  return apex`
    ${part.doc(`${thing.plural} whose ${field.label} changed`, [names.many, old])}
    ${signature('private', `List<${thing.api}>`, `filterBy${pascalCase(field.label)}Change`)}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(old)}) {
        List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${thing.api} ${seen(before)} = ${old}.get(${names.one}.Id);
            if (${names.one}.${field.api} != ${before}.${field.api}) {
                ${changed}.add(${names.one});
            }
        }
        return ${changed};
    }
  `;
};

/** Writes with partial success and logs what failed. */
export const partialSuccess: Member = (part) => {
  const { thing, names, style } = part;
  const [operation, type] = part.pick(
    ['insert', 'SaveResult'],
    ['update', 'SaveResult'],
    ['delete', 'DeleteResult'],
    ['upsert', 'UpsertResult'],
  ) as [string, string];
  const results = part.pick('results', 'saveResults', 'outcomes');
  const one = part.pick('result', 'sr', 'outcome');
  const error = style.error === 'e' ? 'error' : style.error;
  return apex`
    ${part.doc(`${operation}s ${thing.plural} and logs what fails`, [names.many])}
    ${signature(`${style.access} static`, 'void', `${operation}${pascalCase(thing.plural)}`)}(List<${thing.api}> ${names.newMany}) {
        ${emptyGuard(part, names.many)}
        List<Database.${type}> ${seen(results)} = Database.${operation}(${names.many}, false);
        for (Database.${type} ${seen(one)} : ${results}) {
            if (!${one}.isSuccess()) {
                for (Database.Error ${seen(error)} : ${one}.getErrors()) {
                    ${part.log(part.pick(`${error}.getMessage()`, `${error}.getMessage()`, `${error}.${free('getStatusCode')}() + ': ' + ${error}.getMessage()`), 'error')}
                }
            }
        }
    }
  `;
};

/** Validation that adds errors. */
export const validating: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3), [
    'text',
    'email',
    'phone',
    'picklist',
    'date',
    'currency',
  ]);
  if (fields.length === 0) return null;
  const isField = part.random.chance(0.5);
  const checks = fields.map((field) => {
    const test =
      apexType(field) === 'String' && part.random.chance(0.6)
        ? `String.isBlank(${names.one}.${field.api})`
        : `${names.one}.${field.api} == null`;
    return apex`
      ${part.comment(`the ${field.label} is required`)}
      if (${test}) {
          ${names.one}.${isField ? `${field.api}.` : ''}addError(${free(`'Please enter the ${field.label}.'`)});
      }
    `;
  });
  return apex`
    ${signature('public', 'void', part.pick('validate', `validate${pascalCase(thing.plural)}`))}(List<${thing.api}> ${names.newMany}) {
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${checks}
        }
    }
  `;
};

/** Makes related records for each of a list. */
export const related: Member = (part) => {
  const { thing, names, style } = part;
  if (thing.api === 'Task') return null; // names would meet
  const tasks = part.pick('tasks', 'tasksToInsert', 'newTasks', 'followUps');
  const subject = part.pick('Follow up', 'Call back', 'Review', 'Send documents');
  const status = part.pick('Not Started', 'In Progress');
  const priority = part.pick('High', 'Normal', 'Low');
  const days = part.random.integer(1, 14);
  const isOnOne = part.random.chance(0.4);
  const values = [
    `Subject = ${free(`'${subject}'`)}`,
    `Status = ${free(`'${status}'`)}`,
    `Priority = ${free(`'${priority}'`)}`,
    `ActivityDate = Date.today().addDays(${free(String(days))})`,
    `WhatId = ${names.one}.Id`,
    `OwnerId = ${names.one}.OwnerId`,
  ].slice(0, part.random.integer(3, 6));
  if (!values.some((value) => value.startsWith('WhatId'))) values.push(`WhatId = ${names.one}.Id`);
  const variable = part.pick('task', 't', 'followUp');
  const making = isOnOne
    ? `${tasks}.add(new Task(${values.join(', ')}));`
    : [
        `Task ${seen(variable)} = new Task();`,
        ...values.map((value) => `${variable}.${value};`),
        `${tasks}.add(${variable});`,
      ];
  return apex`
    ${part.doc(`creates a task '${subject}' for each ${thing.label}`, [names.many])}
    ${signature(`${style.access} static`, 'void', part.pick('createTasks', 'createFollowUpTasks', 'addTasks'))}(List<${thing.api}> ${names.newMany}) {
        List<Task> ${seen(tasks)} = new List<Task>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${making}
        }
        ${
          part.random.chance(0.5)
            ? `insert ${tasks};`
            : apex`
          ${free('')}if (!${tasks}.isEmpty()) {
              insert ${tasks};
          }
        `
        }
    }
  `;
};

/** A savepoint, work, and its rollback. */
export const savepoint: Member = (part) => {
  const { thing, names, style } = part;
  const point = part.pick('sp', 'savepoint', 'point');
  return apex`
    ${signature(`${style.access} static`, 'void', part.pick(`save${pascalCase(thing.plural)}`, 'saveAll', 'commitWork'))}(List<${thing.api}> ${names.newMany}) {
        Savepoint ${seen(point)} = Database.setSavepoint();
        try {
            ${free(part.pick('insert', 'update', 'upsert'))} ${names.many};
        ${part.caught('DmlException', `Database.rollback(${point});`, part.pick(`throw ${style.error};`, part.log(`${style.error}.getMessage()`, 'error')))}
    }
  `;
};

/** Ids of what a list refers to, and the records behind them. */
export const parents: Member = (part) => {
  const { thing, names, style } = part;
  const lookup = thing.fields.find((field) => field.type === 'reference' && field.target !== null);
  if (lookup === undefined) return null;
  const target = lookup.target!;
  const base = variableOf(lookup).replace(/Id$/, '');
  const ids = part.pick(`${base}Ids`, 'parentIds', `${base}IdSet`);
  const map = part.pick(`${base}sById`, 'parentMap', `${base}Map`);
  const name = part.pick(base, 'parent');
  return apex`
    ${part.doc(`looks up the ${lookup.label} of each ${thing.label}`, [names.many])}
    ${signature(`${style.access} static`, `Map<Id, ${target}>`, 'getParents')}(List<${thing.api}> ${names.newMany}) {
        Set<Id> ${seen(ids)} = new Set<Id>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${
              part.random.chance(0.5)
                ? `${ids}.add(${names.one}.${seen(lookup.api)});`
                : apex`
              ${free('')}if (${names.one}.${seen(lookup.api)} != null) {
                  ${ids}.add(${names.one}.${lookup.api});
              }
            `
            }
        }
        ${part.comment(`query the ${name} records`)}
        Map<Id, ${target}> ${seen(map)} = new Map<Id, ${target}>([SELECT ${selectList([], 'Name')} FROM ${target} WHERE Id IN :${ids}]);
        return ${map};
    }
  `;
};
