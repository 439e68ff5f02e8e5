/** The listener's requests, its streams and its end, over real sockets. */
import https from 'node:https';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import type { FrontEnd, StreamWriter } from '../../src/api/http/exchange.js';
import { createListener } from '../../src/api/http/listener.js';
import { asStowageError } from '../../src/domain/errors.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { bodyBytesMax, dialect, echo, type Handler, streaming } from './plain-dialect.js';
import { post, sendRaw, statusesOf } from './raw-http.js';
import { selfSigned } from './self-signed.js';
import {
  bearerAuthenticator,
  bearerKey,
  RecordingLog,
  startWireListener,
  type WireListener,
} from './wire-listener.js';

let listener: WireListener | undefined;
afterEach(async () => {
  await listener?.close(0);
  listener = undefined;
});

describe('requests', () => {
  it('on one connection are answered in their order, and refusals keep the connection', async () => {
    listener = await startWireListener([dialect(echo)]);
    const keep = { 'content-length': '2' };
    const requests = [
      post('/', keep, 'aa'),
      post('/nowhere', keep, 'bb'),
      post('/', { ...keep, connection: 'close' }, 'cc'),
    ];
    expect(statusesOf(await sendRaw(listener.port, requests.join('')))).toEqual([200, 503, 200]);
  });

  it('carry ids of ours, with the caller’s behind if it is a proper one', async () => {
    listener = await startWireListener([dialect((exchange) => exchange.respond(200, {}, exchange.id))]);
    const { url } = listener;
    const idOf = async (sent: string): Promise<string> => {
      const response = await fetch(url, { headers: { 'x-request-id': sent } });
      expect(response.headers.get('x-request-id')).toBe(await response.clone().text());
      return response.text();
    };
    const named = await idOf('trace-1.a');
    expect(named).toMatch(/^[a-z0-9-]+\.trace-1\.a$/);
    const spaced = await idOf('not proper');
    expect(spaced).toMatch(/^[a-z0-9-]+$/);
    expect(await idOf('trace-1.a')).not.toBe(named);
  });

  it('beyond the limit are refused with CAP-103 and answered again when others have ended', async () => {
    const { handler, opened } = streaming();
    listener = await startWireListener([dialect(handler)], { openRequestsMax: 1 });
    const first = fetch(listener.url);
    const [, writer] = await opened;
    const second = await fetch(listener.url);
    expect(await second.text()).toBe('CAP-103');
    writer.end();
    await (await first).text();
    expect((await fetch(listener.url)).status).toBe(200);
  });

  it('need credentials where the route names an action, and the right to it', async () => {
    const asked: unknown[] = [];
    const guarded: FrontEnd = {
      ...dialect(echo),
      route: () => ({ action: 'test:Do', bodyBytesMax, handle: echo }),
      encodeError: (thrown) => ({ status: 401, headers: {}, body: asStowageError(thrown).code }),
    };
    listener = await startWireListener([guarded], {}, { authorize: (...question) => asked.push(question) });
    expect(await (await fetch(listener.url)).text()).toBe('KEY-400');
    const headers = { authorization: 'Bearer sk-wire-test' };
    expect((await fetch(`${listener.url}/a?b`, { headers })).status).toBe(200);
    expect(asked).toEqual([[{ keyId: 'wire', account: '123456789012', region: null }, 'test:Do', '/a']]);
  });
});

it('each request is one line of the log when it has ended, at info when its answer is an error', async () => {
  const { handler, opened } = streaming();
  const guarded: FrontEnd = {
    ...dialect(echo),
    route: (_, path) =>
      path.startsWith('/nowhere')
        ? undefined
        : { action: 'test:Do', bodyBytesMax, handle: path === '/stream' ? handler : echo },
  };
  const started = await startWireListener([guarded]);
  const headers = { authorization: `Bearer ${bearerKey}` };
  const call = async (path: string, body?: string): Promise<string> =>
    (await fetch(started.url + path, { method: 'POST', headers, body: body ?? '' })).text();
  await call('/whole', 'é!');
  await call(`/nowhere/${'x'.repeat(300)}`);
  const streamed = call('/stream');
  const [, writer] = await opened;
  writer.write('é');
  setImmediate(() => writer.end(Buffer.from('four')));
  await streamed;
  await started.close(1000);
  const lines = started.log.lines.filter(({ message }) => message === 'request-ended');
  const facts = { request: expect.any(String) as string, key: 'wire', ms: expect.any(Number) as number };
  expect(lines).toMatchObject([
    { level: 'debug', facts: { ...facts, path: '/whole', status: 200, bytes: 3 } },
    { level: 'info', facts: { ...facts, key: 'nobody', status: 503, bytes: 'NAME-406'.length } },
    { level: 'debug', facts: { ...facts, path: '/stream', status: 200, bytes: 6 } },
  ]);
  expect((lines[1]?.facts as { path: string }).path).toHaveLength(200);
});

