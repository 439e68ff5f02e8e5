/**
 * The load generator: HTTP/1.1 on bare sockets with requests that were made beforehand, so that it takes as
 * little as can be of the machine it shares with what it measures. One job after another over its channel.
 */
import net, { type Socket } from 'node:net';
import { distributionOf } from '../../src/toolkit/benchmark/statistics.js';
import { StreamReader, WholeAnswerReader } from './answer-reader.js';
import type {
  Destination,
  LoadJob,
  LoadResult,
  Percentiles,
  RequestsResult,
  StreamsResult,
} from './protocol.js';

/** Connections an open loop opens at most. */
const connectionsMax = 2048;
/** Connections an open loop has from the start. */
const connectionsMin = 32;
/** After the last request is sent, answers may take this long, milliseconds. */
const drainMsMax = 5_000;
const streamsMsMax = 60_000;
/** Every read of every socket goes through this one buffer: it is used up before the next read. */
const readBuffer = Buffer.alloc(256 * 1024);

function connect(
  { port }: Destination,
  onBytes: (bytes: Buffer) => void,
  onEnd: () => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onread = {
      buffer: readBuffer,
      callback: (count: number) => {
        onBytes(readBuffer.subarray(0, count));
        return true;
      },
    };
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, onread });
    socket.on('error', reject);
    socket.on('close', onEnd);
    socket.on('connect', () => resolve(socket));
  });
}

/** Connections that send one request at a time, and what came back on them. */
class RequestLoad {
  readonly latencies: number[] = [];
  failed = 0;
  /** Called with a connection whose answer is complete. */
  onFree: (connection: Connection) => void = () => undefined;

  constructor(readonly destination: Destination) {}

  async open(): Promise<Connection> {
    const connection = new Connection(this);
    await connection.start();
    return connection;
  }

  result(seconds: number): RequestsResult {
    const { latencies, failed } = this;
    return { answered: latencies.length, failed, seconds, latency: percentilesOf(latencies) };
  }
}

class Connection {
  private socket: Socket | null = null;
  private readonly reader = new WholeAnswerReader();
  private sentAt = 0;
  private isWaiting = false;

  constructor(private readonly load: RequestLoad) {}

  async start(): Promise<void> {
    this.socket = await connect(
      this.load.destination,
      (bytes) => this.receive(bytes),
      () => this.ended(),
    );
  }

  send(): void {
    this.isWaiting = true;
    this.sentAt = performance.now();
    this.socket?.write(this.load.destination.request, 'latin1');
  }

  close(): void {
    this.isWaiting = false;
    this.socket?.destroy();
  }

  private receive(bytes: Buffer): void {
    if (!this.isWaiting || !this.reader.push(bytes)) return;
    this.load.latencies.push(performance.now() - this.sentAt);
    this.isWaiting = false;
    this.load.onFree(this);
  }

  private ended(): void {
    if (this.isWaiting) this.load.failed += 1;
    this.isWaiting = false;
  }
}

async function runOpenLoop(job: LoadJob & { kind: 'open-loop' }): Promise<RequestsResult> {
  const load = new RequestLoad(job.destination);
  const all = await Promise.all(Array.from({ length: connectionsMin }, () => load.open()));
  const free = [...all];
  load.onFree = (connection) => free.push(connection);
  const startedAt = performance.now();
  const total = Math.round(job.requestsPerSecond * job.seconds);
  let sent = 0;
  const sendOne = async (): Promise<void> => {
    let connection = free.pop();
    if (connection === undefined) {
      if (all.length >= connectionsMax) throw new Error('answers come far slower than requests leave');
      connection = await load.open();
      all.push(connection);
    }
    connection.send();
  };
  while (sent < total) {
    await pause(1);
    const due = Math.min(total, ((performance.now() - startedAt) / 1000) * job.requestsPerSecond);
    const sending: Promise<void>[] = [];
    for (; sent < Math.floor(due); sent++) sending.push(sendOne());
    await Promise.all(sending);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const until = performance.now() + drainMsMax;
  while (free.length < all.length && load.failed === 0 && performance.now() < until) await pause(5);
  const unanswered = total - load.latencies.length;
  for (const connection of all) connection.close();
  return { ...load.result(seconds), failed: unanswered };
}

async function runClosedLoop(job: LoadJob & { kind: 'closed-loop' }): Promise<RequestsResult> {
  const load = new RequestLoad(job.destination);
  const all = await Promise.all(Array.from({ length: job.connections }, () => load.open()));
  load.onFree = (connection) => connection.send();
  const startedAt = performance.now();
  for (const connection of all) connection.send();
  await pause(job.seconds * 1000);
  const result = load.result((performance.now() - startedAt) / 1000);
  load.onFree = () => undefined;
  for (const connection of all) connection.close();
  return result;
}

async function runStreams(job: LoadJob & { kind: 'streams' }): Promise<StreamsResult> {
  const firstTokens: number[] = [];
  const gaps: number[] = [];
  const count = { open: 0, peak: 0, ended: 0, complete: 0 };
  const startStream = async (): Promise<() => void> => {
    const reader = new StreamReader();
    let sentAt = 0;
    let lastAt = 0;
    const onEnd = (): void => {
      if (sentAt === 0 || lastAt === Infinity) return;
      lastAt = Infinity;
      count.open -= 1;
      count.ended += 1;
      if (reader.isDone && reader.tokens === job.tokensPerStream) count.complete += 1;
    };
    const onBytes = (bytes: Buffer): void => {
      const tokens = reader.push(bytes);
      const now = performance.now();
      if (tokens > 0 && lastAt === 0) firstTokens.push(now - sentAt);
      else if (tokens > 0) gaps.push(now - lastAt);
      for (let extra = 1; extra < tokens; extra++) gaps.push(0); // came in one piece with the one before
      if (tokens > 0) lastAt = now;
      if (reader.isDone) socket.destroy();
    };
    const socket = await connect(job.destination, onBytes, onEnd);
    return () => {
      sentAt = performance.now();
      count.peak = Math.max(count.peak, ++count.open);
      socket.write(job.destination.request, 'latin1');
    };
  };
  const starts: (() => void)[] = [];
  for (let index = 0; index < job.streams; index++) starts.push(await startStream());
  const startedAt = performance.now();
  for (let sent = 0; sent < starts.length;) {
    const due = ((performance.now() - startedAt) / job.rampMs) * starts.length;
    for (; sent < Math.min(due, starts.length); sent++) starts[sent]!();
    await pause(1);
  }
  const until = performance.now() + streamsMsMax;
  while (count.ended < job.streams && performance.now() < until) await pause(20);
  const { complete, peak } = count;
  return { complete, peak, firstToken: percentilesOf(firstTokens), gap: percentilesOf(gaps) };
}

function percentilesOf(values: readonly number[]): Percentiles {
  const { p50, p99 } = distributionOf(values) ?? { p50: NaN, p99: NaN };
  return { p50, p99 };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function runJob(job: LoadJob): Promise<LoadResult> {
  switch (job.kind) {
    case 'open-loop':
      return runOpenLoop(job);
    case 'closed-loop':
      return runClosedLoop(job);
    case 'streams':
      return runStreams(job);
    default:
      return job satisfies never;
  }
}

process.on('message', (job: LoadJob) => {
  void runJob(job).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
