/** The call target that the flags of `invoke` and `bench` mean. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { StowageError } from '../../domain/errors.js';
import { versionedPath, WireApi } from '../../toolkit/benchmark/call-dialect.js';
import type { CallCredentials, CallTarget } from '../../toolkit/benchmark/call-dialect.js';
import { keyOfEnvironment, keyOfFolder } from './control-api/connection.js';
import { bearerKey, dataFolder, endpointUrl } from './data-folder.js';
import type { Session } from './session.js';
import { parseTarget } from './target.js';

/** Flags that `invoke` and `bench` share. */
export interface CallFlags {
  readonly api: WireApi;
  readonly endpointUrl?: string;
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly dataDir?: string;
  readonly sign?: boolean;
  readonly region?: string;
  readonly chat?: boolean;
}

/**
 * `text`: the target as written, null when the server has only one; `model`: the name as the server has
 * it, taken as it is.
 */
export async function callTarget(
  text: string | null,
  model: string | null,
  flags: CallFlags,
  session: Session,
): Promise<CallTarget> {
  const url = endpointUrl(flags.endpointUrl, session.environment);
  const credentials = credentialsOf(flags, session);
  const named = text === null ? null : parseTarget(text);
  const endpoint = flags.endpoint ?? named?.endpoint ?? null;
  const component = model ?? named?.component ?? null;
  const common = { url, api: flags.api, chat: flags.chat ?? false, credentials };
  if (flags.api === WireApi.OpenAi) {
    const full =
      endpoint === null || component === null ? (component ?? endpoint) : `${endpoint}/${component}`;
    return { ...common, model: full, endpoint: null };
  }
  if (endpoint !== null) return { ...common, model: component, endpoint };
  const owner = await ownerOf(url, component, credentials);
  if (owner === null) {
    throw StowageError.of('USE-640', {
      problem: 'SageMaker’s addresses need the endpoint’s name',
      suggestion: 'add `--endpoint NAME`, or write the target as `ENDPOINT/NAME`',
    });
  }
  return { ...common, model: component, endpoint: owner };
}

function credentialsOf(flags: CallFlags, session: Session): CallCredentials {
  const { environment } = session;
  // A bearer key says nothing of a region: only what is signed is answered from another one.
  if (flags.sign === true || flags.region !== undefined) {
    const signing = keyOfEnvironment(environment) ?? keyOfFolder(dataFolder(flags.dataDir, environment));
    if (flags.sign !== true && flags.apiKey !== undefined) {
      throw StowageError.of('USE-640', {
        problem: 'a bearer key is answered from the server’s home region, whatever `--region` says',
        suggestion: `leave \`--api-key\` out and add \`--sign --region ${flags.region}\``,
      });
    }
    if (signing === null) {
      throw StowageError.of('USE-640', {
        problem: `\`${flags.sign === true ? '--sign' : '--region'}\` finds no access key to sign with`,
        suggestion:
          'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name the data folder with --data-dir',
      });
    }
    const region =
      flags.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
    return { kind: 'signature', key: { ...signing, region } };
  }
  const key = bearerKey(flags.apiKey, dataFolder(flags.dataDir, environment), environment);
  return key === null ? { kind: 'none' } : { kind: 'bearer', key };
}

export interface ListedModel {
  readonly id: string;
  readonly ownedBy: string | null;
}

/** The endpoint of a component, as the server's list of models tells it; null when it does not. */
async function ownerOf(
  url: string,
  component: string | null,
  credentials: CallCredentials,
): Promise<string | null> {
  const models = await listModels(url, credentials, 5_000);
  const owners = models
    .filter(({ id }) => component === null || id === component)
    .map(({ ownedBy }) => ownedBy);
  return new Set(owners).size === 1 ? (owners[0] ?? null) : null;
}

/** `GET /v1/models` of a server; an empty list when it does not answer as it should within `msMax`. */
export async function listModels(
  url: string,
  credentials: CallCredentials,
  msMax: number,
): Promise<ListedModel[]> {
  const { origin, protocol } = new URL(url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = credentials.kind === 'bearer' ? { authorization: `Bearer ${credentials.key}` } : {};
  const body = await new Promise<string>((resolve) => {
    const request = send(`${origin}${versionedPath(url)}/models`, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
      response.on('error', () => resolve(''));
    });
    request.on('error', () => resolve(''));
    const timer = setTimeout(() => {
      resolve('');
      request.destroy();
    }, msMax);
    request.on('close', () => clearTimeout(timer));
    request.end();
  });
  try {
    const { data } = JSON.parse(body) as { data?: { id?: unknown; owned_by?: unknown }[] };
    return (data ?? []).flatMap(({ id, owned_by }) =>
      typeof id === 'string' ? [{ id, ownedBy: typeof owned_by === 'string' ? owned_by : null }] : [],
    );
  } catch {
    return [];
  }
}
