import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import type { TensorEngine } from '../contracts/tensor-engine.js';
import type { StepUpdate } from '../contracts/worker-protocol.js';
import { type ComponentOptions, defaultComponentOptions } from '../domain/component-options.js';
import { StowageError } from '../domain/errors.js';
import { elementCount, type NamedTensors, type TensorSlot } from '../domain/tensor.js';
import { TensorRunner } from './tensor-runner.js';

/** Gives `x` back after a declared time, and keeps how many rows it was given at once. */
class EchoEngine implements TensorEngine {
  readonly info = { abilities: [], adapters: [] } as unknown as TensorEngine['info'];
  readonly inputs: readonly TensorSlot[] = [{ name: 'x', type: 'float32', shape: ['batch', ''] }];
  readonly outputs: readonly TensorSlot[] = [{ name: 'y', type: 'float32', shape: ['batch', ''] }];
  readonly batches: number[] = [];
  threads = 0;
  isGone = false;
  /** Rows that a batch with a negative number makes fail; and whether outputs have all rows. */
  isCutting = false;

  constructor(
    private readonly clock: VirtualClock,
    private readonly computeMs: number,
  ) {}

  async run(inputs: NamedTensors): Promise<NamedTensors> {
    const x = inputs.get('x');
    if (x === undefined || x.type === 'string') throw new Error('no x');
    this.batches.push(x.shape[0] ?? 0);
    await new Promise<void>((resolve) => this.clock.after(this.computeMs, resolve));
    if (this.isGone) throw StowageError.of('RUN-308', { reason: 'its thread ended' });
    const numbers = new Float32Array(x.bytes.buffer, x.bytes.byteOffset, elementCount(x.shape));
    if (numbers.some((value) => value < 0)) throw StowageError.of('RUN-308', { reason: 'below zero' });
    if (this.isCutting) return new Map([['y', { ...x, shape: [1, 1], bytes: x.bytes.slice(0, 4) }]]);
    return new Map([['y', x]]);
  }

  setThreads(count: number): void {
    this.threads = count;
  }

  close(): void {}
}

