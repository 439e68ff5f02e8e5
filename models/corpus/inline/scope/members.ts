/** Fields that a constructor sets and methods use: jobs, calculators, accumulators, caches. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { declared, drawOther, opened, self, told, wordOr } from './words.js';

type Property = readonly [type: string, name: string];

/** Fields in one manner, and the constructor that takes them all. */
function constructedOf(part: Part, properties: readonly Property[]): string {
  const modifiers = part.pick('private', 'private', 'private final', 'public', 'private final');
  const fields = properties.map(([type, name]) => `${modifiers} ${type} ${seen(name)};`);
  return apex`
    ${fields}

    ${
      part.random.chance(0.3)
        ? part.doc(
            `what the ${part.thing.label} needs`,
            properties.map(([, name]) => name),
          )
        : ''
    }
    public ${part.className}(${properties.map(([type, name]) => `${type} ${name}`).join(', ')}) {
        ${properties.map(([, name]) => `this.${name} = ${name};`)}
    }
  `;
}

const jobNames: Readonly<Record<string, readonly string[]>> = {
  picklist: ['reason', 'newValue', 'target', 'mode'],
  text: ['note', 'comment', 'text', 'remark'],
  date: ['startDay', 'dueDay', 'newDate', 'day'],
  checkbox: ['isOn', 'flag', 'newFlag', 'enabled'],
  currency: ['amount', 'price', 'newAmount', 'value'],
  integer: ['quantity', 'numberOf', 'size', 'total'],
};

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
  if (new Set([...variables, names.one, names.many, names.ids]).size < variables.length + 3) return null;
  const isSet = part.pick('Set<Id>', 'List<Id>');
  const hasOwner = part.random.chance(0.35) && !variables.includes('ownerId');
  const properties: Property[] = [
    [isSet, names.ids],
    ...fields.map((field, index): Property => [apexType(field), variables[index]!]),
    ...(hasOwner ? [['Id', 'ownerId'] as const] : []),
  ];
  const shown = part.random.chance(0.3) ? self(part) : '';
  const context = part.pick('context', 'ctx', 'qc', 'queueableContext');
  const settings = fields.map(
    (field, index) => `${names.one}.${free(field.api)} = ${shown}${variables[index]!};`,
  );
  const set = fields.map((field, index) =>
    variables[index] === variableOf(field, part)
      ? settings[index]!.replace(free(field.api), field.api)
      : settings[index]!,
  );
  if (hasOwner) set.push(`${names.one}.OwnerId = ${shown}ownerId;`);
  const picked = [...fields.map(({ api }) => seen(api)), ...(hasOwner ? [seen('OwnerId')] : [])];
  const english = `writes the ${[...fields.map(({ label }) => label), ...(hasOwner ? ['owner'] : [])].join(' and the ')} into the ${thing.plural}`;
  return apex`
    ${constructedOf(part, properties)}

    ${told(part, english)}
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
  const at = self(part);
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
            ${names.one}.${field.api} = ${at}${value};
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
  const rate = wordOr(
    part,
    'taxRate',
    'discountRate',
    'marginRate',
    'commission',
    'feeRate',
    'interest',
  ).replace(/^\w/, (letter) => letter.toLowerCase());
  const fixed = part.pick('baseFee', 'handlingFee', 'deposit', 'minimum', 'setupCost', 'shipping');
  const at = self(part);
  const amount = part.pick('amount', 'price', 'net', 'value', 'sum');
  const isGuarded = part.random.chance(0.4);
  const guard = (answer: string): string =>
    isGuarded ? `if (${amount} == null) {\n    return ${answer};\n}` : '';
  const places = part.pick('', '.setScale(2)');
  const word = rate.replace(/Rate$/, '');
  const isMinimum = fixed === 'minimum';
  const methods = part.random.shuffled([
    apex`
      ${told(part, `the ${word} part of the ${amount}`, [amount])}
      ${opened(part, 'Decimal', `${part.pick('get', 'calculate', 'compute')}${pascalCase(word)}`, false)}(Decimal ${seen(amount)}) {
          ${guard(free('0'))}
          return ${places === '' ? `${amount} * ${at}${rate}` : `(${amount} * ${at}${rate})${places}`};
      }
    `,
    apex`
      ${told(part, isMinimum ? `the ${amount}, but never less than the minimum` : `the ${amount} and the ${fixed.replace(/([A-Z])/g, ' $1').toLowerCase()} together`, [amount])}
      ${opened(part, 'Decimal', part.pick('getTotal', 'withFee', 'finalAmount', 'totalOf'), false)}(Decimal ${seen(amount)}) {
          ${guard(isMinimum ? `${at}${fixed}` : free('0'))}
          return ${isMinimum ? `Math.max(${amount}, ${at}${fixed})` : `${amount} + ${at}${fixed}`};
      }
    `,
    apex`
      ${told(part, `the ${amount} after the ${word} has been taken off`, [amount])}
      ${opened(part, 'Decimal', part.pick('reduced', 'afterDeduction', 'netOf'), false)}(Decimal ${seen(amount)}) {
          ${guard(free('0'))}
          return ${amount} - ${amount} * ${at}${rate};
      }
    `,
  ]);
  return [
    constructedOf(part, [
      ['Decimal', rate],
      ['Decimal', fixed],
    ]),
    ...methods.slice(0, part.random.integer(1, 3)),
  ].join('\n\n');
};

/** A static cache: asked first, filled when it has nothing. */
export const cache: Member = (part) => {
  const { thing } = part;
  const kind = part.pick('record', 'record', 'group', 'recordType', 'count');
  const other = kind === 'count' ? drawOther(part) : null;
  if (kind === 'count' && other === null) return null;
  const map = part.pick(
    'cache',
    'CACHE',
    `${thing.one}Cache`,
    'known',
    'loaded',
    `cached${pascalCase(thing.plural)}`,
  );
  const key =
    kind === 'group' || kind === 'recordType'
      ? part.pick('name', 'developerName', 'key')
      : part.pick('recordId', `${thing.one}Id`, 'id_').replace('id_', 'key');
  const keyType = kind === 'group' || kind === 'recordType' ? 'String' : 'Id';
  const lookup = other?.thing.fields.find((field) => field.target === thing.api)?.api ?? 'OwnerId';
  const [type, value] = (
    kind === 'record'
      ? [thing.api, `[SELECT Id, ${seen(thing.nameField)} FROM ${thing.api} WHERE Id = :${key}]`]
      : kind === 'group'
        ? ['Id', `[SELECT Id FROM Group WHERE DeveloperName = :${key} AND Type = ${free("'Queue'")}].Id`]
        : kind === 'recordType'
          ? [
              'Id',
              `${thing.api}.SObjectType.getDescribe().getRecordTypeInfosByDeveloperName().get(${key}).getRecordTypeId()`,
            ]
          : ['Integer', `[SELECT COUNT() FROM ${other!.thing.api} WHERE ${free(lookup)} = :${key}]`]
  ) as [string, string];
  const isVariable = part.random.chance(0.3);
  const found = part.pick('found', 'value', 'cached');
  const isEarly = part.random.chance(0.3);
  const english = {
    record: `the ${thing.label} with the id`,
    group: 'the id of the queue',
    recordType: 'the id of the record type',
    count: `how many ${other?.thing.plural ?? ''} there are`,
  }[kind]!;
  const body = isEarly
    ? [
        `if (${map}.containsKey(${key})) {\n    return ${map}.get(${key});\n}`,
        `${type} ${seen(found)} = ${value};\n${map}.put(${key}, ${found});\nreturn ${found};`,
      ]
    : isVariable
      ? [
          `${type} ${seen(found)} = ${map}.get(${key});`,
          `if (${found} == null) {\n    ${found} = ${value};\n    ${map}.put(${key}, ${found});\n}`,
          `return ${found};`,
        ]
      : [
          `if (!${map}.containsKey(${key})) {\n    ${map}.put(${key}, ${value});\n}`,
          `return ${map}.get(${key});`,
        ];
  const first = part.random.chance(0.5) ? free('') : '';
  return apex`
    private static ${part.pick('', 'final ')}Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();

    ${told(part, `${english}; asked for only once`, [key])}
    ${opened(part, type, part.pick(`get${thing.className}`, 'lookUp', 'cachedValue', 'find', kind === 'group' ? 'queueId' : 'resolve'))}(${keyType} ${seen(key)}) {
        ${first}${body}
    }
    ${
      part.random.chance(0.25)
        ? apex`

      ${told(part, 'forgets what is cached')}
      ${opened(part, 'void', part.pick('reset', 'clearCache', 'forget'))}() {
          ${map}.clear();
      }
    `
        : ''
    }
  `;
};

/** Running totals or counts by id or text. */
export const runningTotals: Member = (part) => {
  const isText = part.random.chance(0.35);
  const isCount = part.random.chance(0.35);
  const keyType = isText ? 'String' : 'Id';
  const type = isCount ? 'Integer' : part.pick('Decimal', 'Decimal', 'Integer');
  const map = isCount
    ? part.pick('counts', 'counter', 'occurrences', 'tally')
    : part.pick('sums', 'totals', 'balances', 'amounts', 'totalByKey');
  const key = isText
    ? part.pick('name', 'code', 'category', 'key')
    : part.pick('recordId', 'ownerId', 'parentId', `${part.thing.one}Id`, 'key');
  const amount = part.pick('amount', 'value', 'quantity', 'delta', 'hours');
  const added = isCount ? '1' : amount;
  const manner = part.pick('start', 'ternary', 'ifelse', 'variable');
  const present = part.pick('current', 'present', 'before', 'soFar');
  const body = {
    start: [
      `if (!${map}.containsKey(${key})) {\n    ${map}.put(${key}, 0);\n}`,
      `${map}.put(${key}, ${map}.get(${key}) + ${added});`,
    ],
    ternary: [
      `${type} ${seen(present)} = ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`,
      `${map}.put(${key}, ${present} + ${added});`,
    ],
    ifelse: [
      `if (${map}.containsKey(${key})) {\n    ${map}.put(${key}, ${map}.get(${key}) + ${added});\n} else {\n    ${map}.put(${key}, ${added});\n}`,
    ],
    variable: [
      `${type} ${seen(present)} = ${map}.get(${key});`,
      `${map}.put(${key}, ${present} == null ? ${added} : ${present} + ${added});`,
    ],
  }[manner]!;
  const isStatic = part.random.chance(0.3);
  const reading = part.pick('plain', 'orZero', 'isOver');
  const bound = part.pick('limitValue', 'bound', 'maximum');
  const english = isCount
    ? `counts one more for the ${key}; the first time it is one`
    : `adds the ${amount} to what the ${key} already has; a new one starts at zero`;
  const second = {
    plain: `return ${map}.get(${key});`,
    orZero: `return ${map}.containsKey(${key}) ? ${map}.get(${key}) : 0;`,
    isOver: `return ${map}.containsKey(${key}) && ${map}.get(${key}) > ${bound};`,
  }[reading]!;
  const [secondType, secondSaid] = {
    plain: [type, `what the ${key} has`],
    orZero: [type, `what the ${key} has, zero when it is not known`],
    isOver: ['Boolean', `is the ${key} known and over the ${bound}?`],
  }[reading] as [string, string];
  return apex`
    private ${isStatic ? 'static ' : ''}Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();

    ${told(part, english)}
    ${opened(part, 'void', isCount ? part.pick('count', 'register', 'countOne') : part.pick('add', 'book', 'addUp', 'collect'), isStatic)}(${keyType} ${seen(key)}${isCount ? '' : `, ${type} ${seen(amount)}`}) {
        ${free('')}${body}
    }

    ${told(part, secondSaid)}
    ${opened(part, secondType, part.pick('getTotal', 'valueOf_', 'read', 'of_').replace(/_$/, 'Key'), isStatic)}(${keyType} ${seen(key)}${reading === 'isOver' ? `, ${type} ${seen(bound)}` : ''}) {
        ${reading === 'plain' ? '' : free('')}${second}
    }
  `;
};

/** Lists that are filled one by one and written or read at the end. */
export const collector: Member = (part) => {
  const { thing, names } = part;
  const pairs = part.random.sample(
    [
      ['toInsert', 'insert', 'registerNew'],
      ['toUpdate', 'update', 'registerDirty'],
      ['toDelete', 'delete', 'registerDeleted'],
      ['toUpsert', 'upsert', 'registerUpsert'],
    ],
    part.random.integer(1, 3),
  ) as [string, string, string][];
  const at = part.random.chance(0.3) ? self(part) : '';
  const isGuarded = part.random.chance(0.4);
  const isCleared = part.random.chance(0.6);
  const flush = pairs.map(([list, verb]) => {
    const lines = [`${verb} ${at}${list};`, ...(isCleared ? [`${at}${list}.clear();`] : [])];
    return isGuarded
      ? `if (!${at}${list}.isEmpty()) {\n${lines.join('\n').replace(/^/gm, '    ')}\n}`
      : lines.join('\n');
  });
  const size = part.pick('BUFFER_SIZE', 'MAX_BUFFERED', 'FLUSH_AT');
  const isSized = pairs.length === 1 && part.random.chance(0.5);
  const flushName = part.pick('commitWork', 'flush', 'saveAll', 'write', 'persist');
  const registers = pairs.map(
    ([list, verb, name]) => apex`
    ${told(part, `remembers a ${thing.label} for the ${verb}${isSized ? `; at ${size} they are written` : ''}`, [names.one])}
    ${free(`${part.style.access} void ${name}`)}(${thing.api} ${names.newOne}) {
        ${at}${list}.add(${names.one});
        ${isSized ? `if (${at}${list}.size() >= ${size}) {\n    ${flushName}();\n}` : ''}
    }
  `,
  );
  return [
    ...(isSized ? [declared(part, [[size, 'Integer', part.pick('50', '100', '200')]])] : []),
    pairs.map(([list]) => `private List<${thing.api}> ${seen(list)} = new List<${thing.api}>();`).join('\n'),
    ...registers,
    apex`
      ${told(part, `writes what was remembered${isCleared ? ' and forgets it' : ''}`)}
      ${free(`${part.style.access} void `)}${seen(flushName)}() {
          ${flush}
      }
    `,
  ].join('\n\n');
};

/** Keeps what was done already from being done again. */
export const guardFlags: Member = (part) => {
  const { thing, names } = part;
  const isSet = part.random.chance(0.6);
  const done = isSet
    ? part.pick('processedIds', 'doneIds', 'handled', 'seenIds', 'PROCESSED')
    : part.pick('isRunning', 'hasRun', 'isActive');
  const kept = part.pick('fresh', 'remaining', 'unprocessed', 'toProcess');
  if (isSet)
    return apex`
      private static Set<Id> ${seen(done)} = new Set<Id>();

      ${told(part, `those ${thing.plural} that were not yet handled in this transaction; they count as handled from now on`, [names.many])}
      ${opened(part, `List<${thing.api}>`, part.pick('filterNew', 'onlyFresh', 'takeUnprocessed'))}(List<${thing.api}> ${names.newMany}) {
          List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
          for (${thing.api} ${names.newOne} : ${names.many}) {
              ${
                part.random.chance(0.5)
                  ? `${free('')}if (${done}.add(${names.one}.Id)) {\n    ${kept}.add(${names.one});\n}`
                  : `${free('')}if (!${done}.contains(${names.one}.Id)) {\n    ${done}.add(${names.one}.Id);\n    ${kept}.add(${names.one});\n}`
              }
          }
          return ${kept};
      }
    `;
  const inner = part.pick('process', 'handle', 'apply');
  const isFinally = part.random.chance(0.6);
  return apex`
    private static Boolean ${seen(done)} = false;

    ${told(part, 'runs only when it is not running already', [names.many])}
    ${opened(part, 'void', part.pick('run', 'runOnce', 'execute', 'start'))}(List<${thing.api}> ${names.newMany}) {
        if (${done}) {
            return;
        }
        ${done} = true;
        ${isFinally ? `${free('')}try {\n    ${free(inner)}(${names.many});\n} finally {\n    ${done} = false;\n}` : `${free(inner)}(${names.many});\n${done} = false;`}
    }
  `;
};
