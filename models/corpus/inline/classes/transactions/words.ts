/** What the makers of transactions share: what a method does when its write fails, and the frame of a savepoint. */
import { failureLog } from '../failure-logs.js';
import { capitalized, withArticle } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { lines } from '../../bulk/base.js';
import { free, indented, seen } from '../../apex.js';
import type { Part } from '../../part.js';

/** What a method does after a failed write. */
interface Reaction {
  /** The method's type. */
  readonly type: string;
  /** Goes on after `when one of them fails, `. */
  readonly said: string;
  /** In the catch block, behind a rollback where there is one. */
  readonly act: string;
  /** The last statement when all went well; may be empty. */
  readonly done: string;
  /** A class of the file's own that it needs; may be empty. */
  readonly declaration: string;
}

/** What a method may do about a failed write. */
export type Outcome = 'rethrow' | 'own' | 'boolean' | 'log' | 'message' | 'aura' | 'null';

/** A class of exceptions of the file's own. */
export function ownException(part: Part): string {
  return part.pick(
    `${part.thing.className}Exception`,
    `${part.thing.className}ServiceException`,
    'ServiceException',
    'SaveFailedException',
    'TransactionException',
    `${capitalized(unknownWord(part.random))}Exception`,
  );
}

/** The declaration of that class. */
export function exceptionClass(part: Part, name: string): string {
  return `public class ${seen(name)} extends Exception ${part.pick('{}', '{}', '{\n}')}`;
}

const thrownMessages = ["'Nothing was saved: '", "'Save failed: '", "'The transaction was undone: '"];

/** What is done after a failure, and the sentence that says so. */
export function drawReaction(part: Part, outcome: Outcome, error: string): Reaction {
  const message = `${error}.getMessage()`;
  const plain = { type: 'void', done: '', declaration: '' };
  switch (outcome) {
    case 'rethrow':
      return { ...plain, said: 'the exception is passed on', act: `throw ${error};` };
    case 'own': {
      const name = ownException(part);
      const [said, values] = part.pick(
        [`${withArticle(name)} with the same message is thrown`, message],
        [`${withArticle(name)} with the same message and the cause is thrown`, `${message}, ${error}`],
        [`${withArticle(name)} is thrown`, `${free(part.random.pick(thrownMessages))} + ${message}`],
      ) as [string, string];
      return {
        ...plain,
        said,
        act: `throw new ${name}(${values});`,
        declaration: exceptionClass(part, name),
      };
    }
    case 'boolean': {
      const isLogged = part.random.chance(0.5);
      return {
        type: 'Boolean',
        said: isLogged ? 'the error is logged and the answer is false' : 'the answer is false',
        act: lines(isLogged ? failureLog(part, error) : '', 'return false;'),
        done: 'return true;',
        declaration: '',
      };
    }
    case 'log':
      return { ...plain, said: 'the error is logged', act: failureLog(part, error) };
    case 'message':
      return {
        type: 'String',
        said: 'its message is returned, otherwise null',
        act: `return ${message};`,
        done: 'return null;',
        declaration: '',
      };
    case 'aura':
      return {
        ...plain,
        said: 'the component gets the message',
        act: `throw new AuraHandledException(${message});`,
      };
    case 'null':
      return {
        type: 'Id',
        said: 'the error is logged and null is returned',
        act: lines(failureLog(part, error), 'return null;'),
        done: '',
        declaration: '',
      };
  }
}

/** A variable for a savepoint. */
export function savepointName(part: Part): string {
  return part.random.weighted([
    [6, 'sp'],
    [2, 'savepoint'],
    [1, 'beforeSave'],
    [1, 'start'],
    [0.7, 'checkpoint'],
    [0.7, unknownWord(part.random)],
  ]);
}

/** A savepoint, the writes, and what follows on a failure. */
export function transaction(
  part: Part,
  names: { readonly sp: string; readonly error: string },
  writes: string,
  reaction: Reaction,
): string {
  const { sp, error } = names;
  const type = part.pick('DmlException', 'DmlException', 'DmlException', 'Exception');
  const [isLate, isDoneInside] = [part.random.chance(0.12), part.random.chance(0.6)];
  const setting = `${sp} = Database.setSavepoint();`;
  const rollback = `Database.rollback(${sp});`;
  const note = part.random.chance(0.3)
    ? part.comment(
        part.pick(
          'all or nothing',
          'undo everything when one fails',
          'nothing stays when one write fails',
          'back to this point if something goes wrong',
          'both or none',
        ),
      )
    : '';
  const undone = isLate ? `if (${sp} != null) {\n${indented(rollback)}\n}` : rollback;
  return lines(
    note,
    isLate ? `${free('')}Savepoint ${seen(sp)};` : `Savepoint ${seen(sp)} = Database.setSavepoint();`,
    'try {',
    indented(lines(isLate ? setting : '', writes, isDoneInside ? reaction.done : '')),
    `} catch (${type === 'Exception' ? seen(type) : type} ${seen(error)}) {`,
    indented(lines(undone, reaction.act)),
    '}',
    isDoneInside ? '' : reaction.done,
  );
}
