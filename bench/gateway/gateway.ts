/**
 * What the gateway costs: the server's whole request path in front of a worker that computes nothing, beside
 * nginx in front of the same worker, under the same load from the same generator, in turns.
 */
import type { Bench, BenchContext } from '../bench.js';
import { Comparison, makeRow, type Peer, type Row } from '../report.js';
import { median } from '../statistics.js';
import { cpuSeconds, peakMemoryMib, untilQuiet } from '../process-usage.js';
import type { Percentiles, RequestsResult, StreamsResult } from './protocol.js';
import { type Setup, startSetup, type Target } from './setup.js';

const requestsPerSecond = 1000;
const connections = 32;
const streams = 1000;
const tokensPerStream = 64;
const rampMs = 1000;
const addedMsMax = 1;
const perCoreRatioMin = 0.3;
/** With room for 256 requests each, all streams run at once. */
const copiesForStreams = 4;

interface Plan {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly openLoopSeconds: number;
  readonly closedLoopSeconds: number;
}
const fullPlan: Plan = { rounds: 3, warmUpSeconds: 4, openLoopSeconds: 20, closedLoopSeconds: 10 };
const quickPlan: Plan = { rounds: 1, warmUpSeconds: 2, openLoopSeconds: 8, closedLoopSeconds: 4 };

export const gatewayBench: Bench = {
  name: 'gateway',
  measures: 'What the gateway adds in front of a stub worker: latency, CPU, 1,000 streams; beside nginx.',
  run: async (context) => {
    const plan = context.isQuick ? quickPlan : fullPlan;
    const setup = await startSetup(context, 1);
    for (const target of setup.proxies) await closedLoop(setup, target, plan.warmUpSeconds);
    const rows = [
      ...(await measureLatency(context, setup, plan)),
      ...(await measureThroughput(context, setup, plan)),
    ];
    await setup.end();
    return [...rows, ...(await measureStreams(context, plan))];
  },
};

/** Latency at a fixed rate, through each proxy and without any; added = the difference of the percentiles. */
async function measureLatency(context: BenchContext, setup: Setup, plan: Plan): Promise<readonly Row[]> {
  const found = new Samples();
  for (let round = 0; round < plan.rounds; round++) {
    for (const target of [setup.direct, ...setup.proxies]) {
      await untilQuiet(context);
      const result = (await setup.load({
        kind: 'open-loop',
        destination: { port: target.port, request: setup.wholeRequest },
        requestsPerSecond,
        seconds: plan.openLoopSeconds,
      })) as RequestsResult;
      checkAnswered(target, result.failed);
      found.add(`${target.name} p50`, result.latency.p50);
      found.add(`${target.name} p99`, result.latency.p99);
      context.say(`${requestsPerSecond} requests/s, ${target.name}: ${formatLatency(result.latency)}`);
    }
  }
  const rate = `at ${requestsPerSecond} requests/s`;
  const row = (percentile: 'p50' | 'p99'): Row[] => {
    const direct = found.median(`direct ${percentile}`);
    const through = found.median(`stowage ${percentile}`);
    const added = (name: string) => difference(found.median(`${name} ${percentile}`), direct);
    const target = percentile === 'p99' ? { comparison: Comparison.Below, limit: addedMsMax } : null;
    const nginx = { name: 'nginx', value: added('nginx') };
    return [
      makeRow(`added latency ${percentile} ${rate}`, 'ms', added('stowage'), nginx, target),
      makeRow(`latency ${percentile} ${rate}`, 'ms', through, { name: 'stub directly', value: direct }),
    ];
  };
  return [...row('p50'), ...row('p99')];
}

