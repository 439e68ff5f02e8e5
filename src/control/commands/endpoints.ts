/** Endpoints: created, listed and deleted. Their updates and their description have files of their own. */
import type { DeploymentConfig } from '../../domain/deployment.js';
import { type EndpointGeneration, type EndpointRecord, EndpointStatus } from '../../domain/endpoint.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import type { Tag } from '../../domain/model.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import { answer, type Call, type CommandResult, creation, type Empty, update } from './call.js';
import { checkDeployment } from './deployment-policies.js';
import { generationFrom } from './generations.js';
import { accountLimits, refuseOneMore } from './limits.js';
import { type ListInput, listPage } from './listing.js';
import { found, refuseDuplicate, stillUsed } from './refusals.js';
import { removeScalingOfEndpoint } from './scaling/removal.js';
import { checkTags } from './tagging.js';

const kind = ResourceKind.Endpoint;

export interface CreateEndpointInput {
  readonly endpointName: string;
  readonly endpointConfigName: string;
  /** Kept for the updates that retain it. */
  readonly deploymentConfig?: DeploymentConfig;
  readonly tags?: readonly Tag[];
}

export interface EndpointName {
  readonly endpointName: string;
}

export interface EndpointArn {
  readonly endpointArn: string;
}

interface ListEndpointsOutput {
  readonly endpoints: readonly {
    readonly endpointName: string;
    readonly endpointArn: string;
    readonly creationTime: number;
    readonly lastModifiedTime: number;
    readonly endpointStatus: EndpointStatus;
  }[];
  readonly nextToken?: string;
}

/** Components that are named in a refusal. */
const namedComponentsMax = 5;

export function createEndpoint(call: Call<CreateEndpointInput>): CommandResult<EndpointArn> {
  const { view, scope, input, now } = call;
  const { endpointName: name, endpointConfigName, deploymentConfig = null, tags } = input;
  refuseDuplicate(view.endpoint(scope, name), scope, kind, name);
  const config = view.endpointConfig(scope, endpointConfigName);
  const { value } = found(config, scope, ResourceKind.EndpointConfig, endpointConfigName);
  const generation = generationFrom(value, 1, view);
  if (deploymentConfig !== null) checkDeployment(deploymentConfig, sizeOf(generation), view, scope);
  const record: EndpointRecord = {
    kind: 'endpoint',
    scope,
    name,
    createdAt: now,
    modifiedAt: now,
    tags: checkTags(tags),
    status: EndpointStatus.Creating,
    failureReason: null,
    generations: [generation],
    deployment: null,
    deploymentConfig,
    modelFailures: {},
  };
  refuseOneMore(accountLimits.endpoints, view.endpoints(scope).length);
  return {
    changes: [
      creation(record, 'endpoint-created', `asked for by CreateEndpoint, from ${endpointConfigName}`),
    ],
    output: { endpointArn: arnOf(scope, kind, name) },
  };
}

export function listEndpoints({ view, scope, input }: Call<ListInput>): CommandResult<ListEndpointsOutput> {
  const { records, ...rest } = listPage('ListEndpoints', scope, view.endpoints(scope), input);
  const endpoints = records.map(({ name, createdAt, modifiedAt, status }) => ({
    endpointName: name,
    endpointArn: arnOf(scope, kind, name),
    creationTime: createdAt,
    lastModifiedTime: modifiedAt,
    endpointStatus: status,
  }));
  return answer({ endpoints, ...rest });
}

/**
 * Possible in every state. Refused (STATE-703) while components are on it that nobody has deleted; those that are on
 * their way out go with it. Deleting what is being deleted changes nothing.
 */
export function deleteEndpoint({ view, scope, input, now }: Call<EndpointName>): CommandResult<Empty> {
  const name = input.endpointName;
  const stored = found(view.endpoint(scope, name), scope, kind, name);
  if (stored.value.status === EndpointStatus.Deleting) return answer({});
  const components = view
    .componentsOf(scope, name)
    .filter(({ value }) => value.status !== ComponentStatus.Deleting)
    .map(({ value }) => value.name);
  if (components.length > 0) throw stillUsed(scope, kind, name, componentsText(components));
  const deleted: EndpointRecord = {
    ...stored.value,
    modifiedAt: now,
    status: EndpointStatus.Deleting,
    generations: [],
    deployment: null,
    modelFailures: {},
  };
  return {
    changes: [
      update(stored, deleted, 'endpoint-deleted', 'asked for by DeleteEndpoint'),
      ...removeScalingOfEndpoint(view, stored.value),
    ],
    output: {},
  };
}

/** What percentages of a deployment are of. */
export function sizeOf(generation: EndpointGeneration): {
  readonly instances: number;
  readonly variantCount: number;
} {
  const counts = Object.values(generation.variants).map(({ instanceCount }) => instanceCount);
  return {
    instances: counts.reduce((sum, count) => sum + count, 0),
    variantCount: generation.config.productionVariants.length,
  };
}

function componentsText(names: readonly string[]): string {
  const shown = names.slice(0, namedComponentsMax).join(', ');
  const rest = names.length - namedComponentsMax;
  return `it has the inference components ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}
