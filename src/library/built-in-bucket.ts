/**
 * The built-in bucket `s3://stowage/…`: files that people put into the library by hand. A name stands for a SHA-256;
 * several names may stand for the same. What has a name is never evicted.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type { LibrarySettings } from '../contracts/artifacts.js';
import type { Clock } from '../contracts/clock.js';
import { StowageError } from '../domain/errors.js';
import { builtInPrefix } from './addresses.js';
import { CopyKind, shareFile } from './fetch.js';
import { hashFile } from './hash-file.js';
import { openLayout } from './layout.js';
import type { Layout } from './layout.js';
import {
  isModelName,
  listModelNames,
  modelNameRule,
  removeModelName,
  writeModelName,
} from './model-names.js';
import { refusePickle } from './pickle.js';
import { isLockWanted, withLock } from './process-lock.js';
import { EntryKind, entryId, Store } from './store.js';
import type { StoreEntry } from './store.js';
import { verifyEntry } from './verify-entry.js';
import { describeSystemError } from './verify-model.js';

const addingMark = 'adding-';

export interface AddedFile {
  /** `s3://stowage/NAME`. */
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The library shares the file's bytes: a later change of the file damages the model, which is then refused. */
  readonly isLinked: boolean;
}

/** Something in the library, as people see it. */
export interface ListedModel {
  /** `s3://stowage/NAME`, or where it was fetched from. */
  readonly url: string;
  /** Its name in the built-in bucket; null for what was fetched. */
  readonly name: string | null;
  readonly sha256: string;
  readonly kind: EntryKind;
  /** null = the file is gone: it was damaged and taken out, or removed by hand. */
  readonly bytes: number | null;
  /** Numbers of the processes that use it. */
  readonly pinnedBy: readonly number[];
  /** Wall clock, milliseconds; null = never. */
  readonly usedAt: number | null;
}

export interface VerifiedModel extends ListedModel {
  /** What is wrong; null = it is sound. A damaged one has been taken out of the library. */
  readonly problem: StowageError | null;
}

