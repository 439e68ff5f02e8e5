/**
 * SHA-256 of a file, as fast as one core hashes: the next piece is read while the last one is hashed. Reads only.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const chunkBytes = 4 * 1024 * 1024;

/**
 * Feeds the first `bytesMax` bytes of a file to `hash`; `onBytes` hears how many there were so far. Ends at the
 * file's end if that comes first. Throws the reason of `signal`, and what reading throws.
 */
export async function feedFile(
  handle: FileHandle,
  hash: Hash,
  bytesMax: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<number> {
  const size = Math.max(1, Math.min(chunkBytes, bytesMax));
  const buffers = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)] as const;
  const readAt = (turn: number, offset: number) =>
    handle.read(buffers[turn % 2 === 0 ? 0 : 1], 0, Math.min(size, bytesMax - offset), offset);
  let offset = 0;
  let reading = readAt(0, 0);
  for (let turn = 0; offset < bytesMax; turn++) {
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0) break;
    offset += bytesRead;
    if (signal?.aborted === true) throw signal.reason;
    if (offset < bytesMax) reading = readAt(turn + 1, offset);
    hash.update(buffer.subarray(0, bytesRead));
    onBytes(offset);
  }
  return offset;
}

/** Lower-case hex of the first `fileBytes` bytes of an open file. */
export async function hashFile(
  handle: FileHandle,
  fileBytes: number,
  onBytes: (bytes: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  await feedFile(handle, hash, fileBytes, onBytes, signal);
  return hash.digest('hex');
}
