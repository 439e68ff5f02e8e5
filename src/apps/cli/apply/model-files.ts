/**
 * Model files of this machine, for a server that cannot open them by their path: each goes into the library of the
 * server beside us, under a name that follows from its content, and is then `s3://stowage/NAME`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ResolvedOrigin } from '../../../decide/plan/desired.js';
import type { EndpointPlan, ModelOrigin } from '../../../domain/endpoint-plan.js';
import { StowageError } from '../../../domain/errors.js';

/** Puts a file into the library under a name; when it is there already, nothing happens. */
export type StoreFile = (path: string, name: string, sha256: string) => Promise<void>;

export interface ModelFiles {
  resolve(origin: ModelOrigin): ResolvedOrigin;
  /** Puts every file into the library that is not there yet. */
  store(): Promise<void>;
}

export interface ModelFileParts {
  /** Null = the server cannot be given files. */
  readonly storeFile: StoreFile | null;
  /** The server, as messages show it. */
  readonly address: string;
  /** Called with each file before it is read through. */
  readonly onFile: (path: string) => void;
}

const stemCharsMax = 80;

/** Reads every file of the plans through. Throws MODEL-020, MODEL-025 and, where no file can be given, MODEL-034. */
export async function readModelFiles(
  plans: readonly EndpointPlan[],
  { storeFile, address, onFile }: ModelFileParts,
): Promise<ModelFiles> {
  const names = new Map<string, { name: string; sha256: string }>();
  for (const origin of originsOf(plans)) {
    if (origin.kind !== 'file') continue;
    const { path, sha256: expected } = origin;
    const shown = basename(path);
    if (storeFile === null) {
      throw StowageError.of('MODEL-034', {
        url: shown,
        problem: `it is a file of this machine, and ${address} cannot open it`,
        suggestion: 'upload it to S3 and write `model: s3://BUCKET/KEY`',
      });
    }
    let sha256 = names.get(path)?.sha256;
    if (sha256 === undefined) {
      onFile(path);
      sha256 = await digestOf(path);
      names.set(path, { name: libraryName(path, sha256), sha256 });
    }
    if (expected !== null && expected !== sha256) {
      throw StowageError.of('MODEL-025', { file: shown, actual: sha256, expected });
    }
  }
  return {
    resolve(origin) {
      if (origin.kind === 'address') return { url: origin.url, sha256: origin.sha256 };
      const known = names.get(origin.path);
      if (known === undefined) throw new Error(`${origin.path} was not read`);
      return { url: `s3://stowage/${known.name}`, sha256: known.sha256 };
    },
    async store() {
      for (const [path, { name, sha256 }] of names) await storeFile?.(path, name, sha256);
    },
  };
}

function originsOf(plans: readonly EndpointPlan[]): ModelOrigin[] {
  return plans.flatMap(({ variants, components }) =>
    [
      ...variants.map(({ model }) => model),
      ...components.flatMap(({ specifications }) => specifications.map(({ model }) => model)),
    ].flatMap((model) =>
      [model?.origin ?? [], model?.draft ?? [], Object.values(model?.adapters ?? {})].flat(),
    ),
  );
}

/** `model-Q8_0-0123abcd.gguf`: the same file always has the same name, another one another. */
function libraryName(path: string, sha256: string): string {
  const extension = path.endsWith('.tar.gz') ? '.tar.gz' : extname(path);
  const stem = basename(path, extension)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, stemCharsMax);
  return `${stem === '' ? 'model' : stem}-${sha256.slice(0, 8)}${extension.replace(/[^A-Za-z0-9.]/g, '')}`;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw StowageError.of('MODEL-020', { file: basename(path), problem }, { cause });
  }
  return hash.digest('hex');
}
