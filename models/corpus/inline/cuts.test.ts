/** Marks: what they enclose is never asked for. */
import { expect, test } from 'vitest';
import { Random } from '../random.js';
import { cuts } from './cuts.js';

test('no cut asks for what cannot be known, and one asks for what is seen again nearby', () => {
  const marked =
    'class A {\n    void run(Id ‹given›) {\n        String ‹lonely› = «secret»;\n        delete given;\n    }\n}\n';
  const answers = Array.from({ length: 300 }, (_none, seed) =>
    cuts(new Random(String(seed)), 'class', marked, 3),
  ).flat();
  expect(answers.length).toBeGreaterThan(300);
  expect(answers.filter(({ answer }) => answer.includes('secret') || answer.includes('lonely'))).toEqual([]);
  expect(answers.some(({ answer }) => answer.includes('Id given'))).toBe(true);
});
