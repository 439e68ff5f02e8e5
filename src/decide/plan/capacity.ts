/** What a plan's instances cost at their most, and whether they have room for its components: sums, not a placement. */
import type { EndpointConfigSpecification, ProductionVariant } from '../../domain/endpoint.js';
import type { InstanceType } from '../../domain/instance.js';
import type { DesiredComponent, DesiredEndpoint } from './desired.js';

export type Catalogue = ReadonlyMap<string, InstanceType>;

/** US dollars an hour of all instances at their most; null when a type is not in the catalogue. */
export function peakPricePerHour(config: EndpointConfigSpecification, catalogue: Catalogue): number | null {
  let sum = 0;
  for (const variant of [...config.productionVariants, ...(config.shadowProductionVariants ?? [])]) {
    const type = catalogue.get(typeOf(variant) ?? '');
    if (type === undefined) return null;
    sum += type.pricePerHour * instancesMax(variant);
  }
  return sum;
}

/** One sentence for each thing that the components need more of than the variant's instances have at their most. */
export function roomWarnings(desired: DesiredEndpoint, catalogue: Catalogue): string[] {
  return desired.config.specification.productionVariants.flatMap((variant) => {
    const name = typeOf(variant);
    const type = catalogue.get(name ?? '');
    if (variant.modelName !== undefined || name === undefined || type === undefined) return [];
    const components = desired.components.filter((component) => component.variant === variant.variantName);
    const count = instancesMax(variant);
    const needed = neededBy(components, name);
    const rows = [
      { what: 'cpus', needed: needed.cpus, there: type.cpus * count },
      {
        what: 'MiB of memory',
        needed: needed.mebibytes,
        there: Math.floor((type.memoryBytes / 2 ** 20) * count),
      },
      { what: 'accelerators', needed: needed.accelerators, there: type.accelerators * count },
    ];
    return (
      rows
        // Of local types nobody but their machine knows how many accelerators there are.
        .filter((row) => row.needed > row.there && (row.there > 0 || !name.startsWith('local.')))
        .map((row) => `needs ${row.needed} ${row.what}, ${count} × ${name} has ${row.there}`)
    );
  });
}

function typeOf(variant: ProductionVariant): string | undefined {
  const pools = [...(variant.instancePools ?? [])].sort((a, b) => a.priority - b.priority);
  return variant.instanceType ?? pools[0]?.instanceType;
}

function instancesMax(variant: ProductionVariant): number {
  return variant.managedInstanceScaling?.maxInstanceCount ?? variant.initialInstanceCount ?? 1;
}

function neededBy(components: readonly DesiredComponent[], instanceType: string) {
  const needed = { cpus: 0, mebibytes: 0, accelerators: 0 };
  for (const { specifications, containers, copies } of components) {
    const own = specifications.findIndex((specification) => specification.instanceType === instanceType);
    const index = own === -1 ? 0 : own;
    const required = specifications[index]?.computeResourceRequirements;
    const share = Number(containers[index]?.environment?.['OPTION_ACCELERATORS'] ?? 0);
    needed.cpus += copies * (required?.numberOfCpuCoresRequired ?? 0);
    needed.mebibytes += copies * (required?.minMemoryRequiredInMb ?? 0);
    needed.accelerators += copies * (required?.numberOfAcceleratorDevicesRequired ?? share);
  }
  return needed;
}
