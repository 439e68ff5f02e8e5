import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import { SimulatedEmbeddingEngine } from '../adapters/engine/simulated/embedding-engine.js';
import { Ability } from '../contracts/engine.js';
import { silentLog } from '../adapters/telemetry/memory/telemetry.js';
import type { FromWorker, StepUpdate, WorkerAssignment } from '../contracts/worker-protocol.js';
import { defaultComponentOptions } from '../domain/component-options.js';
import { EmbeddingRunner } from './embedding-runner.js';
import type { Runner, RunnerEvents, Task } from './runner.js';
import { WorkerService } from './service.js';

const clock = new VirtualClock();
const assignment = {
  copy: { id: 'c', incarnation: 1 },
  component: 'c',
  options: defaultComponentOptions,
  threads: 1,
} as unknown as WorkerAssignment;

/** A runner whose tasks all end when they are told to, with results of so many bytes. */
class Together implements Runner {
  readonly info = engine.info;
  private events: RunnerEvents | null = null;
  private readonly tasks: Task[] = [];
  private areDone = false;

  constructor(private readonly resultBytes: number) {}

  start(events: RunnerEvents): void {
    this.events = events;
  }

  take(submitted: Task['submitted']): Task {
    const body = 'x'.repeat(this.resultBytes);
    const result = { kind: 'invoke', status: 200, contentType: '', body, customAttributes: null } as const;
    const { stream } = submitted;
    const update: StepUpdate = { stream, tokens: [], text: '', result, end: { reason: 'stop', stop: null } };
    const task = { submitted, isEnded: false, news: () => (this.areDone ? update : null) };
    this.tasks.push(task);
    return task;
  }

  end(): void {
    this.areDone = true;
    this.events?.onProgress(this.tasks);
  }

  cancel(): void {}
  setThreads(): void {}
  close(): void {}

  counts(): ReturnType<Runner['counts']> {
    return idle.counts();
  }
}

const engine = new SimulatedEmbeddingEngine({
  clock,
  ability: Ability.Embed,
  textsMax: 4,
  textTokensMax: 40,
  batchTokensMax: 64,
  batchMs: 10,
});
const idle = new EmbeddingRunner({ engine, component: 'c', options: defaultComponentOptions, clock });

/** A caller of a service with that runner, and what it was told. */
function stage(runner: Runner) {
  const told: FromWorker[] = [];
  const link = { send: (message: FromWorker) => void told.push(message), isBehind: false, close: () => {} };
  const service = new WorkerService(assignment, {
    clock,
    log: silentLog,
    memoryBytes: () => 0,
    onFailure: (error) => {
      throw error;
    },
  });
  service.start(runner);
  return { told, link, service, caller: service.accept(link) };
}

it('sends results that end together in messages of a bounded size, each once and in order', () => {
  const runner = new Together(3 * 1024 * 1024);
  const { told, caller, service } = stage(runner);
  const computation = { kind: 'invoke' } as never;
  const streams = [0, 1, 2, 3, 4].map((stream) => {
    return { stream, requestId: '', kind: 'computation' as const, computation };
  });
  caller.onMessage({ type: 'submit', streams });
  runner.end();
  const steps = told.flatMap((message) => (message.type === 'step' ? [message.updates] : []));
  expect(steps.map((updates) => updates.map(({ stream }) => stream))).toEqual([[0, 1], [2, 3], [4]]);
  service.close();
});

it('keeps its reports to itself while a caller still takes what was sent', async () => {
  const { told, link, service } = stage(new Together(1));
  const reports = () => told.filter(({ type }) => type === 'report').length;
  const before = reports();
  link.isBehind = true;
  await clock.pass(5000);
  expect(reports()).toBe(before);
  link.isBehind = false;
  await clock.pass(1000);
  expect(reports()).toBe(before + 1);
  service.close();
});
