import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedEngine, simulatedNextToken } from '../adapters/engine/simulated/engine.js';
import { systemClock } from '../adapters/clock/system.js';
import type { Clock } from '../contracts/clock.js';
import { stepRowsMax } from '../decide/batching/plan-step.js';
import { type ComponentOptions, defaultComponentOptions } from '../domain/component-options.js';
import { greedySampling, type FinishReason, type SamplingParameters } from '../domain/inference.js';
import { Scheduler } from './scheduler.js';
import { Sequence } from './sequence.js';

const limits = { sequencesMax: 4, sequenceTokensMax: 192, stepTokensMax: 20, endEvery: 40 };

interface Ask {
  readonly prompt: readonly number[];
  readonly newTokens: number;
  readonly resume?: readonly number[];
  readonly sampling?: Partial<SamplingParameters>;
  readonly adapter?: number;
}

function build(options: Partial<ComponentOptions> = {}, clock: Clock = systemClock) {
  const engine = new SimulatedEngine({
    clock,
    sequencesMax: limits.sequencesMax,
    sequenceTokensMax: limits.sequenceTokensMax,
    stepTokensMax: stepRowsMax(limits.stepTokensMax, limits.sequencesMax),
    stepMs: 0,
    endEvery: limits.endEvery,
  });
  const answers = new Map<number, { tokens: number[]; end: FinishReason | null }>();
  let wake: (() => void) | null = null;
  const scheduler = new Scheduler({
    engine,
    options: { ...defaultComponentOptions, stepTokensMax: limits.stepTokensMax, ...options },
    clock,
    speculator: null,
    events: {
      onProgress: (sequences) => {
        for (const sequence of sequences) {
          const update = sequence.news();
          if (update === null) continue;
          const answer = answers.get(update.stream) ?? { tokens: [], end: null };
          answer.tokens.push(...update.tokens);
          answer.end = update.end?.reason ?? null;
          answers.set(update.stream, answer);
        }
        wake?.();
      },
      onActivity: () => {},
      onFailure: (error) => {
        throw error;
      },
    },
  });
  void scheduler.run();
  const sequenceFor = (ask: Ask, stream: number) =>
    new Sequence(
      engine,
      {
        stream,
        requestId: String(stream),
        input: { kind: 'tokens', tokens: ask.prompt },
        sampling: { ...greedySampling, ...ask.sampling },
        newTokensMax: ask.newTokens,
        stop: [],
        logprobs: null,
        endTokensIgnored: false,
        constraint: null,
        adapter: null,
        kind: 'generation',
        resume: ask.resume ?? [],
      },
      { prompt: ask.prompt, newTokensDefault: 0, constraint: null, adapter: ask.adapter ?? null },
    );
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { engine, scheduler, answers, sequenceFor, until };
}

async function answerAll(asks: readonly Ask[], options: Partial<ComponentOptions> = {}) {
  const { scheduler, answers, sequenceFor, until } = build(options);
  asks.forEach((ask, stream) => scheduler.submit(sequenceFor(ask, stream)));
  await until(() => asks.every((_, stream) => (answers.get(stream)?.end ?? null) !== null));
  const counts = scheduler.counts();
  scheduler.close();
  return { answers: asks.map((_, stream) => answers.get(stream)!), counts };
}

function expected(ask: Ask): number[] {
  const all = [...ask.prompt];
  const out: number[] = [];
  while (out.length < ask.newTokens) {
    const token = simulatedNextToken(all, limits.endEvery);
    if (token === 256) break;
    all.push(token);
    out.push(token);
  }
  return out;
}

const anAsk = fc.record({
  prompt: fc.array(fc.nat(255), { minLength: 1, maxLength: 70 }),
  newTokens: fc.integer({ min: 1, max: 50 }),
});

