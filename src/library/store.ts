/**
 * What the library holds: files and folders by their SHA-256, who uses them, and room for more.
 *
 * Everything here that looks before it acts does so under one lock of all processes, so that nothing is evicted
 * between the moment it is found and the moment it is pinned. The lock is held for file-system calls only, never
 * while bytes are fetched or hashed.
 *
 * Never: something pinned, or named in the built-in bucket, goes by eviction; something half stands under a digest.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LibrarySettings } from '../contracts/artifacts.js';
import type { Clock } from '../contracts/clock.js';
import { StowageError } from '../domain/errors.js';
import { readJson, writeJson } from './json-files.js';
import { objectPath, treePath } from './layout.js';
import type { Layout } from './layout.js';
import { namedDigests } from './model-names.js';
import { pinnedBy, takePin } from './pins.js';
import { isLockWanted, withLock } from './process-lock.js';
import { forgetSources } from './source-memory.js';
import { manifestFile, readManifest, treeFilesFolder } from './tree.js';

const mebibyte = 1024 * 1024;
/** Bytes of the disk that are never filled: others write there too. */
const diskBytesFreeMin = 64 * mebibyte;
const lockPollMs = 10;
const storeLock = 'store';
const reservationFile = 'reserved.json';
const digestPattern = /^[0-9a-f]{64}$/;
const treeMark = '.tree';

export const EntryKind = { Object: 'object', Tree: 'tree' } as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** What an entry is filed under: an archive and its files have the same SHA-256. */
export function entryId(kind: EntryKind, sha256: string): string {
  return kind === EntryKind.Object ? sha256 : `${sha256}${treeMark}`;
}

export interface StoreEntry {
  /** `entryId` of the two that follow. */
  readonly id: string;
  readonly sha256: string;
  readonly kind: EntryKind;
  /** The file, or the folder of the files. */
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
  /** Where it came from, as messages show it; empty when nobody knows. */
  readonly from: string;
  /** Wall clock, milliseconds. */
  readonly usedAt: number;
}

export interface Pinned {
  readonly entry: StoreEntry;
  release(): void;
}

export interface StoreParts {
  readonly layout: Layout;
  readonly settings: LibrarySettings;
  readonly clock: Clock;
}

export class Store {
  constructor(private readonly parts: StoreParts) {}

  /** Pins the entry `id`; null when it is not there. */
  pin(id: string): Promise<Pinned | null> {
    return this.locked(() => this.pinNow(id));
  }

  /** Gives a finished file or folder its name and pins it. What is already there under that name stays. */
  commit(
    kind: EntryKind,
    from: string,
    entry: Pick<StoreEntry, 'sha256' | 'name' | 'from'>,
  ): Promise<Pinned> {
    return this.locked(() => {
      const { layout } = this.parts;
      const id = entryId(kind, entry.sha256);
      const to =
        kind === EntryKind.Object ? objectPath(layout, entry.sha256) : treePath(layout, entry.sha256);
      if (existsSync(to)) rmSync(from, { recursive: true, force: true });
      else renameSync(from, to);
      const facts = this.factsFile(id);
      if (!existsSync(facts)) writeJson(facts, { name: entry.name, from: entry.from });
      const pinned = this.pinNow(id);
      if (pinned === null) throw new Error('what was just put into the library is gone');
      return pinned;
    });
  }

  /** Takes an entry out, whoever uses it: it is damaged, or nobody wants it any more. */
  remove(id: string): Promise<void> {
    return this.locked(() => this.removeNow(id));
  }

  /** Everything there is, the longest unused first. */
  entries(): readonly StoreEntry[] {
    const { layout } = this.parts;
    const found = (kind: EntryKind, folder: string) =>
      readdirSync(folder)
        .filter((name) => digestPattern.test(name))
        .flatMap((sha256) => this.find(entryId(kind, sha256)) ?? []);
    return [...found(EntryKind.Object, layout.objects), ...found(EntryKind.Tree, layout.trees)].sort(
      (a, b) => a.usedAt - b.usedAt || (a.id < b.id ? -1 : 1),
    );
  }

  /** The entry `id` without a pin: it may be gone in a moment. */
  find(id: string): StoreEntry | null {
    const { layout } = this.parts;
    const kind = id.endsWith(treeMark) ? EntryKind.Tree : EntryKind.Object;
    const sha256 = kind === EntryKind.Tree ? id.slice(0, -treeMark.length) : id;
    const { name, from } = readJson(this.factsFile(id), factsSchema) ?? {
      name: sha256.slice(0, 12),
      from: '',
    };
    const common = { id, sha256, kind, name, from };
    const used = statSync(this.factsFile(id), { throwIfNoEntry: false })?.mtimeMs;
    if (kind === EntryKind.Object) {
      const file = objectPath(layout, sha256);
      const facts = statSync(file, { throwIfNoEntry: false });
      if (facts?.isFile() !== true) return null;
      return { ...common, path: file, bytes: facts.size, usedAt: used ?? facts.mtimeMs };
    }
    const folder = treePath(layout, sha256);
    const manifest = readManifest(path.join(folder, manifestFile));
    if (manifest === null) return null;
    const bytes = manifest.files.reduce((sum, each) => sum + each.bytes, 0);
    return { ...common, path: path.join(folder, treeFilesFolder), bytes, usedAt: used ?? 0 };
  }

