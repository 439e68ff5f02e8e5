/** Queries that are put together as text: conditions, orders, limits, terms that are looked for. */
import { cannotShareScope } from '../names.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import type { Field } from '../../../nouns.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import { apex, free, seen, when } from '../../apex.js';
import { apexType, variableOf, type Member, type Part } from '../../part.js';
import { declaredInOrder, opened, told, type Constant } from '../../scope/words.js';
import { guard, methodOf } from '../methods.js';

/** A condition that is added where its parameter is given. */
interface Condition {
  readonly type: string;
  readonly name: string;
  readonly soql: string;
  readonly said: string;
}

function conditionOf(part: Part, field: Field): Condition {
  const name = variableOf(field, part);
  const type = apexType(field);
  const big = capitalized(name);
  switch (field.type) {
    case 'date':
    case 'datetime':
      return part.random.chance(0.5)
        ? {
            type,
            name: `${name}From`,
            soql: `${field.api} >= :${name}From`,
            said: `${field.label} from that day on`,
          }
        : {
            type,
            name: `${name}Until`,
            soql: `${field.api} <= :${name}Until`,
            said: `${field.label} up to that day`,
          };
    case 'currency':
    case 'integer':
      return part.random.chance(0.6)
        ? {
            type,
            name: `min${big}`,
            soql: `${field.api} >= :min${big}`,
            said: `at least that ${field.label}`,
          }
        : {
            type,
            name: `max${big}`,
            soql: `${field.api} <= :max${big}`,
            said: `at most that ${field.label}`,
          };
    case 'picklist':
      return part.random.chance(0.3)
        ? {
            type: 'Set<String>',
            name: `${name}Set`,
            soql: `${field.api} IN :${name}Set`,
            said: `one of those as its ${field.label}`,
          }
        : { type, name, soql: `${field.api} = :${name}`, said: `that ${field.label}` };
    default:
      return { type, name, soql: `${field.api} = :${name}`, said: `that ${field.label}` };
  }
}

function givenTest({ type, name }: Condition): string {
  if (type === 'String') return `String.isNotBlank(${name})`;
  return type.startsWith('Set') ? `${name} != null && !${name}.isEmpty()` : `${name} != null`;
}

/** A search by parameters; each condition only where it is given. */
export const criteriaSearch: Member = (part) => {
  const { thing } = part;
  const fields = part.fields(part.random.integer(2, 4), [
    'text',
    'picklist',
    'currency',
    'date',
    'reference',
    'integer',
  ]);
  if (fields.length < 2) return null;
  const conditions = fields.map((field) => conditionOf(part, field));
  const list = part.pick('conditions', 'clauses', 'filters', 'wheres', 'parts', 'criteria');
  const soql = part.pick('soql', 'query', 'soql', 'statement');
  if (cannotShareScope(list, soql, 'binds', ...conditions.map(({ name }) => name))) return null;
  const most = part.pick('MAX_ROWS', 'ROW_LIMIT', 'PAGE_SIZE', 'MAX_RESULTS', 'MAX_HITS');
  const hasLimit = part.random.chance(0.65);
  const isShort = part.random.chance(0.28);
  const isBound = part.random.chance(0.3);
  const added = conditions.map((one) => guard(isShort, givenTest(one), `${list}.add('${one.soql}');`));
  const withBinds = conditions.map((one) =>
    when(givenTest(one), `${list}.add('${one.soql}');`, `binds.put('${one.name}', ${one.name});`),
  );
  const found = isBound
    ? `Database.queryWithBinds(${soql}, binds, AccessLevel.USER_MODE)`
    : `Database.query(${soql})`;
  const hasHelper = part.random.chance(0.3);
  const joining = `${soql} += ' WHERE ' + String.join(${list}, ' AND ');`;
  const where = hasHelper ? `${soql} += whereOf(${list});` : guard(isShort, `!${list}.isEmpty()`, joining);
  const helper = (): string =>
    methodOf(part, {
      said: 'nothing without conditions; otherwise WHERE and all of them with AND',
      type: 'String',
      name: 'whereOf',
      given: [['List<String>', list]],
      lines: [`return ${list}.isEmpty() ? '' : ' WHERE ' + String.join(${list}, ' AND ');`],
    });
  const order = part.random.chance(0.4)
    ? part.pick(thing.nameField, 'CreatedDate', 'LastModifiedDate')
    : null;
  const orderConstant = part.pick('ORDER_FIELD', 'SORT_FIELD', 'DEFAULT_ORDER');
  const constants: Constant[] = order === null ? [] : [[orderConstant, 'String', `'${order}'`]];
  if (hasLimit) constants.push([most, 'Integer', part.pick('50', '100', '200', '500')]);
  const said = `${thing.plural} with ${conditions.map((one) => one.said).join(' and ')}; what is not given is not asked for${order === null ? '' : `; ordered by ${orderConstant}`}${hasLimit ? `; at most ${most}` : ''}`;
  return joinedMembers(
    constants.length > 0 ? declaredInOrder(part, constants) : '',
    apex`
      ${told(part, said)}
      ${opened(part, `List<${thing.api}>`, part.pick('search', 'find', 'query', `find${pascalCase(thing.plural)}`, 'filter'))}(${conditions.map(({ type, name }) => `${type} ${seen(name)}`).join(', ')}) {
          List<String> ${seen(list)} = new List<String>();
          ${isBound ? `Map<String, Object> ${seen('binds')} = new Map<String, Object>();` : ''}
          ${isBound ? withBinds : added}
          String ${seen(soql)} = ${free(`'SELECT Id, ${thing.nameField} FROM ${thing.api}'`)};
          ${where}
          ${order === null ? '' : `${soql} += ' ORDER BY ' + ${orderConstant};`}
          ${hasLimit ? `${soql} += ' LIMIT ' + ${most};` : ''}
          return ${found};
      }
    `,
    hasHelper ? helper() : '',
  );
};

