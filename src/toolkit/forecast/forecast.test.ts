import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoutingStrategy } from '../../domain/component.js';
import { assumedProfile } from './assumed-service.js';
import { runForecast } from './forecast.js';
import type { ForecastComponent, ForecastInput, ForecastPool, ForecastRequest } from './forecast-input.js';
import { ForecastPolicy, inputOf } from './policies.js';

const profile = {
  ...assumedProfile(true, 4, 2 ** 30),
  ...{ overheadMs: 10, promptTokensPerSecond: 1000, stepMs: 20, stepMsPerSequence: 5 },
  coldStartMs: { asleep: 100, pageCache: 1_000, disk: 3_000, remote: 9_000 },
};

function component(changes: Partial<ForecastComponent> = {}): ForecastComponent {
  return {
    name: 'chat',
    pool: 'pool',
    requirements: [
      { instanceType: null, cpus: 1, memoryBytes: 2 ** 30, accelerators: 1, acceleratorMemoryBytes: 0 },
    ],
    placement: 'SPREAD',
    zoneBalance: null,
    routing: RoutingStrategy.LeastOutstandingRequests,
    concurrencyThreshold: 10,
    copies: { min: 1, max: 1, initial: 1 },
    wakes: false,
    scaling: [],
    limits: {
      jobQueueLengthMax: 100,
      queueSecondsMax: 60,
      predictSecondsMax: 600,
      stepTokensMax: 2048,
      stepMsTarget: 0,
    },
    profile,
    priority: 50,
    ...changes,
  };
}

function pool(changes: Partial<ForecastPool> = {}): ForecastPool {
  const capacity = { cpus: 8, memoryBytes: 2 ** 36, accelerators: 2, acceleratorMemoryBytes: 2 ** 34 };
  const type = { name: 'gpu', capacity, zones: ['a', 'b'], pricePerHour: 3, countMax: 10 };
  const times = { instanceStartMs: 5_000, isOneMachine: false, hasFiles: true };
  return { key: 'pool', types: [type], initial: 1, managed: null, ...times, ...changes };
}

function request(atMs: number, promptTokens: number, outputTokens: number, index = 0): ForecastRequest {
  return { atMs, component: index, promptTokens, outputTokens, cachedTokens: null, prefixBlocks: null };
}

function input(changes: Partial<ForecastInput> = {}): ForecastInput {
  return {
    requests: [],
    components: [component()],
    pools: [pool()],
    durationMs: 60_000,
    seed: 1,
    ...changes,
  };
}

describe('one copy', () => {
  it('takes the time of the profile: overhead, prompt, then a step for each further token', () => {
    const { requests } = runForecast(input({ requests: [request(1_000, 400, 11)] }));
    expect(requests.firstTokenMs?.p50).toBeCloseTo(10 + 400, 5);
    expect(requests.totalMs?.p50).toBeCloseTo(10 + 400 + 10 * 25, 5);
  });

  it('does not compute what was cached, and remembers beginnings of prompts', () => {
    const again = [0, 30_000].map((at) => ({ ...request(at, 1024, 1), prefixBlocks: [7, 8] }));
    const { requests } = runForecast(input({ requests: again }));
    expect(requests.cachedTokens).toBe(1023);
    expect(requests.firstTokenMs?.p50).toBeCloseTo(10 + 1, 5);
    const known = { ...request(0, 1000, 1), cachedTokens: 900 };
    expect(runForecast(input({ requests: [known] })).requests.firstTokenMs?.p50).toBeCloseTo(10 + 100, 5);
  });

  it('is as slow as the copies that compute beside it on the same accelerator', () => {
    const half = component({ requirements: [{ ...component().requirements[0]!, accelerators: 0.5 }] });
    const one = pool({
      types: [{ ...pool().types[0]!, capacity: { ...pool().types[0]!.capacity, accelerators: 1 } }],
    });
    const two = [half, { ...half, name: 'other' }];
    const requests = [request(0, 400, 1, 0), request(0, 400, 1, 1)];
    const shared = runForecast(input({ requests, components: two, pools: [one] })).requests.firstTokenMs!;
    expect(shared.p99).toBeCloseTo(10 + 800, 5);
  });

  it('is slowed by those of another pool on the same machine, but not as an endpoint of its own', () => {
    const two = [component(), component({ name: 'other', pool: 'second' })];
    const pools = ['pool', 'second'].map((key) => pool({ key, isOneMachine: true }));
    const whole = input({
      requests: [request(0, 400, 1, 0), request(0, 400, 1, 1)],
      components: two,
      pools,
    });
    expect(runForecast(whole).requests.firstTokenMs!.p99).toBeGreaterThan(10 + 700);
    const options = { share: 0.95, firstTokenMs: 1_000, targetValue: null };
    const own = runForecast(inputOf(ForecastPolicy.EndpointPerModel, whole, options));
    expect(own.requests.firstTokenMs!.p99).toBeCloseTo(10 + 400, 5);
  });

  it('computes its prompts although no row of a step is allowed for them', () => {
    const limits = { ...component().limits, stepTokensMax: 0 };
    const whole = input({ requests: [request(0, 400, 3)], components: [component({ limits })] });
    expect(runForecast(whole).requests.completed).toBe(1);
  });

  it('costs the hours that a bill has, also on an instance without accelerators', () => {
    const { requirements } = component();
    const capacity = { ...pool().types[0]!.capacity, accelerators: 0 };
    const plain = component({ requirements: [{ ...requirements[0]!, accelerators: 0 }] });
    const pools = [pool({ types: [{ ...pool().types[0]!, capacity }] })];
    const result = runForecast(input({ components: [plain], pools, durationMs: 3_600_000 }));
    expect(result.acceleratorHours).toBeCloseTo(1, 9);
  });
});

