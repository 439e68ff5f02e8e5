/**
 * Models as callers describe them. Members are SageMaker's, in camel case; the service model has their bounds, and they
 * were checked against it before they got here. Immutable once created.
 */
import type { Scope } from './scope.js';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface S3DataSource {
  readonly s3Uri: string;
  readonly s3DataType: 'S3Prefix' | 'S3Object';
  readonly compressionType: 'None' | 'Gzip';
}

export interface ContainerDefinition {
  readonly image?: string;
  readonly mode?: 'SingleModel' | 'MultiModel';
  readonly modelDataUrl?: string;
  readonly modelDataSource?: { readonly s3DataSource?: S3DataSource };
  /** `OPTION_*` and `SERVING_*` keys, as `container-environment.ts` reads them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly containerHostname?: string;
}

export interface ModelSpecification {
  readonly primaryContainer?: ContainerDefinition;
  /** One at most is acted on. */
  readonly containers?: readonly ContainerDefinition[];
  readonly executionRoleArn?: string;
  readonly enableNetworkIsolation?: boolean;
  readonly vpcConfig?: unknown;
}

export interface ModelRecord {
  readonly kind: 'model';
  readonly scope: Scope;
  readonly name: string;
  /** Wall clock, milliseconds. */
  readonly createdAt: number;
  readonly tags: readonly Tag[];
  readonly specification: ModelSpecification;
}

/** The container that a model runs: its primary one, or its only one. */
export function containerOf(specification: ModelSpecification): ContainerDefinition {
  return specification.primaryContainer ?? specification.containers?.[0] ?? {};
}
