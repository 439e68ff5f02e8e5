/** What copies run: a record and one of its generations as the component that a worker is told to be. */
import { adaptersOfOptions } from '../../domain/adapter.js';
import type { ComponentOptions } from '../../domain/component-options.js';
import type { ContainerImage, InferenceComponent, ModelSource, Resources } from '../../domain/component.js';
import { defaultStartupLimits, EngineKind, WorkloadKind } from '../../domain/component.js';
import { readEnvironment } from '../../domain/container-environment.js';
import type { EndpointGeneration, EndpointRecord, ProductionVariant } from '../../domain/endpoint.js';
import type {
  ComponentGeneration,
  ComponentRecord,
  ComponentSpecification,
} from '../../domain/inference-component.js';
import type { InstanceCapacity } from '../../domain/instance.js';
import type { ContainerDefinition } from '../../domain/model.js';
import { formOfFile } from '../../domain/model-source.js';

const mebibyte = 1024 ** 2;

/** The index of the specification for instances of a type; null = there is none. */
export function specificationFor(generation: ComponentGeneration, instanceType: string): number | null {
  const { specifications } = generation;
  const exact = specifications.findIndex((one) => one.instanceType === instanceType);
  const index = exact >= 0 ? exact : specifications.findIndex((one) => one.instanceType === undefined);
  return index < 0 ? null : index;
}

/** What copies of one specification of a component run. Throws REQ-210 when its environment cannot be read. */
export function runnableComponent(
  component: ComponentRecord,
  generation: ComponentGeneration,
  index: number,
): InferenceComponent {
  const specification = generation.specifications[index] ?? {};
  const container = generation.containers[index] ?? {};
  const settings = readEnvironment(container.environment ?? {}, 'Environment');
  const { startupParameters } = specification;
  return {
    scope: component.scope,
    endpoint: component.endpointName,
    variant: component.variantName,
    name: component.name,
    kind: WorkloadKind.Component,
    generation: generation.id,
    model: sourceOf(container, settings.sha256),
    engine: settings.engine,
    resources: resourcesOf(specification, settings),
    copies: { min: component.copyCount, max: component.copyCount },
    options: settings.options,
    ...adaptersOf(settings.options),
    ...imageOf(container, settings.engine),
    startup: {
      downloadSecondsMax:
        startupParameters?.modelDataDownloadTimeoutInSeconds ?? defaultStartupLimits.downloadSecondsMax,
      loadSecondsMax:
        startupParameters?.containerStartupHealthCheckTimeoutInSeconds ?? defaultStartupLimits.loadSecondsMax,
    },
  };
}

/** The component as it would be without its environment, for those who only need its names. */
export function runnableWithoutSettings(
  component: ComponentRecord,
  generation: ComponentGeneration,
): InferenceComponent {
  const containers = generation.containers.map((container) => ({ ...container, environment: {} }));
  return runnableComponent(component, { ...generation, containers }, 0);
}

/**
 * What copies of a variant's own model run: each has a whole instance for itself. Null when the variant has no model
 * in that generation. Throws REQ-210.
 */
export function runnableVariant(
  endpoint: EndpointRecord,
  generation: EndpointGeneration,
  variantName: string,
  capacity: InstanceCapacity | null,
  memoryBytesMin: number,
): InferenceComponent | null {
  const model = generation.models[variantName];
  const variant = variantsOf(generation).find((one) => one.variantName === variantName);
  if (model === undefined || variant === undefined) return null;
  const settings = readEnvironment(model.container.environment ?? {}, 'Environment');
  const count = generation.variants[variantName]?.instanceCount ?? 0;
  return {
    scope: endpoint.scope,
    endpoint: endpoint.name,
    variant: variantName,
    name: variantName,
    kind: WorkloadKind.Variant,
    generation: generation.id,
    model: sourceOf(model.container, settings.sha256),
    engine: settings.engine,
    resources: {
      cpus: Math.max(0.25, capacity?.cpus ?? 1),
      memoryBytesMin: Math.min(capacity?.memoryBytes ?? memoryBytesMin, memoryBytesMin),
      memoryBytesMax: 0,
      accelerators: capacity?.accelerators ?? 0,
      acceleratorMemoryBytes: capacity?.acceleratorMemoryBytes ?? 0,
    },
    copies: { min: count, max: count },
    options: settings.options,
    ...adaptersOf(settings.options),
    ...imageOf(model.container, settings.engine),
    startup: {
      downloadSecondsMax:
        variant.modelDataDownloadTimeoutInSeconds ?? defaultStartupLimits.downloadSecondsMax,
      loadSecondsMax:
        variant.containerStartupHealthCheckTimeoutInSeconds ?? defaultStartupLimits.loadSecondsMax,
    },
  };
}

/** Production and shadow variants of a generation. */
export function variantsOf({ config }: EndpointGeneration): readonly ProductionVariant[] {
  return [...config.productionVariants, ...(config.shadowProductionVariants ?? [])];
}

/** Adapters that the options name; those that are components of their own come with the routes. */
function adaptersOf({ loraModules }: ComponentOptions): Pick<InferenceComponent, 'adapters'> {
  return loraModules === null ? {} : { adapters: adaptersOfOptions(loraModules) };
}

/** Where a container's model is; of one without a model the address is empty. */
function sourceOf(container: ContainerDefinition, sha256: string | null): ModelSource {
  const { modelDataUrl, modelDataSource } = container;
  const digest = sha256 === null ? {} : { sha256 };
  const data = modelDataSource?.s3DataSource;
  if (data === undefined) {
    const url = modelDataUrl ?? '';
    return { url, form: formOfFile(url), ...digest };
  }
  const isArchive = data.compressionType === 'Gzip';
  const form = isArchive ? 'archive' : data.s3DataType === 'S3Prefix' ? 'prefix' : 'object';
  return { url: data.s3Uri, form, ...digest };
}

/** What a program in a container is told; engines of other kinds take neither image nor variables from callers. */
function imageOf(
  { image, environment }: ContainerDefinition,
  engine: EngineKind,
): { readonly container?: ContainerImage } {
  if (engine !== EngineKind.Container) return {};
  return { container: { image: image ?? null, environment: environment ?? {} } };
}

/** What one copy reserves, by its specification and its environment. */
function resourcesOf(
  { computeResourceRequirements }: ComponentSpecification,
  settings: { readonly accelerators: number | null; readonly acceleratorMemoryBytes: number | null },
): Resources {
  const { numberOfCpuCoresRequired, numberOfAcceleratorDevicesRequired, minMemoryRequiredInMb } =
    computeResourceRequirements ?? { minMemoryRequiredInMb: 0 };
  const maxMemory = computeResourceRequirements?.maxMemoryRequiredInMb ?? 0;
  return {
    cpus: Math.max(0.25, numberOfCpuCoresRequired ?? 0),
    memoryBytesMin: minMemoryRequiredInMb * mebibyte,
    memoryBytesMax: maxMemory * mebibyte,
    accelerators: settings.accelerators ?? numberOfAcceleratorDevicesRequired ?? 0,
    acceleratorMemoryBytes: settings.acceleratorMemoryBytes ?? 0,
  };
}
