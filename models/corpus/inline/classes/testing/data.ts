/** Tests of what a setup method made, as somebody else or in another state: counts, users, first and last. */
import { nameApi } from '../names.js';
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, seen } from '../../apex.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member } from '../../part.js';
import { self } from '../../scope/words.js';
import { drawAsserts, drawHeads, testedClass, timed } from './words.js';

/** Groups of records by a picklist's value are made once; each test counts or finds one of them. */
export const setupTests: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(9, ['picklist']).find(({ values }) => values.length >= 2);
  if (field === undefined || field.values.some((value) => value.includes("'"))) return null;
  const tested = testedClass(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const groups = part.random
    .sample(field.values, 3)
    .map((value, index) => ({ value, count: [1, 2, 3, 4, 5][(index * 2 + part.random.integer(0, 1)) % 5]! }));
  if (groups.length < 2) return null;
  const many = part.pick(names.many, 'records', 'rows', 'data');
  const found = part.pick('found', 'actual', 'matches', 'hits');
  const api = nameApi(part);
  const hasName = api !== '';
  const finding = part.pick('All', 'Every', 'The');
  const word = (value: string): string => pascalCase(value.replace(/[^A-Za-z0-9 ]+/g, ' '));
  const isHelper = part.random.chance(0.5);
  const method = part.pick(
    `by${pascalCase(field.label)}`,
    'find',
    'listOf',
    'getAll',
    `with${pascalCase(field.label)}`,
  );
  const record = (value: string): string =>
    `new ${thing.api}(${hasName ? `${seen(api)} = '${value} ' + i, ` : ''}${field.api} = '${value}')`;
  const fill = isHelper
    ? groups.map(({ value, count }) => `${many}.addAll(make(${free(`'${value}', ${count}`)}));`)
    : groups.map(
        ({ value, count }) =>
          `for (Integer i = 0; i < ${free(String(count))}; i++) {\n    ${many}.add(${record(value)
            .replace(`'${value} '`, `'${free(value)} '`)
            .replace(`= '${value}'`, `= ${hasName ? `'${value}'` : free(`'${value}'`)}`)});\n}`,
      );
  const helper = isHelper
    ? apex`
        ${free('private static')} List<${thing.api}> ${free('make')}(String ${seen('value')}, Integer ${seen('count')}) {
            List<${thing.api}> ${seen('made')} = new List<${thing.api}>();
            for (Integer i = 0; i < count; i++) {
                made.add(new ${thing.api}(${hasName ? `${api} = value + ' ' + i, ` : ''}${free(field.api)} = value));
            }
            return made;
        }
      `
    : '';
  const setup = apex`
    @TestSetup
    static void ${free(part.pick('setup', 'makeData', 'prepare', 'createRecords'))}() {
        List<${thing.api}> ${seen(many)} = new List<${thing.api}>();
        ${fill}
        insert ${many};
    }
  `;
  const query = (value: string): string =>
    `[SELECT Id, ${field.api} FROM ${thing.api} WHERE ${field.api} = '${value}']`;
  const isService = part.random.chance(0.5);
  const tests = groups.map(({ value, count }) => {
    const source = isService ? `${seen(tested)}.${seen(method)}('${value}')` : query(value);
    return apex`
      ${heads.open(`finds${finding}${word(value)}`)}
          List<${thing.api}> ${seen(found)} = ${source};

          ${asserts.equal(seen(String(count)), `${found}.size()`)}
      }
    `;
  });
  if (found === many) return null;
  return joinedMembers(setup, ...tests, helper);
};

