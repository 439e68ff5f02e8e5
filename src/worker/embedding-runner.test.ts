import { describe, expect, it } from 'vitest';
import {
  SimulatedEmbeddingEngine,
  type SimulatedEmbeddingOptions,
  simulatedVector,
} from '../adapters/engine/simulated/embedding-engine.js';
import { Ability } from '../contracts/engine.js';
import type { StepUpdate, SubmittedStream } from '../contracts/worker-protocol.js';
import { type ComponentOptions, defaultComponentOptions } from '../domain/component-options.js';
import type { Computation } from '../domain/inference.js';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import { EmbeddingRunner } from './embedding-runner.js';
import { normalized } from './embedding-task.js';
import type { Task } from './runner.js';

/** A runner over a simulated engine, and what it says. */
class Stage {
  readonly clock = new VirtualClock();
  readonly engine: SimulatedEmbeddingEngine;
  readonly runner: EmbeddingRunner;
  readonly updates = new Map<number, StepUpdate>();
  /** Streams in the order in which they ended. */
  readonly order: number[] = [];
  activity = 0;
  private stream = 0;

  constructor(engine: Partial<SimulatedEmbeddingOptions> = {}, options: Partial<ComponentOptions> = {}) {
    this.engine = new SimulatedEmbeddingEngine({
      clock: this.clock,
      ability: Ability.Embed,
      textsMax: 4,
      textTokensMax: 40,
      batchTokensMax: 64,
      batchMs: 10,
      ...engine,
    });
    this.runner = new EmbeddingRunner({
      engine: this.engine,
      component: 'c',
      options: { ...defaultComponentOptions, stepTokensMax: 64, ...options },
      clock: this.clock,
    });
    this.runner.start({
      onProgress: (tasks) => tasks.forEach((task) => this.hear(task)),
      onActivity: () => this.activity++,
      onFailure: (error) => {
        throw error;
      },
    });
  }

  take(computation: Computation): Task {
    const stream = this.stream++;
    const submitted: SubmittedStream = { stream, requestId: `r${stream}`, kind: 'computation', computation };
    const task = this.runner.take(submitted);
    this.hear(task);
    return task;
  }

  /** Lets everything that was asked be computed. */
  settle(): Promise<void> {
    return this.clock.pass(10_000);
  }

  vectors(stream: number): readonly (readonly number[])[] {
    const result = this.updates.get(stream)?.result;
    if (result?.kind !== 'embed') throw new Error(`stream ${stream} has no vectors`);
    return result.vectors.map((text) => {
      const bytes = Buffer.from(text, 'base64');
      return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
    });
  }

  private hear(task: Task): void {
    const update = task.news();
    if (update === null) return;
    expect(this.updates.has(update.stream)).toBe(false);
    this.updates.set(update.stream, update);
    this.order.push(update.stream);
  }
}

function embed(
  inputs: readonly string[],
  changes: Partial<Extract<Computation, { kind: 'embed' }>> = {},
): Computation {
  return {
    kind: 'embed',
    inputs: inputs.map((prompt) => ({ kind: 'text', prompt, suffix: null })),
    dimensions: null,
    textTokensMax: null,
    ...changes,
  };
}

function vectorOf(text: string, dimensions: number | null = null): readonly number[] {
  const tokens = [256, ...Buffer.from(text), 257];
  return [...normalized(simulatedVector(tokens, 8), dimensions)];
}

