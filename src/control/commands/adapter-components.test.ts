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
    expect(updated.generations.map(({ containers }) => containers[0]?.modelDataUrl)).toEqual([
      's3://adapters/sql.tar.gz',
      's3://adapters/sql-2.tar.gz',
    ]);
  });

  it('has another id after each change, also when it was deleted or the change was taken back', () => {
    const desk = deskWithAdapter();
    const ids = new Set<number>();
    const note = () => ids.add(desk.state.component(home, 'sql')!.value.generations.at(-1)!.id);
    note();
    for (const key of ['b', 'c']) {
      const [first] = desk.state.component(home, 'sql')!.value.generations;
      desk.change(desk.state.component(home, 'sql')?.value, {
        status: ComponentStatus.InService,
        generations: [first!],
      });
      const container = { artifactUrl: `s3://adapters/${key}.gguf` };
      desk.run('UpdateInferenceComponent', { inferenceComponentName: 'sql', specification: { container } });
      note();
    }
    desk.state.drop(desk.state.component(home, 'sql')!.value, 'component-gone', '');
    desk.state.flush(desk.now);
    desk.run('CreateInferenceComponent', adapterInput);
    note();
    expect(ids.size).toBe(4);
  });

  it('has no name that the options of its base give to another', () => {
    const desk = new Desk().withEndpoint();
    const withOptions = (...names: string[]) => ({
      ...specification,
      container: {
        ...specification.container,
        environment: {
          OPTION_LORA_MODULES: JSON.stringify(
            Object.fromEntries(names.map((name) => [name, 's3://a/b.gguf'])),
          ),
        },
      },
    });
    const base = { ...onShop, inferenceComponentName: 'llama' };
    const many = Array.from({ length: 63 }, (_, index) => `a${index}`);
    const own = desk.refusal('CreateInferenceComponent', { ...base, specification: withOptions('llama') });
    expect(own.message).toContain('name an adapter "llama"');
    desk.run('CreateInferenceComponent', { ...base, specification: withOptions('sql') });
    desk.settle('llama');
    expect(desk.refusal('CreateInferenceComponent', adapterInput).message).toContain('"sql" already');
    const update = { inferenceComponentName: 'llama' };
    desk.run('UpdateInferenceComponent', { ...update, specification: withOptions(...many) });
    desk.settle('llama');
    desk.run('CreateInferenceComponent', adapterInput);
    const another = { ...adapterInput, inferenceComponentName: 'more' };
    expect(desk.refusal('CreateInferenceComponent', another).message).toContain('64');
  });

  it('keeps its base on an engine that takes adapters', () => {
    const desk = deskWithAdapter();
    const simulated = { inferenceComponentName: 'llama', specification: simulatedSpecification };
    const refused = desk.refusal('UpdateInferenceComponent', simulated);
    expect([refused.code, refused.message]).toEqual(['REQ-212', expect.stringContaining('sql')]);
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
