/**
 * The resources of the control API that make an EndpointPlan so, with their names.
 *
 * Models and endpoint configurations cannot be changed once made, so their names end with a digest of their content:
 * the same plan always means the same names, and a changed plan new ones.
 */
import { writeAdapterAddress, writeLoraModules } from '../../domain/adapter.js';
import { writeTextOption } from '../../domain/container-environment.js';
import type { ComponentDeploymentConfig, DeploymentConfig } from '../../domain/deployment.js';
import type {
  ComponentPlan,
  EndpointPlan,
  ModelOrigin,
  ModelPlan,
  ScalingPlan,
} from '../../domain/endpoint-plan.js';
import type { EndpointConfigSpecification, ProductionVariant } from '../../domain/endpoint.js';
import type { ComponentSpecification } from '../../domain/inference-component.js';
import { formOfFile } from '../../domain/model-source.js';
import type { ContainerDefinition, ModelSpecification, Tag } from '../../domain/model.js';
import { canonicalText } from './canonical.js';

/** Tags by which `apply` knows again what it made. */
export const TagKey = {
  /** Which file asked for it. */
  File: 'stowage:file',
  /** Of models and configurations: the endpoint they were made for. */
  Endpoint: 'stowage:endpoint',
  /** Of a component: the digest of what was asked for. */
  Hash: 'stowage:hash',
} as const;

/** Where a model's bytes can be fetched by the server. */
export interface ResolvedOrigin {
  /** `s3://`, `https://` or `hf://`. */
  readonly url: string;
  /** Lower-case hex; null = not known, nothing is verified. */
  readonly sha256: string | null;
}

export interface DesiredModel {
  readonly name: string;
  readonly specification: ModelSpecification;
}

export interface DesiredComponent {
  readonly name: string;
  readonly variant: string;
  /** Each names its model. */
  readonly specifications: readonly ComponentSpecification[];
  /** What each specification's model has in it. */
  readonly containers: readonly ContainerDefinition[];
  /** At first, and as long as nothing scales them. */
  readonly copies: number;
  /** How their number follows the load; null = it does not. */
  readonly scaling: ScalingPlan | null;
  readonly rollout: ComponentDeploymentConfig | null;
  /** Digest of specifications and containers. */
  readonly hash: string;
}

export interface DesiredEndpoint {
  readonly name: string;
  /** Of everything that is made. */
  readonly tags: readonly Tag[];
  readonly rollout: DeploymentConfig | null;
  readonly models: readonly DesiredModel[];
  readonly config: { readonly name: string; readonly specification: EndpointConfigSpecification };
  /** What the models of variants have in them, by variant name. */
  readonly variantContainers: Readonly<Record<string, ContainerDefinition>>;
  readonly components: readonly DesiredComponent[];
}

export interface DesiredParts {
  /** SHA-256 of a text, lower-case hex. */
  digest(text: string): string;
  resolve(origin: ModelOrigin): ResolvedOrigin;
  /** What the file is called; becomes a tag. */
  readonly fileName: string;
}

const nameCharsMax = 63;
const digestCharsShown = 8;

