/**
 * A worker that computes nothing: it answers with fixed tokens, over Stowage's worker protocol and over HTTP.
 * What a gateway in front of it costs is then all that is measured. HTTP is answered on bare sockets, because
 * this port is also what the gateway's latency is compared with.
 */
import net, { type AddressInfo, type Socket } from 'node:net';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createSocketListener } from '../../src/adapters/link/unix-socket/listener.js';
import type { CallerEvents, CallerLink } from '../../src/contracts/worker-link.js';
import type { StepUpdate, SubmittedStream } from '../../src/contracts/worker-protocol.js';
import { FinishReason } from '../../src/domain/inference.js';
import {
  promptTokensMax,
  type StubAnswers,
  type StubCopy,
  type StubReady,
  tokenMs,
  tokenText,
} from './protocol.js';

const tokenId = 7;
const promptTokens = 4;

/** One serving process that uses this worker. */
class Caller implements CallerEvents {
  /** Tokens left by stream. */
  private readonly streams = new Map<number, number>();
  private updates: StepUpdate[] = [];

  constructor(private readonly link: CallerLink) {}

  readonly onMessage: CallerEvents['onMessage'] = (message) => {
    if (message.type === 'submit') for (const stream of message.streams) this.take(stream);
    if (message.type === 'cancel') for (const stream of message.streams) this.streams.delete(stream);
  };

  readonly onClose = (): void => {
    callers.delete(this);
  };

  /** One token for each stream there is, in one message. */
  step(): void {
    for (const [stream, left] of this.streams) {
      this.add(left === 1 ? lastUpdate(stream, 1) : { stream, tokens: [tokenId], text: tokenText });
      if (left === 1) this.streams.delete(stream);
      else this.streams.set(stream, left - 1);
    }
  }

  private take(submitted: SubmittedStream): void {
    const { stream } = submitted;
    const tokens = (submitted.kind === 'generation' ? submitted.newTokensMax : null) ?? promptTokensMax;
    if (tokens <= promptTokensMax) {
      this.add({ ...lastUpdate(stream, tokens), promptTokens });
      return;
    }
    this.add({ stream, promptTokens, tokens: [tokenId], text: tokenText });
    this.streams.set(stream, tokens - 1);
  }

  /** Updates of one turn leave together, as those of an engine's step do. */
  private add(update: StepUpdate): void {
    if (this.updates.length === 0) {
      process.nextTick(() => {
        this.link.send({ type: 'step', updates: this.updates });
        this.updates = [];
      });
    }
    this.updates.push(update);
  }
}

function lastUpdate(stream: number, tokens: number): StepUpdate {
  return {
    stream,
    tokens: Array<number>(tokens).fill(tokenId),
    text: tokenText.repeat(tokens),
    end: { reason: FinishReason.Length, stop: null },
  };
}

const callers = new Set<Caller>();
/** Streams over HTTP: tokens left by connection. */
const httpStreams = new Map<Socket, number>();
const requestHeadMark = Buffer.from('\r\n\r\n');

function serveHttp(answers: StubAnswers): Promise<number> {
  const whole = wholeAnswer(answers.whole);
  const server = net.createServer({ noDelay: true }, (socket) => {
    let pending: Buffer | null = null;
    socket.on('data', (bytes: Buffer) => {
      pending = pending === null ? bytes : Buffer.concat([pending, bytes]);
      const request = requestIn(pending);
      if (request === null) return;
      pending = null;
      if (!request.includes('"stream":true')) {
        socket.write(whole);
        return;
      }
      const tokens = Number(/"max_tokens":(\d+)/.exec(request)?.[1] ?? 1);
      socket.write(streamHead + chunk(answers.event));
      httpStreams.set(socket, tokens - 1);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => httpStreams.delete(socket));
  });
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: 0, backlog: 4096 };
    server.listen(options, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The body of the one request in these bytes, once it is complete; connections are not pipelined. */
function requestIn(bytes: Buffer): string | null {
  const headEnd = bytes.indexOf(requestHeadMark);
  if (headEnd === -1) return null;
  const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, headEnd))?.[1] ?? 0);
  const bodyAt = headEnd + requestHeadMark.length;
  return bytes.length < bodyAt + length ? null : bytes.toString('latin1', bodyAt, bodyAt + length);
}

function wholeAnswer(body: string): Buffer {
  return Buffer.from(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n' +
  'transfer-encoding: chunked\r\n\r\n';

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function stepHttpStreams(answers: StubAnswers): void {
  const event = chunk(answers.event);
  const ending = chunk(answers.event + answers.ending) + '0\r\n\r\n';
  for (const [socket, left] of httpStreams) {
    socket.write(left === 1 ? ending : event);
    if (left === 1) httpStreams.delete(socket);
    else httpStreams.set(socket, left - 1);
  }
}

/** Calls `step` every `tokenMs`, by the clock: delays do not add up. */
function every(step: () => void): void {
  let due = performance.now() + tokenMs;
  const tick = () => {
    step();
    due = Math.max(due + tokenMs, performance.now());
    setTimeout(tick, due - performance.now());
  };
  setTimeout(tick, tokenMs);
}

const listener = createSocketListener({ clock: systemClock });
for (const { address, copy } of JSON.parse(process.argv[2] ?? '[]') as StubCopy[]) {
  await listener.listen(address, copy, (link) => {
    const caller = new Caller(link);
    callers.add(caller);
    return caller;
  });
}
every(() => {
  for (const caller of callers) caller.step();
});
process.on('message', (answers: StubAnswers) => {
  void serveHttp(answers).then((httpPort) => {
    every(() => stepHttpStreams(answers));
    process.send?.({ httpPort } satisfies StubReady);
  });
});
process.on('disconnect', () => process.exit());
process.send?.({ httpPort: 0 } satisfies StubReady);
