/** Starts the program of a copy, awaits it, and finds out what it is: an engine that can be asked. */
import type { EngineInfo } from '../../../contracts/engine.js';
import { Ability } from '../../../contracts/engine.js';
import type { OutsideEngine, OutsideProgramSettings } from '../../../contracts/outside-engine.js';
import { EngineKind, type ContainerImage } from '../../../domain/component.js';
import { type ComponentOptions, ModelTask, optionRules } from '../../../domain/component-options.js';
import { StowageError } from '../../../domain/errors.js';
import { commandOf, mountOf, writeVariables } from './command.js';
import { askForJson } from './computations.js';
import { dialects } from './dialect.js';
import { freePort, HttpEngine, newKey, untilWell } from './engine.js';
import type { ProgramAddress } from './http-client.js';
import { argumentsOf, type LaunchedEngine, modelFlag, placeArguments } from './option-flags.js';
import { OutsideProgram, type ProgramParts } from './program.js';

const host = '127.0.0.1';
const factsMsMax = 5_000;
/** Lines kept for the message of a program that does not come up. */
const lastLinesMax = 3;

export interface LaunchParts {
  readonly engine: LaunchedEngine | typeof EngineKind.Container;
  readonly settings: OutsideProgramSettings;
  readonly container: ContainerImage | null;
  /** Unique among everything that runs on this machine; letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** What callers of the program name the model. */
  readonly servedName: string;
  readonly modelPath: string;
  readonly modelIsFolder: boolean;
  /** What people call the model. */
  readonly modelName: string;
  /** Tokens of a sequence as the model's file says; 0 = it does not. */
  readonly modelTokens: number;
  readonly draftPath: string | null;
  readonly adapters: readonly { readonly name: string; readonly path: string }[];
  readonly options: ComponentOptions;
  readonly threads: number;
  /** What the program gets beside what the settings say. */
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  readonly now: () => number;
}

/**
 * Rejects with HOST-608 and REQ-212 before anything is started; with how the program ended, or the reason of `signal`,
 * after that, and then the program is gone.
 */
export async function launchOutsideEngine(parts: LaunchParts, signal: AbortSignal): Promise<OutsideEngine> {
  const { engine } = parts;
  const port = await freePort(host);
  const dialect = engine === EngineKind.Container ? null : dialects[engine];
  const keyVariable = dialect?.keyVariable ?? null;
  const address: ProgramAddress = { host, port, key: keyVariable === null ? null : newKey() };
  const healthPath = dialect?.healthPath ?? '/ping';
  const lastLines: string[] = [];
  if (engine === EngineKind.Container) refuseNotPassedOn(parts.options);
  const variables = writeVariables(engine === EngineKind.Container ? parts.container : null);
  const program = begin(variables, (variablesFile) => ({
    ...wordsOf(parts, port, variablesFile),
    environment: environmentOf(parts, address, keyVariable),
    onLine: (line) => {
      lastLines.push(line);
      if (lastLines.length > lastLinesMax) lastLines.shift();
      parts.onLine(line);
    },
    now: parts.now,
  }));
  try {
    await untilWell(program, address, healthPath, signal);
  } catch (error) {
    program.close();
    const words = error instanceof Error ? error.message : String(error);
    if (signal.aborted) throw signal.reason;
    throw new ProgramDidNotStart([words, ...lastLines].join(' | '));
  } finally {
    variables.remove();
  }
  const info = await infoOf(parts, address);
  const { options, adapters, servedName } = parts;
  const facts = {
    servedName,
    adapters: adapters.map(({ name }) => name),
    contextTokens: info.sequenceTokensMax,
    newTokensDefault: options.newTokensDefault,
  };
  return new HttpEngine({ program, address, healthPath, dialect, info, facts });
}

/** The program, or the variables' file gone. */
function begin(
  { file, remove }: ReturnType<typeof writeVariables>,
  partsOf: (variablesFile: string | null) => ProgramParts,
): OutsideProgram {
  try {
    return new OutsideProgram(partsOf(file));
  } catch (error) {
    remove();
    throw error;
  }
}

/** What only Stowage could do, and does not for containers. Other options reach the container in its environment. */
function refuseNotPassedOn(options: ComponentOptions): void {
  for (const option of ['loraModules', 'sleepAfterSeconds'] as const) {
    if (options[option] === optionRules[option].default) continue;
    const problem = 'Stowage does not do it for containers';
    throw StowageError.of('REQ-212', { field: optionRules[option].key, problem });
  }
}

