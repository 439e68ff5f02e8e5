import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDataFolder, checkNode, checkPort } from './doctor-checks.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the doctor', () => {
  it.each([
    ['v20.19.0', true],
    ['v20.20.2', true],
    ['v22.0.0', true],
    ['v20.18.3', false],
    ['v18.20.0', false],
  ])('takes Node.js %s: %s', (version, isTaken) => {
    expect(checkNode(version).problem === null).toBe(isTaken);
  });

  it('takes a folder that is not there but can be made', () => {
    expect(checkDataFolder(join(folder, 'new', 'one'), 'one')).toEqual({
      name: 'data folder',
      detail: 'one, made at the first start',
      problem: null,
    });
  });

  it('finds keys that others can read, and its mend closes them', () => {
    const file = join(folder, 'api-key');
    writeFileSync(file, 'x');
    chmodSync(file, 0o644);
    const { problem } = checkDataFolder(folder, folder);
    expect(problem).toMatchObject({ code: 'HOST-605', mend: `chmod 600 ${file}` });
    chmodSync(file, 0o600);
    expect(checkDataFolder(folder, folder).problem).toBeNull();
  });

  it('finds that the data folder is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(checkDataFolder(file, 'file').problem?.code).toBe('HOST-605');
  });

  it('tells a free port from one that another program has', async () => {
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect((await checkPort(port)).problem?.code).toBe('HOST-604');
    await new Promise((resolve) => other.close(resolve));
    expect((await checkPort(port)).problem).toBeNull();
  });
});
