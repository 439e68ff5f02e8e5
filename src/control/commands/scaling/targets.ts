/** Scalable targets: which numbers scale, and between which bounds. */
import { managedScalingOf } from '../../../decide/scaling/instances/managed.js';
import {
  nothingSuspended,
  parseResourceId,
  type ScalableDimension,
  type ScalableTargetRecord,
  type SuspendedState,
} from '../../../domain/scaling.js';
import type { Scope } from '../../../domain/scope.js';
import type { StateView } from '../../state-view.js';
import { answer, type Call, type CommandResult, creation, type Empty, update } from '../call.js';
import { accountLimits, refuseAbove, refuseOneMore } from '../limits.js';
import { namePage } from '../listing.js';
import { invalid } from '../refusals.js';
import { removeTarget } from './removal.js';
import { checkTargetTags } from './tags.js';
import {
  checkFilter,
  checkResource,
  identifier,
  type NamedTarget,
  nameTarget,
  pageSize,
  refuseZeroInstances,
  type TargetFilter,
  type TargetName,
  targetArn,
  targetMembers,
  targetOf,
  variantOfResource,
} from './targets-of-calls.js';

/** Targets on a page: as Application Auto Scaling's. */
const pageMax = 50;

export interface RegisterScalableTargetInput extends TargetName {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
  readonly roleARN?: string;
  readonly suspendedState?: Partial<SuspendedState>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface DescribeScalableTargetsInput extends Omit<TargetFilter, 'resourceId'> {
  readonly resourceIds?: readonly string[];
}

interface ScalableTarget {
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: ScalableDimension;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly roleARN: string;
  readonly creationTime: number;
  readonly suspendedState: SuspendedState;
  readonly scalableTargetARN: string;
}

interface DescribeScalableTargetsOutput {
  readonly scalableTargets: readonly ScalableTarget[];
  readonly nextToken?: string;
}

/** Makes a target, or changes what is named of one that is there. */
export function registerScalableTarget({
  view,
  scope,
  input,
  now,
}: Call<RegisterScalableTargetInput>): CommandResult<{ readonly scalableTargetARN: string }> {
  const name = nameTarget(input);
  checkResource(view, scope, name);
  const stored = view.scalableTarget(scope, name.resourceId);
  const before = stored?.value;
  const bounds = boundsOf(input, before);
  checkBounds(view, scope, name, bounds);
  const record: ScalableTargetRecord = {
    kind: 'scalable-target',
    scope,
    name: name.resourceId,
    id: before?.id ?? identifier(scope, now, name.resourceId, name.dimension),
    dimension: name.dimension,
    ...bounds,
    suspended: { ...nothingSuspended, ...before?.suspended, ...input.suspendedState },
    roleArn: input.roleARN ?? before?.roleArn ?? serviceRole(scope),
    createdAt: before?.createdAt ?? now,
    tags: tagsOf(input, before),
    lastOutAt: before?.lastOutAt ?? null,
    lastInAt: before?.lastInAt ?? null,
    ...(before?.lastOutFrom === undefined ? {} : { lastOutFrom: before.lastOutFrom }),
  };
  const reason = `asked for by RegisterScalableTarget, ${bounds.minCapacity} to ${bounds.maxCapacity}`;
  if (stored === undefined) {
    refuseOneMore(accountLimits.scalableTargets, view.scalableTargets(scope).length);
    const changes = [creation(record, 'target-registered', reason)];
    return { changes, output: { scalableTargetARN: targetArn(record) } };
  }
  const changes = [update(stored, record, 'target-updated', reason)];
  return { changes, output: { scalableTargetARN: targetArn(record) } };
}

/** Takes its policies, their alarms, its scheduled actions and its activities with it. */
export function deregisterScalableTarget({ view, scope, input }: Call<TargetName>): CommandResult<Empty> {
  const { value } = targetOf(view, scope, nameTarget(input));
  return {
    changes: removeTarget(view, scope, value.name, 'asked for by DeregisterScalableTarget'),
    output: {},
  };
}

/** In the order of resource ids; ids that are not there are passed over. */
export function describeScalableTargets({
  view,
  scope,
  input,
}: Call<DescribeScalableTargetsInput>): CommandResult<DescribeScalableTargetsOutput> {
  const { nextToken, maxResults, resourceIds = [], ...query } = input;
  const [only] = resourceIds;
  if (input.scalableDimension === undefined || resourceIds.length === 0) checkFilter(query);
  else for (const resourceId of resourceIds) checkFilter({ ...query, resourceId });
  const wanted = only === undefined ? null : new Set(resourceIds);
  const chosen = view
    .scalableTargets(scope)
    .map(({ value }) => value)
    .filter(({ name }) => wanted === null || wanted.has(name));
  const page = { query: { ...query, resourceIds }, nextToken, maxResults: pageSize(maxResults, pageMax) };
  const { records, ...rest } = namePage('DescribeScalableTargets', scope, chosen, page);
  return answer({ scalableTargets: records.map(targetOutput), ...rest });
}

function targetOutput(target: ScalableTargetRecord): ScalableTarget {
  return {
    ...targetMembers(target.name),
    minCapacity: target.minCapacity,
    maxCapacity: target.maxCapacity,
    roleARN: target.roleArn,
    creationTime: target.createdAt,
    suspendedState: target.suspended,
    scalableTargetARN: targetArn(target),
  };
}

interface Bounds {
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

function boundsOf(input: RegisterScalableTargetInput, before: ScalableTargetRecord | undefined): Bounds {
  const minCapacity = input.minCapacity ?? before?.minCapacity;
  const maxCapacity = input.maxCapacity ?? before?.maxCapacity;
  if (minCapacity !== undefined && maxCapacity !== undefined) return { minCapacity, maxCapacity };
  const field = minCapacity === undefined ? 'minCapacity' : 'maxCapacity';
  throw invalid(field, 'MinCapacity and MaxCapacity are both required to register a new scalable target.');
}

function checkBounds(view: StateView, scope: Scope, { resourceId }: NamedTarget, bounds: Bounds): void {
  const { minCapacity: min, maxCapacity: max } = bounds;
  if (min < 0) throw invalid('minCapacity', `MinCapacity is ${min}, it must be 0 or more.`);
  if (min > max) {
    const problem = `Maximum capacity cannot be less than minimum capacity: MinCapacity is ${min}, MaxCapacity ${max}.`;
    throw invalid('maxCapacity', problem);
  }
  const resource = parseResourceId(resourceId);
  if (resource?.kind !== 'variant') return refuseAbove(accountLimits.copies, max);
  refuseAbove(accountLimits.instances, max);
  refuseZeroInstances('minCapacity', resourceId, min);
  const variant = variantOfResource(view, scope, resourceId);
  const isManaged = variant !== undefined && managedScalingOf(variant) !== null;
  if (!isManaged || variant.modelName !== undefined) return;
  const problem =
    `The variant "${resource.variant}" has ManagedInstanceScaling, which sets its number of instances; one ` +
    'number has one writer. Set MinInstanceCount and MaxInstanceCount there, or its Status to DISABLED.';
  throw invalid('resourceId', problem);
}

/** Tags are for making a target; those of one that is there are changed by TagResource. */
function tagsOf({ tags }: RegisterScalableTargetInput, before: ScalableTargetRecord | undefined) {
  if (tags === undefined || Object.keys(tags).length === 0) return before?.tags ?? [];
  if (before === undefined) return checkTargetTags(tags);
  throw invalid('tags', 'Tags are for a new scalable target; use TagResource for one that is there.');
}

/** The role that Application Auto Scaling makes for itself; shown, and never used here. */
function serviceRole({ account }: Scope): string {
  const service = 'sagemaker.application-autoscaling.amazonaws.com';
  const role = 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';
  return `arn:aws:iam::${account}:role/aws-service-role/${service}/${role}`;
}
