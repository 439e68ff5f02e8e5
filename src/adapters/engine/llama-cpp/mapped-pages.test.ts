import { expect, test } from 'vitest';
import { mappedRanges, releaseMappedPages } from './mapped-pages.js';

test('only mappings of the file that nobody writes are found', () => {
  const maps = [
    '7f0000000000-7f0000200000 r--s 00000000 08:01 1311 /models/a b.gguf',
    '7f0000200000-7f0000201000 r--s 00000000 08:01 1312 /models/a b.gguf.other',
    '7f0000300000-7f0000301000 rw-p 00000000 08:01 1311 /models/a b.gguf',
    '7f0000400000-7f0000401000 rw-p 00000000 00:00 0 ',
    '7f0000500000-7f0000600000 r--s 00200000 08:01 1311 /models/a b.gguf',
    '',
  ].join('\n');
  expect(mappedRanges(maps, '/models/a b.gguf')).toEqual([
    { from: 0x7f0000000000n, to: 0x7f0000200000n },
    { from: 0x7f0000500000n, to: 0x7f0000600000n },
  ]);
  expect(mappedRanges('', '/models/a b.gguf')).toEqual([]);
});

test('a file that is gone keeps nobody from going on', () => {
  expect(() => releaseMappedPages('/nowhere/model.gguf')).not.toThrow();
});
