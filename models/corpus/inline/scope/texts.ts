/** Texts put together of fields and parameters, and checks that are made again for the second thing. */
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownName, unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { variableOf, type Member, type Part } from '../part.js';
import { declared, drawException, opened, told } from './words.js';

/** Labels of a record as an example in the comment shows them. */
export const exampleText: Member = (part) => {
  const { thing, names } = part;
  const fields = part
    .fields(part.random.integer(1, 2), ['text', 'picklist'])
    .filter(({ api }) => api !== thing.nameField);
  if (fields.length === 0) return null;
  const sample = unknownName(part.random).replace(/ \d+$/, '');
  const shown = fields.map(({ label }) => pascalCase(label).replace(/(?!^)([A-Z])/g, ' $1'));
  const [text, code] = part.pick(
    [
      `${sample} (${shown.join(', ')})`,
      `${names.one}.${thing.nameField} + ' (' + ${fields.map(({ api }) => `${names.one}.${api}`).join(" + ', ' + ")} + ')'`,
    ],
    [
      `${sample} - ${shown.join(' - ')}`,
      [thing.nameField, ...fields.map(({ api }) => api)]
        .map((api) => `${names.one}.${api}`)
        .join(" + ' - ' + "),
    ],
    [
      `${shown.join(', ')}: ${sample}`,
      `${fields.map(({ api }) => `${names.one}.${api}`).join(" + ', ' + ")} + ': ' + ${names.one}.${thing.nameField}`,
    ],
    [
      `[${shown[0]!}] ${sample}`,
      `'[' + ${names.one}.${fields[0]!.api} + '] ' + ${names.one}.${thing.nameField}`,
    ],
  ) as [string, string];
  const used = text.startsWith('[') ? fields.slice(0, 1) : fields;
  const parts = [thing.nameField, ...used.map(({ label }) => label)];
  return apex`
    ${told(part, `e.g. "${text}", made of ${parts.map((label) => `the ${label.toLowerCase()}`).join(' and ')}`)}
    ${opened(part, 'String', part.pick('toLabel', 'display', 'labelOf', 'caption', `describe${thing.className}`, 'title'))}(${thing.api} ${names.newOne}) {
        return ${code};
    }
  `;
};

type Tool = readonly [said: string, head: string, lines: readonly string[]];

function textTools(part: Part): readonly Tool[] {
  const [first, last] = part.pick(
    ['firstName', 'lastName'],
    ['given', 'family'],
    ['forename', 'surname'],
    ['first', 'last'],
  ) as [string, string];
  const value = part.pick('text', 'value', 'input', 'raw', unknownWord(part.random));
  const size = part.pick('maxLength', 'size', 'length', 'most');
  const mark = part.pick('prefix', 'start', 'lead');
  const [street, zip, city] = part.pick(
    ['street', 'zip', 'city'],
    ['road', 'postalCode', 'town'],
    ['line1', 'postcode', 'place'],
  ) as [string, string, string];
  const lines = part.pick('lines', 'parts', 'pieces');
  return [
    [
      `${first} and ${last} with a blank between them`,
      `String fullName(String ${seen(first)}, String ${seen(last)})`,
      [`return ${first} + ' ' + ${last};`],
    ],
    [
      `${last}, a comma and ${first}`,
      `String sortName(String ${seen(first)}, String ${seen(last)})`,
      [`return ${last} + ', ' + ${first};`],
    ],
    [
      `first letters of ${first} and ${last}, in capitals`,
      `String initials(String ${seen(first)}, String ${seen(last)})`,
      [`return (${first}.left(1) + ${last}.left(1)).toUpperCase();`],
    ],
    [
      `${first} and ${last}; only ${last} when there is no ${first}`,
      `String nameOf(String ${seen(first)}, String ${seen(last)})`,
      [`return String.isBlank(${first}) ? ${last} : ${first} + ' ' + ${last};`],
    ],
    [
      `${street}, ${zip} and ${city} on lines of their own, without the blank ones`,
      `String addressOf(String ${seen(street)}, String ${seen(zip)}, String ${seen(city)})`,
      [
        `List<String> ${seen(lines)} = new List<String>();`,
        ...[street, zip, city].map(
          (name) => `if (String.isNotBlank(${name})) {\n    ${lines}.add(${name});\n}`,
        ),
        `return String.join(${lines}, '\\n');`,
      ],
    ],
    [
      `cut off after ${size} characters`,
      `String shorten(String ${seen(value)}, Integer ${seen(size)})`,
      [
        `if (${value} == null || ${value}.length() <= ${size}) {\n    return ${value};\n}`,
        `return ${value}.substring(0, ${size});`,
      ],
    ],
    [
      `without blanks around it, in lower case; null stays null`,
      `String normalize(String ${seen(value)})`,
      [`return ${value} == null ? null : ${value}.trim().toLowerCase();`],
    ],
    [
      `${value} in capitals, null-safe`,
      `String upper(String ${seen(value)})`,
      [`return ${value}?.toUpperCase();`],
    ],
    [
      `puts the ${mark} in front, where it is not there already`,
      `String ensureStart(String ${seen(value)}, String ${seen(mark)})`,
      [`return ${value}.startsWith(${mark}) ? ${value} : ${mark} + ${value};`],
    ],
    [
      `without the ${mark} that it begins with`,
      `String stripStart(String ${seen(value)}, String ${seen(mark)})`,
      [`return ${value}.removeStart(${mark});`],
    ],
    [
      `only the digits of it`,
      `String digitsOf(String ${seen(value)})`,
      [`return ${value}.replaceAll('[^0-9]', '');`],
    ],
    [
      `filled up with zeros on the left to ${size} characters`,
      `String padded(String ${seen(value)}, Integer ${seen(size)})`,
      [`return ${value}.leftPad(${size}, '0');`],
    ],
    [
      `all but the last ${size} characters as stars`,
      `String masked(String ${seen(value)}, Integer ${seen(size)})`,
      [`return '*'.repeat(${value}.length() - ${size}) + ${value}.right(${size});`],
    ],
  ];
}

