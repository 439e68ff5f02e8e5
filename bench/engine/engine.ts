/**
 * Generated tokens per second through our whole HTTP path, beside llama.cpp's own server and its own benchmark,
 * which has neither HTTP nor text: same libraries, same model, same machine, in turns.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bench, type BenchContext, cacheFolder } from '../bench.js';
import { ensureRandomLlama, llamaShapes } from '../models/random-llama.js';
import type * as LlamaCppPeer from '../peers/build-llama-cpp.mjs';
import type { LlamaCppPrograms } from '../peers/build-llama-cpp.mjs';
import { othersShareMax, untilQuiet, watchOthers } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { makePrompts, measureRound, type RequestSize } from './completion-client.js';
import { runBatchedBench, type StartedServer, startLlamaServer, startStowage } from './servers.js';

const shape = '150m';
const clientCounts = [1, 4, 16, 32];
const ratioMin = 0.95;
/** Times a round is measured at most, while other programs disturb it. */
const attemptsMax = 4;
const warmUpSize: RequestSize = { promptTokens: 32, newTokens: 8 };

interface Plan {
  readonly rounds: number;
  readonly size: RequestSize;
}
const fullPlan: Plan = { rounds: 3, size: { promptTokens: 128, newTokens: 128 } };
const quickPlan: Plan = { rounds: 1, size: { promptTokens: 64, newTokens: 64 } };

export const engineBench: Bench = {
  name: 'engine',
  measures: 'Tokens per second at 1 to 32 clients, beside llama-server and llama-batched-bench.',
  run: async (context) => {
    const plan = context.isQuick ? quickPlan : fullPlan;
    const programs = await llamaCpp(context);
    const modelFile = ensureRandomLlama(cacheFolder(context), shape);
    const rows: Row[] = [];
    for (const clients of clientCounts) {
      rows.push(...(await measureClients(context, plan, programs, modelFile, clients)));
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

async function measureClients(
  context: BenchContext,
  plan: Plan,
  programs: LlamaCppPrograms | null,
  modelFile: string,
  clients: number,
): Promise<readonly Row[]> {
  const stowage = await startStowage(context, modelFile, clients);
  const llamaServer =
    programs === null ? null : await startLlamaServer(context, programs, modelFile, clients);
  const prompts = (size: RequestSize, round: number) =>
    makePrompts(clients, size.promptTokens, llamaShapes[shape].vocabulary, round);
  for (const server of [stowage, llamaServer]) {
    if (server !== null) await measureRound(server, prompts(warmUpSize, -1), warmUpSize);
  }
  const speeds: Speeds = { stowage: [], llamaServer: [], batchedBench: [] };
  for (let round = 0; round < plan.rounds; round++) {
    const measure = (server: StartedServer) => () =>
      measureRound(server, prompts(plan.size, round), plan.size);
    const place = `${clients} clients, round ${round + 1} of ${plan.rounds}`;
    speeds.stowage.push(await undisturbed(context, `${place}: Stowage`, stowage, measure(stowage)));
    if (programs === null || llamaServer === null) continue;
    speeds.llamaServer.push(
      await undisturbed(context, `${place}: llama-server`, llamaServer, measure(llamaServer)),
    );
    await untilQuiet(context);
    speeds.batchedBench.push(await runBatchedBench(context, programs, modelFile, clients, plan.size));
    context.say(`${place}: llama-batched-bench ${speeds.batchedBench.at(-1)?.toFixed(1)} tokens/s`);
  }
  await stowage.child.end();
  await llamaServer?.child.end();
  return rowsOf(clients, speeds);
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

function rowsOf(clients: number, speeds: Speeds): readonly Row[] {
  const measure = `generated, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
  const ours = median(speeds.stowage);
  const target = { comparison: Comparison.RatioAtLeast, limit: ratioMin };
  const server = { name: 'llama-server', value: median(speeds.llamaServer) };
  const limit = { name: 'llama-batched-bench', value: median(speeds.batchedBench) };
  return [makeRow(measure, 'tokens/s', ours, server, target), makeRow(measure, 'tokens/s', ours, limit)];
}
