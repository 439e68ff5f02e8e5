/** Service classes whose methods try a write each and answer a failure in one manner: the last can be known from the first. */
import { clash, listName, recordName } from '../names.js';
import { failureLog } from '../failure-logs.js';
import { capitalized, listed, pascalCase, withArticle } from '../../../phrase.js';
import { either, joinedMembers, lines, literal } from '../../bulk/base.js';
import { free, indented, seen } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { told } from '../../scope/words.js';
import { drawReaction, exceptionClass, ownException } from './words.js';

/** What the catch block of each method does, by its verb; and the sentence for each method. */
interface Manner {
  readonly said: string;
  readonly type: string;
  readonly act: (verb: string) => string;
  readonly done: string;
  /** Members that the methods use. */
  readonly members: readonly string[];
}

const labels: Readonly<Record<string, string>> = {
  insert: 'inserted',
  update: 'updated',
  upsert: 'upserted',
  delete: 'deleted',
  undelete: 'restored',
};

/** Log, then the file's own exception. */
function throwing(part: Part, error: string): Manner {
  const name = ownException(part);
  const many = part.thing.plural.replace(/'/g, '');
  const form = part.pick('verb', 'verb', 'plain', 'cause');
  const isLogged = part.random.chance(0.6);
  const text = (verb: string): string =>
    form === 'verb'
      ? `'Could not ${verb} ${many}: ' + ${error}.getMessage()`
      : form === 'plain'
        ? `${error}.getMessage()`
        : `'The ${many} could not be ${labels[verb]!}', ${error}`;
  const log = (verb: string): string =>
    form === 'verb'
      ? part.log(`'${verb} failed: ' + ${error}.getMessage()`, 'error')
      : part.log(`${error}.getMessage()`, 'error');
  return {
    said: `errors ${isLogged ? 'are logged and ' : ''}become ${withArticle(name)}`,
    type: 'void',
    act: (verb) => lines(isLogged ? log(verb) : '', `throw new ${name}(${text(verb)});`),
    done: '',
    members: [exceptionClass(part, name)],
  };
}

/** A helper that logs, or keeps, what went wrong. */
function handing(part: Part, error: string): Manner {
  const helper = part.pick('handle', 'logError', 'report', 'onFailure', 'keep');
  const [action, cause] = [part.pick('action', 'operation', 'verb'), part.pick('cause', 'problem', 'thrown')];
  const isKept = part.random.chance(0.4);
  const list = part.pick('messages', 'errors', 'problems');
  const text = `${action} + ${free(part.pick("': '", "' failed: '"))} + ${cause}.getMessage()`;
  const body = lines(
    told(
      part,
      isKept ? 'keeps the message with the name of the action' : 'one line in the log for every failure',
    ),
    `private static void ${helper}(String ${seen(action)}, DmlException ${seen(cause)}) {`,
    indented(isKept ? `${list}.add(${text});` : part.log(text, 'error')),
    '}',
  );
  const field = `public static final List<String> ${seen(list)} = new List<String>();`;
  return {
    said: 'returns whether it was done',
    type: 'Boolean',
    act: (verb) => lines(`${helper}('${verb}', ${error});`, 'return false;'),
    done: 'return true;',
    members: [isKept ? field : '', body],
  };
}

function plainManner(part: Part, error: string): Manner {
  const outcome = part.pick('boolean', 'message', 'log', 'aura');
  const { said, type, act, done } = drawReaction(part, outcome, error);
  return { said: `when it fails, ${said}`, type, act: () => act, done, members: [] };
}

/** Two to four methods that write, in one manner. */
export const serviceOfWrites: Member = (part) => {
  const { thing, style } = part;
  const error = style.error;
  const manner = part.random.weighted([
    [4, throwing],
    [2, handing],
    [3, plainManner],
  ])(part, error);
  const list = listName(part);
  const isOne = part.random.chance(0.25);
  const given = isOne ? recordName(part) : list;
  if (clash(given, error, 'action', 'cause', 'problem')) return null;
  const verbs = part.random.sample(
    ['insert', 'update', 'upsert', 'delete', 'undelete'],
    part.random.weighted([
      [3, 2],
      [4, 3],
      [2, 4],
    ]),
  );
  const noun = isOne ? thing.className : pascalCase(thing.plural);
  const suffix = part.pick(noun, noun, 'All', 'Records', 'Safely');
  const type = isOne ? thing.api : `List<${thing.api}>`;
  const hasGuard = !isOne && part.random.chance(0.3);
  const isCommented = part.random.chance(0.5);
  const answered = manner.done === '' ? 'return;' : manner.done;
  const isDoneInside = part.random.chance(0.6);
  const isHelperLast = part.random.chance(0.6);
  const access = part.pick('public static', 'public static', 'public');
  const methods = verbs.map((verb, index) =>
    lines(
      index === 0 || isCommented
        ? told(part, `${verb}s the ${isOne ? thing.label : thing.plural}; ${manner.said}`)
        : '',
      `${free(`${access} ${manner.type} ${verb}${suffix}`)}(${type} ${seen(given)}) {`,
      indented(
        lines(
          hasGuard ? `${index === 0 ? free('') : ''}if (${given}.isEmpty()) {\n${indented(answered)}\n}` : '',
          'try {',
          indented(lines(`${verb} ${given};`, isDoneInside ? manner.done : '')),
          `} catch (DmlException ${seen(error)}) {`,
          indented(manner.act(verb)),
          '}',
          isDoneInside ? '' : manner.done,
        ),
      ),
      '}',
    ),
  );
  const [first, ...others] = manner.members;
  return joinedMembers(first ?? '', ...(isHelperLast ? [...methods, ...others] : [...others, ...methods]));
};

/** A method that catches two types: the one of writes, with its fields, and the rest. */
export const twoCatches: Member = (part) => {
  const { thing } = part;
  const error = part.style.error;
  const record = recordName(part);
  const field = part.settable(1, ['picklist', 'checkbox', 'text', 'date'])[0];
  if (field === undefined || clash(record, error)) return null;
  const isQueried = part.random.chance(0.6);
  const id = part.pick('recordId', `${thing.one}Id`);
  const value = literal(part, field);
  const form = part.pick('message', 'aura', 'own');
  const name = ownException(part);
  const [first, second] = [`${error}.getDmlMessage(0)`, `${error}.getMessage()`];
  const thrown = form === 'own' ? name : 'AuraHandledException';
  const act = (message: string): string =>
    form === 'message' ? `return ${message};` : `throw new ${thrown}(${message});`;
  const said = `sets ${field.label} to ${value.replace(/'/g, '')}; ${form === 'message' ? 'returns' : `${withArticle(thrown)} has`} the first DML message, for other errors the message of the exception${form === 'message' ? ', null when all went well' : ''}`;
  const type = part.pick('QueryException', 'Exception', 'Exception', 'NullPointerException');
  const body = lines(
    'try {',
    indented(
      lines(
        isQueried ? `${thing.api} ${seen(record)} = [SELECT Id FROM ${thing.api} WHERE Id = :${id}];` : '',
        `${record}.${field.api} = ${value};`,
        `update ${record};`,
        form === 'message' ? 'return null;' : '',
      ),
    ),
    `} catch (DmlException ${seen(error)}) {`,
    indented(act(first)),
    `} catch (${free(type)} ${error}) {`,
    indented(act(second)),
    '}',
  );
  const verb = part.pick('set', 'change', 'apply', 'save');
  return joinedMembers(
    form === 'own' ? exceptionClass(part, name) : '',
    lines(
      told(part, said),
      form === 'aura' ? free('@AuraEnabled') : '',
      `${free(`public static ${form === 'message' ? 'String' : 'void'} ${verb}${capitalized(pascalCase(field.label))}`)}(${isQueried ? `Id ${seen(id)}` : `${thing.api} ${seen(record)}`}) {`,
      indented(body),
      '}',
    ),
  );
};

/** A flag that is on during the write and off afterwards in any case. */
export const finallyReset: Member = (part) => {
  const { thing } = part;
  const error = part.style.error;
  const list = listName(part);
  const flag = part.pick('isRunning', 'isSaving', 'isBypassed', 'skipTriggers', 'inProgress', 'isLocked');
  const isOff = part.random.chance(0.2);
  const [on, off] = isOff ? ['false', 'true'] : ['true', 'false'];
  const name = isOff ? 'isEnabled' : flag;
  const reaction = drawReaction(part, part.pick('log', 'boolean', 'own'), error);
  const hasCatch = part.random.chance(0.6);
  if (clash(list, error, name)) return null;
  const verbs = part.random.sample(['insert', 'update', 'upsert', 'delete'], part.pick(1, 2, 2));
  const methods = verbs.map((verb, index) => {
    const sentence = `${verb}s the ${thing.plural} while ${name} is ${on}; it is ${off} again afterwards in any case`;
    return lines(
      index === 0 || part.random.chance(0.4)
        ? told(part, hasCatch ? `${sentence}; on a failure ${reaction.said}` : sentence)
        : '',
      `${free(`public static ${hasCatch ? reaction.type : 'void'} ${verb}${part.pick('Quietly', 'All', 'WithoutTriggers')}`)}(List<${thing.api}> ${seen(list)}) {`,
      indented(
        lines(
          `${name} = ${on};`,
          'try {',
          indented(lines(`${verb} ${list};`, hasCatch ? reaction.done : '')),
          ...(hasCatch ? [`} catch (DmlException ${seen(error)}) {`, indented(reaction.act)] : []),
          '} finally {',
          indented(`${name} = ${off};`),
          '}',
        ),
      ),
      '}',
    );
  });
  return joinedMembers(
    `public static Boolean ${seen(name)} = ${off};`,
    hasCatch ? reaction.declaration : '',
    ...methods,
  );
};

/** Messages of several writes: each one that fails adds its own, and the list is returned. */
export const messagesOfWrites: Member = (part) => {
  const { thing } = part;
  const error = part.style.error;
  const messages = part.pick('messages', 'errors', 'problems', 'warnings');
  const field = part.settable(1, ['picklist', 'checkbox'])[0];
  const [toInsert, toUpdate, toDelete] = part.pick(
    ['toInsert', 'toUpdate', 'toDelete'],
    ['created', 'changed', 'removed'],
    [
      `new${pascalCase(thing.plural)}`,
      `changed${pascalCase(thing.plural)}`,
      `removed${pascalCase(thing.plural)}`,
    ],
  ) as [string, string, string];
  if (field === undefined || clash(messages, error, toInsert, toUpdate, toDelete)) return null;
  const isThree = part.random.chance(0.6);
  const pairs = [['insert', toInsert], ['update', toUpdate], ...(isThree ? [['delete', toDelete]] : [])] as [
    string,
    string,
  ][];
  const hasText = part.random.chance(0.5);
  const tries = pairs.map(([verb, list]) => {
    const act = `${messages}.add(${hasText ? `'${capitalized(verb)}: ' + ` : ''}${error}.getMessage());`;
    return lines(
      'try {',
      indented(`${verb} ${list};`),
      `} catch (DmlException ${seen(error)}) {`,
      indented(act),
      '}',
    );
  });
  const isJoined = part.random.chance(0.3);
  const answer = isJoined
    ? either(`${messages}.isEmpty()`, 'return null;', `return String.join(${messages}, ${free("'; '")});`)
    : `return ${messages};`;
  const parameters = pairs.map(([, list]) => `List<${thing.api}> ${seen(list)}`).join(', ');
  return lines(
    told(
      part,
      `${listed(pairs.map(([verb]) => `${verb}s`))}; each failure adds its message, the others go on; returns ${isJoined ? 'the messages in one text, null when there are none' : 'the messages'}`,
    ),
    `${free(`public static ${isJoined ? 'String' : 'List<String>'} ${part.pick('save', 'commitAll', 'applyChanges', 'writeAll')}`)}(${parameters}) {`,
    indented(lines(`List<String> ${seen(messages)} = new List<String>();`, ...tries, answer)),
    '}',
    part.random.chance(0.25)
      ? `\n${lines(told(part, 'the text of a failure for the log'), `private static void logFailure(DmlException ${seen(error)}) {`, indented(failureLog(part, error)), '}')}`
      : '',
  );
};
