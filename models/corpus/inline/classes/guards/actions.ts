/** Methods whose parameters are checked one after another before something is done. */
import { customName, drawThing } from '../../../nouns.js';
import { camelCase, capitalized, listed, withArticle } from '../../../phrase.js';
import { joinedMembers } from '../../bulk/base.js';
import { apex, free, indented, seen } from '../../apex.js';
import { apexType, variableOf, type Member, type Part } from '../../part.js';
import { areDistinct, told } from '../../scope/words.js';
import { isReserved } from '../../style.js';

/** A parameter, and the field that it becomes. */
interface Given {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly api: string;
}

/** Up to two parents and some values of the part's object. */
function drawGiven(part: Part): readonly Given[] {
  const { thing } = part;
  const parents = Array.from({ length: part.random.integer(0, 2) }, () =>
    drawThing(part.draw, { without: thing.api }),
  ).map((parent) => {
    const known = thing.fields.find(({ api, target }) => target === parent.api && api.endsWith('Id'));
    const api = known?.api ?? customName(parent.label);
    return { name: `${camelCase(parent.label)}Id`, type: 'Id', label: parent.label, api };
  });
  for (const { api } of parents) part.draw.noteField(thing.api, api);
  const values = part.settable(part.random.integer(1, 3), [
    'currency',
    'date',
    'text',
    'integer',
    'email',
    'datetime',
  ]);
  const all = [
    ...parents,
    ...values.map((field) => ({
      name: variableOf(field, part),
      type: apexType(field),
      label: field.label,
      api: field.api,
    })),
  ];
  return all.slice(0, 4);
}

/** How a class asks for what is missing: of a text, and of a number that has to be positive. */
export interface Asking {
  readonly text: 'String.isBlank($)' | 'String.isEmpty($)' | '$ == null';
  readonly isPositive: boolean;
}

/** How a class asks, drawn once for a method. */
export function drawAsking(part: Part): Asking {
  return {
    text: part.pick('String.isBlank($)', 'String.isBlank($)', 'String.isEmpty($)', '$ == null'),
    isPositive: part.random.chance(0.5),
  };
}

/** The condition that a parameter is missing. */
export function emptyTest({ name, type }: Given, { text, isPositive }: Asking): string {
  if (type.startsWith('List<')) return `${name} == null || ${name}.isEmpty()`;
  if (type === 'String') return text.replace('$', name);
  return isPositive && /^(Decimal|Integer)$/.test(type)
    ? `${name} == null || ${name} <= 0`
    : `${name} == null`;
}

interface Wording {
  readonly text: string;
  readonly positive: string;
}

const wordings: readonly Wording[] = [
  { text: '$ is required', positive: '$ must be positive' },
  { text: '$ is required.', positive: '$ must be greater than zero.' },
  { text: '$ must be set', positive: '$ must be more than zero' },
  { text: '$ is missing', positive: '$ must be above zero' },
  { text: '$ must not be empty', positive: '$ must be greater than 0' },
  { text: 'Please give the #', positive: 'Please give a # above zero' },
  { text: 'No # given', positive: 'The # must be positive' },
  { text: 'The # cannot be empty', positive: 'The # must be greater than zero' },
  { text: 'Missing #', positive: 'Invalid #' },
];

function worded(template: string, label: string): string {
  return template.replace('$', capitalized(label)).replace('#', label);
}

/** What stops a method when something is missing. */
interface Stop {
  readonly declaration: string;
  /** What stops the method; `$` is the message. */
  readonly code: string;
  readonly said: string;
}

/** An exception of the class's own or one of the platform's. */
export function drawThrow(part: Part): Stop {
  const own = part.pick(
    `${part.thing.className}Exception`,
    'ValidationException',
    'InvalidInputException',
    'RequestException',
  );
  const kind = part.pick('own', 'aura', 'aura', 'argument', 'argument');
  if (kind === 'own')
    return {
      declaration: `public class ${seen(own)} extends Exception {}`,
      code: `throw new ${own}('$');`,
      said: '',
    };
  return {
    declaration: '',
    code: `throw new ${kind === 'aura' ? 'AuraHandledException' : 'IllegalArgumentException'}('$');`,
    said: '',
  };
}

/** One guard after another, in the order of the parameters; the first shows the manner, so the others are known. */
export function guards(part: Part, given: readonly Given[], stop: Stop): readonly string[] {
  const wording = part.pick(...wordings);
  const asking = drawAsking(part);
  const isShort = part.random.chance(0.3);
  let positives = 0;
  return given.map((one, index) => {
    const test = emptyTest(one, asking);
    const isNew = test.includes('<= 0') && positives++ === 0;
    const template = test.includes('<= 0') ? wording.positive : wording.text;
    const message = worded(template, one.label);
    const said = stop.code.includes('$') && (index === 0 || isNew) ? free(message) : message;
    const code = stop.code.replace('$', said);
    const begun = index === 0 || (isNew && part.random.chance(0.6)) ? free('') : '';
    return begun + (isShort ? `if (${test}) ${code}` : `if (${test}) {\n${indented(code)}\n}`);
  });
}

