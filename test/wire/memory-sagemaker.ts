/**
 * A server of the control API with its things in memory, for clients of it: what is asked for begins as Creating or
 * Updating and is over after some looks. Strict as SageMaker is: nothing is put on an endpoint that is not in service,
 * nothing is changed in the middle of another change.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Shape = Record<string, unknown>;

interface Thing {
  shape: Shape;
  /** Looks until the change under way is over. */
  looksLeft: number;
  tags: Map<string, string>;
}

export interface MemorySageMaker {
  readonly url: string;
  /** `Operation name` of every call that changes something, in order. */
  readonly calls: string[];
  /** What components or endpoints say when they fail, by name. */
  readonly failures: Map<string, string>;
  /** The next call of this operation is refused once with 400 and this text. */
  refuseOnce(operation: string, message: string): void;
  /** Looks that a change takes. */
  looksPerChange: number;
  thing(region: string, kind: Kind, name: string): Shape | undefined;
  close(): Promise<void>;
}

type Kind = 'Model' | 'EndpointConfig' | 'Endpoint' | 'InferenceComponent';

const arnWords: Record<Kind, string> = {
  Model: 'model',
  EndpointConfig: 'endpoint-config',
  Endpoint: 'endpoint',
  InferenceComponent: 'inference-component',
};

class Refusal extends Error {}

