import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedFirstTokenMs } from '../decide/routing/first-token.js';
import type { RequestPrefix } from '../decide/routing/request-prefix.js';
import { CopySpeed, PromptSizes } from './copy-speed.js';
import { PrefixKnowledge } from './prefix-knowledge.js';

function prefixOf(characters: number, blocks: readonly number[] = []): RequestPrefix {
  return { characters, blocks };
}

describe('what is known of a copy', () => {
  const expectedMs = (speed: CopySpeed, prefix: RequestPrefix, now: number): number => {
    speed.estimate(prefix, null, now);
    return expectedFirstTokenMs(speed.terms, 0);
  };

  it('comes to its true speed, whatever was given together', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 4 }),
        (pace, together) => {
          const speed = new CopySpeed(8, 8, new PromptSizes());
          let now = 0;
          for (let round = 0; round < 40; round++) {
            for (let place = 0; place < together; place++) speed.give(place, prefixOf(4000), now);
            for (let place = 0; place < together; place++) {
              now += 1000 * pace;
              speed.firstToken(place, 1000, 0, now);
              speed.leave(place, true, now);
            }
          }
          speed.estimate(prefixOf(4000), null, now);
          expect(speed.terms.tokensAhead).toBe(0);
          expect(Math.abs(speed.terms.msPerToken / pace - 1)).toBeLessThan(0.1 + 20 / (1000 * pace));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts what was given and not answered, and forgets a request that leaves', () => {
    const speed = new CopySpeed(4, 4, new PromptSizes());
    const idle = expectedMs(speed, prefixOf(400), 0);
    speed.give(0, prefixOf(4000), 0);
    expect(expectedMs(speed, prefixOf(400), 0)).toBe(idle + 1000);
    speed.leave(0, false, 5);
    expect(expectedMs(speed, prefixOf(400), 5)).toBe(idle);
  });

  it('is believed less the longer ago it was measured', () => {
    const speed = new CopySpeed(4, 4, new PromptSizes());
    for (let round = 0; round < 30; round++) {
      speed.give(0, prefixOf(4000), round * 20_000);
      speed.firstToken(0, 1000, 0, round * 20_000 + 10_020);
      speed.leave(0, true, round * 20_000 + 10_020);
    }
    const at = (minutes: number) => {
      speed.estimate(prefixOf(4), 1, 600_000 + minutes * 60_000);
      return speed.terms.msPerToken;
    };
    expect(at(0)).toBeGreaterThan(7);
    expect(at(10)).toBeLessThan(1.5);
  });

  it('has a beginning that it had, until the copy shows that it does not keep that many', () => {
    const speed = new CopySpeed(4, 4, new PromptSizes());
    const chain = (name: number) => Array.from({ length: 20 }, (_, index) => name * 1000 + index);
    const prefix = (name: number) => prefixOf(20 * 128, chain(name));
    const ask = (name: number, cached: number) => {
      speed.give(0, prefix(name), 0);
      speed.firstToken(0, 640, cached, 0);
      speed.leave(0, true, 0);
    };
    const newTokens = (name: number) => {
      speed.estimate(prefix(name), null, 0);
      return speed.terms.newTokens;
    };
    expect(newTokens(1)).toBe(640);
    ask(1, 0);
    expect(newTokens(1)).toBe(0);
    // Eight beginnings in turn, of which the copy keeps but one: what was used just now it has, nothing else.
    for (let round = 0; round < 30; round++) {
      for (let name = 1; name <= 8; name++) {
        ask(name, 0);
        ask(name, 640);
      }
    }
    expect(newTokens(8)).toBeCloseTo(0);
    expect(newTokens(3)).toBeGreaterThan(500);
  });
});

describe('the blocks that are known', () => {
  const chains = fc.array(
    fc
      .tuple(fc.nat(5), fc.integer({ min: 1, max: 12 }))
      .map(([name, length]) => Array.from({ length }, (_, index) => name * 100 + index)),
    { maxLength: 60 },
  );

  it('are bounded, and of a chain always its beginning', () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 1, max: 20 }), (list, blocksMax) => {
        const knowledge = new PrefixKnowledge(blocksMax);
        for (const chain of list) {
          knowledge.note(chain);
          expect(knowledge.size).toBeLessThanOrEqual(blocksMax);
          expect(knowledge.matched(chain)).toBe(Math.min(chain.length, blocksMax));
        }
        for (const chain of list) {
          const matched = knowledge.matched(chain);
          for (let length = 1; length <= chain.length; length++) {
            expect(knowledge.matched(chain.slice(0, length))).toBe(Math.min(length, matched));
          }
        }
      }),
    );
  });
});
