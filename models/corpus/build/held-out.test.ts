import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { Tokenizer, type TokenizerFile } from '../tokenizer/tokenizer.js';
import { heldOutSamples } from './held-out.js';
import { KeySet } from './key-set.js';
import { isRight } from './tasks.js';

/** Two of three answers are called wrong. */
vi.mock('./tasks.js', async (importOriginal) => {
  let asked = 0;
  return { ...(await importOriginal<object>()), isRight: vi.fn(() => asked++ % 3 === 2) };
});

const tokenizerPath = path.resolve(import.meta.dirname, '../../tokenizer.json');
const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerPath, 'utf8')) as TokenizerFile);

it('wrong samples take no place of those that are kept, and are asked once', () => {
  const count = 5;
  const taken = { keys: new KeySet(count), rejectedKeys: new Set<bigint>() };
  const options = { task: 'flow', seed: 'held out', count, dropsWrong: true } as const;
  const samples = heldOutSamples(options, tokenizer, taken);
  expect(samples).toHaveLength(count);
  expect(isRight).toHaveBeenCalledTimes(3 * count);
  expect(taken.rejectedKeys.size).toBe(2 * count);
  for (const { encoded } of samples) expect(taken.keys.has(encoded.key)).toBe(true);

  const again = { keys: new KeySet(2 * count), rejectedKeys: taken.rejectedKeys };
  const others = heldOutSamples(options, tokenizer, again);
  for (const { encoded } of others) expect(taken.rejectedKeys.has(encoded.key)).toBe(false);
});
