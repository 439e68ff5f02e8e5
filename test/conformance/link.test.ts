/** One suite for every way that callers and workers are connected. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createMemoryNetwork } from '../../src/adapters/link/memory/network.js';
import { createSocketDialer } from '../../src/adapters/link/unix-socket/dialer.js';
import { createSocketListener } from '../../src/adapters/link/unix-socket/listener.js';
import type {
  CallerLink,
  WorkerDialer,
  WorkerLink,
  WorkerListener,
} from '../../src/contracts/worker-link.js';
import { FrameWriter } from '../../src/contracts/worker-protocol-codec.js';
import type { FromWorker, ToWorker } from '../../src/contracts/worker-protocol.js';
import { frameBytesMax, protocolVersion } from '../../src/contracts/worker-protocol.js';
import { StowageError } from '../../src/domain/errors.js';
import { VirtualClock } from '../simulation/virtual-clock.js';

interface Bed {
  readonly listener: WorkerListener;
  readonly dialer: WorkerDialer;
  now(): number;
  pass(): Promise<void>;
}

const scratch = mkdtempSync(join(tmpdir(), 'link-test-'));
const copy = { id: 'chat-1', incarnation: 3 };
const stepMs = 5;
const waitMsMax = 10_000;
const connectMsMax = 300;

function socketBed(): Bed {
  return {
    listener: createSocketListener({ clock: systemClock }),
    dialer: createSocketDialer({ clock: systemClock, connectMsMax }),
    now: () => systemClock.now(),
    pass: () => new Promise((resolve) => systemClock.after(stepMs, resolve)),
  };
}

function memoryBed(): Bed {
  const clock = new VirtualClock();
  const { listener, dialer } = createMemoryNetwork({ clock, latencyMs: 1, connectMsMax });
  return { listener, dialer, now: () => clock.now(), pass: () => clock.pass(stepMs) };
}

/** Everything that one end heard, in order. */
interface Heard<Message> {
  readonly messages: Message[];
  opens: number;
  readonly closes: string[];
}
const heardNothing = <Message>(): Heard<Message> => ({ messages: [], opens: 0, closes: [] });

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let addresses = 0;
const nextAddress = () => join(scratch, `${addresses++}.sock`);

async function waitFor(bed: Bed, isSo: () => boolean): Promise<void> {
  const end = bed.now() + waitMsMax;
  while (!isSo()) {
    if (bed.now() > end) throw new Error('still not so');
    await bed.pass();
  }
}

