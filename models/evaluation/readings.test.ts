/** With the shipped draft model: what it says must not depend on company, and what it proposes for itself is always right. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/contracts/engine.js';
import { drive, openEngine, type Reading } from './drive.js';
import { AnswerReading, LikelihoodReading, proposedMax, ProposalReading } from './readings.js';

const file = path.resolve(import.meta.dirname, '../apex-draft-Q8_0.gguf');
const requests = ['List all accounts', 'Count the open cases', 'Delete leads older than 90 days'];

async function withEngine<Result>(use: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine(file, 'draft', 1);
  try {
    return await use(engine);
  } finally {
    engine.close();
  }
}

function promptsOf(engine: Engine): number[][] {
  const control = (spelling: string) => engine.specialTokens.get(spelling)!;
  return requests.map((text) => [control('<|block|>'), ...engine.tokenize(text), control('<|out|>')]);
}

async function answers(engine: Engine, prompts: readonly number[][]): Promise<number[][]> {
  const readings = prompts.map((prompt) => new AnswerReading(engine, prompt));
  await drive(engine, readings, () => {});
  const end = engine.specialTokens.get('<|endoftext|>')!;
  return readings.map((reading) => {
    const { tokens, isEnded } = reading.answer();
    return isEnded ? [...tokens, end] : [...tokens];
  });
}

describe('readings of a model', () => {
  it('give the same answers together as one by one', async () => {
    await withEngine(async (engine) => {
      const prompts = promptsOf(engine);
      const together = await answers(engine, prompts);
      expect(together.every((tokens) => tokens.length > 3)).toBe(true);
      for (const [index, prompt] of prompts.entries()) {
        expect(await answers(engine, [prompt])).toEqual([together[index]]);
      }
    });
  });

  it('find their own greedy answer likelier than one with another token', async () => {
    await withEngine(async (engine) => {
      const [prompt] = promptsOf(engine);
      const [answer] = await answers(engine, [prompt!]);
      const changed = answer!.with(2, answer![2]! + 1);
      const readings = [answer!, changed].map(
        (tokens) => new LikelihoodReading(prompt!.length, [...prompt!, ...tokens]),
      );
      await drive(engine, readings, () => {});
      const [own, other] = readings.map((reading) => reading.negativeLogLikelihood);
      expect(own).toBeGreaterThan(0);
      expect(other).toBeGreaterThan(own! + 1);
    });
  });

  it('propose for themselves nothing but right tokens', async () => {
    await withEngine(async (engine) => {
      const prompts = promptsOf(engine);
      const chosen = await answers(engine, prompts);
      const end = engine.specialTokens.get('<|endoftext|>')!;
      const readings = prompts.map((prompt, index) => new ProposalReading(prompt, chosen[index]!, end));
      await drive(engine, readings, () => {});
      for (const [index, { right, tried, targetPasses, proposed }] of readings.entries()) {
        expect(right).toEqual(tried);
        const sum = right.reduce((total, count) => total + count, 0);
        expect(sum).toBe(proposed);
        expect(targetPasses).toBe(Math.ceil(chosen[index]!.length / (proposedMax + 1)));
      }
    });
  });
});

describe('a draft model that is wrong at one place', () => {
  it('is asked again behind the target’s own token', async () => {
    const chosen = [1, 2, 3, 4, 5, 6, 7];
    const reading = new ProposalReading([10, 11], chosen, 7);
    const proposals = [1, 2, 9, 9, 4, 5, 6, 7]; // [1 2 9 9] → 1 2 and 3 of the target; [4 5 6 7] all stay
    const wanted = askAll(reading, proposals);
    expect(wanted.map(({ kept, tokens }) => [kept, tokens])).toEqual([
      [0, [10, 11]],
      [2, [1]],
      [3, [2]],
      [4, [9]],
      [4, [3]],
      [5, [4]],
      [6, [5]],
      [7, [6]],
    ]);
    expect(reading).toMatchObject({ tried: [2, 2, 2, 1], right: [2, 2, 1, 1], proposed: 8, targetPasses: 2 });
  });
});

/** Answers a reading with these tokens, one after the other; what it wanted. */
function askAll(reading: Reading, tokens: readonly number[]) {
  const asked = [reading.first];
  for (const token of tokens) {
    const wanted = reading.next(() =>
      Float32Array.from({ length: 20 }, (_, index) => (index === token ? 1 : 0)),
    );
    if (wanted !== null) asked.push(wanted);
  }
  return asked;
}
