import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentConfig } from '../../domain/deployment.js';
import type { EndpointGeneration, EndpointRecord } from '../../domain/endpoint.js';
import {
  advanceEndpoint,
  beginEndpointDeployment,
  copiesByGeneration,
  copyGroups,
  type EndpointView,
  instanceTargets,
} from './endpoint.js';

function generation(id: number, instances: number): EndpointGeneration {
  const variants = { v: { instanceCount: instances, weight: 1 } };
  return {
    id,
    configName: `config-${id}`,
    config: { productionVariants: [] },
    models: {},
    traffic: 0,
    variants,
  };
}

function serving(instances: number): EndpointRecord {
  return {
    kind: 'endpoint',
    scope: { account: '123456789012', region: 'us-east-1' },
    name: 'e',
    createdAt: 0,
    modifiedAt: 0,
    tags: [],
    status: 'InService',
    failureReason: null,
    generations: [{ ...generation(1, instances), traffic: 100 }],
    deployment: null,
    deploymentConfig: null,
    modelFailures: {},
  };
}

function targetsOf(endpoint: EndpointRecord): Record<number, number> {
  const targets = [...instanceTargets(endpoint)].map(([id, variants]) => [
    id,
    [...variants.values()].reduce((sum, count) => sum + count, 0),
  ]);
  return Object.fromEntries(targets) as Record<number, number>;
}

function trafficOf(endpoint: EndpointRecord): Record<number, number> {
  return Object.fromEntries(endpoint.generations.map(({ id, traffic }) => [id, traffic])) as Record<
    number,
    number
  >;
}

/** Everything that should be there is ready. */
function goodView(endpoint: EndpointRecord, changes: Partial<EndpointView> = {}): EndpointView {
  const targets = targetsOf(endpoint);
  const instances = new Map(endpoint.generations.map(({ id }) => [id, both(targets[id] ?? 0)]));
  const copies = new Map(
    [...copiesByGeneration(endpoint, 4)].map(([id, wanted]) => [id, { ...both(wanted), wanted }]),
  );
  return { instances, copies, problem: null, problemBack: null, alarmsRinging: [], ...changes };
}

function both(count: number) {
  return { ready: count, total: count };
}

/** The deployment's story with everything going well: `event traffic targets groups`. */
function story(begun: EndpointRecord, secondsPerStep: number): string[] {
  const lines: string[] = [];
  let endpoint = begun;
  for (let now = 0; endpoint.deployment !== null && now < 1e9; now += secondsPerStep * 1000) {
    const step = advanceEndpoint(endpoint, goodView(endpoint), now);
    if (step === null) continue;
    endpoint = step.record;
    const parts = [trafficOf(endpoint), targetsOf(endpoint), copyGroups(endpoint)];
    lines.push(`${now / 1000} ${step.event} ${parts.map((part) => JSON.stringify(part)).join(' ')}`);
  }
  return [...lines, `${endpoint.status} ${endpoint.failureReason ?? ''}`];
}

