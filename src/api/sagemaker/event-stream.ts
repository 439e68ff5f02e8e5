/**
 * Frames of `application/vnd.amazon.eventstream`, as InvokeEndpointWithResponseStream answers: PayloadPart
 * events with raw bytes, and one exception that ends the stream when it broke.
 */
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { Fault, type StowageError } from '../../domain/errors.js';
import { textOf } from './errors.js';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** A longer payload is cut into several frames; decoders bound what they take. */
export const framePayloadBytesMax = 256 * 1024;

const partHeaders = {
  ':event-type': { type: 'string', value: 'PayloadPart' },
  ':content-type': { type: 'string', value: 'application/octet-stream' },
  ':message-type': { type: 'string', value: 'event' },
} as const;

/** The data as one or more PayloadPart frames, one after the other. */
export function payloadFrames(data: string | Uint8Array): Uint8Array {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  if (bytes.length <= framePayloadBytesMax) return codec.encode({ headers: partHeaders, body: bytes });
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += framePayloadBytesMax) {
    frames.push(codec.encode({ headers: partHeaders, body: bytes.subarray(at, at + framePayloadBytesMax) }));
  }
  return Buffer.concat(frames);
}

/** The frame that says why a stream ends early. */
export function exceptionFrame(error: StowageError): Uint8Array {
  const isOurs = error.row.fault === Fault.Stowage || error.row.fault === Fault.Host;
  const errorCode = error.code === 'RUN-306' ? 'ModelInvocationTimeExceeded' : 'StreamBroken';
  const body = { Message: textOf(error), ...(isOurs ? {} : { ErrorCode: errorCode }) };
  return codec.encode({
    headers: {
      ':exception-type': { type: 'string', value: isOurs ? 'InternalStreamFailure' : 'ModelStreamError' },
      ':content-type': { type: 'string', value: 'application/json' },
      ':message-type': { type: 'string', value: 'exception' },
    },
    body: Buffer.from(JSON.stringify(body), 'utf8'),
  });
}
