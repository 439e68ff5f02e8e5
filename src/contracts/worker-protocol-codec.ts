/**
 * Frames of the worker protocol: a little-endian u32 length and that many bytes of UTF-8 JSON.
 *
 * The writer gathers the messages of one turn, so that they leave in one write. The reader takes bytes in any
 * pieces and keeps at most one unfinished frame. Whatever does not read as a message of the expected kind is
 * a `FrameError`, after which the connection is of no use and must be closed.
 */
import type { CopyRef } from '../domain/copy.js';
import { sameCopy } from '../domain/copy.js';
import type { FromWorker, ToWorker } from './worker-protocol.js';
import { frameBytesMax, protocolVersion } from './worker-protocol.js';

const headerBytes = 4;
const firstBufferBytes = 4096;

const toWorkerTypes = {
  hello: true,
  submit: true,
  cancel: true,
  threads: true,
  adapters: true,
  sleep: true,
  drain: true,
} as const satisfies Record<ToWorker['type'], true>;

const fromWorkerTypes = {
  hello: true,
  loading: true,
  ready: true,
  adapters: true,
  refused: true,
  step: true,
  report: true,
} as const satisfies Record<FromWorker['type'], true>;

/** The peer sent, or would be sent, something that is not a frame of this protocol. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Gathers frames of messages until they are taken. */
export class FrameWriter<Message extends ToWorker | FromWorker> {
  private readonly encoder = new TextEncoder();
  private buffer = new Uint8Array(0);
  private length = 0;
  private expectedBytes = firstBufferBytes;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Adds one message. Throws FrameError, having added nothing, when it is longer than `frameBytesMax`. */
  push(message: Message): void {
    const text = JSON.stringify(message);
    // A UTF-16 unit becomes at most three bytes, so the text always fits and is written in one go.
    this.reserve(headerBytes + text.length * 3);
    const body = this.buffer.subarray(this.length + headerBytes);
    const bytes = this.encoder.encodeInto(text, body).written;
    if (bytes > frameBytesMax)
      throw new FrameError(`a frame of ${bytes} bytes is longer than ${frameBytesMax}`);
    writeLength(this.buffer, this.length, bytes);
    this.length += headerBytes + bytes;
  }

  /** The frames since the last call. The array is the caller's to keep. */
  take(): Uint8Array {
    const taken = this.buffer.subarray(0, this.length);
    this.expectedBytes = Math.max(firstBufferBytes, this.length * 2);
    this.buffer = new Uint8Array(0);
    this.length = 0;
    return taken;
  }

  private reserve(bytes: number): void {
    if (this.buffer.length - this.length >= bytes) return;
    const size = Math.max(this.length + bytes, this.buffer.length * 2, this.expectedBytes);
    const grown = new Uint8Array(size);
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

/** Puts frames together again from pieces of any size. */
class FrameReader<Message> {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Pieces of the unfinished frame, header included. */
  private pieces: Uint8Array[] = [];
  private pendingBytes = 0;
  /** Bytes `pendingBytes` must reach before there is something to read. */
  private neededBytes = headerBytes;

  constructor(private readonly types: Readonly<Record<string, true>>) {}

  /**
   * The messages that are complete with this piece, in order. Throws FrameError at the first bytes that are no
   * message; the reader must not be used after that. A piece must not be changed once it is given.
   */
  push(piece: Uint8Array): Message[] {
    const messages: Message[] = [];
    let bytes = piece;
    if (this.pendingBytes > 0) {
      if (this.pendingBytes + piece.length < this.neededBytes) return this.keep(piece, messages);
      bytes = join([...this.pieces, piece], this.pendingBytes + piece.length);
      this.pieces = [];
      this.pendingBytes = 0;
    }
    let offset = 0;
    for (;;) {
      const end = frameEnd(bytes, offset);
      this.neededBytes = end - offset;
      if (end > bytes.length) break;
      messages.push(this.read(bytes.subarray(offset + headerBytes, end)));
      offset = end;
    }
    return offset < bytes.length ? this.keep(Uint8Array.from(bytes.subarray(offset)), messages) : messages;
  }

  private keep(piece: Uint8Array, messages: Message[]): Message[] {
    this.pieces.push(piece);
    this.pendingBytes += piece.length;
    return messages;
  }

  private read(body: Uint8Array): Message {
    let message: unknown;
    try {
      message = JSON.parse(this.decoder.decode(body));
    } catch (cause) {
      throw new FrameError('a frame is not JSON', { cause });
    }
    const type =
      typeof message === 'object' && message !== null ? (message as { type?: unknown }).type : null;
    if (typeof type !== 'string' || !Object.hasOwn(this.types, type)) {
      throw new FrameError('a frame is no message of this protocol');
    }
    return message as Message;
  }
}

/** Reads what callers send to a worker. */
export function readerOfCaller(): FrameReader<ToWorker> {
  return new FrameReader(toWorkerTypes);
}

/** Reads what a worker sends. */
export function readerOfWorker(): FrameReader<FromWorker> {
  return new FrameReader(fromWorkerTypes);
}

/** Why a peer's first message does not open a connection to `copy`; null when it does. */
export function helloProblem(message: ToWorker | FromWorker, copy: CopyRef): string | null {
  if (message.type !== 'hello') return `the first message is \`${message.type}\`, not \`hello\``;
  if (message.protocol !== protocolVersion) {
    return `the peer speaks protocol ${message.protocol}, this side speaks ${protocolVersion}`;
  }
  if (!isCopyRef(message.copy) || !sameCopy(message.copy, copy)) return 'the peer is another copy';
  return null;
}

function isCopyRef(value: unknown): value is CopyRef {
  return typeof value === 'object' && value !== null && 'id' in value && 'incarnation' in value;
}

/** Where the frame at `offset` ends; of a header that is not whole yet, where the header ends. */
function frameEnd(bytes: Uint8Array, offset: number): number {
  if (bytes.length - offset < headerBytes) return offset + headerBytes;
  const length =
    (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>>
    0;
  if (length > frameBytesMax) {
    throw new FrameError(`a frame of ${length} bytes is longer than ${frameBytesMax}`);
  }
  return offset + headerBytes + length;
}

function writeLength(target: Uint8Array, offset: number, length: number): void {
  target[offset] = length & 0xff;
  target[offset + 1] = (length >>> 8) & 0xff;
  target[offset + 2] = (length >>> 16) & 0xff;
  target[offset + 3] = length >>> 24;
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
