import { describe, expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../test/control/desk.js';
import { EndpointStatus } from '../../domain/endpoint.js';
import { InstanceState } from '../../domain/instance.js';
import type { InputOf } from './execute.js';

const arn = 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/shop';

/** A second configuration with the same variant and another model. */
function withGreen(desk: Desk, initialInstanceCount = 4): Desk {
  desk.withModel('green-model').run('CreateEndpointConfig', {
    endpointConfigName: 'green',
    productionVariants: [
      { variantName: 'main', modelName: 'green-model', instanceType: 'ml.g5.xlarge', initialInstanceCount },
    ],
  });
  return desk;
}

/** An endpoint `shop` with one variant that runs its own model on two instances. */
function withOwnModel(): Desk {
  const desk = new Desk().withModel('tiny');
  desk.run('CreateEndpointConfig', {
    endpointConfigName: 'blue',
    productionVariants: [
      { variantName: 'main', modelName: 'tiny', instanceType: 'local.cpu', initialInstanceCount: 2 },
    ],
  });
  desk.run('CreateEndpoint', { endpointName: 'shop', endpointConfigName: 'blue' });
  desk.settle('shop');
  return desk;
}

function addInstance(desk: Desk, id: string, generation: number, state: InstanceState): void {
  desk.put({
    kind: 'instance',
    id,
    scope: home,
    endpoint: 'shop',
    variant: 'main',
    generation,
    type: 'local.cpu',
    zone: 'a',
    host: 'here',
    capacity: { cpus: 1, memoryBytes: 1, accelerators: 0, acceleratorMemoryBytes: 0 },
    state,
    since: desk.now,
    reason: 'wanted',
  });
}

describe('an endpoint', () => {
  it('is Creating at first, from its configuration as it is then', () => {
    const desk = new Desk().withModel('tiny');
    desk.run('CreateEndpointConfig', {
      endpointConfigName: 'blue',
      productionVariants: [
        { variantName: 'main', modelName: 'tiny', instanceType: 'local.cpu', initialInstanceCount: 2 },
      ],
    });
    const created = desk.run('CreateEndpoint', { endpointName: 'shop', endpointConfigName: 'blue' });
    expect(created).toEqual({ endpointArn: arn });
    desk.run('DeleteEndpointConfig', { endpointConfigName: 'blue' });
    desk.run('DeleteModel', { modelName: 'tiny' });
    const at = desk.now - 2000;
    const image = { specifiedImage: 'engine:1', resolvedImage: 'engine:1', resolutionTime: at };
    expect(desk.run('DescribeEndpoint', { endpointName: 'shop' })).toEqual({
      endpointName: 'shop',
      endpointArn: arn,
      endpointConfigName: 'blue',
      endpointStatus: 'Creating',
      creationTime: at,
      lastModifiedTime: at,
      productionVariants: [
        {
          variantName: 'main',
          deployedImages: [image],
          currentWeight: 1,
          desiredWeight: 1,
          currentInstanceCount: 0,
          desiredInstanceCount: 2,
          variantStatus: [{ status: 'Creating', startTime: at }],
        },
      ],
    });
    expect(desk.state.endpoint(home, 'shop')?.value.generations[0]).toMatchObject({ id: 1, traffic: 100 });
  });

  it('needs a configuration and models that exist, and a model that can run', () => {
    const desk = new Desk().withModel('tiny').withModel('empty', {});
    const input = { endpointName: 'shop', endpointConfigName: 'blue' };
    expect(desk.refusal('CreateEndpoint', input).message).toBe(
      'Could not find endpoint configuration "arn:aws:sagemaker:us-east-1:111122223333:endpoint-config/blue".',
    );
    for (const [endpointConfigName, modelName] of [
      ['blue', 'tiny'],
      ['red', 'empty'],
    ] as const) {
      desk.run('CreateEndpointConfig', {
        endpointConfigName,
        productionVariants: [
          { variantName: 'main', modelName, instanceType: 'local.cpu', initialInstanceCount: 1 },
        ],
      });
    }
    desk.run('DeleteModel', { modelName: 'tiny' });
    expect(desk.refusal('CreateEndpoint', input).code).toBe('NAME-410');
    const error = desk.refusal('CreateEndpoint', { ...input, endpointConfigName: 'red' });
    expect(error.message).toBe(
      'model "empty" names no model artifact: the engine llama.cpp loads `ModelDataUrl`.',
    );
  });

  it('is known in its own scope only, and there once', () => {
    const desk = new Desk().withEndpoint();
    const input = { endpointName: 'shop', endpointConfigName: 'shop-config' };
    expect(desk.refusal('CreateEndpoint', input).message).toBe(
      `Cannot create already existing endpoint "${arn}".`,
    );
    for (const operation of ['DescribeEndpoint', 'DeleteEndpoint'] as const) {
      expect(desk.refusal(operation, { endpointName: 'shop' }, elsewhere).code).toBe('NAME-410');
    }
  });

  it('counts its ready instances of the generation that serves', () => {
    const desk = withOwnModel();
    addInstance(desk, 'i-1', 1, InstanceState.Ready);
    addInstance(desk, 'i-2', 1, InstanceState.Pending);
    addInstance(desk, 'i-3', 2, InstanceState.Ready);
    const [variant] = desk.run('DescribeEndpoint', { endpointName: 'shop' }).productionVariants ?? [];
    expect(variant).toMatchObject({ currentInstanceCount: 1, desiredInstanceCount: 2 });
  });
});

describe('UpdateEndpoint', () => {
  it('begins a deployment of a generation whose id nothing has', () => {
    const desk = withGreen(withOwnModel());
    addInstance(desk, 'i-left-over', 6, InstanceState.Retiring);
    const deploymentConfig = {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: 'CANARY' as const,
          waitIntervalInSeconds: 60,
          canarySize: { type: 'CAPACITY_PERCENT' as const, value: 25 },
        },
      },
    };
    desk.run('UpdateEndpoint', { endpointName: 'shop', endpointConfigName: 'green', deploymentConfig });
    expect(desk.lastEntry()).toMatchObject({
      event: 'endpoint-updated',
      reason: 'asked for by UpdateEndpoint, to green',
    });
    const described = desk.run('DescribeEndpoint', { endpointName: 'shop' });
    expect(described).toMatchObject({
      endpointStatus: 'Updating',
      endpointConfigName: 'blue',
      lastDeploymentConfig: deploymentConfig,
      productionVariants: [{ desiredInstanceCount: 2, variantStatus: [{ status: 'Updating' }] }],
      pendingDeploymentSummary: {
        endpointConfigName: 'green',
        productionVariants: [
          {
            desiredInstanceCount: 4,
            instanceType: 'ml.g5.xlarge',
            variantStatus: [{ status: 'Creating', statusMessage: 'updating to green' }],
          },
        ],
      },
    });
    expect(desk.state.endpoint(home, 'shop')?.value.generations.map(({ id }) => id)).toEqual([1, 7]);
  });

  it('retains weights and counts when it is told to, less what is excluded', () => {
    const desired = (members: Partial<InputOf<'UpdateEndpoint'>>) => {
      const desk = withGreen(withOwnModel());
      desk.run('UpdateEndpointWeightsAndCapacities', {
        endpointName: 'shop',
        desiredWeightsAndCapacities: [{ variantName: 'main', desiredInstanceCount: 3, desiredWeight: 5 }],
      });
      desk.settle('shop');
      desk.run('UpdateEndpoint', { endpointName: 'shop', endpointConfigName: 'green', ...members });
      return desk.state.endpoint(home, 'shop')?.value.generations.at(-1)?.variants['main'];
    };
    const all = { retainAllVariantProperties: true };
    const exclude = (variantPropertyType: 'DesiredInstanceCount' | 'DesiredWeight') => ({
      ...all,
      excludeRetainedVariantProperties: [{ variantPropertyType }],
    });
    expect(desired({})).toEqual({ instanceCount: 4, weight: 1 });
    expect(desired(all)).toEqual({ instanceCount: 3, weight: 5 });
    expect(desired(exclude('DesiredInstanceCount'))).toEqual({ instanceCount: 4, weight: 5 });
    expect(desired(exclude('DesiredWeight'))).toEqual({ instanceCount: 3, weight: 1 });
  });

  it('retains no more than the new scaling keeps', () => {
    const desk = new Desk().withEndpoint();
    desk.run('CreateEndpointConfig', {
      endpointConfigName: 'scaled',
      productionVariants: [
        {
          variantName: 'main',
          instanceType: 'local.cpu',
          managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 0, maxInstanceCount: 1 },
        },
      ],
    });
    desk.run('UpdateEndpoint', {
      endpointName: 'shop',
      endpointConfigName: 'scaled',
      retainAllVariantProperties: true,
    });
    const next = desk.state.endpoint(home, 'shop')?.value.generations.at(-1);
    expect(next?.variants['main']?.instanceCount).toBe(1);
  });

  it('retains what several generations have together after a rollback that failed', () => {
    const desk = withGreen(withOwnModel());
    const endpoint = desk.state.endpoint(home, 'shop')!.value;
    const [first] = endpoint.generations;
    const generations = [first!, { ...first!, id: 2, variants: { main: { instanceCount: 3, weight: 1 } } }];
    desk.change(endpoint, { status: EndpointStatus.UpdateRollbackFailed, generations });
    addInstance(desk, 'i-1', 1, InstanceState.Ready);
    addInstance(desk, 'i-2', 2, InstanceState.Ready);
    const [variant] = desk.run('DescribeEndpoint', { endpointName: 'shop' }).productionVariants ?? [];
    expect(variant).toMatchObject({ currentInstanceCount: 2, desiredInstanceCount: 5 });
    desk.run('UpdateEndpoint', {
      endpointName: 'shop',
      endpointConfigName: 'green',
      retainAllVariantProperties: true,
    });
    const after = desk.state.endpoint(home, 'shop')!.value;
    expect(after.generations.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(after.generations.at(-1)?.variants['main']?.instanceCount).toBe(5);
  });

  it('deploys as the last time when it is told to', () => {
    const desk = withGreen(withOwnModel());
    const deploymentConfig = {
      rollingUpdatePolicy: {
        maximumBatchSize: { type: 'CAPACITY_PERCENT' as const, value: 50 },
        waitIntervalInSeconds: 0,
      },
    };
    const target = { endpointName: 'shop', endpointConfigName: 'green' };
    desk.run('UpdateEndpoint', { ...target, deploymentConfig });
    desk.settle('shop');
    desk.run('UpdateEndpoint', { ...target, retainDeploymentConfig: true });
    expect(desk.state.endpoint(home, 'shop')?.value.deploymentConfig).toEqual(deploymentConfig);
    desk.settle('shop');
    const error = desk.refusal('UpdateEndpoint', {
      ...target,
      deploymentConfig,
      retainDeploymentConfig: true,
    });
    expect(error.message).toContain('leave one of them out');
    desk.run('UpdateEndpoint', target);
    expect(desk.state.endpoint(home, 'shop')?.value.deploymentConfig).toBeNull();
  });

  it('keeps the variant names, and variants with components stay without a model', () => {
    const desk = withGreen(new Desk().withEndpoint().withEndpoint('other', ['a', 'b']).withComponent('chat'));
    const names = desk.refusal('UpdateEndpoint', {
      endpointName: 'shop',
      endpointConfigName: 'other-config',
    });
    expect(names.message).toContain('it has a, b, the endpoint has main');
    const resident = desk.refusal('UpdateEndpoint', { endpointName: 'shop', endpointConfigName: 'green' });
    expect(resident.message).toContain('the inference component "chat" is on it');
    desk.run('DeleteInferenceComponent', { inferenceComponentName: 'chat' });
    desk.run('UpdateEndpoint', { endpointName: 'shop', endpointConfigName: 'green' });
  });
});

