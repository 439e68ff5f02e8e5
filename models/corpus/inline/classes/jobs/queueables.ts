/** Whole queueable classes: chunks that follow one another, second tries, and steps in a row. */
import { clash, recordName } from '../names.js';
import { failureLog } from '../failure-logs.js';
import { capitalized } from '../../../phrase.js';
import { joinedMembers, lines, loop } from '../../bulk/base.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { declared, told } from '../../scope/words.js';
import { drawWork, type Work } from './words.js';

interface Chain {
  readonly ids: string;
  readonly chunk: string;
  readonly rest: string;
  readonly id: string;
  readonly context: string;
  readonly record: string;
  readonly many: string;
  readonly size: string;
}

function drawChain(part: Part): Chain | null {
  const chain = {
    ids: part.pick(part.names.ids, part.names.ids, 'recordIds', 'ids', 'pending'),
    chunk: part.pick('chunk', 'batch', 'current', 'part', 'first'),
    rest: part.pick('rest', 'remaining', 'next', 'later'),
    id: part.pick('recordId', 'each', `${part.thing.one}Id`),
    context: part.pick('context', 'ctx', 'qc', 'queueableContext'),
    record: recordName(part),
    many: part.pick(part.names.many, part.thing.many, 'records'),
    size: part.pick('CHUNK_SIZE', 'BATCH_SIZE', 'MAX_RECORDS', 'PER_JOB'),
  };
  return clash(...Object.values(chain)) ? null : chain;
}

/** Queries the records of ids and changes each of them. */
function changing(
  part: Part,
  work: Work,
  { many, record }: Pick<Chain, 'many' | 'record'>,
  ids: string,
): string {
  const { thing } = part;
  const fields = ['Id', work.api].join(', ');
  const query = `[SELECT ${fields} FROM ${thing.api} WHERE Id IN :${ids}]`;
  return lines(
    `List<${thing.api}> ${seen(many)} = ${query};`,
    loop(thing.api, record, many, `${record}.${work.api} = ${work.value};`),
    `update ${many};`,
  );
}

/** The condition under which the next job follows; tests may be kept from it. */
function follows(part: Part, condition: string): readonly [note: string, condition: string] {
  return part.random.chance(0.25)
    ? [part.comment('no chain in tests'), `${condition} && !Test.isRunningTest()`]
    : ['', condition];
}

/** A job that works on a chunk and enqueues itself with the rest. */
export const chunkedJob: Member = (part) => {
  const { className, style } = part;
  const work = drawWork(part);
  const chain = drawChain(part);
  if (work === null || chain === null) return null;
  const { ids, chunk, rest, id, context, size } = chain;
  const form = part.pick('split', 'remove', 'index');
  const [note, going] = follows(part, form === 'remove' ? `!${ids}.isEmpty()` : `!${rest}.isEmpty()`);
  const isHelper = part.random.chance(0.45);
  const helper = part.pick('process', 'handle', 'apply', 'work');
  const done = isHelper ? `${helper}(${chunk});` : changing(part, work, chain, chunk);
  const declaredBoth = lines(
    `List<Id> ${seen(chunk)} = new List<Id>();`,
    form === 'remove' ? '' : `List<Id> ${seen(rest)} = new List<Id>();`,
  );
  const fill = {
    split: loop(
      'Id',
      id,
      ids,
      `if (${chunk}.size() < ${size}) {\n    ${chunk}.add(${id});\n} else {\n    ${rest}.add(${id});\n}`,
    ),
    remove: `while (${chunk}.size() < ${size} && !${ids}.isEmpty()) {\n${indented(`${chunk}.add(${ids}.remove(0));`)}\n}`,
    index: `for (Integer i = 0; i < ${ids}.size(); i++) {\n${indented(`(i < ${size} ? ${chunk} : ${rest}).add(${ids}[i]);`)}\n}`,
  }[form];
  const looped =
    part.random.chance(0.5) && form === 'index'
      ? `for (Integer i = 0; i < ${ids}.size(); i++) {\n${indented(`if (i < ${size}) {\n    ${chunk}.add(${ids}[i]);\n} else {\n    ${rest}.add(${ids}[i]);\n}`)}\n}`
      : fill;
  const next = `System.enqueueJob(new ${className}(${form === 'remove' ? ids : rest}));`;
  const goingOn = part.random.chance(0.2) ? `if (${going}) ${next}` : when(going, next);
  const execute = lines(
    told(
      part,
      `the first ones up to the constant size are changed (${work.said}); ${part.pick('the rest goes to the next job', 'what is left is for the next job', 'another job follows for the rest')}`,
    ),
    `${style.access} void execute(QueueableContext ${free(context)}) {`,
    indented(lines(declaredBoth, looped, done, note, goingOn)),
    '}',
  );
  const helping = isHelper
    ? lines(
        told(part, work.said),
        `private void ${seen(helper)}(List<Id> ${seen(chunk)}) {`,
        indented(changing(part, work, chain, chunk)),
        '}',
      )
    : '';
  return joinedMembers(
    lines(declared(part, [[size, 'Integer', String(part.pick(50, 100, 200, 500))]]), work.constants),
    apex`
      private ${form === 'remove' ? '' : part.pick('', 'final ')}List<Id> ${seen(ids)};

      public ${className}(List<Id> ${ids}) {
          this.${ids} = ${ids};
      }
    `,
    ...(part.random.chance(0.7) ? [execute, helping] : [helping, execute]),
  );
};

