import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../adapters/clock/system.js';
import { isProcessAlive, ownProcessName } from './process-identity.js';
import { isLockWanted, withLock } from './process-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stowage-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const parts = () => ({ folder, clock: systemClock });
const wait = { pollMs: 1 };

test('one at a time, and nobody is forgotten', async () => {
  let inside = 0;
  let entered = 0;
  const enter = () =>
    withLock(parts(), 'key', wait, async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      entered += 1;
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, enter));
  expect(entered).toBe(20);
  expect(readdirSync(folder)).toEqual([]);
});

test('a count that is read and written back under it is exact', async () => {
  const file = path.join(folder, 'count');
  writeFileSync(file, '0');
  const add = () =>
    withLock(parts(), 'key', wait, async () => {
      const count = Number(readFileSync(file, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(file, String(count + 1));
    });
  await Promise.all(Array.from({ length: 30 }, add));
  expect(readFileSync(file, 'utf8')).toBe('30');
});

test('two keys do not wait for each other', async () => {
  await withLock(parts(), 'a', wait, () => withLock(parts(), 'b', wait, () => undefined));
});

test('the holder’s failure gives it back', async () => {
  await expect(
    withLock(parts(), 'key', wait, () => {
      throw new Error('it broke');
    }),
  ).rejects.toThrow('it broke');
  expect(isLockWanted(folder, 'key')).toBe(false);
});

test('who gives up waiting leaves nothing behind', async () => {
  await withLock(parts(), 'key', wait, async () => {
    const signal = AbortSignal.timeout(5);
    await expect(withLock(parts(), 'key', { ...wait, signal }, () => undefined)).rejects.toThrow();
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

test('tickets of processes that ended, and of numbers that are somebody else’s now, do not count', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path.join(folder, `key.000000000001.${pid}-1-aa`), '');
  writeFileSync(path.join(folder, `key.choosing.${process.pid}-1-bb`), '');
  await withLock(parts(), 'key', wait, () => undefined);
  expect(readdirSync(folder)).toEqual([]);
});

test('a process is known by its number and its start', () => {
  expect(isProcessAlive(ownProcessName())).toBe(true);
  expect(isProcessAlive(`${process.pid}-1`)).toBe(false);
  expect(isProcessAlive('999999999-1')).toBe(false);
  expect(isProcessAlive('nonsense')).toBe(false);
});
