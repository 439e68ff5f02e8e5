/** Selectors: several queries of one object whose conditions follow their names, and single records. */
import { pascalCase } from '../../../phrase.js';
import type { Field } from '../../../nouns.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import { free, seen } from '../../apex.js';
import { apexType, variableOf, type Member, type Part } from '../../part.js';
import { declaredInOrder, type Constant } from '../../scope/words.js';
import { guard, methodOf, type Given, type Told } from '../methods.js';

/** One query of a selector. */
interface Selected {
  readonly name: string;
  readonly said: string;
  readonly given: readonly Given[];
  readonly where: string;
  readonly order: string;
  readonly isLimited: boolean;
}

/** Before, between, over: conditions on a date or an amount. */
function byMeasure(part: Part, field: Field): Selected {
  const big = pascalCase(field.api);
  const base = { order: '', isLimited: false };
  if (field.type === 'date') {
    return part.random.chance(0.5)
      ? {
          ...base,
          name: `With${big}Before`,
          said: `those whose ${field.label} lies before the day, the earliest first`,
          given: [['Date', 'day']],
          where: `${field.api} < :day`,
          order: field.api,
        }
      : {
          ...base,
          name: `With${big}Between`,
          said: `those whose ${field.label} lies between the two days, both included`,
          given: [
            ['Date', 'fromDay'],
            ['Date', 'toDay'],
          ],
          where: `${field.api} >= :fromDay AND ${field.api} <= :toDay`,
        };
  }
  return part.random.chance(0.5)
    ? {
        ...base,
        name: `With${big}Over`,
        said: `those whose ${field.label} is over the threshold, the highest first`,
        given: [['Decimal', 'threshold']],
        where: `${field.api} > :threshold`,
        order: `${field.api} DESC`,
      }
    : {
        ...base,
        name: `Without${big}`,
        said: `those without ${field.label}`,
        given: [],
        where: `${field.api} = NULL`,
      };
}

/** A condition on a field of any other type. */
function byField(part: Part): Selected | null {
  const field = part.field(['text', 'picklist', 'email', 'checkbox', 'reference', 'date', 'currency']);
  if (field === null) return null;
  const name = variableOf(field, part);
  const big = pascalCase(field.api);
  const base = { order: '', isLimited: false };
  switch (field.type) {
    case 'checkbox':
      return part.random.chance(0.5)
        ? {
            ...base,
            name: big,
            said: `those that are ${field.label}`,
            given: [],
            where: `${field.api} = TRUE`,
          }
        : {
            ...base,
            name: `Not${big}`,
            said: `those that are not ${field.label}`,
            given: [],
            where: `${field.api} = FALSE`,
          };
    case 'reference': {
      const ids = `${name.replace(/Id$/, '')}Ids`;
      return part.random.chance(0.6)
        ? {
            ...base,
            name: `By${big}`,
            said: `those whose ${field.label} is one of the ids`,
            given: [['Set<Id>', ids]],
            where: `${field.api} IN :${ids}`,
          }
        : {
            ...base,
            name: `By${big}`,
            said: `those of one ${field.label}`,
            given: [['Id', `${name.replace(/Id$/, '')}Id`]],
            where: `${field.api} = :${name.replace(/Id$/, '')}Id`,
          };
    }
    case 'date':
    case 'currency':
      return byMeasure(part, field);
    default:
      return part.random.chance(0.25)
        ? {
            ...base,
            name: `By${big}Set`,
            said: `those whose ${field.label} is one of the values`,
            given: [['Set<String>', 'values']],
            where: `${field.api} IN :values`,
          }
        : {
            ...base,
            name: `By${big}`,
            said: `those with that ${field.label}`,
            given: [[apexType(field), name]],
            where: `${field.api} = :${name}`,
          };
  }
}

/** Queries that any object has. */
function common(part: Part, nameField: string): Selected {
  const base = { order: '', isLimited: false };
  return part.pick<Selected>(
    { ...base, name: 'ById', said: 'those with these ids', given: [['Set<Id>', 'ids']], where: 'Id IN :ids' },
    {
      ...base,
      name: 'ByOwner',
      said: 'those of one owner',
      given: [['Id', 'ownerId']],
      where: 'OwnerId = :ownerId',
    },
    {
      ...base,
      name: 'CreatedSince',
      said: 'those that were created at that moment or later, the newest first',
      given: [['Datetime', 'since']],
      where: 'CreatedDate >= :since',
      order: 'CreatedDate DESC',
    },
    {
      ...base,
      name: 'Newest',
      said: 'the newest ones, as many as are asked for',
      given: [['Integer', 'howMany']],
      where: '',
      order: 'CreatedDate DESC',
      isLimited: true,
    },
    {
      ...base,
      name: `ByNames`,
      said: `those with one of the names, ordered by the name`,
      given: [['Set<String>', 'names']],
      where: `${nameField} IN :names`,
      order: nameField,
    },
    {
      ...base,
      name: 'ModifiedSince',
      said: 'those that were changed at that moment or later',
      given: [['Datetime', 'since']],
      where: 'LastModifiedDate >= :since',
    },
  );
}

