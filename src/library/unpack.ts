/**
 * Unpacks a gzipped tar that a stranger made into a folder of its own. Plain files and folders with paths that stay
 * inside are taken; everything else refuses the whole archive: links of any kind, devices, absolute paths, `..`,
 * the same file twice, pickles, more files or bytes than allowed, and archives that swell.
 *
 * What is written keeps neither owner nor mode nor time. The folder is the caller's to remove when this throws.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Extract } from 'tar-stream';
import { StowageError } from '../domain/errors.js';
import { refusePickle } from './pickle.js';
import { safePath, shownPath, treeFilesMax } from './tree.js';
import type { Manifest, ManifestFile } from './tree.js';

/** Unpacked bytes per packed byte; weights do not get smaller than a third, texts than a tenth. */
const swellMax = 100;
/** An archive smaller than this may swell as it likes. */
const swellBytesMin = 64 * 1024 * 1024;
const reserveStepBytes = 32 * 1024 * 1024;
/** Folders and files together; folders leave no trace in the manifest. */
const entriesMax = 2 * treeFilesMax;

/** One thing in the archive, as the reader gives it. */
type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

export interface UnpackJob {
  /** The archive, and its size. */
  readonly file: string;
  readonly bytes: number;
  /** Where its files go; must be there and empty. */
  readonly folder: string;
  /** How messages call it. */
  readonly shown: string;
  /** Unpacked bytes of all files. */
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  /** Makes room for unpacked bytes, or throws. */
  reserve(bytes: number): Promise<void>;
  /** 0..1, of the packed bytes. */
  onProgress(fraction: number): void;
}

/** The archive's files, each with its SHA-256. Throws MODEL-022, MODEL-031, MODEL-032, and what `reserve` throws. */
export async function unpackArchive(job: UnpackJob): Promise<Manifest> {
  const unpacking = new Unpacking(job);
  const archive = extract();
  const packed = createReadStream(job.file, { highWaterMark: 1024 * 1024 });
  packed.on('data', () => job.onProgress(Math.min(1, packed.bytesRead / Math.max(1, job.bytes))));
  const feeding = pipeline(packed, createGunzip(), archive, { signal: job.signal });
  // It is awaited below; until then its failure reaches us through the entries.
  feeding.catch(() => undefined);
  try {
    for await (const entry of archive) await unpacking.take(entry);
    await feeding;
    return unpacking.manifest();
  } catch (error) {
    archive.destroy();
    packed.destroy();
    await feeding.catch(() => undefined);
    job.signal.throwIfAborted();
    throw asArchiveError(error, job.shown);
  }
}

class Unpacking {
  private readonly files: ManifestFile[] = [];
  private entries = 0;
  private bytes = 0;
  private reservedBytes = 0;

  constructor(private readonly job: UnpackJob) {}

  manifest(): Manifest {
    return { files: this.files };
  }

  async take(entry: Entry): Promise<void> {
    const { name, type, size } = entry.header;
    const checked = safePath(name);
    if ('problem' in checked) throw this.unsafe(checked.problem);
    this.entries += 1;
    if (this.entries > entriesMax) throw this.unsafe(`it holds more than ${entriesMax} files and folders`);
    switch (type) {
      case 'directory':
        if (checked.path !== '') await mkdir(this.inside(checked.path), { recursive: true, mode: 0o700 });
        entry.resume();
        return;
      case 'file':
      case 'contiguous-file':
        if (checked.path === '' || name.endsWith('/'))
          throw this.unsafe(`\`${shownPath(name)}\` has no name`);
        await this.expect(size);
        return this.write(entry, checked.path);
      default:
        throw this.unsafe(`\`${shownPath(name)}\` is a ${String(type ?? 'thing of an unknown kind')}`);
    }
  }

  /** Counts a file's bytes before they are written. */
  private async expect(bytes: number): Promise<void> {
    const { job } = this;
    this.bytes += bytes;
    if (this.files.length >= treeFilesMax) throw this.unsafe(`it holds more than ${treeFilesMax} files`);
    if (this.bytes > job.bytesMax) {
      throw this.unsafe(`it unpacks to more than ${Math.floor(job.bytesMax / 1024 ** 2)} MiB`);
    }
    if (this.bytes > Math.max(swellBytesMin, job.bytes * swellMax)) {
      throw this.unsafe(`it unpacks to more than ${swellMax} times its size`);
    }
    if (this.bytes > this.reservedBytes) {
      // In steps, so that many small files do not ask one by one.
      this.reservedBytes = this.bytes + reserveStepBytes;
      await job.reserve(this.reservedBytes);
    }
  }

  private async write(entry: Entry, name: string): Promise<void> {
    const file = this.inside(name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    let bytes = 0;
    const handle = await open(file, 'wx+', 0o600);
    try {
      for await (const chunk of entry as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
        bytes += chunk.length;
      }
      await refusePickle(handle, bytes, shownPath(name));
    } finally {
      await handle.close();
    }
    this.files.push({ path: name, bytes, sha256: hash.digest('hex') });
  }

  private inside(name: string): string {
    return path.join(this.job.folder, name);
  }

  private unsafe(problem: string): StowageError {
    return StowageError.of('MODEL-032', { url: this.job.shown, problem });
  }
}

function asArchiveError(error: unknown, shown: string): unknown {
  if (error instanceof StowageError || !(error instanceof Error)) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
    const problem = 'it holds the same file twice, or a file where a folder is';
    return StowageError.of('MODEL-032', { url: shown, problem }, { cause: error });
  }
  if (code.startsWith('Z_')) {
    const problem = code === 'Z_BUF_ERROR' ? 'it ends too early' : 'it is not a sound gzip file';
    return StowageError.of('MODEL-022', { file: shown, problem }, { cause: error });
  }
  // Node's own errors of files have a code; what is left is the tar reader's.
  if (/^E[A-Z]+$/.test(code)) return error;
  return StowageError.of(
    'MODEL-022',
    { file: shown, problem: 'it is not a sound tar archive' },
    { cause: error },
  );
}
