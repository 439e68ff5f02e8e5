/**
 * Messages to a socket, gathered over one turn of the event loop into one write: a turn that answers fifty
 * requests costs one system call.
 */
import type { Socket } from 'node:net';
import { FrameWriter } from '../../../contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../../contracts/worker-protocol.js';

export class BatchedWrites<Message extends ToWorker | FromWorker> {
  private readonly writer = new FrameWriter<Message>();

  constructor(private readonly socket: Socket) {}

  /** Bytes that the peer's side has not taken yet. */
  get backlogBytes(): number {
    return this.socket.writableLength;
  }

  /** Throws FrameError for a message that no frame can hold. */
  push(message: Message): void {
    if (this.writer.isEmpty) setImmediate(() => this.flush());
    this.writer.push(message);
  }

  /** Writes what was gathered now. */
  flush(): void {
    if (this.writer.isEmpty) return;
    const bytes = this.writer.take();
    if (this.socket.writable) this.socket.write(bytes);
  }
}
