/** Parallel test methods: another argument, count, field or job each, told by the name, a comment or what is declared above. */
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownName, unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { apexType, variableOf, type Member, type Part } from '../part.js';
import { apart, drawNamed, example, headOf } from './parts.js';

/** Assertions as one class writes them. */
interface Asserts {
  equal(expected: string, actual: string, remark?: string): string;
  isTrue(condition: string): string;
  isFalse(condition: string): string;
}

/** The old or the new ones, with or without remarks. */
function drawAsserts(part: Part): Asserts {
  const isOld = part.random.chance(0.5);
  const isSaid = part.random.chance(0.25);
  const [equal, isTrue] = isOld
    ? ['System.assertEquals', 'System.assert']
    : ['Assert.areEqual', 'Assert.isTrue'];
  const tail = (remark: string): string => (isSaid ? `, ${seen(`'${remark}'`)}` : '');
  return {
    equal: (expected, actual, remark = 'unexpected value') =>
      `${seen(equal)}(${expected}, ${actual}${tail(remark)});`,
    isTrue: (condition) => `${seen(isTrue)}(${condition}${tail('should hold')});`,
    isFalse: (condition) =>
      isOld
        ? `${seen(isTrue)}(!${condition}${tail('should not hold')});`
        : `Assert.isFalse(${condition}${tail('should not hold')});`,
  };
}

/** A test method up to its brace. */
function head(part: Part, name: string): string {
  return `@IsTest\n${free(`static void ${name}()`)} {`;
}

/** The class that is tested. */
function subject(part: Part): string {
  const base = part.random.chance(0.75) ? part.thing.className : pascalCase(unknownWord(part.random));
  return (
    base +
    part.pick('Rules', 'Calculator', 'Pricing', 'Service', 'Terms', 'Policy', 'Table', 'Scale', 'Finder')
  );
}

/** Where a call between start and stop stands; both lines are known from another test of the class. */
function between(part: Part, isTimed: boolean, lines: string): string {
  return isTimed ? `${seen('Test.startTest')}();\n${lines}\n${seen('Test.stopTest')}();` : lines;
}

/** A test's name from its value, in two spellings, and the answer. */
type NameOf = (lower: string, word: string, answer: string) => string;

/** Names tell the answers only where no table does. */
function drawNameOf(part: Part, isTable: boolean, measure: string): NameOf {
  return isTable
    ? part.pick<NameOf>(
        (lower) => `${lower}${capitalized(measure)}`,
        (_lower, word) => `test${word}`,
        (_lower, word) => `${measure}For${word}`,
      )
    : part.pick<NameOf>(
        (lower, _word, answer) => `${lower}Is${answer}`,
        (_lower, word, answer) => `gives${answer}For${word}`,
        (lower, _word, answer) => `${lower}Gets${answer}`,
        (_lower, word, answer) => `test${word}Gives${answer}`,
      );
}

/** Variables for measures whose own names Apex would take for something else. */
const measureVariables: ReadonlyMap<string, string> = new Map([
  ['limit', 'allowed'],
  ['rank', 'position'],
]);

/** Tests of one method with one value each; what is expected stands in the names or in a table above. */
export const siblingExpected: Member = (part) => {
  const drawn = drawNamed(part, 3, 4);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const asserts = drawAsserts(part);
  const service = subject(part);
  const measure = part.pick(
    'rate',
    'days',
    'points',
    'discount',
    'fee',
    'weight',
    'rank',
    'limit',
    'hours',
    'share',
  );
  const method = part.pick(
    `${measure}For`,
    `${measure}Of`,
    `get${capitalized(measure)}`,
    `find${capitalized(measure)}`,
  );
  const variable = measureVariables.get(measure) ?? part.pick(measure, 'actual', 'result');
  const isDecimal = /rate|discount|fee|share/.test(measure);
  const step = part.pick(1, 2, 5, 7, 10, 15, 30);
  const answers = part.random.shuffled(
    values.map((_value, index) => String((index + part.random.integer(0, 1) * 4) * step)),
  );
  const isTable = part.random.chance(0.5);
  const isTimed = part.random.chance(0.3);
  const isInline = part.random.chance(0.3);
  const isBase = part.random.chance(0.3);
  const extra = isBase ? `${part.pick(10, 20, 100, 500)}` : '';
  const table = isTable
    ? part.pick(
        free(`// ${measure}: ${values.map(({ value }, index) => `${value} ${answers[index]!}`).join(', ')}`),
        free(
          `/**\n * ${capitalized(measure)} by ${field.label}:\n${values.map(({ value }, index) => ` *   ${value}  ${answers[index]!}`).join('\n')}\n */`,
        ),
        free(`/*\n${values.map(({ value }, index) => ` * ${value} => ${answers[index]!}`).join('\n')}\n */`),
      )
    : '';
  const nameOf = drawNameOf(part, isTable, measure);
  const methods = values.slice(0, 3).map(({ value, word }, index) => {
    const lower = word[0]!.toLowerCase() + word.slice(1);
    const answer = answers[index]!;
    const name = nameOf(lower, word, answer);
    const call = `${seen(service)}.${seen(method)}(${extra === '' ? '' : `${seen(extra)}, `}'${value}')`;
    const lines =
      isInline && !isTimed
        ? asserts.equal(answer, call)
        : `${between(part, isTimed, `${isDecimal ? 'Decimal' : 'Integer'} ${seen(variable)} = ${call};`)}${isTimed ? '\n' : ''}\n${asserts.equal(answer, variable)}`;
    return apex`
      ${head(part, name)}
          ${lines}
      }
    `;
  });
  return [table, ...methods].filter((one) => one !== '').join('\n\n');
};