export async function startMemorySageMaker(): Promise<MemorySageMaker> {
  const things = new Map<string, Thing>();
  const calls: string[] = [];
  const failures = new Map<string, string>();
  const refusals = new Map<string, string>();
  const targets = new Map<string, Target>();
  const world = { things, targets, calls, failures, looksPerChange: 2 };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
      const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      try {
        const refused = refusals.get(operation);
        if (refused !== undefined) {
          refusals.delete(operation);
          throw new Refusal(refused);
        }
        const answerOf = service === 'AnyScaleFrontendService' ? scalingAnswer : answer;
        response.end(JSON.stringify(answerOf(operation, body, region, world)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        response.statusCode = error instanceof Refusal ? 400 : 501;
        response.end(JSON.stringify({ __type: 'ValidationException', message }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    failures,
    refuseOnce: (operation, message) => void refusals.set(operation, message),
    get looksPerChange() {
      return world.looksPerChange;
    },
    set looksPerChange(looks) {
      world.looksPerChange = looks;
    },
    thing: (region, kind, name) => things.get(keyOf(region, kind, name))?.shape,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A scalable target with its policies and scheduled actions, by their names. */
interface Target {
  shape: Shape;
  readonly policies: Map<string, Shape>;
  readonly actions: Map<string, Shape>;
}

interface World {
  readonly targets: Map<string, Target>;
  readonly things: Map<string, Thing>;
  readonly calls: string[];
  readonly failures: Map<string, string>;
  readonly looksPerChange: number;
}

function answer(operation: string, input: Shape, region: string, world: World): Shape {
  const [, verb = '', noun = ''] = /^(Create|Describe|List|Update|Delete|Add)(.+)$/.exec(operation) ?? [];
  if (noun === 'Tags') return tagging(verb, input, world);
  const kind = noun.replace(/RuntimeConfig$/, '').replace(/s$/, '') as Kind;
  if (verb === 'List') return list(kind, input, region, world);
  const name = String(input[`${kind}Name`]);
  const key = keyOf(region, kind, name);
  const arn = arnOf(region, kind, name);
  const thing = world.things.get(key);
  if (verb !== 'Describe') world.calls.push(`${operation} ${name}`);
  if (verb === 'Create') {
    if (thing !== undefined) throw new Refusal(`Cannot create already existing ${arnWords[kind]} "${arn}".`);
    if (kind === 'InferenceComponent') requireInService(region, String(input['EndpointName']), world);
    world.things.set(key, create(kind, input, arn, world));
    return { [`${kind}Arn`]: arn };
  }
  if (thing === undefined) throw new Refusal(`Could not find ${arnWords[kind]} "${arn}".`);
  switch (verb) {
    case 'Describe':
      return describe(thing, key, kind, name, world);
    case 'Delete':
      return remove(thing, key, kind, world);
    case 'Update':
      if (isBusy(thing)) throw new Refusal(`Cannot update in-progress ${arnWords[kind]} "${arn}".`);
      change(thing, input, operation, world);
      return { [`${kind}Arn`]: arn };
    default:
      throw new Error(`nobody taught this server ${operation}`);
  }
}

/** Application Auto Scaling as far as it is asked: it keeps what it is told and scales nothing. */
function scalingAnswer(operation: string, input: Shape, region: string, { targets, calls }: World): Shape {
  const of = (resourceId: unknown) => `${region}/${String(resourceId)}`;
  const key = of(input['ResourceId']);
  const target = targets.get(key);
  if (operation === 'DescribeScalableTargets') {
    const ids = input['ResourceIds'] as string[] | undefined;
    const found = ids === undefined ? [...targets.values()] : ids.flatMap((id) => targets.get(of(id)) ?? []);
    return { ScalableTargets: found.map(({ shape }) => shape) };
  }
  if (operation === 'DescribeScalingPolicies') {
    return { ScalingPolicies: [...(target?.policies.values() ?? [])] };
  }
  if (operation === 'DescribeScalingActivities') return { ScalingActivities: [] };
  if (operation === 'DescribeScheduledActions') {
    return { ScheduledActions: [...(target?.actions.values() ?? [])] };
  }
  const name = input['PolicyName'] ?? input['ScheduledActionName'] ?? input['ResourceId'];
  calls.push(`${operation} ${String(name)}`);
  if (operation === 'RegisterScalableTarget') {
    const { Tags: _, ...shape } = input;
    if (target !== undefined) target.shape = { ...target.shape, ...shape };
    else targets.set(key, { shape: { ...shape, CreationTime: 1 }, policies: new Map(), actions: new Map() });
    return {};
  }
  if (target === undefined) throw new Refusal(`No scalable target found for ${String(input['ResourceId'])}`);
  switch (operation) {
    case 'DeregisterScalableTarget':
      targets.delete(key);
      return {};
    case 'PutScalingPolicy':
      target.policies.set(String(name), { ...input, CreationTime: 1 });
      return { PolicyARN: 'arn' };
    case 'PutScheduledAction':
      target.actions.set(String(name), { ...input, CreationTime: 1 });
      return {};
    case 'DeleteScheduledAction':
      target.actions.delete(String(name));
      return {};
    default:
      throw new Error(`nobody taught this server ${operation}`);
  }
}

function create(kind: Kind, input: Shape, arn: string, world: World): Thing {
  const { Tags, RuntimeConfig, ...rest } = input;
  const isSlow = kind === 'Endpoint' || kind === 'InferenceComponent';
  const copies = (RuntimeConfig as { CopyCount?: number } | undefined)?.CopyCount;
  return {
    shape: {
      ...rest,
      [`${kind}Arn`]: arn,
      CreationTime: 1_700_000_000,
      LastModifiedTime: 1_700_000_000,
      ...(isSlow ? { [`${kind}Status`]: 'Creating' } : {}),
      ...(copies === undefined ? {} : { RuntimeConfig: { DesiredCopyCount: copies, CurrentCopyCount: 0 } }),
    },
    looksLeft: isSlow ? world.looksPerChange : 0,
    tags: new Map((Tags as { Key: string; Value: string }[] | undefined)?.map((tag) => [tag.Key, tag.Value])),
  };
}

/** Looking is what makes time pass here. */
function describe(thing: Thing, key: string, kind: Kind, name: string, world: World): Shape {
  const { shape } = thing;
  const statusMember = `${kind}Status`;
  if (shape[statusMember] !== undefined && isBusy(thing) && --thing.looksLeft <= 0) {
    if (shape[statusMember] === 'Deleting') {
      world.things.delete(key);
    } else {
      const failure = world.failures.get(name);
      shape[statusMember] = failure === undefined ? 'InService' : 'Failed';
      if (failure !== undefined) shape['FailureReason'] = failure;
      const runtime = shape['RuntimeConfig'] as Record<string, number> | undefined;
      if (runtime !== undefined && failure === undefined) {
        runtime['CurrentCopyCount'] = runtime['DesiredCopyCount'] ?? 0;
      }
    }
  }
  if (kind !== 'Endpoint') return shape;
  const region = /sagemaker:([^:]*)/.exec(String(shape['EndpointArn']))?.[1] ?? '';
  const config = world.things.get(keyOf(region, 'EndpointConfig', String(shape['EndpointConfigName'])));
  const variants = (config?.shape['ProductionVariants'] ?? []) as Record<string, unknown>[];
  const ProductionVariants = variants.map(({ VariantName, InitialInstanceCount }) => ({
    VariantName,
    CurrentInstanceCount: InitialInstanceCount,
    DesiredInstanceCount: InitialInstanceCount,
  }));
  return { ...shape, ProductionVariants };
}

function remove(thing: Thing, key: string, kind: Kind, world: World): Shape {
  if (kind === 'Model' || kind === 'EndpointConfig') world.things.delete(key);
  else if (isBusy(thing) && thing.shape[`${kind}Status`] !== 'Deleting') {
    throw new Refusal(`Cannot delete ${arnWords[kind]} in the middle of a change.`);
  } else {
    thing.shape[`${kind}Status`] = 'Deleting';
    thing.looksLeft = world.looksPerChange;
  }
  return {};
}

function change(thing: Thing, input: Shape, operation: string, world: World): void {
  const { DesiredRuntimeConfig, RuntimeConfig, DeploymentConfig, Specification, Specifications, ...rest } =
    input;
  const { shape } = thing;
  Object.assign(shape, rest);
  delete shape['FailureReason'];
  if (DeploymentConfig !== undefined) shape['LastDeploymentConfig'] = DeploymentConfig;
  if (Specification !== undefined || Specifications !== undefined) {
    delete shape['Specification'];
    delete shape['Specifications'];
    Object.assign(shape, Specification === undefined ? { Specifications } : { Specification });
  }
  const copies = ((DesiredRuntimeConfig ?? RuntimeConfig) as { CopyCount?: number } | undefined)?.CopyCount;
  if (copies !== undefined) (shape['RuntimeConfig'] as Shape)['DesiredCopyCount'] = copies;
  shape[operation.startsWith('UpdateEndpoint') ? 'EndpointStatus' : 'InferenceComponentStatus'] = 'Updating';
  thing.looksLeft = world.looksPerChange;
}

function requireInService(region: string, endpoint: string, { things }: World): void {
  const thing = things.get(keyOf(region, 'Endpoint', endpoint));
  if (thing === undefined)
    throw new Refusal(`Could not find endpoint "${arnOf(region, 'Endpoint', endpoint)}".`);
  if (thing.shape['EndpointStatus'] !== 'InService') throw new Refusal('The endpoint is not in service.');
}

function isBusy({ shape }: Thing): boolean {
  const status = shape['EndpointStatus'] ?? shape['InferenceComponentStatus'];
  return status === 'Creating' || status === 'Updating' || status === 'Deleting';
}

/** Two entries a page, so that everybody has to turn them. */
function list(kind: Kind, input: Shape, region: string, { things }: World): Shape {
  const prefix = keyOf(region, kind, '');
  const all = [...things]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, { shape }]) => shape)
    .filter((shape) => String(shape[`${kind}Name`]).includes(String(input['NameContains'] ?? '')))
    .filter(({ EndpointName }) => [undefined, EndpointName].includes(input['EndpointNameEquals'] as never));
  const from = Number(input['NextToken'] ?? 0);
  const page = all.slice(from, from + 2);
  return { [`${kind}s`]: page, ...(from + 2 < all.length ? { NextToken: String(from + 2) } : {}) };
}

function tagging(verb: string, input: Shape, { things, calls }: World): Shape {
  const thing = [...things.values()].find(({ shape }) => Object.values(shape).includes(input['ResourceArn']));
  if (thing === undefined) throw new Refusal(`Could not find "${String(input['ResourceArn'])}".`);
  if (verb === 'List') return { Tags: [...thing.tags].map(([Key, Value]) => ({ Key, Value })) };
  calls.push(`AddTags ${String(input['ResourceArn']).split('/').at(-1)}`);
  for (const { Key, Value } of input['Tags'] as { Key: string; Value: string }[]) thing.tags.set(Key, Value);
  return { Tags: [] };
}

function keyOf(region: string, kind: Kind, name: string): string {
  return `${region}/${kind}/${name}`;
}

function arnOf(region: string, kind: Kind, name: string): string {
  return `arn:aws:sagemaker:${region}:123456789012:${arnWords[kind]}/${name}`;
}

async function readBody(request: IncomingMessage): Promise<Shape> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8') || '{}') as Shape;
}
