/**
 * What is between control and serving: tables down, load reports up, in order, each a while later. The link may be cut
 * and either end may be killed; serving keeps the last table, also over its own restart, in what stands for its file.
 * It does what the socket adapter does, on virtual time.
 */
import type { Clock } from '../../../src/contracts/clock.js';
import type { LoadReport, LoadReports } from '../../../src/contracts/load-reports.js';
import { emptyRouteTable, type RouteFeed, type RouteTable } from '../../../src/contracts/route-feed.js';

/** From the loss of a connection to the next one, milliseconds. */
const redialMs = 50;
/** A table is in the file so long after it came, milliseconds. */
const saveMs = 5;

export interface RouteLinkParts {
  readonly clock: Clock;
  /** Milliseconds that the next message takes. */
  readonly delayMs: () => number;
  /** Serving has this table from now on. */
  readonly onTable: (table: RouteTable) => void;
}

export interface ServingEnd extends RouteFeed {
  report(report: LoadReport): void;
  /** The serving process is gone. */
  end(): void;
}

export class RouteLink {
  readonly loadReports: LoadReports = {
    onReport: (listener) => {
      this.reportListeners.add(listener);
      return () => this.reportListeners.delete(listener);
    },
  };
  private readonly reportListeners = new Set<(report: LoadReport) => void>();
  private saved: RouteTable = emptyRouteTable;
  /** What the control process that runs has given out; null = there is none, or it has given out nothing. */
  private newest: RouteTable | null = null;
  private isControlThere = false;
  private isCut = false;
  private receiver: Receiver | null = null;
  /** Rises with each connection; what was sent over an earlier one may be lost. */
  private connection = 0;
  private isConnected = false;
  private connectedAt = 0;
  private arrivalAt = 0;
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly parts: RouteLinkParts) {}

  /** When it was last not connected. */
  get brokenAt(): number {
    return this.isConnected ? this.connectedAt : this.parts.clock.now();
  }

  /** A control process gives out its tables. */
  publish(feed: RouteFeed): void {
    this.isControlThere = true;
    this.newest = null;
    this.unsubscribe = feed.onTable((table) => this.spread(table));
    this.spread(feed.current());
    this.connectLater();
  }

  /** The control process is gone; what it had sent still arrives. */
  controlGone(): void {
    this.isControlThere = false;
    this.unsubscribe();
    this.reportListeners.clear();
    this.lose();
  }

  cut(): void {
    this.isCut = true;
    this.connection++;
    this.lose();
  }

  mend(): void {
    this.isCut = false;
    this.connectLater();
  }

  /** A serving process begins, with what its file has. */
  open(): ServingEnd {
    const receiver = new Receiver(this, this.saved);
    this.receiver = receiver;
    this.lose();
    this.parts.onTable(this.saved);
    this.connectLater();
    return receiver;
  }

  /** Of the serving process that ended. */
  close(receiver: ServingEnd): void {
    if (this.receiver !== receiver) return;
    this.receiver = null;
    this.connection++;
    this.lose();
  }

  sendUp(report: LoadReport): void {
    if (!this.isConnected) return;
    const { connection } = this;
    this.parts.clock.after(this.parts.delayMs(), () => {
      if (connection !== this.connection || !this.isControlThere) return;
      for (const listener of [...this.reportListeners]) listener(report);
    });
  }

  private lose(): void {
    this.isConnected = false;
  }

  private connectLater(): void {
    this.parts.clock.after(redialMs, () => {
      if (this.isConnected || this.isCut || !this.isControlThere || this.receiver === null) return;
      this.isConnected = true;
      this.connection++;
      this.connectedAt = this.parts.clock.now();
      if (this.newest !== null) this.deliver(this.newest);
    });
  }

  private spread(table: RouteTable): void {
    if (table.revision === 0) return;
    this.newest = table;
    if (this.isConnected) this.deliver(table);
  }

  private deliver(table: RouteTable): void {
    const { clock, delayMs } = this.parts;
    const { receiver, connection } = this;
    this.arrivalAt = Math.max(this.arrivalAt, clock.now() + delayMs());
    clock.after(this.arrivalAt - clock.now(), () => {
      if (receiver === null || receiver !== this.receiver || connection !== this.connection) return;
      this.parts.onTable(table);
      receiver.take(table);
      clock.after(saveMs, () => {
        if (receiver === this.receiver) this.saved = receiver.current();
      });
    });
  }
}

class Receiver implements ServingEnd {
  private readonly listeners = new Set<(table: RouteTable) => void>();

  constructor(
    private readonly link: RouteLink,
    private table: RouteTable,
  ) {}

  current(): RouteTable {
    return this.table;
  }

  onTable(listener: (table: RouteTable) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  take(table: RouteTable): void {
    this.table = table;
    for (const listener of [...this.listeners]) listener(table);
  }

  report(report: LoadReport): void {
    this.link.sendUp(report);
  }

  end(): void {
    this.listeners.clear();
    this.link.close(this);
  }
}
