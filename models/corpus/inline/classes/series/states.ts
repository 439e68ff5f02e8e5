/** States and constants: which state follows which, who is on which list. */
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { apex, free, indented, seen } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import type { Member, Part } from '../../part.js';
import { drawPicklist, self } from '../../scope/words.js';
import { drawWords, followed } from './words.js';

/** A start, then verbs and the states that they lead to. */
type Life = readonly [first: string, ...steps: readonly (readonly [verb: string, state: string])[]];

const lives: readonly Life[] = [
  ['Draft', ['submit', 'Submitted'], ['approve', 'Approved'], ['publish', 'Published']],
  ['Open', ['start', 'Running'], ['pause', 'Paused'], ['finish', 'Finished']],
  ['Ordered', ['pack', 'Packed'], ['ship', 'Shipped'], ['deliver', 'Delivered']],
  ['Planned', ['invite', 'Invited'], ['confirm', 'Confirmed'], ['complete', 'Completed']],
  ['Empty', ['fill', 'Filled'], ['seal', 'Sealed'], ['send', 'Sent']],
  ['Received', ['inspect', 'Inspected'], ['repair', 'Repaired'], ['handBack', 'Returned']],
];

/** A method for each transition that a comment lists; it answers whether it took place, or throws. */
export const transitions: Member = (part) => {
  const [first, ...all] = part.pick(...lives);
  const steps = all.slice(0, part.random.integer(2, 3));
  const states = [first, ...steps.map(([, state]) => state)];
  const isEnum = part.random.chance(0.6);
  const variable = part.pick('state', 'status', 'current', 'phase');
  const type = isEnum ? part.pick('State', 'Phase', 'Step') : 'String';
  if (isEnum && type.toLowerCase() === variable) return null;
  const me = self(part);
  const form = part.pick('boolean', 'throw', 'silent');
  const value = (state: string): string => (isEnum ? `${type}.${state.toUpperCase()}` : `'${state}'`);
  const list = part.pick(' -> ', ', then ', ' > ');
  const shown = isEnum ? states.map((state) => state.toUpperCase()) : states;
  const said = part.pick(shown.join(list), `the way is ${shown.join(list)}; no step is left out`);
  const declared = isEnum ? `public enum ${seen(type)} {\n${indented(shown.join(',\n'))}\n}\n\n` : '';
  const methods = followed(steps, ([verb], head) => {
    const at = steps.findIndex(([own]) => own === verb);
    const [before, after] = [value(states[at]!), value(states[at + 1]!)];
    const refusal = {
      boolean: 'return false;',
      throw: `throw new IllegalArgumentException('Cannot ${verb} now');`,
      silent: 'return;',
    }[form];
    return apex`
      ${head(`public ${form === 'boolean' ? 'Boolean' : 'void'} ${verb}()`)} {
          if (${me}${variable} != ${before}) {
              ${refusal}
          }
          ${me}${variable} = ${after};
          ${form === 'boolean' ? 'return true;' : ''}
      }
    `;
  });
  const asked = followed(
    states,
    (state, head) =>
      `${head(`public Boolean is${state}()`)} {\n    return ${me}${variable} == ${value(state)};\n}`,
  );
  const questions = part.random.chance(0.6) ? `\n\n${asked}` : '';
  const verbs = free(
    `// ${steps.map(([verb], at) => `${verb}: ${shown[at]!} to ${shown[at + 1]!}`).join('; ')}`,
  );
  return `${free(`// ${capitalized(said)}`)}\n${verbs}\n${declared}private ${type} ${seen(variable)} = ${value(first)};\n\n${methods}${questions}`;
};

const things = 'door,valve,gate,lamp,heater,pump,alarm,window,barrier,oven,engine,fan'.split(',');

/** Flags of a thing, and what may be done when. */
export const booleanMachine: Member = (part) => {
  const thing = part.random.chance(0.2) ? unknownWord(part.random) : part.pick(...things);
  const [on, isOn, off] = part.pick(
    ['open', 'isOpen', 'close'],
    ['switchOn', 'isOn', 'switchOff'],
    ['start', 'isRunning', 'stop'],
    ['arm', 'isArmed', 'disarm'],
  ) as [string, string, string];
  const [lock, isLocked, unlock] = part.pick(
    ['lock', 'isLocked', 'unlock'],
    ['block', 'isBlocked', 'unblock'],
    ['seal', 'isSealed', 'unseal'],
  ) as [string, string, string];
  const me = self(part);
  const isNested = part.random.chance(0.3);
  const big = part.random.chance(0.5) ? capitalized(thing) : '';
  const said = [
    `// ${on}: only when it is not ${isLocked.slice(2).toLowerCase()}`,
    `// ${off}: always`,
    `// ${lock}: only when it is not ${isOn.slice(2).toLowerCase()}`,
    `// ${unlock}: always`,
  ];
  const guarded = (verb: string, guard: string, set: string): string => {
    const name = `public Boolean ${verb}${big}()`;
    return isNested
      ? `${name} {\n    if (!${me}${guard}) {\n        ${me}${set} = true;\n        return true;\n    }\n    return false;\n}`
      : `${name} {\n    if (${me}${guard}) {\n        return false;\n    }\n    ${me}${set} = true;\n    return true;\n}`;
  };
  const plain = (verb: string, clear: string): string =>
    `public void ${verb}${big}() {\n    ${me}${clear} = false;\n}`;
  const toggle = apex`
    ${part.comment(`${off} when it is ${isOn.slice(2).toLowerCase()}, ${on} otherwise`)}
    public void ${free('toggle')}() {
        if (${me}${isOn}) {
            ${off}${big}();
        } else {
            ${on}${big}();
        }
    }
  `;
  return [
    `${free([`// A ${thing}`, ...said].join('\n'))}\nprivate Boolean ${seen(isOn)} = false;\nprivate Boolean ${seen(isLocked)} = false;`,
    guarded(on, isLocked, isOn),
    plain(off, isOn),
    guarded(lock, isOn, isLocked),
    plain(unlock, isLocked),
    ...(part.random.chance(0.5) ? [toggle] : []),
  ].join('\n\n');
};

