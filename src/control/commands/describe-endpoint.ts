/** How an endpoint is: what serves, and what a deployment is bringing. */
import type { DeploymentConfig } from '../../domain/deployment.js';
import { DeploymentPhase } from '../../domain/deployment.js';
import {
  type EndpointConfigSpecification,
  type EndpointGeneration,
  type EndpointRecord,
  EndpointStatus,
  type ProductionVariant,
} from '../../domain/endpoint.js';
import { InstanceState } from '../../domain/instance.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { answer, type Call, type CommandResult } from './call.js';
import type { EndpointName } from './endpoints.js';
import { deployedImage, type DeployedImage, failureText } from './describing.js';
import { found } from './refusals.js';

const kind = ResourceKind.Endpoint;

interface VariantStatus {
  readonly status: 'Creating' | 'Updating' | 'Deleting' | 'ActivatingTraffic' | 'Baking';
  readonly statusMessage?: string;
  readonly startTime: number;
}

interface VariantSummary {
  readonly variantName: string;
  readonly deployedImages?: readonly DeployedImage[];
  readonly currentWeight: number;
  readonly desiredWeight: number;
  readonly currentInstanceCount: number;
  readonly desiredInstanceCount: number;
  /** Of a pending variant only. */
  readonly instanceType?: string;
  readonly instancePools?: readonly {
    readonly instanceType: string;
    readonly currentInstanceCount: number;
  }[];
  readonly variantStatus?: readonly VariantStatus[];
  readonly managedInstanceScaling?: ProductionVariant['managedInstanceScaling'];
  readonly routingConfig?: ProductionVariant['routingConfig'];
}

interface DescribeEndpointOutput {
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly endpointConfigName?: string;
  readonly productionVariants?: readonly VariantSummary[];
  readonly shadowProductionVariants?: readonly VariantSummary[];
  readonly endpointStatus: EndpointStatus;
  readonly failureReason?: string;
  readonly creationTime: number;
  readonly lastModifiedTime: number;
  readonly lastDeploymentConfig?: DeploymentConfig;
  readonly pendingDeploymentSummary?: {
    readonly endpointConfigName: string;
    readonly productionVariants: readonly VariantSummary[];
    readonly shadowProductionVariants?: readonly VariantSummary[];
    readonly startTime: number;
  };
  readonly metricsConfig?: EndpointConfigSpecification['metricsConfig'];
}

export function describeEndpoint({
  view,
  scope,
  input,
}: Call<EndpointName>): CommandResult<DescribeEndpointOutput> {
  const name = input.endpointName;
  const { value: endpoint } = found(view.endpoint(scope, name), scope, kind, name);
  return answer({
    endpointName: name,
    endpointArn: arnOf(scope, kind, name),
    ...servingMembers(endpoint, view),
    endpointStatus: endpoint.status,
    ...failureText(endpoint.failureReason),
    creationTime: endpoint.createdAt,
    lastModifiedTime: endpoint.modifiedAt,
    ...(endpoint.deploymentConfig === null ? {} : { lastDeploymentConfig: endpoint.deploymentConfig }),
    ...pendingMembers(endpoint, view),
  });
}

/** After a rollback that failed several generations serve; they are shown as one. */
function servingMembers(endpoint: EndpointRecord, view: StateView): Partial<DescribeEndpointOutput> {
  const [first, ...others] = endpoint.generations.filter(({ id }) => id !== endpoint.deployment?.to);
  if (first === undefined) return {};
  const { metricsConfig } = first.config;
  return {
    endpointConfigName: first.configName,
    ...summaries({ endpoint, generations: [first, ...others], isPending: false }, view),
    ...(metricsConfig === undefined ? {} : { metricsConfig }),
  };
}

function pendingMembers(endpoint: EndpointRecord, view: StateView): Partial<DescribeEndpointOutput> {
  const { deployment } = endpoint;
  const next = endpoint.generations.find(({ id }) => id === deployment?.to);
  if (deployment === null || next === undefined) return {};
  return {
    pendingDeploymentSummary: {
      endpointConfigName: next.configName,
      ...summaries({ endpoint, generations: [next], isPending: true }, view),
      startTime: deployment.startedAt,
    },
  };
}

