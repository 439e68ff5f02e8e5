/** Methods of selectors and controllers: they query. */
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { apexType, selectList, signature, variableOf, type Member, type Part } from './part.js';

/** Several methods that select the same fields by something else each. */
export const selector: Member = (part) => {
  const { thing, style } = part;
  const chosen = part.fields(part.random.integer(2, 5));
  if (chosen.length < 2) return null;
  const list = selectList(chosen, thing.nameField);
  const methods = [byIds(part, list), byId(part, list)];
  for (const field of part.fields(2, ['picklist', 'text', 'checkbox', 'date'])) {
    const value = variableOf(field, part);
    const order = part.pick('', ` ORDER BY ${thing.nameField}`, ' LIMIT 200');
    methods.push(apex`
      ${part.doc(`returns ${thing.plural} by ${field.label}`, [value], thing.plural)}
      ${signature(`${style.access} static`, `List<${thing.api}>`, `getBy${pascalCase(field.api)}`)}(${apexType(field)} ${value}) {
          return [SELECT ${list} FROM ${thing.api} WHERE ${field.api} = :${value}${free(order)}];
      }
    `);
  }
  for (const type of ['date', 'datetime'] as const) {
    const field = part.field([type]);
    if (field === null) continue;
    methods.push(apex`
      ${part.doc(`returns ${thing.plural} between two dates`, ['startDate', 'endDate'])}
      ${signature(`${style.access} static`, `List<${thing.api}>`, `getBetween`)}(Date startDate, Date endDate) {
          ${part.pick(part.comment('Both ends are included'), '')}
          return [SELECT ${list} FROM ${thing.api} WHERE ${seen(field.api)} >= :startDate AND ${field.api} <= :endDate];
      }
    `);
    break;
  }
  return part.random.shuffled(methods).slice(0, part.random.integer(2, 4)).join('\n\n');
};

function byIds(part: Part, list: string): string {
  const { thing, names, style } = part;
  return apex`
    ${part.doc(`queries ${thing.plural} by their ids`, [names.ids], `the ${thing.plural}`)}
    ${signature(`${style.access} static`, `List<${thing.api}>`, part.pick('getByIds', `get${pascalCase(thing.plural)}ByIds`, 'selectByIds'))}(Set<Id> ${names.newIds}) {
        return [SELECT ${list} FROM ${thing.api} WHERE Id IN :${names.ids}];
    }
  `;
}

function byId(part: Part, list: string): string {
  const { thing, style } = part;
  const id = part.pick('recordId', `${thing.className[0]!.toLowerCase()}${thing.className.slice(1)}Id`);
  return apex`
    ${part.doc(`queries one ${thing.label} by its id`, [id], `the ${thing.label}`)}
    ${signature(`${style.access} static`, thing.api, part.pick('getById', `get${thing.className}ById`, 'selectById'))}(Id ${seen(id)}) {
        return [SELECT ${list} FROM ${thing.api} WHERE Id = :${id} LIMIT 1];
    }
  `;
}

/** What a Lightning component calls. */
export const controllerMethod: Member = (part) => {
  const { thing, style } = part;
  const field = part.field(['picklist', 'text']);
  if (field === null) return null;
  const value = variableOf(field, part);
  const list = selectList(part.fields(3), thing.nameField);
  const rethrown = `throw new AuraHandledException(${style.error}.getMessage());`;
  const query = `return [SELECT ${list} FROM ${thing.api} WHERE ${field.api} = :${value}];`;
  return apex`
    ${part.doc(`returns the ${thing.plural} with a ${field.label}`, [value])}
    @AuraEnabled${free('')}(cacheable=true)
    ${signature('public static', `List<${thing.api}>`, `get${pascalCase(thing.plural)}By${pascalCase(field.api)}`)}(${apexType(field)} ${value}) {
        try {
            ${query}
        ${part.caught('Exception', ...part.pick([rethrown], [free('') + part.log(`${style.error}.getMessage()`, 'error'), rethrown]))}
    }
  `;
};

/** Saves what a component hands over. */
export const controllerSave: Member = (part) => {
  const { thing, names, style } = part;
  const verb = part.pick('save', 'update', 'delete', 'create') as string;
  const operation = { save: 'upsert', update: 'update', delete: 'delete', create: 'insert' }[verb]!;
  const isMany = part.random.chance(0.4);
  const variable = isMany ? names.many : names.one;
  const type = isMany ? `List<${thing.api}>` : thing.api;
  const returned = verb === 'delete' ? 'void' : type;
  return apex`
    ${part.doc(`${verb}s ${isMany ? thing.plural : `the ${thing.label}`}`, [variable])}
    @AuraEnabled
    ${signature('public static', returned, `${verb}${isMany ? pascalCase(thing.plural) : thing.className}`)}(${type} ${seen(variable)}) {
        try {
            ${operation} ${variable};
            ${returned === 'void' ? '' : `return ${variable};`}
        ${part.caught('DmlException', `throw new AuraHandledException(${style.error}.getDmlMessage(0));`)}
    }
  `;
};

/** A map of records by what a field of theirs says. */
export const mapBy: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['text', 'picklist', 'email']);
  if (field === null) return null;
  const isGrouped = field.type === 'picklist';
  const map = `${thing.many}By${pascalCase(field.api)}`;
  const type = `Map<String, ${isGrouped ? `List<${thing.api}>` : thing.api}>`;
  const filling = isGrouped
    ? apex`
        if (!${map}.containsKey(${names.one}.${field.api})) {
            ${map}.put(${names.one}.${field.api}, new List<${thing.api}>());
        }
        ${map}.get(${names.one}.${field.api}).add(${names.one});
      `
    : `${map}.put(${names.one}.${field.api}, ${names.one});`;
  return apex`
    ${part.doc(`${isGrouped ? 'groups' : 'indexes'} ${thing.plural} by ${field.label}`, [names.many])}
    ${signature(`${style.access} static`, type, `${isGrouped ? 'group' : 'map'}By${pascalCase(field.api)}`)}(List<${thing.api}> ${names.newMany}) {
        ${type} ${seen(map)} = new ${type}();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${filling}
        }
        return ${map};
    }
  `;
};
