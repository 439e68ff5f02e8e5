/**
 * People who read answers as they come, while others send long prompts: how long the readers wait between two pieces,
 * beside llama-server. What the long prompts wait for their first token is measured, too, so that neither server can
 * look good by letting them starve.
 */
import { type Bench, type BenchContext, pause } from '../bench.js';
import type { StartedServer } from '../engine/servers.js';
import { measureInTurns, randomTokens } from '../prefix/rounds.js';
import { timeAnswer, type TimedAnswer } from '../prefix/timed-client.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { percentile } from '../../src/toolkit/benchmark/statistics.js';

const readers = 8;
const readerPromptTokens = 64;
const longPrompts = 6;
const longNewTokens = 8;
const size = { sequencesMax: 16, sequenceTokensMax: 2048 };

interface Plan {
  readonly rounds: number;
  readonly readerNewTokens: number;
  /** Milliseconds from one long prompt to the next. */
  readonly everyMs: number;
}
const fullPlan: Plan = { rounds: 3, readerNewTokens: 400, everyMs: 4000 };
const quickPlan: Plan = { rounds: 1, readerNewTokens: 100, everyMs: 100 };

interface Round {
  readonly gapP50: number;
  readonly gapP99: number;
  readonly gapMax: number;
  readonly longFirstMs: number;
  readonly tokensPerSecond: number;
}

export const mixedBench: Bench = {
  name: 'mixed',
  measures:
    '8 readers while prompts of 1000 to 1500 tokens arrive: time between tokens, beside llama-server.',
  run: async (context) => {
    const plan = context.isQuick ? quickPlan : fullPlan;
    const measured = await measureInTurns(
      context,
      plan.rounds,
      size,
      (server, unique) => measureRound(context, plan, server, unique),
      ({ gapP50, gapP99, gapMax, longFirstMs }) =>
        `between tokens ${gapP50.toFixed(0)} ms, p99 ${gapP99.toFixed(0)} ms, at most ${gapMax.toFixed(0)} ms; ` +
        `long prompts wait ${longFirstMs.toFixed(0)} ms`,
    );
    return rowsOf(measured.stowage, measured.llamaServer);
  },
};

async function measureRound(
  context: BenchContext,
  plan: Plan,
  server: StartedServer,
  unique: number,
): Promise<Round> {
  const base = unique * (readers + longPrompts);
  const startedAt = performance.now();
  const reading = Array.from({ length: readers }, (_, reader) =>
    timeAnswer(server, randomTokens(context, readerPromptTokens, base + reader), plan.readerNewTokens),
  );
  const long: Promise<TimedAnswer>[] = [];
  for (let index = 0; index < longPrompts; index++) {
    await pause(plan.everyMs);
    const prompt = randomTokens(context, 1000 + 100 * index, base + readers + index);
    long.push(timeAnswer(server, prompt, longNewTokens));
  }
  const readings = await Promise.all(reading);
  const seconds = (performance.now() - startedAt) / 1000;
  const longAnswers = await Promise.all(long);
  const gaps = readings.flatMap(({ pieceTimes }) =>
    pieceTimes.slice(1).map((at, index) => at - pieceTimes[index]!),
  );
  const sorted = Float64Array.from(gaps).sort();
  return {
    gapP50: percentile(sorted, 0.5),
    gapP99: percentile(sorted, 0.99),
    gapMax: sorted.at(-1)!,
    longFirstMs: median(longAnswers.map(({ firstMs }) => firstMs))!,
    tokensPerSecond: (readers * plan.readerNewTokens) / seconds,
  };
}

function rowsOf(stowage: readonly Round[], llamaServer: readonly Round[]): readonly Row[] {
  const row = (measure: string, unit: string, read: (round: Round) => number, isTarget = false) => {
    const peer = { name: 'llama-server', value: median(llamaServer.map(read)) };
    const target = isTarget ? { comparison: Comparison.RatioAtMost, limit: 0.5 } : null;
    return makeRow(measure, unit, median(stowage.map(read)), peer, target);
  };
  return [
    row('between tokens, p99', 'ms', ({ gapP99 }) => gapP99, true),
    row('between tokens, longest', 'ms', ({ gapMax }) => gapMax),
    row('between tokens, median', 'ms', ({ gapP50 }) => gapP50),
    row('first token of long prompts', 'ms', ({ longFirstMs }) => longFirstMs),
    row('generated for the readers', 'tokens/s', ({ tokensPerSecond }) => tokensPerSecond),
  ];
}
