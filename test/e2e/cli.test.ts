/** The command line as people and scripts meet it: the real program, its outputs and its exit codes. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signal } from './process-table.js';
import { freshFolder, repository, runStowage, startStowage, until } from './stowage-process.js';
import type { StowageProcess } from './stowage-process.js';

const folder = freshFolder();
const run = (...parameters: string[]) => runStowage(parameters, folder);

function fileWith(text: string, name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('wrong usage', () => {
  it.each([
    [[], '`stowage` needs a verb'],
    [['srve'], 'did you mean `serve`?'],
    [['serve', '--prot', '1'], 'did you mean `--port`?'],
    [['serve', '--port', 'x'], '`x` is not a port'],
    [['serve', '--tls-cert', 'x'], 'give both: --tls-cert FILE --tls-key FILE'],
    [['keys'], '`stowage keys` needs a verb'],
    [['keys', 'lst'], 'did you mean `list`?'],
    [['invoke'], 'missing required argument `target`'],
    [['invoke', 'a/b/c', '-p', 'x'], 'does not name a component'],
    [['invoke', 'x', '-p', 'x', '--max-tokens', '0'], 'expected a whole number from 1'],
    [['invoke', 'x', '-p', 'x', '-f', 'y'], 'there are two prompts'],
    [['invoke', 'x', '-p', 'x', '-o', 'xml'], 'Allowed choices are'],
    [['bench', '--trace', 'x', '--prompts', 'y'], 'a trace has its own prompts'],
    [['explain', 'CAP-999'], 'no error has the code'],
    [['invoke', 'x', '-p', 'x', '--endpoint-url', 'nowhere'], 'is not an address of a server'],
  ])('%j exits 64 and says what to do', async (parameters, words) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^error\[USE-640\]: .*\nmend: {2}.*\nmore: {2}stowage explain USE-640\n$/);
    expect(stderr).toContain(words);
  });
});

describe('help', () => {
  it.each([[['--help']], [['bench', '-h']]])('%j begins with an example and exits 0', async (parameters) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}\$ stowage/);
  });

  it('answers in under 300 ms', async () => {
    const times: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      const startedAt = performance.now();
      await run('--help');
      times.push(performance.now() - startedAt);
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });
});

describe('explain', () => {
  it('says what a code means', async () => {
    const { code, stdout } = await run('explain', 'cap-101');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CAP-101 {2}the queue of `COMPONENT` is full/);
    expect(stdout).toMatch(/^mend: {3}try again after the time in Retry-After/m);
  });

  it('says it to programs', async () => {
    const { stdout } = await run('explain', 'CAP-101', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ code: 'CAP-101', fault: 'capacity', retryable: true });
  });
});

describe('a wrong configuration', () => {
  it('is answered with every problem and its place, and exits 1', async () => {
    const file = fileWith('endpoint: a\nrouting: RANDM\ncomponents: { x: { modle: m } }\n', 'wrong.yaml');
    const { code, stdout, stderr } = await run('serve', '-f', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      [
        'error[FILE-012]: `routing`: expected `RANDOM` or `LEAST_OUTSTANDING_REQUESTS`, found `RANDM`',
        `  --> ${file}:2:10`,
        'mend:  did you mean `RANDOM`?',
        'more:  stowage explain FILE-012',
        '',
        'error[FILE-011]: unknown key `modle`',
        `  --> ${file}:3:20`,
        'mend:  did you mean `model`?',
        'more:  stowage explain FILE-011',
        '',
        '2 problems',
        '',
      ].join('\n'),
    );
  });

  it('that is not there exits 1', async () => {
    const { code, stderr } = await run('serve', '-f', path.join(folder, 'none.yaml'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error\[FILE-013\]: cannot read .*none\.yaml: there is no such file\n/);
  });

  it('of an address that others can reach, without TLS, exits 1', async () => {
    const file = fileWith('endpoint: a\ncomponents: { x: { engine: simulated } }\n', 'open.yaml');
    const { code, stderr } = await run('serve', '-f', file, '--host', '0.0.0.0');
    expect(code).toBe(1);
    expect(stderr).toContain('error[HOST-604]');
  });
});

describe('keys', () => {
  it('are made, listed without secrets, rotated and revoked', async () => {
    const keys = freshFolder();
    const runKeys = (...parameters: string[]) => runStowage(['keys', ...parameters], path.join(keys, 'data'));
    expect((await runKeys('list')).stderr).toContain('no keys');
    expect((await runKeys('rotate', 'key-x')).stderr).toContain(
      'error[HOST-605]: the data folder cannot be used: there are no keys',
    );

    const made = JSON.parse(
      (await runKeys('create', '--name', 'ci', '--days', '3', '-o', 'json')).stdout,
    ) as {
      id: string;
      secret: string;
      expiresAt: string;
    };
    expect(made.secret).toMatch(/^sk-stowage-.{40,}/);
    expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(2.9 * 86_400_000);

    const listed = await runKeys('list', '-o', 'json');
    expect(listed.stdout).toContain(made.id);
    expect(listed.stdout).not.toContain(made.secret);
    // ours, and the first two of a fresh folder
    expect(JSON.parse(listed.stdout)).toHaveLength(3);
    expect((await runKeys('list', '-o', 'name')).stdout).toMatch(/^(key\/\S+\n){3}$/);
    expect((await runKeys('list')).stdout).toMatch(/^KEY +KIND +NAME +CREATED +EXPIRES\n/);

    const rotated = await runKeys('rotate', made.id);
    expect(rotated.stdout).toMatch(/^key +key-\w+\nbearer key {2}sk-stowage-/);
    const again = await runKeys('revoke', made.id);
    expect([again.code, again.stderr]).toEqual([64, expect.stringContaining(`no key \`${made.id}\``)]);
    const id = /^key +(\S+)/.exec(rotated.stdout)?.[1] ?? '';
    expect((await runKeys('revoke', id)).code).toBe(0);
    expect((await runKeys('list', '-o', 'json')).stdout).not.toContain(id);
  });
});

describe('doctor', () => {
  it('takes a port where a server of ours answers', async () => {
    const server = await startStowage({ yaml: 'endpoint: demo\ncomponents: { x: { engine: simulated } }\n' });
    const { code, stdout } = await run('doctor', '--port', String(server.port));
    await server.stop();
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`${server.port}, where a server of Stowage answers`),
    ]);
  });

  it('finds nothing wrong where everything is as it must be', async () => {
    const { code, stdout, stderr } = await run('doctor', '-o', 'json', '--port', '0');
    expect(stderr).toBe('');
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { name: string }[] };
    expect([code, ok]).toEqual([0, true]);
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'engine', 'data folder', 'port']),
    );
  });

  it('exits 1 with code and mend when something is wrong', async () => {
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await run('doctor', '--port', String(port));
    other.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem {2}port/m);
    expect(stderr).toContain(
      `error[HOST-604]: cannot listen on 127.0.0.1:${port}: another program listens there`,
    );
    expect(stderr).toMatch(/^mend: {2}choose another with --port/m);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s exits 0', async (shell) => {
    const { code, stdout } = await run('completion', shell);
    expect([code, stdout.length > 500]).toEqual([0, true]);
  });

  it('of bash completes verbs, flags and their beginnings', async () => {
    const script = fileWith((await run('completion', 'bash')).stdout, 'completion.bash');
    const complete = (...words: string[]) => {
      const line = words.map((word) => `'${word}'`).join(' ');
      const lines = [`source ${script}`, `COMP_WORDS=(${line})`, `COMP_CWORD=${words.length - 1}`];
      const result = spawnSync('bash', ['-c', [...lines, '_stowage', 'echo "${COMPREPLY[*]}"'].join('\n')], {
        encoding: 'utf8',
      });
      return result.stdout.trim().split(' ');
    };
    expect(complete('stowage', 'in')).toEqual(['invoke']);
    expect(complete('stowage', 'keys', 'ro')).toEqual(['rotate']);
    expect(complete('stowage', 'serve', '--tls')).toEqual(['--tls-cert', '--tls-key']);
    expect(complete('stowage', 'keys', 'create', '--ki')).toEqual(['--kind']);
  });
});

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
    expect(child.stdout.trim().split('\n')).toEqual(['component/x', 'component/y', 'component/asleep']);
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

describe('serve', () => {
  const yaml = 'endpoint: demo\ncomponents: { x: { engine: simulated } }\n';

  it('ends with 0 on SIGTERM and with 130 on Ctrl-C', async () => {
    const first = await startStowage({ yaml });
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(first.stderr()).toMatch(/\nfinishing open requests; once more ends at once\n[^]*stopped\n$/);
    const second = await startStowage({ yaml });
    signal(second.pid, 'SIGINT');
    expect(await second.exited).toEqual({ code: 130, signal: null });
  });

  it('says that nothing listens once it has ended', async () => {
    const server = await startStowage({ yaml });
    await server.stop();
    const { code, stderr } = await runStowage(
      ['invoke', 'x', '-p', 'x', '--endpoint-url', server.url],
      folder,
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`error[HOST-607]: no answer from ${server.url}: nothing listens there`);
  });

  it('shows its keys at the first start only', async () => {
    const dataFolder = freshFolder();
    const first = await startStowage({ yaml, dataFolder });
    await first.stop();
    const second = await startStowage({ yaml, dataFolder });
    await second.stop();
    expect(first.stderr()).toContain(second.key);
    expect(second.stderr() + second.stdout()).not.toContain(second.key);
  });
});
