import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedEngine, simulatedNextToken } from '../adapters/engine/simulated/engine.js';
import type { Clock } from '../contracts/clock.js';
import { blockTokens } from '../decide/prefix/block-hashes.js';
import { uniformAt } from '../decide/sampling/uniform.js';
import { greedySampling } from '../domain/inference.js';
import { Sequence } from './sequence.js';
import { SlotTable } from './slots.js';

/** Moves by one second with each request. */
class SteppedClock implements Clock {
  ms = 0;
  now = () => this.ms;
  wallNow = () => this.ms;
  after = (_delayMs: number, task: () => void): (() => void) => {
    task();
    return () => {};
  };
}

/** Of what it holds only the last tokens are saved, as in a model with a sliding window. */
class WindowedEngine extends SimulatedEngine {
  override readonly savesWhole = false;
}

function build(sequencesMax: number, ramTokens: number, Engine: typeof SimulatedEngine = SimulatedEngine) {
  const clock = new SteppedClock();
  const engine = new Engine({
    clock,
    sequencesMax,
    sequenceTokensMax: 4096,
    stepTokensMax: 4096,
    stepMs: 0,
    endEvery: 0,
  });
  // A token of the simulated model is saved in four bytes.
  const slots = new SlotTable({ engine, clock, isCaching: true, ramBytesMax: ramTokens * 4 });
  const sequenceFor = (prompt: readonly number[], answer: readonly number[], adapter: number | null) =>
    new Sequence(
      engine,
      {
        stream: 0,
        requestId: '0',
        input: { kind: 'tokens', tokens: prompt },
        sampling: greedySampling,
        newTokensMax: null,
        stop: [],
        logprobs: null,
        endTokensIgnored: true,
        constraint: null,
        adapter: null,
        kind: 'generation',
        resume: answer,
      },
      { prompt, newTokensDefault: 0, constraint: null, adapter },
    );
  /** Computes what is missing of the sequence, and checks that it is as if all of it had been computed. */
  const compute = async (sequence: Sequence) => {
    const { batch } = engine;
    const tokens = Array.from({ length: sequence.length }, (_, at) => sequence.tokenAt(at));
    batch.length = tokens.length - sequence.computed;
    for (let row = 0; row < batch.length; row++) {
      batch.tokens[row] = tokens[sequence.computed + row]!;
      batch.positions[row] = sequence.computed + row;
      batch.sequences[row] = sequence.slot;
    }
    await engine.step();
    const logits = engine.logits(batch.length - 1);
    expect(logits.indexOf(Math.max(...logits))).toBe(simulatedNextToken(tokens, 0));
    sequence.computed = sequence.length;
    slots.note(sequence);
  };
  return { clock, slots, sequenceFor, compute };
}

/** A request as published traces give it: blocks of the prompt by their names, and those of the answer. */
interface TracedRequest {
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
}

/**
 * Conversations under a few system prompts, some of them far more common than others, in the style of published traces
 * of block hashes: each turn repeats all before it, and some conversations branch.
 */
function makeTrace(requests: number, seed: number): readonly TracedRequest[] {
  let drawn = 0;
  const chance = () => uniformAt(seed, drawn++);
  const zipf = (count: number) => Math.floor(count ** chance()) - 1;
  let names = 0;
  const fresh = (count: number) => Array.from({ length: count }, () => ++names);
  const systems = Array.from({ length: 8 }, () => fresh(4 + Math.floor(chance() * 28)));
  const conversations: number[][] = [];
  return Array.from({ length: requests }, () => {
    const isNew = conversations.length === 0 || chance() < 0.35;
    const place = isNew ? conversations.length : Math.floor(conversations.length * (1 - chance() ** 3));
    const before = isNew ? systems[zipf(systems.length)]! : conversations[place]!;
    const prompt = [...before, ...fresh(1 + Math.floor(chance() * 6))].slice(0, 100);
    const answer = fresh(1 + Math.floor(chance() * 4));
    const isBranch = !isNew && chance() < 0.1;
    if (prompt.length < 100) conversations[isBranch ? conversations.length : place] = [...prompt, ...answer];
    return { prompt, answer };
  });
}

/** Tokens of all prompts that a cache without bounds would not compute: whole blocks seen before, but the last token. */
function oracleTokens(trace: readonly TracedRequest[]): number {
  const seen = new Set<number>();
  let tokens = 0;
  for (const { prompt, answer } of trace) {
    const known = prompt.findIndex((block) => !seen.has(block));
    tokens += (known < 0 ? prompt.length : known) * blockTokens;
    for (const block of [...prompt, ...answer]) seen.add(block);
  }
  return tokens;
}

function tokensOf(blocks: readonly number[]): number[] {
  return blocks.flatMap((block) => Array.from({ length: blockTokens }, (_, at) => (at === 0 ? block : at)));
}

