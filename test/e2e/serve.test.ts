/** `stowage serve` from its first start to its end: keys, signals, orphans, and callers that go away. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { modelFile } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { lookUp, signal } from './process-table.js';
import { metricSum } from './server-metrics.js';
import { startStowage, until } from './stowage-process.js';

const yaml = `
endpoint: apexguru
components:
  a: { model: ${modelFile('apex-draft-Q8_0.gguf')}, copies: 2 }
  b: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, options: { max_rolling_batch_size: 2 } }
`;
/** An orphaned worker ends itself within this, seconds. */
const orphanSecondsMax = 15;
const long = { model: 'b', prompt: 'public class A {', max_tokens: 1000, ignore_eos: true };

it('the first start makes keys, prints them once and keeps them private; the next start prints none', async () => {
  const first = await startStowage({ yaml });
  const keysOf = (name: string) => path.join(first.dataFolder, name);
  expect(first.stderr()).toContain(first.key);
  expect(first.stderr()).toMatch(/secret access key {2}\S{20,}/);
  for (const name of ['api-key', 'credentials']) expect(statSync(keysOf(name)).mode & 0o777).toBe(0o600);
  const credentials = readFileSync(keysOf('credentials'), 'utf8');
  expect(await first.stop()).toEqual({ code: 0, signal: null });

  const second = await startStowage({ yaml, dataFolder: first.dataFolder });
  expect(second.key).toBe(first.key);
  expect(readFileSync(keysOf('credentials'), 'utf8')).toBe(credentials);
  expect(second.stderr()).not.toContain(first.key);
  expect(second.stderr()).not.toMatch(/secret access key/);
  const answer = await streamCompletion({ url: second.url, key: first.key }, { ...long, max_tokens: 3 });
  expect(answer).toMatchObject({ status: 200, usage: { completion_tokens: 3 } });
});

it('SIGTERM lets open requests end, then ends the server with 0 and every worker', async () => {
  const server = await startStowage({ yaml });
  const workers = server.workers();
  expect(workers).toHaveLength(3);
  let stopping: ReturnType<typeof server.stop> | null = null;
  const streaming = await streamCompletion(server, { ...long, max_tokens: 200 }, () => {
    stopping ??= server.stop();
  });
  expect(streaming).toMatchObject({ error: null, isComplete: true, usage: { completion_tokens: 200 } });
  expect(await stopping!).toEqual({ code: 0, signal: null });
  expect(workers.filter((pid) => lookUp(pid) !== null)).toEqual([]);
});

it('a second SIGTERM ends a server that still has requests at once, and every worker', async () => {
  const server = await startStowage({ yaml });
  const workers = server.workers();
  let signals = 0;
  const cut = await streamCompletion(server, long, () => {
    const isHeard = server.stderr().includes('finishing open requests');
    if (signals === 2 || (signals === 1 && !isHeard)) return;
    signal(server.pid, 'SIGTERM');
    signals++;
  });
  expect(cut.isComplete).toBe(false);
  await server.exited;
  await until(() => workers.every((pid) => lookUp(pid) === null), 'the workers to end', 5_000);
});

it('kill -9 of the server lets open requests end, and leaves no process alive after 15 s', async () => {
  const server = await startStowage({ yaml });
  const workers = server.workers();
  expect(workers).toHaveLength(3);
  const own = [server.controlPid()!, server.servingPid()!];
  // One of them is at work when its server dies.
  const streaming = streamCompletion(server, long, () => signal(server.pid, 'SIGKILL'));
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await streaming).toMatchObject({ error: null, isComplete: true });
  const diedAt = performance.now();
  await until(
    () => [...own, ...workers].every((pid) => lookUp(pid) === null),
    'the orphaned processes to end',
    orphanSecondsMax * 1000,
  );
  console.log(`the last orphan ended after ${((performance.now() - diedAt) / 1000).toFixed(1)} s`);
});

it('callers that go away free their sequences at once', async () => {
  const server = await startStowage({ yaml });
  const running = () => metricSum(server, 'stowage_num_requests_running', 'apexguru/b');
  const abort = new AbortController();
  const start = (count: number) =>
    Array.from({ length: count }, async () => {
      const response = await fetch(`${server.url}/v1/completions`, {
        method: 'POST',
        signal: abort.signal,
        headers: { authorization: `Bearer ${server.key}` },
        body: JSON.stringify({ ...long, stream: true }),
      });
      const reader = response.body!.getReader();
      await reader.read();
      return reader;
    });
  // Both sequences of `b` are taken, by answers that would go on for a while.
  await Promise.all(start(2));
  expect(await running()).toBe(2);
  abort.abort();
  const abortedAt = performance.now();
  await until(async () => (await running()) === 0, 'the sequences to be free', 2_000);
  console.log(`free ${Math.round(performance.now() - abortedAt)} ms after the callers left`);
  await until(
    async () => (await metricSum(server, 'stowage_copy_running', 'apexguru/b')) === 0,
    'the worker to say so',
    5_000,
  );
  expect(await metricSum(server, 'stowage_requests_total', 'apexguru/b', 'cancelled')).toBe(2);
  const answer = await streamCompletion(server, { ...long, max_tokens: 3 });
  expect(answer).toMatchObject({ status: 200, error: null });
});
