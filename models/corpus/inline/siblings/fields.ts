/** Members of classes in rows: properties and what sets them, getters, totals, equality, tables of constants. */
import { capitalized } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, signature, variableOf, type Member, type Part } from '../part.js';
import { apart, checkedForNull, drawNamed, loopHead, meets, otherPart } from './parts.js';

/** An inner class whose constructor tells its properties, and a method that fills it. */
export const siblingProperties: Member = (part) => {
  const { thing, names, style } = part;
  const fields = apart(part.settable(part.random.integer(2, 4)));
  if (fields.length < 2) return null;
  const type = part.pick(
    'Row',
    'Item',
    'Entry',
    'Line',
    'Option',
    'Card',
    capitalized(unknownWord(part.random)),
  );
  const annotation = part.pick(
    '',
    '@AuraEnabled\n',
    '@AuraEnabled\n',
    '@AuraEnabled ',
    '@InvocableVariable\n',
  );
  const ending = part.pick(';', ';', ' { get; set; }');
  const declared = fields.map((field) => `${apexType(field)} ${variableOf(field, part)}`);
  const isRecord = part.random.chance(0.4);
  const given = isRecord ? `${thing.api} ${names.one}` : declared.join(', ');
  const sets = fields.map((field) => {
    const name = variableOf(field, part);
    return `this.${name} = ${isRecord ? `${names.one}.${field.api}` : name};`;
  });
  const properties = declared.map((one) => {
    const [of, name] = one.split(' ') as [string, string];
    return `${annotation}public ${isRecord ? `${free(of)} ${seen(name)}` : seen(one)}${ending}`;
  });
  const inner = apex`
    public class ${seen(type)} {
        ${properties}

        public ${type}(${given}) {
            ${sets}
        }
    }
  `;
  const rows = part.pick('rows', 'items', 'lines', style.result, 'entries', unknownWord(part.random));
  const values = isRecord ? names.one : fields.map(({ api }) => `${names.one}.${api}`).join(', ');
  const filling = apex`
    ${signature('public static', `List<${type}>`, part.pick('getRows', 'toRows', 'listAll', 'convert', 'load'))}(List<${thing.api}> ${names.newMany}) {
        List<${type}> ${seen(rows)} = new List<${type}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${rows}.add(new ${type}(${values}));
        }
        return ${rows};
    }
  `;
  return part.random.chance(0.7) ? `${inner}\n\n${filling}` : `${filling}\n\n${inner}`;
};

/** Private variables with a getter each, some with a setter too. */
export const siblingGetters: Member = (part) => {
  const fields = apart(part.settable(part.random.integer(2, 4)));
  if (fields.length < 2) return null;
  const self = part.random.chance(0.4) ? 'this.' : '';
  const hasSetters = part.random.chance(0.5);
  const isChained = part.random.chance(0.3);
  const parameter = part.random.chance(0.3) ? part.pick('value', 'newValue', 'given') : null;
  const type = part.className;
  const isDefault = part.random.chance(0.25);
  const methods = fields.flatMap((field) => {
    const name = variableOf(field, part);
    const of = apexType(field);
    const prefix = of === 'Boolean' && part.random.chance(0.5) ? 'is' : 'get';
    const shown =
      isDefault && of === 'String'
        ? `${self}${name} == null ? ${seen("''")} : ${self}${name}`
        : `${self}${name}`;
    const getter = `public ${free(`${of} ${prefix}${capitalized(name)}`)}() {\n    return ${shown};\n}`;
    const given = parameter ?? name;
    const target = parameter === null || self !== '' ? `this.${name}` : name;
    const setter = `public ${isChained ? type : 'void'} set${capitalized(name)}(${of} ${given}) {\n    ${target} = ${given};${isChained ? `\n    return ${seen('this')};` : ''}\n}`;
    return hasSetters ? [getter, setter] : [getter];
  });
  const declared = fields
    .map((field) => `private ${seen(apexType(field))} ${seen(variableOf(field, part))};`)
    .join('\n');
  return [declared, ...methods].join('\n\n');
};

/** A list, its field that is added up, and the property that keeps the sum. */
interface Summed {
  readonly api: string;
  readonly list: string;
  readonly one: string;
  readonly field: string;
  readonly total: string;
}

/** Two lists of one object, or of two. */
function drawSummed(part: Part, suffix: string): readonly Summed[] | null {
  const first = part.field(['currency']);
  if (first === null) return null;
  if (part.random.chance(0.55)) {
    const pairs = part.pick(
      ['current', 'previous'],
      ['planned', 'actual'],
      ['paid', 'unpaid'],
      ['domestic', 'foreign'],
      ['old', 'new'],
      [unknownWord(part.random), unknownWord(part.random)],
    );
    if (pairs[0] === pairs[1]) return null;
    const isShort = part.random.chance(0.3) && !pairs.includes('new');
    return pairs.map((word) => ({
      api: part.thing.api,
      list: isShort ? `${word}Ones` : `${word}${capitalized(part.thing.many)}`,
      one: part.names.one,
      field: first.api,
      total: `${word}${suffix}`,
    }));
  }
  const other = otherPart(part);
  const second = other.field(['currency', 'integer']);
  if (second === null || meets(part, other)) return null;
  return [[part, first.api] as const, [other, second.api] as const].map(([{ thing, names }, field]) => ({
    api: thing.api,
    list: names.many,
    one: names.one,
    field,
    total: `${thing.one.replace(/Record$/, '')}${suffix}`,
  }));
}

