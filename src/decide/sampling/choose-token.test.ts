import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greedySampling, type SamplingParameters } from '../../domain/inference.js';
import { argmax, chooseToken } from './choose-token.js';
import { largest } from './largest.js';
import { readLogprobs } from './logprobs.js';
import { uniformAt } from './uniform.js';

const nothingSeen = { generated: new Map<number, number>(), prompt: new Set<number>() };
const logitsOf = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 60 });

function choose(logits: readonly number[], changes: Partial<SamplingParameters>, position = 0): number {
  return chooseToken(Float32Array.from(logits), { ...greedySampling, ...changes }, nothingSeen, position);
}

/** How often each token is drawn over many positions. */
function frequencies(
  logits: readonly number[],
  changes: Partial<SamplingParameters>,
  draws: number,
): number[] {
  const counts = new Array<number>(logits.length).fill(0);
  for (let position = 0; position < draws; position++) counts[choose(logits, changes, position)]!++;
  return counts.map((count) => count / draws);
}

describe('argmax', () => {
  it('finds the lowest id of the largest value, whatever the signs, and passes over what is no number', () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.nat(3), (all, skipped) => {
        const part = all.subarray(Math.min(skipped, all.length - 1));
        const largestValue = part.reduce((most, value) => (value > most ? value : most), -Infinity);
        expect(argmax(part)).toBe(
          Math.max(
            0,
            part.findIndex((value) => value === largestValue),
          ),
        );
      }),
    );
  });
});

describe('chooseToken', () => {
  it('takes the likeliest, the lower id first, at temperature 0', () => {
    expect(choose([1, 3, 3, 2], {})).toBe(1);
  });

  it('is a function of seed and position', () => {
    fc.assert(
      fc.property(logitsOf, fc.maxSafeNat(), fc.nat(100_000), (logits, seed, position) => {
        const parameters = { temperature: 1, seed };
        expect(choose(logits, parameters, position)).toBe(choose(logits, parameters, position));
      }),
    );
  });

  it('draws each token as often as the tempered distribution says', () => {
    const logits = [0, 1, 2, -1];
    for (const temperature of [0.7, 1, 1.5]) {
      const weights = logits.map((logit) => Math.exp(logit / temperature));
      const sum = weights.reduce((a, b) => a + b);
      const seen = frequencies(logits, { temperature, seed: 7 }, 20_000);
      seen.forEach((share, token) => expect(share).toBeCloseTo(weights[token]! / sum, 1.7));
    }
  });

  it('never leaves the top k, the nucleus or the min-p set', () => {
    fc.assert(
      fc.property(
        logitsOf,
        fc.record({
          temperature: fc.double({ min: 0.1, max: 3, noNaN: true }),
          topK: fc.nat(10),
          topP: fc.double({ min: 0.05, max: 1, noNaN: true }),
          minP: fc.double({ min: 0, max: 0.9, noNaN: true }),
          seed: fc.maxSafeNat(),
        }),
        (values, parameters) => {
          const logits = [...Float32Array.from(values)];
          const token = choose(logits, parameters);
          const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
          const rank = order.indexOf(token);
          const weigh = (id: number) => Math.exp((logits[id]! - logits[order[0]!]!) / parameters.temperature);
          if (parameters.topK > 0) expect(rank).toBeLessThan(parameters.topK);
          expect(weigh(token)).toBeGreaterThanOrEqual(parameters.minP * (1 - 1e-6));
          const pool = order
            .slice(0, parameters.topK > 0 ? parameters.topK : undefined)
            .filter((id) => weigh(id) >= parameters.minP * (1 - 1e-9));
          const mass = pool.reduce((sum, id) => sum + weigh(id), 0);
          const before = order.slice(0, rank).reduce((sum, id) => sum + weigh(id), 0);
          expect(before / mass).toBeLessThan(parameters.topP + 1e-6);
        },
      ),
    );
  });

  it('draws the whole nucleus, not only its head', () => {
    const seen = frequencies([2, 2, 2, 2, -30], { temperature: 1, topP: 0.99, seed: 3 }, 4000);
    seen.slice(0, 4).forEach((share) => expect(share).toBeCloseTo(0.25, 1));
    expect(seen[4]).toBe(0);
  });

  it.each([
    ['bias', { logitBias: [[2, 100]] as const }, 2],
    ['a presence penalty', { presencePenalty: 2 }, 1],
    ['a frequency penalty', { frequencyPenalty: 1 }, 1],
    ['a repetition penalty', { repetitionPenalty: 3 }, 1],
  ])('lets %s change the choice', (_name, changes, expected) => {
    const seen = { generated: new Map([[0, 2]]), prompt: new Set<number>() };
    const parameters = { ...greedySampling, ...changes };
    expect(chooseToken(Float32Array.from([3, 2, 0]), greedySampling, seen, 0)).toBe(0);
    expect(chooseToken(Float32Array.from([3, 2, 0]), parameters, seen, 0)).toBe(expected);
  });

  it('penalizes repetition of the prompt too, and makes a negative logit smaller', () => {
    const seen = { generated: new Map<number, number>(), prompt: new Set([0]) };
    const parameters = { ...greedySampling, repetitionPenalty: 2 };
    expect(chooseToken(Float32Array.from([-1, -1.5]), parameters, seen, 0)).toBe(1);
  });
});

describe('largest', () => {
  it('is the head of a full sort', () => {
    fc.assert(
      fc.property(logitsOf, fc.nat(70), (values, count) => {
        const floats = Float32Array.from(values);
        const sorted = [...floats.keys()].sort((a, b) => floats[b]! - floats[a]! || a - b);
        expect(largest(floats, count)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});

describe('readLogprobs', () => {
  it('gives logarithms of probabilities that sum to one', () => {
    fc.assert(
      fc.property(logitsOf, (values) => {
        const floats = Float32Array.from(values);
        const { normalizer, top } = readLogprobs(floats, floats.length);
        const sum = floats.reduce((total, logit) => total + Math.exp(logit - normalizer), 0);
        expect(sum).toBeCloseTo(1, 5);
        expect(top.map((entry) => entry.token)).toEqual(largest(floats, floats.length));
      }),
    );
  });
});

describe('uniformAt', () => {
  it('fills [0, 1) evenly over positions and over seeds', () => {
    for (const at of [(n: number) => uniformAt(42, n), (n: number) => uniformAt(n * 1_000_003, 5)]) {
      const bins = new Array<number>(20).fill(0);
      for (let n = 0; n < 40_000; n++) bins[Math.floor(at(n) * 20)]!++;
      for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(250);
    }
  });

  it('differs for seeds that differ in the high bits only', () => {
    expect(uniformAt(1, 0)).not.toBe(uniformAt(1 + 2 ** 40, 0));
  });
});
