/**
 * Which server a command speaks to, where, and as whom: flags first, then the environment as Stowage and the AWS tools
 * name it, then this machine's own server with the key in its data folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StowageError } from '../../../domain/errors.js';
import { dataFolder, endpointUrl, keyMend, regionDefault, shownFolder } from '../data-folder.js';
import type { Session } from '../session.js';

/** Flags of everything that speaks to the control API. */
export interface ConnectionFlags {
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly dataDir?: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Connection {
  /** Null = AWS's own address of the region. `{region}` in it stands for the region. */
  readonly url: string | null;
  /** Where things are that name no region. */
  readonly region: string;
  /** What other commands take the region to be when they are told none; `us-east-1` when left out. */
  readonly regionUnnamed?: string;
  /** Null = the AWS SDK's own chain. */
  readonly credentials: AccessKey | null;
  readonly profile: string | null;
  /** Of the server's machine, when that is this one: model files are put into the library there. */
  readonly localDataFolder: string | null;
}

/** In the place of a URL: the SDK knows AWS's addresses. */
const awsItself = 'aws';

export function connectionOf(flags: ConnectionFlags, { environment }: Session): Connection {
  const folder = dataFolder(flags.dataDir, environment);
  const named =
    flags.endpointUrl ?? (environment['STOWAGE_ENDPOINT_URL'] || environment['AWS_ENDPOINT_URL_SAGEMAKER']);
  const url = named === awsItself ? null : endpointUrl(named, environment);
  const region =
    flags.region ??
    (environment['STOWAGE_REGION'] ||
      environment['AWS_REGION'] ||
      environment['AWS_DEFAULT_REGION'] ||
      regionDefault);
  const isLocal = url !== null && isLoopback(url) && existsSync(join(folder, 'keys.json'));
  const profile = flags.profile ?? null;
  const regionUnnamed = environment['STOWAGE_REGION'] || regionDefault;
  const common = { url, region, regionUnnamed, localDataFolder: isLocal ? folder : null };
  if (profile !== null) return { ...common, credentials: null, profile };
  const credentials = keyOfEnvironment(environment) ?? (url === null ? null : keyOfFolder(folder));
  if (credentials === null && url !== null && !hasAwsCredentials(environment)) {
    const { message } = StowageError.of('KEY-400', {
      problem: `neither AWS_ACCESS_KEY_ID, nor a profile, nor ${join(shownFolder(folder), 'credentials')} is there`,
    });
    throw StowageError.fromData({ code: 'KEY-400', message, mend: keyMend });
  }
  return { ...common, credentials, profile: null };
}

/** Whether the SDK's own chain has something to begin with, without asking the network. */
function hasAwsCredentials(environment: Session['environment']): boolean {
  const file =
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(environment['HOME'] ?? '/', '.aws', 'credentials');
  const names = [
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  return names.some((name) => Boolean(environment[name])) || existsSync(file);
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url.replaceAll('{region}', regionDefault));
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/** The access key of the variables that the AWS tools read; null when they name none. */
export function keyOfEnvironment(environment: Session['environment']): AccessKey | null {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'] ?? '';
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'] ?? '';
  const sessionToken = environment['AWS_SESSION_TOKEN'] ?? '';
  if (accessKeyId === '' || secretAccessKey === '') return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) };
}

/** The access key that the data folder keeps for the programs of this machine; null when there is none. */
export function keyOfFolder(folder: string): AccessKey | null {
  let text: string;
  try {
    text = readFileSync(join(folder, 'credentials'), 'utf8');
  } catch {
    return null;
  }
  const valueOf = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1];
  const accessKeyId = valueOf('aws_access_key_id');
  const secretAccessKey = valueOf('aws_secret_access_key');
  return accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey };
}
