/** Test classes: what is inserted, and what must be so afterwards. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import { construction, drawName, members, nameable } from './changes-records.js';
import type { Made } from './kind.js';
import { indented, selected, soql } from './soql.js';

const testWords =
  '{{write |create |give me |I need |need |}{a test class|a test|a unit test|an Apex test|a test class}{NAME| for {the |}LABEL}|test classNAME|test classNAME|unit testNAME|testNAME}';
const checks = '{checks|asserts|verifies|makes sure|asserts|expects}';
const checkBare = '{check|assert|verify|expect|make sure}';

/** How a test is asked for, and the name of its class: one that is said, or that of the object. */
function drawTest(draw: Draw, thing: Thing): { words: string; className: string } {
  const { random } = draw;
  const canonical = `${thing.className}Test`;
  if (!random.chance(0.25))
    return { words: testWords.replaceAll('NAME', '').replace('LABEL', thing.plural), className: canonical };
  const said = phrase(
    random,
    `${thing.className}{Insert|Create|Creation|Save|Validation|Trigger|Service|Rule|Bulk|Default|}{Test|Test|Test|Tests|_Test}`,
  );
  const naming = phrase(random, `{ | | called | named }${said}`);
  const words = testWords.replaceAll('NAME', ` ${naming}`).replace(/\| for \{the \|\}LABEL/, '');
  return { words, className: draw.keep(said) };
}

function testClass(className: string, methodName: string, body: readonly string[]): string {
  return [
    '@IsTest',
    `private class ${className} {`,
    '    @IsTest',
    `    static void ${methodName}() {`,
    indented(body.join('\n'), 2),
    '    }',
    '}',
  ].join('\n');
}

/** Inserts a record, reads it back and compares fields: those that were given, or those that automation sets. */
export function insertTest(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const given = drawAssignments(
    draw,
    thing,
    'one',
    random.weighted([
      [6, 1],
      [3, 2],
    ]),
  );
  if (given.length === 0) return null;
  const isSame = random.chance(0.45);
  const expected = isSame
    ? given.slice(0, 1)
    : drawAssignments(
        draw,
        thing,
        'one',
        random.weighted([
          [7, 1],
          [2, 2],
        ]),
        given.map(({ field }) => field.api),
      );
  if (expected.length === 0) return null;
  const { words, className } = drawTest(draw, thing);
  const nouns = listed(given.map(({ noun }) => noun));
  const results = listed(expected.map(({ noun }) => noun));
  const english =
    `${words} {that|which} {inserts|creates} ${withArticle(thing.label)} with ${nouns} and ${checks} {that it has|it has|that it ends up with|it gets} ${results}` +
    `|${words}: {insert|create} ${withArticle(thing.label)} with ${nouns}, {then |}${checkBare} {that it has |it has |it has }${results}` +
    `|${words} that {inserts|creates} ${withArticle(thing.label)} with ${nouns}. {Afterwards|After the insert|Then} it {should|must} have ${results}` +
    `|{test|verify} that {inserting|creating} ${withArticle(thing.label)} with ${nouns} {gives|leads to|results in} ${results}` +
    `|{test|verify} that ${withArticle(thing.label)} with ${nouns} {gets|has|ends up with} ${results} after {insert|the insert|it is inserted}`;
  const query = soql({
    select: selected(expected.map(({ field }) => field.api)),
    from: thing.api,
    conditions: [`Id = :${thing.one}.Id`],
  });
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(className, `inserts${thing.className}`, [
      `${thing.api} ${thing.one} = ${construction(thing, members(given))};`,
      '',
      'Test.startTest();',
      `insert ${thing.one};`,
      'Test.stopTest();',
      '',
      `${thing.api} saved = ${query};`,
      ...expected.map(({ field, value }) => `System.assertEquals(${value}, saved.${field.api});`),
    ]),
    shape: 'class',
  };
}

