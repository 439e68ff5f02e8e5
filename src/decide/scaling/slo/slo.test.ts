import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copiesFor, erlangC } from './copies-for.js';
import { fittedModel, learn, newFit } from './fit-service.js';
import { keepAliveMs } from './keep-alive.js';
import { normalQuantile } from './rate.js';
import type { LoadPoint, SloSituation } from './situation.js';
import { sloWish } from './wish.js';

const service = {
  sequencesMax: 8,
  overheadMs: 5,
  promptTokensPerSecond: 2_000,
  stepMs: 20,
  stepMsPerSequence: 2,
};
const start = 1_000_000_000;

/** Points of ten seconds; `arrivals[0]` is the oldest, the newest ended at `start`. */
function pointsOf(arrivals: readonly number[], promptTokens = 400, generatedTokens = 20): LoadPoint[] {
  return arrivals
    .map((count, index) => ({
      at: start - (arrivals.length - 1 - index) * 10_000,
      arrivals: count,
      promptTokens: count * promptTokens,
      generatedTokens: count * generatedTokens,
      firstTokenP95Ms: null,
      concurrencyMax: 1,
    }))
    .filter((point) => point.arrivals > 0);
}

function situationOf(some: Partial<SloSituation>): SloSituation {
  return {
    now: start,
    min: 0,
    max: 100,
    copies: 1,
    ready: 1,
    share: 0.95,
    firstTokenMs: 1_000,
    points: [],
    pointSeconds: 10,
    inFlight: 0,
    queued: 0,
    held: 0,
    service,
    coldStartMs: 3_000,
    idleMs: 0,
    ...some,
  };
}

describe('a queue for several copies', () => {
  it.each([
    [1, 0.5, 0.5], // M/M/1: the utilization
    [2, 1, 1 / 3],
    [10, 8, 0.4092],
  ])('with %i copies and a load of %d a request waits with probability %d', (copies, load, expected) => {
    expect(erlangC(copies, load)).toBeCloseTo(expected, 3);
  });

  it('is the fewest that hold the tail, and more for more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 200, noNaN: true }),
        fc.double({ min: 1, max: 2_000, noNaN: true }),
        fc.double({ min: 0, max: 5_000, noNaN: true }),
        (rate, workMs, waitMs) => {
          const copies = copiesFor(rate, workMs, waitMs, 0.05, 1);
          expect(copies).toBeGreaterThan((rate * workMs) / 1000);
          expect(copiesFor(rate * 1.5, workMs, waitMs, 0.05, 1)).toBeGreaterThanOrEqual(copies);
          expect(copiesFor(rate, workMs, waitMs + 500, 0.05, 1)).toBeLessThanOrEqual(copies);
          expect(copiesFor(rate, workMs, waitMs, 0.05, 4)).toBeGreaterThanOrEqual(copies);
        },
      ),
    );
  });

  it.each([
    [0.95, 1.645],
    [0.99, 2.326],
    [0.5, 0],
  ])('the normal quantile of %d is %d', (share, expected) => {
    expect(normalQuantile(share)).toBeCloseTo(expected, 2);
  });
});

describe('the wish', () => {
  const anyPoints = fc
    .array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 })
    .map((arrivals) => pointsOf(arrivals));

  it('is a whole number that is not negative, and grows with what waits', () => {
    fc.assert(
      fc.property(
        anyPoints,
        fc.nat(20),
        fc.nat(100),
        fc.nat(100),
        fc.nat(100),
        (points, copies, inFlight, queued, more) => {
          const one = situationOf({ points, copies, ready: copies, inFlight, queued });
          const { capacity } = sloWish(one);
          expect(Number.isInteger(capacity) && capacity >= 0).toBe(true);
          expect(sloWish({ ...one, queued: queued + more }).capacity).toBeGreaterThanOrEqual(capacity);
          expect(sloWish({ ...one, held: more }).capacity).toBeGreaterThanOrEqual(capacity);
        },
      ),
    );
  });

  it('never falls while requests are open and the last copy is all there is', () => {
    fc.assert(
      fc.property(anyPoints, fc.integer({ min: 1, max: 50 }), (points, inFlight) => {
        expect(sloWish(situationOf({ points, inFlight })).capacity).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('does not move under a constant load once it is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (arrivals) => {
        const points = pointsOf(new Array<number>(60).fill(arrivals));
        const first = sloWish(situationOf({ points, inFlight: 1 })).capacity;
        let copies = Math.max(1, first);
        for (let turn = 0; turn < 60; turn++) {
          // The newest point is at any stage of its being filled.
          const now = start + turn * 1_000;
          const later = points.map((point) => ({ ...point, at: point.at + Math.floor(turn / 10) * 10_000 }));
          const wish = sloWish(situationOf({ now, points: later, copies, ready: copies, inFlight: copies }));
          expect(wish.capacity).toBe(copies);
          copies = wish.capacity;
        }
      }),
    );
  });

  it('takes more where a start takes longer, and what is held at once', () => {
    const rising = pointsOf([8, 16, 32, 64, 128, 256]);
    const soon = sloWish(
      situationOf({ points: rising, inFlight: 8, queued: 20, coldStartMs: 1_000 }),
    ).capacity;
    const late = sloWish(
      situationOf({ points: rising, inFlight: 8, queued: 20, coldStartMs: 30_000 }),
    ).capacity;
    expect(late).toBeGreaterThanOrEqual(soon);
    expect(sloWish(situationOf({ copies: 0, ready: 0, held: 1 })).capacity).toBe(1);
  });

  it('believes the first tokens more than its model', () => {
    const steady = pointsOf(new Array<number>(30).fill(20));
    const slow = steady.map((point) => ({ ...point, firstTokenP95Ms: 12_000 }));
    const asked = { copies: 1, ready: 1, inFlight: 1 };
    expect(sloWish(situationOf({ points: slow, ...asked })).capacity).toBeGreaterThan(
      sloWish(situationOf({ points: steady, ...asked })).capacity,
    );
  });
});

