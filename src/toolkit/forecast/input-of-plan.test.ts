import { expect, it } from 'vitest';
import { prefixRoutingDefault } from '../../contracts/route-feed.js';
import { RoutingStrategy } from '../../domain/component.js';
import type { EndpointPlan, ModelPlan } from '../../domain/endpoint-plan.js';
import type { InstanceType } from '../../domain/instance.js';
import { assumedProfile } from './assumed-service.js';
import { fleetOfPlan } from './input-of-plan.js';

const type: InstanceType = {
  name: 'local.cpu',
  cpus: 2,
  memoryBytes: 2 ** 33,
  accelerators: 1,
  acceleratorMemoryBytes: 0,
  zones: ['a'],
  pricePerHour: 1,
  countMax: 4,
};
const model: ModelPlan = { origin: null, image: null, environment: {} };

function endpoint(name: string): EndpointPlan {
  const settings = {
    instanceType: type.name,
    initialInstanceCount: 1,
    routingConfig: { routingStrategy: RoutingStrategy.PrefixAware },
  };
  const variants = [{ name: 'main', isShadow: false, model, settings }];
  return { name, regions: [], roleArn: null, tags: [], rollout: null, variants, components: [] };
}

it('keeps models of variants of the same name apart, each with its own service times', () => {
  const profile = { ...assumedProfile(false, 4, 2 ** 30), name: 'measured' };
  const profiles = new Map([['two/main', profile]]);
  const { components } = fleetOfPlan(['one', 'two'].map(endpoint), {
    catalogue: new Map([[type.name, type]]),
    profiles,
  });
  expect(components.map(({ name, profile: { name: used } }) => [name, used === 'measured'])).toEqual([
    ['one/main', false],
    ['two/main', true],
  ]);
});

it('routes by the threshold of serving where the configuration names none', () => {
  const parts = { catalogue: new Map([[type.name, type]]), profiles: new Map<string, never>() };
  const { components } = fleetOfPlan([endpoint('one')], parts);
  expect(components[0]!.concurrencyThreshold).toBe(prefixRoutingDefault.concurrencyThreshold);
});
