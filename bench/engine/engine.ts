/**
 * Generated tokens per second through our whole HTTP path, beside llama.cpp's own server and its own benchmark,
 * which has neither HTTP nor text: same libraries, same model, same machine, in turns.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bench, type BenchContext, cacheFolder } from '../bench.js';
import { ensureLlama, type WeightType } from '../models/quantized-llama.js';
import { llamaShapes, type LlamaShapeName } from '../models/random-llama.js';
import type * as LlamaCppPeer from '../peers/build-llama-cpp.mjs';
import type { LlamaCppPrograms } from '../peers/build-llama-cpp.mjs';
import { othersShareMax, untilQuiet, watchOthers } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { makePrompts, measureRound, type RequestSize } from './completion-client.js';
import { runBatchedBench, type StartedServer, startLlamaServer, startStowage } from './servers.js';

/** Target beside llama-server, and from how many clients on it is higher; beside llama-batched-bench. */
const serverRatioMin = { few: 1, many: 1.1, manyFrom: 16 };
const batchedBenchRatioMin = 0.95;
/** Times a round is measured at most, while other programs disturb it. */
const attemptsMax = 2;
const warmUpSize: RequestSize = { promptTokens: 32, newTokens: 8 };

interface Part {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly shape: LlamaShapeName;
  readonly weights: WeightType;
  /** Rounds by number of clients: as many as fit into the time of the whole, which is about 35 minutes on two cores. */
  readonly rounds: ReadonlyMap<number, number>;
}

function part(shape: LlamaShapeName, weights: WeightType, rounds: readonly number[]): Part {
  const clientCounts = [1, 4, 16, 32, 64];
  return {
    name: `${shape}-${weights}`,
    shape,
    weights,
    rounds: new Map(clientCounts.map((clients, index) => [clients, rounds[index]!])),
  };
}

/** The larger a model and the more its clients, the longer a round: those are measured once. */
const parts: readonly Part[] = [
  part('150m', 'f16', [3, 3, 2, 1, 1]),
  part('150m', 'q4_0', [3, 3, 3, 3, 2]),
  part('500m', 'q4_0', [2, 2, 1, 1, 1]),
  part('500m', 'f16', [2, 2, 1, 1, 1]),
];
const fullSize: RequestSize = { promptTokens: 128, newTokens: 128 };
/** One model, few clients, one round: to see that it works. */
const quickSize: RequestSize = { promptTokens: 64, newTokens: 64 };
const quickPart: Part = { ...parts[0]!, rounds: new Map([1, 4, 16].map((clients) => [clients, 1])) };

export const engineBench: Bench = {
  name: 'engine',
  measures: 'Tokens per second at 1 to 64 clients, beside llama-server and llama-batched-bench.',
  run: async (context) => {
    const { only } = context;
    const chosen = parts.filter(({ name }) => only === null || name.startsWith(only));
    if (chosen.length === 0) {
      throw new Error(`no part is named \`${only}\`: ${parts.map(({ name }) => name).join(', ')}`);
    }
    const programs = await llamaCpp(context);
    const size = context.isQuick ? quickSize : fullSize;
    const quick = only === null ? [quickPart] : chosen.map((one) => ({ ...one, rounds: quickPart.rounds }));
    const rows: Row[] = [];
    for (const one of context.isQuick ? quick : chosen) {
      const modelFile = ensureLlama(cacheFolder(context), one.shape, one.weights);
      for (const [clients, rounds] of one.rounds) {
        const measurement = { context, part: one, programs, modelFile, clients, rounds, size };
        rows.push(...(await measureClients(measurement)));
      }
    }
    return rows;
  },
};

