/**
 * What a routing strategy does to the time to first token: the real serving and workers on virtual time, around a model
 * whose steps take 10 ms and a time for each token. So the rows say what the choices are worth and nothing about a
 * machine; the same seed gives the same rows.
 */
import { RoutingStrategy } from '../../src/domain/component.js';
import { percentile } from '../../src/toolkit/benchmark/statistics.js';
import { type CopyPace, RoutingWorld } from '../../test/simulation/routing-world.js';
import type { Bench, BenchContext } from '../bench.js';
import { makeRow, type Row } from '../report.js';

const even: readonly CopyPace[] = Array.from({ length: 4 }, () => ({ msPerToken: 0.25 }));
/** One of another instance type, or with a fourth of the threads. */
const mixed: readonly CopyPace[] = [...even.slice(1), { msPerToken: 1 }];

interface Scenario {
  readonly name: string;
  readonly copies: readonly CopyPace[];
  readonly requestsPerSecond: number;
  /** Beginnings that requests share, and how long each is, characters; 0 = none. */
  readonly prefixes: number;
  readonly prefixCharacters: number;
  /** 0 = all as often; 1 = Zipf's law. */
  readonly skew: number;
  readonly tailCharacters: number;
  readonly newTokens: number;
}

const base = { prefixCharacters: 2048, skew: 1, tailCharacters: 150, newTokens: 24 } as const;

const scenarios: readonly Scenario[] = [
  {
    ...base,
    name: 'equal copies, nothing shared',
    copies: even,
    prefixes: 0,
    prefixCharacters: 0,
    tailCharacters: 1024,
    requestsPerSecond: 8,
  },
  { ...base, name: 'equal copies, 24 prefixes', copies: even, prefixes: 24, requestsPerSecond: 10 },
  { ...base, name: 'equal copies, one prefix for all', copies: even, prefixes: 1, requestsPerSecond: 16 },
  {
    ...base,
    name: 'one copy 4x slower, nothing shared',
    copies: mixed,
    prefixes: 0,
    prefixCharacters: 0,
    tailCharacters: 1024,
    requestsPerSecond: 6,
  },
  { ...base, name: 'one copy 4x slower, 24 prefixes', copies: mixed, prefixes: 24, requestsPerSecond: 8 },
  {
    ...base,
    name: 'equal copies, short prompts and long answers',
    copies: even,
    prefixes: 0,
    prefixCharacters: 0,
    tailCharacters: 100,
    newTokens: 200,
    requestsPerSecond: 6,
  },
  {
    ...base,
    name: 'equal copies, 200 prefixes as often as each other',
    copies: even,
    prefixes: 200,
    skew: 0,
    requestsPerSecond: 6,
  },
];

const strategies = Object.values(RoutingStrategy);

export const routingBench: Bench = {
  name: 'routing',
  measures:
    'Time to first token and prompt tokens found in caches under each routing strategy, on virtual time.',
  run: async (context) => {
    const rows: Row[] = [];
    for (const scenario of scenarios) {
      if (context.only !== null && !scenario.name.startsWith(context.only)) continue;
      rows.push(...(await compare(context, scenario)));
    }
    return rows;
  },
};

interface Measured {
  readonly p50: number;
  readonly p95: number;
  readonly cached: number;
}

async function compare(context: BenchContext, scenario: Scenario): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let least: Measured | null = null;
  for (const strategy of [RoutingStrategy.LeastOutstandingRequests, ...strategies]) {
    if (least !== null && strategy === RoutingStrategy.LeastOutstandingRequests) continue;
    const measured = await measure(scenario, strategy, context.isQuick ? 20 : 120);
    least ??= measured;
    context.say(
      `${scenario.name}, ${strategy}: p50 ${measured.p50.toFixed(0)} ms, p95 ${measured.p95.toFixed(0)} ms, cached ${(measured.cached * 100).toFixed(0)} %`,
    );
    const peer = (value: number) => ({ name: RoutingStrategy.LeastOutstandingRequests, value });
    rows.push(
      makeRow(`${scenario.name}, ${strategy}: first token p95`, 'ms', measured.p95, peer(least.p95)),
      makeRow(`${scenario.name}, ${strategy}: first token p50`, 'ms', measured.p50, peer(least.p50)),
      makeRow(`${scenario.name}, ${strategy}: prompt tokens cached`, 'share', measured.cached),
    );
  }
  return rows;
}

async function measure(scenario: Scenario, strategy: RoutingStrategy, seconds: number): Promise<Measured> {
  const world = new RoutingWorld({ strategy, copies: scenario.copies, seed: 7 });
  await world.start();
  const { random, clock } = world;
  const weights = Array.from({ length: scenario.prefixes }, (_, rank) => (rank + 1) ** -scenario.skew);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const endsAt = clock.now() + seconds * 1000;
  let serial = 0;
  while (clock.now() < endsAt) {
    await clock.pass((-Math.log(1 - random.next()) * 1000) / scenario.requestsPerSecond);
    let left = random.next() * sum;
    const prefix = weights.findIndex((weight) => (left -= weight) < 0);
    const begin = prefix < 0 ? '' : filled(`system prompt ${prefix}. `, scenario.prefixCharacters);
    world.ask(begin + filled(`question ${serial++}? `, scenario.tailCharacters), scenario.newTokens);
  }
  await world.finish();
  await world.close();
  // The first fifth is the time in which caches fill and speeds are learned.
  const answers = world.answers.slice(Math.floor(world.answers.length / 5));
  const sorted = answers.map(({ firstTokenMs }) => firstTokenMs ?? NaN).sort((a, b) => a - b);
  const prompt = answers.reduce((total, { promptTokens }) => total + promptTokens, 0);
  const cached = answers.reduce((total, { cachedTokens }) => total + cachedTokens, 0);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), cached: cached / prompt };
}

function filled(text: string, characters: number): string {
  return text.repeat(Math.ceil(characters / text.length)).slice(0, characters);
}
