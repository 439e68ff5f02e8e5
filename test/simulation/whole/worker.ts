/**
 * A worker process of the simulated world: the real worker's service around the simulated model. How it loads is said
 * by its model's address. It ends by itself as the real one does: when its model is refused, and when nobody has been
 * connected for too long.
 */
import { SimulatedEngine } from '../../../src/adapters/engine/simulated/engine.js';
import type { SimulatedHost, SimulatedWorker } from '../../../src/adapters/fleet/simulated/process.js';
import { silentLog } from '../../../src/adapters/telemetry/memory/telemetry.js';
import type { Clock } from '../../../src/contracts/clock.js';
import type { WorkerAssignment } from '../../../src/contracts/worker-protocol.js';
import { stepRowsMax } from '../../../src/decide/batching/plan-step.js';
import { StowageError } from '../../../src/domain/errors.js';
import { GenerationRunner } from '../../../src/worker/generation-runner.js';
import { WorkerService } from '../../../src/worker/service.js';
import { Life } from './clock.js';

/** How a model behaves when it is loaded: the last part of its address. */
export const Conduct = {
  /** Loads and serves. */
  Good: 'good',
  /** The file is damaged: only a person can mend it. */
  Damaged: 'damaged',
  /** The process ends while it loads. */
  Crashing: 'crashing',
  /** It loads for ever. */
  Stuck: 'stuck',
} as const;
export type Conduct = (typeof Conduct)[keyof typeof Conduct];

/** One answer in this many tokens ends by itself. */
export const endEvery = 40;
const farewellMs = 200;
const firstCallerMs = 5_000;
const orphanLookMs = 1_000;

export interface WorkerParts {
  readonly clock: Clock;
  /** Milliseconds to load, and of a step. */
  readonly loadMs: number;
  readonly stepMs: number;
  /** Bytes of memory once it is loaded. */
  readonly memoryBytes: number;
  readonly onFailure: (error: unknown) => void;
  readonly onReady: () => void;
  readonly onStop: () => void;
}

export function startWorker(
  assignment: WorkerAssignment,
  host: SimulatedHost,
  parts: WorkerParts,
): SimulatedWorker {
  const life = new Life(parts.clock);
  let stopListening: () => void = () => undefined;
  let isLoaded = false;
  const service = new WorkerService(assignment, {
    clock: life,
    log: silentLog,
    memoryBytes: () => (isLoaded ? parts.memoryBytes : 0),
    onFailure: (error) => {
      if (!life.isOver) parts.onFailure(error);
    },
  });
  const listen = async () => {
    const { address, copy } = assignment;
    const server = await host.listener.listen(address, copy, (caller) => service.accept(caller));
    stopListening = () => void server.close();
    if (life.isOver) stopListening();
  };
  const load = () => {
    const conduct = assignment.source.url.split('/').at(-1);
    life.after(parts.loadMs / 2, () => service.announceLoading('loading', 0.5));
    if (conduct === Conduct.Stuck) return;
    life.after(parts.loadMs, () => {
      if (conduct === Conduct.Crashing) return host.exit(9);
      if (conduct === Conduct.Damaged) {
        const error = StowageError.of('MODEL-022', { file: 'm.gguf', problem: 'it is cut off' });
        service.announceRefusal(error.toData());
        life.after(service.callerCount === 0 ? firstCallerMs : farewellMs, () => host.exit(3));
        return;
      }
      isLoaded = true;
      const engine = engineFor(assignment, life, parts.stepMs);
      const { component, options } = assignment;
      const runner = { engine, component, options, clock: life, speculator: null, constraints: null };
      service.start(new GenerationRunner(runner));
      parts.onReady();
    });
  };
  watchForOrphanhood(service, life, assignment.orphanMsMax, () => host.exit(5));
  void listen().then(load);
  return {
    stop: () => {
      life.end();
      service.close();
      stopListening();
      parts.onStop();
    },
  };
}

function engineFor({ options }: WorkerAssignment, clock: Clock, stepMs: number): SimulatedEngine {
  return new SimulatedEngine({
    clock,
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax,
    stepTokensMax: stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax),
    stepMs,
    endEvery,
  });
}

function watchForOrphanhood(service: WorkerService, clock: Clock, msMax: number, end: () => void): void {
  let aloneSince: number | null = clock.now();
  const look = () => {
    aloneSince = service.callerCount > 0 ? null : (aloneSince ?? clock.now());
    if (aloneSince !== null && clock.now() - aloneSince >= msMax) end();
    else clock.after(orphanLookMs, look);
  };
  look();
}