function inserted(part: Part, all: readonly Given[], isReturned: boolean): string {
  const { thing, names } = part;
  const values = all.map(({ api, name }) => `${api} = ${name}`);
  const record = part.pick(names.one, 'record', thing.one, `new${thing.className}`);
  const taken = all.some(({ name }) => name === record) || isReserved(record);
  const name = taken ? 'created' : record;
  const tall = `new ${thing.api}(\n${indented(values.join(',\n'))}\n)`;
  const short = `new ${thing.api}(${values.join(', ')})`;
  const made = values.length > 2 || part.random.chance(0.35) ? tall : short;
  const shape = isReturned
    ? part.pick('variable', 'lines')
    : part.pick('direct', 'direct', 'variable', 'lines');
  if (shape === 'direct') return `insert ${made};`;
  const end = `insert ${name};${isReturned ? `\nreturn ${name}.Id;` : ''}`;
  return shape === 'variable'
    ? `${thing.api} ${seen(name)} = ${made};\n${end}`
    : [
        `${thing.api} ${seen(name)} = new ${thing.api}();`,
        ...all.map((one) => `${name}.${one.api} = ${one.name};`),
        end,
      ].join('\n');
}

/** A record is created from parameters that are checked first. */
export const guardedInsert: Member = (part) => {
  const all = drawGiven(part);
  const names = all.map(({ name }) => name.toLowerCase());
  if (
    all.length < 2 ||
    !areDistinct(names) ||
    !areDistinct(all.map(({ api }) => api)) ||
    names.some(isReserved)
  )
    return null;
  const isReturned = part.random.chance(0.4);
  const quiet: readonly Stop[] = isReturned
    ? [{ declaration: '', code: 'return null;', said: '; null when one of them is missing' }]
    : [{ declaration: '', code: 'return;', said: '; nothing happens when one of them is missing' }];
  const stop = part.random.chance(0.75) ? drawThrow(part) : part.pick(...quiet);
  const optional = all.length > 2 && part.random.chance(0.3) ? all.at(-1)! : null;
  const checked = optional === null ? all : all.slice(0, -1);
  const said = `creates ${withArticle(part.thing.label)}${optional === null ? '' : `; the ${optional.label} may be empty`}${stop.said}`;
  const isAura = part.random.chance(0.4);
  const isTall = all.length > 2 && part.random.chance(0.25);
  const declared = all.map(({ type, name }) => `${type} ${seen(name)}`);
  const airy = part.random.chance(0.3) ? [''] : [];
  return joinedMembers(
    stop.declaration,
    apex`
      ${optional !== null || part.random.chance(0.6) ? told(part, said) : ''}
      ${isAura ? free('@AuraEnabled') : ''}
      ${free(`public static ${isReturned ? 'Id' : 'void'} ${part.pick('create', 'add', 'register', 'book')}${part.thing.className}`)}(${isTall ? `\n${indented(declared.join(',\n'))}\n` : declared.join(', ')}) {
          ${[...guards(part, checked, stop), ...airy, inserted(part, all, isReturned)]}
      }
    `,
  );
};

/** Records that all get a value, after the list and the value were checked. */
export const guardedUpdate: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 2), [
    'currency',
    'date',
    'text',
    'integer',
    'picklist',
  ]);
  const many = part.pick(names.many, 'records', thing.many);
  const values = fields.map<Given>((field) => ({
    name: part.random.chance(0.5) ? variableOf(field, part) : `new${capitalized(variableOf(field, part))}`,
    type: apexType(field),
    label: field.label,
    api: field.api,
  }));
  const list: Given = { name: many, type: `List<${thing.api}>`, label: thing.plural, api: '' };
  const all = [list, ...values];
  const taken = [...all.map(({ name }) => name.toLowerCase()), names.one.toLowerCase()];
  if (values.length === 0 || !areDistinct(taken) || taken.some(isReserved)) return null;
  const isQuiet = part.random.chance(0.35);
  const stop = isQuiet ? { declaration: '', code: 'return;', said: '' } : drawThrow(part);
  const isNamed = part.random.chance(0.3);
  const changed = `changed${capitalized(thing.many)}`;
  const written = isNamed ? changed : many;
  return joinedMembers(
    stop.declaration,
    apex`
      ${told(part, `sets the ${listed(values.map(({ label }) => label))} of the ${thing.plural} and saves them${isQuiet ? '; nothing happens when something is missing' : ''}`)}
      ${free(`public static void ${part.pick('setAll', 'assign', 'apply', 'change')}`)}(${all.map(({ type, name }) => `${type} ${seen(name)}`).join(', ')}) {
          ${guards(part, all, stop)}
          ${isNamed ? `${free('')}List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();` : ''}
          for (${thing.api} ${seen(names.one)} : ${many}) {
              ${isNamed ? changedCopy(part, changed, values) : values.map(({ api, name }) => `${names.one}.${api} = ${name};`)}
          }
          update ${written};
      }
    `,
  );
};

function changedCopy({ thing, names }: Part, changed: string, values: readonly Given[]): string {
  const sets = [`Id = ${names.one}.Id`, ...values.map(({ api, name }) => `${api} = ${name}`)];
  return `${changed}.add(new ${thing.api}(${sets.join(', ')}));`;
}
