/** Each operation of SageMaker's control plane once, as the official client sends it. */
import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteInferenceComponentCommand,
  DeleteModelCommand,
  DeleteTagsCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeInferenceComponentCommand,
  DescribeModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListInferenceComponentsCommand,
  ListModelsCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  UpdateInferenceComponentCommand,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';

const arn = 'arn:aws:sagemaker:us-east-1:210987654321';
export const at = 1_750_000_000_123;
const date = new Date(at);

export const model = { ModelName: 'm' };
export const config = { EndpointConfigName: 'c' };
export const endpoint = { EndpointName: 'e' };
const component = { InferenceComponentName: 'i' };
const specification = {
  ModelName: 'm',
  StartupParameters: { ContainerStartupHealthCheckTimeoutInSeconds: 60 },
  ComputeResourceRequirements: { NumberOfCpuCoresRequired: 0.5, MinMemoryRequiredInMb: 256 },
  SchedulingConfig: {
    PlacementStrategy: 'SPREAD',
    AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE', MaxImbalance: 0 },
  },
} as const;
const specificationInput = {
  modelName: 'm',
  startupParameters: { containerStartupHealthCheckTimeoutInSeconds: 60 },
  computeResourceRequirements: { numberOfCpuCoresRequired: 0.5, minMemoryRequiredInMb: 256 },
  schedulingConfig: {
    placementStrategy: 'SPREAD',
    availabilityZoneBalance: { enforcementMode: 'PERMISSIVE', maxImbalance: 0 },
  },
};

/** A command of the client, what control is to get of it, what control answers, and what the caller is to get. */
export interface Case {
  readonly command: object;
  readonly input: object;
  readonly answer?: object;
  readonly output?: object;
}

