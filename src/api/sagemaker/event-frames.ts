/**
 * The frames of a response stream: the payload in parts, or one exception that ends it. A part's borders
 * mean nothing; a reader puts them together before it looks at lines.
 *
 * The head and a first, empty part leave within the tick in which the stream was opened, because clients
 * try a stream again that breaks before its first whole frame.
 */
import { EventStreamCodec, type MessageHeaders } from '@smithy/eventstream-codec';
import type { StreamWriter } from '../http/exchange.js';

/** Payload of one frame at most; readers refuse frames above 16 MiB. */
const partBytesMax = 1024 * 1024;

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

function headersOf(values: Readonly<Record<string, string>>): MessageHeaders {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { type: 'string', value } as const]),
  );
}

const partHeaders = headersOf({
  ':event-type': 'PayloadPart',
  ':content-type': 'application/octet-stream',
  ':message-type': 'event',
});

/** A frame of type PayloadPart. */
function encodePart(bytes: Uint8Array): Uint8Array {
  return codec.encode({ headers: partHeaders, body: bytes });
}

/** What a stream that broke ends with. */
export interface StreamException {
  /** `ModelStreamError` or `InternalStreamFailure`. */
  readonly type: string;
  /** JSON. */
  readonly body: string;
}

/** A frame that ends a stream with an error. */
function encodeException(exception: StreamException): Uint8Array {
  const headers = headersOf({
    ':exception-type': exception.type,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  });
  return codec.encode({ headers, body: Buffer.from(exception.body) });
}

/** Writes a payload as frames to the writer of an open stream. Each `write` is one frame, or more if large. */
export class FrameWriter implements StreamWriter {
  #hasBegun = false;

  constructor(private readonly writer: StreamWriter) {
    queueMicrotask(() => {
      if (!this.#hasBegun) this.#writeFrame(new Uint8Array(0));
    });
  }

  get isBehind(): boolean {
    return this.writer.isBehind;
  }

  write(data: string | Uint8Array): void {
    if (data.length === 0) return;
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    for (let at = 0; at < bytes.length; at += partBytesMax) {
      this.#writeFrame(bytes.subarray(at, at + partBytesMax));
    }
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
  breakOff(exception: StreamException): void {
    this.#hasBegun = true;
    this.writer.end(encodeException(exception));
  }

  #writeFrame(bytes: Uint8Array): void {
    this.#hasBegun = true;
    this.writer.write(encodePart(bytes));
  }
}
