import { describe, expect, it } from 'vitest';
import type { InstanceType } from '../../domain/instance.js';
import { provision } from './provision.js';

function type(name: string, changes: Partial<InstanceType> = {}): InstanceType {
  return {
    name,
    cpus: 1,
    memoryBytes: 1,
    accelerators: 0,
    acceleratorMemoryBytes: 0,
    zones: ['a', 'b', 'c'],
    pricePerHour: 0,
    countMax: 10,
    ...changes,
  };
}

const catalogue = new Map([type('big', { countMax: 2 }), type('small')].map((one) => [one.name, one]));
const machine = [{ id: 'host', zone: 'a', instances: 0 }];
const small = [{ type: 'small', priority: 1 }];

describe('new instances', () => {
  it('go into zones in turn, where the fleet has the fewest of their type', () => {
    const existing = [{ type: 'small', zone: 'a' }];
    const { create, shortfall } = provision({ count: 4, pools: small, existing }, catalogue, machine);
    expect(create.map(({ zone, host }) => `${zone} ${host}`)).toEqual([
      'b host',
      'c host',
      'a host',
      'b host',
    ]);
    expect(create[0]!.reason).toBe(
      'small; zone b has the fewest of the type, host host the fewest instances',
    );
    expect(shortfall).toBeNull();
  });

  it('come from the next pool when the type is used up', () => {
    const pools = [
      { type: 'small', priority: 2 },
      { type: 'big', priority: 1 },
    ];
    const existing = [{ type: 'big', zone: 'a' }];
    const { create } = provision({ count: 3, pools, existing }, catalogue, machine);
    expect(create.map((one) => one.type)).toEqual(['big', 'small', 'small']);
    expect(create[1]!.reason).toContain('big had no more capacity, so the pool of priority 2 gives small');
  });

  it('go to a host of their zone, else to the one with the fewest instances', () => {
    const hosts = [
      { id: 'h1', zone: 'a', instances: 5 },
      { id: 'h2', zone: 'b', instances: 0 },
      { id: 'h3', zone: 'b', instances: 0 },
    ];
    const { create } = provision({ count: 5, pools: small, existing: [] }, catalogue, hosts);
    expect(create.map(({ zone, host }) => `${zone} ${host}`)).toEqual([
      'a h1',
      'b h2',
      'c h3',
      'a h1',
      'b h2',
    ]);
  });

  it('that cannot be had are told', () => {
    const pools = [
      { type: 'gone', priority: 1 },
      { type: 'big', priority: 2 },
    ];
    const { create, shortfall } = provision({ count: 3, pools, existing: [] }, catalogue, machine);
    expect(create).toHaveLength(2);
    expect(shortfall).toEqual({
      count: 1,
      details: 'gone is not in instance-types.yaml; there are 2 big and its countMax is 2',
    });
    expect(provision({ count: 1, pools: small, existing: [] }, catalogue, []).shortfall?.details).toBe(
      'the fleet has no host',
    );
    expect(provision({ count: 1, pools: [], existing: [] }, catalogue, machine).shortfall?.details).toBe(
      'no instance type is named',
    );
    expect(provision({ count: 0, pools: [], existing: [] }, catalogue, []).shortfall).toBeNull();
  });
});
