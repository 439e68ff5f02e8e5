/** Fuzzed requests on SageMaker's addresses: nobody's request makes a 5xx, a crash, or a server that stops. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createOpenAiBodies } from '../../src/api/openai/front-end.js';
import { createSageMakerFrontEnd } from '../../src/api/sagemaker/front-end.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { sendRaw, statusesOf } from './raw-http.js';
import { answerTokens, Script, ScriptedServing, wordsOf } from './scripted-serving.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const serving = new ScriptedServing({ inline: Script.Words });
let listener: WireListener;

beforeAll(async () => {
  const openAiBodies = createOpenAiBodies({
    serving,
    clock: systemClock,
    random: systemRandom,
    homeRegion: 'us-east-1',
  });
  const frontEnd = createSageMakerFrontEnd({
    serving,
    random: systemRandom,
    homeRegion: 'us-east-1',
    openAiBodies,
  });
  listener = await startWireListener([frontEnd], {}, { clock: new VirtualClock() });
});
afterAll(async () => {
  // Time stands still for the listener: this ends only if every exchange has ended by itself.
  await listener.close(1);
  expect(listener.log.errors).toEqual([]);
});

const invocations = '/endpoints/apex/invocations';
const paths = fc.constantFrom(
  invocations,
  '/endpoints/apex/invocations-response-stream',
  '/endpoints/apex/async-invocations',
  '/endpoints/%00/invocations',
  '/endpoints//invocations',
  '/endpoints/__proto__/invocations',
  '/endpoints/nope/invocations',
  '/',
);

/** Sends one request and returns the status it is answered with. */
async function statusOf(
  path: string,
  headers: readonly (readonly [string, string])[],
  body: string,
): Promise<number> {
  const bytes = Buffer.from(body);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head =
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearerKey}\r\n${lines}` +
    `connection: close\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  const received = await sendRaw(listener.port, Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  return statusesOf(received)[0] ?? 0;
}

async function expectServing(): Promise<void> {
  const response = await fetch(listener.url + invocations, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearerKey}`, 'content-type': 'application/json' },
    body: '{"inputs":"a"}',
  });
  expect(await response.json()).toEqual({ generated_text: wordsOf(answerTokens) });
}

const parameterFields = fc.record(
  {
    do_sample: fc.boolean(),
    seed: fc.oneof(fc.integer(), fc.double()),
    temperature: fc.double(),
    top_k: fc.integer({ min: -3, max: 50 }),
    top_p: fc.double({ min: 0, max: 1, noNaN: true }),
    max_new_tokens: fc.integer({ min: -1, max: 20 }),
    details: fc.boolean(),
    return_full_text: fc.boolean(),
    stop: fc.oneof(fc.string(), fc.array(fc.string())),
    suffix: fc.string({ unit: 'binary' }),
    logit_bias: fc.dictionary(fc.string(), fc.double()),
    ignore_eos: fc.boolean(),
    best_of: fc.nat(3),
  },
  { requiredKeys: [] },
);
const bodies = fc.oneof(
  fc
    .record(
      {
        inputs: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 70 }), fc.nat()),
        parameters: fc.oneof(parameterFields, fc.jsonValue()),
        stream: fc.boolean(),
        prompt: fc.oneof(fc.string(), fc.array(fc.string())),
        messages: fc.array(fc.record({ role: fc.constantFrom('user', 'x'), content: fc.string() })),
        max_tokens: fc.nat(20),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
  fc.record({ inputs: fc.string(), parameters: parameterFields }).map((fields) => JSON.stringify(fields)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
  fc.constant(`{"inputs":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
);

it('any body on any address is answered below 500, and completely', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(paths, bodies, async (path, body) => {
      const status = await statusOf(path, [['content-type', 'application/json']], body);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      statuses.add(status);
    }),
    { numRuns: 500 },
  );
  // The fuzz is worth something only if it gets past the door.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]));
  await expectServing();
});

it('any headers of this wire are answered below 500', async () => {
  const statuses = new Set<number>();
  const names = fc.constantFrom(
    'content-type',
    'accept',
    'x-amz-target',
    'x-amzn-sagemaker-accept',
    'x-amzn-sagemaker-custom-attributes',
    'x-amzn-sagemaker-target-model',
    'x-amzn-sagemaker-target-variant',
    'x-amzn-sagemaker-inference-id',
    'x-amzn-sagemaker-inference-component',
    'x-amzn-sagemaker-session-id',
    'x-amzn-sagemaker-prefix-aware-id',
    'x-amzn-sagemaker-requestttlseconds',
  );
  const values = fc.oneof(
    fc.constantFrom('application/json', 'AllTraffic', 'NEW_SESSION', 'inline', '', '\t', '60', '\u007f', 'é'),
    fc.constantFrom('a'.repeat(63), 'a'.repeat(1025), 'a-'.repeat(2000), 'SageMaker.CreateModel'),
    fc.string({ unit: 'binary-ascii', maxLength: 40 }),
    fc.string({ unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)) }),
  );
  await fc.assert(
    fc.asyncProperty(paths, fc.array(fc.tuple(names, values), { maxLength: 4 }), async (path, headers) => {
      const status = await statusOf(path, headers, '{"inputs":"a"}');
      // Line ends in a value make two requests of one, or one that is not HTTP and is answered with 400.
      expect(status).toBeLessThan(500);
      statuses.add(status);
    }),
    { numRuns: 500 },
  );
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  await expectServing();
});
