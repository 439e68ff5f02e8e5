import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.js';

describe('the edit distance', () => {
  it.each([
    ['copies', 'copies', 0],
    ['copis', 'copies', 1],
    ['copeis', 'copies', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['RANDOM', 'random', 1.5],
  ])('of %s and %s is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, and zero only for equal words', () => {
    const word = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('grows by at most one with each edit', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.nat(20),
        fc.string({ minLength: 1, maxLength: 1 }),
        (word, at, letter) => {
          const edited = word.slice(0, at) + letter + word.slice(at);
          expect(editDistance(word, edited)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('the nearest word', () => {
  const known = ['resources', 'copies', 'memory', 'job_queue_size', 'RANDOM', 'LEAST_OUTSTANDING_REQUESTS'];

  it.each([
    ['copis', 'copies'],
    ['mem', 'memory'],
    ['queue_size', 'job_queue_size'],
    ['least_outstanding_requests', 'LEAST_OUTSTANDING_REQUESTS'],
    ['random', 'RANDOM'],
  ])('to %s is %s', (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });

  it.each(['xyz', 'replica', ''])('is none for %j, which nobody would take for one of them', (word) => {
    expect(nearest(word, known)).toBeNull();
  });

  it('is always one of the known words, or none', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (word, words) => {
        const found = nearest(word, words);
        expect(found === null || words.includes(found)).toBe(true);
      }),
    );
  });
});
