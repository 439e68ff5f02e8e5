/**
 * All objects below a prefix, as one folder. Each is downloaded like a single object; those that are finished stay
 * noted, so that a kill in the middle costs one object's rest at most. The folder is known by its manifest's digest.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ArtifactTransport, ListedObject } from '../contracts/artifacts.js';
import { FetchPhase, TransportFailure } from '../contracts/artifacts.js';
import { StowageError } from '../domain/errors.js';
import { builtInPrefix, refused } from './addresses.js';
import { dataFile, download } from './download.js';
import { commitTree, freshTree, lookInside, shareFile, stagingFolder } from './fetch.js';
import type { Fetched, FetchJob, FetchParts } from './fetch.js';
import { objectPath } from './layout.js';
import { listModelNames } from './model-names.js';
import { EntryKind, entryId } from './store.js';
import { manifestDigest, safePath, treeFilesFolder, treeFilesMax } from './tree.js';
import type { ManifestFile } from './tree.js';

const doneFile = 'done.jsonl';
const doneSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  version: z.string().nullable(),
});
type Done = z.output<typeof doneSchema>;

/** What stands below a prefix at the moment. */
export interface PrefixListing {
  readonly objects: readonly ListedObject[];
  readonly bytes: number;
  /** The same as long as every object is. */
  readonly version: string;
}

/** Lists a prefix of a server. Throws MODEL-034 for paths that no folder may have, MODEL-035 when there are none. */
export async function listPrefix(
  parts: FetchParts,
  job: Pick<FetchJob, 'address' | 'signal'>,
  transport: ArtifactTransport,
): Promise<PrefixListing> {
  const { shown, target } = job.address;
  const all = await transport.list(target, treeFilesMax, job.signal);
  const objects: ListedObject[] = [];
  for (const object of all) {
    if ((object.path === '' || object.path.endsWith('/')) && object.totalBytes === 0) continue; // a folder's mark
    const checked = safePath(object.path);
    if ('problem' in checked || checked.path === '' || object.path.endsWith('/')) {
      const problem = 'problem' in checked ? checked.problem : 'an object below it has no name';
      throw refused(shown, problem, 'rename that object, or name a narrower prefix');
    }
    objects.push({ ...object, path: checked.path });
  }
  if (objects.length === 0) {
    throw StowageError.of('MODEL-035', { url: shown, problem: 'there is no object below it' });
  }
  objects.sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = objects.reduce((sum, { totalBytes }) => sum + (totalBytes ?? 0), 0);
  const bytesMax = parts.settings.downloadBytesMax;
  if (bytes > bytesMax) {
    const problem = `its objects are larger than the ${Math.floor(bytesMax / 1024 ** 2)} MiB of one download`;
    const suggestion = 'name a narrower prefix, or raise `library.downloadSize` in settings.yaml';
    throw new TransportFailure(problem, { isPassing: false, suggestion });
  }
  const hash = createHash('sha256');
  for (const each of objects) hash.update(JSON.stringify([each.path, each.version, each.totalBytes]));
  return { objects, bytes, version: hash.digest('hex') };
}

/** Brings a listing's objects here. */
export async function fetchPrefix(
  parts: FetchParts,
  job: FetchJob,
  transport: ArtifactTransport,
  listing: PrefixListing,
): Promise<Fetched> {
  const staging = stagingFolder(parts.layout, job.key);
  const folder = path.join(staging, 'tree');
  const files = path.join(folder, treeFilesFolder);
  mkdirSync(files, { recursive: true, mode: 0o700 });
  await parts.store.reserve(job.key, listing.bytes, job.address.shown);
  const earlier = readDone(staging);
  const manifest: ManifestFile[] = [];
  let bytesBefore = 0;
  for (const object of listing.objects) {
    const file = path.join(files, object.path);
    const before = earlier.get(object.path);
    const isThere = before !== undefined && isSame(before, object) && existsSync(file);
    const done = isThere
      ? before
      : await fetchOne(parts, job, transport, { object, file, staging, bytesBefore, listing });
    manifest.push({ path: done.path, bytes: done.bytes, sha256: done.sha256 });
    bytesBefore += done.bytes;
  }
  const sha256 = manifestDigest({ files: manifest });
  refuseOtherDigest(job, sha256);
  return {
    pinned: await commitTree(parts, job, folder, { files: manifest }, sha256),
    version: listing.version,
  };
}