/** A job that begins at a position of its list and enqueues itself for the next one. */
export const positionedJob: Member = (part) => {
  const { className, style, thing } = part;
  const work = drawWork(part);
  const { many, record, size, context } = drawChain(part) ?? { many: '', record: '', size: '', context: '' };
  const [position, last] = part.pick(
    ['start', 'stop'],
    ['position', 'last'],
    ['offset', 'upTo'],
    ['fromIndex', 'toIndex'],
  ) as [string, string];
  const changed = part.pick('toUpdate', 'changed', 'updates');
  if (work === null || many === '' || clash(many, record, position, last, changed, context)) return null;
  const [note, going] = follows(part, `${last} < ${many}.size()`);
  const isMin = part.random.chance(0.7);
  const end = isMin
    ? `Integer ${seen(last)} = Math.min(${position} + ${size}, ${many}.size());`
    : `Integer ${seen(last)} = ${position} + ${size} > ${many}.size() ? ${many}.size() : ${position} + ${size};`;
  const body = lines(
    end,
    `List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();`,
    `for (Integer i = ${position}; i < ${last}; i++) {`,
    indented(
      `${thing.api} ${seen(record)} = ${many}[i];`,
      `${record}.${work.api} = ${work.value};`,
      `${changed}.add(${record});`,
    ),
    '}',
    `update ${changed};`,
    note,
    when(going, `System.enqueueJob(new ${className}(${many}, ${last}));`),
  );
  return joinedMembers(
    lines(declared(part, [[size, 'Integer', String(part.pick(50, 100, 200))]]), work.constants),
    apex`
      private final List<${thing.api}> ${seen(many)};
      private final Integer ${seen(position)};

      public ${className}(List<${thing.api}> ${many}) {
          this(${many}, 0);
      }

      public ${className}(List<${thing.api}> ${many}, Integer ${position}) {
          this.${many} = ${many};
          this.${position} = ${position};
      }
    `,
    lines(
      told(
        part,
        `from the position on, at most as many as the constant size: ${work.said}; the next job begins where this one ends`,
      ),
      `${style.access} void execute(QueueableContext ${free(context)}) {`,
      indented(body),
      '}',
    ),
  );
};

