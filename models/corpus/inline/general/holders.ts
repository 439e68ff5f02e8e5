/** Small inner classes: values, chained setters, containers, results, ranges, pages, and interfaces with what implements them. */
import { camelCase, capitalized, pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import type { Member, Part } from '../part.js';
import { fresh, named, spoken, told } from './items.js';

interface Property {
  readonly type: string;
  readonly name: string;
}

const pools: readonly (readonly [type: string, names: readonly string[]])[] = [
  ['String', ['code', 'label', 'city', 'street', 'title', 'reason', 'color', 'unit', 'email', 'region']],
  ['Integer', ['quantity', 'seats', 'position', 'pages', 'floorLevel', 'weeks', 'attempts']],
  ['Decimal', ['price', 'weight', 'rate', 'discount', 'height', 'share', 'volume']],
  ['Date', ['startsOn', 'endsOn', 'dueDate', 'birthday', 'validFrom', 'closedOn']],
  ['Boolean', ['isActive', 'isPaid', 'isUrgent', 'visible', 'isLocked']],
  ['Id', ['ownerId', 'accountId', 'parentId', 'recordId']],
];

function drawProperties(part: Part, count: number, types?: readonly string[]): readonly Property[] {
  const properties: Property[] = [];
  for (let tries = 0; tries < 30 && properties.length < count; tries++) {
    const [type, names] = part.random.pick(
      types === undefined ? pools : pools.filter(([one]) => types.includes(one)),
    );
    const name = part.random.chance(0.2) ? unknownWord(part.random) : part.random.pick(names);
    if (properties.every((other) => other.name !== name)) properties.push({ type, name });
  }
  return properties;
}

const classNames = [
  'Line',
  'Entry',
  'Address',
  'Seat',
  'Parcel',
  'Ticket',
  'Offer',
  'Choice',
  'Booking',
  'Step',
  'Badge',
  'Tariff',
  'Voucher',
  'Stop',
] as const;

function drawClass(part: Part, ...options: readonly string[]): string {
  return part.random.chance(0.3)
    ? pascalCase(unknownWord(part.random))
    : part.random.pick(options.length > 0 ? options : classNames);
}

function parametersOf(properties: readonly Property[]): string {
  return properties.map(({ type, name }) => `${type} ${name}`).join(', ');
}

/** The class with its margin. */
function inner(part: Part, name: string, ...members: readonly string[]): string {
  return apex`
    ${part.pick('public', 'public', 'private')} class ${name} {
        ${members.join('\n\n')}
    }
  `;
}

function declaredOf(
  part: Part,
  properties: readonly Property[],
  ending: string,
  access = 'public',
  isFinalToo = true,
): string {
  const isFinal =
    ending === ';' && access === 'private' && isFinalToo && part.random.chance(0.5) ? 'final ' : '';
  return properties
    .map(({ type, name }) => `${access} ${isFinal}${seen(`${type} ${name}`)}${ending}`)
    .join('\n');
}

function constructorOf(name: string, properties: readonly Property[]): string {
  return apex`
    public ${name}(${parametersOf(properties)}) {
        ${properties.map((one) => `this.${one.name} = ${one.name};`)}
    }
  `;
}

const isText = ({ type }: Property): boolean => type === 'String';

/** Members, a constructor, and small methods that look at the members. */
export const valueClass: Member = (part) => {
  const name = drawClass(part);
  const properties = drawProperties(part, part.random.integer(2, 4));
  if (properties.some((one) => one.name.toLowerCase() === name.toLowerCase())) return null;
  const ending = part.pick(';', ' { get; set; }', ' { get; private set; }');
  const access = ending === ';' ? part.pick('private', 'public') : 'public';
  const self = part.pick('this.', '');
  const that = part.pick('that', 'another', `other${name}`);
  const missing = (one: Property): string =>
    isText(one) ? `String.isBlank(${self}${one.name})` : `${self}${one.name} == null`;
  const given = (one: Property): string =>
    isText(one) ? `String.isNotBlank(${self}${one.name})` : `${self}${one.name} != null`;
  const equal = properties.map((one) => `this.${one.name} == ${that}.${one.name}`);
  const object = part.pick('other', 'o', 'candidate');
  const ways: readonly (() => string)[] = [
    () => apex`
      ${told(part, part.pick('whether nothing is set', 'true if all members are empty', 'is there nothing in it?'))}
      ${free('public Boolean isEmpty')}() {
          return ${properties.map(missing).join(' && ')};
      }
    `,
    () => apex`
      ${told(part, part.pick('whether all members are set', 'true when every member has a value', 'is nothing missing?'))}
      ${free(`public Boolean ${part.pick('isValid', 'isComplete')}`)}() {
          return ${properties.map(given).join(' && ')};
      }
    `,
    () => apex`
      ${free('public')} Boolean equals(Object ${seen(object)}) {
          if (!(${object} instanceof ${name})) {
              return false;
          }
          ${name} ${seen(that)} = (${name}) ${object};
          return ${equal.join(' && ')};
      }
    `,
    () => apex`
      ${told(part, part.pick('a copy with the same members', 'the same once more', 'gives an independent copy'))}
      ${free('public')} ${name} ${free(part.pick('copy', 'duplicate', 'copied'))}() {
          return new ${name}(${properties.map((one) => `${self}${one.name}`).join(', ')});
      }
    `,
    () => apex`
      ${free('public')} override String toString() {
          return ${properties.map((one, index) => (index === 0 ? `'${name}: ${one.name}=' + ${self}${one.name}` : ` + ', ${one.name}=' + ${self}${one.name}`)).join('')};
      }
    `,
    () =>
      properties
        .map(
          (one, index) => apex`
      ${index === 0 ? free('public') : 'public'} ${one.type} get${capitalized(one.name)}() {
          return ${self}${one.name};
      }
    `,
        )
        .join('\n\n'),
  ];
  const methods = part.random.sample(ways, part.random.integer(1, 2)).map((way) => way());
  return inner(
    part,
    free(name),
    declaredOf(part, properties, ending, access),
    constructorOf(name, properties),
    ...methods,
  );
};

/** Setters that can be chained, and a use of them. */
export const chainedClass: Member = (part) => {
  const name = drawClass(
    part,
    'Query',
    'Filter',
    'Message',
    'Options',
    'Settings',
    'Criteria',
    'Label',
    'Draft',
  );
  const properties = drawProperties(part, part.random.integer(2, 4));
  const verb = part.pick('with', 'set', 'having', 'by', 'with');
  const target = 'this.';
  const setters = properties.map(
    (one, index) => apex`
    ${index === 0 ? free('public') : 'public'} ${name} ${index === 0 ? free(`${verb}${capitalized(one.name)}`) : `${verb}${capitalized(one.name)}`}(${one.type} ${one.name}) {
        ${target}${one.name} = ${one.name};
        return this;
    }
  `,
  );
  const created = fresh(
    part,
    properties.map((one) => one.name),
    camelCase(name),
    'made',
    'built',
    'prepared',
  );
  const parameters = part.random.shuffled(properties);
  const use = apex`
    ${told(part, `makes a ${spoken(name).toLowerCase()} of ${properties.map((one) => spoken(one.name)).join(', ')}`)}
    ${free(`${part.style.access} static`)} ${name} ${free(`${part.pick('make', 'create', 'build', 'new')}${name}`)}(${parametersOf(parameters)}) {
        ${
          part.random.chance(0.5)
            ? `return new ${name}()\n    ${parameters.map((one) => `.${verb}${capitalized(one.name)}(${one.name})`).join('\n    ')};`
            : `${name} ${seen(created)} = new ${name}();\n${parameters.map((one) => `${created}.${verb}${capitalized(one.name)}(${one.name});`).join('\n')}\nreturn ${created};`
        }
    }
  `;
  const holder = inner(part, free(name), declaredOf(part, properties, ';', 'private', false), ...setters);
  return part.random.chance(0.6) ? `${holder}\n\n${use}` : holder;
};

/** A stack, a queue or a bag over one list. */
export const container: Member = (part) => {
  const type = part.pick('String', 'Integer', 'Id', 'Object', 'Decimal', part.thing.api);
  const noun = part.random.chance(0.3)
    ? unknownWord(part.random)
    : part.pick('item', 'entry', 'element', 'task', 'step', 'message');
  const list = part.pick(pluralOf(noun), 'content', 'held', 'waiting', 'elements');
  if (list === noun) return null;
  const self = part.style.hasThis ? 'this.' : '';
  const last = `${list}.size() - 1`;
  const isStack = part.random.chance(0.5);
  const name = drawClass(
    part,
    ...(isStack ? ['Stack', 'History', 'Pile', 'UndoStack'] : ['Queue', 'Line', 'WaitingList', 'Backlog']),
  );
  const at = isStack ? `${self}${last}` : '0';
  const [add, take, look] = isStack
    ? (part.pick(['push', 'pop', 'peek'], ['put', 'take', 'top'], ['add', 'removeLast', 'getLast']) as [
        string,
        string,
        string,
      ])
    : (part.pick(
        ['enqueue', 'dequeue', 'peek'],
        ['add', 'poll', 'next'],
        ['append', 'takeFirst', 'head'],
      ) as [string, string, string]);
  const what = isStack ? 'last' : 'first';
  const hasException = part.random.chance(0.4);
  const exception = `${name}EmptyException`;
  const guard = hasException
    ? `if (${self}${list}.isEmpty()) {\n    throw new ${exception}(${free(`'${part.pick('Nothing left', 'Empty', 'There is no element')}'`)});\n}`
    : `if (${self}${list}.isEmpty()) {\n    return null;\n}`;
  const methods = [
    apex`
      ${free(`public void ${add}`)}(${type} ${seen(noun)}) {
          ${self}${list}.add(${noun});
      }
    `,
    apex`
      ${told(part, part.pick(`takes the ${what} away and returns it`, `removes and gives the ${what} one`, `the ${what} of the ${list}, which is removed`))}
      ${free('public')} ${type} ${free(take)}() {
          ${guard}
          return ${self}${list}.remove(${at});
      }
    `,
    apex`
      ${told(part, part.pick(`the ${what} one, which stays`, `looks at the ${what} without taking it away`, `gives the ${what} of the ${list} and keeps it`))}
      ${free('public')} ${type} ${free(look)}() {
          ${guard}
          return ${self}${list}[${at}];
      }
    `,
    apex`
      ${free('public')} Integer size() {
          return ${self}${list}.size();
      }
    `,
    apex`
      ${free('public')} Boolean isEmpty() {
          return ${self}${list}.isEmpty();
      }
    `,
  ].slice(0, part.random.integer(3, 5));
  const holder = inner(
    part,
    free(name),
    `private ${part.pick('final ', '')}List<${type}> ${seen(list)} = new List<${type}>();`,
    ...methods,
  );
  return hasException ? `public class ${free(exception)} extends Exception {}\n\n${holder}` : holder;
};

/** A result: what went wrong is collected, and whether nothing did. */
export const resultClass: Member = (part) => {
  const name = drawClass(part, 'Outcome', 'ValidationResult', 'Report', 'CheckResult', 'Response', 'Summary');
  const errors = part.pick('errors', 'messages', 'problems', 'failures', 'complaints');
  const warnings = part.pick('warnings', 'hints', 'notices', 'remarks');
  const one = part.pick('message', 'text', 'reason', 'said');
  const self = part.style.hasThis ? 'this.' : '';
  const both = part.random.chance(0.6);
  const lists = both ? [errors, warnings] : [errors];
  const adders = lists.map(
    (list, index) => apex`
    ${index === 0 ? free('public') : 'public'} void ${index === 0 ? free(`add${capitalized(list.slice(0, -1))}`) : `add${capitalized(list.slice(0, -1))}`}(String ${seen(one)}) {
        ${self}${list}.add(${one});
    }
  `,
  );
  const other = fresh(part, [errors, warnings, one], 'other', 'another', 'further');
  const extra = part.random.sample(
    [
      apex`
      ${told(part, part.pick(`true if there are no ${errors}`, `whether there are no ${errors}`, `did all go well?`))}
      ${free('public')} Boolean ${free(part.pick('isSuccess', 'isOk', 'succeeded', 'isClean'))}() {
          return ${self}${errors}.isEmpty();
      }
    `,
      apex`
      ${told(part, part.pick(`all ${errors}, each on a line of its own`, `the ${errors} in one text, with line breaks between them`))}
      ${free('public')} String ${free(part.pick('getSummary', 'toText', 'describe', 'joined'))}() {
          return String.join(${self}${errors}, '\\n');
      }
    `,
      apex`
      ${told(part, part.pick('takes over what another one has', 'adds all that the other one has collected'))}
      ${free('public void')} ${free(part.pick('takeOver', 'addAll', 'include', 'absorb'))}(${name} ${seen(other)}) {
          ${lists.map((list) => `${self}${list}.addAll(${other}.${list});`)}
      }
    `,
    ],
    part.random.integer(1, 3),
  );
  const declared = lists.map((list) => `public List<String> ${free(list)} = new List<String>();`).join('\n');
  return inner(part, free(name), declared, ...adders, ...extra);
};

/** An interface, and two classes that do it each in their way. */
export const implementedTwice: Member = (part) => {
  const name = drawClass(
    part,
    'Pricing',
    'Rule',
    'Formatter',
    'Strategy',
    'Greeting',
    'Discount',
    'Source',
    'Policy',
    'Step',
  );
  const type = part.pick('Decimal', 'String', 'Boolean', 'Integer');
  const method = part.random.chance(0.2)
    ? named(unknownWord(part.random))
    : part.pick('apply', 'compute', 'evaluate', 'run', 'decide', 'handle');
  const parameter = part.random.chance(0.2)
    ? unknownWord(part.random)
    : part.pick('value', 'amount', 'input', 'given', 'basis');
  const adjectives = part.random.sample(
    [
      'Simple',
      'Strict',
      'Double',
      'Late',
      'Early',
      'Premium',
      'Regional',
      capitalized(unknownWord(part.random)),
    ],
    2,
  );
  const bodies: Readonly<Record<string, readonly string[]>> = {
    Decimal: [`${parameter} * 2`, `${parameter} / 2`, `${parameter} + 10`, `${parameter} - 1`, parameter],
    Integer: [`${parameter} + 1`, `${parameter} - 1`, `${parameter} * 10`, parameter],
    String: [`${parameter}.toUpperCase()`, `${parameter}.trim()`, `'"' + ${parameter} + '"'`, parameter],
    Boolean: [`${parameter}`, `!${parameter}`],
  };
  const answers = part.random.sample(bodies[type]!, 2);
  const suffix = part.random.chance(0.7) ? name : 'Way';
  const classes = adjectives.map(
    (adjective, index) => apex`
    public class ${free(`${adjective}${suffix}`)} implements ${name} {
        public ${type} ${method}(${type} ${parameter}) {
            return ${free(answers[index]!)};
        }
    }
  `,
  );
  const chosen = `is${adjectives[0]!}`;
  const use = fresh(part, [parameter], 'way', 'chosen', 'used', camelCase(name));
  const chooser = apex`
    ${told(part, `the ${adjectives[0]!.toLowerCase()} one if ${chosen}, else the ${adjectives[1]!.toLowerCase()} one`, [chosen])}
    ${free(`${part.style.access} static`)} ${name} ${free(part.pick('choose', 'chosenFor', 'pickOne'))}(Boolean ${seen(chosen)}) {
        ${
          part.random.chance(0.5)
            ? `if (${chosen}) {\n    return new ${adjectives[0]!}${suffix}();\n}\nreturn new ${adjectives[1]!}${suffix}();`
            : `return ${chosen} ? (${name}) new ${adjectives[0]!}${suffix}() : new ${adjectives[1]!}${suffix}();`
        }
    }
  `;
  const all = apex`
    ${told(part, `lets each of the ${pluralOf(camelCase(name))} change the ${parameter} in turn`, [parameter])}
    ${free(`${part.style.access} static`)} ${type} ${free(part.pick('inTurn', 'throughAll', `${method}All`))}(List<${name}> ${seen(pluralOf(camelCase(name)))}, ${type} ${parameter}) {
        ${type} ${seen('current')} = ${parameter};
        for (${name} ${seen(use)} : ${pluralOf(camelCase(name))}) {
            current = ${use}.${method}(current);
        }
        return current;
    }
  `;
  const order = [
    apex`
    public interface ${free(name)} {
        ${seen(`${type} ${method}(${type} ${parameter})`)};
    }
  `,
    ...classes,
    ...(part.random.chance(0.85) ? [part.pick(chooser, all)] : []),
  ];
  return order.join('\n\n');
};
