/**
 * Stowage and llama-server as somebody would start them who only says how many sequences of which length there are:
 * all else is what each chooses itself, so llama-server reuses what its slots hold and keeps a prompt cache in RAM.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type BenchContext, temporaryFolder } from '../bench.js';
import type { StartedServer } from '../engine/servers.js';
import { freePort, untilHealthy } from '../loopback.js';
import type { LlamaCppPrograms } from '../peers/build-llama-cpp.mjs';

export interface ServerSize {
  readonly sequencesMax: number;
  readonly sequenceTokensMax: number;
}

/** A server must be ready within this, milliseconds. */
const startMsMax = 60_000;

export async function startStowage(
  context: BenchContext,
  modelFile: string,
  { sequencesMax, sequenceTokensMax }: ServerSize,
): Promise<StartedServer> {
  const folder = temporaryFolder();
  const configuration = path.join(folder, 'stowage.yaml');
  const lines = [
    'endpoint: bench',
    'components:',
    '  random:',
    `    model: ${JSON.stringify(modelFile)}`,
    `    resources: { cpus: ${availableParallelism()} }`,
    '    options:',
    `      max_rolling_batch_size: ${sequencesMax}`,
    `      max_model_len: ${sequenceTokensMax}`,
    '      predict_timeout: 3600',
    '',
  ];
  writeFileSync(configuration, lines.join('\n'));
  const port = await freePort();
  const dataFolder = path.join(folder, 'data');
  const child = context.children.start(
    process.execPath,
    [path.join(context.root, 'bin', 'stowage.js'), 'serve', '-f', configuration, '--port', String(port)],
    { env: { STOWAGE_DATA_DIR: dataFolder } },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
  return { child, port, headers: { authorization: `Bearer ${key}` }, fields: { model: 'random' } };
}

export async function startLlamaServer(
  context: BenchContext,
  programs: LlamaCppPrograms,
  modelFile: string,
  { sequencesMax, sequenceTokensMax }: ServerSize,
): Promise<StartedServer> {
  const port = await freePort();
  const child = context.children.start(
    programs.server,
    [
      ...['-m', modelFile, '--host', '127.0.0.1', '--port', String(port)],
      ...['-np', String(sequencesMax), '-c', String(sequencesMax * sequenceTokensMax)],
      ...['--threads-http', String(sequencesMax + 2), '--no-webui'],
    ],
    { env: programs.env },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  return { child, port, headers: {}, fields: { cache_prompt: true } };
}
