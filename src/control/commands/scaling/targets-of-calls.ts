/**
 * What the operations of Application Auto Scaling share: which thing a call is about, the ids and ARNs of what belongs
 * to it, and how pages of their lists are cut.
 */
import { createHash } from 'node:crypto';
import { StowageError } from '../../../domain/errors.js';
import { baseOf, ComponentStatus } from '../../../domain/inference-component.js';
import { EndpointStatus, type ProductionVariant } from '../../../domain/endpoint.js';
import { ScalableDimension, type ScalableTargetRecord, parseResourceId } from '../../../domain/scaling.js';
import { type Scope, scopeKey } from '../../../domain/scope.js';
import type { StateView, StoredOf } from '../../state-view.js';
import { newestGeneration } from '../generations.js';
import { invalid, unsupported } from '../refusals.js';

/** The members by which all operations name a target. */
export interface TargetName {
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: string;
}

/** The members by which all lists choose. */
export interface TargetFilter {
  readonly serviceNamespace: string;
  readonly resourceId?: string;
  readonly scalableDimension?: string;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface NamedTarget {
  readonly resourceId: string;
  readonly dimension: ScalableDimension;
}

export const serviceNamespace = 'sagemaker';

/** What a call is about. Throws REQ-210 and REQ-212 where no such thing scales here. */
export function nameTarget({ serviceNamespace: namespace, ...name }: TargetName): NamedTarget {
  checkNamespace(namespace);
  const { resourceId, scalableDimension } = name;
  const dimension = knownDimension(scalableDimension);
  const resource = parseResourceId(resourceId);
  if (resource === null) {
    const problem =
      `Unsupported service namespace, resource type or scalable dimension: "${resourceId}" is neither ` +
      '"inference-component/NAME" nor "endpoint/NAME/variant/NAME".';
    throw invalid('resourceId', problem);
  }
  const fit = resource.kind === 'component' ? ScalableDimension.CopyCount : ScalableDimension.InstanceCount;
  if (dimension !== fit) {
    const problem =
      'Unsupported service namespace, resource type or scalable dimension: the dimension of ' +
      `"${resourceId}" is "${fit}", not "${dimension}".`;
    throw invalid('scalableDimension', problem);
  }
  return { resourceId, dimension };
}

/** Refuses a filter that no target here can pass. */
export function checkFilter({ serviceNamespace: namespace, ...filter }: TargetFilter): void {
  checkNamespace(namespace);
  const { resourceId, scalableDimension } = filter;
  if (scalableDimension === undefined) return;
  if (resourceId === undefined) {
    const problem = 'ScalableDimension is given without ResourceId; give both, or ResourceId alone.';
    throw invalid('scalableDimension', problem);
  }
  nameTarget({ serviceNamespace: namespace, resourceId, scalableDimension });
}

function checkNamespace(namespace: string): void {
  if (namespace === serviceNamespace) return;
  throw unsupported('serviceNamespace', `only "${serviceNamespace}" scales here, not "${namespace}"`);
}

function knownDimension(dimension: string): ScalableDimension {
  const known = Object.values(ScalableDimension).find((one) => one === dimension);
  if (known !== undefined) return known;
  const names = Object.values(ScalableDimension).join(', ');
  throw unsupported('scalableDimension', `"${dimension}" does not scale here; there are ${names}`);
}

/** The registered target. Throws NAME-410. */
export function targetOf(
  view: StateView,
  scope: Scope,
  { resourceId, dimension }: NamedTarget,
): StoredOf<ScalableTargetRecord> {
  const stored = view.scalableTarget(scope, resourceId);
  if (stored === undefined) throw missing('scalable target', `${resourceId}, ${dimension}`);
  return stored;
}

/** NAME-410. */
export function missing(kind: 'scalable target' | 'scaling policy' | 'scheduled action', name: string) {
  return StowageError.of('NAME-410', { kind, arn: name });
}

/** Throws REQ-210 unless the resource is there and has a number of its own to scale. */
export function checkResource(view: StateView, scope: Scope, { resourceId }: NamedTarget): void {
  const resource = parseResourceId(resourceId);
  if (resource?.kind === 'component') checkComponent(view, scope, resource.component);
  else if (resource?.kind === 'variant') checkVariant(view, scope, resource.endpoint, resource.variant);
}

function checkComponent(view: StateView, scope: Scope, name: string): void {
  const component = view.component(scope, name)?.value;
  if (component === undefined) {
    throw invalid('resourceId', `The inference component "${name}" does not exist.`);
  }
  if (component.status === ComponentStatus.Deleting) {
    throw invalid('resourceId', `The inference component "${name}" is being deleted.`);
  }
  const base = baseOf(component);
  if (base === null) return;
  const problem = `"${name}" is an adapter and is in every copy of "${base}"; scale "${base}".`;
  throw invalid('resourceId', problem);
}

function checkVariant(view: StateView, scope: Scope, endpointName: string, name: string): void {
  const endpoint = view.endpoint(scope, endpointName)?.value;
  if (endpoint === undefined) throw invalid('resourceId', `The endpoint "${endpointName}" does not exist.`);
  if (endpoint.status === EndpointStatus.Deleting) {
    throw invalid('resourceId', `The endpoint "${endpointName}" is being deleted.`);
  }
  const variants = newestGeneration(endpoint)?.config.productionVariants ?? [];
  if (variants.some(({ variantName }) => variantName === name)) return;
  throw invalid('resourceId', `The endpoint "${endpointName}" has no variant "${name}".`);
}

/** The variant that a resource names; undefined = it names none, or none that is there. */
export function variantOfResource(
  view: StateView,
  scope: Scope,
  resourceId: string,
): ProductionVariant | undefined {
  const resource = parseResourceId(resourceId);
  if (resource?.kind !== 'variant') return undefined;
  const endpoint = view.endpoint(scope, resource.endpoint)?.value;
  const variants =
    endpoint === undefined ? [] : (newestGeneration(endpoint)?.config.productionVariants ?? []);
  return variants.find(({ variantName }) => variantName === resource.variant);
}

/** Nothing would bring the first instance back: throws REQ-210 for a variant whose policies may take the last. */
export function refuseZeroInstances(field: string, resourceId: string, min: number | undefined): void {
  if (min !== 0 || parseResourceId(resourceId)?.kind !== 'variant') return;
  const problem =
    'MinCapacity is 0; a variant needs 1 or more. Inference components go to zero, and so do the instances ' +
    'of a variant with ManagedInstanceScaling and MinInstanceCount 0.';
  throw invalid(field, problem);
}

/** An id that follows from what it is of; `createdAt` tells apart what had the same name before. */
export function identifier(scope: Scope, createdAt: number, ...names: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([scopeKey(scope), createdAt, ...names]))
    .digest('hex')
    .slice(0, 32);
}