export const cases: Readonly<Record<string, Case>> = {
  CreateModel: {
    command: new CreateModelCommand({
      ...model,
      PrimaryContainer: {
        Image: 'image',
        ModelDataSource: {
          S3DataSource: { S3Uri: 's3://b/k/', S3DataType: 'S3Prefix', CompressionType: 'None' },
        },
        Environment: { OPTION_MAX_MODEL_LEN: '1024' },
      },
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/serving',
    }),
    input: {
      modelName: 'm',
      primaryContainer: {
        image: 'image',
        modelDataSource: {
          s3DataSource: { s3Uri: 's3://b/k/', s3DataType: 'S3Prefix', compressionType: 'None' },
        },
        environment: { OPTION_MAX_MODEL_LEN: '1024' },
      },
      executionRoleArn: 'arn:aws:iam::123456789012:role/serving',
    },
    answer: { modelArn: `${arn}:model/m` },
    output: { ModelArn: `${arn}:model/m` },
  },
  DescribeModel: {
    command: new DescribeModelCommand(model),
    input: { modelName: 'm' },
    answer: { modelName: 'm', creationTime: at, modelArn: `${arn}:model/m`, ours: 'not sent' },
    output: { ModelName: 'm', CreationTime: date, ModelArn: `${arn}:model/m` },
  },
  ListModels: {
    command: new ListModelsCommand({ SortBy: 'Name', CreationTimeBefore: date, MaxResults: 2 }),
    input: { sortBy: 'Name', creationTimeBefore: at, maxResults: 2 },
    answer: { models: [{ modelName: 'm', modelArn: 'a', creationTime: at }], nextToken: 'n' },
    output: { Models: [{ ModelName: 'm', ModelArn: 'a', CreationTime: date }], NextToken: 'n' },
  },
  DeleteModel: { command: new DeleteModelCommand(model), input: { modelName: 'm' } },
  CreateEndpointConfig: {
    command: new CreateEndpointConfigCommand({
      ...config,
      ProductionVariants: [
        {
          VariantName: 'v',
          InitialVariantWeight: 0.5,
          InstancePools: [{ InstanceType: 'ml.g5.xlarge', Priority: 1 }],
          ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 2 },
        },
      ],
    }),
    input: {
      endpointConfigName: 'c',
      productionVariants: [
        {
          variantName: 'v',
          initialVariantWeight: 0.5,
          instancePools: [{ instanceType: 'ml.g5.xlarge', priority: 1 }],
          managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 0, maxInstanceCount: 2 },
        },
      ],
    },
    answer: { endpointConfigArn: `${arn}:endpoint-config/c` },
    output: { EndpointConfigArn: `${arn}:endpoint-config/c` },
  },
  DescribeEndpointConfig: {
    command: new DescribeEndpointConfigCommand(config),
    input: { endpointConfigName: 'c' },
    answer: {
      endpointConfigName: 'c',
      productionVariants: [{ variantName: 'v', volumeSizeInGB: 7 }],
      creationTime: at,
    },
    output: {
      EndpointConfigName: 'c',
      ProductionVariants: [{ VariantName: 'v', VolumeSizeInGB: 7 }],
      CreationTime: date,
    },
  },
  ListEndpointConfigs: { command: new ListEndpointConfigsCommand({}), input: {} },
  DeleteEndpointConfig: {
    command: new DeleteEndpointConfigCommand(config),
    input: { endpointConfigName: 'c' },
  },
  CreateEndpoint: {
    command: new CreateEndpointCommand({ ...endpoint, ...config, Tags: [{ Key: 'k', Value: 'v' }] }),
    input: { endpointName: 'e', endpointConfigName: 'c', tags: [{ key: 'k', value: 'v' }] },
    answer: { endpointArn: `${arn}:endpoint/e` },
    output: { EndpointArn: `${arn}:endpoint/e` },
  },
  DescribeEndpoint: {
    command: new DescribeEndpointCommand(endpoint),
    input: { endpointName: 'e' },
    answer: {
      endpointName: 'e',
      endpointStatus: 'Updating',
      failureReason: null,
      productionVariants: [
        { variantName: 'v', currentWeight: 1, variantStatus: [{ status: 'Baking', startTime: at }] },
      ],
      pendingDeploymentSummary: { endpointConfigName: 'c2', startTime: at },
    },
    output: {
      EndpointName: 'e',
      EndpointStatus: 'Updating',
      ProductionVariants: [
        { VariantName: 'v', CurrentWeight: 1, VariantStatus: [{ Status: 'Baking', StartTime: date }] },
      ],
      PendingDeploymentSummary: { EndpointConfigName: 'c2', StartTime: date },
    },
  },
  ListEndpoints: {
    command: new ListEndpointsCommand({ StatusEquals: 'InService', LastModifiedTimeAfter: date }),
    input: { statusEquals: 'InService', lastModifiedTimeAfter: at },
  },
  UpdateEndpoint: {
    command: new UpdateEndpointCommand({
      ...endpoint,
      ...config,
      RetainAllVariantProperties: true,
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            WaitIntervalInSeconds: 0,
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
          },
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }] },
      },
    }),
    input: {
      endpointName: 'e',
      endpointConfigName: 'c',
      retainAllVariantProperties: true,
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: 'CANARY',
            waitIntervalInSeconds: 0,
            canarySize: { type: 'CAPACITY_PERCENT', value: 10 },
          },
        },
        autoRollbackConfiguration: { alarms: [{ alarmName: 'a' }] },
      },
    },
  },
  UpdateEndpointWeightsAndCapacities: {
    command: new UpdateEndpointWeightsAndCapacitiesCommand({
      ...endpoint,
      DesiredWeightsAndCapacities: [{ VariantName: 'v', DesiredInstanceCount: 0 }],
    }),
    input: {
      endpointName: 'e',
      desiredWeightsAndCapacities: [{ variantName: 'v', desiredInstanceCount: 0 }],
    },
  },
  DeleteEndpoint: { command: new DeleteEndpointCommand(endpoint), input: { endpointName: 'e' } },
  CreateInferenceComponent: {
    command: new CreateInferenceComponentCommand({
      ...component,
      ...endpoint,
      VariantName: 'v',
      Specification: specification,
      RuntimeConfig: { CopyCount: 0 },
    }),
    input: {
      inferenceComponentName: 'i',
      endpointName: 'e',
      variantName: 'v',
      specification: specificationInput,
      runtimeConfig: { copyCount: 0 },
    },
  },
  DescribeInferenceComponent: {
    command: new DescribeInferenceComponentCommand(component),
    input: { inferenceComponentName: 'i' },
    answer: {
      runtimeConfig: {
        desiredCopyCount: 2,
        currentCopyCount: 1,
        placementStatus: [{ instanceType: 'ml.g5.xlarge', currentCopyCount: 1 }],
      },
      specification: {
        container: { deployedImage: { resolutionTime: at } },
        dataCacheConfig: { enableCaching: true },
      },
    },
    output: {
      RuntimeConfig: {
        DesiredCopyCount: 2,
        CurrentCopyCount: 1,
        PlacementStatus: [{ InstanceType: 'ml.g5.xlarge', CurrentCopyCount: 1 }],
      },
      Specification: {
        Container: { DeployedImage: { ResolutionTime: date } },
        DataCacheConfig: { EnableCaching: true },
      },
    },
  },
  ListInferenceComponents: {
    command: new ListInferenceComponentsCommand({ EndpointNameEquals: 'e' }),
    input: { endpointNameEquals: 'e' },
  },
  UpdateInferenceComponent: {
    command: new UpdateInferenceComponentCommand({
      ...component,
      Specification: specification,
      DeploymentConfig: {
        RollingUpdatePolicy: {
          MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 },
          WaitIntervalInSeconds: 5,
        },
      },
    }),
    input: {
      inferenceComponentName: 'i',
      specification: specificationInput,
      deploymentConfig: {
        rollingUpdatePolicy: {
          maximumBatchSize: { type: 'COPY_COUNT', value: 1 },
          waitIntervalInSeconds: 5,
        },
      },
    },
  },
  UpdateInferenceComponentRuntimeConfig: {
    command: new UpdateInferenceComponentRuntimeConfigCommand({
      ...component,
      DesiredRuntimeConfig: { CopyCount: 3 },
    }),
    input: { inferenceComponentName: 'i', desiredRuntimeConfig: { copyCount: 3 } },
  },
  DeleteInferenceComponent: {
    command: new DeleteInferenceComponentCommand(component),
    input: { inferenceComponentName: 'i' },
  },
  AddTags: {
    command: new AddTagsCommand({ ResourceArn: `${arn}:model/m`, Tags: [{ Key: 'k', Value: '' }] }),
    input: { resourceArn: `${arn}:model/m`, tags: [{ key: 'k', value: '' }] },
    answer: { tags: [{ key: 'k', value: '' }] },
    output: { Tags: [{ Key: 'k', Value: '' }] },
  },
  ListTags: {
    command: new ListTagsCommand({ ResourceArn: `${arn}:model/m`, MaxResults: 50 }),
    input: { resourceArn: `${arn}:model/m`, maxResults: 50 },
  },
  DeleteTags: {
    command: new DeleteTagsCommand({ ResourceArn: `${arn}:model/m`, TagKeys: ['k'] }),
    input: { resourceArn: `${arn}:model/m`, tagKeys: ['k'] },
  },
};
