/** Whole batch classes: which records they take, what is done to each chunk, what stands at the end. */
import { clash, recordName } from '../names.js';
import { listed, pascalCase, withArticle } from '../../../phrase.js';
import {
  addedInLines,
  either,
  joinedMembers,
  lines,
  literal,
  loop,
  pairOfFields,
  relation,
} from '../../bulk/base.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { declared, told, type Constant } from '../../scope/words.js';
import { batchContext, drawWork, finishMethod, startMethod, turned, type Work } from './words.js';

/** The list that a chunk comes in. */
export function scopeName(part: Part): string {
  return part.pick('scope', 'scope', 'scope', 'records', 'chunk', part.names.many, part.thing.many);
}

/** The second method of a batch. */
export function executeMethod(
  part: Part,
  context: string,
  scope: string,
  said: string,
  body: string,
  type = part.thing.api,
): string {
  return lines(
    said === '' ? '' : told(part, said),
    `${part.style.access} void execute(Database.BatchableContext ${seen(context)}, List<${type}> ${seen(scope)}) {`,
    indented(body),
    '}',
  );
}

/** Statements that change each record of a chunk and write them. */
function changes(
  part: Part,
  work: Work,
  scope: string,
  record: string,
): { readonly said: string; readonly body: string; readonly type: string } {
  const { thing } = part;
  const set = `${record}.${work.api} = ${work.value};`;
  const changed = part.pick('toUpdate', 'changed', 'updates', `updated${pascalCase(thing.plural)}`);
  const form = part.pick('plain', 'plain', 'plain', 'list', 'cast', 'new', 'partial');
  const update = part.pick(`update ${scope};`, `update ${scope};`, `update ${scope};`);
  switch (form) {
    case 'plain':
      return { said: work.said, body: lines(loop(thing.api, record, scope, set), update), type: thing.api };
    case 'list':
      return {
        said: `${work.said} and writes those that do not have it yet`,
        body: lines(
          `List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();`,
          loop(
            thing.api,
            record,
            scope,
            when(`${record}.${work.api} != ${work.value}`, set, `${changed}.add(${record});`),
          ),
          part.pick(
            `update ${changed};`,
            `${free('')}${when(`!${changed}.isEmpty()`, `update ${changed};`)}`,
          ),
        ),
        type: thing.api,
      };
    case 'cast':
      return {
        said: work.said,
        body: lines(loop(thing.api, record, `(List<${thing.api}>) ${scope}`, set), `update ${scope};`),
        type: 'SObject',
      };
    case 'new':
      return {
        said: `${work.said}, through records with the id and that field alone`,
        body: lines(
          `List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();`,
          loop(
            thing.api,
            record,
            scope,
            `${changed}.add(new ${thing.api}(Id = ${record}.Id, ${work.api} = ${work.value}));`,
          ),
          `update ${changed};`,
        ),
        type: thing.api,
      };
    case 'partial':
      return {
        said: `${work.said}; records that fail do not stop the others`,
        body: lines(loop(thing.api, record, scope, set), `Database.update(${scope}, false);`),
        type: thing.api,
      };
  }
}

/** How a batch is started with its constant size. */
function starter(part: Part, size: string): string {
  const job = `new ${part.className}()`;
  return lines(
    told(part, part.pick('starts the batch with its own size', 'runs the job now')),
    `${free(`public static Id ${part.pick('run', 'start', 'launch', 'execute')}`)}() {`,
    indented(`return Database.executeBatch(${job}, ${size});`),
    '}',
  );
}

/** A batch that sets a field of the records that its query asks for. */
export const settingBatch: Member = (part) => {
  const work = drawWork(part);
  const [context, scope, record] = [batchContext(part), scopeName(part), recordName(part)];
  if (work === null || clash(context, scope, record)) return null;
  const { said, body, type } = changes(part, work, scope, record);
  const hasSize = part.random.chance(0.25);
  const size = part.pick('BATCH_SIZE', 'SCOPE_SIZE', 'CHUNK');
  const isTold = work.constants === '' || part.random.chance(0.7) || said !== work.said;
  const { names } = part;
  return clash('toUpdate', 'changed', 'updates', record, scope, context) || names.one === 'changed'
    ? null
    : joinedMembers(
        lines(
          hasSize ? declared(part, [[size, 'Integer', String(part.pick(50, 100, 200, 500))]]) : '',
          work.constants,
        ),
        startMethod(part, context, work, `${part.pick('takes the', 'all', 'the')} ${work.which}`),
        executeMethod(part, context, scope, isTold ? said : '', body, type),
        finishMethod(part, context),
        hasSize ? starter(part, size) : '',
      );
};

