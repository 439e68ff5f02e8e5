/** Fields that a constructor sets and methods use: those of jobs, batches, calculators, pages of a list and handlers. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { areDistinct, declared, opened, self, spaced, told, wordOr } from './words.js';

type Property = readonly [type: string, name: string];

/** Fields in one manner, and the constructor that takes them all. */
function constructedOf(part: Part, properties: readonly Property[]): string {
  const modifiers = part.pick('private', 'private', 'private final', 'public', 'private final');
  const names = properties.map(([, name]) => name);
  return apex`
    ${properties.map(([type, name]) => `${modifiers} ${type} ${seen(name)};`)}

    ${part.random.chance(0.3) ? part.doc(`what the ${part.thing.label} needs`, names) : ''}
    public ${part.className}(${properties.map(([type, name]) => `${type} ${name}`).join(', ')}) {
        ${names.map((name) => `this.${name} = ${name};`)}
    }
  `;
}

/** What jobs call the value of a field that is not named after it. */
const jobNames: Readonly<Record<string, readonly string[]>> = {
  picklist: ['reason', 'newValue', 'target', 'mode'],
  text: ['note', 'comment', 'text', 'remark'],
  date: ['startDay', 'dueDay', 'newDate', 'day'],
  checkbox: ['isOn', 'flag', 'newFlag', 'enabled'],
  currency: ['amount', 'price', 'newAmount', 'value'],
  integer: ['quantity', 'numberOf', 'size', 'total'],
};

/** The name of a job's value for a field: the field's own, or one of what jobs call such values. */
function jobVariable(part: Part, field: Field): string {
  const own = variableOf(field, part);
  if (own !== part.names.one && part.random.chance(0.55)) return own;
  return part.random.pick(jobNames[field.type] ?? ['value', 'newValue']);
}

/** The fields of a job and its execute method, which writes them into the records. */
export const jobFields: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3), [
    'picklist',
    'text',
    'date',
    'checkbox',
    'currency',
    'integer',
  ]);
  if (fields.length === 0) return null;
  const variables = fields.map((field) => jobVariable(part, field));
  if (!areDistinct([...variables, names.one, names.many, names.ids])) return null;
  const idsType = part.pick('Set<Id>', 'List<Id>');
  const hasOwner = part.random.chance(0.35) && !variables.includes('ownerId');
  const properties: Property[] = [
    [idsType, names.ids],
    ...fields.map((field, index): Property => [apexType(field), variables[index]!]),
    ...(hasOwner ? [['Id', 'ownerId'] as const] : []),
  ];
  const at = part.random.chance(0.3) ? self(part) : '';
  const context = part.pick('context', 'ctx', 'qc', 'queueableContext');
  const set = fields.map((field, index) => {
    const variable = variables[index]!;
    const api = variable === variableOf(field, part) ? field.api : free(field.api);
    return `${names.one}.${api} = ${at}${variable};`;
  });
  if (hasOwner) set.push(`${names.one}.OwnerId = ${at}ownerId;`);
  const picked = [...fields.map(({ api }) => api), ...(hasOwner ? ['OwnerId'] : [])].map((api) => seen(api));
  const labels = [...fields.map(({ label }) => label), ...(hasOwner ? ['owner'] : [])];
  return apex`
    ${constructedOf(part, properties)}

    ${told(part, `writes the ${labels.join(' and the ')} into the ${thing.plural}`)}
    ${part.style.access} void execute(QueueableContext ${seen(context)}) {
        List<${thing.api}> ${names.newMany} = [SELECT Id, ${picked.join(', ')} FROM ${thing.api} WHERE Id IN :${names.ids}];
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${set}
        }
        update ${names.many};
    }
  `;
};