/** Tests of a yes-or-no method: names tell for which values it holds. */
export const siblingYesNo: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawNamed(part, 2, 4);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const asserts = drawAsserts(part);
  const service = subject(part);
  const method = part.pick(
    'isOpen',
    'isAllowed',
    'isFinal',
    'isEditable',
    'needsReview',
    'canClose',
    `is${pascalCase(unknownWord(part.random))}`,
  );
  const takesRecord = part.random.chance(0.5);
  const [yes, no] = part.pick(
    ['accepts', 'rejects'],
    ['trueFor', 'falseFor'],
    ['holdsFor', 'doesNotHoldFor'],
    ['allows', 'forbids'],
  ) as [string, string];
  const first = part.random.chance(0.5);
  return values
    .map(({ value, word }, index) => {
      const holds = [first, !first][index] ?? part.random.chance(0.5);
      const given = takesRecord ? names.one : `'${value}'`;
      const condition = `${seen(service)}.${seen(method)}(${given})`;
      return apex`
        ${head(part, `${holds ? yes : no}${word}`)}
            ${takesRecord ? `${thing.api} ${names.newOne} = new ${thing.api}(${seen(field.api)} = '${value}');` : ''}
            ${holds ? asserts.isTrue(condition) : asserts.isFalse(condition)}
        }
      `;
    })
    .join('\n\n');
};

/** Tests of two jobs: the second is said to be the same for the other class. */
export const siblingJobs: Member = (part) => {
  const { thing } = part;
  const drawn = drawNamed(part, 2, 2);
  if (drawn === null) return null;
  const asserts = drawAsserts(part);
  const form = part.pick<(job: string) => string>(
    (job) => `Database.executeBatch(new ${job}());`,
    (job) => `Database.executeBatch(new ${job}(), ${seen('200')});`,
    (job) => `System.enqueueJob(new ${job}());`,
    (job) => `new ${job}().${seen('execute')}(${seen('null')});`,
    (job) => `Id ${seen('jobId')} = System.enqueueJob(new ${job}());\nSystem.debug(jobId);`,
  );
  const suffix = part.pick('Batch', 'Job', 'Queueable', 'Scheduler', 'Task');
  const verbs = part.random.sample(
    [
      'Cleanup',
      'Renewal',
      'Archive',
      'Reminder',
      'Export',
      'Rating',
      'Merge',
      'Audit',
      pascalCase(unknownWord(part.random)),
    ],
    drawn.values.length,
  );
  const count = part.pick('0', '0', String(part.random.integer(1, 20)));
  return drawn.values
    .map(({ value }, index) => {
      const job = `${thing.className}${verbs[index]!}${suffix}`;
      const query = `[SELECT COUNT() FROM ${thing.api} WHERE ${seen(drawn.field.api)} = ${free(`'${value}'`)}]`;
      const said = part.comment(
        part.pick(`the same for ${job}`, `same with ${job}`, `now ${job}`, `${job} in the same way`),
      );
      return apex`
        ${index === 0 ? '' : said}
        ${head(part, part.pick(`runs${verbs[index]!}`, `test${verbs[index]!}`, `${verbs[index]!.toLowerCase()}Works`))}
            Test.startTest();
            ${index === 0 ? free(form(job).replace(/[‹›]/g, '')) : form(job)}
            Test.stopTest();

            ${asserts.equal(index === 0 ? free(count) : seen(count), query)}
        }
      `;
    })
    .join('\n\n');
};

