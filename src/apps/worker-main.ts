/**
 * The process that hosts one Copy. Its argument names a file of JSON whose member `assignment` says what it is; what
 * it says to people goes to standard error, line by line, and everything else over its socket.
 *
 * It ends by itself when the engine breaks, when its model is refused, and when nobody has been connected for
 * the time the assignment names: an orphan never outlives its server for long. Its last line says so, for those
 * who were not connected then.
 */
import { readFileSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { SimulatedEngine } from '../adapters/engine/simulated/engine.js';
import { createLlamaEngine } from '../adapters/engine/llama-cpp/engine.js';
import { loadLlamaModel } from '../adapters/engine/llama-cpp/model.js';
import { createSocketListener } from '../adapters/link/unix-socket/listener.js';
import { systemClock } from '../adapters/clock/system.js';
import type { FetchProgress } from '../contracts/artifacts.js';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/telemetry.js';
import type { WorkerAssignment } from '../contracts/worker-protocol.js';
import { estimateMemory } from '../decide/cost/model-memory.js';
import { stepRowsMax } from '../decide/batching/plan-step.js';
import { EngineKind } from '../domain/component.js';
import { asStowageError, StowageError } from '../domain/errors.js';
import type { GgufHeader } from '../library/gguf/inspect-gguf.js';
import { verifyModelFile } from '../library/verify-model.js';
import { GenerationRunner } from '../worker/generation-runner.js';
import type { Runner } from '../worker/runner.js';
import { WorkerService } from '../worker/service.js';
import { openLibrary } from './open-library.js';

/** Exit codes the fleet's log explains. */
const exitRefused = 3;
const exitEngineFailed = 4;
const exitOrphaned = 5;
/** Time for last words to reach the callers there are, and for a first caller to come and hear them, milliseconds. */
const farewellMs = 200;
const firstCallerMs = 5000;
const lookMs = 20;
const assignmentBytesMax = 4 * 1024 * 1024;

async function main(): Promise<void> {
  leaveSignalsToTheServer();
  const assignment = readAssignment(process.argv[2]);
  const { incarnation } = assignment.copy;
  process.on('exit', (exitCode) => {
    writeLine({ level: 'info', message: `ends with code ${exitCode}`, incarnation, exitCode });
  });
  const log = stderrLog();
  const service = new WorkerService(assignment, {
    clock: systemClock,
    log,
    memoryBytes: () => process.memoryUsage.rss(),
    onFailure: (error) => {
      log.error({ err: error }, 'the engine failed');
      endProcess(exitEngineFailed);
    },
  });
  await createSocketListener({ clock: systemClock }).listen(assignment.address, assignment.copy, (caller) =>
    service.accept(caller),
  );
  watchForOrphanhood(service, assignment.orphanMsMax);
  try {
    const engine = await loadEngine(assignment, service, log);
    await warmUp(engine);
    service.start(runnerOf(assignment, engine));
  } catch (error) {
    const known = asStowageError(error);
    log.error({ err: error, incarnation, error: known.toData() }, known.message);
    service.announceRefusal(known.toData());
    sayFarewell(service, exitRefused);
  }
}

function runnerOf({ component, options }: WorkerAssignment, engine: Engine): Runner {
  return new GenerationRunner({
    engine,
    component,
    options,
    clock: systemClock,
    speculator: null,
    constrain: null,
  });
}

async function loadEngine(assignment: WorkerAssignment, service: WorkerService, log: Log): Promise<Engine> {
  const { options } = assignment;
  const rows = stepRowsMax(options.stepTokensMax, options.rollingBatchSizeMax);
  if (assignment.engine === EngineKind.Simulated) {
    return new SimulatedEngine({
      clock: systemClock,
      sequencesMax: options.rollingBatchSizeMax,
      sequenceTokensMax: options.modelTokensMax === 0 ? 4096 : options.modelTokensMax,
      stepTokensMax: rows,
      stepMs: 0,
      endEvery: 0,
    });
  }
  const model = await fetchModel(assignment, service, log);
  const header = await verifyModelFile(model.path, { shownName: model.name });
  checkMemory(assignment, header);
  const weights = await loadLlamaModel({
    modelPath: model.path,
    modelLabel: model.name,
    adapters: [],
    options,
    log: libraryLog(log),
    onLoading: (fraction) => service.announceLoading('loading', fraction),
  });
  return createLlamaEngine(weights, {
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax,
    stepRowsMax: rows,
    threads: assignment.threads,
    threadsMax: assignment.threadsMax,
    options,
  });
}

/** Where the model's file is, and what people call it, once it is there. It stays while this process runs. */
async function fetchModel(
  { source, library, startup }: WorkerAssignment,
  service: WorkerService,
  log: Log,
): Promise<{ readonly path: string; readonly name: string }> {
  const seconds = startup.downloadSecondsMax;
  const giveUp = new AbortController();
  const stopTimer = systemClock.after(seconds * 1000, () =>
    giveUp.abort(StowageError.of('MODEL-036', { url: source.url, seconds })),
  );
  try {
    const tell = ({ phase, fraction }: FetchProgress) => service.announceLoading(phase, fraction);
    const model = await openLibrary(library, process.env, log).acquire(source, tell, giveUp.signal);
    if (!statSync(model.path).isDirectory()) return model;
    const problem = 'no single file in it is a GGUF model';
    throw StowageError.of('MODEL-035', { url: source.url, problem });
  } finally {
    stopTimer();
  }
}

/** Refuses with CAP-105 what would be ended for its memory, before any of it is taken. */
function checkMemory(assignment: WorkerAssignment, header: GgufHeader): void {
  const { options, memoryBytesMax, component } = assignment;
  const { totalBytes } = estimateMemory(header, {
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax: options.modelTokensMax === 0 ? header.contextLength : options.modelTokensMax,
    stepTokensMax: options.stepTokensMax,
  });
  const limit = memoryBytesMax === 0 ? totalmem() : memoryBytesMax;
  if (totalBytes <= limit) return;
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);
  throw StowageError.of('CAP-105', { component, needed: mebibytes(totalBytes), limit: mebibytes(limit) });
}

