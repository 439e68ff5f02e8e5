/** Texts by templates and examples: labels and mails. */
import { cannotShareScope, recordNames } from '../names.js';
import { capitalized, camelCase } from '../../../phrase.js';
import { unknownName, unknownWord } from '../../../words/invented.js';
import { apex, free, seen, when } from '../../apex.js';
import { joinedMembers, loop } from '../../bulk/base.js';
import { variableOf, type Member, type Part } from '../../part.js';
import { declaredInOrder, opened, told } from '../../scope/words.js';
import { methodOf, type Given, type Told } from '../methods.js';

/** A template, what fills it in order, and an example of what comes out. */
interface Template {
  readonly constant: string;
  readonly text: string;
  readonly slots: readonly Given[];
  readonly shown: readonly string[];
}

const templates: readonly Template[] = [
  {
    constant: 'SEATS_TEXT',
    text: '{0}: {1} of {2} seats taken',
    slots: [
      ['String', 'title'],
      ['Integer', 'taken'],
      ['Integer', 'capacity'],
    ],
    shown: ['*', '7', '12'],
  },
  {
    constant: 'PROGRESS_TEXT',
    text: '{0} of {1} done',
    slots: [
      ['Integer', 'done'],
      ['Integer', 'total'],
    ],
    shown: ['3', '8'],
  },
  {
    constant: 'PAGE_TEXT',
    text: 'Page {0} of {1}',
    slots: [
      ['Integer', 'page'],
      ['Integer', 'pages'],
    ],
    shown: ['2', '5'],
  },
  {
    constant: 'GREETING',
    text: 'Hello {0}, welcome to {1}',
    slots: [
      ['String', 'firstName'],
      ['String', 'place'],
    ],
    shown: ['*', '*'],
  },
  {
    constant: 'ROUTE_TEXT',
    text: '{0} - {1} ({2} km)',
    slots: [
      ['String', 'origin'],
      ['String', 'destination'],
      ['Integer', 'distance'],
    ],
    shown: ['*', '*', '84'],
  },
  {
    constant: 'STOCK_TEXT',
    text: '{0}: {1} left in {2}',
    slots: [
      ['String', 'product'],
      ['Integer', 'stock'],
      ['String', 'warehouse'],
    ],
    shown: ['*', '40', '*'],
  },
  {
    constant: 'SUBJECT',
    text: '[{0}] {1} needs your approval',
    slots: [
      ['String', 'code'],
      ['String', 'title'],
    ],
    shown: ['A-17', '*'],
  },
  {
    constant: 'ASSIGNED_TEXT',
    text: '{0} was assigned to {1} by {2}',
    slots: [
      ['String', 'task'],
      ['String', 'assignee'],
      ['String', 'sender'],
    ],
    shown: ['*', '*', '*'],
  },
  {
    constant: 'PERIOD_TEXT',
    text: 'from {0} to {1}',
    slots: [
      ['String', 'start'],
      ['String', 'finish'],
    ],
    shown: ['May', 'July'],
  },
  {
    constant: 'ROOM_TEXT',
    text: 'Room {0}, floor {1}',
    slots: [
      ['String', 'room'],
      ['Integer', 'floor'],
    ],
    shown: ['12b', '3'],
  },
  {
    constant: 'SCORE_TEXT',
    text: '{0} {1}:{2} {3}',
    slots: [
      ['String', 'home'],
      ['Integer', 'homeGoals'],
      ['Integer', 'awayGoals'],
      ['String', 'away'],
    ],
    shown: ['*', '2', '1', '*'],
  },
  {
    constant: 'MISSING_TEXT',
    text: '{0} is missing on {1}',
    slots: [
      ['String', 'field'],
      ['String', 'recordName'],
    ],
    shown: ['City', '*'],
  },
  {
    constant: 'SIZE_TEXT',
    text: '{0} x {1} cm',
    slots: [
      ['Integer', 'width'],
      ['Integer', 'height'],
    ],
    shown: ['30', '40'],
  },
  {
    constant: 'SUMMARY',
    text: '{0} created, {1} updated, {2} failed',
    slots: [
      ['Integer', 'created'],
      ['Integer', 'updated'],
      ['Integer', 'failed'],
    ],
    shown: ['4', '10', '0'],
  },
];

