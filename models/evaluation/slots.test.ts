import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apexTokens } from './apex-tokens.js';
import { differingSlots } from './block-scores.js';
import { freeQuestions } from './questions.js';
import { slotsOf, type SlotName } from './slots.js';

const prompts = path.resolve(import.meta.dirname, '../prompts');
const answers = freeQuestions(prompts, 'block').flatMap(({ accepted }) => accepted);

const update = [
  "List<Lead> leads = [SELECT Id, Status, Rating FROM Lead WHERE CreatedDate < LAST_N_DAYS:90 AND Status IN ('Open', 'New') ORDER BY Name LIMIT 20];",
  'for (Lead lead : leads) {',
  "    if (lead.Email == null) lead.Status = 'Stale';",
  '}',
  'update leads;',
].join('\n');

function differing(expected: string, given: string, prompt = ''): readonly SlotName[] {
  return differingSlots(slotsOf(expected), slotsOf(given), prompt);
}

describe('the slots of an answer', () => {
  it('stay the same when a variable is called otherwise', () => {
    const name = fc.stringMatching(/^[A-Za-z][a-z0-9]{2,8}Xy$/);
    fc.assert(
      fc.property(fc.constantFrom(...answers), name, (answer, other) => {
        const variables = variablesOf(answer);
        for (const variable of variables) {
          const renamed = answer.replace(
            new RegExp(`(?<![\\w.'@])${variable}(?![\\w(']| = '|\\s*__c)`, 'g'),
            other,
          );
          expect(differing(answer, renamed)).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('stay the same when it is laid out otherwise', () => {
    const gap = fc.constantFrom(' ', '\n', '\t', '  \n    ', ' /* x */ ', ' // y\n');
    fc.assert(
      fc.property(
        fc.constantFrom(...answers),
        fc.array(gap, { minLength: 1, maxLength: 9 }),
        (answer, gaps) => {
          const spread = apexTokens(answer)
            .map(({ text }, index) => text + gaps[index % gaps.length]!)
            .join('');
          expect(differing(answer, spread)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Names that are declared with a type or as a loop's. */
function variablesOf(answer: string): string[] {
  return [...answer.matchAll(/(?:\w|>) ([a-z]\w*)(?= = | : |;|\))/g)]
    .map(([, name]) => name!)
    .filter(
      (name) => !['insert', 'update', 'delete'].includes(name) && !/^(?:accounts|contacts|dives)$/.test(name),
    );
}

const changes: readonly (readonly [string, string, string, readonly SlotName[]])[] = [
  ['object', 'FROM Lead', 'FROM Contact', ['object']],
  ['field', 'Status, Rating', 'Status', ['fields']],
  ['order of fields', 'Status, Rating', 'Rating, Status', []],
  ['operator', 'CreatedDate < ', 'CreatedDate > ', ['conditions']],
  ['days', 'LAST_N_DAYS:90', 'LAST_N_DAYS:9', ['conditions']],
  ['value of a list', "'New')", "'Old')", ['conditions']],
  ['order of a list', "('Open', 'New')", "('New', 'Open')", []],
  ['negation', 'Status IN', 'Status NOT IN', ['conditions']],
  [
    'order of conditions',
    update.slice(update.indexOf('CreatedDate'), update.indexOf(' ORDER')),
    "Status IN ('Open', 'New') AND CreatedDate < LAST_N_DAYS:90",
    [],
  ],
  ['brackets around a condition', 'CreatedDate < LAST_N_DAYS:90', '(CreatedDate < LAST_N_DAYS:90)', []],
  ['or for and', ':90 AND', ':90 OR', ['conditions']],
  ['case of keywords', 'ORDER BY', 'order by', []],
  ['said direction', 'BY Name', 'BY Name ASC', []],
  ['direction', 'BY Name', 'BY Name DESC', ['order']],
  ['limit', 'LIMIT 20', 'LIMIT 2', ['limit']],
  ['no limit', ' LIMIT 20', '', ['limit']],
  ['assigned field', 'lead.Status =', 'lead.Rating =', ['assignments']],
  ['assigned value', "'Stale'", "'Cold'", ['assignments']],
  ['condition in memory', 'lead.Email == null', 'lead.Email != null', ['checks']],
  ['data operation', 'update leads', 'delete leads', ['data operations']],
  ['partial success', 'update leads;', 'Database.update(leads, false);', ['data operations']],
  ['the same by a call', 'update leads;', 'Database.update(leads);', []],
  ['no data operation', 'update leads;', '', ['data operations']],
];

describe('a change of', () => {
  it.each(changes)('%s counts as it should', (_, from, to, expected) => {
    expect(update).toContain(from);
    expect(differing(update, update.replace(from, to))).toEqual(expected);
  });
});

const pairs: readonly (readonly [string, string, string, readonly SlotName[]])[] = [
  ['today', 'x.Due__c = Date.today();', 'y.Due__c = System.today();', []],
  ['another day', 'x.Due__c = Date.today();', 'x.Due__c = Date.today().addDays(1);', ['assignments']],
  ['a checkbox that is true', 'if (x.Paid__c == true) { return; }', 'if (x.Paid__c) { return; }', []],
  ['a checkbox that is false', 'if (x.Paid__c == false) { return; }', 'if (!x.Paid__c) { return; }', []],
  ['an empty list', 'if (xs.size() == 0) { return; }', 'if (xs.isEmpty()) { return; }', []],
  ['a list that is not empty', 'if (!xs.isEmpty()) { return; }', 'if (xs.isEmpty()) { return; }', ['checks']],
  ['order in memory', "if (x.A == 'a' && x.B == 'b') {}", "if (x.B == 'b' && x.A == 'a') {}", []],
  [
    'a deletion with the name',
    'List<A__c> l = [SELECT Id FROM A__c];\ndelete l;',
    'delete [SELECT Id, Name FROM A__c];',
    [],
  ],
  [
    'a list with the name',
    'List<A__c> l = [SELECT Id FROM A__c];',
    'List<A__c> l = [SELECT Id, Name FROM A__c];',
    ['fields'],
  ],
  [
    'a created field',
    "insert new Task(Subject = 'a', Priority = 'High');",
    "Task t = new Task(Priority = 'High', Subject = 'a');\ninsert t;",
    [],
  ],
  ['a created value', "insert new Task(Subject = 'a');", "insert new Task(Subject = 'b');", ['assignments']],
  [
    'a created object',
    "insert new Task(Subject = 'a');",
    "insert new Event(Subject = 'a');",
    ['data operations', 'created'],
  ],
  ['how many', 'for (Integer i = 0; i < 50; i++) { }', 'for (Integer n = 0; n < 500; n++) { }', ['counts']],
  ['a key', 'upsert accounts Key__c;', 'upsert records Key__c;', []],
  ['another key', 'upsert accounts Key__c;', 'upsert accounts Other__c;', ['data operations']],
  [
    'an alias',
    'a = [SELECT Status, COUNT(Id) total FROM Case GROUP BY Status];',
    'a = [SELECT Status, COUNT(Id) n FROM Case GROUP BY Status];',
    [],
  ],
  [
    'a function',
    'a = [SELECT MAX(Amount) x FROM Case];',
    'a = [SELECT MIN(Amount) x FROM Case];',
    ['functions'],
  ],
  [
    'grouping',
    'a = [SELECT COUNT(Id) x FROM Case GROUP BY Status];',
    'a = [SELECT COUNT(Id) x FROM Case GROUP BY Origin];',
    ['grouping'],
  ],
  [
    'a method’s name',
    'public static Integer a(String b) { return 1; }',
    'public static Integer c(String d) { return 1; }',
    [],
  ],
  [
    'a parameter’s type',
    'public static Integer a(String b) { return 1; }',
    'public static Integer a(Id b) { return 1; }',
    ['signatures'],
  ],
  [
    'a returned type',
    'public static List<A__c> a() { return x; }',
    'public static A__c[] a() { return x; }',
    [],
  ],
  [
    'which parameter is asked for',
    'void a(String b, String c) { x = [SELECT Id FROM A__c WHERE B__c = :b]; }',
    'void a(String b, String c) { x = [SELECT Id FROM A__c WHERE B__c = :c]; }',
    ['conditions'],
  ],
  [
    'an annotation',
    "@InvocableMethod(label='A')\npublic static void a() {}",
    '@InvocableMethod\npublic static void a() {}',
    [],
  ],
  [
    'what an annotation allows',
    '@AuraEnabled(cacheable=true)\npublic static void a() {}',
    '@AuraEnabled\npublic static void a() {}',
    ['annotations'],
  ],
  [
    'one record for many',
    'Case a = [SELECT Id FROM Case LIMIT 1];',
    'List<Case> a = [SELECT Id FROM Case LIMIT 1];',
    ['results'],
  ],
  [
    'an object called Order',
    "List<Order> a = [SELECT Id FROM Order WHERE Status IN ('A', 'B') ORDER BY Name DESC];",
    "List<Order> a = [SELECT Id FROM Order WHERE Status IN ('A', 'B') ORDER BY Name];",
    ['order'],
  ],
  [
    'brackets around an only condition',
    'List<Case> a = [SELECT Id FROM Case WHERE (IsClosed = true OR IsEscalated = true)];',
    'List<Case> a = [SELECT Id FROM Case WHERE IsEscalated = true OR IsClosed = true];',
    [],
  ],
  [
    'records of another variable',
    'void a(List<Lead> b, Set<Task> c) { insert b; }',
    'void a(List<Lead> b, Set<Task> c) { insert c; }',
    ['data operations'],
  ],
  [
    'records of a map',
    'Map<Id, Lead> a = b();\nupdate a.values();',
    'List<Lead> a = b();\nupdate a;',
    ['collections'],
  ],
  [
    'the same number of rounds',
    'for (Integer i = 0; i < 10; i++) { }',
    'for (Integer i = 1; i <= 10; i++) { }',
    [],
  ],
  [
    'one round more',
    'for (Integer i = 0; i < 10; i++) { }',
    'for (Integer i = 0; i <= 10; i++) { }',
    ['counts'],
  ],
  ['an assertion', 'Assert.isTrue(a.B__c);', 'Assert.isFalse(a.B__c);', ['assertions']],
  ['an assertion said otherwise', 'Assert.isFalse(a.B__c);', "System.assertEquals(false, a.B__c, 'no');", []],
  ['nothing given back', 'Lead a() { return null; }', 'Lead a() { return b; }', ['effects']],
  [
    'a result that nothing selects',
    "for (AggregateResult r : [SELECT SUM(Amount) total FROM Lead]) { debug(r.get('total')); }",
    "for (AggregateResult r : [SELECT SUM(Amount) total FROM Lead]) { debug(r.get('sum')); }",
    ['aliases'],
  ],
  [
    'a text that begins as a query',
    "x.Subject = 'Select a vendor';",
    "x.Subject = 'Select a car';",
    ['assignments'],
  ],
  [
    'a missing annotation',
    '@future\npublic static void a() {}',
    'public static void a() {}',
    ['annotations'],
  ],
  [
    'an interface',
    'public class A implements Queueable {}',
    'public class B implements Schedulable {}',
    ['interfaces'],
  ],
  [
    'an interface’s type',
    'class A implements Database.Batchable<SObject> {}',
    'class A implements Database.Batchable<sObject> {}',
    [],
  ],
  [
    'events',
    'trigger A on Case (before insert, before update) {}',
    'trigger B on Case (before update, before insert) {}',
    [],
  ],
  ['an event', 'trigger A on Case (before insert) {}', 'trigger A on Case (after insert) {}', ['trigger']],
  [
    'a trigger’s object',
    'trigger A on Case (before insert) {}',
    'trigger A on Lead (before insert) {}',
    ['trigger'],
  ],
  ['an error on a field', "x.addError('No');", "x.Amount.addError('No');", []],
  ['handled errors', 'try { update a; } catch (DmlException e) { }', 'update a;', ['effects']],
  [
    'a constant',
    "class A { public static final String X = 'Cold'; }",
    "class A { public static final String Y = 'Cold'; }",
    [],
  ],
  [
    'a constant’s value',
    "class A { public static final String X = 'Cold'; }",
    "class A { public static final String X = 'Hot'; }",
    ['members'],
  ],
  [
    'a public field',
    'class A { @AuraEnabled public String city; }',
    'class A { @AuraEnabled public String phone; }',
    ['members'],
  ],
  [
    'a job’s own field',
    'class A implements Queueable { public Set<Id> a; }',
    'class A implements Queueable { private Set<Id> b; }',
    [],
  ],
  ['a base', 'public class AException extends Exception {}', 'public class AException {}', ['interfaces']],
  [
    'a started job',
    'Database.executeBatch(new ABatch(), 200);',
    'Database.executeBatch(new ABatch());',
    ['jobs'],
  ],
  [
    'counting for keeping',
    'for (A__c a : b) { if (a.C__c) { d++; } }',
    'for (A__c a : b) { if (a.C__c) { d.add(a); } }',
    ['effects'],
  ],
  ['a collection', 'Set<Id> a = new Set<Id>();', 'List<Id> a = new List<Id>();', ['collections']],
  ['what is collected', 'a.add(b.AccountId);', 'a.add(b.OwnerId);', ['reads']],
  [
    'a query in a text',
    "Database.getQueryLocator('SELECT Id FROM Case WHERE Status = \\'New\\'');",
    "Database.getQueryLocator([SELECT Id FROM Case WHERE Status = 'New']);",
    [],
  ],
];

describe('of two answers', () => {
  it.each(pairs)('%s is seen as it should be', (_, one, other, expected) => {
    expect(differing(one, other)).toEqual(expected);
    expect(differing(other, one)).toEqual(expected);
  });
});

describe('the text of an error', () => {
  const [one, other] = ["x.addError('Amount is missing');", "x.addError('No');"];

  it('counts where the prompt says it', () => {
    expect(differing(one, other, 'refuse with "amount is missing"')).toEqual(['messages']);
    expect(differing(one, other, 'refuse it')).toEqual([]);
  });

  it('counts beside one that the prompt does not say', () => {
    const both = `${one} y.addError('Gone');`;
    expect(differing(both, `${one} y.addError('Other');`, 'refuse with "amount is missing"')).toEqual([]);
    expect(differing(both, `${other} y.addError('Gone');`, 'refuse with "amount is missing"')).toEqual([
      'messages',
    ]);
  });
});
