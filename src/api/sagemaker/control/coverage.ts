/**
 * SageMaker's control operations as Stowage serves them: what is done with each member of their inputs, and what is
 * taken beyond SageMaker's own model. A member that the model has and this table has not does not compile.
 */
import {
  acted,
  actedExcept,
  actedUpTo,
  type CoverageOf,
  type ExtensionTable,
  refused,
  type ServiceDescription,
  stored,
} from '../../service-model/coverage.js';
import model from './control-2017-07-24.json' with { type: 'json' };

type Shapes = typeof model.shapes;

const notServerless = refused('endpoints have instances here, none is serverless');
const noMetricsEndpoints = refused(
  'metrics of containers are not collected; the server’s own are at /metrics',
);
const noRegistry = refused(
  'there is no model registry, name the artifacts with ModelDataUrl or ModelDataSource',
);
const noMultiModel = refused('models are loaded by the copy that runs them, and one copy runs one model');

const listing = {
  SortBy: acted,
  SortOrder: acted,
  NextToken: acted,
  MaxResults: acted,
  NameContains: acted,
  CreationTimeBefore: acted,
  CreationTimeAfter: acted,
} as const;
const modifiedListing = {
  ...listing,
  LastModifiedTimeBefore: acted,
  LastModifiedTimeAfter: acted,
  StatusEquals: acted,
} as const;

const models = {
  CreateModelInput: {
    ModelName: acted,
    PrimaryContainer: acted,
    Containers: actedUpTo(1, 'a model has one container here'),
    InferenceExecutionConfig: refused('a model has one container here, so none is run before another'),
    ExecutionRoleArn: stored,
    Tags: acted,
    VpcConfig: stored,
    EnableNetworkIsolation: stored,
  },
  DescribeModelInput: { ModelName: acted },
  ListModelsInput: listing,
  DeleteModelInput: { ModelName: acted },
  ContainerDefinition: {
    ContainerHostname: stored,
    Image: acted,
    ImageConfig: refused('the engine is part of Stowage, no image is fetched'),
    Mode: actedExcept({ MultiModel: 'put several models on one endpoint as inference components' }),
    ModelDataUrl: acted,
    ModelDataSource: acted,
    AdditionalModelDataSources: refused('a container has one source of model data here'),
    Environment: acted,
    ModelPackageName: noRegistry,
    InferenceSpecificationName: noRegistry,
    MultiModelConfig: noMultiModel,
    ContainerMetricsConfig: noMetricsEndpoints,
  },
  ModelDataSource: { S3DataSource: acted },
  S3ModelDataSource: {
    S3Uri: acted,
    S3DataType: acted,
    CompressionType: acted,
    ModelAccessConfig: refused('no licence is asked for here; accept it where the model comes from'),
    HubAccessConfig: refused('there is no hub'),
    ManifestS3Uri: refused('what is fetched is listed from the address itself'),
    ETag: refused('pin the content with OPTION_MODEL_SHA256 in Environment'),
    ManifestEtag: refused('pin the content with OPTION_MODEL_SHA256 in Environment'),
  },
} satisfies CoverageOf<Shapes>;

const endpointConfigs = {
  CreateEndpointConfigInput: {
    EndpointConfigName: acted,
    ProductionVariants: acted,
    DataCaptureConfig: refused('requests and answers are not captured'),
    Tags: acted,
    KmsKeyId: stored,
    AsyncInferenceConfig: refused('asynchronous inference is not served'),
    ExplainerConfig: refused('answers are not explained'),
    ShadowProductionVariants: acted,
    ExecutionRoleArn: stored,
    VpcConfig: stored,
    EnableNetworkIsolation: stored,
    MetricsConfig: stored,
  },
  DescribeEndpointConfigInput: { EndpointConfigName: acted },
  ListEndpointConfigsInput: listing,
  DeleteEndpointConfigInput: { EndpointConfigName: acted },
  ProductionVariant: {
    VariantName: acted,
    ModelName: acted,
    InitialInstanceCount: acted,
    InstanceType: acted,
    InstancePools: acted,
    VariantInstanceProvisionTimeoutInSeconds: acted,
    InitialVariantWeight: acted,
    AcceleratorType: refused('Elastic Inference has ended; name an instance type with accelerators'),
    CoreDumpConfig: refused('core dumps are not collected'),
    ServerlessConfig: notServerless,
    VolumeSizeInGB: stored,
    ModelDataDownloadTimeoutInSeconds: acted,
    ContainerStartupHealthCheckTimeoutInSeconds: acted,
    EnableSSMAccess: refused('there is no Systems Manager', false),
    ManagedInstanceScaling: acted,
    RoutingConfig: acted,
    InferenceAmiVersion: refused('instances are hosts of your own, no machine image is chosen for them'),
    CapacityReservationConfig: refused('there is no capacity to reserve beyond the catalogue’s'),
  },
  InstancePool: {
    InstanceType: acted,
    ModelNameOverride: refused('a variant runs the same model on all its pools'),
    Priority: acted,
  },
  ProductionVariantManagedInstanceScaling: {
    Status: acted,
    MinInstanceCount: acted,
    MaxInstanceCount: acted,
    ScaleInPolicy: stored,
  },
  ProductionVariantRoutingConfig: {
    RoutingStrategy: acted,
    PrefixAwareRoutingConfig: acted,
  },
  PrefixAwareRoutingConfig: { PrefixLength: acted, ConcurrencyThreshold: acted },
} satisfies CoverageOf<Shapes>;

