/** Methods that stand in many code bases in nearly the same words. */
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { selectList, signature, variableOf, type Member } from './part.js';

/** A mail to one address. */
export const mailing: Member = (part) => {
  const { thing, names, style } = part;
  const mail = part.pick('mail', 'email', 'message', 'msg');
  const field = part.field(['text', 'picklist']);
  if (field === null) return null;
  const lines = [
    `${mail}.setToAddresses(new List<String>{ address });`,
    `${mail}.setSubject(${free(`'${part.pick('Update', 'News', 'Reminder')}: '`)} + ${names.one}.${thing.nameField});`,
    `${mail}.setPlainTextBody(${free(`'${field.label}: '`)} + ${names.one}.${seen(field.api)});`,
    `${mail}.setSaveAsActivity(false);`,
  ].slice(0, part.pick(3, 4));
  return apex`
    ${part.doc(`sends a mail about the ${thing.label}`, [names.one, 'address'])}
    ${signature(`${style.access} static`, 'void', part.pick('sendEmail', 'sendMail', 'notifyByEmail'))}(${thing.api} ${names.newOne}, String address) {
        Messaging.SingleEmailMessage ${seen(mail)} = new Messaging.SingleEmailMessage();
        ${lines}
        Messaging.sendEmail(new List<Messaging.SingleEmailMessage>{ ${mail} });
    }
  `;
};

/** Counts per value, by an aggregate query. */
export const aggregating: Member = (part) => {
  const { thing, style } = part;
  const field = part.field(['picklist']);
  if (field === null) return null;
  const map = part.pick(`countBy${pascalCase(field.label)}`, 'counts', style.result);
  const alias = part.pick('total', 'cnt', 'recordCount');
  const row = part.pick('ar', 'row', 'aggregate', 'result') as string;
  if (row === map) return null;
  return apex`
    ${part.doc(`counts ${thing.plural} by ${field.label}`)}
    ${signature(`${style.access} static`, 'Map<String, Integer>', `countBy${pascalCase(field.api)}`)}() {
        Map<String, Integer> ${seen(map)} = new Map<String, Integer>();
        for (AggregateResult ${seen(row)} : [SELECT ${field.api}, COUNT(Id) ${seen(alias)} FROM ${thing.api} GROUP BY ${field.api}]) {
            ${map}.put((String) ${row}.get('${field.api}'), (Integer) ${row}.get('${alias}'));
        }
        return ${map};
    }
  `;
};

/** A query put together from text. */
export const dynamicQuery: Member = (part) => {
  const { thing, style } = part;
  const query = part.pick('query', 'soql', 'queryString');
  const term = part.pick('term', 'searchTerm', 'keyword', 'searchKey');
  const key = part.pick('pattern', 'searchPattern', 'key');
  const list = ['Id', thing.nameField].join(', ');
  const isBound = part.random.chance(0.6);
  return isBound
    ? apex`
        ${part.doc(`finds ${thing.plural} by their name`, [term])}
        ${signature(`${style.access} static`, `List<${thing.api}>`, part.pick('search', `find${pascalCase(thing.plural)}`))}(String ${seen(term)}) {
            String ${seen(key)} = '%' + String.escapeSingleQuotes(${term}) + '%';
            return [SELECT ${list} FROM ${thing.api} WHERE ${thing.nameField} LIKE :${key} LIMIT ${free(part.pick('10', '20', '50'))}];
        }
      `
    : apex`
        ${part.doc(`finds ${thing.plural} by their name`, [term])}
        ${signature(`${style.access} static`, `List<${thing.api}>`, 'search')}(String ${seen(term)}) {
            String ${seen(query)} = 'SELECT ${list} FROM ${thing.api}';
            if (String.isNotBlank(${term})) {
                ${query} += ' WHERE ${thing.nameField} LIKE \\'%' + String.escapeSingleQuotes(${term}) + '%\\'';
            }
            ${query} += ' ${free(part.pick('LIMIT 50', `ORDER BY ${thing.nameField}`))}';
            return Database.query(${query});
        }
      `;
};

/** Parents with their children. */
export const children: Member = (part) => {
  const { thing, names, style } = part;
  const lookup = thing.fields.find((field) => field.type === 'reference' && field.target !== null);
  if (lookup === undefined) return null;
  const parent = variableOf(lookup).replace(/Id$/, '');
  const map = `${thing.many}By${pascalCase(parent)}`;
  const access = `${names.one}.${lookup.api}`;
  return apex`
    ${part.doc(`groups ${thing.plural} by their ${lookup.label}`, [`${parent}Ids`])}
    ${signature(`${style.access} static`, `Map<Id, List<${thing.api}>>`, `get${pascalCase(map)}`)}(Set<Id> ${parent}Ids) {
        Map<Id, List<${thing.api}>> ${seen(map)} = new Map<Id, List<${thing.api}>>();
        for (${thing.api} ${names.newOne} : [SELECT Id, ${lookup.api} FROM ${thing.api} WHERE ${lookup.api} IN :${parent}Ids]) {
            if (!${map}.containsKey(${access})) {
                ${map}.put(${access}, new List<${thing.api}>());
            }
            ${map}.get(${access}).add(${names.one});
        }
        return ${map};
    }
  `;
};

