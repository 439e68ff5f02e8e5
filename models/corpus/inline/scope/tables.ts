/** Rules that a comment lists or constants name: tables, tiers, states and what may follow on them. */
import { pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { variableOf, type Member, type Part } from '../part.js';
import { declared, drawException, drawPicklist, opened, self, told, wordOr, type Constant } from './words.js';

type Row = readonly [key: string, answer: string];

/** Keys and answers, as a comment of several lines lists them. */
function tableOf(part: Part, title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([key]) => key.length)) + 2;
  const manner = part.random.integer(0, 4);
  const lines = rows.map(([key, answer]) => {
    const bare = answer.replace(/^'|'$/g, '');
    return [
      `${key.padEnd(width)}${bare}`,
      `${key}: ${bare}`,
      `- ${key} = ${bare}`,
      `${key} -> ${bare}`,
      `${bare} for ${key}`,
    ][manner]!;
  });
  const isSlashed = part.random.chance(0.35);
  return free(
    isSlashed
      ? [title, ...lines.map((line) => `  ${line}`)].map((line) => `// ${line}`).join('\n')
      : ['/**', ` * ${title}`, ...lines.map((line) => ` *   ${line}`), ' */'].join('\n'),
  );
}

/** Cases of a switch, rungs of a ladder, entries of a map: one for each row. */
function decided(
  part: Part,
  variable: string,
  rows: readonly Row[],
  otherwise: string,
  type: string,
): readonly string[] {
  const form = part.pick('switch', 'switch', 'switch', 'ladder', 'returns', 'map');
  if (form === 'switch')
    return [
      `${free('')}switch on ${variable} {`,
      ...rows.map(([key, answer]) => `    when '${key}' {\n        return ${answer};\n    }`),
      `    when else {\n        return ${free(otherwise)};\n    }\n}`,
    ];
  if (form === 'ladder')
    return [
      ...rows.map(
        ([key, answer], index) =>
          `${index === 0 ? `${free('')}if` : '} else if'} (${variable} == '${key}') {\n    return ${answer};`,
      ),
      `}\nreturn ${free(otherwise)};`,
    ];
  if (form === 'returns')
    return [
      ...rows.map(
        ([key, answer], index) =>
          `${index === 0 ? free('') : ''}if (${variable} == '${key}') {\n    return ${answer};\n}`,
      ),
      `return ${free(otherwise)};`,
    ];
  return [
    `${free('')}Map<String, ${type}> ${seen('answers')} = new Map<String, ${type}>{`,
    ...rows.map(([key, answer], index) => `    '${key}' => ${answer}${index === rows.length - 1 ? '' : ','}`),
    `};\nreturn answers.get(${variable});`,
  ];
}

/** A table in the comment, told again by the code below it. */
export const commentTable: Member = (part) => {
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const keys = part.random.sample(values, part.random.integer(3, 5));
  const isText = part.random.chance(0.35);
  const [answer, unit] = isText
    ? part.pick(['color', ''], ['queue', ''], ['letter', ''], ['team', ''])
    : part.pick(
        ['response time', 'days'],
        ['discount', 'percent'],
        ['score', 'points'],
        ['fee', 'euros'],
        ['reminder', 'days'],
        ['weight', 'kg'],
      );
  const texts = part.random.sample(
    ['red', 'green', 'blue', 'north', 'south', 'east', 'alpha', 'omega', 'first', 'last'],
    keys.length,
  );
  let number = part.random.integer(0, 5);
  const step = part.random.integer(1, 10);
  const rows: Row[] = keys.map((key, index) => {
    number += part.random.integer(1, 3) * step;
    return [key, isText ? `'${texts[index]!}'` : String(number)];
  });
  const variable = variableOf(field, part);
  const type = isText ? 'String' : part.pick('Integer', 'Integer', 'Decimal');
  const title = part.pick(
    `${pascalCase(answer)} by ${field.label}${unit === '' ? '' : `, in ${unit}`}:`,
    `The ${answer!} of each ${field.label}${unit === '' ? '' : ` (${unit!})`}:`,
  );
  const head = `${variable.replace(/s$/, '')}${pascalCase(answer!)}`;
  const method = opened(
    part,
    type,
    part.pick(`${answer!.split(' ')[0]!}For`, `get${pascalCase(answer!)}`, head),
  );
  return `${tableOf(part, title, rows)}\n${method}(String ${seen(variable)}) {\n${decided(
    part,
    variable,
    rows,
    isText ? 'null' : part.pick('0', 'null'),
    type,
  )
    .join('\n')
    .replace(/^(?=.)/gm, '    ')}\n}`;
};