const endpoints = {
  CreateEndpointInput: {
    EndpointName: acted,
    EndpointConfigName: acted,
    DeploymentConfig: acted,
    Tags: acted,
  },
  DescribeEndpointInput: { EndpointName: acted },
  ListEndpointsInput: modifiedListing,
  UpdateEndpointInput: {
    EndpointName: acted,
    EndpointConfigName: acted,
    RetainAllVariantProperties: acted,
    ExcludeRetainedVariantProperties: acted,
    DeploymentConfig: acted,
    RetainDeploymentConfig: acted,
  },
  VariantProperty: { VariantPropertyType: acted },
  UpdateEndpointWeightsAndCapacitiesInput: { EndpointName: acted, DesiredWeightsAndCapacities: acted },
  DesiredWeightAndCapacity: {
    VariantName: acted,
    DesiredWeight: acted,
    DesiredInstanceCount: acted,
    ServerlessUpdateConfig: notServerless,
  },
  DeleteEndpointInput: { EndpointName: acted },
  DeploymentConfig: {
    BlueGreenUpdatePolicy: acted,
    RollingUpdatePolicy: acted,
    AutoRollbackConfiguration: acted,
  },
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: acted,
    TerminationWaitInSeconds: acted,
    MaximumExecutionTimeoutInSeconds: acted,
  },
  TrafficRoutingConfig: {
    Type: acted,
    WaitIntervalInSeconds: acted,
    CanarySize: acted,
    LinearStepSize: acted,
  },
  CapacitySize: { Type: acted, Value: acted },
  RollingUpdatePolicy: {
    MaximumBatchSize: acted,
    WaitIntervalInSeconds: acted,
    MaximumExecutionTimeoutInSeconds: acted,
    RollbackMaximumBatchSize: acted,
  },
  AutoRollbackConfig: { Alarms: acted },
  Alarm: { AlarmName: acted },
} satisfies CoverageOf<Shapes>;

const inferenceComponents = {
  CreateInferenceComponentInput: {
    InferenceComponentName: acted,
    EndpointName: acted,
    VariantName: acted,
    Specification: acted,
    Specifications: acted,
    RuntimeConfig: acted,
    Tags: acted,
  },
  DescribeInferenceComponentInput: { InferenceComponentName: acted },
  ListInferenceComponentsInput: { ...modifiedListing, EndpointNameEquals: acted, VariantNameEquals: acted },
  UpdateInferenceComponentInput: {
    InferenceComponentName: acted,
    Specification: acted,
    Specifications: acted,
    RuntimeConfig: acted,
    DeploymentConfig: acted,
  },
  UpdateInferenceComponentRuntimeConfigInput: { InferenceComponentName: acted, DesiredRuntimeConfig: acted },
  DeleteInferenceComponentInput: { InferenceComponentName: acted },
  InferenceComponentSpecification: {
    InstanceType: acted,
    ModelName: acted,
    Container: acted,
    StartupParameters: acted,
    ComputeResourceRequirements: acted,
    BaseInferenceComponentName: acted,
    DataCacheConfig: stored,
    SchedulingConfig: acted,
  },
  InferenceComponentContainerSpecification: {
    Image: acted,
    ArtifactUrl: acted,
    Environment: acted,
    ContainerMetricsConfig: noMetricsEndpoints,
  },
  InferenceComponentStartupParameters: {
    ModelDataDownloadTimeoutInSeconds: acted,
    ContainerStartupHealthCheckTimeoutInSeconds: acted,
  },
  InferenceComponentComputeResourceRequirements: {
    NumberOfCpuCoresRequired: acted,
    NumberOfAcceleratorDevicesRequired: acted,
    MinMemoryRequiredInMb: acted,
    MaxMemoryRequiredInMb: acted,
  },
  InferenceComponentSchedulingConfig: { PlacementStrategy: acted, AvailabilityZoneBalance: acted },
  InferenceComponentAvailabilityZoneBalance: { EnforcementMode: acted, MaxImbalance: acted },
  InferenceComponentRuntimeConfig: { CopyCount: acted },
  InferenceComponentDeploymentConfig: { RollingUpdatePolicy: acted, AutoRollbackConfiguration: acted },
  InferenceComponentRollingUpdatePolicy: {
    MaximumBatchSize: acted,
    WaitIntervalInSeconds: acted,
    MaximumExecutionTimeoutInSeconds: acted,
    RollbackMaximumBatchSize: acted,
  },
  InferenceComponentCapacitySize: { Type: acted, Value: acted },
} satisfies CoverageOf<Shapes>;

const tags = {
  AddTagsInput: { ResourceArn: acted, Tags: acted },
  ListTagsInput: { ResourceArn: acted, NextToken: acted, MaxResults: acted },
  DeleteTagsInput: { ResourceArn: acted, TagKeys: acted },
  Tag: { Key: acted, Value: acted },
} satisfies CoverageOf<Shapes>;

const hubUrl = {
  expression: /^hf:\/\/[\w.-]+\/[\w.-]+(?:@[\w./-]+)?(?:\/[\w./-]+)*$/,
  says: '`hf://OWNER/REPOSITORY@REVISION/FILE`, where the configuration allows it',
};

const extensions: ExtensionTable = {
  ProductionVariantInstanceType: {
    expression: /^local\.[a-z0-9][a-z0-9.-]{0,56}$/,
    says: 'any `local.NAME` of the catalogue of instance types',
  },
  RoutingStrategy: {
    expression: /^FASTEST_FIRST_TOKEN$/,
    says: '`FASTEST_FIRST_TOKEN`: the copy whose first token is expected soonest',
  },
  Url: hubUrl,
  S3ModelUri: hubUrl,
};

/** What is served of SageMaker's control plane. */
export const controlService: ServiceDescription = {
  model,
  coverage: { ...models, ...endpointConfigs, ...endpoints, ...inferenceComponents, ...tags },
  extensions,
};