/** A batch that keeps a bound and a value, queries by the one and writes the other. */
export const batchFields: Member = (part) => {
  const { thing, names } = part;
  const [field] = part.settable(1, ['picklist', 'text', 'checkbox']);
  const date = part.field(['date']);
  if (field === undefined || date === null || field.api === date.api) return null;
  const bound = part.pick('cutoff', 'before', 'deadline', 'limitDate', 'threshold');
  const value = jobVariable(part, field);
  const scope = part.pick('scope', 'records', 'chunk');
  const context = part.pick('bc', 'context', 'ctx');
  const counter = part.pick('processed', 'changed', 'updated', 'total');
  const hasCount = part.random.chance(0.6) && value !== counter;
  const isText = part.random.chance(0.4);
  const query = `SELECT Id, ${field.api} FROM ${thing.api} WHERE ${seen(date.api)} < :${bound}`;
  return apex`
    ${hasCount ? `private Integer ${seen(counter)} = 0;` : ''}
    ${constructedOf(part, [
      ['Date', bound],
      [apexType(field), value],
    ])}

    ${told(part, `${thing.plural} whose ${date.label} lies before the ${bound}`)}
    ${part.style.access} Database.QueryLocator start(Database.BatchableContext ${seen(context)}) {
        return Database.getQueryLocator(${isText ? `'${query}'` : `[${query}]`});
    }

    ${told(part, `sets the ${field.label}${hasCount ? ` and counts how many were ${counter}` : ''}`)}
    ${part.style.access} void execute(Database.BatchableContext ${context}, List<${thing.api}> ${seen(scope)}) {
        for (${thing.api} ${names.newOne} : ${scope}) {
            ${names.one}.${field.api} = ${self(part)}${value};
        }
        update ${scope};
        ${hasCount ? `${counter} += ${scope}.size();` : ''}
    }

    ${part.style.access} void finish(Database.BatchableContext ${context}) {
        ${part.log(hasCount ? `${free(`'Records: '`)} + ${counter}` : `${free(`'Done, up to '`)} + ${bound}`)}
    }
  `;
};

/** A calculator whose rates the constructor takes. */
export const calculator: Member = (part) => {
  const rate = wordOr(part, 'taxRate', 'discountRate', 'marginRate', 'commission', 'feeRate', 'interest');
  const fixed = part.pick('baseFee', 'handlingFee', 'deposit', 'minimum', 'setupCost', 'shipping');
  const at = self(part);
  const amount = part.pick('amount', 'price', 'net', 'value', 'sum');
  const isGuarded = part.random.chance(0.4);
  const rounding = part.pick('', '.setScale(2)');
  const word = rate.replace(/Rate$/, '');
  const isMinimum = fixed === 'minimum';
  const method = (said: string, name: string, whenNull: string, value: string): string => apex`
    ${told(part, said, [amount])}
    ${opened(part, 'Decimal', name, false)}(Decimal ${seen(amount)}) {
        ${isGuarded ? when(`${amount} == null`, `return ${whenNull};`) : ''}
        return ${value};
    }
  `;
  const share = `${amount} * ${at}${rate}`;
  const methods = part.random.shuffled([
    method(
      `the ${word} part of the ${amount}`,
      `${part.pick('get', 'calculate', 'compute')}${pascalCase(word)}`,
      free('0'),
      rounding === '' ? share : `(${share})${rounding}`,
    ),
    method(
      isMinimum
        ? `the ${amount}, but never less than the minimum`
        : `the ${amount} and the ${spaced(fixed)} together`,
      part.pick('getTotal', 'withFee', 'finalAmount', 'totalOf'),
      isMinimum ? `${at}${fixed}` : free('0'),
      isMinimum ? `Math.max(${amount}, ${at}${fixed})` : `${amount} + ${at}${fixed}`,
    ),
    method(
      `the ${amount} after the ${word} has been taken off`,
      part.pick('reduced', 'afterDeduction', 'netOf'),
      free('0'),
      `${amount} - ${share}`,
    ),
  ]);
  return [
    constructedOf(part, [
      ['Decimal', rate],
      ['Decimal', fixed],
    ]),
    ...methods.slice(0, part.random.integer(1, 3)),
  ].join('\n\n');
};

interface Paging {
  readonly page: string;
  readonly total: string;
  readonly size: string;
}

