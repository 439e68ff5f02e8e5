/**
 * Finds Python pickles by looking inside, whatever a file is called: unpickling runs code, so no such file is kept
 * where somebody might load it. Knows pickles of protocols 2 to 5 by their magic, older ones by following
 * their instructions, zip archives (PyTorch's, NumPy's) with pickles in them, and NumPy arrays of objects.
 */
import type { FileHandle } from 'node:fs/promises';
import { StowageError } from '../domain/errors.js';
import { isOldPickle } from './pickle-opcodes.js';

const headBytes = 4096;
/** The longest comment of a zip archive, its end record, and the locator of a 64-bit one before that. */
const tailBytes = 65_535 + 22 + 20;
/** Bytes of a zip archive's directory that are looked at; a checkpoint with 10,000 tensors has less. */
const directoryBytesMax = 8 * 1024 * 1024;
const endRecordSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const pickleNames = /(^|\/)[^/]*\.(pkl|pickle)$/i;

/** Throws MODEL-031 when the open file `name` of `fileBytes` bytes is or holds a pickle. */
export async function refusePickle(handle: FileHandle, fileBytes: number, name: string): Promise<void> {
  const head = await read(handle, 0, Math.min(headBytes, fileBytes));
  const isCut = head.length < fileBytes;
  if (isPickle(head, isCut) || isObjectArray(head) || (await isArchiveWithPickles(handle, fileBytes, head))) {
    throw StowageError.of('MODEL-031', { file: name });
  }
}

/** Whether a file that begins so, and is no longer than that unless `isCut`, is a pickle. */
export function isPickle(head: Buffer, isCut: boolean): boolean {
  if (isSafetensors(head)) return false;
  const protocol = head[1] ?? 0;
  return (head[0] === 0x80 && protocol >= 2 && protocol <= 5) || isOldPickle(head, isCut);
}

/**
 * The length of its header comes first, and can begin as a pickle does. Its zero bytes are no opcodes: a pickle
 * would have ended before it could call anything.
 */
function isSafetensors(head: Buffer): boolean {
  return head.length > 8 && head.readUInt32LE(4) === 0 && head[8] === 0x7b;
}

/** `.npy` with `dtype=object` is a pickle behind a header. */
function isObjectArray(head: Buffer): boolean {
  const text = head.toString('latin1');
  return text.startsWith('\x93NUMPY') && /'descr':\s*['"[(][^}]{0,1000}\|?O/.test(text);
}

async function isArchiveWithPickles(handle: FileHandle, fileBytes: number, head: Buffer): Promise<boolean> {
  if (head.length > 30 && head.readUInt32LE(0) === 0x04034b50) {
    const length = head.readUInt16LE(26);
    if (pickleNames.test(head.toString('utf8', 30, 30 + length))) return true;
  }
  // Readers of zip archives look for the directory at the end, so anything may stand before it.
  const tailStart = Math.max(0, fileBytes - tailBytes);
  const tail = await read(handle, tailStart, fileBytes - tailStart);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endRecordSignature) continue;
    const end = tailStart + at;
    if (await directoryNamesPickles(handle, tail.readUInt32LE(at + 12), end)) return true;
  }
  return false;
}

/** Looks back from the end record, because what offsets say differs with what stands before the archive. */
async function directoryNamesPickles(
  handle: FileHandle,
  directoryBytes: number,
  end: number,
): Promise<boolean> {
  // Of a 64-bit archive the size stands elsewhere; its two records come between directory and end.
  const is64 = directoryBytes === 0xffffffff;
  const size = Math.min(is64 ? directoryBytesMax : directoryBytes + 76, directoryBytesMax, end);
  const bytes = await read(handle, end - size, size);
  for (let at = 0; at + 46 <= bytes.length; at++) {
    if (bytes.readUInt32LE(at) !== directorySignature) continue;
    const nameLength = bytes.readUInt16LE(at + 28);
    if (pickleNames.test(bytes.toString('utf8', at + 46, at + 46 + nameLength))) return true;
  }
  return false;
}

async function read(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
