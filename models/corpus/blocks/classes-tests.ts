/** Test classes: what is inserted, and what must be so afterwards. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { drawAssignments } from './changes-job.js';
import { construction, members } from './changes-records.js';
import type { Made } from './kind.js';
import { indented, selected, soql } from './soql.js';

const testWords =
  '{{write |create |give me |I need |}{a test class|a test|a unit test|an Apex test|a test class for {the |}LABEL}|test class|unit test}';

function testClass(thing: Thing, methodName: string, body: readonly string[]): string {
  return [
    '@IsTest',
    `private class ${thing.className}Test {`,
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
  const nouns = listed(given.map(({ noun }) => noun));
  const results = listed(expected.map(({ noun }) => noun));
  const english =
    `${testWords.replace('LABEL', thing.plural)} {that|which} {inserts|creates} ${withArticle(thing.label)} with ${nouns} and {checks|asserts|verifies} {that it has|it has|that it ends up with|it gets} ${results}` +
    `|${testWords.replace('LABEL', thing.plural)}: {insert|create} ${withArticle(thing.label)} with ${nouns}, {then |}{check|assert|verify|expect} {that it has |it has |}${results}` +
    `|{test|verify} that {inserting|creating} ${withArticle(thing.label)} with ${nouns} {gives|leads to|results in} ${results}`;
  const query = soql({
    select: selected(expected.map(({ field }) => field.api)),
    from: thing.api,
    conditions: [`Id = :${thing.one}.Id`],
  });
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(thing, `inserts${thing.className}`, [
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
  const count = random.pick([2, 3, 5, 10, 20, 50, 100, 200, 201, 250]);
  const nouns = listed(given.map(({ noun }) => noun));
  const amount = saidNumber(random, count);
  const english =
    `${testWords.replace('LABEL', thing.plural)} {that|which} {inserts|creates|bulk inserts} ${amount} ${thing.plural} with ${nouns} and {checks|asserts|verifies} {the count|that there are ${amount}|that all {of them |}were inserted|that ${amount} exist}` +
    `|bulk test: {insert|create} ${amount} ${thing.plural} with ${nouns} and {assert|check} {the count|that ${amount} exist}`;
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(thing, `inserts${thing.many.slice(0, 1).toUpperCase()}${thing.many.slice(1)}`, [
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
  const nouns = listed(given.map(({ noun }) => noun));
  const doing = isDelete ? 'deleting' : '{inserting|creating|saving}';
  const english =
    `${testWords.replace('LABEL', thing.plural)} {that|which} {checks|asserts|verifies} that ${doing} ${withArticle(thing.label)} with ${nouns} {fails|is rejected|is refused|throws a DmlException|is blocked}` +
    `|${testWords.replace('LABEL', thing.plural)}: ${doing} ${withArticle(thing.label)} with ${nouns} {must|should} {fail|be rejected|throw a DmlException|be blocked}` +
    `|test that {you|users|one} {can't|cannot} ${isDelete ? 'delete' : '{insert|create|save}'} ${withArticle(thing.label)} with ${nouns}`;
  const operation = isDelete ? 'delete' : 'insert';
  return {
    prompt: phrase(random, `{${english}}`),
    answer: testClass(thing, `rejects${thing.className}`, [
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
