/**
 * What others may ask of control: to run an operation of the control API, to be told routes, and to say why things are
 * as they are.
 */
import type { RouteFeed } from '../contracts/route-feed.js';
import type { LedgerEntry } from '../contracts/store.js';
import type { ComponentStatus } from '../domain/inference-component.js';
import type { CopyState } from '../domain/copy.js';
import type { EndpointStatus } from '../domain/endpoint.js';
import type { ErrorData } from '../domain/errors.js';
import type { InstanceRecord } from '../domain/instance.js';
import type { Scope } from '../domain/scope.js';

/** Every operation that is acted on, by the services' own names; where two services share one, by a name of ours. */
export const controlOperations = [
  'CreateModel',
  'DescribeModel',
  'ListModels',
  'DeleteModel',
  'CreateEndpointConfig',
  'DescribeEndpointConfig',
  'ListEndpointConfigs',
  'DeleteEndpointConfig',
  'CreateEndpoint',
  'DescribeEndpoint',
  'ListEndpoints',
  'UpdateEndpoint',
  'UpdateEndpointWeightsAndCapacities',
  'DeleteEndpoint',
  'CreateInferenceComponent',
  'DescribeInferenceComponent',
  'ListInferenceComponents',
  'UpdateInferenceComponent',
  'UpdateInferenceComponentRuntimeConfig',
  'DeleteInferenceComponent',
  'AddTags',
  'ListTags',
  'DeleteTags',
  'PutMetricAlarm',
  'DescribeAlarms',
  'DeleteAlarms',
  'SetAlarmState',
  'DescribeAlarmsForMetric',
  'DescribeAlarmHistory',
  'EnableAlarmActions',
  'DisableAlarmActions',
  'GetMetricData',
  'GetMetricStatistics',
  'ListMetrics',
  'PutMetricData',
  // CloudWatch's: of alarms.
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
  'RegisterScalableTarget',
  'DeregisterScalableTarget',
  'DescribeScalableTargets',
  'PutScalingPolicy',
  'DeleteScalingPolicy',
  'DescribeScalingPolicies',
  'PutScheduledAction',
  'DeleteScheduledAction',
  'DescribeScheduledActions',
  'DescribeScalingActivities',
  // Application Auto Scaling calls them TagResource, UntagResource and ListTagsForResource, as other services do.
  'TagScalableTarget',
  'UntagScalableTarget',
  'ListTagsOfScalableTarget',
] as const;
export type ControlOperation = (typeof controlOperations)[number];

/** One copy, or one place for a copy that has none. */
export interface CopyExplanation {
  readonly id: string;
  /** Null when no process exists. */
  readonly incarnation: number | null;
  readonly generation: number;
  readonly state: CopyState | 'waiting';
  /** Wall clock; null when no process exists. */
  readonly since: number | null;
  /** Why it is in this state and why it is where it is, phrases for people. */
  readonly reason: string;
  /** What it is waiting for comes at this time at the latest, wall clock; null = unknown. */
  readonly nextAt: number | null;
  readonly error: ErrorData | null;
  readonly loading: { readonly phase: string; readonly fraction: number } | null;
  readonly instance: string | null;
  readonly threads: number | null;
  readonly pid: number | null;
}

/** Why a number that scales is what it is, and what would change it. Times are wall clock, milliseconds. */
export interface ScalingExplanation {
  readonly min: number;
  readonly max: number;
  /** What somebody suspended, in words. */
  readonly suspended: readonly string[];
  readonly policies: readonly {
    readonly name: string;
    /** What it follows, a phrase. */
    readonly follows: string;
    /** What makes it add and take, a sentence. */
    readonly changes: string;
  }[];
  /** Of the last change; null = scaling has changed nothing yet. */
  readonly cause: string | null;
  /** What the last copy that scaling asked for took to come up, milliseconds; null = not seen yet. */
  readonly coldStartMs: number | null;
  /** Newest first, a few. */
  readonly activities: readonly {
    readonly at: number;
    readonly status: string;
    readonly description: string;
    readonly cause: string;
    /** Codes of the reasons for which less was done than wished. */
    readonly notScaled: readonly string[];
  }[];
  /** When a cooldown ends that keeps it from growing, or from shrinking; null = none does. */
  readonly outAgainAt: number | null;
  readonly inAgainAt: number | null;
  /** Bounds that a schedule sets next; null = it stays. */
  readonly schedules: readonly {
    readonly name: string;
    readonly at: number;
    readonly min: number | null;
    readonly max: number | null;
  }[];
}

export interface ComponentExplanation {
  /** `componentKey`. */
  readonly component: string;
  readonly scope: Scope;
  readonly endpoint: string;
  readonly name: string;
  readonly status: ComponentStatus;
  readonly failureReason: string | null;
  /** Why a copy failed last, while failures are remembered; null = none did. */
  readonly failure: ErrorData | null;
  /** 0 when it is no longer wanted and its last copies are going. */
  readonly copiesWanted: number;
  readonly copiesReady: number;
  readonly copies: readonly CopyExplanation[];
  /** How the number of its copies follows the load; null = it does not. */
  readonly scaling: ScalingExplanation | null;
  /** What was decided about it last, newest first. */
  readonly history: readonly LedgerEntry[];
}

export interface EndpointExplanation {
  readonly scope: Scope;
  readonly name: string;
  readonly status: EndpointStatus;
  readonly failureReason: string | null;
  /** What its deployment does and waits for; null when none runs. */
  readonly deployment: string | null;
  readonly instances: readonly InstanceRecord[];
  /** Its components and its variants' own models. */
  readonly components: readonly ComponentExplanation[];
  readonly history: readonly LedgerEntry[];
}

export interface Control {
  readonly feed: RouteFeed;
  /**
   * Runs one operation in the caller's scope. Input and output are the service model's shapes with members in camel
   * case and timestamps as wall-clock milliseconds; the input was validated against the model. Throws rows of the
   * error table. What it changes is durable when it returns.
   */
  execute(operation: ControlOperation, scope: Scope, input: object): object;
  /** Why an endpoint, with all that belongs to it, is as it is. Throws NAME-410. */
  explainEndpoint(scope: Scope, name: string): EndpointExplanation;
  /** The same of one component. Throws NAME-410. */
  explainComponent(scope: Scope, name: string): ComponentExplanation;
  /** Every component of a scope, in order of names. */
  explain(scope: Scope): readonly ComponentExplanation[];
  /** The last lines that a copy of the scope printed. Throws NAME-404 when there is no such copy. */
  logs(scope: Scope, copyId: string, linesMax: number): Promise<readonly string[]>;
  /** Calls back after anything changed its state; the result unsubscribes. */
  onChange(listener: () => void): () => void;
  /**
   * Ends all copies but keeps what is wanted, so that the next start brings it back: drains for `drainMsMax` at most,
   * removes them, resolves when the fleet has none left or gives up a few seconds after that. May be repeated.
   */
  close(drainMsMax?: number): Promise<void>;
  /** Stops the loop and touches nothing: copies go on for whoever adopts them. */
  abandon(): void;
}