function exampleOf(part: Part, { text, shown }: Template): string {
  return text.replace(/\{(\d)\}/g, (_all, at: string) => {
    const value = shown[Number(at)]!;
    return value === '*' ? capitalized(unknownWord(part.random)) : value;
  });
}

/** `String.format` with templates as constants, a method for each. */
export const templateTexts: Member = (part) => {
  const chosen = part.random.sample(templates, part.random.integer(2, 3));
  const isObjects = part.random.chance(0.65);
  const kind = isObjects ? 'Object' : 'String';
  const isSplit = part.random.chance(0.3);
  const values = part.pick('values', 'args', 'parameters', 'fillers');
  const prefix = part.pick('', '', 'get', 'format', 'build');
  const style = part.pick('example', 'order', 'both');
  const methods = chosen.map((template) => {
    const { constant, slots } = template;
    const filled = slots.map(([type, name]) =>
      isObjects || type === 'String' ? name : `String.valueOf(${name})`,
    );
    const list = `new List<${kind}>{ ${filled.join(', ')} }`;
    const base = camelCase(constant.toLowerCase());
    const order = `${slots.map(([, name]) => name).join(', ')} in ${constant}`;
    const example = `e.g. "${exampleOf(part, template)}"`;
    return methodOf(part, {
      said: style === 'example' ? example : style === 'order' ? order : `${order}, ${example}`,
      type: 'String',
      name: prefix === '' ? base : `${prefix}${capitalized(base)}`,
      given: slots,
      lines: isSplit
        ? [`List<${kind}> ${seen(values)} = ${list};`, `return String.format(${constant}, ${values});`]
        : [`return String.format(${constant}, ${list});`],
    });
  });
  if (isSplit && chosen.some(({ slots }) => slots.some(([, name]) => name === values))) return null;
  return joinedMembers(
    declaredInOrder(
      part,
      chosen.map(({ constant, text }) => [constant, 'String', `'${text}'`]),
    ),
    ...methods,
  );
};

/** A label of a record by a template that stands above, fields in its order. */
export const templateLabels: Member = (part) => {
  const fields = part
    .fields(part.random.integer(2, 3), ['text', 'picklist', 'date', 'integer'])
    .filter(({ api }) => api !== part.thing.nameField);
  if (fields.length < 2) return null;
  const { one, many } = recordNames(part);
  const constant = part.pick('LABEL', 'TEMPLATE', 'LINE', 'CAPTION', 'TEXT_FORMAT');
  const joint = part.pick([' - ', ''], [', ', ''], [' (', ')'], [': ', ''], [' / ', '']) as readonly string[];
  const slots = fields.map((_one, index) => `{${index + 1}}`).join(', ');
  const template = `{0}${joint[0]!}${slots}${joint[1]!}`;
  const values = [part.thing.nameField, ...fields.map(({ api }) => api)].map((api) => `${one}.${api}`);
  const name = part.pick('labelOf', 'toLabel', 'captionOf', 'describe');
  const list = part.pick('labels', 'texts', 'captions', 'lines');
  if (cannotShareScope(one, many, list)) return null;
  const isMany = part.random.chance(0.6);
  const isTall = part.random.chance(0.4);
  const filled = isTall
    ? `new List<Object>{\n${values.map((value) => `    ${value}`).join(',\n')}\n}`
    : `new List<Object>{ ${values.join(', ')} }`;
  const said = ['the name', ...fields.map(({ label }) => `the ${label}`)].join(', ');
  const single = methodOf(part, {
    said: `${said}, in the order of ${constant}`,
    type: 'String',
    name,
    given: [[part.thing.api, one]],
    lines: [`return String.format(${constant}, ${filled});`],
  });
  const plural = (): string => apex`
    ${told(part, `a label for each of the ${many}`)}
    ${opened(part, 'List<String>', part.pick('labels', 'labelsOf', 'describeAll', 'toLabels'))}(List<${part.thing.api}> ${seen(many)}) {
        List<String> ${seen(list)} = new List<String>();
        ${loop(part.thing.api, one, many, `${list}.add(${name}(${one}));`)}
        return ${list};
    }
  `;
  const methods = isMany ? part.random.shuffled([single, plural()]) : [single];
  return joinedMembers(declaredInOrder(part, [[constant, 'String', `'${template}'`]]), ...methods);
};

