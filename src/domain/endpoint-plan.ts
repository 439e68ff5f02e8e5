/**
 * What somebody wants an endpoint to be: one document of `stowage.yaml`, in the members of the control API but not yet
 * in its calls. Models may still be files of the writer's machine; nothing has a generated name yet.
 */
import type { CopyBounds } from './component.js';
import type { ComponentDeploymentConfig, DeploymentConfig } from './deployment.js';
import type { ProductionVariant } from './endpoint.js';
import type { ComponentSpecification } from './inference-component.js';
import type { Tag } from './model.js';
import type { TargetTrackingConfiguration } from './scaling.js';

/** Where the bytes of a model come from. */
export type ModelOrigin =
  /** A file of this machine, by its absolute path. */
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string | null }
  /** `s3://`, `https://` or `hf://`. */
  | { readonly kind: 'address'; readonly url: string; readonly sha256: string | null };

/** A model to be made; the name follows from its content. */
export interface ModelPlan {
  /** Null: the engine needs none. */
  readonly origin: ModelOrigin | null;
  /** The draft model; its address becomes an option. Left out: there is none. */
  readonly draft?: ModelOrigin;
  /** LoRA adapters by name; their addresses become an option. Left out: there are none, or the option has them. */
  readonly adapters?: Readonly<Record<string, ModelOrigin>>;
  readonly image: string | null;
  /** Keys of `container-environment.ts`, without those of the origin. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface VariantPlan {
  readonly name: string;
  /** Gets a copy of the requests; its answers are dropped. */
  readonly isShadow: boolean;
  /** Null: its instances are for inference components. */
  readonly model: ModelPlan | null;
  readonly settings: Omit<ProductionVariant, 'variantName' | 'modelName'>;
}

export interface SpecificationPlan {
  readonly model: ModelPlan;
  readonly settings: Omit<ComponentSpecification, 'modelName' | 'container'>;
}

/** Other bounds at a time; null = stays as it is. */
export interface SchedulePlan {
  readonly name: string;
  /** `at(…)`, `rate(…)` or `cron(…)`. */
  readonly schedule: string;
  /** Null: UTC. */
  readonly timezone: string | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** How the number of copies of a component follows its load. */
export interface ScalingPlan {
  readonly min: number;
  readonly max: number;
  readonly policy: TargetTrackingConfiguration;
  readonly schedules: readonly SchedulePlan[];
}

export interface ComponentPlan {
  readonly name: string;
  readonly variant: string;
  /** One; or several, each for its own instance type. */
  readonly specifications: readonly SpecificationPlan[];
  readonly copies: CopyBounds;
  /** How their number follows the load; null = `min` copies run. */
  readonly scaling: ScalingPlan | null;
  /** Null: as the server does it by itself. */
  readonly rollout: ComponentDeploymentConfig | null;
}

export interface EndpointPlan {
  readonly name: string;
  /** Where it is wanted; none = the client's region. */
  readonly regions: readonly string[];
  readonly roleArn: string | null;
  /** Of everything that is made for it. */
  readonly tags: readonly Tag[];
  /** Null: all at once. */
  readonly rollout: DeploymentConfig | null;
  readonly variants: readonly VariantPlan[];
  readonly components: readonly ComponentPlan[];
}