/** Small tools for texts: names, addresses, initials, cuts. */
export const textRules: Member = (part) => {
  const chosen = part.random.sample(textTools(part), part.random.integer(1, 3));
  return chosen
    .map(([said, head, lines]) => {
      const [type, name, parameters] = /^(\w+) (\w+)(\(.*\))$/.exec(head)!.slice(1) as [
        string,
        string,
        string,
      ];
      return apex`
        ${told(part, said)}
        ${opened(part, type, name)}${parameters} {
            ${lines}
        }
      `;
    })
    .join('\n\n');
};

/** Fields of the record that a lookup points to, read without failing on nulls. */
export const nullSafe: Member = (part) => {
  const { thing, names } = part;
  const lookups = thing.fields.filter(({ type, target }) => type === 'reference' && target !== null);
  if (lookups.length === 0) return null;
  const lookup = part.random.pick(lookups);
  part.draw.noteField(thing.api, lookup.api);
  const relation = lookup.api.endsWith('__c')
    ? lookup.api.replace(/__c$/, '__r')
    : lookup.api.replace(/Id$/, '');
  if (relation === lookup.api) return null;
  const chain = part.pick('?', 'if', 'ternary');
  const path = `${names.one}.${relation}`;
  const safe = (api: string): string =>
    chain === '?'
      ? `return ${path}?.${api};`
      : chain === 'ternary'
        ? `return ${path} == null ? null : ${path}.${api};`
        : `if (${path} == null) {\n    return null;\n}\nreturn ${path}.${api};`;
  const chosen = part.random.sample(['Name', 'CreatedDate', 'LastModifiedDate'], part.random.integer(1, 3));
  const typeOf: Readonly<Record<string, string>> = {
    Name: 'String',
    OwnerId: 'Id',
    CreatedDate: 'Datetime',
    LastModifiedDate: 'Datetime',
  };
  const words: Readonly<Record<string, string>> = {
    Name: 'name',
    OwnerId: 'owner id',
    CreatedDate: 'created date',
    LastModifiedDate: 'last modified date',
  };
  return chosen
    .map(
      (api, index) => apex`
    ${told(part, `the ${words[api]!} of the ${thing.label}'s ${lookup.label}, null when it has none`, [names.one])}
    ${opened(part, typeOf[api]!, `${part.pick('get', 'find')}${pascalCase(lookup.label)}${pascalCase(api)}`)}(${thing.api} ${names.newOne}) {
        ${index === 0 ? free('') : ''}${safe(api)}
    }
  `,
    )
    .join('\n\n');
};

/** The same check of one parameter after another. */
export const parameterGuards: Member = (part) => {
  const { thing } = part;
  const pool = [
    [`${thing.one}Id`, 'Id'],
    ['userId', 'Id'],
    ['reason', 'String'],
    ['comment', 'String'],
    ['startDay', 'Date'],
    ['amount', 'Decimal'],
    ['recipients', 'List<String>'],
    [
      variableOf({
        api: `${unknownWord(part.random)}_code`,
        label: '',
        type: 'text',
        values: [],
        target: null,
      }),
      'String',
    ],
  ] as const;
  const chosen = part.random.sample(pool, part.random.integer(2, 4));
  const exception = drawException(part);
  const manner = part.pick('throw', 'throw', 'aura', 'return', 'list');
  const errors = part.pick('errors', 'missing', 'problems');
  const wording = part.pick('$ is required', 'Please enter $', 'No $', '$ must not be empty', 'Missing: $');
  const spaced = (name: string): string => name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const checks = chosen.map(([name, type], index) => {
    const test =
      type === 'String'
        ? `String.isBlank(${name})`
        : type.startsWith('List')
          ? `${name} == null || ${name}.isEmpty()`
          : `${name} == null`;
    const text = `'${capitalized(wording.replace('$', spaced(name)))}'`;
    const message = index === 0 ? free(text) : text;
    const done = {
      throw: `throw new ${exception.name}(${message});`,
      aura: `throw new AuraHandledException(${message});`,
      return: 'return false;',
      list: `${errors}.add(${message});`,
    }[manner]!;
    return `if (${test}) {\n    ${done}\n}`;
  });
  const type = manner === 'return' ? 'Boolean' : manner === 'list' ? 'List<String>' : 'void';
  return apex`
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, `every one of ${chosen.map(([name]) => name).join(', ')} has to be there`)}
    ${opened(part, type, part.pick('check', 'requireAll', 'validateInput', 'assertGiven', 'guard'))}(${chosen.map(([name, kind]) => `${kind} ${seen(name)}`).join(', ')}) {
        ${manner === 'list' ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${checks}
        ${manner === 'list' ? `return ${errors};` : manner === 'return' ? 'return true;' : ''}
    }
  `;
};

/** Permissions and switches of features as constants, and methods that ask for them. */
export const permissionChecks: Member = (part) => {
  const { thing } = part;
  const verbs = part.random.sample(
    ['approve', 'export', 'merge', 'override', 'delete', 'reopen', 'refund', 'import'],
    part.random.integer(1, 3),
  );
  const kind = part.pick('custom', 'custom', 'feature');
  const exception = drawException(part);
  const isThrowing = part.random.chance(0.35);
  const noun = constantName(thing.plural);
  const nameOf = (verb: string): string =>
    kind === 'custom' ? `${constantName(verb)}_PERMISSION` : `FEATURE_${constantName(verb)}`;
  const value = (verb: string): string => `'${capitalized(verb)}_${pascalCase(noun.toLowerCase())}'`;
  const map = part.pick('features', 'switches', 'enabledFeatures');
  const test = (verb: string): string =>
    kind === 'custom'
      ? `FeatureManagement.checkPermission(${nameOf(verb)})`
      : `${map}.contains(${nameOf(verb)})`;
  const methods = verbs.map((verb) => {
    const refused = apex`
      ${told(part, `refuses to ${verb} ${thing.plural} without ${nameOf(verb)}`)}
      ${opened(part, 'void', `require${capitalized(verb)}`)}() {
          if (!${test(verb)}) {
              throw new ${exception.name}(${free(`'You may not ${verb} ${thing.plural}.'`)});
          }
      }
    `;
    return isThrowing
      ? refused
      : apex`
      ${told(part, part.pick(`may the user ${verb} ${thing.plural}?`, `is ${nameOf(verb)} given?`))}
      ${opened(part, 'Boolean', `can${capitalized(verb)}`)}() {
          return ${test(verb)};
      }
    `;
  });
  return [
    declared(
      part,
      verbs.map((verb) => [nameOf(verb), 'String', value(verb)] as const),
      false,
    ),
    ...(kind === 'feature' ? [`private static Set<String> ${seen(map)} = new Set<String>();`] : []),
    ...(isThrowing && exception.declaration !== '' ? [exception.declaration.trim()] : []),
    ...methods,
  ].join('\n\n');
};
