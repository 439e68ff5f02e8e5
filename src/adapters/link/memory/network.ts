/**
 * Workers and callers of one process, connected in memory: the same contract as the sockets, for simulations.
 * Messages are framed and read again by the real codec, so nothing is shared between the two ends, and arrive
 * in order after `latencyMs`. A test can cut, freeze and thaw an address.
 *
 * Never: a message that overtakes another, an event after `onClose`, an event within the call that caused it.
 */
import type { Clock } from '../../../contracts/clock.js';
import type {
  CallerEvents,
  CallerLink,
  WorkerDialer,
  WorkerLink,
  WorkerLinkEvents,
  WorkerListener,
} from '../../../contracts/worker-link.js';
import {
  FrameWriter,
  helloProblem,
  readerOfCaller,
  readerOfWorker,
} from '../../../contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../../contracts/worker-protocol.js';
import { protocolVersion } from '../../../contracts/worker-protocol.js';
import type { CopyRef } from '../../../domain/copy.js';
import { StowageError } from '../../../domain/errors.js';
import { Pipe } from './pipe.js';

/** Between two attempts to connect, milliseconds. */
const retryDelayMs = 10;
const firstPid = 1_000;

export interface MemoryNetworkParts {
  readonly clock: Clock;
  /** From one end to the other, milliseconds; 0 by default. */
  readonly latencyMs?: number;
  /** Attempts to connect go on this long, milliseconds; 15 s by default. */
  readonly connectMsMax?: number;
}

export interface MemoryNetwork {
  readonly listener: WorkerListener;
  readonly dialer: WorkerDialer;
  /** Ends every connection to `address`, as the end of the worker's process would. */
  cut(address: string, reason?: string): void;
  /** The worker stands still, like a stopped process: its messages, in both directions, stay where they are. */
  freeze(address: string): void;
  /** The worker goes on, and what stayed on the way arrives. */
  thaw(address: string): void;
}

interface Door {
  readonly copy: CopyRef;
  readonly pid: number;
  readonly onCaller: (caller: CallerLink) => CallerEvents;
}

export function createMemoryNetwork(parts: MemoryNetworkParts): MemoryNetwork {
  return new Network(parts.clock, parts.latencyMs ?? 0, parts.connectMsMax ?? 15_000);
}

class Network implements MemoryNetwork {
  private readonly doors = new Map<string, Door>();
  private readonly connections = new Map<string, Set<Connection>>();
  private readonly frozen = new Set<string>();
  private nextPid = firstPid;

  constructor(
    readonly clock: Clock,
    readonly latencyMs: number,
    readonly connectMsMax: number,
  ) {}

  readonly listener: WorkerListener = {
    listen: (address, copy, onCaller) => this.listen(address, { copy, pid: this.nextPid++, onCaller }),
  };

  readonly dialer: WorkerDialer = {
    dial: (address, copy, events) => {
      const connection = new Connection(this, address, copy, events);
      const known = this.connections.get(address) ?? new Set();
      this.connections.set(address, known.add(connection));
      return connection;
    },
  };

  cut(address: string, reason = 'the worker closed the connection'): void {
    for (const connection of [...(this.connections.get(address) ?? [])]) connection.end(reason);
  }

  freeze(address: string): void {
    this.frozen.add(address);
    for (const connection of this.connections.get(address) ?? []) connection.hold();
  }

  thaw(address: string): void {
    this.frozen.delete(address);
    for (const connection of this.connections.get(address) ?? []) connection.release();
  }

  doorAt(address: string): Door | undefined {
    return this.frozen.has(address) ? undefined : this.doors.get(address);
  }

  forget(address: string, connection: Connection): void {
    const known = this.connections.get(address);
    known?.delete(connection);
    if (known?.size === 0) this.connections.delete(address);
  }

  private async listen(address: string, door: Door): Promise<{ close(): Promise<void> }> {
    if (this.doors.has(address)) {
      const parameters = { address, problem: 'EADDRINUSE', suggestion: 'use another address' };
      throw StowageError.of('HOST-604', parameters);
    }
    this.doors.set(address, door);
    return {
      close: async () => {
        if (this.doors.get(address) === door) this.doors.delete(address);
        this.cut(address);
      },
    };
  }
}

/** Both ends of one connection; the caller's end is the connection itself. */
class Connection implements WorkerLink {
  private readonly toWorker: Pipe<ToWorker>;
  private readonly toCaller: Pipe<FromWorker>;
  private readonly connectUntil: number;
  private callerEvents: CallerEvents | null = null;
  private isOpen = false;
  private isClosed = false;
  private stopAttempt: () => void;

  constructor(
    private readonly network: Network,
    private readonly address: string,
    private readonly copy: CopyRef,
    private readonly events: WorkerLinkEvents,
  ) {
    const { clock, latencyMs } = network;
    this.toWorker = new Pipe(clock, latencyMs, new FrameWriter(), readerOfCaller(), (message) =>
      this.hearAtWorker(message),
    );
    this.toCaller = new Pipe(clock, latencyMs, new FrameWriter(), readerOfWorker(), (message) =>
      this.hearAtCaller(message),
    );
    this.connectUntil = clock.now() + network.connectMsMax;
    this.stopAttempt = clock.after(0, () => this.attempt());
  }

  send(message: ToWorker): void {
    if (this.isOpen && !this.isClosed) this.toWorker.send(message);
  }

  close(): void {
    this.end('closed by the caller');
  }

  hold(): void {
    this.toWorker.hold();
    this.toCaller.hold();
  }

  release(): void {
    this.toWorker.release();
    this.toCaller.release();
  }

  /** Both ends hear of it after the latency; what is on the way is lost. */
  end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stopAttempt();
    this.toWorker.close();
    this.toCaller.close();
    this.network.forget(this.address, this);
    this.network.clock.after(this.network.latencyMs, () => {
      this.events.onClose(reason);
      this.callerEvents?.onClose(reason);
    });
  }

  private attempt(): void {
    if (this.network.doorAt(this.address) !== undefined) {
      return this.toWorker.send({ type: 'hello', protocol: protocolVersion, copy: this.copy });
    }
    const { clock } = this.network;
    if (clock.now() >= this.connectUntil) return this.end('the worker does not listen');
    this.stopAttempt = clock.after(retryDelayMs, () => this.attempt());
  }

  private hearAtWorker(message: ToWorker): void {
    if (this.callerEvents !== null) return this.callerEvents.onMessage(message);
    const door = this.network.doorAt(this.address);
    if (door === undefined) return this.end('the worker closed the connection');
    this.toCaller.send({ type: 'hello', protocol: protocolVersion, copy: door.copy, pid: door.pid });
    const problem = helloProblem(message, door.copy);
    if (problem !== null) return this.end(problem);
    this.callerEvents = door.onCaller({
      send: (answer) => {
        if (!this.isClosed) this.toCaller.send(answer);
      },
      isBehind: false,
      close: () => this.end('closed by the worker'),
    });
  }

  private hearAtCaller(message: FromWorker): void {
    if (this.isOpen) return this.events.onMessage(message);
    const problem = helloProblem(message, this.copy);
    if (problem !== null) return this.end(problem);
    this.isOpen = true;
    this.events.onOpen();
  }
}
