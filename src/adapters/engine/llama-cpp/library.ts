/**
 * Loads llama.cpp's libraries once per process and checks that they are what this build is written for:
 * version, structure sizes and defaults. Their log goes to the listener given here.
 */
import koffi from 'koffi';
import { StowageError } from '../../../domain/errors.js';
import { bindFunctions, logCallback, structBytes, type LlamaFunctions } from './binding.js';
import { findLibraryFiles, type LibraryFiles } from './library-files.js';

/** What `llama_version()` must say. */
export const libraryVersion = '0.5.0';

export const DeviceKind = {
  Cpu: 'cpu',
  Gpu: 'gpu',
  IntegratedGpu: 'integrated-gpu',
  /** A helper of the CPU, such as a matrix unit. */
  Accelerator: 'accelerator',
  Other: 'other',
} as const;
export type DeviceKind = (typeof DeviceKind)[keyof typeof DeviceKind];

const deviceKinds: readonly DeviceKind[] = [
  DeviceKind.Cpu,
  DeviceKind.Gpu,
  DeviceKind.IntegratedGpu,
  DeviceKind.Accelerator,
];

export interface EngineDevice {
  readonly name: string;
  readonly description: string;
  readonly kind: DeviceKind;
  /** Of the device, as its driver says; of the processor, the machine's. 0 = it does not say. */
  readonly memoryBytesTotal: number;
  readonly memoryBytesFree: number;
}

export interface LlamaLibrary {
  readonly functions: LlamaFunctions;
  readonly version: string;
  readonly folder: string;
  readonly devices: readonly EngineDevice[];
  /** Accelerator packages that are installed but could not be loaded. */
  readonly unusableAccelerators: readonly string[];
}

/** Severity as ggml counts: 1 debug, 2 info, 3 warning, 4 error, 5 continuation of the line before. */
export type LibraryLog = (level: number, text: string) => void;

let loaded: LlamaLibrary | null = null;

/** The library, loaded at the first call. Throws HOST-601, 602, 603 or 606, each with its mend. */
export function loadLibrary(log: LibraryLog): LlamaLibrary {
  loaded ??= load(findLibraryFiles(), log);
  return loaded;
}

/** What `stowage doctor` shows. Throws as `loadLibrary`. */
export function describeEngineLibrary(): Omit<LlamaLibrary, 'functions'> {
  const { version, folder, devices, unusableAccelerators } = loadLibrary(() => {});
  return { version, folder, devices, unusableAccelerators };
}

function load(files: LibraryFiles, log: LibraryLog): LlamaLibrary {
  const functions = bind(files);
  const version = String(functions.llama_version());
  if (!version.includes(libraryVersion)) {
    throw StowageError.of('HOST-602', { actual: version, expected: libraryVersion });
  }
  checkLayout(functions);
  const callback = koffi.register(
    (level: number, text: string) => log(level, text),
    koffi.pointer(logCallback),
  );
  functions.llama_log_set(callback, null);
  functions.ggml_backend_load_all_from_path(files.folder);
  const unusableAccelerators = files.accelerators
    .filter(({ file }) => functions.ggml_backend_load(file) === null)
    .map(({ packageName }) => packageName);
  functions.llama_backend_init();
  return { functions, version, folder: files.folder, devices: listDevices(functions), unusableAccelerators };
}

function bind(files: LibraryFiles): LlamaFunctions {
  try {
    return bindFunctions(files);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
    const suggestion = /GLIBC|libstdc\+\+/.test(problem)
      ? 'use a distribution with a newer C library (Debian 12, Ubuntu 22.04 or later)'
      : 'npm ci --include=optional';
    throw StowageError.of('HOST-601', { library: 'llama.cpp', problem, suggestion }, { cause });
  }
}

function checkLayout(functions: LlamaFunctions): void {
  for (const [type, bytes] of structBytes) {
    if (koffi.sizeof(type) !== bytes) {
      const problem = `a structure has ${koffi.sizeof(type)} bytes, not ${bytes}`;
      throw StowageError.of('HOST-603', { problem });
    }
  }
  const model = functions.llama_model_default_params() as Record<string, unknown>;
  const context = functions.llama_context_default_params() as Record<string, unknown>;
  const expected: readonly (readonly [string, unknown, unknown])[] = [
    ['use_extra_bufts', model['use_extra_bufts'], true],
    ['vocab_only', model['vocab_only'], false],
    ['no_alloc', model['no_alloc'], false],
    ['n_ctx', context['n_ctx'], 512],
    ['n_batch', context['n_batch'], 2048],
    ['n_ubatch', context['n_ubatch'], 512],
    ['n_seq_max', context['n_seq_max'], 1],
    ['rope_scaling_type', context['rope_scaling_type'], -1],
    ['type_k', context['type_k'], 1],
    ['type_v', context['type_v'], 1],
    ['offload_kqv', context['offload_kqv'], true],
    ['kv_unified', context['kv_unified'], false],
    ['n_samplers', Number(context['n_samplers']), 0],
  ];
  for (const [name, actual, wanted] of expected) {
    if (actual === wanted) continue;
    throw StowageError.of('HOST-603', {
      problem: `default ${name} is ${String(actual)}, not ${String(wanted)}`,
    });
  }
}

function listDevices(functions: LlamaFunctions): EngineDevice[] {
  return Array.from({ length: Number(functions.ggml_backend_dev_count()) }, (_, index) => {
    const device: unknown = functions.ggml_backend_dev_get(index);
    const [free, total] = [[0], [0]];
    functions.ggml_backend_dev_memory(device, free, total);
    return {
      name: String(functions.ggml_backend_dev_name(device)),
      description: String(functions.ggml_backend_dev_description(device)),
      kind: deviceKinds[Number(functions.ggml_backend_dev_type(device))] ?? DeviceKind.Other,
      memoryBytesTotal: Number(total[0]),
      memoryBytesFree: Number(free[0]),
    };
  });
}
