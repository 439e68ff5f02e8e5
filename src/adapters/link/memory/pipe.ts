/** One direction of a connection in memory: frames arrive whole, in order, a latency later. */
import type { Clock } from '../../../contracts/clock.js';
import type { FrameWriter } from '../../../contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../../contracts/worker-protocol.js';

interface Reader<Message> {
  push(piece: Uint8Array): Message[];
}

export class Pipe<Message extends ToWorker | FromWorker> {
  /** Frames that came while the pipe was held. */
  private held: Uint8Array[] | null = null;
  private isClosed = false;

  constructor(
    private readonly clock: Clock,
    private readonly latencyMs: number,
    private readonly writer: FrameWriter<Message>,
    private readonly reader: Reader<Message>,
    private readonly onMessage: (message: Message) => void,
  ) {}

  /** Messages of one turn travel together; the turn ends when the clock next runs. */
  send(message: Message): void {
    if (this.writer.isEmpty) this.clock.after(this.latencyMs, () => this.deliver(this.writer.take()));
    this.writer.push(message);
  }

  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const frames = this.held ?? [];
    this.held = null;
    for (const frame of frames) this.deliver(frame);
  }

  close(): void {
    this.isClosed = true;
  }

  private deliver(frames: Uint8Array): void {
    if (this.isClosed) return;
    if (this.held !== null) {
      this.held.push(frames);
      return;
    }
    for (const message of this.reader.push(frames)) {
      if (this.isClosed) return;
      this.onMessage(message);
    }
  }
}
