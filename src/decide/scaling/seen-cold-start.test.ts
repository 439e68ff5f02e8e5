import { expect, it } from 'vitest';
import { seenColdStartMs, type SeenActivity } from './seen-cold-start.js';

function activity(capacity: number | null, startedAt: number, ms: number | null): SeenActivity {
  return { startedAt, endedAt: ms === null ? null : startedAt + ms, isSuccessful: ms !== null, capacity };
}

it.each([
  ['nothing was done', [], null],
  ['the first copy came', [activity(1, 0, 700)], 700],
  ['copies went last', [activity(0, 50, 9), activity(2, 30, 400), activity(1, 0, 700)], 400],
  ['one is on its way', [activity(2, 30, null), activity(1, 0, 700)], 700],
  ['something was not done', [activity(null, 40, 1), activity(1, 0, 700)], 700],
  ['copies only went', [activity(1, 30, 5), activity(2, 0, null)], null],
])('is of the last that grew: %s', (_, activities, expected) => {
  expect(seenColdStartMs(activities)).toBe(expected);
});
