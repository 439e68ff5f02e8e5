import { describe, expect, it } from 'vitest';
import { parseErrors } from './parses.js';
import type { Shape } from './samples.js';

const handler = [
  'trigger CaseTrigger on Case (before insert) {',
  '    CaseTriggerHandler.run(Trigger.new);',
  '}',
  '',
  'public class CaseTriggerHandler {',
  '    public static void run(List<Case> cases) {',
  '    }',
  '}',
].join('\n');

const right: readonly (readonly [Shape, string, string])[] = [
  [
    'statements',
    'List<Account> accounts = new List<Account>();',
    "for (Account a : accounts) {\n    a.Name = 'x';\n}",
  ],
  ['statements', '', "List<Case> cases = [SELECT Id FROM Case WHERE Status = 'New' LIMIT 10];"],
  ['member', '', 'public static Integer count() {\n    return 1;\n}'],
  ['class', '', 'public with sharing class A implements Queueable {\n}'],
  ['trigger', '', handler],
  ['trigger', '', `// before\n/* and\n more */ ${handler}`],
];

describe('a text that is right', () => {
  it.each(right)('parses as %s', (shape, given, code) => {
    expect(parseErrors(shape, given, code)).toEqual([]);
  });
});

describe('a text that is wrong', () => {
  it.each(right)('does not parse as %s', (shape, given, code) => {
    expect(parseErrors(shape, given, code.slice(0, -1))).not.toEqual([]);
  });

  it('is found in the second file of an answer too', () => {
    expect(parseErrors('trigger', '', `${handler}\n\npublic class B { void }`)).not.toEqual([]);
  });
});
