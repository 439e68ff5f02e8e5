/** Queries put together of conditions that are given, and queries that bind constants. */
import { pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member } from '../part.js';
import { areDistinct, declared, opened, textConstant, told, type Constant } from './words.js';

type LimitForm = 'appended' | 'assigned' | 'converted';

/** The statement that adds a limit to the query's text. */
function limited(form: LimitForm, soql: string, most: string): string {
  switch (form) {
    case 'appended':
      return `${soql} += ' LIMIT ' + ${most};`;
    case 'assigned':
      return `${soql} = ${soql} + ' LIMIT ' + ${most};`;
    case 'converted':
      return `${soql} += ' LIMIT ' + String.valueOf(${most});`;
  }
}

/** A query put together of the conditions that are given. */
export const conditionList: Member = (part) => {
  const { thing, names } = part;
  const fields = part.fields(part.random.integer(2, 4), [
    'text',
    'picklist',
    'currency',
    'date',
    'reference',
  ]);
  if (fields.length < 2) return null;
  const list = part.pick('conditions', 'clauses', 'filters', 'whereParts', 'criteria');
  const soql = part.pick('soql', 'query', 'soql', 'queryString');
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'LIMIT_ROWS', 'PAGE_SIZE', 'MAX_RESULTS');
  const parameters = fields.map((field) => ({ field, name: variableOf(field, part), type: apexType(field) }));
  if (!areDistinct(parameters.map(({ name }) => name))) return null;
  const conditions = parameters.map(({ field, name, type }) => {
    const test = type === 'String' ? `String.isNotBlank(${name})` : `${name} != null`;
    const sign = type === 'Decimal' || type === 'Date' ? free(part.pick('>=', '<=', '>')) : '=';
    return when(test, `${list}.add('${field.api} ${sign} :${name}');`);
  });
  const hasLimit = part.random.chance(0.7);
  const order = part.random.chance(0.4) ? ` ORDER BY ${part.pick(thing.nameField, 'CreatedDate DESC')}` : '';
  const limitForm = part.pick<LimitForm>('appended', 'assigned', 'converted');
  const start = `SELECT Id, ${thing.nameField} FROM ${thing.api}`;
  const found = `Database.query(${soql})`;
  return apex`
    ${hasLimit ? `${declared(part, [[most, 'Integer', part.pick('50', '100', '200', '2000')]])}\n` : ''}
    ${told(part, part.pick(`${thing.plural} that meet every condition that is given`, `finds ${thing.plural} by what is not blank`))}
    ${opened(part, `List<${thing.api}>`, part.pick('search', 'find', `find${thing.className}`, 'query', 'lookup'))}(${parameters.map(({ name, type }) => `${type} ${seen(name)}`).join(', ')}) {
        List<String> ${seen(list)} = new List<String>();
        ${conditions}
        String ${seen(soql)} = ${free(`'${start}'`)};
        ${when(`!${list}.isEmpty()`, `${soql} += ' WHERE ' + String.join(${list}, ' AND ');`)}
        ${order === '' ? '' : `${soql} += ${free(`'${order}'`)};`}
        ${hasLimit ? `${free('')}${limited(limitForm, soql, most)}` : ''}
        ${part.random.chance(0.7) ? `return ${found};` : `List<${thing.api}> ${names.newMany} = ${found};\nreturn ${names.many};`}
    }
  `;
};

/** Queries that bind constants: a status, a limit. */
export const boundConstants: Member = (part) => {
  const { thing } = part;
  const field = part.field(['picklist']);
  if (field === null || field.values.length < 2) return null;
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'PAGE_SIZE', 'MAX_RECORDS', 'TOP_COUNT');
  const values = part.random.sample(field.values, part.random.integer(1, 2));
  const nameOf = (value: string): string =>
    part.style.hasThis ? `${constantName(field.label)}_${constantName(value)}` : constantName(value);
  const mayBeLimited = part.random.chance(0.7);
  const isCount = part.random.chance(0.25);
  const isLimited = mayBeLimited && !isCount;
  const selected = isCount ? 'COUNT()' : `Id, ${seen(thing.nameField)}`;
  const methods = values.map((value) => {
    const isNegated = part.random.chance(0.2);
    const where = `WHERE ${field.api} ${isNegated ? '!=' : '='} :${nameOf(value)}`;
    const condition = `whose ${field.label} is ${isNegated ? 'not ' : ''}${nameOf(value)}`;
    const english = isCount
      ? `how many ${thing.plural} there are ${condition}`
      : `${isLimited ? `up to ${most} ` : ''}${thing.plural} ${condition}`;
    const verb = isCount ? 'count' : part.pick('get', 'find', 'select');
    return apex`
      ${told(part, english)}
      ${opened(part, isCount ? 'Integer' : `List<${thing.api}>`, `${verb}${isNegated ? 'Not' : ''}${pascalCase(constantName(value).toLowerCase())}`)}() {
          return [SELECT ${selected} FROM ${thing.api} ${where}${isLimited ? ` LIMIT :${most}` : ''}];
      }
    `;
  });
  const constants: Constant[] = values.map((value) => textConstant(nameOf(value), value.replace(/'/g, '')));
  if (isLimited) constants.push([most, 'Integer', part.pick('10', '50', '100', '200')]);
  return [declared(part, constants), ...methods].join('\n\n');
};
