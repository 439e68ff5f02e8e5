import { describe, expect, it } from 'vitest';
import {
  Desk,
  elsewhere,
  home,
  simulatedSpecification as specification,
} from '../../../test/control/desk.js';
import { CopyState } from '../../domain/copy.js';
import { EndpointStatus } from '../../domain/endpoint.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { InstanceState } from '../../domain/instance.js';
import type { InputOf } from './execute.js';

const arn = 'arn:aws:sagemaker:us-east-1:111122223333:inference-component/chat';
const base = { inferenceComponentName: 'chat', endpointName: 'shop' };
const runtimeConfig = { copyCount: 1 };
const next = {
  ...specification,
  computeResourceRequirements: { minMemoryRequiredInMb: 512 },
};

type CreateInput = InputOf<'CreateInferenceComponent'>;

function addCopy(desk: Desk, id: string, members: { state?: CopyState; wish?: 'run' | 'drain' }): void {
  desk.put({
    kind: 'copy',
    copy: { id, incarnation: 1 },
    component: '111122223333/us-east-1/shop/chat',
    generation: 1,
    instance: 'i-1',
    endpointGeneration: 1,
    resources: {
      cpus: 1,
      memoryBytesMin: 0,
      memoryBytesMax: 0,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
    },
    accelerators: [],
    state: CopyState.Ready,
    since: desk.now,
    wish: 'run',
    reason: 'wanted',
    ...members,
  });
}