/** Its message says how the program ended, continued from "its program", and its last lines. */
export class ProgramDidNotStart extends Error {
  override readonly name = 'ProgramDidNotStart';
}

function wordsOf(
  parts: LaunchParts,
  port: number,
  variablesFile: string | null,
): { readonly command: readonly string[]; readonly cleanup: readonly string[] } {
  const { engine, settings, container, name, modelPath, modelIsFolder, modelName, environment } = parts;
  const mount = mountOf(modelPath, modelIsFolder, modelName);
  const path = settings.environment.PATH ?? environment.PATH ?? '';
  const place = { model: modelPath, name, host, port, mount, container, variablesFile };
  const command = commandOf(engine, settings, place, path);
  if (engine === EngineKind.Container) return { command: command.words, cleanup: command.cleanup };
  const facts = { ...parts, host, port };
  const model = command.namesModel ? [] : [modelFlag[engine], modelPath];
  // The settings' own arguments are the last: they may say something else than ours.
  const own = settings.arguments.length;
  const words = own === 0 ? command.words : command.words.slice(0, -own);
  const last = own === 0 ? [] : command.words.slice(-own);
  const said = [...model, ...placeArguments(engine, facts), ...argumentsOf(engine, facts)];
  return { command: [...words, ...said, ...last], cleanup: command.cleanup };
}

function environmentOf(
  { settings, environment, engine }: LaunchParts,
  { port, key }: ProgramAddress,
  keyVariable: string | null,
): NodeJS.ProcessEnv {
  return {
    ...environment,
    // Nothing is fetched from elsewhere and nothing told to others: the model is here.
    ...{ HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1', PYTHONUNBUFFERED: '1' },
    ...(engine === EngineKind.Container ? { SAGEMAKER_BIND_TO_PORT: String(port) } : {}),
    ...settings.environment,
    ...(keyVariable === null || key === null ? {} : { [keyVariable]: key }),
  };
}

interface ListedModels {
  readonly data?: readonly {
    readonly max_model_len?: number;
    readonly meta?: { readonly n_vocab?: number; readonly n_params?: number; readonly n_ctx_train?: number };
  }[];
}

/** What can be found out; the rest is 0 or empty. */
async function infoOf(parts: LaunchParts, address: ProgramAddress): Promise<EngineInfo> {
  const { engine, options, modelTokens, modelName, adapters } = parts;
  const isContainer = engine === EngineKind.Container;
  const listed = isContainer ? {} : await ask<ListedModels>(address, '/v1/models');
  const versionPath = engine === EngineKind.LlamaServer ? '/props' : '/version';
  const about = isContainer
    ? {}
    : await ask<{ readonly version?: string; readonly build_info?: string }>(address, versionPath);
  const [first] = listed.data ?? [];
  const sequenceTokensMax =
    options.modelTokensMax || first?.max_model_len || modelTokens || first?.meta?.n_ctx_train || 0;
  return {
    architecture: engine,
    modelName,
    parameters: first?.meta?.n_params ?? 0,
    vocabularySize: first?.meta?.n_vocab ?? 0,
    sequencesMax: options.rollingBatchSizeMax,
    sequenceTokensMax,
    kvCellsTotal: 0,
    stepTokensMax: options.stepTokensMax,
    chatTemplate: null,
    beginText: '',
    endText: '',
    device: 'outside',
    libraryVersion: about.version ?? about.build_info ?? '',
    abilities: abilitiesOf(engine, options),
    adapters: adapters.map(({ name }) => name),
  };
}

function abilitiesOf(engine: LaunchParts['engine'], { task }: ComponentOptions): readonly Ability[] {
  if (engine === EngineKind.Container) return [Ability.Invoke];
  if (task === ModelTask.Embed) return [Ability.Embed];
  return task === ModelTask.Rerank ? [Ability.Rerank] : [Ability.Generate];
}

async function ask<Answer extends object>(address: ProgramAddress, path: string): Promise<Partial<Answer>> {
  try {
    const signal = AbortSignal.timeout(factsMsMax);
    return (await askForJson(address, { method: 'GET', path }, signal)) as Partial<Answer>;
  } catch {
    return {};
  }
}
