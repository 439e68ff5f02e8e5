/**
 * A model's weights in llama.cpp, with its vocabulary and its LoRA adapters: what contexts are made of. Loaded once
 * per process and freed with it.
 */
import koffi from 'koffi';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { type ComponentOptions, SplitMode } from '../../../domain/component-options.js';
import { StowageError } from '../../../domain/errors.js';
import { progressCallback, type LlamaFunctions, type NativeFunction } from './binding.js';
import { loadLibrary, type LibraryLog, type LlamaLibrary } from './library.js';
import { ownMemoryBytes, releaseMappedPages } from './mapped-pages.js';
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

/** The library copied weights out of the file when the process grew by more than this part of it. */
const copiedPartMin = 1 / 8;

/** Loads weights and adapters. Rejects with HOST-60x or MODEL-024. */
export async function loadLlamaModel(options: LlamaModelOptions): Promise<LlamaModel> {
  const library = loadLibrary(options.log);
  const handle = await loadWeights(library.functions, options);
  const model = new LlamaModel(library, handle, options);
  for (const adapter of options.adapters) await model.loadAdapter(adapter);
  return model;
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
  const memoryBefore = ownMemoryBytes();
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
    if (model !== null) {
      if (memoryMapped) releaseIfCopied(options.modelPath, memoryBefore);
      return model;
    }
  } finally {
    koffi.unregister(progress);
  }
  throw StowageError.of('MODEL-024', {
    file: options.modelLabel,
    problem: 'the library refuses it; its own words are in the log',
  });
}

function releaseIfCopied(file: string, memoryBefore: number | null): void {
  const memory = ownMemoryBytes();
  if (memory === null || memoryBefore === null) return;
  if (memory - memoryBefore > statSync(file).size * copiedPartMin) releaseMappedPages(file);
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
  /** `llama_adapter_lora*` by number; null = unloaded. */
  readonly adapters: unknown[] = [];
  /** By number; empty = unloaded. Numbers are not given again: cached prefixes may still be of the one that had it. */
  readonly adapterNames: string[] = [];
  /** A sequence of it can be cut back: no recurrent state. */
  readonly isCuttable: boolean;
  /** No layer has a sliding window, whose older cells a saved state leaves out. */
  readonly savesWhole: boolean;

  constructor(
    readonly library: LlamaLibrary,
    readonly handle: unknown,
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
    this.savesWhole = functions.llama_model_n_swa(handle) === 0;
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

  /** On libuv's single pool thread, so never while a step is computed. Rejects with MODEL-024. */
  async loadAdapter({ name, path }: AdapterFile): Promise<void> {
    const adapter: unknown = await callAsync(this.functions.llama_adapter_lora_init)(this.handle, path);
    if (adapter === null) {
      const problem = `its adapter \`${name}\` does not fit it`;
      throw StowageError.of('MODEL-024', { file: this.label, problem });
    }
    this.adapters.push(adapter);
    this.adapterNames.push(name);
  }

  /** Neither while a step is computed nor while a context uses it, nor while another is loaded. */
  freeAdapter(index: number): void {
    this.functions.llama_adapter_lora_free(this.adapters[index]);
    this.adapters[index] = null;
  }

  close(): void {
    this.functions.llama_model_free(this.handle);
  }
}

/** A native function run on libuv's pool thread, as a promise. */
export function callAsync(native: NativeFunction): (...values: readonly unknown[]) => Promise<unknown> {
  return promisify(native.async.bind(native)) as (...values: readonly unknown[]) => Promise<unknown>;
}
