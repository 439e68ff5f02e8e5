/**
 * A model's weights in llama.cpp, with its vocabulary and its LoRA adapters: what contexts are made of. Loaded once
 * per process and freed with it.
 */
import koffi from 'koffi';
import { promisify } from 'node:util';
import { type ComponentOptions, SplitMode } from '../../../domain/component-options.js';
import { StowageError } from '../../../domain/errors.js';
import { progressCallback, type LlamaFunctions, type NativeFunction } from './binding.js';
import { loadLibrary, type LibraryLog, type LlamaLibrary } from './library.js';
import { Vocabulary } from './vocabulary.js';

export interface AdapterFile {
  readonly name: string;
  readonly path: string;
}

export interface LlamaModelOptions {
  readonly modelPath: string;
  /** Name of the file in messages; never a path of this machine. */
  readonly modelLabel: string;
  readonly adapters: readonly AdapterFile[];
  readonly options: Pick<
    ComponentOptions,
    'gpuLayers' | 'splitMode' | 'tensorSplit' | 'mainGpu' | 'memoryMapped'
  >;
  readonly log: LibraryLog;
  readonly onLoading: (fraction: number) => void;
}

/** `llama_split_mode` (llama.h). */
const splitModes: Readonly<Record<SplitMode, number>> = {
  [SplitMode.None]: 0,
  [SplitMode.Layer]: 1,
  [SplitMode.Row]: 2,
  [SplitMode.Tensor]: 3,
};
/** `llama_load_mode` (llama.h). */
const loadModes = { auto: -1, none: 0 } as const;
/** `llama_max_devices()` is at most this. */
const devicesMax = 64;

/** Loads weights and adapters. Rejects with HOST-60x or MODEL-024. */
export async function loadLlamaModel(options: LlamaModelOptions): Promise<LlamaModel> {
  const library = loadLibrary(options.log);
  const handle = await loadWeights(library.functions, options);
  const adapters = options.adapters.map(({ path, name }) => {
    const adapter: unknown = library.functions.llama_adapter_lora_init(handle, path);
    if (adapter !== null) return adapter;
    const problem = `its adapter \`${name}\` does not fit it, or is no GGUF file of one`;
    throw StowageError.of('MODEL-024', { file: options.modelLabel, problem });
  });
  return new LlamaModel(library, handle, adapters, options);
}

async function loadWeights(functions: LlamaFunctions, options: LlamaModelOptions): Promise<unknown> {
  const params = functions.llama_model_default_params() as Record<string, unknown>;
  const { gpuLayers, splitMode, tensorSplit, mainGpu, memoryMapped } = options.options;
  const progress = koffi.register((fraction: number) => {
    options.onLoading(fraction);
    return true;
  }, koffi.pointer(progressCallback));
  const parts = tensorSplit === null ? null : new Float32Array(devicesMax);
  parts?.set((tensorSplit ?? '').split(',').map(Number));
  try {
    const load = callAsync(functions.llama_model_load_from_file);
    const model: unknown = await load(options.modelPath, {
      ...params,
      n_gpu_layers: gpuLayers < 0 ? 2 ** 31 - 1 : gpuLayers,
      split_mode: splitModes[splitMode],
      main_gpu: mainGpu,
      tensor_split: parts,
      load_mode: memoryMapped ? loadModes.auto : loadModes.none,
      progress_callback: progress,
    });
    if (model !== null) return model;
  } finally {
    koffi.unregister(progress);
  }
  throw StowageError.of('MODEL-024', {
    file: options.modelLabel,
    problem: 'the library refuses it; its own words are in the log',
  });
}

export class LlamaModel {
  readonly functions: LlamaFunctions;
  readonly vocabulary: Vocabulary;
  readonly architecture: string;
  readonly name: string;
  readonly label: string;
  readonly parameters: number;
  readonly trainedTokens: number;
  readonly chatTemplate: string | null;
  readonly adapterNames: readonly string[];
  /** A sequence of it can be cut back: no recurrent state. */
  readonly isCuttable: boolean;

  constructor(
    readonly library: LlamaLibrary,
    readonly handle: unknown,
    /** `llama_adapter_lora*`, in the order of `adapterNames`. */
    readonly adapters: readonly unknown[],
    options: LlamaModelOptions,
  ) {
    const { functions } = library;
    this.functions = functions;
    this.vocabulary = new Vocabulary(functions, handle);
    this.label = options.modelLabel;
    this.architecture = this.metadata('general.architecture') ?? 'unknown';
    this.name = this.metadata('general.name') ?? options.modelLabel;
    this.parameters = Number(functions.llama_model_n_params(handle));
    this.trainedTokens = Number(functions.llama_model_n_ctx_train(handle));
    const template: unknown = functions.llama_model_chat_template(handle, null);
    this.chatTemplate = typeof template === 'string' ? template : null;
    this.adapterNames = options.adapters.map(({ name }) => name);
    this.isCuttable =
      functions.llama_model_is_recurrent(handle) !== true && functions.llama_model_is_hybrid(handle) !== true;
  }

  /** A scalar of the file's header as text; null when it is not there. */
  metadata(key: string): string | null {
    const buffer = Buffer.alloc(256);
    const { functions, handle } = this;
    const length = Number(functions.llama_model_meta_val_str(handle, key, buffer, buffer.length));
    return length < 0 ? null : buffer.toString('utf8', 0, Math.min(length, buffer.length - 1));
  }

  close(): void {
    this.functions.llama_model_free(this.handle);
  }
}

/** A native function run on libuv's pool thread, as a promise. */
export function callAsync(native: NativeFunction): (...values: readonly unknown[]) => Promise<unknown> {
  return promisify(native.async.bind(native)) as (...values: readonly unknown[]) => Promise<unknown>;
}
