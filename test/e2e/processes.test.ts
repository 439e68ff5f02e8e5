/** A server is several processes: each may die and come back alone, and two servers never share a data folder. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { modelFile } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { lookUp, signal } from './process-table.js';
import { metricSum } from './server-metrics.js';
import { runStowage, startStowage, type StowageProcess, until } from './stowage-process.js';

const yaml = `
endpoint: apexguru
components:
  a: { model: ${modelFile('apex-draft-Q8_0.gguf')} }
`;
const short = { model: 'a', prompt: 'public class A {', max_tokens: 3, ignore_eos: true };
const long = { ...short, max_tokens: 200 };
const whole = { error: null, isComplete: true };

let stopped: number | null = null;
afterEach(() => {
  if (stopped !== null) signal(stopped, 'SIGCONT');
  stopped = null;
});

/** Ends a process of the server, and keeps the supervisor from starting it again. */
async function takeAway(server: StowageProcess, pid: number): Promise<void> {
  stopped = server.pid;
  signal(server.pid, 'SIGSTOP');
  signal(pid, 'SIGKILL');
  await until(() => lookUp(pid) === null, 'the process to be gone');
}

function giveBack(server: StowageProcess): void {
  signal(server.pid, 'SIGCONT');
  stopped = null;
}

async function ask(server: StowageProcess, path: string): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${server.key}` };
  const response = await fetch(`${server.url}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

it('control dies under load: streams go on, health says so, and its successor adopts the workers', async () => {
  const server = await startStowage({ yaml });
  const workers = server.workers();
  const streaming = [streamCompletion(server, long), streamCompletion(server, long)];
  const control = server.controlPid()!;
  await takeAway(server, control);
  expect(await until(() => degraded(server), 'serving to notice')).toBe(true);
  expect(await streamCompletion(server, short)).toMatchObject(whole);
  expect(await metricSum(server, 'stowage_requests_total', 'apexguru/a')).toBeGreaterThan(0);
  // A call waits for control, and gets its answer from the next one.
  const explained = ask(server, '/admin/explain/component/a');
  giveBack(server);
  expect(await explained).toMatchObject({ status: 200, body: { name: 'a', copiesReady: 1 } });
  for (const stream of await Promise.all(streaming)) expect(stream).toMatchObject(whole);
  expect(server.controlPid()).not.toBe(control);
  expect(server.workers()).toEqual(workers);
  await until(async () => !(await degraded(server)), 'serving to notice');
});

it('serving dies while control is gone as well: it comes back with its routes, and nothing was restarted', async () => {
  const server = await startStowage({ yaml });
  const workers = server.workers();
  const [control, serving] = [server.controlPid()!, server.servingPid()!];
  signal(control, 'SIGSTOP');
  signal(serving, 'SIGKILL');
  await until(() => {
    const now = server.servingPid();
    return now !== null && now !== serving;
  }, 'serving to be started again');
  const answer = await until(async () => {
    const seen = await streamCompletion(server, short);
    return seen.status === 200 && seen;
  }, 'the port to be open again');
  expect(answer).toMatchObject(whole);
  expect(await degraded(server)).toBe(true);
  signal(control, 'SIGCONT');
  await until(async () => !(await degraded(server)), 'control to be connected');
  expect(server.workers()).toEqual(workers);
  expect(server.controlPid()).toBe(control);
});

it('calls of the control API wait for control in vain: 503 with RUN-310, which SDKs try again', async () => {
  const server = await startStowage({ yaml: null });
  await takeAway(server, server.controlPid()!);
  const target = { 'x-amz-target': 'SageMaker.ListModels', 'content-type': 'application/x-amz-json-1.1' };
  const startedAt = performance.now();
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, ...target },
    body: '{}',
  });
  expect(response.status).toBe(503);
  expect(await response.text()).toMatch(/the control plane is restarting/);
  expect(performance.now() - startedAt).toBeGreaterThan(9_000);
});

it('a second server on the same data folder is refused, and the first one goes on', async () => {
  const server = await startStowage({ yaml: null });
  const second = await runStowage(['serve'], server.dataFolder);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/HOST-605.*another server uses it/);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

it('what was wanted comes back with the next start, without a configuration', async () => {
  const first = await startStowage({ yaml });
  expect(await first.stop()).toEqual({ code: 0, signal: null });
  expect(first.workers()).toEqual([]);
  const second = await startStowage({ yaml: null, dataFolder: first.dataFolder });
  const body = await until(async () => {
    const answer = await streamCompletion(second, short);
    return answer.status === 200 && answer;
  }, 'the component to be served');
  expect(body).toMatchObject(whole);
});

it('workers outlive a server that is killed, for the next one to adopt', async () => {
  const first = await startStowage({ yaml });
  const workers = first.workers();
  signal(first.pid, 'SIGKILL');
  await first.exited;
  const second = await startStowage({ yaml, dataFolder: first.dataFolder });
  expect(second.workers()).toEqual(workers);
  expect(await streamCompletion(second, short)).toMatchObject(whole);
});

it('says what a copy printed, and of which copies it knows nothing', async () => {
  const server = await startStowage({ yaml });
  const { body } = await ask(server, '/admin/explain');
  const [component] = (body as { components: { copies: { id: string }[] }[] }).components;
  const copy = component!.copies[0]!.id;
  const logs = await ask(server, `/admin/logs/${copy}?lines=5`);
  expect(logs).toMatchObject({ status: 200, body: { copy } });
  expect((logs.body as { lines: string[] }).lines.length).toBeGreaterThan(0);
  expect(await ask(server, '/admin/logs/none-1')).toMatchObject({ status: 404, body: { code: 'NAME-404' } });
  expect(await ask(server, '/admin/explain?region=eu-west-1')).toEqual({
    status: 200,
    body: { components: [] },
  });
  expect(readFileSync(`${server.dataFolder}/run/processes.json`, 'utf8')).toContain(String(server.pid));
});

async function degraded(server: StowageProcess): Promise<boolean> {
  const response = await fetch(`${server.url}/health`);
  const { status } = (await response.json()) as { status: string };
  if (response.status !== 200) throw new Error(`health: ${response.status} ${status}`);
  return status === 'degraded';
}