/** Tests that different numbers of records are treated; the names tell how many. */
export const siblingCounts: Member = (part) => {
  const { thing, names } = part;
  const field = part.settable(1, ['currency', 'text', 'picklist', 'date'])[0];
  if (field === undefined) return null;
  const asserts = drawAsserts(part);
  const verb = part.pick('inserts', 'handles', 'creates', 'saves', 'processes');
  const counts = part.random.sample([1, 2, 5, 10, 50, 100, 150, 200, 201, 250], part.random.integer(2, 3));
  const value = example(part, field);
  const isExpected = part.random.chance(0.4);
  const isTimed = part.random.chance(0.7);
  const hasName = thing.nameField === 'Name' && part.random.chance(0.6);
  const label = unknownName(part.random);
  return counts
    .map((count) => {
      const values = `${hasName ? `${seen('Name')} = ${seen(`'${label} '`)} + i, ` : ''}${seen(field.api)} = ${seen(value)}`;
      return apex`
        ${head(part, `${verb}${count}`)}
            ${isExpected ? `Integer ${seen('expected')} = ${count};` : ''}
            List<${thing.api}> ${names.newMany} = new List<${thing.api}>();
            for (Integer i = 0; i < ${isExpected ? 'expected' : count}; i++) {
                ${names.many}.add(new ${thing.api}(${values}));
            }

            ${between(part, isTimed, `insert ${names.many};`)}

            ${asserts.equal(isExpected ? 'expected' : String(count), `[SELECT COUNT() FROM ${thing.api}]`)}
        }
      `;
    })
    .join('\n\n');
};

/** Tests that one field after another is written; what is expected is declared or said again. */
export const siblingUpdates: Member = (part) => {
  const { thing, names } = part;
  const fields = apart(
    part.settable(part.random.integer(2, 3), ['currency', 'text', 'picklist', 'date', 'checkbox', 'phone']),
  );
  if (fields.length < 2) return null;
  const asserts = drawAsserts(part);
  const verb = part.pick('updates', 'changes', 'sets', 'keeps', 'testWrite', 'stores');
  const after = part.pick('after', 'reloaded', 'saved', 'stored', 'updated', 'fresh');
  const isDeclared = part.random.chance(0.6);
  const expected = part.pick('expected', 'value', 'wanted');
  const isTimed = part.random.chance(0.5);
  const service = part.random.chance(0.4)
    ? `${thing.className}${part.pick('Service', 'Updater', 'Manager')}`
    : null;
  return fields
    .map((field) => {
      const value = free(example(part, field));
      const given = isDeclared ? expected : value;
      const write =
        service === null ? `update ${names.one};` : `${seen(service)}.${seen('save')}(${names.one});`;
      return apex`
        ${head(part, `${verb}${headOf(field)}`)}
            ${isDeclared ? `${apexType(field)} ${seen(expected)} = ${value};` : ''}
            ${thing.api} ${names.newOne} = [SELECT Id FROM ${thing.api} LIMIT 1];
            ${names.one}.${field.api} = ${given};

            ${between(part, isTimed, write)}

            ${thing.api} ${seen(after)} = [SELECT ${field.api} FROM ${thing.api} WHERE Id = :${names.one}.Id];
            ${asserts.equal(isDeclared ? expected : value.replace(/[«»]/g, ''), `${after}.${field.api}`)}
        }
      `;
    })
    .join('\n\n');
};

/** Tests that a call without one of its parameters throws. */
export const siblingThrows: Member = (part) => {
  const { style } = part;
  const fields = apart(
    part.settable(part.random.integer(2, 3), ['text', 'date', 'currency', 'picklist', 'email']),
  );
  if (fields.length < 2) return null;
  const service = subject(part);
  const method = part.pick(
    'create',
    'register',
    'book',
    'submit',
    'calculate',
    `make${part.thing.className}`,
  );
  const exception = part.pick(
    'IllegalArgumentException',
    'AuraHandledException',
    'DmlException',
    'NullPointerException',
    `${service}.InputException`,
  );
  const values = fields.map((field) => example(part, field));
  const shape = part.pick('flag', 'fail', 'message');
  const flag = part.pick('thrown', 'failed', 'isCaught', 'hasThrown');
  const [fail, isTrue] = part.pick(
    ['Assert.fail', 'Assert.isTrue'],
    ['Assert.fail', 'Assert.isTrue'],
    ['System.assert', 'System.assert'],
  ) as [string, string];
  const failing =
    fail === 'System.assert'
      ? `${seen("System.assert(false, 'no exception')")};`
      : `${seen("Assert.fail('no exception')")};`;
  return fields
    .map((field, index) => {
      const given = values.map((value, at) => (at === index ? 'null' : seen(value))).join(', ');
      const call = `${seen(service)}.${seen(method)}(${given});`;
      const word = variableOf(field, part);
      return apex`
        ${head(part, part.pick(`needs${headOf(field)}`, `failsWithout${headOf(field)}`, `rejectsMissing${headOf(field)}`))}
            ${shape === 'flag' ? `Boolean ${seen(flag)} = false;` : ''}
            try {
                ${call}
                ${shape === 'flag' ? free('') : failing}
            } catch (${seen(exception)} ${style.error}) {
                ${shape === 'flag' ? `${flag} = true;` : `${seen(isTrue)}(${style.error}.getMessage().contains('${word}'));`}
            }
            ${shape === 'flag' ? `${seen(isTrue)}(${flag});` : ''}
        }
      `;
    })
    .join('\n\n');
};
