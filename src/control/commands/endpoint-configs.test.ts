import { describe, expect, it } from 'vitest';
import { Desk } from '../../../test/control/desk.js';
import type { ProductionVariant } from '../../domain/endpoint.js';

const variant: ProductionVariant = {
  variantName: 'main',
  instanceType: 'local.cpu',
  initialInstanceCount: 1,
};
const own: ProductionVariant = { ...variant, modelName: 'tiny' };

function create(desk: Desk, ...productionVariants: readonly ProductionVariant[]) {
  return desk.run('CreateEndpointConfig', { endpointConfigName: 'blue', productionVariants });
}

describe('endpoint configurations', () => {
  it('are described as they were created, with the default weight', () => {
    const desk = new Desk().withModel('tiny');
    const arn = 'arn:aws:sagemaker:us-east-1:111122223333:endpoint-config/blue';
    expect(create(desk, own)).toEqual({ endpointConfigArn: arn });
    expect(desk.run('DescribeEndpointConfig', { endpointConfigName: 'blue' })).toEqual({
      endpointConfigName: 'blue',
      endpointConfigArn: arn,
      creationTime: desk.now - 1000,
      productionVariants: [{ ...own, initialVariantWeight: 1 }],
      enableNetworkIsolation: false,
    });
    desk.run('DeleteEndpointConfig', { endpointConfigName: 'blue' });
    expect(desk.refusal('DescribeEndpointConfig', { endpointConfigName: 'blue' }).message).toBe(
      `Could not find endpoint configuration "${arn}".`,
    );
  });

  it('may have variants with models beside variants for components', () => {
    const desk = new Desk().withModel('tiny');
    create(desk, own, { ...variant, variantName: 'shared' });
    expect(desk.state.endpointConfig({ account: '111122223333', region: 'us-east-1' }, 'blue')).toBeDefined();
  });

  it('name a model that exists', () => {
    const error = new Desk().refusal('CreateEndpointConfig', {
      endpointConfigName: 'blue',
      productionVariants: [own],
    });
    expect(error.message).toBe('Could not find model "arn:aws:sagemaker:us-east-1:111122223333:model/tiny".');
  });

  const scaling = (members: NonNullable<ProductionVariant['managedInstanceScaling']>) => ({
    ...variant,
    managedInstanceScaling: members,
  });
  const pool = (instanceType: string, priority: number) => ({ instanceType, priority });
  const { instanceType, initialInstanceCount, ...bare } = variant;

  it.each<[string, readonly ProductionVariant[], readonly ProductionVariant[] | undefined, string]>([
    ['two variants of a name', [variant, variant], undefined, "'main' is given twice"],
    ['a shadow of the same name', [own], [own], "'main' is given twice"],
    [
      'no type',
      [{ ...bare, initialInstanceCount: 1 }],
      undefined,
      'neither of InstanceType and InstancePools',
    ],
    ['both', [{ ...variant, instancePools: [pool('local.cpu', 1)] }], undefined, 'has both'],
    [
      'a type twice',
      [{ ...bare, initialInstanceCount: 1, instancePools: [pool('local.cpu', 1), pool('local.cpu', 2)] }],
      undefined,
      'in two of the pools',
    ],
    [
      'an unknown type',
      [{ ...variant, instanceType: 'ml.g5.xlrage' }],
      undefined,
      "Value 'ml.g5.xlrage' at 'productionVariants.1.member.instanceType' is no instance type of the catalogue; did you mean 'ml.g5.xlarge'?",
    ],
    ['no count', [{ ...bare, instanceType: 'local.cpu' }], undefined, 'Member must not be null'],
    [
      'a maximum below its minimum',
      [scaling({ status: 'ENABLED', minInstanceCount: 3, maxInstanceCount: 2 })],
      undefined,
      'is less than MinInstanceCount, 3',
    ],
    [
      'a count outside of its scaling',
      [scaling({ status: 'ENABLED', minInstanceCount: 2, maxInstanceCount: 4 })],
      undefined,
      "outside of ManagedInstanceScaling's 2..4",
    ],
    ['a shadow of components', [variant], [{ ...own, variantName: 'dark' }], 'need a ModelName'],
    [
      'a shadow beside two variants',
      [own, { ...own, variantName: 'other' }],
      [{ ...own, variantName: 'dark' }],
      'one production variant and one shadow variant',
    ],
  ])('with %s are refused', (_, productionVariants, shadowProductionVariants, problem) => {
    const error = new Desk().withModel('tiny').refusal('CreateEndpointConfig', {
      endpointConfigName: 'blue',
      productionVariants,
      ...(shadowProductionVariants === undefined ? {} : { shadowProductionVariants }),
    });
    expect(error.code).toBe('REQ-210');
    expect(error.message).toContain(problem);
  });

  it('leave the count to managed scaling, which begins with its minimum, also with none', () => {
    const desk = new Desk();
    const types = [pool('ml.g5.xlarge', 2), pool('local.cpu', 1)];
    const scaled = (name: string, minInstanceCount: number): ProductionVariant => ({
      variantName: name,
      instancePools: types,
      managedInstanceScaling: { status: 'ENABLED', minInstanceCount, maxInstanceCount: 8 },
    });
    create(desk, scaled('zero', 0), scaled('three', 3));
    desk.run('CreateEndpoint', { endpointName: 'shop', endpointConfigName: 'blue' });
    const { productionVariants } = desk.run('DescribeEndpoint', { endpointName: 'shop' });
    expect(productionVariants?.map((one) => one.desiredInstanceCount)).toEqual([0, 3]);
    expect(productionVariants?.[0]?.instancePools).toEqual([
      { instanceType: 'ml.g5.xlarge', currentInstanceCount: 0 },
      { instanceType: 'local.cpu', currentInstanceCount: 0 },
    ]);
  });

  it('refuse another model for one of the pools', () => {
    const error = new Desk().withModel('tiny').refusal('CreateEndpointConfig', {
      endpointConfigName: 'blue',
      productionVariants: [
        {
          ...bare,
          modelName: 'tiny',
          initialInstanceCount: 1,
          instancePools: [{ instanceType: 'local.cpu', priority: 1, modelNameOverride: 'tiny' }],
        },
      ],
    });
    expect(error.code).toBe('REQ-212');
  });
});
