/** What the listener does with bodies and with what is not proper HTTP, over real sockets. */
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Authenticator, CredentialedRequest } from '../../src/contracts/identity.js';
import { StowageError } from '../../src/domain/errors.js';
import { bodyBytesMax, dialect, echo, streaming } from './plain-dialect.js';
import { post, sendRaw, statusesOf } from './raw-http.js';
import { bearerAuthenticator, bearerKey, startWireListener, type WireListener } from './wire-listener.js';

let listener: WireListener | undefined;
afterEach(async () => {
  await listener?.close(0);
  listener = undefined;
});

describe('bodies', () => {
  it('are given to the dialect as received, of a declared length or in chunks', async () => {
    listener = await startWireListener([dialect(echo)]);
    const { port } = listener;
    const chunked = post(
      '/',
      { 'transfer-encoding': 'chunked', connection: 'close' },
      '3\r\nab\n\r\n2\r\ncd\r\n0\r\n\r\n',
    );
    expect(await sendRaw(port, chunked)).toContain('\r\n\r\nab\ncd');
    const declared = post('/', { 'content-length': '4', connection: 'close' }, 'wxyz');
    expect(await sendRaw(port, declared)).toContain('\r\n\r\nwxyz');
  });

  it('are refused with REQ-211 at the declared length, before they are sent', async () => {
    listener = await startWireListener([dialect(echo)]);
    const head = post('/', { 'content-length': String(bodyBytesMax + 1), expect: '100-continue' });
    const received = await sendRaw(listener.port, head + 'x'.repeat(bodyBytesMax + 1));
    expect(statusesOf(received)).toEqual([413]);
    expect(received).toContain('REQ-211');
  });

  it('are refused with REQ-211 when the chunks become too many, and the caller sees the answer', async () => {
    listener = await startWireListener([dialect(echo)]);
    const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
    const body = `${chunk.repeat(8)}0\r\n\r\n`;
    const received = await sendRaw(listener.port, post('/', { 'transfer-encoding': 'chunked' }, body));
    expect(statusesOf(received)).toEqual([413]);
  });

  it('are asked for when the caller expects that', async () => {
    listener = await startWireListener([dialect(echo)]);
    const request = post('/', { 'content-length': '2', expect: '100-continue', connection: 'close' }, 'ab');
    expect(statusesOf(await sendRaw(listener.port, request))).toEqual([100, 200]);
    const unknown = post('/', { 'content-length': '2', expect: 'miracles' }, 'ab');
    expect(statusesOf(await sendRaw(listener.port, unknown))).toEqual([400]);
  });

  it('are not read of callers that their headers alone refuse', async () => {
    let authenticated = 0;
    const authenticator: Authenticator = {
      precheck: refuseWithoutKey,
      authenticate: () => {
        authenticated += 1;
        return { keyId: 'wire', account: '123456789012', region: null };
      },
    };
    const guarded = { ...dialect(echo), route: () => ({ action: 'test:Do', bodyBytesMax, handle: echo }) };
    listener = await startWireListener([guarded], {}, { authenticator });
    const body = 'x'.repeat(100_000);
    const headers = { 'content-length': '100000', expect: '100-continue', connection: 'close' };
    const received = await sendRaw(listener.port, post('/', headers, body));
    expect(statusesOf(received)).toEqual([503]);
    expect(received).toContain('KEY-400');
    expect(authenticated).toBe(0);
    const known = await sendRaw(listener.port, post('/', { ...headers, authorization: 'a' }, body));
    expect(statusesOf(known)).toEqual([100, 200]);
    expect(authenticated).toBe(1);
  });

  it('of refused callers take no room from others while they are on their way', async () => {
    const authenticator: Authenticator = { ...bearerAuthenticator, precheck: refuseWithoutKey };
    const guarded = { ...dialect(echo), route: () => ({ action: 'test:Do', bodyBytesMax, handle: echo }) };
    listener = await startWireListener([guarded], { heldBytesMax: 100 }, { authenticator });
    const { port, url } = listener;
    const unfinished = `5a\r\n${'x'.repeat(90)}\r\n`;
    const sockets = await Promise.all(
      Array.from({ length: 4 }, () => answeredSocket(port, chunkedHead + unfinished)),
    );
    const headers = { authorization: `Bearer ${bearerKey}` };
    const answer = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(90) });
    expect(answer.status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('that never become complete reach no dialect', async () => {
    let calls = 0;
    listener = await startWireListener([dialect(() => void (calls += 1))], {
      requestMsMax: 200,
      headersMsMax: 200,
    });
    const received = await sendRaw(listener.port, post('/', { 'content-length': '10' }, 'abc'));
    expect(statusesOf(received)).toEqual([408]);
    expect(calls).toBe(0);
  });

  it('are refused with CAP-104 when all that is held is too much', async () => {
    const { handler, opened } = streaming();
    listener = await startWireListener([dialect(handler)], { heldBytesMax: 100 });
    const held = sendRaw(
      listener.port,
      post('/', { 'content-length': '99', connection: 'close' }, 'x'.repeat(99)),
    );
    const [, writer] = await opened;
    const refused = await fetch(listener.url, { method: 'POST', body: 'yy' });
    expect(refused.status).toBe(503);
    expect(await refused.text()).toBe('CAP-104');
    writer.end();
    await held;
    expect((await fetch(listener.url, { method: 'POST', body: 'yy' })).status).toBe(200);
  });
});

const chunkedHead = post('/', { 'transfer-encoding': 'chunked' });

function refuseWithoutKey({ authorization }: CredentialedRequest['headers']): void {
  if (authorization === undefined) throw StowageError.of('KEY-400', { problem: 'none' });
}

/** A socket that sent these bytes and got the beginning of an answer. */
function answeredSocket(port: number, bytes: string): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => undefined);
    socket.once('data', () => resolve(socket));
  });
}

describe('what is not proper HTTP', () => {
  const malformed: readonly (readonly [what: string, bytes: string, statuses: readonly number[]])[] = [
    ['noise', '\x00\xff\xfe\r\n\r\n', [400]],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01', [400]],
    ['two lengths', post('/', { 'content-length': '1', 'Content-Length': '2' }, 'ab'), [400]],
    [
      'a length and chunks',
      post('/', { 'content-length': '3', 'transfer-encoding': 'chunked' }, 'abc'),
      [400],
    ],
    ['a negative length', post('/', { 'content-length': '-5' }), [400]],
    ['a chunk length that is none', post('/', { 'transfer-encoding': 'chunked' }, 'zz\r\n'), [400]],
    ['more body than declared', post('/', { 'content-length': '1' }, 'abc\r\n\r\n'), [200, 400]],
    ['a head that is too large', post('/', { 'x-large': 'y'.repeat(40_000) }), [431]],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
  ];
  it.each(malformed)('%s is answered and closed, and the server serves on', async (_, bytes, statuses) => {
    listener = await startWireListener([dialect(echo)]);
    const first = statusesOf(await sendRaw(listener.port, bytes));
    expect(first.slice(-1)).toEqual(statuses.slice(-1));
    expect((await fetch(listener.url)).status).toBe(200);
    expect(listener.log.errors).toEqual([]);
  });

  it('does not write into an answer that is on its way', async () => {
    const { handler, opened } = streaming();
    listener = await startWireListener([dialect(handler)]);
    const received = sendRaw(listener.port, `${post('/', { 'content-length': '0' })}noise\r\n\r\n`);
    const [, writer] = await opened;
    writer.end('whole');
    expect(statusesOf(await received).length).toBeLessThanOrEqual(1);
  });
});