/** A job that tries again when its write fails, up to a number of attempts. */
export const retryingJob: Member = (part) => {
  const { className, style, thing } = part;
  const work = drawWork(part);
  const chain = drawChain(part);
  const error = style.error;
  const attempt = part.pick('attempt', 'attempts', 'tryNumber', 'retries');
  const most = part.pick('MAX_ATTEMPTS', 'MAX_TRIES', 'RETRY_LIMIT', 'MAX_RETRIES');
  if (
    work === null ||
    chain === null ||
    clash(chain.ids, chain.many, chain.record, chain.context, attempt, error)
  )
    return null;
  const { ids, context } = chain;
  const isSet = part.random.chance(0.5);
  const type = isSet ? 'Set<Id>' : 'List<Id>';
  const again = `System.enqueueJob(new ${className}(${ids}, ${attempt} + 1));`;
  const isHelper = part.random.chance(0.35);
  const log = failureLog(part, error);
  const isEarly = part.random.chance(0.3);
  const retried = isEarly
    ? lines(`${free('')}${when(`${attempt} >= ${most}`, log, 'return;')}`, again)
    : `if (${attempt} < ${most}) {\n${indented(again)}\n} else {\n${indented(log)}\n}`;
  const helper = part.pick('retry', 'tryAgain', 'onFailure');
  const execute = lines(
    told(
      part,
      `${work.said}; when the update fails, the job is enqueued again until the attempts are used up, then the error is logged`,
    ),
    `${style.access} void execute(QueueableContext ${free(context)}) {`,
    indented(
      lines(
        'try {',
        indented(changing(part, work, chain, ids)),
        `} catch (DmlException ${seen(error)}) {`,
        indented(isHelper ? `${helper}(${error});` : retried),
        '}',
      ),
    ),
    '}',
  );
  const helping = isHelper
    ? lines(
        told(part, `one more job for these ${thing.plural}, or a line in the log after the last attempt`),
        `private void ${seen(helper)}(DmlException ${seen(error)}) {`,
        indented(retried),
        '}',
      )
    : '';
  return joinedMembers(
    lines(declared(part, [[most, 'Integer', String(part.pick(2, 3, 5))]]), work.constants),
    apex`
      private final ${type} ${seen(ids)};
      private final Integer ${seen(attempt)};

      public ${className}(${type} ${ids}) {
          this(${ids}, 1);
      }

      public ${className}(${type} ${ids}, Integer ${attempt}) {
          this.${ids} = ${ids};
          this.${attempt} = ${attempt};
      }
    `,
    execute,
    helping,
  );
};

/** A job of named steps, each of which enqueues the next. */
export const steppedJob: Member = (part) => {
  const { className, style, thing } = part;
  const words = part.random.sample(
    ['load', 'check', 'refresh', 'notify', 'archive', 'clean', 'publish', 'recalculate'],
    3,
  );
  const [first, second, third] = words.map((word) => word.toUpperCase()) as [string, string, string];
  const step = part.pick('step', 'phase', 'stage');
  const type = capitalized(step);
  const ids = part.pick(part.names.ids, 'recordIds', 'ids');
  const context = part.pick('context', 'ctx', 'qc');
  if (clash(step, ids, context)) return null;
  const helper = part.pick('goOn', 'next', 'enqueue', 'continueWith');
  const call = (word: string): string => `${word}${part.className.length % 2 === 0 ? 'Records' : 'All'}();`;
  const branch = (name: string, word: string, following: string): string =>
    `when ${name} {\n${indented(lines(call(word), following === '' ? '' : `${helper}(${type}.${following});`))}\n}`;
  const suffix = call('').replace('();', '');
  const doing = words.map((word) =>
    lines(
      `private void ${seen(`${word}${suffix}`)}() {`,
      indented(part.log(`${free(`'${capitalized(word)} ${thing.plural}: '`)} + ${ids}.size()`)),
      '}',
    ),
  );
  const execute = lines(
    told(part, `the steps in their order, ${words.join(', ')}: each does its work and enqueues the next`),
    `${style.access} void execute(QueueableContext ${free(context)}) {`,
    indented(
      `switch on ${step} {\n${indented(branch(first, words[0]!, second), branch(second, words[1]!, third), branch(third, words[2]!, ''))}\n}`,
    ),
    '}',
  );
  const helping = lines(
    told(part, `the same ids with the next ${step}`),
    `private void ${seen(helper)}(${type} ${seen('following')}) {`,
    indented(`System.enqueueJob(new ${className}(${ids}, following));`),
    '}',
  );
  return joinedMembers(
    `public enum ${type} {\n${indented(`${seen(first)}, ${seen(second)}, ${seen(third)}`)}\n}`,
    apex`
      private final List<Id> ${seen(ids)};
      private final ${type} ${seen(step)};

      public ${className}(List<Id> ${ids}, ${type} ${step}) {
          this.${ids} = ${ids};
          this.${step} = ${step};
      }
    `,
    execute,
    helping,
    ...doing,
  );
};