/** As many requests as go through over a fixed number of connections. */
async function measureThroughput(context: BenchContext, setup: Setup, plan: Plan): Promise<readonly Row[]> {
  const found = new Samples();
  for (let round = 0; round < plan.rounds; round++) {
    for (const target of setup.proxies) {
      await untilQuiet(context);
      const before = cpuSeconds(target.pid);
      const result = await closedLoop(setup, target, plan.closedLoopSeconds);
      const perCpuSecond = result.answered / (cpuSeconds(target.pid) - before);
      const perSecond = result.answered / result.seconds;
      found.add(`${target.name} per core`, perCpuSecond);
      found.add(`${target.name} per second`, perSecond);
      context.say(
        `${connections} connections, ${target.name}: ${perSecond.toFixed(0)} requests/s, ` +
          `${perCpuSecond.toFixed(0)} per CPU-second`,
      );
    }
  }
  const nginx = (what: string): Peer => ({ name: 'nginx', value: found.median(`nginx ${what}`) });
  const over = `over ${connections} connections`;
  const target = { comparison: Comparison.RatioAtLeast, limit: perCoreRatioMin };
  return [
    makeRow(
      `requests per core ${over}`,
      '1/CPU-s',
      found.median('stowage per core'),
      nginx('per core'),
      target,
    ),
    makeRow(`requests ${over}`, '1/s', found.median('stowage per second'), nginx('per second')),
  ];
}

async function closedLoop(setup: Setup, target: Target, seconds: number): Promise<RequestsResult> {
  const destination = { port: target.port, request: setup.wholeRequest };
  const result = (await setup.load({
    kind: 'closed-loop',
    destination,
    connections,
    seconds,
  })) as RequestsResult;
  checkAnswered(target, result.failed);
  return result;
}

/** Fresh processes, so that the peak of their memory is that of the streams. */
async function measureStreams(context: BenchContext, plan: Plan): Promise<readonly Row[]> {
  const setup = await startSetup(context, copiesForStreams);
  const found = new Samples();
  for (let round = 0; round < plan.rounds; round++) {
    for (const target of setup.proxies) {
      await untilQuiet(context);
      const before = cpuSeconds(target.pid);
      const result = (await setup.load({
        kind: 'streams',
        destination: { port: target.port, request: setup.streamRequest(tokensPerStream) },
        streams,
        tokensPerStream,
        rampMs,
      })) as StreamsResult;
      found.add(`${target.name} complete`, result.complete);
      found.add(`${target.name} peak`, result.peak);
      found.add(`${target.name} first token`, result.firstToken.p99);
      found.add(`${target.name} gap`, result.gap.p99);
      found.add(`${target.name} cpu`, cpuSeconds(target.pid) - before);
      found.add(`${target.name} memory`, peakMemoryMib(target.pid));
      context.say(
        `${streams} streams, ${target.name}: ${result.complete} complete, ${result.peak} at once, first token ` +
          `${formatLatency(result.firstToken)}, between tokens ${formatLatency(result.gap)}`,
      );
    }
  }
  await setup.end();
  const row = (measure: string, unit: string, what: string, mustBe?: number): Row => {
    const nginx = { name: 'nginx', value: found.median(`nginx ${what}`) };
    const target = mustBe === undefined ? null : { comparison: Comparison.Equal, limit: mustBe };
    return makeRow(`${measure}`, unit, found.least(`stowage ${what}`, what === 'complete'), nginx, target);
  };
  const of = `of ${streams} streams of ${tokensPerStream} tokens`;
  return [
    row(`complete ${of}`, 'streams', 'complete', streams),
    row(`at once ${of}`, 'streams', 'peak'),
    row(`first token p99 ${of}`, 'ms', 'first token'),
    row(`between tokens p99 ${of} (50 ms in the stub)`, 'ms', 'gap'),
    row(`CPU time ${of}`, 's', 'cpu'),
    row(`peak memory ${of}`, 'MiB', 'memory'),
  ];
}

/** What each round found, by name. */
class Samples {
  private readonly values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const known = this.values.get(name);
    if (known === undefined) this.values.set(name, [value]);
    else known.push(value);
  }

  median(name: string): number | null {
    return median(this.values.get(name) ?? []);
  }

  /** The median, or the worst round of what must never fall short. */
  least(name: string, isWorst: boolean): number | null {
    const values = this.values.get(name) ?? [];
    return isWorst && values.length > 0 ? Math.min(...values) : median(values);
  }
}

function checkAnswered(target: Target, failed: number): void {
  if (failed > 0) throw new Error(`${failed} requests to ${target.name} were not answered`);
}

function difference(value: number | null, base: number | null): number | null {
  return value === null || base === null ? null : value - base;
}

function formatLatency({ p50, p99 }: Percentiles): string {
  return `p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`;
}
