/**
 * Addresses of models: which kind each is, what its transport is asked for, and what is refused before anybody is
 * asked (MODEL-034). Pure.
 */
import path from 'node:path';
import type { AddressGuard, LibrarySettings } from '../contracts/artifacts.js';
import type { ModelSource } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import type { Layout } from './layout.js';

export const AddressKind = {
  /** A file of the library, by its path. */
  Stored: 'stored',
  /** `s3://stowage/NAME`: what `stowage models add` put there. */
  BuiltIn: 'built-in',
  ObjectStorage: 'object-storage',
  Http: 'http',
  HuggingFace: 'hugging-face',
} as const;
export type AddressKind = (typeof AddressKind)[keyof typeof AddressKind];

export interface ModelAddress {
  readonly kind: AddressKind;
  /** What the transport is asked for; of a built-in one its name, of a stored one its SHA-256. */
  readonly target: string;
  /** As messages show it: without a query, which may hold a signature. */
  readonly shown: string;
  /** The last part, for people. */
  readonly name: string;
  /** The address can never mean other bytes than today. */
  readonly isFixed: boolean;
}

export const builtInBucket = 'stowage';
export const builtInPrefix = `s3://${builtInBucket}/`;
const addressCharsMax = 2048;
const nameCharsMax = 128;
const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/;
const huggingFacePattern = /^hf:\/\/([\w.-]+)\/([\w.-]+)@([^/]+)\/(.+)$/;
const sha256Pattern = /^[0-9a-f]{64}$/;

