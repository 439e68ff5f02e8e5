/** What scales: each target with its bounds, how many there are, what the number follows, and what was done last. */
import { targetText } from '../../decide/scaling/policy-words.js';
import { StowageError } from '../../domain/errors.js';
import { parseResourceId, type TargetTrackingConfiguration } from '../../domain/scaling.js';
import { mapBounded } from './apply/map-bounded.js';
import { listTargets, type PolicyDescription, type TargetDescription } from './apply/scaling-calls.js';
import type { ControlApi } from './control-api/control-api.js';
import { toWire } from './control-api/wire-shape.js';
import { withNearest } from './missing.js';
import { type Column, OutputFormat, renderList, renderValue } from './render.js';
import type { Session } from './session.js';

/** Activities that are fetched of each target; the API gives pages of at most 50. */
const activitiesShown = 5;

interface Activity {
  readonly statusCode: string;
  readonly description: string;
  readonly cause: string;
  readonly startTime: number;
}

/** A target with all that belongs to it. */
export interface ScalingRow {
  /** `component/NAME`, or `endpoint/NAME/variant/NAME`. */
  readonly name: string;
  readonly target: TargetDescription & { readonly suspendedState?: Readonly<Record<string, boolean>> };
  readonly current: number;
  readonly wanted: number;
  readonly policies: readonly PolicyDescription[];
  readonly scheduledActions: readonly object[];
  /** Newest first. */
  readonly activities: readonly Activity[];
}

const columns: readonly Column<ScalingRow>[] = [
  { title: 'target', cell: ({ name }) => name },
  { title: 'now', cell: ({ current, wanted }) => `${current}/${wanted}` },
  { title: 'bounds', cell: ({ target }) => `${target.minCapacity}..${target.maxCapacity}` },
  { title: 'follows', cell: followsText },
  { title: 'last activity', cell: lastText },
  { title: 'suspended', isWideOnly: true, cell: suspendedText },
  { title: 'cause', isWideOnly: true, cell: ({ activities: [last] }) => last?.cause ?? '-' },
];

/** `stowage get scaling`; `name`: a component's, or a whole resource id, or null for all. */
export async function lookAtScaling(
  api: ControlApi,
  name: string | null,
  { format }: Session,
): Promise<string> {
  const targets = await listTargets(api, null);
  const chosen = targets.filter(({ resourceId }) => name === null || isNamed(resourceId, name));
  if (name !== null && chosen.length === 0) {
    const error = StowageError.of('NAME-410', { kind: 'scaling', arn: name });
    throw withNearest(error, 'scaling', name, targets.map(nameOf));
  }
  const rows = await mapBounded(chosen, (target) => rowOf(api, target));
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    return renderValue(rows.map(scalingValue), format);
  }
  return renderList({ rows, columns, nameOf: (row) => row.name }, format ?? OutputFormat.Table);
}

/** How one component scales, as the API spells it; null when it does not. */
export async function scalingOfComponent(api: ControlApi, component: string): Promise<object | null> {
  const [target] = await listTargets(api, [`inference-component/${component}`]);
  return target === undefined ? null : scalingValue(await rowOf(api, target));
}

async function rowOf(api: ControlApi, target: TargetDescription): Promise<ScalingRow> {
  const { resourceId } = target;
  const of = { serviceNamespace: 'sagemaker', resourceId };
  const [count, policies, scheduledActions, activities] = await Promise.all([
    countOf(api, resourceId),
    api.list<PolicyDescription>('DescribeScalingPolicies', of, 'scalingPolicies'),
    api.list<object>('DescribeScheduledActions', of, 'scheduledActions'),
    api.call<{ scalingActivities?: readonly Activity[] }>('DescribeScalingActivities', {
      ...of,
      maxResults: activitiesShown,
      includeNotScaledActivities: true,
    }),
  ]);
  return {
    name: nameOf(target),
    target,
    ...count,
    policies,
    scheduledActions,
    activities: activities.scalingActivities ?? [],
  };
}

/** Copies or instances that there are, and that are wanted. */
async function countOf(api: ControlApi, resourceId: string): Promise<Pick<ScalingRow, 'current' | 'wanted'>> {
  const resource = parseResourceId(resourceId);
  if (resource?.kind === 'component') {
    const found = await api.find<{
      runtimeConfig?: { currentCopyCount?: number; desiredCopyCount?: number };
    }>('DescribeInferenceComponent', { inferenceComponentName: resource.component });
    const { currentCopyCount: current = 0, desiredCopyCount: wanted = 0 } = found?.runtimeConfig ?? {};
    return { current, wanted };
  }
  if (resource === null) return { current: 0, wanted: 0 };
  const found = await api.find<{
    productionVariants?: {
      variantName: string;
      currentInstanceCount?: number;
      desiredInstanceCount?: number;
    }[];
  }>('DescribeEndpoint', { endpointName: resource.endpoint });
  const variant = found?.productionVariants?.find(({ variantName }) => variantName === resource.variant);
  return { current: variant?.currentInstanceCount ?? 0, wanted: variant?.desiredInstanceCount ?? 0 };
}

function nameOf({ resourceId }: TargetDescription): string {
  return resourceId.replace(/^inference-component\//, 'component/');
}

function isNamed(resourceId: string, name: string): boolean {
  const resource = parseResourceId(resourceId);
  return resourceId === name || (resource?.kind === 'component' && resource.component === name);
}

function followsText({ policies }: ScalingRow): string {
  if (policies.length === 0) return '-';
  return policies
    .map(({ targetTrackingScalingPolicyConfiguration: tracking }) =>
      tracking === undefined ? 'steps of alarms' : targetText(tracking as TargetTrackingConfiguration),
    )
    .join(', ');
}

function lastText({ activities: [last] }: ScalingRow): string {
  if (last === undefined) return '-';
  const at = new Date(last.startTime).toISOString().slice(0, 19).replace('T', ' ');
  return `${at}  ${last.statusCode}: ${last.description}`;
}

function suspendedText({ target }: ScalingRow): string {
  const set = Object.entries(target.suspendedState ?? {}).filter(([, isSuspended]) => isSuspended);
  return set.length === 0 ? '-' : set.map(([what]) => what).join(', ');
}

function scalingValue({
  target,
  policies,
  scheduledActions,
  activities,
  current,
  wanted,
}: ScalingRow): object {
  const value = { target, current, wanted, policies, scheduledActions, activities };
  return toWire(withDates(value)) as object;
}

/** Times of the API in ISO 8601. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key.endsWith('Time') && typeof member === 'number' ? new Date(member).toISOString() : withDates(member),
    ]),
  );
}