/** `together` requests are in at a time. */
async function replay(
  trace: readonly TracedRequest[],
  together: number,
  sequencesMax: number,
  ramTokens: number,
) {
  const { clock, slots, sequenceFor, compute } = build(sequencesMax, ramTokens);
  const inside: Sequence[] = [];
  let ramBytesMost = 0;
  for (const { prompt, answer } of trace) {
    clock.ms += 1000;
    if (inside.length === together) slots.release(inside.shift()!);
    const sequence = sequenceFor(tokensOf(prompt), tokensOf(answer), null);
    slots.admit(sequence);
    await compute(sequence);
    inside.push(sequence);
    ramBytesMost = Math.max(ramBytesMost, slots.counts()!.ramBytes);
  }
  return { counts: slots.counts()!, ramBytesMost };
}

describe('a trace of conversations', () => {
  const trace = makeTrace(600, 7);
  const oracle = oracleTokens(trace);

  it('is answered from the cache as from one without bounds while memory suffices, and less and less with less', async () => {
    const shares: number[] = [];
    for (const ramTokens of [600_000, 100_000, 30_000, 0]) {
      const { counts, ramBytesMost } = await replay(trace, 4, 16, ramTokens);
      expect(ramBytesMost).toBeLessThanOrEqual(ramTokens * 4);
      expect(counts.lookups).toBe(trace.length);
      const share = counts.cachedTokens / oracle;
      shares.push(share);
    }
    expect(shares[0]).toBeGreaterThanOrEqual(0.95);
    expect(shares[0]).toBeLessThanOrEqual(1);
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
    expect(shares.at(-1)).toBeGreaterThan(0.1);
  });
});

describe('SlotTable', () => {
  const prompt = Array.from({ length: 100 }, (_, at) => at);

  it('reuses nothing of another adapter', async () => {
    const { slots, sequenceFor, compute } = build(4, 1000);
    for (const [adapter, computed] of [
      [null, 0],
      [0, 0],
      [1, 0],
      [0, 96],
      [null, 96],
    ] as const) {
      const sequence = sequenceFor(prompt, [], adapter);
      slots.admit(sequence);
      expect(sequence.computed).toBe(computed);
      await compute(sequence);
      slots.release(sequence);
    }
  });

  it.each([
    ['moves the highest into a gap', SimulatedEngine, 1],
    ['moves nobody where a saved sequence is not the whole of it', WindowedEngine, 2],
  ])('%s', async (_name, Engine, slot) => {
    const { slots, sequenceFor, compute } = build(3, 1000, Engine);
    const three = [1, 2, 3].map((begin) => sequenceFor([begin, ...prompt], [], null));
    for (const sequence of three) {
      slots.admit(sequence);
      await compute(sequence);
    }
    slots.release(three[1]!);
    slots.closeGap(
      () => true,
      () => {},
    );
    expect(three[2]!.slot).toBe(slot);
  });

  it('reuses nothing whose tokens differ, though the hashes were equal', async () => {
    const { slots, sequenceFor, compute } = build(4, 1000);
    const changing = [...prompt];
    const first = sequenceFor(changing, [], null);
    slots.admit(first);
    await compute(first);
    // The hashes were made of other tokens: what a collision looks like.
    changing[5] = 255;
    const second = sequenceFor(prompt, [], null);
    slots.admit(second);
    expect(second.computed).toBe(0);
  });

  it('never gives one slot to two, keeps RAM within its bound and reuses only what is there', async () => {
    const aCall = fc.record({
      family: fc.nat(3),
      blocks: fc.integer({ min: 1, max: 12 }),
      leaves: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aCall, { maxLength: 60 }),
        fc.constantFrom(0, 300, 5000),
        async (calls, ramTokens) => {
          const { clock, slots, sequenceFor, compute } = build(5, ramTokens);
          const inside: Sequence[] = [];
          for (const { family, blocks, leaves } of calls) {
            clock.ms += 500;
            if (inside.length === 5) slots.release(inside.splice(leaves % inside.length, 1)[0]!);
            const tokens = Array.from(
              { length: blocks * 32 + 1 },
              (_, at) => (family + Math.floor(at / 96) * (at % 3)) % 7,
            );
            const sequence = sequenceFor(tokens, [], null);
            slots.admit(sequence);
            expect(sequence.computed % 32).toBe(0);
            expect(sequence.computed).toBeLessThan(sequence.length);
            await compute(sequence);
            inside.push(sequence);
            expect(new Set(inside.map(({ slot }) => slot)).size).toBe(inside.length);
            expect(slots.counts()!.ramBytes).toBeLessThanOrEqual(ramTokens * 4);
          }
        },
      ),
    );
  });
});
