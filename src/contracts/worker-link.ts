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
