/**
 * The forecast against what happened: a part of a production trace, spread over several components that scale from zero
 * by an objective, is sent to a real server on this machine; then the server's own request log is forecast with the
 * service times that were measured before. What is compared: accelerator-hours and the p95 of the time to first token.
 */
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServiceProfile } from '../../src/domain/service-profile.js';
import { parseTrace } from '../../src/toolkit/benchmark/trace.js';
import { spreadTrace } from '../../src/toolkit/forecast/trace/spread.js';
import type { ForecastRequest } from '../../src/toolkit/forecast/forecast-input.js';
import { type Bench, type BenchContext, cacheFolder, pause, temporaryFolder } from '../bench.js';
import { untilHealthy, freePort } from '../loopback.js';
import { metricValues } from '../metrics-page.js';
import { ensureLlama } from '../models/quantized-llama.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { measureProfile } from './measure-profile.js';
import { readLog, type LoggedRequest } from './request-log.js';
import { type ForecastServer, sendPrompt } from './send-prompt.js';

const components = ['a', 'b', 'c', 'd'] as const;
/** Of the trace: so long, with prompts and answers of so many tokens at most. */
const part = { seconds: 300, promptTokensMax: 400, outputTokensMax: 48, seed: 7 } as const;
const quickSeconds = 90;
/** Long enough that a cold start holds it, so that copies leave between requests. */
const objectiveMs = 10_000;
/** Between two looks at the instances, milliseconds. */
const lookMs = 200;
const startMsMax = 60_000;
/** Copies go when they are not worth keeping, instances a minute later. */
const restMsMax = 20 * 60_000;
const endpoint = 'forecast';

export const forecastBench: Bench = {
  name: 'forecast',
  measures: 'The forecast of a trace beside a real run of it on this machine: accelerator-hours and p95.',
  run: async (context) => {
    const models = [
      { name: 'apex', share: 0.6, file: () => path.join(context.root, 'models', 'apex-blockgen-Q8_0.gguf') },
      { name: '150m', share: 0.12, file: () => ensureLlama(cacheFolder(context), '150m', 'q4_0') },
    ].filter(({ name }) => context.only === null || name.startsWith(context.only));
    const rows: Row[] = [];
    for (const { name, share, file } of context.isQuick ? models.slice(0, 1) : models) {
      rows.push(...(await measure(context, name, share, file())));
    }
    return rows;
  },
};

/** `share`: of the trace’s requests, as many as the model can do on such a machine. */
async function measure(
  context: BenchContext,
  name: string,
  share: number,
  modelFile: string,
): Promise<readonly Row[]> {
  const folder = temporaryFolder();
  const configuration = path.join(folder, 'stowage.yaml');
  writeFileSync(configuration, configurationOf(modelFile));
  await untilQuiet(context);
  const profile = await profileOf(context, configuration, folder);
  context.say(`${name}: ${JSON.stringify(profile)}`);
  const requests = requestsOf(context, share);
  const real = await realRun(context, configuration, folder, requests);
  const profileFile = path.join(folder, 'profile.json');
  writeFileSync(profileFile, JSON.stringify(profile));
  const forecast = await forecastOf(context, configuration, real.log, profileFile, real.seconds);
  return rowsOf(name, real, forecast, requests.length);
}

/** One copy on each instance, so that accelerators follow copies; one instance is left while nothing comes. */
function configurationOf(modelFile: string): string {
  return [
    `endpoint: ${endpoint}`,
    'routing: LEAST_OUTSTANDING_REQUESTS',
    `instances: { type: local.cpu.small, count: 1, min: 1, max: ${components.length} }`,
    'components:',
    ...components.flatMap((name) => [
      `  ${name}:`,
      `    model: ${JSON.stringify(modelFile)}`,
      '    resources: { cpus: 0.25, memory: 512Mi, accelerators: 1 }',
      `    copies: { min: 0, max: 1, target: { firstToken: { milliseconds: ${objectiveMs}, percentile: 95 } } }`,
      '    options: { max_rolling_batch_size: 4, max_model_len: 512 }',
    ]),
    '',
  ].join('\n');
}

function requestsOf({ isQuick }: BenchContext, scale: number): readonly ForecastRequest[] {
  const file = process.env['STOWAGE_TRACE'] ?? 'azure-llm-code-2023.csv';
  const rows = parseTrace(readFileSync(file, 'utf8'), file).map(({ atMs, promptTokens, outputTokens }) => ({
    at: atMs,
    component: null,
    promptTokens: Math.max(1, Math.min(promptTokens, part.promptTokensMax)),
    outputTokens: Math.max(1, Math.min(outputTokens, part.outputTokensMax)),
    cachedTokens: null,
    prefixBlocks: null,
  }));
  const { requests } = spreadTrace(rows, components, {
    law: { kind: 'zipf', exponent: 1 },
    scale,
    speed: 1,
    durationMsMax: (isQuick ? quickSeconds : part.seconds) * 1000,
    seed: part.seed,
  });
  return requests;
}

async function startServer(
  { children, root }: BenchContext,
  configuration: string,
  dataFolder: string,
  log: string,
): Promise<ForecastServer> {
  const port = await freePort();
  const flags = ['serve', '-f', configuration, '--port', String(port), '--request-log', log];
  const child = children.start(process.execPath, [path.join(root, 'bin', 'stowage.js'), ...flags], {
    env: { STOWAGE_DATA_DIR: dataFolder },
  });
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
  const server = { child, port, headers: { authorization: `Bearer ${key}` } };
  // A server that has been given nothing yet is healthy, too.
  for (const until = performance.now() + startMsMax; performance.now() < until; await pause(lookMs)) {
    if ((await sendPrompt(server, 'a', 4, 1)) === 200) return server;
  }
  throw new Error(`the components are not served\n${child.tail()}`);
}