/** One side of an endpoint: what serves, or what a deployment brings. */
interface Side {
  readonly endpoint: EndpointRecord;
  /** The first one has the configuration that is shown. */
  readonly generations: readonly [EndpointGeneration, ...EndpointGeneration[]];
  readonly isPending: boolean;
}

function summaries(side: Side, view: StateView) {
  const { productionVariants, shadowProductionVariants } = side.generations[0].config;
  const counts = readyCounts(side, view);
  const summary = (variant: ProductionVariant) =>
    summaryOf(side, variant, counts.get(variant.variantName) ?? new Map<string, number>());
  return {
    productionVariants: productionVariants.map(summary),
    ...(shadowProductionVariants === undefined
      ? {}
      : { shadowProductionVariants: shadowProductionVariants.map(summary) }),
  };
}

/** Ready instances by instance type. */
type ReadyCounts = ReadonlyMap<string, number>;

/** By variant. */
function readyCounts({ endpoint, generations }: Side, view: StateView): ReadonlyMap<string, ReadyCounts> {
  const ids = new Set(generations.map(({ id }) => id));
  const counts = new Map<string, Map<string, number>>();
  for (const { value: instance } of view.instancesOf(endpoint.scope, endpoint.name)) {
    if (!ids.has(instance.generation) || instance.state !== InstanceState.Ready) continue;
    const ofVariant = counts.get(instance.variant) ?? new Map<string, number>();
    ofVariant.set(instance.type, (ofVariant.get(instance.type) ?? 0) + 1);
    counts.set(instance.variant, ofVariant);
  }
  return counts;
}

function summaryOf(side: Side, variant: ProductionVariant, ready: ReadyCounts): VariantSummary {
  const { endpoint, generations, isPending } = side;
  const { variantName, instanceType, instancePools, managedInstanceScaling, routingConfig } = variant;
  const weight = generations[0].variants[variantName]?.weight ?? 0;
  const image = generations[0].models[variantName]?.container.image;
  const current = sum([...ready.values()]);
  const desired = sum(generations.map(({ variants }) => variants[variantName]?.instanceCount ?? 0));
  const pools = instancePools?.map((pool) => ({
    instanceType: pool.instanceType,
    currentInstanceCount: ready.get(pool.instanceType) ?? 0,
  }));
  return {
    variantName,
    ...(image === undefined ? {} : { deployedImages: [deployedImage(image, endpoint.modifiedAt)] }),
    currentWeight: weight,
    desiredWeight: weight,
    currentInstanceCount: current,
    desiredInstanceCount: desired,
    ...(isPending && instanceType !== undefined ? { instanceType } : {}),
    ...(pools === undefined ? {} : { instancePools: pools }),
    ...statusMembers(endpoint, isPending, current === desired),
    ...(managedInstanceScaling === undefined ? {} : { managedInstanceScaling }),
    ...(routingConfig === undefined ? {} : { routingConfig }),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** A variant at rest has no status. */
function statusMembers(
  endpoint: EndpointRecord,
  isPending: boolean,
  isWhole: boolean,
): Pick<VariantSummary, 'variantStatus'> {
  const { status, deployment, modifiedAt } = endpoint;
  if (deployment !== null) {
    const statusMessage = deployment.reason.slice(0, 1024);
    const phase = phaseStatus(deployment.phase, isPending);
    return { variantStatus: [{ status: phase, statusMessage, startTime: deployment.since }] };
  }
  if (status === EndpointStatus.Creating) {
    return { variantStatus: [{ status: 'Creating', startTime: modifiedAt }] };
  }
  if (status !== EndpointStatus.Updating || isWhole) return {};
  return { variantStatus: [{ status: 'Updating', startTime: modifiedAt }] };
}

function phaseStatus(phase: DeploymentPhase, isPending: boolean): VariantStatus['status'] {
  switch (phase) {
    case DeploymentPhase.Provisioning:
      return isPending ? 'Creating' : 'Updating';
    case DeploymentPhase.Baking:
      return 'Baking';
    case DeploymentPhase.Terminating:
      return isPending ? 'ActivatingTraffic' : 'Deleting';
    case DeploymentPhase.RollingBack:
      return isPending ? 'Deleting' : 'ActivatingTraffic';
    default:
      return phase satisfies never;
  }
}
