/**
 * Graphs as the library optimized them, one file each, so that the next start does not optimize again. A file's name says
 * everything the graph depends on: the model's bytes, the library's version, the processor and the options. Its time of
 * change is when it was last used; the least recently used go first.
 *
 * Never: half a graph under a name. What is on its way has another name, and is renamed when it is whole.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import path from 'node:path';

/** Bytes of all graphs. */
export const graphsBytesMax = 4 * 1024 ** 3;
/** What was begun so long ago was left by a process that died, milliseconds. */
const unfinishedMsMax = 60 * 60 * 1000;

const unfinished = '.unfinished';

export class GraphCache {
  /** The folder is made when it is not there. */
  constructor(
    private readonly folder: string,
    private readonly bytesMax = graphsBytesMax,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** The graph that depends on exactly this; null = it is not there. */
  find(dependsOn: readonly string[]): string | null {
    const file = this.fileOf(dependsOn);
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return null;
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // a folder that can only be read
    }
    return file;
  }

  /** Where the library may write it. */
  placeFor(dependsOn: readonly string[]): string {
    return `${this.fileOf(dependsOn)}.${process.pid}${unfinished}`;
  }

  /** What was written at its place is whole. Where it cannot be kept it is abandoned. */
  keep(dependsOn: readonly string[]): void {
    try {
      renameSync(this.placeFor(dependsOn), this.fileOf(dependsOn));
      this.evict(this.fileOf(dependsOn));
    } catch {
      this.abandon(dependsOn);
    }
  }

  /** What was written at its place is not whole. */
  abandon(dependsOn: readonly string[]): void {
    removeIfPossible(this.placeFor(dependsOn));
  }

  /** It was no use. */
  remove(dependsOn: readonly string[]): void {
    removeIfPossible(this.fileOf(dependsOn));
  }

  private fileOf(dependsOn: readonly string[]): string {
    const processor = [arch(), cpus()[0]?.model ?? ''];
    const hash = createHash('sha256').update(JSON.stringify([...dependsOn, ...processor]));
    return path.join(this.folder, `${hash.digest('hex')}.onnx`);
  }

  private evict(kept: string): void {
    const files = readdirSync(this.folder).flatMap((name) => {
      const file = path.join(this.folder, name);
      const facts = statSync(file, { throwIfNoEntry: false });
      return facts === undefined ? [] : [{ file, bytes: facts.size, usedAt: facts.mtimeMs }];
    });
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const each of files.sort((a, b) => a.usedAt - b.usedAt)) {
      const isLeft = each.file.endsWith(unfinished) && Date.now() - each.usedAt > unfinishedMsMax;
      const isTooMuch = bytes > this.bytesMax && each.file !== kept && !each.file.endsWith(unfinished);
      if (!isLeft && !isTooMuch) continue;
      rmSync(each.file, { force: true });
      bytes -= each.bytes;
    }
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // a folder that can only be read
  }
}
