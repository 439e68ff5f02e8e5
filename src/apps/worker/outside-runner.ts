/** A program of others in the place of an engine: its model, its command, and what it is started with. */
import { dirname } from 'node:path';
import { systemClock } from '../../adapters/clock/system.js';
import type { LaunchedEngine } from '../../adapters/engine/outside/option-flags.js';
import { launchOutsideEngine, ProgramDidNotStart } from '../../adapters/engine/outside/launch.js';
import { variablesOfLibrary } from '../../contracts/artifacts.js';
import { usualProgram } from '../../contracts/outside-engine.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { adapterSourceOf, readLoraModules } from '../../domain/adapter.js';
import { EngineKind } from '../../domain/component.js';
import { type ComponentOptions, SpeculativeMethod } from '../../domain/component-options.js';
import { StowageError } from '../../domain/errors.js';
import { readServingProperties, withProperties } from '../../library/serving-properties.js';
import { verifyModelFile } from '../../library/verify-model.js';
import { OutsideRunner } from '../../worker/outside-runner.js';
import type { Runner } from '../../worker/runner.js';
import { fetchAdapters } from './fetch-adapters.js';
import { fetchModel, type ModelFile } from './fetch-model.js';
import type { Making } from './making.js';

type OutsideKind = LaunchedEngine | typeof EngineKind.Container;

/** Rejects with MODEL-02x, MODEL-03x, HOST-608, REQ-212, RUN-304 or RUN-311. */
export async function makeOutsideRunner(making: Making, engine: OutsideKind): Promise<Runner> {
  const { assignment, service, log } = making;
  const { component, copy, startup, threads, container, program = usualProgram } = assignment;
  const file = assignment.source.url === '' ? noModel(engine) : await fetchModel(making);
  const isGguf = engine === EngineKind.LlamaServer;
  const header = isGguf ? await verifyModelFile(requireFile(making, file), { shownName: file.name }) : null;
  const options = optionsOf(making, file);
  const draft = await draftOf(making, options);
  const adapters = await adaptersOf(making, header?.architecture ?? null);
  service.announceLoading('loading', 0);
  const giveUp = new AbortController();
  const seconds = startup.loadSecondsMax;
  const limit = 'ContainerStartupHealthCheckTimeoutInSeconds';
  const stopTimer = systemClock.after(seconds * 1000, () =>
    giveUp.abort(StowageError.of('RUN-311', { copy: copy.id, seconds, limit })),
  );
  try {
    const launched = await launchOutsideEngine(
      {
        ...{ engine, settings: program, container: container ?? null, options, threads, adapters },
        name: `stowage-${copy.id.replace(/[^\w.-]/g, '_')}-${copy.incarnation}-${process.pid}`,
        servedName: component.slice(component.lastIndexOf('/') + 1),
        modelPath: file.path,
        modelIsFolder: file.isFolder,
        modelName: file.name,
        modelTokens: header?.contextLength ?? 0,
        draftPath: draft?.path ?? null,
        environment: programEnvironment(assignment),
        onLine: (line) => log.info({ from: engine }, line),
        now: () => systemClock.now(),
      },
      giveUp.signal,
    );
    return new OutsideRunner({ engine: launched, component, copy, options, clock: systemClock });
  } catch (error) {
    if (!(error instanceof ProgramDidNotStart)) throw error;
    throw StowageError.of(
      'RUN-304',
      { copy: copy.id, reason: `its program ${error.message}` },
      { cause: error },
    );
  } finally {
    stopTimer();
  }
}

/** What the assignment says, above what the model's folder says. */
function optionsOf({ assignment, log }: Making, file: ModelFile): ComponentOptions {
  const folder = file.isFolder ? file.path : dirname(file.path);
  const properties = file.path === '' ? null : readServingProperties(folder);
  if (properties === null) return assignment.options;
  for (const key of properties.unknown)
    log.warn({ key }, `serving.properties: \`${key}\` means nothing here`);
  return withProperties(assignment.options, properties);
}

async function adaptersOf(making: Making, architecture: string | null) {
  const { loraModules } = making.assignment.options;
  if (loraModules === null) return [];
  if (architecture !== null) return fetchAdapters(making, architecture);
  const adapters: { name: string; path: string }[] = [];
  for (const { id, source } of readLoraModules(loraModules)) {
    adapters.push({ name: id, path: (await fetchModel(making, source)).path });
  }
  return adapters;
}

async function draftOf(
  making: Making,
  { speculativeMethod, draftModel }: ComponentOptions,
): Promise<ModelFile | null> {
  if (speculativeMethod !== SpeculativeMethod.Draft) return null;
  if (draftModel !== null) return fetchModel(making, adapterSourceOf(draftModel));
  const problem = '`speculative_method: draft` needs `speculative_draft_model`';
  throw StowageError.of('MODEL-024', { file: making.assignment.component, problem });
}

/** Containers may bring their own model. */
function noModel(engine: OutsideKind): ModelFile {
  if (engine === EngineKind.Container)
    return { path: '', name: '', isFolder: true, sha256: '', release: () => undefined };
  throw StowageError.of('HOST-608', {
    engine,
    problem: 'the component names no model',
    suggestion: 'give the component a model',
  });
}

function requireFile({ assignment }: Making, { path, isFolder }: ModelFile): string {
  if (!isFolder) return path;
  const problem = 'no single file in it is a GGUF model';
  throw StowageError.of('MODEL-035', { url: assignment.source.url, problem });
}

/** This process' own environment without what it has for its own sake alone. */
function programEnvironment({ library, program }: WorkerAssignment): NodeJS.ProcessEnv {
  const own = new Set<string>(['UV_THREADPOOL_SIZE', ...variablesOfLibrary(library)]);
  for (const name of program?.inherit ?? []) own.delete(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
}
