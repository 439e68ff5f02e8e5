/** Real programs, started and ended: nothing of them may be left. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { OutsideProgram } from './program.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(command: readonly string[], cleanup: readonly string[] = []) {
  const lines: string[] = [];
  const program = new OutsideProgram({
    ...{ command, cleanup, environment: process.env, now: () => performance.now() },
    onLine: (line) => lines.push(line),
  });
  return { program, lines };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('its lines are passed on, and its end with its code', async () => {
  const { program, lines } = start(['sh', '-c', 'echo one; echo two >&2; exit 3']);
  expect(await program.ended).toBe('ended with code 3');
  await vi.waitFor(() => expect([...lines].sort()).toEqual(['one', 'two']));
});

it('a program that is not there ends at once', async () => {
  const { program } = start([path.join(folder, 'no-such-program')]);
  expect(await program.ended).toMatch(/^ended with code 12[67]$/);
});

it('what it left in its group goes when it ends, and the clean-up is run with its words', async () => {
  const left = path.join(folder, 'left');
  const cleaned = path.join(folder, 'cleaned up, in full');
  const { program } = start(['sh', '-c', `sleep 1000 & echo $! > ${left}`], ['touch', cleaned]);
  expect(await program.ended).toBe('ended with code 0');
  await vi.waitFor(() => expect(existsSync(cleaned)).toBe(true));
  await vi.waitFor(() => expect(isAlive(Number(readFileSync(left, 'utf8')))).toBe(false), {
    timeout: 5_000,
  });
});

it('it is ended when it is closed', async () => {
  const { program } = start(['sleep', '1000']);
  program.close();
  expect(await program.ended).toBe('was ended by SIGKILL');
});

it.skipIf(process.platform !== 'linux')('its memory is that of its group', async () => {
  const { program, lines } = start([process.execPath, '-e', 'console.log(1); setInterval(() => {}, 1000)']);
  await vi.waitFor(() => expect(lines).toEqual(['1']), { timeout: 10_000 });
  expect(program.memoryBytes()).toBeGreaterThan(20 * 1024 * 1024);
  program.close();
  await program.ended;
});

const owner = path.join(folder, 'owner.mjs');

beforeAll(async () => {
  const source = path.join(import.meta.dirname, 'program.ts');
  const code = `
    import { OutsideProgram } from ${JSON.stringify(source)};
    const program = new OutsideProgram({
      command: ['sh', '-c', 'sleep 1000 & echo $$ $!; wait'], cleanup: [], environment: process.env,
      onLine: (line) => console.log(line), now: () => performance.now(),
    });
  `;
  const entry = path.join(folder, 'owner.ts');
  writeFileSync(entry, code);
  await build({ entryPoints: [entry], outfile: owner, bundle: true, format: 'esm', platform: 'node' });
});

it('it does not outlive the process that started it, however that ends', async () => {
  const child = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
  });
  const pids = said.trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  expect(pids.every(isAlive)).toBe(true);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(pids.some(isAlive)).toBe(false), { timeout: 5_000 });
});
