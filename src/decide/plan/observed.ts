/** What the control API says there is, as far as a plan is compared with it. */
import type { EndpointConfigSpecification, EndpointStatus } from '../../domain/endpoint.js';
import type { ComponentSpecification, ComponentStatus } from '../../domain/inference-component.js';
import type { SchedulePlan } from '../../domain/endpoint-plan.js';
import type { ContainerDefinition, Tag } from '../../domain/model.js';
import type { TargetTrackingConfiguration } from '../../domain/scaling.js';

export interface ObservedVariant {
  readonly name: string;
  /** Instances there are now. */
  readonly instances: number;
}

export interface ObservedComponent {
  readonly name: string;
  readonly endpoint: string;
  readonly variant: string;
  readonly status: ComponentStatus;
  readonly failureReason: string | null;
  readonly specifications: readonly ComponentSpecification[];
  /** What each specification's model has in it; null = the model is gone. */
  readonly containers: readonly (ContainerDefinition | null)[];
  readonly copiesWanted: number;
  /** Copies there are now. */
  readonly copies: number;
  readonly tags: readonly Tag[];
  /** How its copies scale; null = they do not. */
  readonly scaling: ObservedScaling | null;
}

/** A scalable target with what belongs to it. */
export interface ObservedScaling {
  readonly min: number;
  readonly max: number;
  /** The policy that `apply` keeps; null = there is none, so that others made the target. */
  readonly policy: TargetTrackingConfiguration | null;
  readonly schedules: readonly SchedulePlan[];
  /** What the last copy that scaling asked for took to come up, milliseconds; null = not seen yet. */
  readonly coldStartMs: number | null;
}

export interface ObservedEndpointState {
  /** Others than Stowage's own may be answered by other servers. */
  readonly status: EndpointStatus | string;
  readonly failureReason: string | null;
  readonly configName: string;
  /** Null = its configuration was deleted. */
  readonly config: EndpointConfigSpecification | null;
  /** What the models of variants have in them, by variant name. */
  readonly variantContainers: Readonly<Record<string, ContainerDefinition>>;
  readonly variants: readonly ObservedVariant[];
  readonly tags: readonly Tag[];
}

/** A model or a configuration that `apply` made for the endpoint. */
export interface ObservedPart {
  readonly kind: 'model' | 'endpoint-config';
  readonly name: string;
}

export interface Observed {
  /** Null = there is none of that name. */
  readonly endpoint: ObservedEndpointState | null;
  /** All of the endpoint, and those of other endpoints that have a name the plan wants. */
  readonly components: readonly ObservedComponent[];
  /** Names among the plan's that are there already. */
  readonly models: ReadonlySet<string>;
  readonly configs: ReadonlySet<string>;
  /** All that `apply` ever made for the endpoint and that is still there; looked for only to delete what is left over. */
  readonly parts: readonly ObservedPart[];
}
