/** Every bound of the listener, in one value. Bodies are bounded per route as well (`Route.bodyBytesMax`). */
export interface ListenerLimits {
  /** Request line and headers together, bytes; more is answered with status 431. */
  readonly headerBytesMax: number;
  /** From a connection's first byte to the end of the head, milliseconds; later is answered with 408. */
  readonly headersMsMax: number;
  /** From a request's first byte to the end of its body, milliseconds; later is answered with 408. */
  readonly requestMsMax: number;
  /** How long an idle connection is kept, milliseconds. */
  readonly keepAliveMsMax: number;
  /** Requests that are open at once; more are refused with CAP-103. */
  readonly openRequestsMax: number;
  /** Bytes of bodies held for all open requests together; more are refused with CAP-104. */
  readonly heldBytesMax: number;
  /** Bytes written to a stream and not taken by its reader above which the stream is behind. */
  readonly streamBufferBytesMax: number;
  /** A reader that takes nothing for this long while output waits is cut off, milliseconds. */
  readonly slowReaderMsMax: number;
  /** Bytes of a refused body that are read and thrown away, so that the caller gets to the answer. */
  readonly discardBytesMax: number;
  /** How long a refused body is read and thrown away, milliseconds. */
  readonly discardMsMax: number;
}

export const defaultListenerLimits: ListenerLimits = {
  headerBytesMax: 32 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 60_000,
  keepAliveMsMax: 75_000,
  openRequestsMax: 4096,
  heldBytesMax: 512 * 1024 * 1024,
  streamBufferBytesMax: 256 * 1024,
  slowReaderMsMax: 30_000,
  discardBytesMax: 64 * 1024 * 1024,
  discardMsMax: 2_000,
};
