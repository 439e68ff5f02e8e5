/** Inner classes that collect: stacks, queues, and results with their errors. */
import { capitalized } from '../../phrase.js';
import { pluralOf } from '../../plurals.js';
import { apex, free, seen } from '../apex.js';
import type { Member } from '../part.js';
import { drawClass, innerClass } from './inner-classes.js';
import { freeFirst, fresh, told, wordOr } from './words.js';

type Verbs = readonly [add: string, take: string, look: string];

const stackVerbs: readonly Verbs[] = [
  ['push', 'pop', 'peek'],
  ['put', 'take', 'top'],
  ['add', 'removeLast', 'getLast'],
];
const queueVerbs: readonly Verbs[] = [
  ['enqueue', 'dequeue', 'peek'],
  ['add', 'poll', 'next'],
  ['append', 'takeFirst', 'head'],
];

/** Writes a stack or a queue over one list. */
export const container: Member = (part) => {
  const type = part.pick('String', 'Integer', 'Id', 'Object', 'Decimal', part.thing.api);
  const noun = wordOr(part, 0.3, 'item', 'entry', 'element', 'task', 'step', 'message');
  const list = part.pick(pluralOf(noun), 'content', 'held', 'waiting', 'elements');
  if (list === noun) return null;
  const self = part.style.hasThis ? 'this.' : '';
  const isStack = part.random.chance(0.5);
  const name = drawClass(
    part,
    ...(isStack ? ['Stack', 'History', 'Pile', 'UndoStack'] : ['Queue', 'Line', 'WaitingList', 'Backlog']),
  );
  const at = isStack ? `${self}${list}.size() - 1` : '0';
  const [add, take, look] = part.random.pick(isStack ? stackVerbs : queueVerbs);
  const what = isStack ? 'last' : 'first';
  const hasException = part.random.chance(0.4);
  const exception = `${name}EmptyException`;
  const answer = hasException
    ? `throw new ${exception}(${free(`'${part.pick('Nothing left', 'Empty', 'There is no element')}'`)});`
    : 'return null;';
  const guard = `if (${self}${list}.isEmpty()) {\n    ${answer}\n}`;
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
  const holder = innerClass(
    part,
    free(name),
    `private ${part.pick('final ', '')}List<${type}> ${seen(list)} = new List<${type}>();`,
    ...methods,
  );
  return hasException ? `public class ${free(exception)} extends Exception {}\n\n${holder}` : holder;
};

/** Writes a result that collects what went wrong, and tells whether nothing did. */
export const resultClass: Member = (part) => {
  const name = drawClass(part, 'Outcome', 'ValidationResult', 'Report', 'CheckResult', 'Response', 'Summary');
  const errors = part.pick('errors', 'messages', 'problems', 'failures', 'complaints');
  const warnings = part.pick('warnings', 'hints', 'notices', 'remarks');
  const one = part.pick('message', 'text', 'reason', 'said');
  const self = part.style.hasThis ? 'this.' : '';
  const hasWarnings = part.random.chance(0.6);
  const lists = hasWarnings ? [errors, warnings] : [errors];
  const adders = lists.map(
    (list, index) => apex`
    ${freeFirst(index, 'public')} void ${freeFirst(index, `add${capitalized(list.slice(0, -1))}`)}(String ${seen(one)}) {
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
  return innerClass(part, free(name), declared, ...adders, ...extra);
};
