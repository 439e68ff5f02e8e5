/** Asks the control API what there is of an endpoint, as `decide/plan` compares it. */
import { TagKey } from '../../../decide/plan/desired.js';
import type { DesiredEndpoint } from '../../../decide/plan/desired.js';
import type {
  Observed,
  ObservedComponent,
  ObservedEndpointState,
  ObservedPart,
  ObservedScaling,
} from '../../../decide/plan/observed.js';
import { type ErrorCode, StowageError } from '../../../domain/errors.js';
import type { EndpointConfigSpecification } from '../../../domain/endpoint.js';
import type { ComponentSpecification, ComponentStatus } from '../../../domain/inference-component.js';
import { containerOf } from '../../../domain/model.js';
import type { ContainerDefinition, ModelSpecification, Tag } from '../../../domain/model.js';
import type { ControlApi } from '../control-api/control-api.js';
import { mapBounded } from './map-bounded.js';
import { observeScaling } from './scaling-calls.js';

/** Of an endpoint's name this much is in the names of what is made for it, however long that is. */
const namePrefixCharsMax = 50;

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

/** `withParts`: also what `apply` made for the endpoint, which takes a call for each model and configuration. */
export async function observe(
  api: ControlApi,
  desired: DesiredEndpoint,
  withParts: boolean,
): Promise<Observed> {
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
  const there = components.filter((component) => component !== null);
  const scaling = await scalingOf(api, desired, there);
  return {
    endpoint,
    components: there.map((component) => ({ ...component, scaling: scaling.get(component.name) ?? null })),
    models: new Set(found.flat()),
    configs: new Set(config === null ? [] : [desired.config.name]),
    parts: withParts ? await partsOf(api, desired.name) : [],
  };
}

/** Where nothing is to scale, a server without Application Auto Scaling, or a key that may not ask it, is enough. */
async function scalingOf(
  api: ControlApi,
  desired: DesiredEndpoint,
  components: readonly DescribedComponent[],
): Promise<ReadonlyMap<string, ObservedScaling>> {
  const own = components.filter(({ endpoint }) => endpoint === desired.name).map(({ name }) => name);
  if (own.length === 0) return new Map();
  try {
    return await observeScaling(api, own);
  } catch (thrown) {
    if (desired.components.some(({ scaling }) => scaling !== null) || !isUnserved(thrown)) throw thrown;
    return new Map();
  }
}

/** The key may not ask it, or the server does not know the operation. */
const unserved: readonly ErrorCode[] = ['KEY-403', 'KEY-404', 'NAME-406', 'REQ-215'];

function isUnserved(thrown: unknown): boolean {
  return thrown instanceof StowageError && unserved.includes(thrown.code);
}

/** A component without what only another service says. */
type DescribedComponent = Omit<ObservedComponent, 'scaling'>;

/** An entry of a listing of models or configurations. */
type Description = Readonly<
  Record<'modelName' | 'modelArn' | 'endpointConfigName' | 'endpointConfigArn', string>
>;

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
): Promise<DescribedComponent | null> {
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

/** Names begin with the endpoint's, as `apply` makes them; their tag says for certain. */
async function partsOf(api: ControlApi, endpoint: string): Promise<readonly ObservedPart[]> {
  const nameContains = endpoint.slice(0, namePrefixCharsMax);
  const [models, configs] = await Promise.all([
    api.list<Description>('ListModels', { nameContains }, 'models'),
    api.list<Description>('ListEndpointConfigs', { nameContains }, 'endpointConfigs'),
  ]);
  const all = [
    ...models.map(({ modelName, modelArn }) => ({ kind: 'model', name: modelName, arn: modelArn }) as const),
    ...configs.map(
      ({ endpointConfigName, endpointConfigArn }) =>
        ({ kind: 'endpoint-config', name: endpointConfigName, arn: endpointConfigArn }) as const,
    ),
  ];
  const own = await mapBounded(all, async ({ kind, name, arn }) => {
    const tags = await tagsOf(api, arn);
    const isOwn = tags.some(({ key, value }) => key === TagKey.Endpoint && value === endpoint);
    return isOwn ? [{ kind, name }] : [];
  });
  return own.flat();
}

async function tagsOf(api: ControlApi, resourceArn: string): Promise<readonly Tag[]> {
  return api.list<Tag>('ListTags', { resourceArn }, 'tags');
}
