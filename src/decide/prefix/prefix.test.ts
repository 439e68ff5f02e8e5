import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockTokens, commonBlocks, extendHashes } from './block-hashes.js';
import { chooseSlot, findMove, isMoveWorthIt, type SlotView } from './choose-slot.js';
import { chooseLeader, chooseSource } from './choose-source.js';
import { keepPrefix, Refusal } from './keep-prefix.js';

function hashesOf(tokens: readonly number[], adapter: number | null = null): number[] {
  const hashes: number[] = [];
  extendHashes(hashes, (position) => tokens[position]!, tokens.length, adapter);
  return hashes;
}

describe('block hashes', () => {
  const tokens = fc.array(fc.nat(300), { maxLength: 200 });

  it('have exactly the whole blocks in common in which two prefixes agree', () => {
    fc.assert(
      fc.property(tokens, tokens, tokens, (shared, a, b) => {
        const [left, right] = [
          [...shared, ...a],
          [...shared, ...b],
        ];
        let common = 0;
        while (common < Math.min(left.length, right.length) && left[common] === right[common]) common++;
        expect(commonBlocks(hashesOf(left), hashesOf(right))).toBe(Math.floor(common / blockTokens));
      }),
    );
  });

  it('grow to the same whatever the steps, and differ by adapter', () => {
    const list = Array.from({ length: 130 }, (_, index) => index % 7);
    const grown: number[] = [];
    for (const length of [1, 31, 33, 100, 130]) extendHashes(grown, (at) => list[at]!, length, 0);
    expect(grown).toEqual(hashesOf(list, 0));
    expect(grown).toHaveLength(4);
    expect(commonBlocks(hashesOf(list, 0), hashesOf(list, 1))).toBe(0);
    expect(commonBlocks(hashesOf(list, 0), hashesOf(list))).toBe(0);
  });
});

describe('chooseSlot', () => {
  const used: SlotView = { isUsed: true, tokens: 0, lastUsedAt: 0 };
  const kept = (tokens: number, lastUsedAt = 0): SlotView => ({ isUsed: false, tokens, lastUsedAt });

  it.each([
    ['the lowest where all are empty', [kept(0), kept(0)], null, 0],
    ['a gap before all else', [used, kept(640), used, kept(0)], null, 1],
    ['the neighbour of those in use', [kept(64), kept(0), used, kept(96), kept(0)], null, 1],
    ['the one that has the prefix', [kept(0), kept(640)], { slot: 1, tokens: 512 }, 1],
    ['an empty one where more than half would be lost', [kept(0), kept(1600)], { slot: 1, tokens: 512 }, 0],
    [
      'not the one that has the prefix where it stands alone',
      [used, kept(0), kept(640)],
      { slot: 2, tokens: 640 },
      1,
    ],
    ['what was used longest ago of equals', [kept(64, 5000), kept(64, 1000)], null, 1],
    ['the few tokens before the many', [kept(640, 9000), kept(32, 9000)], null, 1],
    ['none where all are used', [used, used], null, -1],
  ] as const)('takes %s', (_, slots, found, expected) => {
    expect(chooseSlot(slots, found, 10_000)).toBe(expected);
  });

  it('keeps those in use in one group while they come, whatever is kept', () => {
    const aSlot = fc.record({ tokens: fc.nat(5000), lastUsedAt: fc.nat(10_000) });
    fc.assert(
      fc.property(fc.array(aSlot, { minLength: 1, maxLength: 20 }), fc.nat(19), (list, at) => {
        const slots: SlotView[] = list.map((slot) => ({ ...slot, isUsed: false }));
        const found = { slot: at % slots.length, tokens: slots[at % slots.length]!.tokens };
        for (let count = 0; count < slots.length; count++) {
          slots[chooseSlot(slots, found, 10_000)] = used;
          const numbers = slots.flatMap(({ isUsed }, number) => (isUsed ? [number] : []));
          expect(numbers).toHaveLength(count + 1);
          expect(numbers.at(-1)! - numbers[0]!).toBe(count);
        }
      }),
    );
  });
});

