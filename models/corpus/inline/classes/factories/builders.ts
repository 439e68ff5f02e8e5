/** Builders of test records: a setter for each field that returns the builder, and the record at the end. */
import { nameApi } from '../names.js';
import type { Field } from '../../../nouns.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, seen } from '../../apex.js';
import { apexType, variableOf, type Member, type Part } from '../../part.js';
import { self } from '../../scope/words.js';
import { defaultOf } from './records.js';

/** The fields that a builder sets, the name first. */
function drawFields(part: Part, least: number, most: number): readonly Field[] | null {
  const fields = part.settable(part.random.integer(least, most));
  const own = fields.filter(({ api }) => api !== 'Name' && api !== 'LastName');
  const api = nameApi(part);
  const name: readonly Field[] =
    api === ''
      ? []
      : [{ api, label: api === 'Name' ? 'name' : 'last name', type: 'text', values: [], target: null }];
  const all = [...name, ...own];
  return all.length < 2 ? null : all;
}

/** Over one record that is kept while it is built. */
export const recordBuilder: Member = (part) => {
  const { thing, className } = part;
  const fields = drawFields(part, 2, 4);
  if (fields === null) return null;
  const record = part.pick('record', 'rec', 'sample', 'product', thing.one);
  const prefix = part.pick('with', 'with', 'with', 'set', 'having');
  const isValue = part.random.chance(0.4);
  const me = self(part);
  const hasDefaults = part.random.chance(0.4);
  const hasStart = part.random.chance(0.4);
  const kept = hasDefaults
    ? apex`
        private ${thing.api} ${seen(record)};

        ${part.style.access} ${className}() {
            ${me}${record} = new ${thing.api}(${fields
              .slice(0, 2)
              .map((field) => `${seen(field.api)} = ${free(defaultOf(part, apexType(field), field.api))}`)
              .join(', ')});
        }
      `
    : `private ${part.pick('', 'final ')}${thing.api} ${seen(record)} = new ${thing.api}();`;
  const start = apex`

    public static ${className} ${free(part.pick('start', `a${thing.className}`, 'create', 'newInstance'))}() {
        return new ${className}();
    }
  `;
  const setters = fields.map((field) => {
    const parameter = isValue ? 'value' : variableOf(field, part);
    return apex`
      public ${className} ${seen(`${prefix}${pascalCase(field.label)}`)}(${apexType(field)} ${seen(parameter)}) {
          ${me}${record}.${field.api} = ${parameter};
          return this;
      }
    `;
  });
  const yes = fields
    .filter(({ type }) => type === 'checkbox')
    .map(
      (field) => apex`
        public ${className} ${free(`thatIs${pascalCase(field.label)}`)}() {
            return ${prefix}${pascalCase(field.label)}(true);
        }
      `,
    );
  const build = apex`
    public ${thing.api} build() {
        return ${me}${record};
    }
  `;
  const save = apex`
    ${part.comment('inserts what was built and returns it')}
    public ${thing.api} ${free(part.pick('buildAndInsert', 'save', 'persist', 'insertRecord'))}() {
        insert ${me}${record};
        return ${me}${record};
    }
  `;
  return [
    kept + (hasStart ? `\n${start}` : ''),
    ...setters,
    ...yes,
    build,
    ...(part.random.chance(0.6) ? [save] : []),
  ].join('\n\n');
};