/** An order that is given, taken only where a set of fields allows it. */
export const sortedSearch: Member = (part) => {
  const { thing } = part;
  const fields = part.fields(part.random.integer(2, 3), ['text', 'picklist', 'currency', 'date']);
  if (fields.length < 2) return null;
  const allowed = part.pick('SORTABLE', 'ALLOWED_FIELDS', 'SORT_FIELDS', 'SORTABLE_FIELDS', 'ORDER_FIELDS');
  const standard = part.pick('DEFAULT_SORT', 'DEFAULT_FIELD', 'STANDARD_ORDER', 'FALLBACK');
  const sort = part.pick('sortField', 'sortBy', 'orderBy', 'field');
  const down = part.pick('isDescending', 'descending', 'newestFirst');
  const [soql, order] = [part.pick('soql', 'query'), part.pick('direction', 'way')];
  const column = part.pick('column', 'checked', 'safeField');
  const form = part.pick('ternary', 'if', 'throw', 'helper');
  const isSized = part.random.chance(0.5);
  const check = `${allowed}.contains(${sort})`;
  const start = `'SELECT Id, ${thing.nameField} FROM ${thing.api} ORDER BY '`;
  const helper = (): string =>
    methodOf(part, {
      said: `the ${sort} where it is one of ${allowed}, else ${standard}`,
      type: 'String',
      name: 'checkedField',
      given: [['String', sort]],
      lines: [`return ${check} ? ${sort} : ${standard};`],
    });
  const chosen: Record<typeof form, string> = {
    ternary: `String ${seen(column)} = ${check} ? ${sort} : ${standard};`,
    if: lines(`String ${seen(column)} = ${standard};`, when(check, `${column} = ${sort};`)),
    throw: when(`!${check}`, `throw new IllegalArgumentException(${free(`'Cannot sort by '`)} + ${sort});`),
    helper: `String ${seen(column)} = checkedField(${sort});`,
  };
  const used = form === 'throw' ? sort : column;
  const refusal = form === 'throw' ? `any other ${sort} is refused` : `any other ${sort} becomes ${standard}`;
  const set = `private static final Set<String> ${seen(allowed)} = new Set<String>{ ${free([thing.nameField, ...fields.map(({ api }) => api).filter((api) => api !== thing.nameField)].map((api) => `'${api}'`).join(', '))} };`;
  const fallback = `private static final String ${seen(standard)} = ${free(`'${thing.nameField}'`)};`;
  return joinedMembers(
    lines(set, form === 'throw' ? '' : fallback),
    apex`
      ${told(part, `${thing.plural} in the order of one of ${allowed}; ${refusal}`)}
      ${opened(part, `List<${thing.api}>`, part.pick('listSorted', 'sortedBy', 'findSorted', 'getPage'))}(String ${seen(sort)}, Boolean ${seen(down)}${isSized ? `, Integer ${seen('size')}` : ''}) {
          ${chosen[form]}
          String ${seen(order)} = ${down} ? ' DESC' : ' ASC';
          String ${seen(soql)} = ${free(start)} + ${used} + ${order};
          ${isSized ? `${soql} += ' LIMIT :size';` : ''}
          return Database.query(${soql});
      }
    `,
    form === 'helper' ? helper() : '',
  );
};