describe('moves', () => {
  it.each([
    [[true, false, true], { from: 2, to: 1 }],
    [[false, true, true], null],
    [[true, true, false], null],
    [[false, false], null],
    [[true, false, false, true, false, true], { from: 5, to: 1 }],
  ])('of %j: %j', (isUsed, move) => {
    expect(findMove(isUsed)).toEqual(move);
  });

  it('are worth it when soon gained back', () => {
    expect(isMoveWorthIt({ copyMs: 20, tokensLeft: 100, decodeMs: 50 })).toBe(true);
    expect(isMoveWorthIt({ copyMs: 20, tokensLeft: 3, decodeMs: 50 })).toBe(false);
    expect(isMoveWorthIt({ copyMs: 2000, tokensLeft: 100_000, decodeMs: 50 })).toBe(false);
  });
});

describe('sources and leaders', () => {
  it('are the cheapest holder, unless copying costs as much as computing', () => {
    const inRam = (cells: number) => ({ cells, isInRam: true });
    const inSlot = (cells: number) => ({ cells, isInRam: false });
    expect(chooseSource([inSlot(600), inRam(1000), inSlot(512)], 512)).toBe(1);
    expect(chooseSource([inSlot(512), inRam(1100)], 512)).toBe(0);
    expect(chooseSource([inSlot(0), inRam(512)], 512)).toBe(0);
    expect(chooseSource([inSlot(32 * 17)], 32)).toBe(-1);
    expect(chooseSource([inSlot(Infinity)], 32)).toBe(-1);
    expect(chooseSource([], 32)).toBe(-1);
  });

  it('are worth waiting for from 64 tokens on', () => {
    expect(chooseLeader(0, [32, 512, 512, 64])).toBe(1);
    expect(chooseLeader(480, [512])).toBe(-1);
    expect(chooseLeader(0, [32])).toBe(-1);
    expect(chooseLeader(0, [])).toBe(-1);
  });
});

describe('keepPrefix', () => {
  const stored = [
    { tokens: 1000, bytes: 100, lastUsedAt: 0 },
    { tokens: 1000, bytes: 100, lastUsedAt: 9000 },
    { tokens: 64, bytes: 10, lastUsedAt: 0 },
  ];
  const added = { tokens: 500, bytes: 50, lastUsedAt: 10_000, unshared: 500 };

  it.each([
    ['there is room', added, 1000, { isKept: true, evicted: [] }],
    ['the least valuable make room', added, 220, { isKept: true, evicted: [2, 0] }],
    ['it alone is too large', added, 49, { isKept: false, reason: Refusal.TooLarge }],
    ['others hold it', { ...added, unshared: 0 }, 1000, { isKept: false, reason: Refusal.HeldElsewhere }],
    [
      'others hold most of it',
      { ...added, unshared: 249 },
      220,
      { isKept: false, reason: Refusal.MostlyHeldElsewhere },
    ],
    ['it is worth less', { ...added, bytes: 150 }, 160, { isKept: false, reason: Refusal.WorthLess }],
  ])('decides where %s', (_, prefix, bytesMax, decision) => {
    expect(keepPrefix(prefix, stored, { bytesMax, prefixesMax: 4 }, 10_000)).toEqual(decision);
  });

  it('makes room in a full list as in full RAM: the one that is worth least goes, or the new one is refused', () => {
    const limits = { bytesMax: 1000, prefixesMax: 3 };
    expect(keepPrefix(added, stored, limits, 10_000)).toEqual({ isKept: true, evicted: [2] });
    const poor = { ...added, tokens: 32, unshared: 32, lastUsedAt: 0 };
    expect(keepPrefix(poor, stored, limits, 10_000)).toEqual({ isKept: false, reason: Refusal.WorthLess });
  });
});