describe('several copies', () => {
  it('share prompts of which nothing is known, where routing goes by prefixes', () => {
    const two = component({
      routing: RoutingStrategy.PrefixAware,
      copies: { min: 2, max: 2, initial: 2 },
      profile: { ...profile, sequencesMax: 16 },
    });
    const requests = Array.from({ length: 8 }, (_, index) => request(index, 400, 1));
    const apart = runForecast(input({ requests, components: [two] })).requests.firstTokenMs!;
    // Two devices compute 3200 tokens in half the time of one.
    expect(apart.p99).toBeLessThan(3_000);
  });
});

describe('a component at zero', () => {
  const asleep = { copies: { min: 0, max: 2, initial: 0 } };

  it('holds a request until a copy is up, from where its weights are', () => {
    const waking = component({ ...asleep, wakes: true });
    const result = runForecast(input({ requests: [request(2_000, 400, 1)], components: [waking] }));
    expect(result.requests.held).toBe(1);
    expect(result.coldStarts).toBe(1);
    const { p50 } = result.requests.firstTokenMs!;
    expect(p50).toBeGreaterThan(3_000 + 410);
    expect(p50).toBeLessThan(3_000 + 410 + 50);
  });

  it('waits for an instance too, where there is none', () => {
    const waking = component({ ...asleep, wakes: true });
    const managed = {
      min: 0,
      max: 2,
      strategy: 'IDLE_RELEASE',
      stepMax: 1,
      cooldownMs: 1,
      idleMs: 10_000,
    } as const;
    const empty = pool({ initial: 0, managed, hasFiles: false });
    const requests = [request(2_000, 400, 1)];
    const result = runForecast(input({ requests, components: [waking], pools: [empty] }));
    expect(result.instanceStarts).toBe(1);
    expect(result.requests.firstTokenMs!.p50).toBeGreaterThan(5_000 + 9_000);
    expect(result.acceleratorHours).toBeCloseTo(2 * result.instanceHours, 9);
  });

  it('holds requests while a copy that is wanted comes up, whether or not it scales', () => {
    const fixed = component({ copies: { min: 1, max: 1, initial: 1 } });
    const managed = {
      min: 0,
      max: 2,
      strategy: 'IDLE_RELEASE',
      stepMax: 1,
      cooldownMs: 1,
      idleMs: 10_000,
    } as const;
    const late = pool({ initial: 0, managed });
    const requests = [request(100, 400, 1)];
    const held = runForecast(input({ requests, components: [fixed], pools: [late] })).requests;
    expect([held.completed, held.held, held.rejected]).toEqual([1, 1, {}]);
    const refusing = [{ ...fixed, refusesAtZero: true }];
    const refused = runForecast(input({ requests, components: refusing, pools: [late] })).requests;
    expect([refused.held, refused.rejected]).toEqual([0, { 'COLD-504': 1 }]);
  });

  it('gives the place of one that took too long to the next that waits', () => {
    const limits = { ...component().limits, predictSecondsMax: 3 };
    const slow = component({ limits, profile: { ...profile, sequencesMax: 1, promptTokensPerSecond: 100 } });
    // Two are in the copy when their time is over; the last came later, and has the copy from then on.
    const requests = [request(0, 1_000, 1), request(1, 1_000, 1), request(2_500, 10, 1)];
    const { completed, rejected } = runForecast(input({ requests, components: [slow] })).requests;
    expect([completed, rejected]).toEqual([1, { 'RUN-306': 2 }]);
  });

  it('refuses where nothing wakes it, and a queue has its bounds', () => {
    const refusing = runForecast(input({ requests: [request(0, 1, 1)], components: [component(asleep)] }));
    expect(refusing.requests.rejected).toEqual({ 'COLD-501': 1 });
    const limits = { ...component().limits, jobQueueLengthMax: 2, queueSecondsMax: 1 };
    const slow = component({ limits, profile: { ...profile, sequencesMax: 1, promptTokensPerSecond: 10 } });
    const many = Array.from({ length: 6 }, (_, index) => request(index, 100, 1));
    const { rejected, completed } = runForecast(input({ requests: many, components: [slow] })).requests;
    expect(completed).toBe(2); // one computes, one waits in the copy
    expect(rejected).toEqual({ 'CAP-101': 2, 'COLD-502': 2 });
  });
});