/** What `source` addresses. Throws MODEL-034. */
export function readAddress(
  source: ModelSource,
  settings: LibrarySettings,
  layout: Layout,
  guard: AddressGuard,
): ModelAddress {
  const { url } = source;
  if (url.length > addressCharsMax || /[\0-\x1f\x7f]/.test(url)) {
    const shown = JSON.stringify(url.slice(0, 80));
    throw refused(
      shown,
      `an address has at most ${addressCharsMax} characters and no control characters`,
      'correct the address',
    );
  }
  if (source.sha256 !== undefined && !sha256Pattern.test(source.sha256)) {
    throw refused(
      shownAddress(url),
      'its SHA-256 is not 64 hexadecimal digits',
      'give OPTION_MODEL_SHA256 as `sha256sum FILE` prints it',
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 's3':
      return readS3(source, settings);
    case 'https':
    case 'http':
      return readHttp(source, guard);
    case 'hf':
      return readHuggingFace(source, settings);
    case undefined:
      return readStored(source, layout);
    default:
      throw refused(
        shownAddress(url),
        `models are not fetched from ${scheme}://`,
        'use s3://, https:// or hf://',
      );
  }
}

/** Without what may be secret. */
export function shownAddress(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/]*@(?=[^/]*(\/|$))/i, '$1').replace(/[?#].*$/s, '');
}

/** MODEL-034. */
export function refused(url: string, problem: string, suggestion: string, cause?: unknown): StowageError {
  return StowageError.of('MODEL-034', { url, problem, suggestion }, { cause });
}

function readS3(source: ModelSource, settings: LibrarySettings): ModelAddress {
  const { url, form } = source;
  const [bucket = '', ...parts] = url.slice('s3://'.length).split('/');
  const key = parts.join('/');
  if (!bucketPattern.test(bucket)) {
    throw refused(url, `\`${bucket}\` is not a bucket`, 'write `s3://BUCKET/KEY`');
  }
  if (form !== 'prefix' && (key === '' || key.endsWith('/'))) {
    throw refused(
      url,
      'it names a folder, not an object',
      'name the object, or give ModelDataSource with S3DataType S3Prefix',
    );
  }
  const name = nameOf(key.replace(/\/+$/, '') || bucket);
  if (bucket === builtInBucket) {
    return { kind: AddressKind.BuiltIn, target: key, shown: url, name, isFixed: false };
  }
  if (!settings.objectServers.some((server) => server.bucket === bucket || server.bucket === '*')) {
    throw refused(
      url,
      `no S3 server is set for the bucket \`${bucket}\``,
      `add to settings.yaml: \`library: { s3: [{ bucket: ${bucket} }] }\` (docs/models.md)`,
    );
  }
  return { kind: AddressKind.ObjectStorage, target: url, shown: url, name, isFixed: false };
}

function readHttp(source: ModelSource, guard: AddressGuard): ModelAddress {
  const shown = shownAddress(source.url);
  let url: URL;
  try {
    url = new URL(source.url);
  } catch (cause) {
    throw refused(shown, 'it is not an address', 'correct the address', cause);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(shown, 'it holds a user’s name or password', 'use a signed https:// address, or s3://');
  }
  if (url.protocol === 'http:' && !guard.isNamed(url.hostname)) {
    throw refused(
      shown,
      'it is not encrypted',
      `use https://, or name the host in settings.yaml: \`library: { allowHosts: ['${url.hostname}'] }\``,
    );
  }
  refusePrefix(source, shown);
  if (source.sha256 === undefined) {
    throw refused(
      shown,
      'an https:// address needs the SHA-256 of what it gives',
      'add OPTION_MODEL_SHA256 to the container’s Environment (`sha256sum FILE` prints it)',
    );
  }
  url.hash = '';
  return { kind: AddressKind.Http, target: url.href, shown, name: nameOf(url.pathname), isFixed: true };
}

function readHuggingFace(source: ModelSource, settings: LibrarySettings): ModelAddress {
  const shown = shownAddress(source.url);
  if (settings.huggingFace === null) {
    throw refused(
      shown,
      'hf:// is not enabled',
      'add to settings.yaml: `library: { huggingFace: { enabled: true } }`',
    );
  }
  const [, owner = '', repository = '', revision = '', file = ''] = huggingFacePattern.exec(shown) ?? [];
  const segments = [owner, repository, ...file.split('/')];
  if (file === '' || segments.some((segment) => /^\.{0,2}$/.test(segment))) {
    throw refused(
      shown,
      'it does not name a file of a repository',
      'write `hf://OWNER/REPOSITORY@COMMIT/FILE.gguf`',
    );
  }
  if (!/^[0-9a-f]{40}$/.test(revision)) {
    throw refused(
      shown,
      `\`${revision}\` is not the full hash of a commit, so its files can change`,
      'write the 40 digits of the commit after @ (the repository’s page “Files” → “History” shows them)',
    );
  }
  refusePrefix(source, shown);
  const pathOf = (each: readonly string[]) => each.map(encodeURIComponent).join('/');
  const base = settings.huggingFace.endpoint.replace(/\/+$/, '');
  return {
    kind: AddressKind.HuggingFace,
    target: `${base}/${pathOf([owner, repository])}/resolve/${revision}/${pathOf(file.split('/'))}`,
    shown,
    name: nameOf(file),
    isFixed: true,
  };
}

function readStored(source: ModelSource, layout: Layout): ModelAddress {
  const { url, form } = source;
  const file = path.resolve(url);
  const name = path.basename(file);
  if (!path.isAbsolute(url) || path.dirname(file) !== layout.objects || !sha256Pattern.test(name)) {
    throw refused(
      path.basename(url),
      'it is a path, and only files of the library are read by their path',
      'add the file (`stowage models add FILE`) and use the address that prints',
    );
  }
  if (form === 'prefix') throw refused(name, 'a file is no prefix', 'use it as an object');
  return { kind: AddressKind.Stored, target: name, shown: name, name, isFixed: true };
}

function refusePrefix({ form }: ModelSource, shown: string): void {
  if (form !== 'prefix') return;
  throw refused(shown, 'only s3:// has prefixes', 'name a file or a .tar.gz archive, or use s3://');
}

function nameOf(text: string): string {
  const last = text.split('/').at(-1) ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // it stays as it is
  }
  return name.replace(/[^\w.@+=,() -]/g, '_').slice(-nameCharsMax) || 'model';
}
