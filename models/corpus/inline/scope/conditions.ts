/** Methods whose one sentence says what has to be true. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, when } from '../apex.js';
import type { Member, Part } from '../part.js';
import { opened, recordParameter, told, wordOr } from './words.js';

type Condition = readonly [said: string, test: string];

/** Something that a field's value may be, in English and in Apex. */
function conditionOf(part: Part, field: Field): Condition {
  const value = `${part.names.one}.${field.api}`;
  const label = field.label;
  switch (field.type) {
    case 'checkbox':
      return part.pick<Condition>([`${label} is checked`, value], [`${label} is not checked`, `!${value}`]);
    case 'date':
      return part.pick<Condition>(
        [`the ${label} has passed`, `${value} < Date.today()`],
        [`the ${label} lies in the future`, `${value} > Date.today()`],
        [`the ${label} is today`, `${value} == Date.today()`],
        [`the ${label} is missing`, `${value} == null`],
      );
    case 'currency':
    case 'integer': {
      const bound = part.pick('0', '10', '100', '500', '5000');
      return part.pick<Condition>(
        [`the ${label} is above ${bound}`, `${value} > ${bound}`],
        [`the ${label} is at least ${bound}`, `${value} >= ${bound}`],
        [`the ${label} is below ${bound}`, `${value} < ${bound}`],
        [`there is a ${label}`, `${value} != null`],
      );
    }
    case 'picklist': {
      const text = (field.values.length > 0 ? part.random.pick(field.values) : 'Open').replace(/'/g, '');
      return part.pick<Condition>(
        [`the ${label} is ${text}`, `${value} == '${text}'`],
        [`the ${label} is not ${text}`, `${value} != '${text}'`],
        [`the ${label} is anything but ${text}`, `${value} != '${text}'`],
      );
    }
    default:
      return part.pick<Condition>(
        [`there is a ${label}`, `String.isNotBlank(${value})`],
        [`the ${label} is blank`, `String.isBlank(${value})`],
      );
  }
}

/** Layouts of one answer; `early` is for alternatives alone. */
type AnswerForm = 'return' | 'lines' | 'early' | 'if';

/** Statements that answer whether all of the tests hold, or one of them. */
function answered(form: AnswerForm, isAll: boolean, tests: readonly string[]): readonly string[] {
  const sign = isAll ? '&&' : '||';
  const whole = tests.join(` ${sign} `);
  if (form === 'lines') return [`${free('')}return ${tests.join(`\n    ${sign} `)};`];
  if (form === 'early' && !isAll) {
    const early = tests.slice(0, -1).map((test) => when(test, 'return true;'));
    return [`${free('')}${early.join('\n')}`, `return ${tests.at(-1)!};`];
  }
  return form === 'if'
    ? [`${free('')}${when(whole, 'return true;')}`, 'return false;']
    : [`return ${whole};`];
}

/** True when what the sentence above says holds: two or three conditions, joined as it says. */
export const saidConditions: Member = (part) => {
  const { thing, names } = part;
  const fields = part.fields(part.random.integer(2, 3), [
    'checkbox',
    'date',
    'currency',
    'picklist',
    'text',
    'email',
    'integer',
  ]);
  if (fields.length < 2) return null;
  const conditions = fields.map((field) => conditionOf(part, field));
  const isAll = part.random.chance(0.65);
  const word = wordOr(
    part,
    'eligible',
    'ready',
    'complete',
    'overdue',
    'relevant',
    'blocked',
    'renewable',
    'suspicious',
  );
  const lead = part.pick(
    `a ${thing.label} is ${word} when`,
    'true when',
    `whether the ${thing.label} counts as ${word}:`,
  );
  const english = `${lead} ${conditions.map(([said]) => said).join(isAll ? ' and ' : ' or ')}`;
  const form = part.pick<AnswerForm>('return', 'lines', 'early', 'if', 'return');
  const tests = conditions.map(([, test]) => test);
  return apex`
    ${told(part, english, [names.one])}
    ${opened(part, 'Boolean', part.pick(`is${pascalCase(word)}`, `check${pascalCase(word)}`, `is${pascalCase(word)}${thing.className}`))}(${recordParameter(part, false)}) {
        ${answered(form, isAll, tests)}
    }
  `;
};
