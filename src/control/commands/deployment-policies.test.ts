import { describe, expect, it } from 'vitest';
import { Desk, home } from '../../../test/control/desk.js';
import type {
  BlueGreenUpdatePolicy,
  CapacitySize,
  ComponentDeploymentConfig,
  DeploymentConfig,
} from '../../domain/deployment.js';
import { StowageError } from '../../domain/errors.js';
import { checkComponentDeployment, checkDeployment } from './deployment-policies.js';

const percent = (value: number): CapacitySize => ({ type: 'CAPACITY_PERCENT', value });
const instances = (value: number): CapacitySize => ({ type: 'INSTANCE_COUNT', value });
const copies = (value: number): CapacitySize => ({ type: 'COPY_COUNT', value });

type Routing = BlueGreenUpdatePolicy['trafficRoutingConfiguration'];

function blueGreen(routing: Omit<Routing, 'waitIntervalInSeconds'>): DeploymentConfig {
  const trafficRoutingConfiguration = { waitIntervalInSeconds: 60, ...routing };
  return { blueGreenUpdatePolicy: { trafficRoutingConfiguration } };
}
const canary = (canarySize?: CapacitySize) =>
  blueGreen({ type: 'CANARY', ...(canarySize === undefined ? {} : { canarySize }) });
const linear = (linearStepSize: CapacitySize) => blueGreen({ type: 'LINEAR', linearStepSize });
const rolling = (maximumBatchSize: CapacitySize, rollbackMaximumBatchSize?: CapacitySize) => ({
  rollingUpdatePolicy: {
    maximumBatchSize,
    waitIntervalInSeconds: 60,
    ...(rollbackMaximumBatchSize === undefined ? {} : { rollbackMaximumBatchSize }),
  },
});

/** The refusal's text; null = it is allowed. */
function problemOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (thrown) {
    if (thrown instanceof StowageError) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
}

const allowed = null;
const tooBig = 'percent.';

describe('the deployment policy of an endpoint', () => {
  it.each<[string, DeploymentConfig, string | null]>([
    ['all at once', blueGreen({ type: 'ALL_AT_ONCE' }), allowed],
    ['only alarms', { autoRollbackConfiguration: { alarms: [{ alarmName: 'errors' }] } }, allowed],
    ['a canary of 50 percent', canary(percent(50)), allowed],
    ['a canary of 51 percent', canary(percent(51)), tooBig],
    ['a canary of half the instances', canary(instances(5)), allowed],
    ['a canary of more', canary(instances(6)), '6 of 10 instances, expected 1 to 50 percent'],
    ['a canary of no size', canary(), 'is missing with the type CANARY'],
    [
      'a canary with a step',
      blueGreen({ type: 'CANARY', canarySize: percent(5), linearStepSize: percent(10) }),
      'has no meaning with the type CANARY',
    ],
    ['a linear step of 10 percent', linear(percent(10)), allowed],
    ['a linear step of 9 percent', linear(percent(9)), tooBig],
    ['a linear step of 51 percent', linear(percent(51)), tooBig],
    ['a linear step of an instance', linear(instances(1)), allowed],
    ['a rolling batch of 5 percent', rolling(percent(5)), allowed],
    ['a rolling batch of 4 percent', rolling(percent(4)), tooBig],
    ['a rolling batch of 51 percent', rolling(percent(51)), tooBig],
    ['a rollback in one batch', rolling(percent(50), percent(100)), allowed],
    ['a rollback of more than all', rolling(percent(50), percent(101)), tooBig],
    ['two policies', { ...canary(percent(5)), ...rolling(percent(5)) }, 'give one of them'],
    [
      'an alarm that is not there',
      { autoRollbackConfiguration: { alarms: [{ alarmName: 'nothing' }] } },
      'NAME-410 Could not find alarm',
    ],
    ['an alarm without a name', { autoRollbackConfiguration: { alarms: [{}] } }, 'is missing'],
    [
      'a limit that its waits use up',
      {
        rollingUpdatePolicy: {
          ...rolling(percent(5)).rollingUpdatePolicy,
          waitIntervalInSeconds: 600,
          maximumExecutionTimeoutInSeconds: 600,
        },
      },
      'does not outlast the waits of 600 s',
    ],
  ])('with %s', (_, config, problem) => {
    const desk = new Desk();
    desk.run('PutMetricAlarm', {
      alarmName: 'errors',
      namespace: 'AWS/SageMaker',
      metricName: 'Invocations',
      statistic: 'Sum',
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: 'GreaterThanThreshold',
    });
    const size = { instances: 10, variantCount: 1 };
    const found = problemOf(() => checkDeployment(config, size, desk.state, home));
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });

  it('may move a single instance, which is all of it', () => {
    const { state } = new Desk();
    for (const config of [canary(instances(1)), linear(instances(1)), rolling(instances(1))]) {
      const size = { instances: 1, variantCount: 1 };
      expect(problemOf(() => checkDeployment(config, size, state, home))).toBeNull();
    }
  });

  it('is not rolling where there are several variants', () => {
    const size = { instances: 4, variantCount: 2 };
    const found = problemOf(() => checkDeployment(rolling(percent(5)), size, new Desk().state, home));
    expect(found).toContain('this one has 2; use BlueGreenUpdatePolicy');
  });
});

describe('the deployment policy of an inference component', () => {
  it.each<[string, ComponentDeploymentConfig, number, string | null]>([
    ['half of the copies', rolling(copies(2)), 4, allowed],
    ['most of the copies', rolling(copies(3)), 4, '3 of 4 copies'],
    ['the only copy', rolling(copies(1)), 1, allowed],
    ['no copies at all', rolling(copies(3)), 0, allowed],
    ['too few', rolling(copies(1)), 100, '1 of 100 copies, expected 5 to 50 percent'],
    ['50 percent', rolling(percent(50)), 4, allowed],
    ['60 percent', rolling(percent(60)), 4, tooBig],
  ])('with batches of %s', (_, config, count, problem) => {
    const found = problemOf(() => checkComponentDeployment(config, count, new Desk().state, home));
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });
});