export interface BuiltInBucket {
  /**
   * Puts a file into the library under a name; a name that stood for other bytes stands for these from now on.
   * Throws MODEL-020, MODEL-031, MODEL-033, USE-640 for an impossible name, and the reason of `signal`.
   */
  addFile(
    file: string,
    name: string,
    onProgress?: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<AddedFile>;
  /** Named ones first, each by name; then what was fetched, by address. */
  list(): readonly ListedModel[];
  /**
   * Takes a name out, or what was fetched, by its address or SHA-256. Its bytes go at once when nobody uses them;
   * else when room is needed after that. False when there is no such thing.
   */
  remove(nameOrDigest: string): Promise<boolean>;
  /** Hashes everything, or one model. `onProgress` hears which one, and how far it is. */
  verify(
    only: string | null,
    onProgress: (model: ListedModel, fraction: number) => void,
    signal: AbortSignal,
  ): Promise<readonly VerifiedModel[]>;
}

/** The bucket of the library in `settings.folder`, which is made when it is not there. */
export function openBuiltInBucket(settings: LibrarySettings, clock: Clock): BuiltInBucket {
  const layout = openLayout(settings.folder);
  const store = new Store({ layout, settings, clock });
  const bucket: BuiltInBucket = {
    addFile: (file, name, onProgress = () => undefined, signal = new AbortController().signal) =>
      new Adding({ layout, store, clock }, file, name, onProgress, signal).run(),
    list: () => listModels(layout, store),
    remove: (nameOrDigest) => removeModel(layout, store, nameOrDigest),
    async verify(only, onProgress, signal) {
      const verified: VerifiedModel[] = [];
      const chosen = bucket.list().filter((model) => only === null || isCalled(model, only));
      for (const model of chosen) {
        const problem = await verifyModel(store, model, onProgress, signal);
        verified.push({ ...model, problem });
      }
      return verified;
    },
  };
  return bucket;
}

/** A name of the bucket for a file: its own, with what names may not hold replaced. */
export function modelNameFor(file: string): string {
  const name = path
    .basename(file)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return isModelName(name) ? name : 'model';
}

/** What processes left that were killed while they added something: nobody can go on with it. */
function removeAbandoned({ partial, locks }: Layout): void {
  for (const key of readdirSync(partial)) {
    if (!key.startsWith(addingMark) || isLockWanted(locks, key)) continue;
    rmSync(path.join(partial, key), { recursive: true, force: true });
  }
}

interface AddingParts {
  readonly layout: Layout;
  readonly store: Store;
  readonly clock: Clock;
}

/** One call of `addFile`. */
class Adding {
  constructor(
    private readonly parts: AddingParts,
    private readonly file: string,
    private readonly name: string,
    private readonly onProgress: (fraction: number) => void,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<AddedFile> {
    const { parts, file, name } = this;
    if (!isModelName(name)) {
      throw StowageError.of('USE-640', {
        problem: `\`${name.slice(0, 80)}\` cannot be a model’s name: expected ${modelNameRule}`,
        suggestion: `name it, for example \`--name ${modelNameFor(file)}\``,
      });
    }
    const bytes = await this.sizeOfFile();
    const key = `${addingMark}${randomBytes(8).toString('hex')}`;
    // The lock says that somebody works in the folder; nobody else wants this one.
    const lock = { folder: parts.layout.locks, clock: parts.clock };
    return withLock(lock, key, { pollMs: 1 }, async () => {
      try {
        removeAbandoned(parts.layout);
        return await this.take(key, bytes);
      } catch (error) {
        throw this.asAddingError(error, bytes);
      } finally {
        rmSync(path.join(parts.layout.partial, key), { recursive: true, force: true });
      }
    });
  }

  private async take(key: string, fileBytes: number): Promise<AddedFile> {
    const { layout, store, clock } = this.parts;
    const { name, onProgress, signal } = this;
    const url = `${builtInPrefix}${name}`;
    const folder = path.join(layout.partial, key);
    const staged = path.join(folder, 'data');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const original = await realpath(this.file); // a link would be linked itself
    const how = shareFile(original, staged);
    await store.reserve(key, fileBytes, url);
    if (how === null) await copyFile(original, staged);
    const handle = await open(staged, 'r');
    let sha256: string;
    let bytes: number;
    try {
      bytes = (await handle.stat()).size;
      await refusePickle(handle, bytes, path.basename(this.file));
      sha256 = await hashFile(handle, bytes, (done) => onProgress(done / Math.max(1, bytes)), signal);
      if (how === null) await handle.sync(); // it may be the only one soon
    } finally {
      await handle.close();
    }
    const pinned = await store.commit(EntryKind.Object, staged, { sha256, name, from: url });
    try {
      await store.locked(() => writeModelName(layout, { name, sha256, addedAt: clock.wallNow() }));
    } finally {
      pinned.release();
    }
    return { url, sha256, bytes, isLinked: how === CopyKind.Linked };
  }

  private async sizeOfFile(): Promise<number> {
    const file = path.basename(this.file);
    let problem = 'it is not a file';
    let cause: unknown;
    try {
      const facts = await stat(this.file);
      if (facts.isFile()) return facts.size;
    } catch (error) {
      problem = describeSystemError(error);
      cause = error;
    }
    throw StowageError.of('MODEL-020', { file, problem }, { cause });
  }

  private asAddingError(error: unknown, bytes: number): unknown {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (error instanceof StowageError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const needed = Math.max(1, Math.ceil(bytes / 1024 ** 2));
      const parameters = { url: `${builtInPrefix}${this.name}`, needed, free: 0 };
      return StowageError.of('MODEL-033', parameters, { cause: error });
    }
    const problem = describeSystemError(error);
    return StowageError.of('MODEL-020', { file: path.basename(this.file), problem }, { cause: error });
  }
}

function listModels(layout: Layout, store: Store): readonly ListedModel[] {
  const named = listModelNames(layout).map(({ name, sha256 }) => {
    const entry = store.find(entryId(EntryKind.Object, sha256));
    return entry === null
      ? goneModel(name, sha256)
      : { ...listed(store, entry), url: `${builtInPrefix}${name}`, name };
  });
  const namedIds = new Set(named.map(({ sha256 }) => sha256));
  const fetched = store
    .entries()
    .filter(({ kind, sha256 }) => kind !== EntryKind.Object || !namedIds.has(sha256))
    .map((entry) => listed(store, entry))
    .sort((a, b) => (a.url < b.url ? -1 : 1));
  return [...named, ...fetched];
}

function listed(store: Store, entry: StoreEntry): ListedModel {
  const { id, sha256, kind, bytes, usedAt } = entry;
  const url = entry.from === '' ? entry.name : entry.from;
  return { url, name: null, sha256, kind, bytes, pinnedBy: store.usersOf(id), usedAt };
}

function goneModel(name: string, sha256: string): ListedModel {
  const url = `${builtInPrefix}${name}`;
  return { url, name, sha256, kind: EntryKind.Object, bytes: null, pinnedBy: [], usedAt: null };
}

function isCalled(model: ListedModel, text: string): boolean {
  return model.name === text || model.url === text || model.sha256 === text;
}

function removeModel(layout: Layout, store: Store, text: string): Promise<boolean> {
  return store.locked(() => {
    const chosen = listModels(layout, store).filter((model) => isCalled(model, text));
    for (const { name } of chosen) if (name !== null) removeModelName(layout, name);
    const stillNamed = new Set(listModelNames(layout).map(({ sha256 }) => sha256));
    for (const { sha256, kind } of chosen) {
      const id = entryId(kind, sha256);
      const isNamed = kind === EntryKind.Object && stillNamed.has(sha256);
      if (!isNamed && store.usersOf(id).length === 0) store.removeNow(id);
    }
    return chosen.length > 0;
  });
}

async function verifyModel(
  store: Store,
  model: ListedModel,
  onProgress: (model: ListedModel, fraction: number) => void,
  signal: AbortSignal,
): Promise<StowageError | null> {
  const id = entryId(model.kind, model.sha256);
  const pinned = await store.pin(id);
  if (pinned === null) {
    return StowageError.of('MODEL-020', { file: model.name ?? model.url, problem: 'there is no such file' });
  }
  try {
    await verifyEntry(pinned.entry, (fraction) => onProgress(model, fraction), signal);
    return null;
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    await store.remove(id);
    return error;
  } finally {
    pinned.release();
  }
}
