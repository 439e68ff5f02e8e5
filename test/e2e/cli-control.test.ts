/** The commands that speak the control API, against a real server with made-up models. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  freshFolder,
  modelsFolder,
  runStowage,
  startStowage,
  type StowageProcess,
} from './stowage-process.js';

const folder = freshFolder();
let server: StowageProcess;
const at = (...parameters: string[]) =>
  runStowage([...parameters, '--endpoint-url', server.url], server.dataFolder);

function fileWith(text: string, name = 'more.yaml'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const yaml = `endpoint: demo
components:
  x: { engine: simulated, copies: 2, options: { job_queue_size: 5 } }
  y: { engine: simulated }
`;

beforeAll(async () => {
  server = await startStowage({ yaml });
});
afterAll(async () => {
  await server.stop();
});

it('what `serve -f` applied is what `plan` of the same file finds', async () => {
  const { code, stdout } = await at('plan', '-f', fileWith(yaml), '--detailed-exitcode');
  expect([code, stdout]).toEqual([0, 'nothing to change, 3 unchanged (--all)\n']);
});

it('a changed file is planned, asked about, applied, and then as it should be', async () => {
  const model = path.join(modelsFolder, 'apex-blockgen-Q8_0.gguf');
  const changed = fileWith(`endpoint: demo
components:
  x: { engine: simulated, options: { job_queue_size: 6 } }
  z: { model: ${model} }
`);
  const plan = await at('plan', '-f', changed, '--prune', '--detailed-exitcode');
  expect([plan.code, plan.stderr]).toEqual([2, '']);
  expect(plan.stdout).toContain('    options.job_queue_size  5 -> 6\n    copies                  2 -> 1\n');
  expect(plan.stdout).toMatch(/^\+ component\/z +starts 1 copy\n- component\/y +deletes 1 live copy\n/m);

  const refused = await at('apply', '-f', changed, '--prune');
  expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('--confirm=x --confirm=y')]);

  const applied = await at('apply', '-f', changed, '--prune', '--confirm=x', '--confirm=y');
  expect([applied.code, applied.stderr]).toEqual([0, 'done\n']);
  const again = await at('apply', '-f', changed, '--prune');
  expect([again.code, again.stdout]).toEqual([0, 'nothing to change, 3 unchanged (--all)\n']);

  const names = await at('get', 'components', '-o', 'name');
  expect(names.stdout).toBe('component/x\ncomponent/z\n');
  const answer = await at('invoke', 'z', '-p', 'A method which gets the cases', '--max-tokens', '4');
  expect([answer.code, answer.stdout.length > 1]).toEqual([0, true]);
});

it('things are listed and described as the API says them', async () => {
  const table = await at('get', 'components');
  expect(table.stdout).toMatch(/^COMPONENT +ENDPOINT +STATUS +COPIES +CHANGED\nx +demo +InService +1\/1 /);
  const described = await at('describe', 'endpoint/demo', '-o', 'json');
  expect(JSON.parse(described.stdout)).toMatchObject({ EndpointName: 'demo', EndpointStatus: 'InService' });
  const missing = await at('describe', 'model/none');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('error[NAME-410]')]);
});

it('why a component is as it is, and what its copies printed, is told', async () => {
  const explained = await at('explain', 'component/z');
  expect(explained.stdout).toMatch(
    /^component\/z on demo {2}InService, 1 of 1 copies ready\n {2}z-\S+ on \S+ {2}ready/,
  );
  const endpoint = await at('explain', 'endpoint/demo', '-o', 'json');
  expect(JSON.parse(endpoint.stdout)).toMatchObject({ name: 'demo', status: 'InService' });
  const logs = await at('logs', 'component/z', '-n', '2');
  expect([logs.code, logs.stdout.split('\n').length]).toEqual([0, 3]);
});

it('copies are scaled, and what is live is ended only after a yes', async () => {
  expect((await at('scale', 'component/x', '--copies', '2')).code).toBe(0);
  expect((await at('scale', 'component/x', '--copies', '0')).code).toBe(64);
  expect((await at('scale', 'component/x', '--copies', '0', '--yes')).code).toBe(0);
  const pending = await at('scale', 'component/x', '--copies', '1', '--no-wait');
  expect(pending.code).toBe(8);
});

it('a component that finds no room is waited for as long as is wanted, and can be asked why', async () => {
  const large = fileWith(
    'endpoint: large\ncomponents: { huge: { engine: simulated, resources: { cpus: 1000 } } }\n',
    'large.yaml',
  );
  const { code, stderr } = await at('apply', '-f', large, '--timeout', '2');
  expect([code, stderr]).toEqual([8, expect.stringContaining('why: `stowage explain component/huge`')]);
  expect((await at('explain', 'component/huge')).stdout).toMatch(/waiting: .*1000/);
  expect((await at('delete', 'endpoint/large', '--yes')).code).toBe(0);
});

it('an endpoint goes with its components', async () => {
  expect((await at('delete', 'endpoint/demo')).code).toBe(64);
  const { code, stderr } = await at('delete', 'endpoint/demo', '--confirm=demo');
  expect([code, stderr]).toEqual([0, 'endpoint/demo is deleted\n']);
  expect((await at('get', 'endpoints', '-o', 'name')).stdout).toBe('');
});

it('things of another account are not there', async () => {
  const made = await runStowage(
    ['keys', 'create', '--account', '123456789012', '--kind', 'bearer', '-o', 'json'],
    server.dataFolder,
  );
  const { secret } = JSON.parse(made.stdout) as { secret: string };
  const file = fileWith('endpoint: mine\ncomponents: { own: { engine: simulated } }\n', 'mine.yaml');
  expect((await at('apply', '-f', file)).code).toBe(0);
  const explained = () => at('explain', 'component/own', '--api-key', secret);
  await expect.poll(async () => (await explained()).stderr, { timeout: 10_000 }).toContain('NAME-410');
});