/** What a batch remembers: its fields, what each chunk adds, the sentence for that, what is said at the end. */
interface Memory {
  readonly fields: string;
  readonly act: string;
  readonly said: string;
  readonly finish: string;
}

interface CounterNames {
  readonly scope: string;
  readonly done: string;
  readonly failed: string;
  readonly results: string;
  readonly result: string;
}

function drawCounterNames(part: Part, scope: string): CounterNames {
  const [done, failed] = part.pick(
    ['processed', 'failed'],
    ['successCount', 'errorCount'],
    ['updatedCount', 'failedCount'],
    ['total', 'errors'],
  ) as [string, string];
  const [results, result] = part.pick(
    ['results', 'sr'],
    ['saveResults', 'result'],
    ['results', 'result'],
  ) as [string, string];
  return { scope, done, failed, results, result };
}

type Remembering = (part: Part, names: CounterNames, access: string) => Memory;

const counter = (access: string, name: string): string => `${access} Integer ${seen(name)} = 0;`;

function declaredResults({ results, scope }: CounterNames): string {
  return `List<Database.SaveResult> ${seen(results)} = Database.update(${scope}, false);`;
}

const bySize: Remembering = (part, { scope, done }, access) => ({
  fields: counter(access, done),
  act: lines(`update ${scope};`, `${done} += ${scope}.size();`),
  said: 'counts the records',
  finish: part.log(`${free(`'Records: '`)} + ${done}`),
});

const byResults: Remembering = (part, names, access) => {
  const { done, failed, results, result } = names;
  const counted = either(`${result}.isSuccess()`, `${done}++;`, `${failed}++;`);
  return {
    fields: lines(counter(access, done), counter(access, failed)),
    act: lines(declaredResults(names), loop('Database.SaveResult', result, results, counted)),
    said: 'counts those that are saved and those that fail',
    finish: part.log(`${free(`'Saved: '`)} + ${done} + ${free(`', failed: '`)} + ${failed}`),
  };
};

const byMessages: Remembering = (part, names, access) => {
  const { results, result } = names;
  const messages = part.pick('messages', 'problems', 'failures');
  const add = `${messages}.add(${result}.getErrors()[0].getMessage());`;
  return {
    fields: `${access} List<String> ${seen(messages)} = new List<String>();`,
    act: lines(
      declaredResults(names),
      loop('Database.SaveResult', result, results, when(`!${result}.isSuccess()`, add)),
    ),
    said: 'keeps the first message of each that fails',
    finish: lines(
      part.comment('the messages, one in a line, if there are any'),
      when(`!${messages}.isEmpty()`, part.log(`String.join(${messages}, '\\n')`, 'error')),
    ),
  };
};

const byChunks: Remembering = (part, { scope, done, failed }, access) => ({
  fields: lines(counter(access, done), counter(access, failed)),
  act: lines(
    'try {',
    indented(`update ${scope};`, `${done} += ${scope}.size();`),
    `} catch (DmlException ${seen(part.style.error)}) {`,
    indented(`${failed} += ${scope}.size();`),
    '}',
  ),
  said: 'counts the records of the chunks that are saved and of those that fail',
  finish: part.log(`${done} + ${free(`' saved, '`)} + ${failed} + ${free(`' failed'`)}`),
});

/** Counters that are kept from chunk to chunk and told at the end. */
export const countingBatch: Member = (part) => {
  const { thing } = part;
  const work = drawWork(part);
  const [context, scope, record] = [batchContext(part), scopeName(part), recordName(part)];
  const names = drawCounterNames(part, scope);
  if (work === null || clash(context, record, part.style.error, ...Object.values(names))) return null;
  const remembering = part.pick(bySize, byResults, byResults, byMessages, byChunks);
  const { fields, act, said, finish } = remembering(part, names, part.pick('private', 'private', 'public'));
  const set = loop(thing.api, record, scope, `${record}.${work.api} = ${work.value};`);
  return joinedMembers(
    work.constants,
    fields,
    startMethod(part, context, work, `the ${work.which}`),
    executeMethod(part, context, scope, `${work.said} and ${said}`, lines(set, act)),
    finishMethod(part, context, finish),
  );
};

