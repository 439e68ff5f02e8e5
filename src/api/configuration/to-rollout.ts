/** What a document's `rollout` means: the control API's deployment configurations. */
import type {
  AutoRollbackConfiguration,
  CapacitySize,
  ComponentDeploymentConfig,
  DeploymentConfig,
} from '../../domain/deployment.js';
import { refuse } from './reading.js';
import type { Reading } from './reading.js';
import type { EndpointDocument } from './schema.js';
import type { ComponentDocument } from './schema-component.js';
import type { PathSegment } from './yaml-document.js';

type EndpointRollout = NonNullable<EndpointDocument['rollout']>;
type ComponentRollout = NonNullable<ComponentDocument['rollout']>;

/** What the control API takes of each kind, percent. */
const percentBounds = {
  canary: { min: 1, max: 50 },
  linear: { min: 10, max: 50 },
  rolling: { min: 5, max: 50 },
} as const;

export function toDeployment(source: EndpointRollout, reading: Reading): DeploymentConfig {
  const { type, size, wait, alarms } = source;
  const rollback = autoRollback(alarms);
  const path = ['rollout', 'size'];
  if (type === 'all-at-once') {
    if (size !== undefined) {
      refuse(reading, path, 'says nothing with `type: all-at-once`', 'name another `type`, or leave it out');
    }
    const trafficRoutingConfiguration = { type: 'ALL_AT_ONCE', waitIntervalInSeconds: wait } as const;
    return { blueGreenUpdatePolicy: { trafficRoutingConfiguration }, ...rollback };
  }
  if (size === undefined)
    refuse(reading, path, `is missing: \`${type}\` needs one`, 'add `size: 1` or `size: 25%`');
  const step = toSize(size ?? 1, 'INSTANCE_COUNT', percentBounds[type], path, reading);
  switch (type) {
    case 'canary':
      return {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: { type: 'CANARY', waitIntervalInSeconds: wait, canarySize: step },
        },
        ...rollback,
      };
    case 'linear':
      return {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: { type: 'LINEAR', waitIntervalInSeconds: wait, linearStepSize: step },
        },
        ...rollback,
      };
    case 'rolling':
      return { rollingUpdatePolicy: { maximumBatchSize: step, waitIntervalInSeconds: wait }, ...rollback };
    default:
      return type satisfies never;
  }
}

export function toComponentDeployment(
  { size, wait, alarms }: ComponentRollout,
  path: readonly PathSegment[],
  reading: Reading,
): ComponentDeploymentConfig {
  const at = [...path, 'size'];
  const maximumBatchSize = toSize(size ?? 1, 'COPY_COUNT', percentBounds.rolling, at, reading);
  return { rollingUpdatePolicy: { maximumBatchSize, waitIntervalInSeconds: wait }, ...autoRollback(alarms) };
}

function autoRollback(alarms: readonly string[] | undefined): {
  autoRollbackConfiguration?: AutoRollbackConfiguration;
} {
  if (alarms === undefined) return {};
  return { autoRollbackConfiguration: { alarms: alarms.map((alarmName) => ({ alarmName })) } };
}

function toSize(
  size: number | string,
  unit: 'INSTANCE_COUNT' | 'COPY_COUNT',
  { min, max }: { readonly min: number; readonly max: number },
  path: readonly PathSegment[],
  reading: Reading,
): CapacitySize {
  if (typeof size === 'number') return { type: unit, value: size };
  const value = Number(size.slice(0, -1));
  if (value < min || value > max) {
    refuse(
      reading,
      path,
      `expected ${min}% to ${max}%, found \`${size}\``,
      `write \`size: ${max}%\` or less`,
    );
  }
  return { type: 'CAPACITY_PERCENT', value };
}
