/** Constants of texts, used below: messages of checks, templates that are filled. */
import type { Field } from '../../nouns.js';
import { capitalized, pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, type Member, type Part } from '../part.js';
import {
  declared,
  declaredInOrder,
  drawException,
  opened,
  recordParameter,
  refused,
  textConstant,
  told,
  type Refusal,
} from './words.js';

/** What a method returns that refuses records in this manner. */
function answerType(manner: Refusal['manner']): string {
  if (manner === 'list') return 'List<String>';
  return manner === 'return' ? 'String' : 'void';
}

/** Messages as constants, one for each check that a field is there. */
export const messageConstants: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(2, 4), [
    'text',
    'email',
    'date',
    'picklist',
    'currency',
    'phone',
  ]);
  if (fields.length < 2) return null;
  const shape = part.pick('MISSING_$', '$_MISSING', '$_REQUIRED', 'NO_$', 'ERR_$', 'MSG_$', 'ERROR_$_EMPTY');
  const nameOf = (field: Field): string => shape.replace('$', constantName(field.label));
  const manner = part.pick<Refusal['manner']>('record', 'field', 'throw', 'list', 'return');
  const exception = drawException(part);
  const isBlank = part.random.chance(0.5);
  const errors = part.pick('errors', 'messages', 'problems', 'missing');
  const refusal = { manner, exception: exception.name, errors };
  const checks = fields.map((field) => {
    const value = `${names.one}.${field.api}`;
    const test = isBlank && apexType(field) === 'String' ? `String.isBlank(${value})` : `${value} == null`;
    return when(test, refused(part, refusal, field.api, nameOf(field)));
  });
  const text = part.pick('Please enter the $', 'The $ is missing', '$ is required', 'No $ given');
  return apex`
    ${declaredInOrder(
      part,
      fields.map((field) => textConstant(nameOf(field), `${capitalized(text.replace('$', field.label))}.`)),
    )}\n
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, `${part.pick('checks', 'makes sure')} that ${fields.map((field) => `the ${field.label}`).join(', ')} ${part.pick('are filled', 'are there')}`, [names.one])}
    ${opened(part, answerType(manner), part.pick('check', 'requireFields', `validate${thing.className}`, 'assertComplete', 'findMissing'))}(${recordParameter(part, false)}) {
        ${manner === 'list' ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${checks}
        ${manner === 'list' ? `return ${errors};` : ''}
        ${manner === 'return' ? `return ${free(part.pick('null', "''"))};` : ''}
    }
  `;
};

interface Template {
  readonly name: string;
  /** `{0} - status {1}`. */
  readonly text: string;
  readonly fields: readonly Field[];
}

function drawTemplates(part: Part): readonly Template[] {
  const fields = part
    .fields(4, ['text', 'picklist', 'integer', 'currency'])
    .filter(({ api }) => api !== part.thing.nameField);
  const labels = part.random.sample(
    ['title', 'summary', 'subject', 'greeting', 'caption', 'notice', 'subtitle'],
    2,
  );
  return labels.slice(0, part.random.integer(1, 2)).map((label, index) => {
    const own = part.random.shuffled(fields).slice(0, part.random.integer(1, 3));
    const said = own.map((field, at) =>
      part.pick(`${field.label} {${at + 1}}`, `${field.label}: {${at + 1}}`),
    );
    const upper = constantName(label);
    return {
      name: index === 0 && part.random.chance(0.3) ? `${upper}_TEMPLATE` : upper,
      text: `{0}${part.pick(' - ', ': ', ', ')}${said.join(part.pick(', ', ' / ', ' | '))}`,
      fields: own,
    };
  });
}

/** What an example shows in the places of a template. */
const exampleValues = ['Nimbus', '12', 'North', '7'];

/** Templates of messages, filled in the order of their places. */
export const formatTemplates: Member = (part) => {
  const { thing, names } = part;
  const templates = drawTemplates(part);
  if (templates.some(({ fields }) => fields.length === 0)) return null;
  const isOwn = part.random.chance(0.4);
  const list = part.pick('List<Object>', 'List<Object>', 'List<Object>', 'Object[]');
  const methods = templates.map(({ name, text, fields }) => {
    const values = [thing.nameField, ...fields.map(({ api }) => api)].map((api) => `${names.one}.${api}`);
    const example = text.replace(/\{(\d)\}/g, (_all, at: string) => exampleValues[Number(at)]!);
    const method = name.replace('_TEMPLATE', '').toLowerCase();
    return apex`
      ${part.random.chance(0.6) ? part.comment(`e.g. "${example}"`) : told(part, `the ${method} of a ${thing.label}`)}
      ${opened(part, 'String', part.pick(method, `get${pascalCase(method)}`, `build${pascalCase(method)}`), !isOwn)}(${isOwn ? '' : recordParameter(part, false)}) {
          return String.format(${name}, new ${list}{ ${values.join(', ')} });
      }
    `;
  });
  const held = [
    `private ${thing.api} ${seen(names.one)};`,
    `public ${part.className}(${thing.api} ${names.one}) {\n    this.${names.one} = ${names.one};\n}`,
  ];
  return [
    declared(
      part,
      templates.map(({ name, text }) => textConstant(name, text)),
    ),
    ...(isOwn ? held : []),
    ...methods,
  ].join('\n\n');
};
