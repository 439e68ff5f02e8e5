/**
 * Makes an entry of the library out of an address: downloads, checks the digest, looks inside, unpacks. The caller
 * holds the lock of the address. What is half done stays in `partial/KEY` for the next try when the network or the
 * caller ended it, and goes when it can never become anything.
 */
import { constants, copyFileSync, existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactTransport, LibrarySettings } from '../contracts/artifacts.js';
import { FetchPhase } from '../contracts/artifacts.js';
import type { Clock } from '../contracts/clock.js';
import { StowageError } from '../domain/errors.js';
import type { ModelAddress } from './addresses.js';
import { download } from './download.js';
import type { Downloaded } from './download.js';
import { writeJson } from './json-files.js';
import type { Layout } from './layout.js';
import { refusePickle } from './pickle.js';
import { EntryKind } from './store.js';
import type { Pinned, Store } from './store.js';
import { manifestFile, treeFilesFolder } from './tree.js';
import type { Manifest } from './tree.js';
import { unpackArchive } from './unpack.js';

export interface FetchParts {
  readonly layout: Layout;
  readonly settings: LibrarySettings;
  readonly store: Store;
  readonly clock: Clock;
}

export interface FetchJob {
  readonly key: string;
  readonly address: ModelAddress;
  /** Lower-case hex, of what the address gives; null = it is believed. */
  readonly sha256: string | null;
  readonly signal: AbortSignal;
  onProgress(phase: FetchPhase, fraction: number): void;
}

export interface Fetched {
  readonly pinned: Pinned;
  readonly version: string | null;
}

export function stagingFolder(layout: Layout, key: string): string {
  const folder = path.join(layout.partial, key);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** One object, as it is. */
export async function fetchObject(
  parts: FetchParts,
  job: FetchJob,
  transport: ArtifactTransport,
): Promise<Fetched> {
  const { store } = parts;
  const { address } = job;
  const { file, sha256, version } = await downloadChecked(parts, job, transport);
  await lookInside(file, address.name);
  const facts = { sha256, name: address.name, from: address.shown };
  return { pinned: await store.commit(EntryKind.Object, file, facts), version };
}

/** An archive from a server; only its files are kept. */
export async function fetchArchive(
  parts: FetchParts,
  job: FetchJob,
  transport: ArtifactTransport,
): Promise<Fetched> {
  const { file, sha256, bytes, version } = await downloadChecked(parts, job, transport);
  return { pinned: await unpack(parts, job, { file, sha256, bytes }, bytes), version };
}

/** Unpacks an archive that the library holds. */
export function unpackEntry(parts: FetchParts, job: FetchJob, { entry }: Pinned): Promise<Pinned> {
  return unpack(parts, job, { file: entry.path, sha256: entry.sha256, bytes: entry.bytes }, 0);
}

/** Gives a finished folder its name: the last step of archives and prefixes. */
export function commitTree(
  parts: FetchParts,
  job: FetchJob,
  folder: string,
  manifest: Manifest,
  sha256: string,
): Promise<Pinned> {
  const { address } = job;
  if (manifest.files.length === 0) {
    throw StowageError.of('MODEL-035', { url: address.shown, problem: 'it holds no files' });
  }
  writeJson(path.join(folder, manifestFile), manifest);
  return parts.store.commit(EntryKind.Tree, folder, { sha256, name: address.name, from: address.shown });
}

/** An empty folder for files, beside which the manifest goes. */
export function freshTree(layout: Layout, key: string): { readonly folder: string; readonly files: string } {
  const folder = path.join(stagingFolder(layout, key), 'tree');
  rmSync(folder, { recursive: true, force: true });
  const files = path.join(folder, treeFilesFolder);
  mkdirSync(files, { recursive: true, mode: 0o700 });
  return { folder, files };
}

/** Throws MODEL-031 when the file is or holds a pickle. */
export async function lookInside(file: string, name: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await refusePickle(handle, (await handle.stat()).size, name);
  } finally {
    await handle.close();
  }
}

/** How the same bytes came to stand at a second place. */
export const CopyKind = {
  /** The disk shares them until one of the two is changed. */
  Cloned: 'cloned',
  /** The two are one file: a change of one is a change of the other. */
  Linked: 'linked',
} as const;
export type CopyKind = (typeof CopyKind)[keyof typeof CopyKind];

/** Puts the same bytes at a second place without writing them again; null when the disk cannot. */
export function shareFile(from: string, to: string): CopyKind | null {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return CopyKind.Cloned;
  } catch {
    rmSync(to, { force: true });
  }
  try {
    linkSync(from, to);
    return CopyKind.Linked;
  } catch {
    return null;
  }
}

async function unpack(
  parts: FetchParts,
  job: FetchJob,
  archive: { readonly file: string; readonly sha256: string; readonly bytes: number },
  stagedBytes: number,
): Promise<Pinned> {
  const { key, address, signal } = job;
  const { folder, files } = freshTree(parts.layout, key);
  const manifest = await unpackArchive({
    ...archive,
    folder: files,
    shown: address.shown,
    bytesMax: parts.settings.downloadBytesMax,
    signal,
    reserve: (bytes) => parts.store.reserve(key, stagedBytes + bytes, address.shown),
    onProgress: (fraction) => job.onProgress(FetchPhase.Unpacking, fraction),
  });
  return commitTree(parts, job, folder, manifest, archive.sha256);
}

/** Downloads; a resumed download with another digest than expected is fetched once more from its beginning. */
async function downloadChecked(
  parts: FetchParts,
  job: FetchJob,
  transport: ArtifactTransport,
): Promise<Downloaded> {
  const folder = stagingFolder(parts.layout, job.key);
  for (;;) {
    const done = await download({
      transport,
      url: job.address.target,
      sha256: job.sha256,
      folder,
      bytesMax: parts.settings.downloadBytesMax,
      clock: parts.clock,
      signal: job.signal,
      reserve: (bytes) => parts.store.reserve(job.key, bytes, job.address.shown),
      onProgress: (bytes, totalBytes) =>
        job.onProgress(FetchPhase.Downloading, totalBytes === null ? 0 : bytes / Math.max(1, totalBytes)),
    });
    if (job.sha256 === null || done.sha256 === job.sha256) return done;
    rmSync(done.file, { force: true });
    if (done.wasResumed) continue;
    const digests = { actual: done.sha256, expected: job.sha256 };
    throw StowageError.of('MODEL-025', { file: job.address.name, ...digests });
  }
}

/** How much of an address's bytes another process has brought here: 0..1. */
export function fractionHere(layout: Layout, key: string, totalBytes: number | null): number {
  const file = path.join(layout.partial, key, 'data');
  if (totalBytes === null || totalBytes === 0 || !existsSync(file)) return 0;
  return Math.min(1, (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / totalBytes);
}
