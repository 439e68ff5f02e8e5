import { expect, it } from 'vitest';
import { durationText } from './budget-headers.js';

it.each([
  [0, '0ms'],
  [119.2, '120ms'],
  [7660, '7.66s'],
  [60_000, '1m0s'],
  [361_500, '6m1.5s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
