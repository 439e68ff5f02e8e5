/** The calls that a difference comes to, in the order they are made. */
import type { DeploymentConfig } from '../../domain/deployment.js';
import type { EndpointConfigSpecification } from '../../domain/endpoint.js';
import type { ScalingPlan, SchedulePlan } from '../../domain/endpoint-plan.js';
import type { Tag } from '../../domain/model.js';
import type { DesiredComponent, DesiredModel } from './desired.js';
import type { ObservedPart } from './observed.js';

export type Step =
  | { readonly do: 'create-model'; readonly model: DesiredModel; readonly tags: readonly Tag[] }
  | {
      readonly do: 'create-endpoint-config';
      readonly name: string;
      readonly specification: EndpointConfigSpecification;
      readonly tags: readonly Tag[];
    }
  | {
      readonly do: 'create-endpoint';
      readonly name: string;
      readonly configName: string;
      readonly tags: readonly Tag[];
    }
  | {
      readonly do: 'update-endpoint';
      readonly name: string;
      readonly configName: string;
      readonly rollout: DeploymentConfig | null;
    }
  | { readonly do: 'delete-endpoint'; readonly name: string }
  | {
      readonly do: 'create-component';
      readonly endpoint: string;
      readonly component: DesiredComponent;
      readonly tags: readonly Tag[];
    }
  | {
      readonly do: 'update-component';
      readonly component: DesiredComponent;
      /** Null: as many as there are. */
      readonly copies: number | null;
    }
  | { readonly do: 'scale-component'; readonly name: string; readonly copies: number }
  | { readonly do: 'delete-component'; readonly name: string }
  /** Bounds, the policy and schedules of a component's copies, as they are wanted. */
  | {
      readonly do: 'scale-by-load';
      readonly name: string;
      readonly scaling: ScalingPlan;
      /** Of a new target; null = there is one already. */
      readonly tags: readonly Tag[] | null;
      readonly policy: 'put' | 'keep';
      readonly schedules: readonly SchedulePlan[];
      /** Schedules that go. */
      readonly gone: readonly string[];
    }
  | { readonly do: 'stop-scaling'; readonly name: string }
  /** When everything else is over: what nothing uses any more. */
  | { readonly do: 'delete-part'; readonly part: ObservedPart }
  | {
      readonly do: 'tag';
      readonly kind: 'endpoint' | 'inference-component';
      readonly name: string;
      readonly tags: readonly Tag[];
    };

/** One thing that changes, as a reader is told of it. */
export interface PlannedChange {
  readonly change: 'create' | 'update' | 'replace' | 'delete';
  readonly kind: 'endpoint' | 'component' | ObservedPart['kind'];
  readonly name: string;
  /** What it means for those who use it, a phrase. */
  readonly meaning: string;
  readonly details: readonly ChangedValue[];
  /** Why somebody must say yes to it; null = nobody has to. */
  readonly confirmation: string | null;
}

export interface ChangedValue {
  /** In the words of `stowage.yaml`. */
  readonly path: string;
  /** Null = was not there, or is no longer said. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What an endpoint's plan changes. */
export interface Difference {
  readonly endpoint: string;
  readonly changes: readonly PlannedChange[];
  /** Things of the plan that are as they should be. */
  readonly unchanged: readonly string[];
  /** Components of the endpoint that the plan does not name and that stay, with the reason. */
  readonly leftAlone: readonly { readonly name: string; readonly reason: string }[];
  /** Components that another endpoint has under a name of the plan; nothing can be applied. */
  readonly conflicts: readonly { readonly name: string; readonly endpoint: string }[];
  /** What may go wrong, for people. */
  readonly warnings: readonly string[];
  /** Of all instances at their most, US dollars an hour; null = not known, or there are none. */
  readonly pricePerHour: { readonly from: number | null; readonly to: number | null };
  /** In order; renewing tags is a step and no change. */
  readonly steps: readonly Step[];
}
