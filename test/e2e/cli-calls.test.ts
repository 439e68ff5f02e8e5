/** The commands that call a server, against a real one with made-up models. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, repository, runStowage, startStowage, until } from './stowage-process.js';
import type { StowageProcess } from './stowage-process.js';

const folder = freshFolder();

function fileWith(text: string, name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('with a server', () => {
  let server: StowageProcess;
  const at = (...parameters: string[]) =>
    runStowage([...parameters, '--endpoint-url', server.url], server.dataFolder);

  beforeAll(async () => {
    server = await startStowage({
      yaml: `endpoint: demo
components:
  x: { engine: simulated, options: { prompt_template: "{{ suffix }}|{{ prompt }}" }, example: { prompt: "it's a test" } }
  y: { engine: simulated }
  asleep: { engine: simulated, copies: 0 }
`,
    });
  });
  afterAll(async () => {
    await server.stop();
  });

  it('its start said what to paste, and the pasted clients work', async () => {
    await until(() => server.stdout().includes('AWS SDK'), 'the calls to paste');
    const blocks = [...server.stdout().matchAll(/^# (.*)\n([^]*?)\n$/gm)].map(([, title, command]) => ({
      title,
      command,
    }));
    expect(blocks.map(({ title }) => title)).toEqual([
      'demo/x with curl',
      'demo/y with curl',
      'demo/asleep with curl',
      'x with the OpenAI client',
      'x with the AWS SDK',
    ]);
    const hasCurl = spawnSync('curl', ['--version']).status === 0;
    for (const { title, command } of blocks) {
      if (title?.includes('asleep') === true || (title?.includes('curl') === true && !hasCurl)) continue;
      const { status, stdout } = spawnSync('bash', ['-c', command ?? ''], {
        cwd: repository,
        encoding: 'utf8',
      });
      expect([title, status, stdout.length > 0]).toEqual([title, 0, true]);
    }
  });

  it('its start showed the keys once and warned of what has no effect', () => {
    expect(server.stderr()).toContain(server.key);
    expect(server.stderr()).toMatch(/^notice: `components\.asleep\.copies`: zero copies/m);
  });

  it('invoke prints the answer alone, the same over both wires', async () => {
    const openai = await at('invoke', 'component/x', '-p', 'hello', '--max-tokens', '8');
    expect([openai.code, openai.stderr]).toEqual([0, '']);
    expect(openai.stdout).toMatch(/\S\n$/);
    const more = [
      await at('invoke', 'demo/x', '-p', 'hello', '--max-tokens', '8', '--api', 'sagemaker'),
      await at('invoke', 'x', '-p', 'hello', '--max-tokens', '8', '--api', 'sagemaker', '--no-stream'),
      await at('invoke', 'x', '-f', fileWith('hello', 'prompt.txt'), '--max-tokens', '8', '--no-stream'),
    ];
    for (const { stdout } of more) expect(stdout).toBe(openai.stdout);
  });

  it('invoke tells programs all about the answer', async () => {
    const { stdout } = await at('invoke', 'x', '-p', 'hello', '--max-tokens', '8', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ finishReason: 'length', outputTokens: 8 });
  });

  it.each([
    [4, 'KEY-402', ['x', '--api-key', 'wrong']],
    [5, 'COLD-501', ['asleep']],
    [1, 'NAME-404', ['z']],
    [1, 'NAME-405', ['endpoint/z', '--api', 'sagemaker']],
    [4, 'KEY-402', ['x', '--api-key', 'wrong', '--api', 'sagemaker', '--endpoint', 'demo']],
  ])('invoke exits %d with %s for %j', async (code, name, parameters) => {
    const result = await at('invoke', ...parameters, '-p', 'hello');
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(
      new RegExp(`^error\\[${name}\\]: .*\\n(cause: .*\\n)?mend: {2}.*\\nmore: {2}.*\\n$`),
    );
  });

  it('a key that was just made works, and one that was revoked does not', async () => {
    const made = JSON.parse(
      (await runStowage(['keys', 'create', '-o', 'json'], server.dataFolder)).stdout,
    ) as {
      id: string;
      secret: string;
    };
    const invoke = () => at('invoke', 'x', '-p', 'hello', '--max-tokens', '2', '--api-key', made.secret);
    await expect.poll(async () => (await invoke()).code, { timeout: 10_000 }).toBe(0);
    await runStowage(['keys', 'revoke', made.id], server.dataFolder);
    await expect.poll(async () => (await invoke()).code, { timeout: 10_000 }).toBe(4);
  });

  it('bench measures every call, on both wires, and says how far it is', async () => {
    for (const api of ['openai', 'sagemaker']) {
      const { code, stdout } = await at(
        'bench',
        'x',
        '-c',
        '4',
        '-n',
        '12',
        '--max-tokens',
        '6',
        '--api',
        api,
        '-o',
        'json',
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        target: { api, model: 'x' },
        requests: { completed: 12, failed: 0, failures: {}, skipped: 0 },
        outputTokens: 72,
        timeToFirstTokenMs: { count: 12 },
        timePerOutputTokenMs: { count: 12 },
      });
    }
    const { stdout } = await at('bench', 'x', '-n', '2', '--max-tokens', '4');
    expect(stdout).toMatch(/^requests +2 completed, 0 failed\n/);
    expect(stdout).toMatch(/^time to first token( +[\d.]+){6}$/m);
  });

  it('bench takes prompts and traces from files', async () => {
    const prompts = fileWith('{"prompt":"a","suffix":"b"}\nplain\n', 'prompts.jsonl');
    const some = await at('bench', 'x', '--prompts', prompts, '-n', '4', '--max-tokens', '3', '-o', 'json');
    expect(JSON.parse(some.stdout)).toMatchObject({ requests: { completed: 4 }, outputTokens: 12 });
    const trace = fileWith(
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9,20,3\n2023-11-16 18:17:04.4,10,5\n',
      'trace.csv',
    );
    const replayed = await at('bench', 'x', '--trace', trace, '--speed', '10', '-o', 'json');
    expect(JSON.parse(replayed.stdout)).toMatchObject({ requests: { completed: 2 }, outputTokens: 8 });
  });

  it('bench exits 1 when calls fail, and shows why', async () => {
    const { code, stdout, stderr } = await at('bench', 'z', '-n', '3', '--warmup', '0');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^requests +0 completed, 3 failed \(3 × NAME-404\)\n/);
    expect(stderr).toMatch(/^error\[NAME-404\]: no component `z`\n/);
  });

  it('names for completion come from it', async () => {
    const child = spawnSync(
      process.execPath,
      [path.join(repository, 'bin', 'stowage.js'), 'complete-names'],
      {
        env: { ...process.env, STOWAGE_ENDPOINT_URL: server.url, STOWAGE_API_KEY: server.key },
        encoding: 'utf8',
      },
    );
    expect(child.stdout.trim().split('\n')).toEqual(['component/asleep', 'component/x', 'component/y']);
  });

  it('signed calls are taken, and a wrong secret is not', () => {
    const credentials = readFileSync(path.join(server.dataFolder, 'credentials'), 'utf8');
    const [, id = ''] = /key_id = (\S+)/.exec(credentials) ?? [];
    const [, secret = ''] = /secret_access_key = (\S+)/.exec(credentials) ?? [];
    const invoke = (api: string, key: string) =>
      spawnSync(
        process.execPath,
        [
          path.join(repository, 'bin', 'stowage.js'),
          'invoke',
          'demo/x',
          '-p',
          'hello',
          '--api',
          api,
          '--sign',
          '--max-tokens',
          '2',
        ],
        {
          env: {
            ...process.env,
            STOWAGE_ENDPOINT_URL: server.url,
            AWS_ACCESS_KEY_ID: id,
            AWS_SECRET_ACCESS_KEY: key,
          },
        },
      ).status;
    expect([invoke('openai', secret), invoke('sagemaker', secret)]).toEqual([0, 0]);
    expect([invoke('openai', 'wrong'), invoke('sagemaker', 'wrong')]).toEqual([4, 4]);
  });

  it('invoke ends with 130 on Ctrl-C', async () => {
    const child = spawn(
      process.execPath,
      [path.join(repository, 'bin', 'stowage.js'), 'invoke', 'x', '-p', 'hello', '--max-tokens', '100000'],
      {
        env: { ...process.env, STOWAGE_ENDPOINT_URL: server.url, STOWAGE_API_KEY: server.key },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.stdout.once('data', () => child.kill('SIGINT'));
    expect(await ended).toBe(130);
  });
});
