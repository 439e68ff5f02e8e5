/** Methods around the platform: mocks of callouts, events, settings, sorting. */
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { signature, variableOf, type Member } from './part.js';

/** The answer of a system that is not there, for tests. */
export const calloutMock: Member = (part) => {
  const response = part.pick('response', 'res', 'mockResponse');
  const request = part.pick('request', 'req');
  return apex`
    private class ${free(part.pick('CalloutMock', 'MockResponse', 'SuccessMock'))} implements HttpCalloutMock {
        public HttpResponse respond(HttpRequest ${seen(request)}) {
            HttpResponse ${seen(response)} = new HttpResponse();
            ${response}.setStatusCode(${free(part.pick('200', '201', '404', '500'))});
            ${response}.setHeader('Content-Type', 'application/json');
            ${response}.setBody(${free(part.pick(`'{}'`, `'[]'`, `'{"success":true}'`))});
            return ${response};
        }
    }
  `;
};

/** Sorts by a field, with a comparator of its own. */
export const comparator: Member = (part) => {
  const { thing } = part;
  const field = part.field(['currency', 'date', 'datetime', 'integer']);
  if (field === null) return null;
  const [a, b] = part.pick(['first', 'second'], ['left', 'right'], ['a', 'b']) as [string, string];
  const type = `${pascalCase(field.label)}Comparator`;
  return apex`
    public class ${free(type)} implements Comparator<${thing.api}> {
        public Integer compare(${thing.api} ${seen(a)}, ${thing.api} ${seen(b)}) {
            if (${a}.${field.api} == ${b}.${field.api}) {
                return 0;
            }
            return ${a}.${field.api} > ${b}.${field.api} ? 1 : -1;
        }
    }
  `;
};

/** Whether records are late, and by how much. */
export const overdue: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['date']);
  if (field === null) return null;
  const access = `${names.one}.${field.api}`;
  return apex`
    ${part.doc(`has the ${field.label} passed?`, [names.one])}
    ${signature(`${style.access} static`, 'Boolean', part.pick('isOverdue', 'isPast', 'isLate'))}(${thing.api} ${names.newOne}) {
        return ${access} != null && ${access} < Date.today();
    }

    ${part.doc(`days until the ${field.label}`, [names.one])}
    ${signature(`${style.access} static`, 'Integer', part.pick('daysLeft', `daysUntil${pascalCase(field.label)}`))}(${thing.api} ${names.newOne}) {
        if (${access} == null) {
            return null;
        }
        return Date.today().daysBetween(${access});
    }
  `;
};

/** Ids of those that changed are handed to a job. */
export const enqueuing: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['picklist', 'checkbox', 'currency']);
  if (field === null) return null;
  const old = part.pick('oldMap', 'oldRecords');
  const value = variableOf(field, part);
  return apex`
    ${part.doc(`starts a job for the ${thing.plural} whose ${field.label} changed`, [names.many, old])}
    ${signature(`${style.access} static`, 'void', part.pick(`enqueue${pascalCase(value)}Changes`, 'enqueueJobs'))}(List<${thing.api}> ${names.newMany}, Map<Id, ${thing.api}> ${seen(old)}) {
        Set<Id> ${names.newIds} = new Set<Id>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            if (${names.one}.${field.api} != ${old}.get(${names.one}.Id).${field.api}) {
                ${names.ids}.add(${names.one}.Id);
            }
        }
        if (!${names.ids}.isEmpty()) {
            System.enqueueJob(new ${free(`${thing.className}Job`)}(${names.ids}));
        }
    }
  `;
};
