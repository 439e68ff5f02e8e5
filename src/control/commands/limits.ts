/** How many things one account may have in one region. Generous: they bound memory and the time of a turn. */
import { callersMetricsMax } from '../../contracts/metric-store.js';
import { adaptersMax } from '../../domain/adapter.js';
import { StowageError } from '../../domain/errors.js';

interface AccountLimit {
  /** As messages name it. */
  readonly name: string;
  readonly max: number;
  readonly unit: string;
}

export const accountLimits = {
  models: { name: 'Number of models', max: 20_000, unit: 'models' },
  endpointConfigs: {
    name: 'Number of endpoint configurations',
    max: 20_000,
    unit: 'endpoint configurations',
  },
  endpoints: { name: 'Number of endpoints', max: 1_000, unit: 'endpoints' },
  components: { name: 'Number of inference components', max: 20_000, unit: 'inference components' },
  adapters: { name: 'Number of adapters of one inference component', max: adaptersMax, unit: 'adapters' },
  /** Beside those that target tracking policies have. */
  alarms: { name: 'Number of metric alarms', max: 5_000, unit: 'alarms' },
  metrics: {
    name: 'Number of metrics in namespaces of your own',
    max: callersMetricsMax,
    unit: 'metrics',
  },
  scalableTargets: { name: 'Number of scalable targets', max: 20_000, unit: 'scalable targets' },
  scalingPolicies: { name: 'Number of scaling policies of one scalable target', max: 50, unit: 'policies' },
  stepAdjustments: {
    name: 'Number of step adjustments of one scaling policy',
    max: 20,
    unit: 'step adjustments',
  },
  scheduledActions: {
    name: 'Number of scheduled actions of one scalable target',
    max: 200,
    unit: 'scheduled actions',
  },
  copies: { name: 'Number of copies of one inference component', max: 10_000, unit: 'copies' },
  instances: { name: 'Number of instances of one variant', max: 1_000, unit: 'instances' },
} as const satisfies Record<string, AccountLimit>;

/** LIMIT-710 when there are as many as there may be, before one more is made. */
export function refuseOneMore(limit: AccountLimit, count: number): void {
  if (count >= limit.max) throw exceeded(limit, `There are ${count} now.`);
}

/** LIMIT-710 when more is asked for than there may be. */
export function refuseAbove(limit: AccountLimit, wanted: number): void {
  if (wanted > limit.max) throw exceeded(limit, `${wanted} were asked for.`);
}

function exceeded(limit: AccountLimit, problem: string): StowageError {
  return StowageError.of('LIMIT-710', { limit: limit.name, max: `${limit.max} ${limit.unit}`, problem });
}