/** What stands anywhere in a field, at its start, or in one of several fields. */
export const termSearch: Member = (part) => {
  const { thing } = part;
  const fields = [thing.nameField, ...part.fields(2, ['text', 'email']).map(({ api }) => api)].filter(
    (api, at, all) => all.indexOf(api) === at,
  );
  const term = part.pick('term', 'searchTerm', 'text', 'keyword', 'searchText');
  const [pattern, soql] = [
    part.pick('pattern', 'likeTerm', 'wanted', 'needle'),
    part.pick('soql', 'query', 'queryText'),
  ];
  const least = part.pick('MIN_LENGTH', 'MIN_CHARS', 'SHORTEST_TERM');
  const most = part.pick('MAX_HITS', 'MAX_ROWS', 'HIT_LIMIT', 'RESULT_SIZE');
  const isStart = part.random.chance(0.35);
  const isMany = fields.length > 1 && part.random.chance(0.5);
  const isStatic = part.random.chance(0.4);
  const isCounted = part.random.chance(0.5);
  const isInline = !isStatic && part.random.chance(0.4);
  const isShort = part.random.chance(0.28);
  const escaped = `String.escapeSingleQuotes(${term}${part.random.chance(0.3) ? free('.trim()') : ''})`;
  const value = isStatic ? term : escaped;
  const likeOf = (inner: string): string => `${isStart ? '' : `'%' + `}${inner} + '%'`;
  const used = isMany ? fields : [thing.nameField];
  const conditions = used.map((api) => `${api} LIKE :${pattern}`).join(' OR ');
  const quoted = `${used.map((api) => `${api} LIKE \\'${isStart ? '' : '%'}' + ${pattern} + '%\\'`).join(' OR ')}`;
  const guardTest = `String.isBlank(${term}) || ${term}.length() < ${least}`;
  const bracketed = `[SELECT Id, ${seen(thing.nameField)} FROM ${thing.api} WHERE ${conditions} LIMIT :${most}]`;
  const counting = (): string =>
    methodOf(part, {
      said: `how many there are whose ${used.join(' or ')} ${isStart ? 'begins with' : 'contains'} the ${term}`,
      type: 'Integer',
      name: part.pick('countHits', 'countMatches', 'howMany'),
      given: [['String', term]],
      lines: [
        isInline ? `String ${seen(pattern)} = ${value};` : `String ${seen(pattern)} = ${likeOf(value)};`,
        isStatic
          ? `return [SELECT COUNT() FROM ${thing.api} WHERE ${conditions}];`
          : `return Database.countQuery('SELECT COUNT() FROM ${thing.api} WHERE ${isInline ? quoted : conditions}');`,
      ],
    });
  const finding = methodOf(part, {
    said: `at most ${most} ${thing.plural} whose ${used.join(' or ')} ${isStart ? 'begins with' : 'contains'} the ${term}; none for less than ${least} characters`,
    type: `List<${thing.api}>`,
    name: part.pick('searchByTerm', 'lookUp', 'suggest', 'findByText', 'typeAhead'),
    given: [['String', term]],
    lines: [
      guard(isShort, guardTest, `return new List<${thing.api}>();`),
      isInline ? `String ${seen(pattern)} = ${value};` : `String ${seen(pattern)} = ${likeOf(value)};`,
      ...(isStatic
        ? [`return ${bracketed};`]
        : [
            `String ${seen(soql)} = ${free(`'SELECT Id, ${thing.nameField} FROM ${thing.api}'`)};`,
            `${soql} += ' WHERE ${isInline ? quoted : conditions}';`,
            `${soql} += ' LIMIT ' + ${most};`,
            `return Database.query(${soql});`,
          ]),
    ],
  });
  return joinedMembers(
    declaredInOrder(part, [
      [least, 'Integer', part.pick('2', '3')],
      [most, 'Integer', part.pick('5', '10', '20', '50')],
    ]),
    finding,
    isCounted ? counting() : '',
  );
};