describe('EmbeddingRunner', () => {
  it('gives every text of every request its own vector, over as many batches as it takes', async () => {
    const stage = new Stage();
    const asked = [1, 9, 3, 14].map((count, request) =>
      Array.from(
        { length: count },
        (_, index) => `${request}:${'x'.repeat((index * 7) % 38).slice(0, 34)}${index}`,
      ),
    );
    for (const inputs of asked) stage.take(embed(inputs));
    await stage.settle();
    for (const [stream, inputs] of asked.entries()) {
      expect(stage.vectors(stream)).toEqual(inputs.map((text) => vectorOf(text)));
      const tokens = inputs.reduce((sum, text) => sum + text.length + 2, 0);
      expect(stage.updates.get(stream)).toMatchObject({ promptTokens: tokens, end: { reason: 'stop' } });
    }
    expect(Math.max(...stage.engine.batchSizes)).toBe(4);
    expect(stage.runner.counts()).toMatchObject({
      running: 0,
      waiting: 0,
      steps: stage.engine.batchSizes.length,
      batches: { batches: stage.engine.batchSizes.length, requests: 27 },
    });
    expect(stage.activity).toBeGreaterThan(0);
  });

  it('does not let a small request wait for a large one', async () => {
    const stage = new Stage();
    stage.take(embed(Array.from({ length: 100 }, (_, index) => `large ${index}`)));
    await stage.clock.pass(5);
    stage.take(embed(['small']));
    await stage.clock.pass(20);
    expect(stage.order).toEqual([1]);
    await stage.settle();
    expect(stage.order).toEqual([1, 0]);
  });

  it('ends a request with the first text that cannot be computed, and names it', async () => {
    const stage = new Stage();
    stage.take(embed(['fits']));
    stage.take(embed(['fits', 'x'.repeat(39)]));
    await stage.settle();
    expect(stage.updates.get(1)?.error).toMatchObject({
      code: 'CTX-202',
      message: expect.stringContaining('41 prompt tokens > 40'),
      reason: 'it is the text at index 1',
    });
    expect(stage.vectors(0)).toEqual([vectorOf('fits')]);
  });

  it('cuts longer texts where it may, and keeps the tokens around them', async () => {
    const stage = new Stage();
    stage.take(embed(['x'.repeat(50), 'short'], { textTokensMax: 2 ** 31 - 1 }));
    stage.take(embed(['x'.repeat(50)], { textTokensMax: 12 }));
    await stage.settle();
    expect(stage.vectors(0)).toEqual([vectorOf('x'.repeat(38)), vectorOf('short')]);
    expect(stage.vectors(1)).toEqual([vectorOf('x'.repeat(10))]);
  });

  it('makes vectors of length 1, also of the first dimensions alone', async () => {
    const stage = new Stage();
    stage.take(embed(['text'], { dimensions: 3 }));
    await stage.settle();
    const [vector] = stage.vectors(0);
    expect(vector).toEqual(vectorOf('text', 3));
    expect(Math.hypot(...vector!)).toBeCloseTo(1, 6);
  });

  it('takes token ids as they are, and refuses those that there are not', async () => {
    const stage = new Stage();
    stage.take(embed([], { inputs: [{ kind: 'tokens', tokens: [1, 2] }] }));
    stage.take(embed([], { inputs: [{ kind: 'tokens', tokens: [1, 258] }] }));
    await stage.settle();
    expect(stage.vectors(0)).toEqual([[...normalized(simulatedVector([1, 2], 8), null)]]);
    expect(stage.updates.get(1)?.error).toMatchObject({ code: 'REQ-210' });
  });

  it('keeps spellings of control tokens in a text as text, unless the component allows them', async () => {
    const plain = new Stage();
    const allowing = new Stage({}, { specialTokensAllowed: true });
    for (const stage of [plain, allowing]) stage.take(embed(['a<|end|>b']));
    await plain.settle();
    await allowing.settle();
    expect(plain.vectors(0)).toEqual([vectorOf('a<|end|>b')]);
    expect(allowing.vectors(0)).toEqual([[...normalized(simulatedVector([256, 97, 257, 98, 257], 8), null)]]);
  });

  it('scores documents, each joined with the query', async () => {
    const stage = new Stage({ ability: Ability.Rerank });
    stage.take({ kind: 'rerank', query: 'q', documents: ['one', 'two'], textTokensMax: null });
    stage.take({ kind: 'rerank', query: 'q', documents: ['x'.repeat(60)], textTokensMax: 20 });
    await stage.settle();
    const score = (document: string) => {
      const [value] = simulatedVector([256, 113, 257, ...Buffer.from(document), 257], 1);
      return value;
    };
    expect(stage.updates.get(0)?.result).toEqual({
      kind: 'rerank',
      scores: [score('one'), score('two')],
      promptTokens: 14,
    });
    expect(stage.updates.get(1)?.result).toMatchObject({ scores: [score('x'.repeat(16))] });
  });

  it('computes nothing more of a request that was cancelled', async () => {
    const stage = new Stage();
    const task = stage.take(embed(Array.from({ length: 40 }, (_, index) => `text ${index}`)));
    await stage.clock.pass(15);
    stage.runner.cancel(task);
    await stage.settle();
    expect(stage.updates.size).toBe(0);
    expect(stage.engine.batchSizes).toEqual([4, 4]);
  });

  it('refuses what its model does not do', () => {
    const stage = new Stage();
    const rerank: Computation = { kind: 'rerank', query: 'q', documents: ['d'], textTokensMax: null };
    expect(() => stage.take(rerank)).toThrow('does not rank documents: its model makes embeddings');
    expect(() => stage.take(embed(['a'], { dimensions: 9 }))).toThrow('at most 8');
  });

  it('sleeps when it had nothing to do for so long, and wakes with the next request', async () => {
    const stage = new Stage({}, { sleepAfterSeconds: 5 });
    await stage.clock.pass(4999);
    expect(stage.runner.counts().isAsleep).toBe(false);
    await stage.clock.pass(2);
    expect(stage.runner.counts().isAsleep).toBe(true);
    stage.take(embed(['a']));
    await stage.clock.pass(20);
    expect(stage.vectors(0)).toEqual([vectorOf('a')]);
    expect(stage.runner.counts().isAsleep).toBe(false);
  });
});
