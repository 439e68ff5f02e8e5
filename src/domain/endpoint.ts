/**
 * Endpoints and their configurations. What callers sent is kept in SageMaker's members in camel case; what Stowage
 * decided is beside it. An endpoint has one generation of instances, and more during a deployment.
 */
import type { RoutingStrategy } from './component.js';
import type { Deployment, DeploymentConfig } from './deployment.js';
import type { ComponentFailures } from './inference-component.js';
import type { ContainerDefinition, Tag } from './model.js';
import type { Scope } from './scope.js';

export interface InstancePool {
  readonly instanceType: string;
  /** 1 first; the next pool is used when there is no capacity. */
  readonly priority: number;
  readonly modelNameOverride?: string;
}

export interface ProductionVariant {
  readonly variantName: string;
  /** Left out: the variant's instances are for inference components. */
  readonly modelName?: string;
  readonly instanceType?: string;
  readonly initialInstanceCount?: number;
  /** 1 when left out. */
  readonly initialVariantWeight?: number;
  readonly instancePools?: readonly InstancePool[];
  readonly variantInstanceProvisionTimeoutInSeconds?: number;
  readonly modelDataDownloadTimeoutInSeconds?: number;
  readonly containerStartupHealthCheckTimeoutInSeconds?: number;
  readonly volumeSizeInGB?: number;
  readonly managedInstanceScaling?: {
    readonly status?: 'ENABLED' | 'DISABLED';
    readonly minInstanceCount?: number;
    readonly maxInstanceCount?: number;
    readonly scaleInPolicy?: {
      readonly strategy: 'IDLE_RELEASE' | 'CONSOLIDATION';
      readonly maximumStepSize?: number;
      readonly cooldownInMinutes?: number;
    };
  };
  readonly routingConfig?: {
    readonly routingStrategy: RoutingStrategy;
    /** Of PREFIX_AWARE: bytes or characters, 1024..65536, and requests in flight, 1..1024. */
    readonly prefixAwareRoutingConfig?: {
      readonly prefixLength?: number;
      readonly concurrencyThreshold?: number;
    };
  };
}

export interface EndpointConfigSpecification {
  readonly productionVariants: readonly ProductionVariant[];
  readonly shadowProductionVariants?: readonly ProductionVariant[];
  readonly executionRoleArn?: string;
  readonly kmsKeyId?: string;
  readonly vpcConfig?: unknown;
  readonly enableNetworkIsolation?: boolean;
  readonly metricsConfig?: unknown;
}

export interface EndpointConfigRecord {
  readonly kind: 'endpoint-config';
  readonly scope: Scope;
  readonly name: string;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
  readonly specification: EndpointConfigSpecification;
}

export const EndpointStatus = {
  Creating: 'Creating',
  Updating: 'Updating',
  RollingBack: 'RollingBack',
  InService: 'InService',
  Deleting: 'Deleting',
  Failed: 'Failed',
  /** A rolling update failed and so did its rollback; another UpdateEndpoint mends it. */
  UpdateRollbackFailed: 'UpdateRollbackFailed',
} as const;
export type EndpointStatus = (typeof EndpointStatus)[keyof typeof EndpointStatus];

/** What one variant of a generation should have now. */
export interface VariantWish {
  readonly instanceCount: number;
  /** ≥ 0; its share of the requests is its weight over the sum of all weights. */
  readonly weight: number;
  /** When managed scaling changed the number last, wall clock; absent = never. */
  readonly scaledAt?: number;
}

/** One configuration of an endpoint that has, or is to have, instances. */
export interface EndpointGeneration {
  /** Rises with each update. */
  readonly id: number;
  readonly configName: string;
  /** As it was when the endpoint took it over: deleting the configuration changes nothing here. */
  readonly config: EndpointConfigSpecification;
  /** Models of its variants as they were then, by variant name (production and shadow). */
  readonly models: Readonly<Record<string, VariantModel>>;
  /** Percent of the endpoint's requests that its copies are to answer, 0..100. */
  readonly traffic: number;
  /** By variant name; production and shadow. */
  readonly variants: Readonly<Record<string, VariantWish>>;
}

/** A variant's own model, as it was when the endpoint took it over. */
export interface VariantModel {
  readonly modelName: string;
  readonly container: ContainerDefinition;
}

export interface EndpointRecord {
  readonly kind: 'endpoint';
  readonly scope: Scope;
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: readonly Tag[];
  readonly status: EndpointStatus;
  readonly failureReason: string | null;
  /**
   * Oldest first; one, two during a deployment, three during one that follows a rollback that failed. None once it is
   * deleted and its instances go.
   */
  readonly generations: readonly EndpointGeneration[];
  readonly deployment: Deployment | null;
  /** Of the deployment that runs, or ran last. */
  readonly deploymentConfig: DeploymentConfig | null;
  /** Failures in a row of variants' own models, by variant name. */
  readonly modelFailures: Readonly<Record<string, ComponentFailures>>;
}

/** The generation that serves: the only one, or the one a deployment comes from. */
export function servingGeneration(endpoint: EndpointRecord): EndpointGeneration | null {
  return endpoint.generations[0] ?? null;
}
