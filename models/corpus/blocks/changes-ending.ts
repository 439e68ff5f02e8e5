/** How records are written: plainly, with partial success, with errors handled, only when there are any. */
import type { Draw } from '../draw.js';
import { phrase } from '../phrase.js';
import type { Random } from '../random.js';

export type Operation = 'insert' | 'update' | 'delete' | 'upsert' | 'undelete';

export interface Ending {
  /** Said after the request: `, allow partial success and log the failures`; mostly empty. */
  readonly english: string;
  /** Statements that write `records`; an upsert's external id field is `key`, as `Account.External_Id__c`. */
  lines(operation: Operation, records: string, key?: string): readonly string[];
}

const resultClasses: Record<Operation, string> = {
  insert: 'SaveResult',
  update: 'SaveResult',
  delete: 'DeleteResult',
  upsert: 'UpsertResult',
  undelete: 'UndeleteResult',
};

export const plainEnding: Ending = {
  english: '',
  lines: (operation, records, key) => [
    `${operation} ${records}${key === undefined ? '' : ` ${key.split('.')[1]!}`};`,
  ],
};

const partialWordings =
  '{, allow partial success and log the {failures|errors|failed ones}' +
  '|, {with|allowing} partial success{, logging| and log} {failures|errors|what failed}' +
  '|, {one failure|a single failure} must not stop the {others|rest}, log {it|the errors}' +
  '|; let the good ones through and log the {bad ones|failures}' +
  '|, {allOrNone|all or none} false, log {the errors|failures}' +
  '|. Partial success is {ok|fine|allowed}, log {the failures|whatever fails|every error}' +
  "|. Don't fail {the whole batch|everything} if one {fails|is bad}, {just |}log {it|the error}" +
  '|, skip {failures|the ones that fail} and log them|, partial success ok, log failures|, allow partial success and log {the failures|whatever fails|what fails|what went wrong|any failures}' +
  '|. Allow partial success and log {whatever fails|the failures|errors|what failed}|, partial success is {fine|ok}{,| and} log {the |}{errors|failures}|. Log {the failures|what fails} but {keep|save} the rest' +
  '|, {best effort|partial saves ok}: log the {failures|failed rows}|, log {failed records|the failed ones} instead of {failing|throwing|rolling back everything}' +
  '|, {continue|carry on} on errors and {log|debug} the failed {ones|records}}';

/** Errors are caught and logged. */
export const handledWordings =
  '{, handle errors|, and handle errors|, and handle {errors|exceptions|DML errors|any errors}| and handle {errors|exceptions|dml errors}| and catch {errors|exceptions|dml errors|DML exceptions|any exception}' +
  '|. Handle {errors|failures} {please|properly|gracefully}|, errors {should|must} be {handled|caught|caught and logged}|, with try catch| (with error handling)| (try/catch)|; catch and log errors|, catch and log {exceptions|any exception|errors}|. Make sure {errors|exceptions} are {caught|handled|caught and logged}' +
  '|. Wrap {it|this|that} in {a |}try/catch|, {and |}{do not let it blow up|do not blow up} on errors: catch and log them|, handling {errors|DML errors|exceptions}|, with error handling|, {and |}catch {DML |}{exceptions|errors}' +
  '|, {inside|in|wrapped in} a {try catch|try/catch|try-catch}{ block|}|, {with|use} {a |}{try catch|try/catch}' +
  '|, and log {any|the} {error|exception}{ that comes up|}|. Handle {errors|exceptions|DML exceptions}|. Catch {DmlException|exceptions} and log {the message|them|it}' +
  '|, log the error if it fails|, safely, with a try/catch|. If it fails{, |} log the {error|message}}';

const guardedWordings =
  '{, {only|but only} if {there is something|the list is not empty|the query finds something}|. {Only do DML|Do DML only} {if|when} {something was found|the list is not empty}|, {only|but only} if there are any|, if there are any|, only when {any were|something was} found|, skip the DML {when|if} {there are none|nothing was found|the list is empty}' +
  '|. {Do nothing|Skip it} {if|when} there are none}';

/** Behind a request; `and handle errors` and `(…)` after a blank. */
function endingSaid(random: Random, wordings: string): string {
  return phrase(random, wordings).replace(/^(?=[a-z(])/, ' ');
}

function partialLines(operation: Operation, records: string, key?: string): readonly string[] {
  const given =
    operation === 'upsert' && key !== undefined ? `${records}, ${key}, false` : `${records}, false`;
  return [
    `for (Database.${resultClasses[operation]} result : Database.${operation}(${given})) {`,
    '    if (!result.isSuccess()) {',
    '        System.debug(LoggingLevel.ERROR, result.getErrors());',
    '    }',
    '}',
  ];
}

/** Statements inside try and catch. */
export function caught(lines: readonly string[]): readonly string[] {
  return [
    'try {',
    ...lines.map((line) => `    ${line}`),
    '} catch (DmlException e) {',
    '    System.debug(LoggingLevel.ERROR, e.getMessage());',
    '}',
  ];
}

/** An ending for a list of records; `canBeNone` where the list may turn out empty. */
export function drawEnding(draw: Draw, canBeNone = true): Ending {
  const { random } = draw;
  const way = random.weighted([
    [80, 'plain'],
    [7, 'partial'],
    [8, 'handled'],
    [canBeNone ? 3 : 0, 'guarded'],
  ] as const);
  if (way === 'plain') return plainEnding;
  if (way === 'partial') return { english: phrase(random, partialWordings), lines: partialLines };
  if (way === 'handled')
    return {
      english: endingSaid(random, handledWordings),
      lines: (...write) => caught(plainEnding.lines(...write)),
    };
  return {
    english: phrase(random, guardedWordings),
    lines: (operation, records, key) => [
      `if (!${records}.isEmpty()) {`,
      ...plainEnding.lines(operation, records, key).map((line) => `    ${line}`),
      '}',
    ],
  };
}

/** An ending for one record, where nothing is partial. */
export function drawEndingOfOne({ random }: Draw): Ending {
  if (!random.chance(0.08)) return plainEnding;
  return {
    english: endingSaid(random, handledWordings),
    lines: (...write) => caught(plainEnding.lines(...write)),
  };
}

/** An ending for a request that asks for one of the special ways. */
export function drawSpecialEnding(draw: Draw): Ending {
  return draw.random.chance(0.5)
    ? { english: phrase(draw.random, partialWordings), lines: partialLines }
    : {
        english: endingSaid(draw.random, handledWordings),
        lines: (...write) => caught(plainEnding.lines(...write)),
      };
}
