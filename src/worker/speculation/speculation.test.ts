import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system.js';
import { SimulatedEngine, simulatedNextToken } from '../../adapters/engine/simulated/engine.js';
import type { Clock } from '../../contracts/clock.js';
import { stepRowsMax } from '../../decide/batching/plan-step.js';
import { StepCost } from '../../decide/speculation/step-cost.js';
import { defaultComponentOptions } from '../../domain/component-options.js';
import { greedySampling, type FinishReason, type SamplingParameters } from '../../domain/inference.js';
import { Scheduler } from '../scheduler.js';
import { Sequence } from '../sequence.js';
import type { Speculator } from '../speculator.js';
import { AdaptiveSpeculator } from './adaptive-speculator.js';
import { Drafter } from './drafter.js';

const limits = { sequencesMax: 4, sequenceTokensMax: 128, stepTokensMax: 64, endEvery: 40 };
const tokensMax = 6;

interface Ask {
  readonly prompt: readonly number[];
  readonly newTokens: number;
  readonly sampling: SamplingParameters;
}

interface Answer {
  readonly tokens: number[];
  end: FinishReason | null;
}

function newEngine(stepTokensMax = stepRowsMax(limits.stepTokensMax, limits.sequencesMax)) {
  return new SimulatedEngine({ clock: systemClock, ...limits, stepTokensMax, stepMs: 0 });
}

/** Steps that cost the same however many rows they have: everything that may be kept pays. */
const flatCost = () =>
  new StepCost(
    [
      { rows: 1, milliseconds: 1 },
      { rows: 256, milliseconds: 1.01 },
    ],
    0,
  );

/** Proposes what it is told to, as much as there is room for. */
class Proposing implements Speculator {
  proposed = 0;
  kept = 0;

  constructor(private readonly next: (tokens: readonly number[]) => number) {}

  async propose(decoding: readonly Sequence[], rowsMax: number): Promise<void> {
    let rows = rowsMax;
    for (const sequence of decoding) {
      const room = Math.min(rows, tokensMax, sequence.generatedMax - sequence.generatedCount - 1);
      const tokens = Array.from({ length: sequence.length }, (_, at) => sequence.tokenAt(at));
      const proposal: number[] = [];
      while (proposal.length < room) proposal.push(this.next([...tokens, ...proposal]));
      rows -= proposal.length;
      sequence.proposal = proposal;
    }
  }

  observe(_sequence: Sequence, proposed: number, accepted: number): void {
    this.proposed += proposed;
    this.kept += accepted;
  }

  observeStep(): void {}
  release(): void {}
  counts() {
    return { proposedTokens: this.proposed, acceptedTokens: this.kept, steps: 0 };
  }
  setThreads(): void {}
  async sleep(): Promise<void> {}
}

const long: Ask = { prompt: [7, 8, 9], newTokens: 100, sampling: greedySampling };

const oracle = () => new Proposing((tokens) => Math.min(255, simulatedNextToken(tokens, limits.endEvery)));
const garbage = () => new Proposing((tokens) => (tokens.length * 31) % 256);
const lookups = () => new AdaptiveSpeculator({ cost: flatCost(), tokensMax, drafter: null });
const drafting = () =>
  new AdaptiveSpeculator({
    cost: flatCost(),
    tokensMax,
    drafter: new Drafter(newEngine(128), systemClock, new StepCost([{ rows: 1, milliseconds: 0.001 }], 0)),
  });

function sequenceOf(engine: SimulatedEngine, { prompt, newTokens, sampling }: Ask, stream: number): Sequence {
  return new Sequence(
    engine,
    {
      ...{ stream, requestId: String(stream), kind: 'generation', input: { kind: 'tokens', tokens: prompt } },
      ...{ sampling, newTokensMax: newTokens, stop: [], logprobs: null, endTokensIgnored: false },
      ...{ constraint: null, adapter: null, resume: [] },
    },
    { prompt, newTokensDefault: 0, constraint: null, adapter: null },
  );
}

async function answerAll(
  asks: readonly Ask[],
  speculator: Speculator | null,
  { engine = newEngine(), clock = systemClock }: { engine?: SimulatedEngine; clock?: Clock } = {},
) {
  const answers: Answer[] = asks.map(() => ({ tokens: [], end: null }));
  let ended = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const scheduler = new Scheduler({
    engine,
    options: { ...defaultComponentOptions, stepTokensMax: limits.stepTokensMax },
    clock,
    speculator,
    events: {
      onProgress: (tasks) => {
        for (const task of tasks) {
          const update = task.news();
          if (update === null) continue;
          const answer = answers[update.stream]!;
          answer.tokens.push(...update.tokens);
          if (update.end === undefined) continue;
          answer.end = update.end.reason;
          if (++ended === asks.length) finish();
        }
      },
      onActivity: () => {},
      onFailure: (error) => {
        throw error;
      },
    },
  });
  void scheduler.run();
  asks.forEach((ask, stream) => scheduler.submit(sequenceOf(engine, ask, stream)));
  await finished;
  const counts = scheduler.counts();
  scheduler.close();
  return { answers, counts };
}

