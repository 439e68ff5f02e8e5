/**
 * Five times as many requests as a component can answer, minutes long, against `stowage serve` with real workers: how
 * much of the peak is still answered, what becomes of the rest, and whether the processes that route and decide grow.
 */
import { readFileSync } from 'node:fs';
import { WireApi } from '../../src/toolkit/benchmark/call-dialect.js';
import { synthesizePrompt } from '../../src/toolkit/benchmark/prompts.js';
import { type LoadOptions, runLoad } from '../../src/toolkit/benchmark/run-load.js';
import type { LoadReport } from '../../src/toolkit/benchmark/load-report.js';
import { type Bench, type BenchContext, cacheFolder } from '../bench.js';
import { type StartedServer, startStowage } from '../engine/servers.js';
import { ensureLlama } from '../models/quantized-llama.js';
import { childrenOf, untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';

/** What a request costs is the model's work; of the small one much of it is HTTP's, the load generator's too. */
const usual = { size: '150m', precision: 'f16' } as const;
const small = { size: '10m', precision: 'q8_0' } as const;
const sequences = 8;
/** Clients that keep it at its peak: all sequences, and as many again that wait. */
const peakClients = sequences * 2;
const overloadFactor = 5;
const minutes = { whole: 10, quick: 1 };
const peakSeconds = { whole: 30, quick: 10 };
const promptTokens = 48;
const newTokens = 32;
/** Requests that may wait; the others are refused at once. */
const queueLengthMax = 32;
const goodputMin = 0.9;
/** Growth that counts as none, MiB an hour: what the metric store keeps of ten minutes is below it. */
const growthMibPerHourMax = 60;
const sampleMs = 1_000;
/** Of the samples, the first part is the way to the plateau. */
const settlingShare = 0.3;
/** Codes of the table of errors. */
const typed = /^[A-Z]+-\d{3}$/;

export const overloadBench: Bench = {
  name: 'overload',
  measures: 'Goodput, refusals and memory under five times the capacity; --only small: a 10M model.',
  run,
};

async function run(context: BenchContext): Promise<readonly Row[]> {
  const { size, precision } = context.only === 'small' ? small : usual;
  const model = ensureLlama(cacheFolder(context), size, precision);
  const server = await startStowage(context, model, sequences, [`job_queue_size: ${queueLengthMax}`]);
  await untilQuiet(context);
  const length = context.isQuick ? 'quick' : 'whole';
  const peak = await runLoad(load(server, closedLoop(peakSeconds[length])));
  context.say(`peak: ${peak.requestsPerSecond.toFixed(1)} requests/s`);
  const memory = new MemoryWatch(server.child.pid);
  const over = await runLoad(load(server, openLoop(peak.requestsPerSecond, minutes[length])));
  const samples = memory.end();
  await server.child.end();
  for (const [code, count] of Object.entries(over.requests.failures))
    context.say(`refused: ${count} × ${code}`);
  return rowsOf(peak, over, samples);
}

function load(server: StartedServer, pattern: LoadOptions['pattern']): LoadOptions {
  const authorization = String(server.headers['authorization']);
  return {
    target: {
      url: `http://127.0.0.1:${server.port}`,
      api: WireApi.OpenAi,
      model: 'random',
      endpoint: null,
      chat: false,
      credentials: { kind: 'bearer', key: authorization.replace('Bearer ', '') },
    },
    pattern,
    newTokensMax: newTokens,
    temperature: 0,
    seed: 1,
    endTokensIgnored: true,
    warmupRequests: 2,
  };
}

function closedLoop(seconds: number): LoadOptions['pattern'] {
  const prompts = Array.from({ length: 256 }, (_, index) => ({
    prompt: synthesizePrompt(promptTokens, index),
    suffix: null,
    newTokensMax: null,
  }));
  return { kind: 'clients', clients: peakClients, requests: null, seconds, prompts };
}

function openLoop(peakPerSecond: number, lengthMinutes: number): LoadOptions['pattern'] {
  const gapMs = 1000 / (peakPerSecond * overloadFactor);
  const count = Math.floor((lengthMinutes * 60_000) / gapMs);
  const arrivals = Array.from({ length: count }, (_, index) => ({
    atMs: index * gapMs,
    promptTokens,
    outputTokens: newTokens,
  }));
  return { kind: 'trace', arrivals, speed: 1, promptTokensMax: null, openMax: 4_096 };
}

function rowsOf(peak: LoadReport, over: LoadReport, samples: readonly MemorySample[]): readonly Row[] {
  const { failures } = over.requests;
  const untyped = Object.entries(failures).filter(([code]) => !typed.test(code));
  const settled = samples.slice(Math.floor(samples.length * settlingShare));
  return [
    makeRow(
      'requests answered at five times the capacity',
      'requests/s',
      over.requestsPerSecond,
      { name: 'peak', value: peak.requestsPerSecond },
      { comparison: Comparison.RatioAtLeast, limit: goodputMin },
    ),
    makeRow('sent', 'count', over.requests.completed + over.requests.failed),
    ...Object.entries(failures).map(([code, count]) => makeRow(`refused with ${code}`, 'count', count)),
    makeRow(
      'refused without a code of the table',
      'count',
      untyped.reduce((sum, [, count]) => sum + count, 0),
      null,
      { comparison: Comparison.Equal, limit: 0 },
    ),
    makeRow('not sent because too many were open', 'count', over.requests.skipped),
    makeRow('first token p95 of those answered', 'ms', over.timeToFirstTokenMs?.p95 ?? null),
    makeRow('memory of serving and control at the end', 'MiB', settled.at(-1)?.mib ?? null),
    makeRow('its growth after the first third', 'MiB/h', slope(settled), null, {
      comparison: Comparison.Below,
      limit: growthMibPerHourMax,
    }),
  ];
}

interface MemorySample {
  readonly hours: number;
  readonly mib: number;
}

/** Resident memory of a process and its children, but for workers, each second. */
class MemoryWatch {
  private readonly samples: MemorySample[] = [];
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.timer = setInterval(() => {
      const mib = treeOf(pid).reduce((sum, one) => sum + residentMib(one), 0);
      this.samples.push({ hours: (performance.now() - this.startedAt) / 3_600_000, mib });
    }, sampleMs);
  }

  end(): readonly MemorySample[] {
    clearInterval(this.timer);
    return this.samples;
  }
}

function treeOf(pid: number): readonly number[] {
  const children = childrenOf(pid).filter((child) => !isWorker(child));
  return [pid, ...children.flatMap(treeOf)];
}

/** A process that ended meanwhile is none. */
function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker');
  } catch {
    return true;
  }
}

function residentMib(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? 0 : Number(line[1]) / 1024;
  } catch {
    return 0;
  }
}

/** Least squares, MiB an hour; null = too few samples. */
function slope(samples: readonly MemorySample[]): number | null {
  if (samples.length < 3) return null;
  const mean = (pick: (sample: MemorySample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const hours = mean((sample) => sample.hours);
  const mib = mean((sample) => sample.mib);
  let above = 0;
  let below = 0;
  for (const sample of samples) {
    above += (sample.hours - hours) * (sample.mib - mib);
    below += (sample.hours - hours) ** 2;
  }
  return below === 0 ? null : above / below;
}
