/**
 * `settings.yaml` of the data folder: what the server of this machine may do, as opposed to what it serves. Optional;
 * every key has a default. Secrets are named by environment variables and never stand in the file.
 *
 * Any text either gives settings or a `ConfigurationErrors` with every problem and its place.
 */
import { z } from 'zod';
import type { LibrarySettings, ObjectServer } from '../../contracts/artifacts.js';
import type { OutsideSettings } from '../../contracts/outside-engine.js';
import { StowageError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { ConfigurationErrors } from './configuration-errors.js';
import { engineKeys, engines, toOutsideSettings } from './settings-engines.js';
import { parseYaml } from './yaml-document.js';
import type { LocatedDocument, PathSegment } from './yaml-document.js';

export const settingsFileName = 'settings.yaml';
const hubAddress = 'https://huggingface.co';

const bytesPerUnit: Readonly<Record<string, number>> = {
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** An issue's message says what was expected; the reader adds what was found. */
function size(byDefault: string) {
  return z
    .string({ error: 'a size with its unit, such as `200Gi`' })
    .regex(/^[0-9]{1,6}(\.[0-9]{1,3})?(Mi|Gi|Ti|M|G|T)$/, { error: 'a size with its unit, such as `200Gi`' })
    .default(byDefault);
}

function text(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).max(1024, { error: expected }).regex(pattern, { error: expected });
}

const variableName = text(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'the name of an environment variable, not a secret itself',
);
const address = text(
  /^https?:\/\/[^/@\s?#]+(\/[^@\s?#]*)?$/,
  'an address such as `https://minio.internal:9000`',
);
const flag = z.boolean({ error: '`true` or `false`' });

const objectServer = z.strictObject(
  {
    bucket: text(/^(\*|[A-Za-z0-9][A-Za-z0-9._-]{1,62})$/, 'a bucket’s name, or `*` for all others'),
    endpoint: address.optional(),
    region: text(/^[a-z0-9-]{1,64}$/, 'a region such as `us-east-1`').default('us-east-1'),
    pathStyle: flag.optional(),
    anonymous: flag.default(false),
    accessKeyIdEnv: variableName.optional(),
    secretAccessKeyEnv: variableName.optional(),
    sessionTokenEnv: variableName.optional(),
  },
  { error: unless('keys such as `bucket`, `endpoint`, `region`') },
);

const library = z.strictObject(
  {
    size: size('200Gi'),
    downloadSize: size('100Gi'),
    allowHosts: z
      .array(
        text(/^[^\s/@]+(\/\d{1,3})?$/, 'a host, `*.suffix`, an IP address or a range such as `10.0.0.0/8`'),
        {
          error: 'a list of hosts',
        },
      )
      .max(1000, { error: 'at most 1000 hosts' })
      .default([]),
    s3: z
      .array(objectServer, { error: 'a list of buckets' })
      .max(1000, { error: 'at most 1000 buckets' })
      .default([]),
    huggingFace: z
      .strictObject(
        {
          enabled: flag.default(false),
          endpoint: address.default(hubAddress),
          tokenEnv: variableName.optional(),
        },
        { error: unless('the keys `enabled`, `endpoint`, `tokenEnv`') },
      )
      .prefault({}),
  },
  { error: unless('keys such as `size`, `allowHosts`, `s3`') },
);

const settingsSchema = z.strictObject(
  {
    library: library.prefault({}),
    engines: engines.prefault({}),
    instanceTypes: text(/^[^\0]+$/, 'the path of a file').optional(),
  },
  { error: unless('the keys `library`, `engines` and `instanceTypes`') },
);

/** What the file says, with every default filled in. */
export interface Settings {
  /** Without the folder, which is the data folder's. */
  readonly library: Omit<LibrarySettings, 'folder'>;
  /** How programs of others are started; an engine that is not there is started as usual. */
  readonly engines: OutsideSettings;
  /** The catalogue of instance types as the file names it; null = the one that is built in. */
  readonly instanceTypes: string | null;
}

export const defaultSettings: Settings = settingsOf(settingsSchema.parse({}));

/**
 * Reads settings; a file that holds nothing gives the defaults.
 *
 * @param fileName how the reader calls the file; locations begin with it
 * @throws ConfigurationErrors of FILE-010, FILE-011 and FILE-012
 */
export function readSettings(content: string, fileName: string): Settings {
  if (/^(\s*(#[^\n]*)?(\n|$))*$/.test(content)) return defaultSettings;
  const { documents, errors } = parseYaml(content.replace(/^\uFEFF/, ''), fileName);
  const [document, second] = documents;
  const found = [...errors];
  if (second !== undefined) {
    const problem = 'it holds several documents';
    found.push(
      StowageError.of(
        'FILE-010',
        { file: fileName, problem },
        { location: second.locate(second.valueOffset([])) },
      ),
    );
  }
  if (document === undefined) throw failure(found);
  const checked = settingsSchema.safeParse(document.value);
  if (!checked.success) {
    found.push(...checked.error.issues.flatMap((issue) => worded(issue, document)));
    throw failure(found);
  }
  found.push(...incompleteServers(checked.data, document));
  if (found.length > 0) throw failure(found);
  return settingsOf(checked.data);
}

type SettingsDocument = z.output<typeof settingsSchema>;

function settingsOf({ library: source, engines: programs, instanceTypes }: SettingsDocument): Settings {
  const { huggingFace } = source;
  return {
    library: {
      bytesMax: toBytes(source.size),
      downloadBytesMax: toBytes(source.downloadSize),
      allowHosts: source.allowHosts,
      objectServers: source.s3.map(toObjectServer),
      huggingFace: huggingFace.enabled
        ? { endpoint: huggingFace.endpoint, tokenEnv: huggingFace.tokenEnv ?? null }
        : null,
    },
    engines: toOutsideSettings(programs),
    instanceTypes: instanceTypes ?? null,
  };
}

function toObjectServer(source: SettingsDocument['library']['s3'][number]): ObjectServer {
  const { accessKeyIdEnv, secretAccessKeyEnv, sessionTokenEnv } = source;
  const named =
    accessKeyIdEnv === undefined || secretAccessKeyEnv === undefined
      ? null
      : { accessKeyIdEnv, secretAccessKeyEnv, sessionTokenEnv: sessionTokenEnv ?? null };
  return {
    bucket: source.bucket,
    endpoint: source.endpoint ?? null,
    region: source.region,
    usesPathStyle: source.pathStyle ?? source.endpoint !== undefined,
    credentials: source.anonymous ? 'anonymous' : named,
  };
}

function toBytes(text: string): number {
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]+)$/.exec(text) ?? [];
  return Math.round(Number(amount) * (bytesPerUnit[unit ?? ''] ?? 0));
}

/** Half a pair of credentials would silently sign with others. */
function incompleteServers({ library: { s3 } }: SettingsDocument, document: LocatedDocument): StowageError[] {
  return s3.flatMap((server, index) => {
    const hasId = server.accessKeyIdEnv !== undefined;
    const hasSecret = server.secretAccessKeyEnv !== undefined;
    const missing = hasId === hasSecret ? null : hasId ? 'secretAccessKeyEnv' : 'accessKeyIdEnv';
    if (missing === null) return [];
    const path = ['library', 's3', index];
    const parameters = {
      key: path.join('.'),
      problem: `\`${missing}\` is missing beside the other one`,
      suggestion: `add \`${missing}: VARIABLE\``,
    };
    return [
      StowageError.of('FILE-012', parameters, { location: document.locate(document.valueOffset(path)) }),
    ];
  });
}

/** Unknown keys are worded by their own; a strict object's message must not stand in for them. */
function unless(expected: string) {
  return (issue: { readonly code?: string | undefined }) =>
    issue.code === 'unrecognized_keys' ? 'no other keys' : expected;
}

function worded(issue: z.core.$ZodIssue, document: LocatedDocument): StowageError[] {
  const path = issue.path.map((segment): PathSegment =>
    typeof segment === 'number' ? segment : String(segment),
  );
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, document));
  }
  const value = valueAt(document.value, path);
  const offset = value === undefined ? document.keyOffset(path) : document.valueOffset(path);
  const key = path.join('.') || 'the document';
  const problem =
    value === undefined
      ? `is missing: expected ${issue.message}`
      : `expected ${issue.message}, found ${shown(value)}`;
  const page = issue.path[0] === 'engines' ? 'docs/engine/outside-engines.md' : 'docs/models.md';
  const suggestion = `see ${page} for what it can be`;
  return [StowageError.of('FILE-012', { key, problem, suggestion }, { location: document.locate(offset) })];
}

