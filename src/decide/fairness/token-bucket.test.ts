import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fullBucket, msUntil, refilled, reservation, resized, taken } from './token-bucket.js';

it('is empty after its minute’s tokens and says exactly when there is enough again', () => {
  const empty = taken(fullBucket(600, 0), 600);
  expect(msUntil(empty, 10)).toBeCloseTo(1000);
  expect(msUntil(refilled(empty, 999), 10)).toBeGreaterThan(0);
  expect(msUntil(refilled(empty, 1000), 10)).toBe(0);
  expect(refilled(empty, 1e9).level).toBe(600);
});

it('lets a request of more than a minute’s tokens run when it is full, and waits for what it owes', () => {
  const full = fullBucket(100, 0);
  expect([reservation(full, 1000), msUntil(full, 1000)]).toEqual([100, 0]);
  const owing = taken(taken(full, 100), 900);
  expect(msUntil(owing, 100)).toBeCloseTo(600_000);
});

it('keeps what was taken when its owner changes it', () => {
  const half = taken(fullBucket(100, 0), 50);
  expect(resized(half, 200).level).toBe(150);
  expect(resized(half, 60).level).toBe(10);
});

it('owes no more than a minute’s tokens for being made smaller, and forgives nothing that was owed before', () => {
  const half = taken(fullBucket(1_000_000, 0), 500_000);
  const small = resized(half, 1000);
  expect(small.level).toBe(-1000);
  expect(msUntil(small, 1000)).toBeCloseTo(120_000);
  expect(resized(taken(fullBucket(100, 0), 900), 20).level).toBe(-800);
});

it('never gives more than it holds and what flows in, whatever is asked when', () => {
  const step = fc.record({ ms: fc.nat(20_000), tokens: fc.integer({ min: 1, max: 500 }), part: fc.nat(100) });
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 1000 }), fc.array(step, { maxLength: 60 }), (perMinute, steps) => {
      let bucket = fullBucket(perMinute, 0);
      let [now, used] = [0, 0];
      for (const { ms, tokens, part } of steps) {
        now += ms;
        bucket = refilled(bucket, now);
        if (msUntil(bucket, tokens) > 0) continue;
        const reserved = reservation(bucket, tokens);
        const real = Math.floor((reserved * part) / 100);
        bucket = taken(taken(bucket, reserved), real - reserved);
        used += real;
        expect(used).toBeLessThanOrEqual(perMinute + (now / 60_000) * perMinute + 1e-3);
      }
    }),
  );
});
