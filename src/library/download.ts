/**
 * Brings the bytes of one object onto this disk. What arrived stays through failures, restarts and kills: the next
 * try asks for the rest, if the server says that the object is still the same. The SHA-256 is computed as bytes
 * arrive; of what was there before, from the disk.
 *
 * The caller holds the lock of the folder. Never: bytes of two versions in one file, unless the digest that the
 * caller expects tells them apart.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ArtifactTransport, TransportAnswer } from '../contracts/artifacts.js';
import { TransportFailure } from '../contracts/artifacts.js';
import type { Clock } from '../contracts/clock.js';
import { feedFile } from './hash-file.js';
import { readJson, writeJson } from './json-files.js';
import { pause } from './process-lock.js';

export const dataFile = 'data';
const stateFile = 'state.json';
/** Tries in a row that bring no byte, and tries in all. */
const idleTriesMax = 5;
const triesMax = 200;
const pauseMsMin = 200;
const pauseMsMax = 5000;
/** Bytes that are gathered before they are written. */
const writeBytesMin = 1024 * 1024;
/** Room that is reserved at a time for an object of unknown size. */
const unknownStepBytes = 256 * 1024 * 1024;

export interface DownloadJob {
  readonly transport: ArtifactTransport;
  readonly url: string;
  /** Lower-case hex; null = nobody knows, the bytes are believed. */
  readonly sha256: string | null;
  /** Holds `data` and `state.json`; is there. */
  readonly folder: string;
  readonly bytesMax: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Makes room for the object's bytes, or throws. */
  reserve(bytes: number): Promise<void>;
  /** Bytes so far, and of the whole object where that is known. */
  onProgress(bytes: number, totalBytes: number | null): void;
}

export interface Downloaded {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly version: string | null;
  /** It was put together from several answers. */
  readonly wasResumed: boolean;
}

const stateSchema = z.object({
  url: z.string(),
  version: z.string().nullable(),
  totalBytes: z.number().nullable(),
});
type State = z.output<typeof stateSchema>;

/** Bytes there are and bytes there will be, of a download that another process runs. */
export function readDownloadState(folder: string): State | null {
  return readJson(path.join(folder, stateFile), stateSchema);
}

/** Downloads, trying again while that may help. Throws `TransportFailure`, what `reserve` throws, and system errors. */
export async function download(job: DownloadJob): Promise<Downloaded> {
  const handle = await open(path.join(job.folder, dataFile), 'a+', 0o600);
  try {
    return await new Download(job, handle).run();
  } finally {
    await handle.close();
  }
}

class Download {
  private hash: Hash = createHash('sha256');
  /** Bytes in the file, all of them hashed. */
  private bytes = 0;
  /** What they are the beginning of; null = there are none. */
  private state: State | null = null;
  private reservedBytes = 0;
  private receivedBytes = 0;
  private wasResumed = false;

  constructor(
    private readonly job: DownloadJob,
    private readonly handle: FileHandle,
  ) {}

  async run(): Promise<Downloaded> {
    const { job } = this;
    await this.takeUpEarlier();
    let idle = 0;
    for (let tries = 1; ; tries++) {
      const before = this.receivedBytes;
      try {
        return await this.attempt();
      } catch (error) {
        if (!(error instanceof TransportFailure) || !error.isPassing) throw error;
        idle = this.receivedBytes > before ? 0 : idle + 1;
        if (idle >= idleTriesMax || tries >= triesMax) throw error;
        await pause(job.clock, Math.min(pauseMsMin * 2 ** idle, pauseMsMax), job.signal);
      }
    }
  }

  /** One connection's worth. */
  private async attempt(): Promise<Downloaded> {
    const { job } = this;
    if (this.state?.version === null && job.sha256 === null) await this.startOver();
    const { state } = this;
    if (state !== null && state.totalBytes === this.bytes && (await this.isCurrent(state))) {
      return this.finished();
    }
    const range = { fromByte: this.bytes, version: this.state?.version ?? null };
    const answer = await job.transport.open(job.url, range, job.signal);
    if (answer.fromByte !== this.bytes) await this.startOver();
    this.wasResumed = this.bytes > 0;
    this.state = { url: job.url, version: answer.version, totalBytes: answer.totalBytes };
    writeJson(path.join(job.folder, stateFile), this.state);
    await this.receive(answer);
    if (answer.totalBytes !== null && this.bytes !== answer.totalBytes) {
      throw new TransportFailure(`it ended after ${this.bytes} of ${answer.totalBytes} bytes`, {
        isPassing: true,
        suggestion: 'try again; what has arrived is kept',
      });
    }
    return this.finished();
  }

