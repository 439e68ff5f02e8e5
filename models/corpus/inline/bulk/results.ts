/** Methods that look at each result of a write: what was saved, and what failed. */
import { capitalized, pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { emptyGuard } from '../members-changes.js';
import { signature, type Member, type Part } from '../part.js';
import { either, lines, loop, modifiers } from './base.js';

/** A statement that writes, and the class of its results. */
export interface Write {
  readonly verb: string;
  readonly type: string;
  readonly past: string;
}

/** Those that have results. */
export const writes: readonly Write[] = [
  { verb: 'insert', type: 'SaveResult', past: 'inserted' },
  { verb: 'update', type: 'SaveResult', past: 'updated' },
  { verb: 'delete', type: 'DeleteResult', past: 'deleted' },
  { verb: 'upsert', type: 'UpsertResult', past: 'upserted' },
  { verb: 'undelete', type: 'UndeleteResult', past: 'restored' },
];

/** Writes what can be written and keeps the results. */
function declaredResults(part: Part, write: Write, results: string, list: string): string {
  const type = part.pick(
    `List<Database.${write.type}>`,
    `List<Database.${write.type}>`,
    `Database.${write.type}[]`,
  );
  return `${type} ${seen(results)} = Database.${write.verb}(${list}, false);`;
}

/** Every error of a result, or its first one. */
function eachError(part: Part, result: string, act: (message: string) => string): string {
  const error = part.pick('error', 'err', 'failure', 'dbError', 'problem');
  if (part.random.chance(0.2)) return `${free('')}${act(`${result}.getErrors()[0].getMessage()`)}`;
  return loop('Database.Error', error, `${result}.getErrors()`, act(`${error}.getMessage()`));
}

/** Writes what it can and answers with ids or messages. */
export const savedOrNot: Member = (part) => {
  const { thing, names } = part;
  const write = part.pick(...writes);
  const [results, one] = part.pick(
    ['results', 'result'],
    ['saveResults', 'sr'],
    ['outcomes', 'outcome'],
    ['dbResults', 'res'],
    ['answers', 'answer'],
  ) as [string, string];
  const isIds = part.random.chance(0.5);
  const kept = isIds
    ? part.pick(`${write.past}Ids`, 'savedIds', 'successIds', 'doneIds', 'okIds')
    : part.pick('messages', 'errors', 'failures', 'problems');
  if ([results, one, kept].some((name) => name === names.many || name === names.one)) return null;
  const type = isIds ? part.pick('Set<Id>', 'List<Id>') : 'List<String>';
  const add = (value: string): string => `${kept}.add(${value});`;
  const log = (message: string): string => part.log(message, 'error');
  const success = isIds ? add(`${one}.getId()`) : '';
  const failure = eachError(part, one, isIds ? log : add);
  const body = isIds
    ? part.random.weighted([
        [3, either(`${one}.isSuccess()`, success, failure)],
        [1, `${free('')}${either(`!${one}.isSuccess()`, failure, success)}`],
        [1, lines(`${free('')}${when(`${one}.isSuccess()`, success, 'continue;')}`, failure)],
        [1, `${free('')}${when(`${one}.isSuccess()`, success)}`],
      ])
    : part.pick(
        when(`!${one}.isSuccess()`, failure),
        lines(`${free('')}${when(`${one}.isSuccess()`, 'continue;')}`, failure),
      );
  const said = isIds
    ? part.pick(
        `the ids of the ${write.past} ${thing.plural}; errors are logged`,
        `${write.verb}s what it can and returns the ids of what was ${write.past}`,
      )
    : part.pick(
        `${write.verb}s ${thing.plural} and returns the messages of those that failed`,
        'what went wrong, a message for each error',
      );
  const doc = part.doc(said, [names.many]);
  const head = signature(
    modifiers(part),
    type,
    part.pick(
      `${write.verb}All`,
      `${write.verb}${pascalCase(thing.plural)}`,
      `try${capitalized(write.verb)}`,
      `${write.verb}WithResults`,
      `${write.verb}Partially`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${type} ${seen(kept)} = new ${type}();
        ${emptyGuard(part, names.many, kept)}
        ${declaredResults(part, write, results, names.many)}
        ${loop(`Database.${write.type}`, one, results, body)}
        return ${kept};
    }
  `;
};

/** What a method does with the records that fail. */
interface Report {
  /** The method's type. */
  readonly type: string;
  /** What stands before the loop. */
  readonly made: string;
  /** What is done with each. */
  readonly act: string;
  readonly said: string;
}

/** By what is kept of the records that fail. */
function drawReports(
  part: Part,
  write: Write,
  { failed, ok, record, result }: Readonly<Record<'failed' | 'ok' | 'record' | 'result', string>>,
): Readonly<Record<'log' | 'failed' | 'map' | 'addError' | 'both', Report>> {
  const { thing } = part;
  const declared = (kept: string): string => `List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();`;
  const message = `${result}.getErrors()[0].getMessage()`;
  const logged = `${record}.${write.verb === 'insert' ? seen(thing.nameField) : 'Id'} + ${free(part.pick(`': '`, `' failed: '`, `' - '`))} + ${result}.getErrors()`;
  return {
    log: { type: 'void', made: '', act: part.log(logged, 'error'), said: ' and logs those that fail' },
    failed: {
      type: `List<${thing.api}>`,
      made: declared(failed),
      act: `${failed}.add(${record});`,
      said: ' and keeps those that fail',
    },
    map: {
      type: 'Map<Id, String>',
      made: `Map<Id, String> ${seen(failed)} = new Map<Id, String>();`,
      act: `${failed}.put(${record}.Id, ${message});`,
      said: ' and keeps those that fail',
    },
    addError: {
      type: 'void',
      made: '',
      act: `${record}.addError(${message});`,
      said: '; each that fails gets its error',
    },
    both: {
      type: `List<${thing.api}>`,
      made: lines(declared(failed), declared(ok)),
      act: '',
      said: ' and keeps those that fail',
    },
  };
}

/** Results and records side by side, by index. */
export const resultsByIndex: Member = (part) => {
  const { thing, names } = part;
  const write = part.pick(...writes.slice(0, 4));
  const results = part.pick('results', 'saveResults', 'outcomes', 'rs');
  const index = part.pick('i', 'i', 'i', 'index', 'n');
  const isGet = part.random.chance(0.25);
  const at = (list: string): string => (isGet ? `${list}.get(${index})` : `${list}[${index}]`);
  const failed = part.pick(
    'failed',
    'failedRecords',
    'rejected',
    'notSaved',
    `failed${pascalCase(thing.plural)}`,
  );
  const form = part.pick('log', 'log', 'failed', 'map', 'addError', 'both');
  const ok = part.pick('saved', 'succeeded', 'done');
  const { type, made, act, said } = drawReports(part, write, {
    failed,
    ok,
    record: at(names.many),
    result: at(results),
  })[form];
  if (form === 'map' && write.verb === 'insert') return null;
  const succeeded = `${at(results)}.isSuccess()`;
  const guarded =
    form === 'both'
      ? either(succeeded, `${ok}.add(${at(names.many)});`, `${failed}.add(${at(names.many)});`)
      : part.pick(when(`!${succeeded}`, act), lines(`${free('')}${when(succeeded, 'continue;')}`, act));
  const bound = part.pick(results, results, names.many);
  const doc = part.doc(`${write.verb}s ${thing.plural}${said}`, [names.many]);
  const head = signature(
    modifiers(part),
    type,
    part.pick(
      `${write.verb}AndReport`,
      `${write.verb}All`,
      `save${pascalCase(thing.plural)}`,
      `${write.verb}OneByOne`,
      `${write.verb}Chunk`,
    ),
  );
  return apex`
    ${doc}
    ${head}(List<${thing.api}> ${names.newMany}) {
        ${made}
        ${declaredResults(part, write, results, names.many)}
        for (Integer ${index} = 0; ${index} < ${bound === results ? '' : free('')}${bound}.size(); ${index}++) {
            ${guarded}
        }
        ${form === 'both' ? part.log(`${ok}.size() + ${free(`' saved, '`)} + ${failed}.size() + ${free(`' failed'`)}`) : ''}
        ${type === 'void' ? '' : `return ${failed};`}
    }
  `;
};