/** Inserts many and counts them. */
export function countTest(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const given = drawAssignments(
    draw,
    thing,
    'many',
    random.weighted([
      [6, 1],
      [3, 2],
    ]),
  );
  if (given.length === 0) return null;
  const count = random.chance(0.3) ? 1 : random.pick([2, 3, 5, 10, 20, 50, 100, 200, 201, 250]);
  if (count === 1) return countOneTest(draw, thing);
  const { words, className } = drawTest(draw, thing);
  const nouns = listed(given.map(({ noun }) => noun));
  const amount = saidNumber(random, count);
  const english =
    `${words} {that|which} {inserts|creates|bulk inserts} ${amount} ${thing.plural} with ${nouns} and ${checks} {that there are ${amount}|that all {of them |}were inserted|that ${amount} exist|that there are ${amount} ${thing.plural}|that {they all|all of them} are there}` +
    `|${words}: {insert|create} ${amount} ${thing.plural} with ${nouns}, {then |}${checkBare} that {there are ${amount}|${amount} {${thing.plural} |}exist}` +
    `|bulk test: {insert|create} ${amount} ${thing.plural} with ${nouns} and {assert|check} {the count|that ${amount} exist}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(className, `inserts${thing.many.slice(0, 1).toUpperCase()}${thing.many.slice(1)}`, [
      `List<${thing.api}> ${thing.many} = new List<${thing.api}>();`,
      `for (Integer i = 1; i <= ${count}; i++) {`,
      indented(`${thing.many}.add(${construction(thing, members(given))});`),
      '}',
      '',
      'Test.startTest();',
      `insert ${thing.many};`,
      'Test.stopTest();',
      '',
      `System.assertEquals(${count}, [SELECT COUNT() FROM ${thing.api}]);`,
    ]),
    shape: 'class',
  };
}

/** Inserts one and counts: "asserts that there is one lead". */
function countOneTest(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const nameField = nameable(thing);
  const name = nameField === null || random.chance(0.4) ? null : drawName(draw, nameField);
  const isShort = name !== null && /^\w+( \w+)?$/.test(name) && random.chance(0.6);
  const labels = { Name: 'name', Subject: 'subject', LastName: 'last name' } as const;
  const without = ['Name', 'Subject', 'LastName'];
  const given = drawAssignments(
    draw,
    thing,
    'one',
    name === null ? random.integer(1, 2) : random.integer(0, 1),
    without,
  );
  const nouns = listed([
    ...(name === null ? [] : [`${labels[nameField!]} ${isShort ? name : `'${name}'`}`]),
    ...given.map(({ noun }) => noun),
  ]);
  if (nouns === '') return null;
  const { words, className } = drawTest(draw, thing);
  const one = withArticle(thing.label);
  const exists = `that {there is {one|1|exactly one} ${thing.label}{| in the database}|{one|1|exactly one} ${thing.label} exists|the count is {1|one}}`;
  const english =
    `${words} {that|which} {inserts|creates} ${one} with ${nouns} and ${checks} ${exists}` +
    `|${words}: {insert|create} ${one} with ${nouns}, {then |}${checkBare} ${exists}` +
    `|{test|verify} that after inserting ${one} with ${nouns} there is {one|exactly one} ${thing.label}`;
  const values = [...(name === null ? [] : [`${nameField!} = '${name}'`]), ...members(given)];
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(className, `inserts${thing.className}`, [
      `${thing.api} ${thing.one} = ${construction(thing, values)};`,
      '',
      'Test.startTest();',
      `insert ${thing.one};`,
      'Test.stopTest();',
      '',
      `System.assertEquals(1, [SELECT COUNT() FROM ${thing.api}]);`,
    ]),
    shape: 'class',
  };
}

/** Expects that an insert or a delete is refused. */
export function rejectTest(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const given = drawAssignments(
    draw,
    thing,
    'one',
    random.weighted([
      [6, 1],
      [3, 2],
    ]),
  );
  if (given.length === 0) return null;
  const isDelete = random.chance(0.4);
  const { words, className } = drawTest(draw, thing);
  const nouns = listed(given.map(({ noun }) => noun));
  const doing = isDelete ? 'deleting' : '{inserting|creating|saving}';
  const english =
    `${words} {that|which} ${checks} that ${doing} ${withArticle(thing.label)} with ${nouns} {fails|is rejected|is refused|throws a DmlException|is blocked}` +
    `|${words}: ${doing} ${withArticle(thing.label)} with ${nouns} {must|should} {fail|be rejected|throw a DmlException|be blocked}` +
    `|test that {you|users|one} {can't|cannot} ${isDelete ? 'delete' : '{insert|create|save}'} ${withArticle(thing.label)} with ${nouns}`;
  const operation = isDelete ? 'delete' : 'insert';
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(className, `rejects${thing.className}`, [
      `${thing.api} ${thing.one} = ${construction(thing, members(given))};`,
      ...(isDelete ? [`insert ${thing.one};`] : []),
      '',
      'Test.startTest();',
      'try {',
      `    ${operation} ${thing.one};`,
      `    System.assert(false, 'Expected a DmlException');`,
      '} catch (DmlException e) {',
      `    System.assertEquals(1, e.getNumDml());`,
      '}',
      'Test.stopTest();',
    ]),
    shape: 'class',
  };
}
