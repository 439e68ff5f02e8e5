/**
 * A caller's way to a worker over a Unix domain socket (on Windows a named pipe). A worker that was just
 * started has no socket yet, so the dialer tries again until `connectMsMax`. The link is open once both said
 * hello and mean the same copy; it closes once, with a reason, and is never reopened.
 */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Clock } from '../../../contracts/clock.js';
import type { WorkerDialer, WorkerLink, WorkerLinkEvents } from '../../../contracts/worker-link.js';
import { helloProblem, readerOfWorker } from '../../../contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../../contracts/worker-protocol.js';
import { protocolVersion } from '../../../contracts/worker-protocol.js';
import type { CopyRef } from '../../../domain/copy.js';
import { BatchedWrites } from './batched-writes.js';

/** Between two attempts to connect, milliseconds. */
const retryDelayMs = 10;
/** The worker has this long for its hello, milliseconds. */
const helloMsMax = 5_000;
/** What was sent before a close has this long to be taken, milliseconds. */
const flushMsMax = 1_000;
/** The socket is not there yet, or is not listened to yet. */
const notYet: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN']);

export interface SocketDialerParts {
  readonly clock: Clock;
  /** Attempts to connect go on this long, milliseconds. */
  readonly connectMsMax?: number;
}

export function createSocketDialer({ clock, connectMsMax = 15_000 }: SocketDialerParts): WorkerDialer {
  return { dial: (address, copy, events) => new Link(address, copy, events, clock, connectMsMax) };
}

class Link implements WorkerLink {
  private readonly reader = readerOfWorker();
  private readonly connectUntil: number;
  private socket: Socket | null = null;
  private writes: BatchedWrites<ToWorker> | null = null;
  private isOpen = false;
  private isClosed = false;
  private stopTimer: () => void = () => undefined;

  constructor(
    private readonly address: string,
    private readonly copy: CopyRef,
    private readonly events: WorkerLinkEvents,
    private readonly clock: Clock,
    connectMsMax: number,
  ) {
    this.connectUntil = clock.now() + connectMsMax;
    // Not before `dial` has returned, so that the owner holds the link when the first event comes.
    this.stopTimer = clock.after(0, () => this.attempt());
  }

  send(message: ToWorker): void {
    if (!this.isOpen || this.isClosed) return;
    try {
      this.writes!.push(message);
    } catch (error) {
      this.end((error as Error).message);
    }
  }

  close(): void {
    this.end('closed by the caller');
  }

  private attempt(): void {
    const socket = connect(this.address);
    this.socket = socket;
    socket.on('error', (error: NodeJS.ErrnoException) => this.failed(socket, error));
    socket.on('connect', () => this.greet(socket));
    socket.on('data', (bytes) => this.receive(bytes));
    socket.on('close', () => {
      if (socket === this.socket) this.end('the worker closed the connection');
    });
  }

  private failed(socket: Socket, error: NodeJS.ErrnoException): void {
    if (this.isClosed || socket !== this.socket) return;
    const isEarly = this.writes === null && notYet.has(error.code ?? '');
    if (!isEarly) return this.end(error.code ?? error.message);
    if (this.clock.now() >= this.connectUntil) return this.end('the worker does not listen');
    this.socket = null;
    this.stopTimer = this.clock.after(retryDelayMs, () => this.attempt());
  }

  private greet(socket: Socket): void {
    if (this.isClosed) return;
    this.writes = new BatchedWrites(socket);
    this.writes.push({ type: 'hello', protocol: protocolVersion, copy: this.copy });
    this.stopTimer = this.clock.after(helloMsMax, () => this.end('the worker said no hello'));
  }

  private receive(bytes: Uint8Array): void {
    if (this.isClosed) return;
    let messages: FromWorker[];
    try {
      messages = this.reader.push(bytes);
    } catch (error) {
      return this.end((error as Error).message);
    }
    for (const message of messages) {
      if (this.isClosed) return;
      if (!this.isOpen) this.welcome(message);
      else if (message.type !== 'hello') this.events.onMessage(message);
    }
  }

  private welcome(message: FromWorker): void {
    const problem = helloProblem(message, this.copy);
    if (problem !== null) return this.end(problem);
    this.stopTimer();
    this.isOpen = true;
    this.events.onOpen();
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stopTimer();
    this.writes?.flush();
    const socket = this.socket;
    if (socket !== null) {
      socket.destroySoon();
      socket.once(
        'close',
        this.clock.after(flushMsMax, () => socket.destroy()),
      );
    }
    this.events.onClose(reason);
  }
}
