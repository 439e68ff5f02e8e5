import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callersMax } from '../contracts/load-reports.js';
import type { Caller } from '../domain/inference.js';
import { CallerMeters } from './caller-meters.js';

const caller = (key: string): Caller => ({
  account: '000000000000',
  key,
  weight: 1,
  tokensPerMinuteMax: null,
  accountWeight: 1,
  accountTokensPerMinuteMax: null,
  priority: 0,
  priorityMax: 0,
});

describe('CallerMeters', () => {
  it('tells of the time that copies have requests while they run, and of requests when they end', () => {
    const meters = new CallerMeters();
    const first = meters.begin(caller('a'), 0);
    const second = meters.begin(caller('a'), 400);
    expect(meters.take(1000)).toMatchObject([{ key: 'a', requests: 0, copyMs: 1600 }]);
    meters.leave(first, 1500);
    meters.end(caller('a'), { promptTokens: 7, completionTokens: 3, cachedTokens: 0 }, 1500);
    meters.leave(second, 1600);
    expect(meters.take(2000)).toMatchObject([
      { key: 'a', requests: 1, promptTokens: 7, generatedTokens: 3, copyMs: 1100 },
    ]);
    expect(meters.take(3000)).toEqual([]);
  });

  it('loses no time, however often it is asked', () => {
    const span = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      from: fc.integer({ min: 0, max: 500 }),
      ms: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(span), fc.array(fc.integer({ min: 0, max: 1000 })), (spans, looks) => {
        const meters = new CallerMeters();
        const told: { key: string; copyMs: number }[] = [];
        const moments = [
          ...spans.map((one) => {
            return {
              at: one.from,
              ends: false,
              one,
              meter: null as ReturnType<CallerMeters['begin']> | null,
            };
          }),
        ];
        const steps: { at: number; run: () => void }[] = looks.map((at) => ({
          at,
          run: () => told.push(...meters.take(at)),
        }));
        for (const moment of moments) {
          const { key, from, ms } = moment.one;
          steps.push({ at: from, run: () => (moment.meter = meters.begin(caller(key), from)) });
          steps.push({ at: from + ms, run: () => meters.leave(moment.meter!, from + ms) });
        }
        steps.sort((one, other) => one.at - other.at);
        for (const { run } of steps) run();
        told.push(...meters.take(2000));
        for (const key of ['a', 'b', 'c']) {
          const sum = told.filter((one) => one.key === key).reduce((total, one) => total + one.copyMs, 0);
          const asked = spans.filter((one) => one.key === key).reduce((total, one) => total + one.ms, 0);
          expect(sum).toBe(asked);
        }
      }),
    );
  });

  it('tells so many keys apart and the rest together', () => {
    const meters = new CallerMeters();
    for (let key = 0; key < callersMax + 50; key++) meters.begin(caller(`k${key}`), 0);
    const loads = meters.take(10);
    expect(loads).toHaveLength(callersMax);
    expect(loads.find(({ key }) => key === '')?.copyMs).toBe(51 * 10);
  });
});