describe('UpdateEndpointWeightsAndCapacities', () => {
  it('changes what it names and nothing else', () => {
    const desk = new Desk().withEndpoint('shop', ['a', 'b']);
    desk.run('UpdateEndpointWeightsAndCapacities', {
      endpointName: 'shop',
      desiredWeightsAndCapacities: [
        { variantName: 'a', desiredWeight: 3 },
        { variantName: 'b', desiredInstanceCount: 0 },
      ],
    });
    expect(desk.lastEntry()).toMatchObject({
      event: 'endpoint-resized',
      reason: 'asked for by UpdateEndpointWeightsAndCapacities: a weight 3; b 0 instances',
    });
    const record = desk.state.endpoint(home, 'shop')?.value;
    expect(record?.status).toBe('Updating');
    expect(record?.generations[0]?.variants).toEqual({
      a: { instanceCount: 2, weight: 3 },
      b: { instanceCount: 0, weight: 1 },
    });
  });

  it.each([
    ['an unknown variant', [{ variantName: 'x', desiredWeight: 1 }], 'NAME-412'],
    ['nothing to change', [{ variantName: 'main' }], 'REQ-210'],
    [
      'a variant twice',
      [
        { variantName: 'main', desiredWeight: 1 },
        { variantName: 'main', desiredWeight: 2 },
      ],
      'REQ-210',
    ],
    ['too many instances', [{ variantName: 'main', desiredInstanceCount: 1001 }], 'LIMIT-710'],
  ])('refuses %s', (_, desiredWeightsAndCapacities, code) => {
    const desk = new Desk().withEndpoint();
    const input = { endpointName: 'shop', desiredWeightsAndCapacities };
    expect(desk.refusal('UpdateEndpointWeightsAndCapacities', input).code).toBe(code);
  });
});

