/**
 * What a batch's window costs and brings: a network whose weights do not fit into the processor's caches, called over
 * HTTP by clients that wait for each answer, with several windows and without batches. And what a second start saves that
 * finds its optimized graph.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { writeNpy } from '../../src/worker/tensor-bodies/npy.js';
import { type Bench, type BenchContext, cacheFolder, pause, programFile, temporaryFolder } from '../bench.js';
import { type Child, nextMessage } from '../children.js';
import type { LoadJob, RequestsResult } from '../gateway/protocol.js';
import { freePort, untilHealthy } from '../loopback.js';
import { ensureRandomLayers } from '../models/onnx-writer.js';
import { untilQuiet } from '../process-usage.js';
import { makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';

/** 512 numbers in, 8 out, 29 MB of weights. */
const widths = [512, 2048, 2048, 1024, 8];
/** Many small layers: there is more to optimize than to read. */
const deepWidths = new Array<number>(401).fill(48);
const batchSizeMax = 32;
const clientCounts = [1, 8, 32];
const startMsMax = 60_000;

interface BenchModel {
  readonly file: string;
  /** Numbers of one row. */
  readonly width: number;
}

function wideModel(context: BenchContext): BenchModel {
  return { file: ensureRandomLayers(cacheFolder(context), 'wide', widths), width: widths[0] ?? 0 };
}

function deepModel(context: BenchContext): BenchModel {
  return { file: ensureRandomLayers(cacheFolder(context), 'deep', deepWidths), width: deepWidths[0] ?? 0 };
}

/** Microseconds; null = calls are computed one by one. */
type Window = number | null;
const windows: readonly Window[] = [null, 0, 200, 1000, 5000];

interface Plan {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}
const fullPlan: Plan = { rounds: 3, warmUpSeconds: 1, seconds: 5 };
const quickPlan: Plan = { rounds: 1, warmUpSeconds: 1, seconds: 2 };

export const dynamicBatchingBench: Bench = {
  name: 'dynamic-batching',
  measures: 'A model of tensors: the window of a batch against throughput and latency, 1 to 32 clients.',
  run: async (context) => {
    const plan = context.isQuick ? quickPlan : fullPlan;
    const model = wideModel(context);
    const load = context.children.start(process.execPath, [programFile(context, 'gateway/load')], {
      channel: true,
    });
    await nextMessage(load);
    const rows: Row[] = [];
    for (const window of windows) rows.push(...(await measureWindow(context, plan, model, window, load)));
    await load.end();
    return [...rows, ...(await measureOpening(context, plan))];
  },
};

