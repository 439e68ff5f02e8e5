/** Makers of classes that look a value up in a table: held, one or two beside each other, in a map, applied to records. */
import { camelCase, capitalized } from '../../../phrase.js';
import { apex, free, seen } from '../../apex.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { isReserved } from '../../style.js';
import { chosen, drawChoiceForm, mapped, type ChoiceForm } from './forms.js';
import { drawTable, tableComment, type Table } from './tables.js';

function headOf(part: Part, { resultType, noun, type, parameter, subject }: Table): string {
  const name = part.pick(
    camelCase(`${noun} of`),
    camelCase(`${noun} for`),
    `get${capitalized(camelCase(noun))}`,
    camelCase(`${subject} ${noun}`),
    `to${capitalized(camelCase(noun))}`,
  );
  const modifiers = part.pick('public static', 'public static', 'public', 'private static');
  return `${free(`${modifiers} ${resultType} ${name}`)}(${type} ${seen(parameter)})`;
}

/** The method that returns what the table in its comment says. */
function tableMethod(part: Part, table: Table, form: ChoiceForm, isShown: boolean): string {
  const isForm = isShown || (form.startsWith('switch') && part.random.chance(0.5));
  const found = part.pick('found', 'result', 'answer', camelCase(table.noun));
  const variable = found === table.parameter ? 'answer' : found;
  return apex`
    ${tableComment(part, table)}
    ${headOf(part, table)} {
        ${isForm ? '' : free('')}${chosen(form, table, variable)}
    }
  `;
}

/** A class that holds the value; a method without parameters says what the table in its comment gives. */
export const heldTable: Member = (part) => {
  const table = drawTable(part);
  if (table === null || table.declaration !== '') return null;
  const { parameter, type, resultType, noun } = table;
  const name = part.random.chance(0.6) ? `get${capitalized(camelCase(noun))}` : camelCase(noun);
  const found = part.pick('found', 'result', 'answer');
  if (name === parameter || isReserved(name)) return null;
  const form = drawChoiceForm(part);
  return joinedMembers(
    `${free(`private ${part.pick('', 'final ')}${type}`)} ${seen(parameter)};`,
    apex`
      public ${part.className}(${type} ${parameter}) {
          this.${parameter} = ${parameter};
      }
    `,
    apex`
      ${tableComment(part, table)}
      ${free(`public ${resultType} ${name}`)}() {
          ${free('')}${chosen(form, table, found)}
      }
    `,
  );
};

/** One table, or two of one shape. */
export const tables: Member = (part) => {
  const table = drawTable(part);
  const second = part.random.chance(0.4) ? drawTable(part) : null;
  if (table === null) return null;
  const form = drawChoiceForm(part);
  const hasSecond =
    second !== null &&
    second.subject !== table.subject &&
    second.noun !== table.noun &&
    second.declaration === '';
  return joinedMembers(
    table.declaration,
    tableMethod(part, table, form, false),
    hasSecond ? tableMethod(part, second, form, true) : '',
  );
};

/** A table kept in a map. */
export const mapTable: Member = (part) => {
  const table = drawTable(part);
  if (table === null) return null;
  return joinedMembers(
    table.declaration,
    mapped(part, table, tableComment(part, table), headOf(part, table)),
  );
};

/** A table inside a loop: a field of each record is filled by the method above. */
export const appliedTable: Member = (part) => {
  const { thing, names } = part;
  const [field] = part.settable(1, ['picklist']);
  const table = field === undefined ? null : drawTable(part, field);
  const target = part.settable(4, table?.resultType === 'String' ? ['text'] : ['currency', 'integer'])[0];
  if (table === null || field === undefined || target === undefined) return null;
  const method = part.pick(camelCase(`${target.label} of`), camelCase(`${target.label} for`));
  const parameter = part.pick('value', 'given', 'key');
  const named = { ...table, subject: field.label, noun: target.label, parameter };
  const form = drawChoiceForm(part);
  const filled = `${names.one}.${target.api} = ${method}(${names.one}.${field.api});`;
  const onlyEmpty = part.random.chance(0.3);
  const body = onlyEmpty ? `if (${names.one}.${target.api} == null) {\n    ${filled}\n}` : filled;
  return joinedMembers(
    apex`
      ${part.comment(`sets the ${target.label} by the ${field.label}${onlyEmpty ? ' where it is still empty' : ''}`)}
      ${free(`public static void ${part.pick('fill', 'prepare', 'setDefaults', 'complete')}`)}(List<${thing.api}> ${names.newMany}) {
          for (${thing.api} ${names.newOne} : ${names.many}) {
              ${body}
          }
      }
    `,
    apex`
      ${tableComment(part, named)}
      ${free(`private static ${table.resultType}`)} ${seen(method)}(String ${seen(named.parameter)}) {
          ${free('')}${chosen(form, named, 'found')}
      }
    `,
  );
};
