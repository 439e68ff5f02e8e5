/**
 * Walks forward through a file's header, holding one window of it. Nothing is read that was not asked for
 * with `need`, nothing is believed before it was measured against the file's length and the header limit.
 * After `need(n)` the next n bytes can be taken without waiting. Never goes back.
 */
import { StowageError } from '../../domain/errors.js';
import { headerBytesMax } from './limits.js';

/** Bytes `offset` … `offset + length - 1` of a file; shorter only at its end. */
export type ReadRange = (offset: number, length: number) => Uint8Array | Promise<Uint8Array>;

const windowBytes = 64 * 1024;

export class Cursor {
  /** Where the next taken byte is in the file. */
  offset = 0;
  private window: DataView = new DataView(new ArrayBuffer(0));
  private windowOffset = 0;

  constructor(
    private readonly read: ReadRange,
    private readonly fileBytes: number,
    private readonly fileName: string,
  ) {}

  /** MODEL-021: this is some other kind of file. */
  foreign(problem: string): StowageError {
    return StowageError.of('MODEL-021', { file: this.fileName, problem });
  }

  /** MODEL-022: a GGUF file, but not a sound one. */
  damaged(problem: string): StowageError {
    return StowageError.of('MODEL-022', { file: this.fileName, problem });
  }

  /** MODEL-023: sound, but nothing the engine can compute. */
  unknownArchitecture(architecture: string): StowageError {
    return StowageError.of('MODEL-023', { file: this.fileName, architecture });
  }

  /** True when that many bytes can be taken at once. */
  has(length: number): boolean {
    return this.offset - this.windowOffset + length <= this.window.byteLength;
  }

  /** Makes the next `length` bytes takeable; `what` completes "… is cut off". */
  async need(length: number, what: string): Promise<void> {
    if (this.has(length)) return;
    this.mustContain(length, what);
    const bytes = await this.read(
      this.offset,
      Math.min(Math.max(length, windowBytes), this.fileBytes - this.offset),
    );
    if (bytes.byteLength < length)
      throw this.damaged(`it ends at byte ${this.offset + bytes.byteLength}; ${what} is cut off`);
    this.window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.windowOffset = this.offset;
  }

  /** Passes over bytes without reading them. */
  skip(length: number, what: string): void {
    this.mustContain(length, what);
    this.offset += length;
  }

  /** Throws when the file, or what a header may be, ends before `length` more bytes. */
  private mustContain(length: number, what: string): void {
    if (length > this.fileBytes - this.offset) {
      throw this.damaged(`it ends at byte ${this.fileBytes}; ${what} is cut off`);
    }
    if (this.offset + length > headerBytesMax) {
      throw this.damaged(`its header is longer than ${headerBytesMax} bytes`);
    }
  }

  takeUint32(): number {
    const value = this.window.getUint32(this.offset - this.windowOffset, true);
    this.offset += 4;
    return value;
  }

  /** A count, a length or an offset; what is beyond 2^53 is beyond any file. */
  takeUint64(what: string): number {
    const low = this.window.getUint32(this.offset - this.windowOffset, true);
    const high = this.window.getUint32(this.offset - this.windowOffset + 4, true);
    const value = high * 2 ** 32 + low;
    if (!Number.isSafeInteger(value)) throw this.damaged(`${what} is ${value}`);
    this.offset += 8;
    return value;
  }

  /** A view of the next bytes, valid until the next `need`. */
  takeBytes(length: number): DataView {
    const view = new DataView(
      this.window.buffer,
      this.window.byteOffset + this.offset - this.windowOffset,
      length,
    );
    this.offset += length;
    return view;
  }

  takeText(length: number, encoding: 'utf8' | 'latin1'): string {
    const { buffer, byteOffset } = this.takeBytes(length);
    return Buffer.from(buffer, byteOffset, length).toString(encoding);
  }
}
