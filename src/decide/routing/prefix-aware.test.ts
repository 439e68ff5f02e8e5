import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentKey, RoutingStrategy, WorkloadKind } from '../../domain/component.js';
import { greedySampling, type InferenceRequest, type PromptInput } from '../../domain/inference.js';
import { mayKeepAffinity } from './affinity.js';
import { pickCopy, type RoutableCopy } from './pick-copy.js';
import { blockCharacters, blocksMax, prefixKeyOf, prefixOf } from './request-prefix.js';

const copies = fc.uniqueArray(
  fc.record({
    id: fc.string({ maxLength: 12 }),
    outstanding: fc.nat(10),
    capacity: fc.integer({ min: 1, max: 10 }),
  }),
  { minLength: 1, maxLength: 12, selector: ({ id }) => id },
);
const keys = Array.from({ length: 5000 }, (_, index) => Math.imul(index + 1, 2654435761) >>> 0);
const fresh = (count: number): RoutableCopy[] =>
  Array.from({ length: count }, (_, index) => ({ id: `chat-${index}`, outstanding: 0, capacity: 8 }));

function owner(list: readonly RoutableCopy[], prefixKey: number, concurrencyThreshold = 32): RoutableCopy {
  const ask = { chance: 0, prefixKey, concurrencyThreshold };
  return list[pickCopy(list, RoutingStrategy.PrefixAware, 0, ask)]!;
}

describe('PREFIX_AWARE', () => {
  it('gives each copy about its part of the prefixes', () => {
    const list = fresh(8);
    const counts = new Map(list.map(({ id }) => [id, 0]));
    for (const key of keys) counts.set(owner(list, key).id, counts.get(owner(list, key).id)! + 1);
    for (const count of counts.values()) expect(Math.abs(count / keys.length - 1 / 8)).toBeLessThan(0.02);
  });

  it('moves only the prefixes of a copy that leaves, and a part of one in n to one that comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 16 }), fc.nat(15), (count, at) => {
        const list = fresh(count);
        const gone = list[at % count]!;
        const left = list.filter((copy) => copy !== gone);
        let moved = 0;
        for (const key of keys) {
          const before = owner(list, key);
          if (before !== gone) expect(owner(left, key)).toBe(before);
          else moved++;
        }
        expect(moved / keys.length).toBeLessThan(1 / count + 0.03);
      }),
      { numRuns: 20 },
    );
  });

  it('chooses nobody at the threshold while another with room is below it, whatever the order', () => {
    fc.assert(
      fc.property(copies, fc.nat(), fc.integer({ min: 1, max: 10 }), (list, key, threshold) => {
        const open = list.filter((copy) => copy.outstanding < copy.capacity);
        fc.pre(open.length > 0);
        const picked = owner(list, key, threshold);
        expect(open).toContain(picked);
        const isBelow = open.some((copy) => copy.outstanding < threshold);
        if (isBelow) expect(picked.outstanding).toBeLessThan(threshold);
        else expect(picked.outstanding).toBe(Math.min(...open.map(({ outstanding }) => outstanding)));
        expect(owner([...list].reverse(), key, threshold)).toBe(picked);
      }),
    );
  });
});

const component = {
  scope: { account: 'a', region: 'r' },
  endpoint: 'e',
  name: 'c',
  kind: WorkloadKind.Component,
};

function request(input: PromptInput, more: Partial<InferenceRequest> = {}): InferenceRequest {
  return {
    kind: 'generation',
    id: componentKey(component),
    component,
    input,
    sampling: greedySampling,
    newTokensMax: null,
    stop: [],
    logprobs: null,
    endTokensIgnored: false,
    constraint: null,
    adapter: null,
    ...more,
  } as InferenceRequest;
}

const textOf = (prompt: string): PromptInput => ({ kind: 'text', prompt, suffix: null });
const chatOf = (...contents: readonly string[]): PromptInput => ({
  kind: 'chat',
  messages: contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
});

describe('a request’s prefix', () => {
  it('is its first characters and no more, however they are divided into messages', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 40, maxLength: 40 }), fc.string(), fc.string(), (begin, a, b) => {
        const key = (input: PromptInput) => prefixKeyOf(request(input), 40);
        expect(key(textOf(begin + a))).toBe(key(textOf(begin + b)));
        expect(key(chatOf(begin.slice(0, 7), begin.slice(7), b))).toBe(key(textOf(begin + a)));
        const other = (begin[0] === 'x' ? 'y' : 'x') + begin.slice(1);
        expect(key(textOf(other + a))).not.toBe(key(textOf(begin + a)));
      }),
    );
  });

  it('is another under another Prefix-Aware-Id', () => {
    const keyOf = (prefixId?: string) =>
      prefixKeyOf(request(textOf('same'), prefixId === undefined ? {} : { prefixId }), 1024);
    expect(new Set([keyOf(), keyOf('a'), keyOf('b')]).size).toBe(3);
    expect(keyOf('a')).toBe(keyOf('a'));
  });

  it('has in common with another exactly the whole blocks in which they agree', () => {
    const letters = fc.string({ maxLength: 600, unit: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(letters, letters, letters, (shared, a, b) => {
        const [left, right] = [shared + a, shared + b];
        let same = 0;
        while (same < Math.min(left.length, right.length) && left[same] === right[same]) same++;
        const [x, y] = [prefixOf(request(textOf(left))).blocks, prefixOf(request(textOf(right))).blocks];
        let common = 0;
        while (common < Math.min(x.length, y.length) && x[common] === y[common]) common++;
        expect(common).toBe(Math.floor(same / blockCharacters));
      }),
    );
  });

  it('of a chat begins the next turn’s, and differs by adapter; its blocks are bounded', () => {
    const [one, two] = ['u'.repeat(700), 'a'.repeat(700)];
    const first = prefixOf(request(chatOf(one, two)));
    const next = prefixOf(request(chatOf(one, two, 'and now?'.repeat(40))));
    expect(next.blocks.slice(0, first.blocks.length)).toEqual(first.blocks);
    expect(first.blocks.length).toBeGreaterThan(9);
    expect(prefixOf(request(chatOf(one), { adapter: 'sql' })).blocks[0]).not.toBe(first.blocks[0]);
    expect(prefixOf(request(textOf('x'.repeat(blockCharacters * (blocksMax + 9))))).blocks).toHaveLength(
      blocksMax,
    );
  });
});

it('affinity holds no copy above 1.25 times the mean, rounded up, and an idle one always', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), (loads) => {
      const total = loads.reduce((sum, load) => sum + load, 0);
      for (const load of loads) {
        const limit = Math.ceil((1.25 * (total + 1)) / loads.length);
        expect(mayKeepAffinity(load, total, loads.length)).toBe(load + 1 <= limit);
      }
      expect(mayKeepAffinity(Math.min(...loads), total, loads.length)).toBe(true);
    }),
  );
});
