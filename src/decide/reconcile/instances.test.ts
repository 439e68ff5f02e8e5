import { describe, expect, it } from 'vitest';
import type { EndpointRecord, ProductionVariant } from '../../domain/endpoint.js';
import type { InstanceRecord, InstanceType } from '../../domain/instance.js';
import { type InstanceSituation, planInstances } from './instances.js';

const type: InstanceType = {
  name: 'local.small',
  cpus: 4,
  memoryBytes: 2 ** 33,
  accelerators: 0,
  acceleratorMemoryBytes: 0,
  zones: ['a', 'b'],
  pricePerHour: 0,
  countMax: 4,
};

function endpoint(
  generations: readonly number[] = [1],
  variant: Partial<ProductionVariant> = {},
): EndpointRecord {
  const config = { productionVariants: [{ variantName: 'all', instanceType: 'local.small', ...variant }] };
  return {
    kind: 'endpoint',
    scope: { account: '111122223333', region: 'us-east-1' },
    name: 'apex',
    createdAt: 0,
    modifiedAt: 0,
    tags: [],
    status: 'InService',
    failureReason: null,
    generations: generations.map((id) => ({
      id,
      configName: `config-${id}`,
      config,
      models: {},
      traffic: 100,
      variants: {},
    })),
    deployment: null,
    deploymentConfig: null,
    modelFailures: {},
  };
}

function instance(id: string, change: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    kind: 'instance',
    id,
    scope: { account: '111122223333', region: 'us-east-1' },
    endpoint: 'apex',
    variant: 'all',
    generation: 1,
    type: 'local.small',
    zone: 'a',
    host: 'local',
    capacity: type,
    state: 'ready',
    since: 0,
    reason: 'it was asked for',
    ...change,
  };
}

function plan(
  counts: Readonly<Record<number, number>>,
  instances: readonly InstanceRecord[],
  change: Partial<InstanceSituation> = {},
): readonly string[] {
  const targets = new Map(
    Object.entries(counts).map(([id, count]) => [Number(id), new Map([['all', count]])]),
  );
  const { steps, shortfalls } = planInstances({
    endpoint: endpoint([...targets.keys()]),
    targets,
    instances,
    everywhere: instances,
    copiesOn: () => 0,
    catalogue: new Map([[type.name, type]]),
    hosts: [{ id: 'local', zone: 'a' }],
    isHostLost: () => false,
    ...change,
  });
  return [
    ...steps.map((step) =>
      step.kind === 'create'
        ? `create ${step.generation} in ${step.zone}`
        : `${step.kind} ${step.instance.id}`,
    ),
    ...shortfalls.map((one) => `lacks ${one.count}`),
  ];
}

describe('instances', () => {
  it.each<[string, Readonly<Record<number, number>>, readonly InstanceRecord[], readonly string[]]>([
    ['that are missing are created, in zones in turn', { 1: 2 }, [], ['create 1 in a', 'create 1 in b']],
    ['are left as they should be', { 1: 1 }, [instance('i-1')], []],
    [
      'that are pending count, and are ready with their host',
      { 1: 1 },
      [instance('i-1', { state: 'pending' })],
      ['ready i-1'],
    ],
    [
      'over the count are retired, the newest first',
      { 1: 1 },
      [instance('i-1'), instance('i-2')],
      ['retire i-2'],
    ],
    ['of a generation that is gone are retired', {}, [instance('i-1')], ['retire i-1']],
    [
      'that are retired do not count',
      { 1: 1 },
      [instance('i-1', { state: 'retiring' })],
      ['remove i-1', 'create 1 in b'],
    ],
    ['of two generations are there together', { 1: 1, 2: 1 }, [instance('i-1')], ['create 2 in b']],
    [
      'that cannot be had are said',
      { 1: 6 },
      [],
      ['create 1 in a', 'create 1 in b', 'create 1 in a', 'create 1 in b', 'lacks 2'],
    ],
  ])('%s', (_name, counts, instances, expected) => {
    expect(plan(counts, instances)).toEqual(expected);
  });

  it('are retired where the fewest copies are', () => {
    const copiesOn = (id: string) => (id === 'i-1' ? 0 : 3);
    expect(plan({ 1: 1 }, [instance('i-1'), instance('i-2')], { copiesOn })).toEqual(['retire i-1']);
  });

  it('that are retired stay until their last copy has gone', () => {
    const retiring = [instance('i-1', { state: 'retiring' })];
    expect(plan({}, retiring, { copiesOn: () => 1 })).toEqual([]);
    expect(plan({}, retiring)).toEqual(['remove i-1']);
  });

  it('of a host that is gone are lost, and replaced on another', () => {
    const instances = [instance('i-1', { host: 'gone' }), instance('i-2')];
    const isHostLost = (host: string) => host === 'gone';
    expect(plan({ 1: 2 }, instances, { isHostLost })).toEqual(['lose i-1', 'create 1 in b']);
  });

  it('wait for a host where the fleet has none', () => {
    expect(plan({ 1: 1 }, [], { hosts: [] })).toEqual(['lacks 1']);
  });
});
