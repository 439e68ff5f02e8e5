/**
 * What the two ends say to each other: a little-endian u32 length and that many bytes of UTF-8 JSON. Both begin with
 * `hello`; another version ends the connection.
 */
import type { LoadReport } from '../../../contracts/load-reports.js';
import type { RouteTable } from '../../../contracts/route-feed.js';

/** Rises when a table or a report changes its meaning. */
export const feedVersion = 1;
const headerBytes = 4;
/** A frame longer than this is a broken peer. */
const frameBytesMax = 256 * 1024 * 1024;

export type FeedMessage =
  | { readonly type: 'hello'; readonly version: number }
  /** Control to serving. */
  | { readonly type: 'table'; readonly table: RouteTable }
  /** Serving to control. */
  | { readonly type: 'report'; readonly report: LoadReport };

export function frameOf(message: FeedMessage): Buffer {
  const text = JSON.stringify(message);
  const frame = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(text));
  frame.writeUInt32LE(frame.length - headerBytes, 0);
  frame.write(text, headerBytes);
  return frame;
}

/** Puts frames together again from pieces of any size. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private pendingBytes = 0;
  private greeted = false;

  /** The messages that are complete with this piece, after the hello. Throws at the first bytes that are none. */
  push(piece: Buffer): readonly FeedMessage[] {
    this.pieces.push(piece);
    this.pendingBytes += piece.length;
    const messages: FeedMessage[] = [];
    for (let frame = this.take(); frame !== null; frame = this.take()) {
      const message = JSON.parse(frame.toString('utf8')) as FeedMessage;
      if (this.greeted) messages.push(message);
      else this.greet(message);
    }
    return messages;
  }

  private greet(message: FeedMessage): void {
    if (message.type !== 'hello' || message.version !== feedVersion) {
      throw new Error('the peer speaks another version');
    }
    this.greeted = true;
  }

  private take(): Buffer | null {
    if (this.pendingBytes < headerBytes) return null;
    if (this.pieces[0]!.length < headerBytes) this.join();
    const length = this.pieces[0]!.readUInt32LE(0);
    if (length > frameBytesMax) throw new Error(`a frame of ${length} bytes is too long`);
    if (this.pendingBytes < headerBytes + length) return null;
    this.join();
    const all = this.pieces[0]!;
    this.pieces = [all.subarray(headerBytes + length)];
    this.pendingBytes -= headerBytes + length;
    return all.subarray(headerBytes, headerBytes + length);
  }

  private join(): void {
    if (this.pieces.length > 1) this.pieces = [Buffer.concat(this.pieces)];
  }
}