describe('Scheduler', () => {
  it('answers every request with the tokens its prompt alone decides, whatever shares its steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anAsk, { minLength: 1, maxLength: 12 }), async (asks) => {
        const { answers, counts } = await answerAll(asks);
        asks.forEach((ask, index) => expect(answers[index]!.tokens).toEqual(expected(ask)));
        expect(counts).toMatchObject({ running: 0, waiting: 0, kvCellsUsed: 0 });
        const cached = counts.prefixCache!.cachedTokens;
        expect(counts.promptTokens + cached).toBe(asks.reduce((sum, ask) => sum + ask.prompt.length, 0));
      }),
      { numRuns: 40 },
    );
  });

  it('continues from any token as if nothing had happened, greedy and seeded alike', async () => {
    const aSampling = fc.record({
      temperature: fc.constantFrom(0, 1, 2),
      seed: fc.maxSafeNat(),
      repetitionPenalty: fc.constantFrom(1, 1.2),
      frequencyPenalty: fc.constantFrom(0, 0.5),
    });
    await fc.assert(
      fc.asyncProperty(anAsk, aSampling, fc.nat(49), async (ask, sampling, at) => {
        const whole = (await answerAll([{ ...ask, sampling }])).answers[0]!;
        const resume = whole.tokens.slice(0, Math.min(at, whole.tokens.length - 1));
        if (whole.tokens.length === 0) return;
        const rest = (await answerAll([{ ...ask, sampling, resume }])).answers[0]!;
        expect([...resume, ...rest.tokens]).toEqual(whole.tokens);
        expect(rest.end).toBe(whole.end);
      }),
      { numRuns: 40 },
    );
  });

  it('frees the place of a cancelled request, in the middle of a long prompt too', async () => {
    const { scheduler, answers, sequenceFor, until } = build();
    const long = Array.from({ length: 100 }, (_, index) => index);
    const doomed = Array.from({ length: limits.sequencesMax }, (_, index) =>
      sequenceFor({ prompt: long, newTokens: 20 }, index),
    );
    for (const sequence of doomed) scheduler.submit(sequence);
    while (scheduler.counts().steps < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(doomed[0]!.computed).toBeGreaterThan(0);
    expect(doomed[0]!.prefillRemaining).toBeGreaterThan(0);
    for (const sequence of doomed) scheduler.cancel(sequence);
    const stepsAtCancel = scheduler.counts().steps;
    const ask = { prompt: [1, 2, 3], newTokens: 5 };
    scheduler.submit(sequenceFor(ask, 99));
    await until(() => (answers.get(99)?.end ?? null) !== null);
    expect(answers.get(99)!.tokens).toEqual(expected(ask));
    expect(scheduler.counts().steps).toBeLessThanOrEqual(stepsAtCancel + 1 + ask.newTokens);
    for (const sequence of doomed) expect(sequence.slot).toBe(-1);
    scheduler.close();
  });

  it('gives the prompts of one adapter short steps while answers of another wait', async () => {
    let ms = 0;
    const { engine, scheduler, answers, sequenceFor, until } = build(
      { stepMsTarget: 1 },
      { ...systemClock, now: () => ms },
    );
    Object.assign(engine.info, { adapters: ['a', 'b'] });
    const promptRows: number[] = [];
    const step = engine.step.bind(engine);
    engine.step = async () => {
      ms += 10 * engine.batch.length;
      if (engine.batch.sequences[0] === 1) promptRows.push(engine.batch.length);
      await step();
    };
    const prompt = Array.from({ length: 100 }, () => 7);
    scheduler.submit(sequenceFor({ prompt: prompt.slice(0, 20), newTokens: 40, adapter: 0 }, 0));
    await until(() => (answers.get(0)?.tokens.length ?? 0) > 2);
    scheduler.submit(sequenceFor({ prompt, newTokens: 1, adapter: 1 }, 1));
    await until(() => (answers.get(1)?.end ?? null) !== null);
    expect(answers.get(0)!.end).toBeNull();
    expect(promptRows).toEqual([16, 16, 16, 16, 16, 16, 4]);
    scheduler.close();
  });

  it('computes decoding sequences while a long prompt is on its way', async () => {
    const { scheduler, answers, sequenceFor, until } = build();
    scheduler.submit(sequenceFor({ prompt: [5], newTokens: 40 }, 0));
    scheduler.submit(sequenceFor({ prompt: Array.from({ length: 100 }, () => 7), newTokens: 1 }, 1));
    await until(() => (answers.get(1)?.end ?? null) !== null);
    const prefillSteps = Math.ceil(100 / (limits.stepTokensMax - 1));
    expect(answers.get(0)!.tokens.length).toBeGreaterThanOrEqual(
      Math.min(prefillSteps - 1, expected({ prompt: [5], newTokens: 40 }).length),
    );
    scheduler.close();
  });
});

