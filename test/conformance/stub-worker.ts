/**
 * A worker that speaks the protocol and computes nothing, for the conformance of fleets: the same code runs as a
 * real process and inside the simulation. What it does is named by its model's address.
 */
import type { Clock } from '../../src/contracts/clock.js';
import type { EngineInfo } from '../../src/contracts/engine.js';
import type { CallerLink, WorkerListener } from '../../src/contracts/worker-link.js';
import type { FromWorker, ToWorker, WorkerAssignment } from '../../src/contracts/worker-protocol.js';
import type { CopyReport } from '../../src/domain/copy.js';
import { StowageError } from '../../src/domain/errors.js';

export const StubConduct = {
  /** Loads, is ready, reports. */
  Good: '/good',
  /** Says MODEL-022 and ends with code 3. */
  Refusing: '/refusing',
  /** Ends with code 9 before it says anything. */
  Failing: '/failing',
  /** Reports more memory than anybody has. */
  Greedy: '/greedy',
} as const;

/** A submitted request with this id ends the worker with code 7. */
export const fatalRequestId = 'fatal';

const reportMs = 100;
const loadMs = 20;
const farewellMs = 50;

export interface StubHost {
  readonly clock: Clock;
  readonly listener: WorkerListener;
  exit(code: number): void;
}

export interface StubWorker {
  stop(): void;
}

export function startStubWorker(assignment: WorkerAssignment, host: StubHost): StubWorker {
  const { clock } = host;
  const callers = new Set<CallerLink>();
  const conduct = assignment.source.url;
  let ready: FromWorker | null = null;
  let threads = assignment.threads;
  let running = 0;
  let steps = 0;
  let isAsleep = false;
  let isStopped = false;
  let stopListening: () => void = () => undefined;

  const broadcast = (message: FromWorker) => callers.forEach((caller) => caller.send(message));
  const report = (): FromWorker => ({
    type: 'report',
    report: {
      ...emptyReport,
      running,
      steps,
      threads,
      isAsleep,
      memoryBytes: conduct === StubConduct.Greedy ? 2 ** 50 : 1024,
    },
  });
  const reportRegularly = () => {
    if (isStopped) return;
    broadcast(report());
    clock.after(reportMs, reportRegularly);
  };
  const hear = (message: ToWorker) => {
    if (message.type === 'threads') threads = message.count;
    if (message.type === 'sleep') isAsleep = running === 0 && ready !== null;
    if (message.type === 'submit') isAsleep = false;
    if (message.type === 'submit') {
      if (message.streams.some((stream) => stream.requestId === fatalRequestId)) return host.exit(7);
      running += message.streams.length;
    }
    if (message.type === 'cancel') running -= message.streams.length;
    steps++;
    broadcast(report());
  };
  const become = () => {
    if (isStopped) return;
    if (conduct === StubConduct.Refusing) {
      const parameters = { file: 'm.gguf', problem: 'it is cut off' };
      broadcast({ type: 'refused', error: StowageError.of('MODEL-022', parameters).toData() });
      clock.after(farewellMs, () => host.exit(3));
      return;
    }
    ready = { type: 'ready', info };
    broadcast(ready);
    reportRegularly();
  };
  const open = async () => {
    if (conduct === StubConduct.Failing) return host.exit(9);
    const server = await host.listener.listen(assignment.address, assignment.copy, (caller) => {
      callers.add(caller);
      caller.send(ready ?? { type: 'loading', phase: 'loading', fraction: 0.5 });
      // The first caller begins the load, so that it sees all of it.
      if (callers.size === 1 && ready === null) clock.after(loadMs, become);
      return { onMessage: hear, onClose: () => callers.delete(caller) };
    });
    stopListening = () => void server.close();
    if (isStopped) stopListening();
  };
  void open();
  return {
    stop: () => {
      isStopped = true;
      stopListening();
    },
  };
}

const info: EngineInfo = {
  architecture: 'stub',
  modelName: 'stub',
  parameters: 1,
  vocabularySize: 2,
  sequencesMax: 2,
  sequenceTokensMax: 64,
  kvCellsTotal: 128,
  stepTokensMax: 16,
  chatTemplate: null,
  beginText: '',
  endText: '',
  device: 'simulated',
  libraryVersion: '0',
  abilities: [],
  adapters: [],
};

const emptyReport: CopyReport = {
  running: 0,
  waiting: 0,
  steps: 0,
  kvCellsUsed: 0,
  kvCellsTotal: 128,
  memoryBytes: 0,
  threads: 1,
  promptTokens: 0,
  generatedTokens: 0,
  slowestStepMs: 0,
};