/** The same as a UUID is written. */
export function uuid(scope: Scope, createdAt: number, ...names: readonly string[]): string {
  const id = identifier(scope, createdAt, ...names);
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}

export function targetArn({ scope, id }: Pick<ScalableTargetRecord, 'scope' | 'id'>): string {
  return `arn:aws:application-autoscaling:${scope.region}:${scope.account}:scalable-target/${id}`;
}

interface OwnedByTarget {
  readonly scope: Scope;
  readonly id: string;
  readonly resourceId: string;
}

export function policyArn({ scope, id, resourceId, policyName }: OwnedByTarget & { policyName: string }) {
  const resource = `resource/${serviceNamespace}/${resourceId}:policyName/${policyName}`;
  return `arn:aws:autoscaling:${scope.region}:${scope.account}:scalingPolicy:${id}:${resource}`;
}

export function actionArn({ scope, id, resourceId, actionName }: OwnedByTarget & { actionName: string }) {
  const resource = `resource/${serviceNamespace}/${resourceId}:scheduledActionName/${actionName}`;
  return `arn:aws:autoscaling:${scope.region}:${scope.account}:scheduledAction:${id}:${resource}`;
}

/** The members by which descriptions name the target. */
export function targetMembers(resourceId: string) {
  const isComponent = parseResourceId(resourceId)?.kind === 'component';
  return {
    serviceNamespace,
    resourceId,
    scalableDimension: isComponent ? ScalableDimension.CopyCount : ScalableDimension.InstanceCount,
  };
}

/** What a page of a list holds: at most, and when the caller does not say, by the service's reference. */
export function pageSize(maxResults: number | undefined, max: number): number {
  if (maxResults === undefined) return max;
  if (maxResults >= 1 && maxResults <= max) return maxResults;
  throw invalid('maxResults', `MaxResults is ${maxResults}, it must be between 1 and ${max}.`);
}