/** What a platform event or a REST call asks for. */
export const restGet: Member = (part) => {
  const { thing, names, style } = part;
  const id = part.pick('recordId', 'id', `${names.one}Id`);
  const list = selectList(part.fields(2), thing.nameField);
  return apex`
    @HttpGet
    ${free(`global static ${thing.api} ${part.pick('doGet', 'getRecord', `get${thing.className}`)}()`)} {
        RestRequest ${seen('request')} = RestContext.request;
        String ${seen(id)} = request.requestURI.substringAfterLast('/');
        return [SELECT ${list} FROM ${thing.api} WHERE Id = :${id}${style.access === 'global' ? ' LIMIT 1' : ''}];
    }

    @HttpDelete
    ${free(`global static void doDelete()`)} {
        RestRequest request = RestContext.request;
        String ${id} = request.requestURI.substringAfterLast('/');
        ${thing.api} ${names.newOne} = [SELECT Id FROM ${thing.api} WHERE Id = :${id}];
        delete ${names.one};
    }
  `;
};

/** JSON there and back. */
export const json: Member = (part) => {
  const { thing, names, style } = part;
  const text = part.pick('json', 'body', 'payload', 'text');
  const isMany = part.random.chance(0.4);
  const [type, name] = isMany ? [`List<${thing.api}>`, names.many] : [thing.api, names.one];
  return apex`
    ${part.doc(`writes the ${isMany ? thing.plural : thing.label} as JSON`, [name])}
    ${free(`${style.access} static String toJson`)}(${type} ${seen(name)}) {
        return JSON.serialize(${name});
    }

    ${part.doc(`reads the ${isMany ? thing.plural : thing.label} from JSON`, [text])}
    ${free(`${style.access} static ${type} fromJson`)}(String ${seen(text)}) {
        return (${type}) JSON.deserialize(${text}, ${type}.class);
    }
  `;
};

/** May the user do that? */
export const permission: Member = (part) => {
  const { thing, style } = part;
  const all = [
    ['canRead', 'isAccessible', 'read'],
    ['canCreate', 'isCreateable', 'create'],
    ['canUpdate', 'isUpdateable', 'update'],
    ['canDelete', 'isDeletable', 'delete'],
  ] as const;
  const isNoisy = part.random.chance(0.4);
  return all
    .slice(0, part.random.integer(2, 4))
    .map(
      ([name, test, verb]) => apex`
        ${part.doc(`may the user ${verb} ${thing.plural}?`)}
        ${free(`${style.access} static ${isNoisy ? 'void' : 'Boolean'} ${isNoisy ? name.replace('can', 'check') : name}()`)} {
            ${isNoisy ? `if (!Schema.sObjectType.${thing.api}.${test}()) {\n    throw new ${free('SecurityException')}('You may not ${verb} ${thing.plural}.');\n}` : `return Schema.sObjectType.${thing.api}.${test}();`}
        }
      `,
    )
    .join('\n\n');
};

/** A page of records. */
export const paging: Member = (part) => {
  const { thing, names, style } = part;
  const [size, page] = part.pick(
    ['pageSize', 'pageNumber'],
    ['size', 'page'],
    ['limitSize', 'pageIndex'],
  ) as [string, string];
  const offset = part.pick('offset', 'skip', 'recordOffset');
  return apex`
    ${part.doc(`a page of ${thing.plural}`, [page, size])}
    ${signature(`${style.access} static`, `List<${thing.api}>`, part.pick('getPage', `getPaged${pascalCase(thing.plural)}`))}(Integer ${seen(page)}, Integer ${seen(size)}) {
        Integer ${seen(offset)} = (${page} - 1) * ${size};
        List<${thing.api}> ${names.newMany} = [SELECT Id, ${thing.nameField} FROM ${thing.api} ORDER BY ${thing.nameField} LIMIT :${size} OFFSET :${offset}];
        return ${names.many};
    }
  `;
};

/** What a map of old and new says about a lookup by id. */
export const byIdMap: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['picklist', 'currency', 'checkbox', 'date'])[0];
  if (field === undefined) return null;
  const value = variableOf(field, part);
  return apex`
    ${part.doc(`the ${field.label} of each ${thing.label}`, [names.ids])}
    ${signature(`${style.access} static`, 'void', `print${pascalCase(field.label)}`)}(Set<Id> ${names.newIds}) {
        ${part.step(`map the ${thing.plural} by id`, `Map<Id, ${thing.api}> ${names.newMap} = new Map<Id, ${thing.api}>([SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE Id IN :${names.ids}]);`)}
        for (Id ${seen('recordId')} : ${names.map}.keySet()) {
            ${thing.api} ${names.newOne} = ${names.map}.get(recordId);
            ${free('')}${part.log(`'${value}: ' + ${names.one}.${field.api}`)}
        }
    }
  `;
};

/** A new record of all that is given, inserted and returned. */
export const creating: Member = (part) => {
  const { thing, names, style } = part;
  const fields = part.settable(part.random.integer(2, 4));
  if (fields.length < 2) return null;
  const parameters = fields.map((field) => variableOf(field, part));
  if (parameters.includes(names.one)) return null;
  const types = {
    checkbox: 'Boolean',
    currency: 'Decimal',
    integer: 'Integer',
    date: 'Date',
    datetime: 'Datetime',
    reference: 'Id',
  } as Record<string, string>;
  const list = fields
    .map((field, index) => `${types[field.type] ?? 'String'} ${parameters[index]!}`)
    .join(', ');
  const isOne = part.random.chance(0.5);
  const making = isOne
    ? `${thing.api} ${names.newOne} = new ${thing.api}(${fields.map((field, index) => `${field.api} = ${parameters[index]!}`).join(', ')});`
    : [
        `${thing.api} ${names.newOne} = new ${thing.api}();`,
        ...fields.map((field, index) => `${names.one}.${field.api} = ${parameters[index]!};`),
      ];
  return apex`
    ${part.doc(`creates a ${thing.label}`, parameters)}
    ${signature(`${style.access} static`, thing.api, part.pick(`create${thing.className}`, 'create', `new${thing.className}`))}(${free(list)}) {
        ${making}
        insert ${names.one};
        return ${names.one};
    }
  `;
};
