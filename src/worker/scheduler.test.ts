import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedEngine, simulatedNextToken } from '../adapters/engine/simulated/engine.js';
import { systemClock } from '../adapters/clock/system.js';
import { stepRowsMax } from '../decide/batching/plan-step.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import { greedySampling, type FinishReason, type SamplingParameters } from '../domain/inference.js';
import { Scheduler } from './scheduler.js';
import { Sequence } from './sequence.js';

const limits = { sequencesMax: 4, sequenceTokensMax: 128, stepTokensMax: 20, endEvery: 40 };

interface Ask {
  readonly prompt: readonly number[];
  readonly newTokens: number;
  readonly resume?: readonly number[];
  readonly sampling?: Partial<SamplingParameters>;
}

function build() {
  const engine = new SimulatedEngine({
    clock: systemClock,
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
    options: { ...defaultComponentOptions, stepTokensMax: limits.stepTokensMax },
    clock: systemClock,
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
      { prompt: ask.prompt, newTokensDefault: 0, constraint: null, adapter: null },
    );
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { engine, scheduler, answers, sequenceFor, until };
}

async function answerAll(asks: readonly Ask[]) {
  const { scheduler, answers, sequenceFor, until } = build();
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
        expect(counts.promptTokens).toBe(asks.reduce((sum, ask) => sum + ask.prompt.length, 0));
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
