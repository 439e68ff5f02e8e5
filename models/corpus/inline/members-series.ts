/** Methods that do the same with one field after another. */
import type { Field } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { apexType, signature, variableOf, type Member, type Part } from './part.js';
import { isReserved } from './style.js';

const fewest = 3;
const most = 7;

function drawSeries(part: Part): readonly Field[] | null {
  const fields = part.settable(part.random.integer(fewest, most));
  return fields.length < fewest ? null : fields;
}

/** A new record with the fields of another. */
export const copying: Member = (part) => {
  const { thing, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const from = part.pick('source', 'original', `source${thing.className}`);
  const to = part.pick('target', 'copy', `new${thing.className}`);
  return apex`
    ${part.doc(`copies the fields of a ${thing.label}`, [from])}
    ${signature(`${style.access} static`, thing.api, part.pick('copy', 'duplicate', `clone${thing.className}`))}(${thing.api} ${seen(from)}) {
        ${thing.api} ${seen(to)} = new ${thing.api}();
        ${fields.map((field) => `${to}.${free(field.api)} = ${from}.${field.api};`)}
        return ${to};
    }
  `;
};

/** Values out of a map, as out of JSON. */
export const parsing: Member = (part) => {
  const { thing, names, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const data = part.pick('data', 'values', 'row', 'body', 'params');
  const isChecked = part.random.chance(0.4);
  const line = (field: Field): string => {
    const key = free(variableOf(field));
    const value = `${names.one}.${field.api} = (${apexType(field)}) ${data}.get('${variableOf(field)}');`;
    return isChecked
      ? `if (${data}.containsKey('${key}')) {\n    ${value}\n}`
      : value.replace(`.${field.api} =`, `.${free(field.api)} =`);
  };
  return apex`
    ${part.doc(`makes a ${thing.label} of the values`, [data])}
    ${signature(`${style.access} static`, thing.api, part.pick('fromMap', 'parse', `to${thing.className}`))}(Map<String, Object> ${seen(data)}) {
        ${thing.api} ${names.newOne} = new ${thing.api}();
        ${fields.map(line)}
        return ${names.one};
    }
  `;
};

/** A map of a record's values, as for JSON. */
export const toMap: Member = (part) => {
  const { thing, names, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const map = part.pick('values', 'data', 'row', style.result);
  const isPut = part.random.chance(0.6);
  const entry = (field: Field): [string, string] => [
    `'${free(variableOf(field))}'`,
    `${names.one}.${field.api}`,
  ];
  const head = signature(
    `${style.access} static`,
    'Map<String, Object>',
    part.pick('toMap', 'serialize', 'describe'),
  );
  if (!isPut) {
    const entries = fields.map((field) => `        ${entry(field).join(' => ')}`).join(',\n');
    return `${head}(${thing.api} ${names.newOne}) {\n    return new Map<String, Object>{\n${entries}\n    };\n}`;
  }
  return apex`
    ${head}(${thing.api} ${names.newOne}) {
        Map<String, Object> ${seen(map)} = new Map<String, Object>();
        ${fields.map((field) => `${map}.put(${entry(field).join(', ')});`)}
        return ${map};
    }
  `;
};

/** Takes over what is not null. */
export const patching: Member = (part) => {
  const { thing, names, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const changes = part.pick('changes', 'patch', 'input');
  return apex`
    ${part.doc(`takes over the fields that are not null`, [names.one, changes])}
    ${signature(`${style.access} static`, 'void', part.pick('applyChanges', 'mergeChanges', 'patchRecord'))}(${thing.api} ${names.newOne}, ${thing.api} ${seen(changes)}) {
        ${fields.map((field) => `if (${changes}.${free(field.api)} != null) {\n    ${names.one}.${field.api} = ${changes}.${field.api};\n}`)}
    }
  `;
};

/** Whether anything relevant changed. */
export const comparing: Member = (part) => {
  const { thing, names, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const [before, after] = part.pick(
    ['oldRecord', 'newRecord'],
    [`old${thing.className}`, `new${thing.className}`],
    ['before', names.one],
  ) as [string, string];
  if (before === after || after === 'before' || /^(before|after)$/i.test(before)) return null;
  const tests = fields.map(
    (field, index) =>
      `${index === 0 ? 'return ' : '    || '}${after}.${free(field.api)} != ${before}.${field.api}${index === fields.length - 1 ? ';' : ''}`,
  );
  const isSplit = part.random.chance(0.5);
  return apex`
    ${part.doc(`did a field change that matters?`, [after, before])}
    ${signature(`${style.access} static`, 'Boolean', part.pick('hasChanged', 'isChanged', 'hasRelevantChange'))}(${thing.api} ${seen(after)}, ${thing.api} ${seen(before)}) {
        ${isSplit ? fields.map((field) => `if (${after}.${free(field.api)} != ${before}.${field.api}) {\n    return true;\n}`) : tests}
        ${isSplit ? 'return false;' : ''}
    }
  `;
};

/** Writes one field after another to the log. */
export const logging: Member = (part) => {
  const { thing, names, style } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  return apex`
    ${signature(`${style.access} static`, 'void', part.pick(`log${thing.className}`, 'dump', `print${thing.className}`))}(${thing.api} ${names.newOne}) {
        ${fields.map((field) => part.log(`'${free(pascalCase(field.label).replace(/(?!^)([A-Z])/g, ' $1'))}: ' + ${names.one}.${field.api}`))}
    }
  `;
};

/** A test that looks at every field. */
export const testFields: Member = (part) => {
  const { thing, names } = part;
  const fields = drawSeries(part);
  if (fields === null) return null;
  const dto = part.pick('wrapper', 'dto', 'row');
  const type = `${thing.className}${pascalCase(dto)}`;
  const assert = part.pick('System.assertEquals', 'Assert.areEqual');
  return apex`
    @IsTest
    ${free(`static void ${part.pick('takesAllFields', 'testConstructor', 'mapsFields')}()`)} {
        ${thing.api} ${names.newOne} = [SELECT ${fields.map((field) => seen(field.api)).join(', ')} FROM ${thing.api} LIMIT 1];

        ${type} ${seen(dto)} = new ${type}(${names.one});

        ${fields.map((field) => `${assert}(${names.one}.${free(field.api)}, ${dto}.${variableOf(field, part)});`)}
    }
  `;
};

/** An enumeration of a picklist's values, and the text of each. */
export const enumeration: Member = (part) => {
  const { thing, style } = part;
  const field = part.fields(9, ['picklist']).find((one) => one.values.length >= 3);
  if (field === undefined) return null;
  const values = field.values.slice(0, 5);
  if (field.values.some((value) => isReserved(value))) return null;
  const type = pascalCase(field.label);
  const constant = (value: string): string =>
    value
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, 'V');
  const variable = part.pick('value', 'item', variableOf(field, part));
  return apex`
    public enum ${free(type)} {
        ${values.map((value, index) => `${free(constant(value))}${index === values.length - 1 ? '' : ','}`)}
    }

    ${part.doc(`the label of a ${thing.label}'s ${field.label}`, [variable])}
    ${free(`${style.access} static String toLabel`)}(${type} ${seen(variable)}) {
        switch on ${variable} {
            ${values.map((value) => `when ${constant(value)} {\n    return '${value}';\n}`)}
            when else {
                return ${free('null')};
            }
        }
    }
  `;
};
