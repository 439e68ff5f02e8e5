/** Application Auto Scaling through the official client: the commands themselves, on a state in memory. */
import {
  type ApplicationAutoScalingClient,
  ApplicationAutoScalingServiceException,
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  GetPredictiveScalingForecastCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Control } from '../../src/control/facade.js';
import type { Scope } from '../../src/domain/scope.js';
import { Desk } from '../control/desk.js';
import { type ControlServer, serveControl } from './control-server.js';

let server: ControlServer<Pick<Control, 'execute'>>;
let client: ApplicationAutoScalingClient;
let desk = new Desk();
const account = '210987654321';
const scope: Scope = { account, region: 'us-east-1' };

beforeAll(async () => {
  server = await serveControl({
    execute: (operation, caller, input) => desk.run(operation, input as never, caller),
  });
  client = server.scaling();
});
afterAll(async () => {
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});
beforeEach(() => {
  desk = new Desk(scope).withEndpoint().withComponent('chat');
});

const target = {
  ServiceNamespace: 'sagemaker' as const,
  ResourceId: 'inference-component/chat',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount' as const,
};

async function register(MinCapacity = 0, MaxCapacity = 3): Promise<string> {
  const command = new RegisterScalableTargetCommand({ ...target, MinCapacity, MaxCapacity });
  return (await client.send(command)).ScalableTargetARN ?? '';
}

async function refusalOf(call: Promise<unknown>): Promise<readonly [string, string]> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ApplicationAutoScalingServiceException)) throw new Error('the call was not refused');
  return [error.name, error.message];
}

describe('a scalable target', () => {
  it('is registered, changed in what is named, shown, tagged and taken away', async () => {
    const arn = await register();
    expect(arn).toMatch(
      /^arn:aws:application-autoscaling:us-east-1:210987654321:scalable-target\/[0-9a-f]{32}$/,
    );
    const suspend = { ...target, SuspendedState: { ScheduledScalingSuspended: true } };
    expect(await client.send(new RegisterScalableTargetCommand(suspend))).toMatchObject({
      ScalableTargetARN: arn,
    });
    const { ScalableTargets } = await client.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'sagemaker', ResourceIds: [target.ResourceId] }),
    );
    expect(ScalableTargets).toEqual([
      {
        ...target,
        MinCapacity: 0,
        MaxCapacity: 3,
        RoleARN: expect.stringContaining(`arn:aws:iam::${account}:role/aws-service-role/`) as string,
        CreationTime: expect.any(Date) as Date,
        ScalableTargetARN: arn,
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: true,
        },
      },
    ]);
    await client.send(new TagResourceCommand({ ResourceARN: arn, Tags: { team: 'search', cost: '7' } }));
    await client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: ['cost', 'none'] }));
    const listed = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    expect(listed.Tags).toEqual({ team: 'search' });
    await client.send(new DeregisterScalableTargetCommand(target));
    expect(await refusalOf(client.send(new DeregisterScalableTargetCommand(target)))).toEqual([
      'ObjectNotFoundException',
      'Could not find scalable target "inference-component/chat, sagemaker:inference-component:DesiredCopyCount".',
    ]);
    const [name] = await refusalOf(client.send(new ListTagsForResourceCommand({ ResourceARN: arn })));
    expect(name).toBe('ResourceNotFoundException');
  });

  it('has its activities listed, page by page, newest first', async () => {
    await register();
    for (const [index, capacity] of [2, null, 0].entries()) {
      desk.put({
        kind: 'scaling-activity',
        scope,
        name: `activity-${index}`,
        resourceId: target.ResourceId,
        dimension: target.ScalableDimension,
        startedAt: 1_000 * (index + 1),
        endedAt: capacity === null ? null : 1_000 * (index + 2),
        description: `the ${index}th`,
        cause: 'a test',
        status: 'Successful',
        statusMessage: 'done',
        details: null,
        notScaled: capacity === null ? [{ code: 'AlreadyAtMaxCapacity', maxCapacity: 3 }] : [],
        capacity,
      });
    }
    const pages = new DescribeScalingActivitiesCommand({ ...target, MaxResults: 1 });
    const first = await client.send(pages);
    expect(first.ScalingActivities?.map(({ Description }) => Description)).toEqual(['the 2th']);
    const { NextToken } = first;
    const second = await client.send(
      new DescribeScalingActivitiesCommand({ ...target, MaxResults: 1, NextToken }),
    );
    expect(second.ScalingActivities?.map(({ Description }) => Description)).toEqual(['the 0th']);
    expect(second.NextToken).toBeUndefined();
    const all = await client.send(
      new DescribeScalingActivitiesCommand({ ...target, IncludeNotScaledActivities: true }),
    );
    expect(all.ScalingActivities?.map(({ NotScaledReasons }) => NotScaledReasons)).toEqual([
      undefined,
      [{ Code: 'AlreadyAtMaxCapacity', MaxCapacity: 3 }],
      undefined,
    ]);
    const foreign = new DescribeScalingActivitiesCommand({ ServiceNamespace: 'sagemaker', NextToken });
    expect((await refusalOf(client.send(foreign)))[0]).toBe('InvalidNextTokenException');
  });
});