/** A batch that deletes what is old. */
export const deletingBatch: Member = (part) => {
  const { thing } = part;
  const [context, scope] = [batchContext(part), scopeName(part)];
  const field = part.random.chance(0.5) ? part.field(['date']) : null;
  const checkbox = part.random.chance(0.4) ? part.field(['checkbox']) : null;
  const days = part.pick('DAYS_TO_KEEP', 'KEEP_DAYS', 'MAX_AGE_DAYS', 'RETENTION_DAYS');
  const limitName = part.pick('limitDate', 'cutoff', 'oldest', 'threshold', 'before');
  if (clash(context, scope, limitName)) return null;
  const isField = field !== null;
  const api = isField ? field.api : 'CreatedDate';
  const type = isField ? 'Date' : 'Datetime';
  const today = isField ? 'Date.today()' : 'System.now()';
  const isGiven = part.random.chance(0.35);
  const given = part.pick('daysToKeep', 'days', 'maxAge');
  const isPurged = part.random.chance(0.3);
  const name = isGiven ? given : days;
  const count = String(part.pick(30, 60, 90, 180, 365));
  const constant: Constant = [days, 'Integer', count];
  const fields = isGiven
    ? apex`
        private final Integer ${seen(given)};

        public ${part.className}(Integer ${given}) {
            this.${given} = ${given};
        }
      `
    : declared(part, [constant]);
  const where = `${api} < :${limitName}${checkbox === null ? '' : ` AND ${checkbox.api} = false`}`;
  const said = `${thing.plural} whose ${isField ? field.label : 'created date'} is longer ago than the days to keep${checkbox === null ? '' : ` and whose ${checkbox.label} is false`}`;
  return joinedMembers(
    fields,
    lines(
      told(part, said),
      `${part.style.access} Database.QueryLocator start(Database.BatchableContext ${seen(context)}) {`,
      indented(
        lines(
          `${type} ${seen(limitName)} = ${today}.addDays(-${name});`,
          `return Database.getQueryLocator([SELECT Id FROM ${thing.api} WHERE ${where}]);`,
        ),
      ),
      '}',
    ),
    executeMethod(
      part,
      context,
      scope,
      isPurged
        ? 'deletes them and empties them from the recycle bin'
        : part.pick('deletes the chunk', 'deletes them'),
      lines(`delete ${scope};`, isPurged ? `Database.emptyRecycleBin(${scope});` : ''),
    ),
    finishMethod(part, context),
  );
};

/** A batch that inserts a record for each that its query finds. */
export const creatingBatch: Member = (part) => {
  const relating = relation(part);
  if (relating === null) return null;
  const { up, asked } = relating;
  const pair = part.settable(2, ['picklist', 'checkbox', 'date']);
  const work = turned(up);
  const [context, scope] = [batchContext(part), part.pick('scope', 'scope', 'records', up.names.many)];
  const made = part.pick('toInsert', part.thing.many, `new${pascalCase(part.thing.plural)}`, 'created');
  const parent = relating.one;
  if (work === null || pair.length === 0 || clash(context, scope, made, parent)) return null;
  const set = pair.map((field) => {
    const value = field.type === 'date' ? 'Date.today()' : literal(part, field);
    return {
      code: `${field.api} = ${value}`,
      said: `${field.label} ${field.type === 'date' ? 'today' : value.replace(/'/g, '')}`,
    };
  });
  const values = [`${asked} = ${parent}.Id`, ...set.map(({ code }) => code)];
  const said = `inserts ${withArticle(part.thing.label)} for each ${up.thing.label}, with ${listed(set.map(({ said: one }) => one))}`;
  const add = part.random.chance(0.5)
    ? addedInLines(made, part.thing.api, values)
    : `${made}.add(new ${part.thing.api}(${values.join(', ')}));`;
  const [first, second] = pairOfFields(up, ['date', 'datetime', 'currency']) ?? [];
  const where =
    first !== undefined && second !== undefined && part.random.chance(0.25)
      ? `${first.api} != null AND ${second.api} = null`
      : work.where;
  const isOwn = where !== work.where;
  return joinedMembers(
    startMethod(
      up,
      context,
      { where, fields: [] },
      isOwn ? `${up.thing.plural} with ${first!.label} but without ${second!.label}` : `the ${work.which}`,
    ),
    executeMethod(
      part,
      context,
      scope,
      said,
      lines(
        `List<${part.thing.api}> ${seen(made)} = new List<${part.thing.api}>();`,
        loop(up.thing.api, parent, scope, add),
        `insert ${made};`,
      ),
      up.thing.api,
    ),
    finishMethod(part, context),
  );
};