export function desiredEndpoint(plan: EndpointPlan, parts: DesiredParts): DesiredEndpoint {
  const models = new Map<string, DesiredModel>();
  /** The model's name; the same content under the same prefix is one model. */
  const addModel = (prefix: string, container: ContainerDefinition): string => {
    const specification: ModelSpecification = {
      primaryContainer: container,
      ...(plan.roleArn === null ? {} : { executionRoleArn: plan.roleArn }),
    };
    const name = nameFrom(prefix, parts.digest(canonicalText({ prefix, specification })));
    models.set(name, { name, specification });
    return name;
  };
  const variantContainers: Record<string, ContainerDefinition> = {};
  const variants = plan.variants.map((variant): ProductionVariant & { isShadow: boolean } => {
    const { name, isShadow, model, settings } = variant;
    if (model === null) return { isShadow, variantName: name, ...settings };
    const container = containerOf(model, parts);
    variantContainers[name] = container;
    return {
      isShadow,
      variantName: name,
      modelName: addModel(`${plan.name}-${name}`, container),
      ...settings,
    };
  });
  const ofKind = (wanted: boolean) =>
    variants.filter(({ isShadow }) => isShadow === wanted).map(({ isShadow: _, ...variant }) => variant);
  const shadows = ofKind(true);
  const hostsComponents = plan.variants.some(({ model }) => model === null);
  const specification: EndpointConfigSpecification = {
    productionVariants: ofKind(false),
    ...(shadows.length === 0 ? {} : { shadowProductionVariants: shadows }),
    ...(plan.roleArn === null || !hostsComponents ? {} : { executionRoleArn: plan.roleArn }),
  };
  const components = plan.components.map((component) =>
    desiredComponent(component, (container) => addModel(`${plan.name}-${component.name}`, container), parts),
  );
  return {
    name: plan.name,
    tags: [...plan.tags, { key: TagKey.File, value: tagValue(parts.fileName) }],
    rollout: plan.rollout,
    models: [...models.values()],
    config: {
      name: nameFrom(plan.name, parts.digest(canonicalText({ endpoint: plan.name, specification }))),
      specification,
    },
    variantContainers,
    components,
  };
}

function desiredComponent(
  plan: ComponentPlan,
  addModel: (container: ContainerDefinition) => string,
  parts: DesiredParts,
): DesiredComponent {
  const containers = plan.specifications.map(({ model }) => containerOf(model, parts));
  const settings = plan.specifications.map((specification) => specification.settings);
  return {
    name: plan.name,
    variant: plan.variant,
    specifications: settings.map((one, index) => ({ ...one, modelName: addModel(containers[index] ?? {}) })),
    containers,
    copies: plan.copies.min,
    scaling: plan.scaling,
    rollout: plan.rollout,
    hash: parts.digest(canonicalText({ settings, containers })).slice(0, 2 * digestCharsShown),
  };
}

function containerOf(model: ModelPlan, parts: DesiredParts): ContainerDefinition {
  const resolved = model.origin === null ? null : parts.resolve(model.origin);
  const sha256 = resolved?.sha256 ?? null;
  const environment = {
    ...model.environment,
    ...(sha256 === null ? {} : { OPTION_MODEL_SHA256: sha256 }),
    ...adaptersIn(model, parts),
    ...draftIn(model, parts),
  };
  return {
    ...(model.image === null ? {} : { image: model.image }),
    ...(resolved === null ? {} : dataOf(resolved.url)),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  };
}

/** An address keeps the digest that was said of it. */
function draftIn({ draft }: ModelPlan, parts: DesiredParts): Readonly<Record<string, string>> {
  if (draft === undefined) return {};
  const { url } = parts.resolve(draft);
  const sha256 = draft.kind === 'address' ? draft.sha256 : null;
  return { OPTION_SPECULATIVE_DRAFT_MODEL: writeAdapterAddress({ url, sha256 }) };
}

function adaptersIn({ adapters }: ModelPlan, parts: DesiredParts): Readonly<Record<string, string>> {
  if (adapters === undefined) return {};
  const resolved = Object.entries(adapters).map(([name, origin]) => [name, parts.resolve(origin)] as const);
  return writeTextOption('loraModules', writeLoraModules(resolved));
}

/** A folder, an archive or a single object. SageMaker takes only archives by `ModelDataUrl`. */
function dataOf(url: string): Pick<ContainerDefinition, 'modelDataUrl' | 'modelDataSource'> {
  if (!url.startsWith('s3://') || formOfFile(url) === 'archive') return { modelDataUrl: url };
  const s3DataType = url.endsWith('/') ? 'S3Prefix' : 'S3Object';
  return { modelDataSource: { s3DataSource: { s3Uri: url, s3DataType, compressionType: 'None' } } };
}

/** `PREFIX-DIGEST`, cut so that it can be a name. */
function nameFrom(prefix: string, digest: string): string {
  const room = nameCharsMax - digestCharsShown - 1;
  return `${prefix.slice(0, room).replace(/-+$/, '')}-${digest.slice(0, digestCharsShown)}`;
}

/** What a tag's value may not hold is left out. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '').slice(0, 256);
}