describe('an inference component', () => {
  it('is Creating at first, on the one variant there is for it', () => {
    const desk = new Desk().withEndpoint();
    const created = desk.run('CreateInferenceComponent', { ...base, specification, runtimeConfig });
    expect(created).toEqual({ inferenceComponentArn: arn });
    expect(desk.lastEntry()?.event).toBe('component-created');
    const { now: at } = desk;
    expect(desk.run('DescribeInferenceComponent', { inferenceComponentName: 'chat' })).toEqual({
      ...base,
      inferenceComponentArn: arn,
      endpointArn: 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/shop',
      variantName: 'main',
      inferenceComponentStatus: 'Creating',
      creationTime: at,
      lastModifiedTime: at,
      specification: {
        ...specification,
        container: {
          environment: { OPTION_ENGINE: 'simulated' },
          deployedImage: { specifiedImage: 'engine:1', resolvedImage: 'engine:1', resolutionTime: at },
        },
      },
      runtimeConfig: { desiredCopyCount: 1, currentCopyCount: 0 },
    });
  });

  it('counts the copies that take requests, by the types of their instances', () => {
    const desk = new Desk().withEndpoint().withComponent('chat', 'shop', 4);
    desk.put({
      kind: 'instance',
      id: 'i-1',
      scope: home,
      endpoint: 'shop',
      variant: 'main',
      generation: 1,
      type: 'local.cpu',
      zone: 'a',
      host: 'here',
      capacity: { cpus: 1, memoryBytes: 1, accelerators: 0, acceleratorMemoryBytes: 0 },
      state: InstanceState.Ready,
      since: desk.now,
      reason: 'wanted',
    });
    addCopy(desk, 'chat-1', {});
    addCopy(desk, 'chat-2', { state: CopyState.Loading });
    addCopy(desk, 'chat-3', { wish: 'drain' });
    addCopy(desk, 'chat-4', {});
    const described = desk.run('DescribeInferenceComponent', { inferenceComponentName: 'chat' });
    expect(described.runtimeConfig).toEqual({
      desiredCopyCount: 4,
      currentCopyCount: 2,
      placementStatus: [{ instanceType: 'local.cpu', currentCopyCount: 2 }],
    });
  });

  it('keeps its model as it was when it was created', () => {
    const desk = new Desk().withEndpoint().withModel('tiny');
    const { container: _, ...rest } = specification;
    const withModel = { ...rest, modelName: 'tiny' };
    desk.run('CreateInferenceComponent', { ...base, specification: withModel, runtimeConfig });
    desk.run('DeleteModel', { modelName: 'tiny' });
    const record = desk.state.component(home, 'chat')?.value;
    expect(record?.generations[0]?.containers).toEqual([
      { environment: { OPTION_ENGINE: 'simulated' }, image: 'engine:1' },
    ]);
    const described = desk.run('DescribeInferenceComponent', { inferenceComponentName: 'chat' });
    expect(described.specification).toEqual(withModel);
  });

  it('may have a specification for each instance type', () => {
    const desk = new Desk().withEndpoint();
    const specifications = ['local.cpu', 'ml.g5.xlarge'].map((type) => ({
      ...specification,
      instanceType: type,
    }));
    desk.run('CreateInferenceComponent', { ...base, specifications, runtimeConfig });
    const described = desk.run('DescribeInferenceComponent', { inferenceComponentName: 'chat' });
    expect(described.specification).toBeUndefined();
    expect(described.specifications?.map((one) => one.instanceType)).toEqual(['local.cpu', 'ml.g5.xlarge']);
  });

  it('is known in its own scope only, and there once, on whatever endpoint', () => {
    const desk = new Desk().withEndpoint().withEndpoint('other').withComponent('chat');
    const again = { ...base, endpointName: 'other', specification, runtimeConfig };
    expect(desk.refusal('CreateInferenceComponent', again).message).toBe(
      `Cannot create already existing inference component "${arn}".`,
    );
    const error = desk.refusal('DescribeInferenceComponent', { inferenceComponentName: 'chat' }, elsewhere);
    expect(error.message).toContain('Could not find inference component "arn:aws:sagemaker:us-east-1:4444');
  });

  const { computeResourceRequirements: requirements, container } = specification;
  it.each<[string, Partial<CreateInput>, string, string]>([
    ['no specification', { runtimeConfig }, 'REQ-210', 'no Specification'],
    ['no number of copies', { specification }, 'REQ-210', 'RuntimeConfig is missing'],
    ['too many copies', { specification, runtimeConfig: { copyCount: 10_001 } }, 'LIMIT-710', '10000 copies'],
    [
      'both kinds of specification',
      { specification, specifications: [specification], runtimeConfig },
      'REQ-210',
      'Both',
    ],
    ['no requirements', { specification: { container }, runtimeConfig }, 'REQ-210', 'is missing: it says'],
    [
      'nothing to run',
      { specification: { computeResourceRequirements: requirements }, runtimeConfig },
      'REQ-210',
      "'specification' has neither of ModelName and Container",
    ],
    [
      'two things to run',
      { specification: { ...specification, modelName: 'tiny' }, runtimeConfig },
      'REQ-210',
      'has both of ModelName and Container',
    ],
    [
      'a model that is not there',
      { specification: { computeResourceRequirements: requirements, modelName: 'huge' }, runtimeConfig },
      'NAME-410',
      'Could not find model',
    ],
    [
      'an engine without a model',
      { specification: { ...specification, container: { image: 'engine:1' } }, runtimeConfig },
      'REQ-210',
      'the engine llama.cpp loads `ArtifactUrl`',
    ],
    [
      'a wrong option',
      {
        specification: { ...specification, container: { environment: { OPTION_ENGINE: 'vlm' } } },
        runtimeConfig,
      },
      'REQ-210',
      '`OPTION_ENGINE` in `specification.container.environment` is `vlm`',
    ],
    [
      'a maximum below its minimum',
      {
        specification: {
          ...specification,
          computeResourceRequirements: { minMemoryRequiredInMb: 512, maxMemoryRequiredInMb: 256 },
        },
        runtimeConfig,
      },
      'REQ-210',
      'is less than MinMemoryRequiredInMb, 512',
    ],
    [
      'a part of a device',
      {
        specification: {
          ...specification,
          computeResourceRequirements: {
            minMemoryRequiredInMb: 512,
            numberOfAcceleratorDevicesRequired: 1.5,
          },
        },
        runtimeConfig,
      },
      'REQ-210',
      'OPTION_ACCELERATORS',
    ],
    [
      'types unsaid',
      { specifications: [specification], runtimeConfig },
      'REQ-210',
      'names its instance type',
    ],
    [
      'an unknown type',
      { specification: { ...specification, instanceType: 'local.gpu' }, runtimeConfig },
      'REQ-210',
      "did you mean 'local.cpu'?",
    ],
    [
      'a type twice',
      {
        specifications: [specification, specification].map((one) => ({ ...one, instanceType: 'local.cpu' })),
        runtimeConfig,
      },
      'REQ-210',
      'Two of the Specifications',
    ],
    [
      'an unknown variant',
      { specification, runtimeConfig, variantName: 'blue' },
      'NAME-412',
      'Variant "blue" not found in endpoint "shop"; it has: "main".',
    ],
    [
      'an unknown endpoint',
      { endpointName: 'mall', specification, runtimeConfig },
      'NAME-410',
      'endpoint/mall',
    ],
  ])('with %s is refused', (_, members, code, problem) => {
    const desk = new Desk().withModel('tiny').withEndpoint();
    const error = desk.refusal('CreateInferenceComponent', { ...base, ...members });
    expect(error.message).toContain(problem);
    expect(error.code).toBe(code);
  });

  it('needs its variant said where there are several, and one that takes components', () => {
    const desk = new Desk().withModel('tiny').withEndpoint('two', ['a', 'b']);
    const input = { ...base, specification, runtimeConfig };
    const several = desk.refusal('CreateInferenceComponent', { ...input, endpointName: 'two' });
    expect(several.message).toContain('several variants for inference components, a, b');
    const instances = { instanceType: 'local.cpu', initialInstanceCount: 1 };
    desk.run('CreateEndpointConfig', {
      endpointConfigName: 'hybrid',
      productionVariants: [
        { variantName: 'own', modelName: 'tiny', ...instances },
        { variantName: 'shared', ...instances },
      ],
    });
    desk.run('CreateEndpoint', { endpointName: 'hybrid', endpointConfigName: 'hybrid' });
    const own = { ...input, endpointName: 'hybrid', variantName: 'own' };
    expect(desk.refusal('CreateInferenceComponent', own).message).toContain('runs its own model "tiny"');
    desk.run('CreateInferenceComponent', { ...input, endpointName: 'hybrid' });
    expect(desk.state.component(home, 'chat')?.value.variantName).toBe('shared');
  });

  it.each(Object.values(EndpointStatus))('on an endpoint that is %s is made unless that goes', (status) => {
    const desk = new Desk().withEndpoint();
    desk.change(desk.state.endpoint(home, 'shop')?.value, { status });
    const input = { ...base, specification, runtimeConfig };
    if (status !== 'Deleting' && status !== 'Failed') desk.run('CreateInferenceComponent', input);
    else expect(desk.refusal('CreateInferenceComponent', input).code).toBe('STATE-700');
  });
});

