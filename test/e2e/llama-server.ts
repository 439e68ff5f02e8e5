/**
 * llama.cpp's own server beside ours, with the same libraries. Benches build it (`node bench/peers/build-llama-cpp.mjs`);
 * tests take it where it is.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from '../../bench/loopback.js';
import { repository, until } from './stowage-process.js';

const folder = path.join(repository, '.cache', 'peers', 'llama-cpp', 'bin');
const program = path.join(folder, 'llama-server');

export const isLlamaServerBuilt = existsSync(program);
/** For the name of a test that needs it. */
export const whyNoLlamaServer = isLlamaServerBuilt
  ? ''
  : ' (llama-server is not built: node bench/peers/build-llama-cpp.mjs)';

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Its address, once it is ready. It ends with the tests of this file. */
export async function startLlamaServer(modelFile: string, flags: readonly string[]): Promise<string> {
  const port = await freePort();
  const own = ['-m', modelFile, '--host', '127.0.0.1', '--port', String(port), '-t', '2', '--no-webui'];
  const child = spawn(program, [...own, ...flags], {
    env: { ...process.env, LD_LIBRARY_PATH: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4000)));
  running.add(child);
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`llama-server ended:\n${said}`);
    return (await fetch(`${url}/health`).catch(() => null))?.status === 200;
  }, 'llama-server to be ready');
  return url;
}
