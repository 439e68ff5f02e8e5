/** Fuzzed requests on the OpenAI addresses: nobody's request makes a 5xx, a crash, or a server that stops. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createAdminFrontEnd } from '../../src/api/admin/front-end.js';
import { createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { sendRaw, statusesOf } from './raw-http.js';
import { Script, ScriptedServing, wordsOf } from './scripted-serving.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const serving = new ScriptedServing({ inline: Script.Words });
let listener: WireListener;

beforeAll(async () => {
  listener = await startWireListener(
    [
      createOpenAiFrontEnd({ serving, clock: systemClock, random: systemRandom, homeRegion: 'us-east-1' }),
      createAdminFrontEnd({ isReady: () => true, metricsText: () => '' }),
    ],
    {},
    { clock: new VirtualClock() },
  );
});
afterAll(async () => {
  // Time stands still for the listener: this ends only if every exchange has ended by itself.
  await listener.close(1);
  expect(listener.log.errors).toEqual([]);
});

/** The server answers a proper request as it should. */
async function expectServing(): Promise<void> {
  const response = await fetch(`${listener.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearerKey}` },
    body: '{"model":"inline","prompt":"a","max_tokens":2}',
  });
  expect(await response.json()).toMatchObject({ choices: [{ text: wordsOf(2) }] });
}

const paths = fc.oneof(
  fc.constantFrom(
    '/v1/completions',
    '/v1/chat/completions',
    '/v1/models',
    '/v1/models/x',
    '/health',
    '/metrics',
  ),
  fc.constantFrom(
    '/endpoints/apex/openai/v1/completions',
    '/endpoints/%00/openai/v1/models',
    '/%',
    '*',
    '/v1/%ff',
  ),
  fc.webPath(),
);
const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH');

const sensibleFields = fc.record(
  {
    model: fc.constantFrom('inline', 'apex/inline', 'nope', '', 'a/b/c'),
    prompt: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.array(fc.nat())),
    messages: fc.array(fc.record({ role: fc.constantFrom('user', 'system', 'x'), content: fc.string() })),
    stream: fc.boolean(),
    n: fc.integer({ min: -1, max: 20 }),
    max_tokens: fc.integer({ min: -1, max: 20 }),
    logprobs: fc.oneof(fc.boolean(), fc.nat(6)),
    stop: fc.oneof(fc.string(), fc.array(fc.string())),
    echo: fc.boolean(),
    temperature: fc.double(),
  },
  { requiredKeys: [] },
);
const bodies = fc.oneof(
  sensibleFields.map((fields) => JSON.stringify(fields)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
);

it('any method, path and body with a good key is answered below 500, and completely', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(methods, paths, bodies, async (method, path, body) => {
      const bytes = Buffer.from(body);
      const head =
        `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearerKey}\r\n` +
        `connection: close\r\ncontent-length: ${bytes.length}\r\n\r\n`;
      const received = await sendRaw(listener.port, Buffer.concat([Buffer.from(head), bytes]));
      const [status] = statusesOf(received);
      expect(status).toBeLessThan(500);
      statuses.add(status ?? 0);
    }),
    { numRuns: 500 },
  );
  // The fuzz is worth something only if it gets past the door.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404, 405]));
  await expectServing();
});

it('any headers are answered below 500', async () => {
  const names = fc.constantFrom(
    'authorization',
    'content-length',
    'transfer-encoding',
    'expect',
    'connection',
    'upgrade',
    'x-request-id',
    'content-type',
    'content-encoding',
    'host',
    'x-amz-date',
    'cookie',
  );
  const values = fc.oneof(
    fc.constantFrom(
      'chunked',
      '100-continue',
      'close',
      'keep-alive',
      'websocket',
      '-1',
      '5',
      '99999999999999999999',
    ),
    fc.constantFrom('Bearer ', `Bearer ${bearerKey}`, 'AWS4-HMAC-SHA256 Credential=', 'Basic eA=='),
    fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(names, values), { maxLength: 8 }),
      fc.string(),
      async (headers, body) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const request = `POST /v1/completions HTTP/1.1\r\n${lines}connection: close\r\n\r\n${body}`;
        for (const status of statusesOf(await sendRawThenEnd(request))) expect(status).toBeLessThan(500);
      },
    ),
    { numRuns: 400 },
  );
  await expectServing();
});

it('any bytes at all are answered below 500 or closed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
      for (const status of statusesOf(await sendRawThenEnd(bytes))) expect(status).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
  await expectServing();
});

/** As `sendRaw`, for requests that may lack their end: the caller closes its side after sending. */
function sendRawThenEnd(data: string | Uint8Array): Promise<string> {
  return sendRaw(listener.port, data, true);
}