describe('DeleteEndpoint', () => {
  it('is refused while components are wanted on it, and names them', () => {
    const desk = new Desk().withEndpoint().withComponent('chat').withComponent('embed');
    const error = desk.refusal('DeleteEndpoint', { endpointName: 'shop' });
    expect(error.code).toBe('STATE-703');
    expect(error.message).toBe(
      `Cannot delete endpoint "${arn}": it has the inference components chat, embed.`,
    );
    desk.run('DeleteInferenceComponent', { inferenceComponentName: 'chat' });
    desk.run('DeleteInferenceComponent', { inferenceComponentName: 'embed' });
    desk.run('DeleteEndpoint', { endpointName: 'shop' });
    expect(desk.run('DescribeEndpoint', { endpointName: 'shop' }).endpointStatus).toBe('Deleting');
  });

  it('may be repeated: what is being deleted is not touched', () => {
    const desk = new Desk().withEndpoint();
    desk.run('DeleteEndpoint', { endpointName: 'shop' });
    const { revision } = desk.state.endpoint(home, 'shop')!;
    desk.run('DeleteEndpoint', { endpointName: 'shop' });
    expect(desk.state.endpoint(home, 'shop')?.revision).toBe(revision);
  });
});

describe('the state of an endpoint', () => {
  const updates = ['InService', 'UpdateRollbackFailed'];
  it.each(Object.values(EndpointStatus))('%s says what may be done with it', (status) => {
    const settled = () => {
      const desk = withGreen(withOwnModel());
      desk.change(desk.state.endpoint(home, 'shop')?.value, { status, failureReason: 'because' });
      return desk;
    };
    const codeOf = (run: (desk: Desk) => void): string => {
      try {
        run(settled());
        return 'done';
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
    };
    const update = codeOf((desk) => {
      desk.run('UpdateEndpoint', { endpointName: 'shop', endpointConfigName: 'green' });
      expect(desk.state.endpoint(home, 'shop')?.value.failureReason).toBeNull();
    });
    expect(update).toBe(updates.includes(status) ? 'done' : 'STATE-700');
    const resize = codeOf((desk) => {
      desk.run('UpdateEndpointWeightsAndCapacities', {
        endpointName: 'shop',
        desiredWeightsAndCapacities: [{ variantName: 'main', desiredWeight: 2 }],
      });
    });
    expect(resize).toBe(status === 'InService' ? 'done' : 'STATE-700');
    expect(codeOf((desk) => desk.run('DeleteEndpoint', { endpointName: 'shop' }))).toBe('done');
    const described = settled().run('DescribeEndpoint', { endpointName: 'shop' });
    expect(described).toMatchObject({ endpointStatus: status, failureReason: 'because' });
  });
});