/** A constant for each value, chosen by a switch on the value whose name it bears. */
export const constantSwitch: Member = (part) => {
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const keys = part.random.sample(values, part.random.integer(3, 4));
  const word = wordOr(part, 'days', 'rate', 'hours', 'points', 'limit', 'fee', 'weight', 'discount');
  const isFront = part.random.chance(0.3);
  const nameOf = (key: string): string =>
    isFront ? `${constantName(word)}_${constantName(key)}` : `${constantName(key)}_${constantName(word)}`;
  const type = part.pick('Integer', 'Decimal');
  const fallback = part.pick(`DEFAULT_${constantName(word)}`, `OTHER_${constantName(word)}`);
  if (keys.some((key) => nameOf(key) === fallback)) return null;
  const isRecord = part.random.chance(0.4);
  const variable = isRecord ? part.names.one : variableOf(field, part);
  const value = isRecord ? `${variable}.${field.api}` : variable;
  const rows: Row[] = keys.map((key) => [key, nameOf(key)]);
  const isStored = part.random.chance(0.35);
  const target = part.pick(word === 'limit' ? 'bound' : word, part.style.result);
  const cases = rows.map(
    ([key, name]) => `    when '${key}' {\n        ${isStored ? `${target} =` : 'return'} ${name};\n    }`,
  );
  const numbers = part.random.shuffled(['1', '2', '3', '5', '7', '14', '30', '60', '90']);
  const constants: Constant[] = [...rows.map(([, name]) => name), fallback].map((name, index) => [
    name,
    type,
    numbers[index]!,
  ]);
  return apex`
    ${declared(part, constants, false)}

    ${told(part, `the ${word} of a ${field.label}, ${fallback} for any other`, [variable])}
    ${opened(part, type, part.pick(`${word}For`, `get${pascalCase(word)}`, `${word}By${pascalCase(field.label)}`))}(${isRecord ? part.thing.api : 'String'} ${seen(variable)}) {
        ${isStored ? `${type} ${seen(target)};` : ''}
        switch on ${value} {
        ${cases}
            when else {
                ${isStored ? `${target} =` : 'return'} ${fallback};
            }
        }
        ${isStored ? `return ${target};` : ''}
    }
  `;
};

