/**
 * A worker's door: takes callers on a Unix domain socket (on Windows a named pipe), which only this user can
 * reach. A caller counts once hellos are exchanged; one that says nothing, something else, or means another
 * copy is closed. A caller that stops reading is closed before it costs more than `callerBacklogBytesMax`.
 */
import { chmod, unlink } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Clock } from '../../../contracts/clock.js';
import type { CallerEvents, CallerLink, WorkerListener } from '../../../contracts/worker-link.js';
import { helloProblem, readerOfCaller } from '../../../contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../../contracts/worker-protocol.js';
import { protocolVersion } from '../../../contracts/worker-protocol.js';
import type { CopyRef } from '../../../domain/copy.js';
import { StowageError } from '../../../domain/errors.js';
import { BatchedWrites } from './batched-writes.js';
import { isPipe } from './address.js';

/** A caller has this long for its hello, milliseconds. */
const helloMsMax = 5_000;
/** What was sent before a close has this long to be taken, milliseconds. */
const flushMsMax = 1_000;
/** Above this a caller is behind. */
const callerBehindBytes = 1024 * 1024;
/** Above this a caller is given up. */
const callerBacklogBytesMax = 64 * 1024 * 1024;

type OnCaller = (caller: CallerLink) => CallerEvents;

export function createSocketListener({ clock }: { readonly clock: Clock }): WorkerListener {
  return {
    async listen(address, copy, onCaller) {
      const callers = new Set<Caller>();
      const server = createServer((socket) => {
        const caller = new Caller(socket, copy, onCaller, clock, () => callers.delete(caller));
        callers.add(caller);
      });
      await open(server, address);
      return {
        async close() {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          for (const caller of callers) caller.close();
          await closed;
        },
      };
    },
  };
}

async function open(server: Server, address: string): Promise<void> {
  // A file left by a process that was killed; addresses are never reused by processes that live.
  if (!isPipe(address)) await unlink(address).catch(() => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? 'the system refused';
    const suggestion = 'name a shorter data folder with STOWAGE_DATA_DIR that this user may write to';
    throw StowageError.of('HOST-604', { address: 'a worker’s socket', problem, suggestion }, { cause });
  }
  server.on('error', () => undefined); // an accept that failed is that caller's loss
  if (!isPipe(address)) await chmod(address, 0o600).catch(() => undefined);
}

class Caller implements CallerLink {
  private readonly writes: BatchedWrites<FromWorker>;
  private readonly reader = readerOfCaller();
  private events: CallerEvents | null = null;
  private closeReason: string | null = null;
  private readonly stopWaiting: () => void;

  constructor(
    private readonly socket: Socket,
    private readonly copy: CopyRef,
    private readonly onCaller: OnCaller,
    private readonly clock: Clock,
    private readonly onGone: () => void,
  ) {
    this.writes = new BatchedWrites(socket);
    this.stopWaiting = clock.after(helloMsMax, () => this.end('the caller said no hello'));
    socket.on('data', (bytes) => this.receive(bytes));
    socket.on('error', (error) => this.end(error.message));
    socket.on('close', () => this.end('the caller closed the connection'));
  }

  get isBehind(): boolean {
    return this.writes.backlogBytes > callerBehindBytes;
  }

  send(message: FromWorker): void {
    if (this.closeReason !== null) return;
    if (this.writes.backlogBytes > callerBacklogBytesMax) return this.end('the caller does not read');
    try {
      this.writes.push(message);
    } catch (error) {
      this.end((error as Error).message);
    }
  }

  close(): void {
    this.end('closed by the worker');
  }

  private receive(bytes: Uint8Array): void {
    if (this.closeReason !== null) return;
    let messages: ToWorker[];
    try {
      messages = this.reader.push(bytes);
    } catch (error) {
      return this.end((error as Error).message);
    }
    for (const message of messages) {
      if (this.closeReason !== null) return;
      if (this.events === null) this.greet(message);
      else if (message.type !== 'hello') this.events.onMessage(message);
    }
  }

  private greet(message: ToWorker): void {
    const problem = helloProblem(message, this.copy);
    // The answer goes out even to a stranger, so that both ends can say what does not fit.
    this.writes.push({ type: 'hello', protocol: protocolVersion, copy: this.copy, pid: process.pid });
    if (problem !== null) return this.end(problem);
    this.stopWaiting();
    this.events = this.onCaller(this);
    if (this.closeReason !== null) this.events.onClose(this.closeReason);
  }

  private end(reason: string): void {
    if (this.closeReason !== null) return;
    this.closeReason = reason;
    this.stopWaiting();
    this.writes.flush();
    this.socket.destroySoon();
    const stopFlushing = this.clock.after(flushMsMax, () => this.socket.destroy());
    this.socket.once('close', stopFlushing);
    this.onGone();
    this.events?.onClose(reason);
  }
}
