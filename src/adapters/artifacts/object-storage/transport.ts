/**
 * Model files from S3 and what speaks like it, through the official client. Which server a bucket is asked at, and
 * with which credentials, is the settings' choice; a bucket that they do not cover is refused.
 */
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type * as ClientModule from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import type {
  ArtifactTransport,
  ListedObject,
  ObjectServer,
  TransportAnswer,
  TransportRange,
} from '../../../contracts/artifacts.js';
import { TransportFailure } from '../../../contracts/artifacts.js';

const connectMsMax = 10_000;
/** Without a byte, milliseconds. */
const silenceMsMax = 60_000;

export interface ObjectStorageParts {
  readonly servers: readonly ObjectServer[];
  /** Where the named credentials are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Connections to a server; they judge where it may be. */
  agentsFor(server: ObjectServer): { readonly http: HttpAgent; readonly https: HttpsAgent };
}

export function createObjectStorageTransport(parts: ObjectStorageParts): ArtifactTransport {
  const clients = new Map<ObjectServer, S3Client>();
  const open = async (url: string) => {
    const { bucket, key } = partsOf(url);
    // Loaded when the first object is asked for: most workers never need it.
    const module = await import('@aws-sdk/client-s3');
    const server = serverOf(parts.servers, bucket);
    const client = clients.get(server) ?? createClient(module, server, parts);
    clients.set(server, client);
    return { client, module, bucket, key };
  };
  return {
    async facts(url, signal) {
      const { client, module, bucket, key } = await open(url);
      const command = new module.HeadObjectCommand({ Bucket: bucket, Key: key });
      const head = await asked(signal, () => client.send(command, { abortSignal: signal }));
      return { totalBytes: head.ContentLength ?? null, version: head.ETag ?? null };
    },

    async open(url, range, signal) {
      const { client, module, bucket, key } = await open(url);
      const get = (from: TransportRange) =>
        asked(signal, () =>
          client.send(new module.GetObjectCommand({ Bucket: bucket, Key: key, ...conditionsOf(from) }), {
            abortSignal: signal,
          }),
        );
      let answer: GetObjectCommandOutput;
      try {
        answer = await get(range);
      } catch (error) {
        // 412: another version; 416: it has become shorter. Either way the whole is wanted.
        if (!(error instanceof ChangedObject) || range.fromByte === 0) throw error;
        answer = await get({ fromByte: 0, version: null });
      }
      return answerOf(answer, range, signal);
    },

    async list(url, objectsMax, signal) {
      const { client, module, bucket, key: prefix } = await open(url);
      const objects: ListedObject[] = [];
      const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      let token: string | undefined;
      do {
        const command = new module.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ContinuationToken: token,
        });
        const page: ListObjectsV2CommandOutput = await asked(signal, () =>
          client.send(command, { abortSignal: signal }),
        );
        for (const { Key: key = '', Size: bytes, ETag: version } of page.Contents ?? []) {
          objects.push({
            url: `s3://${bucket}/${key}`,
            path: key.slice(base.length),
            totalBytes: bytes ?? null,
            version: version ?? null,
          });
        }
        if (objects.length > objectsMax) {
          throw new TransportFailure(`there are more than ${objectsMax} objects below it`, {
            isPassing: false,
            suggestion: 'name a narrower prefix',
          });
        }
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
      return objects;
    },
  };
}

/** The server that a bucket is asked at: the one that names it, else the one for all. */
function serverOf(servers: readonly ObjectServer[], bucket: string): ObjectServer {
  const server =
    servers.find((each) => each.bucket === bucket) ?? servers.find((each) => each.bucket === '*');
  if (server !== undefined) return server;
  throw new TransportFailure(`no S3 server is set for the bucket \`${bucket}\``, {
    isPassing: false,
    isRefusal: true,
    suggestion: `add to settings.yaml: \`library: { s3: [{ bucket: ${bucket} }] }\``,
  });
}

