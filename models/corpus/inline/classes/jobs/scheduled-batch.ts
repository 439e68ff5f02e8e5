/** A whole class that is a batch and its own scheduled job. */
import { clash, recordName } from '../names.js';
import { pascalCase } from '../../../phrase.js';
import { joinedMembers, lines, loop } from '../../bulk/base.js';
import { free, indented } from '../../apex.js';
import type { Member } from '../../part.js';
import { declared, told, type Constant } from '../../scope/words.js';
import { executeMethod, scopeName } from './batches.js';
import { cronConstant } from './crons.js';
import { batchContext, drawWork, finishMethod, startMethod } from './words.js';

/** A batch that is its own scheduled job. */
export const scheduledBatch: Member = (part) => {
  const { thing, className, style } = part;
  const work = drawWork(part);
  const [context, scope, record] = [batchContext(part), scopeName(part), recordName(part)];
  const sc = part.pick('sc', 'schedulableContext', 'scheduled');
  if (work === null || clash(context, scope, record, sc)) return null;
  const [cron, name] = part.pick(
    ['CRON', 'JOB_NAME'],
    ['CRON_EXPRESSION', 'NAME'],
    ['SCHEDULE', 'JOB_NAME'],
    ['DAILY', 'JOB'],
  ) as [string, string];
  const hasSize = part.random.chance(0.5);
  const size = part.pick('BATCH_SIZE', 'SCOPE_SIZE');
  const constants: Constant[] = [
    [name, 'String', `'${pascalCase(thing.label)} ${part.pick('nightly', 'update', 'job')}'`],
    ...(hasSize ? ([[size, 'Integer', String(part.pick(50, 100, 200))]] as Constant[]) : []),
  ];
  const self = part.pick('this', `new ${className}()`);
  const scheduled = lines(
    told(part, 'the job starts the batch'),
    `${style.access} void execute(SchedulableContext ${free(sc)}) {`,
    indented(`Database.executeBatch(${self === 'this' ? free('this') : self}${hasSize ? `, ${size}` : ''});`),
    '}',
  );
  const own = lines(
    told(part, part.pick('schedules the job', 'puts the job into the schedule')),
    `${free(`public static ${part.pick('Id', 'String')} schedule`)}() {`,
    indented(`return System.schedule(${name}, ${cron}, new ${className}());`),
    '}',
  );
  const batch = [
    startMethod(part, context, work, `the ${work.which}`),
    executeMethod(
      part,
      context,
      scope,
      work.said,
      lines(loop(thing.api, record, scope, `${record}.${work.api} = ${work.value};`), `update ${scope};`),
    ),
    finishMethod(part, context),
  ];
  return joinedMembers(
    lines(declared(part, constants), cronConstant(part, cron), work.constants),
    ...(part.random.chance(0.5) ? [...batch, scheduled, own] : [own, scheduled, ...batch]),
  );
};