async function measureWindow(
  context: BenchContext,
  plan: Plan,
  model: BenchModel,
  window: Window,
  load: Child,
): Promise<readonly Row[]> {
  const batches =
    window === null
      ? 'batch_size: 1'
      : `batch_size: ${batchSizeMax}, max_queue_delay_microseconds: ${window}`;
  const server = await startServer(context, temporaryFolder(), model, batches);
  const rows: Row[] = [];
  for (const clients of clientCounts) {
    const job = (seconds: number): LoadJob => ({
      kind: 'closed-loop',
      destination: { port: server.port, request: requestText(server.key) },
      connections: clients,
      seconds,
    });
    await ask(load, job(plan.warmUpSeconds), 0);
    const results: RequestsResult[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      await untilQuiet(context);
      results.push(await ask(load, job(plan.seconds)));
    }
    const name = `${window === null ? 'one by one' : `window ${window} µs`}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
    const middle = (pick: (result: RequestsResult) => number) => median(results.map(pick));
    rows.push(
      makeRow(
        name,
        'requests/s',
        middle(({ answered, seconds }) => answered / seconds),
      ),
      makeRow(
        `${name}, p50`,
        'ms',
        middle(({ latency }) => latency.p50),
      ),
      makeRow(
        `${name}, p99`,
        'ms',
        middle(({ latency }) => latency.p99),
      ),
    );
    context.say(`${name}: ${rows.at(-3)?.ours?.toFixed(0)} requests/s`);
  }
  await server.child.end();
  return rows;
}

/** Milliseconds until a session is open, without and with the optimized graph of an earlier start. */
async function measureOpening(context: BenchContext, plan: Plan): Promise<readonly Row[]> {
  const models = [
    ['29 MB of weights', wideModel(context)],
    ['400 small layers', deepModel(context)],
  ] as const;
  const rows: Row[] = [];
  for (const [name, model] of models) {
    const first: number[] = [];
    const second: number[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const folder = temporaryFolder();
      for (const times of [first, second]) {
        await untilQuiet(context);
        const server = await startServer(context, folder, model, '');
        await server.child.end();
        times.push(openingOf(path.join(folder, 'data', 'logs', 'net-1.log'), times === second));
      }
    }
    rows.push(makeRow(`${name}: first opening`, 'ms', median(first)));
    rows.push(makeRow(`${name}: opening with its optimized graph`, 'ms', median(second)));
    context.say(`${name}: ${median(first)} ms, then ${median(second)} ms`);
  }
  return rows;
}

/** What the copy wrote down the last time. */
function openingOf(log: string, isGraphReused: boolean): number {
  const lines = readFileSync(log, 'utf8').split('\n');
  const opened = lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { openMs?: number; isGraphReused?: boolean })
    .filter(({ openMs }) => openMs !== undefined)
    .at(-1);
  if (opened?.openMs === undefined || opened.isGraphReused !== isGraphReused) {
    throw new Error(`the graph was ${isGraphReused ? 'not ' : ''}reused:\n${lines.join('\n')}`);
  }
  return opened.openMs;
}

interface StartedServer {
  readonly child: Child;
  readonly port: number;
  readonly key: string;
}

async function startServer(
  context: BenchContext,
  folder: string,
  { file, width }: BenchModel,
  options: string,
): Promise<StartedServer> {
  const configuration = path.join(folder, 'stowage.yaml');
  const lines = [
    'endpoint: bench',
    'components:',
    '  net:',
    `    model: ${JSON.stringify(file)}`,
    '    engine: onnxruntime',
    `    resources: { cpus: ${availableParallelism()} }`,
    `    options: { ${options} }`,
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`);
  const port = await freePort();
  const dataFolder = path.join(folder, 'data');
  const child = context.children.start(
    process.execPath,
    [path.join(context.root, 'bin', 'stowage.js'), 'serve', '-f', configuration, '--port', String(port)],
    { env: { STOWAGE_DATA_DIR: dataFolder } },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
  await untilServed(port, key, width);
  return { child, port, key };
}

/** A server is healthy before it knows what it is to serve: its first answer says that it does. */
async function untilServed(port: number, key: string, width: number): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ inputs: [new Array<number>(width).fill(0)] });
  const url = `http://127.0.0.1:${port}/endpoints/bench/invocations`;
  for (const until = performance.now() + startMsMax; ;) {
    const answer = await fetch(url, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.ok) return;
    if (performance.now() > until) throw new Error(`the component did not come up: ${text}`);
    await pause(50);
  }
}

/** One row of numbers as NumPy's file. */
function requestText(key: string): string {
  const numbers = Float32Array.from({ length: widths[0] ?? 0 }, (_, index) => Math.sin(index));
  const shape = [1, numbers.length];
  const body = writeNpy('x', { type: 'float32', shape, bytes: new Uint8Array(numbers.buffer) });
  const head = [
    'POST /endpoints/bench/invocations HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${key}`,
    'content-type: application/x-npy',
    'x-amzn-sagemaker-inference-component: net',
    `content-length: ${body.length}`,
    '',
    '',
  ].join('\r\n');
  return head + body.toString('latin1');
}

async function ask(load: Child, job: LoadJob, answeredMin = 1): Promise<RequestsResult> {
  load.handle.send(job);
  const result = (await nextMessage(load)) as RequestsResult;
  if (result.failed > 0 || result.answered < answeredMin) throw new Error(`${result.failed} requests failed`);
  return result;
}