/** Two lists, two totals: the second loop does for its member what the first did. */
export const siblingTotals: Member = (part) => {
  const suffix = part.pick('Total', 'Sum', 'Amount', 'Count');
  const summed = drawSummed(part, suffix);
  if (summed === null) return null;
  const check = part.pick('if', 'none', 'continue', 'coalesce');
  const isIndexed = part.random.chance(0.35);
  const loop = ({ api, list, one, field, total }: Summed): string => {
    const access = `${isIndexed ? `${list}[i]` : one}.${seen(field)}`;
    const add = suffix === 'Count' ? `${total}++;` : `${total} += ${access};`;
    const body =
      check === 'coalesce' && suffix !== 'Count'
        ? `${total} += ${access} == null ? 0 : ${access};`
        : checkedForNull(suffix === 'Count' || check === 'coalesce' ? 'if' : check, access, add);
    return `${loopHead(api, one, list, isIndexed)}\n    ${body.replace(/\n/g, '\n    ')}\n}`;
  };
  const type = suffix === 'Count' ? 'Integer' : 'Decimal';
  const ending = part.pick(' = 0;', ' = 0;', ' { get; private set; }');
  const parameters = summed.map(({ api, list }) => `List<${api}> ${seen(list)}`).join(', ');
  const declared = summed.map(({ total }) => `public ${type} ${seen(total)}${ending}`).join('\n');
  const zeros = ending === ' = 0;' ? '' : summed.map(({ total }) => `${total} = 0;`).join('\n');
  const constructor = apex`
    public ${part.className}(${parameters}) {
        ${zeros}
        ${summed.map(loop)}
    }
  `;
  const both = apex`
    public ${type} ${part.pick('getTotal', 'total', 'overall', 'getGrandTotal')}() {
        return ${summed.map(({ total }) => total).join(' + ')};
    }
  `;
  return [declared, constructor, ...(part.random.chance(0.6) ? [both] : [])].join('\n\n');
};

/** Equality by some variables, and the number that goes with it. */
export const siblingEquality: Member = (part) => {
  const fields = apart(
    part.settable(part.random.integer(2, 3), ['text', 'picklist', 'date', 'email', 'integer']),
  );
  if (fields.length < 2) return null;
  const type = part.className;
  const names = fields.map((field) => variableOf(field, part));
  const [given, that] = part.pick(
    ['obj', 'other'],
    ['other', 'that'],
    ['o', 'that'],
    ['another', 'compared'],
  ) as [string, string];
  const start = part.pick('17', '1', '7', '31');
  const factor = part.pick('31', '37', '13');
  const code = part.pick('hash', 'code', 'result', 'value');
  const isSystem = part.random.chance(0.4);
  const hashed = isSystem
    ? [`return ${names.map((name) => `System.hashCode(${name})`).join(' + ')};`]
    : [
        `Integer ${seen(code)} = ${free(start)};`,
        ...names.map(
          (name) => `${code} = ${seen(factor)} * ${code} + (${name} == null ? 0 : ${name}.hashCode());`,
        ),
        `return ${code};`,
      ];
  const isSplit = part.random.chance(0.4);
  const tests = names.map((name) => `${name} == ${that}.${name}`);
  return apex`
    ${names.map((name, index) => `public ${free(apexType(fields[index]!))} ${seen(name)};`)}

    public Boolean equals(Object ${given}) {
        ${part.random.chance(0.6) ? `${free('')}if (!(${given} instanceof ${type})) {\n    return false;\n}` : ''}
        ${type} ${seen(that)} = (${type}) ${given};
        ${isSplit ? [...names.map((name) => `if (${name} != ${that}.${name}) {\n    return false;\n}`), 'return true;'] : `return ${tests.join(' && ')};`}
    }

    public Integer hashCode() {
        ${hashed}
    }
  `;
};

/** A record's values into a map and out of it again under the same keys. */
export const siblingRoundTrip: Member = (part) => {
  const { thing, names } = part;
  const fields = apart(part.settable(part.random.integer(2, 4)));
  if (fields.length < 2) return null;
  const map = part.pick('data', 'values', 'row', 'fields', part.style.result, 'entries');
  const [to, from] = part.pick(
    ['toMap', 'fromMap'],
    ['serialize', 'deserialize'],
    ['pack', 'unpack'],
    ['write', 'read'],
    ['describe', 'parse'],
  ) as [string, string];
  const isSnake = part.random.chance(0.3);
  const keyOf = (name: string): string =>
    isSnake ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;
  const hasCheck = part.random.chance(0.3);
  const packing = apex`
    public static Map<String, Object> ${free(to)}(${thing.api} ${names.newOne}) {
        Map<String, Object> ${seen(map)} = new Map<String, Object>();
        ${fields.map((field) => `${map}.put('${seen(keyOf(variableOf(field)))}', ${names.one}.${seen(field.api)});`)}
        return ${map};
    }
  `;
  const unpacking = apex`
    public static ${thing.api} ${free(from)}(Map<String, Object> ${map}) {
        ${thing.api} ${names.newOne} = new ${thing.api}();
        ${fields.map((field) => {
          const key = seen(keyOf(variableOf(field)));
          const line = `${names.one}.${seen(field.api)} = (${apexType(field)}) ${map}.get('${key}');`;
          return hasCheck ? `if (${map}.${seen('containsKey')}('${key}')) {\n    ${line}\n}` : line;
        })}
        return ${names.one};
    }
  `;
  return part.random.chance(0.8) ? `${packing}\n\n${unpacking}` : `${unpacking}\n\n${packing}`;
};

