/** What makers of test classes share: the class that is tested, assertions, heads of methods, start and stop. */
import { capitalized } from '../../../phrase.js';
import { free, seen } from '../../apex.js';
import type { FileKind } from '../../file-kind.js';
import type { Member, Part } from '../../part.js';
import { spaced } from '../../scope/words.js';

/** A kind of test class with one maker. */
export function testKind(kind: string, suffixes: readonly string[], first: Member): FileKind {
  return {
    kind,
    weight: 1,
    suffixes,
    first,
    members: [],
    least: 0,
    most: 0,
    writtenMax: 1,
    isTest: true,
    annotation: () => '@IsTest',
  };
}

/** `Fees` in `FeesTest`. */
export function testedClass(part: Part): string {
  return part.className.replace(/_?Tests?$/, '');
}

/** Assertions as one class writes them; a message is the test's name in words, or free, or none. */
export interface Asserts {
  equal(expected: string, actual: string, name?: string): string;
  isTrue(condition: string, name?: string): string;
  isFalse(condition: string, name?: string): string;
  isNull(value: string, name?: string): string;
}

type Remark = 'none' | 'name' | 'free';

const remarks = [
  'unexpected result',
  'wrong value',
  'should match',
  'not what was expected',
  'must be the same',
] as const;

/** The old ones or the new ones. */
export function drawAsserts(part: Part): Asserts {
  const isOld = part.random.chance(0.4);
  const remark = part.random.weighted<Remark>([
    [6, 'none'],
    [2, 'name'],
    [1, 'free'],
  ]);
  const freeRemark = part.pick(...remarks);
  const tail = (name: string): string => {
    if (remark === 'free') return `, ${seen(`'${freeRemark}'`)}`;
    return remark === 'name' && name !== '' ? `, '${capitalized(inWords(name))}'` : '';
  };
  const equal = isOld ? 'System.assertEquals' : 'Assert.areEqual';
  const isTrue = isOld ? 'System.assert' : 'Assert.isTrue';
  return {
    equal: (expected, actual, name = '') => `${seen(equal)}(${expected}, ${actual}${tail(name)});`,
    isTrue: (condition, name = '') => `${seen(isTrue)}(${condition}${tail(name)});`,
    isFalse: (condition, name = '') =>
      isOld
        ? `${seen(isTrue)}(!${condition}${tail(name)});`
        : `${seen('Assert.isFalse')}(${condition}${tail(name)});`,
    isNull: (value, name = '') =>
      isOld
        ? `${seen(equal)}(null, ${value}${tail(name)});`
        : `${seen('Assert.isNull')}(${value}${tail(name)});`,
  };
}

/** `childPaysHalf` → `child pays half`. */
export function inWords(name: string): string {
  return spaced(name).trim();
}

/** How a class names and heads its tests. */
interface Heads {
  open(name: string): string;
}

/** With or without `test` before a name; annotations or the old keyword. */
export function drawHeads(part: Part): Heads {
  const isKeyword = part.random.chance(0.08);
  const access = part.pick('', '', '', 'private ', 'public ');
  const isPrefixed = part.random.chance(0.15);
  return {
    open: (name) => {
      const called = isPrefixed ? `test${capitalized(name)}` : name;
      return isKeyword
        ? `static ${free(`testMethod void ${called}()`)} {`
        : `@IsTest\n${free(`${access}static void ${called}()`)} {`;
    },
  };
}

/** The lines between start and stop; each of the two is known from the other. */
export function timed(...code: readonly string[]): string {
  return ['Test.startTest();', ...code.filter((line) => line !== ''), 'Test.stopTest();'].join('\n');
}

/** `three` for 3. */
export const numberWords: readonly string[] = [
  'Zero',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
];
