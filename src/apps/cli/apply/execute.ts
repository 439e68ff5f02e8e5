/**
 * Makes the calls that a difference comes to, one after the other, and waits for what they begin. Every call can be
 * made again: an interrupted apply is repeated whole, and the difference is then what was left to do.
 */
import type { DesiredComponent } from '../../../decide/plan/desired.js';
import type { Step } from '../../../decide/plan/step.js';
import { StowageError } from '../../../domain/errors.js';
import type { ControlApi } from '../control-api/control-api.js';
import type { ComponentDescription, EndpointDescription } from './observe.js';
import type { EndpointDifference } from './plan-file.js';
import { scaleByLoad, stopScaling } from './scaling-calls.js';
import { componentIdle, componentInService, endpointInService, gone, settle } from './settle.js';
import type { Patience, Settled, Wait } from './settle.js';

export interface ExecuteOptions {
  /** False: calls are made as far as they are possible now, and nothing is waited for. */
  readonly waits: boolean;
  readonly patience: Patience;
}

/** Brings one endpoint to what is desired. Throws what a call throws; what failed later is in the result. */
export async function execute(
  api: ControlApi,
  { desired, observed, difference }: EndpointDifference,
  options: ExecuteOptions,
): Promise<Settled> {
  const parts = difference.steps.filter((step) => step.do === 'delete-part');
  for (const step of difference.steps) {
    if (step.do === 'delete-part') continue;
    const ready = await settleAll(api, await waitsBefore(api, step, desired.name), options);
    if (!isOver(ready)) return ready;
    try {
      await perform(api, step);
    } catch (refusal) {
      const waits = await waitsAfterRefusal(api, step, desired.name);
      if (waits.length === 0) throw refusal;
      const free = await settleAll(api, waits, options);
      if (!isOver(free)) return free;
      await perform(api, step);
    }
  }
  const touched = new Set(difference.steps.flatMap(componentOf));
  const unsettled = observed.components.filter(
    ({ name, status, copies, copiesWanted }) =>
      desired.components.some((component) => component.name === name) &&
      (status !== 'InService' || copies !== copiesWanted),
  );
  for (const { name } of unsettled) touched.add(name);
  const isEndpointTouched = difference.steps.some(
    (step) => step.do === 'create-endpoint' || step.do === 'update-endpoint',
  );
  const deleted = difference.steps.flatMap((step) => (step.do === 'delete-component' ? [step.name] : []));
  const isMadeAgain = (name: string) => desired.components.some((component) => component.name === name);
  const waits: Wait[] = [
    ...(isEndpointTouched || observed.endpoint?.status !== 'InService'
      ? [endpointInService(desired.name, isEndpointTouched)]
      : []),
    ...[...touched].map(componentInService),
    ...deleted.filter((name) => !isMadeAgain(name)).map((name) => gone('component', name)),
  ];
  if (!options.waits) return { failures: [], pending: waits.map(({ name }) => name) };
  const settled = await settle(api, waits, options.patience);
  if (isOver(settled)) for (const part of parts) await perform(api, part);
  return settled;
}

function isOver({ failures, pending }: Settled): boolean {
  return failures.length === 0 && pending.length === 0;
}

async function settleAll(api: ControlApi, waits: readonly Wait[], options: ExecuteOptions): Promise<Settled> {
  if (options.waits) return settle(api, waits, options.patience);
  const looks = await Promise.all(waits.map(async (wait) => ({ wait, look: await wait.look(api) })));
  const open = looks.filter(({ look }) => look.waitingFor !== null);
  return { failures: [], pending: open.map(({ wait }) => wait.name) };
}

/** What must be over before a call is possible on any server. */
async function waitsBefore(api: ControlApi, step: Step, endpointName: string): Promise<readonly Wait[]> {
  switch (step.do) {
    case 'create-model':
    case 'create-endpoint-config':
    case 'delete-component':
    case 'delete-part':
    case 'scale-by-load':
    case 'stop-scaling':
    case 'tag':
      return [];
    case 'create-endpoint': {
      const seen = await api.find<EndpointDescription>('DescribeEndpoint', { endpointName });
      return seen?.endpointStatus === 'Deleting' ? [gone('endpoint', endpointName)] : [];
    }
    case 'delete-endpoint': {
      const left = await api.list<{ inferenceComponentName: string }>(
        'ListInferenceComponents',
        { endpointNameEquals: endpointName },
        'inferenceComponents',
      );
      return left.map((one) => gone('component', one.inferenceComponentName));
    }
    case 'update-endpoint': {
      const seen = await api.find<EndpointDescription>('DescribeEndpoint', { endpointName });
      const isSettled = seen === null || ['InService', 'UpdateRollbackFailed'].includes(seen.endpointStatus);
      return isSettled ? [] : [endpointInService(endpointName, false)];
    }
    case 'create-component': {
      const name = step.component.name;
      const seen = await describe(api, name);
      return seen?.inferenceComponentStatus === 'Deleting' ? [gone('component', name)] : [];
    }
    case 'update-component':
      return [componentIdle(step.component.name)];
    case 'scale-component':
      return [componentIdle(step.name)];
    default:
      return step satisfies never;
  }
}

