/**
 * SageMaker's control API, and Application Auto Scaling's, at any address, through the official AWS SDK, which is loaded
 * at the first call. Shapes are
 * the service model's with members in camel case. What goes wrong is thrown as a row of the error table: the server's
 * own where it is a Stowage.
 */
import type * as ScalingSdk from '@aws-sdk/client-application-auto-scaling';
import type * as Sdk from '@aws-sdk/client-sagemaker';
import { regionDefault } from '../data-folder.js';
import type { Connection } from './connection.js';
import { errorOfControl } from './control-failure.js';
import { fromWire, toWire } from './wire-shape.js';

/** Those that commands use of Application Auto Scaling's operations. */
const scalingCalls = [
  'RegisterScalableTarget',
  'DeregisterScalableTarget',
  'DescribeScalableTargets',
  'PutScalingPolicy',
  'DescribeScalingPolicies',
  'PutScheduledAction',
  'DeleteScheduledAction',
  'DescribeScheduledActions',
  'DescribeScalingActivities',
] as const;
type ScalingCall = (typeof scalingCalls)[number];

/** The operations that commands use. */
export type ControlCall = ScalingCall | SageMakerCall;

type SageMakerCall =
  | 'CreateModel'
  | 'DescribeModel'
  | 'ListModels'
  | 'DeleteModel'
  | 'CreateEndpointConfig'
  | 'DescribeEndpointConfig'
  | 'ListEndpointConfigs'
  | 'DeleteEndpointConfig'
  | 'CreateEndpoint'
  | 'DescribeEndpoint'
  | 'ListEndpoints'
  | 'UpdateEndpoint'
  | 'DeleteEndpoint'
  | 'CreateInferenceComponent'
  | 'DescribeInferenceComponent'
  | 'ListInferenceComponents'
  | 'UpdateInferenceComponent'
  | 'UpdateInferenceComponentRuntimeConfig'
  | 'DeleteInferenceComponent'
  | 'AddTags'
  | 'ListTags';

export interface ControlApi {
  readonly region: string;
  /** ` --region NAME` for commands that are proposed to the reader, empty where they need none. */
  readonly regionFlag: string;
  /** As messages show it. */
  readonly address: string;
  /** Throws rows of the error table. */
  call<Output>(operation: ControlCall, input: object): Promise<Output>;
  /** The same; null when the thing is not there. */
  find<Output>(operation: ControlCall, input: object): Promise<Output | null>;
  /** All pages of a listing; `member` is the list's name in the answer. */
  list<Entry>(operation: ControlCall, input: object, member: string): Promise<Entry[]>;
  close(): void;
}

/** The SDK would speak of the Node.js of some later year, to people who asked for something else. */
const sdkWarningVariable = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
/** Entries of a page; the most the API takes. */
const pageLength = 100;
/** Listings longer than this are cut. */
const pagesMax = 1_000;
const attemptsMax = 4;

export function openControlApi(connection: Connection, region: string): ControlApi {
  const url = connection.url?.replaceAll('{region}', region) ?? null;
  const address = url ?? `SageMaker in ${region}`;
  const config = {
    region,
    maxAttempts: attemptsMax,
    ...(url === null ? {} : { endpoint: url }),
    ...(connection.credentials === null ? {} : { credentials: connection.credentials }),
    ...(connection.profile === null ? {} : { profile: connection.profile }),
  };
  const clients = {
    sagemaker: once(async () => {
      const sdk = await import('@aws-sdk/client-sagemaker');
      return { sdk: sdk as CommandsOf<typeof Sdk>, client: new sdk.SageMakerClient(config) };
    }),
    scaling: once(async () => {
      const sdk = await import('@aws-sdk/client-application-auto-scaling');
      return {
        sdk: sdk as CommandsOf<typeof ScalingSdk>,
        client: new sdk.ApplicationAutoScalingClient(config),
      };
    }),
  };
  const call = async <Output>(operation: ControlCall, input: object): Promise<Output> => {
    quietenSdk();
    const { sdk, client } = await clients[isScalingCall(operation) ? 'scaling' : 'sagemaker'].open();
    // Every operation has its command; the model's types are told by the callers.
    const Command = sdk[`${operation}Command`] as new (input: unknown) => unknown;
    try {
      const output = await client.send(new Command(toWire(input)) as never);
      return fromWire(output) as Output;
    } catch (thrown) {
      throw errorOfControl(thrown, address);
    }
  };
  const regionUnnamed = connection.regionUnnamed ?? regionDefault;
  return {
    region,
    regionFlag: region === regionUnnamed ? '' : ` --region ${region}`,
    address,
    call,
    async find<Output>(operation: ControlCall, input: object): Promise<Output | null> {
      try {
        return await call<Output>(operation, input);
      } catch (thrown) {
        if (isMissing(thrown)) return null;
        throw thrown;
      }
    },
    async list<Entry>(operation: ControlCall, input: object, member: string): Promise<Entry[]> {
      const entries: Entry[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < pagesMax; page++) {
        const output = await call<Record<string, unknown> & { nextToken?: string }>(operation, {
          ...input,
          ...(operation === 'ListTags' || isScalingCall(operation) ? {} : { maxResults: pageLength }),
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        entries.push(...((output[member] as Entry[] | undefined) ?? []));
        nextToken = output.nextToken;
        if (nextToken === undefined) break;
      }
      return entries;
    },
    close() {
      for (const { opened } of Object.values(clients)) void opened()?.then(({ client }) => client.destroy());
    },
  };
}

/** An SDK as far as it is used: its commands by their names. */
type CommandsOf<Module> = Module & Readonly<Record<string, unknown>>;

interface Opened {
  readonly sdk: Readonly<Record<string, unknown>>;
  readonly client: { send(command: never): Promise<unknown>; destroy(): void };
}

/** Opened at the first call, and then the same. */
function once(open: () => Promise<Opened>) {
  let opening: Promise<Opened> | null = null;
  return { open: () => (opening ??= open()), opened: () => opening };
}

function isScalingCall(operation: ControlCall): operation is ScalingCall {
  return (scalingCalls as readonly string[]).includes(operation);
}

/** To be called before the SDK is loaded. */
export function quietenSdk(): void {
  process.env[sdkWarningVariable] ??= 'true';
}

function isMissing(thrown: unknown): boolean {
  return (thrown as { code?: unknown }).code === 'NAME-410';
}
