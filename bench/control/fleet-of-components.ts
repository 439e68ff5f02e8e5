/** A control plane over an obedient fleet, with one endpoint and as many components as are asked for. */
import { join } from 'node:path';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createMemoryMetricStore } from '../../src/adapters/metrics/memory/metric-store.js';
import { createSqliteStore } from '../../src/adapters/store/sqlite/store.js';
import type { Log, Telemetry } from '../../src/contracts/telemetry.js';
import { createControl } from '../../src/control/control.js';
import type { Control } from '../../src/control/facade.js';
import type { InstanceType } from '../../src/domain/instance.js';
import type { Scope } from '../../src/domain/scope.js';
import { temporaryFolder } from '../bench.js';
import { DrivenClock } from './driven-clock.js';
import { ObedientFleet } from './obedient-fleet.js';

export const scope: Scope = { account: '000000000000', region: 'us-east-1' };
export const componentName = (index: number): string => `component-${index}`;

const gibibyte = 2 ** 30;
/** Components on one instance of the bench's type. */
const componentsPerInstance = 100;
const instanceType: InstanceType = {
  name: 'ml.m5.24xlarge',
  cpus: 96,
  memoryBytes: 384 * gibibyte,
  accelerators: 0,
  acceleratorMemoryBytes: 0,
  zones: ['a', 'b', 'c'],
  pricePerHour: 5.53,
  countMax: 1000,
};
/** Steps of the clock that the loop may take to come to rest. */
const stepsMax = 20_000;

const quietLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const quietTelemetry: Telemetry = {
  requestEnded: () => {},
  tokenGap: () => {},
  load: () => {},
  copyReport: () => {},
  copyEnded: () => {},
  requestResumed: () => {},
  waited: () => {},
  requestPushedOut: () => {},
  budgetRefused: () => {},
  componentGone: () => {},
};

export interface Bed {
  readonly control: Control;
  readonly fleet: ObedientFleet;
  readonly clock: DrivenClock;
}

/** An empty one, its state in a file as in earnest. */
export function makeBed(): Bed {
  const clock = new DrivenClock();
  const fleet = new ObedientFleet(clock);
  const control = createControl({
    store: createSqliteStore(join(temporaryFolder(), 'state.db')),
    fleet,
    clock,
    random: systemRandom,
    log: quietLog,
    telemetry: quietTelemetry,
    metrics: createMemoryMetricStore(),
    catalogue: new Map([[instanceType.name, instanceType]]),
    loadReports: { onReport: () => () => {} },
    limits: { coresMax: 96 },
  });
  return { control, fleet, clock };
}

/** Creates the endpoint and its components and drives the loop until all copies run; the milliseconds it computed. */
export function fill({ control, fleet, clock }: Bed, count: number): number {
  const variant = {
    variantName: 'AllTraffic',
    instanceType: instanceType.name,
    initialInstanceCount: Math.ceil(count / componentsPerInstance),
  };
  const begin = performance.now();
  control.execute('CreateModel', scope, {
    modelName: 'model',
    primaryContainer: { modelDataUrl: 's3://stowage/model', environment: {} },
  });
  control.execute('CreateEndpointConfig', scope, {
    endpointConfigName: 'bench',
    productionVariants: [variant],
  });
  control.execute('CreateEndpoint', scope, { endpointName: 'bench', endpointConfigName: 'bench' });
  driveUntil(clock, () => statusOf(control) === 'InService');
  for (let index = 0; index < count; index++) {
    control.execute('CreateInferenceComponent', scope, {
      inferenceComponentName: componentName(index),
      endpointName: 'bench',
      variantName: 'AllTraffic',
      specification: {
        modelName: 'model',
        computeResourceRequirements: { numberOfCpuCoresRequired: 0.25, minMemoryRequiredInMb: 1024 },
      },
      runtimeConfig: { copyCount: 1 },
    });
  }
  driveUntil(clock, () => fleet.copies.size === count);
  return performance.now() - begin;
}

/** Lets time pass until something is so; the milliseconds of computing of all turns in between. */
export function driveUntil(clock: DrivenClock, isSo: () => boolean): number {
  let computed = 0;
  for (let step = 0; step < stepsMax; step++) {
    if (isSo()) return computed;
    computed += clock.step() ?? 0;
  }
  throw new Error('the control plane did not come to what the bench waits for');
}

function statusOf(control: Control): string {
  const seen = control.execute('DescribeEndpoint', scope, { endpointName: 'bench' }) as {
    endpointStatus: string;
  };
  return seen.endpointStatus;
}
