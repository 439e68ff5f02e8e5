import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import type { ComponentGeneration, ComponentRecord } from '../../domain/inference-component.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { type AdapterReport, adapterStep } from './adapters.js';

const misfit = StowageError.of('MODEL-024', { file: 'base', problem: 'it does not fit' }).toData();

function generation(id: number): ComponentGeneration {
  return { id, specifications: [{ baseInferenceComponentName: 'base' }], containers: [{}] };
}

function adapter(status: ComponentStatus, ids: readonly number[]): ComponentRecord {
  return {
    kind: 'inference-component',
    scope: { account: '000000000000', region: 'us-east-1' },
    name: 'sql',
    endpointName: 'e',
    variantName: 'v',
    createdAt: 0,
    modifiedAt: 0,
    tags: [],
    status,
    failureReason: null,
    copyCount: 0,
    generations: ids.map(generation),
    deployment: null,
    deploymentConfig: null,
    failures: null,
  };
}

const report = (...entries: readonly (readonly [number, typeof misfit | null])[]): AdapterReport =>
  new Map(entries);
const { Creating, Updating, InService, Failed, Deleting } = ComponentStatus;

describe('adapterStep', () => {
  it.each<[ComponentStatus, readonly number[], ComponentStatus | null, readonly AdapterReport[], string]>([
    [Creating, [1], InService, [report([1, null]), report([1, null])], 'InService 1'],
    [Creating, [1], InService, [report([1, null]), report()], 'stays'],
    [Creating, [1], Creating, [report([1, null])], 'stays'],
    [Creating, [1], null, [], 'stays'],
    [Creating, [1], InService, [], 'stays'],
    [Updating, [1, 2], InService, [], 'stays'],
    [InService, [1], InService, [report([1, misfit])], 'Failed 1'],
    [InService, [1], InService, [report([1, misfit]), report([1, null])], 'stays'],
    [InService, [1], InService, [report()], 'stays'],
    [Creating, [1], InService, [report([1, null]), report([1, misfit])], 'Failed 1'],
    [Failed, [1], InService, [report([1, null])], 'InService 1'],
    [Updating, [1, 2], InService, [report([1, null])], 'stays'],
    [Updating, [1, 2], InService, [report([1, null], [2, null])], 'InService 2'],
    [Updating, [1, 2], InService, [report([1, null], [2, misfit])], 'InService 1'],
    [Updating, [1, 2], Updating, [report([2, null])], 'InService 2'],
    [InService, [1], Failed, [report()], 'stays'],
    [Deleting, [1, 2], InService, [report([2, null])], 'stays'],
    [Deleting, [1, 2], InService, [report([2, misfit]), report()], 'gone'],
    [Deleting, [1], null, [], 'gone'],
  ])('%s %j on a base that is %s', (status, ids, baseStatus, copies, expected) => {
    const step = adapterStep(adapter(status, ids), { baseStatus, copiesWanted: 2, copies });
    const shown =
      step === null
        ? 'stays'
        : step.isGone
          ? 'gone'
          : `${step.status} ${step.generations.map(({ id }) => id).join()}`;
    expect(shown).toBe(expected);
  });

  it('needs no copy to be in service on a base that wants none', () => {
    const facts = { baseStatus: InService, copiesWanted: 0, copies: [] };
    expect(adapterStep(adapter(Creating, [1]), facts)?.status).toBe(InService);
  });

  it('a failure that was told already is no news', () => {
    const copies = [report([1, misfit])];
    const first = adapterStep(adapter(Creating, [1]), { baseStatus: InService, copiesWanted: 1, copies });
    expect(first?.failureReason).toContain('it does not fit');
    const failed = { ...adapter(Failed, [1]), failureReason: first!.failureReason };
    expect(adapterStep(failed, { baseStatus: InService, copiesWanted: 1, copies })).toBeNull();
  });
});