/** All models of the built-in bucket whose names begin so, as one folder. */
export async function gatherBuiltIn(parts: FetchParts, job: FetchJob): Promise<Fetched> {
  const { layout, store } = parts;
  const prefix = job.address.target;
  const { folder, files } = freshTree(layout, job.key);
  const manifest: ManifestFile[] = [];
  for (const { name, sha256 } of listModelNames(layout).filter((each) => each.name.startsWith(prefix))) {
    const relative = name.slice(prefix.lastIndexOf('/') + 1);
    const pinned = await store.pin(entryId(EntryKind.Object, sha256));
    if (pinned === null) {
      const problem = `the file of ${builtInPrefix}${name} is gone`;
      throw new TransportFailure(problem, {
        isPassing: false,
        suggestion: `stowage models add FILE --name ${name}`,
      });
    }
    try {
      const file = path.join(files, relative);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const object = objectPath(layout, sha256);
      if (shareFile(object, file) === null) copyFileSync(object, file, constants.COPYFILE_EXCL);
      manifest.push({ path: relative, bytes: pinned.entry.bytes, sha256 });
    } finally {
      pinned.release();
    }
  }
  const sha256 = manifestDigest({ files: manifest });
  refuseOtherDigest(job, sha256);
  return { pinned: await commitTree(parts, job, folder, { files: manifest }, sha256), version: null };
}

interface OneObject {
  readonly object: ListedObject;
  readonly file: string;
  readonly staging: string;
  /** Of the objects before it. */
  readonly bytesBefore: number;
  readonly listing: PrefixListing;
}

async function fetchOne(
  parts: FetchParts,
  job: FetchJob,
  transport: ArtifactTransport,
  { object, file, staging, bytesBefore, listing }: OneObject,
): Promise<Done> {
  const total = Math.max(1, listing.bytes);
  const { sha256, bytes, version } = await download({
    transport,
    url: object.url,
    sha256: null,
    folder: staging,
    bytesMax: parts.settings.downloadBytesMax - bytesBefore,
    clock: parts.clock,
    signal: job.signal,
    reserve: (needed) =>
      parts.store.reserve(job.key, Math.max(listing.bytes, bytesBefore + needed), job.address.shown),
    onProgress: (here) => job.onProgress(FetchPhase.Downloading, Math.min(1, (bytesBefore + here) / total)),
  });
  const staged = path.join(staging, dataFile);
  await lookInside(staged, object.path);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    rmSync(file, { force: true });
    renameSync(staged, file);
  } catch (cause) {
    const problem = `\`${object.path}\` is an object and a folder at once`;
    throw refused(job.address.shown, problem, 'rename that object, or name a narrower prefix', cause);
  }
  const done: Done = { path: object.path, bytes, sha256, version };
  appendFileSync(path.join(staging, doneFile), `${JSON.stringify(done)}\n`);
  return done;
}

function isSame(done: Done, object: ListedObject): boolean {
  return done.version !== null && done.version === object.version && done.bytes === object.totalBytes;
}

/** What earlier tries finished, by path; a line that was cut off is as if it were not there. */
function readDone(staging: string): ReadonlyMap<string, Done> {
  const done = new Map<string, Done>();
  const file = path.join(staging, doneFile);
  if (!existsSync(file)) return done;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      const checked = doneSchema.safeParse(JSON.parse(line));
      if (checked.success) done.set(checked.data.path, checked.data);
    } catch {
      // the last one of a process that was killed
    }
  }
  return done;
}

function refuseOtherDigest({ sha256: expected, address }: FetchJob, actual: string): void {
  if (expected === null || expected === actual) return;
  throw StowageError.of('MODEL-025', { file: address.name, actual, expected });
}