const anAsk = fc.record({
  prompt: fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }),
  newTokens: fc.integer({ min: 1, max: 60 }),
  sampling: fc
    .record({
      temperature: fc.constantFrom(0, 0, 1, 2),
      seed: fc.maxSafeNat(),
      repetitionPenalty: fc.constantFrom(1, 1.2),
      frequencyPenalty: fc.constantFrom(0, 0.5),
    })
    .map((some) => ({ ...greedySampling, ...some })),
});
const someAsks = fc.array(anAsk, { minLength: 1, maxLength: 8 });

const speculators: readonly (readonly [string, () => Speculator])[] = [
  ['an oracle', oracle],
  ['garbage', garbage],
  ['look-ups', lookups],
  ['a draft model', drafting],
];

describe('answers with proposed tokens', () => {
  it.each(speculators)('are those without, greedy and seeded: %s', async (_, make) => {
    await fc.assert(
      fc.asyncProperty(someAsks, async (asks) => {
        const plain = await answerAll(asks, null);
        const proposed = await answerAll(asks, make());
        expect(proposed.answers).toEqual(plain.answers);
        expect(proposed.counts).toMatchObject({ running: 0, waiting: 0, kvCellsUsed: 0 });
        expect(proposed.counts.generatedTokens).toBe(plain.counts.generatedTokens);
      }),
      { numRuns: 25 },
    );
  });

  it('take a step for several tokens where the proposals are right', async () => {
    const { counts, answers } = await answerAll([long], oracle());
    const tokens = answers[0]!.tokens.length;
    expect(counts.speculation!.acceptedTokens).toBeGreaterThan(tokens / 2);
    expect(counts.steps).toBeLessThan(tokens / 2);
  });

  it('are drafted by the same model almost without refusal, at any temperature', async () => {
    const sampled = { ...long, sampling: { ...greedySampling, temperature: 1, seed: 5 } };
    const { counts } = await answerAll([long, sampled], drafting());
    const { proposedTokens, acceptedTokens } = counts.speculation!;
    expect(proposedTokens).toBeGreaterThan(20);
    expect(acceptedTokens / proposedTokens).toBeGreaterThan(0.85);
  });
});

describe('the allowance', () => {
  const pausedStep = 10;

  /** A step's milliseconds are its rows: nothing proposed can pay but what is sure to be kept. */
  const linearCost = () =>
    new StepCost(
      [
        { rows: 1, milliseconds: 1 },
        { rows: 256, milliseconds: 256 },
      ],
      0,
    );

  it('nothing but one trial is proposed where each row costs as much as a step', async () => {
    const speculator = new AdaptiveSpeculator({
      cost: linearCost(),
      tokensMax,
      drafter: null,
    });
    const asks = Array.from({ length: 4 }, (_, index) => ({
      prompt: [1, 2, 1, 2, 1, 2, index],
      newTokens: 60,
      sampling: greedySampling,
    }));
    // Times are not measured here: a simulated step takes no time that means anything.
    speculator.observeStep = () => {};
    const { counts } = await answerAll(asks, speculator);
    expect(counts.speculation!.proposedTokens).toBeLessThanOrEqual(4);
  });

  it('is not used up by a pause of the machine while it drafts', async () => {
    const engine = newEngine(128);
    const step = engine.step.bind(engine);
    let now = 0;
    let steps = 0;
    engine.step = async () => {
      await step();
      now += ++steps === pausedStep ? 1000 : 0.01;
    };
    const clock = { ...systemClock, now: () => now };
    const drafter = new Drafter(engine, clock, new StepCost([{ rows: 1, milliseconds: 0.01 }], 0));
    const speculator = new AdaptiveSpeculator({ cost: flatCost(), tokensMax, drafter });
    speculator.observeStep = () => {};
    const { counts } = await answerAll([long], speculator);
    expect(steps).toBeGreaterThan(2 * pausedStep);
    expect(counts.steps).toBeLessThan(counts.generatedTokens / 2);
  });

  it('lets now and then be tried what seems not to pay, so that it begins where its price was mistaken', async () => {
    const cost = linearCost();
    const drafter = new Drafter(
      newEngine(128),
      systemClock,
      new StepCost([{ rows: 1, milliseconds: 0.01 }], 0),
    );
    const speculator = new AdaptiveSpeculator({ cost, tokensMax, drafter });
    const observeStep = speculator.observeStep.bind(speculator);
    // What plain steps cost is believed rightly, so only a trial can tell what more rows cost.
    speculator.observeStep = (decodingRows, promptRows) =>
      observeStep(decodingRows, promptRows, decodingRows > 4 ? 4.4 : decodingRows);
    const asks = Array.from({ length: 300 }, (_, index) => ({ ...long, prompt: [7, 8, index] }));
    const { counts } = await answerAll(asks, speculator);
    expect(cost.at(8)).toBeLessThan(7);
    expect(counts.speculation!.steps).toBeGreaterThan((2 * counts.steps) / 64);
  });
});

