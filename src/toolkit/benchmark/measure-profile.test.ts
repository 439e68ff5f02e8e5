import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallTarget } from './call-dialect.js';
import { measureProfile } from './measure-profile.js';

const server = createServer((_, response) => response.writeHead(500).end('{}'));
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it('tells after each call how far it is, also of calls that fail', async () => {
  const told: number[] = [];
  const target = {
    url,
    api: 'openai',
    model: 'x',
    endpoint: null,
    chat: false,
    credentials: { kind: 'none' },
  };
  const { calls, failure } = await measureProfile(target as CallTarget, 3, 64, ({ ended, planned }) => {
    expect(planned).toBe(2 * 4 + 1 + 2 + 3);
    told.push(ended);
  });
  expect(failure).not.toBeNull();
  expect(told).toEqual(Array.from({ length: calls }, (_, index) => index + 1));
  expect(calls).toBe(14);
});
