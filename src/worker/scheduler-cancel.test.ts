import { expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system.js';
import { SimulatedEngine } from '../adapters/engine/simulated/engine.js';
import type { Clock } from '../contracts/clock.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import { greedySampling } from '../domain/inference.js';
import { Scheduler } from './scheduler.js';
import { Sequence } from './sequence.js';
import type { Speculator } from './speculator.js';

const limits = { sequencesMax: 4, sequenceTokensMax: 192, stepTokensMax: 64, endEvery: 0 };

/** `fallAsleep` is set while the scheduler waits to sleep. */
class SleepyClock implements Clock {
  fallAsleep: (() => void) | null = null;
  now = systemClock.now;
  wallNow = systemClock.wallNow;
  after = (delayMs: number, task: () => void): (() => void) => {
    if (delayMs < 1000) return systemClock.after(delayMs, task);
    this.fallAsleep = task;
    return () => {};
  };
}

function build(speculator: Speculator | null) {
  const clock = new SleepyClock();
  const engine = new SimulatedEngine({ clock, ...limits, stepMs: 0 });
  const scheduler = new Scheduler({
    engine,
    options: { ...defaultComponentOptions, stepTokensMax: limits.stepTokensMax, sleepAfterSeconds: 1 },
    clock,
    speculator,
    events: {
      onProgress: () => {},
      onActivity: () => {},
      onFailure: (error) => {
        throw error;
      },
    },
  });
  void scheduler.run();
  const submit = (prompt: readonly number[], newTokens: number) => {
    const sequence = new Sequence(
      engine,
      {
        stream: 0,
        requestId: '0',
        input: { kind: 'tokens', tokens: prompt },
        sampling: greedySampling,
        newTokensMax: newTokens,
        stop: [],
        logprobs: null,
        endTokensIgnored: true,
        constraint: null,
        adapter: null,
        kind: 'generation',
        resume: [],
      },
      { prompt, newTokensDefault: 0, constraint: null, adapter: null },
    );
    scheduler.submit(sequence);
    return sequence;
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, engine, scheduler, submit, until };
}

it('computes nothing for a request that is cancelled while the engine wakes', async () => {
  const { clock, engine, scheduler, submit, until } = build(null);
  await until(() => clock.fallAsleep !== null);
  clock.fallAsleep!();
  await until(() => scheduler.counts().isAsleep === true);
  const doomed = submit([1, 2, 3], 5);
  engine.wake = async () => scheduler.cancel(doomed);
  await until(() => scheduler.counts().isAsleep === false);
  const next = submit([7], 1);
  await until(() => next.isEnded);
  expect(doomed.computed).toBe(0);
  expect(scheduler.counts()).toMatchObject({ steps: 1, promptTokens: 1 });
  scheduler.close();
});

it('sleeps when it is told to, wakes with the next request, and takes no notice while it has work', async () => {
  const { clock, scheduler, submit, until } = build(null);
  await until(() => clock.fallAsleep !== null);
  scheduler.sleep();
  await until(() => scheduler.counts().isAsleep === true);
  const sequence = submit([1, 2, 3], 20);
  scheduler.sleep();
  clock.fallAsleep = null;
  await until(() => sequence.isEnded && clock.fallAsleep !== null);
  expect(sequence.generatedCount).toBe(20);
  expect(scheduler.counts().isAsleep).toBe(false);
  scheduler.close();
});

it('computes nothing for a request that is cancelled while tokens are proposed for it', async () => {
  let doomed: Sequence | null = null;
  const { scheduler, submit, until } = build({
    propose: async () => {
      if (doomed !== null) scheduler.cancel(doomed);
    },
    observe: () => {},
    observeStep: () => {},
    release: () => {},
    counts: () => ({ proposedTokens: 0, acceptedTokens: 0, steps: 0 }),
    setThreads: () => {},
    sleep: async () => {},
  });
  doomed = submit([1, 2, 3], 30);
  await until(() => doomed?.cancelled === true && doomed.slot < 0);
  expect(doomed.computed).toBe(3);
  expect(scheduler.counts()).toMatchObject({ running: 0, steps: 1 });
  const next = submit([7], 1);
  await until(() => next.isEnded);
  scheduler.close();
});
