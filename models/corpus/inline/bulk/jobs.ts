/** Batches with constants and counters, and queueables that enqueue themselves. */
import { pascalCase } from '../../phrase.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member } from '../part.js';
import { either, joinedMembers, lines, literal, loop } from './base.js';

/** A batch whose constants and counters are used by start, execute and finish. */
export const constantBatch: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['picklist', 'checkbox'])[0];
  if (field === undefined) return null;
  const value = literal(part, field);
  const isText = field.type === 'picklist';
  const constant =
    constantName(
      ...part.pick(['new', field.label], [value.slice(1, -1) || 'target'], ['target', field.label]),
    ) || 'TARGET';
  const ref = isText ? constant : value;
  const bc = part.pick('bc', 'context', 'ctx', 'batchContext');
  const scope = part.pick('scope', 'chunk', 'records', names.many);
  const counter = part.pick('processed', 'changedCount', 'done', 'total');
  const isStateful = part.random.chance(0.6);
  const another = part.random.chance(0.35)
    ? `${thing.className}${part.pick('CleanupBatch', 'ReportBatch', 'NotifyBatch')}`
    : '';
  const size = constantName(part.pick('batch size', 'chunk size', 'scope size'));
  const counted = isStateful
    ? part.pick(`${counter} += ${scope}.size();`, `${free('')}this.${counter} += ${scope}.size();`)
    : '';
  const heads = lines(
    isText ? `private static final String ${seen(constant)} = ${free(value)};` : '',
    another === ''
      ? ''
      : `private static final Integer ${seen(size)} = ${free(String(part.pick(20, 50, 100, 200)))};`,
    isStateful ? `private Integer ${seen(counter)} = ${free('')}0;` : '',
  );
  const methods = apex`
    ${style.access} Database.QueryLocator start(Database.BatchableContext ${seen(bc)}) {
        return Database.getQueryLocator([SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE ${field.api} != ${isText ? ':' : ''}${ref}]);
    }

    ${part.comment(`sets the ${field.label} of every ${thing.label} in the ${scope}, then saves the ${scope}`)}
    ${style.access} void execute(Database.BatchableContext ${bc}, List<${thing.api}> ${seen(scope)}) {
        ${loop(thing.api, names.one, scope, `${names.one}.${field.api} = ${ref};`)}
        update ${scope};
        ${counted}
    }

    ${style.access} void finish(Database.BatchableContext ${bc}) {
        ${isStateful ? `${free('')}${part.log(`${free(`'${thing.plural}: '`)} + ${counter}`)}` : ''}
        ${another === '' ? '' : `${free('')}Database.executeBatch(new ${free(another)}(), ${size});`}
        ${!isStateful && another === '' ? part.log(free(`'${part.className} is done'`)) : ''}
    }
  `;
  return joinedMembers(heads, methods);
};

/** A queueable that takes ids and a value, and enqueues itself while something is left. */
export const chainedQueueable: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['picklist', 'date', 'currency', 'text'])[0];
  if (field === undefined) return null;
  const name = part.pick(variableOf(field, part), `new${pascalCase(field.label)}`, 'value');
  if ([names.one, names.many, names.ids].includes(name)) return null;
  const chained = part.random.chance(0.5);
  const limit = constantName(part.pick('chunk size', 'max records', 'records per job'));
  const rest = part.pick('rest', 'remaining', 'left', 'open');
  const kind = part.pick('private', 'private final');
  const now = part.pick('now', 'current', 'chunk', 'first');
  const context = part.pick('context', 'qc', 'ctx');
  const split = lines(
    `List<Id> ${seen(now)} = new List<Id>();`,
    `List<Id> ${seen(rest)} = new List<Id>();`,
    loop(
      'Id',
      'oneId',
      names.ids,
      either(`${now}.size() < ${limit}`, `${now}.add(oneId);`, `${rest}.add(oneId);`),
    ),
  );
  const ids = chained ? now : names.ids;
  return apex`
    ${chained ? `private static final Integer ${seen(limit)} = ${free(String(part.pick(50, 100, 500)))};\n` : ''}
    ${kind} ${free(`List<Id> ${names.ids}`)};
    ${kind} ${free(`${apexType(field)} ${name}`)};

    public ${part.className}(List<Id> ${names.ids}, ${apexType(field)} ${name}) {
        this.${names.ids} = ${names.ids};
        this.${name} = ${name};
    }

    ${style.access} void execute(QueueableContext ${free(context)}) {
        ${chained ? `${free('')}${split}` : ''}
        List<${thing.api}> ${names.newMany} = [SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE Id IN :${ids}];
        ${loop(thing.api, names.one, names.many, `${names.one}.${field.api} = ${name};`)}
        update ${names.many};
        ${chained ? when(`!${rest}.isEmpty()`, `System.enqueueJob(new ${part.className}(${rest}, ${name}));`) : ''}
    }
  `;
};