  /** Hashes what an earlier call left, if it can be used. */
  private async takeUpEarlier(): Promise<void> {
    const { job, handle } = this;
    const state = readDownloadState(job.folder);
    const { size } = await handle.stat();
    const isUsable =
      state?.url === job.url &&
      (state.version !== null || job.sha256 !== null) &&
      size <= (state.totalBytes ?? job.bytesMax);
    if (!isUsable || size === 0) return this.startOver();
    await this.makeRoom(state.totalBytes ?? size);
    const hear = (bytes: number) => job.onProgress(bytes, state.totalBytes);
    this.bytes = await feedFile(handle, this.hash, size, hear, job.signal);
    this.state = state;
    this.wasResumed = true;
  }

  /** Whether a finished download is of today's object; a digest that is expected will tell by itself. */
  private async isCurrent({ version }: State): Promise<boolean> {
    const { job } = this;
    if (job.sha256 !== null) return true;
    const isSame = (await job.transport.facts(job.url, job.signal)).version === version;
    if (!isSame) await this.startOver();
    return isSame;
  }

  private async startOver(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = createHash('sha256');
    this.bytes = 0;
    this.state = null;
    this.wasResumed = false;
  }

  private async receive({ bytes, totalBytes }: TransportAnswer): Promise<void> {
    const { job } = this;
    this.refuseTooLarge(totalBytes ?? 0);
    await this.makeRoom(totalBytes ?? this.bytes);
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    const write = async () => {
      if (waitingBytes === 0) return;
      const [chunks, length] = [waiting, waitingBytes];
      waiting = []; // also when writing fails: half of it may be there
      waitingBytes = 0;
      await this.append(chunks, length);
      job.onProgress(this.bytes, totalBytes);
    };
    try {
      for await (const chunk of bytes) {
        job.signal.throwIfAborted();
        waiting.push(chunk);
        waitingBytes += chunk.byteLength;
        this.receivedBytes += chunk.byteLength;
        this.refuseTooLarge(this.bytes + waitingBytes);
        if (waitingBytes >= writeBytesMin) await write();
      }
    } finally {
      await write();
    }
  }

  private async append(chunks: readonly Uint8Array[], length: number): Promise<void> {
    if (this.bytes + length > this.reservedBytes) await this.makeRoom(this.bytes + length + unknownStepBytes);
    // Hashed while the disk is at work.
    const first = this.handle.writev([...chunks]);
    for (const chunk of chunks) this.hash.update(chunk);
    let rest = after(chunks, (await first).bytesWritten);
    while (rest.length > 0) rest = after(rest, (await this.handle.writev(rest)).bytesWritten);
    this.bytes += length;
  }

  private async makeRoom(bytes: number): Promise<void> {
    if (bytes <= this.reservedBytes) return;
    await this.job.reserve(Math.min(bytes, this.job.bytesMax));
    this.reservedBytes = bytes;
  }

  private refuseTooLarge(bytes: number): void {
    const { bytesMax } = this.job;
    if (bytes <= bytesMax) return;
    throw new TransportFailure(
      `it is larger than the ${Math.floor(bytesMax / 1024 ** 2)} MiB of one download`,
      {
        isPassing: false,
        suggestion: 'raise `library.downloadSize` in settings.yaml',
      },
    );
  }

  private finished(): Downloaded {
    this.job.onProgress(this.bytes, this.bytes);
    return {
      file: path.join(this.job.folder, dataFile),
      sha256: this.hash.digest('hex'),
      bytes: this.bytes,
      version: this.state?.version ?? null,
      wasResumed: this.wasResumed,
    };
  }
}

/** Chunks without their first `bytes` bytes. */
function after(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength));
    skip -= chunk.byteLength - rest.byteLength;
    return rest.byteLength === 0 ? [] : [rest];
  });
}
