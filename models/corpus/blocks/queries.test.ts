import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import { parseErrors } from '../parses.js';
import { Random } from '../random.js';
import type { Kind, Made } from './kind.js';
import { listKinds } from './lists.js';
import { queryKinds } from './queries.js';

const kinds = [...queryKinds, ...listKinds];

/** The first `count` samples of a kind from a seed. */
function made(kind: Kind, seed: string, count: number): readonly Made[] {
  const samples: Made[] = [];
  for (let attempt = 0; samples.length < count && attempt < 20 * count; attempt++) {
    const draw = new Draw(new Random(`${seed} ${attempt}`));
    const sample = kind.make(draw, drawThing(draw));
    if (sample !== null) samples.push(sample);
  }
  return samples;
}

describe.each(kinds)('what is asked as $kind', (kind) => {
  const samples = made(kind, kind.kind, 25);

  it('comes often enough', () => expect(samples).toHaveLength(25));

  it('is answered by Apex that parses', () => {
    for (const { answer, given, prompt } of samples) {
      expect(parseErrors('statements', given ?? '', answer), `${prompt}\n${answer}`).toEqual([]);
    }
  });

  it('is English without leftovers of its making', () => {
    for (const { prompt } of samples) {
      expect(prompt).not.toMatch(/[{}|]|undefined|\s{2}|\s[,.;?]|,,|^\s|\s$|\.\./);
    }
  });

  it('is the same from the same seed', () => {
    expect(made(kind, kind.kind, 5)).toEqual(samples.slice(0, 5));
  });
});

describe('what a query answers', () => {
  const samples = kinds.flatMap((kind) => made(kind, 'answers', 40));

  it('limits to what the English says', () => {
    for (const { prompt, answer } of samples) {
      const limit = /LIMIT (\d+)/.exec(answer)?.[1];
      if (limit === undefined || Number(limit) <= 20) continue;
      const plain = prompt.replace(/,(?=\d{3})/g, '').replace(/(\d+)( ?k\b| thousand)/gi, '$1000');
      expect(plain).toContain(limit);
    }
  });

  it('holds every quoted value of its answer', () => {
    for (const { prompt, answer } of samples) {
      for (const [, value] of answer.matchAll(/(?<!get\()'%?([\w -]+?)%?'/g)) {
        expect(prompt.toLowerCase(), answer).toContain(value!.toLowerCase().replace(/ is missing$/, ''));
      }
    }
  });
});