async function profileOf(
  context: BenchContext,
  configuration: string,
  folder: string,
): Promise<ServiceProfile> {
  const log = path.join(folder, 'profile.jsonl');
  const server = await startServer(context, configuration, path.join(folder, 'measured'), log);
  const profile = await measureProfile(server, log, [...components], context.say);
  await server.child.end();
  return profile;
}

interface RealRun {
  readonly log: string;
  readonly requests: readonly LoggedRequest[];
  readonly acceleratorHours: number;
  readonly seconds: number;
}

async function realRun(
  context: BenchContext,
  configuration: string,
  folder: string,
  requests: readonly ForecastRequest[],
): Promise<RealRun> {
  const dataFolder = path.join(folder, 'real');
  const raw = path.join(folder, 'real.jsonl');
  const server = await startServer(context, configuration, dataFolder, raw);
  const instances = instanceWatch(server.port, dataFolder);
  await untilAtRest(server, instances.count, context);
  const beganAt = Date.now();
  instances.begin();
  context.say(`${requests.length} requests`);
  await Promise.all(
    requests.map(async ({ atMs, component, promptTokens, outputTokens }) => {
      await pause(atMs);
      const status = await sendPrompt(server, components[component]!, promptTokens, outputTokens);
      if (status !== 200) context.say(`a request ended with ${status}`);
    }),
  );
  const seconds = (Date.now() - beganAt) / 1000;
  const acceleratorHours = instances.end();
  await server.child.end();
  const log = path.join(folder, 'trace.jsonl');
  const kept = readLog(raw).filter(({ at }) => at >= beganAt);
  writeFileSync(log, kept.map((request) => JSON.stringify(request)).join('\n'));
  return { log, requests: kept, acceleratorHours, seconds };
}

/** Looks at the endpoint's instances until it is told to end. */
function instanceWatch(port: number, dataFolder: string) {
  const text = readFileSync(path.join(dataFolder, 'credentials'), 'utf8');
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  const credentials = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  };
  const client = new SageMakerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
  });
  const count = async () => {
    const described = await client.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
    return described.ProductionVariants?.[0]?.CurrentInstanceCount ?? 0;
  };
  let isWatching = true;
  let hours = 0;
  const watch = async () => {
    let at = performance.now();
    while (isWatching) {
      const there = await count();
      const now = performance.now();
      hours += (there * (now - at)) / 3_600_000;
      at = now;
      await pause(lookMs);
    }
  };
  return {
    count,
    begin: () => void watch(),
    end: () => {
      isWatching = false;
      return hours;
    },
  };
}

/** No copy, and the least number of instances: what the forecast begins with. */
async function untilAtRest(
  server: ForecastServer,
  count: () => Promise<number>,
  { say }: BenchContext,
): Promise<void> {
  say('waiting for copies and instances to go');
  for (const until = performance.now() + restMsMax; performance.now() < until; await pause(1_000)) {
    const copies = await metricValues(server, 'stowage_copy_steps');
    if (copies.length === 0 && (await count()) === 1) return;
  }
  throw new Error(`copies or instances were still there after ${restMsMax / 60_000} minutes`);
}

interface ForecastFigures {
  readonly acceleratorHours: number;
  readonly coldStarts: number;
  readonly requests: { readonly firstTokenMs: { readonly p50: number; readonly p95: number } | null };
}

async function forecastOf(
  { children, root }: BenchContext,
  configuration: string,
  log: string,
  profileFile: string,
  seconds: number,
): Promise<ForecastFigures> {
  const flags = ['--trace', log, '-f', configuration, '--service-profile', profileFile, '-o', 'json'];
  const output = await children.run(
    process.execPath,
    [path.join(root, 'bin', 'stowage.js'), 'simulate', ...flags, '--duration', String(seconds)],
    { msMax: startMsMax },
  );
  const { policies } = JSON.parse(output) as { policies: readonly ForecastFigures[] };
  return policies[0]!;
}

function rowsOf(name: string, real: RealRun, forecast: ForecastFigures, sent: number): readonly Row[] {
  const times = real.requests.flatMap(({ firstTokenMs }) => firstTokenMs ?? []).sort((a, b) => a - b);
  const at = (share: number) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? null;
  const { firstTokenMs } = forecast.requests;
  const target = { comparison: Comparison.RatioWithin, limit: 0.1 };
  const realHours = { name: 'real run', value: real.acceleratorHours };
  return [
    makeRow(`${name}, requests sent`, 'count', sent, { name: 'answered', value: times.length }),
    makeRow(`${name}, accelerator-hours, forecast`, 'h', forecast.acceleratorHours, realHours, target),
    makeRow(
      `${name}, p95 first token, forecast`,
      'ms',
      firstTokenMs?.p95 ?? null,
      { name: 'real run', value: at(0.95) },
      target,
    ),
    makeRow(`${name}, p50 first token, forecast`, 'ms', firstTokenMs?.p50 ?? null, {
      name: 'real run',
      value: at(0.5),
    }),
  ];
}