/** One step through the whole model, so that the first request finds its pages and graphs in place. */
async function warmUp(engine: Engine): Promise<void> {
  const { batch } = engine;
  batch.tokens[0] = 0;
  batch.positions[0] = 0;
  batch.sequences[0] = 0;
  batch.outputs[0] = 1;
  batch.length = 1;
  await engine.step();
  engine.forget(0, 0);
}

function watchForOrphanhood(service: WorkerService, orphanMsMax: number): void {
  let aloneSince: number | null = systemClock.now();
  const look = () => {
    const now = systemClock.now();
    aloneSince = service.callerCount > 0 ? null : (aloneSince ?? now);
    if (aloneSince !== null && now - aloneSince >= orphanMsMax) endProcess(exitOrphaned);
    else systemClock.after(Math.min(1000, orphanMsMax), look);
  };
  look();
}

function readAssignment(file: string | undefined): WorkerAssignment {
  if (file === undefined) throw new Error('the argument must name the file with the assignment');
  if (statSync(file).size > assignmentBytesMax) throw new Error('the file with the assignment is too long');
  return (JSON.parse(readFileSync(file, 'utf8')) as { assignment: WorkerAssignment }).assignment;
}

/** A line of the copy's log. A log that cannot be written stops nobody. */
function writeLine(facts: object): void {
  try {
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...facts })}\n`);
  } catch {
    // The disk is full, or the folder is gone.
  }
}

function stderrLog(): Log {
  const write = (level: string) => (facts: object, message: string) => {
    const { err, ...rest } = facts as { err?: unknown };
    const cause = err instanceof Error ? { cause: err.stack ?? err.message } : {};
    writeLine({ level, message, ...rest, ...cause });
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** llama.cpp's own lines: its warnings and errors as ours, its chatter as debug. */
function libraryLog(log: Log): (level: number, text: string) => void {
  let last: 'debug' | 'warn' | 'error' = 'debug';
  return (level, text) => {
    const message = text.trimEnd();
    if (message === '' || message === '.') return;
    last = level === 4 ? 'error' : level === 3 ? 'warn' : level === 5 ? last : 'debug';
    log[last]({ from: 'llama.cpp' }, message);
  };
}

function endProcess(code: number): void {
  systemClock.after(farewellMs, () => process.exit(code));
}

/** Ends when somebody has heard why, or nobody comes to. */
function sayFarewell(service: WorkerService, code: number): void {
  const giveUpAt = systemClock.now() + firstCallerMs;
  const look = () => {
    if (service.callerCount > 0 || systemClock.now() >= giveUpAt) endProcess(code);
    else systemClock.after(lookMs, look);
  };
  look();
}

/** A terminal's interrupt reaches the whole process group; the server says when its workers are to end. */
function leaveSignalsToTheServer(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

void main().catch((error: unknown) => {
  writeLine({ level: 'error', message: String(error) });
  process.exit(1);
});
