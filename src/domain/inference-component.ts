/** Inference components as callers describe them (SageMaker's members, in camel case), and how they are. */
import type { ComponentDeploymentConfig, Deployment } from './deployment.js';
import type { ErrorData } from './errors.js';
import type { ContainerDefinition, Tag } from './model.js';
import type { Scope } from './scope.js';

export interface ComputeResourceRequirements {
  readonly numberOfCpuCoresRequired?: number;
  readonly numberOfAcceleratorDevicesRequired?: number;
  readonly minMemoryRequiredInMb: number;
  readonly maxMemoryRequiredInMb?: number;
}

export interface SchedulingConfig {
  readonly placementStrategy: 'SPREAD' | 'BINPACK';
  readonly availabilityZoneBalance?: {
    readonly enforcementMode: 'PERMISSIVE';
    /** 0 when left out. */
    readonly maxImbalance?: number;
  };
}

export interface ComponentSpecification {
  /** With several specifications: the instance type this one is for. */
  readonly instanceType?: string;
  readonly modelName?: string;
  readonly container?: {
    readonly image?: string;
    readonly artifactUrl?: string;
    readonly environment?: Readonly<Record<string, string>>;
  };
  readonly startupParameters?: {
    readonly modelDataDownloadTimeoutInSeconds?: number;
    readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  };
  readonly computeResourceRequirements?: ComputeResourceRequirements;
  readonly dataCacheConfig?: { readonly enableCaching: boolean };
  readonly schedulingConfig?: SchedulingConfig;
  /** It is a LoRA adapter, `container.artifactUrl`, on this component: it has no copies of its own. */
  readonly baseInferenceComponentName?: string;
}

export const ComponentStatus = {
  Creating: 'Creating',
  Updating: 'Updating',
  InService: 'InService',
  Failed: 'Failed',
  Deleting: 'Deleting',
} as const;
export type ComponentStatus = (typeof ComponentStatus)[keyof typeof ComponentStatus];

/** One specification (or one per instance type) that copies were or are to be made from. */
export interface ComponentGeneration {
  /** Rises with each new specification. */
  readonly id: number;
  readonly specifications: readonly ComponentSpecification[];
  /** What each specification runs, in the same order: its own container, or its model's as it was then. */
  readonly containers: readonly ContainerDefinition[];
}

/** Copies of a generation that failed in a row, and when the next is started. */
export interface ComponentFailures {
  readonly generation: number;
  /** Those that fell together count once. */
  readonly count: number;
  /** The newest incarnation there was at the last failure: copies up to this one fell with it. */
  readonly incarnation: number;
  readonly restartAt: number;
  readonly error: ErrorData;
}

export interface ComponentRecord {
  readonly kind: 'inference-component';
  readonly scope: Scope;
  readonly name: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: readonly Tag[];
  readonly status: ComponentStatus;
  readonly failureReason: string | null;
  /** Copies wanted. */
  readonly copyCount: number;
  /** Oldest first; one, or two during a rolling update. */
  readonly generations: readonly ComponentGeneration[];
  readonly deployment: Deployment | null;
  readonly deploymentConfig: ComponentDeploymentConfig | null;
  readonly failures: ComponentFailures | null;
}

/** The component that this one is an adapter on; null = it has copies of its own. */
export function baseOf({ generations }: Pick<ComponentRecord, 'generations'>): string | null {
  return generations.at(-1)?.specifications[0]?.baseInferenceComponentName ?? null;
}

/** What workers call an adapter component's file. */
export function adapterId(name: string, generation: ComponentGeneration): string {
  return `${name}#${generation.id}`;
}

/** True for an id of `adapterId`; no adapter of a component's options has such a name. */
export function isAdapterId(id: string): boolean {
  return id.includes('#');
}

/** The generation of an adapter component that callers get; null while it has none that was ever loaded. */
export function servedAdapter(component: ComponentRecord): ComponentGeneration | null {
  const { status, generations } = component;
  const isServed =
    status === ComponentStatus.InService || (status === ComponentStatus.Updating && generations.length > 1);
  return isServed ? (generations[0] ?? null) : null;
}
