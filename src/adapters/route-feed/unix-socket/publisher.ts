/**
 * Control's end: gives every serving process that connects the newest table, then each new one, and takes load
 * reports from them. One that reads slowly gets the newest table when it has caught up, and none in between.
 *
 * Never: a table before control has published one, so a restart of control empties nobody's routes.
 */
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { LoadReport, LoadReports } from '../../../contracts/load-reports.js';
import type { RouteFeed, RouteTable } from '../../../contracts/route-feed.js';
import type { Log } from '../../../contracts/telemetry.js';
import { StowageError } from '../../../domain/errors.js';
import { feedVersion, frameOf, FrameReader } from './frames.js';

export interface RoutePublisher {
  /** Gives out this feed's tables from now on. */
  publish(feed: RouteFeed): void;
  readonly loadReports: LoadReports;
  /** Resolves when nobody is connected any more. */
  close(): Promise<void>;
}

/** Listens at `address`, a Unix domain socket that only this user can reach. Rejects with HOST-604. */
export async function openRoutePublisher(address: string, log: Log): Promise<RoutePublisher> {
  const publisher = new SocketPublisher(log);
  await publisher.listen(address);
  return publisher;
}

class SocketPublisher implements RoutePublisher {
  private readonly subscribers = new Set<Subscriber>();
  private readonly listeners = new Set<(report: LoadReport) => void>();
  private readonly server: Server;
  private frame: Buffer | null = null;
  private unsubscribe: () => void = () => undefined;

  readonly loadReports: LoadReports = {
    onReport: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };

  constructor(private readonly log: Log) {
    this.server = createServer((socket) => this.accept(socket));
  }

  async listen(address: string): Promise<void> {
    // Left by a control process that was killed; there is one at a time.
    if (!address.startsWith('\\\\')) await unlink(address).catch(() => undefined);
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (cause: NodeJS.ErrnoException) => {
        const problem = cause.code ?? 'the system refused';
        const suggestion = 'name a shorter data folder with --data-dir that this user may write to';
        reject(
          StowageError.of('HOST-604', { address: 'the socket for routes', problem, suggestion }, { cause }),
        );
      });
      this.server.listen(address, resolve);
    });
    this.server.removeAllListeners('error').on('error', () => undefined);
    if (!address.startsWith('\\\\')) await chmod(address, 0o600).catch(() => undefined);
  }

  publish(feed: RouteFeed): void {
    this.unsubscribe();
    this.unsubscribe = feed.onTable((table) => this.spread(table));
    this.spread(feed.current());
  }

  async close(): Promise<void> {
    this.unsubscribe();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const { socket } of this.subscribers) socket.destroySoon();
    await closed;
  }

  private spread(table: RouteTable): void {
    if (table.revision === 0) return;
    this.frame = frameOf({ type: 'table', table });
    for (const subscriber of this.subscribers) subscriber.offer(this.frame);
  }

  private accept(socket: Socket): void {
    const subscriber = new Subscriber(socket, (report) => {
      for (const listener of [...this.listeners]) listener(report);
    });
    this.subscribers.add(subscriber);
    socket.on('error', (err) => this.log.debug({ err }, 'a serving process broke off'));
    socket.on('close', () => this.subscribers.delete(subscriber));
    socket.write(frameOf({ type: 'hello', version: feedVersion }));
    if (this.frame !== null) subscriber.offer(this.frame);
  }
}

class Subscriber {
  private readonly reader = new FrameReader();
  private next: Buffer | null = null;

  constructor(
    readonly socket: Socket,
    onReport: (report: LoadReport) => void,
  ) {
    socket.on('drain', () => this.send());
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const message of this.reader.push(bytes))
          if (message.type === 'report') onReport(message.report);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
  }

  offer(frame: Buffer): void {
    this.next = frame;
    if (!this.socket.writableNeedDrain) this.send();
  }

  private send(): void {
    const frame = this.next;
    this.next = null;
    if (frame !== null && this.socket.writable) this.socket.write(frame);
  }
}
