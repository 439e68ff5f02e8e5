/** Where this machine's server keeps its keys, and the credentials a command uses. */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { StowageError } from '../../domain/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

export const dataFolderDefault = '.stowage';
export const portDefault = 8080;
/** What helps a command of ours that has no key for this machine's server. */
export const keyMend =
  'name the server’s data folder with `--data-dir FOLDER` or STOWAGE_DATA_DIR, or give a key of your own';
export const regionDefault = 'us-east-1';

/** Absolute path of the data folder: flag, then STOWAGE_DATA_DIR, then `.stowage` here. */
export function dataFolder(flag: string | undefined, environment: Environment): string {
  return resolve(flag ?? (environment['STOWAGE_DATA_DIR'] || dataFolderDefault));
}

/** The folder as a person here would write it. */
export function shownFolder(folder: string): string {
  const shorter = relative(process.cwd(), folder);
  return shorter !== '' && !shorter.startsWith('..') ? shorter : folder;
}

/**
 * What callers of a server mean that name no region: flag, then STOWAGE_REGION, then us-east-1. Throws USE-640 when it
 * is no region's name.
 */
export function homeRegion(flag: string | undefined, environment: Environment): string {
  const region = flag ?? (environment['STOWAGE_REGION'] || regionDefault);
  if (/^[a-z0-9-]{1,32}$/.test(region)) return region;
  throw StowageError.of('USE-640', {
    problem: `\`${region.slice(0, 64)}\` is not a region`,
    suggestion: `${flag === undefined ? 'set STOWAGE_REGION to' : 'give'} a name such as eu-central-1`,
  });
}

/** The port: flag, then STOWAGE_PORT, then 8080. Throws USE-640 when it is none. */
export function portOf(flag: string | undefined, environment: Environment): number {
  const text = flag ?? (environment['STOWAGE_PORT'] || String(portDefault));
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw StowageError.of('USE-640', {
    problem: `\`${text}\` is not a port`,
    suggestion: `${flag === undefined ? 'set STOWAGE_PORT to' : 'give'} a number from 0 to 65535; 0 = any free one`,
  });
}

/** Where a server of this machine is expected: flag, then STOWAGE_ENDPOINT_URL, then its port on loopback. */
export function endpointUrl(flag: string | undefined, environment: Environment): string {
  const text =
    flag ?? (environment['STOWAGE_ENDPOINT_URL'] || `http://127.0.0.1:${portOf(undefined, environment)}`);
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // said below
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw StowageError.of('USE-640', {
    problem: `\`${text}\` is not an address of a server`,
    suggestion: 'write `--endpoint-url http://HOST:PORT`',
  });
}

/**
 * The bearer key: flag, then STOWAGE_API_KEY, then the file `api-key` of the data folder; null when there
 * is none of them.
 */
export function bearerKey(flag: string | undefined, folder: string, environment: Environment): string | null {
  const given = flag ?? (environment['STOWAGE_API_KEY'] || null);
  if (given !== null) return given.trim();
  try {
    const key = readFileSync(join(folder, 'api-key'), 'utf8').trim();
    return key === '' ? null : key;
  } catch {
    return null;
  }
}
