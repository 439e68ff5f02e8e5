import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Session } from '../session.js';
import { connectionOf } from './connection.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-connection-'));
writeFileSync(
  join(folder, 'credentials'),
  '[default]\naws_access_key_id = FOLDER\naws_secret_access_key = secret\n',
);
writeFileSync(join(folder, 'keys.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sessionOf = (environment: Record<string, string>) => ({ environment }) as unknown as Session;
const own = { STOWAGE_DATA_DIR: folder };
const aws = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'secret' };

it.each([
  [
    'this machine’s server',
    {},
    own,
    { url: 'http://127.0.0.1:8080', region: 'us-east-1', localDataFolder: folder },
  ],
  ['the folder’s key', {}, own, { credentials: { accessKeyId: 'FOLDER', secretAccessKey: 'secret' } }],
  [
    'the environment’s key',
    {},
    { ...own, ...aws },
    { credentials: { accessKeyId: 'ENV', secretAccessKey: 'secret' } },
  ],
  ['a profile', { profile: 'p' }, { ...own, ...aws }, { credentials: null, profile: 'p' }],
  [
    'another server',
    { endpointUrl: 'https://a.example' },
    own,
    { url: 'https://a.example', localDataFolder: null },
  ],
  ['AWS', { endpointUrl: 'aws' }, own, { url: null, credentials: null, localDataFolder: null }],
  [
    'the AWS tools’ address',
    {},
    { ...own, AWS_ENDPOINT_URL_SAGEMAKER: 'http://b.example' },
    { url: 'http://b.example' },
  ],
  [
    'our address first',
    {},
    { ...own, STOWAGE_ENDPOINT_URL: 'http://c', AWS_ENDPOINT_URL_SAGEMAKER: 'http://b' },
    { url: 'http://c' },
  ],
  ['a region', { region: 'r-1' }, { ...own, AWS_REGION: 'r-2' }, { region: 'r-1' }],
  [
    'a region of the environment',
    {},
    { ...own, STOWAGE_REGION: 'r-3', AWS_REGION: 'r-2' },
    { region: 'r-3' },
  ],
])('%s is meant', (_, flags, environment, expected) => {
  expect(connectionOf(flags, sessionOf(environment))).toMatchObject(expected);
});

it('without a key of its own it signs with what the AWS tools keep in files', () => {
  const environment = {
    STOWAGE_DATA_DIR: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  expect(connectionOf({}, sessionOf(environment))).toMatchObject({ credentials: null, profile: null });
});

it('without any key nobody is asked', () => {
  const nowhere = { STOWAGE_DATA_DIR: join(folder, 'none') };
  expect(() => connectionOf({}, sessionOf(nowhere))).toThrow(expect.objectContaining({ code: 'KEY-400' }));
});