describe('any replay', () => {
  const anyRequest = fc.record({
    atMs: fc.nat(120_000),
    promptTokens: fc.nat(3_000),
    outputTokens: fc.nat(200),
    component: fc.nat(2),
  });
  const policies = fc.constantFrom(...Object.values(ForecastPolicy));

  it('ends every request once, keeps bounds, and comes out the same again', () => {
    const managed = {
      min: 0,
      max: 3,
      strategy: 'CONSOLIDATION',
      stepMax: 1,
      cooldownMs: 20_000,
      idleMs: 5_000,
    } as const;
    const scaling = [
      {
        ...({
          kind: 'target-tracking',
          name: 't',
          metric: 'concurrency',
          targetValue: 2,
          isScaleInDisabled: false,
        } as const),
        ...{ scaleOutCooldownMs: 10_000, scaleInCooldownMs: 10_000 },
      },
    ];
    fc.assert(
      fc.property(fc.array(anyRequest, { maxLength: 60 }), policies, fc.nat(5), (list, policy, seed) => {
        const requests = list
          .sort((a, b) => a.atMs - b.atMs)
          .map((one) => ({ ...one, cachedTokens: null, prefixBlocks: null }));
        const components = ['a', 'b', 'c'].map((name) =>
          component({ name, copies: { min: 0, max: 3, initial: 0 }, wakes: true, scaling }),
        );
        const whole = input({ requests, components, pools: [pool({ managed })], durationMs: 180_000, seed });
        const options = { share: 0.95, firstTokenMs: 2_000, targetValue: null };
        const chosen = inputOf(policy, whole, options);
        const result = runForecast(chosen);
        const refused = Object.values(result.requests.rejected).reduce((sum, count) => sum + count, 0);
        expect(result.requests.completed + refused).toBe(requests.length);
        for (const [index, { copies }] of chosen.components.entries())
          expect(result.components[index]!.copiesMax).toBeLessThanOrEqual(copies.max + 3);
        expect(result.heldAcceleratorHours).toBeLessThanOrEqual(result.acceleratorHours + 1e-9);
        expect(result.utilization).toBeLessThanOrEqual(1 + 1e-9);
        expect(result.points.reduce((sum, { arrivals }) => sum + arrivals, 0)).toBe(requests.length);
        expect(runForecast(chosen)).toEqual(result);
      }),
      { numRuns: 60 },
    );
  });
});

it('refuses a span that would never end', () => {
  expect(() => runForecast(input({ durationMs: 93 * 86_400_000 }))).toThrow(
    expect.objectContaining({ code: 'FILE-012' }),
  );
});

describe('policies', () => {
  it('give a model that is alone as many copies as hold the objective', () => {
    const requests = Array.from({ length: 200 }, (_, index) => request(index * 250, 400, 1));
    const options = { share: 0.95, firstTokenMs: 1_000, targetValue: null };
    const own = inputOf(ForecastPolicy.EndpointPerModel, input({ requests }), options);
    expect(own.components[0]!.copies.initial).toBe(2); // 4 a second of 0.4 s each are more than one copy does
    expect(runForecast(own).requests.firstTokenMs!.p95).toBeLessThanOrEqual(1_000);
  });
});
