import { expect, it } from 'vitest';
import { Desk as Commands, home } from '../../../test/control/desk.js';
import { ScalableDimension, type ScalableTargetRecord } from '../../domain/scaling.js';
import type { Desk, Turn } from '../desk.js';
import { scaledResource } from './scaled-resource.js';

it('the instances of a variant with managed scaling have no other writer', () => {
  const commands = new Commands().withEndpoint();
  const { state } = commands;
  const desk = { state, limits: {}, shortfalls: new Map() } as unknown as Desk;
  const target = {
    scope: home,
    name: 'endpoint/shop/variant/main',
    dimension: ScalableDimension.InstanceCount,
  } as ScalableTargetRecord;
  expect(scaledResource(desk, {} as Turn, target)).toMatchObject({ capacity: 2, readySince: [] });
  const endpoint = state.endpoint(home, 'shop')!.value;
  const generations = endpoint.generations.map((one) => ({
    ...one,
    config: {
      ...one.config,
      productionVariants: one.config.productionVariants.map((variant) => ({
        ...variant,
        managedInstanceScaling: { status: 'ENABLED' as const, minInstanceCount: 0, maxInstanceCount: 4 },
      })),
    },
  }));
  commands.change(endpoint, { generations });
  expect(scaledResource(desk, {} as Turn, target)).toBeNull();
});