describe('a blue/green deployment', () => {
  const config = (type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR', size: number): DeploymentConfig => ({
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: {
        type,
        waitIntervalInSeconds: 30,
        canarySize: { type: 'INSTANCE_COUNT', value: size },
        linearStepSize: { type: 'CAPACITY_PERCENT', value: size },
      },
      terminationWaitInSeconds: 60,
    },
  });

  it('without a configuration goes all at once', () => {
    expect(story(beginEndpointDeployment(serving(2), generation(2, 3), null, 0), 10)).toEqual([
      '0 traffic-shifted {"1":0,"2":100} {"1":2,"2":3} [[1],[2]]',
      '10 bake-ended {"1":0,"2":100} {"1":2,"2":3} [[1],[2]]',
      '20 fleet-retired {"1":0,"2":100} {"1":0,"2":3} [[2]]',
      '30 deployment-finished {"2":100} {"2":3} [[2]]',
      'InService ',
    ]);
  });

  it('shows a canary first', () => {
    expect(story(beginEndpointDeployment(serving(2), generation(2, 3), config('CANARY', 1), 0), 10)).toEqual([
      '0 traffic-shifted {"1":66,"2":34} {"1":2,"2":3} [[1],[2]]',
      '30 traffic-shifted {"1":0,"2":100} {"1":2,"2":3} [[1],[2]]',
      '60 bake-ended {"1":0,"2":100} {"1":2,"2":3} [[1],[2]]',
      '120 fleet-retired {"1":0,"2":100} {"1":0,"2":3} [[2]]',
      '130 deployment-finished {"2":100} {"2":3} [[2]]',
      'InService ',
    ]);
  });

  it('goes up in steps', () => {
    const begun = beginEndpointDeployment(serving(2), generation(2, 2), config('LINEAR', 40), 0);
    expect(story(begun, 10).slice(0, 4)).toEqual([
      '0 traffic-shifted {"1":60,"2":40} {"1":2,"2":2} [[1],[2]]',
      '30 traffic-shifted {"1":20,"2":80} {"1":2,"2":2} [[1],[2]]',
      '60 traffic-shifted {"1":0,"2":100} {"1":2,"2":2} [[1],[2]]',
      '90 bake-ended {"1":0,"2":100} {"1":2,"2":2} [[1],[2]]',
    ]);
  });

  it('goes back at an alarm, at once and without the old side noticing', () => {
    const begun = beginEndpointDeployment(serving(2), generation(2, 2), config('CANARY', 1), 0);
    const baking = advanceEndpoint(begun, goodView(begun), 1000)!.record;
    const back = advanceEndpoint(baking, goodView(baking, { alarmsRinging: ['slow'] }), 2000)!;
    expect(back.event).toBe('rollback-started');
    expect(back.record.status).toBe('RollingBack');
    expect(trafficOf(back.record)).toEqual({ 1: 100, 2: 0 });
    expect(targetsOf(back.record)).toEqual({ 1: 2, 2: 0 });
    expect(copyGroups(back.record)).toEqual([[1]]);
    const done = advanceEndpoint(back.record, goodView(back.record), 3000)!.record;
    expect(done.status).toBe('InService');
    expect(done.failureReason).toBe('the deployment was rolled back: alarm slow rang');
    expect(done.generations.map(({ id }) => id)).toEqual([1]);
  });

  it('does not mind alarms before its new side answers', () => {
    const begun = beginEndpointDeployment(serving(2), generation(2, 2), config('CANARY', 1), 0);
    const view = goodView(begun, { alarmsRinging: ['slow'] });
    expect(advanceEndpoint(begun, view, 1000)?.event).toBe('traffic-shifted');
  });

  it('that takes too long goes back', () => {
    const slow = {
      blueGreenUpdatePolicy: {
        ...config('CANARY', 1).blueGreenUpdatePolicy!,
        maximumExecutionTimeoutInSeconds: 600,
      },
    };
    const begun = beginEndpointDeployment(serving(2), generation(2, 2), slow, 0);
    const view = goodView(begun, { instances: new Map() });
    expect(advanceEndpoint(begun, view, 599_999)).toBeNull();
    expect(advanceEndpoint(begun, view, 600_000)?.reason).toBe('it was not done within 600 s');
  });
});