function world(options: Partial<ComponentOptions>, computeMs = 1) {
  const clock = new VirtualClock();
  const engine = new EchoEngine(clock, computeMs);
  const all = { ...defaultComponentOptions, ...options };
  const runner = new TensorRunner({ engine, component: 'echo', options: all, clock });
  const ended = new Map<number, { at: number; update: StepUpdate }>();
  const failures: unknown[] = [];
  runner.start({
    onProgress: (tasks) => {
      for (const task of tasks) {
        const update = task.news();
        if (update !== null) ended.set(update.stream, { at: clock.now(), update });
      }
    },
    onActivity: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  let streams = 0;
  const send = (...rows: readonly (readonly number[])[]) => {
    const body = Buffer.from(JSON.stringify({ inputs: { x: rows } })).toString('base64');
    const stream = streams++;
    return runner.take({
      stream,
      requestId: `r-${stream}`,
      kind: 'computation',
      computation: {
        kind: 'invoke',
        contentType: 'application/json',
        accept: '',
        body,
        customAttributes: null,
      },
    });
  };
  const answer = (stream: number): unknown => {
    const { result, error } = ended.get(stream)?.update ?? {};
    if (error !== undefined) return error.code;
    if (result?.kind !== 'invoke') return null;
    return (JSON.parse(Buffer.from(result.body, 'base64').toString()) as { outputs: { y: unknown } }).outputs
      .y;
  };
  return { clock, engine, runner, ended, failures, send, answer };
}

it('computes together what comes within the window, and gives each its own rows', async () => {
  const { clock, engine, runner, send, answer } = world({ batchSizeMax: 8, batchWindowMicroseconds: 500 });
  send([1]);
  await clock.pass(0.2);
  send([2], [3]);
  await clock.pass(0.2);
  send([4]);
  await clock.pass(5);
  expect(engine.batches).toEqual([4]);
  expect([0, 1, 2].map(answer)).toEqual([[[1]], [[2], [3]], [[4]]]);
  expect(runner.counts()).toMatchObject({
    running: 0,
    waiting: 0,
    steps: 1,
    batches: { batches: 1, requests: 3 },
  });
});

it('computes at once when the batch is full, and never more than it may', async () => {
  const { clock, engine, ended, send } = world({ batchSizeMax: 4, batchWindowMicroseconds: 1_000_000 });
  for (let call = 0; call < 9; call++) send([call]);
  await clock.pass(10);
  expect(engine.batches).toEqual([4, 4]);
  expect(ended.size).toBe(8);
  await clock.pass(1000);
  expect(engine.batches).toEqual([4, 4, 1]);
  expect(ended.get(8)?.at).toBe(1001);
});

it('without a window computes what has gathered while the batch before was computed', async () => {
  const { clock, engine, send } = world({ batchSizeMax: 8, batchWindowMicroseconds: 0 }, 10);
  send([0]);
  await clock.pass(1);
  for (let call = 1; call < 6; call++) send([call]);
  await clock.pass(30);
  expect(engine.batches).toEqual([1, 5]);
});

it('computes a preferred number without waiting', async () => {
  const { clock, engine, send } = world({
    batchSizeMax: 8,
    batchWindowMicroseconds: 1_000_000,
    preferredBatchSizes: '3',
  });
  for (let call = 0; call < 3; call++) send([call]);
  await clock.pass(5);
  expect(engine.batches).toEqual([3]);
});

it('keeps tensors of other shapes apart', async () => {
  const { clock, engine, send, answer } = world({ batchSizeMax: 8, batchWindowMicroseconds: 500 });
  send([1, 2]);
  send([3]);
  send([4, 5]);
  await clock.pass(10);
  expect(engine.batches).toEqual([2, 1]);
  expect([0, 1, 2].map(answer)).toEqual([[[1, 2]], [[3]], [[4, 5]]]);
});

it('lets one call of a batch fail without the others', async () => {
  const { clock, engine, send, answer } = world({ batchSizeMax: 8, batchWindowMicroseconds: 0 });
  for (const value of [1, -1, 2]) send([value]);
  await clock.pass(10);
  expect([0, 1, 2].map(answer)).toEqual([[[1]], 'RUN-308', [[2]]]);
  expect(engine.batches).toEqual([3, 1, 1, 1]);
});

it('computes one by one from then on when the outputs show that rows are no batch', async () => {
  const { clock, engine, send, answer } = world({ batchSizeMax: 8, batchWindowMicroseconds: 0 });
  engine.isCutting = true;
  for (let call = 0; call < 3; call++) send([call]);
  await clock.pass(10);
  expect([0, 1, 2].map(answer)).toEqual([[[0]], [[1]], [[2]]]);
  for (let call = 3; call < 5; call++) send([call]);
  await clock.pass(10);
  expect(engine.batches).toEqual([3, 1, 1, 1, 1, 1]);
});

it('forgets a call that is cancelled while it waits, and says nothing of one that is cancelled while it is computed', async () => {
  const { clock, engine, runner, ended, send } = world({ batchSizeMax: 8, batchWindowMicroseconds: 500 }, 10);
  const first = send([1]);
  send([2]);
  runner.cancel(first);
  await clock.pass(1);
  const late = send([3]);
  await clock.pass(10);
  runner.cancel(late);
  await clock.pass(30);
  expect(engine.batches).toEqual([1, 1]);
  expect([...ended.keys()]).toEqual([1]);
  expect(runner.counts()).toMatchObject({ running: 0, waiting: 0 });
});

it('says that it is broken when the engine is gone', async () => {
  const { clock, engine, failures, send } = world({ batchWindowMicroseconds: 0 });
  engine.isGone = true;
  send([1]);
  await clock.pass(10);
  expect(failures).toMatchObject([{ code: 'RUN-308' }]);
});

it('refuses text at once', () => {
  const { runner } = world({});
  const generation = { stream: 0, requestId: 'r', kind: 'generation' } as never;
  expect(() => runner.take(generation)).toThrow(/`echo` computes tensors: send them with InvokeEndpoint/);
});