describe.each([
  ['unix-socket', socketBed],
  ['memory', memoryBed],
])('a %s link', (_kind, makeBed) => {
  let bed: Bed;
  let address: string;
  let callers: { readonly link: CallerLink; readonly heard: Heard<ToWorker> }[];
  let open: { close(): Promise<void> } | null;

  beforeEach(() => {
    bed = makeBed();
    address = nextAddress();
    callers = [];
    open = null;
  });
  afterEach(async () => {
    const closed = open?.close();
    await bed.pass();
    await closed;
  });

  async function listen(onCaller: (link: CallerLink) => void = () => undefined): Promise<void> {
    open = await bed.listener.listen(address, copy, (link) => {
      const heard = heardNothing<ToWorker>();
      callers.push({ link, heard });
      onCaller(link);
      return {
        onMessage: (message) => void heard.messages.push(message),
        onClose: (reason) => void heard.closes.push(reason),
      };
    });
  }
  function dial(to = copy): { readonly link: WorkerLink; readonly heard: Heard<FromWorker> } {
    const heard = heardNothing<FromWorker>();
    const link = bed.dialer.dial(address, to, {
      onOpen: () => heard.opens++,
      onMessage: (message) => void heard.messages.push(message),
      onClose: (reason) => void heard.closes.push(reason),
    });
    return { link, heard };
  }
  const until = (isSo: () => boolean) => waitFor(bed, isSo);

  it('opens before it brings the first message, and keeps the order of all', async () => {
    await listen((link) => link.send({ type: 'loading', phase: 'first', fraction: 0 }));
    let opensAtFirst = -1;
    const heard = heardNothing<FromWorker>();
    const link = bed.dialer.dial(address, copy, {
      onOpen: () => heard.opens++,
      onMessage: (message) => {
        if (heard.messages.length === 0) opensAtFirst = heard.opens;
        heard.messages.push(message);
      },
      onClose: () => undefined,
    });
    await until(() => heard.messages.length === 1);
    expect(opensAtFirst).toBe(1);
    const sent = Array.from({ length: 500 }, (_, stream): ToWorker => ({
      type: 'cancel',
      streams: [stream],
    }));
    for (const message of sent) link.send(message);
    await until(() => callers[0]!.heard.messages.length === sent.length);
    expect(callers[0]!.heard.messages).toEqual(sent);
    link.close();
  });

  it('waits for a worker that does not listen yet', async () => {
    const { heard } = dial();
    for (let count = 0; count < 10; count++) await bed.pass();
    expect(heard).toEqual(heardNothing());
    await listen();
    await until(() => heard.opens === 1);
  });

  it('closes with a reason when no worker comes', async () => {
    const { heard } = dial();
    await until(() => heard.closes.length > 0);
    expect(heard).toMatchObject({ opens: 0, closes: ['the worker does not listen'] });
  });

  it('closes when the copy is another one, and the worker never hears of the caller', async () => {
    await listen();
    const { heard } = dial({ ...copy, incarnation: 4 });
    await until(() => heard.closes.length > 0);
    expect(heard).toMatchObject({ opens: 0, closes: ['the peer is another copy'] });
    expect(callers).toEqual([]);
  });

  it('tells both ends once when the caller closes it, and brings nothing afterwards', async () => {
    await listen();
    const { link, heard } = dial();
    await until(() => heard.opens === 1 && callers.length === 1);
    link.close();
    link.close();
    link.send({ type: 'drain' });
    callers[0]!.link.send({ type: 'step', updates: [] });
    await until(() => callers[0]!.heard.closes.length === 1 && heard.closes.length === 1);
    await bed.pass();
    expect(heard.closes).toEqual(['closed by the caller']);
    expect(heard.messages).toEqual([]);
    expect(callers[0]!.heard.messages).toEqual([]);
    expect(callers[0]!.heard.closes).toHaveLength(1);
  });

  it('tells both ends once when the worker closes it', async () => {
    await listen();
    const { heard } = dial();
    await until(() => callers.length === 1);
    callers[0]!.link.close();
    callers[0]!.link.close();
    await until(() => heard.closes.length === 1);
    await until(() => callers[0]!.heard.closes.length === 1);
    expect(callers[0]!.heard.closes).toEqual(['closed by the worker']);
  });

  it('tells a worker that closes a caller in the moment it comes', async () => {
    await listen((link) => link.close());
    const { heard } = dial();
    await until(() => heard.closes.length === 1 && callers[0]?.heard.closes.length === 1);
  });

  it('ends for all callers when the worker stops listening', async () => {
    await listen();
    const [one, two] = [dial(), dial()];
    await until(() => callers.length === 2);
    const closed = open!.close();
    await until(() => one.heard.closes.length === 1 && two.heard.closes.length === 1);
    await closed;
    const late = dial();
    await until(() => late.heard.closes.length === 1);
    expect(late.heard.opens).toBe(0);
  });

  it('closed before it opened never opens', async () => {
    const { link, heard } = dial();
    link.close();
    await listen();
    await until(() => heard.closes.length === 1);
    for (let count = 0; count < 10; count++) await bed.pass();
    expect(heard).toMatchObject({ opens: 0, closes: ['closed by the caller'] });
  });
});

