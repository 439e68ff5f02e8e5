/** Texts put together of fields and parameters, as the comment above shows or says, and taken apart again. */
import { pascalCase } from '../../phrase.js';
import { unknownName, unknownWord } from '../../words/invented.js';
import { apex, seen, when } from '../apex.js';
import { variableOf, type Member, type Part } from '../part.js';
import { declared, opened, recordParameter, told, type Pair } from './words.js';

/** Labels of a record as an example in the comment shows them. */
export const exampleText: Member = (part) => {
  const { thing, names } = part;
  const fields = part
    .fields(part.random.integer(1, 2), ['text', 'picklist'])
    .filter(({ api }) => api !== thing.nameField);
  if (fields.length === 0) return null;
  const sample = unknownName(part.random).replace(/ \d+$/, '');
  const shown = fields.map(({ label }) => pascalCase(label).replace(/(?!^)([A-Z])/g, ' $1'));
  const name = `${names.one}.${thing.nameField}`;
  const values = fields.map(({ api }) => `${names.one}.${api}`);
  const listed = values.join(" + ', ' + ");
  const [text, code] = part.pick<Pair>(
    [`${sample} (${shown.join(', ')})`, `${name} + ' (' + ${listed} + ')'`],
    [`${sample} - ${shown.join(' - ')}`, [name, ...values].join(" + ' - ' + ")],
    [`${shown.join(', ')}: ${sample}`, `${listed} + ': ' + ${name}`],
    [`[${shown[0]!}] ${sample}`, `'[' + ${values[0]!} + '] ' + ${name}`],
  );
  const used = text.startsWith('[') ? fields.slice(0, 1) : fields;
  const pieces = [thing.nameField, ...used.map(({ label }) => label)];
  return apex`
    ${told(part, `e.g. "${text}", made of ${pieces.map((label) => `the ${label.toLowerCase()}`).join(' and ')}`)}
    ${opened(part, 'String', part.pick('toLabel', 'display', 'labelOf', 'caption', `describe${thing.className}`, 'title'))}(${recordParameter(part, false)}) {
        return ${code};
    }
  `;
};

/** A method that makes one text of others. */
interface Tool {
  readonly said: string;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly lines: readonly string[];
}

/** The names of parameters and variables that the tools of one file share. */
interface TextWords {
  readonly first: string;
  readonly last: string;
  readonly value: string;
  readonly size: string;
  readonly mark: string;
  readonly address: readonly [street: string, zip: string, city: string];
  readonly pieces: string;
}

function drawTextWords(part: Part): TextWords {
  const [first, last] = part.pick<Pair>(
    ['firstName', 'lastName'],
    ['given', 'family'],
    ['forename', 'surname'],
    ['first', 'last'],
  );
  return {
    first,
    last,
    value: part.pick('text', 'value', 'input', 'raw', unknownWord(part.random)),
    size: part.pick('maxLength', 'size', 'length', 'most'),
    mark: part.pick('prefix', 'start', 'lead'),
    address: part.pick<TextWords['address']>(
      ['street', 'zip', 'city'],
      ['road', 'postalCode', 'town'],
      ['line1', 'postcode', 'place'],
    ),
    pieces: part.pick('lines', 'parts', 'pieces'),
  };
}

function texts(...names: readonly string[]): readonly string[] {
  return names.map((name) => `String ${seen(name)}`);
}

