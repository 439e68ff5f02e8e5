/** Fuzzed calls of the control plane: nobody's request makes a 5xx, reaches control unchecked, or stops the server. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCloudWatchCborFrontEnd } from '../../src/api/cloudwatch/cbor-front-end.js';
import { createCloudWatchFrontEnd } from '../../src/api/cloudwatch/front-end.js';
import { createCloudWatchQueryFrontEnd } from '../../src/api/cloudwatch/query-front-end.js';
import { createControlFrontEnd } from '../../src/api/sagemaker/control/front-end.js';
import { controlOperations } from '../../src/control/facade.js';
import { VirtualClock } from '../simulation/virtual-clock.js';
import { homeRegion, ScriptedControl } from './control-server.js';
import { sendRaw, statusesOf } from './raw-http.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const control = new ScriptedControl();
let listener: WireListener;

beforeAll(async () => {
  const parts = { control, homeRegion };
  listener = await startWireListener(
    [
      createCloudWatchFrontEnd(parts),
      createCloudWatchQueryFrontEnd(parts),
      createCloudWatchCborFrontEnd(parts),
      createControlFrontEnd(parts),
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

async function statusOf(
  path: string,
  headers: readonly string[],
  body: string | Uint8Array,
): Promise<number> {
  const bytes = Buffer.from(body);
  const head =
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearerKey}\r\n` +
    headers.map((line) => `${line}\r\n`).join('') +
    `connection: close\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  const received = await sendRaw(listener.port, Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  return statusesOf(received)[0] ?? 0;
}

const operations = fc.constantFrom(...controlOperations, 'CreateTrainingJob', '__proto__', 'constructor', '');
const services = fc.constantFrom('SageMaker.', 'GraniteServiceVersion20100801.', 'Other.', '');
const names = fc.constantFrom(
  ...['ModelName', 'EndpointName', 'EndpointConfigName', 'InferenceComponentName', 'AlarmName', 'AlarmNames'],
  ...['PrimaryContainer', 'Environment', 'ProductionVariants', 'Tags', 'Specification', 'Dimensions'],
  ...['__proto__', 'constructor', 'hasOwnProperty', '', '\0', 'a'.repeat(1000)],
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'a b', 0, -1, 1e300, null, true, ''),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const bodies = fc.oneof(
  { weight: 5, arbitrary: fc.dictionary(names, values, { maxKeys: 5 }).map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: values.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constantFrom('', '{}', `{"Tags":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) },
);

it('any body for any target is answered below 500', async () => {
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(services, operations, bodies, async (service, operation, body) => {
      const status = await statusOf('/', [`x-amz-target: ${service}${operation}`], body);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      statuses.add(status);
    }),
    { numRuns: 500 },
  );
  // The fuzz is worth something only if it gets past the door.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
  expect(control.calls.length).toBeGreaterThan(0);
});

it('any form and any CBOR is answered below 500', async () => {
  const form = ['content-type: application/x-www-form-urlencoded'];
  const field = fc.tuple(fc.array(fc.oneof(names, fc.constantFrom('member', '1'))), fc.string());
  await fc.assert(
    fc.asyncProperty(operations, fc.array(field), fc.uint8Array(), async (operation, fields, bytes) => {
      const entries = fields.map(([parts, text]): [string, string] => [parts.join('.'), text]);
      const body = new URLSearchParams([['Action', operation], ...entries]).toString();
      expect(await statusOf('/', form, body)).toBeLessThan(500);
      const path = `/service/GraniteServiceVersion20100801/operation/${encodeURIComponent(operation)}`;
      expect(await statusOf(path, [], bytes)).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
});

it('bodies that are too long are refused before they are read', async () => {
  const statuses = await Promise.all([
    statusOf('/', ['x-amz-target: SageMaker.CreateModel'], Buffer.alloc(1024 * 1024 + 1, ' ')),
    statusOf('/', ['content-type: application/x-www-form-urlencoded'], Buffer.alloc(256 * 1024 + 1, '&')),
  ]);
  expect(statuses).toEqual([400, 400]);
});

it('serves afterwards', async () => {
  control.calls.length = 0;
  expect(await statusOf('/', ['x-amz-target: SageMaker.ListModels'], '{}')).toBe(200);
  expect(control.calls).toMatchObject([{ operation: 'ListModels', input: {} }]);
});
