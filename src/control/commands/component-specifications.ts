/** Checks of inference components' specifications, and what their copies will run. */
import type {
  ComponentGeneration,
  ComponentSpecification,
  ComputeResourceRequirements,
} from '../../domain/inference-component.js';
import { type ContainerDefinition, containerOf } from '../../domain/model.js';
import { ResourceKind } from '../../domain/scope.js';
import type { Call } from './call.js';
import { checkContainer, checkRunnable } from './containers.js';
import { found, invalid } from './refusals.js';
import { checkInstanceType } from './variants.js';

/** The two ways to give specifications: one for every instance type, or one for each of several. */
export interface SpecificationInput {
  readonly specification?: ComponentSpecification;
  readonly specifications?: readonly ComponentSpecification[];
}

/** The generation that the input describes; null when it has no specification. Throws REQ-210 and NAME-410. */
export function componentGeneration(
  { specification, specifications }: SpecificationInput,
  id: number,
  call: Call<object>,
): ComponentGeneration | null {
  if (specification !== undefined && specifications !== undefined) {
    throw invalid('specifications', 'Both Specification and Specifications are given; give one of them.');
  }
  if (specification !== undefined) {
    const containers = [checkedContainer(specification, 'specification', call)];
    return { id, specifications: [specification], containers };
  }
  if (specifications === undefined) return null;
  checkTypes(specifications);
  const containers = specifications.map((one, index) =>
    checkedContainer(one, `specifications.${index + 1}.member`, call),
  );
  return { id, specifications, containers };
}

/** Each is for an instance type of its own. */
function checkTypes(specifications: readonly ComponentSpecification[]): void {
  const types = new Set<string>();
  for (const [index, { instanceType }] of specifications.entries()) {
    const where = `specifications.${index + 1}.member.instanceType`;
    if (instanceType === undefined) {
      throw invalid(where, `'${where}' is missing: with Specifications each one names its instance type.`);
    }
    if (types.has(instanceType)) {
      throw invalid(where, `Two of the Specifications are for the instance type ${instanceType}.`);
    }
    types.add(instanceType);
  }
}

function checkedContainer(
  specification: ComponentSpecification,
  where: string,
  call: Call<object>,
): ContainerDefinition {
  const { instanceType, computeResourceRequirements } = specification;
  if (instanceType !== undefined) checkInstanceType(instanceType, `${where}.instanceType`, call.catalogue);
  if (computeResourceRequirements === undefined) {
    const field = `${where}.computeResourceRequirements`;
    throw invalid(field, `'${field}' is missing: it says what each copy reserves.`);
  }
  checkRequirements(computeResourceRequirements, `${where}.computeResourceRequirements`);
  return containerFor(specification, where, call);
}

function checkRequirements(requirements: ComputeResourceRequirements, where: string): void {
  const {
    minMemoryRequiredInMb: min,
    maxMemoryRequiredInMb: max,
    numberOfAcceleratorDevicesRequired: devices,
  } = requirements;
  if (max !== undefined && max < min) {
    const field = `${where}.maxMemoryRequiredInMb`;
    throw invalid(field, `Value '${max}' at '${field}' is less than MinMemoryRequiredInMb, ${min}.`);
  }
  if (devices !== undefined && !Number.isInteger(devices)) {
    const field = `${where}.numberOfAcceleratorDevicesRequired`;
    throw invalid(
      field,
      `Value '${devices}' at '${field}' is no whole number; a share of one device is OPTION_ACCELERATORS ` +
        'in Environment.',
    );
  }
}

/** What a specification runs: its model as it is now, or its own container. */
function containerFor(
  { modelName, container }: ComponentSpecification,
  where: string,
  { view, scope }: Call<object>,
): ContainerDefinition {
  if ((modelName === undefined) === (container === undefined)) {
    const given = modelName === undefined ? 'neither' : 'both';
    throw invalid(where, `'${where}' has ${given} of ModelName and Container; give one.`);
  }
  if (modelName !== undefined) {
    const { value } = found(view.model(scope, modelName), scope, ResourceKind.Model, modelName);
    const ofModel = containerOf(value.specification);
    checkRunnable(ofModel, `model "${modelName}"`, 'ModelDataUrl');
    return ofModel;
  }
  const { image, artifactUrl, environment } = container ?? {};
  const own: ContainerDefinition = {
    ...(image === undefined ? {} : { image }),
    ...(artifactUrl === undefined ? {} : { modelDataUrl: artifactUrl }),
    ...(environment === undefined ? {} : { environment }),
  };
  checkContainer(own, `${where}.container`);
  checkRunnable(own, `${where}.container`, 'ArtifactUrl');
  return own;
}
