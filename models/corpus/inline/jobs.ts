/** Members of jobs: batch, queueable, schedulable. */
import { apex, free, seen } from './apex.js';
import type { Member, Part } from './part.js';

/** The assignment that a job makes, with its English. */
function assignment(
  part: Part,
): { readonly api: string; readonly code: string; readonly said: string } | null {
  const field = part.settable(1, ['picklist', 'checkbox', 'date'])[0];
  if (field === undefined) return null;
  const value =
    field.type === 'checkbox'
      ? part.pick('true', 'false')
      : field.type === 'date'
        ? 'Date.today()'
        : `'${part.pick(...field.values, 'Closed')}'`;
  return {
    api: field.api,
    code: `${part.names.one}.${field.api} = ${value};`,
    said: `${field.label} to ${value}`,
  };
}

export const batch: Member = (part) => {
  const { thing, names, style } = part;
  const set = assignment(part);
  if (set === null) return null;
  const isString = part.random.chance(0.3);
  const context = part.pick('bc', 'context', 'ctx', 'BC');
  const scope = part.pick('scope', 'records', names.many);
  const hasCount = part.random.chance(0.4);
  const counter = part.pick('processed', 'recordCount', 'total');
  const filter = free(
    part.pick('', ` WHERE CreatedDate < LAST_N_DAYS:${part.pick(7, 30, 90)}`, ' WHERE IsDeleted = false'),
  );
  const query = `SELECT Id, ${seen(set.api)} FROM ${thing.api}${filter}`;
  return apex`
    ${hasCount ? `private Integer ${seen(counter)} = 0;\n` : ''}
    ${part.doc(`which ${thing.plural} are processed`)}
    ${style.access} Database.QueryLocator start(Database.BatchableContext ${seen(context)}) {
        return Database.getQueryLocator(${isString ? `'${query}'` : `[${query}]`});
    }

    ${part.doc(`sets the ${set.said}`)}
    ${style.access} void execute(Database.BatchableContext ${context}, List<${thing.api}> ${seen(scope)}) {
        ${style.doc === 'none' ? part.comment(`set the ${set.said}`) : ''}
        for (${thing.api} ${names.newOne} : ${scope}) {
            ${set.code}
        }
        ${part.pick(`update ${scope};`, `update ${scope};`, `${free('')}Database.update(${scope}, false);`)}
        ${hasCount ? `${counter} += ${scope}.size();` : ''}
    }

    ${style.access} void finish(Database.BatchableContext ${context}) {
        ${hasCount ? part.log(`${free(`'Processed: '`)} + ${counter}`) : part.log(free(`'${part.className} finished'`))}
    }
  `;
};

export const queueable: Member = (part) => {
  const { thing, names, style } = part;
  const set = assignment(part);
  if (set === null) return null;
  const isIds = part.random.chance(0.5);
  const variable = isIds ? names.ids : names.many;
  const type = isIds ? 'Set<Id>' : `List<${thing.api}>`;
  const context = part.pick('context', 'qc', 'ctx');
  const isFinal = part.pick('private', 'private final');
  return apex`
    ${isFinal} ${free(type)} ${seen(variable)};

    public ${part.className}(${type} ${variable}) {
        this.${variable} = ${variable};
    }

    ${style.access} void execute(QueueableContext ${seen(context)}) {
        ${isIds ? part.step(`query the ${thing.plural}`, `List<${thing.api}> ${names.newMany} = [SELECT Id, ${seen(set.api)} FROM ${thing.api} WHERE Id IN :${names.ids}];`) : ''}
        ${part.comment(`set the ${set.said}`)}
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${set.code}
        }
        update ${names.many};
        ${part.random.chance(0.3) ? part.log(`${names.many}.size() + ${free(`' ${thing.plural} updated'`)}`) : ''}
    }
  `;
};

export const schedulable: Member = (part) => {
  const { thing, style } = part;
  const context = part.pick('sc', 'context', 'ctx', 'SC');
  const job = `${thing.className}${part.pick('Batch', 'CleanupBatch', 'UpdateBatch')}`;
  const size = part.pick(50, 100, 200);
  const expression = part.pick("'0 0 2 * * ?'", "'0 0 6 * * ?'", "'0 0 0 1 * ?'", "'0 30 1 * * ?'");
  const constant = part.pick('CRON_EXPRESSION', 'CRON', 'CRON_EXP', 'SCHEDULE');
  const name = part.pick('JOB_NAME', 'NAME');
  const isConstant = part.random.chance(0.6);
  return apex`
    ${isConstant ? `public static final String ${seen(constant)} = ${free(expression)};\npublic static final String ${seen(name)} = ${free(`'${thing.label} job'`)};\n` : ''}
    ${style.access} void execute(SchedulableContext ${free(context)}) {
        ${free('')}${part.pick(`Database.executeBatch(new ${job}(), ${free(String(size))});`, `${job} ${seen('job')} = new ${job}();\nDatabase.executeBatch(job);`, `System.enqueueJob(new ${thing.className}Queueable());`)}
    }
    ${
      isConstant
        ? apex`

      ${part.doc('schedules the job')}
      ${free(`${style.access} static ${part.pick('Id', 'String')} schedule()`)} {
          return System.schedule(${name}, ${constant}, new ${part.className}());
      }
    `
        : ''
    }
  `;
};

/** A request to another system, and the check of its answer. */
export const callout: Member = (part) => {
  const { thing, names, style } = part;
  const request = part.pick('request', 'req', 'httpRequest');
  const response = part.pick('response', 'res', 'httpResponse');
  const method = part.pick('POST', 'GET', 'PUT', 'PATCH');
  const credential = `'callout:${part.pick('ERP', 'Billing', 'Warehouse', 'Shipping')}/${thing.plural.replace(/\s/g, '-')}'`;
  const isSplit = part.random.chance(0.5);
  const error = part.pick('CalloutException', `${thing.className}Exception`);
  const sent =
    method === 'GET'
      ? []
      : [
          `${request}.setHeader('Content-Type', 'application/json');`,
          `${request}.setBody(JSON.serialize(${names.one}));`,
        ];
  return apex`
    ${free(`${style.access} static ${method === 'GET' ? 'String fetch' : 'void send'}${thing.className}`)}(${method === 'GET' ? 'Id recordId' : `${thing.api} ${names.newOne}`}) {
        HttpRequest ${seen(request)} = new HttpRequest();
        ${request}.setEndpoint(${free(credential)}${method === 'GET' ? " + '/' + recordId" : ''});
        ${request}.setMethod(${free(`'${method}'`)});
        ${sent}
        ${part.random.chance(0.4) ? `${free('')}${request}.setTimeout(${free(part.pick('30000', '60000', '120000'))});` : ''}
        ${isSplit ? `Http http = new Http();\nHttpResponse ${seen(response)} = http.send(${request});` : `HttpResponse ${seen(response)} = new Http().send(${request});`}
        if (${response}.getStatusCode() ${method === 'POST' ? part.pick('!= 200', '!= 200', `${free('')}!= 201`) : part.pick('!= 200', '!= 200', `${free('')}>= 400`)}) {
            ${free('')}throw new ${error}(${free("'Callout failed: '")} + ${response}.${free(part.pick('getStatus', 'getStatusCode', 'getBody'))}());
        }
        ${method === 'GET' ? `return ${response}.getBody();` : ''}
    }
  `;
};
