/**
 * Scale from zero: a component that has no copy is given one, and a request is sent at once; what counts is the time
 * from that change to the request's first token. Beside it the same libraries without us: weights, context, first
 * token. The file is in the kernel's cache for both. And the wake-up of a copy that sleeps: a request to it, beside one
 * to a copy that is awake.
 */
import {
  ListInferenceComponentsCommand,
  SageMakerClient,
  UpdateInferenceComponentRuntimeConfigCommand,
} from '@aws-sdk/client-sagemaker';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Bench, type BenchContext, cacheFolder, pause, programFile } from '../bench.js';
import { type StartedServer, type StartedStowage, startStowage } from '../engine/servers.js';
import { metricValues } from '../metrics-page.js';
import { ensureLlama, type WeightType } from '../models/quantized-llama.js';
import type { LlamaShapeName } from '../models/random-llama.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { firstTokenMs } from './first-token-of.js';

const ratioMax = 1.2;
const wakeMsMax = 250;
const component = 'random';
const sequences = 16;
const sleepAfterSeconds = 1;
/** A copy is gone or asleep within this, milliseconds. */
const settleMsMax = 60_000;
const lookMs = 50;

interface Part {
  /** What `--only` selects it by. */
  readonly name: string;
  readonly shape: LlamaShapeName;
  readonly weights: WeightType;
}

const parts: readonly Part[] = [
  { name: '150m-f16', shape: '150m', weights: 'f16' },
  { name: '500m-f16', shape: '500m', weights: 'f16' },
  { name: '500m-q4_0', shape: '500m', weights: 'q4_0' },
];

export const coldStartBench: Bench = {
  name: 'cold-start',
  measures:
    'Milliseconds from a copy’s start to its first token, beside llama.cpp alone; and from its sleep.',
  run: async (context) => {
    const { only, isQuick } = context;
    const chosen = parts.filter(({ name }) => only === null || name.startsWith(only));
    const rows: Row[] = [];
    for (const part of isQuick ? chosen.slice(0, 1) : chosen) rows.push(...(await measure(context, part)));
    return rows;
  },
};

async function measure(context: BenchContext, { name, shape, weights }: Part): Promise<readonly Row[]> {
  const modelFile = ensureLlama(cacheFolder(context), shape, weights);
  const rounds = context.isQuick ? 2 : 5;
  const server = await startStowage(context, modelFile, sequences);
  const client = controlClient(server);
  await untilListed(client);
  const starts: number[] = [];
  const raws: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await scale(client, 0);
    await untilGone(server);
    await untilQuiet(context);
    const [, ms] = await Promise.all([scale(client, 1), firstTokenMs(server, round)]);
    starts.push(ms);
    raws.push(await rawMs(context, modelFile));
    context.say(`${name}, round ${round + 1}: ours ${ms.toFixed(0)} ms, raw ${raws.at(-1)!.toFixed(0)} ms`);
  }
  await server.child.end();
  const wakes = await wakeTimes(context, name, modelFile, context.isQuick ? 3 : 20);
  const raw = { name: 'llama.cpp alone', value: median(raws) };
  const target = { comparison: Comparison.RatioAtMost, limit: ratioMax };
  const wakeTarget = { comparison: Comparison.Below, limit: wakeMsMax };
  return [
    makeRow(`${name}, zero copies to first token`, 'ms', median(starts), raw, target),
    makeRow(`${name}, asleep to first token, median`, 'ms', median(wakes), null, wakeTarget),
    makeRow(`${name}, asleep to first token, slowest`, 'ms', Math.max(...wakes), null, wakeTarget),
  ];
}

/** Requests to a copy that sleeps, one after each time it fell asleep. */
async function wakeTimes(
  context: BenchContext,
  name: string,
  modelFile: string,
  rounds: number,
): Promise<readonly number[]> {
  const server = await startStowage(context, modelFile, sequences, [`sleep_after: ${sleepAfterSeconds}`]);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await untilAsleep(server);
    times.push(await firstTokenMs(server, round));
    context.say(`${name}, wake ${round + 1} of ${rounds}: ${times.at(-1)!.toFixed(0)} ms`);
  }
  await server.child.end();
  return times;
}

export function controlClient({ port, dataFolder }: StartedStowage): SageMakerClient {
  const text = readFileSync(path.join(dataFolder, 'credentials'), 'utf8');
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
  const credentials = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  };
  return new SageMakerClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
}

/** The server's component gets so many copies. */
export async function scale(client: SageMakerClient, copies: number): Promise<void> {
  const wanted = { InferenceComponentName: component, DesiredRuntimeConfig: { CopyCount: copies } };
  await client.send(new UpdateInferenceComponentRuntimeConfigCommand(wanted));
}

/** The server tells of the component; one that answers for it already may be a moment ahead. */
export async function untilListed(client: SageMakerClient): Promise<void> {
  for (const until = performance.now() + settleMsMax; performance.now() < until; await pause(lookMs)) {
    const { InferenceComponents = [] } = await client.send(new ListInferenceComponentsCommand({}));
    const { InferenceComponentStatus: status } =
      InferenceComponents.find(({ InferenceComponentName }) => InferenceComponentName === component) ?? {};
    if (status === 'InService') return;
  }
  throw new Error(`the component was not in service within ${settleMsMax / 1000} s`);
}

export async function untilGone(server: StartedServer): Promise<void> {
  await untilMetric(server, 'stowage_copy_steps', (values) => values.length === 0);
}

export async function untilAsleep(server: StartedServer): Promise<void> {
  await untilMetric(server, 'stowage_copy_asleep', (values) => values.some((value) => value > 0));
}

async function untilMetric(
  server: StartedServer,
  name: string,
  isSo: (values: readonly number[]) => boolean,
): Promise<void> {
  for (const until = performance.now() + settleMsMax; performance.now() < until; await pause(lookMs)) {
    if (isSo(await metricValues(server, name))) return;
  }
  throw new Error(`${name} did not become what was waited for within ${settleMsMax / 1000} s`);
}

/** A process of its own each time: nothing is warm but the kernel's cache. */
async function rawMs(context: BenchContext, modelFile: string): Promise<number> {
  await untilQuiet(context);
  const program = programFile(context, 'cold-start/raw');
  const output = await context.children.run(
    process.execPath,
    [program, modelFile, String(availableParallelism())],
    { msMax: settleMsMax },
  );
  const line = output.split('\n').find((candidate) => candidate.startsWith('{"firstTokenMs"'));
  const ms = (JSON.parse(line ?? '{}') as { firstTokenMs?: number }).firstTokenMs;
  if (ms === undefined) throw new Error(`llama.cpp alone says nothing that can be read:\n${output}`);
  return ms;
}
