/** Which values differ between what is wanted and what there is, in the words of the file. */
import type { EndpointConfigSpecification, ProductionVariant } from '../../domain/endpoint.js';
import type { ComponentSpecification } from '../../domain/inference-component.js';
import type { ContainerDefinition } from '../../domain/model.js';
import { leavesOf } from './canonical.js';
import type { ChangedValue } from './step.js';
import { isImplied, wordFor } from './words.js';

interface ComponentContent {
  readonly specifications: readonly ComponentSpecification[];
  /** Null = not known. */
  readonly containers: readonly (ContainerDefinition | null)[];
}

/**
 * Values of a component that differ. `extrasIgnored`: what is there and was not asked for is the server's own doing.
 * A model that is gone is taken for what its name says: names of models follow from their content.
 */
export function changedComponentValues(
  wanted: ComponentContent,
  seen: ComponentContent,
  extrasIgnored: boolean,
): ChangedValue[] {
  const known = seen.containers.map((container, index) => {
    if (container !== null) return container;
    const name = seen.specifications[index]?.modelName;
    const same = wanted.specifications.findIndex(({ modelName }) => modelName === name);
    return same === -1 ? null : (wanted.containers[same] ?? null);
  });
  return changedValues(
    componentValues(wanted.specifications, wanted.containers),
    componentValues(seen.specifications, known),
    extrasIgnored,
  );
}

interface ConfigContent {
  readonly config: EndpointConfigSpecification;
  readonly containers: Readonly<Record<string, ContainerDefinition>>;
}

export function changedConfigValues(wanted: ConfigContent, seen: ConfigContent): ChangedValue[] {
  return changedValues(configValues(wanted), configValues(seen), false);
}

function componentValues(
  specifications: readonly ComponentSpecification[],
  containers: readonly (ContainerDefinition | null)[],
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [index, { instanceType, modelName: _, container, ...rest }] of specifications.entries()) {
    const prefix = instanceType === undefined ? '' : `specifications.${instanceType}.`;
    if (instanceType !== undefined) values.set(`specifications.${instanceType}`, 'there');
    addWords(leavesOf({ ...rest, container: containers[index] ?? container ?? {} }), prefix, values);
  }
  return values;
}

function configValues({ config, containers }: ConfigContent): Map<string, string> {
  const values = new Map<string, string>();
  const { productionVariants, shadowProductionVariants = [], executionRoleArn } = config;
  const add = (variant: ProductionVariant, isShadow: boolean) => {
    const { variantName, modelName: _, ...settings } = variant;
    const isAlone = productionVariants.length === 1 && shadowProductionVariants.length === 0;
    const prefix = isAlone ? '' : `variants.${variantName}.`;
    values.set(`variants.${variantName}`, isShadow ? 'shadow' : 'there');
    addWords(leavesOf({ ...settings, container: containers[variantName] ?? {} }), prefix, values);
  };
  for (const variant of productionVariants) add(variant, false);
  for (const variant of shadowProductionVariants) add(variant, true);
  addWords(leavesOf({ executionRoleArn }), '', values);
  return values;
}

function addWords(leaves: ReadonlyMap<string, string>, prefix: string, values: Map<string, string>): void {
  for (const [member, value] of leaves) {
    const word = wordFor(member);
    if (word !== null && !isImplied(word, value)) values.set(`${prefix}${word}`, value);
  }
}

function changedValues(
  wanted: ReadonlyMap<string, string>,
  seen: ReadonlyMap<string, string>,
  extrasIgnored: boolean,
): ChangedValue[] {
  const paths = extrasIgnored ? [...wanted.keys()] : [...new Set([...wanted.keys(), ...seen.keys()])];
  return paths
    .filter((path) => wanted.get(path) !== seen.get(path))
    .map((path) => ({ path, from: seen.get(path) ?? null, to: wanted.get(path) ?? null }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