function unknownKey(key: string, path: readonly PathSegment[], document: LocatedDocument): StowageError {
  const known = knownKeys(path);
  const meant = nearest(key, known);
  const suggestion =
    meant === null
      ? `known here: ${known.map((name) => `\`${name}\``).join(', ')}`
      : `did you mean \`${meant}\`?`;
  const location = document.locate(document.keyOffset([...path, key]));
  return StowageError.of('FILE-011', { key: plain(key), suggestion }, { location });
}

function knownKeys(path: readonly PathSegment[]): string[] {
  const [first, second] = path;
  if (path.length === 0) return Object.keys(settingsSchema.shape);
  if (first === 'engines') return engineKeys(path.length);
  if (second === 's3') return Object.keys(objectServer.shape);
  return second === 'huggingFace' ? ['enabled', 'endpoint', 'tokenEnv'] : Object.keys(library.shape);
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<PathSegment, unknown>)[segment];
  }
  return current;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'keys with values';
  // Somebody may have written a secret where a variable's name belongs.
  return typeof value === 'string' ? `a text of ${value.length} characters` : `\`${String(value)}\``;
}

function plain(key: string): string {
  return key.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}

function failure(errors: readonly StowageError[]): ConfigurationErrors {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('settings that cannot be read have a problem');
  return new ConfigurationErrors([first, ...others]);
}