  /**
   * Makes room for `bytes` of what is on its way under `key`, all of it counted, and keeps it: evicts what was not
   * used for longest. Throws MODEL-033, naming `shown`.
   */
  reserve(key: string, bytes: number, shown: string): Promise<void> {
    return this.locked(() => {
      const folder = path.join(this.parts.layout.partial, key);
      const candidates = this.evictable(key);
      for (;;) {
        const free = this.freeFor(key);
        if (bytes <= free) break;
        const next = candidates.shift();
        if (next === undefined) {
          const inMebibytes = (value: number) => Math.max(0, Math.round(value / mebibyte));
          throw StowageError.of('MODEL-033', {
            url: shown,
            needed: Math.max(1, Math.ceil(bytes / mebibyte)),
            free: inMebibytes(free),
          });
        }
        next();
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeJson(path.join(folder, reservationFile), { bytes });
    });
  }

  /** Who uses an entry: numbers of processes. */
  usersOf(id: string): readonly number[] {
    return pinnedBy(this.parts.layout, id);
  }

  /** Runs `task` while nothing is pinned, put in or evicted. */
  locked<Result>(task: () => Result): Promise<Result> {
    const { layout, clock } = this.parts;
    return withLock({ folder: layout.locks, clock }, storeLock, { pollMs: lockPollMs }, task);
  }

  /** Under the lock. */
  removeNow(id: string): void {
    const { layout } = this.parts;
    const entry = this.find(id);
    if (id.endsWith(treeMark)) {
      // A folder goes by one step first: half of one must not stand under its digest.
      const folder = treePath(layout, id.slice(0, -treeMark.length));
      const doomed = path.join(layout.partial, `removed-${id}`);
      rmSync(doomed, { recursive: true, force: true });
      if (existsSync(folder)) renameSync(folder, doomed);
      rmSync(doomed, { recursive: true, force: true });
    } else rmSync(objectPath(layout, id), { force: true });
    rmSync(this.factsFile(id), { force: true });
    if (entry !== null) forgetSources(layout, id);
  }

  private factsFile(id: string): string {
    return path.join(this.parts.layout.facts, `${id}.json`);
  }

  private pinNow(id: string): Pinned | null {
    const { layout, clock } = this.parts;
    const entry = this.find(id);
    if (entry === null) return null;
    const facts = this.factsFile(id);
    if (!existsSync(facts)) writeJson(facts, { name: entry.name, from: entry.from });
    const seconds = clock.wallNow() / 1000;
    utimesSync(facts, seconds, seconds);
    return { entry, release: takePin(layout, id) };
  }

  /** Steps that make room, the one that hurts least first. */
  private evictable(ownKey: string): (() => void)[] {
    const { layout } = this.parts;
    const idle = readdirSync(layout.partial).filter(
      (key) => key !== ownKey && !isLockWanted(layout.locks, key),
    );
    const named = namedDigests(layout);
    const unused = this.entries().filter(
      ({ id, kind, sha256 }) =>
        !(kind === EntryKind.Object && named.has(sha256)) && pinnedBy(layout, id).length === 0,
    );
    return [
      ...idle.map((key) => () => rmSync(path.join(layout.partial, key), { recursive: true, force: true })),
      ...unused.map(
        ({ id }) =>
          () =>
            this.removeNow(id),
      ),
    ];
  }

  /** Bytes that what is on its way under `key` may have in all. */
  private freeFor(key: string): number {
    const { layout, settings } = this.parts;
    let used = this.entries().reduce((sum, entry) => sum + entry.bytes, 0);
    let promised = 0;
    for (const other of readdirSync(layout.partial)) {
      if (other === key) continue;
      const folder = path.join(layout.partial, other);
      const written = bytesBelow(folder);
      const reserved = isLockWanted(layout.locks, other) ? reservationOf(folder) : 0;
      used += Math.max(written, reserved);
      promised += Math.max(0, reserved - written);
    }
    const own = bytesBelow(path.join(layout.partial, key));
    const disk = statfsSync(layout.folder);
    const onDisk = disk.bavail * disk.bsize - promised - diskBytesFreeMin + own;
    return Math.min(settings.bytesMax - used, onDisk);
  }
}

const factsSchema = z.object({ name: z.string(), from: z.string() });
const reservationSchema = z.object({ bytes: z.number() });

function reservationOf(folder: string): number {
  return readJson(path.join(folder, reservationFile), reservationSchema)?.bytes ?? 0;
}

/** Bytes of all files below a folder; 0 when it is not there. */
function bytesBelow(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).size;
    }
  } catch {
    // it goes at this moment; then it takes no room
  }
  return bytes;
}
