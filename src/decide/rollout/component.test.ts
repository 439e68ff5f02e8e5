import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComponentDeploymentConfig } from '../../domain/deployment.js';
import type { ComponentGeneration, ComponentRecord } from '../../domain/inference-component.js';
import { advanceComponent, beginComponentDeployment, type ComponentView, copyTargets } from './component.js';

function generation(id: number): ComponentGeneration {
  return { id, specifications: [], containers: [] };
}

function serving(copies: number): ComponentRecord {
  return {
    kind: 'inference-component',
    scope: { account: '123456789012', region: 'us-east-1' },
    name: 'c',
    endpointName: 'e',
    variantName: 'v',
    createdAt: 0,
    modifiedAt: 0,
    tags: [],
    status: 'InService',
    failureReason: null,
    copyCount: copies,
    generations: [generation(1)],
    deployment: null,
    deploymentConfig: null,
    failures: null,
  };
}

const byTwo: ComponentDeploymentConfig = {
  rollingUpdatePolicy: {
    maximumBatchSize: { type: 'COPY_COUNT', value: 2 },
    waitIntervalInSeconds: 30,
    maximumExecutionTimeoutInSeconds: 600,
    rollbackMaximumBatchSize: { type: 'CAPACITY_PERCENT', value: 25 },
  },
};

function countsOf(component: ComponentRecord): number[] {
  return copyTargets(component).map(({ count }) => count);
}

function viewOf(ready: readonly number[], changes: Partial<ComponentView> = {}): ComponentView {
  const counts = new Map(ready.map((count, index) => [index + 1, count]));
  return { ready: counts, total: counts, problem: null, problemBack: null, alarmsRinging: [], ...changes };
}

function goodView(component: ComponentRecord): ComponentView {
  const counts = new Map(copyTargets(component).map((target) => [target.generation, target.count]));
  return { ready: counts, total: counts, problem: null, problemBack: null, alarmsRinging: [] };
}

function story(begun: ComponentRecord): string[] {
  const lines: string[] = [];
  let component = begun;
  for (let now = 0; component.deployment !== null && now < 1e8; now += 10_000) {
    const step = advanceComponent(component, goodView(component), now);
    if (step === null) continue;
    component = step.record;
    lines.push(`${now / 1000} ${step.event} ${countsOf(component).join(' ')}`);
  }
  return [...lines, `${component.status} ${component.generations.map(({ id }) => id).join(' ')}`];
}

it('a rolling update replaces batch by batch', () => {
  const begun = beginComponentDeployment(serving(5), generation(2), byTwo, 0);
  expect(begun.status).toBe('Updating');
  expect(countsOf(begun)).toEqual([5, 2]);
  expect(story(begun)).toEqual([
    '0 batch-readied 5 2',
    '30 batch-baked 3 4',
    '40 batch-readied 3 4',
    '70 batch-baked 1 5',
    '80 batch-readied 1 5',
    '110 batch-baked 0 5',
    '120 deployment-finished 5',
    'InService 2',
  ]);
});

it('without a configuration each copy that is ready lets an old one go', () => {
  const begun = beginComponentDeployment(serving(3), generation(2), null, 0);
  expect(countsOf(begun)).toEqual([3, 3]);
  expect(advanceComponent(begun, viewOf([3, 0]), 1)).toBeNull();
  const one = advanceComponent(begun, viewOf([3, 1]), 1)!.record;
  expect(countsOf(one)).toEqual([2, 3]);
  const all = advanceComponent(one, viewOf([2, 3]), 2)!.record;
  expect(countsOf(all)).toEqual([0, 3]);
  expect(advanceComponent(all, viewOf([1, 3]), 3)).toBeNull();
  expect(advanceComponent(all, viewOf([0, 3]), 4)?.record.generations.map(({ id }) => id)).toEqual([2]);
});

