import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { scale } from './change.js';
import { ExitCode } from './exit-code.js';
import type { Session } from './session.js';

/** A server with one component of four copies, whose number follows its bounds after the second look. */
const called: string[] = [];
let copies = 4;
const server = createServer((request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  called.push(operation);
  const looks = called.filter((one) => one === 'DescribeInferenceComponent').length;
  if (called.includes('RegisterScalableTarget') && looks > 2) copies = 1;
  const runtime = { DesiredCopyCount: copies, CurrentCopyCount: copies };
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(
    JSON.stringify({
      ...{ InferenceComponentName: 'x', EndpointName: 'demo', InferenceComponentStatus: 'InService' },
      RuntimeConfig: runtime,
    }),
  );
});
let endpointUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  called.length = 0;
  copies = 4;
});
afterAll(() => void server.close());

const said: string[] = [];
const session = {
  terminal: { isLive: false, say: (line: string) => said.push(line) },
  environment: { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'b' },
  mayAsk: false,
} as unknown as Session;
const flags = () => ({ endpointUrl, wait: true, timeout: 20 });

it('a bound that ends live copies is asked about before anything is changed', async () => {
  await expect(scale('component/x', { ...flags(), max: 1 }, session)).rejects.toMatchObject({
    code: 'USE-640',
    message: expect.stringContaining('ends 3 of 4 live copies') as string,
    mend: expect.stringContaining('`stowage scale component/x --max 1 --confirm=x`') as string,
  });
  expect(called).toEqual(['DescribeInferenceComponent']);
});

it('with a yes it is waited for until the copies are within the bounds', async () => {
  expect(await scale('component/x', { ...flags(), max: 1, yes: true }, session)).toBe(ExitCode.Ok);
  expect(copies).toBe(1);
  expect(said.at(-1)).toBe('component/x scales to 1 copies');
});

it('nobody asks about a bound that ends none', async () => {
  expect(await scale('component/x', { ...flags(), max: 4, min: 1 }, session)).toBe(ExitCode.Ok);
});
