import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bearerKey, dataFolder, endpointUrl, homeRegion, portOf } from './data-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('where a command looks', () => {
  it('is the flag, then the environment, then the default', () => {
    expect(dataFolder('f', { STOWAGE_DATA_DIR: 'e' })).toBe(resolve('f'));
    expect(dataFolder(undefined, { STOWAGE_DATA_DIR: 'e' })).toBe(resolve('e'));
    expect(dataFolder(undefined, { STOWAGE_DATA_DIR: '' })).toBe(resolve('.stowage'));
    expect(portOf('1', { STOWAGE_PORT: '2' })).toBe(1);
    expect(portOf(undefined, { STOWAGE_PORT: '2' })).toBe(2);
    expect(portOf(undefined, {})).toBe(8080);
    expect(homeRegion('r', { STOWAGE_REGION: 'e' })).toBe('r');
    expect(homeRegion(undefined, { STOWAGE_REGION: 'e' })).toBe('e');
    expect(homeRegion(undefined, { STOWAGE_REGION: '' })).toBe('us-east-1');
    expect(endpointUrl('https://h/v1/', {})).toBe('https://h/v1');
    expect(endpointUrl(undefined, { STOWAGE_ENDPOINT_URL: 'http://e' })).toBe('http://e');
    expect(endpointUrl(undefined, { STOWAGE_PORT: '2' })).toBe('http://127.0.0.1:2');
  });

  it.each(['', 'x', '-1', '65536', '1.5', '0x10', '999999'])('is refused when the port is %j', (port) => {
    expect(() => portOf(port, {})).toThrowError(expect.objectContaining({ code: 'USE-640' }) as Error);
  });

  it.each(['', 'a/b', 'A', 'x'.repeat(33)])('is refused when the region is %j', (region) => {
    expect(() => homeRegion(region, {})).toThrowError(expect.objectContaining({ code: 'USE-640' }) as Error);
  });

  it.each(['', 'h', 'ftp://h', 'http://'])('is refused when the address is %j', (url) => {
    expect(() => endpointUrl(url, {})).toThrowError(expect.objectContaining({ code: 'USE-640' }) as Error);
  });
});

describe('the bearer key', () => {
  it('is the flag, then the environment, then the data folder’s, then none', () => {
    expect(bearerKey(undefined, folder, {})).toBeNull();
    writeFileSync(join(folder, 'api-key'), 'from-file\n');
    expect(bearerKey(undefined, folder, {})).toBe('from-file');
    expect(bearerKey(undefined, folder, { STOWAGE_API_KEY: 'e' })).toBe('e');
    expect(bearerKey('f', folder, { STOWAGE_API_KEY: 'e' })).toBe('f');
  });
});