function createClient(
  module: typeof ClientModule,
  server: ObjectServer,
  parts: ObjectStorageParts,
): S3Client {
  const agents = parts.agentsFor(server);
  const { credentials } = server;
  return new module.S3Client({
    region: server.region,
    forcePathStyle: server.usesPathStyle,
    followRegionRedirects: server.endpoint === null,
    ...(server.endpoint === null ? {} : { endpoint: server.endpoint }),
    ...(credentials === 'anonymous' ? { signer: { sign: (request) => Promise.resolve(request) } } : {}),
    ...(credentials === null || credentials === 'anonymous'
      ? {}
      : {
          credentials: {
            accessKeyId: variable(parts, credentials.accessKeyIdEnv),
            secretAccessKey: variable(parts, credentials.secretAccessKeyEnv),
            ...(credentials.sessionTokenEnv === null
              ? {}
              : { sessionToken: variable(parts, credentials.sessionTokenEnv) }),
          },
        }),
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      connectionTimeout: connectMsMax,
      socketTimeout: silenceMsMax,
    },
  });
}

function variable({ environment }: ObjectStorageParts, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new TransportFailure(`the environment variable ${name}, which settings.yaml names, is not set`, {
    isPassing: false,
    suggestion: `set ${name} where \`stowage serve\` starts`,
  });
}

function partsOf(url: string): { readonly bucket: string; readonly key: string } {
  const [bucket = '', ...rest] = url.slice('s3://'.length).split('/');
  return { bucket, key: rest.join('/') };
}

function conditionsOf({ fromByte, version }: TransportRange) {
  return fromByte === 0
    ? {}
    : { Range: `bytes=${fromByte}-`, ...(version === null ? {} : { IfMatch: version }) };
}

function answerOf(
  answer: GetObjectCommandOutput,
  range: TransportRange,
  signal: AbortSignal,
): TransportAnswer {
  const { Body, ContentRange, ContentLength, ETag } = answer;
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange ?? '') ?? [];
  const fromByte = Number(from ?? 0);
  if (fromByte !== 0 && fromByte !== range.fromByte) {
    throw new TransportFailure('the server gives another part than it was asked for', {
      isPassing: false,
      suggestion: 'check that the server is S3-compatible',
    });
  }
  return {
    fromByte,
    totalBytes: total === undefined ? (ContentLength ?? null) : Number(total),
    version: ETag ?? null,
    bytes: bytesOf(Body as AsyncIterable<Uint8Array> | undefined, signal),
  };
}

async function* bytesOf(
  body: AsyncIterable<Uint8Array> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw asFailure(error);
  }
}

async function asked<Answer>(signal: AbortSignal, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    signal.throwIfAborted();
    throw asFailure(error);
  }
}

/** The object is not the one whose beginning is here. */
class ChangedObject extends TransportFailure {}

interface ServiceFailure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What the client throws, without its addresses and request ids. */
function asFailure(error: unknown): TransportFailure {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof TransportFailure) return each;
  }
  const { name = 'Error', $metadata } = (error ?? {}) as ServiceFailure;
  const status = $metadata?.httpStatusCode;
  const said = /^[A-Za-z0-9]{1,64}$/.test(name) ? name : 'Error';
  if (status === 412 || status === 416) {
    return new ChangedObject('it has changed', { isPassing: true, suggestion: 'try again' }, error);
  }
  if (status === 404) {
    const problem = said === 'NoSuchBucket' ? 'there is no such bucket' : 'there is no such object';
    return new TransportFailure(problem, { isPassing: false, suggestion: 'correct the address' }, error);
  }
  if (name === 'CredentialsProviderError' || status === 401 || status === 403) {
    return new TransportFailure(
      status === undefined
        ? 'there are no credentials for its server'
        : `its server refuses the credentials (${said})`,
      { isPassing: false, suggestion: 'check `library.s3` in settings.yaml and the variables it names' },
      error,
    );
  }
  const isPassing =
    status === undefined || status === 429 || status >= 500 || (status >= 200 && status < 300);
  const problem =
    status === undefined || status < 300
      ? `the connection failed (${said})`
      : `its server answers ${status} (${said})`;
  const suggestion = 'check the server in `library.s3` of settings.yaml and this machine’s network';
  return new TransportFailure(problem, { isPassing, suggestion }, error);
}
