/** Fields that a constructor sets and methods use: those of jobs, batches and calculators. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, seen } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { areDistinct, opened, self, spaced, told, when, wordOr } from './words.js';

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