describe('handlers that break', () => {
  it.each([
    [
      'throw',
      () => {
        throw new Error('defect');
      },
    ],
    ['reject', () => Promise.reject(new Error('defect'))],
  ] as readonly (readonly [string, Handler])[])(
    'and %s are answered in the dialect’s shape and logged',
    async (_, handler) => {
      listener = await startWireListener([dialect(handler)]);
      const response = await fetch(listener.url);
      expect(await response.text()).toBe('INT-500');
      expect(listener.log.errors).toHaveLength(1);
    },
  );

  it('cut the answer off when its head was sent', async () => {
    listener = await startWireListener([
      dialect((exchange) => {
        exchange.openStream(200, {}).write('half');
        return new Promise((_, reject) => setImmediate(() => reject(new Error('defect'))));
      }),
    ]);
    const response = await fetch(listener.url);
    await expect(response.text()).rejects.toThrow();
  });

  it('and answer twice, or with a header that is none, hurt nobody else', async () => {
    listener = await startWireListener([
      dialect((exchange) => {
        if (exchange.path === '/header') exchange.respond(200, { 'x-a': 'b\r\nc: d' }, 'x');
        else exchange.respond(200, {}, 'first');
        exchange.respond(200, {}, 'second');
      }),
    ]);
    expect(await (await fetch(listener.url)).text()).toBe('first');
    const broken = await fetch(`${listener.url}/header`);
    expect(broken.status).toBe(500);
    expect(broken.headers.get('c')).toBeNull();
  });
});

describe('streams', () => {
  it('send what is written in one tick as one chunk', async () => {
    listener = await startWireListener([
      dialect((exchange) => {
        const writer = exchange.openStream(200, {});
        for (const piece of ['a', 'b', 'é', 'd']) writer.write(piece);
        writer.write(Buffer.from('e'));
        writer.write('f');
        setImmediate(() => writer.end('g'));
      }),
    ]);
    const received = await sendRaw(listener.port, post('/', { 'content-length': '0', connection: 'close' }));
    expect(received.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toBe(
      '7\r\nab\xc3\xa9def\r\n1\r\ng\r\n0\r\n\r\n',
    );
  });

  it('tell the dialect when the caller goes away, once, and take no more', async () => {
    const { handler, opened } = streaming();
    listener = await startWireListener([dialect(handler)]);
    const abort = new AbortController();
    const response = fetch(listener.url, { signal: abort.signal });
    const [exchange, writer] = await opened;
    const gone = new Promise<void>((resolve) => exchange.onClientGone(resolve));
    writer.write('a');
    await response;
    abort.abort();
    await gone;
    writer.write('b');
    writer.end();
    expect(listener.log.errors).toEqual([]);
  });

  it('do not tell that the caller is gone after a whole answer', async () => {
    let gone = 0;
    listener = await startWireListener([
      dialect((exchange) => {
        exchange.onClientGone(() => void (gone += 1));
        exchange.openStream(200, {}).end('whole');
      }),
    ]);
    expect(await (await fetch(listener.url)).text()).toBe('whole');
    await listener.close(1000);
    listener = undefined;
    expect(gone).toBe(0);
  });

  it('are behind while the reader takes nothing, and say when it has caught up', async () => {
    const { handler, opened } = streaming();
    listener = await startWireListener([dialect(handler)], { streamBufferBytesMax: 65_536 });
    const socket = net.connect(listener.port, '127.0.0.1');
    socket.pause();
    socket.write(post('/', { 'content-length': '0' }));
    const [, writer] = await opened;
    await fillUntilBehind(writer);
    const caughtUp = new Promise<void>((resolve) => writer.onCaughtUp(resolve));
    socket.resume();
    await caughtUp;
    expect(writer.isBehind).toBe(false);
    socket.destroy();
  });

  it('cut off a reader that takes nothing for too long, and no other', async () => {
    const clock = new VirtualClock();
    const slow = streaming();
    const quick = streaming();
    const handler: Handler = (exchange) => (exchange.path === '/slow' ? slow : quick).handler(exchange);
    listener = await startWireListener(
      [dialect(handler)],
      { streamBufferBytesMax: 65_536, slowReaderMsMax: 30_000 },
      { clock },
    );
    const socket = net.connect(listener.port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write(post('/slow', { 'content-length': '0' }));
    const quickAnswer = fetch(`${listener.url}/quick`);
    const [slowExchange, slowWriter] = await slow.opened;
    const [, quickWriter] = await quick.opened;
    const gone = new Promise<string>((resolve) => slowExchange.onClientGone(() => resolve('gone')));
    await fillUntilBehind(slowWriter);
    clock.advance(22_500);
    expect(await Promise.race([gone, nextTurn('still there')])).toBe('still there');
    clock.advance(22_500);
    expect(await gone).toBe('gone');
    const warnings = listener.log.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ facts: { request: slowExchange.id, code: 'RUN-307' } }]);
    quickWriter.end('done');
    expect(await (await quickAnswer).text()).toBe('done');
    socket.destroy();
  });
});

