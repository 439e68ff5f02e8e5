/** Changes of an endpoint: to another configuration by a deployment, or to other weights and counts at once. */
import { beginEndpointDeployment } from '../../decide/rollout/endpoint.js';
import type { DeploymentConfig } from '../../domain/deployment.js';
import {
  type EndpointConfigRecord,
  type EndpointGeneration,
  type EndpointRecord,
  EndpointStatus,
  type ProductionVariant,
  servingGeneration,
  type VariantWish,
} from '../../domain/endpoint.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { type Call, type CommandResult, update } from './call.js';
import { checkDeployment } from './deployment-policies.js';
import { type EndpointArn, sizeOf } from './endpoints.js';
import { generationFrom, nextGenerationId, variantOf } from './generations.js';
import { found, invalid, refuseUnless } from './refusals.js';
import { checkInstanceCount, initialWish, withinScaling } from './variants.js';

const kind = ResourceKind.Endpoint;

export interface UpdateEndpointInput {
  readonly endpointName: string;
  readonly endpointConfigName: string;
  /** Weights and instance counts stay as they are instead of beginning as the new configuration says. */
  readonly retainAllVariantProperties?: boolean;
  readonly excludeRetainedVariantProperties?: readonly {
    readonly variantPropertyType: 'DesiredInstanceCount' | 'DesiredWeight' | 'DataCaptureConfig';
  }[];
  readonly deploymentConfig?: DeploymentConfig;
  /** Deploy as the last time. */
  readonly retainDeploymentConfig?: boolean;
}

export interface UpdateWeightsInput {
  readonly endpointName: string;
  readonly desiredWeightsAndCapacities: readonly {
    readonly variantName: string;
    readonly desiredWeight?: number;
    readonly desiredInstanceCount?: number;
  }[];
}

export function updateEndpoint({
  view,
  scope,
  input,
  now,
}: Call<UpdateEndpointInput>): CommandResult<EndpointArn> {
  const { endpointName: name, endpointConfigName } = input;
  const stored = found(view.endpoint(scope, name), scope, kind, name);
  const endpoint = stored.value;
  refuseUnless([EndpointStatus.InService, EndpointStatus.UpdateRollbackFailed], 'update', kind, endpoint);
  const storedConfig = view.endpointConfig(scope, endpointConfigName);
  const { value: config } = found(storedConfig, scope, ResourceKind.EndpointConfig, endpointConfigName);
  checkSameVariants(endpoint, config, view);
  const next = generationFrom(config, nextGenerationId(endpoint, view), view, retainedWish(endpoint, input));
  const deployment = deploymentOf(endpoint, input);
  if (deployment !== null) checkDeployment(deployment, sizeOf(next), view, scope);
  const updated = beginEndpointDeployment(endpoint, next, deployment, now);
  const reason = `asked for by UpdateEndpoint, to ${endpointConfigName}`;
  return {
    changes: [update(stored, updated, 'endpoint-updated', reason)],
    output: { endpointArn: arnOf(scope, kind, name) },
  };
}

/**
 * New weights hold at once; the endpoint is Updating until it has the instances. Refused (STATE-700) unless it is
 * InService.
 */
export function updateEndpointWeightsAndCapacities({
  view,
  scope,
  input,
  now,
}: Call<UpdateWeightsInput>): CommandResult<EndpointArn> {
  const { endpointName: name, desiredWeightsAndCapacities: desired } = input;
  const stored = found(view.endpoint(scope, name), scope, kind, name);
  const endpoint = stored.value;
  refuseUnless([EndpointStatus.InService], 'update', kind, endpoint);
  const serving = servingGeneration(endpoint);
  if (serving === null) throw new Error(`${stored.key} is in service without a generation`);
  const variants = withDesired(endpoint, serving, desired);
  const updated: EndpointRecord = {
    ...endpoint,
    modifiedAt: now,
    status: EndpointStatus.Updating,
    failureReason: null,
    modelFailures: {},
    generations: [{ ...serving, variants }, ...endpoint.generations.slice(1)],
  };
  const reason = `asked for by UpdateEndpointWeightsAndCapacities: ${desired.map(desiredText).join('; ')}`;
  return {
    changes: [update(stored, updated, 'endpoint-resized', reason)],
    output: { endpointArn: arnOf(scope, kind, name) },
  };
}

type Desired = UpdateWeightsInput['desiredWeightsAndCapacities'][number];