interface Written {
  readonly select: string;
  readonly api: string;
  readonly layout: 'line' | 'lines' | 'dynamic';
}

function queryOf({ select, api, layout }: Written, { where, order, given, isLimited }: Selected): string {
  const clauses = [
    `SELECT ${select}`,
    `FROM ${api}`,
    ...(where === '' ? [] : [`WHERE ${where}`]),
    ...(order === '' ? [] : [`ORDER BY ${order}`]),
    ...(isLimited ? [`LIMIT :${given[0]![1]}`] : []),
  ];
  if (layout === 'dynamic') return `Database.query(${select} + ' ${clauses.slice(2).join(' ')}')`;
  return layout === 'line'
    ? `[${clauses.join(' ')}]`
    : `[\n${clauses.map((clause) => `    ${clause}`).join('\n')}\n]`;
}

/** Two to four queries, each with the condition that its name and parameters say. */
export const selector: Member = (part) => {
  const { thing, names } = part;
  const found = new Map<string, Selected>();
  for (const one of [
    byField(part),
    byField(part),
    common(part, thing.nameField),
    byField(part),
    common(part, thing.nameField),
  ]) {
    if (one !== null && found.size < 4) found.set(one.name, one);
  }
  const chosen = part.random.shuffled([...found.values()]).slice(0, part.random.integer(2, 4));
  if (chosen.length < 2) return null;
  const verb = part.pick('select', 'select', 'get', 'find', 'query');
  const isDynamic = part.random.chance(0.25);
  const base = part.pick('BASE', 'BASE_QUERY', 'SELECT_ALL', 'QUERY_START');
  const fields = part.fields(2, ['text', 'picklist', 'currency', 'date']).map(({ api }) => api);
  const columns = [...new Set(['Id', thing.nameField, ...fields])]
    .map((api, at) => (at === 0 ? api : seen(api)))
    .join(', ');
  const written: Written = {
    select: isDynamic ? base : columns,
    api: thing.api,
    layout: isDynamic ? 'dynamic' : part.pick('line', 'line', 'lines'),
  };
  const isTold = part.random.chance(0.65);
  const isKept = part.random.chance(0.15);
  const type = `List<${thing.api}>`;
  const isStatic = part.random.chance(0.7);
  const methods = chosen.map((one) => {
    const query = queryOf(written, one);
    const made: Told = {
      said: one.said,
      type,
      name: `${verb}${one.name}`,
      given: one.given,
      lines:
        isKept && !one.given.some(([, name]) => name === names.many)
          ? [`${type} ${seen(names.many)} = ${query};`, `return ${names.many};`]
          : [`return ${query};`],
    };
    return methodOf(part, made, isStatic, isTold || one.order !== '');
  });
  const start = `SELECT Id, ${[...new Set([thing.nameField, ...fields])].join(', ')} FROM ${thing.api}`;
  const constants: Constant[] = isDynamic ? [[base, 'String', `'${start}'`]] : [];
  return joinedMembers(isDynamic ? declaredInOrder(part, constants) : '', ...methods);
};

