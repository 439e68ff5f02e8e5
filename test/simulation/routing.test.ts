/** Where requests go, with real serving and real workers on virtual time. */
import { describe, expect, it } from 'vitest';
import { RoutingStrategy } from '../../src/domain/component.js';
import { percentile } from '../../src/toolkit/benchmark/statistics.js';
import { type CopyPace, type RoutedAnswer, RoutingWorld } from './routing-world.js';

const even: readonly CopyPace[] = Array.from({ length: 3 }, () => ({ msPerToken: 0.25 }));
const turns = 6;

async function worldOf(strategy: RoutingStrategy, copies = even): Promise<RoutingWorld> {
  const world = new RoutingWorld({ strategy, copies, seed: 3 });
  await world.start();
  return world;
}

function filled(text: string, characters: number): string {
  return text.repeat(Math.ceil(characters / text.length)).slice(0, characters);
}

/** Conversations whose prompts grow turn by turn, side by side; each turn waits for the one before. */
async function converse(
  world: RoutingWorld,
  conversations: number,
  hasSession: boolean,
): Promise<RoutedAnswer[][]> {
  const all: RoutedAnswer[][] = Array.from({ length: conversations }, () => []);
  const ids = all.map(() => world.serving.openSession(world.component, 'k').id);
  for (let turn = 1; turn <= turns; turn++) {
    // Another order in each turn, so that nothing but the session keeps a conversation where it is.
    for (let index = 0; index < conversations; index++) {
      const at = (index * 5 + turn * 7) % conversations;
      const prompt = filled(`conversation ${at}. `, turn * 400);
      all[at]!.push(world.ask(prompt, 8, hasSession ? { session: ids[at]! } : {}));
      await world.clock.pass(30);
    }
    await world.finish();
  }
  return all;
}

function cachedShare(answers: readonly RoutedAnswer[]): number {
  const sum = (of: (answer: RoutedAnswer) => number) =>
    answers.reduce((total, answer) => total + of(answer), 0);
  return sum(({ cachedTokens }) => cachedTokens) / sum(({ promptTokens }) => promptTokens);
}

describe('a session', () => {
  it('has all its calls at one copy, whose cache then has what was said before', async () => {
    const world = await worldOf(RoutingStrategy.LeastOutstandingRequests);
    const sticky = await converse(world, 12, true);
    await world.close();
    for (const answers of sticky) expect(new Set(answers.flatMap(({ copies }) => copies)).size).toBe(1);
    expect(new Set(sticky.flat().flatMap(({ copies }) => copies)).size).toBe(even.length);
    const other = await worldOf(RoutingStrategy.LeastOutstandingRequests);
    const loose = await converse(other, 12, false);
    await other.close();
    expect(cachedShare(sticky.flat())).toBeGreaterThan(cachedShare(loose.flat()) + 0.15);
  });

  it('goes on at another copy when its own leaves, and loses nothing', async () => {
    const world = await worldOf(RoutingStrategy.LeastOutstandingRequests);
    const { id } = world.serving.openSession(world.component, 'k');
    const ask = async () => {
      const answer = world.ask('the same words', 8, { session: id });
      await world.finish();
      return answer.copies[0]!;
    };
    const [first, second] = [await ask(), await ask()];
    expect(second).toBe(first);
    await world.drop(first);
    const third = await ask();
    expect(third).not.toBe(first);
    expect(await ask()).toBe(third);
    const { records } = world.serving.explainRouting(world.component);
    expect(records.map(({ reason }) => reason)).toEqual(['session', 'session-moved', 'session', 'strategy']);
    await world.close();
  });
});

it('a name that all requests share does not put them all on one copy', async () => {
  const world = await worldOf(RoutingStrategy.LeastOutstandingRequests);
  for (let index = 0; index < 24; index++) world.ask(`question ${index}`, 40, { session: 'user:service' });
  const loads = new Map<string, number>();
  for (const [copy] of world.answers.map(({ copies }) => copies))
    loads.set(copy!, (loads.get(copy!) ?? 0) + 1);
  expect([...loads.values()].sort((a, b) => a - b)).toEqual([7, 7, 10]);
  await world.finish();
  await world.close();
});

describe('shared beginnings', () => {
  const run = async (strategy: RoutingStrategy) => {
    const world = await worldOf(strategy, [...even, { msPerToken: 1 }]);
    for (let index = 0; index < 160; index++) {
      const begin = filled(`system prompt ${world.random.below(20)}. `, 2048);
      world.ask(begin + filled(`question ${index}? `, 100), 16);
      await world.clock.pass(-Math.log(1 - world.random.next()) * 150);
    }
    await world.finish();
    const { records } = world.serving.explainRouting(world.component);
    await world.close();
    const answers = world.answers.slice(40);
    const sorted = answers.map(({ firstTokenMs }) => firstTokenMs!).sort((a, b) => a - b);
    return { cached: cachedShare(answers), p95: percentile(sorted, 0.95), records };
  };

  it('are found more often by PREFIX_AWARE, and the first token comes soonest with FASTEST_FIRST_TOKEN', async () => {
    const least = await run(RoutingStrategy.LeastOutstandingRequests);
    const prefix = await run(RoutingStrategy.PrefixAware);
    const fastest = await run(RoutingStrategy.FastestFirstToken);
    expect(prefix.cached).toBeGreaterThan(least.cached + 0.15);
    expect(fastest.cached).toBeGreaterThan(least.cached + 0.15);
    expect(fastest.p95).toBeLessThan(least.p95 * 0.7);
    expect(fastest.p95).toBeLessThan(prefix.p95);
    for (const { picked, copies } of fastest.records) {
      const best = Math.max(...copies.map(({ score }) => score ?? 0));
      expect(copies.find(({ copy }) => copy === picked)?.score).toBe(best);
    }
    expect(fastest.records.length).toBeGreaterThan(32);
  });
});
