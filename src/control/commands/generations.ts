/** What an endpoint takes over from a configuration: a generation, with its models as they are now. */
import type {
  EndpointConfigRecord,
  EndpointGeneration,
  EndpointRecord,
  ProductionVariant,
  VariantModel,
  VariantWish,
} from '../../domain/endpoint.js';
import { containerOf } from '../../domain/model.js';
import { ResourceKind, type Scope } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { checkRunnable } from './containers.js';
import { found, noSuchVariant } from './refusals.js';
import { allVariants, initialWish } from './variants.js';

/**
 * The generation that a configuration makes. `wishOf` says what a variant should have. Throws NAME-410 when one of its
 * models is gone, REQ-210 when one cannot run.
 */
export function generationFrom(
  config: EndpointConfigRecord,
  id: number,
  view: StateView,
  wishOf: (variant: ProductionVariant) => VariantWish = initialWish,
): EndpointGeneration {
  const variants = allVariants(config.specification);
  return {
    id,
    configName: config.name,
    config: config.specification,
    models: Object.fromEntries(variants.flatMap((variant) => modelOf(variant, config.scope, view))),
    traffic: 100,
    variants: Object.fromEntries(variants.map((variant) => [variant.variantName, wishOf(variant)])),
  };
}

/** What the endpoint is, or is about to be: its newest generation; null once it is deleted. */
export function newestGeneration({ generations }: EndpointRecord): EndpointGeneration | null {
  return generations.at(-1) ?? null;
}

/** A variant of an endpoint's newest generation. Throws NAME-412. */
export function variantOf(endpoint: EndpointRecord, name: string): ProductionVariant {
  const generation = newestGeneration(endpoint);
  const variants = generation === null ? [] : allVariants(generation.config);
  const variant = variants.find(({ variantName }) => variantName === name);
  if (variant !== undefined) return variant;
  const names = variants.map(({ variantName }) => variantName);
  throw noSuchVariant(name, endpoint.name, names);
}

/** An id that none of the endpoint's generations has, nor anything that is left of earlier ones. */
export function nextGenerationId(endpoint: EndpointRecord, view: StateView): number {
  const instances = view.instancesOf(endpoint.scope, endpoint.name);
  return (
    1 +
    Math.max(
      0,
      ...endpoint.generations.map(({ id }) => id),
      ...instances.map(({ value }) => value.generation),
    )
  );
}

function modelOf(variant: ProductionVariant, scope: Scope, view: StateView): [string, VariantModel][] {
  const { variantName, modelName } = variant;
  if (modelName === undefined) return [];
  const { value } = found(view.model(scope, modelName), scope, ResourceKind.Model, modelName);
  const container = containerOf(value.specification);
  checkRunnable(container, `model "${modelName}"`, 'ModelDataUrl');
  return [[variantName, { modelName, container }]];
}
