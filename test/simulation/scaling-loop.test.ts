/** Scaling with the real control on virtual time: policies, alarms, schedules, and what is told of them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LatencyCounts, LoadSeries } from '../../src/contracts/load-reports.js';
import type { ComponentRecord } from '../../src/domain/inference-component.js';
import type { ScalableTargetRecord, ScalingActivityRecord } from '../../src/domain/scaling.js';
import { StubConduct } from '../conformance/stub-worker.js';
import { ControlWorld, home } from './control-world.js';

const resourceId = 'inference-component/inline';
const target = {
  serviceNamespace: 'sagemaker',
  resourceId,
  scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
};
const concurrency = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
const firstToken = {
  namespace: 'Stowage',
  metricName: 'TimeToFirstToken',
  dimensions: [{ name: 'InferenceComponentName', value: 'inline' }],
};
const nothing: LatencyCounts = {
  count: 0,
  sumMicroseconds: 0,
  minMicroseconds: 0,
  maxMicroseconds: 0,
  buckets: [],
};

function series(open: { readonly inFlight?: number; readonly held?: number }): LoadSeries {
  const { inFlight = 0, held = 0 } = open;
  return {
    scope: home,
    endpoint: 'apex',
    variant: 'all',
    component: 'inline',
    invocations: inFlight + held,
    errors4xx: 0,
    errors5xx: 0,
    modelErrors: 0,
    noCapacity: 0,
    modelLatency: nothing,
    overheadLatency: nothing,
    concurrencyMin: inFlight + held,
    concurrencyMax: inFlight + held,
    inFlight,
    queued: 0,
    held,
    promptTokens: 0,
    cachedTokens: 0,
    generatedTokens: 0,
    firstTokenLatency: nothing,
    callers: [],
  };
}

describe('scaling', () => {
  let world: ControlWorld;
  const execute = (operation: Parameters<ControlWorld['control']['execute']>[0], input: object) =>
    world.control.execute(operation, home, { ...target, ...input });
  const copies = () => (world.records('inference-component') as ComponentRecord[])[0]!.copyCount;
  const bounds = () => {
    const [{ minCapacity, maxCapacity }] = world.records('scalable-target') as [ScalableTargetRecord];
    return [minCapacity, maxCapacity];
  };
  const activities = () =>
    (world.records('scaling-activity') as ScalingActivityRecord[])
      .toSorted((a, b) => a.startedAt - b.startedAt)
      .map(({ status, description, notScaled }) => {
        const codes = notScaled.map(({ code }) => code);
        return `${status}: ${codes.length > 0 ? codes.join() : description}`;
      });
  const isServing = (count: number) => () => world.routes().length === count;

  const make = async (min: number, max: number, count = 1, wish = {}) => {
    world = new ControlWorld(wish);
    world.createEndpoint();
    world.createComponent({ copies: count });
    await world.until(isServing(count));
    execute('RegisterScalableTarget', { minCapacity: min, maxCapacity: max });
  };
  const track = (targetValue: number) =>
    execute('PutScalingPolicy', {
      policyName: 'follow',
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        targetValue,
        predefinedMetricSpecification: { predefinedMetricType: concurrency },
        scaleInCooldown: 0,
        scaleOutCooldown: 0,
      },
    });
  const hold = (targetValue: number) =>
    execute('PutScalingPolicy', {
      policyName: 'objective',
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        targetValue,
        customizedMetricSpecification: {
          metrics: [{ id: 'm', metricStat: { metric: firstToken, stat: 'p95' } }],
        },
      },
    });
  /** A report each second. */
  const load = async (open: { readonly inFlight?: number; readonly held?: number }, seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      world.report([series(open)]);
      await world.clock.pass(1_000);
    }
  };

  afterEach(() => {
    expect(world.violations).toEqual([]);
    world.checkLedger();
  });

  it('follows the load out in half a minute and in after a quarter of an hour, to zero, and says so', async () => {
    await make(0, 6);
    track(2);
    await load({ inFlight: 8 }, 45);
    expect(copies()).toBe(4);
    await load({ inFlight: 8 }, 60);
    expect(copies()).toBe(4);
    await world.clock.pass(880_000);
    expect(copies()).toBe(4);
    await world.clock.pass(60_000);
    expect(copies()).toBe(0);
    expect(world.routes()).toEqual([]);
    expect(activities()).toEqual([
      'Successful: Setting desired copy count to 4.',
      'Successful: Setting desired copy count to 0.',
    ]);
    const [first] = world.records('scaling-activity') as ScalingActivityRecord[];
    expect(first!.cause).toMatch(
      /^monitor alarm TargetTracking-inference-component\/inline-Alarm(High|Low)-\S+ in state ALARM triggered policy follow$/,
    );
    const { history } = world.control.explainComponent(home, 'inline');
    expect(history.some(({ reason }) => reason.includes('triggered policy follow'))).toBe(true);
  });

  it('brings a copy at once for a request that waits, and keeps it for a while', async () => {
    await make(0, 2, 0);
    track(2);
    await world.clock.pass(5_000);
    world.report([series({ held: 1 })], true);
    expect(await world.until(isServing(1))).toBeLessThan(300);
    await load({ inFlight: 1 }, 2);
    await world.clock.pass(880_000);
    expect(copies()).toBe(1);
    await world.clock.pass(60_000);
    expect(copies()).toBe(0);
    expect(activities()[0]).toBe('Successful: Setting desired copy count to 1.');
  });

  it('holds a request that comes while the last copy goes, and brings another copy for it', async () => {
    await make(0, 1);
    const [last] = world.routes();
    await world.clock.pass(880_000);
    const link = await world.occupy('inline-1');
    // Nothing was reported of the request that the copy has: the report of that second was lost.
    await world.until(() => copies() === 0, 1_000_000);
    await world.until(isServing(0));
    expect(world.copy('inline-1').state).toBe('draining');
    world.report([series({ held: 1 })], true);
    await world.until(isServing(1));
    expect(world.routes()[0]!.copy.incarnation).toBeGreaterThan(last!.copy.incarnation);
    expect(world.running()).toContain('inline-1 1 draining');
    expect(activities()).toEqual([
      'Overridden: Setting desired copy count to 0.',
      'Successful: Setting desired copy count to 1.',
    ]);
    link.close();
    await world.clock.pass(60_000);
    expect(copies()).toBe(1);
  });

  it('wakes also when control begins anew while a request waits, and not where scaling out is suspended', async () => {
    await make(0, 1, 0);
    world.restart();
    world.report([series({ held: 1 })]);
    await world.until(isServing(1));
    world.report([series({})]);
    world.scale('inline', 0);
    await world.until(isServing(0));
    execute('RegisterScalableTarget', { suspendedState: { dynamicScalingOutSuspended: true } });
    await load({ held: 1 }, 30);
    expect(copies()).toBe(0);
    expect(world.control.feed.current().endpoints[0]!.components[0]!.wakes).toBe(false);
    execute('RegisterScalableTarget', { suspendedState: { dynamicScalingOutSuspended: false } });
    await load({ held: 1 }, 1);
    expect(copies()).toBe(1);
  });

  it.each([
    ['waits', { held: 1 }, null],
    ['is in flight, and there is an objective', { inFlight: 1 }, 500],
  ])(
    'leaves who was set to zero there, though the report before said that one %s',
    async (_, open, firstTokenMs) => {
      await make(0, 1, 0);
      if (firstTokenMs !== null) hold(firstTokenMs);
      world.report([series({ held: 1 })], true);
      await world.until(isServing(1));
      await world.until(() => world.status() === 'InService');
      world.report([series(open)]);
      await world.clock.pass(900);
      world.scale('inline', 0);
      await world.clock.pass(5_000);
      expect(copies()).toBe(0);
      await load({}, 30);
      expect([copies(), world.status(), world.running()]).toEqual([0, 'InService', []]);
      world.report([series({ held: 1 })], true);
      expect(await world.until(isServing(1))).toBeLessThan(300);
    },
  );

  it('brings back who was set to zero while a request waits, as soon as a report says that it still does', async () => {
    await make(0, 1, 0);
    world.report([series({ held: 1 })], true);
    await world.until(() => copies() === 1);
    await world.until(() => world.status() === 'InService');
    world.report([series({ held: 1 })]);
    world.scale('inline', 0);
    await world.clock.pass(500);
    expect(copies()).toBe(0);
    world.report([series({ held: 1 })]);
    expect(await world.until(isServing(1))).toBeLessThan(300);
  });

  it('steps when an alarm that names its policy rings, once in its cooldown', async () => {
    await make(1, 5);
    const { policyARN } = execute('PutScalingPolicy', {
      policyName: 'steps',
      policyType: 'StepScaling',
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        cooldown: 120,
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    }) as { policyARN: string };
    const alarm = {
      alarmName: 'loud',
      namespace: 'Mine',
      metricName: 'Depth',
      comparisonOperator: 'GreaterThanThreshold',
    };
    world.control.execute('PutMetricAlarm', home, {
      ...alarm,
      evaluationPeriods: 1,
      period: 60,
      statistic: 'Average',
      threshold: 5,
      alarmActions: [policyARN],
    });
    await world.clock.pass(2_000);
    world.control.execute('SetAlarmState', home, {
      alarmName: 'loud',
      stateValue: 'ALARM',
      stateReason: 'by hand',
    });
    await world.clock.pass(1_000);
    expect(copies()).toBe(2);
    await world.clock.pass(110_000);
    expect(copies()).toBe(2);
    await world.clock.pass(30_000);
    expect(copies()).toBe(3);
    world.control.execute('SetAlarmState', home, {
      alarmName: 'loud',
      stateValue: 'OK',
      stateReason: 'by hand',
    });
    await world.clock.pass(300_000);
    expect(copies()).toBe(3);
    const causes = (world.records('scaling-activity') as ScalingActivityRecord[]).map(({ cause }) => cause);
    expect(causes).toEqual(Array(2).fill('monitor alarm loud in state ALARM triggered policy steps'));
  });

  it('takes a standstill of its own for no silence of those who have requests', async () => {
    await make(0, 4);
    await load({ inFlight: 2 }, 20);
    world.clock.stall(1_200_000);
    await world.clock.pass(1_000);
    expect(copies()).toBe(1);
    await load({ inFlight: 2 }, 20);
    expect(copies()).toBe(1);
  });

  it('runs scheduled actions when they are due, late when nobody was there, and not while suspended', async () => {
    await make(1, 4);
    const start = world.clock.wallNow();
    const at = (ms: number) => `at(${new Date(start + ms).toISOString().slice(0, 19)})`;
    const action = (name: string, schedule: string, minCapacity: number) =>
      execute('PutScheduledAction', {
        scheduledActionName: name,
        schedule,
        scalableTargetAction: { minCapacity },
      });
    action('more', at(60_000), 3);
    action('less', at(600_000), 0);
    action('never', at(1_200_000), 4);
    await world.clock.pass(59_000);
    expect(copies()).toBe(1);
    await world.clock.pass(3_000);
    expect([copies(), ...bounds()]).toEqual([3, 3, 4]);
    expect(activities()).toEqual([
      'Successful: Setting min capacity to 3 and max capacity to 4',
      'Successful: Setting desired copy count to 3.',
    ]);
    world.control.abandon();
    await world.clock.pass(700_000);
    world.restart();
    await world.until(isServing(3));
    await world.clock.pass(2_000);
    expect(bounds()).toEqual([0, 4]);
    execute('RegisterScalableTarget', { suspendedState: { scheduledScalingSuspended: true } });
    await world.clock.pass(600_000);
    expect(bounds()).toEqual([0, 4]);
  });

  it('says what there was no room for, and what another change took over', async () => {
    await make(1, 20);
    track(1);
    await load({ inFlight: 12 }, 90);
    const wanted = copies();
    expect(wanted).toBeGreaterThanOrEqual(12);
    const [activity] = (world.records('scaling-activity') as ScalingActivityRecord[]).filter(
      ({ capacity }) => capacity === wanted,
    );
    expect(activity).toMatchObject({ status: 'Unfulfilled', capacity: wanted });
    expect(activity!.statusMessage).toMatch(/^Only 4 of \d+ are there\. Reason: /);
  });

  it('waits while a deployment is under way, and says so', async () => {
    await make(1, 3);
    world.updateComponent({ conduct: StubConduct.Failing });
    execute('RegisterScalableTarget', { minCapacity: 2 });
    await world.clock.pass(2_000);
    expect(copies()).toBe(1);
    expect(activities()).toEqual(['Failed: TargetServicePutResourceAsUnscalable']);
  });

  it('keeps the newest hundred activities of a target, and none of one that is gone', async () => {
    await make(0, 3, 0);
    for (let turn = 0; turn < 120; turn++) {
      execute('RegisterScalableTarget', {
        minCapacity: turn % 2 === 0 ? 1 : 0,
        maxCapacity: turn % 2 === 0 ? 3 : 0,
      });
      await world.clock.pass(1_000);
    }
    expect(activities()).toHaveLength(100);
    execute('DeregisterScalableTarget', {});
    await world.clock.pass(1_000);
    expect(activities()).toEqual([]);
  });

  it('scales the instances of a variant with a model of its own', async () => {
    world = new ControlWorld();
    world.createModel('coder');
    world.createModelEndpoint('apex', 'coder', 1);
    await world.until(() => world.endpointStatus() === 'InService');
    const variant = {
      ...target,
      resourceId: 'endpoint/apex/variant/all',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    };
    execute('RegisterScalableTarget', { ...variant, minCapacity: 2, maxCapacity: 3 });
    await world.until(isServing(2));
    await world.clock.pass(1_000);
    execute('RegisterScalableTarget', { ...variant, minCapacity: 1, maxCapacity: 1 });
    await world.until(isServing(1));
    await world.until(() => world.records('instance').length === 1);
    await world.clock.pass(12_000);
    expect(activities()).toEqual([
      'Successful: Setting desired instance count to 2.',
      'Successful: Setting desired instance count to 1.',
    ]);
  });
});
