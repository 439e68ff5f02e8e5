/** The programs of the engine bench: Stowage started as its users start it, and llama.cpp's own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type BenchContext, pause, temporaryFolder } from '../bench.js';
import type { Child } from '../children.js';
import { freePort, untilHealthy } from '../loopback.js';
import type { LlamaCppPrograms } from '../peers/build-llama-cpp.mjs';
import type { CompletionServer, RequestSize } from './completion-client.js';

export interface StartedServer extends CompletionServer {
  readonly child: Child;
}

export interface StartedStowage extends StartedServer {
  readonly dataFolder: string;
}

/** KV cells each sequence gets, in all servers alike. */
const sequenceTokensMax = 512;
/** llama-server's own defaults. */
const batchTokensMax = 2048;
const physicalBatchTokens = 512;
/** Rows of our steps: what a step has room for is computed at once. */
const stepTokensMax = 2048;
/** A server must be ready within this, milliseconds. */
const startMsMax = 60_000;
const lookMs = 25;
/** One run of llama-batched-bench may take this long, milliseconds. */
const batchedBenchMsMax = 20 * 60_000;

const threads = String(availableParallelism());

/** `stowage serve` with one component of one copy that computes `sequences` at once. */
export async function startStowage(
  context: BenchContext,
  modelFile: string,
  sequences: number,
  options: readonly string[] = [],
  settings = '',
): Promise<StartedStowage> {
  const folder = temporaryFolder();
  const configuration = path.join(folder, 'stowage.yaml');
  writeFileSync(configuration, configurationOf(modelFile, sequences, options));
  const port = await freePort();
  const dataFolder = path.join(folder, 'data');
  if (settings !== '') {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(dataFolder, 'settings.yaml'), settings);
  }
  const child = context.children.start(
    process.execPath,
    [path.join(context.root, 'bin', 'stowage.js'), 'serve', '-f', configuration, '--port', String(port)],
    { env: { STOWAGE_DATA_DIR: dataFolder } },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
  const headers = { authorization: `Bearer ${key}` };
  const server = { child, dataFolder, port, headers, fields: { model: 'random' } };
  await untilServed(server);
  return server;
}

/** A server that has been given nothing yet is healthy, too: a first token shows that the component is served. */
async function untilServed(server: StartedStowage): Promise<void> {
  const body = JSON.stringify({ ...server.fields, prompt: [300], max_tokens: 1 });
  const headers = { ...server.headers, 'content-type': 'application/json' };
  const until = performance.now() + startMsMax;
  for (;;) {
    const address = `http://127.0.0.1:${server.port}/v1/completions`;
    const response = await fetch(address, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.ok) return;
    if (performance.now() > until || !server.child.isRunning) {
      throw new Error(`the component is not served: ${response.status} ${text}\n${server.child.tail()}`);
    }
    await pause(lookMs);
  }
}

/** The reservation is the whole machine, and memory is not limited. */
function configurationOf(modelFile: string, sequences: number, options: readonly string[]): string {
  return [
    'endpoint: bench',
    'components:',
    '  random:',
    `    model: ${JSON.stringify(modelFile)}`,
    `    resources: { cpus: ${threads} }`,
    '    options:',
    `      max_rolling_batch_size: ${sequences}`,
    `      max_model_len: ${sequenceTokensMax}`,
    `      max_num_batched_tokens: ${stepTokensMax}`,
    '      predict_timeout: 3600',
    ...options.map((line) => `      ${line}`),
    '',
  ].join('\n');
}

/** llama-server with as many slots as clients. */
export async function startLlamaServer(
  context: BenchContext,
  programs: LlamaCppPrograms,
  modelFile: string,
  clients: number,
): Promise<StartedServer> {
  const port = await freePort();
  const child = context.children.start(
    programs.server,
    [
      ...['-m', modelFile, '--host', '127.0.0.1', '--port', String(port)],
      ...['-np', String(clients), ...sharedFlags(clients)],
      ...['--no-kv-unified', '--threads-http', String(clients + 2)],
      ...['--no-webui', '--cache-ram', '0', '--no-slots'],
    ],
    { env: programs.env },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  // Of its samplers only the one that greedy needs; nothing is taken from an earlier prompt.
  return {
    child,
    port,
    headers: {},
    fields: { cache_prompt: false, samplers: ['temperature'] },
  };
}

function sharedFlags(clients: number): string[] {
  const context = String(clients * sequenceTokensMax);
  const sizes = ['-c', context, '-b', String(batchTokensMax), '-ub', String(physicalBatchTokens)];
  return [...sizes, '-t', threads, '-tb', threads];
}

/** Generated tokens per second of llama-batched-bench, prompts and generation together. */
export async function runBatchedBench(
  context: BenchContext,
  programs: LlamaCppPrograms,
  modelFile: string,
  clients: number,
  size: RequestSize,
): Promise<number> {
  const output = await context.children.run(
    programs.batchedBench,
    [
      ...['-m', modelFile, ...sharedFlags(clients), '--no-kv-unified', '--output-format', 'jsonl'],
      ...['-npp', String(size.promptTokens), '-ntg', String(size.newTokens), '-npl', String(clients)],
    ],
    { env: programs.env, msMax: batchedBenchMsMax },
  );
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'));
  const result = JSON.parse(line ?? '{}') as { pl?: number; tg?: number; t?: number };
  if (result.pl !== clients || result.tg !== size.newTokens || result.t === undefined) {
    throw new Error(`llama-batched-bench says nothing that can be read:\n${output}`);
  }
  return (clients * size.newTokens) / result.t;
}