/** One record by id, by name, or the newest, with what happens where there is none. */
export const oneRecord: Member = (part) => {
  const { thing } = part;
  const rows = part.pick('found', 'rows', 'matches', 'hits', 'records');
  const form = part.pick('null', 'throw', 'new', 'ternary');
  const isShort = part.random.chance(0.28);
  const fields = part.fields(2, ['text', 'email']).filter(({ api }) => api !== thing.nameField);
  const columns = `Id, ${seen(thing.nameField)}`;
  const absent: Record<typeof form, string> = {
    null: 'null where there is none',
    throw: 'an exception where there is none',
    new: 'a new one where there is none',
    ternary: 'null where there is none',
  };
  const value: Record<typeof form, readonly string[]> = {
    null: [guard(isShort, `${rows}.isEmpty()`, 'return null;'), `return ${rows}[0];`],
    throw: [
      guard(false, `${rows}.isEmpty()`, `throw new NotFoundException(${free(`'No ${thing.label} found'`)});`),
      `return ${rows}[0];`,
    ],
    new: [guard(isShort, `${rows}.isEmpty()`, `return new ${thing.api}();`), `return ${rows}[0];`],
    ternary: [`return ${rows}.isEmpty() ? null : ${rows}[0];`],
  };
  const keys: readonly { name: string; given: Given; where: string; said: string }[] = [
    { name: 'getById', given: ['Id', 'recordId'], where: 'WHERE Id = :recordId', said: 'with that id' },
    ...fields.map((field) => ({
      name: `getBy${pascalCase(field.api)}`,
      given: ['String', variableOf(field, part)] as const,
      where: `WHERE ${field.api} = :${variableOf(field, part)}`,
      said: `with that ${field.label}`,
    })),
    {
      name: 'getNewestOf',
      given: ['Id', 'ownerId'],
      where: 'WHERE OwnerId = :ownerId ORDER BY CreatedDate DESC',
      said: 'of that owner that was created last',
    },
  ];
  const methods = part.random.sample(keys, part.random.integer(2, 3)).map(({ name, given, where, said }) =>
    methodOf(part, {
      said: `the ${thing.label} ${said}, ${absent[form]}`,
      type: thing.api,
      name,
      given: [given],
      lines: [
        `List<${thing.api}> ${seen(rows)} = [SELECT ${columns} FROM ${thing.api} ${where} LIMIT 1];`,
        ...value[form],
      ],
    }),
  );
  const own = `public class ${seen('NotFoundException')} extends Exception {}`;
  return joinedMembers(form === 'throw' ? own : '', ...methods);
};

/** Counts and questions whether there is any, a page at a time. */
export const countsAndPages: Member = (part) => {
  const { thing } = part;
  const field = part.field(['text', 'picklist']);
  if (field === null) return null;
  const name = variableOf(field, part);
  const where = `WHERE ${field.api} = :${name}`;
  const size = part.pick('PAGE_SIZE', 'ROWS_PER_PAGE', 'PER_PAGE');
  const [page, offset] = [
    part.pick('page', 'pageNumber', 'pageIndex'),
    part.pick('skipped', 'offsetRows', 'startRow'),
  ];
  const isFromOne = page === 'pageNumber';
  const isSplit = part.random.chance(0.5);
  const given: readonly Given[] = [['String', name]];
  const skip = isFromOne ? `(${page} - 1) * ${size}` : `${page} * ${size}`;
  const count = `[SELECT COUNT() FROM ${thing.api} ${where}]`;
  const total = part.pick('total', 'rowCount', 'howMany');
  const tools: readonly Told[] = [
    {
      said: `how many have that ${field.label}`,
      type: 'Integer',
      name: part.pick('countBy', 'countWith') + pascalCase(field.api),
      given,
      lines: [`return ${count};`],
    },
    {
      said: `is there one with that ${field.label}?`,
      type: 'Boolean',
      name: part.pick('exists', 'hasAny', 'isKnown'),
      given,
      lines: [
        isSplit
          ? lines(
              `Integer ${seen(total)} = [SELECT COUNT() FROM ${thing.api} ${where} LIMIT 1];`,
              `return ${total} > 0;`,
            )
          : `return ![SELECT Id FROM ${thing.api} ${where} LIMIT 1].isEmpty();`,
      ],
    },
    {
      said: `one page of those with that ${field.label}, ordered by ${thing.nameField}; the first page is ${isFromOne ? '1' : '0'}`,
      type: `List<${thing.api}>`,
      name: part.pick('getPage', 'readPage', 'pageOf'),
      given: [...given, ['Integer', page]],
      lines: [
        `Integer ${seen(offset)} = ${skip};`,
        `return [SELECT Id, ${seen(thing.nameField)} FROM ${thing.api} ${where} ORDER BY ${thing.nameField} LIMIT :${size} OFFSET :${offset}];`,
      ],
    },
    {
      said: `number of pages of ${size} rows, the last one may be shorter`,
      type: 'Integer',
      name: `${part.pick('count', 'number')}Pages`,
      given,
      lines: [`Integer ${seen(total)} = ${count};`, `return (${total} + ${size} - 1) / ${size};`],
    },
  ];
  const chosen = [
    tools[2]!,
    ...part.random.sample([tools[0]!, tools[1]!, tools[3]!], part.random.integer(1, 2)),
  ];
  return joinedMembers(
    declaredInOrder(part, [[size, 'Integer', part.pick('10', '20', '25', '50')]]),
    ...part.random.shuffled(chosen).map((one) => methodOf(part, one)),
  );
};
