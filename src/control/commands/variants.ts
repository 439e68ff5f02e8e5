/** Checks of an endpoint configuration's variants that the service model cannot express. They throw REQ-210 or REQ-212. */
import type { EndpointConfigSpecification, ProductionVariant, VariantWish } from '../../domain/endpoint.js';
import type { InstanceType } from '../../domain/instance.js';
import { nearest } from '../../domain/nearest.js';
import { accountLimits, refuseAbove } from './limits.js';
import { invalid, unsupported } from './refusals.js';

type Catalogue = ReadonlyMap<string, InstanceType>;

/** Variants with their own model and variants for inference components may be in one configuration. */
export function checkVariants(specification: EndpointConfigSpecification, catalogue: Catalogue): void {
  const { productionVariants, shadowProductionVariants = [] } = specification;
  checkNames(allVariants(specification));
  checkShadows(productionVariants, shadowProductionVariants);
  for (const [index, variant] of productionVariants.entries()) {
    checkVariant(variant, `productionVariants.${index + 1}.member`, catalogue);
  }
  for (const [index, variant] of shadowProductionVariants.entries()) {
    checkVariant(variant, `shadowProductionVariants.${index + 1}.member`, catalogue);
  }
}

/** Production variants, then shadow variants. */
export function allVariants(specification: EndpointConfigSpecification): readonly ProductionVariant[] {
  return [...specification.productionVariants, ...(specification.shadowProductionVariants ?? [])];
}

/**
 * What a variant has at first: where it does not say, what its managed scaling keeps at least. That may be none, but
 * for a variant with a model of its own, which nothing would bring back.
 */
export function initialWish(variant: ProductionVariant): VariantWish {
  const { initialInstanceCount, initialVariantWeight = 1, managedInstanceScaling: scaling } = variant;
  const least = variant.modelName === undefined ? 0 : 1;
  return {
    instanceCount: initialInstanceCount ?? Math.max(least, scaling?.minInstanceCount ?? 1),
    weight: initialVariantWeight,
  };
}

/** The number nearest to `count` that the variant's managed scaling keeps. */
export function withinScaling({ managedInstanceScaling: scaling }: ProductionVariant, count: number): number {
  if (scaling?.status !== 'ENABLED') return count;
  const { minInstanceCount = 0, maxInstanceCount = Infinity } = scaling;
  return Math.min(maxInstanceCount, Math.max(minInstanceCount, count));
}

/** REQ-210 when managed scaling would not keep this number of instances; LIMIT-710 when nobody may have so many. */
export function checkInstanceCount(variant: ProductionVariant, count: number, where: string): void {
  refuseAbove(accountLimits.instances, count);
  const { status, minInstanceCount = 0, maxInstanceCount = Infinity } = variant.managedInstanceScaling ?? {};
  if (status !== 'ENABLED' || (count >= minInstanceCount && count <= maxInstanceCount)) return;
  const range = `${minInstanceCount}..${maxInstanceCount === Infinity ? '' : maxInstanceCount}`;
  throw invalid(where, `Value '${count}' at '${where}' is outside of ManagedInstanceScaling's ${range}.`);
}

/** REQ-210, naming the nearest type there is. */
export function checkInstanceType(type: string, where: string, catalogue: Catalogue): void {
  if (catalogue.has(type)) return;
  const types = [...catalogue.keys()];
  const near = nearest(type, types);
  const meant = near === null ? `it has: ${types.join(', ')}` : `did you mean '${near}'?`;
  throw invalid(where, `Value '${type}' at '${where}' is no instance type of the catalogue; ${meant}`);
}

function checkNames(variants: readonly ProductionVariant[]): void {
  const names = new Set<string>();
  for (const { variantName } of variants) {
    if (names.has(variantName)) {
      throw invalid('productionVariants', `Variant names must be unique, '${variantName}' is given twice.`);
    }
    names.add(variantName);
  }
}

function checkShadows(production: readonly ProductionVariant[], shadows: readonly ProductionVariant[]): void {
  if (shadows.length === 0) return;
  const field = 'shadowProductionVariants';
  if (production.length !== 1 || shadows.length !== 1) {
    throw invalid(
      field,
      `With ShadowProductionVariants there must be one production variant and one shadow variant.`,
    );
  }
  if ([...production, ...shadows].some(({ modelName }) => modelName === undefined)) {
    throw invalid(
      field,
      `With ShadowProductionVariants the production variant and the shadow variant need a ModelName.`,
    );
  }
}

function checkVariant(variant: ProductionVariant, where: string, catalogue: Catalogue): void {
  checkTypes(variant, where, catalogue);
  checkScaling(variant, where);
}

function checkTypes(variant: ProductionVariant, where: string, catalogue: Catalogue): void {
  const { instanceType, instancePools } = variant;
  if ((instanceType === undefined) === (instancePools === undefined)) {
    const found = instanceType === undefined ? 'neither' : 'both';
    throw invalid(
      `${where}.instanceType`,
      `'${where}' has ${found} of InstanceType and InstancePools; give one.`,
    );
  }
  if (instanceType !== undefined) checkInstanceType(instanceType, `${where}.instanceType`, catalogue);
  const types = new Set<string>();
  for (const [index, pool] of (instancePools ?? []).entries()) {
    const place = `${where}.instancePools.${index + 1}.member`;
    checkInstanceType(pool.instanceType, `${place}.instanceType`, catalogue);
    if (types.has(pool.instanceType)) {
      throw invalid(place, `'${pool.instanceType}' is in two of the pools of '${where}'.`);
    }
    types.add(pool.instanceType);
    if (pool.modelNameOverride === undefined) continue;
    throw unsupported(`${place}.modelNameOverride`, 'a variant runs the same model on all its pools');
  }
}

function checkScaling(variant: ProductionVariant, where: string): void {
  const { initialInstanceCount, managedInstanceScaling: scaling } = variant;
  if (scaling?.status !== 'ENABLED' && initialInstanceCount === undefined) {
    const place = `${where}.initialInstanceCount`;
    throw invalid(
      place,
      `Value null at '${place}' failed to satisfy constraint: Member must not be null ` +
        'unless ManagedInstanceScaling is enabled',
    );
  }
  const { minInstanceCount = 0, maxInstanceCount = Infinity } = scaling ?? {};
  if (maxInstanceCount < minInstanceCount) {
    const place = `${where}.managedInstanceScaling.maxInstanceCount`;
    throw invalid(
      place,
      `Value '${maxInstanceCount}' at '${place}' is less than MinInstanceCount, ${minInstanceCount}.`,
    );
  }
  if (initialInstanceCount === undefined) return;
  checkInstanceCount(variant, initialInstanceCount, `${where}.initialInstanceCount`);
}