describe('a rolling deployment', () => {
  const config: DeploymentConfig = {
    rollingUpdatePolicy: {
      maximumBatchSize: { type: 'INSTANCE_COUNT', value: 2 },
      waitIntervalInSeconds: 30,
      maximumExecutionTimeoutInSeconds: 600,
      rollbackMaximumBatchSize: { type: 'INSTANCE_COUNT', value: 1 },
    },
  };
  const begun = beginEndpointDeployment(serving(4), generation(2, 4), config, 0);

  it('replaces batch by batch', () => {
    expect(targetsOf(begun)).toEqual({ 1: 4, 2: 2 });
    expect(story(begun, 10)).toEqual([
      '0 traffic-shifted {"1":50,"2":50} {"1":4,"2":2} [[1,2]]',
      '30 batch-baked {"1":50,"2":50} {"1":2,"2":4} [[1,2]]',
      '40 traffic-shifted {"1":0,"2":100} {"1":2,"2":4} [[1,2]]',
      '70 fleet-retired {"1":0,"2":100} {"1":0,"2":4} [[2]]',
      '80 deployment-finished {"2":100} {"2":4} [[2]]',
      'InService ',
    ]);
  });

  const secondBatch = ['traffic-shifted', 'batch-baked'].reduce((endpoint, event) => {
    const now = event === 'batch-baked' ? 30_000 : 0;
    return advanceEndpoint(endpoint, goodView(endpoint), now)!.record;
  }, begun);

  it('goes back batch by batch', () => {
    let step = advanceEndpoint(secondBatch, goodView(secondBatch, { problem: 'it crashes' }), 40_000)!;
    expect([trafficOf(step.record), targetsOf(step.record)]).toEqual([
      { 1: 50, 2: 50 },
      { 1: 3, 2: 2 },
    ]);
    step = advanceEndpoint(step.record, goodView(step.record), 50_000)!;
    expect([trafficOf(step.record), targetsOf(step.record)]).toEqual([
      { 1: 75, 2: 25 },
      { 1: 4, 2: 1 },
    ]);
    step = advanceEndpoint(step.record, goodView(step.record), 60_000)!;
    expect([trafficOf(step.record), targetsOf(step.record)]).toEqual([
      { 1: 100, 2: 0 },
      { 1: 4, 2: 0 },
    ]);
    step = advanceEndpoint(step.record, goodView(step.record), 70_000)!;
    expect(step.record.status).toBe('InService');
    expect(step.record.failureReason).toBe('the deployment was rolled back: it crashes');
  });

  it('whose rollback fails stays as it is, and the next update mends it', () => {
    const back = advanceEndpoint(
      secondBatch,
      goodView(secondBatch, { problem: 'it crashes' }),
      40_000,
    )!.record;
    const stuck = goodView(back, {
      instances: new Map([
        [1, both(2)],
        [2, both(2)],
      ]),
    });
    expect(advanceEndpoint(back, stuck, 639_999)).toBeNull();
    const full = { ...stuck, problemBack: 'there are 4 already' };
    expect(advanceEndpoint(back, full, 40_001)!.record).toMatchObject({
      status: 'UpdateRollbackFailed',
      failureReason: expect.stringMatching(/did not all come back: there are 4 already/) as string,
    });
    const failed = advanceEndpoint(back, stuck, 640_000)!.record;
    expect(failed.status).toBe('UpdateRollbackFailed');
    expect([trafficOf(failed), targetsOf(failed), copyGroups(failed)]).toEqual([
      { 1: 50, 2: 50 },
      { 1: 2, 2: 2 },
      [[1, 2]],
    ]);
    expect(Object.fromEntries(copiesByGeneration(failed, 6))).toEqual({ 1: 3, 2: 3 });

    const mend = beginEndpointDeployment(failed, generation(3, 4), null, 700_000);
    expect(targetsOf(mend)).toEqual({ 1: 2, 2: 2, 3: 4 });
    expect(trafficOf(mend)).toEqual({ 1: 50, 2: 50, 3: 0 });
    expect(story(mend, 1000).at(-1)).toBe('InService ');
  });
});

const size = fc.record({
  type: fc.constantFrom('INSTANCE_COUNT' as const, 'CAPACITY_PERCENT' as const),
  value: fc.integer({ min: 1, max: 50 }),
});
const wait = fc.integer({ min: 0, max: 300 });
const limit = fc.option(fc.integer({ min: 600, max: 28_800 }), { nil: undefined });
const anyConfig: fc.Arbitrary<DeploymentConfig | null> = fc.oneof(
  fc.constant(null),
  fc
    .tuple(size, wait, limit, fc.option(size, { nil: undefined }))
    .map(([maximumBatchSize, waitIntervalInSeconds, seconds, back]) => ({
      rollingUpdatePolicy: {
        maximumBatchSize,
        waitIntervalInSeconds,
        ...(seconds === undefined ? {} : { maximumExecutionTimeoutInSeconds: seconds }),
        ...(back === undefined ? {} : { rollbackMaximumBatchSize: back }),
      },
    })),
  fc
    .tuple(fc.constantFrom('ALL_AT_ONCE' as const, 'CANARY' as const, 'LINEAR' as const), size, wait, wait)
    .map(([type, one, waitIntervalInSeconds, terminationWaitInSeconds]) => ({
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type, waitIntervalInSeconds, canarySize: one, linearStepSize: one },
        terminationWaitInSeconds,
      },
    })),
);

/** What a turn brings: how much of the wished comes up, seconds that pass, and trouble. */
const turn = fc.record({
  speed: fc.integer({ min: 0, max: 3 }),
  seconds: fc.integer({ min: 0, max: 400 }),
  problem: fc.option(fc.constant('it crashes'), { freq: 8 }),
  alarms: fc.oneof(
    { arbitrary: fc.constant([]), weight: 8 },
    { arbitrary: fc.constant(['slow']), weight: 1 },
  ),
});

/** A made-up fleet: instances come slowly, and go as soon as they are too many. */
class World {
  readonly ready = new Map<number, number>();

  constructor(endpoint: EndpointRecord) {
    for (const [id, count] of Object.entries(targetsOf(endpoint))) this.ready.set(Number(id), count);
  }

