/** Classes that hold data, and what they are made of: properties, constructors, builders, constants. */
import type { Field } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { constantName } from './constant-names.js';
import { apexType, variableOf, type Member, type Part } from './part.js';

/** Properties and a constructor that takes them from a record. */
export const wrapper: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(3, 7));
  if (fields.length < 3) return null;
  const isAura = part.random.chance(0.5);
  const ending = part.pick(';', ' { get; set; }');
  const target = part.random.chance(0.8) ? 'this.' : '';
  const properties = fields.map(
    (field) => apex`
    ${isAura ? '@AuraEnabled' : ''}
    public ${free(`${apexType(field)} ${variableOf(field, part)}`)}${ending}
  `,
  );
  const lines = fields.map((field) => `${target}${variableOf(field, part)} = ${names.one}.${field.api};`);
  return [
    properties.join('\n'),
    apex`
      ${part.random.chance(0.4) ? `public ${part.className}() {}\n` : ''}
      public ${part.className}(${thing.api} ${names.newOne}) {
          ${lines}
      }
    `,
    ...(part.random.chance(0.5) ? [toRecord(part, fields)] : []),
    ...(part.random.chance(0.3) ? [compared(part, fields[0]!)] : []),
  ].join('\n\n');
};

function toRecord(part: Part, fields: readonly Field[]): string {
  const { thing, names } = part;
  const lines = fields.map((field) => `${names.one}.${field.api} = this.${variableOf(field, part)};`);
  return apex`
    ${part.doc(`turns this into a ${thing.label}`)}
    ${free(`public ${thing.api} ${part.pick('toSObject', 'toRecord', `to${thing.className}`)}()`)} {
        ${thing.api} ${names.one} = new ${thing.api}();
        ${lines}
        return ${names.one};
    }
  `;
}

function compared(part: Part, field: Field): string {
  const name = variableOf(field, part);
  return apex`
    ${free('public Integer compareTo(Object other)')} {
        ${part.className} that = (${part.className}) other;
        if (this.${name} == that.${name}) {
            return 0;
        }
        return this.${name} > that.${name} ? 1 : -1;
    }
  `;
}

/** All fields set by the arguments of the constructor. */
export const constructed: Member = (part) => {
  const fields = part.settable(part.random.integer(2, 5));
  if (fields.length < 2) return null;
  const names = fields.map((field) => variableOf(field, part));
  const ending = part.pick(';', ' { get; private set; }', ' { get; set; }');
  const parameters = fields.map((field, index) => `${apexType(field)} ${names[index]!}`).join(', ');
  const access = ending === ';' ? 'private' : 'public';
  const getters = fields.map(
    (field, index) => apex`
    public ${apexType(field)} get${pascalCase(names[index]!)}() {
        return ${part.style.hasThis ? 'this.' : ''}${names[index]!};
    }
  `,
  );
  const setters = fields.map(
    (field, index) => apex`
    public void set${pascalCase(names[index]!)}(${apexType(field)} ${names[index]!}) {
        this.${names[index]!} = ${names[index]!};
    }
  `,
  );
  return [
    fields
      .map((field, index) => `${access} ${free(`${apexType(field)} ${names[index]!}`)}${ending}`)
      .join('\n'),
    apex`
      public ${part.className}(${parameters}) {
          ${names.map((name) => `this.${name} = ${name};`)}
      }
    `,
    ...(ending === ';'
      ? part.random.chance(0.5)
        ? getters
        : getters.flatMap((getter, index) => [getter, setters[index]!])
      : []),
  ].join('\n\n');
};

/** Calls that can be chained, and one that gives the record. */
export const builder: Member = (part) => {
  const { thing } = part;
  const record = part.pick('record', part.names.one);
  const verb = part.pick('with', 'set', 'with');
  const fields = part.settable(part.random.integer(2, 6));
  if (fields.length < 2) return null;
  const access = part.random.chance(0.6) ? 'this.' : '';
  const setters = fields.map(
    (field) => apex`
    public ${part.className} ${verb}${free(pascalCase(variableOf(field, part)))}(${apexType(field)} ${part.pick(variableOf(field, part))}) {
        ${access}${record}.${field.api} = ${variableOf(field, part)};
        return this;
    }
  `,
  );
  return [
    part.random.chance(0.5)
      ? `private ${thing.api} ${seen(record)} = new ${thing.api}();`
      : apex`
      private ${thing.api} ${seen(record)};

      public ${part.className}() {
          ${access}${record} = new ${thing.api}();
      }
    `,
    ...setters,
    apex`
      public ${thing.api} build() {
          return ${access}${record};
      }
    `,
    ...(part.random.chance(0.5)
      ? [
          apex`
      public ${thing.api} ${free('')}${part.pick('create', 'buildAndInsert', 'persist')}() {
          insert ${access}${record};
          return ${access}${record};
      }
    `,
        ]
      : []),
  ].join('\n\n');
};

/** Constants of a picklist, with what uses them. */
export const constants: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.fields(9, ['picklist']).find((one) => one.values.length >= 3);
  if (field === undefined) return null;
  const head = constantName(field.label);
  const values = field.values.slice(0, 5);
  const isFinal = part.random.chance(0.8) ? 'static final' : 'final static';
  const value = variableOf(field, part);
  const [first, second] = [`${head}_${constantName(values[0]!)}`, `${head}_${constantName(values[1]!)}`];
  const word = pascalCase(
    values[0]!
      .replace(/[^A-Za-z0-9]+/g, ' ')
      .trim()
      .toLowerCase(),
  );
  return [
    values.map((one) => `public ${isFinal} String ${head}_${free(constantName(one))} = '${one}';`).join('\n'),
    apex`
      ${part.doc(`is the ${thing.label}'s ${field.label} ${values[0]!}?`, [names.one])}
      ${free(`${style.access} static Boolean is${word}`)}(${thing.api} ${names.newOne}) {
          return ${names.one}.${field.api} == ${first};
      }
    `,
    apex`
      ${part.doc(`which ${field.label} comes next`, [value])}
      ${free(`${style.access} static String next${pascalCase(field.label)}`)}(String ${seen(value)}) {
          if (${value} == ${first}) {
              return ${second};
          }
          ${values.slice(1, -1).map((one, index) => `if (${value} == ${head}_${constantName(one)}) {\n    return ${head}_${constantName(values[index + 2]!)};\n}`)}
          return ${value};
      }
    `,
  ]
    .slice(0, part.random.integer(2, 3))
    .join('\n\n');
};