const textTools: readonly ((words: TextWords) => Tool)[] = [
  ({ first, last }) => ({
    said: `${first} and ${last} with a blank between them`,
    name: 'fullName',
    parameters: texts(first, last),
    lines: [`return ${first} + ' ' + ${last};`],
  }),
  ({ first, last }) => ({
    said: `${last}, a comma and ${first}`,
    name: 'sortName',
    parameters: texts(first, last),
    lines: [`return ${last} + ', ' + ${first};`],
  }),
  ({ first, last }) => ({
    said: `first letters of ${first} and ${last}, in capitals`,
    name: 'initials',
    parameters: texts(first, last),
    lines: [`return (${first}.left(1) + ${last}.left(1)).toUpperCase();`],
  }),
  ({ first, last }) => ({
    said: `${first} and ${last}; only ${last} when there is no ${first}`,
    name: 'nameOf',
    parameters: texts(first, last),
    lines: [`return String.isBlank(${first}) ? ${last} : ${first} + ' ' + ${last};`],
  }),
  ({ address, pieces }) => ({
    said: `${address[0]}, ${address[1]} and ${address[2]} on lines of their own, without the blank ones`,
    name: 'addressOf',
    parameters: texts(...address),
    lines: [
      `List<String> ${seen(pieces)} = new List<String>();`,
      ...address.map((name) => when(`String.isNotBlank(${name})`, `${pieces}.add(${name});`)),
      `return String.join(${pieces}, '\\n');`,
    ],
  }),
  ({ value, size }) => ({
    said: `cut off after ${size} characters`,
    name: 'shorten',
    parameters: [...texts(value), `Integer ${seen(size)}`],
    lines: [
      when(`${value} == null || ${value}.length() <= ${size}`, `return ${value};`),
      `return ${value}.substring(0, ${size});`,
    ],
  }),
  ({ value }) => ({
    said: 'without blanks around it, in lower case; null stays null',
    name: 'normalize',
    parameters: texts(value),
    lines: [`return ${value} == null ? null : ${value}.trim().toLowerCase();`],
  }),
  ({ value }) => ({
    said: `${value} in capitals, null-safe`,
    name: 'upper',
    parameters: texts(value),
    lines: [`return ${value}?.toUpperCase();`],
  }),
  ({ value, mark }) => ({
    said: `puts the ${mark} in front, where it is not there already`,
    name: 'ensureStart',
    parameters: texts(value, mark),
    lines: [`return ${value}.startsWith(${mark}) ? ${value} : ${mark} + ${value};`],
  }),
  ({ value, mark }) => ({
    said: `without the ${mark} that it begins with`,
    name: 'stripStart',
    parameters: texts(value, mark),
    lines: [`return ${value}.removeStart(${mark});`],
  }),
  ({ value }) => ({
    said: 'only the digits of it',
    name: 'digitsOf',
    parameters: texts(value),
    lines: [`return ${value}.replaceAll('[^0-9]', '');`],
  }),
  ({ value, size }) => ({
    said: `filled up with zeros on the left to ${size} characters`,
    name: 'padded',
    parameters: [...texts(value), `Integer ${seen(size)}`],
    lines: [`return ${value}.leftPad(${size}, '0');`],
  }),
  ({ value, size }) => ({
    said: `all but the last ${size} characters as stars`,
    name: 'masked',
    parameters: [...texts(value), `Integer ${seen(size)}`],
    lines: [`return '*'.repeat(${value}.length() - ${size}) + ${value}.right(${size});`],
  }),
];

/** Small tools for texts: names, addresses, initials, cuts. */
export const textRules: Member = (part) => {
  const words = drawTextWords(part);
  return part.random
    .sample(textTools, part.random.integer(1, 3))
    .map((toolOf) => {
      const { said, name, parameters, lines } = toolOf(words);
      return apex`
        ${told(part, said)}
        ${opened(part, 'String', name)}(${parameters.join(', ')}) {
            ${lines}
        }
      `;
    })
    .join('\n\n');
};

/** Lists joined and texts split with a separator that is a constant. */
export const separators: Member = (part) => {
  const { thing, names } = part;
  const field = part.field(['email', 'text', 'phone']);
  if (field === null) return null;
  const constant = part.pick('SEPARATOR', 'DELIMITER', 'JOINER', 'GLUE', 'LIST_SEPARATOR');
  const spoken = constant.toLowerCase().replace('_', ' ');
  const values = part.pick('values', 'parts', 'texts', `${variableOf(field, part)}List`);
  const text = part.pick('text', 'joined', 'line', 'csv');
  const one = part.pick('part', 'piece', 'token');
  const isGuarded = part.random.chance(0.5);
  const value = `${names.one}.${field.api}`;
  const add = `${values}.add(${value});`;
  const joining = apex`
    ${told(part, `the ${field.label} of ${isGuarded ? 'every one that has it' : 'each'}, joined with the ${spoken}`, [names.many])}
    ${opened(part, 'String', part.pick('join', `join${pascalCase(field.label)}`, `${variableOf(field)}Line`))}(${recordParameter(part, true)}) {
        List<String> ${seen(values)} = new List<String>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${isGuarded ? when(`String.isNotBlank(${value})`, add) : add}
        }
        return String.join(${values}, ${constant});
    }
  `;
  const splitting = apex`
    ${told(part, `splits at the ${spoken}, without blanks around the parts`, [text])}
    ${opened(part, 'List<String>', part.pick('split', 'splitText', 'parse', 'toList'))}(String ${seen(text)}) {
        List<String> ${seen(values)} = new List<String>();
        for (String ${seen(one)} : ${text}.split(${constant})) {
            ${values}.add(${one}.trim());
        }
        return ${values};
    }
  `;
  const methods = part.random.shuffled([joining, splitting]).slice(0, part.random.integer(1, 2));
  return [
    declared(part, [[constant, 'String', part.pick("';'", "','", "', '", "' / '", "'-'")]]),
    ...methods,
  ].join('\n\n');
};