/** What a server may have refused a call for that another one takes at once; none = it will never take it. */
async function waitsAfterRefusal(
  api: ControlApi,
  step: Step,
  endpointName: string,
): Promise<readonly Wait[]> {
  if (step.do === 'create-component') {
    const seen = await api.find<EndpointDescription>('DescribeEndpoint', { endpointName });
    const isBusy = seen?.endpointStatus === 'Creating' || seen?.endpointStatus === 'Updating';
    return isBusy ? [endpointInService(endpointName, true)] : [];
  }
  if (step.do === 'delete-component') {
    const status = (await describe(api, step.name))?.inferenceComponentStatus;
    return status === 'Creating' || status === 'Updating' ? [componentIdle(step.name)] : [];
  }
  return [];
}

async function perform(api: ControlApi, step: Step): Promise<void> {
  switch (step.do) {
    case 'create-model': {
      const { name, specification } = step.model;
      return onceOnly(api.call('CreateModel', { modelName: name, ...specification, tags: step.tags }));
    }
    case 'create-endpoint-config': {
      const input = { endpointConfigName: step.name, ...step.specification, tags: step.tags };
      return onceOnly(api.call('CreateEndpointConfig', input));
    }
    case 'create-endpoint': {
      const input = { endpointName: step.name, endpointConfigName: step.configName, tags: step.tags };
      return done(api.call('CreateEndpoint', input));
    }
    case 'update-endpoint': {
      const rollout = step.rollout === null ? {} : { deploymentConfig: step.rollout };
      const input = { endpointName: step.name, endpointConfigName: step.configName, ...rollout };
      return done(api.call('UpdateEndpoint', input));
    }
    case 'delete-endpoint':
      return done(api.find('DeleteEndpoint', { endpointName: step.name }));
    case 'create-component': {
      const { component, endpoint, tags } = step;
      return done(
        api.call('CreateInferenceComponent', {
          inferenceComponentName: component.name,
          endpointName: endpoint,
          variantName: component.variant,
          ...specificationOf(component),
          runtimeConfig: { copyCount: component.copies },
          tags,
        }),
      );
    }
    case 'update-component': {
      const { component, copies } = step;
      return done(
        api.call('UpdateInferenceComponent', {
          inferenceComponentName: component.name,
          ...specificationOf(component),
          ...(copies === null ? {} : { runtimeConfig: { copyCount: copies } }),
          ...(component.rollout === null ? {} : { deploymentConfig: component.rollout }),
        }),
      );
    }
    case 'scale-component':
      return done(
        api.call('UpdateInferenceComponentRuntimeConfig', {
          inferenceComponentName: step.name,
          desiredRuntimeConfig: { copyCount: step.copies },
        }),
      );
    case 'scale-by-load':
      return scaleByLoad(api, step);
    case 'stop-scaling':
      return stopScaling(api, step.name);
    case 'delete-component':
      return done(api.find('DeleteInferenceComponent', { inferenceComponentName: step.name }));
    case 'delete-part': {
      const { kind, name } = step.part;
      const call = kind === 'model' ? 'DeleteModel' : 'DeleteEndpointConfig';
      return done(api.find(call, kind === 'model' ? { modelName: name } : { endpointConfigName: name }));
    }
    case 'tag':
      return addTags(api, step);
    default:
      return step satisfies never;
  }
}

async function done(call: Promise<unknown>): Promise<void> {
  await call;
}

/** Its name follows from its content, so one that is there already is the same. */
async function onceOnly(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    if (!(thrown instanceof StowageError) || thrown.code !== 'NAME-411') throw thrown;
  }
}

async function addTags(api: ControlApi, { kind, name, tags }: Step & { do: 'tag' }): Promise<void> {
  const arn =
    kind === 'endpoint'
      ? (await api.find<EndpointDescription>('DescribeEndpoint', { endpointName: name }))?.endpointArn
      : (await describe(api, name))?.inferenceComponentArn;
  if (arn !== undefined) await api.call('AddTags', { resourceArn: arn, tags });
}

function specificationOf({ specifications }: DesiredComponent) {
  const [first] = specifications;
  const isOne = specifications.length === 1 && first?.instanceType === undefined;
  return isOne ? { specification: first } : { specifications };
}

function componentOf(step: Step): string[] {
  switch (step.do) {
    case 'create-component':
    case 'update-component':
      return [step.component.name];
    case 'scale-component':
      return [step.name];
    default:
      return [];
  }
}

function describe(api: ControlApi, inferenceComponentName: string): Promise<ComponentDescription | null> {
  return api.find<ComponentDescription>('DescribeInferenceComponent', { inferenceComponentName });
}
