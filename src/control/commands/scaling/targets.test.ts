import { describe, expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../../test/control/desk.js';

const resourceId = 'inference-component/chat';
const target = {
  serviceNamespace: 'sagemaker',
  resourceId,
  scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
};
const variant = {
  serviceNamespace: 'sagemaker',
  resourceId: 'endpoint/shop/variant/main',
  scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const tracking = {
  policyName: 'follow',
  policyType: 'TargetTrackingScaling' as const,
  targetTrackingScalingPolicyConfiguration: {
    targetValue: 5,
    predefinedMetricSpecification: {
      predefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
    },
  },
};
const night = {
  scheduledActionName: 'night',
  schedule: 'cron(0 22 * * ? *)',
  scalableTargetAction: { maxCapacity: 1 },
};

function desk(): Desk {
  return new Desk().withModel('own').withEndpoint().withComponent('chat');
}

/** A desk with a variant that runs its own model as well. */
function withModelVariant(): Desk {
  const made = desk();
  made.run('CreateEndpointConfig', {
    endpointConfigName: 'solo',
    productionVariants: [
      { variantName: 'own', modelName: 'own', instanceType: 'local.cpu', initialInstanceCount: 1 },
    ],
  });
  made.run('CreateEndpoint', { endpointName: 'solo', endpointConfigName: 'solo' });
  return made;
}

function scaled(): Desk {
  const made = desk();
  made.run('RegisterScalableTarget', { ...target, minCapacity: 0, maxCapacity: 4 });
  made.run('PutScalingPolicy', { ...target, ...tracking });
  made.run('PutScheduledAction', { ...target, ...night });
  made.put({
    kind: 'scaling-activity',
    scope: home,
    name: 'one',
    resourceId,
    dimension: 'sagemaker:inference-component:DesiredCopyCount',
    startedAt: 1,
    endedAt: 2,
    description: '',
    cause: '',
    status: 'Successful',
    statusMessage: '',
    details: null,
    notScaled: [],
    capacity: 1,
  });
  return made;
}

/** What is left of scaling. */
function leftOf({ state }: Desk): number {
  return (
    state.scalableTargets(home).length +
    state.scalingPolicies(home).length +
    state.scheduledActions(home).length +
    state.scalingActivities(home).length +
    state.alarms(home).length
  );
}

describe('a scalable target', () => {
  it('is found by its resource, and by its own account only', () => {
    const made = scaled();
    const registered = made.run('DescribeScalableTargets', { serviceNamespace: 'sagemaker' }).scalableTargets;
    expect(registered).toMatchObject([{ ...target, minCapacity: 0, maxCapacity: 4 }]);
    const others = made.run('DescribeScalableTargets', { serviceNamespace: 'sagemaker' }, elsewhere);
    expect(others.scalableTargets).toEqual([]);
    const named = { serviceNamespace: 'sagemaker', resourceIds: ['inference-component/none'] };
    expect(made.run('DescribeScalableTargets', named).scalableTargets).toEqual([]);
  });

  it('changes only in what is named', () => {
    const made = scaled();
    made.run('RegisterScalableTarget', { ...target, maxCapacity: 9 });
    made.run('RegisterScalableTarget', { ...target, suspendedState: { dynamicScalingInSuspended: true } });
    made.run('RegisterScalableTarget', { ...target, suspendedState: { scheduledScalingSuspended: true } });
    expect(made.state.scalableTarget(home, resourceId)?.value).toMatchObject({
      minCapacity: 0,
      maxCapacity: 9,
      suspended: {
        dynamicScalingInSuspended: true,
        dynamicScalingOutSuspended: false,
        scheduledScalingSuspended: true,
      },
    });
  });

  it.each([
    ['another service', { serviceNamespace: 'ecs' }, 'REQ-212'],
    ['a dimension that nothing has here', { scalableDimension: 'ecs:service:DesiredCount' }, 'REQ-212'],
    ['a dimension of another kind', { scalableDimension: variant.scalableDimension }, 'REQ-210'],
    ['a resource of no kind', { resourceId: 'chat' }, 'REQ-210'],
    ['a component that is not there', { resourceId: 'inference-component/none' }, 'REQ-210'],
    ['no minimum', { minCapacity: undefined }, 'REQ-210'],
    ['a minimum above the maximum', { minCapacity: 5 }, 'REQ-210'],
    ['a minimum below zero', { minCapacity: -1 }, 'REQ-210'],
    ['more copies than there may be', { maxCapacity: 10_001 }, 'LIMIT-710'],
    ['tags in the name of AWS', { tags: { 'aws:x': '' } }, 'REQ-210'],
  ])('with %s is refused', (_, members, code) => {
    const input = { ...target, minCapacity: 0, maxCapacity: 4, ...members };
    expect(desk().refusal('RegisterScalableTarget', input as never).code).toBe(code);
  });

  it('of a variant never goes to zero: nothing would bring the first instance back', () => {
    const made = withModelVariant();
    const bounds = { minCapacity: 0, maxCapacity: 2 };
    expect(made.refusal('RegisterScalableTarget', { ...variant, ...bounds }).code).toBe('REQ-210');
    made.run('RegisterScalableTarget', { ...variant, ...bounds, minCapacity: 1 });
    const low = { ...variant, ...night, scalableTargetAction: { minCapacity: 0 } };
    expect(made.refusal('PutScheduledAction', low).code).toBe('REQ-210');
    made.run('PutScheduledAction', { ...low, scalableTargetAction: { minCapacity: 2 } });
    const own = { ...variant, resourceId: 'endpoint/solo/variant/own', maxCapacity: 2 };
    expect(made.refusal('RegisterScalableTarget', { ...own, minCapacity: 0 }).code).toBe('REQ-210');
    made.run('RegisterScalableTarget', { ...own, minCapacity: 1 });
    const none = { ...own, resourceId: 'endpoint/solo/variant/none', minCapacity: 1 };
    expect(made.refusal('RegisterScalableTarget', none).code).toBe('REQ-210');
  });

  it('of a variant is none where managed scaling writes the number', () => {
    const made = desk();
    const input = { ...variant, minCapacity: 1, maxCapacity: 2 };
    for (const [status, isRefused] of [
      ['ENABLED', true],
      ['DISABLED', false],
    ] as const) {
      const endpoint = made.state.endpoint(home, 'shop')!.value;
      const generations = endpoint.generations.map((one) => ({
        ...one,
        config: {
          ...one.config,
          productionVariants: one.config.productionVariants.map((each) => ({
            ...each,
            managedInstanceScaling: { status, minInstanceCount: 1, maxInstanceCount: 4 },
          })),
        },
      }));
      made.change(endpoint, { generations });
      if (isRefused) expect(made.refusal('RegisterScalableTarget', input).code).toBe('REQ-210');
      else made.run('RegisterScalableTarget', input);
    }
  });

  it('shows what its schedules did, and why nothing was done to who asks for that', () => {
    const made = scaled();
    const [one] = made.state.scalingActivities(home);
    made.put({ ...one!.value, name: 'scheduled', capacity: null });
    made.put({ ...one!.value, name: 'not', capacity: null, notScaled: [{ code: 'AlreadyAtMaxCapacity' }] });
    const ids = (more: object) =>
      made
        .run('DescribeScalingActivities', { ...target, ...more })
        .scalingActivities.map(({ activityId }) => activityId)
        .sort();
    expect(ids({})).toEqual(['one', 'scheduled']);
    expect(ids({ includeNotScaledActivities: true })).toEqual(['not', 'one', 'scheduled']);
  });

  it('takes all that is its own with it, and so do its component and its endpoint', () => {
    const deregistered = scaled();
    deregistered.run('DeregisterScalableTarget', target);
    expect(leftOf(deregistered)).toBe(0);

    const deleted = scaled();
    deleted.run('DeleteInferenceComponent', { inferenceComponentName: 'chat' });
    expect(leftOf(deleted)).toBe(0);

    const gone = withModelVariant();
    const own = { ...variant, resourceId: 'endpoint/solo/variant/own' };
    gone.run('RegisterScalableTarget', { ...own, minCapacity: 1, maxCapacity: 2 });
    gone.run('RegisterScalableTarget', { ...variant, minCapacity: 1, maxCapacity: 2 });
    gone.run('DeleteEndpoint', { endpointName: 'solo' });
    expect(gone.state.scalableTargets(home).map(({ value }) => value.name)).toEqual([variant.resourceId]);
  });

  it('has its list cut into pages that a token of another question does not continue', () => {
    const made = desk().withComponent('a').withComponent('b');
    for (const name of ['chat', 'a', 'b']) {
      const named = { ...target, resourceId: `inference-component/${name}` };
      made.run('RegisterScalableTarget', { ...named, minCapacity: 1, maxCapacity: 2 });
    }
    const query = { serviceNamespace: 'sagemaker', maxResults: 2 };
    const first = made.run('DescribeScalableTargets', query);
    expect(first.scalableTargets.map((one) => one.resourceId)).toEqual([
      'inference-component/a',
      'inference-component/b',
    ]);
    const { nextToken = '' } = first;
    const second = made.run('DescribeScalableTargets', { ...query, nextToken });
    expect(second.scalableTargets.map((one) => one.resourceId)).toEqual([resourceId]);
    expect(second.nextToken).toBeUndefined();
    const other = { ...query, nextToken, resourceIds: [resourceId] };
    expect(made.refusal('DescribeScalableTargets', other).code).toBe('LIMIT-711');
    expect(made.refusal('DescribeScalableTargets', { ...query, maxResults: 51 }).code).toBe('REQ-210');
  });
});

describe('a scheduled action', () => {
  it('changes in what is named, and loses times that are not', () => {
    const made = scaled();
    const times = { startTime: 1_000, endTime: 2_000 };
    made.run('PutScheduledAction', { ...target, ...night, ...times, timezone: 'Asia/Tokyo' });
    made.run('PutScheduledAction', { ...target, scheduledActionName: 'night', schedule: 'rate(1 day)' });
    const { scheduledActions } = made.run('DescribeScheduledActions', target);
    expect(scheduledActions).toMatchObject([
      { schedule: 'rate(1 day)', timezone: 'Asia/Tokyo', scalableTargetAction: { maxCapacity: 1 } },
    ]);
    expect(scheduledActions[0]).not.toHaveProperty('startTime');
  });

  it.each([
    ['a schedule of five fields', { schedule: 'cron(0 22 * * *)' }],
    ['a schedule of words', { schedule: 'tomorrow' }],
    ['a rate of nothing', { schedule: 'rate(0 days)' }],
    ['a zone that there is not', { timezone: 'Mars/North' }],
    ['an end before its start', { startTime: 2, endTime: 1 }],
    ['a start where dates end', { startTime: 8.64e15 }],
    ['an end more than a century ago', { startTime: -9e12, endTime: -8e12 }],
    ['nothing to do', { scalableTargetAction: {} }],
    ['bounds the wrong way round', { scalableTargetAction: { minCapacity: 2, maxCapacity: 1 } }],
  ])('with %s is refused', (_, members) => {
    const made = scaled();
    expect(made.refusal('PutScheduledAction', { ...target, ...night, ...members }).code).toBe('REQ-210');
  });

  it('was not due before its times were said', () => {
    const made = scaled();
    const stored = () => made.state.scheduledActions(home)[0]!.value;
    const first = stored().definedAt!;
    made.now += 60_000;
    made.run('PutScheduledAction', { ...target, ...night, scalableTargetAction: { maxCapacity: 2 } });
    expect(stored()).toMatchObject({ definedAt: first, maxCapacity: 2 });
    made.run('PutScheduledAction', { ...target, ...night, schedule: 'cron(0 9 * * ? *)' });
    expect(stored().definedAt).toBe(made.now);
    made.now += 60_000;
    made.run('PutScheduledAction', { ...target, scheduledActionName: 'night', startTime: 1_000 });
    expect(stored().definedAt).toBe(made.now);
  });

  it('needs a target, and is gone once', () => {
    expect(desk().refusal('PutScheduledAction', { ...target, ...night }).code).toBe('NAME-410');
    const made = scaled();
    made.run('DeleteScheduledAction', { ...target, scheduledActionName: 'night' });
    const again = { ...target, scheduledActionName: 'night' };
    expect(made.refusal('DeleteScheduledAction', again).code).toBe('NAME-410');
  });
});
