/** Health and metrics over a real listener, with and without credentials. */
import { afterEach, expect, it } from 'vitest';
import { createAdminFrontEnd } from '../../src/api/admin/front-end.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

let listener: WireListener | undefined;
afterEach(async () => {
  await listener?.close(0);
});

it('health needs no credentials and says only whether all is ready and can be changed', async () => {
  let isReady = false;
  listener = await startWireListener([
    createAdminFrontEnd({ isReady: () => isReady, metricsText: () => '' }),
  ]);
  const starting = await fetch(`${listener.url}/health`);
  expect([starting.status, await starting.json()]).toEqual([
    503,
    { status: 'starting', control: 'reachable' },
  ]);
  isReady = true;
  for (const path of ['/health', '/ping']) {
    const response = await fetch(listener.url + path);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', control: 'reachable' }]);
  }
});

it('metrics need credentials', async () => {
  const metricsText = (): Promise<string> => Promise.resolve('stowage_up 1\n');
  listener = await startWireListener([createAdminFrontEnd({ isReady: () => true, metricsText })]);
  const refused = await fetch(`${listener.url}/metrics`);
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'KEY-400' }]);
  const headers = { authorization: `Bearer ${bearerKey}` };
  const response = await fetch(`${listener.url}/metrics`, { headers });
  expect(response.headers.get('content-type')).toContain('version=0.0.4');
  expect(await response.text()).toBe('stowage_up 1\n');
});
