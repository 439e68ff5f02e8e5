/**
 * Serving's end: holds the last table, also over the absence of control and, in a file, over its own restart; sends
 * load reports up. Connects again by itself, for as long as it takes.
 *
 * Never: a table is lost because control is gone. A report is: it says nothing that the next one needs.
 */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../contracts/clock.js';
import type { LoadReport } from '../../../contracts/load-reports.js';
import { emptyRouteTable, type RouteFeed, type RouteTable } from '../../../contracts/route-feed.js';
import type { Log } from '../../../contracts/telemetry.js';
import { feedVersion, frameOf, FrameReader } from './frames.js';

/** Between two attempts to connect, milliseconds. */
const redialMs = 50;
/** Reports that control has not taken yet; above this they are dropped, bytes. */
const backlogBytesMax = 4 * 1024 * 1024;

export interface RouteSubscriberParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The file with the last table; made with mode 0600. */
  readonly cacheFile: string;
}

export interface RouteSubscriber extends RouteFeed {
  /** True while control is connected and has sent its table. */
  readonly isConnected: boolean;
  report(report: LoadReport): void;
  /** What was written down last is in the file when this resolves. */
  close(): Promise<void>;
}

/** Begins with the table in the cache file, or an empty one, and connects to `address`. */
export function subscribeToRoutes(address: string, parts: RouteSubscriberParts): RouteSubscriber {
  return new SocketSubscriber(address, parts);
}

class SocketSubscriber implements RouteSubscriber {
  isConnected = false;
  private table: RouteTable;
  private readonly listeners = new Set<(table: RouteTable) => void>();
  private socket: Socket | null = null;
  private stopRedial: () => void = () => undefined;
  private isClosed = false;
  private unsaved: RouteTable | null = null;
  private saving: Promise<void> | null = null;

  constructor(
    private readonly address: string,
    private readonly parts: RouteSubscriberParts,
  ) {
    this.table = readCache(parts.cacheFile);
    this.dial();
  }

  current(): RouteTable {
    return this.table;
  }

  onTable(listener: (table: RouteTable) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  report(report: LoadReport): void {
    const { socket } = this;
    if (!this.isConnected || socket === null || socket.writableLength > backlogBytesMax) return;
    socket.write(frameOf({ type: 'report', report }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.stopRedial();
    this.socket?.destroy();
    await this.saving;
  }

  private dial(): void {
    const socket = connect(this.address);
    const reader = new FrameReader();
    this.socket = socket;
    socket.on('connect', () => socket.write(frameOf({ type: 'hello', version: feedVersion })));
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const message of reader.push(bytes)) if (message.type === 'table') this.take(message.table);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => this.lost());
  }

  private lost(): void {
    if (this.isConnected) this.parts.log.warn({}, 'control is gone; the last routes stay');
    this.isConnected = false;
    this.socket = null;
    if (!this.isClosed) this.stopRedial = this.parts.clock.after(redialMs, () => this.dial());
  }

  private take(table: RouteTable): void {
    if (this.isClosed) return;
    this.isConnected = true;
    this.table = table;
    this.unsaved = table;
    this.saving ??= this.save();
    for (const listener of [...this.listeners]) listener(table);
  }

  /** One write at a time; tables that come meanwhile are one write more. */
  private async save(): Promise<void> {
    const { cacheFile, log } = this.parts;
    while (this.unsaved !== null) {
      const cached: Cache = { version: feedVersion, table: this.unsaved };
      this.unsaved = null;
      const temporary = `${cacheFile}.${process.pid}.new`;
      try {
        await writeFile(temporary, JSON.stringify(cached), { mode: 0o600 });
        await rename(temporary, cacheFile);
      } catch (err) {
        log.warn({ err }, 'the routes cannot be written down for a restart');
      }
    }
    this.saving = null;
  }
}

interface Cache {
  readonly version: number;
  readonly table: RouteTable;
}

function readCache(file: string): RouteTable {
  try {
    const { version, table } = JSON.parse(readFileSync(file, 'utf8')) as Cache;
    return version === feedVersion ? table : emptyRouteTable;
  } catch {
    return emptyRouteTable;
  }
}
