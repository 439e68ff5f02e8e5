/** What scaling did and why, newest first. */
import type { NotScaledReason, ScalingActivityRecord } from '../../../domain/scaling.js';
import { answer, type Call, type CommandResult } from '../call.js';
import { listPage } from '../listing.js';
import { checkFilter, pageSize, type TargetFilter, targetMembers } from './targets-of-calls.js';

/** Activities on a page: as Application Auto Scaling's. */
const pageMax = 50;

export interface DescribeScalingActivitiesInput extends TargetFilter {
  /** With those that say why nothing was scaled. */
  readonly includeNotScaledActivities?: boolean;
}

interface ScalingActivity {
  readonly activityId: string;
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly description: string;
  readonly cause: string;
  readonly startTime: number;
  readonly endTime?: number;
  readonly statusCode: string;
  readonly statusMessage: string;
  readonly details?: string;
  readonly notScaledReasons?: readonly NotScaledReason[];
}

interface DescribeScalingActivitiesOutput {
  readonly scalingActivities: readonly ScalingActivity[];
  readonly nextToken?: string;
}

export function describeScalingActivities({
  view,
  scope,
  input,
}: Call<DescribeScalingActivitiesInput>): CommandResult<DescribeScalingActivitiesOutput> {
  checkFilter(input);
  const { resourceId, includeNotScaledActivities: isWithNotScaled = false } = input;
  const all = resourceId === undefined ? view.scalingActivities(scope) : view.activitiesOf(scope, resourceId);
  const chosen = all
    .filter(({ value }) => isWithNotScaled || value.notScaled.length === 0)
    .map(({ value }) => ({ value: { ...value, createdAt: value.startedAt } }));
  const page = { ...input, maxResults: pageSize(input.maxResults, pageMax) };
  const { records, ...rest } = listPage('DescribeScalingActivities', scope, chosen, page);
  return answer({ scalingActivities: records.map(activityOutput), ...rest });
}

function activityOutput(activity: ScalingActivityRecord): ScalingActivity {
  const { endedAt, details, notScaled } = activity;
  return {
    activityId: activity.name,
    ...targetMembers(activity.resourceId),
    description: activity.description,
    cause: activity.cause,
    startTime: activity.startedAt,
    ...(endedAt === null ? {} : { endTime: endedAt }),
    statusCode: activity.status,
    statusMessage: activity.statusMessage,
    ...(details === null ? {} : { details }),
    ...(notScaled.length === 0 ? {} : { notScaledReasons: notScaled }),
  };
}