describe('the rows of a step', () => {
  it('stand in ascending order of sequences, and the lowest free sequences are used', async () => {
    const { engine, scheduler, answers, sequenceFor, until } = build();
    const seen: number[][] = [];
    const step = engine.step.bind(engine);
    engine.step = async () => {
      seen.push([...engine.batch.sequences.subarray(0, engine.batch.length)]);
      await step();
    };
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 3; index++) {
        scheduler.submit(sequenceFor({ prompt: [round, index], newTokens: 5 - index }, 3 * round + index));
      }
      await until(() => [0, 1, 2].every((index) => (answers.get(3 * round + index)?.end ?? null) !== null));
    }
    scheduler.close();
    for (const rows of seen) {
      expect(rows).toEqual([...rows].sort((a, b) => a - b));
      expect(Math.max(...rows)).toBeLessThan(3);
    }
    expect(seen.length).toBeGreaterThan(6);
  });
});

describe('shared beginnings', () => {
  const stretch = (seed: number, length: number) =>
    Array.from({ length }, (_, at) => (seed * 31 + at * 7) % 256);
  const ended = (answers: ReturnType<typeof build>['answers'], stream: number) =>
    (answers.get(stream)?.end ?? null) !== null;

  /** Prompts made of a few stretches in a few orders, so that many begin alike. */
  const aFamilyAsk = fc.record({
    prompt: fc
      .array(fc.tuple(fc.nat(2), fc.constantFrom(9, 32, 40, 64)), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.flatMap(([seed, length]) => stretch(seed, length)).slice(0, 140)),
    newTokens: fc.integer({ min: 1, max: 50 }),
    afterSteps: fc.nat(12),
    cancelAfterSteps: fc.option(fc.nat(15), { freq: 4 }),
  });

  it('change no answer, whoever comes, goes and leaves early', async () => {
    const options = fc.record({
      prefixCaching: fc.boolean(),
      prefixCacheRamMiB: fc.constantFrom(0, 1),
      stepMsTarget: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aFamilyAsk, { minLength: 1, maxLength: 16 }),
        options,
        async (asks, chosen) => {
          const { engine, scheduler, answers, sequenceFor } = build(chosen);
          const sequences = asks.map((ask, stream) => sequenceFor(ask, stream));
          let steps = 0;
          const comeAndGo = () => {
            asks.forEach((ask, stream) => {
              if (ask.afterSteps === steps) scheduler.submit(sequences[stream]!);
              if (ask.cancelAfterSteps !== null && ask.afterSteps + ask.cancelAfterSteps === steps) {
                scheduler.cancel(sequences[stream]!);
              }
            });
          };
          const step = engine.step.bind(engine);
          engine.step = async () => {
            await step();
            const used = sequences.flatMap(({ slot }) => (slot >= 0 ? [slot] : []));
            expect(new Set(used).size).toBe(used.length);
            steps++;
            comeAndGo();
          };
          comeAndGo();
          // Steps go on while anything is active, so that later arrivals come, too.
          let nextClockwork = 1000;
          const patient = asks.flatMap((ask, stream) => (ask.cancelAfterSteps === null ? [stream] : []));
          while (steps <= 30 || !patient.every((stream) => ended(answers, stream))) {
            const { running, waiting } = scheduler.counts();
            if (running + waiting === 0)
              scheduler.submit(sequenceFor({ prompt: [1], newTokens: 1 }, nextClockwork++));
            await new Promise((resolve) => setImmediate(resolve));
          }
          for (const stream of patient) expect(answers.get(stream)!.tokens).toEqual(expected(asks[stream]!));
          scheduler.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are computed once for requests that come together, and hold up nobody else', async () => {
    const { scheduler, answers, sequenceFor, until } = build();
    const shared = stretch(3, 96);
    const family = Array.from({ length: 6 }, (_, index) => ({ prompt: [...shared, index], newTokens: 4 }));
    const stranger = { prompt: [200, 201, 202], newTokens: 4 };
    family.forEach((ask, stream) => scheduler.submit(sequenceFor(ask, stream)));
    scheduler.submit(sequenceFor(stranger, 99));
    const order: number[] = [];
    await until(() => {
      for (const stream of answers.keys()) if (!order.includes(stream)) order.push(stream);
      return [...family.keys(), 99].every((stream) => ended(answers, stream));
    });
    family.forEach((ask, stream) => expect(answers.get(stream)!.tokens).toEqual(expected(ask)));
    expect(answers.get(99)!.tokens).toEqual(expected(stranger));
    expect(order.indexOf(99)).toBeLessThanOrEqual(1);
    const { promptTokens, prefixCache } = scheduler.counts();
    expect(promptTokens).toBe(96 + 6 + 3);
    expect(prefixCache).toMatchObject({ lookups: 7, hits: 5, cachedTokens: 5 * 96 });
    scheduler.close();
  });

  it('are taken over as far as they were computed when the one who computed them leaves', async () => {
    const { scheduler, answers, sequenceFor, until } = build();
    const ask = { prompt: stretch(4, 120), newTokens: 4 };
    const [leader, follower] = [sequenceFor(ask, 0), sequenceFor(ask, 1)];
    scheduler.submit(leader);
    scheduler.submit(follower);
    while (leader.computed < 40) await new Promise((resolve) => setImmediate(resolve));
    expect(follower.slot).toBe(-1);
    scheduler.cancel(leader);
    await until(() => ended(answers, 1));
    expect(answers.get(1)!.tokens).toEqual(expected(ask));
    expect(scheduler.counts().prefixCache).toMatchObject({ lookups: 2, hits: 1 });
    expect(scheduler.counts().prefixCache!.cachedTokens).toBeGreaterThanOrEqual(32);
    scheduler.close();
  });

  it('outlive sleep in RAM', async () => {
    let fallAsleep: (() => void) | null = null;
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, task) => {
        if (delayMs < 1000) return systemClock.after(delayMs, task);
        fallAsleep = task;
        return () => {};
      },
    };
    const { scheduler, answers, sequenceFor, until } = build({ sleepAfterSeconds: 1 }, clock);
    const ask = { prompt: stretch(5, 100), newTokens: 4 };
    scheduler.submit(sequenceFor(ask, 0));
    await until(() => ended(answers, 0));
    while (fallAsleep === null) await new Promise((resolve) => setImmediate(resolve));
    (fallAsleep as () => void)();
    while (!scheduler.counts().isAsleep) await new Promise((resolve) => setImmediate(resolve));
    scheduler.submit(sequenceFor(ask, 1));
    await until(() => ended(answers, 1));
    expect(answers.get(1)).toEqual(answers.get(0));
    expect(scheduler.counts().prefixCache).toMatchObject({
      savedToRam: 1,
      restoredFromRam: 1,
      cachedTokens: 96,
    });
    scheduler.close();
  });

  it('are not kept where that is switched off', async () => {
    const ask = { prompt: stretch(6, 100), newTokens: 2 };
    const { counts } = await answerAll([ask, ask, ask], { prefixCaching: false });
    expect(counts.promptTokens).toBe(300);
    expect(counts.prefixCache).toBeUndefined();
  });
});

describe('gaps between sequences', () => {
  it('are closed by the highest when nobody comes to fill them', async () => {
    const { engine, scheduler, answers, sequenceFor, until } = build({}, { ...systemClock, now: () => 0 });
    const seen: number[][] = [];
    const step = engine.step.bind(engine);
    engine.step = async () => {
      seen.push([...new Set(engine.batch.sequences.subarray(0, engine.batch.length))]);
      await step();
    };
    const asks = [
      [1, 30],
      [2, 2],
      [3, 30],
      [4, 30],
    ].map(([token, newTokens]) => {
      return { prompt: [token!, 9], newTokens: newTokens! };
    });
    asks.forEach((ask, stream) => scheduler.submit(sequenceFor(ask, stream)));
    await until(() => asks.every((_, stream) => (answers.get(stream)?.end ?? null) !== null));
    asks.forEach((ask, stream) => expect(answers.get(stream)!.tokens).toEqual(expected(ask)));
    for (const rows of seen) expect(rows.at(-1)! - rows[0]!).toBe(rows.length - 1);
    expect(seen.some((rows) => rows.length === 3)).toBe(true);
    scheduler.close();
  });
});
