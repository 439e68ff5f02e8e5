/** How an inference component is: what it was asked to be, and how many of its copies are there. */
import { CopyState } from '../../domain/copy.js';
import type { ComponentDeploymentConfig } from '../../domain/deployment.js';
import {
  baseOf,
  type ComponentRecord,
  type ComponentSpecification,
  type ComponentStatus,
  servedAdapter,
} from '../../domain/inference-component.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { answer, type Call, type CommandResult } from './call.js';
import { type ComponentName, workloadKey } from './components.js';
import { deployedImage, type DeployedImage, failureText } from './describing.js';
import { found } from './refusals.js';

const kind = ResourceKind.InferenceComponent;

interface SpecificationSummary extends Omit<ComponentSpecification, 'container'> {
  readonly container?: {
    readonly deployedImage?: DeployedImage;
    readonly artifactUrl?: string;
    readonly environment?: Readonly<Record<string, string>>;
  };
}

interface DescribeInferenceComponentOutput {
  readonly inferenceComponentName: string;
  readonly inferenceComponentArn: string;
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly variantName: string;
  readonly failureReason?: string;
  /** What was asked for last, also while copies of the one before still serve. */
  readonly specification?: SpecificationSummary;
  readonly specifications?: readonly SpecificationSummary[];
  readonly runtimeConfig: {
    readonly desiredCopyCount: number;
    /** Copies that take requests. */
    readonly currentCopyCount: number;
    readonly placementStatus?: readonly {
      readonly instanceType: string;
      readonly currentCopyCount: number;
    }[];
  };
  readonly creationTime: number;
  readonly lastModifiedTime: number;
  readonly inferenceComponentStatus: ComponentStatus;
  readonly lastDeploymentConfig?: ComponentDeploymentConfig;
}

export function describeInferenceComponent({
  view,
  scope,
  input,
}: Call<ComponentName>): CommandResult<DescribeInferenceComponentOutput> {
  const name = input.inferenceComponentName;
  const { value: component } = found(view.component(scope, name), scope, kind, name);
  const { endpointName, variantName, deploymentConfig } = component;
  return answer({
    inferenceComponentName: name,
    inferenceComponentArn: arnOf(scope, kind, name),
    endpointName,
    endpointArn: arnOf(scope, ResourceKind.Endpoint, endpointName),
    variantName,
    ...failureText(component.failureReason),
    ...specificationMembers(component),
    runtimeConfig: runtimeOf(component, view),
    creationTime: component.createdAt,
    lastModifiedTime: component.modifiedAt,
    inferenceComponentStatus: component.status,
    ...(deploymentConfig === null ? {} : { lastDeploymentConfig: deploymentConfig }),
  });
}

function specificationMembers(
  component: ComponentRecord,
): Pick<DescribeInferenceComponentOutput, 'specification' | 'specifications'> {
  const [first, ...others] = component.generations.at(-1)?.specifications ?? [];
  if (first === undefined) return {};
  const summary = (one: ComponentSpecification) => summaryOf(one, component.modifiedAt);
  if (others.length === 0) return { specification: summary(first) };
  return { specifications: [first, ...others].map(summary) };
}

function summaryOf({ container, ...rest }: ComponentSpecification, at: number): SpecificationSummary {
  if (container === undefined) return rest;
  const { image, ...others } = container;
  return {
    ...rest,
    container: {
      ...(image === undefined ? {} : { deployedImage: deployedImage(image, at) }),
      ...others,
    },
  };
}

function runtimeOf(
  component: ComponentRecord,
  view: StateView,
): DescribeInferenceComponentOutput['runtimeConfig'] {
  // An adapter is where its base's copies are.
  const base = view.component(component.scope, baseOf(component) ?? '')?.value ?? component;
  const isLoaded = base === component || servedAdapter(component) !== null;
  const counts = new Map<string, number>();
  let current = 0;
  for (const { value: copy } of isLoaded ? view.copiesOf(workloadKey(base)) : []) {
    if (copy.state !== CopyState.Ready || copy.wish !== 'run') continue;
    current += 1;
    const instance = view.get(`instance:${copy.instance}`)?.value;
    if (instance?.kind !== 'instance') continue;
    counts.set(instance.type, (counts.get(instance.type) ?? 0) + 1);
  }
  const placementStatus = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([instanceType, currentCopyCount]) => ({ instanceType, currentCopyCount }));
  return {
    desiredCopyCount: base.copyCount,
    currentCopyCount: current,
    ...(placementStatus.length === 0 ? {} : { placementStatus }),
  };
}
