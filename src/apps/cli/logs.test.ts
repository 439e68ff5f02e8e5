import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDebugLine, newLines } from './logs.js';

it('new lines are those behind what was shown, however much of it is still kept', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), fc.nat(30), (shown, fresh, forgotten) => {
      const all = Array.from({ length: shown + fresh }, (_, index) => `line ${index}`);
      const now = all.slice(Math.min(forgotten, shown));
      expect(newLines(all.slice(0, shown), now)).toEqual(all.slice(shown));
    }),
  );
});

it('nothing of another log is left out', () => {
  expect(newLines(['a', 'b'], ['c', 'd'])).toEqual(['c', 'd']);
});

it.each([
  ['{"level":"debug","message":"x"}', true],
  ['{"level":"info","message":"debug"}', false],
  ['{"level":"info","message":"\\"debug\\""}', false],
  ['it said "debug"', false],
])('%s is hidden: %s', (line, hidden) => {
  expect(isDebugLine(line)).toBe(hidden);
});
