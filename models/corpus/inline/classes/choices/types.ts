/** Choices by a record's type, there-and-back tables, steps of a number, and results that are constants. */
import { capitalized, camelCase, withArticle } from '../../../phrase.js';
import { joinedMembers } from '../../bulk/base.js';
import { apex, free, indented, seen } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import type { Member } from '../../part.js';
import { areDistinct, declaredInOrder, told, type Constant } from '../../scope/words.js';
import { isReserved } from '../../style.js';
import { chosen, drawChoiceForm } from './forms.js';
import { drawTable } from './tables.js';

interface Typed {
  readonly api: string;
  readonly label: string;
  readonly variables: readonly string[];
  readonly fields: readonly (readonly [api: string, label: string])[];
}

const typed: readonly Typed[] = [
  {
    api: 'Account',
    label: 'account',
    variables: ['acc', 'a', 'acct'],
    fields: [
      ['Name', 'name'],
      ['Phone', 'phone'],
      ['BillingCity', 'billing city'],
    ],
  },
  {
    api: 'Contact',
    label: 'contact',
    variables: ['con', 'c', 'person'],
    fields: [
      ['LastName', 'last name'],
      ['Email', 'email'],
      ['MailingCity', 'mailing city'],
    ],
  },
  {
    api: 'Lead',
    label: 'lead',
    variables: ['ld', 'l', 'prospect'],
    fields: [
      ['Company', 'company'],
      ['Email', 'email'],
      ['City', 'city'],
    ],
  },
  {
    api: 'Opportunity',
    label: 'opportunity',
    variables: ['opp', 'o', 'deal'],
    fields: [
      ['Name', 'name'],
      ['StageName', 'stage'],
      ['NextStep', 'next step'],
    ],
  },
  {
    api: 'Case',
    label: 'case',
    variables: ['cs', 'ticket', 'caseRecord'],
    fields: [
      ['Subject', 'subject'],
      ['CaseNumber', 'case number'],
      ['Status', 'status'],
    ],
  },
  {
    api: 'Task',
    label: 'task',
    variables: ['tsk', 'todo', 'activity'],
    fields: [
      ['Subject', 'subject'],
      ['Status', 'status'],
    ],
  },
  {
    api: 'Campaign',
    label: 'campaign',
    variables: ['camp', 'cmp', 'drive'],
    fields: [
      ['Name', 'name'],
      ['Status', 'status'],
    ],
  },
  {
    api: 'User',
    label: 'user',
    variables: ['usr', 'u', 'member'],
    fields: [
      ['Name', 'name'],
      ['Email', 'email'],
      ['City', 'city'],
    ],
  },
];

/** `switch on record`, with a type in each branch and the field that the comment names. */
export const typeSwitch: Member = (part) => {
  const kinds = part.random.sample(typed, part.random.integer(2, 4));
  const given = part.pick('record', 'source', 'sobj', 'parent');
  const otherwise = part.pick('null', "''", "'Unknown'");
  const size = part.random.integer(0, 2);
  const branches = kinds.map(({ api, label, variables, fields }) => {
    const variable = variables[size]!;
    const [field, said] = part.pick(...fields);
    return {
      words: `the ${said} of ${withArticle(label)}`,
      code: `when ${api} ${seen(variable)} {\n${indented(`return ${variable}.${field};`)}\n}`,
    };
  });
  const rest = otherwise === "''" ? 'an empty text' : otherwise;
  const nulls = part.random.chance(0.3) ? `if (${given} == null) {\n    return ${otherwise};\n}` : '';
  return apex`
    ${told(part, `${branches.map(({ words }) => words).join(', ')}; ${rest} for everything else${nulls === '' ? '' : ' and for null'}`, [given])}
    ${free(`public static String ${part.pick('titleOf', 'describe', 'labelFor', 'display', 'shown')}`)}(SObject ${seen(given)}) {
        ${nulls === '' ? '' : free('') + nulls}
        ${free('')}switch on ${given} {
            ${branches.map(({ code }) => code)}
            when else {
                return ${otherwise};
            }
        }
    }
  `;
};

/** How many tables are drawn in the hope of one from text to text. */
const backTriesMax = 3;

/** A table and the same table the other way round: the second method is known from the first. */
export const thereAndBack: Member = (part) => {
  const table = Array.from({ length: backTriesMax }, () => drawTable(part)).find(
    (drawn) => drawn?.resultType === 'String' && drawn.type === 'String',
  );
  if (table === undefined || table === null) return null;
  const entries = table.entries.map(({ values, result }) => ({ values: values.slice(0, 1), result }));
  const noun = camelCase(table.noun);
  if (noun === table.parameter || isReserved(noun)) return null;
  const form = drawChoiceForm(part);
  const there = { ...table, entries, otherwise: 'null' };
  const back = {
    ...there,
    parameter: noun,
    entries: entries.map(({ values, result }) => ({ values: [result], result: values[0]! })),
  };
  const found = part.pick('found', 'result', 'answer');
  const named = part.pick(['to', ''], ['', 'For'], ['get', '']) as readonly [string, string];
  const name = (word: string): string => camelCase(`${named[0]}${capitalized(camelCase(word))}${named[1]}`);
  const marked = entries.map(({ values, result }) => ({ values: values.map(free), result: free(result) }));
  return joinedMembers(
    apex`
      ${told(part, `the ${table.noun} of ${withArticle(table.subject)}; null when there is none`)}
      ${free(`public static String ${name(table.noun)}`)}(String ${seen(table.parameter)}) {
          ${free('')}${chosen(form, { ...there, entries: marked }, found)}
      }
    `,
    apex`
      ${told(part, `the other way round: the ${table.subject} of ${withArticle(table.noun)}`)}
      ${free(`public static String ${name(table.subject)}`)}(String ${seen(noun)}) {
          ${chosen(form, back, found)}
      }
    `,
  );
};

