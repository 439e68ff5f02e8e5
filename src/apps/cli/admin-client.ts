/** Asks a server's own addresses, `/admin/…`, with a bearer key. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AdminError } from '../../api/admin/contract.js';
import { errorTable, StowageError } from '../../domain/errors.js';
import type { ErrorCode } from '../../domain/errors.js';
import { errorOfCall, withKeyMend } from './call-failure.js';
import { bearerKey, dataFolder, endpointUrl } from './data-folder.js';
import type { Session } from './session.js';

export interface AdminFlags {
  readonly endpointUrl?: string;
  readonly apiKey?: string;
  readonly dataDir?: string;
  readonly region?: string;
}

const answerMsMax = 30_000;
const answerBytesMax = 64 * 1024 * 1024;

/** The JSON that `GET path` answers. Throws rows of the error table. */
export async function askAdmin<Answer>(
  path: string,
  query: Readonly<Record<string, string>>,
  flags: AdminFlags,
  { environment }: Session,
): Promise<Answer> {
  const base = endpointUrl(flags.endpointUrl, environment);
  const region = flags.region ?? environment['STOWAGE_REGION'];
  const url = new URL(`${new URL(base).origin}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (region !== undefined && region !== '') url.searchParams.set('region', region);
  const key = bearerKey(flags.apiKey, dataFolder(flags.dataDir, environment), environment);
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  const { status, body } = await get(url, headers, base);
  if (status === 200) return JSON.parse(body) as Answer;
  const error = adminErrorOf(body);
  if (error !== null) throw withKeyMend(error);
  throw errorOfCall({ kind: '', message: body.slice(0, 300), status, retryAfterSeconds: null }, base);
}

function get(
  url: URL,
  headers: Record<string, string>,
  address: string,
): Promise<{ status: number; body: string }> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const { code = 'network', message } = error;
      reject(errorOfCall({ kind: code, message, status: null, retryAfterSeconds: null }, address));
    };
    const request = send(url, { headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
        if (length > answerBytesMax) request.destroy(new Error('its answer is too long'));
        else parts.push(part);
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') });
      });
      response.on('error', fail);
    });
    const timer = setTimeout(() => request.destroy(new Error('it did not answer in time')), answerMsMax);
    request.on('error', fail);
    request.on('close', () => clearTimeout(timer));
    request.end();
  });
}

function adminErrorOf(body: string): StowageError | null {
  try {
    const { code, message, mend } = JSON.parse(body) as Partial<AdminError>;
    if (code === undefined || !Object.hasOwn(errorTable, code)) return null;
    return StowageError.fromData({ code: code as ErrorCode, message: message ?? '', mend: mend ?? '' });
  } catch {
    return null;
  }
}
