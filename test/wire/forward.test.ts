/** Requests that another process answers: whole, with the caller's own headers, and waited for while it restarts. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import type { FrontEnd } from '../../src/api/http/exchange.js';
import { createForwardFrontEnd, Forwarder } from '../../src/api/http/forward.js';
import { asStowageError } from '../../src/domain/errors.js';
import { bearerKey, startWireListener } from './wire-listener.js';

const credentials = { authorization: `Bearer ${bearerKey}` };

let folder: string;
let socketPath: string;
let behind: http.Server | null;
let listener: Awaited<ReturnType<typeof startWireListener>>;
let seen: { method: string; target: string; headers: http.IncomingHttpHeaders; body: string }[];

/** What is forwarded: everything below `/there`. */
const dialect: FrontEnd = {
  name: 'there',
  encodeError: (error) => {
    const { code, row } = asStowageError(error);
    return { status: row.retryable ? 503 : 400, headers: { 'x-from': 'dialect' }, body: code };
  },
  route: (_, path) =>
    path.startsWith('/there') ? { action: 'test:Do', bodyBytesMax: 100, handle: () => undefined } : undefined,
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forward-'));
  socketPath = join(folder, 'there.sock');
  seen = [];
  behind = null;
  const forwarder = new Forwarder({ socketPath, clock: systemClock });
  const parts = {
    forwarder,
    action: 'test:Do',
    mayRepeat: ({ method }: { method: string }) => method === 'GET',
  };
  listener = await startWireListener([createForwardFrontEnd(dialect, parts)]);
});
afterEach(async () => {
  await listener.close(0);
  behind?.closeAllConnections();
  await new Promise((resolve) => (behind === null ? resolve(null) : behind.close(resolve)));
  rmSync(folder, { recursive: true });
});

/** The process behind, which answers so. */
function answerWith(answer: (response: http.ServerResponse, count: number) => void): Promise<void> {
  behind = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ method: request.method!, target: request.url!, headers: request.headers, body });
      answer(response, seen.length);
    });
  });
  return new Promise((resolve) => behind!.listen(socketPath, resolve));
}

it('sends on method, target, headers and body, and brings back status, headers and body', async () => {
  await answerWith((response) =>
    response.writeHead(418, { 'content-type': 'text/x', 'x-a': '1' }).end('teapot'),
  );
  const response = await fetch(`${listener.url}/there/a%20b?c=%2F&d`, {
    method: 'POST',
    headers: { ...credentials, 'x-amz-target': 'S.Op' },
    body: 'the body',
  });
  expect([response.status, await response.text()]).toEqual([418, 'teapot']);
  expect(response.headers.get('content-type')).toBe('text/x');
  expect(response.headers.get('x-a')).toBe('1');
  expect(seen).toMatchObject([
    {
      method: 'POST',
      target: '/there/a%20b?c=%2F&d',
      body: 'the body',
      headers: { 'x-amz-target': 'S.Op', 'content-length': '8', host: new URL(listener.url).host },
    },
  ]);
});

it('waits while nobody listens, and sends the request on when somebody does', async () => {
  const pending = fetch(`${listener.url}/there`, { method: 'POST', headers: credentials });
  await answerWith((response) => response.end('now'));
  expect(await (await pending).text()).toBe('now');
});

it('repeats a request that broke off only when that does no harm', async () => {
  await answerWith((response, count) => (count === 1 ? response.destroy() : response.end('again')));
  const read = await fetch(`${listener.url}/there`, { headers: credentials });
  expect([read.status, await read.text()]).toEqual([200, 'again']);
  seen.length = 0;
  const write = await fetch(`${listener.url}/there`, { method: 'POST', headers: credentials });
  expect([write.status, await write.text(), write.headers.get('x-from')]).toEqual([
    503,
    'RUN-310',
    'dialect',
  ]);
  expect(seen).toHaveLength(1);
});

it('does not send on what the listener itself refuses', async () => {
  await answerWith((response) => response.end());
  const long = { method: 'POST', headers: credentials, body: 'x'.repeat(101) };
  expect(await (await fetch(`${listener.url}/there`, long)).text()).toBe('REQ-211');
  const nobody = await fetch(`${listener.url}/there`, { method: 'POST' });
  expect(await nobody.text()).toBe('KEY-400');
  expect(seen).toEqual([]);
});
