/** The command line as people and scripts meet it: the real program, its outputs and its exit codes. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { signal } from './process-table.js';
import { freshFolder, runStowage, startStowage } from './stowage-process.js';

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
        'error[FILE-012]: `routing`: expected `RANDOM`, `LEAST_OUTSTANDING_REQUESTS`, `PREFIX_AWARE` or `FASTEST_FIRST_TOKEN` or the keys `strategy`, `prefixLength`, `concurrencyThreshold`, found `RANDM`',
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
