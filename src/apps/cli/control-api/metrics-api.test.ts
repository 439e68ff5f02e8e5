import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openMetricsApi } from './metrics-api.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-profile-'));
const signers: string[] = [];
const server = createServer((request, response) => {
  signers.push(request.headers.authorization ?? '');
  response.end(JSON.stringify({ Metrics: [] }));
});
let url = '';

beforeAll(async () => {
  const file = join(folder, 'credentials');
  writeFileSync(file, '[team]\naws_access_key_id = OFTEAM\naws_secret_access_key = secret\n');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => signers.splice(0));
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const connectionOf = (profile: string) => ({
  ...{ url, region: 'us-east-1', credentials: null, localDataFolder: null },
  profile,
});

it('signs with the access key of a profile', async () => {
  await openMetricsApi(connectionOf('team')).list('Stowage/Billing', 'Cost', 'Key');
  expect(signers).toEqual([expect.stringContaining('Credential=OFTEAM/')]);
});

it('says so when the AWS tools know no such profile', async () => {
  const asked = openMetricsApi(connectionOf('nobody')).list('Stowage/Billing', 'Cost', 'Key');
  await expect(asked).rejects.toMatchObject({ code: 'KEY-400' });
  expect(signers).toEqual([]);
});