/** Tiers of an amount, listed by a comment or named by constants. */
export const tiers: Member = (part) => {
  const { thing, names } = part;
  const field = part.field(['currency', 'integer']);
  if (field === null) return null;
  const answer = wordOr(part, 'discount', 'tier', 'level', 'commission', 'rating', 'bonus');
  const isText = /tier|level|rating/.test(answer);
  const count = part.random.integer(2, 3);
  const names_ = part.random.sample(
    ['Gold', 'Silver', 'Bronze', 'Large', 'Medium', 'Top', 'Basic'],
    count + 1,
  );
  const bounds = part
    .pick(['10000', '5000', '1000'], ['500', '100', '50'], ['100000', '20000', '1000'])
    .slice(0, count);
  const answers = isText
    ? names_.map((name) => `'${name}'`)
    : part
        .pick(['20', '10', '5', '0'], ['0.15', '0.1', '0.05', '0'], ['300', '200', '100', '0'])
        .slice(0, count)
        .concat('0');
  const isConstant = part.random.chance(0.4);
  const sign = part.pick('>=', '>');
  const isRecord = part.random.chance(0.5);
  const variable = isRecord ? names.one : variableOf(field, part);
  const value = isRecord ? `${variable}.${field.api}` : variable;
  const boundName = (index: number): string =>
    `${constantName(names_[index]!)}_${part.style.hasThis ? 'MINIMUM' : 'FROM'}`;
  const word = sign === '>' ? 'above' : 'from';
  const said = isConstant
    ? told(
        part,
        `the ${answer} by ${field.label}: ${bounds.map((_bound, index) => `${answers[index]!.replace(/'/g, '')} ${word} ${boundName(index)}`).join(', ')}, else ${answers[count]!.replace(/'/g, '')}`,
      )
    : tableOf(
        part,
        part.pick(
          `${pascalCase(answer)} by ${field.label}:`,
          `The ${answer} of a ${thing.label}, by its ${field.label}:`,
        ),
        [
          ...bounds.map((bound, index): Row => [`${word} ${bound}`, answers[index]!]),
          ['below', answers[count]!],
        ],
      );
  const form = part.pick('returns', 'ladder');
  const rungs = bounds.map((bound, index) => {
    const test = `${value} ${sign} ${isConstant ? boundName(index) : bound}`;
    if (form === 'returns') return `if (${test}) {\n    return ${answers[index]!};\n}`;
    return `${index === 0 ? 'if' : '} else if'} (${test}) {\n    return ${answers[index]!};${index === count - 1 ? '\n}' : ''}`;
  });
  const type = isText ? 'String' : 'Decimal';
  const constants = bounds.map((bound, index): Constant => [boundName(index), 'Decimal', bound]);
  return apex`
    ${isConstant ? `${declared(part, constants, false)}\n` : ''}
    ${said}
    ${opened(part, type, part.pick(`${answer}For`, `get${pascalCase(answer)}`, `calculate${pascalCase(answer)}`))}(${isRecord ? thing.api : 'Decimal'} ${seen(variable)}) {
        ${free('')}${rungs}
        return ${answers[count]!};
    }
  `;
};

/** States as constants, which may follow on which, and methods that ask or refuse. */
export const transitions: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const states = values.slice(0, part.random.integer(3, 4));
  const map = part.pick(
    'ALLOWED',
    'TRANSITIONS',
    'ALLOWED_TRANSITIONS',
    'NEXT',
    `NEXT_${constantName(pluralOf(field.label))}`,
  );
  const isConstant = part.random.chance(0.5);
  const valueOf = (state: string): string => (isConstant ? constantName(state) : `'${state}'`);
  const entries = states.map((state, index) => {
    const next = states.slice(index + 1, index + 1 + part.random.integer(1, 2)).map(valueOf);
    const set = next.length === 0 ? 'new Set<String>()' : `new Set<String>{ ${free(next.join(', '))} }`;
    return `    ${free(valueOf(state))} => ${index === 0 ? set : set.replace('new Set<String>()', `${free('')}new Set<String>()`)}${index === states.length - 1 ? '' : ','}`;
  });
  const [from, to] = part.pick(
    ['current', 'next'],
    ['fromValue', 'toValue'],
    ['before', 'after'],
    ['oldValue', 'newValue'],
    [`old${pascalCase(field.label)}`, `new${pascalCase(field.label)}`],
  ) as [string, string];
  const can = part.pick('canMove', 'isAllowed', 'mayFollow', 'isTransitionAllowed', 'canChange');
  const isShort = part.random.chance(0.5);
  const body = isShort
    ? `return ${map}.containsKey(${from}) && ${map}.get(${from}).contains(${to});`
    : apex`
      if (!${map}.containsKey(${from})) {
          return false;
      }
      return ${map}.get(${from}).contains(${to});
    `;
  const exception = drawException(part);
  const isHandler = part.random.chance(0.5);
  const old = part.pick('oldMap', 'oldRecords', 'before_').replace('before_', 'oldById');
  const second = isHandler
    ? apex`
      ${told(part, `refuses changes of the ${field.label} that are not allowed`, [names.many, old])}
      ${opened(part, 'void', part.pick('checkTransitions', `validate${pascalCase(field.label)}`, 'refuseWrongMoves'))}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(old)}) {
          for (${thing.api} ${names.newOne} : ${names.many}) {
              String ${seen(from)} = ${old}.get(${names.one}.Id).${field.api};
              if (${names.one}.${field.api} != ${from} && !${seen(can)}(${from}, ${names.one}.${field.api})) {
                  ${names.one}.addError(${free(`'This change of the ${field.label} is not allowed.'`)});
              }
          }
      }
    `
    : apex`
      ${told(part, `sets the ${field.label}, when it may follow on the present one`, [names.one, to])}
      ${opened(part, 'void', part.pick('moveTo', `change${pascalCase(field.label)}`, 'advance'))}(${thing.api} ${names.newOne}, String ${seen(to)}) {
          if (!${seen(can)}(${names.one}.${field.api}, ${to})) {
              throw new ${exception.name}(${free(`'Not allowed: '`)} + ${names.one}.${field.api} + ${free(`' to '`)} + ${to});
          }
          ${names.one}.${field.api} = ${to};
      }
    `;
  if (from === names.one || to === names.one) return null;
  return [
    ...(isConstant
      ? [
          declared(
            part,
            states.map((state) => [constantName(state), 'String', `'${state}'`] as const),
            false,
          ),
        ]
      : []),
    `private static final Map<String, Set<String>> ${seen(map)} = new Map<String, Set<String>>{\n${entries.join('\n')}\n};`,
    ...(isHandler || exception.declaration === '' ? [] : [exception.declaration.trim()]),
    apex`
      ${told(part, part.pick(`may ${to} follow on ${from}?`, `is the change from ${from} to ${to} allowed?`), [from, to])}
      ${free(`${part.style.access} static Boolean `)}${seen(can)}(String ${seen(from)}, String ${seen(to)}) {
          ${body}
      }
    `,
    second,
  ].join('\n\n');
};

/** A state object whose methods move from one constant to the next, each only from the one before. */
export const stateObject: Member = (part) => {
  const words = part.random.sample(
    [
      ['DRAFT', 'SUBMITTED', 'APPROVED', 'submit', 'approve'],
      ['OPEN', 'RUNNING', 'DONE', 'start', 'finish'],
      ['NEW_ONE', 'PACKED', 'SHIPPED', 'pack', 'ship'],
      ['PLANNED', 'BOOKED', 'PAID', 'book', 'pay'],
      ['IDLE', 'LOADED', 'CLEARED', 'load', 'clear'],
    ],
    1,
  )[0]!;
  const [first, second, third, one, two] = words as [string, string, string, string, string];
  const state = part.pick('state', 'status', 'phase', 'stage');
  const exception = drawException(part);
  const manner = part.pick('throw', 'return', 'ignore');
  const at = self(part);
  const move = (name: string, from: string, to: string): string => apex`
    ${told(part, `${name}s it: from ${from} to ${to}`.replace('finishs', 'finishes'))}
    ${free(`${part.style.access} ${manner === 'return' ? 'Boolean' : 'void'} ${name}`)}() {
        if (${at}${state} != ${from}) {
            ${manner === 'throw' ? `throw new ${exception.name}(${free(`'Not possible when '`)} + ${at}${state});` : manner === 'return' ? 'return false;' : 'return;'}
        }
        ${at}${state} = ${to};
        ${manner === 'return' ? 'return true;' : ''}
    }
  `;
  const asked = part.pick('isOver', 'isComplete', 'isEnded', 'isFinal_').replace('_', 'State');
  return [
    declared(
      part,
      [first, second, third].map((name) => [name, 'String', `'${pascalCase(name.toLowerCase())}'`] as const),
      false,
    ),
    `private String ${seen(state)} = ${first};`,
    ...(manner === 'throw' && exception.declaration !== '' ? [exception.declaration.trim()] : []),
    move(one, first, second),
    move(two, second, third),
    ...(part.random.chance(0.5)
      ? [
          apex`
      ${told(part, `has ${third} been reached?`)}
      ${free(`${part.style.access} Boolean ${asked}`)}() {
          return ${at}${state} == ${third};
      }
    `,
        ]
      : []),
  ].join('\n\n');
};

/** Constants of a field's values, assigned by methods that say which. */
export const assignedConstants: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const chosen = part.random.sample(values, part.random.integer(2, 3));
  const nameOf = (value: string): string => `${constantName(field.label)}_${constantName(value)}`;
  const stamp = part.settable(1, ['date', 'datetime'])[0];
  const now = stamp?.type === 'date' ? 'Date.today()' : 'System.now()';
  const isList = part.random.chance(0.6);
  const isSaved = isList && part.random.chance(0.6);
  const hasStamp = stamp !== undefined && part.random.chance(0.4);
  const isSkipping = part.random.chance(0.3);
  const methods = chosen.map((value) => {
    const constant = nameOf(value);
    const lines = [
      ...(isSkipping && isList ? [`if (${names.one}.${field.api} == ${constant}) {\n    continue;\n}`] : []),
      `${names.one}.${field.api} = ${constant};`,
      ...(hasStamp ? [`${names.one}.${stamp.api} = ${now};`] : []),
    ];
    const english = `sets the ${field.label} to ${constant}${hasStamp ? ` and the ${stamp.label} to now` : ''}${isSkipping && isList ? ', where it is not yet' : ''}`;
    return apex`
      ${told(part, english, [isList ? names.many : names.one])}
      ${opened(part, 'void', `${part.pick('markAs', 'setTo', 'moveTo', 'make')}${pascalCase(constantName(value).toLowerCase())}`)}(${isList ? `List<${thing.api}> ${names.newMany}` : `${thing.api} ${names.newOne}`}) {
          ${isList ? `for (${thing.api} ${names.newOne} : ${names.many}) {\n${lines.join('\n').replace(/^/gm, '    ')}\n}` : lines}
          ${isSaved ? `update ${names.many};` : ''}
      }
    `;
  });
  return [
    declared(
      part,
      chosen.map((value) => [nameOf(value), 'String', `'${value}'`] as const),
      false,
    ),
    ...methods,
  ].join('\n\n');
};