/** As another user: somebody without rights sees nothing, somebody with them sees what was made. */
export const userTests: Member = (part) => {
  const { thing, names } = part;
  const tested = testedClass(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const profile = part.pick('Standard User', 'Read Only', 'Minimum Access - Salesforce');
  const user = part.pick('reader', 'runner', 'clerk', 'guestUser', 'u', 'tester', 'standardUser');
  const method = part.pick(
    `canEdit${thing.className}`,
    `maySee${thing.className}`,
    'isAllowed',
    'canApprove',
  );
  const one = part.pick(names.one, 'record', 'rec');
  const made = part.pick('createUser', 'newUser', 'makeUser', 'userWith');
  const alias = part.pick('tuser', 'alias', 'reader');
  const query = part.pick('Profile p', 'Profile profile', 'Profile found');
  const variable = query.split(' ')[1]!;
  const isMade = part.random.chance(0.6);
  if (user === one || one.length < 2) return null;
  const api = nameApi(part);
  const name = api === '' ? '' : `${seen(api)} = ${free("'A'")}`;
  const helper = apex`
    ${free('private static')} User ${free(made)}(String ${seen('profileName')}) {
        ${query.replace(variable, seen(variable))} = [SELECT Id FROM Profile WHERE Name = :profileName LIMIT 1];
        return new User(
            Alias = ${free(`'${alias}'`)},
            Email = ${free(`'${alias}@example.com'`)},
            EmailEncodingKey = 'UTF-8',
            LanguageLocaleKey = 'en_US',
            LastName = ${free("'Tester'")},
            LocaleSidKey = 'en_US',
            ProfileId = ${variable}.Id,
            TimeZoneSidKey = ${free(part.pick("'GMT'", "'Europe/Berlin'", "'America/New_York'"))},
            UserName = ${free(`'${alias}'`)} + System.now().getTime() + ${free("'@example.com.test'")}
        );
    }
  `;
  const test = (profileName: string, testName: string, isAllowed: boolean): string => apex`
    ${heads.open(testName)}
        ${isMade ? `${thing.api} ${seen(one)} = new ${thing.api}(${name});\ninsert ${one};` : ''}
        User ${seen(user)} = ${made}(${free(`'${profileName}'`)});

        System.runAs(${user}) {
            ${isAllowed ? asserts.isTrue(`${seen(tested)}.${seen(method)}(${isMade ? `${one}.Id` : ''})`) : asserts.isFalse(`${seen(tested)}.${seen(method)}(${isMade ? `${one}.Id` : ''})`)}
        }
    }
  `;
  return joinedMembers(
    test('System Administrator', `${method}AsAdministrator`, true),
    test(profile, `nothingFor${pascalCase(profile.replace(/[^A-Za-z ]/g, ''))}`, false),
    helper,
  );
};

/** Batch, queueable, schedulable or future: started between start and stop, its effect read afterwards. */
export const jobTests: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['checkbox'])[0];
  if (field === undefined) return null;
  const tested = testedClass(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const form = part.pick('batch', 'queueable', 'schedulable', 'future');
  const many = part.pick(names.many, 'records', 'toInsert');
  const word = pascalCase(field.label);
  const count = part.pick('5', '10', '20', '200');
  const api = nameApi(part);
  const name = api === '' ? '' : `${free(api)} = ${free("'No. '")} + i, `;
  const cron = part.pick('0 0 3 * * ?', '0 0 1 * * ?', '0 30 6 ? * MON-FRI');
  const start = {
    batch: `Database.executeBatch(new ${tested}()${part.pick('', `, ${count}`)});`,
    queueable: `System.enqueueJob(new ${tested}(${many}));`,
    schedulable: `System.schedule(${free(`'${tested} test'`)}, ${free(`'${cron}'`)}, new ${tested}());`,
    future: `${tested}.${free('run')}(new Map<Id, ${thing.api}>(${many}).keySet());`,
  }[form];
  const done = `[SELECT COUNT() FROM ${thing.api} WHERE ${field.api} = true]`;
  const id = part.pick('jobId', 'asyncId', 'enqueued');
  const second =
    form === 'schedulable'
      ? apex`
          ${heads.open('keepsTheCronExpression')}
              ${timed(`Id ${seen(id)} = ${start}`)}

              CronTrigger trig = [SELECT CronExpression, TimesTriggered FROM CronTrigger WHERE Id = :${id}];
              ${asserts.equal(`'${cron}'`, 'trig.CronExpression')}
              ${asserts.equal('0', 'trig.TimesTriggered')}
          }
        `
      : apex`
          ${heads.open('doesNothingWithoutRecords')}
              ${timed(start)}

              ${asserts.equal('0', `[SELECT COUNT() FROM ${thing.api}]`)}
          }
        `;
  if (form === 'schedulable') return second;
  const first = apex`
    ${heads.open(`sets${word}OnAll`)}
        List<${thing.api}> ${seen(many)} = new List<${thing.api}>();
        for (Integer i = 0; i < ${free(count)}; i++) {
            ${many}.add(new ${thing.api}(${name}${field.api} = false));
        }
        insert ${many};

        ${timed(start)}

        ${asserts.equal(count, done)}
    }
  `;
  return joinedMembers(first, form === 'batch' && part.random.chance(0.6) ? second : '');
};

