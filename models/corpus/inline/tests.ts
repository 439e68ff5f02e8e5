/** Members of test classes. */
import type { Field } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import type { Member, Part } from './part.js';

function exampleOf(part: Part, field: Field): string {
  switch (field.type) {
    case 'picklist':
      return `'${part.pick(...field.values, 'Open')}'`;
    case 'checkbox':
      return 'true';
    case 'currency':
    case 'integer':
      return String(part.pick(1, 5, 10, 100, 500, 1000));
    case 'date':
      return part.pick('Date.today()', `Date.today().addDays(${part.pick(1, 7, 30)})`);
    case 'datetime':
      return 'System.now()';
    case 'email':
      return "'test@example.com'";
    case 'phone':
      return "'030 123456'";
    default:
      return `'Test ${field.label}'`;
  }
}

function newRecord(part: Part, fields: readonly Field[]): string {
  const values = fields.map((field) => `${free(field.api)} = ${free(exampleOf(part, field))}`);
  const name = part.thing.nameField === 'Name' ? ["Name = 'Test'"] : [];
  return `new ${part.thing.api}(${[...name, ...values].join(', ')})`;
}

/** Records that every test of the class finds. */
export const testSetup: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(part.random.integer(1, 3));
  const count = part.pick(5, 10, 50, 200);
  const isMany = part.random.chance(0.5);
  const head = `@TestSetup\nstatic void ${free(part.pick('setup', 'makeData', 'setupData', 'createData'))}() {`;
  if (!isMany) {
    return apex`
      ${head}
          ${thing.api} ${names.newOne} = ${newRecord(part, fields)};
          insert ${names.one};
      }
    `;
  }
  return apex`
    ${head}
        List<${thing.api}> ${names.newMany} = new List<${thing.api}>();
        for (Integer i = 0; i < ${free(String(count))}; i++) {
            ${names.many}.add(${newRecord(part, fields).replace("'Test'", "'Test ' + i")});
        }
        insert ${names.many};
    }
  `;
};

type Assert = (expected: string, actual: string) => string;

function drawAssert(part: Part): Assert {
  return part.pick<Assert>(
    (expected, actual) => `System.assertEquals(${expected}, ${actual});`,
    (expected, actual) => `Assert.areEqual(${expected}, ${actual});`,
    (expected, actual) => `System.assertEquals(${expected}, ${actual}, ${free("'unexpected value'")});`,
  );
}

function testHead(part: Part, name: string): string {
  return `@IsTest\n${free(`static void ${name}()`)} {`;
}

/** A record is changed between start and stop, and read again. */
export const testUpdate: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['picklist', 'currency', 'checkbox', 'text', 'date'])[0];
  if (field === undefined) return null;
  const value = exampleOf(part, field);
  const after = part.pick('updated', `updated${thing.className}`, 'reloaded');
  const query = `[SELECT Id, ${seen(field.api)} FROM ${thing.api} LIMIT 1]`;
  const assert = drawAssert(part);
  return apex`
    ${testHead(part, part.pick(`updates${pascalCase(field.label)}`, `testUpdate${pascalCase(field.label)}`, `shouldUpdate${pascalCase(field.label)}`))}
        ${thing.api} ${names.newOne} = ${query};

        Test.startTest();
        ${names.one}.${field.api} = ${free(value)};
        update ${names.one};
        Test.stopTest();

        ${thing.api} ${seen(after)} = [SELECT ${seen(field.api)} FROM ${thing.api} WHERE Id = :${names.one}.Id];
        ${assert(value, `${after}.${field.api}`)}
    }
  `;
};

/** Many at once. */
export const testBulk: Member = (part) => {
  const { thing, names } = part;
  const fields = part.settable(2);
  const count = part.pick(50, 100, 200, 251);
  const assert = drawAssert(part);
  return apex`
    ${testHead(part, part.pick('handlesBulk', 'testBulkInsert', 'insertsMany'))}
        List<${thing.api}> ${names.newMany} = new List<${thing.api}>();
        for (Integer i = 0; i < ${free(String(count))}; i++) {
            ${names.many}.add(${newRecord(part, fields).replace("'Test'", "'Test ' + i")});
        }

        Test.startTest();
        insert ${names.many};
        Test.stopTest();

        ${assert(String(count), `[SELECT COUNT() FROM ${thing.api}]`)}
    }
  `;
};

/** Something must fail. */
export const testFailure: Member = (part) => {
  const { thing, names, style } = part;
  const hasFlag = part.random.chance(0.5);
  const assertTrue = part.pick('System.assert', 'Assert.isTrue');
  const fail = part.pick(
    "System.assert(false, 'an exception was expected');",
    "Assert.fail('an exception was expected');",
  );
  const operation = part.pick('insert', 'delete', 'update');
  const flag = part.pick('hasFailed', 'thrown', 'isCaught');
  return apex`
    ${testHead(part, part.pick('failsWithoutData', 'rejectsInvalid', 'throwsOnError'))}
        ${thing.api} ${names.newOne} = new ${thing.api}();
        ${hasFlag ? `Boolean ${seen(flag)} = false;` : ''}
        try {
            ${free('')}${operation} ${names.one};
            ${hasFlag ? '' : free(fail)}
        ${part.caught('DmlException', hasFlag ? `${flag} = true;` : free(`${assertTrue}(${style.error}.getMessage() != null);`))}
        ${hasFlag ? `${assertTrue}(${flag}${free(", 'an exception was expected'")});` : ''}
    }
  `;
};

/** The batch or the queueable is run. */
export const testJob: Member = (part) => {
  const { thing, className } = part;
  const job = className.replace(/_?Tests?$/, '');
  const assert = drawAssert(part);
  const isBatch = part.random.chance(0.5);
  return apex`
    ${testHead(part, part.pick('runsTheJob', 'testExecute', 'processesRecords'))}
        Test.startTest();
        ${free(isBatch ? `Database.executeBatch(new ${job}());` : `System.enqueueJob(new ${job}());`)}
        Test.stopTest();

        ${free(assert('1', `[SELECT COUNT() FROM ${thing.api}]`).replace(/[«»]/g, ''))}
    }
  `;
};
