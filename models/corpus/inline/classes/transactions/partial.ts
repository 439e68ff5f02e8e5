/** Classes that write what can be written and look at each result: ids, messages, records that failed. */
import { clash, listName, recordName } from '../names.js';
import { pascalCase } from '../../../phrase.js';
import { either, joinedMembers, lines, loop } from '../../bulk/base.js';
import { writes, type Write } from '../../bulk/results.js';
import { free, indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { told } from '../../scope/words.js';

interface ResultNames {
  readonly results: string;
  readonly result: string;
  readonly error: string;
}

function drawResultNames(part: Part): ResultNames {
  const [results, result] = part.pick(
    ['results', 'result'],
    ['results', 'sr'],
    ['saveResults', 'sr'],
    ['saveResults', 'saveResult'],
    ['srList', 'sr'],
    ['outcomes', 'outcome'],
    ['dbResults', 'res'],
  ) as [string, string];
  return { results, result, error: part.pick('err', 'err', 'error', 'dbError', 'problem') };
}

/** How an error is written: the comment says it, or a sibling does. */
function drawWording(part: Part, error: string): { readonly text: string; readonly said: string } {
  const [status, message] = [`${error}.getStatusCode()`, `${error}.getMessage()`];
  return part.random.weighted([
    [3, { text: `${status} + ': ' + ${message}`, said: 'status code: message' }],
    [3, { text: message, said: 'plain messages' }],
    [1, { text: `${status} + ' - ' + ${message}`, said: 'status code - message' }],
    [1, { text: `${message} + ' ' + ${error}.getFields()`, said: 'the message and its fields' }],
    [
      0.7,
      {
        text: `String.join(${error}.getFields(), ', ') + ': ' + ${message}`,
        said: 'the fields, comma-separated: message',
      },
    ],
  ]);
}

/** The declared results of a write that lets others go on. */
function declared(part: Part, write: Write, results: string, list: string): string {
  const type = part.pick(`List<Database.${write.type}>`, `Database.${write.type}[]`);
  return `${type} ${seen(results)} = Database.${write.verb}(${list}, false);`;
}

/** A loop over results that goes on at once after each success, or asks for failures. */
function eachFailure(
  part: Part,
  write: Write,
  names: ResultNames,
  list: string,
  act: string,
  success = '',
): string {
  const { results, result } = names;
  const form = part.pick('each', 'each', 'inline', 'continue', 'continue');
  const succeeded = `${result}.isSuccess()`;
  const skipping = part.random.chance(0.5) ? `if (${succeeded}) continue;` : when(succeeded, 'continue;');
  const body =
    success !== ''
      ? either(succeeded, success, act)
      : form === 'continue'
        ? lines(`${free('')}${skipping}`, act)
        : when(`!${succeeded}`, act);
  const type = `Database.${write.type}`;
  return form === 'inline'
    ? `${free('')}${loop(type, result, `Database.${write.verb}(${list}, false)`, body)}`
    : lines(declared(part, write, results, list), loop(type, result, results, body));
}

/** Methods of the same shape for two or three verbs, each of which returns the messages. */
export const partialSiblings: Member = (part) => {
  const { thing } = part;
  const names = drawResultNames(part);
  const list = listName(part);
  const messages = part.pick('messages', 'errors', 'failures');
  if (clash(names.results, names.result, names.error, list, messages)) return null;
  const { text, said } = drawWording(part, names.error);
  const isHelper = part.random.chance(0.5);
  const sorts = part.random.sample(
    writes.filter(({ type }) => type === 'SaveResult' || !isHelper),
    part.pick(2, 2, 3),
  );
  const helper = part.pick('messagesOf', 'collectErrors', 'errorsOf', 'failuresIn');
  const collecting = loop(
    'Database.Error',
    names.error,
    `${names.result}.getErrors()`,
    `${messages}.add(${text});`,
  );
  const made = `List<String> ${seen(messages)} = new List<String>();`;
  const isSkip = part.random.chance(0.5);
  const succeeded = `${names.result}.isSuccess()`;
  const body = isSkip ? lines(when(succeeded, 'continue;'), collecting) : when(`!${succeeded}`, collecting);
  const looped = (type: string): string => loop(`Database.${type}`, names.result, names.results, body);
  const suffix = part.pick(pascalCase(thing.plural), 'All', 'Partially', 'Some');
  const methods = sorts.map((write, index) =>
    lines(
      index === 0
        ? told(part, `${write.verb}s what can be ${write.past} and returns the errors as ${said}`)
        : '',
      `${free(`public static List<String> ${write.verb}${suffix}`)}(List<${thing.api}> ${seen(list)}) {`,
      indented(
        isHelper
          ? `return ${helper}(Database.${write.verb}(${list}, false));`
          : lines(
              made,
              `List<Database.${write.type}> ${seen(names.results)} = Database.${write.verb}(${list}, false);`,
              looped(write.type),
              `return ${messages};`,
            ),
      ),
      '}',
    ),
  );
  const help = lines(
    told(part, `what went wrong, as ${said}`),
    `private static List<String> ${seen(helper)}(List<Database.SaveResult> ${seen(names.results)}) {`,
    indented(lines(made, looped('SaveResult'), `return ${messages};`)),
    '}',
  );
  return joinedMembers(
    ...(isHelper ? (part.random.chance(0.5) ? [help, ...methods] : [...methods, help]) : methods),
  );
};

/** Which collection a method fills: its declaration, what is done on success and on failure, what the sentence says. */
interface Collecting {
  readonly type: string;
  readonly success: string;
  readonly failure: string;
  readonly said: string;
  /** Whether it needs the ids of those that failed. */
  readonly needsFailedIds?: boolean;
}

function drawCollecting(
  part: Part,
  names: ResultNames,
  kept: string,
  wording: { readonly text: string; readonly said: string },
): Collecting {
  const { result, error } = names;
  const each = (act: string): string => loop('Database.Error', error, `${result}.getErrors()`, act);
  return part.pick<Collecting>(
    {
      type: 'Set<Id>',
      success: `${kept}.add(${result}.getId());`,
      failure: each(part.log(wording.text, 'error')),
      said: `returns the ids of those that succeeded; errors are logged as ${wording.said}`,
    },
    {
      type: 'List<Id>',
      success: `${kept}.add(${result}.getId());`,
      failure: each(part.log(wording.text, 'error')),
      said: `the ids of those that succeeded are returned, the errors go to the log as ${wording.said}`,
    },
    {
      type: 'List<String>',
      success: '',
      failure: each(`${kept}.add(${wording.text});`),
      said: `returns the errors as ${wording.said}, an empty list when all went well`,
    },
    {
      type: 'Set<Id>',
      success: '',
      failure: `${kept}.add(${result}.getId());`,
      said: 'returns the ids of those that failed',
      needsFailedIds: true,
    },
    { type: 'Integer', success: '', failure: `${kept}++;`, said: 'returns how many failed' },
    {
      type: 'Integer',
      success: `${kept}++;`,
      failure: each(part.log(wording.text, 'error')),
      said: `returns how many succeeded; errors are logged as ${wording.said}`,
    },
  );
}

const keptNames: Readonly<Record<string, readonly string[]>> = {
  'Set<Id>': ['ids', 'successIds', 'idSet', 'recordIds'],
  'List<Id>': ['successIds', 'doneIds', 'ids'],
  'List<String>': ['messages', 'failures', 'problems'],
  Integer: ['total', 'counter', 'num'],
};

/** One method that writes and answers with what it collected. */
export const collectedResults: Member = (part) => {
  const { thing } = part;
  const names = drawResultNames(part);
  const write = part.pick(...writes);
  const list = listName(part);
  const drawn = drawCollecting(part, names, 'KEPT', drawWording(part, names.error));
  const kept = part.random.pick(keptNames[drawn.type]!);
  const put = (code: string): string => code.replaceAll('KEPT', kept);
  if (clash(names.results, names.result, names.error, list, kept)) return null;
  // A delete's failed result has no id, and neither has that of an insert.
  if (drawn.needsFailedIds === true && write.verb !== 'update') return null;
  const isGuarded = part.random.chance(0.25);
  const said = `${write.verb}s the ${thing.plural} and ${drawn.said}`;
  return lines(
    told(part, said.replace('and the ids', '; the ids').replace(' ;', ';'), [list]),
    `${free(`public static ${drawn.type} ${part.pick(`${write.verb}All`, `${write.verb}Partially`, 'save', `${write.verb}${pascalCase(thing.plural)}`)}`)}(List<${thing.api}> ${seen(list)}) {`,
    indented(
      lines(
        drawn.type === 'Integer'
          ? `Integer ${seen(kept)} = 0;`
          : `${drawn.type} ${seen(kept)} = new ${drawn.type}();`,
        isGuarded ? `${free('')}${when(`${list}.isEmpty()`, `return ${kept};`)}` : '',
        eachFailure(part, write, names, list, put(drawn.failure), put(drawn.success)),
        `return ${kept};`,
      ),
    ),
    '}',
  );
};

/** Results by index, with the record that stands at the same place. */
export const failedRecords: Member = (part) => {
  const { thing } = part;
  const names = drawResultNames(part);
  const write = part.pick(...writes.slice(0, 3));
  const list = listName(part);
  const record = recordName(part);
  const index = part.pick('i', 'i', 'i', 'idx', 'n');
  const kept = part.pick('failed', 'rejected', 'notSaved', 'retry');
  if (clash(names.results, names.result, names.error, list, record, index, kept)) return null;
  const form = part.pick('names', 'records', 'mark', 'map');
  const field = part.settable(1, ['text'])[0];
  if (form === 'mark' && (field === undefined || write.verb === 'delete')) return null;
  const isVariable = part.random.chance(0.5);
  const message = `${names.results}[${index}].getErrors()[0].getMessage()`;
  const at = isVariable ? record : `${list}[${index}]`;
  const key = write.verb === 'insert' ? thing.nameField : 'Id';
  const [type, act, said] = {
    names: [
      'List<String>',
      `${kept}.add(${at}.${key} + ': ' + ${message});`,
      `"${key}: message" of each that failed`,
    ],
    records: [`List<${thing.api}>`, `${kept}.add(${at});`, 'the records that failed'],
    mark: [
      `List<${thing.api}>`,
      lines(`${at}.${field?.api ?? ''} = ${message};`, `${kept}.add(${at});`),
      `the records that failed, each with the message in its ${field?.label ?? ''}`,
    ],
    map: [
      `Map<String, String>`,
      `${kept}.put(${at}.${key}, ${message});`,
      `the message by ${key} for each that failed`,
    ],
  }[form] as [string, string, string];
  const guarded = part.random.chance(0.5)
    ? lines(
        `${free('')}if (${names.results}[${index}].isSuccess()) continue;`,
        isVariable ? `${thing.api} ${seen(record)} = ${list}[${index}];` : '',
        act,
      )
    : when(
        `!${names.results}[${index}].isSuccess()`,
        isVariable ? `${thing.api} ${seen(record)} = ${list}[${index}];` : '',
        act,
      );
  const bound = part.pick(names.results, list);
  return lines(
    told(part, `${write.verb}s the ${thing.plural}; returns ${said}`, [list]),
    `${free(`public static ${type} ${part.pick(`${write.verb}All`, 'save', `try${pascalCase(write.verb)}`, 'saveAndReport')}`)}(List<${thing.api}> ${seen(list)}) {`,
    indented(
      lines(
        `${type} ${seen(kept)} = new ${type}();`,
        declared(part, write, names.results, list),
        `for (Integer ${index} = 0; ${index} < ${seen(bound)}.size(); ${index}++) {`,
        indented(guarded),
        '}',
        `return ${kept};`,
      ),
    ),
    '}',
  );
};

/** An object that keeps what was saved and what failed, with methods that ask for both. */
export const resultHolder: Member = (part) => {
  const { thing } = part;
  const names = drawResultNames(part);
  const write = part.pick(...writes.slice(0, 2));
  const list = listName(part);
  const [ids, errors] = part.pick(
    ['savedIds', 'messages'],
    ['successIds', 'failures'],
    ['done', 'problems'],
  ) as [string, string];
  const { text, said } = drawWording(part, names.error);
  if (clash(names.results, names.result, names.error, list, ids, errors)) return null;
  const access = part.pick('public', 'private', 'private final');
  const each = loop('Database.Error', names.error, `${names.result}.getErrors()`, `${errors}.add(${text});`);
  const body = either(`${names.result}.isSuccess()`, `${ids}.add(${names.result}.getId());`, each);
  const asks = part.random.sample(
    [
      lines(
        told(part, 'whether anything failed'),
        `${free('public Boolean hasErrors')}() {`,
        indented(`return !${errors}.isEmpty();`),
        '}',
      ),
      lines(
        told(part, 'how many were saved'),
        `${free('public Integer savedCount')}() {`,
        indented(`return ${ids}.size();`),
        '}',
      ),
      lines(
        told(part, 'all errors, one in a line'),
        `${free('public String report')}() {`,
        indented(`return String.join(${errors}, '\\n');`),
        '}',
      ),
    ],
    part.pick(1, 2, 2),
  );
  return joinedMembers(
    lines(
      `${access} List<Id> ${seen(ids)} = new List<Id>();`,
      `${access} List<String> ${seen(errors)} = new List<String>();`,
    ),
    lines(
      told(
        part,
        `${write.verb}s the ${thing.plural}, keeps the ids of those that succeed and, for the others, ${said}`,
      ),
      `${free(`public void ${part.pick('save', 'run', write.verb === 'insert' ? 'insertAll' : 'updateAll')}`)}(List<${thing.api}> ${seen(list)}) {`,
      indented(
        lines(
          declared(part, write, names.results, list),
          loop(`Database.${write.type}`, names.result, names.results, body),
        ),
      ),
      '}',
    ),
    ...asks,
  );
};