describe('a policy', () => {
  it('of target tracking has two alarms, which follow it and go with it', async () => {
    await register();
    const policy = {
      ...target,
      PolicyName: 'follow',
      PolicyType: 'TargetTrackingScaling' as const,
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 5,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution' as const,
        },
        ScaleInCooldown: 60,
      },
    };
    const put = await client.send(new PutScalingPolicyCommand(policy));
    expect(put.PolicyARN).toMatch(
      /^arn:aws:autoscaling:us-east-1:210987654321:scalingPolicy:[0-9a-f-]{36}:resource\/sagemaker\/inference-component\/chat:policyName\/follow$/,
    );
    expect(put.Alarms?.map(({ AlarmName = '' }) => AlarmName.replace(/-[0-9a-f-]{36}$/, ''))).toEqual([
      'TargetTracking-inference-component/chat-AlarmHigh',
      'TargetTracking-inference-component/chat-AlarmLow',
    ]);
    const { ScalingPolicies } = await client.send(new DescribeScalingPoliciesCommand(target));
    expect(ScalingPolicies).toEqual([
      { ...policy, PolicyARN: put.PolicyARN, Alarms: put.Alarms, CreationTime: expect.any(Date) as Date },
    ]);
    await client.send(new DeleteScalingPolicyCommand({ ...target, PolicyName: 'follow' }));
    expect(desk.state.alarms(scope)).toEqual([]);
    const again = client.send(new DeleteScalingPolicyCommand({ ...target, PolicyName: 'follow' }));
    expect(await refusalOf(again)).toEqual([
      'ObjectNotFoundException',
      'Could not find scaling policy "follow of inference-component/chat".',
    ]);
  });

  it('of predictive scaling is refused by name', async () => {
    await register();
    const predictive = { ...target, PolicyName: 'ahead', PolicyType: 'PredictiveScaling' as const };
    const [name, message] = await refusalOf(client.send(new PutScalingPolicyCommand(predictive)));
    expect([name, message]).toEqual(['ValidationException', expect.stringContaining('PolicyType')]);
    const forecast = new GetPredictiveScalingForecastCommand({
      ...target,
      PolicyName: 'ahead',
      StartTime: new Date(0),
      EndTime: new Date(1),
    });
    expect((await refusalOf(client.send(forecast)))[0]).toBe('UnknownOperationException');
  });
});

describe('a scheduled action', () => {
  it('is made, shown as it was made, and taken away', async () => {
    await register();
    const action = {
      ...target,
      ScheduledActionName: 'morning',
      Schedule: 'cron(0 7 ? * MON-FRI *)',
      Timezone: 'Europe/Berlin',
      StartTime: new Date(1_750_000_000_000),
      ScalableTargetAction: { MinCapacity: 2 },
    };
    await client.send(new PutScheduledActionCommand(action));
    const { ScheduledActions } = await client.send(new DescribeScheduledActionsCommand(target));
    expect(ScheduledActions).toEqual([
      {
        ...action,
        ScheduledActionARN: expect.stringMatching(
          /^arn:aws:autoscaling:us-east-1:210987654321:scheduledAction:[0-9a-f-]{36}:resource\/sagemaker\/inference-component\/chat:scheduledActionName\/morning$/,
        ) as string,
        CreationTime: expect.any(Date) as Date,
      },
    ]);
    await client.send(new DeleteScheduledActionCommand({ ...target, ScheduledActionName: 'morning' }));
    expect(await client.send(new DescribeScheduledActionsCommand(target))).toMatchObject({
      ScheduledActions: [],
    });
  });
});

it.each([
  ['another service', { ServiceNamespace: 'ecs' as const, ResourceId: 'service/a/b' }],
  ['a dimension that does not fit', { ResourceId: 'endpoint/shop/variant/main' }],
  ['a component that is not there', { ResourceId: 'inference-component/none' }],
  ['bounds the wrong way round', { MinCapacity: 4, MaxCapacity: 3 }],
  ['bounds below zero', { MinCapacity: -1 }],
])('a target with %s is refused as invalid', async (_, members) => {
  const command = new RegisterScalableTargetCommand({
    ...target,
    MinCapacity: 0,
    MaxCapacity: 3,
    ...members,
  });
  const [name, message] = await refusalOf(client.send(command));
  expect(name).toBe('ValidationException');
  expect(message).not.toBe('');
});