/** The body of a mail from lines: greeting, what it is about, a line for each field. */
export const mailLines: Member = (part) => {
  const fields = part.fields(part.random.integer(2, 3), ['text', 'picklist', 'currency', 'date']);
  if (fields.length < 2) return null;
  const { one } = recordNames(part);
  const list = part.pick('lines', 'body', 'text', 'parts', 'paragraphs');
  const greeting = part.pick('GREETING', 'SALUTATION', 'OPENING');
  const closing = part.pick('CLOSING', 'SIGNATURE', 'FOOTER', 'REGARDS');
  const who = part.pick('recipient', 'recipientName', 'person', 'reader');
  const isHtml = part.random.chance(0.3);
  if (cannotShareScope(one, list, who)) return null;
  const isGuarded = part.random.chance(0.4);
  const add = (text: string): string => `${list}.add(${text});`;
  const rows = fields.map(({ api, label }) => {
    const row = add(`'${seen(capitalized(label))}: ' + ${one}.${api}`);
    return isGuarded ? when(`${one}.${seen(api)} != null`, row) : row;
  });
  const constants = declaredInOrder(part, [
    [greeting, 'String', part.pick("'Dear {0},'", "'Hello {0},'", "'Good day {0},'")],
    [closing, 'String', part.pick("'Kind regards'", "'Your service team'", "'See you soon'")],
  ]);
  const order = `the greeting with the ${who}, a line "Label: value" for ${fields.map(({ label }) => `the ${label}`).join(' and ')}${isGuarded ? ' where it is known' : ''}, the ${closing.toLowerCase()}`;
  return joinedMembers(
    constants,
    methodOf(part, {
      said: order,
      type: 'String',
      name: part.pick('buildBody', 'bodyFor', 'mailText', 'compose'),
      given: [
        [part.thing.api, one],
        ['String', who],
      ],
      lines: [
        `List<String> ${seen(list)} = new List<String>();`,
        add(`String.format(${greeting}, new List<String>{ ${who} })`),
        ...rows,
        add(closing),
        `return String.join(${list}, ${free(isHtml ? "'<br/>'" : "'\\n'")});`,
      ],
    }),
  );
};

/** Labels put together with signs between, as an example shows; a sibling leaves the last piece out. */
export const joinedLabels: Member = (part) => {
  const fields = part.fields(3, ['text', 'picklist']).filter(({ api }) => api !== part.thing.nameField);
  if (fields.length < 2) return null;
  const { one } = recordNames(part);
  const isRecord = part.random.chance(0.6);
  const isShort = part.random.chance(0.5);
  const used = [{ api: part.thing.nameField, label: 'name' }, ...fields.slice(0, 2)];
  const names = used.map((_one, at) => (at === 0 ? 'title' : variableOf(fields[at - 1]!, part)));
  const given: readonly Given[] = isRecord
    ? [[part.thing.api, one]]
    : names.map((name) => ['String', name] as const);
  if (cannotShareScope(...names)) return null;
  const values = isRecord ? used.map(({ api }) => `${one}.${api}`) : names;
  const sample = used.map(({ label }, at) =>
    at === 0 ? unknownName(part.random).replace(/ \d+$/, '') : capitalized(label),
  );
  const [middle, open, close] = part.pick(
    [' - ', ' (', ')'],
    [', ', ' - ', ''],
    [' / ', ' [', ']'],
    [': ', ', ', ''],
    [' | ', ' | ', ''],
  ) as readonly [string, string, string];
  const label = (count: number): { text: string; code: string } => ({
    text: `${sample[0]!}${middle}${sample[1]!}${count > 2 ? `${open}${sample[2]!}${close}` : ''}`,
    code: `${values[0]!} + '${middle}' + ${values[1]!}${count > 2 ? ` + '${open}' + ${values[2]!}${close === '' ? '' : ` + '${close}'`}` : ''}`,
  });
  const made: Told[] = [3, 2].map((count) => ({
    said: `e.g. "${label(count).text}": ${(isRecord ? used.map((field) => field.label) : names).slice(0, count).join(', ')}`,
    type: 'String',
    name:
      count === 3
        ? part.pick('longLabel', 'fullLabel', 'detailedText')
        : part.pick('shortLabel', 'shortText', 'briefLabel'),
    given: given.slice(0, isRecord ? 1 : count),
    lines: isShort
      ? [`return ${label(count).code};`]
      : [`String ${seen('label')} = ${label(count).code};`, 'return label;'],
  }));
  return joinedMembers(...part.random.shuffled(made).map((making) => methodOf(part, making)));
};