  move(endpoint: EndpointRecord, speed: number): void {
    const targets = targetsOf(endpoint);
    for (const id of this.ready.keys()) if (targets[id] === undefined) this.ready.delete(id);
    for (const [id, target] of Object.entries(targets)) {
      const now = this.ready.get(Number(id)) ?? 0;
      this.ready.set(Number(id), Math.min(target, now + speed));
    }
  }

  get sum(): number {
    return [...this.ready.values()].reduce((sum, count) => sum + count, 0);
  }

  view(endpoint: EndpointRecord): Pick<EndpointView, 'instances' | 'copies'> {
    const ids = endpoint.generations.map(({ id }) => id);
    return {
      instances: new Map(ids.map((id) => [id, both(this.ready.get(id) ?? 0)])),
      copies: new Map(),
    };
  }
}

function checkRecord(endpoint: EndpointRecord): void {
  const traffic = endpoint.generations.map((one) => one.traffic);
  expect(traffic.reduce((sum, percent) => sum + percent, 0)).toBe(100);
  expect(Math.min(...traffic)).toBeGreaterThanOrEqual(0);
  for (const count of Object.values(targetsOf(endpoint))) expect(count).toBeGreaterThanOrEqual(0);
  const copies = [...copiesByGeneration(endpoint, 7).values()];
  expect(copies.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(7);
  if (endpoint.status === 'InService') expect(endpoint.generations).toHaveLength(1);
  if (endpoint.deployment === null) {
    expect(['InService', 'UpdateRollbackFailed']).toContain(endpoint.status);
  }
}

describe('any deployment', () => {
  const totals = fc.integer({ min: 0, max: 12 });
  /** Turns of a minute: a hundred steps of one percent, five minutes and a turn apart, and as much again to go back. */
  const wellTurnsMax = 1200;

  it('keeps what serves, whatever happens, and ends when things are well', () => {
    fc.assert(
      fc.property(
        totals,
        totals,
        anyConfig,
        fc.array(turn, { maxLength: 40 }),
        (old, next, config, turns) => {
          let endpoint = beginEndpointDeployment(serving(old), generation(2, next), config, 0);
          const world = new World(endpoint);
          world.ready.set(2, 0);
          let now = 0;
          const advance = (view: EndpointView) => {
            const step = advanceEndpoint(endpoint, view, now);
            expect(advanceEndpoint(structuredClone(endpoint), view, now)).toEqual(step);
            const wasBaking = endpoint.deployment?.phase === 'baking' && endpoint.status === 'Updating';
            if (wasBaking && view.alarmsRinging.length > 0) expect(step?.event).toBe('rollback-started');
            if (step !== null) endpoint = step.record;
            checkRecord(endpoint);
          };
          for (const { speed, seconds, problem, alarms } of turns) {
            now += seconds * 1000;
            world.move(endpoint, speed);
            expect(world.sum).toBeGreaterThanOrEqual(Math.min(old, next));
            advance({ ...world.view(endpoint), problem, problemBack: null, alarmsRinging: alarms });
          }
          for (let well = 0; well < wellTurnsMax && endpoint.deployment !== null; well++) {
            now += 60_000;
            world.move(endpoint, 20);
            expect(world.sum).toBeGreaterThanOrEqual(Math.min(old, next));
            advance({ ...world.view(endpoint), problem: null, problemBack: null, alarmsRinging: [] });
          }
          expect(endpoint.deployment).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });
});

it('instances of several variants are divided by their wishes', () => {
  const config: DeploymentConfig = {
    rollingUpdatePolicy: {
      maximumBatchSize: { type: 'CAPACITY_PERCENT', value: 50 },
      waitIntervalInSeconds: 0,
    },
  };
  const next = {
    ...generation(2, 0),
    variants: { a: { instanceCount: 3, weight: 1 }, b: { instanceCount: 1, weight: 1 } },
  };
  const begun = beginEndpointDeployment(serving(4), next, config, 0);
  expect(Object.fromEntries(instanceTargets(begun).get(2) ?? [])).toEqual({ a: 2, b: 1 });
});

it('without a deployment everything is as wished', () => {
  expect(targetsOf(serving(3))).toEqual({ 1: 3 });
  expect(copyGroups(serving(3))).toEqual([[1]]);
  expect(advanceEndpoint(serving(3), goodView(serving(3)), 0)).toBeNull();
  expect(copyGroups({ ...serving(3), generations: [] })).toEqual([]);
});