/** Constants of values, sets made of them, and a question for each set or constant. */
export const siblingConstants: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawNamed(part, 3, 4);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const prefix = `${part.pick(constantName(field.label), 'VALUE', constantName(thing.label))}_`;
  const takesRecord = part.random.chance(0.5);
  const given = takesRecord ? names.one : variableOf(field, part);
  const access = takesRecord ? `${names.one}.${seen(field.api)}` : given;
  const parameter = `${takesRecord ? thing.api : 'String'} ${given}`;
  const constants = values
    .map(
      ({ constant, value }, index) =>
        `public static final String ${index === 0 ? free(prefix + constant) : prefix + free(constant)} = '${value}';`,
    )
    .join('\n');
  const questions = values.slice(0, 2 + part.random.integer(0, values.length - 2)).map(
    ({ word, constant }) => apex`
      ${signature('public static', 'Boolean', `is${word}`)}(${parameter}) {
          return ${access} == ${prefix}${constant};
      }
    `,
  );
  const half = Math.ceil(values.length / 2);
  const [one, two] = part.pick(
    ['OPEN', 'DONE'],
    ['ACTIVE', 'INACTIVE'],
    ['EARLY', 'LATE'],
    ['INTERNAL', 'EXTERNAL'],
  ) as [string, string];
  const setOf = (name: string, some: typeof values): string =>
    `private static final Set<String> ${seen(name)} = new Set<String>{ ${some.map(({ constant }) => free(prefix + constant)).join(', ')} };`;
  const sets = `${setOf(one, values.slice(0, half))}\n${setOf(two, values.slice(half))}`;
  const asked = [one, two].map(
    (name) => apex`
      ${signature('public static', 'Boolean', `is${capitalized(name.toLowerCase())}`)}(${parameter}) {
          return ${name}.contains(${access});
      }
    `,
  );
  return part.random.chance(0.5)
    ? [constants, ...questions].join('\n\n')
    : [constants, sets, ...asked].join('\n\n');
};

/** What some ways of copying tell their caller. */
const copyAnswers = {
  differs: { name: 'changed', type: 'Boolean', start: 'false' },
  counted: { name: 'count', type: 'Integer', start: '0' },
  blank: null,
  given: null,
  plain: null,
} as const;

/** Copies several fields of one record to another, each under the same check. */
export const siblingCopies: Member = (part) => {
  const { thing } = part;
  const fields = apart(part.settable(part.random.integer(2, 4)));
  if (fields.length < 2) return null;
  const [from, to] = part.pick(
    ['source', 'target'],
    ['master', 'duplicate'],
    ['before', 'after'],
    ['template', 'copy'],
    ['parent', 'child'],
  ) as [string, string];
  const shape = part.pick('blank', 'given', 'plain', 'differs', 'counted');
  const lines = fields.map((field) => {
    const [a, b] = [`${from}.${seen(field.api)}`, `${to}.${field.api}`];
    const copy = `${to}.${field.api} = ${from}.${field.api};`;
    switch (shape) {
      case 'blank':
        return `if (${to}.${free(field.api)} == null) {\n    ${copy}\n}`;
      case 'given':
        return `if (${from}.${free(field.api)} != null) {\n    ${copy}\n}`;
      case 'differs':
        return `if (${a} != ${b}) {\n    ${copy}\n    ${seen('changed')} = true;\n}`;
      case 'counted':
        return `if (${a} != ${b}) {\n    ${copy}\n    ${seen('count')}++;\n}`;
      case 'plain':
        return `${to}.${free(field.api)} = ${from}.${field.api};`;
    }
  });
  const answer = copyAnswers[shape];
  const doc = part.doc(
    part.pick(`takes fields of the ${from} ${thing.label} over`, `${from} to ${to}, field by field`),
    [from, to],
  );
  const head = signature(
    'public static',
    answer?.type ?? 'void',
    part.pick('copyFields', 'fill', 'takeOver', 'transfer', 'mergeFields'),
  );
  return apex`
    ${doc}
    ${head}(${thing.api} ${seen(from)}, ${thing.api} ${seen(to)}) {
        ${answer === null ? '' : `${answer.type} ${seen(answer.name)} = ${answer.start};`}
        ${lines}
        ${answer === null ? '' : `return ${answer.name};`}
    }
  `;
};
