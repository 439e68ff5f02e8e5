/** What one copy does, from a few requests: prompts of two lengths, answers one at a time and four at a time. */
import type { ServiceProfile } from '../../src/domain/service-profile.js';
import { median } from '../statistics.js';
import { logSince, type LoggedRequest } from './request-log.js';
import { type ForecastServer, sendPrompt } from './send-prompt.js';

const rounds = 4;
const prompts = { short: 40, long: 400 } as const;
const answerTokens = 24;
const together = 4;
/** What a forecast takes an instance of this machine to need, milliseconds: it is in what a cold start took. */
const instanceStartMs = 100;

/** The first request to each component but the first finds no instance; it is what a cold start costs. */
export async function measureProfile(
  server: ForecastServer,
  log: string,
  components: readonly string[],
  say: (line: string) => void,
): Promise<ServiceProfile> {
  const [first = '', ...others] = components;
  const serial = async (promptTokens: number, newTokens: number) => {
    const from = Date.now();
    for (let round = 0; round < rounds; round++) await sendPrompt(server, first, promptTokens, newTokens);
    return logSince(log, from);
  };
  const coldFrom = Date.now();
  for (const component of others) await sendPrompt(server, component, prompts.short, 1);
  const cold = await logSince(log, coldFrom);
  const short = firstMs(await serial(prompts.short, 1));
  const long = firstMs(await serial(prompts.long, 1));
  const one = gapMs(await serial(prompts.short, answerTokens));
  const from = Date.now();
  for (let round = 0; round < 2; round++) {
    const calls = Array.from({ length: together }, () =>
      sendPrompt(server, first, prompts.short, answerTokens),
    );
    await Promise.all(calls);
  }
  const four = gapMs(await logSince(log, from));
  const tokenMs = Math.max(0.01, (long - short) / (prompts.long - prompts.short));
  const stepMsPerSequence = Math.max(0, (four - one) / (together - 1));
  const coldMs = Math.max(0, firstMs(cold) - short - instanceStartMs);
  say(`first tokens ${short} and ${long} ms, gaps ${one} and ${four} ms, from zero ${firstMs(cold)} ms`);
  return {
    name: 'the model of the bench, this machine',
    source: { command: 'npm run bench -- forecast', machine: '', commit: '', isAssumed: false },
    sequencesMax: together,
    overheadMs: Math.max(0, short - prompts.short * tokenMs),
    promptTokensPerSecond: 1000 / tokenMs,
    stepMs: Math.max(0, one - stepMsPerSequence),
    stepMsPerSequence,
    coldStartMs: { asleep: null, pageCache: coldMs, disk: coldMs, remote: null },
    memoryBytes: 512 * 2 ** 20,
  };
}

function firstMs(requests: readonly LoggedRequest[]): number {
  return median(requests.flatMap(({ firstTokenMs }) => firstTokenMs ?? [])) ?? NaN;
}

/** Between two tokens of an answer. */
function gapMs(requests: readonly LoggedRequest[]): number {
  const gaps = requests.flatMap(({ firstTokenMs, totalMs, generatedTokens }) => {
    return firstTokenMs === null || generatedTokens < 2
      ? []
      : [(totalMs - firstTokenMs) / (generatedTokens - 1)];
  });
  return median(gaps) ?? NaN;
}
