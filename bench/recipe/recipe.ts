/**
 * What our settings are worth on this machine: a team that begins serves the weights as they were trained (f32), one
 * request at a time; our best recipe serves 4-bit weights, 64 sequences in one copy. Both through the same server, the
 * same HTTP path and the same client; requests of 128 + 128 tokens, all prompts different.
 */
import { type Bench, type BenchContext, cacheFolder } from '../bench.js';
import { makePrompts, measureRound, type RequestSize } from '../engine/completion-client.js';
import { startStowage } from '../engine/servers.js';
import { ensureLlama, type WeightType } from '../models/quantized-llama.js';
import { llamaShapes } from '../models/random-llama.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';

const shape = '150m';
const ratioMin = 20;
const sequencesMax = 64;
const warmUpSize: RequestSize = { promptTokens: 32, newTokens: 8 };

interface Recipe {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly weights: WeightType;
  readonly sequences: number;
  /** Lines of the component's options. */
  readonly options: readonly string[];
}

const naive: Recipe = {
  name: 'naive: f32, one request at a time',
  weights: 'f32',
  sequences: 1,
  options: ['enable_prefix_caching: false', 'flash_attn: off'],
};
/** Beside the naive one; the first is the recipe, the others say what each part of it brings. */
const recipes: readonly Recipe[] = [
  { name: 'q4_0, 64 sequences', weights: 'q4_0', sequences: sequencesMax, options: [] },
  { name: 'q8_0, 64 sequences', weights: 'q8_0', sequences: sequencesMax, options: [] },
  { name: 'f16, 64 sequences', weights: 'f16', sequences: sequencesMax, options: [] },
  { name: 'q4_0, one request at a time', weights: 'q4_0', sequences: 1, options: [] },
];

export const recipeBench: Bench = {
  name: 'recipe',
  measures: 'Requests per minute of our best recipe, beside naive serving: f32, one request at a time.',
  run: async (context) => {
    const { isQuick, only } = context;
    const size = isQuick ? { promptTokens: 32, newTokens: 32 } : { promptTokens: 128, newTokens: 128 };
    const chosen = recipes.filter(({ name }) => only === null || name.startsWith(only));
    const slow = await requestsPerMinute(context, naive, size, isQuick ? 2 : 8);
    const rows: Row[] = [];
    for (const recipe of isQuick ? chosen.slice(0, 1) : chosen) {
      const fast = await requestsPerMinute(context, recipe, size, isQuick ? 1 : 3);
      const target = recipe === recipes[0] ? { comparison: Comparison.RatioAtLeast, limit: ratioMin } : null;
      rows.push(makeRow(recipe.name, 'requests/min', fast, { name: naive.name, value: slow }, target));
    }
    return rows;
  },
};

/** The median of some rounds, each of as many requests at once as the recipe has sequences. */
async function requestsPerMinute(
  context: BenchContext,
  { name, weights, sequences, options }: Recipe,
  size: RequestSize,
  rounds: number,
): Promise<number | null> {
  const modelFile = ensureLlama(cacheFolder(context), shape, weights);
  const server = await startStowage(context, modelFile, sequences, options);
  const promptsOf = ({ promptTokens }: RequestSize, round: number) =>
    makePrompts(sequences, promptTokens, llamaShapes[shape].vocabulary, round);
  await measureRound(server, promptsOf(warmUpSize, -1), warmUpSize);
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await untilQuiet(context);
    const tokensPerSecond = await measureRound(server, promptsOf(size, round), size);
    rates.push((tokensPerSecond / size.newTokens) * 60);
    context.say(`${name}, round ${round + 1} of ${rounds}: ${rates.at(-1)!.toFixed(1)} requests/min`);
  }
  await server.child.end();
  return median(rates);
}
