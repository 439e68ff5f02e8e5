/** A copy that sleeps: what it gives back, how soon it answers again, and that no request is lost on the way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ensureLlama } from '../../bench/models/quantized-llama.js';
import { estimateCopyMemory } from '../../src/apps/copy-memory.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import { verifyModelFile } from '../../src/library/verify-model.js';
import { metricSum } from './server-metrics.js';
import { repository, startStowage, type StowageProcess, until } from './stowage-process.js';

const wakeMsMax = 250;
const wakes = 20;
const sequences = 16;
const tokens = 512;
const stepTokens = 512;
const sleepAfterSeconds = 1;
const mebibyte = 1024 ** 2;

it('a copy gives back its KV cache and buffers, answers within 250 ms of its sleep in the median, and loses nothing', async () => {
  const model = ensureLlama(path.join(repository, '.cache', 'bench'), '150m', 'f16');
  const { kvBytes, computeBytes } = estimateCopyMemory(await verifyModelFile(model), {
    ...defaultComponentOptions,
    rollingBatchSizeMax: sequences,
    modelTokensMax: tokens,
    stepTokensMax: stepTokens,
    prefixCaching: false,
  });
  const server = await startStowage({ yaml: yamlOf(model) });
  const pid = server.workers()[0]!;
  // Every row of a step was used once, so that all of the buffers are resident.
  await Promise.all(Array.from({ length: sequences }, (_, index) => firstTokenMs(server, index, 128)));
  const awakeBytes = residentBytes(pid);
  await untilAsleep(server);
  const givenBack = awakeBytes - residentBytes(pid);
  console.log(`given back ${inMebibytes(givenBack)} of ${inMebibytes(kvBytes + computeBytes)} MiB estimated`);
  expect(givenBack).toBeGreaterThan(0.9 * (kvBytes + computeBytes) - 16 * mebibyte);

  const times: number[] = [];
  for (let wake = 0; wake < wakes; wake++) {
    await untilAsleep(server);
    times.push(await firstTokenMs(server, 100 + wake, 8));
  }
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[wakes / 2]!, times.at(-1)!];
  console.log(`first token after a sleep: median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`);
  expect(median).toBeLessThan(wakeMsMax);

  // Around the moment at which it falls asleep: each request a little later than the one before.
  for (let step = 0; step < 10; step++) {
    const startedAt = performance.now();
    await until(
      () => performance.now() - startedAt >= sleepAfterSeconds * 1000 - 25 + step * 5,
      'the moment',
    );
    expect(await firstTokenMs(server, 200 + step, 8)).toBeGreaterThan(0);
  }
  expect(server.workers()).toEqual([pid]);
  await server.stop();
});

function yamlOf(model: string): string {
  return [
    'endpoint: sleep',
    'components:',
    '  sleeper:',
    `    model: ${JSON.stringify(model)}`,
    '    options:',
    `      max_rolling_batch_size: ${sequences}`,
    `      max_model_len: ${tokens}`,
    `      max_num_batched_tokens: ${stepTokens}`,
    '      enable_prefix_caching: false',
    `      sleep_after: ${sleepAfterSeconds}`,
    '',
  ].join('\n');
}

async function untilAsleep(server: StowageProcess): Promise<void> {
  await until(async () => (await metricSum(server, 'stowage_copy_asleep')) === 1, 'the copy to sleep');
}

/** Milliseconds from a request to its first token; throws when it is not answered. */
async function firstTokenMs(server: StowageProcess, salt: number, promptTokens: number): Promise<number> {
  const prompt = Array.from(
    { length: promptTokens },
    (_, index) => 300 + ((salt * 7919 + index * 31) % 30_000),
  );
  const startedAt = performance.now();
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'sleeper', prompt, max_tokens: 2, ignore_eos: true, stream: true }),
  });
  let ms = 0;
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece as Uint8Array).toString();
    if (ms === 0 && text.includes('data: {')) ms = performance.now() - startedAt;
  }
  if (!response.ok || !text.includes('[DONE]')) throw new Error(`${response.status} ${text}`);
  return ms;
}

function inMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte);
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return Number(kibibytes) * 1024;
}