describe('to zero', () => {
  const lonely = pointsOf(Array.from({ length: 360 }, (_, index) => (index % 36 === 0 ? 1 : 0)));
  const question = {
    points: lonely,
    pointSeconds: 10,
    coldStartMs: 3_000,
    idleCostShare: 1,
    share: 0.95,
    isColdMissed: false,
  };

  it('at once when a start is cheap and within the objective, never when one in twenty may miss it', () => {
    expect(keepAliveMs(question)).toBe(10_000);
    // Each request would meet a cold start: the copy stays through the gaps, as is cheapest within the budget.
    expect(keepAliveMs({ ...question, isColdMissed: true })).toBeGreaterThanOrEqual(350_000);
  });

  it('a copy whose memory nobody wants stays through its gaps', () => {
    expect(keepAliveMs({ ...question, idleCostShare: 0.001 })).toBeGreaterThanOrEqual(350_000);
  });

  it('costs at most twice what knowing the gap would, before the gaps are known', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 600_000 }), fc.nat(3_600_000), (coldStartMs, gap) => {
        const keep = keepAliveMs({ ...question, points: [], coldStartMs });
        const startCost = 2 * coldStartMs;
        const paid = Math.min(gap, keep) + (gap > keep ? startCost : 0);
        expect(paid).toBeLessThanOrEqual(2 * Math.min(gap, startCost) + 1);
      }),
    );
  });

  it('what left stays away until a request comes, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 60 }), (arrivals) => {
        const gone = { points: pointsOf(arrivals), copies: 0, ready: 0 };
        expect(sloWish(situationOf(gone)).capacity).toBe(0);
        expect(sloWish(situationOf({ ...gone, held: 1 })).capacity).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('an idle copy leaves after its time, and not before', () => {
    const idle = { points: lonely, copies: 1, firstTokenMs: 10_000 };
    expect(sloWish(situationOf({ ...idle, idleMs: 9_000 })).capacity).toBe(1);
    expect(sloWish(situationOf({ ...idle, idleMs: 11_000 })).capacity).toBe(0);
    expect(sloWish(situationOf({ ...idle, min: 1, idleMs: 11_000 })).capacity).toBe(1);
  });
});

describe('the measured service model', () => {
  it('finds what made the stretches, through noise and accidents', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 200, max: 20_000, noNaN: true }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 2_147_483_646 }),
        (promptTokensPerSecond, stepMs, stepMsPerSequence, seed) => {
          // Lehmer's generator: the same stretches for the same seed.
          let state = seed;
          const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
          let fit = newFit({ ...service, promptTokensPerSecond: 1_000, stepMs: 20, stepMsPerSequence: 2 });
          for (let stretch = 0; stretch < 300; stretch++) {
            const steps = 5 + Math.round(next() * 50);
            const generatedTokens = Math.round(steps * (1 + next() * 7));
            const promptTokens = Math.round(next() * 3_000);
            const ms =
              (promptTokens * 1000) / promptTokensPerSecond +
              steps * stepMs +
              generatedTokens * stepMsPerSequence;
            const noise = stretch % 50 === 49 ? 20 : 0.97 + next() * 0.06;
            fit = learn(fit, { ms: ms * noise, promptTokens, steps, generatedTokens });
          }
          const model = fittedModel(fit);
          const typical = (one: typeof model) =>
            1_500_000 / one.promptTokensPerSecond + 30 * one.stepMs + 120 * one.stepMsPerSequence;
          const real = typical({ ...service, promptTokensPerSecond, stepMs, stepMsPerSequence });
          expect(Math.abs(typical(model) / real - 1)).toBeLessThan(0.25);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is the guess before anything was measured', () => {
    const { promptTokensPerSecond, stepMs, stepMsPerSequence } = fittedModel(newFit(service));
    expect(promptTokensPerSecond).toBeCloseTo(service.promptTokensPerSecond, 3);
    expect(stepMs).toBeCloseTo(service.stepMs, 3);
    expect(stepMsPerSequence).toBeCloseTo(service.stepMsPerSequence, 3);
  });
});