const groups = 'Open,Closed,Final,Urgent,Internal,Billable,Public,Blocked,Active,Quiet,Manual,Remote'.split(
  ',',
);

/** Sets of constants, and a question for each. */
export const constantSets: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawPicklist(part, 4);
  if (drawn === null) return null;
  const values = drawn.values;
  const words = drawWords(part, groups, 2);
  const cut = part.random.integer(1, Math.min(3, values.length - 1));
  const parts = [values.slice(0, cut), values.slice(cut, cut + 3)];
  const noun = part.pick('STATES', 'VALUES', 'NAMES', 'KINDS');
  const constant = (word: string): string => `${constantName(word)}_${noun}`;
  const one = part.pick(names.one, 'rec', 'record');
  const isRecord = part.random.chance(0.6);
  const parameter = isRecord ? `${thing.api} ${one}` : `String value`;
  const value = isRecord ? `${one}.${drawn.field.api}` : 'value';
  const isList = part.random.chance(0.3);
  const collection = isList ? 'List<String>' : 'Set<String>';
  const modifiers = part.pick('private static final', 'public static final');
  const isLong = part.random.chance(0.4);
  const declared = words.map((word, at) => {
    const content = parts[at]!.map((text) => free(`'${text}'`));
    return `${modifiers} ${collection} ${seen(constant(word))} = new ${collection}{${isLong ? `\n${indented(content.join(',\n'))}\n` : ` ${content.join(', ')} `}};`;
  });
  const methods = followed(
    words,
    (word, head) =>
      `${head(`public static Boolean is${word}(${parameter})`)} {\n    return ${constant(word)}.contains(${value});\n}`,
  );
  const neither = apex`
    public static Boolean ${free('isNeither')}(${isRecord ? `${thing.api} ${seen(one)}` : `String ${seen('value')}`}) {
        return ${words.map((word) => `!is${word}(${isRecord ? one : 'value'})`).join(' && ')};
    }
  `;
  return `${declared.join('\n')}\n\n${methods}${part.random.chance(0.5) ? `\n\n${neither}` : ''}`;
};

/** What comes next and what was before, round or with an end. */
export const steps: Member = (part: Part) => {
  const values = drawWords(
    part,
    'Red,Amber,Green,North,East,South,West,Spring,Summer,Autumn,Winter,Small,Medium,Large'.split(','),
    part.random.integer(3, 4),
  );
  const list = part.pick('ORDER', 'STEPS', 'SEQUENCE', 'CYCLE');
  const isRound = part.random.chance(0.5);
  const value = part.pick('current', 'value', 'step');
  const at = part.pick('at', 'index', 'position');
  const end = isRound ? 'after the last one comes the first one again' : 'the last one has no next one: null';
  const start = isRound
    ? 'before the first one comes the last one'
    : 'the first one has no previous one: null';
  const next = isRound
    ? `return ${list}[Math.mod(${at} + 1, ${list}.size())];`
    : `return ${at} == ${list}.size() - 1 ? null : ${list}[${at} + 1];`;
  const previous = isRound
    ? `return ${at} == 0 ? ${list}[${list}.size() - 1] : ${list}[${at} - 1];`
    : `return ${at} == 0 ? null : ${list}[${at} - 1];`;
  const hasGuard = part.random.chance(0.6);
  const method = (name: string, said: string, body: string): string => apex`
    ${part.comment(said)}
    public static String ${name}(String ${seen(value)}) {
        Integer ${seen(at)} = ${list}.indexOf(${value});
        ${hasGuard ? `if (${at} < 0) {\n    return null;\n}` : ''}
        ${body}
    }
  `;
  const edge = (name: string, said: string): string =>
    `public static Boolean ${name}(String ${seen(value)}) {\n    return ${value} == ${list}[${said}];\n}`;
  return [
    `private static final List<String> ${seen(list)} = new List<String>{ ${values.map((word) => free(`'${word}'`)).join(', ')} };`,
    method(free('next'), end, next),
    method(free('previous'), start, previous),
    ...(part.random.chance(0.5)
      ? [edge(free('isFirst'), '0'), edge(free('isLast'), `${list}.size() - 1`)]
      : []),
  ].join('\n\n');
};
