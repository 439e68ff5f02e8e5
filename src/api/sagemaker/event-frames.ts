/**
 * The body of a response stream: what is written goes out as PayloadPart frames, one for each write; a
 * stream that breaks ends with an exception frame.
 *
 * A first frame, empty if need be, leaves within the tick in which the stream was opened, because clients
 * try a call again whose stream breaks before its first whole frame.
 */
import type { StowageError } from '../../domain/errors.js';
import type { StreamWriter } from '../http/exchange.js';
import { exceptionFrame, payloadFrames } from './event-stream.js';

export class FrameWriter implements StreamWriter {
  #hasBegun = false;

  constructor(private readonly writer: StreamWriter) {
    queueMicrotask(() => {
      if (!this.#hasBegun) this.writer.write(payloadFrames(''));
    });
  }

  get isBehind(): boolean {
    return this.writer.isBehind;
  }

  write(data: string | Uint8Array): void {
    if (data.length === 0) return;
    this.#hasBegun = true;
    this.writer.write(payloadFrames(data));
  }

  onCaughtUp(listener: () => void): void {
    this.writer.onCaughtUp(listener);
  }

  end(data?: string | Uint8Array): void {
    if (data !== undefined) this.write(data);
    this.#hasBegun = true;
    this.writer.end();
  }

  /** Ends the stream with an error. */
  breakOff(error: StowageError): void {
    this.#hasBegun = true;
    this.writer.end(exceptionFrame(error));
  }
}