describe('a component goes back', () => {
  const begun = beginComponentDeployment(serving(4), generation(2), byTwo, 0);
  const baking = advanceComponent(begun, viewOf([4, 2]), 0)!.record;
  const second = advanceComponent(baking, viewOf([4, 2]), 30_000)!.record;

  it.each([
    [
      'at an alarm while it bakes',
      baking,
      viewOf([4, 2], { alarmsRinging: ['slow'] }),
      1000,
      'alarm slow rang',
    ],
    ['when its new copies fail', begun, viewOf([4, 0], { problem: 'it crashes' }), 1000, 'it crashes'],
    ['when its time is over', begun, viewOf([4, 0]), 600_000, 'it was not done within 600 s'],
  ])('%s', (_, component, view, now, reason) => {
    const back = advanceComponent(component, view, now)!;
    expect([back.event, back.reason]).toEqual(['rollback-started', reason]);
    expect(countsOf(back.record)).toEqual([4, 0]);
    expect(advanceComponent(back.record, viewOf([4, 1]), now)).toBeNull();
    const done = advanceComponent(back.record, viewOf([4, 0]), now)!.record;
    expect([done.status, done.failureReason]).toEqual([
      'InService',
      `the deployment was rolled back: ${reason}`,
    ]);
    expect(copyTargets(done)).toEqual([{ generation: 1, count: 4 }]);
  });

  it('in batches when some new copies serve already', () => {
    let component = advanceComponent(second, viewOf([2, 2], { problem: 'it crashes' }), 40_000)!.record;
    expect(countsOf(component)).toEqual([3, 2]);
    expect(advanceComponent(component, viewOf([2, 2]), 639_999)).toBeNull();
    const noRoom = viewOf([2, 2], { problemBack: 'there is no room' });
    expect(advanceComponent(component, noRoom, 50_000)!.reason).toMatch(/come back: there is no room$/);
    expect(advanceComponent(component, viewOf([2, 2]), 640_000)!.record).toMatchObject({
      status: 'InService',
      failureReason: expect.stringContaining('did not all come back: their time is over') as string,
      generations: [{ id: 1 }],
      deployment: null,
    });
    component = advanceComponent(component, viewOf([3, 2]), 50_000)!.record;
    expect(countsOf(component)).toEqual([4, 1]);
    component = advanceComponent(component, viewOf([4, 1]), 60_000)!.record;
    expect(countsOf(component)).toEqual([4, 0]);
  });

  it('to nothing that serves: then it has failed', () => {
    const back = advanceComponent(begun, viewOf([0, 0], { problem: 'it crashes' }), 1)!.record;
    expect(advanceComponent(back, viewOf([0, 0]), 2)!.record).toMatchObject({
      status: 'Failed',
      failureReason: 'the deployment was rolled back: it crashes',
    });
  });

  it('not at all when it had failed: then it begins anew', () => {
    const failed = { ...serving(4), status: 'Failed' } as const;
    const updated = beginComponentDeployment(failed, generation(2), byTwo, 0);
    expect(updated).toMatchObject({ status: 'Updating', deployment: null, deploymentConfig: byTwo });
    expect(copyTargets(updated)).toEqual([{ generation: 2, count: 4 }]);
  });

  it('not at an alarm before it has new copies', () => {
    expect(advanceComponent(begun, viewOf([4, 0], { alarmsRinging: ['slow'] }), 1)).toBeNull();
  });
});

const size = fc.record({
  type: fc.constantFrom('COPY_COUNT' as const, 'CAPACITY_PERCENT' as const),
  value: fc.integer({ min: 1, max: 50 }),
});
const anyConfig: fc.Arbitrary<ComponentDeploymentConfig | null> = fc.option(
  fc
    .tuple(size, fc.integer({ min: 0, max: 300 }), fc.option(size, { nil: undefined }))
    .map(([maximumBatchSize, waitIntervalInSeconds, back]) => ({
      rollingUpdatePolicy: {
        maximumBatchSize,
        waitIntervalInSeconds,
        maximumExecutionTimeoutInSeconds: 3600,
        ...(back === undefined ? {} : { rollbackMaximumBatchSize: back }),
      },
    })),
);
const turn = fc.record({
  speed: fc.integer({ min: 0, max: 2 }),
  seconds: fc.integer({ min: 0, max: 400 }),
  problem: fc.option(fc.constant('it crashes'), { freq: 8 }),
  alarms: fc.oneof(
    { arbitrary: fc.constant([]), weight: 8 },
    { arbitrary: fc.constant(['slow']), weight: 1 },
  ),
});

it('any update keeps as many ready copies as there were, and ends when things are well', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      anyConfig,
      fc.array(turn, { maxLength: 40 }),
      (copies, config, turns) => {
        let component = beginComponentDeployment(serving(copies), generation(2), config, 0);
        let ready = [copies, 0];
        let now = 0;
        const move = (speed: number) => {
          const targets = new Map(copyTargets(component).map((target) => [target.generation, target.count]));
          ready = ready.map((count, index) => Math.min(targets.get(index + 1) ?? 0, count + speed));
          expect(ready[0]! + ready[1]!).toBeGreaterThanOrEqual(copies);
        };
        const advance = (changes: Partial<ComponentView>) => {
          const view = viewOf(ready, changes);
          const step = advanceComponent(component, view, now);
          expect(advanceComponent(structuredClone(component), view, now)).toEqual(step);
          if (component.deployment?.phase === 'baking' && view.alarmsRinging.length > 0) {
            expect(step?.event).toBe('rollback-started');
          }
          component = step?.record ?? component;
        };
        for (const { speed, seconds, problem, alarms } of turns) {
          now += seconds * 1000;
          move(speed);
          advance({ problem, alarmsRinging: alarms });
        }
        for (let well = 0; well < 200 && component.deployment !== null; well++) {
          now += 60_000;
          move(20);
          advance({});
        }
        expect([component.deployment, component.status, component.generations.length]).toEqual([
          null,
          'InService',
          1,
        ]);
      },
    ),
    { numRuns: 500 },
  );
});