/** A variable for each value, which the end puts into one constructor. */
export const valueBuilder: Member = (part) => {
  const { thing, className } = part;
  const fields = drawFields(part, 2, 4);
  if (fields === null) return null;
  const prefix = part.pick('with', 'with', 'set', 'and');
  const isDefaulted = part.random.chance(0.6);
  const isLong = part.random.chance(0.6);
  const isValue = part.random.chance(0.5);
  const variables = fields.map((field) => ({ field, name: variableOf(field, part), type: apexType(field) }));
  if (new Set(variables.map(({ name }) => name)).size < variables.length) return null;
  const declared = variables.map(
    ({ field, name, type }) =>
      `private ${type} ${seen(name)}${isDefaulted ? ` = ${free(defaultOf(part, type, field.api))}` : ''};`,
  );
  const setters = variables.map(({ field, name, type }) => {
    const parameter = isValue ? 'value' : name;
    return apex`
      public ${className} ${free(prefix + pascalCase(field.label))}(${type} ${seen(parameter)}) {
          this.${name} = ${parameter};
          return this;
      }
    `;
  });
  const given = variables.map(({ field, name }) => `${field.api} = ${self(part)}${name}`);
  const made = isLong
    ? `new ${thing.api}(\n${given.map((one) => `    ${one}`).join(',\n')}\n)`
    : `new ${thing.api}(${given.join(', ')})`;
  const list = apex`
    ${free(`public List<${thing.api}>`)} ${free(`build${capitalized(thing.many)}`)}(Integer ${seen('count')}) {
        List<${thing.api}> ${seen('built')} = new List<${thing.api}>();
        for (Integer i = 0; i < count; i++) {
            built.add(build());
        }
        return built;
    }
  `;
  return [
    declared.join('\n'),
    ...setters,
    `public ${thing.api} build() {\n    return ${made.replace(/\n/g, '\n    ')};\n}`,
    ...(part.random.chance(0.4) ? [list] : []),
  ].join('\n\n');
};

/** Defaults that are filled in where a record has nothing. */
export const defaultsFactory: Member = (part) => {
  const { thing, names } = part;
  const fields = drawFields(part, 2, 4);
  if (fields === null) return null;
  const one = part.pick(names.one, 'rec', 'record');
  const defaults = part.pick('defaults', 'template', 'base');
  const isMap = part.random.chance(0.5);
  const many = names.many === one || names.many === defaults ? 'records' : names.many;
  if (one === defaults || many === one) return null;
  const values = fields.map((field) => ({
    api: field.api,
    value: defaultOf(part, apexType(field), field.api),
  }));
  if (isMap) {
    return apex`
      ${free('private static final')} Map<String, Object> ${seen('DEFAULTS')} = new Map<String, Object>{
          ${values.map(({ api, value }, at) => `'${free(api)}' => ${free(value)}${at === values.length - 1 ? '' : ','}`)}
      };

      ${part.comment('a default never replaces what is set')}
      ${free('public static')} ${thing.api} ${free('fill')}(${thing.api} ${seen(one)}) {
          Map<String, Object> ${seen('present')} = ${one}.getPopulatedFieldsAsMap();
          for (String ${seen('fieldName')} : DEFAULTS.keySet()) {
              if (!present.containsKey(fieldName)) {
                  ${one}.put(fieldName, DEFAULTS.get(fieldName));
              }
          }
          return ${one};
      }

      ${free('public static')} List<${thing.api}> ${free('fillAll')}(List<${thing.api}> ${seen(many)}) {
          for (${thing.api} ${seen(one)} : ${many}) {
              fill(${one});
          }
          return ${many};
      }
    `;
  }
  return apex`
    ${part.comment('a default never replaces what is set')}
    ${free('public static')} ${thing.api} ${free(part.pick('fill', 'complete', 'withDefaults'))}(${thing.api} ${seen(one)}) {
        ${values.map(({ api, value }) => `if (${one}.${free(api)} == null) {\n    ${one}.${api} = ${free(value)};\n}`)}
        return ${one};
    }

    ${free('public static')} ${thing.api} ${free(part.pick('copyOf', 'duplicate'))}(${thing.api} ${seen(one)}) {
        ${thing.api} ${seen(defaults)} = new ${thing.api}();
        ${values.map(({ api }) => `${defaults}.${api} = ${one}.${api};`)}
        return ${defaults};
    }
  `;
};
