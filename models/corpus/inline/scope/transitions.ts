/** Which states may follow on which: a map of them, and methods that ask or refuse. */
import type { Field } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, indented, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Member, Part } from '../part.js';
import {
  declaredInOrder,
  drawException,
  drawPicklist,
  opened,
  recordParameter,
  textConstant,
  told,
  type Pair,
} from './words.js';

const statesMin = 3;

/** The names that methods about moves share. */
interface Moves {
  readonly field: Field;
  /** Variables for the two states. */
  readonly from: string;
  readonly to: string;
  /** The method that tells whether a move is allowed. */
  readonly can: string;
}

/** A map of each state to those that may follow on it; nobody knows which, but for the last one's none. */
function followers(part: Part, states: readonly string[], map: string): string {
  const entries = states.map((state, index) => {
    const next = states.slice(index + 1, index + 1 + part.random.integer(1, 2));
    const set =
      next.length === 0 ? `${free('')}new Set<String>()` : `new Set<String>{ ${free(next.join(', '))} }`;
    return `${free(state)} => ${set}`;
  });
  return `private static final Map<String, Set<String>> ${seen(map)} = new Map<String, Set<String>>{\n${indented(entries.join(',\n'))}\n};`;
}

/** A trigger's check of what was changed. */
function checkedMoves(part: Part, { field, from, can }: Moves, old: string): string {
  const { thing, names } = part;
  return apex`
    ${told(part, `refuses changes of the ${field.label} that are not allowed`, [names.many, old])}
    ${opened(part, 'void', part.pick('checkTransitions', `validate${pascalCase(field.label)}`, 'refuseWrongMoves'))}(${recordParameter(part, true)}, Map<Id, ${thing.api}> ${seen(old)}) {
        for (${thing.api} ${names.newOne} : ${names.many}) {
            String ${seen(from)} = ${old}.get(${names.one}.Id).${field.api};
            if (${names.one}.${field.api} != ${from} && !${seen(can)}(${from}, ${names.one}.${field.api})) {
                ${names.one}.addError(${free(`'This change of the ${field.label} is not allowed.'`)});
            }
        }
    }
  `;
}

/** A method that moves one record, or throws. */
function move(part: Part, { field, to, can }: Moves, exception: string): string {
  const { names } = part;
  const value = `${names.one}.${field.api}`;
  return apex`
    ${told(part, `sets the ${field.label}, when it may follow on the present one`, [names.one, to])}
    ${opened(part, 'void', part.pick('moveTo', `change${pascalCase(field.label)}`, 'advance'))}(${recordParameter(part, false)}, String ${seen(to)}) {
        if (!${seen(can)}(${value}, ${to})) {
            throw new ${exception}(${free(`'Not allowed: '`)} + ${value} + ${free(`' to '`)} + ${to});
        }
        ${value} = ${to};
    }
  `;
}

/** Which states may follow on which, and methods that ask or refuse. */
export const transitions: Member = (part) => {
  const { names } = part;
  const drawn = drawPicklist(part, statesMin);
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
  const written = states.map((state) => (isConstant ? constantName(state) : `'${state}'`));
  const allowed = followers(part, written, map);
  const [from, to] = part.pick<Pair>(
    ['current', 'next'],
    ['fromValue', 'toValue'],
    ['before', 'after'],
    ['oldValue', 'newValue'],
    [`old${pascalCase(field.label)}`, `new${pascalCase(field.label)}`],
  );
  const can = part.pick('canMove', 'isAllowed', 'mayFollow', 'isTransitionAllowed', 'canChange');
  const isShort = part.random.chance(0.5);
  const [isKnown, isFollower] = [`${map}.containsKey(${from})`, `${map}.get(${from}).contains(${to})`];
  const exception = drawException(part);
  const isHandler = part.random.chance(0.5);
  const old = part.pick('oldMap', 'oldRecords', 'oldById');
  const moves = { field, from, to, can };
  const second = isHandler ? checkedMoves(part, moves, old) : move(part, moves, exception.name);
  if (from === names.one || to === names.one) return null;
  const constants = states.map((state) => textConstant(constantName(state), state));
  return [
    ...(isConstant ? [declaredInOrder(part, constants)] : []),
    allowed,
    ...(isHandler || exception.declaration === '' ? [] : [exception.declaration.trim()]),
    apex`
      ${told(part, part.pick(`may ${to} follow on ${from}?`, `is the change from ${from} to ${to} allowed?`), [from, to])}
      ${free(`${part.style.access} static Boolean `)}${seen(can)}(String ${seen(from)}, String ${seen(to)}) {
          ${isShort ? `return ${isKnown} && ${isFollower};` : [when(`!${isKnown}`, 'return false;'), `return ${isFollower};`]}
      }
    `,
    second,
  ].join('\n\n');
};
