/** Tests of calculators, labels and rules: one value each, inline, with a variable, or with what is expected beside what is there. */
import { apex, indented, seen } from '../../apex.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { drawScenario, type Case, type Scenario } from './cases.js';
import { drawAsserts, drawHeads, inWords, testedClass, timed, type Asserts } from './words.js';

/** What stands in one test. */
type Body = (one: Case) => string;

type Form = 'inline' | 'local' | 'both' | 'timed' | 'question';

/** The assertion for what is expected; null, true and false have their own. */
function said(asserts: Asserts, type: string, { name, expected }: Case, actual: string): string {
  if (expected === 'null') return asserts.isNull(actual, name);
  if (type === 'Boolean')
    return expected === 'true' ? asserts.isTrue(actual, name) : asserts.isFalse(actual, name);
  return asserts.equal(expected, actual, name);
}

/** How the tests of a class look. */
function drawBody(part: Part, { type, method, locals }: Scenario, isInstance: boolean): Body {
  const asserts = drawAsserts(part);
  const tested = testedClass(part);
  const form = part.random.weighted<Form>([
    [3, 'inline'],
    [3, 'local'],
    [3, 'both'],
    [2, 'timed'],
    [1, 'question'],
  ]);
  const local = part.pick(...locals);
  const [expected, actual] = part.pick(
    ['expected', local === 'expected' ? 'actual' : local],
    ['wanted', 'actual'],
    ['exp', 'act'],
    ['expectedValue', 'actualValue'],
  ) as [string, string];
  const made = isInstance ? `new ${tested}()` : tested;
  const call = ({ args }: Case): string => `${made}.${seen(method)}(${args})`;
  return (one) => {
    switch (form) {
      case 'inline':
        return said(asserts, type, one, call(one));
      case 'local':
        return `${type} ${seen(local)} = ${call(one)};\n${said(asserts, type, one, local)}`;
      case 'both':
        return [
          `${type} ${seen(expected)} = ${one.expected};`,
          `${type} ${seen(actual)} = ${call(one)};`,
          asserts.equal(expected, actual, one.name),
        ].join('\n');
      case 'timed':
        return `${timed(`${type} ${seen(local)} = ${call(one)};`)}\n\n${said(asserts, type, one, local)}`;
      case 'question':
        return asserts.equal(one.expected, call(one), one.name);
    }
  };
}

/** Three to five tests of one method. */
export const ruleTests: Member = (part) => {
  const scenario = drawScenario(part);
  const heads = drawHeads(part);
  const body = drawBody(part, scenario, part.random.chance(0.2));
  return joinedMembers(
    scenario.told,
    ...scenario.cases.map((one) => `${heads.open(one.name)}\n${indented(body(one))}\n}`),
  );
};

/** One test of several values, in order, each with its remark or comment. */
export const listedTests: Member = (part) => {
  const scenario = drawScenario(part);
  const heads = drawHeads(part);
  const asserts = drawAsserts(part);
  const tested = testedClass(part);
  const { method, type, cases } = scenario;
  return apex`
    ${scenario.told}
    ${heads.open(part.pick('followsTheRules', `answersFor${part.thing.className}`, 'coversAllCases', method))}
        ${cases.map((one) => `${scenario.told === '' ? `${part.comment(inWords(one.name))}\n` : ''}${said(asserts, type, { ...one, name: '' }, `${tested}.${seen(method)}(${one.args})`)}`)}
    }
  `;
};
