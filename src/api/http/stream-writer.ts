/**
 * The body of a streamed answer. Everything written during one tick of the event loop leaves as one
 * chunk; all streams of a listener share one flush per tick. A writer never blocks and never grows
 * without its dialect knowing: `isBehind` says that the reader does not keep up.
 *
 * After `end`, or once the reader is gone, writing does nothing.
 */
import type { ServerResponse } from 'node:http';
import type { StreamWriter } from './exchange.js';

/** Collects the streams that were written to in this tick and flushes them together at its end. */
export class FlushQueue {
  #waiting: ResponseWriter[] = [];

  add(writer: ResponseWriter): void {
    if (this.#waiting.push(writer) === 1) process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    const writers = this.#waiting;
    this.#waiting = [];
    for (const writer of writers) writer.flush();
  };
}

export class ResponseWriter implements StreamWriter {
  #text = '';
  #bytes: Uint8Array[] = [];
  #isQueued = true;
  #isEnding = false;
  #isBehind = false;
  #sentBytes = 0;
  #listeners: (() => void)[] = [];

  /** The head must have been written to `response` (not necessarily sent). */
  constructor(
    private readonly response: ServerResponse,
    private readonly queue: FlushQueue,
    private readonly bufferBytesMax: number,
    private readonly onEnd: () => void,
  ) {
    response.on('drain', this.#caughtUp);
    queue.add(this);
  }

  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Bytes of the body that were handed to the socket. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  write(data: string | Uint8Array): void {
    if (this.#isEnding || data.length === 0) return;
    if (typeof data === 'string') this.#text += data;
    else this.#keepBytes(data);
    this.#enqueue();
  }

  onCaughtUp(listener: () => void): void {
    this.#listeners.push(listener);
  }

  end(data?: string | Uint8Array): void {
    if (data !== undefined) this.write(data);
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.onEnd();
    this.#enqueue();
  }

  /** Sends the head if it was not sent, and all that was written since the last flush. */
  flush(): void {
    this.#isQueued = false;
    const data = this.#takeData();
    if (this.response.destroyed) return;
    if (data !== undefined) this.#sentBytes += lengthOf(data);
    if (this.#isEnding) {
      this.response.end(data);
      return;
    }
    if (data === undefined) {
      this.response.flushHeaders();
      return;
    }
    this.response.write(data);
    this.#isBehind = this.response.writableLength > this.bufferBytesMax;
  }

  #enqueue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.queue.add(this);
  }

  #keepBytes(data: Uint8Array): void {
    if (this.#text !== '') {
      this.#bytes.push(Buffer.from(this.#text));
      this.#text = '';
    }
    this.#bytes.push(data);
  }

  #takeData(): string | Uint8Array | undefined {
    if (this.#bytes.length === 0) {
      const text = this.#text;
      this.#text = '';
      return text === '' ? undefined : text;
    }
    if (this.#text !== '') this.#bytes.push(Buffer.from(this.#text));
    const data = this.#bytes.length === 1 ? this.#bytes[0] : Buffer.concat(this.#bytes);
    this.#text = '';
    this.#bytes = [];
    return data;
  }

  readonly #caughtUp = (): void => {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    for (const listener of this.#listeners) listener();
  };
}

/** Bytes on the wire, of text in UTF-8. */
export function lengthOf(data: string | Uint8Array): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.length;
}
