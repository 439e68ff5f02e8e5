/** Asks the control API what there is of an endpoint, as `decide/plan` compares it. */
import type { DesiredEndpoint } from '../../../decide/plan/desired.js';
import type { Observed, ObservedComponent, ObservedEndpointState } from '../../../decide/plan/observed.js';
import type { EndpointConfigSpecification } from '../../../domain/endpoint.js';
import type { ComponentSpecification, ComponentStatus } from '../../../domain/inference-component.js';
import { containerOf } from '../../../domain/model.js';
import type { ContainerDefinition, ModelSpecification, Tag } from '../../../domain/model.js';
import type { ControlApi } from '../control-api/control-api.js';

/** Calls of one observation that are open at once. */
const callsMax = 8;

export interface EndpointDescription {
  readonly endpointArn: string;
  readonly endpointStatus: string;
  readonly endpointConfigName?: string;
  readonly failureReason?: string;
  readonly productionVariants?: readonly VariantDescription[];
  readonly shadowProductionVariants?: readonly VariantDescription[];
}

interface VariantDescription {
  readonly variantName: string;
  readonly currentInstanceCount?: number;
  readonly desiredInstanceCount?: number;
}

interface SpecificationDescription extends Omit<ComponentSpecification, 'container'> {
  readonly container?: {
    readonly artifactUrl?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly deployedImage?: { readonly specifiedImage?: string };
  };
}

export interface ComponentDescription {
  readonly inferenceComponentName: string;
  readonly inferenceComponentArn: string;
  readonly inferenceComponentStatus?: string;
  readonly endpointName: string;
  readonly variantName?: string;
  readonly failureReason?: string;
  readonly specification?: SpecificationDescription;
  readonly specifications?: readonly SpecificationDescription[];
  readonly runtimeConfig?: { readonly desiredCopyCount?: number; readonly currentCopyCount?: number };
}

export async function observe(api: ControlApi, desired: DesiredEndpoint): Promise<Observed> {
  const containers = new Map<string, Promise<ContainerDefinition | null>>();
  const modelContainer = (modelName: string) => {
    const known = containers.get(modelName) ?? describeContainer(api, modelName);
    containers.set(modelName, known);
    return known;
  };
  const endpoint = await describeEndpoint(api, desired.name, modelContainer);
  const listed = await api.list<{ inferenceComponentName: string }>(
    'ListInferenceComponents',
    { endpointNameEquals: desired.name },
    'inferenceComponents',
  );
  const wanted = desired.components.map(({ name }) => name);
  const names = [...new Set([...listed.map((one) => one.inferenceComponentName), ...wanted])];
  const components = await mapBounded(names, (name) => describeComponent(api, name, modelContainer));
  const found = await mapBounded(desired.models, async ({ name }) =>
    (await modelContainer(name)) === null ? [] : [name],
  );
  const config = await api.find('DescribeEndpointConfig', { endpointConfigName: desired.config.name });
  return {
    endpoint,
    components: components.filter((component) => component !== null),
    models: new Set(found.flat()),
    configs: new Set(config === null ? [] : [desired.config.name]),
  };
}

type ModelContainer = (modelName: string) => Promise<ContainerDefinition | null>;

async function describeEndpoint(
  api: ControlApi,
  endpointName: string,
  modelContainer: ModelContainer,
): Promise<ObservedEndpointState | null> {
  const description = await api.find<EndpointDescription>('DescribeEndpoint', { endpointName });
  if (description === null) return null;
  const configName = description.endpointConfigName ?? '';
  const config =
    configName === ''
      ? null
      : await api.find<EndpointConfigSpecification>('DescribeEndpointConfig', {
          endpointConfigName: configName,
        });
  const variants = [...(config?.productionVariants ?? []), ...(config?.shadowProductionVariants ?? [])];
  const containers: Record<string, ContainerDefinition> = {};
  for (const { variantName, modelName } of variants) {
    const container = modelName === undefined ? null : await modelContainer(modelName);
    if (container !== null) containers[variantName] = container;
  }
  const described = [
    ...(description.productionVariants ?? []),
    ...(description.shadowProductionVariants ?? []),
  ];
  return {
    status: description.endpointStatus,
    failureReason: description.failureReason ?? null,
    configName,
    config,
    variantContainers: containers,
    variants: described.map(({ variantName, currentInstanceCount, desiredInstanceCount }) => ({
      name: variantName,
      instances: currentInstanceCount ?? desiredInstanceCount ?? 0,
    })),
    tags: await tagsOf(api, description.endpointArn),
  };
}

async function describeComponent(
  api: ControlApi,
  inferenceComponentName: string,
  modelContainer: ModelContainer,
): Promise<ObservedComponent | null> {
  const description = await api.find<ComponentDescription>('DescribeInferenceComponent', {
    inferenceComponentName,
  });
  if (description === null) return null;
  const { specification, specifications, runtimeConfig } = description;
  const all = specifications ?? (specification === undefined ? [] : [specification]);
  const containers = await mapBounded(all, ({ container, modelName }) =>
    modelName === undefined ? Promise.resolve(ownContainer(container)) : modelContainer(modelName),
  );
  return {
    name: description.inferenceComponentName,
    endpoint: description.endpointName,
    variant: description.variantName ?? '',
    status: (description.inferenceComponentStatus ?? 'InService') as ComponentStatus,
    failureReason: description.failureReason ?? null,
    specifications: all.map(({ container: _, ...rest }) => rest),
    containers,
    copiesWanted: runtimeConfig?.desiredCopyCount ?? 0,
    copies: runtimeConfig?.currentCopyCount ?? 0,
    tags: await tagsOf(api, description.inferenceComponentArn),
  };
}

/** What a component says itself instead of naming a model. */
function ownContainer(container: SpecificationDescription['container']): ContainerDefinition {
  const { artifactUrl, environment, deployedImage } = container ?? {};
  return {
    ...(deployedImage?.specifiedImage === undefined ? {} : { image: deployedImage.specifiedImage }),
    ...(artifactUrl === undefined ? {} : { modelDataUrl: artifactUrl }),
    ...(environment === undefined ? {} : { environment }),
  };
}

async function describeContainer(api: ControlApi, modelName: string): Promise<ContainerDefinition | null> {
  const model = await api.find<ModelSpecification>('DescribeModel', { modelName });
  return model === null ? null : containerOf(model);
}

async function tagsOf(api: ControlApi, resourceArn: string): Promise<readonly Tag[]> {
  return api.list<Tag>('ListTags', { resourceArn }, 'tags');
}

/** All results in order; `callsMax` of them are waited for at once. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await run(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callsMax, items.length) }, lane));
  return results;
}
