import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyBoundsMicroseconds } from '../contracts/load-reports.js';
import { Fault } from '../domain/errors.js';
import { componentNamed, modelOfVariant, scopeA } from '../../test/simulation/route-tables.js';
import { bucketOf, LoadCounter } from './load-counter.js';

const component = componentNamed('c');

const nothingOpen = { inFlight: 0, queued: 0, held: 0 };

describe('LoadCounter', () => {
  it('has nothing to say of a lane without requests', () => {
    expect(new LoadCounter().take(component, nothingOpen, 0)).toBeNull();
  });

  it('counts differences, with latencies apart from overhead', () => {
    const counter = new LoadCounter();
    for (let count = 0; count < 3; count++) counter.begin();
    counter.end('none', false, 12, 10);
    counter.end(Fault.Model, false, 5, 4);
    const first = counter.take(component, nothingOpen, 0);
    expect(first).toMatchObject({
      scope: scopeA,
      endpoint: 'e',
      variant: 'blue',
      component: 'c',
      invocations: 3,
      errors4xx: 0,
      errors5xx: 1,
      modelErrors: 1,
      noCapacity: 0,
      modelLatency: { count: 2, sumMicroseconds: 14_000, minMicroseconds: 4000, maxMicroseconds: 10_000 },
      overheadLatency: { count: 2, sumMicroseconds: 3000 },
      concurrencyMin: 0,
      concurrencyMax: 3,
    });
    counter.end('none', false, 1, null);
    expect(counter.take(component, nothingOpen, 0)).toMatchObject({
      invocations: 0,
      modelLatency: { count: 0, buckets: [] },
      overheadLatency: { count: 1, sumMicroseconds: 1000 },
      concurrencyMin: 0,
      concurrencyMax: 1,
    });
    expect(counter.take(component, nothingOpen, 0)).toBeNull();
  });

  it.each([
    ['none', 0, 0, 0],
    ['cancelled', 0, 0, 0],
    [Fault.Caller, 1, 0, 0],
    [Fault.Access, 1, 0, 0],
    [Fault.Missing, 1, 0, 0],
    [Fault.Capacity, 0, 1, 0],
    [Fault.Model, 0, 1, 1],
    [Fault.Host, 0, 1, 0],
    [Fault.Stowage, 0, 1, 0],
  ] as const)('an end with the fault %s counts as its status', (fault, errors4xx, errors5xx, modelErrors) => {
    const counter = new LoadCounter();
    counter.begin();
    counter.end(fault, false, 1, 1);
    expect(counter.take(component, nothingOpen, 0)).toMatchObject({ errors4xx, errors5xx, modelErrors });
  });

  it('names a variant’s own model by its variant alone', () => {
    const counter = new LoadCounter();
    counter.begin();
    expect(counter.take(modelOfVariant('blue'), nothingOpen, 0)).toMatchObject({
      variant: 'blue',
      component: null,
    });
  });
});

it('puts a latency into the first bucket that holds it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3_000_000_000 }), (microseconds) => {
      const bucket = bucketOf(microseconds);
      expect(microseconds).toBeLessThanOrEqual(latencyBoundsMicroseconds[bucket] ?? Infinity);
      expect(microseconds).toBeGreaterThan(latencyBoundsMicroseconds[bucket - 1] ?? -1);
    }),
  );
});