/** Answers of a service that is not called: a mock in the class, and a test for each status. */
export const calloutTests: Member = (part) => {
  const tested = testedClass(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const mock = part.pick('StatusMock', 'Mock', 'AnswerMock', 'ServiceMock', 'FakeService');
  const method = part.pick('send', 'push', 'fetch', 'ping', 'load', 'sync');
  const isMessage = part.random.chance(0.4);
  const answers = part.random
    .shuffled([
      { name: 'succeedsOn200', status: 200, isGood: true },
      { name: 'failsOn500', status: 500, isGood: false },
      { name: 'failsOn404', status: 404, isGood: false },
      { name: 'succeedsOn201', status: 201, isGood: true },
      { name: 'failsOn401', status: 401, isGood: false },
    ])
    .slice(0, part.random.integer(2, 3));
  const local = part.pick('isSent', 'success', 'ok', 'worked');
  const me = self(part);
  const parameter = me === '' ? 'newStatus' : 'status';
  const tests = answers.map(({ name, status, isGood }) => {
    const said = isGood ? asserts.isTrue(local, name) : asserts.isFalse(local, name);
    return apex`
      ${heads.open(name)}
          Test.setMock(HttpCalloutMock.class, new ${seen(mock)}(${status}));

          ${timed(`Boolean ${seen(local)} = ${seen(tested)}.${seen(method)}(${isMessage ? free("'hello'") : ''});`)}

          ${said}
      }
    `;
  });
  const inner = apex`
    private class ${free(mock)} implements HttpCalloutMock {
        private Integer ${seen('status')};

        ${free('public')} ${mock}(Integer ${seen(parameter)}) {
            ${me}status = ${parameter};
        }

        public HttpResponse respond(HttpRequest ${seen('req')}) {
            HttpResponse ${seen('res')} = new HttpResponse();
            res.setStatusCode(status);
            res.setBody(${free("'{}'")});
            return res;
        }
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(inner, ...tests) : joinedMembers(...tests, inner);
};

/** A comparison of the records' order or names after a sort or a query. */
export const orderTests: Member = (part) => {
  const { thing, names } = part;
  const api = nameApi(part);
  if (api === '') return null;
  const field = part.settable(1, ['currency', 'integer', 'date'])[0];
  if (field === undefined) return null;
  const tested = testedClass(part);
  const asserts = drawAsserts(part);
  const heads = drawHeads(part);
  const many = part.pick(names.many, 'records', 'rows');
  const sorted = part.pick('sorted', 'ordered', 'actual');
  const isUp = part.random.chance(0.5);
  const order = part.random.shuffled([1, 2, 3]);
  const letters = ['A', 'B', 'C'];
  const value = (rank: number): string =>
    field.type === 'date' ? `Date.today().addDays(${rank})` : String(rank * part.pick(10, 10, 10));
  const rows = letters.map(
    (letter, index) =>
      `new ${thing.api}(${seen(api)} = '${letter}', ${field.api} = ${free(value(order[index]!))})`,
  );
  const at = [0, 1, 2].sort((one, other) => (order[one]! - order[other]!) * (isUp ? 1 : -1));
  const name = isUp ? `lowest${pascalCase(field.label)}First` : `highest${pascalCase(field.label)}First`;
  const isName = part.random.chance(0.7);
  const lines = isName
    ? at.map((index, place) => asserts.equal(`'${letters[index]!}'`, `${sorted}[${place}].Name`))
    : [
        asserts.equal(`'${letters[at[0]!]!}'`, `${sorted}[0].Name`),
        asserts.equal(`'${letters[at[2]!]!}'`, `${sorted}[${sorted}.size() - 1].Name`),
      ];
  const call = `List<${thing.api}> ${seen(sorted)} = ${free(tested)}.${free('sort')}(${many});`;
  return apex`
    ${heads.open(name)}
        List<${thing.api}> ${seen(many)} = new List<${thing.api}>{
            ${rows.map((row, index) => (index < 2 ? `${row},` : row))}
        };

        ${part.random.chance(0.5) ? timed(call) : call}

        ${lines}
    }

    ${heads.open('handlesAnEmptyList')}
        ${asserts.equal('0', `${tested}.sort(new List<${thing.api}>()).size()`)}
    }

    ${heads.open(`keepsASingle${capitalized(thing.className)}`)}
        List<${thing.api}> ${seen(many)} = new List<${thing.api}>{ new ${thing.api}(${api} = ${free("'Only'")}) };
        ${asserts.equal("'Only'", `${tested}.sort(${many})[0].Name`)}
    }
  `;
};
