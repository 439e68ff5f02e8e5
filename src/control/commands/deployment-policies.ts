/** Checks of deployment policies that the service model cannot express. They throw REQ-210. */
import type {
  AutoRollbackConfiguration,
  BlueGreenUpdatePolicy,
  CapacitySize,
  ComponentDeploymentConfig,
  DeploymentConfig,
  RollingUpdatePolicy,
} from '../../domain/deployment.js';
import { ResourceKind, type Scope } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import { invalid, notFound } from './refusals.js';

/** What sizes are sizes of. */
interface Whole {
  /** `instances` or `copies`. */
  readonly unit: string;
  readonly total: number;
}

interface PercentRange {
  readonly min: number;
  readonly max: number;
}

const canaryRange: PercentRange = { min: 1, max: 50 };
const linearRange: PercentRange = { min: 10, max: 50 };
const rollingRange: PercentRange = { min: 5, max: 50 };
const rollbackRange: PercentRange = { min: 1, max: 100 };

const place = 'deploymentConfig';

/** Of an endpoint whose new side has `instances` over `variantCount` production variants. */
export function checkDeployment(
  config: DeploymentConfig,
  { instances, variantCount }: { readonly instances: number; readonly variantCount: number },
  view: StateView,
  scope: Scope,
): void {
  const { blueGreenUpdatePolicy, rollingUpdatePolicy, autoRollbackConfiguration } = config;
  if (blueGreenUpdatePolicy !== undefined && rollingUpdatePolicy !== undefined) {
    throw invalid(place, 'Both BlueGreenUpdatePolicy and RollingUpdatePolicy are given; give one of them.');
  }
  const whole = { unit: 'instances', total: instances };
  if (blueGreenUpdatePolicy !== undefined) checkBlueGreen(blueGreenUpdatePolicy, whole);
  if (rollingUpdatePolicy !== undefined) {
    if (variantCount > 1) {
      throw invalid(
        `${place}.rollingUpdatePolicy`,
        `A rolling update is for endpoints with one production variant, this one has ${variantCount}; ` +
          'use BlueGreenUpdatePolicy.',
      );
    }
    checkRolling(rollingUpdatePolicy, whole);
  }
  checkAlarms(autoRollbackConfiguration, view, scope);
}

/** Of an inference component with `copies`. */
export function checkComponentDeployment(
  config: ComponentDeploymentConfig,
  copies: number,
  view: StateView,
  scope: Scope,
): void {
  checkRolling(config.rollingUpdatePolicy, { unit: 'copies', total: copies });
  checkAlarms(config.autoRollbackConfiguration, view, scope);
}

function checkBlueGreen(policy: BlueGreenUpdatePolicy, whole: Whole): void {
  const where = `${place}.blueGreenUpdatePolicy`;
  const { type, canarySize, linearStepSize, waitIntervalInSeconds } = policy.trafficRoutingConfiguration;
  const routing = `${where}.trafficRoutingConfiguration`;
  checkPresence(canarySize, type === 'CANARY', `${routing}.canarySize`, type);
  checkPresence(linearStepSize, type === 'LINEAR', `${routing}.linearStepSize`, type);
  if (canarySize !== undefined) checkSize(canarySize, canaryRange, `${routing}.canarySize`, whole);
  if (linearStepSize !== undefined) {
    checkSize(linearStepSize, linearRange, `${routing}.linearStepSize`, whole);
  }
  const { maximumExecutionTimeoutInSeconds: timeout, terminationWaitInSeconds: wait = 0 } = policy;
  checkTimeout(timeout, wait + waitIntervalInSeconds, where);
}

function checkRolling(policy: RollingUpdatePolicy, whole: Whole): void {
  const where = `${place}.rollingUpdatePolicy`;
  const { maximumBatchSize, rollbackMaximumBatchSize, waitIntervalInSeconds } = policy;
  checkSize(maximumBatchSize, rollingRange, `${where}.maximumBatchSize`, whole);
  if (rollbackMaximumBatchSize !== undefined) {
    checkSize(rollbackMaximumBatchSize, rollbackRange, `${where}.rollbackMaximumBatchSize`, whole);
  }
  checkTimeout(policy.maximumExecutionTimeoutInSeconds, waitIntervalInSeconds, where);
}

function checkPresence(size: unknown, isNeeded: boolean, where: string, type: string): void {
  if ((size !== undefined) === isNeeded) return;
  throw invalid(where, `\`${where}\` ${isNeeded ? 'is missing' : 'has no meaning'} with the type ${type}.`);
}

/** A count is judged by its share of the whole; 1 is never too many, because nothing smaller could be moved. */
function checkSize(size: CapacitySize, range: PercentRange, where: string, { unit, total }: Whole): void {
  const isPercent = size.type === 'CAPACITY_PERCENT';
  const percent = isPercent ? size.value : (100 * size.value) / Math.max(1, total);
  const isSmallest = !isPercent && size.value === 1;
  const isTooMuch = percent > range.max && !isSmallest && (isPercent || total > 0);
  const isTooLittle = percent < range.min;
  if (!isTooMuch && !isTooLittle) return;
  const shown = isPercent ? `${size.value} percent` : `${size.value} of ${total} ${unit}`;
  throw invalid(where, `\`${where}\` is ${shown}, expected ${range.min} to ${range.max} percent.`);
}

function checkTimeout(timeout: number | undefined, waits: number, where: string): void {
  if (timeout === undefined || timeout > waits) return;
  const field = `${where}.maximumExecutionTimeoutInSeconds`;
  throw invalid(field, `\`${field}\` is ${timeout}, which does not outlast the waits of ${waits} s.`);
}

/** An alarm that does not exist would watch nothing. */
function checkAlarms(config: AutoRollbackConfiguration | undefined, view: StateView, scope: Scope): void {
  for (const [index, { alarmName }] of (config?.alarms ?? []).entries()) {
    if (alarmName === undefined) {
      const field = `${place}.autoRollbackConfiguration.alarms.${index + 1}.member.alarmName`;
      throw invalid(field, `\`${field}\` is missing.`);
    }
    if (view.alarm(scope, alarmName) === undefined) throw notFound(scope, ResourceKind.Alarm, alarmName);
  }
}
