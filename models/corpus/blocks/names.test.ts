import { describe, expect, it } from 'vitest';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import type { BlockSample } from '../samples.js';
import { drawBlock } from './index.js';

function drawn(kinds: readonly string[]): readonly BlockSample[] {
  return Array.from({ length: 300 }, (_, index) =>
    drawBlock(new Draw(new Random(`names ${index}`)), kinds),
  ).filter((sample) => sample !== null);
}

describe('names that a request says', () => {
  it('are those of the class', () => {
    const samples = drawn(['batch', 'queueable', 'schedulable', 'test', 'test count', 'test reject']);
    const named = samples.flatMap(({ prompt, answer }) => {
      const name = /\b(?:class|batch|test|job) (?:called |named )([A-Z]\w+)/.exec(prompt)?.[1];
      return name === undefined ? [] : [{ name, answer }];
    });
    expect(named.length).toBeGreaterThan(10);
    for (const { name, answer } of named) expect(answer).toContain(`class ${name} `);
  });

  it('are those of the method', () => {
    const samples = drawn(['method update by', 'method delete by', 'method get', 'method future']);
    const named = samples.flatMap(({ prompt, answer }) => {
      const name = /\b([a-z]+[A-Z]\w*)\(/.exec(prompt)?.[1];
      return name === undefined ? [] : [{ name, answer }];
    });
    expect(named.length).toBeGreaterThan(20);
    for (const { name, answer } of named) expect(answer).toContain(` ${name}(`);
  });
});
