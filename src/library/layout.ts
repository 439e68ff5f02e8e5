/**
 * Where things stand in the library's folder. Every file below it has one writer at a time (process-lock.ts) and
 * gets its final name in one step, so that a crash leaves either nothing or something whole.
 *
 *     objects/sha256/HEX        files by their content
 *     trees/HEX/files/…         folders by the SHA-256 of their archive or manifest; HEX/manifest.json beside
 *     facts/ID.json             what people call an entry; its time of change is when it was last used
 *     models/NAME.json          names of the built-in bucket
 *     sources/KEY.json          what an address gave the last time
 *     partial/KEY/…             what is on its way; KEY is of an address
 *     pins/ID/PROCESS-N         who uses it now
 *     locks/…                   tickets of process-lock.ts
 *
 * The ID of an object is its HEX, of a tree `HEX.tree`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { StowageError } from '../domain/errors.js';

export interface Layout {
  readonly folder: string;
  readonly objects: string;
  readonly trees: string;
  readonly facts: string;
  readonly models: string;
  readonly sources: string;
  readonly partial: string;
  readonly pins: string;
  readonly locks: string;
}

/** The layout of `folder`, whose folders are made when they are not there, for their owner only. Throws HOST-605. */
export function openLayout(folder: string): Layout {
  const layout: Layout = {
    folder,
    objects: path.join(folder, 'objects', 'sha256'),
    trees: path.join(folder, 'trees'),
    facts: path.join(folder, 'facts'),
    models: path.join(folder, 'models'),
    sources: path.join(folder, 'sources'),
    partial: path.join(folder, 'partial'),
    pins: path.join(folder, 'pins'),
    locks: path.join(folder, 'locks'),
  };
  try {
    for (const each of Object.values(layout)) mkdirSync(each as string, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const problem = `its library of models cannot be made (${(cause as NodeJS.ErrnoException).code ?? 'no code'})`;
    const suggestion = 'name another folder with --data-dir or STOWAGE_DATA_DIR';
    throw StowageError.of('HOST-605', { problem, suggestion }, { cause });
  }
  return layout;
}

export function objectPath(layout: Layout, sha256: string): string {
  return path.join(layout.objects, sha256);
}

export function treePath(layout: Layout, sha256: string): string {
  return path.join(layout.trees, sha256);
}

/** What an address is filed under. */
export function sourceKey(url: string, form: string): string {
  return createHash('sha256').update(`${form}\n${url}`).digest('hex').slice(0, 32);
}
