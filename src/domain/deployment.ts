/**
 * How a change is rolled out: SageMaker's deployment policies in camel case, and how far a deployment is. Times are
 * the wall clock's, milliseconds, because deployments outlive processes.
 */

export interface CapacitySize {
  readonly type: 'INSTANCE_COUNT' | 'COPY_COUNT' | 'CAPACITY_PERCENT';
  readonly value: number;
}

export interface AutoRollbackConfiguration {
  readonly alarms?: readonly { readonly alarmName?: string }[];
}

export interface RollingUpdatePolicy {
  readonly maximumBatchSize: CapacitySize;
  readonly waitIntervalInSeconds: number;
  readonly maximumExecutionTimeoutInSeconds?: number;
  /** 100 percent when left out. */
  readonly rollbackMaximumBatchSize?: CapacitySize;
}

export interface BlueGreenUpdatePolicy {
  readonly trafficRoutingConfiguration: {
    readonly type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
    readonly waitIntervalInSeconds: number;
    readonly canarySize?: CapacitySize;
    readonly linearStepSize?: CapacitySize;
  };
  readonly terminationWaitInSeconds?: number;
  readonly maximumExecutionTimeoutInSeconds?: number;
}

/** Of an endpoint: one of the two policies; none = all at once. */
export interface DeploymentConfig {
  readonly blueGreenUpdatePolicy?: BlueGreenUpdatePolicy;
  readonly rollingUpdatePolicy?: RollingUpdatePolicy;
  readonly autoRollbackConfiguration?: AutoRollbackConfiguration;
}

/** Of an inference component. */
export interface ComponentDeploymentConfig {
  readonly rollingUpdatePolicy: RollingUpdatePolicy;
  readonly autoRollbackConfiguration?: AutoRollbackConfiguration;
}

export const DeploymentPhase = {
  /** The next batch comes up: instances, and copies on them. */
  Provisioning: 'provisioning',
  /** The batch has its traffic; alarms are watched until the wait interval has passed. */
  Baking: 'baking',
  /** All traffic is on the new side; the old one is kept for the termination wait, then drained. */
  Terminating: 'terminating',
  /** The old side takes everything back; the new one goes. */
  RollingBack: 'rolling-back',
} as const;
export type DeploymentPhase = (typeof DeploymentPhase)[keyof typeof DeploymentPhase];

/** How far an endpoint's or a component's deployment is. */
export interface Deployment {
  /** Generations of the endpoint, or of the component. */
  readonly from: number;
  readonly to: number;
  readonly phase: DeploymentPhase;
  /** Batches or traffic steps that have baked. */
  readonly step: number;
  /** Of an endpoint's: instances; of a component's: copies that the new side should have at this step. */
  readonly target: number;
  /** When the phase began, when the deployment began, and when it is given up. */
  readonly since: number;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** Why it is in this phase, a phrase for people. */
  readonly reason: string;
}
