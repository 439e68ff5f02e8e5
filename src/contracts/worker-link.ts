/** A connection to one worker, whatever carries it. */
import type { CopyRef } from '../domain/copy.js';
import type { FromWorker, ToWorker } from './worker-protocol.js';

export interface WorkerLinkEvents {
  /** Handshake done; messages may be sent. */
  readonly onOpen: () => void;
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, whoever ended it and for whatever reason; nothing follows. */
  readonly onClose: (reason: string) => void;
}

export interface WorkerLink {
  send(message: ToWorker): void;
  close(): void;
}

export interface WorkerDialer {
  /** Connects and shakes hands. Failures arrive as `onClose`, never as a throw. */
  dial(address: string, copy: CopyRef, events: WorkerLinkEvents): WorkerLink;
}

/** A worker's side of one connection: a fleet that watches it, or a serving process that uses it. */
export interface CallerLink {
  /** Messages of one turn of the event loop leave in one write. Nothing happens once it is closed. */
  send(message: FromWorker): void;
  /** True while the caller has not taken what was sent (more than `callerBehindBytes`): send it no more than needed. */
  readonly isBehind: boolean;
  close(): void;
}

export interface CallerEvents {
  /** Every message but `hello`, which the listener has dealt with. */
  readonly onMessage: (message: ToWorker) => void;
  /** Called once, whoever ended it; nothing follows. */
  readonly onClose: (reason: string) => void;
}

export interface WorkerListener {
  /**
   * Takes connections at `address`. `onCaller` is called for each caller after hellos of the same protocol
   * version and of `copy` were exchanged; others are closed. Rejects with HOST-604 when it cannot listen.
   * `close` takes no more connections, ends those there are and resolves when the address is free.
   */
  listen(
    address: string,
    copy: CopyRef,
    onCaller: (caller: CallerLink) => CallerEvents,
  ): Promise<{ close(): Promise<void> }>;
}