describe('an update of a component', () => {
  it('to a new specification begins a deployment of a generation whose id nothing has', () => {
    const desk = new Desk().withEndpoint().withComponent('chat');
    desk.settle('chat');
    addCopy(desk, 'chat-1', {});
    const left = desk.state.copies()[0]!.value;
    desk.change(left, { generation: 4 });
    const deploymentConfig = {
      rollingUpdatePolicy: {
        maximumBatchSize: { type: 'COPY_COUNT' as const, value: 1 },
        waitIntervalInSeconds: 10,
      },
    };
    desk.run('UpdateInferenceComponent', {
      inferenceComponentName: 'chat',
      specification: next,
      runtimeConfig: { copyCount: 2 },
      deploymentConfig,
    });
    expect(desk.lastEntry()?.event).toBe('component-updated');
    const record = desk.state.component(home, 'chat')?.value;
    expect(record).toMatchObject({ status: 'Updating', copyCount: 2, deployment: { from: 1, to: 5 } });
    const described = desk.run('DescribeInferenceComponent', { inferenceComponentName: 'chat' });
    expect(described.specification?.computeResourceRequirements).toEqual(next.computeResourceRequirements);
    expect(described.lastDeploymentConfig).toEqual(deploymentConfig);
  });

  it('of the number of copies alone is no deployment', () => {
    const desk = new Desk().withEndpoint().withComponent('chat');
    for (const copyCount of [3, 0]) {
      desk.settle('chat');
      desk.run('UpdateInferenceComponentRuntimeConfig', {
        inferenceComponentName: 'chat',
        desiredRuntimeConfig: { copyCount },
      });
      expect(desk.lastEntry()?.event).toBe('component-resized');
      const record = desk.state.component(home, 'chat')?.value;
      expect(record).toMatchObject({ status: 'Updating', copyCount, deployment: null });
      expect(record?.generations).toHaveLength(1);
    }
  });

  it('must update something, and deploys nothing without a specification', () => {
    const desk = new Desk().withEndpoint().withComponent('chat');
    desk.settle('chat');
    const name = { inferenceComponentName: 'chat' };
    expect(desk.refusal('UpdateInferenceComponent', name).message).toContain('nothing to update');
    const rollingUpdatePolicy = {
      maximumBatchSize: { type: 'COPY_COUNT' as const, value: 1 },
      waitIntervalInSeconds: 0,
    };
    const config = { ...name, runtimeConfig, deploymentConfig: { rollingUpdatePolicy } };
    expect(desk.refusal('UpdateInferenceComponent', config).message).toContain('for a new Specification');
  });

  it.each(Object.values(ComponentStatus))('that is %s is done, or refused while it changes', (status) => {
    const settled = () => {
      const desk = new Desk().withEndpoint().withComponent('chat');
      const error = { code: 'CAP-106' as const, message: 'no', mend: 'do' };
      const failures = { generation: 1, count: 3, incarnation: 1, restartAt: 0, error };
      desk.change(desk.state.component(home, 'chat')?.value, { status, failures, failureReason: 'no' });
      return desk;
    };
    const isPossible = status === 'InService' || status === 'Failed';
    const name = { inferenceComponentName: 'chat' };
    const desk = settled();
    if (isPossible) {
      desk.run('UpdateInferenceComponent', { ...name, specification: next });
      const record = desk.state.component(home, 'chat')?.value;
      expect(record).toMatchObject({ status: 'Updating', failures: null, failureReason: null });
      // One that failed has nothing to go back to.
      expect(record?.generations.map(({ id }) => id)).toEqual(status === 'Failed' ? [2] : [1, 2]);
      expect(record?.deployment === null).toBe(status === 'Failed');
      const resized = settled();
      resized.run('UpdateInferenceComponentRuntimeConfig', { ...name, desiredRuntimeConfig: runtimeConfig });
      expect(resized.state.component(home, 'chat')?.value).toMatchObject({ failures: null });
    } else {
      expect(desk.refusal('UpdateInferenceComponent', { ...name, specification: next }).code).toBe(
        'STATE-700',
      );
      const resize = { ...name, desiredRuntimeConfig: runtimeConfig };
      const error = desk.refusal('UpdateInferenceComponentRuntimeConfig', resize);
      expect(error.message).toBe(`Cannot update inference component "${arn}" while it is ${status}.`);
    }
    const deleted = settled();
    deleted.run('DeleteInferenceComponent', name);
    deleted.run('DeleteInferenceComponent', name);
    const described = deleted.run('DescribeInferenceComponent', name);
    expect(described.inferenceComponentStatus).toBe('Deleting');
  });
});
