/** What the benches of shared prefixes and of mixed load have in common: two servers, measured in turns. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BenchContext, cacheFolder } from '../bench.js';
import type { StartedServer } from '../engine/servers.js';
import { ensureRandomLlama, llamaShapes } from '../models/random-llama.js';
import type * as LlamaCppPeer from '../peers/build-llama-cpp.mjs';
import type { LlamaCppPrograms } from '../peers/build-llama-cpp.mjs';
import { othersShareMax, untilQuiet, watchOthers } from '../process-usage.js';
import { startLlamaServer, startStowage, type ServerSize } from './servers.js';

/** A quick run takes the small model. */
export function shapeOf({ isQuick }: BenchContext): '10m' | '150m' {
  return isQuick ? '10m' : '150m';
}

/** Times a round is measured at most, while other programs disturb it. */
const attemptsMax = 4;

export interface Rounds<Result> {
  readonly stowage: readonly Result[];
  /** Empty where llama.cpp's programs are not built. */
  readonly llamaServer: readonly Result[];
}

/** `measure` gets a number that no other call gets, so that no two rounds have a prompt in common. */
export async function measureInTurns<Result>(
  context: BenchContext,
  rounds: number,
  size: ServerSize,
  measure: (server: StartedServer, unique: number) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Rounds<Result>> {
  const modelFile = ensureRandomLlama(cacheFolder(context), shapeOf(context));
  const programs = await llamaCpp(context);
  const stowage = await startStowage(context, modelFile, size);
  const llamaServer = programs === null ? null : await startLlamaServer(context, programs, modelFile, size);
  const results = { stowage: [] as Result[], llamaServer: [] as Result[] };
  let unique = 0;
  for (let round = -1; round < rounds; round++) {
    for (const [name, server] of [['stowage', stowage] as const, ['llamaServer', llamaServer] as const]) {
      if (server === null) continue;
      const result = await undisturbed(context, server, () => measure(server, unique++));
      const place = round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`;
      context.say(`${place}, ${name}: ${describe(result)}`);
      if (round >= 0) results[name].push(result);
    }
  }
  await stowage.child.end();
  await llamaServer?.child.end();
  return results;
}

/** Prompts of token ids, the same in every run; those of different `unique` have nothing in common. */
export function randomTokens(context: BenchContext, count: number, unique: number): number[] {
  const { vocabulary } = llamaShapes[shapeOf(context)];
  let state = Math.imul(unique + 1, 2_654_435_761) >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 256 + Math.floor((state / 2 ** 32) * (vocabulary - 512));
  });
}

/** One round on a machine that is idle beside it; a disturbed one is repeated a few times, unless in a hurry. */
async function undisturbed<Result>(
  context: BenchContext,
  server: StartedServer,
  measure: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    await untilQuiet(context);
    const { result, othersShare } = await watchOthers(server.child.pid, measure);
    if (othersShare <= othersShareMax || context.isQuick || attempt === attemptsMax) return result;
    context.say(`others used ${(othersShare * 100).toFixed(0)} % of the machine`);
  }
}

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
  return peer.ensureLlamaCppPrograms({ log: context.say });
}
