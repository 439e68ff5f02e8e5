/** Budgets, priorities and the bill, as callers and their owners see them, with real processes. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bill } from '../../src/apps/cli/bill.js';
import { runStowage, startStowage, type StowageProcess, until } from './stowage-process.js';

const yaml = `endpoint: demo
components:
  x: { engine: simulated, options: { prompt_template: "{{ prompt }}" } }
  y: { engine: simulated }
`;

describe('a key with a budget', () => {
  let server: StowageProcess;
  let key = { id: '', secret: '' };
  const run = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await runStowage(parameters, server.dataFolder);
    expect([code, stderr.includes('error[') ? stderr : '']).toEqual([0, '']);
    return stdout;
  };
  const at = (...parameters: string[]) => run(...parameters, '--endpoint-url', server.url);
  const clientOf = (maxRetries: number, headers: Record<string, string> = {}) =>
    new OpenAI({ apiKey: key.secret, baseURL: `${server.url}/v1`, maxRetries, defaultHeaders: headers });
  const ask = (client: OpenAI, tokens: number, more: object = {}) =>
    client.completions.create({
      model: 'x',
      prompt: 'abcdefgh',
      max_tokens: tokens,
      ...more,
      ...{ ignore_eos: true },
    });

  beforeAll(async () => {
    server = await startStowage({ yaml });
    const made = await run('keys', 'create', '--name', 'ci', '--tokens-per-minute', '600', '-o', 'json');
    key = JSON.parse(made) as typeof key;
  });
  afterAll(async () => {
    await server.stop();
  });

  it('is told of it with each answer, refused beyond it, and served when the client comes back in time', async () => {
    const { response } = await ask(clientOf(0), 590).withResponse();
    expect(response.headers.get('x-ratelimit-limit-tokens')).toBe('600');
    expect(Number(response.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(20);
    const refused = await ask(clientOf(0), 50).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
    const { status, headers, code } = refused as InstanceType<typeof OpenAI.RateLimitError>;
    expect([status, code, headers?.get('x-stowage-error')]).toEqual([
      429,
      'rate_limit_exceeded',
      'LIMIT-720',
    ]);
    const waitMs = Number(headers?.get('retry-after-ms'));
    expect(waitMs).toBeGreaterThan(1000);
    expect(waitMs).toBeLessThan(8000);
    const began = Date.now();
    // Retry-After is exact: one retry is enough.
    await ask(clientOf(1), 50);
    expect(Date.now() - began).toBeGreaterThan(1000);
  });

  it('may ask for a lower priority, and for a higher one when its owner allows it, within a second', async () => {
    await run('keys', 'set', key.id, '--tokens-per-minute', 'none', '--weight', '2');
    const urgent = clientOf(0, { 'x-stowage-priority': '5' });
    await until(
      async () =>
        await ask(clientOf(0), 900).then(
          () => true,
          () => false,
        ),
      'the budget to be gone',
      3_000,
    );
    await ask(clientOf(0), 5, { priority: 10 });
    await expect(ask(urgent, 5)).rejects.toThrow(/at most 0 with this key/);
    await run('keys', 'set', key.id, '--max-priority', '5');
    await until(
      async () =>
        ask(urgent, 5).then(
          () => true,
          () => false,
        ),
      'the priority to be allowed',
      3_000,
    );
  });

  it('is on the bill, which adds up to the time of the fleet', async () => {
    const stop = Date.now() + 12_000;
    while (Date.now() < stop) await Promise.all([1, 2, 3].map(() => ask(clientOf(0), 400)));
    const billBy = async (by: string) =>
      JSON.parse(await at('bill', '--since', '10m', '--by', by, '-o', 'json')) as Bill;
    await until(
      async () => (await billBy('key')).rows.some(({ name }) => name === key.id),
      'the key to be on the bill',
      20_000,
    );
    for (const by of ['component', 'key', 'account']) {
      const bill = await billBy(by);
      expect(bill.fleet.acceleratorSeconds).toBeGreaterThan(5);
      expect(bill.differencePercent).toBeLessThan(1);
    }
    const { rows, dedicated } = await billBy('component');
    expect(rows.find(({ name }) => name === 'x')?.busySeconds).toBeGreaterThan(0);
    expect(dedicated.models).toBe(2);
    expect(await at('bill', '--since', '10m')).toMatch(/sum = fleet time: .*difference 0\.\d\d %/);

    const before = await billBy('account');
    await server.stop();
    server = await startStowage({ yaml: null, dataFolder: server.dataFolder, listeningIsEnough: true });
    const after = await billBy('account');
    expect(after.fleet.acceleratorSeconds).toBeGreaterThanOrEqual(before.fleet.acceleratorSeconds);
    expect(after.differencePercent).toBeLessThan(1);
  });
});