/** Results that are constants, named after the values. */
export const constantResults: Member = (part) => {
  const table = drawTable(part);
  if (table === null || /^(Integer|Boolean)$/.test(table.type) || table.declaration !== '') return null;
  const suffix = constantName(table.noun);
  const entries = table.entries.map(({ values }) => ({
    values: values.slice(0, 1),
    result: `${constantName(values[0]!)}_${suffix}`,
  }));
  const otherwise = `${part.pick('DEFAULT', 'OTHER', 'STANDARD')}_${suffix}`;
  const names = [...entries.map(({ result }) => result), otherwise];
  if (!areDistinct(names)) return null;
  const constants = names.map<Constant>((name, at) => [
    name,
    table.resultType,
    table.entries[at]?.result ?? table.otherwise,
  ]);
  if (constants.some(([, , value]) => value === 'null')) return null;
  return apex`
    ${declaredInOrder(part, constants)}

    ${part.random.chance(0.5) ? told(part, `the ${table.noun} of a ${table.subject}`) : ''}
    ${free(`public static ${table.resultType} ${part.pick('of', 'forValue', camelCase(`${table.noun} for`), 'lookUp')}`)}(${table.type} ${seen(table.parameter)}) {
        ${free('')}${chosen(drawChoiceForm(part), { ...table, entries, otherwise }, part.pick('found', 'result'))}
    }
  `;
};

const stepNames: readonly (readonly [string, string, string, string])[] = [
  ['Gold', 'Silver', 'Bronze', 'None'],
  ['A', 'B', 'C', 'D'],
  ['Critical', 'High', 'Medium', 'Low'],
  ['red', 'orange', 'yellow', 'green'],
  ['Huge', 'Large', 'Medium', 'Small'],
  ['Excellent', 'Good', 'Fair', 'Poor'],
];
const stepBounds: readonly (readonly [string, string, string])[] = [
  ['1000', '500', '100'],
  ['90', '75', '50'],
  ['30', '14', '7'],
  ['100000', '25000', '5000'],
  ['12', '6', '3'],
  ['365', '180', '90'],
];

/** Steps of a number, from the highest down; the comment tells the bounds. */
export const steps: Member = (part) => {
  const names = part.pick(...stepNames);
  const bounds = part.pick(...stepBounds);
  const count = part.random.integer(2, 3);
  const used = [...names.slice(0, count), names[3]];
  const value = part.pick('points', 'score', 'total', 'days', 'value', 'revenue', 'quantity', 'hours');
  const [operator, from] = part.pick(['>=', 'from'], ['>', 'over']) as readonly [string, string];
  const type = part.pick('Integer', 'Decimal');
  const rows = used.map((name, at) => (at < count ? `${from} ${bounds[at]!}: ${name}` : `below: ${name}`));
  const layout = part.random.chance(0.5)
    ? free(['/**', ...rows.map((row) => ` * ${row}`), ' */'].join('\n'))
    : part.comment(rows.join(', '));
  const shape = part.pick('lines', 'blocks', 'chain', 'ternary');
  const tests = used
    .slice(0, count)
    .map((name, at) => [`${value} ${operator} ${bounds[at]!}`, `'${name}'`] as const);
  const last = `'${used.at(-1)!}'`;
  const nulls = part.random.chance(0.3) ? `if (${value} == null) {\n    return null;\n}` : '';
  const blocks = tests.map(([test, name]) => `if (${test}) {\n    return ${name};\n}`);
  const code =
    shape === 'lines'
      ? [...tests.map(([test, name]) => `if (${test}) return ${name};`), `return ${last};`]
      : shape === 'blocks'
        ? [...blocks, `return ${last};`]
        : shape === 'chain'
          ? [`${blocks.join(' else ')} else {\n    return ${last};\n}`]
          : [`return ${tests.map(([test, name]) => `${test} ? ${name}`).join('\n    : ')}\n    : ${last};`];
  return apex`
    ${layout}
    ${free(`public static String ${part.pick('grade', 'levelOf', 'classify', 'tierFor', 'band')}`)}(${type} ${seen(value)}) {
        ${nulls === '' ? '' : free('') + nulls}
        ${free('')}${code}
    }
  `;
};
