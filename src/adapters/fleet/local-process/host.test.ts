import { expect, it } from 'vitest';
import { readAccelerators } from './host.js';

const mebibyte = 1024 * 1024;

it.each([
  ['', []],
  ['No devices were found\n', []],
  ['143771, 143000\n', [[143771, 143000]]],
  [
    '24564, 100\n24564, 24000\n',
    [
      [24564, 100],
      [24564, 24000],
    ],
  ],
  ['[N/A], 5\n8192, 0\n', [[8192, 0]]],
])('accelerators are read from %j', (text, sizes) => {
  expect(readAccelerators(text)).toEqual(
    sizes.map(([total, free]) => ({
      memoryBytesTotal: total! * mebibyte,
      memoryBytesAvailable: free! * mebibyte,
    })),
  );
});