function withDesired(
  endpoint: EndpointRecord,
  serving: EndpointGeneration,
  desired: readonly Desired[],
): Readonly<Record<string, VariantWish>> {
  const wishes = new Map(Object.entries(serving.variants));
  const seen = new Set<string>();
  for (const [index, { variantName, desiredWeight, desiredInstanceCount }] of desired.entries()) {
    const where = `desiredWeightsAndCapacities.${index + 1}.member`;
    const variant = variantOf(endpoint, variantName);
    if (seen.has(variantName)) throw invalid(where, `The variant '${variantName}' is given twice.`);
    seen.add(variantName);
    if (desiredWeight === undefined && desiredInstanceCount === undefined) {
      throw invalid(where, `'${where}' has neither DesiredWeight nor DesiredInstanceCount.`);
    }
    if (desiredInstanceCount !== undefined) {
      checkInstanceCount(variant, desiredInstanceCount, `${where}.desiredInstanceCount`);
    }
    const before = wishes.get(variantName) ?? initialWish(variant);
    wishes.set(variantName, {
      instanceCount: desiredInstanceCount ?? before.instanceCount,
      weight: desiredWeight ?? before.weight,
    });
  }
  return Object.fromEntries(wishes);
}

function desiredText({ variantName, desiredWeight, desiredInstanceCount }: Desired): string {
  const weight = desiredWeight === undefined ? [] : [`weight ${desiredWeight}`];
  const count = desiredInstanceCount === undefined ? [] : [`${desiredInstanceCount} instances`];
  return `${variantName} ${[...weight, ...count].join(', ')}`;
}

/** A deployment moves each variant's traffic to the new one of the same name, and components stay where they are. */
function checkSameVariants(endpoint: EndpointRecord, config: EndpointConfigRecord, view: StateView): void {
  const serving = servingGeneration(endpoint);
  const before = namesOf(serving?.config.productionVariants ?? []);
  const after = namesOf(config.specification.productionVariants);
  const field = 'endpointConfigName';
  if (before.join() !== after.join()) {
    throw invalid(
      field,
      `The new endpoint configuration "${config.name}" must have the same variant names as the endpoint, ` +
        `because each variant's traffic moves to the new one of its name: ` +
        `it has ${after.join(', ')}, the endpoint has ${before.join(', ')}.`,
    );
  }
  const withModel = config.specification.productionVariants.filter((variant) => variant.modelName);
  for (const { variantName } of withModel) {
    const resident = view
      .componentsOf(endpoint.scope, endpoint.name)
      .find(({ value }) => value.variantName === variantName && value.status !== ComponentStatus.Deleting);
    if (resident === undefined) continue;
    throw invalid(
      field,
      `The variant "${variantName}" of "${config.name}" has a model of its own, ` +
        `but the inference component "${resident.value.name}" is on it.`,
    );
  }
}

function namesOf(variants: readonly ProductionVariant[]): string[] {
  return variants.map(({ variantName }) => variantName).sort();
}

/** What a variant of the new generation has at first: as now, where that is to be retained. */
function retainedWish(
  endpoint: EndpointRecord,
  input: UpdateEndpointInput,
): (variant: ProductionVariant) => VariantWish {
  if (input.retainAllVariantProperties !== true) return initialWish;
  const excluded = (input.excludeRetainedVariantProperties ?? []).map((one) => one.variantPropertyType);
  return (variant) => {
    const initial = initialWish(variant);
    const current = currentWish(endpoint, variant.variantName) ?? initial;
    const { instanceCount } = excluded.includes('DesiredInstanceCount') ? initial : current;
    return {
      instanceCount: withinScaling(variant, instanceCount),
      weight: (excluded.includes('DesiredWeight') ? initial : current).weight,
    };
  };
}

/** After a rollback that failed the instances are spread over several generations. */
function currentWish({ generations }: EndpointRecord, variant: string): VariantWish | null {
  const wishes = generations.flatMap(({ variants }) => variants[variant] ?? []);
  const [first] = wishes;
  if (first === undefined) return null;
  return { ...first, instanceCount: wishes.reduce((sum, { instanceCount }) => sum + instanceCount, 0) };
}

function deploymentOf(endpoint: EndpointRecord, input: UpdateEndpointInput): DeploymentConfig | null {
  const { deploymentConfig, retainDeploymentConfig = false } = input;
  if (!retainDeploymentConfig) return deploymentConfig ?? null;
  if (deploymentConfig === undefined) return endpoint.deploymentConfig;
  throw invalid(
    'retainDeploymentConfig',
    'RetainDeploymentConfig is true and DeploymentConfig is given; leave one of them out.',
  );
}