describe('closing', () => {
  it('lets open answers end, refuses new requests, then resolves', async () => {
    const { handler, opened } = streaming();
    const started = await startWireListener([dialect(handler)]);
    const agentless = fetch(started.url);
    const [, writer] = await opened;
    const kept = net.connect(started.port, '127.0.0.1');
    await new Promise<void>((resolve) => kept.once('connect', () => resolve()));
    const closing = started.close(10_000);
    kept.write(post('/', { 'content-length': '0' }));
    const refused = await new Promise<string>((resolve) =>
      kept.once('data', (data) => resolve(String(data))),
    );
    expect(refused).toContain('COLD-503');
    writer.end('whole');
    expect(await (await agentless).text()).toBe('whole');
    await closing;
    await expect(fetch(started.url)).rejects.toThrow();
  });

  it('cuts off what is still open after the grace', async () => {
    const clock = new VirtualClock();
    const { handler, opened } = streaming();
    const started = await startWireListener([dialect(handler)], {}, { clock });
    const response = fetch(started.url);
    const [exchange] = await opened;
    const gone = new Promise<void>((resolve) => exchange.onClientGone(resolve));
    const body = (await response).text();
    const closing = started.close(5_000);
    clock.advance(5_000);
    await gone;
    await closing;
    await expect(body).rejects.toThrow();
  });
});

describe('addresses', () => {
  it('other than loopback need TLS, and taken ones are named', async () => {
    const bare = createListener({
      frontEnds: [dialect(echo)],
      authenticator: bearerAuthenticator,
      authorize: () => undefined,
      clock: systemClock,
      random: systemRandom,
      log: new RecordingLog(),
    });
    await expect(bare.start('0.0.0.0', 0)).rejects.toMatchObject({ code: 'HOST-604' });
    listener = await startWireListener([dialect(echo)]);
    await expect(bare.start('127.0.0.1', listener.port)).rejects.toMatchObject({
      code: 'HOST-604',
      mend: expect.stringContaining('STOWAGE_PORT') as string,
    });
  });
});

it('speaks TLS when it has a certificate, and survives callers that do not', async () => {
  const tls = selfSigned();
  listener = await startWireListener([dialect(echo)], {}, { tls });
  const { port } = listener;
  expect(statusesOf(await sendRaw(port, post('/', { 'content-length': '0' })))).not.toContain(200);
  await sendRaw(port, 'x', true);
  const status = await new Promise((resolve, reject) => {
    https
      .get({ host: '127.0.0.1', port, ca: tls.cert, servername: 'localhost', agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });
  expect(status).toBe(200);
});

/** Writes, one piece per turn, until the reader is behind. */
async function fillUntilBehind(writer: StreamWriter): Promise<void> {
  while (!writer.isBehind) {
    writer.write('x'.repeat(65_536));
    await nextTurn(undefined);
  }
}

function nextTurn<Value>(value: Value): Promise<Value> {
  return new Promise((resolve) => setImmediate(() => resolve(value)));
}
