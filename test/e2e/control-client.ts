/** The official AWS clients, pointed at a server of a test, and the calls that several tests make. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateInferenceComponentCommand,
  CreateModelCommand,
  DescribeInferenceComponentCommand,
  type DescribeInferenceComponentCommandOutput,
  type InferenceComponentSpecification,
  SageMakerClient,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { runStowage, type StowageProcess, until } from './stowage-process.js';

export const region = 'us-east-1';
const upMsMax = 60_000;

/** How the AWS clients reach a server; `attempts` 1 = nothing is tried twice. */
export function clientOptions(server: Pick<StowageProcess, 'url' | 'dataFolder'>, attempts = 3) {
  return {
    endpoint: server.url,
    region,
    credentials: credentialsOf(server.dataFolder),
    maxAttempts: attempts,
  };
}

/** The first access key of a data folder. */
export function credentialsOf(dataFolder: string) {
  const text = readFileSync(path.join(dataFolder, 'credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

export function sagemakerOf(server: StowageProcess): SageMakerClient {
  return new SageMakerClient(clientOptions(server, 10));
}

/** Puts a file into the library of a server's data folder, under a name of `s3://stowage`. */
export async function addToLibrary(server: StowageProcess, file: string, name: string): Promise<void> {
  const added = await runStowage(['models', 'add', file, '--name', name], server.dataFolder);
  if (added.code !== 0) throw new Error(`models add failed: ${added.stderr}`);
}

export async function createModel(
  client: SageMakerClient,
  name: string,
  artifact: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const container = { ModelDataUrl: `s3://stowage/${artifact}`, Environment: { ...environment } };
  await client.send(new CreateModelCommand({ ModelName: name, PrimaryContainer: container }));
}

/** An endpoint for inference components, in service. */
export async function createEndpoint(client: SageMakerClient, name: string, instances = 1): Promise<void> {
  const variant = {
    VariantName: 'AllTraffic',
    InstanceType: 'ml.m5.2xlarge' as const,
    InitialInstanceCount: instances,
    RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' as const },
  };
  await client.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [variant] }),
  );
  await client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await waitUntilEndpointInService(
    { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { EndpointName: name },
  );
}

export function specificationOf(model: string): InferenceComponentSpecification {
  return {
    ModelName: model,
    ComputeResourceRequirements: { NumberOfCpuCoresRequired: 0.25, MinMemoryRequiredInMb: 256 },
  };
}

export async function createComponent(
  client: SageMakerClient,
  endpoint: string,
  name: string,
  model: string,
  copies = 1,
): Promise<void> {
  await client.send(
    new CreateInferenceComponentCommand({
      InferenceComponentName: name,
      EndpointName: endpoint,
      VariantName: 'AllTraffic',
      Specification: specificationOf(model),
      RuntimeConfig: { CopyCount: copies },
    }),
  );
}

/** The component once it is in service with that many copies; throws with its reason when it failed. */
export async function untilInService(
  client: SageMakerClient,
  name: string,
  copies: number,
): Promise<DescribeInferenceComponentCommandOutput> {
  return until(
    async () => {
      const seen = await client.send(new DescribeInferenceComponentCommand({ InferenceComponentName: name }));
      if (seen.InferenceComponentStatus === 'Failed') throw new Error(seen.FailureReason);
      const isUp =
        seen.InferenceComponentStatus === 'InService' && seen.RuntimeConfig?.CurrentCopyCount === copies;
      return isUp && seen;
    },
    `${name} with ${copies} copies`,
    upMsMax,
  );
}

export interface Invoker {
  /** The generated text; rejects with what the official client threw. */
  invoke(component: string | null, parameters?: object): Promise<string>;
}

/** Calls an endpoint through the official client, each call once. */
export function invokerOf(server: StowageProcess, endpoint: string, attempts = 1): Invoker {
  const runtime = new SageMakerRuntimeClient(clientOptions(server, attempts));
  return {
    async invoke(component, parameters = { max_new_tokens: 16 }) {
      const answer = await runtime.send(
        new InvokeEndpointCommand({
          EndpointName: endpoint,
          ...(component === null ? {} : { InferenceComponentName: component }),
          ContentType: 'application/json',
          Body: JSON.stringify({ inputs: 'A method which gets the cases by priority', parameters }),
        }),
      );
      const { generated_text: text } = JSON.parse(answer.Body.transformToString()) as {
        generated_text: string;
      };
      return text;
    },
  };
}

export interface Load {
  readonly answered: number;
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** So many callers that call again as soon as they are answered, until they are stopped. */
export function keepCalling(callers: number, call: () => Promise<unknown>): Load {
  const load = { answered: 0, failures: [] as string[], isOver: false };
  const loops = Array.from({ length: callers }, async () => {
    while (!load.isOver) {
      try {
        await call();
        load.answered++;
      } catch (error) {
        load.failures.push(String(error));
      }
    }
  });
  return Object.assign(load, {
    stop: async () => {
      load.isOver = true;
      await Promise.all(loops);
    },
  });
}