describe('a unix-socket listener', () => {
  const bed = socketBed();
  const until = (isSo: () => boolean) => waitFor(bed, isSo);

  async function withListener(
    work: (address: string, seen: { callers: CallerLink[]; closes: string[] }) => Promise<void>,
  ): Promise<void> {
    const address = nextAddress();
    const seen = { callers: [] as CallerLink[], closes: [] as string[] };
    const open = await bed.listener.listen(address, copy, (link) => {
      seen.callers.push(link);
      return { onMessage: () => undefined, onClose: (reason) => void seen.closes.push(reason) };
    });
    try {
      await work(address, seen);
    } finally {
      await open.close();
    }
  }
  function framed(...messages: ToWorker[]): Uint8Array {
    const writer = new FrameWriter<ToWorker>();
    for (const message of messages) writer.push(message);
    return writer.take();
  }
  const hello: ToWorker = { type: 'hello', protocol: protocolVersion, copy };

  it.each([
    ['a frame without end', Uint8Array.of(255, 255, 255, 255)],
    ['no JSON', Uint8Array.of(1, 0, 0, 0, 0x7b)],
    ['another protocol', framed({ ...hello, protocol: 99 })],
    ['no hello', framed({ type: 'drain' })],
  ])('closes a peer that sends %s', async (_name, bytes) => {
    await withListener(async (address, seen) => {
      const socket = connect(address);
      let isClosed = false;
      socket.on('close', () => (isClosed = true)).resume();
      socket.write(bytes);
      await until(() => isClosed);
      expect(seen.callers).toEqual([]);
    });
  });

  it('closes a caller that sends garbage later, and serves the others', async () => {
    await withListener(async (address, seen) => {
      const socket = connect(address);
      socket.on('error', () => undefined).resume();
      socket.write(framed(hello));
      const good = { opens: 0, closes: 0 };
      const link = bed.dialer.dial(address, copy, {
        onOpen: () => good.opens++,
        onMessage: () => undefined,
        onClose: () => good.closes++,
      });
      await until(() => seen.callers.length === 2 && good.opens === 1);
      socket.write(Uint8Array.of(2, 0, 0, 0, 0x7b, 0x7d));
      await until(() => seen.closes.length === 1);
      expect(seen.closes).toEqual(['a frame is no message of this protocol']);
      expect(good.closes).toBe(0);
      link.close();
    });
  });

  it('says that a caller which does not read is behind, and gives it up before it costs much', async () => {
    await withListener(async (address, seen) => {
      const socket = connect(address);
      socket.on('error', () => undefined).pause();
      socket.write(framed(hello));
      await until(() => seen.callers.length === 1);
      const [caller] = seen.callers;
      expect(caller!.isBehind).toBe(false);
      const update: FromWorker = { type: 'loading', phase: 'x'.repeat(4 * 1024 * 1024), fraction: 0 };
      caller!.send(update);
      await bed.pass();
      expect(caller!.isBehind).toBe(true);
      for (let count = 0; count < 20 && seen.closes.length === 0; count++) {
        caller!.send(update);
        await bed.pass();
      }
      expect(seen.closes).toEqual(['the caller does not read']);
      socket.destroy();
    });
  });

  it('refuses an address that cannot be, with HOST-604 and without a path', async () => {
    const failure = await bed.listener
      .listen(join(scratch, 'none', 'x.sock'), copy, () => ({
        onMessage: () => undefined,
        onClose: () => undefined,
      }))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StowageError);
    expect(failure).toMatchObject({ code: 'HOST-604' });
    expect((failure as Error).message).not.toContain(scratch);
  });

  it('writes the messages of one turn at once', async () => {
    const address = nextAddress();
    let pieces = 0;
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        pieces++;
        if (pieces > 1 || bytes.length === 0) return;
        const writer = new FrameWriter<FromWorker>();
        writer.push({ type: 'hello', protocol: protocolVersion, copy, pid: 1 });
        socket.write(writer.take());
      });
    });
    await new Promise<void>((resolve) => server.listen(address, resolve));
    let isClosed = false;
    const link = bed.dialer.dial(address, copy, {
      onOpen: () => {
        for (let stream = 0; stream < 100; stream++) link.send({ type: 'cancel', streams: [stream] });
      },
      onMessage: () => undefined,
      onClose: () => (isClosed = true),
    });
    await until(() => pieces === 2);
    link.close();
    await until(() => isClosed);
    expect(pieces).toBe(2);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('does not let a caller send a frame longer than the limit', async () => {
    await withListener(async (address, seen) => {
      let closed: string | null = null;
      let isOpen = false;
      const link = bed.dialer.dial(address, copy, {
        onOpen: () => (isOpen = true),
        onMessage: () => undefined,
        onClose: (reason) => (closed = reason),
      });
      await until(() => isOpen);
      link.send({ type: 'x'.repeat(frameBytesMax) as 'drain' });
      expect(closed).toMatch(/longer than/);
      await until(() => seen.closes.length === 1);
    });
  });
});
