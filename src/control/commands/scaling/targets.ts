/** Scalable targets: which numbers scale, and between which bounds. */
import { createHash } from 'node:crypto';
import {
  nothingSuspended,
  parseResourceId,
  type ScalableDimension,
  type ScalableTargetRecord,
  type SuspendedState,
} from '../../../domain/scaling.js';
import { ResourceKind } from '../../../domain/scope.js';
import { answer, type Call, type CommandResult, creation, update } from '../call.js';
import { found, invalid } from '../refusals.js';

export interface RegisterScalableTargetInput {
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: ScalableDimension;
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
  readonly roleARN?: string;
  readonly suspendedState?: Partial<SuspendedState>;
}

export interface DescribeScalableTargetsInput {
  readonly serviceNamespace: string;
  readonly resourceIds?: readonly string[];
  readonly scalableDimension?: string;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** Makes a target, or changes what is named of one that is there. */
export function registerScalableTarget({
  view,
  scope,
  input,
  now,
}: Call<RegisterScalableTargetInput>): CommandResult<{ scalableTargetARN: string }> {
  const { resourceId, scalableDimension: dimension, suspendedState } = input;
  const resource = parseResourceId(resourceId);
  if (resource === null) throw invalid('resourceId', `Nothing of the name "${resourceId}" scales.`);
  if (resource.kind === 'component') {
    found(
      view.component(scope, resource.component),
      scope,
      ResourceKind.InferenceComponent,
      resource.component,
    );
  }
  const stored = view.scalableTarget(scope, resourceId);
  const before = stored?.value;
  const min = input.minCapacity ?? before?.minCapacity;
  const max = input.maxCapacity ?? before?.maxCapacity;
  if (min === undefined || max === undefined) {
    throw invalid('minCapacity', 'MinCapacity and MaxCapacity are both needed for a new target.');
  }
  if (min > max) throw invalid('minCapacity', `MinCapacity ${min} is above MaxCapacity ${max}.`);
  const record: ScalableTargetRecord = {
    kind: 'scalable-target',
    scope,
    name: resourceId,
    id:
      before?.id ??
      createHash('sha256')
        .update(`${scope.account}/${scope.region}/${resourceId}`)
        .digest('hex')
        .slice(0, 32),
    dimension,
    minCapacity: min,
    maxCapacity: max,
    suspended: { ...nothingSuspended, ...before?.suspended, ...suspendedState },
    roleArn: input.roleARN ?? before?.roleArn ?? '',
    createdAt: before?.createdAt ?? now,
    tags: before?.tags ?? [],
    lastOutAt: before?.lastOutAt ?? null,
    lastInAt: before?.lastInAt ?? null,
  };
  const reason = 'asked for by RegisterScalableTarget';
  const change =
    stored === undefined
      ? creation(record, 'target-registered', reason)
      : update(stored, record, 'target-updated', reason);
  return { changes: [change], output: { scalableTargetARN: targetArn(record) } };
}

export function describeScalableTargets({ view, scope }: Call<DescribeScalableTargetsInput>): CommandResult {
  return answer({
    scalableTargets: view.scalableTargets(scope).map(({ value }) => ({
      serviceNamespace: 'sagemaker',
      resourceId: value.name,
      scalableDimension: value.dimension,
      minCapacity: value.minCapacity,
      maxCapacity: value.maxCapacity,
      roleARN: value.roleArn,
      creationTime: value.createdAt,
      suspendedState: value.suspended,
      scalableTargetARN: targetArn(value),
    })),
  });
}

export function describeScalingActivities({
  view,
  scope,
}: Call<{ readonly resourceId?: string }>): CommandResult {
  return answer({
    scalingActivities: view.scalingActivities(scope).map(({ value }) => ({
      activityId: value.name,
      serviceNamespace: 'sagemaker',
      resourceId: value.resourceId,
      scalableDimension: value.dimension,
      description: value.description,
      cause: value.cause,
      startTime: value.startedAt,
      ...(value.endedAt === null ? {} : { endTime: value.endedAt }),
      statusCode: value.status,
      statusMessage: value.statusMessage,
    })),
  });
}

function targetArn({ scope, id }: ScalableTargetRecord): string {
  return `arn:aws:application-autoscaling:${scope.region}:${scope.account}:scalable-target/${id}`;
}
