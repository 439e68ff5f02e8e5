/** The runner of programs of others, against an engine that does what the test says. */
import { expect, it } from 'vitest';
import type { Clock } from '../contracts/clock.js';
import { Ability, type EngineInfo } from '../contracts/engine.js';
import {
  type OutsideEnd,
  type OutsideEngine,
  type OutsidePart,
  unknownToken,
} from '../contracts/outside-engine.js';
import type { StepUpdate, SubmittedGeneration } from '../contracts/worker-protocol.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import { type Computation, greedySampling } from '../domain/inference.js';
import { OutsideRunner } from './outside-runner.js';
import type { Task } from './runner.js';

interface Call {
  readonly prompt: unknown;
  readonly signal: AbortSignal;
  part(part: OutsidePart): void;
  end(end: Partial<OutsideEnd>): void;
  fail(error: Error): void;
}

/** A request's promise settles in a later turn: two are enough for all that hang on it. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

function world(sequencesMax = 2) {
  const calls: Call[] = [];
  let tellEnd: (how: string) => void = () => undefined;
  let health = true;
  const timers: (() => void)[] = [];
  const clock: Pick<Clock, 'after'> = {
    after: (_ms, callback) => {
      timers.push(callback);
      return () => undefined;
    },
  };
  const engine: OutsideEngine = {
    info: { abilities: [Ability.Generate], sequencesMax, adapters: [] } as unknown as EngineInfo,
    generate: ({ prompt }, onPart, signal) =>
      new Promise<OutsideEnd>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        const usual = {
          reason: 'stop',
          stop: null,
          promptTokens: 3,
          cachedTokens: 0,
          completionTokens: 1,
        } as const;
        calls.push({
          prompt,
          signal,
          part: onPart,
          end: (end) => resolve({ ...usual, ...end }),
          fail: reject,
        });
      }),
    compute: () => Promise.reject(new Error('not asked for')),
    isWell: () => Promise.resolve(health),
    memoryBytes: () => 0,
    ended: new Promise((resolve) => (tellEnd = resolve)),
    close: () => undefined,
  };
  const runner = new OutsideRunner({
    ...{ engine, component: 'chat', copy: { id: 'chat-1', incarnation: 1 } },
    ...{ options: defaultComponentOptions, clock: clock as Clock },
  });
  const news: StepUpdate[] = [];
  const failures: unknown[] = [];
  runner.start({
    onProgress: (tasks: readonly Task[]) => {
      for (const task of tasks) news.push(task.news()!);
    },
    onActivity: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const tick = async (isWell: boolean) => {
    health = isWell;
    for (const timer of timers.splice(0)) timer();
    await settled();
  };
  return { runner, calls, news, failures, tick, tellEnd: (how: string) => tellEnd(how) };
}

function submitted(stream: number, more: Partial<SubmittedGeneration> = {}): SubmittedGeneration {
  return {
    ...{
      stream,
      requestId: `r${stream}`,
      kind: 'generation',
      input: { kind: 'text', prompt: `p${stream}`, suffix: null },
    },
    ...{ sampling: greedySampling, newTokensMax: null, stop: [], logprobs: null, endTokensIgnored: false },
    ...{ constraint: null, adapter: null, resume: [] },
    ...more,
  };
}

it('no more requests are in the program than it computes together, and they follow each other in order', async () => {
  const { runner, calls } = world(2);
  for (const stream of [1, 2, 3, 4]) runner.take(submitted(stream));
  expect(runner.counts()).toMatchObject({ running: 2, waiting: 2 });
  calls[1]!.end({});
  await settled();
  expect(calls.map(({ prompt }) => (prompt as { prompt: string }).prompt)).toEqual(['p1', 'p2', 'p3']);
  expect(runner.counts()).toMatchObject({ running: 2, waiting: 1 });
});

it('parts become news, and the program’s count of the prompt comes with the end', async () => {
  const { runner, calls, news } = world();
  runner.take(submitted(7));
  calls[0]!.part({ text: 'a', tokens: [unknownToken] });
  calls[0]!.part({ text: '', tokens: [unknownToken, unknownToken] });
  calls[0]!.end({ cachedTokens: 2, reason: 'length' });
  await settled();
  expect(news).toEqual([
    { stream: 7, tokens: [-1], text: 'a', promptTokens: 0 },
    { stream: 7, tokens: [-1, -1], text: '' },
    {
      stream: 7,
      tokens: [],
      text: '',
      promptTokens: 3,
      cachedTokens: 2,
      end: { reason: 'length', stop: null },
    },
  ]);
  expect(runner.counts()).toMatchObject({ running: 0, promptTokens: 3, generatedTokens: 3 });
});

it('a cancelled request leaves the program, makes no news, and gives its place away', async () => {
  const { runner, calls, news } = world(1);
  const first = runner.take(submitted(1));
  const second = runner.take(submitted(2));
  runner.take(submitted(3));
  runner.cancel(second);
  runner.cancel(first);
  calls[0]!.part({ text: 'late', tokens: [1] });
  await settled();
  expect(calls[0]!.signal.aborted).toBe(true);
  expect(calls.map(({ prompt }) => (prompt as { prompt: string }).prompt)).toEqual(['p1', 'p3']);
  expect(news).toEqual([]);
});

it('an error of the program ends that request and no other', async () => {
  const { runner, calls, news } = world();
  runner.take(submitted(1));
  runner.take(submitted(2));
  calls[0]!.fail(StowageError.of('RUN-308', { reason: 'no memory' }));
  await settled();
  expect(news).toMatchObject([{ stream: 1, error: { code: 'RUN-308' } }]);
  expect(runner.counts()).toMatchObject({ running: 1 });
});

it('an answer that another copy began is refused, and so is what the program was not started for', () => {
  const { runner } = world();
  const refused = (code: string) => expect.objectContaining({ code }) as Error;
  expect(() => runner.take(submitted(1, { resume: [5] }))).toThrow(refused('RUN-312'));
  const computation: Computation = { kind: 'rerank', query: 'q', documents: ['d'], textTokensMax: null };
  const asked = { stream: 1, requestId: 'r', kind: 'computation', computation } as const;
  expect(() => runner.take(asked)).toThrow(refused('REQ-213'));
});

it('while it has work, only pieces and good health count as steps', async () => {
  const { runner, tick } = world();
  await tick(true);
  expect(runner.counts().steps).toBe(0);
  runner.take(submitted(1));
  await tick(true);
  expect(runner.counts().steps).toBe(1);
  await tick(false);
  expect(runner.counts().steps).toBe(1);
});

it('the program’s end is told once with its reason, and not after it was closed', async () => {
  const { failures, tellEnd } = world();
  tellEnd('ended with code 1');
  await settled();
  expect(failures).toMatchObject([
    { code: 'RUN-301', message: 'copy chat-1 exited: its program ended with code 1' },
  ]);
  const closed = world();
  closed.runner.close();
  closed.tellEnd('was ended by SIGKILL');
  await settled();
  expect(closed.failures).toEqual([]);
});

it('tools, calls of them and their results are refused, and not left out in silence', () => {
  const { runner } = world();
  const user = { role: 'user', content: 'u' };
  const call = { id: 'c', name: 'f', arguments: '{}' };
  for (const [message, field] of [
    [{ role: 'assistant', content: '', toolCalls: [call] }, 'messages[1].tool_calls'],
    [{ role: 'tool', content: '3', toolCallId: 'c' }, 'messages[1]'],
    [{ role: 'tool', content: '3' }, 'messages[1]'],
  ] as const) {
    const input = { kind: 'chat', messages: [user, message] } as const;
    const words = expect.stringContaining(`\`${field}\``) as string;
    expect(() => runner.take(submitted(1, { input }))).toThrow(
      expect.objectContaining({ code: 'REQ-212', message: words }) as Error,
    );
  }
});

it('an answer that nobody takes is ended before it fills the memory', async () => {
  const { runner, calls } = world();
  const task = runner.take(submitted(1));
  const text = 'x'.repeat(12 * 1024 * 1024);
  calls[0]!.part({ text, tokens: [] });
  // The other side of `world` takes news at once; here it comes from one that waits.
  (task as unknown as { add(part: object): void }).add({ text, tokens: [] });
  expect(() => calls[0]!.part({ text, tokens: [] })).toThrow(
    expect.objectContaining({ code: 'RUN-308' }) as Error,
  );
  await settled();
});