/** About what a model of nine million parameters and its draft cost on two cores, milliseconds of a step of so many rows. */
const modelMs = (rows: number) => 0.5 + 0.14 * (rows - 1);
const draftMs = (rows: number) => 0.1 + 0.03 * (rows - 1);
type Price = typeof modelMs;

/** What was measured of each size when the models were loaded. */
const measuredAs = (price: Price) =>
  new StepCost(
    [1, 2, 4, 8, 16, 32, 64].map((rows) => ({ rows, milliseconds: price(rows) })),
    0.3 * price(1),
  );

interface TurnsOptions {
  readonly newTokens?: number;
  readonly promptTokens?: number;
  /** The draft model proposes something else than the model chooses. */
  readonly isDraftWrong?: boolean;
}

/** Steps, steps with proposals so far, and milliseconds of each of some answers, one after the other. */
async function answerInTurn(
  { model, draft }: Readonly<Record<'model' | 'draft', Price>>,
  believed: Readonly<Record<'model' | 'draft', Price>>,
  { newTokens = 60, promptTokens = 40, isDraftWrong = false }: TurnsOptions = {},
) {
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => now };
  const engineOf = (price: Price, endEvery: number) => {
    const engine = new SimulatedEngine({
      clock: systemClock,
      ...limits,
      stepTokensMax: 128,
      stepMs: 0,
      endEvery,
    });
    const step = engine.step.bind(engine);
    engine.step = async () => {
      await step();
      now += price(engine.batch.length);
    };
    return engine;
  };
  const draftEngine = engineOf(draft, 0);
  const logits = draftEngine.logits.bind(draftEngine);
  if (isDraftWrong) draftEngine.logits = (row) => logits(row).map((_, token) => (token === 7 ? 1 : 0));
  const drafter = new Drafter(draftEngine, clock, measuredAs(believed.draft));
  const speculator = new AdaptiveSpeculator({ cost: measuredAs(believed.model), tokensMax, drafter });
  const engine = engineOf(model, 0);
  const answers: { steps: number; proposing: number; milliseconds: number }[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const beganAt = now;
    const prompt = Array.from({ length: promptTokens }, (_, at) => (at * 7 + turn * 13) % 251);
    const { counts } = await answerAll([{ prompt, newTokens, sampling: greedySampling }], speculator, {
      engine,
      clock,
    });
    const proposing = speculator.counts().steps;
    answers.push({ steps: counts.steps, proposing, milliseconds: now - beganAt });
  }
  return answers;
}

const times = (price: Price, factor: number, rowsMin: number): Price => {
  return (rows) => price(rows) * (rows >= rowsMin ? factor : 1);
};

describe('where a draft pays', () => {
  it.each([
    ['as they are', modelMs, draftMs],
    ['of several rows four times as high', times(modelMs, 4, 2), draftMs],
    ['of catching up ten times as high', modelMs, times(draftMs, 10, 8)],
    ['of drafting three times as high', modelMs, times(draftMs, 3, 1)],
    [
      'of all of it as of a machine that does something else',
      times(modelMs, 2000, 1),
      times(draftMs, 2000, 1),
    ],
    ['of all of it too high', times(modelMs, 3, 2), times(times(draftMs, 3, 1), 3, 8)],
  ])('proposals begin with the first answers: prices believed %s', async (_, model, draft) => {
    const answers = await answerInTurn({ model: modelMs, draft: draftMs }, { model, draft });
    expect(answers[0]!.steps).toBeLessThan(30);
    for (const { steps } of answers.slice(1)) expect(steps).toBeLessThan(20);
  });
});

describe('where nothing pays', () => {
  const rowsMs = (rows: number) => 0.5 * rows;
  it.each([
    ['each row costs a step, as is believed', rowsMs, rowsMs, false],
    ['each row costs a step, and is believed to be nearly free', rowsMs, modelMs, false],
    ['the draft is always wrong', modelMs, modelMs, true],
  ])('little is lost: %s', async (_, model, believed, isDraftWrong) => {
    const prices = { model, draft: draftMs };
    const answers = await answerInTurn(prices, { ...prices, model: believed }, { isDraftWrong });
    const plain = model(40) + 59 * model(1);
    const lost = answers.reduce((sum, { milliseconds }) => sum + milliseconds - plain, 0);
    // What a component begins with, a hundredth of the time, and what one step may lose more than is left.
    expect(lost).toBeLessThan(32 * model(1) + 0.01 * plain * answers.length + 10 * model(1));
  });

  it('a trial of which all was kept is followed by few', async () => {
    const prices = { model: rowsMs, draft: draftMs };
    const { proposing } = (await answerInTurn(prices, prices)).at(-1)!;
    expect(proposing).toBeGreaterThan(10);
    expect(proposing).toBeLessThan(25);
  });

  it('a short answer does not begin with a trial because the one before it ended with one', async () => {
    const short = { newTokens: 6, promptTokens: 100 };
    const prices = { model: modelMs, draft: draftMs };
    const answers = await answerInTurn(prices, prices, short);
    expect(answers.at(-1)!.proposing).toBeLessThanOrEqual(5);
  });
});