/** Methods of a page, each a consequence of what its comment says. */
function pageMethods(part: Part, { page, total, size }: Paging): readonly string[] {
  const method = (type: string, name: string, said: string, code: string): string => apex`
    ${told(part, said)}
    ${free(`${part.style.access} ${type} ${name}`)}() {
        ${code}
    }
  `;
  return [
    method(
      'Integer',
      part.pick('getOffset', 'offset'),
      'how many rows come before the page; pages count from 1',
      `return (${page} - 1) * ${size};`,
    ),
    method(
      'Boolean',
      part.pick('getHasNext', 'hasNext'),
      'are there rows behind the page?',
      `return ${page} * ${size} < ${total};`,
    ),
    method(
      'Boolean',
      part.pick('getHasPrevious', 'hasPrevious'),
      'is there a page before? The first one has the number 1',
      `return ${page} > 1;`,
    ),
    method('void', part.pick('next', 'nextPage'), 'goes to the page behind', `${page}++;`),
    method('void', part.pick('first', 'firstPage'), 'goes back to page 1', `${page} = 1;`),
    method(
      'void',
      part.pick('previous', 'previousPage'),
      'goes to the page before, not below 1',
      when(`${page} > 1`, `${page}--;`),
    ),
  ];
}

/** A page of a list: where it starts, whether there are more, how to turn it. */
export const pageState: Member = (part) => {
  const page = part.pick('pageNumber', 'page', 'currentPage', 'pageIndex');
  const total = part.pick('totalRows', 'total', 'recordCount', 'totalCount');
  const isConstant = part.random.chance(0.5);
  const size = isConstant
    ? part.pick('PAGE_SIZE', 'ROWS_PER_PAGE')
    : part.pick('pageSize', 'rowsPerPage', 'size');
  const at = self(part);
  const methods = part.random.sample(
    pageMethods(part, {
      page: `${at}${page}`,
      total: `${at}${total}`,
      size: isConstant ? size : `${at}${size}`,
    }),
    part.random.integer(2, 4),
  );
  const held = [
    `${part.pick('private', 'public')} Integer ${seen(total)};`,
    ...(isConstant ? [] : [`private Integer ${seen(size)};`]),
    `private Integer ${seen(page)} = 1;`,
  ];
  return [
    ...(isConstant ? [declared(part, [[size, 'Integer', part.pick('10', '20', '50')]])] : []),
    held.join('\n'),
    apex`
      public ${part.className}(Integer ${total}${isConstant ? '' : `, Integer ${size}`}) {
          this.${total} = ${total};
          ${isConstant ? '' : `this.${size} = ${size};`}
      }
    `,
    ...methods,
  ].join('\n\n');
};

/** A handler that keeps the trigger's lists in fields and hands them to its methods. */
export const handlerFields: Member = (part) => {
  const { thing } = part;
  const records = part.pick(
    'newRecords',
    `new${pascalCase(thing.plural)}`,
    'records',
    'triggerNew',
    'newList',
  );
  const old = part.pick('oldMap', 'oldById', `old${thing.className}Map`, 'oldRecords', 'triggerOldMap');
  const service = `${thing.className}${part.pick('Service', 'Domain', 'Rules', 'Manager')}`;
  const at = part.random.chance(0.25) ? self(part) : '';
  const isGiven = part.random.chance(0.4);
  const [listType, mapType] = [`List<${thing.api}>`, `Map<Id, ${thing.api}>`];
  const set = isGiven
    ? [`this.${records} = ${records};`, `this.${old} = ${old};`]
    : [`this.${records} = (${listType}) Trigger.new;`, `this.${old} = (${mapType}) Trigger.oldMap;`];
  const verbs = part.random.sample(
    ['setDefaults', 'validate', 'logChanges', 'rollUp', 'notifyOwners', 'syncParents', 'checkLimits'],
    4,
  );
  const events = part.random.sample(
    ['beforeInsert', 'beforeUpdate', 'afterInsert', 'afterUpdate'],
    part.random.integer(2, 4),
  );
  const isSaid = part.random.chance(0.5);
  const methods = events.map((event, index) => {
    const verb = verbs[index]!;
    const called = `${index === 0 ? free(service) : service}.${isSaid ? verb : free(verb)}`;
    const given = event.endsWith('Update') ? `${at}${records}, ${at}${old}` : `${at}${records}`;
    return apex`
      ${isSaid ? part.comment(`${spaced(event)}: ${verb}`) : ''}
      ${free(`public void ${event}`)}() {
          ${called}(${given});
      }
    `;
  });
  return apex`
    private ${listType} ${seen(records)};
    private ${mapType} ${seen(old)};

    public ${part.className}(${isGiven ? `${listType} ${records}, ${mapType} ${old}` : ''}) {
        ${set}
    }

    ${methods.join('\n\n')}
  `;
};