/** Null when a quick run would have to build them first: that takes many minutes. */
async function llamaCpp(context: BenchContext): Promise<LlamaCppPrograms | null> {
  const peers = path.join(context.root, 'bench', 'peers', 'build-llama-cpp.mjs');
  const built = path.join(context.root, '.cache', 'peers', 'llama-cpp', 'bin', 'build.json');
  if (context.isQuick && !existsSync(built)) {
    context.say('llama.cpp’s programs are left out; build them: node bench/peers/build-llama-cpp.mjs');
    return null;
  }
  // Not bundled: it finds its own files beside it.
  const peer = (await import(pathToFileURL(peers).href)) as typeof LlamaCppPeer;
  const programs = await peer.ensureLlamaCppPrograms({ log: context.say });
  if (programs.libraries !== 'shipped') context.say('llama.cpp’s programs have libraries of their own');
  return programs;
}

interface Speeds {
  readonly stowage: number[];
  readonly llamaServer: number[];
  readonly batchedBench: number[];
}

interface Measurement {
  readonly context: BenchContext;
  readonly part: Part;
  readonly programs: LlamaCppPrograms | null;
  readonly modelFile: string;
  readonly clients: number;
  readonly rounds: number;
  readonly size: RequestSize;
}

async function measureClients(measurement: Measurement): Promise<readonly Row[]> {
  const { context, part, programs, modelFile, clients, rounds, size } = measurement;
  const stowage = await startStowage(context, modelFile, clients);
  const llamaServer =
    programs === null ? null : await startLlamaServer(context, programs, modelFile, clients);
  const prompts = ({ promptTokens }: RequestSize, round: number) =>
    makePrompts(clients, promptTokens, llamaShapes[part.shape].vocabulary, round);
  for (const server of [stowage, llamaServer]) {
    if (server !== null) await measureRound(server, prompts(warmUpSize, -1), warmUpSize);
  }
  const speeds: Speeds = { stowage: [], llamaServer: [], batchedBench: [] };
  for (let round = 0; round < rounds; round++) {
    const measure = (server: StartedServer) => () => measureRound(server, prompts(size, round), size);
    const place = `${part.name}, ${clients} clients, round ${round + 1} of ${rounds}`;
    speeds.stowage.push(await undisturbed(context, `${place}: Stowage`, stowage, measure(stowage)));
    if (programs === null || llamaServer === null) continue;
    speeds.llamaServer.push(
      await undisturbed(context, `${place}: llama-server`, llamaServer, measure(llamaServer)),
    );
    await untilQuiet(context);
    speeds.batchedBench.push(await runBatchedBench(context, programs, modelFile, clients, size));
    context.say(`${place}: llama-batched-bench ${speeds.batchedBench.at(-1)?.toFixed(1)} tokens/s`);
  }
  await stowage.child.end();
  await llamaServer?.child.end();
  return rowsOf(part, clients, speeds);
}

/** One round on a machine that is idle beside it; a disturbed one is repeated a few times, unless in a hurry. */
async function undisturbed(
  context: BenchContext,
  place: string,
  server: StartedServer,
  measure: () => Promise<number>,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    await untilQuiet(context);
    const { result, othersShare } = await watchOthers(server.child.pid, measure);
    const isDisturbed = othersShare > othersShareMax;
    const note = isDisturbed ? `, others used ${(othersShare * 100).toFixed(0)} % of the machine` : '';
    context.say(`${place} ${result.toFixed(1)} tokens/s${note}`);
    if (!isDisturbed || context.isQuick || attempt === attemptsMax) return result;
  }
}

function rowsOf({ name }: Part, clients: number, speeds: Speeds): readonly Row[] {
  const measure = `${name}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  const ours = median(speeds.stowage);
  const { few, many, manyFrom } = serverRatioMin;
  const atLeast = (limit: number) => ({ comparison: Comparison.RatioAtLeast, limit });
  const server = { name: 'llama-server', value: median(speeds.llamaServer) };
  const limit = { name: 'llama-batched-bench', value: median(speeds.batchedBench) };
  return [
    makeRow(measure, 'tokens/s', ours, server, atLeast(clients < manyFrom ? few : many)),
    makeRow(measure, 'tokens/s', ours, limit, atLeast(batchedBenchRatioMin)),
  ];
}
