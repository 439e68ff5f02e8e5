import { describe, expect, it } from 'vitest';
import { Desk, home, simulatedSpecification } from '../../../test/control/desk.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import type { InputOf } from './execute.js';

type CreateInput = InputOf<'CreateInferenceComponent'>;

const onShop = { endpointName: 'shop', runtimeConfig: { copyCount: 2 } };
const specification = {
  container: { artifactUrl: 's3://models/llama.gguf' },
  computeResourceRequirements: { minMemoryRequiredInMb: 256 },
};
const adapterInput: CreateInput = {
  inferenceComponentName: 'sql',
  endpointName: 'shop',
  specification: {
    baseInferenceComponentName: 'llama',
    container: { artifactUrl: 's3://adapters/sql.tar.gz' },
  },
};

function deskWithBase(): Desk {
  const desk = new Desk().withEndpoint();
  desk.run('CreateInferenceComponent', { ...onShop, inferenceComponentName: 'llama', specification });
  desk.settle('llama');
  return desk;
}

function deskWithAdapter(): Desk {
  const desk = deskWithBase();
  desk.run('CreateInferenceComponent', adapterInput);
  return desk;
}

describe('an adapter component', () => {
  it('has its base, its file, and no copies of its own', () => {
    const desk = deskWithAdapter();
    const described = desk.run('DescribeInferenceComponent', { inferenceComponentName: 'sql' });
    expect(described).toMatchObject({
      inferenceComponentName: 'sql',
      variantName: 'main',
      inferenceComponentStatus: 'Creating',
      specification: adapterInput.specification,
      runtimeConfig: { desiredCopyCount: 2, currentCopyCount: 0 },
    });
    expect(desk.lastEntry()?.reason).toContain('an adapter on llama');
  });

  it.each<[problem: string, changed: Partial<CreateInput>]>([
    [
      'Could not find inference component',
      { specification: { ...adapterInput.specification, baseInferenceComponentName: 'lama' } },
    ],
    ['artifactUrl', { specification: { baseInferenceComponentName: 'llama' } }],
    [
      'computeResourceRequirements',
      { specification: { ...specification, baseInferenceComponentName: 'llama' } },
    ],
    ['modelName', { specification: { ...adapterInput.specification, modelName: 'm' } }],
    [
      'Image or Environment',
      {
        specification: {
          ...adapterInput.specification,
          container: { artifactUrl: 's3://a/b', environment: { A: 'b' } },
        },
      },
    ],
    ['give Specification', { specifications: [{ baseInferenceComponentName: 'llama' }] }],
    ['is on the variant "main"', { variantName: 'other' }],
  ])('is refused: %s', (problem, changed) => {
    const desk = deskWithBase();
    const input: CreateInput = { ...adapterInput, ...changed };
    if (changed.specifications !== undefined) delete (input as { specification?: unknown }).specification;
    expect(desk.refusal('CreateInferenceComponent', input).message).toContain(problem);
  });

  it('is not put on an adapter, nor on an engine that takes none', () => {
    const desk = deskWithAdapter();
    const on = (base: string): CreateInput => ({
      ...adapterInput,
      inferenceComponentName: 'more',
      specification: { ...adapterInput.specification, baseInferenceComponentName: base },
    });
    expect(desk.refusal('CreateInferenceComponent', on('sql')).message).toContain('is an adapter itself');
    const simulated = { ...onShop, inferenceComponentName: 'fake', specification: simulatedSpecification };
    desk.run('CreateInferenceComponent', simulated);
    expect(desk.refusal('CreateInferenceComponent', on('fake')).message).toContain('simulated');
  });

  it('keeps the file that serves until the new one does', () => {
    const desk = deskWithAdapter();
    desk.change(desk.state.component(home, 'sql')?.value, { status: ComponentStatus.InService });
    const container = { artifactUrl: 's3://adapters/sql-2.tar.gz' };
    desk.run('UpdateInferenceComponent', { inferenceComponentName: 'sql', specification: { container } });
    const updated = desk.state.component(home, 'sql')!.value;
    expect(updated.status).toBe('Updating');
    expect(updated.generations.map(({ id, containers }) => [id, containers[0]?.modelDataUrl])).toEqual([
      [1, 's3://adapters/sql.tar.gz'],
      [2, 's3://adapters/sql-2.tar.gz'],
    ]);
  });

  it('stays on its base, and has no number of copies', () => {
    const desk = deskWithAdapter();
    desk.change(desk.state.component(home, 'sql')?.value, { status: ComponentStatus.InService });
    const container = { artifactUrl: 's3://adapters/sql-2.gguf' };
    const moved = { baseInferenceComponentName: 'other', container };
    const update = { inferenceComponentName: 'sql' };
    expect(desk.refusal('UpdateInferenceComponent', { ...update, specification: moved }).message).toContain(
      'stays',
    );
    expect(desk.refusal('UpdateInferenceComponent', update).message).toContain('nothing to update');
    const resize = { ...update, desiredRuntimeConfig: { copyCount: 3 } };
    expect(desk.refusal('UpdateInferenceComponentRuntimeConfig', resize).message).toContain('of "llama"');
    const turned = { inferenceComponentName: 'llama', specification: adapterInput.specification! };
    expect(desk.refusal('UpdateInferenceComponent', turned).message).toContain('cannot become an adapter');
  });

  it('keeps its base from being deleted until it is', () => {
    const desk = deskWithAdapter();
    const base = { inferenceComponentName: 'llama' };
    const refused = desk.refusal('DeleteInferenceComponent', base);
    expect([refused.code, refused.message]).toEqual(['STATE-703', expect.stringContaining('sql')]);
    desk.run('DeleteInferenceComponent', { inferenceComponentName: 'sql' });
    desk.run('DeleteInferenceComponent', base);
  });
});
